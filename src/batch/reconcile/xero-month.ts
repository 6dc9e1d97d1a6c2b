// What Xero has of a month (V4): its documents by date in a handful of calls, and by their ids those of the ledger that are not among
// them, as far as they are few.

import type { PlainDate } from '../../accounting/calendar.ts'
import type { DocumentForm } from '../../mapping/document-form.ts'
import type { DatedDocument } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'

export interface Month {
  from: PlainDate
  to: PlainDate
}

/** By id. */
export type XeroDocuments = Map<string, DatedDocument>

/** Every document dated in the month; orders only where the ledger may have sent some. */
export async function readXeroMonth(
  gateway: XeroGateway,
  { from, to }: Month,
  { withOrders }: { withOrders: boolean },
): Promise<XeroDocuments> {
  const found: XeroDocuments = new Map()
  const reads = [gateway.documentsDated, gateway.creditsDated, ...(withOrders ? [gateway.ordersDated] : [])]
  for (const read of reads) {
    for (const row of (await read(from, to)).rows) found.set(row.xeroId, row)
  }
  return found
}

/** Invoices and bills go 40 in a call: five calls. */
const invoicesMax = 200
/** Credits and orders go one by one. */
const othersMax = 10

/** Which list of Xero has what went out in a form; null for what is compared with none. */
export function listOf(form: DocumentForm): 'invoices' | 'credits' | 'orders' | null {
  return lists[form]
}

const lists: Record<DocumentForm, ReturnType<typeof listOf>> = {
  sales_invoice: 'invoices',
  bill: 'invoices',
  order_as_bill: 'invoices',
  sales_credit: 'credits',
  supplier_credit: 'credits',
  purchase_order: 'orders',
  journal: null,
  none: null,
}

/**
 * Documents that should be in the month and are not, by their ids: somebody may have changed their date. `unasked` are those beyond
 * what a few calls can tell.
 */
export async function readMissing(
  gateway: XeroGateway,
  missing: readonly { xeroId: string; list: ReturnType<typeof listOf> }[],
): Promise<{ found: XeroDocuments; unasked: Set<string> }> {
  const found: XeroDocuments = new Map()
  const of = (list: string) => missing.filter((one) => one.list === list).map(({ xeroId }) => xeroId)
  const invoices = of('invoices')
  for (const row of await gateway.datedDocumentsByIds(invoices.slice(0, invoicesMax)))
    found.set(row.xeroId, row)
  const credits = of('credits')
  const orders = of('orders')
  for (const xeroId of credits.slice(0, othersMax)) put(found, await gateway.datedCreditById(xeroId))
  for (const xeroId of orders.slice(0, othersMax)) put(found, await gateway.datedOrderById(xeroId))
  const unasked = new Set([
    ...invoices.slice(invoicesMax),
    ...credits.slice(othersMax),
    ...orders.slice(othersMax),
  ])
  return { found, unasked }
}

function put(found: XeroDocuments, row: DatedDocument | null): void {
  if (row) found.set(row.xeroId, row)
}
