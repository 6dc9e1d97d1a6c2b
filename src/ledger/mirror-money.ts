// The mirror of money (X7): what Xero's feeds said last of payments, credits and documents. A page is stored in one transaction with
// the feed's watermark; older data never overwrites newer; what changed is `pending` until it was compared with the ledger, which
// is pulled-rows.ts and batch/pull's business.

import { sql, type Transaction } from 'kysely'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { moveWatermark } from './watermarks.ts'

export interface StoredPayment {
  xeroId: string
  status: string
  type: string
  targetId: string | null
  /** Cents in the target's currency. */
  amount: number
  date: string | null
  reference: string | null
  account: string | null
  /** ms since 1970; null where Xero did not say: then it never overwrites anything. */
  updatedAt: number | null
}

export interface StoredCredit {
  xeroId: string
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  type: string
  number: string | null
  reference: string | null
  status: string
  contactId: string
  currency: string
  rate: number | null
  date: string | null
  total: number
  remaining: number
  /** Null: not known, which removes nothing. */
  allocations: readonly { invoiceId: string; amount: number; date: string | null }[] | null
  updatedAt: number
}

export interface StoredDocument {
  xeroId: string
  type: string
  number: string | null
  status: string
  total: number
  paid: number | null
  credited: number | null
  due: number | null
  updatedAt: number
}

/** `resource` names the feed whose watermark moves along; null for what was read by id. */
interface Page {
  tenantId: string
  resource: string | null
}

export function storePayments(ledger: Ledger, page: Page, payments: readonly StoredPayment[]): Promise<void> {
  const rows = JSON.stringify(
    payments.map((one) => [
      one.xeroId,
      one.status,
      one.type,
      one.targetId,
      one.amount,
      one.date,
      one.reference,
      one.account,
      stampOf(one),
    ]),
  )
  return stored(ledger, page, payments, async (tx, now) => {
    await sql`
      INSERT INTO mirror_payment (tenant_id, payment_id, status, type, target_id, amount_cents, date, reference, account, updated_at, read_at)
      SELECT ${page.tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, payment_id) DO UPDATE SET
        pending = CASE WHEN (excluded.status, excluded.type, excluded.amount_cents) = (mirror_payment.status, mirror_payment.type, mirror_payment.amount_cents)
                        AND excluded.target_id IS mirror_payment.target_id AND excluded.date IS mirror_payment.date
                        AND excluded.reference IS mirror_payment.reference AND excluded.account IS mirror_payment.account
                       THEN mirror_payment.pending ELSE 1 END,
        status = excluded.status, type = excluded.type, target_id = excluded.target_id, amount_cents = excluded.amount_cents,
        date = excluded.date, reference = excluded.reference, account = excluded.account,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at > '' AND excluded.updated_at >= mirror_payment.updated_at`.execute(tx)
    // What a refund leaves of a credit is the credit's question.
    await sql`
      UPDATE mirror_credit SET pending = 1
       WHERE tenant_id = ${page.tenantId} AND credit_id IN (
         SELECT p.target_id FROM json_each(${rows}) AS j
           JOIN mirror_payment AS p ON p.tenant_id = ${page.tenantId} AND p.payment_id = j.value ->> 0
          WHERE p.pending = 1)`.execute(tx)
  })
}

export function storeCredits(ledger: Ledger, page: Page, credits: readonly StoredCredit[]): Promise<void> {
  const rows = JSON.stringify(
    credits.map((one) => [
      one.xeroId,
      one.kind,
      one.type,
      one.number,
      one.reference,
      one.status,
      one.contactId,
      one.currency,
      one.rate,
      one.date,
      one.total,
      one.remaining,
      one.allocations && canonical(one.allocations),
      isoInstant(one.updatedAt),
    ]),
  )
  return stored(ledger, page, credits, async (tx, now) => {
    await sql`
      INSERT INTO mirror_credit (tenant_id, credit_id, kind, type, number, reference, status, contact_id, currency, rate_e6, date,
                                 total_cents, remaining_cents, allocations, updated_at, read_at)
      SELECT ${page.tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
             value ->> 8, value ->> 9, value ->> 10, value ->> 11,
             COALESCE(value ->> 12, (SELECT m.allocations FROM mirror_credit AS m
                                      WHERE m.tenant_id = ${page.tenantId} AND m.credit_id = value ->> 0), '[]'),
             value ->> 13, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, credit_id) DO UPDATE SET
        pending = CASE WHEN (excluded.updated_at, excluded.status, excluded.contact_id, excluded.total_cents, excluded.remaining_cents, excluded.allocations)
                          = (mirror_credit.updated_at, mirror_credit.status, mirror_credit.contact_id, mirror_credit.total_cents, mirror_credit.remaining_cents, mirror_credit.allocations)
                        AND excluded.number IS mirror_credit.number AND excluded.date IS mirror_credit.date
                        -- What was asked for is compared, whatever it says.
                        AND ${page.resource !== null ? 1 : 0}
                       THEN mirror_credit.pending ELSE 1 END,
        type = excluded.type, number = excluded.number, reference = excluded.reference, status = excluded.status,
        contact_id = excluded.contact_id, currency = excluded.currency, rate_e6 = excluded.rate_e6, date = excluded.date,
        total_cents = excluded.total_cents, remaining_cents = excluded.remaining_cents, allocations = excluded.allocations,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at >= mirror_credit.updated_at`.execute(tx)
    const ids = sql`(SELECT value ->> 0 FROM json_each(${rows}))`
    await sql`
      DELETE FROM mirror_allocation WHERE tenant_id = ${page.tenantId} AND credit_id IN ${ids}`.execute(tx)
    await sql`
      INSERT INTO mirror_allocation (tenant_id, credit_id, position, invoice_id, amount_cents, date)
      SELECT m.tenant_id, m.credit_id, a.key, a.value ->> 0, a.value ->> 1, a.value ->> 2
        FROM mirror_credit AS m, json_each(m.allocations) AS a
       WHERE m.tenant_id = ${page.tenantId} AND m.credit_id IN ${ids}`.execute(tx)
  })
}

export function storeDocuments(
  ledger: Ledger,
  page: Page,
  documents: readonly StoredDocument[],
): Promise<void> {
  const rows = JSON.stringify(
    documents.map((one) => [
      one.xeroId,
      one.type,
      one.number,
      one.status,
      one.total,
      one.paid,
      one.credited,
      one.due,
      isoInstant(one.updatedAt),
    ]),
  )
  return stored(ledger, page, documents, async (tx, now) => {
    await sql`
      INSERT INTO mirror_document (tenant_id, document_id, type, number, status, total_cents, paid_cents, credited_cents, due_cents, updated_at, read_at)
      SELECT ${page.tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, document_id) DO UPDATE SET
        -- Whatever moved it: one payment for another leaves all its sums as they were.
        pending = CASE WHEN (excluded.updated_at, excluded.status, excluded.total_cents) = (mirror_document.updated_at, mirror_document.status, mirror_document.total_cents)
                        AND excluded.paid_cents IS mirror_document.paid_cents AND excluded.credited_cents IS mirror_document.credited_cents
                       THEN mirror_document.pending ELSE 1 END,
        type = excluded.type, number = excluded.number, status = excluded.status, total_cents = excluded.total_cents,
        paid_cents = excluded.paid_cents, credited_cents = excluded.credited_cents, due_cents = excluded.due_cents,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at >= mirror_document.updated_at`.execute(tx)
  })
}

async function stored(
  ledger: Ledger,
  { tenantId, resource }: Page,
  rows: readonly { updatedAt: number | null }[],
  write: (tx: Transaction<Schema>, now: string) => Promise<void>,
): Promise<void> {
  const latest = rows.reduce((max, row) => Math.max(max, row.updatedAt ?? 0), 0)
  await ledger.transaction(async (tx, now) => {
    if (rows.length > 0) await write(tx, now)
    if (resource !== null)
      await moveWatermark(tx, { tenantId, resource, reached: latest === 0 ? null : latest }, now)
  })
}

function stampOf({ updatedAt }: StoredPayment): string {
  return updatedAt === null ? '' : isoInstant(updatedAt)
}

/** In an order that says nothing, so that the same allocations are always the same text. */
function canonical(allocations: NonNullable<StoredCredit['allocations']>): string {
  const rows = allocations.map(({ invoiceId, amount, date }) => JSON.stringify([invoiceId, amount, date]))
  return `[${rows.sort().join(',')}]`
}
