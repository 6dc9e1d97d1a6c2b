// What a document comes to (I4, I5, I10, I13): it has lines, they add up to its totals, and Xero takes such an amount and
// currency.

import { baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import { formatCents } from '../accounting/money.ts'
import type { UnfittingTotals } from '../accounting/totals.ts'
import { invoiceSizeBound, requestBytesMax } from '../mapping/size.ts'
import { type Complaint, complain, complainOfLine, type InvoiceView, lineAmountMax } from './invoice-view.ts'

export function checkCurrency(view: InvoiceView): Finding[] {
  const { document, context, totals } = view
  const { mirror } = context.books
  // Converted documents go out in the base currency, which every organisation has.
  const currency = totals?.fits ? totals.currency : currencyOf(document, context.books)
  const isConverted = context.books.settings.foreign_currency === 'base'
  if (!mirror || isConverted || currency === baseCurrencyOf(context.books) || mirror.currencies.has(currency))
    return []
  return [
    complain(view, {
      code: 'currency-not-enabled',
      field: 'currency',
      message: `is in ${currency}, which ${mirror.organisation.name} does not have.`,
      why: 'An organisation takes only the currencies that were added to it in Xero.',
      fix: `Add ${currency} in Xero and run auxo-sync refresh, or set foreign_currency to base.`,
    }),
  ]
}

export function checkLines(view: InvoiceView): Finding[] {
  if (view.document.lines.length > 0) return []
  return [
    complain(view, {
      code: 'lines-missing',
      field: 'lines',
      message: 'has no lines.',
      why: 'Xero takes no invoice without at least one line.',
      fix: 'Add the lines of the invoice to the ledger.',
    }),
  ]
}

export function checkTotals(view: InvoiceView): Finding[] {
  const { document, totals } = view
  // Without lines there is nothing to compare, and that is said already.
  if (document.lines.length === 0 || !totals || totals.fits) return []
  return [complain(view, misfit(totals, view))]
}

function misfit(totals: UnfittingTotals, { document, context }: InvoiceView): Complaint {
  if (totals.which === 'rate')
    return {
      code: 'rate-missing',
      field: 'exchangeRate',
      message: `is in ${totals.currency} and has no exchange rate.`,
      why: `The setting foreign_currency=base posts everything in ${totals.baseCurrency}, at the rate of the ledger.`,
      fix: 'Give the invoice its exchange rate in the ledger, or set foreign_currency to document.',
    }
  const ledger = formatCents(totals.ledgerTotal)
  const lines = formatCents(totals.linesTotal)
  const messages = {
    header: `has a total of ${ledger}, but subtotal and tax come to ${lines}.`,
    tax: `has ${ledger} tax, but the tax of its lines comes to ${lines}.`,
    net: `has a total of ${ledger}, but its lines come to ${lines}.`,
  }
  const tolerance = formatCents(context.books.settings.rounding_tolerance)
  const reasons = {
    header: 'The amounts of the invoice contradict each other.',
    tax: 'No line can take the difference: tax must stay below its line and keep its sign.',
    net: `Differences above ${tolerance} (rounding_tolerance) are not rounding.`,
  }
  const field = { header: 'total', tax: 'tax', net: 'total' }[totals.which]
  const noTax = document.amounts === 'no_tax' && totals.which === 'tax'
  return {
    code: 'total-mismatch',
    field,
    message: noTax ? `has ${ledger} tax, but its amounts are without tax (no_tax).` : messages[totals.which],
    why: noTax ? 'A document without tax has no tax total.' : reasons[totals.which],
    fix: 'Correct the totals or the lines in the ledger. Freight and discount lines are always without tax.',
  }
}

/** More than a cent for each taxed line is more than rounding explains: it goes out, and someone should look. */
export function checkMovedTax(view: InvoiceView): Finding[] {
  const { totals, document } = view
  if (!totals?.fits || !totals.movedTax) return []
  const taxedLines = document.lines.filter((line) => line.tax !== 0).length
  const { difference, index } = totals.movedTax
  if (Math.abs(difference) <= taxedLines) return []
  return [
    complain(view, {
      code: 'tax-difference',
      severity: 'warning',
      field: 'tax',
      message: `has ${formatCents(document.tax)} tax, ${formatCents(difference)} other than its lines: line ${index + 1} takes the difference.`,
      why: 'Rounding alone does not explain a difference of that size.',
      fix: 'Look at the tax of the lines in the ledger. The total is right either way.',
    }),
  ]
}

export function checkNegativeTotal(view: InvoiceView): Finding[] {
  const { total } = view.document
  if (total >= 0) return []
  return [
    complain(view, {
      code: 'total-negative',
      field: 'total',
      message: `has a total of ${formatCents(total)}.`,
      why: 'Xero takes no invoice below zero: that is a credit note, which this version does not export yet.',
      fix: 'Enter it as a credit note in Xero, and make it a credit_note or a draft in the ledger.',
    }),
  ]
}

export function checkAmounts(view: InvoiceView): Finding[] {
  if (view.totals) return []
  const tooLarge: Complaint = {
    code: 'amount-too-large',
    message: 'has an amount above 9,999,999,999.99.',
    why: 'Xero takes no larger amounts.',
    fix: 'Correct the amounts in the ledger.',
  }
  const findings = view.lines
    .filter(({ line }) => Math.max(Math.abs(line.amount), Math.abs(line.tax)) > lineAmountMax)
    .map((line) => complainOfLine(view, line, { ...tooLarge, field: 'amount' }))
  return findings.length > 0 ? findings : [complain(view, { ...tooLarge, field: 'total' })]
}

export function checkSize(view: InvoiceView): Finding[] {
  const bytes = invoiceSizeBound(view.document, view.context.books)
  if (bytes <= requestBytesMax) return []
  return [
    complain(view, {
      code: 'document-too-large',
      message: `has ${view.document.lines.length.toLocaleString('en')} lines and takes up to ${(bytes / 1_000_000).toFixed(1)} MB.`,
      why: 'A call to Xero carries 3.5 MB at most, and an invoice cannot be cut in two.',
      fix: 'Shorten the descriptions, or split the invoice in the ledger.',
    }),
  ]
}
