// The trial balance of an organisation, so that tests can compare what an export came to with books worked out by hand.
// Xero's own report is not imitated. What posts what is postings.ts's business.

import type { Organisation } from './organisation.ts'
import { postings } from './postings.ts'

export interface BalanceRow {
  /** The account's code, or its name where it has none. */
  readonly account: string
  /** Of two categories both; null without tracking. */
  readonly trackingOption: string | null
  /** Of the base currency, debit above zero. */
  readonly cents: number
}

/** By account and tracking option, without what comes to nothing. The rows sum to zero. */
export function trialBalance(organisation: Organisation): BalanceRow[] {
  const rows = new Map<string, BalanceRow>()
  for (const { accountId, tracking, cents } of postings(organisation)) {
    const trackingOption = tracking.length === 0 ? null : tracking.map(({ option }) => option).join(' + ')
    const found = organisation.accounts.get(accountId)
    const account = found?.code ?? found?.name ?? accountId
    const key = JSON.stringify([account, trackingOption ?? ''])
    rows.set(key, { account, trackingOption, cents: (rows.get(key)?.cents ?? 0) + cents })
  }
  return [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
    .filter((row) => row.cents !== 0)
}
