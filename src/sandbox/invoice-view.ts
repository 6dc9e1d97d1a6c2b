// Invoices as Xero shows them: in write answers, singly, in lists with and without pages, summarised, and as the echo of
// a refusal. The forms differ in which keys they have (§4.3, §0.1).

import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, e4 } from '../accounting/money.ts'
import { shownAttachments } from './attachment-view.ts'
import type { Call } from './call.ts'
import { contactStub, writtenContact } from './contact-view.ts'
import { dateFields, isoSecond, msDate, msOfDate, readDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import {
  type AppliedCredit,
  type AppliedPayment,
  amountCredited,
  amountPaid,
  type Invoice,
  type Line,
} from './invoice-record.ts'
import { type JsonObject, objectOf, textOf } from './json.ts'
import { shownUnitAmount } from './totals.ts'

type Form = 'written' | 'single' | 'listed' | 'unpaged' | 'summary'

export const wire = (amount: Cents | number): number => amount / 100

export function showInvoice(call: Call, invoice: Invoice, form: Form): JsonObject {
  const paid = amountPaid(invoice)
  const credited = amountCredited(invoice)
  // A voided row shows nothing due in lists, yet the answer to the voiding itself does (§4.3).
  const isGone = form !== 'written' && (invoice.status === 'VOIDED' || invoice.status === 'DELETED')
  return {
    Type: invoice.type,
    InvoiceID: invoice.id,
    InvoiceNumber: invoice.number,
    Reference: invoice.reference,
    ...applied(invoice, form),
    AmountDue: isGone ? 0 : wire(invoice.total - paid - credited),
    ...amountsSettled(call, paid, credited, form),
    ...(invoice.type === 'ACCREC' ? { SentToContact: invoice.sentToContact } : {}),
    CurrencyRate: invoice.currencyRate / 1_000_000,
    IsDiscounted: invoice.lines.some((line) => line.discountRate !== null || line.discountAmount !== null),
    TotalDiscount: invoice.totalDiscount === 0 ? undefined : wire(invoice.totalDiscount),
    HasErrors: false,
    ...(form === 'written'
      ? {}
      : { ...shownAttachments(call, 'Invoices', invoice.id, form === 'single'), InvoiceAddresses: [] }),
    UpdatedDateUTCString: isoSecond(invoice.updatedAt),
    Contact: contactOf(call, invoice, form),
    ...dateFields('Date', invoice.date),
    ...dateFields('DueDate', invoice.dueDate),
    ...plainDate('ExpectedPaymentDate', invoice.expectedPaymentDate),
    ...plainDate('PlannedPaymentDate', invoice.plannedPaymentDate),
    BrandingThemeID: invoice.brandingThemeId ?? undefined,
    Url: invoice.url ?? undefined,
    Status: invoice.status,
    LineAmountTypes: invoice.lineAmountTypes,
    LineItems: form === 'unpaged' || form === 'summary' ? [] : lines(call, invoice, form === 'listed'),
    SubTotal: wire(invoice.subTotal),
    TotalTax: wire(invoice.totalTax),
    Total: wire(invoice.total),
    UpdatedDateUTC: msDate(invoice.updatedAt),
    CurrencyCode: invoice.currencyCode,
    ...plainDate('FullyPaidOnDate', invoice.fullyPaidOn),
  }
}

/** Write answers do not say AmountCredited (§4.3); whether a summary says either is a switch. */
function amountsSettled(call: Call, paid: number, credited: number, form: Form): JsonObject {
  if (form === 'summary' && call.switches.summaryAmounts === 'left-out') return {}
  return { AmountPaid: wire(paid), AmountCredited: form === 'written' ? undefined : wire(credited) }
}

export function plainDate(name: string, date: Invoice['dueDate']): JsonObject {
  return date === null ? {} : { [name]: msDate(msOfDate(date)) }
}

function contactOf(call: Call, invoice: Invoice, form: Form): JsonObject {
  const contact = call.organisation.contacts.get(invoice.contactId)
  if (!contact) return { ContactID: invoice.contactId }
  return form === 'written' || form === 'single' ? writtenContact(contact) : contactStub(contact)
}

/** Write answers lack Payments and CreditNotes (§0.1); rows show thin ones, without status or account (§4.3). */
function applied(invoice: Invoice, form: Form): JsonObject {
  const credits = (kind: AppliedCredit['kind']) =>
    invoice.credits
      .filter((credit) => credit.kind === kind)
      // Read singly, Xero gives all of them the invoice's date; in lists the credit's own, never the allocation's (§4.6).
      .map((credit) => embeddedCredit(credit, form === 'single' ? invoice.date : credit.date))
  const always = { Prepayments: credits('Prepayment'), Overpayments: credits('Overpayment') }
  if (form === 'written') return always
  if (form === 'summary') return {}
  return { Payments: thinPayments(invoice.payments), CreditNotes: credits('CreditNote'), ...always }
}

/** The payments of a document in its rows: no status, account or type (§4.3). */
export function thinPayments(payments: readonly AppliedPayment[]): JsonObject[] {
  return payments.map((payment) => ({
    PaymentID: payment.id,
    Date: msDate(msOfDate(payment.date)),
    Amount: wire(payment.amount),
    Reference: payment.reference,
    CurrencyRate: payment.currencyRate / 1_000_000,
    HasAccount: false,
    HasValidationErrors: false,
  }))
}

function embeddedCredit({ kind, id, number, amount, total }: AppliedCredit, date: PlainDate): JsonObject {
  return {
    [`${kind}ID`]: id,
    ID: id,
    ...(kind === 'CreditNote' ? { CreditNoteNumber: number } : {}),
    AppliedAmount: wire(amount),
    ...dateFields('Date', date),
    LineItems: [],
    Total: wire(total),
  }
}

function places(call: Call): 2 | 4 {
  return call.query.get('unitdp') === '4' ? 4 : 2
}

function lines(call: Call, invoice: Invoice, isListed: boolean): JsonObject[] {
  return shownLines(call, invoice.lines, isListed, places(call))
}

/** The lines of a document of any kind, their prices to so many decimals. */
export function shownLines(
  call: Call,
  lines: readonly Line[],
  isListed: boolean,
  places: 2 | 4,
): JsonObject[] {
  return lines.map((line) => {
    const tracking = line.tracking.map((entry) => ({
      Name: entry.name,
      Option: entry.option,
      TrackingCategoryID: entry.categoryId,
      // Lists do not name the option's id (§4.9).
      ...(isListed ? {} : { TrackingOptionID: entry.optionId }),
    }))
    if (line.quantity === null || line.unitAmount === null) {
      return { Description: line.description ?? undefined, Tracking: tracking, LineItemID: line.id }
    }
    return {
      ...amounts(call, line, places),
      Tracking: tracking,
      LineItemID: line.id,
      ...(isListed ? {} : noErrors),
    }
  })
}

const noErrors = { ValidationErrors: [] }

function amounts(call: Call, line: Line, places: 2 | 4): JsonObject {
  const account = line.accountId === null ? undefined : call.organisation.accounts.get(line.accountId)
  return {
    ItemCode: line.itemCode ?? undefined,
    Description: line.description ?? undefined,
    UnitAmount: shownUnitAmount(line.unitAmount ?? e4(0), places, call.switches.halfRounding),
    TaxType: line.taxType ?? undefined,
    TaxAmount: wire(line.taxAmount),
    LineAmount: wire(line.lineAmount),
    AccountCode: account?.code ?? undefined,
    AccountID: account?.id,
    Quantity: (line.quantity ?? 0) / 10_000,
    DiscountRate: line.discountRate === null ? undefined : line.discountRate / 10_000,
    DiscountAmount: line.discountAmount === null ? undefined : wire(line.discountAmount),
  }
}

export const bareContact = {
  Addresses: [],
  Phones: [],
  ContactGroups: [],
  ContactPersons: [],
  HasValidationErrors: false,
  ValidationErrors: [],
}

/**
 * The echo of a refusal: what was asked for, the requested status among it, over what is stored. A refused create has
 * the zero id; neither has a number of its own nor an amount due (§3.2, §0.1).
 */
export function refusedInvoice(call: Call, before: Invoice | null, sent: JsonObject): JsonObject {
  const contact = objectOf(sent, 'Contact')
  const stored = before ? echoOfStored(call, before) : { Contact: bareContact, LineItems: [] }
  return {
    Payments: [],
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    IsDiscounted: false,
    InvoiceAddresses: [],
    ...stored,
    ...sent,
    ...sentDates(sent),
    ...(contact ? { Contact: { ...bareContact, ...contact } } : {}),
    InvoiceID: before?.id ?? zeroGuid,
  }
}

function echoOfStored(call: Call, invoice: Invoice): JsonObject {
  return {
    Type: invoice.type,
    Contact: { ContactID: invoice.contactId, ...bareContact },
    ...dateFields('Date', invoice.date),
    ...dateFields('DueDate', invoice.dueDate),
    Status: invoice.status,
    LineAmountTypes: invoice.lineAmountTypes,
    LineItems: lines(call, invoice, true),
    SubTotal: wire(invoice.subTotal),
    TotalTax: wire(invoice.totalTax),
    Total: wire(invoice.total),
    CurrencyCode: invoice.currencyCode,
  }
}

export function sentDates(sent: JsonObject): JsonObject {
  const date = (name: string) => readDate(textOf(sent, name) ?? '')
  return {
    ...dateFields('Date', date('Date')),
    ...dateFields('DueDate', date('DueDate')),
    ...plainDate('ExpectedPaymentDate', date('ExpectedPaymentDate')),
    ...plainDate('PlannedPaymentDate', date('PlannedPaymentDate')),
  }
}
