// What reconciling asks of Xero (V4): the documents of some days as summaries, those that are not among them by their ids, and the
// trial balance. How a list is read to its end is read-lists.ts's business.

import type { PlainDate } from '../accounting/calendar.ts'
import type { ApiCalls } from './calls.ts'
import { datedCreditRows, datedInvoiceRows, datedOrderRows, trialBalanceRows } from './dated-rows.ts'
import type { DatedDocument } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import { address, type ChangeList, findAll, findChanged, findOne } from './read-lists.ts'

const invoices: ChangeList<DatedDocument> = {
  path: '/Invoices',
  name: { one: 'invoice', many: 'invoices' },
  rows: datedInvoiceRows,
  // Without lines they are small: the largest page there is (§2.3).
  pageSize: 1000,
  query: { summaryOnly: 'true' },
}
const byChange = { order: 'UpdatedDateUTC ASC' }
const credits: ChangeList<DatedDocument> = {
  path: '/CreditNotes',
  name: { one: 'credit note', many: 'credit notes' },
  rows: datedCreditRows,
  // They come with their lines.
  pageSize: 500,
  query: byChange,
}
const orders: ChangeList<DatedDocument> = {
  path: '/PurchaseOrders',
  name: { one: 'purchase order', many: 'purchase orders' },
  rows: datedOrderRows,
  pageSize: 500,
  query: byChange,
}

/** Longer addresses are answered 404 (§2.3). */
const idsPerCall = 40

export type DatedReads = Pick<
  XeroGateway,
  | 'documentsDated'
  | 'creditsDated'
  | 'ordersDated'
  | 'datedDocumentsByIds'
  | 'datedCreditById'
  | 'datedOrderById'
  | 'trialBalance'
>

export function createDatedReads(calls: ApiCalls): DatedReads {
  const byId = ({ path, name, rows }: ChangeList<DatedDocument>) => {
    return (xeroId: string) => findOne(calls, name.one, `${path}/${encodeURIComponent(xeroId)}`, rows)
  }
  return {
    documentsDated: (from, to) => findChanged(calls, invoices, { where: dated(from, to) }, null),
    creditsDated: (from, to) => findChanged(calls, credits, { where: dated(from, to) }, null),
    // Orders take no `where` (§2.3).
    ordersDated: (from, to) => findChanged(calls, orders, { DateFrom: from, DateTo: to }, null),
    async datedDocumentsByIds(xeroIds) {
      const found: DatedDocument[] = []
      for (let start = 0; start < xeroIds.length; start += idsPerCall) {
        const IDs = xeroIds.slice(start, start + idsPerCall).join(',')
        found.push(...(await findChanged(calls, invoices, { IDs }, null)).rows)
      }
      return found
    },
    datedCreditById: byId(credits),
    datedOrderById: byId(orders),
    trialBalance: async (date) =>
      (await findAll(calls, 'trial balance', address('/Reports/TrialBalance', { date }), trialBalanceRows))
        .rows,
  }
}

/** As Xero's filters write days: DateTime(2026, 11, 02). */
function dated(from: PlainDate, to: PlainDate): string {
  const day = (date: PlainDate) => `DateTime(${date.split('-').join(', ')})`
  return `Date>=${day(from)} AND Date<=${day(to)}`
}
