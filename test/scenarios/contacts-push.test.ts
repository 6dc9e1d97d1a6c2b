// What changes of contacts in the ledger become in Xero (K2, K3, K6, K7, K8, K9): field by field, and nothing of people's work with it.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import {
  inXero,
  kea,
  openStory,
  peopleInXero,
  type StoryOptions,
  sentChanges,
} from '../support/contact-story.ts'
import { asPerson } from '../support/people.ts'
import { insertSql } from '../support/sql.ts'
import { invoiceSql } from '../support/workload.ts'
import type { World } from '../support/world.ts'

let world: World | undefined

async function open(options: StoryOptions = {}): Promise<World> {
  world = await openStory(options)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Runs an export that sends so many changes of contacts, and then one that sends nothing. */
async function exportsChanges(w: World, updated: number): Promise<void> {
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(run.runs[0]?.kinds['contact']).toMatchObject({ exported: 0, updated, failed: 0, uncertain: 0 })
  const calls = sentChanges(w).length
  w.clock.advance(60_000)
  expect((await w.export()).code).toBe(0)
  expect(sentChanges(w)).toHaveLength(calls)
  expect(brokenPromises(w)).toEqual([])
}

describe('a change in the ledger', () => {
  test('goes to Xero by the id of the contact, and only the field that changed', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET email = 'new@kea.test' WHERE code = 'K'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)).toEqual([{ ContactID: inXero(w).id, EmailAddress: 'new@kea.test' }])
    expect(inXero(w)).toMatchObject({ email: 'new@kea.test', plain: { TaxNumber: '123-456-789' } })
  })

  test('leaves alone what people changed in Xero', async () => {
    const w = await open()
    asPerson(w, (person) =>
      person.changeContact(inXero(w).id, { email: 'theirs@kea.test', plain: { TaxNumber: '999' } }),
    )
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings' WHERE code = 'K'`)
    await exportsChanges(w, 1)
    expect(inXero(w)).toMatchObject({
      email: 'theirs@kea.test',
      plain: { TaxNumber: '999' },
      addresses: {
        STREET: { AddressLine1: '1 Quay St', City: 'Hastings' },
        POBOX: { AddressLine1: 'PO Box 1' },
      },
    })
    expect(w.query(`SELECT email, tax_number FROM contact`)).toEqual([
      { email: kea['email'], tax_number: kea['tax_number'] },
    ])
  })

  test('of a name renames the contact, and its documents stay', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET name = 'Kea & Sons' WHERE code = 'K'`)
    await exportsChanges(w, 1)
    expect(inXero(w).name).toBe('Kea & Sons')
    expect(w.sandbox.contacts().filter(({ isDemo }) => !isDemo)).toHaveLength(1)
  })

  test.each([
    [
      'the same values written again',
      `UPDATE contact SET phone = phone; INSERT OR REPLACE INTO contact SELECT * FROM contact`,
    ],
    ['what Xero never has', `UPDATE contact SET notes = 'pays late', is_supplier = 1`],
    [
      'fields that were emptied (K6)',
      `UPDATE contact SET email = NULL, phone = '', city = ' ', name = 'Kea Ltd'`,
    ],
    ['the same phone, written otherwise', `UPDATE contact SET phone = '(09) 555-1234'`],
  ])('that is none sends nothing: %s', async (_, sql) => {
    const w = await open()
    w.sql(sql)
    await exportsChanges(w, 0)
    expect(inXero(w)).toMatchObject({
      email: 'office@kea.test',
      phones: { DEFAULT: { PhoneNumber: '+64 9 555 1234' } },
    })
  })

  test('of one field does not send what was emptied beside it', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET email = NULL, mobile = '022 1'`)
    await exportsChanges(w, 1)
    expect(inXero(w)).toMatchObject({
      email: 'office@kea.test',
      phones: { MOBILE: { PhoneNumber: '022 1' } },
    })
  })

  test('back to what it was, before anything ran, sends nothing', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.sql(`UPDATE contact SET city = 'Napier'`)
    await exportsChanges(w, 0)
  })

  test('with contact_detail=name sends the name alone (K2)', async () => {
    const w = await open({ settings: { contact_detail: 'name' } })
    expect(inXero(w)).toMatchObject({ email: null, phones: {}, plain: {} })
    w.sql(`UPDATE contact SET name = 'Kea & Sons', email = 'new@kea.test', city = 'Hastings'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)).toEqual([{ ContactID: inXero(w).id, Name: 'Kea & Sons' }])
    w.sql(`UPDATE contact SET email = 'newer@kea.test'`)
    await exportsChanges(w, 0)
  })

  test('of an inactive contact is never sent (K7), and goes once it is active', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET active = 0, city = 'Hastings'`)
    await exportsChanges(w, 0)
    w.sql(`UPDATE contact SET active = 1`)
    await exportsChanges(w, 1)
    expect(inXero(w).addresses.STREET).toMatchObject({ City: 'Hastings' })
  })

  test('is left for a full run where documents or other kinds were named', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'; ${invoiceSql({ id: 'B', contact: 'K' })}`)
    await w.export('--document', 'B')
    await w.export('--only', 'bill')
    expect(sentChanges(w)).toEqual([])
    await w.export('--only', 'contact')
    expect(sentChanges(w)).toHaveLength(1)
  })

  test('is part of a plan, which sends nothing', async () => {
    const w = await open()
    w.sql(
      `UPDATE contact SET city = 'Hastings'; ${insertSql('contact', { code: 'L', name: 'Lark' })} ${invoiceSql({ id: 'B', contact: 'L' })}`,
    )
    const plan = await w.export('--dry-run')
    expect(plan.runs[0]?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([
      ['contact', 1],
      ['contact', 1],
      ['invoice', 1],
    ])
    expect(sentChanges(w)).toEqual([])
  })
})

describe('a contact that was found in Xero', () => {
  test('is linked and nothing of it is sent; a change of it later is', async () => {
    const w = await open({ contacts: [] })
    const there = asPerson(w, (person) => person.createContact({ name: 'kea ltd', email: 'theirs@kea.test' }))
    w.clock.advance(60_000)
    w.sql(insertSql('contact', kea) + invoiceSql({ id: 'A', contact: 'K' }))
    await exportsChanges(w, 0)
    w.sql(`UPDATE contact SET mobile = '022 1'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)).toEqual([
      { ContactID: there.id, Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '022 1' }] },
    ])
    expect(w.sandbox.contacts().find(({ id }) => id === there.id)).toMatchObject({
      name: 'kea ltd',
      number: null,
      email: 'theirs@kea.test',
    })
  })

  test('is changed between its link and the next run: the change goes', async () => {
    const w = await open({ contacts: [] })
    asPerson(w, (person) => person.createContact({ name: 'Kea Ltd' }))
    w.clock.advance(60_000)
    w.sql(insertSql('contact', kea) + invoiceSql({ id: 'A', contact: 'K' }))
    await w.export()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)[0]).toMatchObject({ Addresses: [{ AddressType: 'STREET', City: 'Hastings' }] })
  })

  test('is linked by hand to what is no contact: said, and nothing is sent', async () => {
    const w = await open()
    const nobody = '7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10'
    await w.must(['contacts', 'link', 'K', nobody])
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ code: 'edited-in-xero', id: 'K' }])
    expect(run.runs[0]?.failures[0]?.message).toContain(`knows no contact ${nobody}`)
  })
})

describe('what goes along with a change', () => {
  const people = [
    { position: 1, first_name: 'Ann', last_name: 'Lee', email: 'ann@kea.test' },
    { position: 2, first_name: 'Bob', last_name: 'Ray', email: 'bob@kea.test', include_in_emails: 1 },
  ]

  test.each(['dropped', 'kept'] as const)(
    'people whom others entered in Xero, should Xero drop who is not listed: %s',
    async (unlistedPeople) => {
      const w = await open({ people, sandbox: { switches: { unlistedPeople } } })
      expect(peopleInXero(w)).toEqual(['Bob Ray bob@kea.test'])
      const theirs = { FirstName: 'Cy', LastName: '', EmailAddress: 'cy@kea.test', IncludeInEmails: true }
      asPerson(w, (person) => person.changeContact(inXero(w).id, { persons: [...inXero(w).persons, theirs] }))
      w.clock.advance(60_000)
      w.sql(`UPDATE contact SET city = 'Hastings'`)
      await exportsChanges(w, 1)
      expect(peopleInXero(w)).toEqual(['Bob Ray bob@kea.test', 'Cy cy@kea.test'])
      expect(inXero(w).persons[0]).toMatchObject({ IncludeInEmails: true })
    },
  )

  test('lines of an address that the ledger has no place for, and other phones', async () => {
    const w = await open()
    asPerson(w, (person) =>
      person.changeContact(inXero(w).id, {
        addresses: { STREET: { ...inXero(w).addresses.STREET, AddressLine3: 'Level 2', AttentionTo: 'Ann' } },
        phones: { FAX: { PhoneType: 'FAX', PhoneNumber: '99', PhoneAreaCode: '9', PhoneCountryCode: '' } },
      }),
    )
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET street_1 = '2 Quay St', phone = '09 1', postal_city = 'Napier'`)
    await exportsChanges(w, 1)
    expect(inXero(w)).toMatchObject({
      addresses: {
        STREET: { AddressLine1: '2 Quay St', City: 'Napier', AddressLine3: 'Level 2', AttentionTo: 'Ann' },
        POBOX: { AddressLine1: 'PO Box 1', City: 'Napier' },
      },
      phones: {
        DEFAULT: { PhoneNumber: '09 1' },
        FAX: { PhoneNumber: '99', PhoneAreaCode: '9' },
        MOBILE: { PhoneNumber: '021 123 456' },
      },
    })
  })

  test('nothing of the parts in which Xero kept the former phone', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split' } } })
    expect(inXero(w).phones.DEFAULT).toMatchObject({ PhoneCountryCode: '64', PhoneAreaCode: '9' })
    w.sql(`UPDATE contact SET phone = '09 777'`)
    await exportsChanges(w, 1)
    expect(inXero(w).phones.DEFAULT).toMatchObject({
      PhoneNumber: '09 777',
      PhoneAreaCode: '',
      PhoneCountryCode: '',
    })
  })

  const edits: [title: string, sql: string, people: string[], primary: string][] = [
    [
      'a person more',
      `INSERT INTO contact_person VALUES ('K', 3, 'Cy', NULL, NULL, 0)`,
      ['Bob Ray bob@kea.test', 'Cy'],
      'Ann Lee',
    ],
    [
      'another e-mail of a person: in the place of the former',
      `UPDATE contact_person SET email = 'b@kea.test' WHERE position = 2`,
      ['Bob Ray b@kea.test'],
      'Ann Lee',
    ],
    [
      'a person less: whom Xero has stays',
      `DELETE FROM contact_person WHERE position = 2; UPDATE contact SET city = 'Hastings'`,
      ['Bob Ray bob@kea.test'],
      'Ann Lee',
    ],
    [
      'nobody any more, after a reload without people',
      `DELETE FROM contact_person; UPDATE contact SET city = 'Hastings'`,
      ['Bob Ray bob@kea.test'],
      'Ann Lee',
    ],
    [
      'people in another order: the first is the primary person (K8)',
      `UPDATE contact_person SET position = position + 10; UPDATE contact_person SET position = 13 - position`,
      ['Ann Lee ann@kea.test'],
      'Bob Ray',
    ],
  ]
  test.each(edits)('%s', async (_, sql, expected, primary) => {
    const w = await open({ people })
    w.sql(sql)
    await exportsChanges(w, 1)
    expect(peopleInXero(w)).toEqual(expected)
    const { FirstName, LastName } = inXero(w).plain
    expect(`${FirstName} ${LastName}`).toBe(primary)
  })

  test('five people at most, those of others first; who has no place is told (K8)', async () => {
    const w = await open({ people })
    const theirs = ['Cy', 'Di', 'Ed'].map((FirstName) => ({
      FirstName,
      LastName: '',
      EmailAddress: '',
      IncludeInEmails: false,
    }))
    asPerson(w, (person) =>
      person.changeContact(inXero(w).id, { persons: [...inXero(w).persons, ...theirs] }),
    )
    w.clock.advance(60_000)
    w.sql(
      `INSERT INTO contact_person (contact, position, first_name) VALUES ('K', 3, 'Flo'), ('K', 4, 'Gus')`,
    )
    const run = await w.export()
    expect(peopleInXero(w)).toEqual(['Bob Ray bob@kea.test', 'Cy', 'Di', 'Ed', 'Flo'])
    expect(run.runs[0]).toMatchObject({ warnings: ['Contact K has 1 more person than Xero keeps.'] })
    expect(run.code).toBe(0)
  })
})

describe('archived in Xero', () => {
  test('a contact is not changed, its documents fail with the way out, and both go once it is restored (K9)', async () => {
    const w = await open()
    asPerson(w, (person) => person.archiveContact(inXero(w).id))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings'; ${invoiceSql({ id: 'B', contact: 'K' })}`)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ code: 'contact-archived', id: 'B' }])
    expect(run.runs[0]?.failures[0]).toHaveProperty(
      'fix',
      'Restore the contact in Xero, or run auxo-sync contacts unlink K to make a new one.',
    )
    expect(sentChanges(w)).toEqual([])
    expect(w.exchanges.filter(({ url }) => /\/Contacts\?IDs/.test(url))).toEqual([])
    asPerson(w, (person) => person.restoreContact(inXero(w).id))
    w.clock.advance(60_000)
    await exportsChanges(w, 1)
    expect(w.sandbox.invoices()).toHaveLength(2)
  })

  test('unlinked, its documents go to a new one', async () => {
    const w = await open()
    asPerson(w, (person) => person.archiveContact(inXero(w).id))
    w.clock.advance(60_000)
    await w.must(['contacts', 'unlink', 'K'])
    w.sql(invoiceSql({ id: 'B', contact: 'K' }))
    expect((await w.export()).code).toBe(0)
    const active = w.sandbox.contacts().filter(({ status, isDemo }) => status === 'ACTIVE' && !isDemo)
    expect(active.map(({ name, number }) => [name, number])).toEqual([['Kea Ltd', null]])
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportsChanges(w, 1)
  })

  test('between the read and the change: it waits', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.onExchange = ({ method, url }) => {
      if (method === 'GET' && /\/Contacts\?order/.test(url)) {
        w.onExchange = () => undefined
        w.clock.advance(1_000)
        asPerson(w, (person) => person.archiveContact(inXero(w).id))
      }
    }
    const run = await w.export()
    expect([run.code, sentChanges(w)]).toEqual([0, []])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('many', () => {
  const contacts = Array.from({ length: 130 }, (_, index) => ({
    code: `C${index + 1}`,
    name: `Customer ${index + 1}`,
  }))

  test('go 100 to a call, each call with its row in the log, and are read back 40 in a call', async () => {
    const w = await open({ contacts })
    const known = w.exchanges.length
    w.sql(`UPDATE contact SET phone = '09 ' || code`)
    const run = await w.export()
    expect(run.runs[0]?.kinds['contact']).toMatchObject({ updated: 130, remaining: 0 })
    expect(run.runs[0]?.chunks).toEqual([
      { kind: 'contact', number: 1, of: 2, documents: 100 },
      { kind: 'contact', number: 2, of: 2, documents: 30 },
    ])
    const reads = w.exchanges.slice(known).filter(({ url }) => url.includes('IDs='))
    expect(reads).toHaveLength(4)
    expect(
      w.query(
        `SELECT documents, exported FROM api_log WHERE kind = 'contact' AND method = 'POST' ORDER BY chunk`,
      ),
    ).toEqual([
      { documents: 100, exported: 100 },
      { documents: 30, exported: 30 },
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('with one that Xero refuses: the others go, and it is offered again', async () => {
    const w = await open({ contacts: contacts.slice(0, 5) })
    asPerson(w, (person) => person.createContact({ name: 'Taken' }))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET name = 'Taken' WHERE code = 'C3'; UPDATE contact SET city = 'Napier'`)
    const run = await w.export()
    expect([run.code, run.runs[0]?.kinds['contact']]).toMatchObject([1, { updated: 4, failed: 1 }])
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'C3' }])
    expect((await w.export()).runs[0]?.kinds['contact']).toMatchObject({ updated: 0, failed: 1 })
    w.sql(`UPDATE contact SET name = 'Free' WHERE code = 'C3'`)
    await exportsChanges(w, 1)
    expect(inXero(w, 'C3')).toMatchObject({ name: 'Free', addresses: { STREET: { City: 'Napier' } } })
  })

  test('with one that a rule refuses: it is said before anything is sent', async () => {
    const w = await open({ contacts: contacts.slice(0, 2) })
    w.sql(`UPDATE contact SET email = 'no address' WHERE code = 'C1'; UPDATE contact SET city = 'Napier'`)
    const told = await w.run(['validate', '--json'])
    expect(JSON.parse(told.out)).toMatchObject({
      findings: [{ id: 'C1', code: 'text-invalid', field: 'email' }],
    })
    const run = await w.export()
    expect([run.code, run.runs[0]?.kinds['contact']]).toMatchObject([1, { updated: 1, failed: 1 }])
    expect(sentChanges(w)).toHaveLength(1)
  })
})
