// Findings about contacts.

import { asPerson } from '../../support/people.ts'
import { insertSql } from '../../support/sql.ts'
import { foreseen, withContact } from '../fixture.ts'
import { aContact, anInvoice, contact, document } from '../rows.ts'

const people = (contactCode: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    insertSql('contact_person', {
      contact: contactCode,
      position: index + 1,
      first_name: `Person ${index + 1}`,
      last_name: 'Tui',
      email: `person${index + 1}@${contactCode.toLowerCase()}.example.com`,
    }),
  ).join('\n')

/** What is wrong with a contact is said of the documents that need it. */
const asInvoice = { thing: 'invoice' } as const

/** Exported, archived in Xero; restored there where it is only nearly so. */
const archived = (code: string, isRestored: boolean) => ({
  before: contact(code, {}) + document('invoice', `INV-${code}-1`, { contact: code }),
  inXero: withContact(`${code} Limited`, (person, id) => {
    person.archiveContact(id)
    if (isRestored) person.restoreContact(id)
  }),
  sql: document('invoice', `INV-${code}-2`, { contact: code }),
})

export const contacts = {
  'contact-missing': foreseen(
    anInvoice('INV-1001', 'an invoice for a contact that the ledger does not have', { contact: 'GONE' }),
    {
      ...anInvoice('INV-1002', 'an invoice for a contact that was written after it', { contact: 'LATE' }),
      sql: document('invoice', 'INV-1002', { contact: 'LATE' }) + contact('LATE', {}),
    },
  ),
  'contact-inactive': foreseen(
    aContact('ASLEEP', 'an invoice for an inactive contact', { active: 0 }, asInvoice),
    aContact('AWAKE', 'an invoice for an active one', { active: 1 }, asInvoice),
  ),
  'contact-archived': foreseen(
    {
      is: 'an invoice for a contact that was archived in Xero',
      thing: 'invoice:INV-KAURI-2',
      ...archived('KAURI', false),
    },
    { is: 'one that was archived and restored', thing: 'invoice:INV-NIKAU-2', ...archived('NIKAU', true) },
  ),
  'contact-ambiguous': foreseen(
    {
      ...aContact(
        'RIMU',
        'its number is on a contact of another name in Xero',
        { name: 'Rimu Joinery' },
        asInvoice,
      ),
      inXero: (world) =>
        asPerson(world, (person) => person.createContact({ name: 'Rimu Joinery (old)', number: 'RIMU' })),
    },
    {
      ...aContact('TOTARA', 'its number is on a contact of its name, in other case', {
        name: 'Totara Timber',
      }),
      inXero: (world) =>
        asPerson(world, (person) => person.createContact({ name: 'TOTARA TIMBER', number: 'TOTARA' })),
    },
  ),
  'contact-name-duplicate': foreseen(
    {
      ...aContact('MATAI-1', 'two contacts of one name, in other case', { name: 'Matai Motors' }, asInvoice),
      sql: `${contact('MATAI-2', { name: 'MATAI MOTORS' })}${aContact('MATAI-1', '', { name: 'Matai Motors' }).sql}`,
    },
    {
      ...aContact('MIRO-1', 'two that differ in a letter', { name: 'Miro Motors' }, asInvoice),
      sql: `${contact('MIRO-2', { name: 'Miro Motor' })}${aContact('MIRO-1', '', { name: 'Miro Motors' }).sql}`,
    },
  ),
  'contact-name-missing': foreseen(
    aContact('NAMELESS', 'a name of nothing but spaces', { name: '  ' }, asInvoice),
    aContact('SHORT', 'a name of one letter', { name: 'Q' }, asInvoice),
  ),
  'contact-shared': foreseen(
    {
      is: 'changed, and merged in Xero with another contact of the ledger',
      thing: 'contact:HUIA-1',
      before:
        contact('HUIA-1', {}) +
        contact('HUIA-2', {}) +
        document('invoice', 'INV-HUIA-1', { contact: 'HUIA-1' }) +
        document('invoice', 'INV-HUIA-2', { contact: 'HUIA-2' }),
      inXero: (world) => {
        const [from, into] = ['HUIA-1 Limited', 'HUIA-2 Limited'].map(
          (name) => world.sandbox.contacts().find((one) => one.name === name)?.id ?? '',
        )
        asPerson(world, (person) => person.mergeContact(from ?? '', into ?? ''))
      },
      sql: `UPDATE contact SET city = 'Hastings' WHERE code = 'HUIA-1';`,
    },
    {
      is: 'changed, with a contact of Xero to itself',
      thing: 'contact:TUI',
      before: contact('TUI', {}) + document('invoice', 'INV-TUI', { contact: 'TUI' }),
      sql: `UPDATE contact SET city = 'Hastings' WHERE code = 'TUI';`,
    },
  ),
  'people-left-out': foreseen(
    {
      ...aContact('CROWD', 'seven people', {}),
      sql: aContact('CROWD', '', {}).sql + people('CROWD', 7),
    },
    {
      ...aContact('GROUP', 'six people', {}),
      sql: aContact('GROUP', '', {}).sql + people('GROUP', 6),
    },
  ),
}
