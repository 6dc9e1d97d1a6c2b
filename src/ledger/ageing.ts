// What is owed at the end of a day and how late it is, by contact: the balances of document_balance as they were that day, as far as is
// known today. A payment deleted since never was; a total changed in Xero counts from the beginning.

import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Ageing, type AgeingRow, ageingBuckets, type BooksSide } from '../accounting/looking-back.ts'
import { isOnPurchases, type MoneyFilter } from './money-moved.ts'
import type { Ledger } from './open.ts'

export interface AgeingFilter extends MoneyFilter {
  asOf: PlainDate
  /** True where finalised orders stand for bills (`purchase_orders=bills`, B1). */
  ordersAreBills: boolean
}

/** What takes something off a document by that day, each with the amount that counts (document_balance has the same parts). */
function parts(asOf: PlainDate): RawBuilder<unknown> {
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
       WHERE COALESCE(v.status, 'sent') <> 'void' AND COALESCE(c.date, v.date, '') <= ${asOf})`
}

/**
 * Open balances of documents dated up to the day; `dueCents` above zero is owed, below zero stands against what is owed. Everything is
 * added up by document first, so that only what is open has to be looked at: most of what was ever issued is settled.
 */
function openDocuments({ entity, defaultCurrency, asOf, ordersAreBills }: AgeingFilter): RawBuilder<unknown> {
  return sql`
    unsettled AS (
      SELECT document, SUM(cents) AS cents FROM (
        SELECT id AS document, total_cents AS cents FROM document WHERE entity = ${entity} AND status = 'sent' AND date <= ${asOf}
         UNION ALL SELECT document, amount_cents FROM adjustment
         UNION ALL SELECT document, -cents FROM part)
       GROUP BY document HAVING SUM(cents) <> 0),
    open AS (
      SELECT d.kind, d.contact, COALESCE(d.currency, ${defaultCurrency}) AS currency, COALESCE(d.due_date, d.date) AS due,
             CASE WHEN d.kind IN ('credit_note', 'supplier_credit') THEN -u.cents ELSE u.cents END AS dueCents
        FROM unsettled AS u CROSS JOIN document AS d ON d.id = u.document
       WHERE d.entity = ${entity} AND d.status = 'sent' AND d.date <= ${asOf}
         AND (d.kind <> 'purchase_order'
              OR ${ordersAreBills ? 1 : 0} AND NOT EXISTS (
                SELECT 1 FROM document AS b WHERE b.source_document = d.id AND b.kind = 'bill' AND b.status = 'sent')))`
}

/**
 * What payments hold that was applied to no document by that day; of one currency throughout. Applied to a document that is dated
 * later, or is not there any more, it is applied to nothing yet.
 */
function unappliedPayments({ entity, defaultCurrency, asOf }: AgeingFilter): RawBuilder<unknown> {
  return sql`
    left_over AS (
      SELECT payment, SUM(cents) AS cents FROM (
        SELECT id AS payment, amount_cents AS cents FROM payment WHERE entity = ${entity} AND date <= ${asOf}
         UNION ALL
        SELECT a.payment, x.live_cents - a.amount_cents
          FROM part_in_xero AS x JOIN payment_allocation AS a ON a.payment = x.source AND a.document = x.document WHERE x.kind = 'payment'
         UNION ALL
        SELECT a.payment, -COALESCE(x.live_cents, a.amount_cents)
          FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment JOIN document AS d ON d.id = a.document
          LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
         WHERE COALESCE(a.date, p.date) <= ${asOf} AND d.status = 'sent' AND d.date <= ${asOf}
         UNION ALL
        SELECT refund_of, -amount_cents FROM payment WHERE refund_of IS NOT NULL AND state <> 'deleted' AND date <= ${asOf})
       GROUP BY payment HAVING SUM(cents) > 0),
    spare AS (
      SELECT p.contact, COALESCE(p.currency, ${defaultCurrency}) AS currency, o.cents, ${isOnPurchases} AS is_purchase
        FROM left_over AS o CROSS JOIN payment AS p ON p.id = o.payment
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
    WITH ${parts(filter.asOf)}, ${openDocuments(filter)}, ${unappliedPayments(filter)},
    line AS (
      SELECT o.contact, o.currency,
             CASE WHEN o.dueCents < 0 THEN 'unapplied' WHEN ${late} <= 0 THEN 'current' WHEN ${late} <= 30 THEN 'days30'
                  WHEN ${late} <= 60 THEN 'days60' WHEN ${late} <= 90 THEN 'days90' ELSE 'older' END AS bucket,
             o.dueCents AS cents
        FROM open AS o WHERE o.kind IN (${sql.join(kindsOf[side])})
       UNION ALL
      SELECT contact, currency, 'unapplied', -cents FROM spare WHERE is_purchase = ${side === 'purchases' ? 1 : 0})
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
