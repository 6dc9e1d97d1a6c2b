// One payment's whole life, for `show payment:ID`: its row, what it is on, what was given back of it, and what happened to it. What
// it is on is document-money.ts; the calls are logged-calls.ts.

import { sql } from 'kysely'
import type { ExportState, PaymentKind, ThingKind } from '../accounting/kinds.ts'
import { splitPair } from '../accounting/thing-ids.ts'
import { escapedId, type PaidPart, wasRead } from './document-money.ts'
import type { Ledger } from './open.ts'

export interface FoundPayment {
  id: string
  kind: PaymentKind
  entity: string
}

/** A payment by its id, or by that of what it is on a document (`payment/document`). */
export async function findPayment(ledger: Ledger, id: string): Promise<FoundPayment | null> {
  const ids = id.includes('/') ? [id, splitPair(id)[0]] : [id]
  const rows = await ledger.db
    .selectFrom('payment')
    .select(['id', 'kind', 'entity'])
    .where('id', 'in', ids)
    .execute()
  return rows.find((row) => row.id === id) ?? rows[0] ?? null
}

/** The row as it stands in its table, every column under its own name. */
export async function readPaymentRow(
  ledger: Ledger,
  id: string,
): Promise<Record<string, string | number | null>> {
  const rows = await sql<Record<string, string | number | null>>`
    SELECT * FROM payment WHERE id = ${id}`.execute(ledger.db)
  return rows.rows[0] ?? {}
}

/** The prepayment or overpayment that a payment is in Xero, as it was read last; amounts are cents in its own currency. */
export interface DepositInXero {
  id: string
  kind: 'prepayment' | 'overpayment'
  status: string
  totalCents: number
  /** What is neither applied nor given back. */
  remainingCents: number
}

/** Null where it is none, or nothing was read of it yet. */
export async function readDeposit({ db }: Ledger, payment: string): Promise<DepositInXero | null> {
  const rows = await sql<DepositInXero>`
    SELECT m.credit_id AS id, m.kind, m.status, m.total_cents AS totalCents, m.remaining_cents AS remainingCents
      FROM (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'payment' AND source_id = ${payment}
             UNION ALL
            SELECT tenant_id, xero_id FROM export_state
             WHERE kind = 'receipt' AND source_id = ${payment} AND xero_id IS NOT NULL) AS i
      CROSS JOIN mirror_credit AS m ON m.tenant_id = i.tenant_id AND m.credit_id = i.xero_id
     WHERE m.kind <> 'credit_note' AND ${wasRead}`.execute(db)
  return rows.rows[0] ?? null
}

/** What was given back of a payment: refunds of the ledger's, or those that Xero has of what was received there (X5). */
export async function readRefunds(
  { db }: Ledger,
  payment: string,
  deposit: DepositInXero | null,
): Promise<PaidPart[]> {
  const rows = await sql<PaidPart>`
    SELECT p.id, 'refund' AS kind, p.date, p.amount_cents AS amountCents, p.origin, p.state, p.deleted_at AS deletedAt,
           p.deleted_by AS deletedBy, e.state AS export, COALESCE(e.xero_id, r.xero_id) AS xeroId
      FROM payment AS p
      LEFT JOIN export_state AS e
        ON e.kind = 'refund' AND e.source_id = ${escapedId('p.id')} || '/' AND e.entity = p.entity
      LEFT JOIN external_ref AS r ON r.kind = 'refund' AND r.source_id = p.id
     WHERE p.refund_of = ${payment}
     UNION ALL
    SELECT 'xero:' || m.payment_id, 'refund', COALESCE(m.date, ''), m.amount_cents, 'external',
           CASE m.status WHEN 'AUTHORISED' THEN 'applied' ELSE 'deleted' END, NULL,
           CASE m.status WHEN 'AUTHORISED' THEN NULL ELSE 'xero' END, NULL, m.payment_id
      FROM mirror_payment AS m JOIN payment AS p ON p.id = ${payment} AND p.origin = 'external'
     WHERE m.target_id = ${deposit?.id ?? ''}
     ORDER BY 3, 1`.execute(db)
  return rows.rows
}

/** What was or is to be sent of a payment: a thing for each document, and what was received as a whole, where that is one. */
export interface PaymentThing {
  kind: ThingKind
  id: string
  state: ExportState
  reason: string | null
  xeroId: string | null
  xeroStatus: string | null
}

export async function readPaymentThings(
  { db }: Ledger,
  { id, entity }: { id: string; entity: string },
): Promise<PaymentThing[]> {
  const from = sql`replace(replace(${id}, '%', '%25'), '/', '%2F')`
  const columns = sql`e.kind, e.source_id AS id, e.state, e.reason, e.xero_id AS xeroId, e.xero_status AS xeroStatus`
  // Everything between "id/" and "id0", the character after the slash, begins with "id/".
  const rows = await sql<PaymentThing>`
    SELECT ${columns} FROM export_state AS e WHERE e.kind = 'receipt' AND e.source_id = ${id} AND e.entity = ${entity}
       AND NOT (e.state = 'pending' AND e.queued = 0)
     UNION ALL
    SELECT ${columns}
      FROM (SELECT 'payment' AS kind UNION ALL SELECT 'refund' UNION ALL SELECT 'discount' UNION ALL SELECT 'discount_allocation') AS k
      CROSS JOIN export_state AS e ON e.kind = k.kind AND e.source_id >= ${from} || '/' AND e.source_id < ${from} || '0'
     WHERE e.entity = ${entity}`.execute(db)
  return rows.rows
}
