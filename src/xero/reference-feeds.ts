// The feeds of reference data (R1, R4): items, manual journals, journals that Xero generated. What is done with the rows is the
// caller's business.

import type * as z from 'zod'
import type { ApiCalls } from './calls.ts'
import type { FeedJournal } from './found.ts'
import type { CompleteRead, XeroGateway } from './gateway.ts'
import { address, type ChangeList, handChanged, readRows, unreadable } from './read-lists.ts'
import { feedItemRows, feedJournalRows, generatedRows } from './reference-rows.ts'

/** Asked for an order, this list once forgot its pages and what it was asked for (§5); by itself it is by change. */
const manualJournals: ChangeList<FeedJournal> = {
  path: '/ManualJournals',
  name: { one: 'manual journal', many: 'manual journals' },
  rows: feedJournalRows,
  // They come with all their lines.
  pageSize: 500,
  query: {},
}

export type ReferenceFeeds = Pick<XeroGateway, 'itemFeed' | 'manualJournalFeed' | 'generatedJournals'>

export function createReferenceFeeds(calls: ApiCalls): ReferenceFeeds {
  return {
    // They have no pages (§4.8). Prices at four decimals (§3.5).
    itemFeed: (since) => findSince(calls, 'items', address('/Items', { unitdp: '4' }), feedItemRows, since),
    manualJournalFeed: (since, onPage) => handChanged(calls, manualJournals, since, onPage),
    generatedJournals: async (after, since) =>
      (
        await findSince(
          calls,
          'journals',
          address('/Journals', { offset: String(after) }),
          generatedRows,
          since,
        )
      ).rows,
  }
}

/** Of a list without pages what changed since, all where null. */
async function findSince<Row>(
  calls: ApiCalls,
  subject: string,
  path: string,
  rows: z.ZodType<Row[]>,
  since: number | null,
): Promise<CompleteRead<Row>> {
  const answer = await calls.read(subject, path, since)
  // 304 says that nothing changed; a list that is not there at all is no empty list.
  if (answer.outcome === 'nothing' && answer.status === 304 && answer.serverTime !== null)
    return { rows: [], serverTime: answer.serverTime }
  if (answer.outcome !== 'json') throw unreadable(subject)
  return { rows: readRows(subject, answer, rows), serverTime: answer.serverTime }
}
