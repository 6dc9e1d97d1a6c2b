// A payment discount as the credit note that it is in Xero (N4): a document like those of the ledger, so that the rules and
// the mapping of credits hold for it as they are. Its number is given at prepare and kept by ledger/.

import type { Books } from '../accounting/books.ts'
import type {
  DocumentLine,
  LedgerDocument,
  LedgerPayment,
  PaymentAllocation,
} from '../accounting/documents.ts'
import {
  addCents,
  type Cents,
  cents,
  divideRounded,
  e4,
  shareCents,
  subtractCents,
  zeroCents,
} from '../accounting/money.ts'
import { documentTotals } from '../accounting/totals.ts'
import { paymentDateOf } from './payment.ts'

/** The number of the n-th discount of an invoice; the invoice's number as Xero has it, with its prefix. */
export function discountNumber(invoiceNumber: string, sequence: number): string {
  return `${invoiceNumber.trim()}-D${sequence}`
}

/**
 * The discount as a credit note (of a bill: a supplier credit): its amount includes tax and is shared over the tax codes of
 * the invoice in proportion to what each comes to. Null where the invoice does not add up or comes to nothing.
 */
export function discountDocument(
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  invoice: LedgerDocument,
  context: { books: Books /** The discount's own id as a thing. */; id: string; number: string },
): LedgerDocument | null {
  const { books, id, number } = context
  const groups = taxGroups(invoice, books)
  if (groups.length === 0 || allocation.amount <= 0) return null
  const shares = shareCents(
    allocation.amount,
    groups.map(({ gross }) => gross),
  )
  const lines = groups.flatMap((group, index) => {
    const amount = shares[index] ?? zeroCents
    return amount === 0 ? [] : [lineOf(index + 1, amount, group, invoice, books)]
  })
  const tax = addCents(...lines.map((line) => line.tax))
  return {
    id,
    entity: invoice.entity,
    kind: invoice.kind === 'invoice' ? 'credit_note' : 'supplier_credit',
    number,
    contact: invoice.contact,
    status: 'sent',
    date: paymentDateOf(payment, allocation),
    dueDate: null,
    currency: invoice.currency,
    exchangeRate: invoice.exchangeRate,
    amounts: invoice.amounts === 'no_tax' ? 'no_tax' : 'inclusive',
    reference: payment.reference,
    vehicleRegistration: invoice.vehicleRegistration,
    poNumber: invoice.poNumber,
    job: invoice.job,
    employee: invoice.employee,
    weekEnding: invoice.weekEnding,
    recruiters: invoice.recruiters,
    subtotal: subtractCents(allocation.amount, tax),
    tax,
    total: allocation.amount,
    url: null,
    sourceDocument: null,
    lines,
  }
}

/** What the lines of one tax code come to, tax included. */
interface TaxGroup {
  taxCode: string | null
  gross: Cents
  tax: Cents
}

/** By tax code in the order of the lines; codes that come to nothing or less take no part. */
function taxGroups(invoice: LedgerDocument, books: Books): TaxGroup[] {
  const totals = documentTotals(invoice, books)
  if (!totals.fits) return []
  const groups = new Map<string | null, TaxGroup>()
  for (const { line, amount, tax } of totals.lines) {
    const taxCode = invoice.amounts === 'no_tax' ? null : codeOf(line, invoice, books)
    const group = groups.get(taxCode) ?? { taxCode, gross: zeroCents, tax: zeroCents }
    const gross = invoice.amounts === 'exclusive' ? addCents(amount, tax) : amount
    groups.set(taxCode, { taxCode, gross: addCents(group.gross, gross), tax: addCents(group.tax, tax) })
  }
  return [...groups.values()].filter(({ gross }) => gross > 0)
}

function codeOf(line: DocumentLine, invoice: LedgerDocument, books: Books): string | null {
  const item = line.item ? books.items.get(line.item) : undefined
  return line.taxCode ?? (invoice.kind === 'invoice' ? item?.saleTaxCode : item?.purchaseTaxCode) ?? null
}

function lineOf(
  position: number,
  amount: Cents,
  { taxCode, gross, tax }: TaxGroup,
  invoice: LedgerDocument,
  books: Books,
): DocumentLine {
  return {
    position,
    kind: 'charge',
    item: null,
    description: `Payment discount on ${invoice.number}`,
    quantity: e4(10_000),
    unitPrice: null,
    discountPercent: e4(0),
    amount,
    account: books.roleAccounts.get('discount') ?? null,
    taxCode,
    // The same part of the tax as of the amount: an invoice discounted in full gives back all its tax.
    tax: cents(Number(divideRounded(BigInt(amount) * BigInt(tax), BigInt(gross)))),
    tracking: [],
    supply: null,
    averageCost: null,
    destination: null,
    quantityReceived: null,
  }
}
