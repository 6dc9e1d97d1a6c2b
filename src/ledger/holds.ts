// Holding things back by hand, and letting them go again (M4): what is held is never sent, whatever happens to it in the ledger. What
// was never sent is in the state `held`; what Xero has keeps the state that says so, or its payments and deletions would be lost.

import { sql, type Transaction } from 'kysely'
import type { ExportState, ThingKind } from '../accounting/kinds.ts'
import { heldAlong, letGo } from './companions.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { sendableStates } from './waiting.ts'

export interface ThingName {
  kind: ThingKind
  id: string
  entity: string
}

/** A thing as it stands: what decides whether it can be held, released or reset. */
export interface StandingThing extends ThingName {
  state: ExportState
  /** Null where it is not held back. */
  heldReason: string | null
  xeroId: string | null
  xeroStatus: string | null
  run: number | null
}

/** As they stand in this moment; what the ledger does not know is left out. */
export async function readStandingThings(
  { db }: Pick<Ledger, 'db'> | { db: Transaction<Schema> },
  names: readonly ThingName[],
): Promise<StandingThing[]> {
  const rows = await sql<StandingThing>`
    SELECT e.kind, e.source_id AS id, e.entity, e.state, e.held_reason AS heldReason, e.xero_id AS xeroId,
           e.xero_status AS xeroStatus, e.run
      FROM json_each(${keysOf(names)}) AS j CROSS JOIN export_state AS e
        ON e.kind = j.value ->> 0 AND e.source_id = j.value ->> 1 AND e.entity = j.value ->> 2`.execute(db)
  return rows.rows
}

/** Those that cannot be changed as asked; where there are any, nothing was changed. */
export interface Changed {
  refused: StandingThing[]
}

/** Holds these back; what is on its way or uncertain is refused, since it may be in Xero in a moment. */
export async function holdThings(
  ledger: Ledger,
  names: readonly ThingName[],
  hold: { reason: string; who: string },
): Promise<Changed> {
  return ledger.transaction(async (tx, now) => {
    const things = await readStandingThings({ db: tx }, names)
    const refused = things.filter(({ state }) => state === 'sending' || state === 'uncertain')
    if (refused.length > 0) return { refused }
    const keys = keysOf(names)
    await sql`
      UPDATE export_state
         SET state = CASE WHEN state IN ${sendableStates} THEN 'held' ELSE state END,
             queued = CASE WHEN state IN ${sendableStates} THEN 1 ELSE queued END,
             held_reason = ${hold.reason}, reason = NULL, changed_at = ${now}
       WHERE (kind, source_id, entity) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${keys}))`.execute(
      tx,
    )
    await noteEvents(tx, now, names, { who: hold.who, what: 'held back', detail: hold.reason })
    return { refused: [] }
  })
}

/**
 * Lets these go: what was never sent waits again, a change of what Xero has is offered again. What is not held is refused. What a
 * rollback held with a document goes along with it.
 */
export async function releaseThings(
  ledger: Ledger,
  names: readonly ThingName[],
  who: string,
): Promise<Changed> {
  return ledger.transaction(async (tx, now) => {
    const things = await readStandingThings({ db: tx }, names)
    const refused = things.filter(({ state, heldReason }) => state !== 'held' && heldReason === null)
    if (refused.length > 0) return { refused }
    const all = [...names, ...(await heldAlong(tx, names))]
    await letGo(tx, now, all)
    await noteEvents(tx, now, all, { who, what: 'released', detail: null })
    return { refused: [] }
  })
}

/**
 * Takes up what is held back and was never sent, so that it can be looked for in Xero: a restored ledger may have lost that it was
 * released and sent (E13). It keeps its reason, and so nothing sends it, whatever happens before `holdAgain`. How many there are.
 */
export async function takeUpHeld(ledger: Ledger, entity: string): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE export_state SET state = 'pending' WHERE entity = ${entity} AND state = 'held' AND held_reason IS NOT NULL`.execute(
    ledger.db,
  )
  return Number(numAffectedRows ?? 0)
}

/** What was taken up and not found in Xero is held back as before. */
export async function holdAgain(ledger: Ledger, entity: string): Promise<void> {
  await sql`
    UPDATE export_state SET state = 'held', queued = 1, reason = NULL
     WHERE entity = ${entity} AND state IN ${sendableStates} AND held_reason IS NOT NULL`.execute(ledger.db)
}

/** One event for each thing: who did what to it, and when. */
export async function noteEvents(
  tx: Transaction<Schema>,
  now: string,
  names: readonly ThingName[],
  event: { who: string; what: string; detail: string | null; run?: number },
): Promise<void> {
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, ${event.who}, ${event.run ?? null}, value ->> 2, value ->> 0, value ->> 1, ${event.what}, ${event.detail}
      FROM json_each(${keysOf(names)})`.execute(tx)
}

function keysOf(names: readonly ThingName[]): string {
  return JSON.stringify(names.map(({ kind, id, entity }) => [kind, id, entity]))
}
