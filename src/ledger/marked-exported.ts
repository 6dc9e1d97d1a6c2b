// A thing that a person says is in Xero already, entered by hand (M5), and that was found to be so: from here on it is as if it had been
// sent. What is checked before is batch/cutover/mark-exported.ts.

import { sql } from 'kysely'
import { noteEvents, type ThingName } from './holds.ts'
import type { Ledger } from './open.ts'
import { sendableStates } from './waiting.ts'

export interface EnteredThing extends ThingName {
  /** Of the source that was compared. */
  revision: number
  factsHash: string
  /** As Xero has it now, as JSON. */
  facts: object
  xeroId: string
  xeroNumber: string | null
  xeroStatus: string
}

/**
 * False where it was changed meanwhile, is on its way or exported: nothing was changed then. What was marked at cutover is followed by
 * no journals of its cost, which is in the old books.
 */
export async function recordEntered(
  ledger: Ledger,
  thing: EnteredThing,
  by: { tenantId: string; run: number; who: string },
): Promise<boolean> {
  const { kind, id, entity, revision } = thing
  return ledger.transaction(async (tx, now) => {
    const changed = await sql`
      UPDATE export_state
         SET state = 'exported', sent_revision = ${revision}, queued = 0, facts_hash = ${thing.factsHash},
             facts = ${JSON.stringify(thing.facts)}, xero_id = ${thing.xeroId}, xero_number = ${thing.xeroNumber},
             xero_status = ${thing.xeroStatus}, tenant_id = ${by.tenantId}, run = ${by.run}, reason = NULL, held_reason = NULL,
             follow_up = CASE WHEN kind IN ('invoice', 'credit_note') AND state <> 'mock_exported' AND follow_up <> 2 THEN 1 ELSE follow_up END,
             changed_at = ${now}
       WHERE kind = ${kind} AND source_id = ${id} AND entity = ${entity} AND revision = ${revision} AND source_gone = 0
         AND (state IN ${sendableStates} OR state IN ('held', 'mock_exported'))`.execute(tx)
    if (changed.numAffectedRows !== 1n) return false
    await sql`
      DELETE FROM finding WHERE kind = ${kind} AND source_id = ${id} AND entity = ${entity}`.execute(tx)
    const event = { who: by.who, what: 'marked as exported by hand', detail: thing.xeroId, run: by.run }
    await noteEvents(tx, now, [thing], event)
    return true
  })
}
