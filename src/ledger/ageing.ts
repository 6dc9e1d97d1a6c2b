// What is owed at the end of a day and how late it is, by contact: the balances of document_balance as they were that day, as far as is
// known today. A payment deleted since never was; a total changed in Xero counts from the beginning.

import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Ageing, type AgeingRow, ageingBuckets, type BooksSide } from '../accounting/looking-back.ts'
import { isOnPurchases, type MoneyFilter, paymentWorth } from './money-moved.ts'
import type { Ledger } from './open.ts'

export interface AgeingFilter extends MoneyFilter {
  asOf: PlainDate
  /** True where finalised orders stand for bills (`purchase_orders=bills`, B1). */
  ordersAreBills: boolean
}

/** Open balances of documents dated up to the day; `dueCents` above zero is owed, below zero stands against what is owed. */
function openDocuments({ entity, defaultCurrency, asOf, ordersAreBills }: AgeingFilter): RawBuilder<unknown> {
  return sql`
    part AS (
      SELECT a.document, COALESCE(x.live_cents, a.amount_cents) AS cents
        FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
        LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
       WHERE p.state <> 'deleted' AND COALESCE(a.date, p.date) <= ${asOf}
       UNION ALL
      SELECT j.document, COALESCE(x.live_cents, (SELECT SUM(l.amount_cents + l.tax_cents) FROM journal_line AS l
                                                  WHERE l.journal = j.id AND l.amount_cents > 0))
        FROM journal AS j
        LEFT JOIN part_in_xero AS x ON x.kind = 'journal' AND x.source = j.id AND x.document = j.document
       WHERE j.document IS NOT NULL AND j.payment IS NULL AND j.kind IN ('invoice_payment', 'invoice_deposit')
         AND j.status <> 'draft' AND j.date <= ${asOf}
       UNION ALL
      SELECT x.document, x.live_cents FROM part_in_xero AS x
       WHERE x.kind = 'payment' AND substr(x.changed_at, 1, 10) <= ${asOf}
         AND NOT EXISTS (SELECT 1 FROM payment_allocation AS a WHERE a.payment = x.source AND a.document = x.document)
       UNION ALL
      SELECT side.value, COALESCE(x.live_cents, c.amount_cents)
        FROM credit_allocation AS c
        LEFT JOIN document AS v ON v.id = c.credit
        LEFT JOIN part_in_xero AS x ON x.kind = 'credit' AND x.source = c.credit AND x.document = c.document
       CROSS JOIN json_each(json_array(c.document, CASE WHEN v.kind IN ('credit_note', 'supplier_credit') THEN c.credit END)) AS side
       WHERE COALESCE(v.status, 'sent') <> 'void' AND COALESCE(c.date, v.date, '') <= ${asOf}),
    settled AS (SELECT document, SUM(cents) AS cents FROM part GROUP BY document),
    open AS (
      SELECT d.id, d.kind, d.contact, COALESCE(d.currency, ${defaultCurrency}) AS currency, d.date, COALESCE(d.due_date, d.date) AS due,
             (CASE WHEN d.kind IN ('credit_note', 'supplier_credit') THEN -1 ELSE 1 END)
             * (d.total_cents + COALESCE(j.amount_cents, 0) - COALESCE(s.cents, 0)) AS dueCents
        FROM document AS d LEFT JOIN settled AS s ON s.document = d.id LEFT JOIN adjustment AS j ON j.document = d.id
       WHERE d.entity = ${entity} AND d.status = 'sent' AND d.date <= ${asOf}
         AND (d.kind <> 'purchase_order'
              OR ${ordersAreBills ? 1 : 0} AND NOT EXISTS (
                SELECT 1 FROM document AS b WHERE b.source_document = d.id AND b.kind = 'bill' AND b.status = 'sent')))`
}

/** What payments hold that was applied to no document by that day, as amounts below zero; of one currency throughout. */
function unappliedPayments({ entity, defaultCurrency, asOf }: AgeingFilter): RawBuilder<unknown> {
  return sql`
    spare AS (
      SELECT p.contact, COALESCE(p.currency, ${defaultCurrency}) AS currency, ${isOnPurchases} AS is_purchase,
             ${paymentWorth}
             - COALESCE((SELECT SUM(COALESCE(x.live_cents, a.amount_cents)) FROM payment_allocation AS a
                           LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
                          WHERE a.payment = p.id AND COALESCE(a.date, p.date) <= ${asOf}), 0)
             - COALESCE((SELECT SUM(f.amount_cents) FROM payment AS f
                          WHERE f.refund_of = p.id AND f.state <> 'deleted' AND f.date <= ${asOf}), 0) AS cents
        FROM payment AS p
       WHERE p.entity = ${entity} AND p.kind IN ('payment', 'deposit') AND p.state <> 'deleted' AND p.date <= ${asOf}
         AND NOT EXISTS (SELECT 1 FROM payment_allocation AS a JOIN document AS d ON d.id = a.document
                          WHERE a.payment = p.id
                            AND COALESCE(d.currency, ${defaultCurrency}) <> COALESCE(p.currency, ${defaultCurrency})))`
}

const kindsOf: Record<BooksSide, readonly string[]> = {
  sales: ['invoice', 'credit_note'],
  purchases: ['bill', 'supplier_credit', 'purchase_order'],
}

/** What is owed to the entity (`sales`) or by it, at the end of a day. */
export async function readAgeing(ledger: Ledger, side: BooksSide, filter: AgeingFilter): Promise<Ageing> {
  const late = sql`CAST(julianday(${filter.asOf}) - julianday(o.due) AS INTEGER)`
  const { rows } = await sql<AgeingRow>`
    WITH ${openDocuments(filter)}, ${unappliedPayments(filter)},
    line AS (
      SELECT o.contact, o.currency,
             CASE WHEN o.dueCents < 0 THEN 'unapplied' WHEN ${late} <= 0 THEN 'current' WHEN ${late} <= 30 THEN 'days30'
                  WHEN ${late} <= 60 THEN 'days60' WHEN ${late} <= 90 THEN 'days90' ELSE 'older' END AS bucket,
             o.dueCents AS cents
        FROM open AS o WHERE o.dueCents <> 0 AND o.kind IN (${sql.join(kindsOf[side])})
       UNION ALL
      SELECT contact, currency, 'unapplied', -cents FROM spare WHERE cents > 0 AND is_purchase = ${side === 'purchases' ? 1 : 0})
    SELECT l.contact, c.name, l.currency, ${sql.join(
      [...ageingBuckets, 'unapplied'].map(
        (bucket) => sql`SUM(CASE WHEN l.bucket = ${bucket} THEN l.cents ELSE 0 END) AS ${sql.raw(bucket)}`,
      ),
    )}, SUM(l.cents) AS total
      FROM line AS l LEFT JOIN contact AS c ON c.code = l.contact
     GROUP BY l.contact, l.currency
     ORDER BY l.currency, total DESC, c.name, l.contact`.execute(ledger.db)
  return { side, asOf: filter.asOf, rows }
}
