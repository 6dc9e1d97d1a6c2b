// Files of documents (I14): which there are, and what is known of the documents that they belong to. Reading the files themselves is
// batch's business.

import { sql } from 'kysely'
import type { ExportState } from '../accounting/kinds.ts'
import { pairId } from '../accounting/thing-ids.ts'
import type { Ledger } from './open.ts'

/** Whether any file of this entity's documents ever was to go out. */
export async function hasAttachments(ledger: Ledger, entity: string): Promise<boolean> {
  const rows = await sql<{ found: number }>`
    SELECT EXISTS (SELECT 1 FROM export_state WHERE kind = 'attachment' AND entity = ${entity}) AS found`.execute(
    ledger.db,
  )
  return rows.rows[0]?.found === 1
}

/** A file of a document, with where it stands. */
export interface AttachmentRow {
  document: string
  /** As the ledger names it: a path, absolute or relative to the ledger's folder. */
  file: string
  includeOnline: boolean
  state: ExportState
}

/** All files of these documents, those in Xero first, by document. */
export async function readAttachments(
  ledger: Ledger,
  entity: string,
  documents: readonly string[],
): Promise<Map<string, AttachmentRow[]>> {
  const rows = await sql<{ document: string; file: string; include_online: number }>`
    SELECT a.document, a.file, a.include_online
      FROM json_each(${JSON.stringify([...new Set(documents)])}) AS j JOIN document_attachment AS a ON a.document = j.value
     ORDER BY a.document, a.file`.execute(ledger.db)
  const ids = rows.rows.map((row) => pairId(row.document, row.file))
  const states = await sql<{ source_id: string; state: ExportState }>`
    SELECT source_id, state FROM export_state
     WHERE kind = 'attachment' AND entity = ${entity}
       AND source_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`.execute(ledger.db)
  const stateOf = new Map(states.rows.map((row) => [row.source_id, row.state]))
  const files = new Map<string, AttachmentRow[]>()
  for (const row of rows.rows) {
    const { document, file } = row
    const state = stateOf.get(pairId(document, file)) ?? 'pending'
    const known = files.get(document) ?? []
    files.set(document, [...known, { document, file, includeOnline: row.include_online === 1, state }])
  }
  for (const all of files.values()) all.sort((one, other) => placeOf(one) - placeOf(other))
  return files
}

/** What may be in Xero counts first: it takes the places and the names that there are. */
function placeOf({ state }: AttachmentRow): number {
  return state === 'exported' || state === 'sending' || state === 'uncertain' ? 0 : 1
}
