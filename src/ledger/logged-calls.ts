// Reads the API log (E7) for those who look back: pages of it, one call with its bodies, the calls of one thing. Rows are
// written by api-log.ts and chunks.ts.

import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { ThingKind } from '../accounting/kinds.ts'
import { leaseStaleMs } from './lease.ts'
import type { Ledger } from './open.ts'
import type { StoredRun } from './runs.ts'
import type { Schema } from './schema.ts'

const unpack = promisify(gunzip)

export interface LogRow {
  id: number
  run: number | null
  entity: string | null
  at: string
  kind: string | null
  chunk: number | null
  of: number | null
  method: string
  /** With its query, as it was called. */
  path: string
  /** Null: no answer was recorded. */
  status: number | null
  attempt: number
  documents: number | null
  exported: number | null
  failed: number | null
  /** Null until the attempt's end was recorded, whatever that was. */
  durationMs: number | null
  bytesOut: number
  bytesIn: number | null
  idempotencyKey: string | null
  problem: string | null
}

export interface LogFilter {
  entity?: string | undefined
  run?: number | undefined
  /** Only calls that went wrong, wholly or for some documents. */
  failed?: boolean | undefined
}

/** A page of the API log, oldest first, of the rows after this id. */
export async function readLogPage(
  ledger: Ledger,
  filter: LogFilter,
  page: { after: number; limit: number },
): Promise<LogRow[]> {
  const rows = await selectLog(ledger, filter)
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(logRowOf)
}

/** The last calls, oldest first. */
export async function readLastCalls(ledger: Ledger, filter: LogFilter, limit: number): Promise<LogRow[]> {
  const rows = await selectLog(ledger, filter).orderBy('id', 'desc').limit(limit).execute()
  return rows.map(logRowOf).reverse()
}

function selectLog(ledger: Ledger, filter: LogFilter) {
  let query = ledger.db.selectFrom('api_log').selectAll()
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity)
  if (filter.run !== undefined) query = query.where('run', '=', filter.run)
  if (filter.failed) {
    query = query.where((row) =>
      row.or([
        row('status', 'is', null),
        row('status', '>=', 400),
        row('failed', '>', 0),
        row('problem', 'is not', null),
      ]),
    )
  }
  return query
}

export async function readCall(ledger: Ledger, id: number): Promise<LogRow | null> {
  const row = await ledger.db.selectFrom('api_log').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? logRowOf(row) : null
}

/** Request and answer of a call as text; null where there was none or it is kept no longer. */
export async function readBodies(
  ledger: Ledger,
  call: number,
): Promise<{ request: string | null; response: string | null }> {
  const row = await ledger.db
    .selectFrom('api_log_body')
    .selectAll()
    .where('api_log', '=', call)
    .executeTakeFirst()
  const text = async (body: Buffer | null | undefined) =>
    body ? (await unpack(body)).toString('utf8') : null
  return { request: await text(row?.request), response: await text(row?.response) }
}

/** Calls of the chunks that this thing was in, oldest first. */
export async function readCallsOf(
  ledger: Ledger,
  thing: { kind: ThingKind; id: string; entity: string },
): Promise<LogRow[]> {
  const rows = await ledger.db
    .selectFrom('api_log')
    .selectAll()
    .where('chunk_id', 'in', (chunks) =>
      chunks
        .selectFrom('chunk_thing')
        .select('chunk')
        .where('kind', '=', thing.kind)
        .where('source_id', '=', thing.id)
        .where('entity', '=', thing.entity),
    )
    .orderBy('id')
    .execute()
  return rows.map(logRowOf)
}

function logRowOf(row: Omit<Schema['api_log'], 'id' | 'attempt' | 'bytes_out'> & LogNumbers): LogRow {
  return {
    id: row.id,
    run: row.run,
    entity: row.entity,
    at: row.at,
    kind: row.kind,
    chunk: row.chunk,
    of: row.of,
    method: row.method,
    path: row.path,
    status: row.status,
    attempt: row.attempt,
    documents: row.documents,
    exported: row.exported,
    failed: row.failed,
    durationMs: row.duration_ms,
    bytesOut: row.bytes_out,
    bytesIn: row.bytes_in,
    idempotencyKey: row.idempotency_key,
    problem: row.problem,
  }
}

/** Columns that SQLite fills in and a read always has. */
interface LogNumbers {
  id: number
  attempt: number
  bytes_out: number
}

/**
 * Runs whose process lives: an attempt of theirs without an end is under way. On another machine a fresh heartbeat
 * stands for life.
 */
export async function findLiveRuns(
  ledger: Ledger,
  machine: { host: string; isAlive: (pid: number) => boolean },
): Promise<Set<number>> {
  const rows = await ledger.db
    .selectFrom('batch_run as r')
    .innerJoin('run_lease as l', 'l.tenant_id', 'r.tenant_id')
    .select(['r.id', 'l.host', 'l.pid', 'l.heartbeat_at'])
    .where('r.state', '=', 'running')
    .where('l.held', '=', 1)
    .execute()
  const lives = (row: (typeof rows)[number]) =>
    row.host === machine.host
      ? machine.isAlive(row.pid)
      : ledger.clock.now() - Date.parse(row.heartbeat_at) <= leaseStaleMs
  return new Set(rows.filter(lives).map((row) => row.id))
}

/** The state of a run as it is known now: one that says it runs and whose process is gone was cut off. */
export function stateNow(
  run: Pick<StoredRun, 'id' | 'state'>,
  live: ReadonlySet<number>,
): StoredRun['state'] | 'cut off' {
  return run.state === 'running' && !live.has(run.id) ? 'cut off' : run.state
}
