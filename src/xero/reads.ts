// Every question that is put to Xero, and here those about the books themselves: organisation, accounts, rates,
// tracking, currencies, contacts, items. Repeats, limits and errors of the line are calls' business; what is done with
// the rows is the caller's.

import type * as z from 'zod'
import type { ApiCalls } from './calls.ts'
import { contactRows } from './contact-rows.ts'
import { createDocumentReads, type DocumentReads } from './document-reads.ts'
import type { FoundContact } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import {
  accountRows,
  currencyRows,
  itemRows,
  organisationRows,
  taxRateRows,
  trackingCategoryRows,
} from './mirror-rows.ts'
import { createPaymentReads, type PaymentReads } from './payment-reads.ts'
import { address, findAll, findOne, findPage, type Place, unreadable } from './read-lists.ts'
import { seekRows } from './seek.ts'

/** Contacts are small: the largest page there is (§2.3). */
const contactPageSize = 1000

/** Ids in one call: addresses that are too long are answered 404 (§2.3). */
const askedPerCall = 40

export type Reads = DocumentReads &
  PaymentReads &
  Pick<
    XeroGateway,
    | 'organisation'
    | 'accounts'
    | 'taxRates'
    | 'trackingCategories'
    | 'currencies'
    | 'contactsSince'
    | 'contactById'
    | 'contactsByIds'
    | 'items'
  >

export function createReads(calls: ApiCalls, options: { apiUrl: string; tenantId: string }): Reads {
  const rowsOf = async <Rows>(subject: string, path: string, rows: z.ZodType<Rows>): Promise<Rows> =>
    (await findAll(calls, subject, path, rows)).rows

  return {
    ...createDocumentReads(calls, options.apiUrl),
    ...createPaymentReads(calls),
    async organisation() {
      const [found] = await rowsOf('organisation', '/Organisation', organisationRows)
      if (!found) throw unreadable('organisation')
      return { tenantId: options.tenantId, ...found }
    },
    accounts: () => rowsOf('accounts', '/Accounts', accountRows),
    taxRates: () => rowsOf('tax rates', '/TaxRates', taxRateRows),
    trackingCategories: () =>
      rowsOf(
        'tracking categories',
        address('/TrackingCategories', { includeArchived: 'true' }),
        trackingCategoryRows,
      ),
    currencies: () => rowsOf('currencies', '/Currencies', currencyRows),

    async contactsSince(since, onPage) {
      const seeking = {
        since,
        pageSize: contactPageSize,
        what: 'contacts',
        idOf: (row: FoundContact) => row.contactId,
        findPage: (place: Place) =>
          findPage(calls, 'contacts', contactRows, place, (paging) =>
            address('/Contacts', { order: 'UpdatedDateUTC ASC', includeArchived: 'true', ...paging }),
          ),
      }
      const serverTime = await seekRows(seeking, async (rows, time) => {
        if (rows.length > 0) await onPage(rows, time)
      })
      return { serverTime }
    },
    contactById: (xeroId) =>
      findOne(calls, 'contact', `/Contacts/${encodeURIComponent(xeroId)}`, contactRows),
    async contactsByIds(xeroIds) {
      const asked = [...new Set(xeroIds)]
      const rows: FoundContact[] = []
      const times: number[] = []
      for (let start = 0; start < asked.length; start += askedPerCall) {
        const IDs = asked.slice(start, start + askedPerCall).join(',')
        // With a page, or MergedToContactID is left out (§4.2).
        const read = await findPage(
          calls,
          'contacts',
          contactRows,
          { since: null, page: 1, pageSize: 100 },
          (paging) => address('/Contacts', { IDs, includeArchived: 'true', ...paging }),
        )
        if (read === null) throw unreadable('contacts')
        rows.push(...read.rows)
        times.push(read.serverTime)
      }
      return { rows, serverTime: times.length === 0 ? 0 : Math.min(...times) }
    },
    items: () => findAll(calls, 'items', '/Items', itemRows), // they have no pages (§4.8)
  }
}
