// The feeds of what became of money in Xero: payments, credits and documents by the time of their change (§5). How a list is read
// to its end is read-lists.ts's business, what is done with the rows the caller's.

import type { ApiCalls } from './calls.ts'
import { feedCreditRows, summaryRows } from './feed-rows.ts'
import type { CreditKind, DocumentSummary, FeedCredit, FoundPayment } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import { paymentRows } from './payment-rows.ts'
import { type ChangeList, findOne, handChanged } from './read-lists.ts'

/** Rows without lines are small: the largest page there is (§2.3). */
const largest = 1000
/** Credits come with lines and contact. */
const withLines = 500

const payments: ChangeList<FoundPayment> = {
  path: '/Payments',
  name: { one: 'payment', many: 'payments' },
  rows: paymentRows,
  pageSize: largest,
  query: {},
}
const byChange = { order: 'UpdatedDateUTC ASC' }
const credits: Record<CreditKind, ChangeList<FeedCredit>> = {
  credit_note: {
    path: '/CreditNotes',
    name: { one: 'credit note', many: 'credit notes' },
    rows: feedCreditRows.credit_note,
    pageSize: withLines,
    query: byChange,
  },
  prepayment: {
    path: '/Prepayments',
    name: { one: 'prepayment', many: 'prepayments' },
    rows: feedCreditRows.prepayment,
    pageSize: withLines,
    query: byChange,
  },
  overpayment: {
    path: '/Overpayments',
    name: { one: 'overpayment', many: 'overpayments' },
    rows: feedCreditRows.overpayment,
    pageSize: withLines,
    query: byChange,
  },
}
/** Without lines, payments and credits: what is not as it is known is read by its id (batch/pull-asked.ts). */
const documents: ChangeList<DocumentSummary> = {
  path: '/Invoices',
  name: { one: 'invoice', many: 'invoices' },
  rows: summaryRows,
  pageSize: largest,
  query: { summaryOnly: 'true' },
}

export type Feeds = Pick<XeroGateway, 'paymentFeed' | 'creditFeed' | 'documentFeed' | 'creditById'>

export function createFeeds(calls: ApiCalls): Feeds {
  return {
    paymentFeed: (since, onPage) => handChanged(calls, payments, since, onPage),
    creditFeed: (kind, since, onPage) => handChanged(calls, credits[kind], since, onPage),
    documentFeed: (since, onPage) => handChanged(calls, documents, since, onPage),
    creditById(kind, xeroId) {
      const { path, name, rows } = credits[kind]
      return findOne(calls, name.one, `${path}/${encodeURIComponent(xeroId)}`, rows)
    },
  }
}
