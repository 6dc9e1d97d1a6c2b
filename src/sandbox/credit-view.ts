// Credit notes, prepayments and overpayments as Xero shows them: in write answers, singly, and in lists with and without
// pages (§4.4, §4.6). Inside invoices they are invoice-view.ts's business.

import { shownAttachments } from './attachment-view.ts'
import type { Call } from './call.ts'
import { contactStub, writtenContact } from './contact-view.ts'
import {
  type Allocation,
  amountAllocated,
  type Credit,
  type CreditNote,
  remainingCredit,
} from './credit-record.ts'
import { dateFields, isoSecond, msDate, msOfDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import { bareContact, plainDate, sentDates, shownLines, thinPayments, wire } from './invoice-view.ts'
import { type JsonObject, objectOf } from './json.ts'
import { invoiceRef } from './payment-view.ts'

type Form = 'written' | 'single' | 'listed' | 'unpaged'

export function showCredit(call: Call, credit: Credit, form: Form): JsonObject {
  const isGone = form !== 'written' && (credit.status === 'VOIDED' || credit.status === 'DELETED')
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  return {
    [`${credit.kind}ID`]: credit.id,
    ID: credit.id,
    Type: credit.type,
    ...named(credit),
    Payments: thinPayments(credit.payments),
    CurrencyRate: credit.currencyRate / 1_000_000,
    RemainingCredit: isGone ? 0 : wire(remainingCredit(credit)),
    AppliedAmount: wire(amountAllocated(credit)),
    Allocations: credit.allocations.map((allocation) => showAllocation(call, allocation)),
    ...(form === 'written' ? {} : attached(call, credit, form === 'single')),
    Contact: contactOf(call, credit, form),
    ...dateFields('Date', credit.date),
    Status: credit.status,
    LineAmountTypes: credit.lineAmountTypes,
    LineItems: form === 'unpaged' ? [] : shownLines(call, credit.lines, form === 'listed', places),
    SubTotal: wire(credit.subTotal),
    TotalTax: wire(credit.totalTax),
    Total: wire(credit.total),
    UpdatedDateUTC: msDate(credit.updatedAt),
    UpdatedDateUTCString: isoSecond(credit.updatedAt),
    CurrencyCode: credit.currencyCode,
  }
}

/** Prepayments and overpayments have no files of their own: those hang on their bank transaction. */
function attached(call: Call, { kind, id }: Credit, isSingle: boolean): JsonObject {
  if (kind === 'CreditNote') return shownAttachments(call, 'CreditNotes', id, isSingle)
  return { HasAttachments: false, ...(isSingle ? { Attachments: [] } : {}) }
}

function named(credit: Credit): JsonObject {
  const { reference } = credit
  switch (credit.kind) {
    case 'CreditNote':
      return {
        CreditNoteNumber: credit.number,
        Reference: reference,
        ...dateFields('DueDate', credit.dueDate),
        BrandingThemeID: credit.brandingThemeId ?? undefined,
        HasErrors: false,
        ...plainDate('FullyPaidOnDate', credit.fullyPaidOn),
      }
    case 'Prepayment':
      // Reference gives back the invoice number, which received ones alone show under its own name (§4.6).
      return {
        Reference: reference,
        ...(credit.type === 'RECEIVE-PREPAYMENT' ? { InvoiceNumber: reference } : {}),
      }
    case 'Overpayment':
      return { Reference: reference }
  }
}

function contactOf(call: Call, credit: Credit, form: Form): JsonObject {
  const contact = call.organisation.contacts.get(credit.contactId)
  if (!contact) return { ContactID: credit.contactId }
  return form === 'written' || form === 'single' ? writtenContact(contact) : contactStub(contact)
}

function showAllocation(call: Call, { id, invoiceId, amount, date }: Allocation): JsonObject {
  return {
    AllocationID: id,
    Amount: wire(amount),
    Date: msDate(msOfDate(date)),
    Invoice: invoiceRef(call.organisation.invoices.get(invoiceId), invoiceId),
  }
}

/** The echo of a refusal: what was asked for, over what is stored (§3.2, §0.1). */
export function refusedCreditNote(call: Call, before: CreditNote | null, sent: JsonObject): JsonObject {
  const contact = objectOf(sent, 'Contact')
  return {
    Payments: [],
    Allocations: [],
    ...(before ? echoOfStored(call, before) : { Contact: bareContact, LineItems: [] }),
    ...sent,
    ...sentDates(sent),
    ...(contact ? { Contact: { ...bareContact, ...contact } } : {}),
    CreditNoteID: before?.id ?? zeroGuid,
    ID: before?.id ?? zeroGuid,
  }
}

function echoOfStored(call: Call, note: CreditNote): JsonObject {
  return {
    Type: note.type,
    Contact: { ContactID: note.contactId, ...bareContact },
    ...dateFields('Date', note.date),
    Status: note.status,
    LineAmountTypes: note.lineAmountTypes,
    LineItems: shownLines(call, note.lines, true, 2),
    SubTotal: wire(note.subTotal),
    TotalTax: wire(note.totalTax),
    Total: wire(note.total),
    CurrencyCode: note.currencyCode,
  }
}
