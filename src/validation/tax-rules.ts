// The tax of each line: its type is known to Xero and goes with its account, and its amount is possible (§4.1, I5). A
// document without tax sends no types, so nothing is asked of them.

import type { Books, Side } from '../accounting/books.ts'
import type { MirrorTaxRate } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { formatCents } from '../accounting/money.ts'
import { isSummarised, type PostedLine, postedLines } from '../mapping/posted-lines.ts'
import {
  type Complaint,
  complain,
  complainOfLine,
  type DocumentView,
  type LineView,
} from './document-view.ts'

export function checkTaxTypes(view: DocumentView): Finding[] {
  if (view.document.amounts === 'no_tax') return []
  return view.lines.flatMap((line) => {
    if (line.isNote) return []
    const complaint =
      line.taxType === null
        ? unmapped(line, view.side)
        : rateComplaint(line.taxType, line.account, view.context.books)
    return complaint ? [complainOfLine(view, line, { ...complaint, field: 'taxCode' })] : []
  })
}

/** The automatic rounding line goes out with the region's no-tax type, which the organisation must have. */
export function checkRoundingTax(view: DocumentView): Finding[] {
  const { totals, context, document } = view
  const { mirror } = context.books
  if (!totals?.fits || !totals.roundingLine || !mirror || document.amounts === 'no_tax') return []
  const { taxType } = totals.roundingLine
  if (mirror.taxRates.get(taxType)?.status === 'ACTIVE') return []
  return [
    complain(view, {
      ...unknownType(taxType),
      message: `needs a rounding line with tax type ${taxType}, which Xero does not have.`,
    }),
  ]
}

const sideWords: Record<Side, string> = { sales: 'sales', purchases: 'purchase' }

function unmapped({ line }: LineView, side: Side): Complaint {
  if (line.taxCode !== null) return unmappedCode(line.taxCode, side)
  return {
    code: 'tax-unmapped',
    message: `has ${formatCents(line.tax)} tax and no tax code.`,
    why: mappingReason,
    fix: 'Give the line a tax code in the ledger.',
  }
}

const mappingReason =
  'Xero posts tax by its own tax types, so each tax code of the ledger needs one for sales and one for purchases.'

/** A tax code for which Xero has no type on this side (B5). */
export function unmappedCode(code: string, side: Side): Complaint {
  return {
    code: 'tax-unmapped',
    message: `has tax code ${code}, for which no ${sideWords[side]} tax type of Xero is known.`,
    why: mappingReason,
    fix: `Map ${code} in tax_code_map. auxo-sync tax-codes lists Xero's types.`,
  }
}

function unknownType(taxType: string): Complaint {
  return {
    code: 'tax-unknown',
    message: `has tax type ${taxType}, which Xero does not have.`,
    why: 'Xero takes only the tax types of the organisation, spelt exactly, upper and lower case included.',
    fix: "Correct the type in tax_code_map. auxo-sync tax-codes lists Xero's types; if it is new in Xero, run auxo-sync refresh.",
  }
}

/** Why a tax type cannot stand on an account (null: none is known); null where it can, or nothing was read of Xero yet. */
export function rateComplaint(
  taxType: string,
  accountCode: string | null,
  { mirror }: Books,
): Complaint | null {
  if (!mirror) return null
  const rate = mirror.taxRates.get(taxType)
  if (!rate) return unknownType(taxType)
  if (rate.status !== 'ACTIVE')
    return {
      ...unknownType(taxType),
      message: `has tax type ${taxType} (${rate.name}), which is no longer active in Xero.`,
    }
  const account = accountCode === null ? undefined : mirror.accounts.get(accountCode)
  if (!account || appliesTo(rate, account.class)) return null
  return {
    code: 'tax-not-applicable',
    message: `has tax type ${taxType} (${rate.name}) on account ${accountCode} (${account.name}), with which it does not go.`,
    why: `In Xero this tax rate does not apply to accounts of class ${account.class.toLowerCase()}.`,
    fix: 'Change the tax code or the account, or the account that it is mapped to.',
  }
}

function appliesTo({ canApplyTo }: MirrorTaxRate, accountClass: string): boolean {
  switch (accountClass) {
    case 'ASSET':
      return canApplyTo.assets
    case 'EQUITY':
      return canApplyTo.equity
    case 'EXPENSE':
      return canApplyTo.expenses
    case 'LIABILITY':
      return canApplyTo.liabilities
    case 'REVENUE':
      return canApplyTo.revenue
    default:
      // A class that we do not know is Xero's to judge.
      return true
  }
}

/** Xero refuses a tax above its line (§4.1); a tax of the other sign than its line is an error of the ledger. */
export function checkTaxAmounts(view: DocumentView): Finding[] {
  const { totals } = view
  if (!totals?.fits) return []
  if (isSummarised(view.document, view.context.books)) return checkSummarisedTaxes(view)
  return view.lines.flatMap((line, index) => {
    const sent = totals.lines[index]
    if (!sent || isPossible(sent)) return []
    return [complainOfLine(view, line, { ...impossibleTax(sent), field: 'tax' })]
  })
}

/** Summarised, only what the lines of a group come to together is sent (I6). */
function checkSummarisedTaxes(view: DocumentView): Finding[] {
  return summarised(view).flatMap((line) => {
    if (line.isNote || isPossible(line)) return []
    return [
      complain(view, {
        ...impossibleTax(line),
        message: `has on account ${line.account} ${impossibleTax(line).message}`,
      }),
    ]
  })
}

/** The lines as they would be sent; none where a line cannot be sent yet, which is another finding. */
function summarised({ sent, form, context, totals, lines }: DocumentView): readonly PostedLine[] {
  const isTaxed = sent.amounts !== 'no_tax'
  const isReady = lines.every(
    (line) =>
      line.isNote ||
      (line.account !== null &&
        !(isTaxed && line.taxType === null) &&
        line.tracking.every(({ category, option }) => category !== null && option !== null)),
  )
  if (!totals?.fits || !isReady || (totals.roundingLine && totals.roundingLine.account === null)) return []
  return postedLines(sent, totals, context.books, form)
}

function isPossible({ amount, tax }: { amount: number; tax: number }): boolean {
  return Math.abs(tax) <= Math.abs(amount) && tax * amount >= 0
}

function impossibleTax({ amount, tax }: { amount: number; tax: number }): Complaint {
  return {
    code: 'tax-amount-invalid',
    message: `has ${formatCents(tax)} tax on ${formatCents(amount)}.`,
    why: 'Xero takes no tax above the amount that it is on, and tax has the sign of its amount.',
    fix: 'Correct the tax of the line in the ledger.',
  }
}
