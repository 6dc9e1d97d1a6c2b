// Invoices, sales and bills alike: lists, one by id or number, PUT creates, POST creates or edits, POST /{id} edits.

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, flag, type Route } from './call.ts'
import { msOfDate } from './dates.ts'
import { type Verdict, writeElements } from './elements.ts'
import { isGuid } from './guid.ts'
import { createInvoice, editInvoice, invoiceTexts } from './invoice-change.ts'
import { holderOf } from './invoice-numbers.ts'
import { amountCredited, amountPaid, type Invoice } from './invoice-record.ts'
import { invoiceShape } from './invoice-shape.ts'
import { refusedInvoice, showInvoice } from './invoice-view.ts'
import { type JsonObject, textOf } from './json.ts'
import { checkUnitDp, listParameter, listQuery, paged, pageQuery, select } from './listing.ts'
import type { Organisation } from './organisation.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

/** Contact fields need the organisation, so the table is made for it. */
function fieldsOf(organisation: Organisation): FilterFields<Invoice> {
  const contact = (invoice: Invoice) => organisation.contacts.get(invoice.contactId)
  const due = (invoice: Invoice) => (invoice.total - amountPaid(invoice) - amountCredited(invoice)) / 100
  return {
    InvoiceID: { type: 'guid', read: (invoice) => invoice.id },
    InvoiceId: { type: 'guid', read: (invoice) => invoice.id },
    InvoiceNumber: { type: 'text', read: (invoice) => invoice.number },
    Reference: { type: 'text', read: (invoice) => invoice.reference },
    Type: { type: 'text', read: (invoice) => invoice.type },
    Status: { type: 'text', read: (invoice) => invoice.status },
    CurrencyCode: { type: 'text', read: (invoice) => invoice.currencyCode },
    Date: { type: 'date', read: (invoice) => msOfDate(invoice.date) },
    DueDate: {
      type: 'date',
      read: (invoice) => (invoice.dueDate === null ? null : msOfDate(invoice.dueDate)),
    },
    UpdatedDateUTC: { type: 'date', read: (invoice) => invoice.updatedAt },
    Total: { type: 'number', read: (invoice) => invoice.total / 100 },
    AmountDue: { type: 'number', read: due },
    AmountPaid: { type: 'number', read: (invoice) => amountPaid(invoice) / 100 },
    AmountCredited: { type: 'number', read: (invoice) => amountCredited(invoice) / 100 },
    'Contact.ContactID': { type: 'guid', read: (invoice) => invoice.contactId },
    'Contact.Name': { type: 'text', read: (invoice) => contact(invoice)?.name ?? null },
    'Contact.ContactNumber': { type: 'text', read: (invoice) => contact(invoice)?.number ?? null },
  }
}

function all(call: Call): Reply {
  const { organisation } = call
  checkUnitDp(call)
  const found = select(call, candidates(call), fieldsOf(organisation), keeps(call))
  const isSummary = flag(call, 'summaryOnly')
  // A summary, Statuses= and paging itself all force the paged form (§2.3); without it rows have no lines.
  const isPaged = isSummary || ['page', 'pageSize', 'Statuses'].some((name) => call.query.has(name))
  if (!isPaged)
    return answerWith(
      call,
      'Invoices',
      found.map((invoice) => showInvoice(call, invoice, 'unpaged')),
    )
  const { rows, page } = paged(call, found)
  const form = isSummary ? 'summary' : 'listed'
  return answerWith(
    call,
    'Invoices',
    rows.map((invoice) => showInvoice(call, invoice, form)),
    page,
  )
}

/** Asked for by id or number, the index answers; else the whole table. */
function candidates(call: Call) {
  const { organisation } = call
  const ids = listParameter(call, 'IDs')
  if (ids) return ids.flatMap((id) => organisation.invoices.get(id.toLowerCase()) ?? [])
  const numbers = listParameter(call, 'InvoiceNumbers')
  if (!numbers) return organisation.invoices
  return numbers.flatMap((number) => [
    ...organisation.invoicesNumbered('ACCREC', number),
    ...organisation.invoicesNumbered('ACCPAY', number),
  ])
}

function keeps(call: Call): (invoice: Invoice) => boolean {
  const contactIds = listParameter(call, 'ContactIDs')?.map((id) => id.toLowerCase())
  const statuses = listParameter(call, 'Statuses')
  const term = call.query.get('searchTerm')?.toLowerCase()
  return (invoice) =>
    (contactIds?.includes(invoice.contactId) ?? true) &&
    (statuses?.includes(invoice.status) ?? true) &&
    (term === undefined ||
      invoice.number.toLowerCase().includes(term) ||
      invoice.reference.toLowerCase().includes(term))
}

function one(call: Call): Reply {
  checkUnitDp(call)
  const key = call.path['InvoiceID'] ?? ''
  const invoice = isGuid(key) ? call.organisation.invoices.get(key.toLowerCase()) : byNumber(call, key)
  return invoice ? answerWith(call, 'Invoices', [showInvoice(call, invoice, 'single')]) : notFound
}

/** By number it finds sales invoices only: bills do not own theirs. */
function byNumber(call: Call, number: string): Invoice | undefined {
  return holderOf(call, 'ACCREC', number) ?? call.organisation.invoicesNumbered('ACCREC', number).at(-1)
}

const kind = { key: 'Invoices', flag: 'HasErrors' } as const

function elements(call: Call): readonly JsonObject[] {
  checkUnitDp(call)
  return readElements(call.body, 'Invoices', invoiceShape, call.switches)
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    // PUT creates only (§3.1): an id in it is a mistake that must not pass as a new invoice.
    if (element['InvoiceID'] !== undefined) return refused(call, null, element, invoiceTexts.notValid)
    return createInvoice(call, element)
  })
}

function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const id = textOf(element, 'InvoiceID')
    if (id === undefined) {
      const match = matchedByNumber(call, element)
      return match ? editInvoice(call, match, element) : createInvoice(call, element)
    }
    const invoice = call.organisation.invoices.get(id)
    return invoice ? editInvoice(call, invoice, element) : refused(call, null, element, invoiceTexts.unknown)
  })
}

/** Without an id POST edits the sales invoice that has the number, whoever made it (§3.1): the trap of this endpoint. */
function matchedByNumber(call: Call, element: JsonObject): Invoice | undefined {
  const number = textOf(element, 'InvoiceNumber')
  const type = textOf(element, 'Type') ?? 'ACCREC'
  if (!number) return undefined
  if (type === 'ACCREC') return holderOf(call, 'ACCREC', number)
  if (type !== 'ACCPAY' || call.switches.billPostByNumber === 'creates') return undefined
  return call.organisation.invoicesNumbered('ACCPAY', number).at(-1)
}

function update(call: Call): Reply {
  const invoice = call.organisation.invoices.get((call.path['InvoiceID'] ?? '').toLowerCase())
  if (!invoice) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one invoice is expected.')
  return writeElements(call, kind, [element], (sent) => editInvoice(call, invoice, sent))
}

function refused(call: Call, before: Invoice | null, element: JsonObject, ...errors: string[]): Verdict {
  return { kind: 'refused', echo: refusedInvoice(call, before, element), errors }
}

const scopes = ['accounting.invoices']
const filters = [
  'IDs',
  'InvoiceNumbers',
  'ContactIDs',
  'Statuses',
  'includeArchived',
  'createdByMyApp',
  'searchTerm',
]
const listing = [...listQuery, ...pageQuery, ...filters, 'unitdp', 'summaryOnly']

export const invoiceRoutes: readonly Route[] = [
  { method: 'GET', path: '/Invoices', scopes, query: listing, answer: all },
  { method: 'GET', path: '/Invoices/{InvoiceID}', scopes, query: ['unitdp'], answer: one },
  { method: 'PUT', path: '/Invoices', scopes, query: ['summarizeErrors', 'unitdp'], answer: create },
  { method: 'POST', path: '/Invoices', scopes, query: ['summarizeErrors', 'unitdp'], answer: upsert },
  {
    method: 'POST',
    path: '/Invoices/{InvoiceID}',
    scopes,
    query: ['summarizeErrors', 'unitdp'],
    answer: update,
  },
]
