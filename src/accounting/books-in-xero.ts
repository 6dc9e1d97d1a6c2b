// What a ledger knows of an organisation's books in Xero: the mirror, what it sent itself, and what the feeds said of people's work.
// The vocabulary in which a rehearsal (T2) hands them from the ledger to a sandbox. What is not known is null, and never made up here.

import type { PlainDate } from './calendar.ts'
import type { ContactCard } from './contact-card.ts'
import type { Mirror } from './documents.ts'
import type { Cents, E4 } from './money.ts'

/** Lists are read once, one after the other, in the order in which they stand here: what hangs on something comes after it. */
export interface BooksInXero {
  tenantId: string
  mirror: Mirror
  contacts: Iterable<KnownContact>
  items: Iterable<KnownItem>
  /** Documents, deposits and journals, as they come. */
  papers: Iterable<KnownPaper>
  payments: Iterable<KnownPayment>
  allocations: Iterable<KnownAllocation>
  files: Iterable<KnownFile>
}

/** Every id is Xero's. */
export interface KnownContact {
  xeroId: string
  name: string
  number: string | null
  email: string | null
  /** ACTIVE, ARCHIVED, GDPRREQUEST */
  status: string
  mergedTo: string | null
  /** Null: not known field by field. */
  card: ContactCard | null
  isCustomer: boolean
  isSupplier: boolean
}

export interface KnownItem {
  xeroId: string
  code: string
  name: string | null
  description: string | null
  sale: KnownItemSide
  purchase: KnownItemSide
  isTracked: boolean
}

export interface KnownItemSide {
  price: E4 | null
  account: string | null
  taxType: string | null
}

/** A line as it was sent (accounting/content.ts): net or with tax, as the document's amounts are; journals have signs. */
export interface KnownLine {
  description: string
  /** A code, or Xero's id where the account has none; null for a line that only says something. */
  account: string | null
  /** Null in a document without tax. */
  taxType: string | null
  amount: Cents
  tax: Cents
  /** "Category: Option" */
  tracking: readonly string[]
}

export type KnownPaper = KnownDocument | KnownDeposit | KnownJournal

/** Xero's own words for the kinds of documents. */
export type KnownDocumentType = 'ACCREC' | 'ACCPAY' | 'ACCRECCREDIT' | 'ACCPAYCREDIT' | 'PURCHASEORDER'

export interface KnownDocument {
  is: 'document'
  xeroId: string
  type: KnownDocumentType
  number: string | null
  /** Null: a document of somebody else's of which only its sums are known. */
  contactId: string | null
  date: PlainDate
  dueDate: PlainDate | null
  reference: string
  /** Its link, by which a bill of ours is told from others. */
  url: string | null
  currency: string
  /** DRAFT, AUTHORISED, VOIDED, DELETED, BILLED. PAID follows from what is on it. */
  status: string
  total: Cents
  tax: Cents
  /** Null where they are not known, or somebody changed them in Xero. */
  lines: readonly KnownLine[] | null
  /** What Xero said last is on it; null where it did not say. */
  settled: { paid: Cents; credited: Cents } | null
}

/** A prepayment or overpayment. */
export interface KnownDeposit {
  is: 'deposit'
  xeroId: string
  /** RECEIVE-PREPAYMENT, RECEIVE-OVERPAYMENT, and the same of SPEND. */
  type: string
  contactId: string
  date: PlainDate
  reference: string
  currency: string
  status: string
  total: Cents
  tax: Cents
}

export interface KnownJournal {
  is: 'journal'
  xeroId: string
  date: PlainDate
  narration: string
  url: string | null
  status: string
  lines: readonly KnownLine[]
}

/** A payment, or the refund of a credit. */
export interface KnownPayment {
  xeroId: string
  /** Of the document, credit or deposit that it stands on. */
  targetId: string
  /** AUTHORISED or DELETED */
  status: string
  amount: Cents
  date: PlainDate
  reference: string
  /** A code or an id. */
  account: string | null
}

/** What a credit or deposit takes off an invoice or bill. */
export interface KnownAllocation {
  creditId: string
  invoiceId: string
  amount: Cents
  date: PlainDate
}

export interface KnownFile {
  xeroId: string
  documentId: string
  fileName: string
  bytes: number
}
