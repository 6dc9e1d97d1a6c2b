// Creates and edits one purchase order: its head, numbers and statuses (§4.9). The rules of its lines are those of bills;
// it posts nothing, so that locked periods do not hold it up.

import { e6 } from '../accounting/money.ts'
import {
  boolean,
  choice,
  date,
  guid,
  ignored,
  list,
  number,
  object,
  type Shape,
  text,
  tooLong,
} from './body.ts'
import { type Call, today } from './call.ts'
import { contactShape } from './contact-change.ts'
import { readDate } from './dates.ts'
import { type DocumentContact, documentContact } from './document-contact.ts'
import { type ReadLines, readLines } from './document-lines.ts'
import { texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { invoiceTexts, keptLines, rateAfter } from './invoice-change.ts'
import { lineAmountTypes } from './invoice-record.ts'
import { lineShape } from './invoice-shape.ts'
import { booleanOf, type JsonObject, listOf, objectOf, textOf } from './json.ts'
import {
  type OrderTexts,
  orderTextFields,
  type PurchaseOrder,
  type PurchaseOrderStatus,
  purchaseOrderStatuses,
} from './purchase-order-record.ts'
import { refusedPurchaseOrder, showPurchaseOrder } from './purchase-order-view.ts'
import { totalsOf } from './totals.ts'

/** Every property that Xero publishes for a purchase order; read-only ones are taken and left alone. */
export const purchaseOrderShape: Shape = {
  name: 'PurchaseOrder',
  fields: {
    PurchaseOrderID: guid,
    PurchaseOrderNumber: text(),
    Contact: object(contactShape),
    LineItems: list(lineShape),
    Date: date,
    DeliveryDate: date,
    ExpectedArrivalDate: date,
    LineAmountTypes: choice('LineAmountType', lineAmountTypes),
    Reference: text(),
    BrandingThemeID: guid,
    CurrencyCode: text(),
    CurrencyRate: number,
    Status: choice('PurchaseOrderStatus', purchaseOrderStatuses),
    SentToContact: boolean,
    DeliveryAddress: text(),
    AttentionTo: text(),
    Telephone: text(),
    DeliveryInstructions: text(500),
    SubTotal: ignored,
    TotalTax: ignored,
    Total: ignored,
    TotalDiscount: ignored,
    HasAttachments: ignored,
    UpdatedDateUTC: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
    Warnings: ignored,
    Attachments: ignored,
  },
}

export const orderTexts = {
  numberTaken: 'Order number must be unique',
  statusInvalid: 'PurchaseOrder status change is invalid',
  deleted: 'Deleted PurchaseOrders cannot be updated',
  billed: 'Billed PurchaseOrders cannot be updated',
  unknown: 'An existing PurchaseOrder with the specified PurchaseOrderID could not be found',
  idOnCreate: 'A PurchaseOrder that is created cannot name a PurchaseOrderID.',
  notSendable: 'Only AUTHORISED and BILLED purchase orders may have SentToContact updated.',
}

/** BILLED to DELETED is recorded (§0.1); DELETED is the end. */
const transitions: Record<PurchaseOrderStatus, readonly PurchaseOrderStatus[]> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'BILLED', 'DELETED'],
  SUBMITTED: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'BILLED', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'BILLED', 'DELETED'],
  BILLED: ['AUTHORISED', 'BILLED', 'DELETED'],
  DELETED: [],
}

const isApproved = (status: PurchaseOrderStatus) => status === 'AUTHORISED' || status === 'BILLED'

export function createPurchaseOrder(call: Call, element: JsonObject): Verdict {
  const status = statusOf(element) ?? 'DRAFT'
  const contact = existingContact(call, objectOf(element, 'Contact'))
  const blank = blankOrder(call, contact)
  const change = apply(call, blank, { ...element, LineItems: element['LineItems'] ?? [] }, status)
  const errors = [...(contact.ok ? [] : contact.errors), ...change.errors]
  if (status === 'DELETED') errors.push(orderTexts.statusInvalid)
  // A deleted order still owns its number (§3.3).
  if (change.order.number !== '' && call.organisation.purchaseOrderNumbered(change.order.number))
    errors.push(orderTexts.numberTaken)
  if (errors.length > 0) return refusedOrder(call, null, { ...element, Status: status }, ...errors)
  const order = { ...change.order, number: change.order.number || freeNumber(call) }
  return store(call, order, contact, change.warnings)
}

export function editPurchaseOrder(call: Call, before: PurchaseOrder, element: JsonObject): Verdict {
  const status = statusOf(element) ?? before.status
  const errors =
    transitions[before.status].includes(status) || status === before.status ? [] : [orderTexts.statusInvalid]
  if (before.status === 'DELETED') errors.push(orderTexts.deleted)
  if (errors.length > 0) return refusedOrder(call, before, element, ...errors)
  if (status === 'DELETED') return store(call, { ...before, status }, null, [])
  if (before.status === 'BILLED' && call.switches.billedOrderEdit === 'refused' && editsMore(element))
    return refusedOrder(call, before, element, orderTexts.billed)
  const contact = existingContact(call, objectOf(element, 'Contact') ?? { ContactID: before.contactId })
  const change = apply(call, before, element, status)
  if (!contact.ok) errors.push(...contact.errors)
  errors.push(...change.errors)
  const holder = call.organisation.purchaseOrderNumbered(change.order.number)
  if (holder && holder.id !== before.id) errors.push(orderTexts.numberTaken)
  if (errors.length > 0) return refusedOrder(call, before, element, ...errors)
  return store(call, change.order, contact, change.warnings)
}

export function refusedOrder(
  call: Call,
  before: PurchaseOrder | null,
  element: JsonObject,
  ...errors: string[]
): Verdict {
  return { kind: 'refused', echo: refusedPurchaseOrder(call, before, element), errors: [...new Set(errors)] }
}

function editsMore(element: JsonObject): boolean {
  const harmless = ['PurchaseOrderID', 'PurchaseOrderNumber', 'Status', 'SentToContact']
  return Object.keys(element).some((name) => !harmless.includes(name))
}

/** Purchase orders never create a contact (§4.2). */
function existingContact(call: Call, sent: JsonObject | undefined): DocumentContact {
  const switches = { ...call.switches, unknownContactName: 'refused' as const }
  return documentContact({ ...call, switches }, sent)
}

/** Orders make nobody a supplier (§0.1): the contact changes only by what was sent with it. */
function store(
  call: Call,
  order: PurchaseOrder,
  contact: DocumentContact | null,
  warnings: readonly string[],
): Verdict {
  const { organisation } = call
  if (contact?.ok && contact.isChanged) organisation.contacts.put(contact.contact)
  const contactId = contact?.ok ? contact.contact.id : order.contactId
  const stored = { ...order, contactId, updatedAt: call.now }
  organisation.purchaseOrders.put(stored)
  return { kind: 'stored', view: showPurchaseOrder(call, stored, 'written'), warnings }
}

function blankOrder(call: Call, contact: DocumentContact): PurchaseOrder {
  const currency = contact.ok ? textOf(contact.contact.plain, 'DefaultCurrency') : undefined
  return {
    ...totalsOf([], 'Exclusive', 'away'),
    id: call.newGuid(),
    updatedAt: call.now,
    status: 'DRAFT',
    number: '',
    contactId: '',
    date: today(call),
    deliveryDate: null,
    expectedArrivalDate: null,
    lineAmountTypes: 'Exclusive',
    currencyCode: currency || call.organisation.profile.baseCurrency,
    currencyRate: e6(1_000_000),
    brandingThemeId: call.organisation.brandingThemeId,
    sentToContact: false,
    texts: {},
    lines: [],
  }
}

interface Change {
  readonly order: PurchaseOrder
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

function apply(call: Call, base: PurchaseOrder, element: JsonObject, status: PurchaseOrderStatus): Change {
  const { organisation, switches } = call
  const types =
    lineAmountTypes.find((known) => known === textOf(element, 'LineAmountTypes')) ?? base.lineAmountTypes
  const read = linesAfter(call, base, element, types, status)
  const dated = (name: string) => readDate(textOf(element, name) ?? '')
  const currencyCode = textOf(element, 'CurrencyCode') ?? base.currencyCode
  const wantsSent = booleanOf(element, 'SentToContact') ?? base.sentToContact
  const order: PurchaseOrder = {
    ...base,
    ...totalsOf(read.lines, types, switches.halfRounding),
    status,
    number: textOf(element, 'PurchaseOrderNumber') ?? base.number,
    date: dated('Date') ?? base.date,
    deliveryDate: dated('DeliveryDate') ?? base.deliveryDate,
    expectedArrivalDate: dated('ExpectedArrivalDate') ?? base.expectedArrivalDate,
    lineAmountTypes: types,
    currencyCode,
    currencyRate: rateAfter(call, base, element, currencyCode),
    sentToContact: isApproved(status) ? wantsSent : base.sentToContact,
    texts: textsAfter(base.texts, element),
    lines: read.lines,
  }
  const head = { ...element, Contact: undefined, LineItems: undefined }
  const errors = [...tooLong(head, purchaseOrderShape), ...read.errors]
  if (!organisation.hasCurrency(currencyCode)) errors.push(texts.currency(currencyCode))
  const theme = textOf(element, 'BrandingThemeID')
  if (theme !== undefined && theme !== organisation.brandingThemeId) errors.push(invoiceTexts.themeUnknown)
  const warnings =
    wantsSent && !isApproved(status) ? [...read.warnings, orderTexts.notSendable] : read.warnings
  return { order, errors, warnings }
}

function linesAfter(
  call: Call,
  base: PurchaseOrder,
  element: JsonObject,
  types: PurchaseOrder['lineAmountTypes'],
  status: PurchaseOrderStatus,
): ReadLines {
  const sent = listOf(element, 'LineItems')
  if (sent === undefined) return keptLines(call, { ...base, type: 'ACCPAY' }, types, isApproved(status))
  const rules = { side: 'purchases', places: 4, mayDiscount: true } as const
  return readLines({ call, ...rules, types, isApproved: isApproved(status), before: base.lines }, sent)
}

function textsAfter(before: OrderTexts, element: JsonObject): OrderTexts {
  const sent = orderTextFields.flatMap((name) => {
    const value = textOf(element, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...before, ...Object.fromEntries(sent) }
}

/** Deleted orders count: they keep their numbers. */
function freeNumber({ organisation }: Call): string {
  let next = organisation.purchaseOrders.size
  let free: string
  do {
    next += 1
    free = `PO-${String(next).padStart(4, '0')}`
  } while (organisation.purchaseOrderNumbered(free))
  return free
}

function statusOf(element: JsonObject): PurchaseOrderStatus | undefined {
  return purchaseOrderStatuses.find((known) => known === textOf(element, 'Status'))
}
