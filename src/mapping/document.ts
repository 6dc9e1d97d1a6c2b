// A document of the ledger in Xero's shape, and the facts by which Xero can find it again (I1 to I15, B1 to B5, N1). It takes
// documents that validation has let through; what cannot be sent here is a bug, not a finding.

import type { CreditNote, Invoice, LineItem, PurchaseOrder } from 'xero-node'
import { type Books, baseCurrencyOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import { type Cents, e6ToWire } from '../accounting/money.ts'
import { documentTotals, type FittingTotals } from '../accounting/totals.ts'
import { formOf, inForm, isSentForm, type SentForm } from './document-form.ts'
import { sentNumberOf } from './document-number.ts'
import { rowHash } from './facts.ts'
import { lineItemsOf } from './line-items.ts'
import { markerUrl, withMarker } from './marker.ts'
import { contentOfLines, postedLines } from './posted-lines.ts'
import { referenceOf } from './templates.ts'
import {
  creditNoteTypes,
  currencyWord,
  invoiceTypes,
  lineAmountWord,
  type NewDocumentStatus,
  statusWord,
} from './xero-words.ts'

/** By what a sent document is recognised in Xero, and what its answer is compared with. */
export interface SentDocumentFacts {
  form: SentForm
  /** Xero's word; null for purchase orders, which have none. */
  type: 'ACCREC' | 'ACCPAY' | 'ACCRECCREDIT' | 'ACCPAYCREDIT' | null
  /** As Xero has it: with the entity's prefix. Null for bills and credits that go without. */
  number: string | null
  /** Xero's id of the contact. */
  contactId: string
  date: PlainDate
  /** The currency it is sent in, and of the amounts. */
  currency: string
  totalCents: Cents
  taxCents: Cents
  status: NewDocumentStatus
  /** As sent, empty for none; null where the form has no place for one, or an earlier version kept none. */
  reference: string | null
  dueDate: PlainDate | null
  /** The link by which a bill is found again; null where the form has no place for one. */
  marker: string | null
  /** Of its lines as they are sent (accounting/content.ts); null where an earlier version sent it and kept none. */
  content: string | null
  /** Hash of all that is sent, Xero's own ids aside: equal exactly where an update would change nothing. Null as content. */
  payloadHash: string | null
}

type ShapedDocument =
  | { form: 'sales_invoice' | 'bill' | 'order_as_bill'; model: Invoice }
  | { form: 'sales_credit' | 'supplier_credit'; model: CreditNote }
  | { form: 'purchase_order'; model: PurchaseOrder }

export type DocumentMapping = ShapedDocument & { facts: SentDocumentFacts }

export interface DocumentTarget {
  books: Books
  xeroContactId: string
  /** The number that was given to a document without one. */
  number?: string | null
  /** Of an update: Xero's id, the form and status in which it was sent, and the ids of its lines there (I7). */
  xeroId?: string
  form?: SentForm
  status?: NewDocumentStatus
  lineIds?: readonly string[]
}

/** What the forms have in common, worked out once. */
interface Outgoing {
  /** With the signs of its form. */
  document: LedgerDocument
  form: SentForm
  books: Books
  totals: FittingTotals
  number: string | null
  status: NewDocumentStatus
  marker: string | null
  xeroId: string | undefined
  contact: { contactID: string }
  lineItems: LineItem[]
}

/**
 * The document for Xero. The contact goes by its id alone: any other field would change the contact (§4.2). Totals are
 * never sent (§4.3).
 */
export function mapDocument(document: LedgerDocument, target: DocumentTarget): DocumentMapping {
  const { books, xeroContactId } = target
  const form = target.form ?? newFormOf(document, books)
  const sent = inForm(document, form)
  const totals = documentTotals(sent, books)
  if (!totals.fits) throw new Error(`document ${document.id} does not add up and passed validation`)
  const lines = postedLines(sent, totals, books, form)
  const shape = { isTaxed: document.amounts !== 'no_tax', mayDiscount: form === 'sales_invoice' }
  const outgoing: Outgoing = {
    document: sent,
    form,
    books,
    totals,
    number: sentNumberOf(document, target.number ?? null, books),
    status: target.status ?? (books.settings.document_status === 'draft' ? 'DRAFT' : 'AUTHORISED'),
    marker: markerOf(document, form, books),
    xeroId: target.xeroId,
    contact: { contactID: xeroContactId },
    lineItems: lineItemsOf(lines, shape, target.lineIds ?? []),
  }
  const shaped = shapes[form](outgoing)
  const facts: SentDocumentFacts = {
    form,
    type: typeWords[form],
    number: outgoing.number,
    contactId: xeroContactId,
    date: document.date,
    currency: totals.currency,
    totalCents: totals.total,
    taxCents: totals.tax,
    status: outgoing.status,
    reference: isSalesForm(form) ? (referenceOf(sent, books) ?? '') : null,
    dueDate: hasDueDate(form) ? (sent.dueDate ?? sent.date) : null,
    marker: outgoing.marker,
    content: contentOfLines(lines),
    payloadHash: rowHash(
      shapes[form]({ ...outgoing, xeroId: undefined, lineItems: lineItemsOf(lines, shape, []) }).model,
    ),
  }
  return { ...shaped, facts }
}

/** The facts as they were written down. What an earlier version wrote are sales invoices without marker and content. */
export function readDocumentFacts(text: string): SentDocumentFacts {
  const written = JSON.parse(text) as SentDocumentFacts // written by us; older ones lack the fields filled in here
  return { ...oldFacts, ...written }
}

/** Xero takes a reference on sales only (§4.3, §4.4), and a due date where something is to be paid. */
function isSalesForm(form: SentForm): boolean {
  return form === 'sales_invoice' || form === 'sales_credit'
}

function hasDueDate(form: SentForm): boolean {
  return form === 'sales_invoice' || form === 'bill' || form === 'order_as_bill'
}

const oldFacts = {
  form: 'sales_invoice',
  reference: null,
  dueDate: null,
  marker: null,
  content: null,
  payloadHash: null,
} as const

function newFormOf(document: LedgerDocument, books: Books): SentForm {
  const form = formOf(document, books)
  if (!isSentForm(form)) throw new Error(`document ${document.id} goes out as ${form} and not as a document`)
  return form
}

const typeWords: Record<SentForm, SentDocumentFacts['type']> = {
  sales_invoice: 'ACCREC',
  bill: 'ACCPAY',
  order_as_bill: 'ACCPAY',
  sales_credit: 'ACCRECCREDIT',
  supplier_credit: 'ACCPAYCREDIT',
  purchase_order: null,
}

const shapes: Record<SentForm, (outgoing: Outgoing) => ShapedDocument> = {
  sales_invoice: (outgoing) => ({ form: 'sales_invoice', model: salesInvoice(outgoing) }),
  bill: (outgoing) => ({ form: 'bill', model: bill(outgoing) }),
  order_as_bill: (outgoing) => ({ form: 'order_as_bill', model: bill(outgoing) }),
  sales_credit: (outgoing) => ({ form: 'sales_credit', model: salesCredit(outgoing) }),
  supplier_credit: (outgoing) => ({ form: 'supplier_credit', model: supplierCredit(outgoing) }),
  purchase_order: (outgoing) => ({ form: 'purchase_order', model: purchaseOrder(outgoing) }),
}

/** What is not sent stays as it is in Xero: an update says that a reference is gone (§3.1). */
function referenceField(reference: string | null, { xeroId }: Outgoing): { reference?: string } {
  if (reference !== null) return { reference }
  return xeroId === undefined ? {} : { reference: '' }
}

/** Only bills need one: what has a unique number is found by it, and credits have no place for a link (§4.4). */
function markerOf({ id, kind }: LedgerDocument, form: SentForm, books: Books): string | null {
  if (form !== 'bill' && form !== 'order_as_bill') return null
  return markerUrl(books.settings.marker_url, { entity: books.entity.code, kind, id })
}

/** A missing due date is the document's own date, since what is approved needs one (§4.3). */
function salesInvoice(outgoing: Outgoing): Invoice {
  const { document, number } = outgoing
  return {
    type: invoiceTypes.ACCREC,
    ...(outgoing.xeroId === undefined ? {} : { invoiceID: outgoing.xeroId }),
    ...common(outgoing),
    ...(number === null ? {} : { invoiceNumber: number }),
    dueDate: document.dueDate ?? document.date,
    ...reference(outgoing),
    ...(document.url ? { url: document.url } : {}),
  }
}

/** InvoiceNumber is free text here and what Xero shows as the reference (§4.3); the link carries our mark. */
function bill(outgoing: Outgoing): Invoice {
  const { document, number, marker } = outgoing
  return {
    type: invoiceTypes.ACCPAY,
    ...(outgoing.xeroId === undefined ? {} : { invoiceID: outgoing.xeroId }),
    ...common(outgoing),
    ...(number === null ? {} : { invoiceNumber: number }),
    dueDate: document.dueDate ?? document.date,
    ...(marker === null ? {} : { url: withMarker(document.url, marker) }),
  }
}

function salesCredit(outgoing: Outgoing): CreditNote {
  return { type: creditNoteTypes.ACCRECCREDIT, ...creditNote(outgoing), ...reference(outgoing) }
}

/** An update empties the reference that is gone: what is not sent stays as it was (§3.1). */
function reference({ document, books, xeroId }: Outgoing): { reference?: string } {
  const text = referenceOf(document, books)
  if (text !== null) return { reference: text }
  return xeroId === undefined ? {} : { reference: '' }
}

/** Without a reference, which only sales credits have (§4.4). */
function supplierCredit(outgoing: Outgoing): CreditNote {
  return { type: creditNoteTypes.ACCPAYCREDIT, ...creditNote(outgoing) }
}

function creditNote(outgoing: Outgoing): CreditNote {
  return {
    ...(outgoing.xeroId === undefined ? {} : { creditNoteID: outgoing.xeroId }),
    ...common(outgoing),
    ...(outgoing.number === null ? {} : { creditNoteNumber: outgoing.number }),
  }
}

/** The order's own reference only: the template is for what customers get. */
function purchaseOrder(outgoing: Outgoing): PurchaseOrder {
  const { document, number } = outgoing
  const reference = document.reference?.trim()
  return {
    ...(outgoing.xeroId === undefined ? {} : { purchaseOrderID: outgoing.xeroId }),
    ...common(outgoing),
    ...(number === null ? {} : { purchaseOrderNumber: number }),
    ...(document.dueDate === null ? {} : { deliveryDate: document.dueDate }),
    ...referenceField(reference || null, outgoing),
  }
}

/** What every model has under the same name. */
function common(outgoing: Outgoing) {
  const { document, totals, books } = outgoing
  const rate = sentRate(document, totals, books)
  return {
    status: statusWord<never>(outgoing.status), // each model has its own type for the same words
    contact: outgoing.contact,
    date: document.date,
    lineAmountTypes: lineAmountWord(document.amounts),
    currencyCode: currencyWord(totals.currency),
    ...(rate === null ? {} : { currencyRate: rate }),
    lineItems: outgoing.lineItems,
  }
}

/** The ledger's rate of a document sent in a foreign currency; without one Xero takes the day's (I10, §6). */
function sentRate(document: LedgerDocument, totals: FittingTotals, books: Books): number | null {
  if (document.exchangeRate === null || totals.currency === baseCurrencyOf(books)) return null
  return e6ToWire(document.exchangeRate)
}
