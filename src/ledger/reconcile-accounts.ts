// What the ledger posts to accounts within some days (V4): lines of documents, journals, the cost of parts, summed by SQL. Which account
// of Xero a line is on is batch/reconcile/accounts.ts's business.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { Destination, DocumentKind, LineKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

export interface PostedDays {
  entity: string
  from: PlainDate
  to: PlainDate
}

/** Lines that name their account in the same way, without tax, in cents of `currency`'s books. */
export interface PostedLines {
  kind: DocumentKind
  lineKind: LineKind
  account: string | null
  destination: Destination | null
  item: string | null
  cents: number
}

/**
 * Lines of sent documents in the signs of the ledger. Foreign documents are turned into base currency line by line at their own rate;
 * `unrated` of them have none and are left out. An order that a bill stands for is not counted.
 */
export async function sumDocumentLines(
  ledger: Ledger,
  days: PostedDays & { kinds: readonly DocumentKind[]; baseCurrency: string; defaultCurrency: string },
): Promise<{ lines: PostedLines[]; unrated: number }> {
  const { entity, from, to, baseCurrency, defaultCurrency } = days
  const isForeign = sql`COALESCE(d.currency, ${defaultCurrency}) <> ${baseCurrency}`
  const documents = sql`json_each(${JSON.stringify(days.kinds)}) AS k CROSS JOIN document AS d
        ON d.entity = ${entity} AND d.kind = k.value AND d.date BETWEEN ${from} AND ${to} AND d.status = 'sent'
           AND (d.kind <> 'purchase_order'
                OR NOT EXISTS (SELECT 1 FROM document AS b WHERE b.source_document = d.id AND b.kind = 'bill' AND b.status = 'sent'))`
  const net = sql`(l.amount_cents - CASE WHEN d.amounts = 'inclusive' AND l.kind NOT IN ('freight', 'discount') THEN l.tax_cents ELSE 0 END)`
  const lines = await sql<PostedLines>`
    SELECT d.kind, l.kind AS lineKind, l.account, l.destination, l.item,
           SUM(CASE WHEN ${isForeign} THEN CAST(ROUND(${net} * 1000000.0 / d.exchange_rate_e6) AS INTEGER) ELSE ${net} END) AS cents
      FROM ${documents} CROSS JOIN document_line AS l ON l.document = d.id
     WHERE NOT (${isForeign} AND d.exchange_rate_e6 IS NULL)
     GROUP BY d.kind, l.kind, l.account, l.destination, l.item`.execute(ledger.db)
  const unrated = await sql<{ documents: number }>`
    SELECT COUNT(*) AS documents FROM ${documents} WHERE ${isForeign} AND d.exchange_rate_e6 IS NULL`.execute(
    ledger.db,
  )
  return { lines: lines.rows, unrated: unrated.rows[0]?.documents ?? 0 }
}

/** Journals that are posted as such, by the ledger's account: debits above zero, without tax. */
export async function sumJournalLines(
  ledger: Ledger,
  { entity, from, to }: PostedDays,
): Promise<{ account: string; cents: number }[]> {
  const { rows } = await sql<{ account: string; cents: number }>`
    SELECT l.account, SUM(l.amount_cents) AS cents
      FROM journal AS j CROSS JOIN journal_line AS l ON l.journal = j.id
     WHERE j.entity = ${entity} AND j.date BETWEEN ${from} AND ${to} AND l.account IS NOT NULL
       AND j.kind NOT IN ('invoice_payment', 'invoice_deposit') AND j.status = CASE j.kind WHEN 'pay_run' THEN 'paid' ELSE 'posted' END
     GROUP BY l.account`.execute(ledger.db)
  return rows
}

/** What the cost of parts came to (J2), by Xero's code. */
export async function sumCosts(
  ledger: Ledger,
  { entity, from, to }: PostedDays,
): Promise<{ account: string; cents: number }[]> {
  const { rows } = await sql<{ account: string; cents: number }>`
    SELECT l.value ->> 'account' AS account, SUM(l.value ->> 'amount') AS cents
      FROM cogs_posting AS p CROSS JOIN json_each(p.entry, '$.lines') AS l
     WHERE p.entity = ${entity} AND p.date BETWEEN ${from} AND ${to} AND p.action <> 'none' AND l.value ->> 'account' IS NOT NULL
     GROUP BY l.value ->> 'account'`.execute(ledger.db)
  return rows
}

/** Ids of the stock movements of these days, in pages by id. */
export async function findStockMovements(
  ledger: Ledger,
  { entity, from, to }: PostedDays,
  page: { after: string; limit: number },
): Promise<string[]> {
  const rows = await ledger.db
    .selectFrom('stock_movement')
    .select('id')
    .where('entity', '=', entity)
    .where('date', '>=', from)
    .where('date', '<=', to)
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(({ id }) => id)
}
