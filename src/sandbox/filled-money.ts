// What is paid, refunded and applied in an organisation that is filled for a rehearsal (T2), and its files. Where Xero said that more is on
// a document than is known one by one, the rest is put there as one payment or credit: what is due must be right to the cent.

import type { KnownAllocation, KnownFile, KnownPayment } from '../accounting/books-in-xero.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents, e6, zeroCents } from '../accounting/money.ts'
import type { Credit } from './credit-record.ts'
import type { SettledSums } from './filled-papers.ts'
import { guidFrom } from './guid.ts'
import { amountCredited, amountPaid, type Invoice } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type PaymentTarget, paymentTypeOf } from './payment-record.ts'
import { allocate, putPayment } from './settlement.ts'
import { defaultSwitches } from './switches.ts'

/** Nothing of what is put here is news. */
const switches = { ...defaultSwitches, allocationDates: 'kept' } as const

export function fillAllocations(
  organisation: Organisation,
  allocations: Iterable<KnownAllocation>,
  settled: SettledSums,
  updatedAt: number,
): void {
  let number = 0
  for (const { creditId, invoiceId, amount, date } of allocations) {
    const credit = creditOf(organisation, creditId)
    number += 1
    const id = guidFrom(`${creditId}/allocation/${number}`)
    if (credit) allocate(organisation, credit, { id, invoiceId, amount, date }, updatedAt, switches)
  }
  for (const [id, { credited }] of settled) {
    const invoice = organisation.invoices.get(id)
    const missing = invoice ? credited - amountCredited(invoice) : 0
    if (invoice && missing > 0) putUnknownCredit(organisation, invoice, cents(missing), updatedAt)
  }
}

function creditOf(organisation: Organisation, id: string): Credit | undefined {
  return (
    organisation.creditNotes.get(id) ?? organisation.prepayments.get(id) ?? organisation.overpayments.get(id)
  )
}

function putUnknownCredit(
  organisation: Organisation,
  invoice: Invoice,
  amount: Cents,
  updatedAt: number,
): void {
  const id = guidFrom(`${invoice.id}/unknown credit`)
  const { contactId, date, currencyCode, currencyRate } = invoice
  const credit: Credit = {
    kind: 'CreditNote',
    type: invoice.type === 'ACCREC' ? 'ACCRECCREDIT' : 'ACCPAYCREDIT',
    id,
    updatedAt,
    status: 'AUTHORISED',
    number: '',
    reference: '',
    contactId,
    date,
    dueDate: null,
    lineAmountTypes: 'NoTax',
    currencyCode,
    currencyRate,
    brandingThemeId: null,
    lines: [],
    allocations: [],
    payments: [],
    fullyPaidOn: null,
    subTotal: amount,
    totalTax: zeroCents,
    total: amount,
    totalDiscount: zeroCents,
  }
  organisation.creditNotes.put(credit)
  const allocation = { id: guidFrom(`${id}/allocation`), invoiceId: invoice.id, amount, date }
  allocate(organisation, credit, allocation, updatedAt, switches)
}

export function fillPayments(
  organisation: Organisation,
  payments: Iterable<KnownPayment>,
  settled: SettledSums,
  updatedAt: number,
): void {
  const filler = { organisation, updatedAt, anyAccount: anyAccount(organisation) }
  for (const known of payments) {
    const target = targetOf(organisation, known.targetId)
    if (target) putKnown(filler, target, known)
  }
  for (const [id, { paid }] of settled) {
    const invoice = organisation.invoices.get(id)
    const missing = invoice ? paid - amountPaid(invoice) : 0
    if (invoice && missing > 0) putKnown(filler, invoice, unknownPayment(invoice, cents(missing)))
  }
}

interface Filler {
  organisation: Organisation
  updatedAt: number
  anyAccount: string
}

/** On which account a payment was booked is not always known, and nobody asks. */
function anyAccount({ accounts }: Organisation): string {
  const all = accounts.all()
  return (all.find(({ type }) => type === 'BANK') ?? all[0])?.id ?? ''
}

function targetOf(organisation: Organisation, id: string): PaymentTarget | undefined {
  return organisation.invoices.get(id) ?? creditOf(organisation, id)
}

function unknownPayment(invoice: Invoice, amount: Cents): KnownPayment {
  return {
    xeroId: guidFrom(`${invoice.id}/unknown payment`),
    targetId: invoice.id,
    status: 'AUTHORISED',
    amount,
    date: invoice.date,
    reference: '',
    account: null,
  }
}

function putKnown(filler: Filler, target: PaymentTarget, known: KnownPayment): void {
  const { organisation, updatedAt } = filler
  const { xeroId: id, amount, reference, account } = known
  const found =
    account === null ? undefined : (organisation.accountByCode(account) ?? organisation.accounts.get(account))
  putPayment(
    organisation,
    {
      id,
      updatedAt,
      type: paymentTypeOf(target),
      status: known.status === 'DELETED' ? 'DELETED' : 'AUTHORISED',
      target: { kind: isCredit(target) ? target.kind : 'Invoice', id: target.id },
      accountId: found?.id ?? filler.anyAccount,
      date: known.date satisfies PlainDate,
      amount,
      bankAmount: amount,
      currencyRate: e6(1_000_000),
      reference,
      isReconciled: false,
      batchId: null,
    },
    null,
  )
}

export function fillFiles(organisation: Organisation, files: Iterable<KnownFile>, updatedAt: number): void {
  for (const { xeroId: id, documentId, fileName, bytes } of files) {
    organisation.attachments.put({
      id,
      updatedAt,
      documentId,
      fileName,
      mimeType: 'application/octet-stream',
      length: bytes,
      sha256: '',
      includeOnline: null,
    })
  }
}
