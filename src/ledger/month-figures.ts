// The figures of a month for its report: documents by kind, what should be in Xero and is not, what people changed in Xero. What is
// owed is ageing.ts, what was paid money-moved.ts, the runs are runs.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentKind, ExportState } from '../accounting/kinds.ts'
import type { AdjustedDocument, KindMoney, NotInXero } from '../accounting/looking-back.ts'
import type { MoneyFilter } from './money-moved.ts'
import type { Ledger } from './open.ts'

interface Month extends MoneyFilter {
  from: PlainDate
  to: PlainDate
}

/** Documents that were issued, in their own currency; drafts and void ones are none. */
export async function sumDocuments(ledger: Ledger, of: Month): Promise<KindMoney[]> {
  const { rows } = await sql<KindMoney>`
    SELECT kind, COALESCE(currency, ${of.defaultCurrency}) AS currency, COUNT(*) AS documents,
           SUM(subtotal_cents) AS netCents, SUM(tax_cents) AS taxCents, SUM(total_cents) AS totalCents
      FROM document
     WHERE entity = ${of.entity} AND date BETWEEN ${of.from} AND ${of.to} AND status = 'sent'
     GROUP BY kind, COALESCE(currency, ${of.defaultCurrency})
     ORDER BY CASE kind WHEN 'invoice' THEN 1 WHEN 'credit_note' THEN 2 WHEN 'bill' THEN 3 WHEN 'supplier_credit' THEN 4 ELSE 5 END,
              COALESCE(currency, ${of.defaultCurrency})`.execute(ledger.db)
  return rows
}

interface WaitingRow extends Omit<NotInXero, 'why'> {
  held: string | null
  reason: string | null
  finding: string | null
}

/** Documents dated up to a day that Xero has not, from the queue, oldest first; those before the cutover are never sent. */
export async function findNotInXero(
  ledger: Ledger,
  of: MoneyFilter & {
    to: PlainDate
    today: PlainDate
    cutover: PlainDate | null
    kinds: readonly DocumentKind[]
  },
): Promise<NotInXero[]> {
  const { rows } = await sql<WaitingRow>`
    SELECT d.kind, d.id, d.number, COALESCE(c.name, d.contact) AS contact, d.date,
           COALESCE(d.currency, ${of.defaultCurrency}) AS currency, d.total_cents AS totalCents, e.state,
           e.held_reason AS held, e.reason,
           (SELECT f.message FROM finding AS f
             WHERE f.kind = e.kind AND f.source_id = e.source_id AND f.entity = e.entity AND f.severity = 'error'
             ORDER BY f.position LIMIT 1) AS finding
      FROM export_state AS e CROSS JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind AND d.entity = e.entity
      LEFT JOIN contact AS c ON c.code = d.contact
     WHERE e.entity = ${of.entity} AND e.kind IN (SELECT value FROM json_each(${JSON.stringify(of.kinds)}))
       AND e.state NOT IN ('exported', 'mock_exported') AND e.source_gone = 0 AND (e.queued = 1 OR e.state = 'held')
       AND d.status = 'sent' AND d.date <= ${of.to} AND d.date >= ${of.cutover ?? ''}
     ORDER BY d.date, d.number, d.id`.execute(ledger.db)
  return rows.map(({ held, reason, finding, ...row }) => ({
    ...row,
    why: held ?? finding ?? reason ?? waitingText(row.state, row.date > of.today),
  }))
}

function waitingText(state: ExportState, isFuture: boolean): string {
  if (state === 'uncertain')
    return 'It was sent and the answer was lost: the next export asks Xero what became of it.'
  if (state === 'sending') return 'It is being sent.'
  if (isFuture) return 'It is dated in the future: it goes out when the day has come.'
  return 'It waits for the next export.'
}

/** Totals that were changed in Xero between two instants (ISO UTC), the first included. */
export async function findAdjustments(
  ledger: Ledger,
  of: MoneyFilter & { from: string; before: string },
): Promise<AdjustedDocument[]> {
  const { rows } = await sql<AdjustedDocument & { kind: DocumentKind }>`
    SELECT d.kind, d.id, d.number, j.at, COALESCE(d.currency, ${of.defaultCurrency}) AS currency, j.amount_cents AS amountCents, j.reason
      FROM adjustment AS j JOIN document AS d ON d.id = j.document
     WHERE d.entity = ${of.entity} AND j.at >= ${of.from} AND j.at < ${of.before}
     ORDER BY j.at, d.number`.execute(ledger.db)
  return rows
}
