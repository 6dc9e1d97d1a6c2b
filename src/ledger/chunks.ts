// The life of a chunk in the ledger: written down before it is sent, an attempt noted before it leaves, outcomes
// recorded as they become known. Every step is one transaction with a compare-and-set, so that a crash between any two
// leaves a state that the next run understands. Who sends and who decides is batch's business.

import { sql, type Transaction } from 'kysely'
import type { Operation, ThingKind } from '../accounting/kinds.ts'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { completeLogRow, insertBodies, insertLogRow, type LogBodies, type LogResult } from './api-log.ts'
import { applyOutcomes, countOpen, moveThings, type ThingOutcome } from './chunk-outcomes.ts'
import { confirmLease, type Lease } from './lease.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import type { ChunkState } from './sync-tables.ts'

export interface ThingKey {
  kind: ThingKind
  sourceId: string
  entity: string
}

export interface PreparedThing extends ThingKey {
  /** Revision of the source that was read for this payload. */
  revision: number
  factsHash: string
  /** What Xero can find it again by, as JSON: mapping's facts of the kind. */
  facts: string
}

export interface ChunkIntent {
  run: number
  entity: string
  kind: ThingKind
  operation: Operation
  /** Name of the way on which it goes out (batch/channels.ts). */
  channel: string
  /** Where things carry no marker: what Xero had before that looks like them. */
  knownIds: readonly string[]
  /** How long after a lost answer Xero may still be storing it, in ms. */
  settleWindowMs: number
  number: number
  of: number
  method: 'PUT' | 'POST' | 'DELETE'
  path: string
  idempotencyKey: string
  body: Uint8Array
  bodyHash: string
  things: readonly PreparedThing[]
  /** The run that the call undoes (M6); left out by every other call. */
  rollsBack?: number
  /** Claims what a person holds back too, which stays so: nothing of it is sent (E13). */
  isHeldToo?: boolean
}

/**
 * Writes the chunk down and claims its things (`sending`). Null where one of them is no longer as it was read, or no
 * longer free to be sent (edited, voided or deleted in the ledger, settled by a person): nothing was changed then.
 */
export async function prepareChunk(
  ledger: Ledger,
  lease: Lease,
  intent: ChunkIntent,
): Promise<number | null> {
  return ledger
    .transaction(async (tx, now) => {
      await confirmLease(tx, lease, now)
      const chunk = await tx
        .insertInto('chunk')
        .values({
          run: intent.run,
          entity: intent.entity,
          tenant_id: lease.tenantId,
          kind: intent.kind,
          operation: intent.operation,
          channel: intent.channel,
          known_ids: JSON.stringify(intent.knownIds),
          settle_window_ms: intent.settleWindowMs,
          number: intent.number,
          of: intent.of,
          method: intent.method,
          path: intent.path,
          idempotency_key: intent.idempotencyKey,
          body: Buffer.from(intent.body.buffer, intent.body.byteOffset, intent.body.byteLength),
          body_hash: intent.bodyHash,
          bytes: intent.body.byteLength,
          state: 'prepared',
          prepared_at: now,
          rolls_back: intent.rollsBack ?? null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await insertThings(tx, chunk.id, intent.things)
      // What was exported before is claimed by updates, voids and deletions, anything else by creating calls alone. What the
      // ledger has no more is left to a rollback.
      const isHeldToo = intent.isHeldToo ? 1 : 0
      const free = intent.operation === 'create' ? sql`('pending', 'failed', 'skipped')` : sql`('exported')`
      const claimed = await sql`
      UPDATE export_state
         SET state = 'sending', chunk = ${chunk.id}, run = ${intent.run}, tenant_id = ${lease.tenantId}, queued = 1,
             reason = NULL, changed_at = ${now}
        FROM chunk_thing AS t
       WHERE t.chunk = ${chunk.id} AND export_state.kind = t.kind AND export_state.source_id = t.source_id
         AND export_state.entity = t.entity AND export_state.state IN ${free}
         AND export_state.revision = t.revision AND (export_state.source_gone = 0 OR ${intent.rollsBack ?? null} IS NOT NULL)
         AND (export_state.held_reason IS NULL OR ${isHeldToo})`.execute(tx)
      if (claimed.numAffectedRows !== BigInt(intent.things.length)) throw new NotFree()
      return chunk.id
    })
    .catch((error: unknown) => {
      if (error instanceof NotFree) return null
      throw error
    })
}

/** Rolls a preparation back; never seen outside this file. */
class NotFree extends Error {}

async function insertThings(
  tx: Transaction<Schema>,
  chunk: number,
  things: readonly PreparedThing[],
): Promise<void> {
  const rows = JSON.stringify(
    things.map((thing) => [
      thing.kind,
      thing.sourceId,
      thing.entity,
      thing.revision,
      thing.factsHash,
      thing.facts,
    ]),
  )
  await sql`
    INSERT INTO chunk_thing (chunk, position, kind, source_id, entity, revision, facts_hash, facts)
    SELECT ${chunk}, key, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
      FROM json_each(${rows})`.execute(tx)
}

export interface AttemptIntent {
  /** What the log row says beside what the chunk knows. */
  documents: number
  /** Projected end of the attempt, should this process not live to record it: now + time-out, in ms. */
  timeoutMs: number
  /** Xero's clock less ours, ms. */
  clockOffsetMs: number
  /** How old a chunk may be, by the wall clock, to be sent (again): beyond it Xero has forgotten the key. */
  maxAgeMs: number
}

export interface Attempt {
  chunk: number
  /** 1 for the first. */
  number: number
  logId: number
  /** ms since 1970 by the clock that `clock_offset_ms` belongs to. */
  startedAt: number
}

/**
 * Notes that an attempt is about to leave, with its API-log row. Null where the chunk may not be sent any more: it is
 * too old or somebody else dealt with it. AuxoError `organisation-busy` where the lease was lost.
 */
export async function beginAttempt(
  ledger: Ledger,
  lease: Lease,
  chunkId: number,
  intent: AttemptIntent,
): Promise<Attempt | null> {
  return ledger.transaction(async (tx, now) => {
    await confirmLease(tx, lease, now)
    const chunk = await tx.selectFrom('chunk').selectAll().where('id', '=', chunkId).executeTakeFirstOrThrow()
    const nowMs = Date.parse(now)
    // All times of a chunk are by our clock as it is at its last attempt, should it have been corrected in between.
    const correction = chunk.first_sent_at ? chunk.clock_offset_ms - Math.round(intent.clockOffsetMs) : 0
    const since = Date.parse(chunk.first_sent_at ?? chunk.prepared_at) + correction
    if ((chunk.state !== 'prepared' && chunk.state !== 'uncertain') || nowMs - since > intent.maxAgeMs)
      return null
    const number = chunk.attempts + 1
    await tx
      .updateTable('chunk')
      .set({
        state: 'sent',
        attempts: number,
        first_sent_at: chunk.first_sent_at ? isoInstant(since) : now,
        last_ended_at: isoInstant(nowMs + intent.timeoutMs),
        clock_offset_ms: Math.round(intent.clockOffsetMs),
      })
      .where('id', '=', chunkId)
      .execute()
    const logId = await insertLogRow(
      tx,
      {
        run: chunk.run,
        entity: chunk.entity,
        kind: chunk.kind,
        chunkId,
        chunk: chunk.number,
        of: chunk.of,
        method: chunk.method,
        path: chunk.path,
        attempt: number,
        documents: intent.documents,
        bytesOut: chunk.bytes,
        idempotencyKey: chunk.idempotency_key,
      },
      now,
    )
    return { chunk: chunkId, number, logId, startedAt: nowMs }
  })
}

/**
 * Records the outcomes that an answer proves. Without `restReason` they are all of the chunk's, and its bytes are
 * dropped (the hash stays); with it, the things that have no outcome become `uncertain` for that reason.
 */
export async function settleChunk(
  ledger: Ledger,
  attempt: Attempt,
  outcomes: readonly ThingOutcome[],
  log: { result: LogResult; bodies: LogBodies },
  restReason: string | null = null,
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await leaveSent(
      tx,
      attempt,
      restReason === null
        ? { state: 'settled', settled_at: now, last_ended_at: endOf(attempt, log), body: null }
        : { state: 'uncertain', last_ended_at: endOf(attempt, log) },
    )
    await applyOutcomes(tx, attempt.chunk, outcomes, now)
    if (restReason === null) await assertNoneOpen(tx, attempt.chunk)
    else {
      await countUnknown(tx, attempt.chunk)
      await moveThings(tx, attempt.chunk, 'uncertain', restReason, now)
    }
    await completeLogRow(tx, attempt.logId, log.result)
    await insertBodies(tx, attempt.logId, log.bodies)
  })
}

/** A thing that nobody speaks of any more would be `sending` for ever. */
async function assertNoneOpen(tx: Transaction<Schema>, chunk: number): Promise<void> {
  const open = await countOpen(tx, chunk)
  if (open > 0) throw new Error(`chunk ${chunk} was settled with ${open} things without outcome`)
}

async function countUnknown(tx: Transaction<Schema>, chunk: number): Promise<void> {
  await tx
    .updateTable('chunk')
    .set((old) => ({ unknown_attempts: old('unknown_attempts', '+', 1) }))
    .where('id', '=', chunk)
    .execute()
}

/**
 * Records that an attempt's outcome is unknown: the things become `uncertain` until the same call is repeated under
 * its key with success, or Xero has been asked.
 */
export async function markUncertain(
  ledger: Ledger,
  attempt: Attempt,
  reason: string,
  log: { result: LogResult; bodies: LogBodies },
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await leaveSent(tx, attempt, { state: 'uncertain', last_ended_at: endOf(attempt, log) })
    await countUnknown(tx, attempt.chunk)
    await moveThings(tx, attempt.chunk, 'uncertain', reason, now)
    await completeLogRow(tx, attempt.logId, log.result)
    await insertBodies(tx, attempt.logId, log.bodies)
  })
}

/** Records an attempt that Xero did not execute (429, 401, 403, never connected): the chunk is as before it. */
export async function noteUnexecuted(
  ledger: Ledger,
  attempt: Attempt,
  log: { result: LogResult; bodies: LogBodies },
): Promise<void> {
  await ledger.transaction(async (tx) => {
    const chunk = await tx
      .selectFrom('chunk')
      .select('unknown_attempts')
      .where('id', '=', attempt.chunk)
      .executeTakeFirstOrThrow()
    // After an unknown attempt a later one proves nothing: the chunk stays uncertain.
    await leaveSent(tx, attempt, {
      state: chunk.unknown_attempts > 0 ? 'uncertain' : 'prepared',
      last_ended_at: endOf(attempt, log),
    })
    await completeLogRow(tx, attempt.logId, log.result)
    await insertBodies(tx, attempt.logId, log.bodies)
  })
}

/** By how long it took and not by the wall clock, which may have been set while it was under way. */
function endOf(attempt: Attempt, log: { result: LogResult }): string {
  return isoInstant(attempt.startedAt + Math.round(log.result.durationMs))
}

async function leaveSent(
  tx: Transaction<Schema>,
  attempt: Attempt,
  values: { state: ChunkState; settled_at?: string; last_ended_at: string; body?: null },
): Promise<void> {
  const updated = await tx
    .updateTable('chunk')
    .set(values)
    .where('id', '=', attempt.chunk)
    .where('state', '=', 'sent')
    .where('attempts', '=', attempt.number)
    .executeTakeFirst()
  if (updated.numUpdatedRows !== 1n) {
    throw new AuxoError(
      'organisation-busy',
      'Another run dealt with what this one had sent while it was asleep. This run stopped; nothing was sent twice.',
    )
  }
}

/** Gives the things of a chunk back (`pending`): no attempt of it can have reached Xero. */
export async function returnChunk(ledger: Ledger, chunkId: number): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    const updated = await tx
      .updateTable('chunk')
      .set({ state: 'abandoned', settled_at: now, body: null })
      .where('id', '=', chunkId)
      .where('state', '=', 'prepared')
      .where('unknown_attempts', '=', 0)
      .executeTakeFirst()
    if (updated.numUpdatedRows === 1n) {
      await tx.updateTable('chunk_thing').set({ outcome: 'returned' }).where('chunk', '=', chunkId).execute()
      await moveThings(tx, chunkId, 'pending', null, now)
    }
  })
}

/** Records that Xero refused the call whole without storing anything; its things go into other chunks. */
export async function narrowChunk(
  ledger: Ledger,
  attempt: Attempt,
  log: { result: LogResult; bodies: LogBodies },
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await leaveSent(tx, attempt, {
      state: 'abandoned',
      settled_at: now,
      last_ended_at: endOf(attempt, log),
      body: null,
    })
    await tx
      .updateTable('chunk_thing')
      .set({ outcome: 'returned' })
      .where('chunk', '=', attempt.chunk)
      .execute()
    await moveThings(tx, attempt.chunk, 'pending', null, now)
    await completeLogRow(tx, attempt.logId, log.result)
    await insertBodies(tx, attempt.logId, log.bodies)
  })
}
