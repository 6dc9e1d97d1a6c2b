// How far each feed of an organisation was read (X7): the time in Xero's clock up to which everything that changed is in the
// ledger. It moves in the transaction of the rows that it covers, and never backwards.

import { sql, type Transaction } from 'kysely'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** ms since 1970 in Xero's clock; null before the feed was read for the first time. */
export async function readWatermark(
  ledger: Ledger,
  tenantId: string,
  resource: string,
): Promise<number | null> {
  const row = await ledger.db
    .selectFrom('watermark')
    .select('reached')
    .where('tenant_id', '=', tenantId)
    .where('resource', '=', resource)
    .executeTakeFirst()
  return row?.reached ? Date.parse(row.reached) : null
}

/** `reached` in ms since 1970; null where the page had no row. */
export async function moveWatermark(
  tx: Transaction<Schema>,
  place: { tenantId: string; resource: string; reached: number | null },
  now: string,
): Promise<void> {
  const reached = place.reached === null ? null : isoInstant(place.reached)
  await tx
    .insertInto('watermark')
    .values({ tenant_id: place.tenantId, resource: place.resource, reached, read_at: now })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'resource']).doUpdateSet((eb) => ({
        read_at: now,
        reached: sql<
          string | null
        >`NULLIF(MAX(COALESCE(${eb.ref('watermark.reached')}, ''), COALESCE(${eb.ref('excluded.reached')}, '')), '')`,
      })),
    )
    .execute()
}

/** A feed that was read to its end is known up to here, whether or not anything changed meanwhile. */
export async function finishFeed(
  ledger: Ledger,
  place: { tenantId: string; resource: string; reached: number },
): Promise<void> {
  await ledger.transaction((tx, now) => moveWatermark(tx, place, now))
}
