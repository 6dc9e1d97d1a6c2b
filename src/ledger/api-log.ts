// The API log (E7): one row per HTTP attempt, written before it leaves and completed when it came back; bodies gzipped
// beside it for `log_retention` days. Attempts of chunks are begun in chunks.ts, with the same two functions.

import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import { sql, type Transaction } from 'kysely'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

const compress = promisify(gzip)

export interface LogIntent {
  run: number | null
  entity: string | null
  kind: string
  chunkId: number | null
  chunk: number | null
  of: number | null
  method: string
  path: string
  attempt: number
  documents: number | null
  bytesOut: number
  idempotencyKey: string | null
}

export interface LogResult {
  status: number | null
  durationMs: number
  bytesIn: number
  correlationId: string | null
  problem: string | null
  exported: number | null
  failed: number | null
}

export async function insertLogRow(tx: Transaction<Schema>, intent: LogIntent, now: string): Promise<number> {
  const row = await tx
    .insertInto('api_log')
    .values({
      run: intent.run,
      entity: intent.entity,
      at: now,
      kind: intent.kind,
      chunk_id: intent.chunkId,
      chunk: intent.chunk,
      of: intent.of,
      method: intent.method,
      path: intent.path,
      attempt: intent.attempt,
      documents: intent.documents,
      bytes_out: intent.bytesOut,
      idempotency_key: intent.idempotencyKey,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function completeLogRow(tx: Transaction<Schema>, id: number, result: LogResult): Promise<void> {
  await tx
    .updateTable('api_log')
    .set({
      status: result.status,
      duration_ms: Math.round(result.durationMs),
      bytes_in: result.bytesIn,
      correlation_id: result.correlationId,
      problem: result.problem,
      exported: result.exported,
      failed: result.failed,
    })
    .where('id', '=', id)
    .execute()
}

/** Gzipped bodies of one attempt, made outside the transaction that stores them. */
export interface LogBodies {
  request: Buffer | null
  response: Buffer | null
}

/** Bodies are kept to be looked at rarely and written for every call: the fastest level serves. */
export async function packBodies(
  request: Uint8Array | null,
  response: Uint8Array | null,
): Promise<LogBodies> {
  const [packedRequest, packedResponse] = await Promise.all([pack(request), pack(response)])
  return { request: packedRequest, response: packedResponse }
}

/** Below this, in bytes, handing a body to another thread takes longer than packing it. */
const worthAThread = 65_536

async function pack(body: Uint8Array | null): Promise<Buffer | null> {
  if (!body || body.length === 0) return null
  return body.length < worthAThread ? gzipSync(body, { level: 1 }) : compress(body, { level: 1 })
}

export async function insertBodies(tx: Transaction<Schema>, id: number, bodies: LogBodies): Promise<void> {
  if (!bodies.request && !bodies.response) return
  await tx
    .insertInto('api_log_body')
    .values({ api_log: id, ...bodies })
    .execute()
}

/**
 * Forgets the bodies of an entity's calls that are more than so many days old, and of calls of no entity; the rows stay for ever.
 * It begins at the oldest body that there is: what was forgotten long ago is not gone through again.
 */
export async function forgetOldBodies(ledger: Ledger, entity: string, days: number): Promise<void> {
  const before = isoInstant(ledger.clock.now() - days * 86_400_000)
  await ledger.transaction(async (tx) => {
    await sql`
      DELETE FROM api_log_body WHERE api_log IN (
        SELECT id FROM api_log
         WHERE at >= (SELECT at FROM api_log WHERE id = (SELECT MIN(api_log) FROM api_log_body)) AND at < ${before}
           AND (entity = ${entity} OR entity IS NULL))`.execute(tx)
  })
}

/** What the gateway records by itself: the shape of xero/gateway.ts's CallRecorder, for one run or none. */
export function callRecorder(ledger: Ledger, owner: { run: number | null; entity: string | null }) {
  const requests = new Map<number, Uint8Array | null>()
  return {
    async begin(intent: {
      method: string
      path: string
      subject: string
      attempt: number
      bytesOut: number
      requestBody: Uint8Array | null
    }): Promise<number> {
      const id = await ledger.transaction((tx, now) =>
        insertLogRow(
          tx,
          {
            run: owner.run,
            entity: owner.entity,
            kind: intent.subject,
            chunkId: null,
            chunk: null,
            of: null,
            method: intent.method,
            path: intent.path,
            attempt: intent.attempt,
            documents: null,
            bytesOut: intent.bytesOut,
            idempotencyKey: null,
          },
          now,
        ),
      )
      requests.set(id, intent.requestBody)
      return id
    },
    async end(
      id: number,
      result: Omit<LogResult, 'exported' | 'failed'> & { responseBody: Uint8Array | null },
    ): Promise<void> {
      const bodies = await packBodies(requests.get(id) ?? null, result.responseBody)
      requests.delete(id)
      await ledger.transaction(async (tx) => {
        await completeLogRow(tx, id, { ...result, exported: null, failed: null })
        await insertBodies(tx, id, bodies)
      })
    },
  }
}

/** Calls of the last 24 hours that counted against the organisation's limits: those under /api.xro/ that got an answer or may have. */
export async function countCallsToday(ledger: Ledger, entities: readonly string[]): Promise<number> {
  const since = isoInstant(ledger.clock.now() - 86_400_000)
  const row = await ledger.db
    .selectFrom('api_log')
    .select((count) => count.fn.countAll<number>().as('calls'))
    .where('at', '>=', since)
    .where('path', 'like', '/api.xro/%')
    .where('entity', 'in', entities.length > 0 ? entities : [''])
    .executeTakeFirstOrThrow()
  return row.calls
}
