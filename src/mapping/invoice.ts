// A sales invoice of the ledger in Xero's shape, and the facts by which Xero can find it again (I1 to I6, I13). It takes
// documents that validation has let through; what cannot be sent here is a bug, not a finding.

import type { Invoice, LineItem } from 'xero-node'
import { type Books, baseCurrencyOf, xeroNumberOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import { type Cents, centsToWire, e4ToWire, e6ToWire } from '../accounting/money.ts'
import { documentTotals, type FittingTotals } from '../accounting/totals.ts'
import { type AmountLine, type PostedLine, postedLines } from './posted-lines.ts'
import { referenceOf } from './templates.ts'
import {
  currencyWord,
  lineAmountWord,
  type NewDocumentStatus,
  salesInvoiceType,
  statusWord,
} from './xero-words.ts'

/** By what a sent invoice is recognised in Xero, and what its answer is compared with. */
export interface InvoiceFacts {
  type: 'ACCREC'
  /** As Xero has it: with the entity's prefix. */
  number: string
  /** Xero's id of the contact. */
  contactId: string
  date: PlainDate
  /** The currency it is sent in, and of the amounts. */
  currency: string
  totalCents: Cents
  taxCents: Cents
  status: NewDocumentStatus
}

export interface InvoiceMapping {
  model: Invoice
  facts: InvoiceFacts
}

/**
 * The invoice for Xero. The contact goes by its id alone: any other field would change the contact (§4.2). Totals are
 * never sent (§4.3). A missing due date is the invoice's own date, since an approved invoice needs one (§4.3).
 */
export function mapInvoice(
  document: LedgerDocument,
  context: { books: Books; xeroContactId: string },
): InvoiceMapping {
  const { books, xeroContactId } = context
  const totals = documentTotals(document, books)
  if (!totals.fits) throw new Error(`invoice ${document.id} does not add up and passed validation`)
  const number = xeroNumberOf(document.number, books)
  const status = books.settings.document_status === 'draft' ? 'DRAFT' : 'AUTHORISED'
  const isTaxed = document.amounts !== 'no_tax'
  const model: Invoice = {
    type: salesInvoiceType,
    status: statusWord(status),
    contact: { contactID: xeroContactId },
    invoiceNumber: number,
    date: document.date,
    dueDate: document.dueDate ?? document.date,
    lineAmountTypes: lineAmountWord(document.amounts),
    currencyCode: currencyWord(totals.currency),
    lineItems: postedLines(document, totals, books).map((line) => lineItemOf(line, isTaxed)),
  }
  const rate = sentRate(document, totals, books)
  if (rate !== null) model.currencyRate = rate
  const reference = referenceOf(document, books)
  if (reference !== null) model.reference = reference
  if (document.url) model.url = document.url
  return {
    model,
    facts: {
      type: 'ACCREC',
      number,
      contactId: xeroContactId,
      date: document.date,
      currency: totals.currency,
      totalCents: totals.total,
      taxCents: totals.tax,
      status,
    },
  }
}

/** The ledger's rate of a document sent in a foreign currency; without one Xero takes the day's (I10, §6). */
function sentRate(document: LedgerDocument, totals: FittingTotals, books: Books): number | null {
  if (document.exchangeRate === null || totals.currency === baseCurrencyOf(books)) return null
  return e6ToWire(document.exchangeRate)
}

function lineItemOf(line: PostedLine, isTaxed: boolean): LineItem {
  if (line.isNote) return { description: line.description }
  const item: LineItem = {
    description: line.description,
    ...pricedAmount(line),
    accountCode: line.account,
  }
  if (isTaxed) {
    if (line.taxType !== null) item.taxType = line.taxType
    item.taxAmount = centsToWire(line.tax)
  }
  if (line.tracking.length > 0)
    item.tracking = line.tracking.map(({ category, option }) => ({ name: category, option }))
  return item
}

/** LineAmount is never sent: Xero multiplies, and is only given what comes to the cents for certain (I4). */
function pricedAmount({
  pricing,
  amount,
}: AmountLine): Pick<LineItem, 'quantity' | 'unitAmount' | 'discountRate'> {
  if (pricing === null) return { quantity: 1, unitAmount: centsToWire(amount) }
  const { quantity, unitPrice, discountPercent } = pricing
  return {
    quantity: e4ToWire(quantity),
    unitAmount: e4ToWire(unitPrice),
    ...(discountPercent === 0 ? {} : { discountRate: e4ToWire(discountPercent) }),
  }
}
