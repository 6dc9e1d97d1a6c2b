// The journals that the cost of parts comes to (J2), as they were made and as they were sent: which documents have to be looked at,
// what is known of each, and what is written down of it. What a part costs is mapping/cogs.ts.

import { sql } from 'kysely'
import type { DocumentKind, ExportState } from '../accounting/kinds.ts'
import { pairId, splitPair } from '../accounting/thing-ids.ts'
import type { Ledger } from './open.ts'
import { sendableStates } from './waiting.ts'

/** A document that was exported, changed or voided, or whose cost is not in Xero yet. */
export interface CostedDocument {
  id: string
  kind: DocumentKind
  /** Of its export state, as it was read. */
  revision: number
}

/** A posting or reversal; `none` where one that was never sent is not needed any more. */
export interface CogsRow {
  document: string
  position: number
  sequence: number
  date: string
  action: 'posting' | 'reversal' | 'none'
  /** JSON; what is in it is the maker's business. */
  cost: string
  entry: string
}

export type CogsPosting = CogsRow & { state: ExportState }

/** The thing's id: `document/position/sequence`. */
export function cogsId({ document, position, sequence }: CogsRow): string {
  return pairId(document, `${position}/${sequence}`)
}

/**
 * From off to on, what was exported before stays without (J2): nothing of these is looked at again. What has postings waits, so that a
 * void or an edit is reversed once the setting is on again.
 */
export async function leaveWithoutCost(ledger: Ledger, entity: string): Promise<void> {
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE export_state
         SET follow_up = 2
       WHERE follow_up = 1 AND entity = ${entity} AND kind IN ('invoice', 'credit_note')
         AND NOT EXISTS (SELECT 1 FROM cogs_posting AS p
                          WHERE p.entity = export_state.entity AND p.document = export_state.source_id)`.execute(
      tx,
    )
  })
}

/**
 * A page of the documents, after this id, that have to be looked at: in Xero as they are in the ledger, and with no journal of theirs
 * whose outcome is open. Others wait until they are.
 */
export async function findCostedDocuments(
  ledger: Ledger,
  filter: { entity: string; after: string; limit: number },
): Promise<CostedDocument[]> {
  const { entity, after, limit } = filter
  const rows = await sql<{ source_id: string; kind: DocumentKind; revision: number }>`
    WITH asked AS (
      SELECT kind, source_id FROM export_state
       WHERE follow_up = 1 AND entity = ${entity} AND kind IN ('invoice', 'credit_note')
       UNION
      SELECT d.kind, d.source_id
        FROM export_state AS e INDEXED BY export_state_queue
        CROSS JOIN export_state AS d
          ON d.kind IN ('invoice', 'credit_note') AND d.entity = e.entity
             AND d.source_id = replace(replace(substr(e.source_id, 1, instr(e.source_id, '/') - 1), '%2F', '/'), '%25', '%')
       WHERE e.queued = 1 AND e.entity = ${entity} AND e.kind = 'cogs' AND e.state IN ${sendableStates})
    SELECT d.source_id, d.kind, d.revision
      FROM asked AS a CROSS JOIN export_state AS d ON d.kind = a.kind AND d.source_id = a.source_id AND d.entity = ${entity}
     WHERE d.state = 'exported' AND d.queued = 0 AND d.source_id > ${after}
       AND NOT EXISTS (
         SELECT 1 FROM cogs_posting AS p CROSS JOIN export_state AS o
            ON o.kind = 'cogs' AND o.entity = p.entity
               AND o.source_id = replace(replace(p.document, '%', '%25'), '/', '%2F') || '/' || p.position || '/' || p.sequence
          WHERE p.entity = ${entity} AND p.document = d.source_id AND o.state IN ('sending', 'uncertain'))
     ORDER BY d.source_id LIMIT ${limit}`.execute(ledger.db)
  return rows.rows.map(({ source_id, kind, revision }) => ({ id: source_id, kind, revision }))
}

/** Everything that was made of these documents, by document, in the order in which it was made. */
export async function readCogsPostings(
  ledger: Ledger,
  entity: string,
  documents: readonly string[],
): Promise<Map<string, CogsPosting[]>> {
  const rows = await sql<CogsPosting>`
    SELECT p.document, p.position, p.sequence, p.date, p.action, p.cost, p.entry, e.state
      FROM json_each(${JSON.stringify(documents)}) AS j
      CROSS JOIN cogs_posting AS p ON p.entity = ${entity} AND p.document = j.value
      CROSS JOIN export_state AS e
        ON e.kind = 'cogs' AND e.entity = p.entity
           AND e.source_id = replace(replace(p.document, '%', '%25'), '/', '%2F') || '/' || p.position || '/' || p.sequence
     ORDER BY p.document, p.position, p.sequence`.execute(ledger.db)
  const postings = new Map<string, CogsPosting[]>()
  for (const row of rows.rows) {
    const known = postings.get(row.document)
    if (known) known.push(row)
    else postings.set(row.document, [row])
  }
  return postings
}

/** Postings by the ids of their things. */
export async function readCogsThings(
  ledger: Ledger,
  entity: string,
  ids: readonly string[],
): Promise<Map<string, CogsPosting>> {
  const documents = [...new Set(ids.map((id) => splitPair(id)[0]))]
  const postings = await readCogsPostings(ledger, entity, documents)
  return new Map([...postings.values()].flat().map((posting) => [cogsId(posting), posting]))
}

/**
 * Writes down what was made of these documents, new things and all, and that they were looked at. A document that changed meanwhile is
 * looked at again.
 */
export async function recordCogs(
  ledger: Ledger,
  entity: string,
  documents: readonly CostedDocument[],
  rows: readonly CogsRow[],
): Promise<void> {
  const made = JSON.stringify(
    rows.map((row) => [
      row.document,
      row.position,
      row.sequence,
      row.date,
      row.action,
      row.cost,
      row.entry,
      cogsId(row),
    ]),
  )
  const seen = JSON.stringify(documents.map(({ kind, id, revision }) => [kind, id, revision, entity]))
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO cogs_posting (entity, document, position, sequence, date, action, cost, entry)
      SELECT ${entity}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
        FROM json_each(${made}) WHERE true
          ON CONFLICT DO UPDATE SET date = excluded.date, action = excluded.action, cost = excluded.cost, entry = excluded.entry`.execute(
      tx,
    )
    await sql`
      INSERT INTO export_state (kind, source_id, entity, changed_at)
      SELECT 'cogs', value ->> 7, ${entity}, ${now} FROM json_each(${made}) WHERE true
          ON CONFLICT DO NOTHING`.execute(tx)
    await sql`
      UPDATE export_state SET follow_up = 0
        FROM json_each(${seen}) AS j
       WHERE export_state.kind = j.value ->> 0 AND export_state.source_id = j.value ->> 1
         AND export_state.entity = j.value ->> 3 AND export_state.revision = j.value ->> 2 AND export_state.follow_up = 1`.execute(
      tx,
    )
  })
}
