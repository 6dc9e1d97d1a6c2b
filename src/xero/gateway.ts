// All that the rest of the program sees of Xero: named arguments in, outcomes out. What the wire can do is understood
// behind this interface (transport, reply, limits, auth); what an outcome means for a document is batch's business.

import type { PlainDate } from '../accounting/calendar.ts'
import type { ContactInXero } from '../accounting/contact-card.ts'
import type {
  MirrorAccount,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import type { Cents } from '../accounting/money.ts'
import type {
  AccountMovement,
  CreditKind,
  DatedDocument,
  DocumentSummary,
  FeedCredit,
  FeedItem,
  FeedJournal,
  FoundAttachment,
  FoundBankTransaction,
  FoundContact,
  FoundCredit,
  FoundCreditNote,
  FoundInvoice,
  FoundItem,
  FoundJournal,
  FoundPayment,
  FoundPurchaseOrder,
  GeneratedJournal,
  OnPage,
} from './found.ts'

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
