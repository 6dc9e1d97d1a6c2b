// What a document comes to (I4, I5, I10, I13): it has lines, they add up to its totals, and Xero takes such an amount and
// currency.

import { baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import type { UnfittingTotals } from '../accounting/totals.ts'
import { documentSizeBound, requestBytesMax } from '../mapping/size.ts'
import {
  type Complaint,
  complain,
  complainOfLine,
  type DocumentView,
  lineAmountMax,
} from './document-view.ts'
import { megabytes } from './wording.ts'

export function checkCurrency(view: DocumentView): Finding[] {
  const { document, context, totals } = view
  const { mirror } = context.books
  // Converted documents go out in the base currency, which every organisation has.
  const currency = totals?.fits ? totals.currency : currencyOf(document, context.books)
  const isConverted = context.books.settings.foreign_currency === 'base' || view.form === 'journal'
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

export function checkLines(view: DocumentView): Finding[] {
  if (view.document.lines.length > 0) return []
  return [
    complain(view, {
      code: 'lines-missing',
      field: 'lines',
      message: 'has no lines.',
      why: 'Xero takes no document without at least one line.',
      fix: 'Add the lines of the document to the ledger.',
    }),
  ]
}

export function checkTotals(view: DocumentView): Finding[] {
  const { document, totals } = view
  // Without lines there is nothing to compare, and that is said already.
  if (document.lines.length === 0 || !totals || totals.fits) return []
  return [complain(view, misfit(totals, view))]
}

function misfit(totals: UnfittingTotals, { document, context, form }: DocumentView): Complaint {
  if (totals.which === 'rate')
    return {
      code: 'rate-missing',
      field: 'exchangeRate',
      message: `is in ${totals.currency} and has no exchange rate.`,
      why:
        form === 'journal'
          ? `Journals in Xero are in ${totals.baseCurrency}: the document is converted at the rate of the ledger.`
          : `The setting foreign_currency=base posts everything in ${totals.baseCurrency}, at the rate of the ledger.`,
      fix:
        form === 'journal'
          ? 'Give the document its exchange rate in the ledger.'
          : 'Give the document its exchange rate in the ledger, or set foreign_currency to document.',
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
    header: 'The amounts of the document contradict each other.',
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
export function checkMovedTax(view: DocumentView): Finding[] {
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
      message: `has ${formatCents(view.sent.tax)} tax, ${formatCents(difference)} other than its lines: line ${index + 1} takes the difference.`,
      why: 'Rounding alone does not explain a difference of that size.',
      fix: 'Look at the tax of the lines in the ledger. The total is right either way.',
    }),
  ]
}

/** A negative invoice or bill goes out as a credit (I13); what else is below zero has no form in Xero. */
export function checkNegativeTotal(view: DocumentView): Finding[] {
  const { total, kind } = view.document
  if (total >= 0 || kind === 'invoice' || kind === 'bill') return []
  const name = kindNames[kind].one
  return [
    complain(view, {
      code: 'total-negative',
      field: 'total',
      message: `has a total of ${formatCents(total)}.`,
      why:
        kind === 'purchase_order'
          ? 'Xero takes no purchase order below zero.'
          : `The amounts of a ${name} are positive in the ledger: it takes them off by itself.`,
      fix: `Turn the signs of the ${name} in the ledger, or make it another kind of document.`,
    }),
  ]
}

export function checkAmounts(view: DocumentView): Finding[] {
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

export function checkSize(view: DocumentView): Finding[] {
  const bytes = documentSizeBound(view.document, view.context.books)
  if (bytes <= requestBytesMax) return []
  return [
    complain(view, {
      code: 'document-too-large',
      message: `has ${view.document.lines.length.toLocaleString('en')} lines and takes up to ${megabytes(bytes)}.`,
      why: 'A call to Xero carries 3.5 MB at most, and a document cannot be cut in two.',
      fix: 'Shorten the descriptions, or split the document in the ledger.',
    }),
  ]
}
