// Numbers that auxo-sync gives because the ledger has none: of payment discounts (N4) and of supplier credits against an order
// (B4). Given once, when the thing is about to be sent, and kept whatever becomes of the call.

import { sql } from 'kysely'
import type { ThingKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

export interface NumberRequest {
  id: string
  /** What the numbers are counted within: the invoice, the order. */
  parent: string
  /** The number from its place in the count, from 1. */
  numberOf(sequence: number): string
}

/** The numbers of these things by id: those given before, and the next of their parent for the others, in their order. */
export async function assignNumbers(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind },
  requests: readonly NumberRequest[],
): Promise<Map<string, string>> {
  const { entity, kind } = owner
  const given = await readAssignedNumbers(
    ledger,
    owner,
    requests.map((request) => request.id),
  )
  const missing = requests.filter((request) => !given.has(request.id))
  if (missing.length === 0) return given
  await ledger.transaction(async (tx) => {
    for (const { id, parent, numberOf } of missing) {
      const last = await tx
        .selectFrom('assigned_number')
        .select((of) => of.fn.max('sequence').as('sequence'))
        .where('entity', '=', entity)
        .where('kind', '=', kind)
        .where('parent', '=', parent)
        .executeTakeFirst()
      const sequence = (last?.sequence ?? 0) + 1
      const number = numberOf(sequence)
      await tx
        .insertInto('assigned_number')
        .values({ entity, kind, source_id: id, parent, sequence, number })
        .execute()
      given.set(id, number)
    }
  })
  return given
}

/** The numbers that were given to these things, by id. */
export async function readAssignedNumbers(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind },
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await ledger.db
    .selectFrom('assigned_number')
    .select(['source_id', 'number'])
    .where('entity', '=', owner.entity)
    .where('kind', '=', owner.kind)
    .where(sql<boolean>`source_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute()
  return new Map(rows.map((row) => [row.source_id, row.number]))
}
