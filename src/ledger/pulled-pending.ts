// What of the mirror of money was not yet compared with the ledger, and what the ledger knows of it: things by their id in Xero,
// external rows, documents, calls whose answer is open. What follows is batch/pull's to decide; pulled-write.ts and pulled-external.ts write it.

import { sql } from 'kysely'
import type { DocumentKind, ExportState, ThingKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

export interface PendingPayment {
  xeroId: string
  status: string
  type: string
  targetId: string | null
  /** Cents in the target's currency. */
  amount: number
  date: string | null
  reference: string | null
  account: string | null
}

export interface PendingCredit {
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
  /** As JSON: lists of InvoiceID, cents and date. */
  allocations: string
  /** Cents of it that were paid back and not taken back, as far as the feed of payments said. */
  refunded: number
}

export interface PendingDocument {
  xeroId: string
  number: string | null
  type: string
  status: string
  total: number
  paid: number | null
  credited: number | null
  /** 2: it was asked for in an earlier pull and did not agree. */
  pending: 1 | 2
  /** Cents that the mirror knows to be paid on it, and credited to it. */
  knownPaid: number
  knownCredited: number
}

/** Ids of the live payments that the mirror has on a document or credit of Xero's. */
export async function findLivePayments(
  ledger: Ledger,
  tenantId: string,
  targetId: string,
): Promise<string[]> {
  const rows = await ledger.db
    .selectFrom('mirror_payment')
    .select('payment_id as xeroId')
    .where('tenant_id', '=', tenantId)
    .where('target_id', '=', targetId)
    .where('status', '=', 'AUTHORISED')
    .execute()
  return rows.map(({ xeroId }) => xeroId)
}

/** Pages go by id, since what waits for a lost answer stays pending. */
interface PageOf {
  tenantId: string
  after: string
  limit: number
}

/** `isThis`: the one of this id, and not those after it. */
type CreditsPage = PageOf & { isThis?: boolean }

export async function readPendingPayments(ledger: Ledger, page: PageOf): Promise<PendingPayment[]> {
  const rows = await ledger.db
    .selectFrom('mirror_payment')
    .select(['payment_id as xeroId', 'status', 'type', 'target_id as targetId', 'amount_cents as amount'])
    .select(['date', 'reference', 'account'])
    .where('tenant_id', '=', page.tenantId)
    .where('pending', '=', 1)
    .where('payment_id', '>', page.after)
    .orderBy('payment_id')
    .limit(page.limit)
    .execute()
  return rows
}

export async function readPendingCredits(ledger: Ledger, page: CreditsPage): Promise<PendingCredit[]> {
  const rows = await sql<PendingCredit>`
    SELECT c.credit_id AS xeroId, c.kind, c.type, c.number, c.reference, c.status, c.contact_id AS contactId, c.currency,
           c.rate_e6 AS rate, c.date, c.total_cents AS total, c.remaining_cents AS remaining, c.allocations,
           COALESCE((SELECT SUM(p.amount_cents) FROM mirror_payment AS p
                      WHERE p.target_id = c.credit_id AND p.status = 'AUTHORISED'), 0) AS refunded
      FROM mirror_credit AS c
     WHERE c.tenant_id = ${page.tenantId} AND c.pending = 1 AND c.updated_at > ''
       AND c.credit_id ${page.isThis ? sql`=` : sql`>`} ${page.after}
     ORDER BY c.credit_id LIMIT ${page.limit}`.execute(ledger.db)
  return rows.rows
}

export async function readPendingDocuments(ledger: Ledger, page: PageOf): Promise<PendingDocument[]> {
  const rows = await sql<PendingDocument>`
    SELECT m.document_id AS xeroId, m.number, m.type, m.status, m.total_cents AS total, m.paid_cents AS paid,
           m.credited_cents AS credited, m.pending,
           COALESCE((SELECT SUM(p.amount_cents) FROM mirror_payment AS p
                      WHERE p.target_id = m.document_id AND p.status = 'AUTHORISED'), 0) AS knownPaid,
           COALESCE((SELECT SUM(a.amount_cents) FROM mirror_allocation AS a
                       JOIN mirror_credit AS c ON c.tenant_id = a.tenant_id AND c.credit_id = a.credit_id
                      WHERE a.invoice_id = m.document_id AND c.status NOT IN ('VOIDED', 'DELETED')), 0) AS knownCredited
      FROM mirror_document AS m
     WHERE m.tenant_id = ${page.tenantId} AND m.pending > 0 AND m.document_id > ${page.after}
     ORDER BY m.document_id LIMIT ${page.limit}`.execute(ledger.db)
  return rows.rows
}

/** A thing of the ledger by its id in Xero. */
export interface KnownThing {
  kind: ThingKind
  sourceId: string
  entity: string
  state: ExportState
  xeroId: string
  xeroStatus: string | null
  /** As it was last left in Xero, as JSON. */
  facts: string | null
  /** Of what the ledger said of it when it was sent. */
  factsHash: string | null
}

/** Things that the ledger knows under these ids. */
export async function findKnownThings(
  ledger: Ledger,
  xeroIds: readonly string[],
): Promise<Map<string, KnownThing>> {
  const rows = await sql<KnownThing>`
    SELECT e.kind, e.source_id AS sourceId, e.entity, e.state, e.xero_id AS xeroId, e.xero_status AS xeroStatus, e.facts,
           e.facts_hash AS factsHash
      FROM json_each(${JSON.stringify([...new Set(xeroIds)])}) AS j CROSS JOIN export_state AS e ON e.xero_id = j.value
     WHERE e.xero_id IS NOT NULL AND e.kind NOT IN ('contact', 'item', 'note', 'attachment')`.execute(
    ledger.db,
  )
  return new Map(rows.rows.map((row) => [row.xeroId, row]))
}

export interface KnownDocument {
  id: string
  kind: DocumentKind
  entity: string
  number: string
  contact: string | null
  /** Null: the currency of its entity's region. */
  currency: string | null
  total: number
  exchangeRate: number | null
}

export async function readKnownDocuments(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, KnownDocument>> {
  const rows = await sql<KnownDocument>`
    SELECT d.id, d.kind, d.entity, d.number, d.contact, d.currency, d.total_cents AS total, d.exchange_rate_e6 AS exchangeRate
      FROM json_each(${JSON.stringify([...new Set(ids)])}) AS j JOIN document AS d ON d.id = j.value`.execute(
    ledger.db,
  )
  return new Map(rows.rows.map((row) => [row.id, row]))
}

/** A thing whose call has no known outcome yet. */
export interface OpenThing {
  kind: ThingKind
  sourceId: string
  entity: string
  /** As JSON, as they were written down before the call left. */
  facts: string
}

/** Of every open chunk of the organisation: a row of Xero that agrees with one may be ours. */
export async function readOpenThings(ledger: Ledger, tenantId: string): Promise<OpenThing[]> {
  const rows = await sql<OpenThing>`
    SELECT t.kind, t.source_id AS sourceId, t.entity, t.facts FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
     WHERE c.tenant_id = ${tenantId} AND c.state IN ('prepared', 'sent', 'uncertain')
       AND t.kind IN ('payment', 'refund', 'journal', 'receipt', 'allocation', 'discount_allocation', 'invoice', 'bill',
                      'credit_note', 'supplier_credit', 'purchase_order', 'discount')`.execute(ledger.db)
  return rows.rows
}

/** Ids of external rows of the ledger by what they are in Xero. */
export async function findExternalRefs(
  ledger: Ledger,
  tenantId: string,
  xeroIds: readonly string[],
): Promise<Map<string, { kind: 'payment' | 'refund' | 'credit_note'; sourceId: string }>> {
  const rows = await sql<{ kind: 'payment' | 'refund' | 'credit_note'; sourceId: string; xeroId: string }>`
    SELECT r.kind, r.source_id AS sourceId, r.xero_id AS xeroId
      FROM json_each(${JSON.stringify([...new Set(xeroIds)])}) AS j
      CROSS JOIN (SELECT 'payment' AS kind UNION ALL SELECT 'refund' UNION ALL SELECT 'credit_note') AS k
      CROSS JOIN external_ref AS r ON r.tenant_id = ${tenantId} AND r.kind = k.kind AND r.xero_id = j.value`.execute(
    ledger.db,
  )
  return new Map(rows.rows.map(({ xeroId, ...ref }) => [xeroId, ref]))
}

/** Codes of the ledger's contacts by the contact of Xero that they are linked to; of several the first. */
export async function findLinkedContacts(
  ledger: Ledger,
  tenantId: string,
  contactIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql<{ contact: string; xeroContactId: string }>`
    SELECT MIN(l.contact) AS contact, l.xero_contact_id AS xeroContactId
      FROM json_each(${JSON.stringify([...new Set(contactIds)])}) AS j
      CROSS JOIN contact_link AS l ON l.xero_contact_id = j.value AND l.tenant_id = ${tenantId}
     WHERE l.ended IS NULL GROUP BY l.xero_contact_id`.execute(ledger.db)
  return new Map(rows.rows.map((row) => [row.xeroContactId, row.contact]))
}

/**
 * Payments of the ledger's own on these documents, and journals that are payments of them, that it does not know to be in Xero: what
 * a tag there may stand for. Of one that is known a second tag is a person's copy of its reference.
 */
export async function readOwnPayments(
  ledger: Ledger,
  documents: readonly string[],
): Promise<{ kind: ThingKind; id: string; entity: string; document: string }[]> {
  const ids = JSON.stringify([...new Set(documents)])
  const rows = await sql<{ kind: ThingKind; id: string; entity: string; document: string }>`
    WITH own AS (
      SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AS kind,
             replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || a.document AS id, p.entity, a.document
        FROM json_each(${ids}) AS j CROSS JOIN payment_allocation AS a ON a.document = j.value JOIN payment AS p ON p.id = a.payment
       WHERE p.origin = 'ledger'
       UNION ALL
      SELECT 'journal', j.id, j.entity, j.document FROM json_each(${ids}) AS i CROSS JOIN journal AS j ON j.document = i.value)
    SELECT * FROM own AS o
     WHERE NOT EXISTS (
       SELECT 1 FROM export_state AS e
        WHERE e.kind = o.kind AND e.source_id = o.id AND e.entity = o.entity AND e.xero_id IS NOT NULL)`.execute(
    ledger.db,
  )
  return rows.rows
}

/** Receipts of the ledger's own of this amount (cents) that it does not know to be in Xero. */
export async function readUnsentReceipts(
  ledger: Ledger,
  amount: number,
): Promise<{ id: string; entity: string }[]> {
  const rows = await sql<{ id: string; entity: string }>`
    SELECT p.id, p.entity FROM payment AS p JOIN export_state AS e ON e.kind = 'receipt' AND e.source_id = p.id AND e.entity = p.entity
     WHERE p.amount_cents = ${amount} AND p.origin = 'ledger' AND e.xero_id IS NULL`.execute(ledger.db)
  return rows.rows
}

/** What the mirror has on one document of Xero's: ids of live payments, and of live credits with what they take off it (cents). */
export interface KnownMoney {
  payments: readonly string[]
  credits: ReadonlyMap<string, { kind: PendingCredit['kind']; amount: number }>
}

export async function readKnownMoney(
  ledger: Ledger,
  tenantId: string,
  documentId: string,
): Promise<KnownMoney> {
  const payments = await findLivePayments(ledger, tenantId, documentId)
  const credits = await sql<{ xeroId: string; kind: PendingCredit['kind']; amount: number }>`
    SELECT c.credit_id AS xeroId, c.kind, SUM(a.amount_cents) AS amount
      FROM mirror_allocation AS a JOIN mirror_credit AS c ON c.tenant_id = a.tenant_id AND c.credit_id = a.credit_id
     WHERE a.invoice_id = ${documentId} AND a.tenant_id = ${tenantId} AND c.status NOT IN ('VOIDED', 'DELETED')
     GROUP BY c.credit_id`.execute(ledger.db)
  return {
    payments,
    credits: new Map(credits.rows.map(({ xeroId, ...credit }) => [xeroId, credit])),
  }
}

/** Asked for and not agreeing: once more by the next pull (2), and then only when they change. */
export async function markAsked(
  ledger: Ledger,
  tenantId: string,
  documentIds: readonly string[],
): Promise<void> {
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE mirror_document SET pending = CASE pending WHEN 1 THEN 2 ELSE 0 END
       WHERE tenant_id = ${tenantId} AND document_id IN (SELECT value FROM json_each(${JSON.stringify(documentIds)}))`.execute(
      tx,
    )
  })
}
