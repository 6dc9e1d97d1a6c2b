// What is found in Xero, row by row as the reads and feeds of the gateway give it: the facts that the program uses of each thing,
// and no others. How an answer is read is rows' business, what follows is batch's.

import type { PlainDate } from '../accounting/calendar.ts'
import type { ContactInXero } from '../accounting/contact-card.ts'
import type { MirrorContact } from '../accounting/documents.ts'
import type { Cents, E4, E6 } from '../accounting/money.ts'

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
