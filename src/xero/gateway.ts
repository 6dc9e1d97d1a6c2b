// All that the rest of the program sees of Xero: named arguments in, outcomes out. What the wire can do is understood
// behind this interface (transport, reply, limits, auth); what an outcome means for a document is batch's business.

import type { PlainDate } from '../accounting/calendar.ts'
import type { ContactInXero } from '../accounting/contact-card.ts'
import type {
  MirrorAccount,
  MirrorContact,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import type { Cents, E4, E6 } from '../accounting/money.ts'

/** One HTTP attempt that is about to leave. Paths are without host and without secrets. */
export interface CallIntent {
  method: string
  path: string
  /** What the call is about, for the API log: a kind, or `token`, `connections`, `organisation` … */
  subject: string
  attempt: number
  bytesOut: number
  requestBody: Uint8Array | null
}

/** What came of an attempt. `status` is null where there was no answer. */
export interface CallResult {
  status: number | null
  durationMs: number
  bytesIn: number
  correlationId: string | null
  /** Xero's meters, where the answer carried them (§2.1). */
  dayLeft: number | null
  minuteLeft: number | null
  /** A sentence, where something went wrong. */
  problem: string | null
  responseBody: Uint8Array | null
}

/**
 * Writes the API-log row of every attempt that the gateway makes by itself (reads, tokens, connections): before it
 * leaves and after it came back. Attempts of chunks are recorded by their sender, in its own transactions.
 */
export interface CallRecorder {
  begin(intent: CallIntent): Promise<number>
  end(id: number, result: CallResult): Promise<void>
}

/** The lists that can be written, by the name of their array on the wire. */
export const wireLists = [
  'Contacts',
  'Items',
  'Invoices',
  'CreditNotes',
  'PurchaseOrders',
  'ManualJournals',
  'BankTransactions',
  'Payments',
  'Allocations',
  'HistoryRecords',
  'Attachments',
] as const
export type WireList = (typeof wireLists)[number]

export interface WriteRequest {
  /** DELETE takes one allocation back, and has no body. */
  method: 'PUT' | 'POST' | 'DELETE'
  /** Under the API root, with query: `/Invoices?summarizeErrors=false&unitdp=4`. */
  path: string
  list: WireList
  body: Uint8Array
  /** Of an attachment; JSON where absent. */
  contentType?: string
  idempotencyKey: string
  timeoutMs: number
}

/** One element of an answer, in the order of the answer. */
export interface ReplyElement {
  /** Null where Xero gave none or the zero GUID: nothing was stored for it (§3.2). */
  xeroId: string | null
  /**
   * Our own key as echoed: InvoiceNumber, CreditNoteNumber, PurchaseOrderNumber, ContactNumber, an item's Code, the
   * Reference of a payment or bank transaction, the Url of a journal, the InvoiceID of an allocation, a FileName. Null
   * where absent.
   */
  key: string | null
  /** Of a bank transaction: the prepayment's or overpayment's own id, by which it is allocated and refunded. */
  creditId: string | null
  /** Contact name; null for documents. */
  name: string | null
  status: string | null
  total: Cents | null
  tax: Cents | null
  /** True where the element says OK or nothing bad; false for ERROR, HasErrors or any validation error. */
  accepted: boolean
  errors: readonly string[]
  warnings: readonly string[]
  /** Of a contact that Xero stored: what it keeps of it; absent where the answer does not say. */
  contact?: ContactInXero
}

/**
 * What one attempt of a write came to. Only a first attempt's refusal proves that nothing was stored; that judgement
 * is batch's.
 */
export type WriteAnswer =
  /** 200 with one verdict per element. */
  | { outcome: 'elements'; elements: readonly ReplyElement[] }
  /** A 4xx about the whole call. `elements` where Xero listed them, `index` where its words name one (`Invoices[3]`). */
  | {
      outcome: 'refused'
      status: number
      messages: readonly string[]
      index: number | null
      elements: readonly ReplyElement[]
      /** The idempotency key is known to Xero with another request: a bug or a clash of keys, never sent again. */
      keyMismatch: boolean
    }
  | { outcome: 'throttled'; limit: 'minute' | 'day' | 'concurrent' | 'unknown'; retryAfterMs: number | null }
  /** 401: the token was not accepted; the call was not executed. */
  | { outcome: 'unauthorised'; detail: string; scopeMissing: boolean }
  /** 403: this organisation is not open to us; the call was not executed. */
  | { outcome: 'forbidden'; detail: string }
  /** The connection was never established: Xero cannot have seen the call. */
  | { outcome: 'never-sent'; reason: string }
  /** Anything after which nobody knows: time-out, reset, 5xx, an answer that cannot be read. */
  | { outcome: 'unknown'; reason: string }

export interface WriteAttempt {
  answer: WriteAnswer
  result: CallResult
  /** Xero's clock at the answer (its Date header), ms since 1970; null where there was none. */
  serverTime: number | null
}

/** A document with lines as found in Xero. */
export interface FoundDocument {
  xeroId: string
  number: string | null
  reference: string | null
  contactId: string
  date: PlainDate | null
  /** Null where it has none, or the list does not say. */
  dueDate: PlainDate | null
  currency: string
  total: Cents
  tax: Cents
  status: string
  url: string | null
  /** Ids of its lines in their order; empty where the answer had none. */
  lineIds: readonly string[]
  /** Of its lines as accounting/content.ts writes them; null where the answer had none. */
  content: string | null
  /** ms since 1970. */
  updatedAt: number
}

/** A payment as it stands under its document: without status or account. */
export interface EmbeddedPayment {
  xeroId: string
  date: PlainDate | null
  amount: Cents
  reference: string | null
}

/** The credit notes, prepayments and overpayments of Xero: what has something left to be set against invoices. */
export type CreditKind = 'credit_note' | 'prepayment' | 'overpayment'

/** A credit as it stands under the invoice that it takes something off. */
export interface EmbeddedCredit {
  kind: CreditKind
  xeroId: string
  /** What it takes off this invoice; null where the answer does not say. */
  applied: Cents | null
}

/** An invoice or bill. */
export interface FoundInvoice extends FoundDocument {
  /** ACCREC or ACCPAY */
  type: string
  amountPaid: Cents
  amountCredited: Cents
  amountDue: Cents
  payments: readonly EmbeddedPayment[]
  credits: readonly EmbeddedCredit[]
}

/** What a credit note, prepayment or overpayment takes off an invoice. */
export interface FoundAllocation {
  /** Null where the answer has none. */
  allocationId: string | null
  invoiceId: string
  amount: Cents
  date: PlainDate | null
}

/** A sales or supplier credit. */
export interface FoundCreditNote extends FoundDocument {
  /** ACCRECCREDIT or ACCPAYCREDIT */
  type: string
  remaining: Cents
  allocations: readonly FoundAllocation[]
  payments: readonly EmbeddedPayment[]
}

export type FoundPurchaseOrder = FoundDocument

/** A prepayment or overpayment with what is left of it. */
export interface FoundCredit {
  xeroId: string
  status: string
  contactId: string
  currency: string
  total: Cents
  remaining: Cents
  allocations: readonly FoundAllocation[]
  updatedAt: number
}

/** A credit note, prepayment or overpayment as its feed shows it. */
export interface FeedCredit {
  xeroId: string
  kind: CreditKind
  /** ACCRECCREDIT, RECEIVE-PREPAYMENT … */
  type: string
  number: string | null
  reference: string | null
  status: string
  contactId: string
  currency: string
  /** Foreign units for one of the base currency; null where Xero does not say. */
  rate: E6 | null
  date: PlainDate | null
  total: Cents
  remaining: Cents
  /** Null where the row does not say: that is no removal. */
  allocations: readonly FoundAllocation[] | null
  updatedAt: number
}

/** An invoice or bill as its feed shows it: without lines, payments and credits. */
export interface DocumentSummary {
  xeroId: string
  /** ACCREC or ACCPAY */
  type: string
  number: string | null
  status: string
  total: Cents
  /** Null where the row does not say. */
  paid: Cents | null
  credited: Cents | null
  due: Cents | null
  updatedAt: number
}

/** A document of any sort as a list of a month shows it: what is needed to hold it against the ledger's (V4). */
export interface DatedDocument {
  xeroId: string
  /** ACCREC, ACCPAY, ACCRECCREDIT, ACCPAYCREDIT; PURCHASEORDER, which Xero has no word for. */
  type: string
  number: string | null
  contactId: string
  contactName: string | null
  date: PlainDate | null
  currency: string
  status: string
  total: Cents
  /** What was paid on it, of a credit paid back. Null where the list does not say. */
  paid: Cents | null
  /** What credits take off it, of a credit what is allocated. Null where the list does not say. */
  credited: Cents | null
  /** What is left of it; null for orders, which owe nothing. */
  due: Cents | null
  url: string | null
  /** ms since 1970. */
  updatedAt: number
}

/** An account of the trial balance. Cents of the organisation's currency, debits above zero. */
export interface AccountMovement {
  accountId: string
  /** "Sales (200)" */
  name: string
  /** What was posted in the month of the day up to it. */
  month: Cents
}

/** Hands over each page of a feed as it comes; `serverTime` is Xero's clock at that page. */
export type OnPage<Row> = (rows: readonly Row[], serverTime: number) => Promise<void>

export interface FoundPayment {
  xeroId: string
  /** AUTHORISED or DELETED */
  status: string
  /** ACCRECPAYMENT, ARCREDITPAYMENT … */
  type: string
  /** The invoice, credit note, prepayment or overpayment that it is on; null where it is on something else. */
  targetId: string | null
  amount: Cents
  date: PlainDate | null
  reference: string | null
  /** The code of the account that it went through, or its id where it has no code. */
  account: string | null
  updatedAt: number
}

export interface FoundBankTransaction {
  xeroId: string
  /** RECEIVE-PREPAYMENT … */
  type: string
  /** Of the prepayment or overpayment that it made; null for plain ones. */
  creditId: string | null
  status: string
  contactId: string | null
  currency: string
  date: PlainDate | null
  total: Cents
  reference: string | null
  updatedAt: number
}

export interface FoundJournal {
  xeroId: string
  status: string
  narration: string
  date: PlainDate | null
  url: string | null
  /** Of its lines as accounting/content.ts writes them; null where the answer had none. */
  content: string | null
  updatedAt: number
}

export interface FoundItem {
  xeroId: string
  code: string
  name: string | null
  isTracked: boolean
  updatedAt: number
}

/** What an item brings to sales or to purchases lines, in Xero's own codes. */
export interface FeedItemSide {
  price: E4 | null
  account: string | null
  taxType: string | null
}

/** An item as its feed shows it (R1). */
export interface FeedItem extends FoundItem {
  description: string | null
  sale: FeedItemSide
  purchase: FeedItemSide
  /** Of tracked items. */
  quantityOnHand: E4 | null
  totalCost: Cents | null
}

export interface FeedJournalLine {
  /** Xero's code, or the account's id where it has none. */
  account: string | null
  description: string | null
  /** Debit above zero, without tax. */
  amount: Cents
  taxType: string | null
  tax: Cents
  tracking: readonly { category: string; option: string }[]
}

/** A manual journal as its feed shows it (R4). */
export interface FeedJournal {
  xeroId: string
  status: string
  narration: string
  date: PlainDate | null
  url: string | null
  lines: readonly FeedJournalLine[]
  updatedAt: number
}

/** A journal that Xero generated of something that was posted (R4). */
export interface GeneratedJournal {
  xeroId: string
  number: number
  date: PlainDate | null
  /** ms since 1970. */
  createdAt: number
  reference: string | null
  sourceId: string | null
  /** ACCREC, ACCRECPAYMENT, MANJOURNAL … */
  sourceType: string | null
  lines: readonly (FeedJournalLine & { accountName: string | null })[]
}

export interface FoundAttachment {
  xeroId: string
  fileName: string
  bytes: number
}

export interface FoundContact extends MirrorContact {
  /** ms since 1970. */
  updatedAt: number
  inXero: ContactInXero
}

/** Everything of a read, and Xero's own clock when its first page was answered: up to then it is complete. */
export interface CompleteRead<Row> {
  rows: readonly Row[]
  serverTime: number
}

export interface Limits {
  minuteLeft: number | null
  dayLeft: number | null
}

/**
 * An open way to one organisation for one run. Reads repeat themselves where that is safe and throw an AuxoError
 * (`xero-away`, `xero-limit`, `not-authorised`, `other-organisation`) where they cannot be had; writes never throw for
 * what the wire does.
 */
export interface XeroGateway {
  readonly tenantId: string
  /** The API root, for pinning (`https://api.xero.com`). */
  readonly apiUrl: string
  readonly isLoopback: boolean

  /** Models of xero-node to the exact bytes of a request; refuses what the SDK would drop or garble. */
  encode(list: WireList, models: readonly object[]): Promise<Uint8Array>
  /** `{"Status":"DELETED"}`: the only body that POST /Payments/{id} takes (§4.5). */
  encodeDeletion(): Uint8Array
  /**
   * Waits until a call may leave (pace, minute limit) and a token is at hand. Writes stop at the day's reserve, reads
   * at its end: AuxoError `xero-limit`.
   */
  ready(use: 'read' | 'write'): Promise<void>
  /** One attempt. Call `ready('write')` first; the caller records it in the API log. */
  write(request: WriteRequest): Promise<WriteAttempt>
  /** Forgets the access token, so that the next `ready` mints another (after a 401). */
  discardToken(): void
  limits(): Limits
  /** Xero's clock at the last answer to a read, ms since 1970; null before the first. */
  answeredAt(): number | null

  organisation(): Promise<MirrorOrganisation>
  accounts(): Promise<readonly MirrorAccount[]>
  taxRates(): Promise<readonly MirrorTaxRate[]>
  trackingCategories(): Promise<readonly MirrorTrackingCategory[]>
  currencies(): Promise<readonly string[]>
  /**
   * Contacts changed since (all, where null), archived included, oldest change first; sought, not paged (§5). Each
   * page is handed over as it comes, so that memory stays flat.
   */
  contactsSince(
    since: number | null,
    onPage: (contacts: readonly FoundContact[], serverTime: number) => Promise<void>,
  ): Promise<{ serverTime: number }>
  /** Invoices and bills changed since, complete or not at all. */
  invoicesSince(since: number): Promise<CompleteRead<FoundInvoice>>
  /** Sales invoices by exact number, whatever their age. Numbers with a comma are asked for one by one (§2b). */
  invoicesByNumber(numbers: readonly string[]): Promise<CompleteRead<FoundInvoice>>
  /** Bills by exact number, whatever their age: several may share one. As above. */
  billsByNumber(numbers: readonly string[]): Promise<CompleteRead<FoundInvoice>>
  invoiceById(xeroId: string): Promise<FoundInvoice | null>
  /** Invoices and bills by id, with lines and payments, 40 in a call; those that are not there are left out. */
  invoicesByIds(xeroIds: readonly string[]): Promise<CompleteRead<FoundInvoice>>
  contactById(xeroId: string): Promise<FoundContact | null>
  /** Archived ones too, 40 in a call; those that are not there are left out. */
  contactsByIds(xeroIds: readonly string[]): Promise<CompleteRead<FoundContact>>

  items(): Promise<CompleteRead<FoundItem>>
  creditNotesSince(since: number): Promise<CompleteRead<FoundCreditNote>>
  creditNoteById(xeroId: string): Promise<FoundCreditNote | null>
  /** Sales credits by exact number, whatever their age, one call each. */
  creditNotesByNumber(numbers: readonly string[]): Promise<CompleteRead<FoundCreditNote>>
  /** Supplier credits dated within these days, both included: they have no key that could be asked for. */
  supplierCreditsDated(from: PlainDate, to: PlainDate): Promise<CompleteRead<FoundCreditNote>>
  purchaseOrdersSince(since: number): Promise<CompleteRead<FoundPurchaseOrder>>
  purchaseOrderById(xeroId: string): Promise<FoundPurchaseOrder | null>
  manualJournalsSince(since: number): Promise<CompleteRead<FoundJournal>>
  manualJournalById(xeroId: string): Promise<FoundJournal | null>
  paymentsSince(since: number): Promise<CompleteRead<FoundPayment>>
  paymentById(xeroId: string): Promise<FoundPayment | null>
  bankTransactionsSince(since: number): Promise<CompleteRead<FoundBankTransaction>>
  bankTransactionById(xeroId: string): Promise<FoundBankTransaction | null>
  prepaymentById(xeroId: string): Promise<FoundCredit | null>
  overpaymentById(xeroId: string): Promise<FoundCredit | null>
  /**
   * The feeds: what changed since, oldest change first, sought and not paged (§5), deleted and voided rows included as far as
   * Xero lists them. Each page is handed over as it comes. Up to the server time that is returned the feed is complete.
   */
  paymentFeed(since: number, onPage: OnPage<FoundPayment>): Promise<{ serverTime: number }>
  creditFeed(kind: CreditKind, since: number, onPage: OnPage<FeedCredit>): Promise<{ serverTime: number }>
  /** Invoices and bills, summaries only. */
  documentFeed(since: number, onPage: OnPage<DocumentSummary>): Promise<{ serverTime: number }>
  /** One credit with its allocations; null where Xero knows none by this id. */
  creditById(kind: CreditKind, xeroId: string): Promise<FeedCredit | null>
  /** Items changed since, all where null: they have no pages. */
  itemFeed(since: number | null): Promise<CompleteRead<FeedItem>>
  /** Manual journals changed since, all where null. As the feeds above. */
  manualJournalFeed(since: number | null, onPage: OnPage<FeedJournal>): Promise<{ serverTime: number }>
  /**
   * Journals that Xero generated: by their numbers a hundred of those that are greater than `after`, generated since (ever, where
   * null). AuxoError `not-authorised` or `other-organisation` where the plan does not allow it (§4.9).
   */
  generatedJournals(after: number, since: number | null): Promise<readonly GeneratedJournal[]>
  /** Invoices and bills dated within these days, both included; voided and deleted ones too. Summaries, 1,000 in a call. */
  documentsDated(from: PlainDate, to: PlainDate): Promise<CompleteRead<DatedDocument>>
  /** The same of sales and supplier credits, 500 in a call. */
  creditsDated(from: PlainDate, to: PlainDate): Promise<CompleteRead<DatedDocument>>
  /** The same of purchase orders. */
  ordersDated(from: PlainDate, to: PlainDate): Promise<CompleteRead<DatedDocument>>
  /** Invoices and bills by id, whatever their date, 40 in a call; those that are not there are left out. */
  datedDocumentsByIds(xeroIds: readonly string[]): Promise<readonly DatedDocument[]>
  datedCreditById(xeroId: string): Promise<DatedDocument | null>
  datedOrderById(xeroId: string): Promise<DatedDocument | null>
  /**
   * The trial balance at this day. AuxoError `not-authorised` or `other-organisation` where the connection or its user may not
   * read reports (§1.4, §1.5).
   */
  trialBalance(date: PlainDate): Promise<readonly AccountMovement[]>
  /** Files of a document: the endpoint as in the path, such as `Invoices`. */
  attachmentsOf(endpoint: string, xeroId: string): Promise<CompleteRead<FoundAttachment>>

  close(): Promise<void>
}

/**
 * Xero's own breakdown, told as a validation error of one element (§4.1): it says nothing about the document, which
 * may be offered again later.
 */
export function isXeroBreakdown(errors: readonly string[]): boolean {
  return errors.some((error) => /an error occurred in xero\b.*\bapi status/is.test(error))
}

/**
 * Whether Xero can be asked for a sales invoice by this number. Quotes, backslashes and control characters cannot be
 * written in Xero's filters, and a call must stay under 2,000 characters; such invoices are found by `invoicesSince`.
 */
export function isAskableNumber(number: string): boolean {
  return number !== '' && !/["\\]|\p{Cc}/u.test(number) && encodeURIComponent(number).length <= 1_500
}
