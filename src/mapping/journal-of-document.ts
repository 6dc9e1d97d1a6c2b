// A sales invoice or credit note as a journal against the debtors role account (J4, ar_style=journals). Tax rides on the
// revenue lines, so that Xero's tax return stays right. What applies to the debtors later is journal-of-payment.ts.

import {
  accountOf,
  type Books,
  type Role,
  taxTypeOf,
  xeroAccountOf,
  xeroNumberOf,
} from '../accounting/books.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import { type EntryLine, isMoving, type JournalEntry, reversedLines } from '../accounting/journal-entry.ts'
import type { LineKind } from '../accounting/kinds.ts'
import { subtractCents, zeroCents } from '../accounting/money.ts'
import {
  documentTotals,
  type FittingTotals,
  type LineTotals,
  type UnfittingTotals,
} from '../accounting/totals.ts'
import { accountName, roleLine, summedLines } from './entry-lines.ts'
import { lineDescription } from './templates.ts'
import { trackingOf } from './tracking.ts'

/** In a foreign currency and without a rate: no journal can be made of it. */
export type MissingRate = Extract<UnfittingTotals, { which: 'rate' }>

/**
 * The debtors line and what is owed for, in the organisation's currency at the document's own rate, whatever
 * foreign_currency says: Xero's journals know no other. The unfitting totals where the document does not add up.
 */
export function journalOfDocument(document: LedgerDocument, books: Books): JournalEntry | UnfittingTotals {
  const totals = documentTotals(document, {
    ...books,
    settings: { ...books.settings, foreign_currency: 'base' },
  })
  if (!totals.fits) return totals
  const isCredit = document.kind === 'credit_note'
  const narration = narrationOf(document, books)
  const earned = earnedLines(document, totals, books)
  const lines =
    books.settings.summarise_sales_lines === 'on'
      ? summedLines(earned, (line, group) => `${accountName(line.account, books)}: ${group.length} lines`)
      : earned
  const debtors = roleLine('debtors', totals.total, narration, books)
  const posted = [debtors, ...reversedLines(lines)].filter(isMoving)
  return { date: document.date, narration, lines: isCredit ? reversedLines(posted) : posted }
}

function narrationOf(document: LedgerDocument, books: Books): string {
  const kind = document.kind === 'credit_note' ? 'Credit note' : 'Invoice'
  const contact = document.contact ? ` for ${document.contact}` : ''
  return `${kind} ${xeroNumberOf(document.number, books)}${contact}`
}

/** Positive for what an invoice charges. */
function earnedLines(document: LedgerDocument, totals: FittingTotals, books: Books): EntryLine[] {
  const lines = totals.lines.map((line) => earnedLine(line, document, books))
  if (totals.roundingLine) {
    const { amount, account, taxType } = totals.roundingLine
    lines.push({ ...roleLine('rounding', amount, 'Rounding', books), account, taxType })
  }
  return lines.filter(isMoving)
}

function earnedLine({ line, amount, tax }: LineTotals, document: LedgerDocument, books: Books): EntryLine {
  const account = accountOf(line, 'sales', books)
  const isTaxed = document.amounts !== 'no_tax'
  return {
    account: account === null ? null : xeroAccountOf(account, books),
    role: line.account === null ? (roleOfLine[line.kind] ?? null) : null,
    description: lineDescription(line, document, books),
    amount: document.amounts === 'inclusive' ? subtractCents(amount, tax) : amount,
    taxCode: line.taxCode,
    taxType: isTaxed ? taxTypeOf(line, 'sales', books) : books.region.noTaxType,
    tax: isTaxed ? tax : zeroCents,
    tracking: trackingOf(line, books),
  }
}

const roleOfLine: Partial<Record<LineKind, Role>> = {
  freight: 'freight',
  discount: 'discount',
  rounding: 'rounding',
}
