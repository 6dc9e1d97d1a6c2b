// Writes what follows in the ledger's own of what Xero was seen to have: parts that were deleted or taken back there, differences
// of totals. Every write says what it changed; writing the same again changes nothing. What people made there is in pulled-external.ts.

import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { ThingKind } from '../accounting/kinds.ts'
import { splitPair } from '../accounting/thing-ids.ts'
import type { PartOwner } from './pulled-parts.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/** What Xero has of a part of the ledger's own, where it is not as the ledger says; null: as it says again. True where it changed. */
export async function putPart(
  tx: Tx,
  now: string,
  part: {
    kind: 'payment' | 'journal' | 'credit'
    source: string
    document: string
    live: number | null
    cause: string
  },
): Promise<boolean> {
  const { kind, source, document, live, cause } = part
  if (live === null) {
    const gone = await tx
      .deleteFrom('part_in_xero')
      .where('kind', '=', kind)
      .where('source', '=', source)
      .where('document', '=', document)
      .executeTakeFirst()
    return gone.numDeletedRows > 0n
  }
  const put = await tx
    .insertInto('part_in_xero')
    .values({ kind, source, document, live_cents: live, cause, changed_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'source', 'document'])
        .doUpdateSet({ live_cents: live, cause, changed_at: now })
        .where('part_in_xero.live_cents', '<>', live),
    )
    .executeTakeFirst()
  return (put.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/**
 * A thing that we made and a person deleted, voided or took back. False where it was known before. What the ledger does not have
 * any more needs nobody's eye after that.
 */
export async function endThing(
  tx: Tx,
  now: string,
  thing: { kind: ThingKind; id: string; entity: string; xeroStatus: string },
): Promise<boolean> {
  const ended = await sql`
    UPDATE export_state
       SET xero_status = ${thing.xeroStatus}, changed_at = ${now}, queued = CASE source_gone WHEN 1 THEN 0 ELSE queued END,
           sent_revision = CASE source_gone WHEN 1 THEN revision ELSE sent_revision END
     WHERE kind = ${thing.kind} AND source_id = ${thing.id} AND entity = ${thing.entity}
       AND state IN ('exported', 'mock_exported') AND xero_status IS NOT ${thing.xeroStatus}`.execute(tx)
  return (ended.numAffectedRows ?? 0n) > 0n
}

/** The status in which a document was seen in Xero. */
export async function noteXeroStatus(
  tx: Tx,
  now: string,
  thing: { kind: ThingKind; id: string; entity: string; xeroStatus: string },
): Promise<void> {
  await tx
    .updateTable('export_state')
    .set({ xero_status: thing.xeroStatus, changed_at: now })
    .where('kind', '=', thing.kind)
    .where('source_id', '=', thing.id)
    .where('entity', '=', thing.entity)
    .where('state', 'in', ['exported', 'mock_exported'])
    .where('xero_status', 'is not', thing.xeroStatus)
    .execute()
}

/** The ledger's payment, once nothing of it is left in Xero or still to go there (X2): the row stays, marked. */
export async function endOwnPayment(tx: Tx, now: string, payment: string): Promise<boolean> {
  const escaped = sql`replace(replace(${payment}, '%', '%25'), '/', '%2F')`
  const ended = await sql`
    UPDATE payment SET state = 'deleted', deleted_at = ${now}, deleted_by = 'xero'
     WHERE id = ${payment} AND origin = 'ledger' AND state <> 'deleted'
       AND NOT EXISTS (
         SELECT 1 FROM payment_allocation AS a
          WHERE a.payment = payment.id AND NOT EXISTS (
            SELECT 1 FROM part_in_xero AS x
             WHERE x.kind = 'payment' AND x.source = a.payment AND x.document = a.document AND x.live_cents = 0)
            -- What was to be taken from a prepayment that is void has nothing to go out from any more.
            AND NOT EXISTS (
              SELECT 1 FROM export_state AS e
               WHERE e.kind = 'receipt' AND e.source_id = payment.id AND e.entity = payment.entity
                 AND e.state = 'exported' AND e.xero_status IN ('VOIDED', 'DELETED') AND e.facts ->> 'type' LIKE '%-PREPAYMENT'
                 AND NOT EXISTS (SELECT 1 FROM json_each(e.facts, '$.besides') AS b WHERE b.value = a.document)))
       AND NOT EXISTS (
         SELECT 1 FROM part_in_xero AS x WHERE x.kind = 'payment' AND x.source = payment.id AND x.live_cents <> 0)
       AND NOT EXISTS (
         SELECT 1 FROM export_state AS e
          WHERE e.kind = 'receipt' AND e.source_id = payment.id AND e.entity = payment.entity
            AND (e.state IN ('sending', 'uncertain') OR e.state = 'exported' AND e.xero_id IS NOT NULL)
            AND e.xero_status IS NOT 'VOIDED' AND e.xero_status IS NOT 'DELETED')
       AND NOT EXISTS (
         SELECT 1 FROM export_state AS e
          WHERE e.kind IN ('payment', 'refund') AND e.source_id >= ${escaped} || '/' AND e.source_id < ${escaped} || '0'
            AND e.state IN ('sending', 'uncertain'))`.execute(tx)
  return (ended.numAffectedRows ?? 0n) > 0n
}

/** One difference a document, between its total in Xero and as we left it there (I9). Null: none. True where it changed. */
export async function putAdjustment(
  tx: Tx,
  now: string,
  adjustment: { document: string; tenantId: string; amount: number | null; reason: string },
): Promise<boolean> {
  const { document, tenantId, amount, reason } = adjustment
  if (amount === null) {
    const gone = await tx.deleteFrom('adjustment').where('document', '=', document).executeTakeFirst()
    return gone.numDeletedRows > 0n
  }
  const put = await tx
    .insertInto('adjustment')
    .values({ document, tenant_id: tenantId, at: now, amount_cents: amount, reason })
    .onConflict((conflict) =>
      conflict
        .columns(['document'])
        .doUpdateSet({ tenant_id: tenantId, at: now, amount_cents: amount, reason })
        .where((eb) =>
          eb.or([eb('adjustment.amount_cents', '<>', amount), eb('adjustment.reason', '<>', reason)]),
        ),
    )
    .executeTakeFirst()
  return (put.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The last call about it was our own deletion of it, for the ledger (P7). */
export async function wasDeletedByUs(
  tx: Tx,
  thing: { kind: ThingKind; id: string; entity: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom('export_state as e')
    .innerJoin('chunk as c', 'c.id', 'e.chunk')
    .select('c.operation')
    .where('e.kind', '=', thing.kind)
    .where('e.source_id', '=', thing.id)
    .where('e.entity', '=', thing.entity)
    .executeTakeFirst()
  return row?.operation === 'delete'
}

/** The prepayment or overpayment that the rest of a payment of ours is in Xero is compared once more. */
export async function compareReceiptAgain(tx: Tx, payment: string): Promise<void> {
  await sql`
    UPDATE mirror_credit SET pending = 1
     WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM export_state
                                       WHERE kind = 'receipt' AND source_id = ${payment} AND xero_id IS NOT NULL)`.execute(
    tx,
  )
}

/** These rows of the mirror were compared with the ledger. */
export async function markCompared(
  tx: Tx,
  tenantId: string,
  table: 'payment' | 'credit' | 'document',
  xeroIds: readonly string[],
): Promise<void> {
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(xeroIds)}))`
  const { name, key } = mirrorOf[table]
  await sql`
    UPDATE ${sql.table(name)} SET pending = 0 WHERE tenant_id = ${tenantId} AND ${sql.ref(key)} IN ${ids}`.execute(
    tx,
  )
}

const mirrorOf = {
  payment: { name: 'mirror_payment', key: 'payment_id' },
  credit: { name: 'mirror_credit', key: 'credit_id' },
  document: { name: 'mirror_document', key: 'document_id' },
} as const

/** Kind and source by which part_in_xero knows an owner's parts. */
export function partKeyOf(owner: PartOwner): { kind: 'payment' | 'credit'; source: string } {
  return {
    kind: owner.is === 'credit' ? 'credit' : 'payment',
    source: owner.is === 'discount' ? splitPair(owner.source)[0] : owner.source,
  }
}
