// What a person means by a reference (cli.md): a document by its id or number, every other thing by `kind:id`. Of what is made of two
// ids, such as a payment on a document, the first id alone means all of it.

import { sql } from 'kysely'
import { isDocumentKind, type ThingKind, thingKinds } from '../accounting/kinds.ts'
import type { ThingName } from './holds.ts'
import { findDocuments } from './looking-back.ts'
import type { Ledger } from './open.ts'

export interface NamedThing extends ThingName {
  /** What people call it: a document's number, another thing's id. */
  label: string
}

export interface Narrowing {
  kind?: ThingKind | undefined
  entity?: string | undefined
}

/** Kinds whose things are made of two ids (accounting/thing-ids.ts). */
const pairKinds: ReadonlySet<ThingKind> = new Set([
  'payment',
  'refund',
  'discount',
  'discount_allocation',
  'allocation',
  'attachment',
  'cogs',
  'note',
])

/**
 * Things that a reference means. Several where a number is used by several documents, and where the parts of one payment or credit
 * are meant; see `isOneMeaning`.
 */
export async function findNamedThings(
  ledger: Ledger,
  reference: string,
  { kind, entity }: Narrowing,
): Promise<NamedThing[]> {
  const [, word = '', id = ''] = /^([a-z_]+):(.+)$/s.exec(reference) ?? []
  const named = thingKinds.find((one) => one === word)
  if (named !== undefined && !isDocumentKind(named)) {
    const kinds: ThingKind[] = named === 'payment' ? ['payment', 'receipt'] : [named]
    const found = await Promise.all(kinds.map((one) => thingsOfKind(ledger, one, id, entity)))
    return found.flat()
  }
  const meant = named ?? kind
  if (meant !== undefined && !isDocumentKind(meant)) return thingsOfKind(ledger, meant, reference, entity)
  const documents = await findDocuments(ledger, named === undefined ? reference : id, { kind: meant, entity })
  return documents.map((one) => ({ ...one, label: one.number.trim() || one.id }))
}

async function thingsOfKind(
  ledger: Ledger,
  kind: ThingKind,
  id: string,
  entity: string | undefined,
): Promise<NamedThing[]> {
  const first = id.replaceAll('%', '%25').replaceAll('/', '%2F')
  const parts = pairKinds.has(kind)
    ? sql`OR source_id >= ${first} || '/' AND source_id < ${first} || '0'`
    : sql``
  const rows = await sql<{ id: string; entity: string }>`
    SELECT source_id AS id, entity FROM export_state
     WHERE kind = ${kind} AND (source_id = ${id} ${parts}) AND (${entity ?? null} IS NULL OR entity = ${entity ?? null})
     ORDER BY source_id, entity`.execute(ledger.db)
  return rows.rows.map((row) => ({ kind, ...row, label: `${kind}:${row.id}` }))
}

/** Whether these are one document, or parts of one thing in one entity, and not several that a person has to choose between. */
export function isOneMeaning(things: readonly NamedThing[]): boolean {
  if (new Set(things.map(({ entity }) => entity)).size > 1) return false
  return things.length <= 1 || things.every(({ kind }) => !isDocumentKind(kind))
}
