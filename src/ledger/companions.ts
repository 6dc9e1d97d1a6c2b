// What goes where its document goes when that is taken out of Xero (M6): its files and history notes, and costs that were not posted yet.
// They are held with it and let go with it; holding is rolled-back.ts, letting go holds.ts.

import { sql, type Transaction } from 'kysely'
import type { ThingKind } from '../accounting/kinds.ts'
import type { Schema } from './schema.ts'
import { sendableStates } from './waiting.ts'

/** Before the number of the run. */
export const rolledBackWords = 'rolled back, run '

interface Name {
  kind: ThingKind
  id: string
  entity: string
}

/** Of the documents among these: files and notes that stand on them in Xero, and notes and costs that were still to go. */
export async function companionsOf(tx: Transaction<Schema>, names: readonly Name[]): Promise<Name[]> {
  const { rows } = await sql<Name>`
    SELECT e.kind, e.source_id AS id, e.entity FROM ${companions(names)}
     WHERE e.state = 'exported' AND e.kind IN ('attachment', 'note') OR e.kind IN ('note', 'cogs') AND e.state IN ${sendableStates}`.execute(
    tx,
  )
  return rows
}

/** What was held with these documents when they were rolled back, and is held still, whatever was said of the document since. */
export async function heldAlong(tx: Transaction<Schema>, names: readonly Name[]): Promise<Name[]> {
  const { rows } = await sql<Name>`
    SELECT e.kind, e.source_id AS id, e.entity FROM ${companions(names)}
     WHERE e.state <> 'exported' AND d.held_reason IS NOT NULL AND e.held_reason IN (
       SELECT ${rolledBackWords} || r.run FROM rolled_back AS r
        WHERE r.kind = d.kind AND r.source_id = d.source_id AND r.entity = d.entity)`.execute(tx)
  return rows
}

/** Held no more: what was never sent waits again, of what Xero has a change is offered again. */
export async function letGo(tx: Transaction<Schema>, now: string, names: readonly Name[]): Promise<void> {
  const keys = JSON.stringify(names.map(({ kind, id, entity }) => [kind, id, entity]))
  await sql`
    UPDATE export_state
       SET state = CASE state WHEN 'held' THEN 'pending' ELSE state END, held_reason = NULL, reason = NULL, changed_at = ${now}
     WHERE (kind, source_id, entity) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${keys}))`.execute(
    tx,
  )
}

/** Their files, notes and costs as `e`, beside the document's own row `d`. */
function companions(names: readonly Name[]) {
  const documents = JSON.stringify(names.map(({ kind, id, entity }) => [kind, id, entity]))
  const first = sql`replace(replace(d.source_id, '%', '%25'), '/', '%2F')`
  const note = sql`d.kind || '/' || d.source_id`
  return sql`
    json_each(${documents}) AS j
    CROSS JOIN export_state AS d
      ON d.kind = j.value ->> 0 AND d.source_id = j.value ->> 1 AND d.entity = j.value ->> 2
         AND d.kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order')
    CROSS JOIN (SELECT 'attachment' AS kind UNION ALL SELECT 'cogs' UNION ALL SELECT 'note') AS k
    CROSS JOIN export_state AS e
      ON e.kind = k.kind AND e.entity = d.entity
         AND e.source_id >= CASE k.kind WHEN 'note' THEN ${note} ELSE ${first} || '/' END
         AND e.source_id <= CASE k.kind WHEN 'note' THEN ${note} ELSE ${first} || '/' || char(1114111) END`
}
