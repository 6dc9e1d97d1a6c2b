// Payments as Xero shows them. The document stands under `Invoice`, the target of a refund too, as the published
// examples have it (§4.5): thin in lists, whole with its new amounts in write answers and singly.

import type { Call } from './call.ts'
import { contactStub, writtenContact } from './contact-view.ts'
import { type Credit, remainingCredit } from './credit-record.ts'
import { dateFields, isoSecond, msDate, msOfDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import type { Invoice } from './invoice-record.ts'
import { bareContact, sentDates, showInvoice, shownLines, thinPayments, wire } from './invoice-view.ts'
import { type JsonObject, objectOf } from './json.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import { paymentTarget } from './settlement.ts'

export function showPayment(call: Call, payment: Payment, form: 'written' | 'single' | 'listed'): JsonObject {
  const account = call.organisation.accounts.get(payment.accountId)
  const target = paymentTarget(call.organisation, payment.target)
  return {
    PaymentID: payment.id,
    ...(payment.batchId === null ? {} : { BatchPaymentID: payment.batchId }),
    Date: msDate(msOfDate(payment.date)),
    BankAmount: wire(payment.bankAmount),
    Amount: wire(payment.amount),
    Reference: payment.reference,
    CurrencyRate: payment.currencyRate / 1_000_000,
    PaymentType: payment.type,
    Status: payment.status,
    UpdatedDateUTC: msDate(payment.updatedAt),
    UpdatedDateUTCString: isoSecond(payment.updatedAt),
    HasAccount: true,
    IsReconciled: payment.isReconciled,
    Account: {
      AccountID: payment.accountId,
      Code: account?.code ?? undefined,
      ...(form === 'listed' ? {} : { Name: account?.name }),
    },
    ...(target ? { Invoice: documentOf(call, target, form) } : {}),
    HasValidationErrors: false,
  }
}

function documentOf(call: Call, target: PaymentTarget, form: 'written' | 'single' | 'listed'): JsonObject {
  if (form === 'listed') return thinDocument(call, target)
  if (isCredit(target)) return creditAsInvoice(call, target)
  // Published answers show no AmountCredited and no credits in a payment's invoice, singly neither.
  const written = showInvoice(call, target, 'written')
  return form === 'single' ? { ...written, Payments: thinPayments(target.payments) } : written
}

/** Types that Xero publishes for a credit in the place of an invoice (§4.6). */
function typeOf(target: PaymentTarget): string {
  switch (target.type) {
    case 'RECEIVE-PREPAYMENT':
      return 'ARPREPAYMENT'
    case 'SPEND-PREPAYMENT':
      return 'APPREPAYMENT'
    case 'RECEIVE-OVERPAYMENT':
      return 'AROVERPAYMENT'
    case 'SPEND-OVERPAYMENT':
      return 'APOVERPAYMENT'
    default:
      return target.type
  }
}

function numberOfTarget(target: PaymentTarget): string | undefined {
  return isCredit(target) && target.kind !== 'CreditNote' ? undefined : target.number
}

export const emptyLists = { Payments: [], CreditNotes: [], Prepayments: [], Overpayments: [] }

/** No amounts and no status: a row tells of the payment alone (§4.5). */
function thinDocument(call: Call, target: PaymentTarget): JsonObject {
  const contact = call.organisation.contacts.get(target.contactId)
  return {
    Type: typeOf(target),
    InvoiceID: target.id,
    InvoiceNumber: numberOfTarget(target),
    ...emptyLists,
    HasErrors: false,
    IsDiscounted: false,
    Contact: contact ? contactStub(contact) : { ContactID: target.contactId },
    LineItems: [],
    CurrencyCode: target.currencyCode,
  }
}

function creditAsInvoice(call: Call, credit: Credit): JsonObject {
  const contact = call.organisation.contacts.get(credit.contactId)
  const refunded = credit.payments.reduce((sum, { amount }) => sum + amount, 0)
  return {
    Type: typeOf(credit),
    InvoiceID: credit.id,
    InvoiceNumber: numberOfTarget(credit),
    Reference: credit.reference,
    Prepayments: [],
    Overpayments: [],
    AmountDue: wire(remainingCredit(credit)),
    AmountPaid: wire(refunded),
    SentToContact: false,
    CurrencyRate: credit.currencyRate / 1_000_000,
    HasErrors: false,
    IsDiscounted: false,
    Contact: contact ? writtenContact(contact) : { ContactID: credit.contactId },
    ...dateFields('Date', credit.date),
    Status: credit.status,
    LineAmountTypes: credit.lineAmountTypes,
    LineItems: shownLines(call, credit.lines, false, 2),
    SubTotal: wire(credit.subTotal),
    TotalTax: wire(credit.totalTax),
    Total: wire(credit.total),
    UpdatedDateUTC: msDate(credit.updatedAt),
    UpdatedDateUTCString: isoSecond(credit.updatedAt),
    CurrencyCode: credit.currencyCode,
  }
}

/** What was asked for, under the zero id where nothing was stored (§3.2). */
export function refusedPayment(before: Payment | null, sent: JsonObject): JsonObject {
  return {
    ...sent,
    ...sentDates(sent),
    DateString: undefined,
    ...(sent['Invoice'] === undefined ? {} : { Invoice: echoedInvoice(sent) }),
    PaymentID: before?.id ?? zeroGuid,
    HasAccount: sent['Account'] !== undefined,
  }
}

/** An invoice that was named in a refused payment or allocation. */
export function echoedInvoice(sent: JsonObject): JsonObject {
  return {
    ...emptyLists,
    HasErrors: false,
    IsDiscounted: false,
    Contact: bareContact,
    LineItems: [],
    ...objectOf(sent, 'Invoice'),
  }
}

export function invoiceRef(invoice: Invoice | undefined, id: string): JsonObject {
  return {
    InvoiceID: id,
    InvoiceNumber: invoice?.number,
    ...emptyLists,
    HasErrors: false,
    IsDiscounted: false,
    LineItems: [],
  }
}
