// Payments: the list, one, PUT creates many, POST creates one, POST /{id} deletes (§3.1, §4.5).

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { msOfDate } from './dates.ts'
import { writeElements } from './elements.ts'
import type { JsonObject } from './json.ts'
import { listQuery, paged, pageQuery, select } from './listing.ts'
import type { Organisation } from './organisation.ts'
import { createPayment, updatePayment } from './payment-change.ts'
import { isCredit, type Payment } from './payment-record.ts'
import { paymentShape } from './payment-shape.ts'
import { showPayment } from './payment-view.ts'
import { notFound, type Reply } from './reply.ts'
import { paymentTarget } from './settlement.ts'
import type { FilterFields } from './where.ts'

/** The target of a refund is filtered by as an invoice too, as rows show it (§4.5). */
function fieldsOf(organisation: Organisation): FilterFields<Payment> {
  const target = (payment: Payment) => paymentTarget(organisation, payment.target)
  const contact = (payment: Payment) => organisation.contacts.get(target(payment)?.contactId ?? '')
  const number = (payment: Payment) => {
    const found = target(payment)
    return found === undefined || (isCredit(found) && found.kind !== 'CreditNote') ? null : found.number
  }
  return {
    PaymentID: { type: 'guid', read: (payment) => payment.id },
    PaymentId: { type: 'guid', read: (payment) => payment.id },
    PaymentType: { type: 'text', read: (payment) => payment.type },
    Status: { type: 'text', read: (payment) => payment.status },
    Reference: { type: 'text', read: (payment) => payment.reference },
    Date: { type: 'date', read: (payment) => msOfDate(payment.date) },
    Amount: { type: 'number', read: (payment) => payment.amount / 100 },
    IsReconciled: { type: 'boolean', read: (payment) => payment.isReconciled },
    UpdatedDateUTC: { type: 'date', read: (payment) => payment.updatedAt },
    'Account.AccountID': { type: 'guid', read: (payment) => payment.accountId },
    'Account.Code': {
      type: 'text',
      read: (payment) => organisation.accounts.get(payment.accountId)?.code ?? null,
    },
    'Invoice.InvoiceID': { type: 'guid', read: (payment) => payment.target.id },
    'Invoice.InvoiceNumber': { type: 'text', read: number },
    'Invoice.Contact.ContactID': { type: 'guid', read: (payment) => contact(payment)?.id ?? null },
    'Invoice.Contact.Name': { type: 'text', read: (payment) => contact(payment)?.name ?? null },
  }
}

function all(call: Call): Reply {
  const { organisation, switches } = call
  const isListed = (payment: Payment) => switches.listsDeletedPayments || payment.status !== 'DELETED'
  const found = select(call, organisation.payments, fieldsOf(organisation), isListed)
  const view = (payment: Payment) => showPayment(call, payment, 'listed')
  if (!pageQuery.some((name) => call.query.has(name))) return answerWith(call, 'Payments', found.map(view))
  const { rows, page } = paged(call, found)
  return answerWith(call, 'Payments', rows.map(view), page)
}

function found(call: Call): Payment | undefined {
  return call.organisation.payments.get((call.path['PaymentID'] ?? '').toLowerCase())
}

function one(call: Call): Reply {
  const payment = found(call)
  return payment ? answerWith(call, 'Payments', [showPayment(call, payment, 'single')]) : notFound
}

function write(call: Call, elements: readonly JsonObject[], change: typeof createPayment): Reply {
  const kind = {
    key: 'Payments',
    flag: 'HasValidationErrors',
    isWhole: call.switches.paymentVerdicts === 'whole',
  } as const
  return writeElements(call, kind, elements, (element) => change(call, element))
}

function elementsOf(call: Call): readonly JsonObject[] {
  return readElements(call.body, 'Payments', paymentShape, call.switches)
}

/** Bare or in a list: the description says the one, its example shows the other (§4.5). */
function single(call: Call): readonly JsonObject[] {
  const elements = elementsOf(call)
  if (elements.length !== 1) throw new UnreadableBody('Exactly one payment is expected.')
  return elements
}

function update(call: Call): Reply {
  const payment = found(call)
  return payment
    ? write(call, single(call), (_call, element) => updatePayment(call, payment, element))
    : notFound
}

const scopes = ['accounting.payments']
const path = '/Payments/{PaymentID}'

export const paymentRoutes: readonly Route[] = [
  { method: 'GET', path: '/Payments', scopes, query: [...listQuery, ...pageQuery], answer: all },
  { method: 'GET', path, scopes, query: [], answer: one },
  {
    method: 'PUT',
    path: '/Payments',
    scopes,
    query: ['summarizeErrors'],
    answer: (call) => write(call, elementsOf(call), createPayment),
  },
  {
    method: 'POST',
    path: '/Payments',
    scopes,
    query: [],
    answer: (call) => write(call, single(call), createPayment),
  },
  { method: 'POST', path, scopes, query: [], answer: update },
]
