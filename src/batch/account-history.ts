// Balances of accounts at the ends of some months, from what the ledger posts (V8): documents, journals, cost of goods, stock movements.
// Money in the bank, clearing, tax, receivable and payable are not among the ledger's postings.

import { type Books, baseCurrencyOf } from '../accounting/books.ts'
import { addDays, type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { AccountHistory } from '../accounting/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { addPostings } from './reconcile/accounts.ts'

/** `months` are first and last days, one after the other. */
export async function readAccountHistory(
  ledger: Ledger,
  books: Books,
  months: readonly { month: string; from: PlainDate; to: PlainDate }[],
): Promise<AccountHistory> {
  const balances = new Map<string, number[]>()
  const sums = new Map<string, number>()
  let unrated = 0
  let from = beginning
  for (const [place, { to }] of months.entries()) {
    unrated += await addPostings(ledger, books, { from, to }, sums)
    for (const [account, cents] of sums) {
      const row = balances.get(account) ?? months.map(() => 0)
      row[place] = cents
      balances.set(account, row)
    }
    from = addDays(to, 1)
  }
  const accounts = [...balances].map(([account, values]) => {
    const known = books.mirror?.accounts.get(account)
    return { account, name: known?.name ?? '', type: known?.class ?? '', balances: values }
  })
  return {
    currency: baseCurrencyOf(books),
    months: months.map(({ month }) => month),
    accounts: accounts.sort((one, other) =>
      one.account.localeCompare(other.account, 'en', { numeric: true }),
    ),
    unrated,
  }
}

const beginning = parseDate('0001-01-01') ?? ('0001-01-01' as PlainDate) // a date that there was
