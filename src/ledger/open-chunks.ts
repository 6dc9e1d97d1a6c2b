// Chunks whose outcome is open after a lost answer: found, closed against whoever may still hold them, and resolved by
// what a look-up in Xero says. The look-up itself is batch's business.

import { sql, type Transaction } from 'kysely'
import type { Finding } from '../accounting/findings.ts'
import type { Operation, ThingKind } from '../accounting/kinds.ts'
import { AuxoError } from '../errors.ts'
import { applyOutcomes, countOpen, moveThings, type ThingOutcome, thingsOf } from './chunk-outcomes.ts'
import { forgetSentFields } from './contact-cards.ts'
import { recordFindings } from './findings.ts'
import type { Ledger } from './open.ts'
import { unqueuedAgain } from './rolled-back.ts'
import type { Schema } from './schema.ts'

/** A chunk whose outcome is open, with its things still without one. */
export interface OpenChunk {
  id: number
  run: number
  entity: string
  tenantId: string
  kind: ThingKind
  operation: Operation
  channel: string
  /** What Xero had before the call that looked alike. */
  knownIds: readonly string[]
  /** By the settings of the entity that sent it, in ms. */
  settleWindowMs: number
  state: 'prepared' | 'sent' | 'uncertain'
  unknownAttempts: number
  attempts: number
  /** ms since 1970 by our clock; null where nothing was ever sent. */
  firstSentAt: number | null
  lastEndedAt: number | null
  clockOffsetMs: number
  things: readonly { position: number; kind: ThingKind; sourceId: string; entity: string; facts: string }[]
}

export async function findOpenChunks(ledger: Ledger, tenantId: string): Promise<OpenChunk[]> {
  const chunks = await ledger.db
    .selectFrom('chunk')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', ['prepared', 'sent', 'uncertain'])
    .orderBy('id')
    .execute()
  const open: OpenChunk[] = []
  for (const chunk of chunks) {
    const things = await ledger.db
      .selectFrom('chunk_thing')
      .select(['position', 'kind', 'source_id', 'entity', 'facts'])
      .where('chunk', '=', chunk.id)
      .where((or) => or.or([or('outcome', 'is', null), or('outcome', '=', 'uncertain')]))
      .orderBy('position')
      .execute()
    open.push({
      id: chunk.id,
      run: chunk.run,
      entity: chunk.entity,
      tenantId: chunk.tenant_id,
      kind: chunk.kind as ThingKind, // only kinds of the table of kinds are ever prepared
      operation: chunk.operation as Operation, // written by prepareChunk
      channel: chunk.channel,
      knownIds: JSON.parse(chunk.known_ids) as string[], // as above
      settleWindowMs: chunk.settle_window_ms,
      state: chunk.state as OpenChunk['state'], // the query asked for these
      unknownAttempts: chunk.unknown_attempts,
      attempts: chunk.attempts,
      firstSentAt: chunk.first_sent_at ? Date.parse(chunk.first_sent_at) : null,
      lastEndedAt: chunk.last_ended_at ? Date.parse(chunk.last_ended_at) : null,
      clockOffsetMs: chunk.clock_offset_ms,
      things: things.map((thing) => ({
        position: thing.position,
        kind: thing.kind as ThingKind, // as above
        sourceId: thing.source_id,
        entity: thing.entity,
        facts: thing.facts,
      })),
    })
  }
  return open
}

/**
 * Of these things, those that an earlier call was about whose answer was lost, with the end of its last attempt in ms since
 * 1970 on Xero's clock: Xero may still be storing one of the attempts, although their outcome is known by now.
 */
export async function findLostCalls(
  ledger: Ledger,
  owner: { kind: ThingKind; entity: string },
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await sql<{ source_id: string; last_ended_at: string; clock_offset_ms: number }>`
    SELECT t.source_id, c.last_ended_at, c.clock_offset_ms
      FROM json_each(${JSON.stringify(ids)}) AS j
      CROSS JOIN chunk_thing AS t ON t.kind = ${owner.kind} AND t.source_id = j.value AND t.entity = ${owner.entity}
      CROSS JOIN chunk AS c ON c.id = t.chunk
     WHERE c.unknown_attempts > 0 AND c.last_ended_at IS NOT NULL`.execute(ledger.db)
  const ends = new Map<string, number>()
  for (const row of rows.rows) {
    const end = Date.parse(row.last_ended_at) + row.clock_offset_ms
    ends.set(row.source_id, Math.max(end, ends.get(row.source_id) ?? end))
  }
  return ends
}

/** The ways on which calls went out whose outcome is open. */
export async function findOpenChannels(ledger: Ledger, tenantId: string): Promise<string[]> {
  const rows = await ledger.db
    .selectFrom('chunk')
    .select('channel')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', ['prepared', 'sent', 'uncertain'])
    .execute()
  return rows.map(({ channel }) => channel)
}

/**
 * Closes a chunk against whoever may still hold it: from here on only a look-up decides. A chunk left `sent` by a dead
 * process becomes `uncertain`.
 */
export async function closeChunk(ledger: Ledger, chunkId: number): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    const updated = await tx
      .updateTable('chunk')
      .set((old) => ({ state: 'uncertain', unknown_attempts: old('unknown_attempts', '+', 1) }))
      .where('id', '=', chunkId)
      .where('state', '=', 'sent')
      .executeTakeFirst()
    if (updated.numUpdatedRows === 1n) {
      await moveThings(tx, chunkId, 'uncertain', 'no answer was recorded', now)
    }
  })
}

/** What a look-up decided for one thing; things that are not named stay uncertain. */
export type Resolution = ThingOutcome | { position: number; outcome: 'returned' }

/**
 * Leaves a prepared chunk uncertain that this ledger never sent: another copy of it may have, since Xero has something like its
 * things. A look-up or a person settles them as after a lost answer (E13).
 */
export async function leaveUncertain(ledger: Ledger, chunkId: number, reason: string): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await tx
      .updateTable('chunk')
      .set({ state: 'uncertain', unknown_attempts: 1, body: null })
      .where('id', '=', chunkId)
      .where('state', '=', 'prepared')
      .execute()
    await moveThings(tx, chunkId, 'uncertain', reason, now)
  })
}

/**
 * Records what looking in Xero decided. Once nothing of the chunk is open any more it is `resolved`. `findings` are
 * about things that stay uncertain and need a person; they belong to the run that looked.
 */
export async function resolveChunk(
  ledger: Ledger,
  chunkId: number,
  run: number | null,
  resolutions: readonly Resolution[],
  findings: readonly Finding[],
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    const chunk = await tx
      .selectFrom('chunk')
      .select('state')
      .where('id', '=', chunkId)
      .executeTakeFirstOrThrow()
    if (chunk.state !== 'uncertain')
      throw new AuxoError('organisation-busy', 'Another run settled this chunk meanwhile.')
    const known = resolutions.filter((one): one is ThingOutcome => one.outcome !== 'returned')
    const returned = resolutions.filter((one) => one.outcome === 'returned').map((one) => one.position)
    if (known.length > 0) await applyOutcomes(tx, chunkId, known, now)
    if (returned.length > 0) await returnThings(tx, chunkId, returned, now)
    await recordOpenFindings(tx, chunkId, run, findings, now)
    if ((await countOpen(tx, chunkId)) === 0) {
      await tx
        .updateTable('chunk')
        .set({ state: 'resolved', settled_at: now, body: null })
        .where('id', '=', chunkId)
        .execute()
    }
  })
}

async function returnThings(
  tx: Transaction<Schema>,
  chunk: number,
  positions: readonly number[],
  now: string,
): Promise<void> {
  const list = JSON.stringify(positions)
  await sql`
    UPDATE export_state SET state = (SELECT CASE WHEN operation <> 'create' THEN 'exported' WHEN export_state.held_reason IS NULL THEN 'pending' ELSE 'held' END
                                 FROM chunk WHERE id = ${chunk}),
           reason = NULL, queued = ${unqueuedAgain(chunk, 1)}, changed_at = ${now}
     WHERE chunk = ${chunk} AND state = 'uncertain' AND (kind, source_id, entity) IN (
       SELECT kind, source_id, entity FROM chunk_thing
        WHERE chunk = ${chunk} AND position IN (SELECT value FROM json_each(${list})))`.execute(tx)
  await sql`
    UPDATE chunk_thing SET outcome = 'returned'
     WHERE chunk = ${chunk} AND position IN (SELECT value FROM json_each(${list}))`.execute(tx)
  await forgetSentFields(tx, chunk, list)
  // What stood against them is settled: they are free again.
  await recordFindings(tx, await thingsOf(tx, chunk, positions), [], now)
}

async function recordOpenFindings(
  tx: Transaction<Schema>,
  chunk: number,
  run: number | null,
  findings: readonly Finding[],
  now: string,
): Promise<void> {
  if (findings.length === 0) return
  const things = await tx
    .selectFrom('chunk_thing')
    .select(['kind', 'source_id', 'entity'])
    .where('chunk', '=', chunk)
    .where('source_id', 'in', [...new Set(findings.map((finding) => finding.id))])
    .execute()
  await recordFindings(
    tx,
    things.map((thing) => ({ kind: thing.kind, sourceId: thing.source_id, entity: thing.entity, run })),
    findings,
    now,
  )
}
