// The lines of a document or journal in one form, whether they are about to be sent or were read from Xero, so that the two
// can be compared. Pure; who compares and what follows is batch's business.

import { type Cents, cents } from './money.ts'

export interface ContentLine {
  description: string
  /** Xero's code; null for a line that only says something. */
  account: string | null
  /** Null in a document without tax, where Xero decides. */
  taxType: string | null
  /** In the sense of the document's amounts. */
  amount: Cents
  /** Zero in a document without tax. */
  tax: Cents
  tracking: readonly { category: string; option: string }[]
}

/**
 * One text for the lines in their order: equal exactly where the lines are. Space around descriptions is ignored, as is the
 * order of tracking; a journal's line without a description is one with an empty one.
 */
export function contentOf(lines: readonly ContentLine[]): string {
  return JSON.stringify(
    lines.map((line) => [
      line.description.trim(),
      line.account,
      line.taxType,
      line.amount,
      line.tax,
      line.tracking.map(({ category, option }) => `${category}: ${option}`).sort(),
    ]),
  )
}

/** What the debits of a journal with this content come to, tax included. */
export function debitsOfContent(content: string): Cents {
  const lines = JSON.parse(content) as [string, string | null, string | null, number, number, string[]][] // of contentOf
  return cents(lines.reduce((sum, [, , , amount, tax]) => sum + Math.max(0, amount + tax), 0))
}
