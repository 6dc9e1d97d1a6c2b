// A page for each invoice, bill, credit and payment: what it is, what was paid, credited and allocated, and what can be done
// with it.

import { formatCents } from '../accounting/money.ts'
import type { Allocation, Credit } from './credit-record.ts'
import { isUsed, remainingCredit, sideOfCredit } from './credit-record.ts'
import type { AppliedPayment, Invoice, Line } from './invoice-record.ts'
import { amountCredited, amountPaid, hasAllocations } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import { buttonForm, type Choice, type FormPage, form } from './person-forms.ts'
import {
  type Column,
  facts,
  type Html,
  html,
  link,
  nothing,
  status,
  table,
  type View,
} from './person-html.ts'
import { documentLink, dueOf, paymentMoney } from './person-lists.ts'
import { pageOf } from './person-money-actions.ts'
import { sentenceStart } from './person-rules.ts'
import { contactName, kindOf, labelOf, moneyText, nameOf, plainMoney } from './person-words.ts'
import { amountDue } from './settlement.ts'

export interface DocumentPage extends FormPage {
  readonly organisation: Organisation
}

export function invoiceView(page: DocumentPage, invoice: Invoice): View {
  const { organisation } = page
  const money = (amount: number) => moneyText(amount, invoice.currencyCode)
  return {
    title: sentenceStart(nameOf(invoice)),
    body: html`${facts([
      ...commonFacts(organisation, invoice),
      ['Due date', invoice.dueDate ?? ''],
      ['Total', money(invoice.total)],
      ['Paid', money(amountPaid(invoice))],
      ['Credited', money(amountCredited(invoice))],
      ['Due', money(dueOf(invoice))],
    ])}
<h2>What to do</h2>
${invoiceForms(page, invoice)}
<h2>Payments</h2>
${settlements(page, invoice, invoice.payments, 'payment')}
<h2>Credits</h2>
${table(appliedColumns(page, invoice), appliedTo(organisation, invoice), 'Nothing was credited.')}
<h2>Lines</h2>
${linesOf(organisation, invoice.lines)}`,
  }
}

function commonFacts(organisation: Organisation, document: PaymentTarget): [string, Html | string][] {
  return [
    ['Status', status(document.status)],
    ['Contact', link(`contacts/${document.contactId}`, contactName(organisation, document.contactId))],
    ['Date', document.date],
    ['Reference', document.reference],
    ['Id', document.id],
  ]
}

export function bankChoices(organisation: Organisation): Choice[] {
  return organisation.accounts
    .all()
    .filter(
      ({ type, enablePayments, status: state }) => state === 'ACTIVE' && (type === 'BANK' || enablePayments),
    )
    .flatMap(({ code, name }) => (code === null ? [] : [{ value: code, label: `${code} ${name}` }]))
    .toSorted((a, b) => a.value.localeCompare(b.value))
}

function invoiceForms(page: DocumentPage, invoice: Invoice): Html {
  const { organisation } = page
  if (isOver(invoice)) return html`<p class="says">It is over: nothing can be done with it.</p>`
  const known = { invoice: invoice.id }
  const due = formatCents(dueOf(invoice))
  const credits = creditsFor(organisation, invoice)
  const isDue = invoice.status === 'AUTHORISED'
  const account = bankChoices(organisation)
  return html`${isDue ? form(page, 'pay', { known, presets: { amount: due }, choices: { account }, isOpen: true }) : nothing}${
    isDue && credits.length > 0
      ? form(page, 'allocate', { known, choices: { credit: credits.map(choiceOf) } })
      : nothing
  }${endingForms(page, invoice)}`
}

/** What is only possible while nothing was paid or credited. */
function endingForms(page: DocumentPage, document: PaymentTarget): Html {
  const isTouched = isCredit(document) ? isUsed(document) : hasAllocations(document)
  if (isTouched) {
    const what = isCredit(document) ? 'Refunds or allocations are' : 'Payments or credits are'
    return html`<p class="says">${what} on it: take those back to change its total or to void it.</p>`
  }
  const content = { known: { document: document.id } }
  const hasTotal = !isCredit(document) || document.kind === 'CreditNote'
  return html`${hasTotal ? form(page, 'edit-total', content) : nothing}${form(page, 'void', content)}`
}

const isOver = ({ status: state }: PaymentTarget) => state === 'VOIDED' || state === 'DELETED'

/** Credits of the same contact that could still be set against it. */
function creditsFor({ creditNotes, prepayments, overpayments }: Organisation, invoice: Invoice): Credit[] {
  const all: Credit[] = [...creditNotes.all(), ...prepayments.all(), ...overpayments.all()]
  return all.filter((credit) => isPair(credit, invoice))
}

function isPair(credit: Credit, invoice: Invoice): boolean {
  return (
    credit.status === 'AUTHORISED' &&
    invoice.status === 'AUTHORISED' &&
    credit.contactId === invoice.contactId &&
    credit.currencyCode === invoice.currencyCode &&
    (sideOfCredit(credit) === 'sales') === (invoice.type === 'ACCREC')
  )
}

function choiceOf(document: PaymentTarget): Choice {
  const left = isCredit(document) ? remainingCredit(document) : amountDue(document)
  const words = isCredit(document) ? 'left' : 'due'
  const label = `${sentenceStart(nameOf(document))}: ${moneyText(left, document.currencyCode)} ${words}`
  return { value: document.id, label }
}

/** Payments of an invoice or refunds of a credit, each with the way to take it back. */
function settlements(
  page: DocumentPage,
  document: PaymentTarget,
  payments: readonly AppliedPayment[],
  what: 'payment' | 'refund',
): Html {
  const columns: Column<AppliedPayment>[] = [
    { head: 'Date', cell: ({ id, date }) => link(`payments/${id}`, date) },
    { head: 'Reference', cell: ({ reference }) => reference },
    { head: 'Amount', cell: ({ amount }) => moneyText(amount, document.currencyCode), isMoney: true },
    { head: 'Take back', cell: ({ id }) => buttonForm(page, `delete-${what}`, { [what]: id }) },
  ]
  return table(columns, payments, what === 'payment' ? 'Nothing was paid.' : 'Nothing was refunded.')
}

interface Applied {
  readonly credit: Credit
  readonly allocation: Allocation
}

function appliedTo(organisation: Organisation, invoice: Invoice): Applied[] {
  return invoice.credits.flatMap(({ kind, id }) => {
    const credit = organisation.credit(kind, id)
    const allocations = credit?.allocations.filter(({ invoiceId }) => invoiceId === invoice.id) ?? []
    return credit ? allocations.map((allocation) => ({ credit, allocation })) : []
  })
}

function appliedColumns(page: DocumentPage, invoice: Invoice): Column<Applied>[] {
  return [
    { head: 'Date', cell: ({ allocation }) => allocation.date },
    { head: 'Credit', cell: ({ credit }) => link(pageOf(credit), `${kindOf(credit)} ${labelOf(credit)}`) },
    {
      head: 'Amount',
      cell: ({ allocation }) => moneyText(allocation.amount, invoice.currencyCode),
      isMoney: true,
    },
    { head: 'Take back', cell: ({ credit, allocation }) => removal(page, credit, allocation) },
  ]
}

function removal(page: DocumentPage, credit: Credit, { id, invoiceId }: Allocation): Html {
  return buttonForm(page, 'remove-allocation', { credit: credit.id, invoice: invoiceId, allocation: id })
}

export function creditView(page: DocumentPage, credit: Credit): View {
  const { organisation } = page
  const money = (amount: number) => moneyText(amount, credit.currencyCode)
  const columns: Column<Allocation>[] = [
    { head: 'Date', cell: ({ date }) => date },
    { head: 'To', cell: ({ invoiceId }) => invoiceLink(organisation, invoiceId) },
    { head: 'Amount', cell: ({ amount }) => money(amount), isMoney: true },
    { head: 'Take back', cell: (allocation) => removal(page, credit, allocation) },
  ]
  return {
    title: sentenceStart(nameOf(credit)),
    body: html`${facts([
      ...commonFacts(organisation, credit),
      ['Total', money(credit.total)],
      ['Left', money(dueOf(credit))],
    ])}
<h2>What to do</h2>
${creditForms(page, credit)}
<h2>Allocations</h2>
${table(columns, credit.allocations, 'Nothing was allocated.')}
<h2>Refunds</h2>
${settlements(page, credit, credit.payments, 'refund')}
<h2>Lines</h2>
${linesOf(organisation, credit.lines)}`,
  }
}

function invoiceLink(organisation: Organisation, id: string): Html | string {
  const invoice = organisation.invoices.get(id)
  return invoice ? link(pageOf(invoice), nameOf(invoice)) : id
}

function creditForms(page: DocumentPage, credit: Credit): Html {
  const { organisation } = page
  if (isOver(credit)) return html`<p class="says">It is over: nothing can be done with it.</p>`
  const known = { credit: credit.id }
  const invoices = organisation.invoices
    .find(organisation.invoicesByContact, credit.contactId)
    .filter((invoice) => isPair(credit, invoice))
  const isLeft = credit.status === 'AUTHORISED'
  const refund = { known, choices: { account: bankChoices(organisation) } }
  return html`${
    isLeft && invoices.length > 0
      ? form(page, 'allocate', { known, choices: { invoice: invoices.map(choiceOf) }, isOpen: true })
      : nothing
  }${isLeft ? form(page, 'refund', refund) : nothing}${endingForms(page, credit)}`
}

function linesOf(organisation: Organisation, lines: readonly Line[]): Html {
  const account = (id: string | null) => organisation.accounts.get(id ?? '')
  const columns: Column<Line>[] = [
    { head: 'Description', cell: ({ description }) => description ?? '' },
    {
      head: 'Account',
      cell: ({ accountId }) => `${account(accountId)?.code ?? ''} ${account(accountId)?.name ?? ''}`,
    },
    { head: 'Tax type', cell: ({ taxType }) => taxType ?? '' },
    { head: 'Tax', cell: ({ taxAmount }) => plainMoney(taxAmount), isMoney: true },
    { head: 'Amount', cell: ({ lineAmount }) => plainMoney(lineAmount), isMoney: true },
  ]
  return table(columns, lines, 'It has no lines.')
}

export function paymentView(page: DocumentPage, payment: Payment): View {
  const { organisation } = page
  const isRefund = payment.target.kind !== 'Invoice'
  const what = isRefund ? 'refund' : 'payment'
  const bank = organisation.accounts.get(payment.accountId)
  const known = { [what]: payment.id }
  return {
    title: `${sentenceStart(what)} of ${payment.date}`,
    body: html`${facts([
      ['Status', status(payment.status)],
      ['Of', documentLink(organisation, payment)],
      ['Amount', paymentMoney(organisation, payment)],
      ['Bank account', `${bank?.code ?? ''} ${bank?.name ?? ''}`],
      ['Reference', payment.reference],
      ['Reconciled', payment.isReconciled ? 'yes' : 'no'],
      ['Id', payment.id],
    ])}
<h2>What to do</h2>
${payment.status === 'DELETED' ? html`<p class="says">It is deleted.</p>` : buttonForm(page, `delete-${what}`, known)}`,
  }
}
