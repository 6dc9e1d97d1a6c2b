// What the ledger has of what one of its own credits or receipts is applied to: its rows, what was sent of them, and what Xero was
// seen to have otherwise. Compared with Xero's allocations in batch/pull-credits.ts.

import { sql } from 'kysely'
import type { ExportState, ThingKind } from '../accounting/kinds.ts'
import { splitPair } from '../accounting/thing-ids.ts'
import type { Ledger } from './open.ts'

/**
 * Whose parts: a credit note or supplier credit of the ledger, a receipt that is a prepayment or overpayment in Xero, or the
 * credit note that a payment discount is (`source` is then the discount's own id, payment/document).
 */
export interface PartOwner {
  is: 'credit' | 'receipt' | 'discount'
  source: string
  entity: string
  /** Its id in Xero. */
  xeroId: string
}

export interface OwnPart {
  document: string
  /** Cents of the ledger's own row; null where there is none. */
  amount: number | null
  /** The row came from Xero: a person applied it there. */
  isExternal: boolean
  thing: { kind: ThingKind; id: string } | null
  state: ExportState | null
  xeroStatus: string | null
  /** Cents as they were sent; null where nothing was. */
  sent: number | null
  /** As part_in_xero has it; null where it has nothing. */
  live: number | null
}

interface ThingRow {
  kind: ThingKind
  id: string
  state: ExportState
  xeroStatus: string | null
  sent: number | null
}

/** By document. */
export async function readOwnParts(ledger: Ledger, owner: PartOwner): Promise<Map<string, OwnPart>> {
  const parts = new Map<string, OwnPart>()
  const of = (document: string): OwnPart => {
    const known = parts.get(document)
    if (known) return known
    const part: OwnPart = {
      document,
      amount: null,
      isExternal: false,
      thing: null,
      state: null,
      xeroStatus: null,
      sent: null,
      live: null,
    }
    parts.set(document, part)
    return part
  }
  for (const row of await rowsOf(ledger, owner))
    Object.assign(of(row.document), { amount: row.amount, isExternal: row.origin === 'external' })
  for (const { kind, id, ...thing } of await thingsOf(ledger, owner))
    Object.assign(of(splitPair(id)[1]), { thing: { kind, id }, ...thing })
  for (const row of await livePartsOf(ledger, owner)) of(row.document).live = row.live
  return parts
}

async function rowsOf(
  { db }: Ledger,
  { is, source }: PartOwner,
): Promise<{ document: string; amount: number; origin: 'ledger' | 'external' }[]> {
  if (is === 'credit') {
    return db
      .selectFrom('credit_allocation')
      .select(['document', 'amount_cents as amount', 'origin'])
      .where('credit', '=', source)
      .execute()
  }
  const [payment, document] = is === 'discount' ? splitPair(source) : [source, null]
  const rows = await db
    .selectFrom('payment_allocation')
    .select(['document', 'amount_cents as amount'])
    .where('payment', '=', payment)
    .execute()
  return rows
    .filter((row) => document === null || row.document === document)
    .map((row) => ({ ...row, origin: 'ledger' as const }))
}

async function thingsOf({ db }: Ledger, { is, source, entity, xeroId }: PartOwner): Promise<ThingRow[]> {
  const columns = sql`e.kind, e.source_id AS id, e.state, e.xero_status AS xeroStatus, e.facts ->> 'amountCents' AS sent`
  if (is === 'discount') {
    const rows = await sql<ThingRow>`
      SELECT ${columns} FROM export_state AS e
       WHERE e.kind = 'discount_allocation' AND e.source_id = ${source} AND e.entity = ${entity}`.execute(db)
    return rows.rows
  }
  const from = sql`replace(replace(${source}, '%', '%25'), '/', '%2F')`
  // A receipt's payments are other things in Xero where they were not taken from its prepayment or overpayment.
  const taken = sql`(e.facts IS NULL OR e.facts ->> 'parentId' = ${xeroId})`
  const rows = await sql<ThingRow>`
    SELECT ${columns} FROM export_state AS e
     WHERE e.kind = ${is === 'credit' ? 'allocation' : 'payment'} AND e.source_id >= ${from} || '/' AND e.source_id < ${from} || '0'
       AND e.entity = ${entity} AND ${is === 'credit' ? sql`1` : taken}`.execute(db)
  return rows.rows
}

async function livePartsOf(
  { db }: Ledger,
  { is, source }: PartOwner,
): Promise<{ document: string; live: number }[]> {
  const [of, document] = is === 'discount' ? splitPair(source) : [source, null]
  const rows = await db
    .selectFrom('part_in_xero')
    .select(['document', 'live_cents as live'])
    .where('kind', '=', is === 'credit' ? 'credit' : 'payment')
    .where('source', '=', of)
    .execute()
  return rows.filter((row) => document === null || row.document === document)
}
