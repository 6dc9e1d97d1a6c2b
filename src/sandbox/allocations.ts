// Allocations of credit notes, prepayments and overpayments to invoices: PUT allocates, DELETE takes one back (§4.4, §4.6).

import { readElements } from './body.ts'
import { type Call, type Route, today } from './call.ts'
import { type Credit, type CreditKind, remainingCredit, sideOfCredit } from './credit-record.ts'
import { msDate, msDateBare, msOfDate, readDate } from './dates.ts'
import { editLockProblem, lockProblem } from './document-rules.ts'
import { messages, type Verdict, writeElements } from './elements.ts'
import { unique } from './invoice-change.ts'
import type { Invoice } from './invoice-record.ts'
import { wire } from './invoice-view.ts'
import { type JsonObject, numberOf, objectOf, textOf } from './json.ts'
import { referredInvoice } from './payment-change.ts'
import { allocationShape } from './payment-shape.ts'
import { echoedInvoice } from './payment-view.ts'
import { jsonReply, notFound, type Reply, validationException } from './reply.ts'
import { allocate, amountDue, removeAllocation } from './settlement.ts'
import { readCents } from './totals.ts'

const names: Record<CreditKind, string> = {
  CreditNote: 'Credit Note',
  Prepayment: 'Prepayment',
  Overpayment: 'Overpayment',
}

export const allocationTexts = {
  paidOff: 'The invoice you are trying to allocate to has already been paid off',
  exceeds: (kind: CreditKind) =>
    `${names[kind]} cannot be allocated as amount is greater than amount outstanding`,
  wrongType: (kind: CreditKind) => `${names[kind]} cannot be allocated to an incorrect invoice type`,
  // From here on the words are not established (§9).
  creditNotAuthorised: (kind: CreditKind) => `${names[kind]} must be authorised before it can be allocated`,
  invoiceNotAuthorised: 'Allocations can only be made to Authorised documents',
  otherContact: (kind: CreditKind) => `${names[kind]} cannot be allocated to an invoice of another contact`,
  otherCurrency: (kind: CreditKind) => `${names[kind]} cannot be allocated to an invoice in another currency`,
  amount: 'Allocation amount must be greater than zero',
  dateMissing: 'The allocation Date field must be specified',
}

function creditOf(call: Call, kind: CreditKind): Credit | undefined {
  return call.organisation.credit(kind, (call.path[`${kind}ID`] ?? '').toLowerCase())
}

const create =
  (kind: CreditKind) =>
  (call: Call): Reply => {
    if (!creditOf(call, kind)) return notFound
    const elements = readElements(call.body, 'Allocations', allocationShape, call.switches)
    const element = { key: 'Allocations', flag: null, isWhole: call.switches.paymentVerdicts === 'whole' }
    return writeElements(call, element, elements, (sent) => {
      // Read anew for each: the one before has used some of it.
      const credit = creditOf(call, kind)
      return credit ? createAllocation(call, credit, sent) : refused(call, kind, '', sent, [])
    })
  }

function createAllocation(call: Call, credit: Credit, sent: JsonObject): Verdict {
  const found = referredInvoice(call, objectOf(sent, 'Invoice') ?? {})
  const amount = readCents(numberOf(sent, 'Amount') ?? 0, call.switches.halfRounding)
  const date = readDate(textOf(sent, 'Date') ?? '')
  const errors = [...found.errors]
  if (amount <= 0) errors.push(allocationTexts.amount)
  // Only the pages on prepayments and overpayments call the date required.
  if (date === null && credit.kind !== 'CreditNote') errors.push(allocationTexts.dateMissing)
  const lock = lockProblem(call.organisation, date ?? today(call))
  if (lock !== null) errors.push(lock)
  if (found.target) errors.push(...problems(credit, found.target, amount))
  if (errors.length > 0 || !found.target) return refused(call, credit.kind, credit.id, sent, unique(errors))
  const allocation = { id: call.newGuid(), invoiceId: found.target.id, amount, date: date ?? today(call) }
  allocate(call.organisation, credit, allocation, call.now, call.switches)
  const view = {
    ...(call.switches.allocationAnswerId === 'with' ? { AllocationID: allocation.id } : {}),
    Amount: wire(amount),
    Date: msDate(msOfDate(allocation.date)),
    Invoice: { ...echoedInvoice({ Invoice: { InvoiceID: found.target.id } }), ValidationErrors: [] },
    ...parent(credit.kind, credit.id),
    ValidationErrors: [],
  }
  return { kind: 'stored', view, warnings: [] }
}

function problems(credit: Credit, invoice: Invoice, amount: number): string[] {
  const { kind } = credit
  const errors: string[] = []
  if (credit.status !== 'AUTHORISED' && credit.status !== 'PAID')
    errors.push(allocationTexts.creditNotAuthorised(kind))
  if (invoice.status === 'PAID') errors.push(allocationTexts.paidOff)
  else if (invoice.status !== 'AUTHORISED') errors.push(allocationTexts.invoiceNotAuthorised)
  if (amount > remainingCredit(credit) || amount > amountDue(invoice))
    errors.push(allocationTexts.exceeds(kind))
  const side = invoice.type === 'ACCREC' ? 'sales' : 'purchases'
  if (side !== sideOfCredit(credit)) errors.push(allocationTexts.wrongType(kind))
  if (invoice.contactId !== credit.contactId) errors.push(allocationTexts.otherContact(kind))
  if (invoice.currencyCode !== credit.currencyCode) errors.push(allocationTexts.otherCurrency(kind))
  return errors
}

function parent(kind: CreditKind, id: string): JsonObject {
  return { [kind]: { [`${kind}ID`]: id, ID: id, LineItems: [] } }
}

function refused(
  call: Call,
  kind: CreditKind,
  id: string,
  sent: JsonObject,
  errors: readonly string[],
): Verdict {
  const date = readDate(textOf(sent, 'Date') ?? '') ?? today(call)
  const echo = {
    ...sent,
    Date: msDate(msOfDate(date)),
    Invoice: echoedInvoice(sent),
    ...parent(kind, id),
  }
  return { kind: 'refused', echo, errors }
}

/** Answered in a shape of its own: no envelope, another casing, the invoice as a list (§4.4). */
const remove =
  (kind: CreditKind) =>
  (call: Call): Reply => {
    const credit = creditOf(call, kind)
    const id = (call.path['AllocationID'] ?? '').toLowerCase()
    const allocation = credit?.allocations.find((one) => one.id === id)
    if (!credit || !allocation) return notFound
    const lock = editLockProblem(call.organisation, allocation.date)
    if (lock !== null) return validationException([{ ValidationErrors: messages([lock]) }])
    removeAllocation(call.organisation, credit, allocation, call.now, call.switches)
    return jsonReply(200, {
      AllocationId: allocation.id,
      Date: msDateBare(call.now),
      Invoice: [{ InvoiceID: allocation.invoiceId }],
      IsDeleted: true,
    })
  }

/** A credit note's belong to its own scope, the others' to payments (§1.4). */
const scopesOf = (kind: CreditKind) => [kind === 'CreditNote' ? 'accounting.invoices' : 'accounting.payments']

export const allocationRoutes: readonly Route[] = (
  ['CreditNote', 'Prepayment', 'Overpayment'] as const
).flatMap((kind): Route[] => {
  const path = `/${kind}s/{${kind}ID}/Allocations`
  const scopes = scopesOf(kind)
  return [
    { method: 'PUT', path, scopes, query: ['summarizeErrors'], answer: create(kind) },
    { method: 'DELETE', path: `${path}/{AllocationID}`, scopes, query: [], answer: remove(kind) },
  ]
})
