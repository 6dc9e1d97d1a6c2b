// What becomes of the things of a chunk, as SQL: outcomes applied to their states, links, events and findings. When that
// may happen is chunks.ts (an answer) and open-chunks.ts (a look-up).

import { sql, type Transaction } from 'kysely'
import type { Finding } from '../accounting/findings.ts'
import { recordSentCards } from './contact-cards.ts'
import { recordFindings } from './findings.ts'
import { applyRollback, unqueuedAgain } from './rolled-back.ts'
import type { Schema } from './schema.ts'
import { exportSources, type SentSummary } from './summaries.ts'

export type ThingOutcome =
  | {
      position: number
      outcome: 'exported'
      xeroId: string
      xeroNumber: string | null
      xeroStatus: string | null
      findings: readonly Finding[]
      /** What is known of it in Xero, where that is more than was written down with the chunk. */
      facts?: string
    }
  | { position: number; outcome: 'failed'; reason: string; findings: readonly Finding[] }

export async function countOpen(tx: Transaction<Schema>, chunk: number): Promise<number> {
  const row = await tx
    .selectFrom('chunk_thing')
    .select((count) => count.fn.countAll<number>().as('open'))
    .where('chunk', '=', chunk)
    .where((or) => or.or([or('outcome', 'is', null), or('outcome', '=', 'uncertain')]))
    .executeTakeFirstOrThrow()
  return row.open
}

export async function moveThings(
  tx: Transaction<Schema>,
  chunk: number,
  state: 'pending' | 'uncertain',
  reason: string | null,
  now: string,
): Promise<void> {
  // What was exported before is so again when a change of it did not reach Xero.
  const before = sql`(SELECT CASE operation WHEN 'create' THEN 'pending' ELSE 'exported' END FROM chunk WHERE id = ${chunk})`
  await sql`
    UPDATE export_state SET state = ${state === 'pending' ? before : sql`'uncertain'`}, reason = ${reason},
           queued = ${state === 'pending' ? unqueuedAgain(chunk) : sql`queued`}, changed_at = ${now}
     WHERE chunk = ${chunk} AND state IN ('sending', 'uncertain')
       AND (kind, source_id, entity) IN (SELECT kind, source_id, entity FROM chunk_thing
                                          WHERE chunk = ${chunk} AND outcome IS NOT 'exported' AND outcome IS NOT 'failed')`.execute(
    tx,
  )
}

export async function applyOutcomes(
  tx: Transaction<Schema>,
  chunk: number,
  outcomes: readonly ThingOutcome[],
  now: string,
): Promise<void> {
  if (await applyRollback(tx, chunk, outcomes, now)) return
  // The chunk stands in every row: with nothing else to begin from, SQLite goes through the rows and looks each thing up.
  const rows = JSON.stringify(
    outcomes.map((one) =>
      one.outcome === 'exported'
        ? [
            one.position,
            'exported',
            one.xeroId,
            one.xeroNumber,
            one.xeroStatus,
            null,
            chunk,
            one.facts ?? null,
          ]
        : [one.position, 'failed', null, null, null, one.reason, chunk],
    ),
  )
  await sql`
    UPDATE chunk_thing SET outcome = o.value ->> 1
      FROM json_each(${rows}) AS o
     WHERE chunk_thing.chunk = o.value ->> 6 AND chunk_thing.position = o.value ->> 0`.execute(tx)
  // A refused change leaves what was exported as it was, and offers the change again.
  await sql`
    UPDATE export_state
       SET state = CASE WHEN o.value ->> 1 = 'failed' AND c.operation <> 'create' THEN 'exported' ELSE o.value ->> 1 END,
           xero_id = COALESCE(o.value ->> 2, xero_id),
           xero_number = COALESCE(o.value ->> 3, xero_number),
           xero_status = COALESCE(o.value ->> 4, xero_status),
           reason = o.value ->> 5,
           sent_revision = CASE o.value ->> 1 WHEN 'exported' THEN t.revision ELSE export_state.sent_revision END,
           facts_hash = CASE o.value ->> 1 WHEN 'exported' THEN t.facts_hash ELSE export_state.facts_hash END,
           facts = CASE o.value ->> 1 WHEN 'exported' THEN COALESCE(o.value ->> 7, t.facts) ELSE export_state.facts END,
           follow_up = CASE WHEN o.value ->> 1 = 'exported' AND t.kind IN ('invoice', 'credit_note') AND export_state.follow_up <> 2 THEN 1 ELSE export_state.follow_up END,
           queued = CASE WHEN o.value ->> 1 = 'exported' AND export_state.revision = t.revision THEN 0 ELSE 1 END,
           changed_at = ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk
     WHERE export_state.kind = t.kind AND export_state.source_id = t.source_id AND export_state.entity = t.entity`.execute(
    tx,
  )
  await exportSummarised(tx, rows, now)
  await queueFollowers(tx, rows, now)
  await linkCreatedContacts(tx, rows, now)
  await recordSentCards(tx, rows, now)
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, 'auxo-sync', c.run, t.entity, t.kind, t.source_id, o.value ->> 1, COALESCE(o.value ->> 2, o.value ->> 5)
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk`.execute(tx)
  await recordFindings(
    tx,
    await thingsOf(
      tx,
      chunk,
      outcomes.map((one) => one.position),
    ),
    outcomes.flatMap((one) => one.findings),
    now,
  )
}

/** What a day's summary is made of went out with it (J5). */
async function exportSummarised(tx: Transaction<Schema>, rows: string, now: string): Promise<void> {
  const sent = await sql<SentSummary>`
    SELECT t.source_id AS thing, t.entity, c.tenant_id AS tenantId, c.run, o.value ->> 2 AS xeroId, t.facts
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk
     WHERE t.kind = 'summary' AND o.value ->> 1 = 'exported'`.execute(tx)
  await exportSources(tx, sent.rows, now)
}

/**
 * What can only be known once something is exported: the discount's own allocation (N4), the note of a document (I15). A note goes
 * with the creation alone: what was adopted and is changed later may have one.
 */
async function queueFollowers(tx: Transaction<Schema>, rows: string, now: string): Promise<void> {
  await sql`
    INSERT INTO export_state (kind, source_id, entity, changed_at)
    SELECT 'discount_allocation', t.source_id, t.entity, ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
     WHERE t.kind = 'discount' AND o.value ->> 1 = 'exported'
       AND NOT EXISTS (SELECT 1 FROM export_state AS e
                        WHERE e.kind = 'discount_allocation' AND e.source_id = t.source_id AND e.entity = t.entity)`.execute(
    tx,
  )
  await sql`
    INSERT INTO export_state (kind, source_id, entity, changed_at)
    SELECT 'note', t.kind || '/' || t.source_id, t.entity, ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk AND c.operation = 'create'
     WHERE t.kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND o.value ->> 1 = 'exported'
       AND EXISTS (SELECT 1 FROM setting AS s WHERE s.entity = t.entity AND s.name = 'history_notes' AND s.value = 'on')
       AND NOT EXISTS (SELECT 1 FROM export_state AS e
                        WHERE e.kind = 'note' AND e.source_id = t.kind || '/' || t.source_id AND e.entity = t.entity)`.execute(
    tx,
  )
}

/** A contact that was created (or found again) is linked in the same transaction that knows its Xero id (K5). */
async function linkCreatedContacts(tx: Transaction<Schema>, rows: string, now: string): Promise<void> {
  await sql`
    INSERT INTO contact_link (contact, tenant_id, xero_contact_id, made_by, since)
    SELECT t.source_id, c.tenant_id, o.value ->> 2, 'create', ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk
     WHERE t.kind = 'contact' AND o.value ->> 1 = 'exported'
       AND NOT EXISTS (SELECT 1 FROM contact_link AS l
                        WHERE l.tenant_id = c.tenant_id AND l.contact = t.source_id AND l.ended IS NULL)`.execute(
    tx,
  )
  // The other entities of the organisation have it too: its changes go out with whichever runs next.
  await sql`
    INSERT INTO export_state (kind, source_id, entity, state, queued, tenant_id, xero_id, changed_at)
    SELECT 'contact', t.source_id, n.entity, 'exported', 0, c.tenant_id, o.value ->> 2, ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
      JOIN chunk AS c ON c.id = t.chunk
      JOIN connection AS n ON n.tenant_id = c.tenant_id AND n.entity <> t.entity
     WHERE t.kind = 'contact' AND o.value ->> 1 = 'exported' AND c.operation = 'create'
    ON CONFLICT (kind, source_id, entity) DO UPDATE
       SET state = 'exported', queued = 0, sent_revision = export_state.revision, tenant_id = excluded.tenant_id,
           xero_id = excluded.xero_id, reason = NULL, changed_at = excluded.changed_at
     WHERE export_state.state IN ('pending', 'failed', 'skipped')`.execute(tx)
}

/** Keys of the things at these places of a chunk, with the run that sent it. */
export async function thingsOf(tx: Transaction<Schema>, chunk: number, positions: readonly number[]) {
  const rows = await tx
    .selectFrom('chunk_thing')
    .innerJoin('chunk', 'chunk.id', 'chunk_thing.chunk')
    .select(['chunk_thing.kind', 'chunk_thing.source_id', 'chunk_thing.entity', 'chunk.run'])
    .where('chunk', '=', chunk)
    .where('position', 'in', [...positions])
    .execute()
  return rows.map((row) => ({ kind: row.kind, sourceId: row.source_id, entity: row.entity, run: row.run }))
}
