// Open documents of before the cutover and what is on them, for linking with what Xero has (M1), and the links themselves: ids of
// Xero on things that were marked and never sent. What is the same on both sides is batch/cutover's to decide.

import { sql, type Transaction } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentKind, ThingKind } from '../accounting/kinds.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { sendableStates } from './waiting.ts'

/** A document that was not settled when the cutover came. */
export interface OpenDocument {
  id: string
  kind: Exclude<DocumentKind, 'purchase_order'>
  number: string
  contact: string | null
  date: PlainDate
  currency: string | null
  total: Cents
  /** As the ledger has it now: what was paid since is taken off. */
  due: Cents
}

/**
 * Approved documents dated before, that are or will be marked and are not linked yet, on which something is due, or something is
 * dated on or after that day: a later payment of a document that was open then.
 */
export async function findOpenDocuments(
  ledger: Ledger,
  { entity, before }: { entity: string; before: PlainDate },
): Promise<OpenDocument[]> {
  const rows = await sql<{
    id: string
    kind: OpenDocument['kind']
    number: string
    contact: string | null
    date: PlainDate
    currency: string | null
    total: number
    due: number
  }>`
    SELECT d.id, d.kind, d.number, d.contact, d.date, d.currency, d.total_cents AS total, b.due_cents AS due
      FROM document AS d
      CROSS JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
      CROSS JOIN document_balance AS b ON b.document = d.id
     WHERE d.entity = ${entity} AND d.kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit')
       AND d.status = 'sent' AND d.date < ${before}
       AND (e.state IN ${sendableStates} OR e.state = 'mock_exported' AND e.xero_id IS NULL)
       AND (b.due_cents <> 0
            OR EXISTS (SELECT 1 FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                        WHERE a.document = d.id AND p.origin = 'ledger' AND p.state <> 'deleted' AND COALESCE(a.date, p.date) >= ${before})
            OR EXISTS (SELECT 1 FROM credit_allocation AS a LEFT JOIN document AS c ON c.id = a.credit
                        WHERE a.document = d.id AND a.origin = 'ledger' AND COALESCE(a.date, c.date) >= ${before})
            OR EXISTS (SELECT 1 FROM credit_allocation AS a
                        WHERE a.credit = d.id AND a.origin = 'ledger' AND COALESCE(a.date, d.date) >= ${before}))
     ORDER BY d.date, d.number, d.id`.execute(ledger.db)
  return rows.rows.map((row) => ({ ...row, total: cents(exact(row.total)), due: cents(exact(row.due)) }))
}

/** A thing of the ledger and what it is in Xero. */
export interface LinkedThing {
  kind: ThingKind
  id: string
  xeroId: string
  xeroNumber: string | null
  xeroStatus: string
  /** As Xero has it now, as JSON: what is changed there later is a difference to this. */
  facts: object
}

/**
 * Gives marked things the ids that they have in Xero. Of a credit or receipt that is linked, what Xero does not have of its parts is
 * known to be nothing, so that the pull does not take it for taken back.
 */
export async function recordCutoverLinks(
  tx: Transaction<Schema>,
  now: string,
  request: { entity: string; run: number; who: string; tenantId: string; things: readonly LinkedThing[] },
): Promise<void> {
  const { entity, run, who, tenantId, things } = request
  const rows = JSON.stringify(
    things.map((one) => [
      one.kind,
      one.id,
      entity,
      one.xeroId,
      one.xeroNumber,
      one.xeroStatus,
      JSON.stringify(one.facts),
    ]),
  )
  // What applies a discount is made by auxo-sync once the discount was sent: here it never was.
  await sql`
    INSERT INTO export_state (kind, source_id, entity, state, queued, run, changed_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, 'mock_exported', 0, ${run}, ${now} FROM json_each(${rows})
     WHERE value ->> 0 = 'discount_allocation'
    ON CONFLICT DO NOTHING`.execute(tx)
  await sql`
    UPDATE export_state
       SET xero_id = j.value ->> 3, xero_number = j.value ->> 4, xero_status = j.value ->> 5, facts = j.value ->> 6,
           tenant_id = ${tenantId}, changed_at = ${now}
      FROM json_each(${rows}) AS j
     WHERE export_state.kind = j.value ->> 0 AND export_state.source_id = j.value ->> 1
       AND export_state.entity = j.value ->> 2 AND export_state.state = 'mock_exported' AND export_state.xero_id IS NULL`.execute(
    tx,
  )
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, ${who}, ${run}, value ->> 2, value ->> 0, value ->> 1, 'linked with Xero at cutover', value ->> 3
      FROM json_each(${rows})`.execute(tx)
  await knowUnpaired(tx, entity, things)
}

const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('/', '%2F')
const partsOf: Partial<Record<ThingKind, ThingKind>> = {
  credit_note: 'allocation',
  supplier_credit: 'allocation',
  receipt: 'payment',
}

async function knowUnpaired(
  tx: Transaction<Schema>,
  entity: string,
  things: readonly LinkedThing[],
): Promise<void> {
  const owners = things.flatMap(({ kind, id }) => {
    const part = partsOf[kind]
    return part === undefined ? [] : [[part, `${escaped(id)}/`, `${escaped(id)}0`, entity]]
  })
  await sql`
    UPDATE export_state SET facts = '{"amountCents":0}'
      FROM json_each(${JSON.stringify(owners)}) AS j
     WHERE export_state.kind = j.value ->> 0 AND export_state.source_id >= j.value ->> 1 AND export_state.source_id < j.value ->> 2
       AND export_state.entity = j.value ->> 3 AND export_state.state = 'mock_exported' AND export_state.xero_id IS NULL
       AND export_state.facts IS NULL`.execute(tx)
}
