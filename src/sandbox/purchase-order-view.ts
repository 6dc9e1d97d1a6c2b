// Purchase orders as Xero shows them. Prices have four decimals without asking, and the contact inside lies about its
// change by the organisation's distance from UTC (§4.9).

import { shownAttachments } from './attachment-view.ts'
import type { Call } from './call.ts'
import { contactStub, writtenContact } from './contact-view.ts'
import { dateFields, localAsUtc, msDate, readDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import { shownLines } from './invoice-view.ts'
import { type JsonObject, textOf } from './json.ts'
import type { PurchaseOrder } from './purchase-order-record.ts'

export type OrderForm = 'written' | 'single' | 'listed'

export function showPurchaseOrder(call: Call, order: PurchaseOrder, form: OrderForm): JsonObject {
  return {
    PurchaseOrderID: order.id,
    PurchaseOrderNumber: order.number,
    ...dateFields('Date', order.date),
    ...dateFields('DeliveryDate', order.deliveryDate),
    ...dateFields('ExpectedArrivalDate', order.expectedArrivalDate),
    ...order.texts,
    HasErrors: false,
    IsDiscounted: order.totalDiscount !== 0,
    TotalDiscount: order.totalDiscount / 100,
    SentToContact: order.sentToContact,
    Type: 'PURCHASEORDER',
    CurrencyRate: order.currencyRate / 1_000_000,
    CurrencyCode: order.currencyCode,
    Contact: contactOf(call, order, form),
    BrandingThemeID: order.brandingThemeId ?? undefined,
    Status: order.status,
    LineAmountTypes: order.lineAmountTypes,
    LineItems: shownLines(call, order.lines, form === 'listed', 4),
    SubTotal: order.subTotal / 100,
    TotalTax: order.totalTax / 100,
    Total: order.total / 100,
    UpdatedDateUTC: msDate(order.updatedAt),
    ...(form === 'written' ? {} : shownAttachments(call, 'PurchaseOrders', order.id, form === 'single')),
  }
}

function contactOf(call: Call, order: PurchaseOrder, form: OrderForm): JsonObject {
  const contact = call.organisation.contacts.get(order.contactId)
  if (!contact) return { ContactID: order.contactId }
  const shown = form === 'listed' ? contactStub(contact) : writtenContact(contact)
  return { ...shown, UpdatedDateUTC: msDate(localAsUtc(contact.updatedAt, call.organisation.timeZone)) }
}

/** The echo of a refusal: what was sent, over what is stored; a refused create has the zero id (§3.2, §0.1). */
export function refusedPurchaseOrder(call: Call, before: PurchaseOrder | null, sent: JsonObject): JsonObject {
  const date = (name: string) => dateFields(name, readDate(textOf(sent, name) ?? ''))
  return {
    ...(before ? showPurchaseOrder(call, before, 'written') : {}),
    ...sent,
    ...date('Date'),
    ...date('DeliveryDate'),
    ...date('ExpectedArrivalDate'),
    PurchaseOrderID: before?.id ?? zeroGuid,
  }
}
