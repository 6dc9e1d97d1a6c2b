// How a document adds up, and so what of each line goes to Xero: the amount in the sense of the document's `amounts`, its
// tax, one rounding line at most (I4, I5, I10). Which account or tax type a line has is books.ts's business.

import { type Books, baseCurrencyOf, currencyOf, roundingAccountOf } from './books.ts'
import type { DocumentLine, LedgerDocument } from './documents.ts'
import type { AmountsMode } from './kinds.ts'
import { addCents, type Cents, cents, type E6, subtractCents, toBase, zeroCents } from './money.ts'

/** A ledger line with what is sent of it: the amount with tax in an inclusive document, else without. */
export interface LineTotals {
  line: DocumentLine
  amount: Cents
  tax: Cents
}

/** The line that makes up a cent of net difference. It has no tax, and no account where none is known. */
export interface RoundingLine {
  amount: Cents
  account: string | null
  taxType: string
}

export interface FittingTotals {
  fits: true
  /** The currency that all the amounts here are in: the document's, or the organisation's where it was converted. */
  currency: string
  isConverted: boolean
  /** One for each line of the document, in its order. */
  lines: readonly LineTotals[]
  roundingLine: RoundingLine | null
  /** The tax that was moved onto a line (index from 0), so that the taxes sum to the document's. */
  movedTax: { index: number; difference: Cents } | null
  subtotal: Cents
  tax: Cents
  total: Cents
}

export type UnfittingTotals =
  /** `header`: subtotal + tax is not the total. `tax`, `net`: the lines sum to something else. */
  | { fits: false; which: 'header' | 'tax' | 'net'; ledgerTotal: Cents; linesTotal: Cents }
  /** To be converted to base currency, and the ledger has no rate (I10). */
  | { fits: false; which: 'rate'; currency: string; baseCurrency: string }

/** What the document's lines come to in Xero, or why they cannot come to the document's own total. */
export function documentTotals(document: LedgerDocument, books: Books): FittingTotals | UnfittingTotals {
  const headerTotal = addCents(document.subtotal, document.tax)
  if (headerTotal !== document.total)
    return { fits: false, which: 'header', ledgerTotal: document.total, linesTotal: headerTotal }

  const taxes = fitTaxes(document)
  if (!taxes.fits) return taxes
  const lines = document.lines.map((line, index) => {
    const tax = taxes.taxes[index] ?? zeroCents
    return { line, amount: sentAmount(line, tax, document.amounts), tax }
  })

  const linesTotal = totalOf(lines, document.amounts)
  const difference = subtractCents(document.total, linesTotal)
  if (Math.abs(difference) > books.settings.rounding_tolerance)
    return { fits: false, which: 'net', ledgerTotal: document.total, linesTotal }

  const totals: FittingTotals = {
    fits: true,
    currency: currencyOf(document, books),
    isConverted: false,
    lines,
    roundingLine: difference === 0 ? null : roundingLine(difference, books),
    movedTax: taxes.movedTax,
    subtotal: document.subtotal,
    tax: document.tax,
    total: document.total,
  }
  return inSentCurrency(totals, document, books)
}

/** True for lines that the ledger keeps without tax in every document: freight and discount (I4). */
function isAlwaysNet(line: DocumentLine): boolean {
  return line.kind === 'freight' || line.kind === 'discount'
}

function sentAmount(line: DocumentLine, tax: Cents, amounts: AmountsMode): Cents {
  return amounts === 'inclusive' && isAlwaysNet(line) ? addCents(line.amount, tax) : line.amount
}

function totalOf(lines: readonly LineTotals[], amounts: AmountsMode): Cents {
  let total = 0
  for (const { amount, tax } of lines) total += amounts === 'exclusive' ? amount + tax : amount
  return cents(total)
}

function roundingLine(amount: Cents, books: Books): RoundingLine {
  return { amount, account: roundingAccountOf(books), taxType: books.region.noTaxType }
}

type FittedTaxes =
  | { fits: true; taxes: readonly Cents[]; movedTax: FittingTotals['movedTax'] }
  | Extract<UnfittingTotals, { ledgerTotal: Cents }>

/** The tax of each line such that they sum to the document's: a difference goes onto the largest taxed line (I5). */
function fitTaxes(document: LedgerDocument): FittedTaxes {
  const isTaxed = document.amounts !== 'no_tax'
  const taxes = document.lines.map((line) => (isTaxed ? line.tax : zeroCents))
  const linesTax = addCents(...taxes)
  const difference = subtractCents(document.tax, linesTax)
  if (difference === 0) return { fits: true, taxes, movedTax: null }

  const index = largestTaxedLine(document, taxes)
  const line = document.lines[index]
  const refused = { fits: false, which: 'tax', ledgerTotal: document.tax, linesTotal: linesTax } as const
  if (!line) return refused
  const before = taxes[index] ?? zeroCents
  const after = addCents(before, difference)
  // Xero refuses a tax above its line (§4.1), and a tax of the other sign is no rounding any more.
  const room = Math.abs(sentAmount(line, after, document.amounts))
  if (Math.abs(after) > room || after * before < 0) return refused
  return { fits: true, taxes: taxes.with(index, after), movedTax: { index, difference } }
}

/**
 * The index of the taxed line with the largest amount; -1 where no line is taxed. In an inclusive document a line that
 * holds its tax goes before one that does not: moving tax within it leaves the total as it is.
 */
function largestTaxedLine(document: LedgerDocument, taxes: readonly Cents[]): number {
  let best = -1
  let bestWeight = -1
  for (const [index, line] of document.lines.entries()) {
    if ((taxes[index] ?? 0) === 0) continue
    const movesTotal = document.amounts === 'inclusive' && isAlwaysNet(line)
    const weight = movesTotal ? 0 : Math.abs(line.amount)
    if (weight > bestWeight) {
      best = index
      bestWeight = weight
    }
  }
  return best
}

/** The totals in base currency where the settings want that of a foreign document (I10); else as they are. */
function inSentCurrency(
  totals: FittingTotals,
  document: LedgerDocument,
  books: Books,
): FittingTotals | UnfittingTotals {
  const baseCurrency = baseCurrencyOf(books)
  if (books.settings.foreign_currency !== 'base' || totals.currency === baseCurrency) return totals
  if (document.exchangeRate === null)
    return { fits: false, which: 'rate', currency: totals.currency, baseCurrency }
  return convertTotals(totals, document.amounts, document.exchangeRate, baseCurrency)
}

function convertTotals(
  totals: FittingTotals,
  amounts: AmountsMode,
  rate: E6,
  baseCurrency: string,
): FittingTotals {
  const total = toBase(totals.total, rate)
  const [subtotal = zeroCents, tax = zeroCents] = convertParts([totals.subtotal, totals.tax], total, rate)
  const { lines, roundingLine } = totals
  const foreignAmounts = lines.map((line) => line.amount)
  if (roundingLine) foreignAmounts.push(roundingLine.amount)
  const baseAmounts = convertParts(foreignAmounts, amounts === 'exclusive' ? subtotal : total, rate)
  const baseTaxes = convertParts(
    lines.map((line) => line.tax),
    tax,
    rate,
  )
  const baseRounding = baseAmounts[lines.length] ?? zeroCents
  return {
    ...totals,
    currency: baseCurrency,
    isConverted: true,
    lines: lines.map(({ line }, index) => ({
      line,
      amount: baseAmounts[index] ?? zeroCents,
      tax: baseTaxes[index] ?? zeroCents,
    })),
    roundingLine: roundingLine && baseRounding !== 0 ? { ...roundingLine, amount: baseRounding } : null,
    subtotal,
    tax,
    total,
  }
}

/**
 * Converts amounts so that they sum to the target, which is their converted sum rounded: each is rounded down, and the
 * cents that are missing go to the largest remainders. Unlike `share` it takes amounts of both signs, since a discount
 * line stands among charges; a zero never gets a cent.
 */
function convertParts(amounts: readonly Cents[], target: Cents, rate: E6): Cents[] {
  const divisor = BigInt(rate)
  const parts = amounts.map((amount, index) => {
    const scaled = BigInt(amount) * 1_000_000n
    const remainder = ((scaled % divisor) + divisor) % divisor
    return { index, floor: Number((scaled - remainder) / divisor), remainder }
  })
  let missing = target - parts.reduce((sum, part) => sum + part.floor, 0)
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )
  for (const part of byRemainder) {
    if (missing === 0) break
    part.floor += 1
    missing -= 1
  }
  return parts.map((part) => cents(part.floor))
}
