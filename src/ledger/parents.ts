// Documents as what hangs on them sees them: what they are in the ledger and where they stand in Xero. Reading a document
// whole is documents.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentKind, DocumentStatus, ExportState, ThingKind } from '../accounting/kinds.ts'
import { type Cents, cents, type E6, e6 } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'

/** Of a chunk that created its things, and whose first answer told so: see StandingRow. */
export function createdAtOnce(chunk: string) {
  const column = (name: string) => sql.ref(`${chunk}.${name}`)
  return sql<boolean>`${column('operation')} = 'create' AND ${column('state')} = 'settled' AND ${column('unknown_attempts')} = 0`
}

export interface ParentRow {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  status: DocumentStatus
  contact: string | null
  date: PlainDate
  currency: string | null
  exchangeRate: E6 | null
  total: Cents
  state: ExportState | null
  run: number | null
  /** See StandingRow. */
  createdIn: number | null
  xeroId: string | null
  xeroNumber: string | null
  xeroStatus: string | null
  /** As it was last left in Xero, as JSON. */
  facts: string | null
  /** Why a person holds it back (M4); null where nobody does. */
  heldReason: string | null
}

/** The documents with these ids and their export states, by id. */
export async function readParents(ledger: Ledger, ids: readonly string[]): Promise<Map<string, ParentRow>> {
  const rows = await sql<{
    id: string
    entity: string
    kind: DocumentKind
    number: string
    status: DocumentStatus
    contact: string | null
    date: PlainDate
    currency: string | null
    exchange_rate_e6: number | null
    total_cents: number
    state: ExportState | null
    run: number | null
    created_in: number | null
    xero_id: string | null
    xero_number: string | null
    xero_status: string | null
    facts: string | null
    held_reason: string | null
  }>`
    SELECT d.id, d.entity, d.kind, d.number, d.status, d.contact, d.date, d.currency, d.exchange_rate_e6, d.total_cents, e.state, e.run,
           e.xero_id, e.xero_number, e.xero_status, e.facts, e.held_reason, c.id AS created_in
      FROM json_each(${JSON.stringify([...new Set(ids)])}) AS j JOIN document AS d ON d.id = j.value
      LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
      LEFT JOIN chunk AS c ON c.id = e.chunk AND ${createdAtOnce('c')}`.execute(ledger.db)
  return new Map(
    rows.rows.map((row) => [
      row.id,
      {
        id: row.id,
        entity: row.entity,
        kind: row.kind,
        number: row.number,
        status: row.status,
        contact: row.contact,
        date: row.date,
        currency: row.currency,
        exchangeRate: row.exchange_rate_e6 === null ? null : e6(exact(row.exchange_rate_e6)),
        total: cents(exact(row.total_cents)),
        state: row.state,
        run: row.run,
        createdIn: row.created_in,
        xeroId: row.xero_id,
        xeroNumber: row.xero_number,
        xeroStatus: row.xero_status,
        facts: row.facts,
        heldReason: row.held_reason,
      },
    ]),
  )
}

export interface StandingRow {
  sourceId: string
  state: ExportState
  xeroId: string | null
  xeroStatus: string | null
  facts: string | null
  /**
   * The chunk that created it in Xero, by its first answer; null where that was lost, and it was found later, or where it was
   * changed since.
   */
  createdIn: number | null
}

/** Where things of another kind stand that something hangs on: a receipt, a discount. By source id. */
export async function readStandings(
  ledger: Ledger,
  filter: { entity: string; kind: ThingKind; ids: readonly string[] },
): Promise<Map<string, StandingRow>> {
  const rows = await ledger.db
    .selectFrom('export_state')
    .leftJoin('chunk', (join) => join.onRef('chunk.id', '=', 'export_state.chunk').on(createdAtOnce('chunk')))
    .select(['source_id', 'export_state.state', 'xero_id', 'xero_status', 'facts', 'chunk.id as created_in'])
    .where('export_state.kind', '=', filter.kind)
    .where('export_state.entity', '=', filter.entity)
    .where(sql<boolean>`source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))`)
    .execute()
  return new Map(
    rows.map((row) => [
      row.source_id,
      {
        sourceId: row.source_id,
        state: row.state,
        xeroId: row.xero_id,
        xeroStatus: row.xero_status,
        facts: row.facts,
        createdIn: row.created_in,
      },
    ]),
  )
}
