// The pages of contacts, and of items, journals and the period lock.

import { longDate } from '../accounting/calendar.ts'
import type { Contact } from './contact-record.ts'
import type { Credit } from './credit-record.ts'
import type { Item } from './item-record.ts'
import { journalAccountProblem } from './manual-journal-lines.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Organisation } from './organisation.ts'
import { bankChoices, type DocumentPage } from './person-documents.ts'
import { type Choice, form } from './person-forms.ts'
import { type Column, facts, html, link, status, table, type View } from './person-html.ts'
import { creditColumns, invoiceColumns } from './person-lists.ts'
import { plainMoney } from './person-words.ts'

/** So many of each, the newest first: the lists have the rest. */
const shown = 50

export function contactView(page: DocumentPage, contact: Contact): View {
  const { organisation } = page
  const { creditNotes, prepayments, overpayments } = organisation
  const invoices = organisation.invoices.find(organisation.invoicesByContact, contact.id)
  const credits: Credit[] = [...creditNotes.all(), ...prepayments.all(), ...overpayments.all()].filter(
    ({ contactId }) => contactId === contact.id,
  )
  const into = organisation.contacts.get(contact.mergedTo ?? '')
  return {
    title: contact.name,
    body: html`${facts([
      ['Status', status(contact.status)],
      ['Merged into', into ? link(`contacts/${into.id}`, into.name) : ''],
      ['Number', contact.number ?? ''],
      ['E-mail', contact.email ?? ''],
      ['Customer', contact.isCustomer ? 'yes' : 'no'],
      ['Supplier', contact.isSupplier ? 'yes' : 'no'],
      ['Id', contact.id],
    ])}
<h2>What to do</h2>
${contactForms(page, contact)}
<h2>Invoices and bills</h2>
${table(invoiceColumns(organisation), invoices.toReversed().slice(0, shown), 'None.')}
<h2>Credits</h2>
${table(creditColumns(organisation), credits.toReversed().slice(0, shown), 'None.')}`,
  }
}

function contactForms(page: DocumentPage, { id, name, email, status: state }: Contact) {
  const known = { contact: id }
  if (state !== 'ACTIVE') return form(page, 'restore', { known, isOpen: true })
  const money = { known, choices: { account: bankChoices(page.organisation) } }
  return html`${form(page, 'edit-contact', { known, presets: { name, email: email ?? '' } })}${form(
    page,
    'create-invoice',
    {
      known,
    },
  )}${form(page, 'credit', { known })}${form(page, 'overpay', money)}${form(page, 'prepay', money)}${form(
    page,
    'merge',
    {
      known,
    },
  )}${form(page, 'archive', { known })}`
}

export function othersView(page: DocumentPage): View {
  const { organisation } = page
  const { periodLockDate } = organisation.profile
  const accounts = journalChoices(organisation)
  const choices = { debit: accounts, credit: accounts }
  const lock =
    periodLockDate === null
      ? 'The books are not locked.'
      : `The books are locked up to ${longDate(periodLockDate)}.`
  return {
    title: 'Items, journals, lock',
    body: html`<h2>Period lock</h2>
<p>${lock}</p>
${form(page, 'lock-period', { presets: { date: periodLockDate ?? '' } })}
<h2>Role</h2>
<p>${organisation.hasReportsRole ? 'Whoever connected the apps has the role for reports.' : 'Whoever connected the apps does not have the role for reports.'}</p>
${form(page, 'set-role', { presets: { reports: organisation.hasReportsRole ? 'held' : 'not-held' } })}
<h2>Items</h2>
${table(itemColumns, organisation.items.all().toReversed().slice(0, shown), 'There are no items yet.')}
${form(page, 'create-item')}
<h2>Manual journals</h2>
${table(journalColumns, organisation.manualJournals.all().toReversed().slice(0, shown), 'There are no journals yet.')}
${form(page, 'post-journal', { choices })}`,
  }
}

const itemColumns: Column<Item>[] = [
  { head: 'Code', cell: ({ code }) => code },
  { head: 'Name', cell: ({ name }) => name ?? '' },
  {
    head: 'Sale price',
    cell: ({ sales }) => (sales.unitPrice === null ? '' : String(sales.unitPrice / 10_000)),
    isMoney: true,
  },
]

const journalColumns: Column<ManualJournal>[] = [
  { head: 'Date', cell: ({ date }) => date },
  { head: 'Narration', cell: ({ narration }) => narration },
  { head: 'Status', cell: (journal) => status(journal.status) },
  { head: 'Debits', cell: ({ lines }) => plainMoney(debitsOf(lines)), isMoney: true },
]

function debitsOf(lines: ManualJournal['lines']): number {
  return lines.reduce((sum, { lineAmount }) => sum + Math.max(0, lineAmount), 0)
}

/** The accounts that take journals. */
function journalChoices(organisation: Organisation): Choice[] {
  return organisation.accounts
    .all()
    .filter((account) => journalAccountProblem(account) === null)
    .flatMap(({ code, name }) => (code === null ? [] : [{ value: code, label: `${code} ${name}` }]))
    .toSorted((a, b) => a.value.localeCompare(b.value))
}
