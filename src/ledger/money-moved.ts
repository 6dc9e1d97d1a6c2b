// Money that came in and went out, by day, of payments and of journals of the ledger that are payments (P2); what of it stands on no
// document. What a document still owes is ageing.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DayMoney } from '../accounting/looking-back.ts'
import type { Ledger } from './open.ts'

export interface MoneyFilter {
  entity: string
  /** Of documents and payments that name none (D4). */
  defaultCurrency: string
}

const isPurchase = (document: string) =>
  `EXISTS (SELECT 1 FROM document AS t WHERE t.id = ${document} AND t.kind IN ('bill', 'supplier_credit', 'purchase_order'))`

const touchesPurchase = (payment: string) =>
  `EXISTS (SELECT 1 FROM payment_allocation AS s WHERE s.payment = ${payment} AND ${isPurchase('s.document')})`

/** A payment `p` belongs to purchases by what it was applied to, what it refunds, or what Xero says that it is; else to sales. */
export const isOnPurchases = sql.raw(`(${touchesPurchase('p.id')} OR ${touchesPurchase('p.refund_of')}
  OR EXISTS (SELECT 1 FROM external_ref AS r JOIN mirror_credit AS m ON m.tenant_id = r.tenant_id AND m.credit_id = r.xero_id
              WHERE r.kind = 'payment' AND r.source_id = p.id AND m.type LIKE 'SPEND%'))`)

/** What a payment `p` is worth: without what Xero has no more of it (part_in_xero). */
const paymentWorth = sql.raw(`(p.amount_cents + COALESCE((
  SELECT SUM(x.live_cents - a.amount_cents) FROM payment_allocation AS a
    JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
   WHERE a.payment = p.id), 0))`)

/** Days with money, in order, both ends included. A refund goes the other way than what it refunds. */
export async function sumMoneyByDay(
  ledger: Ledger,
  of: MoneyFilter & { from: PlainDate; to: PlainDate },
): Promise<DayMoney[]> {
  const { rows } = await sql<DayMoney>`
    WITH moved AS (
      SELECT p.date, COALESCE(p.currency, ${of.defaultCurrency}) AS currency, ${paymentWorth} AS cents,
             ${isOnPurchases} <> (p.kind = 'refund') AS is_out
        FROM payment AS p
       WHERE p.entity = ${of.entity} AND p.date BETWEEN ${of.from} AND ${of.to} AND p.state <> 'deleted' AND p.kind <> 'discount'
       UNION ALL
      SELECT j.date, COALESCE(d.currency, ${of.defaultCurrency}),
             COALESCE(x.live_cents, (SELECT SUM(l.amount_cents + l.tax_cents) FROM journal_line AS l
                                      WHERE l.journal = j.id AND l.amount_cents > 0), 0),
             ${sql.raw(isPurchase('j.document'))}
        FROM journal AS j JOIN document AS d ON d.id = j.document
        LEFT JOIN part_in_xero AS x ON x.kind = 'journal' AND x.source = j.id AND x.document = j.document
       WHERE j.entity = ${of.entity} AND j.date BETWEEN ${of.from} AND ${of.to} AND j.payment IS NULL
         AND j.kind IN ('invoice_payment', 'invoice_deposit') AND j.status <> 'draft')
    SELECT date, currency, SUM(CASE WHEN is_out THEN 0 ELSE cents END) AS inCents,
           SUM(CASE WHEN is_out THEN cents ELSE 0 END) AS outCents
      FROM moved GROUP BY date, currency ORDER BY date, currency`.execute(ledger.db)
  return rows
}
