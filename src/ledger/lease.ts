// One run at a time per organisation (E8): who holds it, how a dead holder is replaced, and the generation that keeps
// a process which slept through its own replacement from sending anything.

import type { Transaction } from 'kysely'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** A holder that gave no sign for this long is taken for gone, even where it seems alive (a frozen process). */
export const leaseStaleMs = 15 * 60_000

export interface Holder {
  host: string
  pid: number
  /** user@host, for the message to the second run. */
  who: string
  isAlive: (pid: number) => boolean
}

export interface Lease {
  tenantId: string
  generation: number
}

/** Takes the organisation; AuxoError `organisation-busy` names the holder where it is taken. */
export async function acquireLease(ledger: Ledger, tenantId: string, holder: Holder): Promise<Lease> {
  return ledger.transaction(async (tx, now) => {
    const row = await tx
      .selectFrom('run_lease')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst()
    if (row?.held === 1 && !isGone(row, holder, ledger.clock.now())) throw busy(row)
    const generation = (row?.generation ?? 0) + 1
    const values = {
      generation,
      held: 1 as const,
      holder: holder.who,
      host: holder.host,
      pid: holder.pid,
      acquired_at: now,
      heartbeat_at: now,
    }
    await tx
      .insertInto('run_lease')
      .values({ tenant_id: tenantId, ...values })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
      .execute()
    return { tenantId, generation }
  })
}

/** Who holds the organisation, for telling; null where nobody does. `dead`: the next run takes over; `silent`: no sign for 15 minutes. */
export async function findLease(
  ledger: Ledger,
  tenantId: string,
  machine: Pick<Holder, 'host' | 'isAlive'>,
): Promise<{ holder: string; since: string; state: 'alive' | 'dead' | 'silent' } | null> {
  const row = await ledger.db
    .selectFrom('run_lease')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  if (row?.held !== 1) return null
  const isDead = row.host === machine.host && !machine.isAlive(row.pid)
  const isSilent = ledger.clock.now() - Date.parse(row.heartbeat_at) > leaseStaleMs
  return {
    holder: `${row.holder}, process ${row.pid} on ${row.host}`,
    since: row.acquired_at,
    state: isDead ? 'dead' : isSilent ? 'silent' : 'alive',
  }
}

interface LeaseRow {
  held: 0 | 1
  holder: string
  host: string
  pid: number
  acquired_at: string
  heartbeat_at: string
}

function isGone(row: LeaseRow, holder: Holder, nowMs: number): boolean {
  if (row.host === holder.host && (row.pid === holder.pid || !holder.isAlive(row.pid))) return true
  return nowMs - Date.parse(row.heartbeat_at) > leaseStaleMs
}

function busy(row: LeaseRow): AuxoError {
  const freeAt = isoInstant(Date.parse(row.heartbeat_at) + leaseStaleMs)
  return new AuxoError(
    'organisation-busy',
    `Another run holds this organisation: ${row.holder}, process ${row.pid} on ${row.host}, since ${utcText(row.acquired_at)}. ` +
      `Wait until it has ended; if it died on another machine, the organisation is free at ${utcText(freeAt)}.`,
  )
}

function utcText(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

/** Says that the holder lives, and fails where it was replaced. Part of the transactions that precede sending. */
export async function confirmLease(tx: Transaction<Schema>, lease: Lease, now: string): Promise<void> {
  const updated = await tx
    .updateTable('run_lease')
    .set({ heartbeat_at: now })
    .where('tenant_id', '=', lease.tenantId)
    .where('generation', '=', lease.generation)
    .where('held', '=', 1)
    .executeTakeFirst()
  if (updated.numUpdatedRows !== 1n) {
    throw new AuxoError(
      'organisation-busy',
      'Another run took this organisation over while this one was asleep. This run stopped; nothing was sent twice.',
    )
  }
}

export async function heartbeat(ledger: Ledger, lease: Lease): Promise<void> {
  await ledger.transaction((tx, now) => confirmLease(tx, lease, now))
}

/** Gives the organisation back; harmless where somebody else has it by now. */
export async function releaseLease(ledger: Ledger, lease: Lease): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await tx
      .updateTable('run_lease')
      .set({ held: 0, heartbeat_at: now })
      .where('tenant_id', '=', lease.tenantId)
      .where('generation', '=', lease.generation)
      .execute()
  })
}

/** Holds the organisation while something is done with it. AuxoError `organisation-busy` as above. */
export async function whileLeased<Value>(
  ledger: Ledger,
  tenantId: string,
  holder: Holder,
  work: (lease: Lease) => Promise<Value>,
): Promise<Value> {
  const lease = await acquireLease(ledger, tenantId, holder)
  try {
    return await work(lease)
  } finally {
    await releaseLease(ledger, lease)
  }
}
