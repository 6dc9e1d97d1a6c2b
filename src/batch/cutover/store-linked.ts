// Puts what was read of linked documents into the mirror of money, as the pull stores what it reads by id (X2, M1): the feeds begin
// with the connection, and would never say what was on these documents before.

import { storeCredits, storeDocuments, storePayments } from '../../ledger/mirror-money.ts'
import type { FeedCredit } from '../../xero/found.ts'
import { standingPayments, summaryOf } from '../pull/asked.ts'
import type { LinkContext } from './link-context.ts'
import type { FoundTwin } from './twins.ts'

/** Before anything is linked: once it is, the next pull compares what stands here. */
export async function storeLinked(
  { ledger, gateway }: LinkContext,
  rows: readonly FoundTwin[],
  credits: readonly FeedCredit[],
): Promise<void> {
  const page = { tenantId: gateway.tenantId, resource: null }
  await storeCredits(ledger, page, credits)
  await storePayments(ledger, page, rows.flatMap(standingPayments))
  // Of a credit the mirror has its own row.
  await storeDocuments(
    ledger,
    page,
    rows.flatMap((row) => ('credits' in row ? [summaryOf(row)] : [])),
  )
}
