// What the ledger has on documents, and takes from credits: payments, refunds, discounts, allocations, and journals that are
// payments. Each with whether Xero has it as far as the ledger knows, so that nothing is applied above what is left (P5, N2).

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { ExportState } from '../accounting/kinds.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'

/** One thing that takes something off a document. A discount stands for its credit note and for what applies that. */
export interface AppliedThing {
  kind: 'payment' | 'refund' | 'discount' | 'allocation' | 'journal'
  /** The thing's id in export_state. */
  id: string
  /** In the document's own currency in the ledger. */
  amount: Cents
  /** Null where it never goes out by itself. */
  state: ExportState | null
  /** Ours, made in Xero, uncertain or mock exported; false where it was deleted or voided there. */
  isInXero: boolean
  /** Deleted in the ledger: it is not going out any more. */
  isDeleted: boolean
  /** Made in Xero by a person. */
  isExternal: boolean
  date: PlainDate | null
}

const escapedId = (column: string) => `replace(replace(${column}, '%', '%25'), '/', '%2F')`
const stateOf = (kind: string, id: string, entity: string) =>
  sql.raw(`LEFT JOIN export_state AS e ON e.kind = ${kind} AND e.source_id = ${id} AND e.entity = ${entity}`)

const paymentKind = `CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END`
const paymentId = `${escapedId('p.id')} || '/' || a.document`
const partId = `${escapedId('x.source')} || '/' || x.document`
const partOf = (kind: string, source: string, document: string) =>
  sql.raw(
    `LEFT JOIN part_in_xero AS x ON x.kind = '${kind}' AND x.source = ${source} AND x.document = ${document}`,
  )
const creditId = `${escapedId('a.credit')} || '/' || a.document`

/**
 * What is applied to each of these documents, credits included: of a credit also what it is allocated to. Documents that
 * nothing is applied to are left out.
 */
export async function readApplied(
  ledger: Ledger,
  documents: readonly string[],
): Promise<Map<string, AppliedThing[]>> {
  const ids = JSON.stringify([...new Set(documents)])
  const rows = await sql<{
    document: string
    kind: AppliedThing['kind']
    id: string
    amount_cents: number
    is_external: 0 | 1
    is_deleted: 0 | 1
    state: ExportState | null
    xero_status: string | null
    live_cents: number | null
    date: PlainDate | null
  }>`
    SELECT a.document, ${sql.raw(paymentKind)} AS kind, ${sql.raw(paymentId)} AS id, a.amount_cents,
           p.origin = 'external' AS is_external, p.state = 'deleted' AS is_deleted, e.state, e.xero_status, x.live_cents,
           COALESCE(a.date, p.date) AS date
      FROM json_each(${ids}) AS i CROSS JOIN payment_allocation AS a ON a.document = i.value
      CROSS JOIN payment AS p ON p.id = a.payment ${stateOf(paymentKind, paymentId, 'p.entity')} ${partOf('payment', 'a.payment', 'a.document')}
     UNION ALL
    SELECT x.document, 'payment', ${sql.raw(partId)}, 0, 1, 0, NULL, NULL, x.live_cents, NULL
      FROM json_each(${ids}) AS i CROSS JOIN part_in_xero AS x ON x.document = i.value
     WHERE x.kind = 'payment'
       AND NOT EXISTS (SELECT 1 FROM payment_allocation AS a WHERE a.payment = x.source AND a.document = x.document)
     UNION ALL
    SELECT i.value, 'allocation', ${sql.raw(creditId)}, a.amount_cents, a.origin = 'external', 0, e.state, e.xero_status, x.live_cents, a.date
      FROM json_each(${ids}) AS i CROSS JOIN credit_allocation AS a ON a.document = i.value
      LEFT JOIN document AS d ON d.id = a.credit ${stateOf(`'allocation'`, creditId, 'd.entity')} ${partOf('credit', 'a.credit', 'a.document')}
     UNION ALL
    SELECT i.value, 'allocation', ${sql.raw(creditId)}, a.amount_cents, a.origin = 'external', 0, e.state, e.xero_status, x.live_cents, a.date
      FROM json_each(${ids}) AS i CROSS JOIN credit_allocation AS a ON a.credit = i.value
      LEFT JOIN document AS d ON d.id = a.credit ${stateOf(`'allocation'`, creditId, 'd.entity')} ${partOf('credit', 'a.credit', 'a.document')}
     UNION ALL
    SELECT i.value, 'journal', j.id,
           (SELECT COALESCE(SUM(l.amount_cents + l.tax_cents), 0) FROM journal_line AS l WHERE l.journal = j.id AND l.amount_cents > 0),
           0, 0, e.state, e.xero_status, x.live_cents, j.date
      FROM json_each(${ids}) AS i CROSS JOIN journal AS j ON j.document = i.value
      ${stateOf(`'journal'`, 'j.id', 'j.entity')} ${partOf('journal', 'j.id', 'j.document')}
     WHERE j.kind IN ('invoice_payment', 'invoice_deposit')
       AND (j.payment IS NULL OR e.state IN ('sending', 'uncertain', 'exported', 'mock_exported'))
     ORDER BY 1, 2, 3`.execute(ledger.db)
  const applied = new Map<string, AppliedThing[]>()
  for (const row of rows.rows) {
    // What a person put back in the place of ours counts as Xero has it.
    const live = row.live_cents === null ? null : cents(exact(row.live_cents))
    const isEnded = (row.xero_status === 'DELETED' || row.xero_status === 'VOIDED') && !live
    const thing: AppliedThing = {
      kind: row.kind,
      id: row.id,
      amount: live ?? cents(exact(row.amount_cents)),
      state: row.state,
      isInXero:
        (row.state !== null && inXero.has(row.state) && !isEnded) ||
        (row.is_external === 1 && row.is_deleted === 0),
      isDeleted: row.is_deleted === 1,
      isExternal: row.is_external === 1,
      date: row.date,
    }
    const known = applied.get(row.document)
    if (known) known.push(thing)
    else applied.set(row.document, [thing])
  }
  return applied
}

/** What is on its way or uncertain counts: it may be there. */
const inXero: ReadonlySet<ExportState> = new Set(['sending', 'uncertain', 'exported', 'mock_exported'])
