// The actions of contacts, items, journals and the period lock.

import { longDate } from '../accounting/calendar.ts'
import { cents, parseE4 } from '../accounting/money.ts'
import type { Contact } from './contact-record.ts'
import { journalAccountProblem } from './manual-journal-lines.ts'
import type { Organisation } from './organisation.ts'
import { type Action, type Desk, type Done, defineAction, type Field, Mistake } from './person-action.ts'
import { amountField, contactField, dateField } from './person-fields.ts'
import { accountNamed, activeContactNamed, contactNamed } from './person-find.ts'
import { demandOpenPeriod } from './person-rules.ts'
import { moneyText } from './person-words.ts'

const nameField = {
  name: 'name',
  label: 'Name',
  says: 'as it is to be',
  kind: 'text',
} as const satisfies Field
const emailField = {
  name: 'email',
  label: 'E-mail',
  says: 'as it is to be',
  kind: 'text',
  isOptional: true,
} as const satisfies Field

/** Active contacts have names of their own (§4.2). */
function demandFreeName(organisation: Organisation, name: string, own?: Contact): void {
  if (name.length > 255) throw new Mistake('A name has 255 characters at most.')
  const holder = organisation.contactByActiveName(name)
  if (holder && holder.id !== own?.id) throw new Mistake(`There is a contact ${holder.name} already.`)
}

const on = (contact: Contact, did: string): Done => ({ did, id: contact.id, page: `contacts/${contact.id}` })

const createContact = defineAction({
  name: 'create-contact',
  title: 'Enter contact',
  says: 'Enters a contact.',
  fields: [nameField, emailField],
  act: ({ organisation, person }, given) => {
    const name = given.text('name')
    demandFreeName(organisation, name)
    const email = given.text('email')
    const contact = person.createContact({ name, ...(email === '' ? {} : { email }) })
    return on(contact, `Entered contact ${name}.`)
  },
})

const editContact = defineAction({
  name: 'edit-contact',
  title: 'Change contact',
  says: 'Changes the name or the e-mail of a contact; what is left out stays.',
  fields: [contactField, { ...nameField, isOptional: true }, emailField],
  act: ({ organisation, person }, given) => {
    const contact = activeContactNamed(organisation, given.text('contact'))
    const [name, email] = [given.text('name'), given.text('email')]
    if (name === '' && email === '')
      throw new Mistake('Neither a name nor an e-mail was given: nothing to change.')
    demandFreeName(organisation, name, contact)
    if (name !== '') person.renameContact(contact.id, name)
    if (email !== '') person.changeContact(contact.id, { email })
    return on(contact, `Changed contact ${contact.name}${name === '' ? '' : `, now ${name}`}.`)
  },
})

const archive = defineAction({
  name: 'archive',
  title: 'Archive',
  says: 'Archives a contact.',
  fields: [contactField],
  act: ({ organisation, person }, given) => {
    const contact = activeContactNamed(organisation, given.text('contact'))
    return on(person.archiveContact(contact.id), `Archived contact ${contact.name}.`)
  },
})

const restore = defineAction({
  name: 'restore',
  title: 'Restore',
  says: 'Restores an archived contact.',
  fields: [contactField],
  act: ({ organisation, person }, given) => {
    const contact = contactNamed(organisation, given.text('contact'))
    if (contact.status === 'ACTIVE') throw new Mistake(`Contact ${contact.name} is not archived.`)
    const into = organisation.contacts.get(contact.mergedTo ?? '')
    if (into)
      throw new Mistake(`Contact ${contact.name} was merged into ${into.name} and cannot be restored.`)
    demandFreeName(organisation, contact.name)
    return on(person.restoreContact(contact.id), `Restored contact ${contact.name}.`)
  },
})

const merge = defineAction({
  name: 'merge',
  title: 'Merge',
  says: 'Merges a contact into another, which gets all its documents; the first is archived.',
  fields: [
    contactField,
    { name: 'into', label: 'Into', says: 'name, number or id of the other', kind: 'text' },
  ],
  act: ({ organisation, person }, given) => {
    const contact = activeContactNamed(organisation, given.text('contact'))
    const into = activeContactNamed(organisation, given.text('into'))
    if (contact.id === into.id) throw new Mistake('A contact cannot be merged into itself.')
    person.mergeContact(contact.id, into.id)
    return on(into, `Merged contact ${contact.name} into ${into.name}.`)
  },
})

const lockPeriod = defineAction({
  name: 'lock-period',
  title: 'Lock period',
  says: 'Locks the books up to a day, that day included; without a day it unlocks them.',
  fields: [{ ...dateField, label: 'Up to', says: 'year-month-day; left out, nothing is locked' }],
  act: ({ organisation, person }, given) => {
    const date = given.dateOr('date', null)
    person.setLockDate(date)
    const did = date === null ? 'Unlocked the books.' : `Locked the books up to ${longDate(date)}.`
    return { did, id: organisation.organisationId, page: 'others' }
  },
})

const setRole = defineAction({
  name: 'set-role',
  title: 'Set role',
  says: 'Gives whoever connects apps the role for reports, or takes it: without it journals and reports are closed to the apps too.',
  fields: [
    { name: 'reports', label: 'Role for reports', says: '', kind: 'choice', choices: ['held', 'not-held'] },
  ],
  act: ({ organisation, person }, given) => {
    const isHeld = given.text('reports') === 'held'
    person.setReportsRole(isHeld)
    const did = isHeld ? 'Gave the role for reports.' : 'Took the role for reports.'
    return { did, id: organisation.organisationId, page: 'others' }
  },
})

const createItem = defineAction({
  name: 'create-item',
  title: 'Enter item',
  says: 'Enters an untracked item.',
  fields: [
    { name: 'code', label: 'Code', says: 'up to 30 characters', kind: 'text' },
    { ...nameField, says: 'up to 50 characters', isOptional: true },
    { name: 'price', label: 'Sale price', says: 'without tax', kind: 'money', isOptional: true },
  ],
  act: ({ organisation, person }, given) => {
    const [code, name, price] = [given.text('code'), given.text('name'), given.text('price')]
    if (code.length > 30) throw new Mistake('A code has 30 characters at most.')
    if (name.length > 50) throw new Mistake('A name has 50 characters at most.')
    if (organisation.itemByCode(code)) throw new Mistake(`There is an item ${code} already.`)
    const unitPrice = price === '' ? null : parseE4(price)
    if (price !== '' && (unitPrice === null || unitPrice < 0))
      throw new Mistake(`“${price}” is no price: write it like 12.50.`)
    const item = person.papers.createItem({
      code,
      ...(name === '' ? {} : { name }),
      ...(unitPrice === null ? {} : { sales: { unitPrice, accountCode: '200' } }),
    })
    return { did: `Entered item ${code}.`, id: item.id, page: 'others' }
  },
})

const postJournal = defineAction({
  name: 'post-journal',
  title: 'Post journal',
  says: 'Posts a manual journal of two lines, without tax.',
  fields: [
    { name: 'narration', label: 'Narration', says: 'what it is for', kind: 'text' },
    { ...amountField, says: 'in the organisation’s currency' },
    { name: 'debit', label: 'Debit account', says: 'its code', kind: 'text' },
    { name: 'credit', label: 'Credit account', says: 'its code', kind: 'text' },
    dateField,
  ],
  act: (desk, given) => {
    const { organisation } = desk
    const amount = given.money('amount')
    const date = given.dateOr('date', desk.today)
    demandOpenPeriod(organisation, date)
    const [debit, credit] = [
      journalAccount(desk, given.text('debit')),
      journalAccount(desk, given.text('credit')),
    ]
    const journal = desk.person.papers.createManualJournal({
      narration: given.text('narration'),
      date,
      lines: [
        { accountCode: debit, amount },
        { accountCode: credit, amount: cents(-amount) },
      ],
    })
    const money = moneyText(amount, organisation.profile.baseCurrency)
    return { did: `Posted a journal of ${money} from ${credit} to ${debit}.`, id: journal.id, page: 'others' }
  },
})

/** Bank, receivables, payables, retained earnings and inventory are closed to journals (§4.7). */
function journalAccount({ organisation }: Desk, code: string): string {
  const account = accountNamed(organisation, code)
  if (journalAccountProblem(account) !== null)
    throw new Mistake(`Account ${code} (${account.name}) takes no journals: Xero posts to it by itself.`)
  return code
}

export const otherActions: readonly Action[] = [
  createContact,
  editContact,
  merge,
  archive,
  restore,
  lockPeriod,
  setRole,
  createItem,
  postJournal,
]
