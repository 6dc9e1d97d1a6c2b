// What a payment, a refund or an allocation does to the records on both of its sides. It asks no questions: what Xero
// allows is payment-change.ts's and allocations.ts's business, and a person in Xero comes straight here.

import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents, type E6, toBase } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import { type Allocation, type Credit, type CreditKind, remainingCredit } from './credit-record.ts'
import { dayRate } from './document-rules.ts'
import { type AppliedPayment, amountCredited, amountPaid, type Invoice } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import type { Switches } from './switches.ts'

export function paymentTarget(
  organisation: Organisation,
  { kind, id }: { readonly kind: 'Invoice' | CreditKind; readonly id: string },
): PaymentTarget | undefined {
  return kind === 'Invoice' ? organisation.invoices.get(id) : organisation.credit(kind, id)
}

export function amountDue(invoice: Invoice): Cents {
  return cents(invoice.total - amountPaid(invoice) - amountCredited(invoice))
}

/** What may still be paid on an invoice, or refunded of a credit. */
export function outstanding(target: PaymentTarget): Cents {
  return isCredit(target) ? remainingCredit(target) : amountDue(target)
}

/**
 * Stores a payment, new or now deleted, and what follows for the document that it pays or refunds. `stamp` is the
 * document's new UpdatedDateUTC, or null where it does not move.
 */
export function putPayment(organisation: Organisation, payment: Payment, stamp: number | null): void {
  organisation.payments.put(payment)
  const target = paymentTarget(organisation, payment.target)
  if (!target) return
  const others = target.payments.filter(({ id }) => id !== payment.id)
  const payments = payment.status === 'DELETED' ? others : [...others, appliedForm(payment)]
  if (isCredit(target)) organisation.putCredit(settledCredit({ ...target, payments }, stamp))
  else organisation.invoices.put(settledInvoice(organisation, { ...target, payments }, stamp))
}

/** Deletes a payment or refund. Its own UpdatedDateUTC moves; whether its document's does is a switch. */
export function deletePayment(
  organisation: Organisation,
  payment: Payment,
  now: number,
  switches: Switches,
): Payment {
  const deleted: Payment = { ...payment, status: 'DELETED', updatedAt: now }
  putPayment(organisation, deleted, switches.paymentDeletionDates === 'moved' ? now : null)
  return deleted
}

function appliedForm({ id, date, amount, reference, currencyRate }: Payment): AppliedPayment {
  return { id, date, amount, reference, currencyRate }
}

/** Adds an allocation; whether UpdatedDateUTC of both sides moves is a switch. */
export function allocate(
  organisation: Organisation,
  credit: Credit,
  allocation: Allocation,
  now: number,
  switches: Switches,
): void {
  const stamp = switches.allocationDates === 'kept' ? null : now
  putAllocations(organisation, credit, [...credit.allocations, allocation], allocation.invoiceId, stamp)
}

/** Takes an allocation back: it vanishes from both sides (§5). */
export function removeAllocation(
  organisation: Organisation,
  credit: Credit,
  { id, invoiceId }: Allocation,
  now: number,
  switches: Switches,
): void {
  const stamp = switches.allocationDates === 'moved' ? now : null
  const left = credit.allocations.filter((other) => other.id !== id)
  putAllocations(organisation, credit, left, invoiceId, stamp)
}

function putAllocations(
  organisation: Organisation,
  before: Credit,
  allocations: readonly Allocation[],
  invoiceId: string,
  stamp: number | null,
): void {
  const credit = settledCredit({ ...before, allocations }, stamp)
  organisation.putCredit(credit)
  const invoice = organisation.invoices.get(invoiceId)
  if (!invoice) return
  const others = invoice.credits.filter(({ id }) => id !== credit.id)
  const amount = cents(
    allocations.filter((one) => one.invoiceId === invoiceId).reduce((sum, one) => sum + one.amount, 0),
  )
  // An invoice shows a credit once, however many allocations it came in.
  const { kind, id, date, total } = credit
  const number = credit.kind === 'CreditNote' ? credit.number : ''
  const credits = amount === 0 ? others : [...others, { kind, id, number, date, amount, total }]
  organisation.invoices.put(settledInvoice(organisation, { ...invoice, credits }, stamp))
}

function settledInvoice(organisation: Organisation, invoice: Invoice, stamp: number | null): Invoice {
  const allocated = invoice.credits.flatMap(({ kind, id }) => {
    const allocations = organisation.credit(kind, id)?.allocations ?? []
    return allocations.filter(({ invoiceId }) => invoiceId === invoice.id)
  })
  return settled(invoice, amountDue(invoice), [...invoice.payments, ...allocated], stamp)
}

function settledCredit(credit: Credit, stamp: number | null): Credit {
  return settled(credit, remainingCredit(credit), [...credit.payments, ...credit.allocations], stamp)
}

/**
 * PAID when nothing is left, on the date of the last that was applied; AUTHORISED again as soon as something is. What is
 * no longer or not yet approved stays what it is.
 */
function settled<T extends PaymentTarget>(
  document: T,
  left: Cents,
  applied: readonly { readonly date: PlainDate }[],
  stamp: number | null,
): T {
  const last = applied
    .map(({ date }) => date)
    .sort()
    .at(-1)
  const updatedAt = stamp ?? document.updatedAt
  if (document.status !== 'AUTHORISED' && document.status !== 'PAID') return { ...document, updatedAt }
  const isPaid = left === 0 && last !== undefined
  return { ...document, status: isPaid ? 'PAID' : 'AUTHORISED', fullyPaidOn: isPaid ? last : null, updatedAt }
}

/** What the account moves by, in its own currency; `rate` is the document's units for one of the base currency. */
export function bankAmountOf(
  organisation: Organisation,
  account: Account,
  currencyCode: string,
  amount: Cents,
  rate: E6,
): Cents {
  const { baseCurrency } = organisation.profile
  const bankCurrency = account.currencyCode ?? baseCurrency
  if (bankCurrency === currencyCode) return amount
  const inBase = currencyCode === baseCurrency ? amount : toBase(amount, rate)
  // The base currency's own rate is 1.
  return cents(Math.round(inBase * dayRate({ organisation }, bankCurrency)))
}
