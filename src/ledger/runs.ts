// Batch runs: opened when one begins, closed with its counts. What a run decides is batch's business.

import { sql, type Transaction } from 'kysely'
import type { RunReport } from '../accounting/outcomes.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import type { RunState } from './sync-tables.ts'

export interface OpenRun {
  entity: string
  /** Null where nothing was asked of an organisation. */
  tenantId: string | null
  organisation: string | null
  /** `export` … */
  verb: string
  who: string
  /** The run that this one undoes. */
  rollsBack?: number
}

export async function openRun(ledger: Ledger, run: OpenRun): Promise<{ id: number; startedAt: string }> {
  return ledger.transaction(async (tx, now) => {
    // A run that never ended was killed: its state must not read "running" for ever.
    await tx
      .updateTable('batch_run')
      .set({ state: 'stopped', ended_at: now, reason: 'The run was killed before it ended.' })
      .where('tenant_id', '=', run.tenantId)
      .where('state', '=', 'running')
      .execute()
    const row = await tx
      .insertInto('batch_run')
      .values({
        entity: run.entity,
        tenant_id: run.tenantId,
        organisation_name: run.organisation,
        verb: run.verb,
        started_at: now,
        state: 'running',
        who: run.who,
        rolls_back: run.rollsBack ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id: row.id, startedAt: now }
  })
}

/** Calls that counted against the organisation's limits, and bytes of all calls, of a run so far. */
export async function countRunCalls(
  ledger: Ledger,
  run: number,
): Promise<{ made: number; bytesOut: number; bytesIn: number }> {
  const row = await sql<{ made: number; bytes_out: number; bytes_in: number }>`
    SELECT COUNT(*) FILTER (WHERE path LIKE '/api.xro/%') AS made, COALESCE(SUM(bytes_out), 0) AS bytes_out,
           COALESCE(SUM(bytes_in), 0) AS bytes_in FROM api_log WHERE run = ${run}`.execute(ledger.db)
  const counts = row.rows[0]
  return { made: counts?.made ?? 0, bytesOut: counts?.bytes_out ?? 0, bytesIn: counts?.bytes_in ?? 0 }
}

export async function closeRun(ledger: Ledger, run: number, end: RunClosing): Promise<string> {
  return ledger.transaction(async (tx, now) => {
    await closeRunWithin(tx, now, run, end)
    return now
  })
}

export interface RunClosing {
  state: Exclude<RunState, 'running'>
  kinds: RunReport['kinds']
  pulled?: Partial<RunReport['pulled']>
  calls: { made: number; bytesOut: number; bytesIn: number; dayLeft: number | null }
  reason: string | null
}

/** Of a run that ends with what it wrote, all or nothing. */
export async function closeRunWithin(
  tx: Transaction<Schema>,
  now: string,
  run: number,
  end: RunClosing,
): Promise<void> {
  await tx
    .updateTable('batch_run')
    .set({
      state: end.state,
      ended_at: now,
      kinds: JSON.stringify(end.kinds),
      pulled: JSON.stringify(end.pulled ?? {}),
      calls: end.calls.made,
      bytes_out: end.calls.bytesOut,
      bytes_in: end.calls.bytesIn,
      day_left: end.calls.dayLeft,
      reason: end.reason,
    })
    .where('id', '=', run)
    .execute()
}

export interface StoredRun {
  id: number
  entity: string
  tenantId: string | null
  organisation: string | null
  verb: string
  startedAt: string
  endedAt: string | null
  state: RunState
  kinds: Partial<RunReport['kinds']>
  /** What came back from Xero; empty for runs that pulled nothing. */
  pulled: Partial<RunReport['pulled']>
  calls: number
  bytesOut: number
  bytesIn: number
  dayLeft: number | null
  reason: string | null
  who: string
  /** The run that this one undoes; null for every verb but rollback. */
  rollsBack: number | null
}

export async function countRuns(ledger: Ledger, entity: string): Promise<number> {
  const row = await ledger.db
    .selectFrom('batch_run')
    .select((eb) => eb.fn.countAll<number>().as('runs'))
    .where('entity', '=', entity)
    .executeTakeFirstOrThrow()
  return row.runs
}

/** Runs, newest first. */
export async function readRuns(
  ledger: Ledger,
  filter: {
    id?: number
    before?: number
    entity?: string
    startedFrom?: string
    startedBefore?: string
    limit?: number
  },
): Promise<StoredRun[]> {
  let query = ledger.db.selectFrom('batch_run').selectAll().orderBy('id', 'desc')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity)
  if (filter.startedFrom !== undefined) query = query.where('started_at', '>=', filter.startedFrom)
  if (filter.startedBefore !== undefined) query = query.where('started_at', '<', filter.startedBefore)
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    entity: row.entity,
    tenantId: row.tenant_id,
    organisation: row.organisation_name,
    verb: row.verb,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    state: row.state,
    kinds: JSON.parse(row.kinds) as StoredRun['kinds'], // written by closeRun
    pulled: JSON.parse(row.pulled) as StoredRun['pulled'], // as above
    calls: row.calls,
    bytesOut: row.bytes_out,
    bytesIn: row.bytes_in,
    dayLeft: row.day_left,
    reason: row.reason,
    who: row.who,
    rollsBack: row.rolls_back,
  }))
}
