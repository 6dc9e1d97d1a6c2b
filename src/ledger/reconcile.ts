// What the ledger knows of the documents of a month, for holding them against Xero (V4): by index and in pages, with balance, state
// and link. What postings come to by account is reconcile-accounts.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentKind, DocumentStatus, ExportState } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

/** Amounts in cents of the document's currency. */
export interface MonthDocument {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  /** Given by auxo-sync where the ledger has none. */
  assignedNumber: string | null
  contact: string | null
  /** The contact in this organisation; null where it is not linked. */
  xeroContactId: string | null
  status: DocumentStatus
  date: PlainDate
  /** Null: the currency of its entity's region. */
  currency: string | null
  total: number
  paid: number
  credited: number
  adjusted: number
  due: number
  balance: 'unpaid' | 'part-paid' | 'paid'
  /** Null where it was never queued. */
  state: ExportState | null
  queued: 0 | 1 | null
  /** 1: the ledger changed it since it was sent. */
  isChanged: 0 | 1 | null
  reason: string | null
  /** Why a person holds it back, whatever its state; null where nobody does. */
  heldReason: string | null
  /** The first error that stands against it. */
  finding: string | null
  tenantId: string | null
  xeroId: string | null
  /** As it was last left in Xero; null where that is not known. */
  form: string | null
  sentCurrency: string | null
  sentTotal: number | null
  sentStatus: string | null
  /** The run by which it was posted, where it was rolled back and is held since; null otherwise. */
  rolledBack: number | null
  /** Cents of what stands on it in the ledger and was rolled back: payments, credits. */
  heldMoney: number
}

interface Row extends MonthDocument {
  row: number
}

/** What of a document's money is held since it was rolled back (M6): the ledger counts it and Xero has it no more. */
const isHeld = sql`e.state = 'held' AND EXISTS (
  SELECT 1 FROM rolled_back AS r WHERE r.kind = e.kind AND r.source_id = e.source_id AND r.entity = e.entity)`
const escaped = (id: string) => sql.raw(`replace(replace(${id}, '%', '%25'), '/', '%2F')`)
const heldMoney = sql`
  COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment AND p.state <> 'deleted'
             WHERE a.document = d.id AND EXISTS (
               SELECT 1 FROM export_state AS e
                WHERE e.kind IN ('payment', 'refund', 'discount') AND e.source_id = ${escaped('a.payment')} || '/' || a.document
                  AND e.entity = p.entity AND ${isHeld})), 0)
  + COALESCE((SELECT SUM(a.amount_cents) FROM credit_allocation AS a
               WHERE (a.document = d.id OR a.credit = d.id) AND EXISTS (
                 SELECT 1 FROM export_state AS e
                  WHERE e.kind = 'allocation' AND e.source_id = ${escaped('a.credit')} || '/' || a.document
                    AND e.entity = d.entity AND ${isHeld})), 0)`

/** `page` gives `id` and `row` of the documents that are meant. */
function rowsOf(tenantId: string, page: ReturnType<typeof sql>) {
  return sql<Row>`
    WITH page AS MATERIALIZED (${page})
    SELECT d.id, d.entity, d.kind, d.number, n.number AS assignedNumber, d.contact, c.xero_contact_id AS xeroContactId, d.status, d.date,
           d.currency, b.total_cents AS total, b.paid_cents AS paid, b.credited_cents AS credited, b.adjusted_cents AS adjusted,
           b.due_cents AS due, b.state AS balance, e.state, e.queued, e.revision > COALESCE(e.sent_revision, 0) AS isChanged, e.reason, e.held_reason AS heldReason,
           (SELECT f.message FROM finding AS f
             WHERE f.kind = d.kind AND f.source_id = d.id AND f.entity = d.entity AND f.severity = 'error'
             ORDER BY f.position LIMIT 1) AS finding,
           e.tenant_id AS tenantId, e.xero_id AS xeroId, e.facts ->> 'form' AS form, e.facts ->> 'currency' AS sentCurrency,
           e.facts ->> 'totalCents' AS sentTotal, e.facts ->> 'status' AS sentStatus,
           CASE e.state WHEN 'held' THEN (SELECT MAX(r.run) FROM rolled_back AS r
             WHERE r.kind = e.kind AND r.source_id = e.source_id AND r.entity = e.entity) END AS rolledBack,
           ${heldMoney} AS heldMoney, page.row
      FROM page CROSS JOIN document AS d ON d.id = page.id
      JOIN document_balance AS b ON b.document = d.id
      LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
      LEFT JOIN assigned_number AS n ON n.entity = d.entity AND n.kind = d.kind AND n.source_id = d.id
      LEFT JOIN contact_link AS c ON c.tenant_id = ${tenantId} AND c.contact = d.contact AND c.ended IS NULL
     ORDER BY d.date, page.row`
}

const pageSize = 500

/** Documents of a kind dated within these days, both included, in the order of their dates. */
export async function readMonthDocuments(
  ledger: Ledger,
  of: { tenantId: string; entity: string; kind: DocumentKind; from: PlainDate; to: PlainDate },
): Promise<MonthDocument[]> {
  const documents: MonthDocument[] = []
  let after: { date: string; row: number } = { date: of.from, row: 0 }
  for (;;) {
    const page = sql`
      SELECT o.id, o.rowid AS row FROM document AS o
       WHERE o.entity = ${of.entity} AND o.kind = ${of.kind} AND o.date BETWEEN ${after.date} AND ${of.to}
         AND (o.date, o.rowid) > (${after.date}, ${after.row})
       ORDER BY o.date, o.rowid LIMIT ${pageSize}`
    const { rows } = await rowsOf(of.tenantId, page).execute(ledger.db)
    documents.push(...rows)
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return documents
    after = last
  }
}

/** These documents, whatever their date. */
export async function readLedgerDocuments(
  ledger: Ledger,
  tenantId: string,
  ids: readonly string[],
): Promise<MonthDocument[]> {
  const page = sql`
    SELECT o.id, o.rowid AS row FROM json_each(${JSON.stringify([...new Set(ids)])}) AS j CROSS JOIN document AS o ON o.id = j.value`
  return (await rowsOf(tenantId, page).execute(ledger.db)).rows
}

/** When the feeds that change balances were last read to their end, the oldest of them; null where one never was. */
export async function feedsReadAt(
  ledger: Ledger,
  tenantId: string,
  resources: readonly string[],
): Promise<number | null> {
  const rows = await ledger.db
    .selectFrom('watermark')
    .select('read_at')
    .where('tenant_id', '=', tenantId)
    .where('resource', 'in', [...resources])
    .execute()
  return rows.length < resources.length ? null : Math.min(...rows.map((row) => Date.parse(row.read_at)))
}

/** The last row of the API log, to count from. */
export async function lastCall(ledger: Ledger): Promise<number> {
  const row = await ledger.db
    .selectFrom('api_log')
    .select((of) => of.fn.max('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}

/** Calls of an entity after this row that count against the organisation's limits. */
export async function countCallsAfter(ledger: Ledger, entity: string, row: number): Promise<number> {
  const { calls } = await ledger.db
    .selectFrom('api_log')
    .select((of) => of.fn.countAll<number>().as('calls'))
    .where('id', '>', row)
    .where('entity', '=', entity)
    .where('path', 'like', '/api.xro/%')
    .executeTakeFirstOrThrow()
  return calls
}
