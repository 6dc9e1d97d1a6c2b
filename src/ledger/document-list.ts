// Documents as a list that is searched, narrowed, sorted and paged: what a page shows is read whole, the rest of a hundred thousand is only
// counted. One document's whole life is looking-back.ts and document-money.ts.

import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentKind, DocumentStatus, ExportState } from '../accounting/kinds.ts'
import type { DocumentSort, ListedDocument } from '../accounting/looking-back.ts'
import type { Ledger } from './open.ts'

export interface DocumentFilter {
  entity: string | null
  kind: DocumentKind | null
  /** In Xero or not, and why not. */
  state: ExportState | null
  /** Only where something is due; sent documents alone. */
  isDue: boolean
  /** Part of a number, a reference, or a contact's name or code. */
  search: string
  contact: string | null
  from: PlainDate | null
  to: PlainDate | null
}

export interface ListPage {
  sort: DocumentSort
  direction: 'ascending' | 'descending'
  /** From 1. */
  page: number
  size: number
}

/** Words that SQL knows for what a person sorts by. */
const sortColumns: Record<DocumentSort, string> = {
  date: 'd.date',
  number: 'UPPER(d.number)',
  contact: 'UPPER(COALESCE(c.name, d.contact))',
  total: 'd.total_cents',
}

function conditions(filter: DocumentFilter): RawBuilder<unknown> {
  const like = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`
  const all = [
    sql`1`,
    ...(filter.entity === null ? [] : [sql`d.entity = ${filter.entity}`]),
    ...(filter.kind === null ? [] : [sql`d.kind = ${filter.kind}`]),
    ...(filter.contact === null ? [] : [sql`d.contact = ${filter.contact}`]),
    ...(filter.from === null ? [] : [sql`d.date >= ${filter.from}`]),
    ...(filter.to === null ? [] : [sql`d.date <= ${filter.to}`]),
    ...(filter.state === null ? [] : [sql`${stateOf} = ${filter.state}`]),
    ...(filter.isDue ? [sql`d.status = 'sent' AND b.due_cents <> 0`] : []),
    ...(filter.search === ''
      ? []
      : [
          sql`(d.number LIKE ${like} ESCAPE '\\' OR d.reference LIKE ${like} ESCAPE '\\' OR d.contact LIKE ${like} ESCAPE '\\'
               OR c.name LIKE ${like} ESCAPE '\\')`,
        ]),
  ]
  return sql.join(all, sql` AND `)
}

/** Held back is told first, whatever Xero has of it. */
const stateOf = sql`CASE WHEN e.held_reason IS NOT NULL THEN 'held' ELSE e.state END`

/** Only the tables that the question needs: a join with balances costs as much as all documents have of them. */
function tables(filter: DocumentFilter, isSortedByContact: boolean): RawBuilder<unknown> {
  const contact = filter.search !== '' || isSortedByContact
  return sql`document AS d
    ${contact ? sql`LEFT JOIN contact AS c ON c.code = d.contact` : sql``}
    ${filter.state === null ? sql`` : sql`LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity`}
    ${filter.isDue ? sql`JOIN document_balance AS b ON b.document = d.id` : sql``}`
}

/** A page of the documents that are asked for, and how many there are in all. */
export async function listDocuments(
  ledger: Ledger,
  filter: DocumentFilter,
  { sort, direction, page, size }: ListPage,
): Promise<{ documents: ListedDocument[]; count: number }> {
  const order = sql.raw(direction === 'ascending' ? 'ASC' : 'DESC')
  const counted = await sql<{ count: number }>`
    SELECT COUNT(*) AS count FROM ${tables(filter, false)} WHERE ${conditions(filter)}`.execute(ledger.db)
  const { rows } = await sql<ListedDocument & { status: DocumentStatus }>`
    WITH page AS MATERIALIZED (
      SELECT d.id, ROW_NUMBER() OVER () AS place FROM (
        SELECT d.id FROM ${tables(filter, sort === 'contact')} WHERE ${conditions(filter)}
         ORDER BY ${sql.raw(sortColumns[sort])} ${order}, d.rowid ${order}
         LIMIT ${size} OFFSET ${(page - 1) * size}) AS d)
    SELECT d.id, d.entity, d.kind, d.number, COALESCE(c.name, d.contact) AS contact, d.status, d.date, d.due_date AS dueDate,
           COALESCE(d.currency, '') AS currency, b.total_cents AS totalCents, b.due_cents AS dueCents, b.state AS balance, ${stateOf} AS state
      FROM page CROSS JOIN document AS d ON d.id = page.id
      JOIN document_balance AS b ON b.document = d.id
      LEFT JOIN contact AS c ON c.code = d.contact
      LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
     ORDER BY page.place`.execute(ledger.db)
  return { documents: rows, count: counted.rows[0]?.count ?? 0 }
}
