// What was done and what it left: a document's rows and events, and what keeps things from going out. Reads only, by index, so
// that a hundred thousand documents cost no more than a hundred. What is on a document is document-money.ts, the calls are
// logged-calls.ts; telling is reporting/.

import { sql } from 'kysely'
import type { Finding, FindingCode } from '../accounting/findings.ts'
import { type DocumentKind, documentKinds, type ExportState, type ThingKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

export interface FoundDocument {
  id: string
  kind: DocumentKind
  entity: string
  number: string
}

/** Documents of this id or number (ignoring case); more than one where a number is used by several kinds or entities. */
export async function findDocuments(
  ledger: Ledger,
  reference: string,
  filter: { kind?: DocumentKind | undefined; entity?: string | undefined },
): Promise<FoundDocument[]> {
  const kinds = filter.kind === undefined ? documentKinds : [filter.kind]
  const rows = await sql<FoundDocument>`
    SELECT id, kind, entity, number FROM document WHERE id = ${reference}
     UNION
    SELECT id, kind, entity, number FROM document
     WHERE kind IN (${sql.join(kinds)}) AND UPPER(number) = UPPER(${reference})`.execute(ledger.db)
  const fitting = rows.rows.filter(
    (row) => kinds.includes(row.kind) && (filter.entity === undefined || row.entity === filter.entity),
  )
  // An id says which one is meant, whatever else has it as its number.
  const byId = fitting.filter((row) => row.id === reference)
  return byId.length > 0 ? byId : fitting
}

/** Numbers of documents, to find the one that was meant. Reads them all: only for the message about an unknown one. */
export async function listDocumentNumbers(
  ledger: Ledger,
  filter: { kind?: DocumentKind | undefined; entity?: string | undefined },
): Promise<string[]> {
  let query = ledger.db.selectFrom('document').select('number').distinct().where('number', '<>', '')
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity)
  return (await query.execute()).map((row) => row.number)
}

type SourceRow = Record<string, string | number | null>

/** A document and its lines as they stand in their tables, every column under its own name. */
export async function readDocumentRows(
  ledger: Ledger,
  id: string,
): Promise<{ document: SourceRow; lines: SourceRow[] }> {
  const documents = await sql<SourceRow>`SELECT * FROM document WHERE id = ${id}`.execute(ledger.db)
  const lines = await sql<SourceRow>`
    SELECT * FROM document_line WHERE document = ${id} ORDER BY position`.execute(ledger.db)
  return { document: documents.rows[0] ?? {}, lines: lines.rows }
}

/** What happened to a thing by hand or by rule: holds, releases, links; oldest first. */
export async function readEvents(
  ledger: Ledger,
  thing: { kind: ThingKind; id: string },
): Promise<{ at: string; who: string; what: string; detail: string | null }[]> {
  return ledger.db
    .selectFrom('event')
    .select(['at', 'who', 'what', 'detail'])
    .where('kind', '=', thing.kind)
    .where('source_id', '=', thing.id)
    .orderBy('id')
    .execute()
}

/** The same of a payment and of what was sent of it. */
export async function readPaymentEvents(
  ledger: Ledger,
  payment: { id: string; things: readonly { kind: ThingKind; id: string }[] },
): Promise<{ at: string; who: string; what: string; detail: string | null }[]> {
  const things = [{ kind: 'payment', id: payment.id }, ...payment.things]
  const rows = await sql<{ at: string; who: string; what: string; detail: string | null }>`
    SELECT e.at, e.who, e.what, e.detail
      FROM json_each(${JSON.stringify(things)}) AS j
      CROSS JOIN event AS e ON e.kind = j.value ->> 'kind' AND e.source_id = j.value ->> 'id'
     ORDER BY e.id`.execute(ledger.db)
  return rows.rows
}

export interface Failure extends Finding {
  /** Where the thing stands; null for a thing that has no row of its own yet. */
  state: ExportState | null
}

/**
 * Errors that keep an entity's things from going out, oldest document first. Left out: what does not wait (void, held,
 * before the cutover, deleted) and contacts that were linked since.
 */
export async function findFailures(
  ledger: Ledger,
  filter: { entity: string; cutover: string | null },
): Promise<Failure[]> {
  const rows = await sql<FailureRow>`
    SELECT f.kind, f.source_id, f.number, f.code, f.field, f.message, f.why, f.fix, f.xero_messages, e.state
      FROM finding AS f
      LEFT JOIN export_state AS e ON e.kind = f.kind AND e.source_id = f.source_id AND e.entity = f.entity
      LEFT JOIN document AS d ON d.id = f.source_id AND d.kind = f.kind
     WHERE f.entity = ${filter.entity} AND f.severity = 'error'
       AND COALESCE(e.queued, 1) = 1 AND COALESCE(e.source_gone, 0) = 0
       AND COALESCE(e.state, 'pending') NOT IN ('held', 'mock_exported') AND e.held_reason IS NULL
       AND (d.id IS NULL OR e.state IN ('exported', 'sending', 'uncertain')
            OR d.status = 'sent' AND d.date >= ${filter.cutover ?? ''})
       AND NOT (f.kind = 'contact' AND COALESCE(e.state, 'pending') <> 'exported' AND EXISTS (
         SELECT 1 FROM contact_link AS l JOIN connection AS c ON c.tenant_id = l.tenant_id
          WHERE c.entity = f.entity AND l.contact = f.source_id AND l.ended IS NULL))
     ORDER BY COALESCE(d.date, ''), f.number, f.source_id, f.position`.execute(ledger.db)
  return rows.rows.map((row) => ({
    kind: row.kind,
    id: row.source_id,
    number: row.number,
    code: row.code,
    severity: 'error',
    field: row.field,
    message: row.message,
    why: row.why,
    fix: row.fix,
    xeroMessages: JSON.parse(row.xero_messages) as string[], // written by recordFindings
    state: row.state,
  }))
}

interface FailureRow {
  kind: ThingKind
  source_id: string
  number: string
  code: FindingCode
  field: string | null
  message: string
  why: string
  fix: string
  xero_messages: string
  state: ExportState | null
}

/** When the last attempt of an entity's open chunks ended: from then the settle window counts. Null: none is open. */
export async function lastOpenAttempt(ledger: Ledger, entity: string): Promise<string | null> {
  const row = await ledger.db
    .selectFrom('chunk')
    .select((chunk) => chunk.fn.max('last_ended_at').as('ended'))
    .where('entity', '=', entity)
    .where('state', 'in', ['sent', 'uncertain'])
    .executeTakeFirst()
  return row?.ended ?? null
}

/** What telling needs of an organisation as it was last read. */
export async function findOrganisation(
  ledger: Ledger,
  tenantId: string,
): Promise<{ name: string; timezone: string; shortCode: string | null; readAt: string } | null> {
  const row = await ledger.db
    .selectFrom('mirror_organisation')
    .select(['name', 'timezone', 'short_code as shortCode', 'read_at as readAt'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  return row ?? null
}
