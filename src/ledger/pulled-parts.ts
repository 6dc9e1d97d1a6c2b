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
  /** Of a receipt: what the ledger's row stands for was sent as a payment of its own (cents), and may have been deleted since. */
  beside: { amount: number; isEnded: boolean } | null
}

export function noPart(document: string): OwnPart {
  return {
    document,
    amount: null,
    isExternal: false,
    thing: null,
    state: null,
    xeroStatus: null,
    sent: null,
    live: null,
    beside: null,
  }
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
    const part = noPart(document)
    parts.set(document, part)
    return part
  }
  for (const row of await rowsOf(ledger, owner))
    Object.assign(of(row.document), { amount: row.amount, isExternal: row.origin === 'external' })
  for (const { kind, id, ...thing } of await thingsOf(ledger, owner))
    Object.assign(of(splitPair(id)[1]), { thing: { kind, id }, ...thing })
  for (const row of await livePartsOf(ledger, owner)) of(row.document).live = row.live
  if (owner.is === 'receipt') {
    for (const { id, amount, isEnded } of await paymentsBeside(ledger, owner))
      of(splitPair(id)[1]).beside = { amount, isEnded: isEnded === 1 }
  }
  return parts
}

/** Payments that were sent of the same money, beside the prepayment or overpayment that the rest of it is. */
async function paymentsBeside(
  { db }: Ledger,
  { source, entity }: PartOwner,
): Promise<{ id: string; amount: number; isEnded: 0 | 1 }[]> {
  const from = sql`replace(replace(${source}, '%', '%25'), '/', '%2F')`
  const rows = await sql<{ id: string; amount: number; isEnded: 0 | 1 }>`
    SELECT e.source_id AS id, e.facts ->> 'amountCents' AS amount, e.xero_status IN ('DELETED', 'VOIDED') AS isEnded
      FROM export_state AS e
     WHERE e.kind = 'payment' AND e.source_id >= ${from} || '/' AND e.source_id < ${from} || '0' AND e.entity = ${entity}
       AND e.state = 'exported' AND e.facts ->> 'channel' = 'payments'`.execute(db)
  return rows.rows
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
  const rows = await sql<{ document: string; live: number; isRow: 0 | 1 }>`
    SELECT x.document, x.live_cents AS live,
           EXISTS (SELECT 1 FROM payment_allocation AS a WHERE a.payment = x.source AND a.document = x.document) AS isRow
      FROM part_in_xero AS x
     WHERE x.kind = ${is === 'credit' ? 'credit' : 'payment'} AND x.source = ${of}`.execute(db)
  // A discount on another document of the same payment is a credit note of its own; where there is none a person set this one.
  return rows.rows.filter((row) => document === null || row.document === document || row.isRow === 0)
}
