// The lines of a document as they go to Xero, still in cents: notes, priced lines, the rounding line, or one line for each
// account, tax type and tracking (I4, I5, I6). line-items.ts turns them into Xero's shape.

import {
  accountOf,
  type Books,
  currencyOf,
  type Side,
  sideOf,
  taxTypeOf,
  xeroAccountOf,
} from '../accounting/books.ts'
import { contentOf } from '../accounting/content.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import {
  addCents,
  type Cents,
  type E4,
  e4,
  isTie,
  lineAmount,
  lineFraction,
  zeroCents,
} from '../accounting/money.ts'
import type { FittingTotals, LineTotals, RoundingLine } from '../accounting/totals.ts'
import { type DocumentForm, formOf } from './document-form.ts'
import { lineDescription, pricingInWords } from './templates.ts'
import { sentTracking } from './tracking.ts'

/** Only a description: Xero takes it as a line of its own (§4.3). */
interface NoteLine {
  isNote: true
  description: string
}

export interface AmountLine {
  isNote: false
  description: string
  account: string
  /** Null in a document without tax: Xero decides there. */
  taxType: string | null
  tracking: readonly { category: string; option: string }[]
  amount: Cents
  tax: Cents
  /** What Xero may multiply itself; null where it is sent as one times the amount. */
  pricing: { quantity: E4; unitPrice: E4; discountPercent: E4 } | null
  /** Code of an item that Xero has; null where none is named (R1). */
  item: string | null
}

export type PostedLine = NoteLine | AmountLine

/** True for a line that says something and is worth nothing. A note with an amount is money like any other line. */
export function isNoteLine(line: DocumentLine, side: Side, books: Books): boolean {
  if (line.amount !== 0 || line.tax !== 0) return false
  return line.kind === 'note' || accountOf(line, side, books) === null
}

/** True where the settings want one line for each account, tax type and tracking of a document (I6). */
export function isSummarised(document: LedgerDocument, books: Books): boolean {
  const { summarise_sales_lines, summarise_purchase_lines } = books.settings
  return (sideOf(document.kind) === 'sales' ? summarise_sales_lines : summarise_purchase_lines) === 'on'
}

/**
 * The lines to send, whose amounts and taxes sum to the totals. The document has the signs of its form and has passed
 * validation: a line without account or tax type here is a bug.
 */
export function postedLines(
  document: LedgerDocument,
  totals: FittingTotals,
  books: Books,
  form: DocumentForm = formOf(document, books),
): PostedLine[] {
  const lines = totals.lines.map((line): PostedLine => {
    const pricing = pricingOf(line, totals, form)
    const description = describeLine(line, pricing, document, totals, books)
    if (isNoteLine(line.line, sideOf(document.kind), books)) return { isNote: true, description }
    return amountLine(line, description, pricing, document, books)
  })
  if (totals.roundingLine) lines.push(roundingPosting(totals.roundingLine, document))
  return isSummarised(document, books) ? summarise(lines, books) : lines
}

/** The description of each line as it goes out, before lines are summarised: with its pricing where that is not sent. */
export function sentDescriptions(
  document: LedgerDocument,
  totals: FittingTotals,
  books: Books,
  form: DocumentForm,
): string[] {
  return totals.lines.map((line) =>
    describeLine(line, pricingOf(line, totals, form), document, totals, books),
  )
}

/** The lines as they can be compared with those of a document read from Xero. */
export function contentOfLines(lines: readonly PostedLine[]): string {
  return contentOf(lines.map((line) => (line.isNote ? { ...nothing, description: line.description } : line)))
}

const nothing = { account: null, taxType: null, amount: zeroCents, tax: zeroCents, tracking: [] }

function describeLine(
  { line }: LineTotals,
  pricing: AmountLine['pricing'],
  document: LedgerDocument,
  totals: FittingTotals,
  books: Books,
): string {
  const description = lineDescription(line, document, books)
  if (pricing !== null || isNoteLine(line, sideOf(document.kind), books)) return description
  const words = pricingInWords(line, totals.isConverted ? currencyOf(document, books) : null)
  return words === null ? description : `${description} (${words})`
}

function amountLine(
  { line, amount, tax }: LineTotals,
  description: string,
  pricing: AmountLine['pricing'],
  document: LedgerDocument,
  books: Books,
): AmountLine {
  const side = sideOf(document.kind)
  const account = required(accountOf(line, side, books), document, 'account')
  return {
    isNote: false,
    description,
    account: xeroAccountOf(account, books),
    taxType:
      document.amounts === 'no_tax' ? null : required(taxTypeOf(line, side, books), document, 'tax type'),
    tracking: sentTracking(line, books),
    amount,
    tax,
    pricing,
    // Named only with its own quantity and price: one times an amount would be wrong in Xero's item reports.
    item: pricing !== null && line.item && books.itemsInXero.has(line.item) ? line.item : null,
  }
}

function required(value: string | null, document: LedgerDocument, what: string): string {
  if (value === null) throw new Error(`a line of ${document.id} without ${what} passed validation`)
  return value
}

/** Only sales invoices take a discount in Xero (§4.3), and a converted amount has no price. */
function pricingOf(line: LineTotals, totals: FittingTotals, form: DocumentForm): AmountLine['pricing'] {
  if (totals.isConverted) return null
  if (form !== 'sales_invoice' && line.line.discountPercent !== 0) return null
  return certainPricing(line)
}

/**
 * Quantity, price and discount where Xero's own product is these cents for certain: no half cents, whose rounding in
 * Xero is unknown (§6), a discount of two decimals at most, and then a price before discount that is whole cents too,
 * so that it does not matter when Xero rounds. Null otherwise.
 */
function certainPricing({ line, amount }: LineTotals): AmountLine['pricing'] {
  const { quantity, unitPrice, discountPercent } = line
  if (unitPrice === null || quantity === 0) return null
  const { numerator, divisor } = lineFraction(quantity, unitPrice, discountPercent)
  if (isTie(numerator, divisor) || lineAmount(quantity, unitPrice, discountPercent) !== amount) return null
  if (discountPercent !== 0) {
    const isWholeCents = (BigInt(quantity) * BigInt(unitPrice)) % 1_000_000n === 0n
    if (discountPercent % 100 !== 0 || !isWholeCents) return null
  }
  // Xero refuses a negative quantity and takes a negative price (§4.1).
  return quantity < 0
    ? { quantity: e4(-quantity), unitPrice: e4(-unitPrice), discountPercent }
    : { quantity, unitPrice, discountPercent }
}

function roundingPosting(rounding: RoundingLine, document: LedgerDocument): AmountLine {
  return {
    isNote: false,
    description: 'Rounding',
    account: required(rounding.account, document, 'rounding account'),
    taxType: document.amounts === 'no_tax' ? null : rounding.taxType,
    tracking: [],
    amount: rounding.amount,
    tax: zeroCents,
    pricing: null,
    item: null,
  }
}

/** One line for each account, tax type and tracking, in the order of their first lines; notes only if all are notes. */
function summarise(lines: readonly PostedLine[], books: Books): PostedLine[] {
  const groups = new Map<string, AmountLine[]>()
  for (const line of lines) {
    if (line.isNote) continue
    const key = JSON.stringify([line.account, line.taxType, line.tracking.map((t) => [t.category, t.option])])
    const group = groups.get(key)
    if (group) group.push(line)
    else groups.set(key, [line])
  }
  if (groups.size === 0) return [...lines]
  return [...groups.values()].map((group) => summaryOf(group, books))
}

function summaryOf(group: readonly AmountLine[], books: Books): AmountLine {
  const [first] = group
  if (!first) throw new Error('a summary of no lines')
  if (group.length === 1) return first
  const name = books.mirror?.accounts.get(first.account)?.name ?? first.account
  return {
    ...first,
    description: `${name}: ${group.length} lines`,
    amount: addCents(...group.map((line) => line.amount)),
    tax: addCents(...group.map((line) => line.tax)),
    pricing: null,
    item: null,
  }
}
