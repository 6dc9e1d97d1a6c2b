// Creates and edits one credit note, of a sale or of a supplier: Xero's checks and words (§4.1, §4.4). Statuses, lines,
// dates and totals follow the rules of invoices; allocations are allocations.ts's business.

import type { PlainDate } from '../accounting/calendar.ts'
import { e6 } from '../accounting/money.ts'
import { tooLong } from './body.ts'
import { type Call, today } from './call.ts'
import type { Contact } from './contact-record.ts'
import { creditNoteShape } from './credit-note-shape.ts'
import { type CreditNote, isUsed, sideOfCredit } from './credit-record.ts'
import { refusedCreditNote, showCredit } from './credit-view.ts'
import { readDate } from './dates.ts'
import { documentContact, withRole } from './document-contact.ts'
import { type ReadLines, readLines } from './document-lines.ts'
import { editLockProblem, lockProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { agrees, invoiceTexts, keptLines, rateAfter, storeContact, unique } from './invoice-change.ts'
import { type InvoiceStatus, lineAmountTypes } from './invoice-record.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json.ts'
import { totalsOf } from './totals.ts'

export const creditNoteTexts = {
  notValid: 'Credit Note not of valid status for modification',
  unknown: 'An existing Credit Note with the specified CreditNoteID could not be found',
  numberTaken: 'Credit Note # must be unique.',
  // From here on the words are not established (§9).
  typeInvalid: (type: string) => `The type '${type}' is not valid for credit notes.`,
  voidUsed:
    'The status VOIDED cannot be applied to the credit note because it has payments or invoices allocated to it.',
  typeChanged: 'The Type of an existing credit note cannot be changed.',
}

/** As invoices (§4.3): PAID is set by the system; VOIDED and DELETED are the end. */
const transitions: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  PAID: [],
  VOIDED: [],
  DELETED: [],
}

export function createCreditNote(call: Call, element: JsonObject): Verdict {
  const type = textOf(element, 'Type')
  const status = statusOf(element) ?? 'DRAFT'
  const errors: string[] = []
  if (type === undefined) errors.push(invoiceTexts.typeMissing)
  else if (type !== 'ACCRECCREDIT' && type !== 'ACCPAYCREDIT') errors.push(creditNoteTexts.typeInvalid(type))
  if (!['DRAFT', 'SUBMITTED', 'AUTHORISED'].includes(status)) errors.push(creditNoteTexts.notValid)
  const contact = documentContact(call, objectOf(element, 'Contact'))
  if (!contact.ok) errors.push(...contact.errors)
  const blank = blankCreditNote(
    call,
    type === 'ACCPAYCREDIT' ? 'ACCPAYCREDIT' : 'ACCRECCREDIT',
    contact.ok ? contact.contact : null,
  )
  const change = apply(call, blank, { ...element, LineItems: element['LineItems'] ?? [] }, status, null)
  errors.push(...change.errors)
  if (errors.length > 0 || !contact.ok) {
    const echo = refusedCreditNote(call, null, { ...element, Status: status })
    return { kind: 'refused', echo, errors: unique(errors) }
  }
  storeContact(call, withRole(contact.contact, sideOfCredit(blank)), contact.contact, contact.isChanged)
  const number = change.note.number || (blank.type === 'ACCRECCREDIT' ? freeCreditNumber(call) : '')
  return store(call, { ...change.note, number, contactId: contact.contact.id }, change.warnings)
}

export function editCreditNote(call: Call, before: CreditNote, element: JsonObject): Verdict {
  const refuse = (...errors: readonly string[]): Verdict => ({
    kind: 'refused',
    echo: refusedCreditNote(call, before, element),
    errors: unique(errors),
  })
  const status = statusOf(element) ?? before.status
  if (isUsed(before)) {
    if (status === 'VOIDED') return refuse(creditNoteTexts.voidUsed)
    return refuse(creditNoteTexts.notValid, invoiceTexts.hasAllocations)
  }
  if (!transitions[before.status].includes(status)) return refuse(creditNoteTexts.notValid)
  const lock = before.status === 'AUTHORISED' ? editLockProblem(call.organisation, before.date) : null
  if (lock !== null) {
    if (call.switches.lockedEdit === 'error') return refuse(lock)
    return { kind: 'silent', view: showCredit(call, before, 'written'), errors: [lock] }
  }
  if (status === 'VOIDED' || status === 'DELETED') return end(call, before, status, refuse)
  const contact = documentContact(call, objectOf(element, 'Contact') ?? { ContactID: before.contactId })
  const change = apply(call, before, element, status, before)
  const errors = contact.ok ? change.errors : [...contact.errors, ...change.errors]
  if (errors.length > 0 || !contact.ok) return refuse(...errors)
  storeContact(call, withRole(contact.contact, sideOfCredit(before)), contact.contact, contact.isChanged)
  return store(call, { ...change.note, contactId: contact.contact.id }, change.warnings)
}

/** Voiding and deleting change the status alone, and an archived contact blocks voiding (§7). */
function end(
  call: Call,
  before: CreditNote,
  status: 'VOIDED' | 'DELETED',
  refuse: (...errors: readonly string[]) => Verdict,
): Verdict {
  const contact = call.organisation.contacts.get(before.contactId)
  if (status === 'VOIDED' && contact?.status === 'ARCHIVED') return refuse(texts.contactArchived)
  return store(call, { ...before, status }, [])
}

function store(call: Call, note: CreditNote, warnings: readonly string[]): Verdict {
  const isPaid = note.status === 'AUTHORISED' && note.total === 0 && call.switches.zeroTotalPaid
  const settled = isPaid ? { status: 'PAID' as const, fullyPaidOn: note.date } : {}
  const stored = { ...note, ...settled, updatedAt: call.now }
  call.organisation.creditNotes.put(stored)
  return { kind: 'stored', view: showCredit(call, stored, 'written'), warnings }
}

function blankCreditNote(call: Call, type: CreditNote['type'], contact: Contact | null): CreditNote {
  const currency = contact ? textOf(contact.plain, 'DefaultCurrency') : undefined
  return {
    ...totalsOf([], 'Exclusive', 'away'),
    kind: 'CreditNote',
    id: call.newGuid(),
    updatedAt: call.now,
    type,
    status: 'DRAFT',
    number: '',
    reference: '',
    contactId: contact?.id ?? '',
    date: today(call),
    dueDate: null,
    fullyPaidOn: null,
    lineAmountTypes: 'Exclusive',
    currencyCode: currency || call.organisation.profile.baseCurrency,
    currencyRate: e6(1_000_000),
    brandingThemeId: type === 'ACCRECCREDIT' ? call.organisation.brandingThemeId : null,
    lines: [],
    payments: [],
    allocations: [],
  }
}

interface Change {
  readonly note: CreditNote
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** The credit note as it would be: what is not sent stays as it is (§3.1). `before` is null for a new one. */
function apply(
  call: Call,
  base: CreditNote,
  element: JsonObject,
  status: InvoiceStatus,
  before: CreditNote | null,
): Change {
  const { organisation, switches } = call
  const isApproved = status === 'AUTHORISED'
  const types =
    lineAmountTypes.find((known) => known === textOf(element, 'LineAmountTypes')) ?? base.lineAmountTypes
  const read = linesAfter(call, base, element, types, isApproved)
  const totals = totalsOf(read.lines, types, switches.halfRounding)
  const header = headerAfter(call, base, element)
  const note: CreditNote = {
    ...base,
    ...header,
    ...totals,
    status,
    lineAmountTypes: types,
    lines: read.lines,
  }
  const errors = [
    ...tooLong({ ...element, Contact: undefined, LineItems: undefined }, creditNoteShape),
    ...read.errors,
  ]
  const type = textOf(element, 'Type')
  if (before && type !== undefined && type !== before.type) errors.push(creditNoteTexts.typeChanged)
  const lock =
    isApproved || switches.draftsInLockedPeriod === 'refused' ? lockProblem(organisation, note.date) : null
  if (lock !== null) errors.push(lock)
  if (!organisation.hasCurrency(note.currencyCode)) errors.push(texts.currency(note.currencyCode))
  const theme = textOf(element, 'BrandingThemeID')
  if (theme !== undefined && theme !== organisation.brandingThemeId) errors.push(invoiceTexts.themeUnknown)
  if (switches.wrongTotals === 'refused' && !agrees(call, element, note)) errors.push(texts.totalMismatch)
  if (note.total < 0 && switches.negativeTotal === 'refused') errors.push(texts.negativeTotal)
  if (creditNumberTaken(call, note)) errors.push(creditNoteTexts.numberTaken)
  return { note, errors, warnings: read.warnings }
}

function linesAfter(
  call: Call,
  base: CreditNote,
  element: JsonObject,
  types: CreditNote['lineAmountTypes'],
  isApproved: boolean,
): ReadLines {
  const side = sideOfCredit(base)
  const sent = listOf(element, 'LineItems')
  const { lines, lineAmountTypes: typesBefore } = base
  if (sent === undefined) {
    const type = side === 'sales' ? 'ACCREC' : 'ACCPAY'
    return keptLines(call, { type, lines, lineAmountTypes: typesBefore }, types, isApproved)
  }
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  // Discounts are for sales invoices (§4.3).
  return readLines({ call, side, types, isApproved, places, mayDiscount: false, before: lines }, sent)
}

function headerAfter(call: Call, base: CreditNote, element: JsonObject) {
  const date = (name: string): PlainDate | null => readDate(textOf(element, name) ?? '')
  const isSale = base.type === 'ACCRECCREDIT'
  const keepsNumber = isSale || call.switches.supplierCreditNumber === 'kept'
  const currencyCode = textOf(element, 'CurrencyCode') ?? base.currencyCode
  return {
    number: keepsNumber ? (textOf(element, 'CreditNoteNumber') ?? base.number) : base.number,
    // Published for ACCRECCREDIT only (§4.4).
    reference: isSale ? (textOf(element, 'Reference') ?? base.reference) : base.reference,
    date: date('Date') ?? base.date,
    dueDate: date('DueDate') ?? base.dueDate,
    currencyCode,
    currencyRate: rateAfter(call, base, element, currencyCode),
  }
}

function statusOf(element: JsonObject): InvoiceStatus | undefined {
  // The body reader has checked the word against the list of statuses.
  return textOf(element, 'Status') as InvoiceStatus | undefined
}

/** Whether one that is over still owns its number follows the switches of invoices (§3.3). */
export function creditNumberHolder(call: Call, number: string): CreditNote | undefined {
  return call.organisation.creditNotesNumbered('ACCRECCREDIT', number).find(({ status }) => {
    if (status === 'DELETED') return !call.switches.deletedNumberFree
    if (status === 'VOIDED') return !call.switches.voidedNumberFree
    return true
  })
}

function creditNumberTaken(call: Call, note: CreditNote): boolean {
  if (note.type !== 'ACCRECCREDIT' || note.number === '') return false
  const holder = creditNumberHolder(call, note.number)
  return holder !== undefined && holder.id !== note.id
}

/** The next automatic number of a sales credit note. */
export function freeCreditNumber({ organisation }: Pick<Call, 'organisation'>): string {
  let next = organisation.lastCreditNumber
  let number: string
  do {
    next += 1
    number = `CN-${String(next).padStart(4, '0')}`
  } while (organisation.creditNotesNumbered('ACCRECCREDIT', number).length > 0)
  organisation.assign('lastCreditNumber', next)
  return number
}
