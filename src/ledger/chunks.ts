// The life of a chunk in the ledger: written down before it is sent, an attempt noted before it leaves, outcomes
// recorded as they become known. Every step is one transaction with a compare-and-set, so that a crash between any two
// leaves a state that the next run understands. Who sends and who decides is batch's business.

import { sql, type Transaction } from 'kysely'
import type { Finding } from '../accounting/findings.ts'
import type { ExportedKind } from '../accounting/kinds.ts'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { completeLogRow, insertBodies, insertLogRow, type LogBodies, type LogResult } from './api-log.ts'
import { recordFindings } from './findings.ts'
import { confirmLease, type Lease } from './lease.ts'
import type { Ledger } from './open.ts'
import type { ChunkState, Schema } from './schema.ts'

export interface ThingKey {
  kind: ExportedKind
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
  kind: ExportedKind
  operation: 'create'
  number: number
  of: number
  method: 'PUT' | 'POST'
  path: string
  idempotencyKey: string
  body: Uint8Array
  bodyHash: string
  things: readonly PreparedThing[]
}

/**
 * Writes the chunk down and claims its things (`sending`). Null where one of them is no longer free to be sent
 * (a person held or settled it meanwhile): nothing was changed then.
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
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await insertThings(tx, chunk.id, intent.things)
      const claimed = await sql`
      UPDATE export_state
         SET state = 'sending', chunk = ${chunk.id}, run = ${intent.run}, tenant_id = ${lease.tenantId},
             reason = NULL, changed_at = ${now}
        FROM chunk_thing AS t
       WHERE t.chunk = ${chunk.id} AND export_state.kind = t.kind AND export_state.source_id = t.source_id
         AND export_state.entity = t.entity AND export_state.state IN ('pending', 'failed', 'skipped')`.execute(
        tx,
      )
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

export type ThingOutcome =
  | {
      position: number
      outcome: 'exported'
      xeroId: string
      xeroNumber: string | null
      xeroStatus: string | null
      findings: readonly Finding[]
    }
  | { position: number; outcome: 'failed'; reason: string; findings: readonly Finding[] }

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

async function countOpen(tx: Transaction<Schema>, chunk: number): Promise<number> {
  const row = await tx
    .selectFrom('chunk_thing')
    .select((count) => count.fn.countAll<number>().as('open'))
    .where('chunk', '=', chunk)
    .where((or) => or.or([or('outcome', 'is', null), or('outcome', '=', 'uncertain')]))
    .executeTakeFirstOrThrow()
  return row.open
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

async function moveThings(
  tx: Transaction<Schema>,
  chunk: number,
  state: 'pending' | 'uncertain',
  reason: string | null,
  now: string,
): Promise<void> {
  await sql`
    UPDATE export_state SET state = ${state}, reason = ${reason}, changed_at = ${now}
     WHERE chunk = ${chunk} AND state IN ('sending', 'uncertain')
       AND (kind, source_id, entity) IN (SELECT kind, source_id, entity FROM chunk_thing
                                          WHERE chunk = ${chunk} AND outcome IS NOT 'exported' AND outcome IS NOT 'failed')`.execute(
    tx,
  )
}

async function applyOutcomes(
  tx: Transaction<Schema>,
  chunk: number,
  outcomes: readonly ThingOutcome[],
  now: string,
): Promise<void> {
  // The chunk stands in every row: with nothing else to begin from, SQLite goes through the rows and looks each thing up.
  const rows = JSON.stringify(
    outcomes.map((one) =>
      one.outcome === 'exported'
        ? [one.position, 'exported', one.xeroId, one.xeroNumber, one.xeroStatus, null, chunk]
        : [one.position, 'failed', null, null, null, one.reason, chunk],
    ),
  )
  await sql`
    UPDATE chunk_thing SET outcome = o.value ->> 1
      FROM json_each(${rows}) AS o
     WHERE chunk_thing.chunk = o.value ->> 6 AND chunk_thing.position = o.value ->> 0`.execute(tx)
  await sql`
    UPDATE export_state
       SET state = o.value ->> 1,
           xero_id = COALESCE(o.value ->> 2, xero_id),
           xero_number = COALESCE(o.value ->> 3, xero_number),
           xero_status = COALESCE(o.value ->> 4, xero_status),
           reason = o.value ->> 5,
           sent_revision = CASE o.value ->> 1 WHEN 'exported' THEN t.revision ELSE export_state.sent_revision END,
           facts_hash = CASE o.value ->> 1 WHEN 'exported' THEN t.facts_hash ELSE export_state.facts_hash END,
           queued = CASE WHEN o.value ->> 1 = 'exported' AND export_state.revision = t.revision THEN 0 ELSE 1 END,
           changed_at = ${now}
      FROM json_each(${rows}) AS o
      JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
     WHERE export_state.kind = t.kind AND export_state.source_id = t.source_id AND export_state.entity = t.entity`.execute(
    tx,
  )
  await linkCreatedContacts(tx, rows, now)
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
}

/** Keys of the things at these places of a chunk, with the run that sent it. */
async function thingsOf(tx: Transaction<Schema>, chunk: number, positions: readonly number[]) {
  const rows = await tx
    .selectFrom('chunk_thing')
    .innerJoin('chunk', 'chunk.id', 'chunk_thing.chunk')
    .select(['chunk_thing.kind', 'chunk_thing.source_id', 'chunk_thing.entity', 'chunk.run'])
    .where('chunk', '=', chunk)
    .where('position', 'in', [...positions])
    .execute()
  return rows.map((row) => ({ kind: row.kind, sourceId: row.source_id, entity: row.entity, run: row.run }))
}

/** A chunk whose outcome is open, with its things still without one. */
export interface OpenChunk {
  id: number
  run: number
  entity: string
  tenantId: string
  kind: ExportedKind
  state: 'prepared' | 'sent' | 'uncertain'
  unknownAttempts: number
  attempts: number
  /** ms since 1970 by our clock; null where nothing was ever sent. */
  firstSentAt: number | null
  lastEndedAt: number | null
  clockOffsetMs: number
  things: readonly { position: number; kind: ExportedKind; sourceId: string; entity: string; facts: string }[]
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
      kind: chunk.kind as ExportedKind, // only kinds of the table of kinds are ever prepared
      state: chunk.state as OpenChunk['state'], // the query asked for these
      unknownAttempts: chunk.unknown_attempts,
      attempts: chunk.attempts,
      firstSentAt: chunk.first_sent_at ? Date.parse(chunk.first_sent_at) : null,
      lastEndedAt: chunk.last_ended_at ? Date.parse(chunk.last_ended_at) : null,
      clockOffsetMs: chunk.clock_offset_ms,
      things: things.map((thing) => ({
        position: thing.position,
        kind: thing.kind as ExportedKind, // as above
        sourceId: thing.source_id,
        entity: thing.entity,
        facts: thing.facts,
      })),
    })
  }
  return open
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
    UPDATE export_state SET state = 'pending', reason = NULL, queued = 1, changed_at = ${now}
     WHERE chunk = ${chunk} AND state = 'uncertain' AND (kind, source_id, entity) IN (
       SELECT kind, source_id, entity FROM chunk_thing
        WHERE chunk = ${chunk} AND position IN (SELECT value FROM json_each(${list})))`.execute(tx)
  await sql`
    UPDATE chunk_thing SET outcome = 'returned'
     WHERE chunk = ${chunk} AND position IN (SELECT value FROM json_each(${list}))`.execute(tx)
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
