// The lists of the person's pages: what there is, the newest change first, a hundred at a time, with a search.

import type { Contact } from './contact-record.ts'
import type { Credit } from './credit-record.ts'
import { isoSecond } from './dates.ts'
import type { Invoice } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import type { Payment } from './payment-record.ts'
import { type FormPage, form } from './person-forms.ts'
import {
  type Column,
  type Html,
  html,
  link,
  nothing,
  personBase,
  status,
  table,
  type View,
} from './person-html.ts'
import { pageOf } from './person-money-actions.ts'
import { contactName, kindOf, labelOf, moneyText } from './person-words.ts'
import { outstanding, paymentTarget } from './settlement.ts'
import type { Stored } from './table.ts'

export interface ListPage extends FormPage {
  readonly organisation: Organisation
  readonly query: URLSearchParams
}

const pageSize = 100

interface Listing<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** What a search looks into. */
  readonly words: (row: Row) => readonly string[]
  readonly empty: string
}

/** Search, rows, and the way to older ones. */
function listing<Row extends Stored>(page: ListPage, { columns, rows, words, empty }: Listing<Row>): Html {
  const sought = page.query.get('q')?.trim() ?? ''
  const from = Math.max(0, Math.trunc(Number(page.query.get('from') ?? '0')) || 0)
  const isSought = (row: Row) => words(row).some((word) => word.toLowerCase().includes(sought.toLowerCase()))
  const found = rows.toReversed().filter((row) => sought === '' || row.id === sought || isSought(row))
  const older = from + pageSize
  const more =
    older < found.length
      ? html`<p><a href="${personBase + page.page}?${new URLSearchParams({ q: sought, from: String(older) }).toString()}">Older ones</a> (${found.length} in all)</p>`
      : nothing
  return html`<form class="search" role="search"><input name="q" value="${sought}" aria-label="Search" placeholder="Search" autocomplete="off"><button>Search</button></form>
${table(columns, found.slice(from, older), sought === '' ? empty : `Nothing that has “${sought}” in it.`)}
${more}`
}

export const changed = <Row extends Stored>(): Column<Row> => ({
  head: 'Changed (UTC)',
  cell: ({ updatedAt }) => isoSecond(updatedAt).replace('T', ' ').replace('Z', ''),
})

export function invoiceColumns(organisation: Organisation): Column<Invoice>[] {
  return [
    { head: 'Number', cell: (invoice) => link(pageOf(invoice), labelOf(invoice)) },
    { head: 'Type', cell: kindOf },
    {
      head: 'Contact',
      cell: ({ contactId }) => link(`contacts/${contactId}`, contactName(organisation, contactId)),
    },
    { head: 'Date', cell: ({ date }) => date },
    { head: 'Status', cell: (invoice) => status(invoice.status) },
    { head: 'Total', cell: ({ total, currencyCode }) => moneyText(total, currencyCode), isMoney: true },
    { head: 'Due', cell: (invoice) => moneyText(dueOf(invoice), invoice.currencyCode), isMoney: true },
  ]
}

/** Nothing is due on what is voided or deleted (§4.3). */
export function dueOf(document: Invoice | Credit): number {
  return document.status === 'VOIDED' || document.status === 'DELETED' ? 0 : outstanding(document)
}

export function invoicesView(page: ListPage): View {
  const { organisation } = page
  const words = (invoice: Invoice) => [
    invoice.number,
    invoice.reference,
    contactName(organisation, invoice.contactId),
    kindOf(invoice),
    invoice.status,
  ]
  const rows = organisation.invoices.all()
  const columns = [...invoiceColumns(organisation), changed<Invoice>()]
  const empty = 'There are no invoices and no bills yet. An export brings some, or enter one here.'
  return {
    title: 'Invoices and bills',
    body: html`${listing(page, { columns, rows, words, empty })}
${form(page, 'create-invoice')}`,
  }
}

export function creditColumns(organisation: Organisation): Column<Credit>[] {
  return [
    { head: 'Number or reference', cell: (credit) => link(pageOf(credit), labelOf(credit)) },
    { head: 'Type', cell: kindOf },
    {
      head: 'Contact',
      cell: ({ contactId }) => link(`contacts/${contactId}`, contactName(organisation, contactId)),
    },
    { head: 'Date', cell: ({ date }) => date },
    { head: 'Status', cell: (credit) => status(credit.status) },
    { head: 'Total', cell: ({ total, currencyCode }) => moneyText(total, currencyCode), isMoney: true },
    { head: 'Left', cell: (credit) => moneyText(dueOf(credit), credit.currencyCode), isMoney: true },
  ]
}

export function creditsView(page: ListPage): View {
  const { organisation } = page
  const { creditNotes, prepayments, overpayments } = organisation
  const all: Credit[] = [...creditNotes.all(), ...prepayments.all(), ...overpayments.all()]
  const rows = all.toSorted((a, b) => a.updatedAt - b.updatedAt)
  const words = (credit: Credit) => [
    labelOf(credit),
    contactName(organisation, credit.contactId),
    kindOf(credit),
    credit.status,
  ]
  const columns = [...creditColumns(organisation), changed<Credit>()]
  const empty = 'There are no credit notes, overpayments or prepayments yet.'
  return {
    title: 'Credit notes, overpayments, prepayments',
    body: html`${listing(page, { columns, rows, words, empty })}
${form(page, 'credit')}${form(page, 'overpay')}${form(page, 'prepay')}`,
  }
}

export function paymentsView(page: ListPage): View {
  const { organisation } = page
  const target = (payment: Payment) => paymentTarget(organisation, payment.target)
  const words = (payment: Payment) => {
    const document = target(payment)
    return [
      payment.reference,
      payment.status,
      ...(document ? [labelOf(document), contactName(organisation, document.contactId)] : []),
    ]
  }
  const columns: Column<Payment>[] = [
    { head: 'Date', cell: ({ id, date }) => link(`payments/${id}`, date) },
    { head: 'What', cell: ({ target: { kind } }) => (kind === 'Invoice' ? 'payment' : 'refund') },
    { head: 'Of', cell: (payment) => documentLink(organisation, payment) },
    { head: 'Reference', cell: ({ reference }) => reference },
    { head: 'Status', cell: (payment) => status(payment.status) },
    { head: 'Amount', cell: (payment) => paymentMoney(organisation, payment), isMoney: true },
    changed(),
  ]
  const empty = 'There are no payments yet. Open an invoice or bill to pay it.'
  return {
    title: 'Payments and refunds',
    body: listing(page, { columns, rows: organisation.payments.all(), words, empty }),
  }
}

export function documentLink(organisation: Organisation, payment: Payment): Html | string {
  const document = paymentTarget(organisation, payment.target)
  return document ? link(pageOf(document), `${kindOf(document)} ${labelOf(document)}`) : ''
}

export function paymentMoney(organisation: Organisation, payment: Payment): string {
  const document = paymentTarget(organisation, payment.target)
  return moneyText(payment.amount, document?.currencyCode ?? organisation.profile.baseCurrency)
}

export function contactsView(page: ListPage): View {
  const words = (contact: Contact) => [
    contact.name,
    contact.number ?? '',
    contact.email ?? '',
    contact.status,
  ]
  const columns: Column<Contact>[] = [
    { head: 'Name', cell: ({ id, name }) => link(`contacts/${id}`, name) },
    { head: 'Number', cell: ({ number }) => number ?? '' },
    { head: 'E-mail', cell: ({ email }) => email ?? '' },
    { head: 'Status', cell: (contact) => status(contact.status) },
    changed(),
  ]
  const rows = page.organisation.contacts.all()
  return {
    title: 'Contacts',
    body: html`${listing(page, { columns, rows, words, empty: 'There are no contacts yet.' })}
${form(page, 'create-contact')}`,
  }
}
