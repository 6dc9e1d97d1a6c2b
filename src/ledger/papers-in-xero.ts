// Documents, deposits and journals that an organisation has, as far as the ledger knows: ours by the facts that were written down when
// they were last sent (each kind's mapping), everybody else's by what the feeds said. Where both speak of one, the newer counts. Reads
// only.

import type {
  KnownDeposit,
  KnownDocument,
  KnownDocumentType,
  KnownJournal,
  KnownLine,
  KnownPaper,
} from '../accounting/books-in-xero.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, zeroCents } from '../accounting/money.ts'
import type { Ledger } from './open.ts'

interface Place {
  tenantId: string
  baseCurrency: string
}

export function* knownPapers(ledger: Ledger, place: Place): Iterable<KnownPaper> {
  yield* ownPapers(ledger, place.tenantId)
  yield* rolledBackPapers(ledger, place.tenantId)
  yield* othersDocuments(ledger, place)
  yield* othersCredits(ledger, place.tenantId)
}

/** What was written down of a thing that is a document, a deposit or a journal in Xero; earlier versions wrote less. */
interface Facts {
  form?: string
  channel?: string
  type?: string | null
  number?: string | null
  contactId: string
  date: PlainDate
  dueDate?: PlainDate | null
  currency: string
  totalCents: Cents
  amountCents: Cents
  taxCents: Cents
  reference?: string | null
  marker?: string | null
  content?: string | null
  narration: string
  tag: string
}

interface OwnRow {
  xeroId: string
  xeroNumber: string | null
  xeroStatus: string | null
  /** When the last call about it was settled; null for what was entered in Xero by hand and linked. */
  sentAt: string | null
  facts: string
  /** What the last attempt to change it found in Xero. */
  found: 'edited-in-xero' | 'edited-after-payment' | null
  status: string | null
  total: Cents | null
  paid: Cents | null
  credited: Cents | null
  readAt: string | null
}

/** Kinds whose facts are neither. */
const otherKinds = "('contact', 'item', 'attachment', 'note')"

function* ownPapers({ sqlite }: Ledger, tenantId: string): Iterable<KnownPaper> {
  const rows = sqlite
    .prepare<[string], OwnRow>(`
      SELECT e.xero_id AS xeroId, e.xero_number AS xeroNumber, e.xero_status AS xeroStatus, k.settled_at AS sentAt, e.facts,
             (SELECT f.code FROM finding AS f WHERE f.kind = e.kind AND f.source_id = e.source_id AND f.entity = e.entity
                 AND f.code IN ('edited-in-xero', 'edited-after-payment')) AS found,
             COALESCE(m.status, c.status) AS status, COALESCE(m.total_cents, c.total_cents) AS total, m.paid_cents AS paid,
             m.credited_cents AS credited, COALESCE(m.read_at, c.read_at) AS readAt
        FROM export_state AS e
        LEFT JOIN chunk AS k ON k.id = e.chunk
        LEFT JOIN mirror_document AS m ON m.tenant_id = e.tenant_id AND m.document_id = e.xero_id
        LEFT JOIN mirror_credit AS c ON c.tenant_id = e.tenant_id AND c.credit_id = e.xero_id AND c.updated_at <> ''
       WHERE e.tenant_id = ? AND e.xero_id IS NOT NULL AND e.facts IS NOT NULL AND e.kind NOT IN ${otherKinds}`)
    .iterate(tenantId)
  for (const row of rows) yield* paperOf(row)
}

/** What a rollback voided (M6) is known by its Xero id there alone, and still has its number. */
function* rolledBackPapers({ sqlite }: Ledger, tenantId: string): Iterable<KnownPaper> {
  const rows = sqlite
    .prepare<[string], Pick<OwnRow, 'xeroId' | 'xeroNumber' | 'facts'>>(`
      SELECT xero_id AS xeroId, xero_number AS xeroNumber, facts FROM rolled_back AS r
       WHERE tenant_id = ? AND facts IS NOT NULL AND kind NOT IN ${otherKinds}
         AND NOT EXISTS (SELECT 1 FROM export_state AS e WHERE e.xero_id = r.xero_id)`)
    .iterate(tenantId)
  for (const row of rows) yield* paperOf({ ...row, ...voided })
}

const voided = {
  xeroStatus: 'VOIDED',
  sentAt: null,
  found: null,
  status: null,
  total: null,
  paid: null,
  credited: null,
  readAt: null,
} as const

function* paperOf(row: OwnRow): Iterable<KnownPaper> {
  const facts = JSON.parse(row.facts) as Facts // written by the mapping of its kind
  if (facts.form === 'journal') yield journal(row, facts)
  else if (facts.channel === 'bank_transactions') yield deposit(row, facts)
  // What has a channel of its own is money; a linked part of which Xero has nothing has neither (M1).
  else if (facts.channel === undefined && facts.contactId !== undefined) yield document(row, facts)
}

/** Whether Xero spoke last, when it was read, or we, when an answer to a call of ours was written down. */
function isReadSince({ readAt, sentAt }: OwnRow): boolean {
  return readAt !== null && readAt > (sentAt ?? '')
}

function document(row: OwnRow, facts: Facts): KnownDocument {
  const hasOtherTotal = isReadSince(row) && row.total !== null && row.total !== facts.totalCents
  const isEdited = hasOtherTotal || row.found === 'edited-in-xero'
  const isOrder = facts.form === 'purchase_order'
  return {
    is: 'document',
    xeroId: row.xeroId,
    // Purchase orders have no word of their own; the first version wrote sales invoices alone.
    type: isOrder ? 'PURCHASEORDER' : ((facts.type ?? 'ACCREC') as KnownDocumentType),
    number: facts.number ?? row.xeroNumber,
    contactId: facts.contactId,
    date: facts.date,
    dueDate: facts.dueDate ?? null,
    reference: facts.reference ?? '',
    url: facts.marker ?? null,
    currency: facts.currency,
    // No feed tells of orders: that one was billed is known from when we tried to change it.
    status: isOrder && row.found === 'edited-after-payment' ? 'BILLED' : statusOf(row),
    total: hasOtherTotal ? (row.total ?? zeroCents) : facts.totalCents,
    tax: facts.taxCents,
    lines: facts.content === undefined || facts.content === null || isEdited ? null : linesOf(facts.content),
    settled: row.paid === null ? null : { paid: row.paid, credited: row.credited ?? zeroCents },
  }
}

function deposit(row: OwnRow, facts: Facts): KnownDeposit {
  return {
    is: 'deposit',
    xeroId: row.xeroId,
    type: facts.type ?? '',
    contactId: facts.contactId,
    date: facts.date,
    reference: facts.tag,
    currency: facts.currency,
    status: statusOf(row),
    total: facts.amountCents,
    tax: facts.taxCents,
  }
}

function journal(row: OwnRow, facts: Facts): KnownJournal {
  return {
    is: 'journal',
    xeroId: row.xeroId,
    date: facts.date,
    narration: facts.narration,
    url: facts.marker ?? null,
    status: isEnded(row.xeroStatus) ? 'VOIDED' : 'POSTED',
    lines: linesOf(facts.content ?? '[]'),
  }
}

function isEnded(status: string | null): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

/** PAID is what is on it: it is AUTHORISED until that was put there. What ended, by whoever's hand, never begins again. */
function statusOf({ status, xeroStatus }: OwnRow): string {
  return isEnded(status) ? (status ?? '') : withoutPaid(xeroStatus ?? status ?? 'AUTHORISED')
}

function withoutPaid(status: string): string {
  return status === 'PAID' ? 'AUTHORISED' : status
}

/** The lines of accounting/content.ts, read back. */
function linesOf(content: string): KnownLine[] {
  const lines = JSON.parse(content) as [string, string | null, string | null, Cents, Cents, string[]][] // of contentOf
  return lines.map(([description, account, taxType, amount, tax, tracking]) => ({
    description,
    account,
    taxType,
    amount,
    tax,
    tracking,
  }))
}

interface OthersDocument {
  xeroId: string
  type: KnownDocumentType
  number: string | null
  status: string
  total: Cents
  paid: Cents | null
  credited: Cents | null
  date: PlainDate
}

/** Invoices and bills that people made in Xero: their numbers are taken, and they can be paid. Of their lines nothing is known. */
function* othersDocuments({ sqlite }: Ledger, { tenantId, baseCurrency }: Place): Iterable<KnownDocument> {
  const rows = sqlite
    .prepare<[string], OthersDocument>(`
      SELECT document_id AS xeroId, type, number, status, total_cents AS total, paid_cents AS paid, credited_cents AS credited,
             substr(updated_at, 1, 10) AS date
        FROM mirror_document AS m
       WHERE tenant_id = ? AND NOT EXISTS (
         SELECT 1 FROM export_state AS e WHERE e.xero_id = m.document_id AND e.tenant_id = m.tenant_id AND e.facts IS NOT NULL)`)
    .iterate(tenantId)
  for (const { paid, credited, ...row } of rows) {
    yield {
      ...unknownDetail,
      ...row,
      contactId: null,
      currency: baseCurrency,
      status: withoutPaid(row.status),
      settled: paid === null ? null : { paid, credited: credited ?? zeroCents },
    }
  }
}

const unknownDetail = {
  is: 'document',
  dueDate: null,
  reference: '',
  url: null,
  tax: zeroCents,
  lines: null,
} as const

interface OthersCredit {
  xeroId: string
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  type: string
  number: string | null
  reference: string | null
  status: string
  contactId: string
  currency: string
  date: PlainDate
  total: Cents
}

/** Credits and deposits of people. */
function* othersCredits({ sqlite }: Ledger, tenantId: string): Iterable<KnownPaper> {
  const rows = sqlite
    .prepare<[string], OthersCredit>(`
      SELECT credit_id AS xeroId, kind, type, number, reference, status, contact_id AS contactId, currency,
             COALESCE(date, substr(updated_at, 1, 10)) AS date, total_cents AS total
        FROM mirror_credit AS m
       WHERE tenant_id = ? AND updated_at <> '' AND NOT EXISTS (
         SELECT 1 FROM export_state AS e WHERE e.xero_id = m.credit_id AND e.tenant_id = m.tenant_id AND e.facts IS NOT NULL)`)
    .iterate(tenantId)
  for (const { kind, type, number, ...row } of rows) {
    const credit = { ...row, reference: row.reference ?? '', status: withoutPaid(row.status) }
    if (kind !== 'credit_note') yield { ...credit, is: 'deposit', type, tax: zeroCents }
    else
      yield {
        ...unknownDetail,
        ...credit,
        type: type === 'ACCPAYCREDIT' ? 'ACCPAYCREDIT' : 'ACCRECCREDIT',
        number,
        settled: null,
      }
  }
}
