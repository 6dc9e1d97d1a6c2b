// What a rollback took out of Xero, as it was kept (M6): for its report and for those who look back.

import { sql } from 'kysely'
import type { ThingKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'
import { rolledBackReason } from './rolled-back.ts'

export interface TakenOut {
  kind: ThingKind
  id: string
  number: string | null
  /** As it was last left in Xero, as JSON. */
  facts: string | null
}

/** In the order of kinds and ids; without files and notes, which stay in Xero beside what was taken out. */
export async function readTakenOut(ledger: Ledger, byRun: number): Promise<TakenOut[]> {
  const { rows } = await sql<TakenOut>`
    SELECT kind, source_id AS id, COALESCE(facts ->> 'label', xero_number) AS number, facts FROM rolled_back
     WHERE by_run = ${byRun} AND kind NOT IN ('attachment', 'note') ORDER BY kind, source_id`.execute(
    ledger.db,
  )
  return rows
}

/** What a rollback of this run took out and is still held for it, files and notes aside: they go with their documents. */
export async function findHeldByRollback(
  ledger: Ledger,
  run: number,
): Promise<(TakenOut & { entity: string })[]> {
  const { rows } = await sql<TakenOut & { entity: string }>`
    SELECT DISTINCT r.kind, r.source_id AS id, r.entity, COALESCE(r.facts ->> 'label', r.xero_number) AS number, NULL AS facts
      FROM rolled_back AS r JOIN export_state AS e ON e.kind = r.kind AND e.source_id = r.source_id AND e.entity = r.entity
     WHERE r.run = ${run} AND e.state = 'held' AND e.held_reason = ${rolledBackReason(run)}
       AND r.kind NOT IN ('attachment', 'note')
     ORDER BY r.kind, r.source_id`.execute(ledger.db)
  return rows
}
