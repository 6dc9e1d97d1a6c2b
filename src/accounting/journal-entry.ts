// A journal as it would stand in Xero, whatever it comes of: a journal of the ledger, a pay run, the cost of a part, an
// invoice posted as a journal, a day's sales. Who makes one is mapping's business, who judges it validation's.

import type { Role } from './books.ts'
import type { PlainDate } from './calendar.ts'
import type { TrackingPair } from './documents.ts'
import { addCents, type Cents, cents } from './money.ts'

export interface EntryLine {
  /** Xero's code; null where none is known, which is a finding. */
  account: string | null
  /** The role whose account this is; null where the ledger names the account itself. */
  role: Role | null
  description: string
  /** Debit +, credit -, without tax, in the organisation's currency. */
  amount: Cents
  /** The ledger's, for people; `taxType` is what is sent. */
  taxCode: string | null
  /** Null where the tax code is not mapped, which is a finding. */
  taxType: string | null
  /** With the sign of the amount. */
  tax: Cents
  /** As the ledger names it, halves included: those are findings. */
  tracking: readonly TrackingPair[]
}

export interface JournalEntry {
  date: PlainDate
  narration: string
  /** None of 0.00: they move nothing. */
  lines: readonly EntryLine[]
}

/** Debits less credits, tax included; zero where the entry balances. */
export function imbalanceOf(entry: JournalEntry): Cents {
  return addCents(...entry.lines.flatMap(({ amount, tax }) => [amount, tax]))
}

/** What the debits come to, tax included. */
export function debitTotalOf(entry: JournalEntry): Cents {
  return addCents(...entry.lines.map(({ amount, tax }) => cents(Math.max(0, amount + tax))))
}

/** True for lines that are worth something. */
export function isMoving({ amount, tax }: { amount: Cents; tax: Cents }): boolean {
  return amount !== 0 || tax !== 0
}

/**
 * True where a line has tax, or a type that Xero's tax return counts even at 0.00 (zero-rated sales). Other journals go out
 * without tax and without types.
 */
export function isTaxedEntry(entry: JournalEntry, noTaxType: string): boolean {
  return entry.lines.some(({ tax, taxType }) => tax !== 0 || taxType !== noTaxType)
}

/** The same lines the other way round. */
export function reversedLines(lines: readonly EntryLine[]): EntryLine[] {
  return lines.map((line) => ({ ...line, amount: cents(-line.amount), tax: cents(-line.tax) }))
}
