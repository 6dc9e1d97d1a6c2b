// Purchase orders: the list, always in pages and without `where`, one by id or number, PUT creates, POST creates or edits by
// id or number, POST /{id} edits (§4.9).

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { msOfDate, readDate } from './dates.ts'
import { writeElements } from './elements.ts'
import { isGuid } from './guid.ts'
import { type JsonObject, textOf } from './json.ts'
import { paged, pageQuery, select } from './listing.ts'
import {
  createPurchaseOrder,
  editPurchaseOrder,
  orderTexts,
  purchaseOrderShape,
  refusedOrder,
} from './purchase-order-change.ts'
import { type PurchaseOrder, purchaseOrderStatuses } from './purchase-order-record.ts'
import { showPurchaseOrder } from './purchase-order-view.ts'
import { notFound, type Reply } from './reply.ts'
import { type FilterFields, UnreadableQuery } from './where.ts'

/** For `order`. */
const fields: FilterFields<PurchaseOrder> = {
  PurchaseOrderID: { type: 'guid', read: (order) => order.id },
  PurchaseOrderNumber: { type: 'text', read: (order) => order.number },
  Status: { type: 'text', read: (order) => order.status },
  Date: { type: 'date', read: (order) => msOfDate(order.date) },
  DeliveryDate: {
    type: 'date',
    read: (order) => (order.deliveryDate === null ? null : msOfDate(order.deliveryDate)),
  },
  Total: { type: 'number', read: (order) => order.total / 100 },
  UpdatedDateUTC: { type: 'date', read: (order) => order.updatedAt },
}

function all(call: Call): Reply {
  const found = select(call, call.organisation.purchaseOrders, fields, keeps(call))
  const { rows, page } = paged(call, found)
  return answerWith(
    call,
    'PurchaseOrders',
    rows.map((order) => showPurchaseOrder(call, order, 'listed')),
    page,
  )
}

function keeps(call: Call): (order: PurchaseOrder) => boolean {
  const status = call.query.get('Status')
  if (status !== null && !purchaseOrderStatuses.some((known) => known === status))
    throw new UnreadableQuery(`'${status}' is not a status of purchase orders.`)
  const from = dateParameter(call, 'DateFrom')
  const to = dateParameter(call, 'DateTo')
  return (order) =>
    (status === null || order.status === status) &&
    (from === null || order.date >= from) &&
    (to === null || order.date <= to)
}

function dateParameter(call: Call, name: string) {
  const sent = call.query.get(name)
  if (sent === null) return null
  const date = readDate(sent)
  if (date === null) throw new UnreadableQuery(`${name} is not a date.`)
  return date
}

function one(call: Call): Reply {
  const key = call.path['PurchaseOrderID'] ?? ''
  const { organisation } = call
  const order = isGuid(key)
    ? organisation.purchaseOrders.get(key.toLowerCase())
    : organisation.purchaseOrderNumbered(key)
  return order ? answerWith(call, 'PurchaseOrders', [showPurchaseOrder(call, order, 'single')]) : notFound
}

const kind = { key: 'PurchaseOrders', flag: 'HasErrors' } as const

function elements(call: Call): readonly JsonObject[] {
  return readElements(call.body, 'PurchaseOrders', purchaseOrderShape, call.switches)
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    if (element['PurchaseOrderID'] !== undefined)
      return refusedOrder(call, null, element, orderTexts.idOnCreate)
    return createPurchaseOrder(call, element)
  })
}

/** By number it finds deleted orders too (§0.1). */
function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const { organisation } = call
    const id = textOf(element, 'PurchaseOrderID')
    const order =
      id === undefined
        ? organisation.purchaseOrderNumbered(textOf(element, 'PurchaseOrderNumber') ?? '')
        : organisation.purchaseOrders.get(id)
    if (order) return editPurchaseOrder(call, order, element)
    return id === undefined
      ? createPurchaseOrder(call, element)
      : refusedOrder(call, null, element, orderTexts.unknown)
  })
}

function update(call: Call): Reply {
  const order = call.organisation.purchaseOrders.get((call.path['PurchaseOrderID'] ?? '').toLowerCase())
  if (!order) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one purchase order is expected.')
  return writeElements(call, kind, [element], (sent) => editPurchaseOrder(call, order, sent))
}

const scopes = ['accounting.invoices']
const collection = '/PurchaseOrders'
const single = '/PurchaseOrders/{PurchaseOrderID}'
const listing = ['Status', 'DateFrom', 'DateTo', 'order', ...pageQuery]

export const purchaseOrderRoutes: readonly Route[] = [
  { method: 'GET', path: collection, scopes, query: listing, answer: all },
  { method: 'GET', path: single, scopes, query: [], answer: one },
  { method: 'PUT', path: collection, scopes, query: ['summarizeErrors'], answer: create },
  { method: 'POST', path: collection, scopes, query: ['summarizeErrors'], answer: upsert },
  { method: 'POST', path: single, scopes, query: [], answer: update },
]
