// Creates and edits one invoice or bill: everything Xero checks and in which words (§4.1, §4.3). The collection's verbs
// are invoices.ts's business, a line's rules document-lines.ts's.

import type { PlainDate } from '../accounting/calendar.ts'
import { e6 } from '../accounting/money.ts'
import { tooLong } from './body.ts'
import { type Call, today } from './call.ts'
import type { Contact } from './contact-record.ts'
import { readDate } from './dates.ts'
import { documentContact, withRole } from './document-contact.ts'
import { type ReadLines, readLines } from './document-lines.ts'
import { accountProblem, dayRate, editLockProblem, lockProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { allocatedEdit } from './invoice-allocated-edit.ts'
import { freeNumber, numberProblem } from './invoice-numbers.ts'
import {
  hasAllocations,
  type Invoice,
  type InvoiceStatus,
  type InvoiceType,
  lineAmountTypes,
  type Totals,
} from './invoice-record.ts'
import { invoiceShape } from './invoice-shape.ts'
import { refusedInvoice, showInvoice } from './invoice-view.ts'
import { booleanOf, type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts'
import { readCents, readE6, taxOf, totalsOf } from './totals.ts'

export const invoiceTexts = {
  notValid: 'Invoice not of valid status for modification',
  hasAllocations: 'This document cannot be edited as it has a payment or credit note allocated to it.',
  voidWithAllocations:
    'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
  unknown: 'An existing Invoice with the specified InvoiceID could not be found',
  typeMissing: 'The Type field is mandatory.',
  typeInvalid: (type: string) => `The type '${type}' is not valid for invoices.`,
  typeChanged: 'The Type of an existing invoice cannot be changed.',
  planCap: 'You have reached the limit of invoices you can approve',
  themeUnknown: 'The specified BrandingThemeID could not be found.',
  urlInvalid: 'Url must be a valid address that does not contain the word xero.',
}

/** Statuses that may follow one another (§4.3). PAID is set by the system; VOIDED and DELETED are the end. */
const transitions: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  PAID: [],
  VOIDED: [],
  DELETED: [],
}

const isPosted = (status: InvoiceStatus) => status === 'AUTHORISED' || status === 'PAID'

export function createInvoice(call: Call, element: JsonObject): Verdict {
  const type = textOf(element, 'Type')
  const status = statusOf(element) ?? 'DRAFT'
  const errors: string[] = []
  if (type === undefined) errors.push(invoiceTexts.typeMissing)
  else if (type !== 'ACCREC' && type !== 'ACCPAY') errors.push(invoiceTexts.typeInvalid(type))
  if (!['DRAFT', 'SUBMITTED', 'AUTHORISED'].includes(status)) errors.push(invoiceTexts.notValid)
  const contact = documentContact(call, objectOf(element, 'Contact'))
  if (!contact.ok) errors.push(...contact.errors)
  const blank = blankInvoice(
    call,
    type === 'ACCPAY' ? 'ACCPAY' : 'ACCREC',
    contact.ok ? contact.contact : null,
  )
  const change = apply(call, blank, { ...element, LineItems: element['LineItems'] ?? [] }, status, null)
  errors.push(...change.errors)
  if (errors.length > 0 || !contact.ok) {
    return {
      kind: 'refused',
      echo: refusedInvoice(call, null, { ...element, Status: status }),
      errors: unique(errors),
    }
  }
  const side = blank.type === 'ACCREC' ? 'sales' : 'purchases'
  storeContact(call, withRole(contact.contact, side), contact.contact, contact.isChanged)
  const number = change.invoice.number || (blank.type === 'ACCREC' ? freeNumber(call) : '')
  return store(call, { ...change.invoice, number, contactId: contact.contact.id }, null, change.warnings)
}

export function editInvoice(call: Call, before: Invoice, element: JsonObject): Verdict {
  const refuse = (...errors: readonly string[]): Verdict => ({
    kind: 'refused',
    echo: refusedInvoice(call, before, element),
    errors: unique(errors),
  })
  const status = statusOf(element) ?? before.status
  if (hasAllocations(before)) return editAllocated(call, before, element, status, refuse)
  if (!transitions[before.status].includes(status)) return refuse(invoiceTexts.notValid)
  const lock = isPosted(before.status) ? editLockProblem(call.organisation, before.date) : null
  if (lock !== null) {
    if (call.switches.lockedEdit === 'error') return refuse(lock)
    return { kind: 'silent', view: showInvoice(call, before, 'written'), errors: [lock] }
  }
  if (status === 'VOIDED' || status === 'DELETED') return end(call, before, status, refuse)
  const sentContact = objectOf(element, 'Contact')
  const contact = documentContact(call, sentContact ?? { ContactID: before.contactId })
  const change = apply(call, before, element, status, before)
  const errors = contact.ok ? change.errors : [...contact.errors, ...change.errors]
  if (errors.length > 0 || !contact.ok) return refuse(...errors)
  const side = before.type === 'ACCREC' ? 'sales' : 'purchases'
  storeContact(call, withRole(contact.contact, side), contact.contact, contact.isChanged)
  return store(call, { ...change.invoice, contactId: contact.contact.id }, before, change.warnings)
}

function editAllocated(
  call: Call,
  before: Invoice,
  element: JsonObject,
  status: InvoiceStatus,
  refuse: (...errors: readonly string[]) => Verdict,
): Verdict {
  if (status === 'VOIDED') return refuse(invoiceTexts.voidWithAllocations)
  if (status !== before.status) return refuse(invoiceTexts.notValid)
  const edited = allocatedEdit(call, before, element)
  switch (edited.kind) {
    case 'edited':
      return store(call, edited.invoice, before, [])
    case 'silent':
      return { kind: 'silent', view: showInvoice(call, before, 'written'), errors: [] }
    case 'refused':
      return refuse(...edited.errors)
    case 'not-editable':
      return refuse(invoiceTexts.notValid, invoiceTexts.hasAllocations)
  }
}

/** Voiding and deleting change the status alone, and an archived contact blocks voiding (§7). */
function end(
  call: Call,
  before: Invoice,
  status: 'VOIDED' | 'DELETED',
  refuse: (...errors: readonly string[]) => Verdict,
): Verdict {
  const contact = call.organisation.contacts.get(before.contactId)
  if (status === 'VOIDED' && contact?.status === 'ARCHIVED') return refuse(texts.contactArchived)
  return store(call, { ...before, status }, before, [])
}

export function storeContact(call: Call, contact: Contact, found: Contact, isChanged: boolean): void {
  const flips = contact.isCustomer !== found.isCustomer || contact.isSupplier !== found.isSupplier
  if (isChanged || flips) call.organisation.contacts.put(contact)
}

function store(call: Call, invoice: Invoice, before: Invoice | null, warnings: readonly string[]): Verdict {
  const { organisation } = call
  const isApproval = invoice.status === 'AUTHORISED' && before?.status !== 'AUTHORISED'
  if (isApproval) countApproval(call, invoice.type)
  const isPaid = invoice.status === 'AUTHORISED' && invoice.total === 0 && call.switches.zeroTotalPaid
  const settled = isPaid ? { status: 'PAID' as const, fullyPaidOn: invoice.date } : {}
  const stored = { ...invoice, ...settled, updatedAt: call.now }
  organisation.invoices.put(stored)
  return { kind: 'stored', view: showInvoice(call, stored, 'written'), warnings }
}

function blankInvoice(call: Call, type: InvoiceType, contact: Contact | null): Invoice {
  const currency = contact ? textOf(contact.plain, 'DefaultCurrency') : undefined
  const none = totalsOf([], 'Exclusive', 'away')
  return {
    ...none,
    id: call.newGuid(),
    updatedAt: call.now,
    type,
    status: 'DRAFT',
    number: '',
    reference: '',
    contactId: contact?.id ?? '',
    date: today(call),
    dueDate: null,
    expectedPaymentDate: null,
    plannedPaymentDate: null,
    fullyPaidOn: null,
    lineAmountTypes: 'Exclusive',
    currencyCode: currency || call.organisation.profile.baseCurrency,
    currencyRate: e6(1_000_000),
    brandingThemeId: type === 'ACCREC' ? call.organisation.brandingThemeId : null,
    url: null,
    sentToContact: false,
    lines: [],
    payments: [],
    credits: [],
  }
}

interface Change {
  readonly invoice: Invoice
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** The invoice as it would be: what is not sent stays as it is (§3.1). `before` is null for a new one. */
function apply(
  call: Call,
  base: Invoice,
  element: JsonObject,
  status: InvoiceStatus,
  before: Invoice | null,
): Change {
  const { organisation, switches } = call
  const isApproved = isPosted(status)
  const types =
    lineAmountTypes.find((known) => known === textOf(element, 'LineAmountTypes')) ?? base.lineAmountTypes
  const read = linesAfter(call, base, element, types, isApproved)
  const facts = headerAfter(call, base, element, isApproved)
  const totals = totalsOf(read.lines, types, switches.halfRounding)
  const invoice: Invoice = { ...base, ...facts, ...totals, status, lineAmountTypes: types, lines: read.lines }
  const errors = [
    ...tooLong({ ...element, Contact: undefined, LineItems: undefined }, invoiceShape),
    ...read.errors,
  ]
  const type = textOf(element, 'Type')
  if (before && type !== undefined && type !== before.type) errors.push(invoiceTexts.typeChanged)
  if (isApproved && invoice.dueDate === null) errors.push(texts.dueDateMissing)
  const lock =
    isApproved || switches.draftsInLockedPeriod === 'refused' ? lockProblem(organisation, invoice.date) : null
  if (lock !== null) errors.push(lock)
  if (!organisation.hasCurrency(invoice.currencyCode)) errors.push(texts.currency(invoice.currencyCode))
  const theme = textOf(element, 'BrandingThemeID')
  if (theme !== undefined && theme !== organisation.brandingThemeId) errors.push(invoiceTexts.themeUnknown)
  if (invoice.url !== null && !isAcceptedUrl(invoice.url)) errors.push(invoiceTexts.urlInvalid)
  if (switches.wrongTotals === 'refused' && !agrees(call, element, invoice)) errors.push(texts.totalMismatch)
  if (invoice.total < 0 && switches.negativeTotal === 'refused') errors.push(texts.negativeTotal)
  const number = numberProblem(call, invoice)
  if (number !== null) errors.push(number)
  if (isApproved && before?.status !== 'AUTHORISED' && isOverCap(call, invoice.type))
    errors.push(invoiceTexts.planCap)
  return { invoice, errors, warnings: read.warnings }
}

function linesAfter(
  call: Call,
  base: Invoice,
  element: JsonObject,
  types: Invoice['lineAmountTypes'],
  isApproved: boolean,
): ReadLines {
  const side = base.type === 'ACCREC' ? 'sales' : 'purchases'
  const sent = listOf(element, 'LineItems')
  if (sent === undefined) return keptLines(call, base, types, isApproved)
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  const mayDiscount = base.type === 'ACCREC'
  return readLines({ call, side, types, isApproved, places, mayDiscount, before: base.lines }, sent)
}

/** No LineItems key: lines and their ids stay (§0.1), but approval asks of them what it asks of new ones. */
export function keptLines(
  call: Call,
  base: Pick<Invoice, 'type' | 'lines' | 'lineAmountTypes'>,
  types: Invoice['lineAmountTypes'],
  isApproved: boolean,
): ReadLines {
  const { organisation, switches } = call
  const errors: string[] = []
  const lines = base.lines.map((line) => {
    if (line.quantity === null) return line
    const account = line.accountId === null ? undefined : organisation.accounts.get(line.accountId)
    const problem = account
      ? accountProblem(account, base.type === 'ACCREC' ? 'sales' : 'purchases', switches)
      : null
    if (isApproved && !account) errors.push(texts.accountMissing)
    if (isApproved && problem !== null) errors.push(problem)
    if (types === base.lineAmountTypes) return line
    const rate = line.taxType === null ? undefined : organisation.taxRate(line.taxType)
    return { ...line, taxAmount: taxOf(line.lineAmount, rate?.rate ?? 0, types, switches.halfRounding) }
  })
  return { lines, errors: unique(errors), warnings: [] }
}

function headerAfter(call: Call, base: Invoice, element: JsonObject, isApproved: boolean) {
  const date = (name: string, otherwise: PlainDate | null) =>
    readDate(textOf(element, name) ?? '') ?? otherwise
  const keepsReference = base.type === 'ACCREC' || call.switches.billReference === 'kept'
  const sent = booleanOf(element, 'SentToContact') ?? base.sentToContact
  const currencyCode = textOf(element, 'CurrencyCode') ?? base.currencyCode
  return {
    number: textOf(element, 'InvoiceNumber') ?? base.number,
    reference: keepsReference ? (textOf(element, 'Reference') ?? base.reference) : base.reference,
    date: date('Date', base.date) ?? base.date,
    dueDate: date('DueDate', base.dueDate),
    expectedPaymentDate: date('ExpectedPaymentDate', base.expectedPaymentDate),
    plannedPaymentDate: date('PlannedPaymentDate', base.plannedPaymentDate),
    url: textOf(element, 'Url') ?? base.url,
    // Settable on approved sales invoices only (§4.3).
    sentToContact: base.type === 'ACCREC' && isApproved ? sent : base.sentToContact,
    currencyCode,
    currencyRate: rateAfter(call, base, element, currencyCode),
  }
}

/** Base currency carries 1.0; a foreign document without a rate gets the day's (§6). */
export function rateAfter(
  call: Call,
  base: Pick<Invoice, 'lines' | 'currencyCode' | 'currencyRate'>,
  element: JsonObject,
  currencyCode: string,
): Invoice['currencyRate'] {
  if (currencyCode === call.organisation.profile.baseCurrency) return e6(1_000_000)
  const sent = numberOf(element, 'CurrencyRate')
  if (sent !== undefined && sent > 0) return readE6(sent)
  const isStored = base.lines.length > 0 && currencyCode === base.currencyCode
  if (isStored && call.switches.rateOnEdit === 'kept') return base.currencyRate
  return readE6(dayRate(call, currencyCode))
}

/** Whether the totals that were sent are the document's own. */
export function agrees(call: Call, element: JsonObject, document: Totals): boolean {
  const equals = (name: string, amount: number) => {
    const sent = numberOf(element, name)
    return sent === undefined || readCents(sent, call.switches.halfRounding) === amount
  }
  return (
    equals('Total', document.total) &&
    equals('TotalTax', document.totalTax) &&
    equals('SubTotal', document.subTotal)
  )
}

export function isAcceptedUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:/i.test(url) && !/xero/i.test(url)
}

function statusOf(element: JsonObject): InvoiceStatus | undefined {
  // The body reader has checked the word against the list of statuses.
  return textOf(element, 'Status') as InvoiceStatus | undefined
}

export function unique(errors: readonly string[]): string[] {
  return [...new Set(errors)]
}

/** Approvals are counted by calendar month in the organisation's zone. */
function approvalKey(call: Call, type: InvoiceType): string {
  return `${today(call).slice(0, 7)}/${type}`
}

function isOverCap(call: Call, type: InvoiceType): boolean {
  const cap = call.switches.approvalCap
  return cap !== null && (call.organisation.approvals[approvalKey(call, type)] ?? 0) >= cap[type]
}

function countApproval(call: Call, type: InvoiceType): void {
  if (call.switches.approvalCap === null) return
  const { approvals } = call.organisation
  const key = approvalKey(call, type)
  call.organisation.assign('approvals', { ...approvals, [key]: (approvals[key] ?? 0) + 1 })
}
