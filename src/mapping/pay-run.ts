// The lines of a pay run's journal (J6): as the ledger has them, summed up for each employee, or for the whole run, with
// tracking on expenses and, where the entity wants it, on what is owed.

import type { Books } from '../accounting/books.ts'
import type { JournalLine, TrackingPair } from '../accounting/documents.ts'
import type { EntryLine } from '../accounting/journal-entry.ts'
import { type Cents, shareCents } from '../accounting/money.ts'
import { accountName, classOf, ledgerLine, summedLines } from './entry-lines.ts'

interface PayLine extends EntryLine {
  employee: string | null
}

/**
 * `payroll_summary=none`: line by line. `pay`: for each employee one line per account, tax type and tracking; lines that
 * name no employee are summed up together. `payrun`: the same for the whole run. Debits and credits stay apart.
 */
export function payRunLines(lines: readonly JournalLine[], books: Books): EntryLine[] {
  const { payroll_summary: summary } = books.settings
  const payLines = trackedLines(
    lines.map((line) => ({
      ...ledgerLine({ ...line, description: line.description ?? '' }, books),
      employee: line.employee,
    })),
    books,
  )
  if (summary === 'none') return payLines.map(({ employee: _, ...line }) => line)
  if (summary === 'payrun') return summedLines(payLines, (line) => accountName(line.account, books))
  return summedLines(
    payLines,
    (line) => {
      const name = accountName(line.account, books)
      return line.employee === null ? name : `${line.employee}: ${name}`
    },
    ({ employee }) => JSON.stringify(employee),
  )
}

/** Expenses keep their tracking. What is owed has none, or its own, or is split as the expenses behind it are. */
function trackedLines(lines: readonly PayLine[], books: Books): PayLine[] {
  const expenses = lines.filter((line) => classOf(line.account, books) === 'EXPENSE')
  const areTracked = books.settings.payroll_liability_tracking === 'on'
  return lines.flatMap((line) => {
    const accountClass = classOf(line.account, books)
    // An account that is not known may be an expense: another rule stands against sending it.
    if (accountClass === null || accountClass === 'EXPENSE') return [line]
    if (!areTracked) return [{ ...line, tracking: [] }]
    return line.tracking.length > 0 ? [line] : splitLine(line, expenses)
  })
}

/** In proportion to the employee's expenses by tracking; to those of the run where the line is of no employee. */
function splitLine(line: PayLine, expenses: readonly PayLine[]): PayLine[] {
  const own = expenses.filter(({ employee }) => employee === line.employee)
  const groups = trackingWeights(line.employee !== null && own.length > 0 ? own : expenses)
  // Tax cannot be split beside its amount without a difference of cents; what is owed has none.
  if (groups.length === 0 || line.tax !== 0) return [line]
  const shares = shareCents(
    line.amount,
    groups.map(({ weight }) => weight),
  )
  return groups.flatMap(({ tracking }, index) => {
    const amount = shares[index] ?? (0 as Cents)
    return amount === 0 ? [] : [{ ...line, amount, tracking }]
  })
}

/** What the expenses of each tracking come to; those that come to nothing or less have no share. */
function trackingWeights(
  expenses: readonly PayLine[],
): { tracking: readonly TrackingPair[]; weight: number }[] {
  const groups = new Map<string, { tracking: readonly TrackingPair[]; weight: number }>()
  for (const { tracking, amount } of expenses) {
    const key = tracking
      .map(({ category, option }) => JSON.stringify([category, option]))
      .sort()
      .join()
    const group = groups.get(key) ?? { tracking, weight: 0 }
    group.weight += amount
    groups.set(key, group)
  }
  return [...groups.values()].filter(({ weight }) => weight > 0)
}
