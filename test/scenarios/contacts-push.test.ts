// What changes of contacts in the ledger become in Xero (K2, K3, K6 to K9): field by field, and nothing of people's work with it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import {
  aFullContact,
  type ContactEdit,
  editInXero,
  inLedger,
  inXero,
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

async function close(): Promise<void> {
  await world?.close()
  world = undefined
}

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

/** What is written in the ledger of a contact, what people did with it in Xero before, and what then goes there. */
interface Case {
  title: string
  inXero?: ContactEdit
  /** SQL; CODE stands for the contact. */
  ledger: string
  /** Null: nothing is sent. */
  sent: Record<string, unknown> | null
  becomes?: Record<string, unknown>
}

const update = (set: string) => `UPDATE contact SET ${set} WHERE code = 'CODE'`
const ann = { position: 1, first_name: 'Ann', last_name: 'Lee', email: 'ann@kea.test' }
const bob = { position: 2, first_name: 'Bob', last_name: 'Ray', email: 'bob@kea.test', include_in_emails: 1 }
const annInXero = { FirstName: 'Ann', LastName: 'Lee', EmailAddress: 'ann@kea.test', IncludeInEmails: false }
const bobInXero = { FirstName: 'Bob', LastName: 'Ray', EmailAddress: 'bob@kea.test', IncludeInEmails: true }
const cyInXero = { FirstName: 'Cy', LastName: 'Roe', EmailAddress: 'cy@kea.test', IncludeInEmails: true }
/** The people go with every change, since Xero may drop those who are not listed. */
const withPeople = { ContactPersons: [bobInXero] }
const street = { AddressType: 'STREET', AddressLine1: '1 Quay St', City: 'Napier' }
const postal = { AddressType: 'POBOX', AddressLine1: 'PO Box 1' }

const cases: Case[] = [
  {
    title: 'an e-mail',
    ledger: update(`email = 'new@kea.test'`),
    sent: { EmailAddress: 'new@kea.test', ...withPeople },
  },
  { title: 'a name', ledger: update(`name = 'Kea & Sons'`), sent: { Name: 'Kea & Sons', ...withPeople } },
  {
    title: 'a field beside others that people changed in Xero: theirs stay',
    inXero: { email: 'theirs@kea.test', plain: { TaxNumber: '999' } },
    ledger: update(`city = 'Hastings'`),
    sent: { Addresses: [{ ...street, City: 'Hastings' }, postal], ...withPeople },
    becomes: {
      email: 'theirs@kea.test',
      plain: { TaxNumber: '999' },
      addresses: { POBOX: { AddressLine1: 'PO Box 1' } },
    },
  },
  { title: 'the same values again', ledger: update('phone = phone'), sent: null },
  { title: 'what Xero never has', ledger: update(`notes = 'pays late', is_supplier = 1`), sent: null },
  {
    title: 'nothing where something was (K6)',
    ledger: update(`email = NULL, phone = '', city = ' '`),
    sent: null,
  },
  { title: 'the same phone, written otherwise', ledger: update(`phone = '(09) 555-1234'`), sent: null },
  {
    title: 'something, and back',
    ledger: `${update(`city = 'Taupo'`)}; ${update(`city = 'Napier'`)}`,
    sent: null,
  },
  {
    title: 'a field, and nothing in another',
    ledger: update(`email = NULL, mobile = '022 1'`),
    sent: {
      Phones: [
        { PhoneType: 'MOBILE', PhoneNumber: '022 1' },
        { PhoneType: 'DEFAULT', PhoneNumber: '+64 9 555 1234' },
      ],
      ...withPeople,
    },
    becomes: { email: 'office@kea.test' },
  },
  {
    title: 'an address and a phone, of which Xero has more than the ledger',
    inXero: {
      addresses: { STREET: { ...street, AddressLine3: 'Level 2', AttentionTo: 'Ann' } },
      phones: { FAX: { PhoneType: 'FAX', PhoneNumber: '99', PhoneAreaCode: '9', PhoneCountryCode: '' } },
    },
    ledger: update(`street_1 = '2 Quay St', phone = '09 1'`),
    sent: {
      Addresses: [
        { ...street, AddressLine1: '2 Quay St', AddressLine3: 'Level 2', AttentionTo: 'Ann' },
        postal,
      ],
      Phones: [
        { PhoneType: 'DEFAULT', PhoneNumber: '09 1' },
        { PhoneType: 'FAX', PhoneNumber: '99', PhoneAreaCode: '9' },
        { PhoneType: 'MOBILE', PhoneNumber: '021 123 456' },
      ],
      ...withPeople,
    },
  },
  {
    title: 'a field, of a contact to whom others added a person in Xero',
    inXero: { persons: [bobInXero, cyInXero] },
    ledger: update(`tax_number = '9'`),
    sent: { TaxNumber: '9', ContactPersons: [bobInXero, cyInXero] },
  },
  {
    title: 'a person more',
    ledger: `INSERT INTO contact_person VALUES ('CODE', 3, 'Cy', NULL, 'cy@kea.test', 1)`,
    sent: {
      ContactPersons: [bobInXero, { FirstName: 'Cy', EmailAddress: 'cy@kea.test', IncludeInEmails: true }],
    },
  },
  {
    title: 'another e-mail of a person: in the place of the former',
    ledger: `UPDATE contact_person SET email = 'b@kea.test' WHERE contact = 'CODE' AND position = 2`,
    sent: { ContactPersons: [{ ...bobInXero, EmailAddress: 'b@kea.test' }] },
  },
  {
    title: 'nobody any more, after a reload without people: who Xero has stays',
    ledger: `DELETE FROM contact_person WHERE contact = 'CODE'; ${update(`tax_number = '9'`)}`,
    sent: { TaxNumber: '9', ...withPeople },
    becomes: { plain: { FirstName: 'Ann', LastName: 'Lee' } },
  },
  {
    title: 'people in another order: the first is the primary person (K8)',
    ledger: `UPDATE contact_person SET position = position + 10 WHERE contact = 'CODE';
             UPDATE contact_person SET position = 13 - position WHERE contact = 'CODE'`,
    sent: { FirstName: 'Bob', LastName: 'Ray', ContactPersons: [annInXero] },
  },
  {
    title: 'anything, while it is inactive (K7)',
    ledger: update(`active = 0, city = 'Hastings'`),
    sent: null,
  },
]
const codeOf = (one: Case) => `K${cases.indexOf(one) + 1}`

describe('the ledger is written', () => {
  const contacts = cases.map((one) => aFullContact(codeOf(one)))
  let sent: Record<string, unknown>[] = []

  beforeAll(async () => {
    const people = cases.flatMap((one) => [ann, bob].map((person) => ({ contact: codeOf(one), ...person })))
    const w = await open({ contacts, people })
    for (const one of cases) if (one.inXero) editInXero(w, one.inXero, codeOf(one))
    w.clock.advance(60_000)
    w.sql(cases.map((one) => one.ledger.replaceAll('CODE', codeOf(one))).join(';\n'))
    await exportsChanges(w, cases.filter((one) => one.sent).length)
    sent = sentChanges(w)
  })
  afterAll(close)

  test.each(cases)('with $title', (one) => {
    const there = world && inXero(world, codeOf(one))
    const change = sent.find((element) => element['ContactID'] === there?.id)
    expect(change ?? null).toEqual(one.sent && { ContactID: there?.id, ...one.sent })
    expect(there).toMatchObject(one.becomes ?? {})
  })

  test('and nothing of it is written by us: push leaves the ledger alone', () => {
    const edited = cases.findIndex((one) => one.inXero?.email)
    expect(world && inLedger(world, `K${edited + 1}`)).toMatchObject({
      email: 'office@kea.test',
      tax_number: '123-456-789',
    })
  })
})

describe('a change', () => {
  afterEach(close)

  test('with contact_detail=name sends the name alone (K2)', async () => {
    const w = await open({ settings: { contact_detail: 'name' } })
    expect(inXero(w)).toMatchObject({ email: null, phones: {}, plain: {} })
    w.sql(`UPDATE contact SET name = 'Kea & Sons', email = 'new@kea.test', city = 'Hastings'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)).toEqual([{ ContactID: inXero(w).id, Name: 'Kea & Sons' }])
  })

  test('of an inactive contact goes once it is active', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET active = 0, city = 'Hastings'`)
    await w.export()
    w.sql(`UPDATE contact SET active = 1`)
    await exportsChanges(w, 1)
  })

  test('is left for a full run where documents or other kinds were named, and is part of a plan', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'; ${insertSql('contact', { code: 'L', name: 'Lark' })}
           ${invoiceSql({ id: 'B', contact: 'L' })}`)
    const plan = await w.export('--dry-run')
    expect(plan.runs[0]?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([
      ['contact', 1],
      ['contact', 1],
      ['invoice', 1],
    ])
    await w.export('--document', 'B')
    await w.export('--only', 'bill')
    expect(sentChanges(w)).toEqual([])
    await w.export('--only', 'contact')
    expect(sentChanges(w)).toHaveLength(1)
  })

  test('of a phone leaves nothing of the parts in which Xero kept the former one', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split' } } })
    expect(inXero(w).phones.DEFAULT).toMatchObject({ PhoneCountryCode: '64', PhoneAreaCode: '9' })
    w.sql(`UPDATE contact SET phone = '09 777'`)
    await w.export()
    expect(inXero(w).phones.DEFAULT).toMatchObject({
      PhoneNumber: '09 777',
      PhoneAreaCode: '',
      PhoneCountryCode: '',
    })
  })

  test('of people: five at most, those of others first; who has no place is told (K8)', async () => {
    const w = await open({ people: [ann, bob] })
    const theirs = ['Cy', 'Di', 'Ed'].map((FirstName) => ({ ...cyInXero, FirstName, EmailAddress: '' }))
    editInXero(w, { persons: [bobInXero, ...theirs] })
    w.clock.advance(60_000)
    w.sql(
      `INSERT INTO contact_person (contact, position, first_name) VALUES ('K', 3, 'Flo'), ('K', 4, 'Gus')`,
    )
    const run = await w.export()
    expect(peopleInXero(w)).toEqual(['Bob Ray bob@kea.test', 'Cy Roe', 'Di Roe', 'Ed Roe', 'Flo'])
    expect(run.runs[0]).toMatchObject({ warnings: ['Contact K has 1 more person than Xero keeps.'] })
    expect(run.code).toBe(0)
  })
})

describe('a contact that was found in Xero', () => {
  afterEach(close)

  test('is linked and nothing of it is sent; a change of it from then on is', async () => {
    const w = await open({ contacts: [] })
    const there = asPerson(w, (person) => person.createContact({ name: 'kea k', email: 'theirs@kea.test' }))
    w.clock.advance(60_000)
    w.sql(insertSql('contact', aFullContact()) + invoiceSql({ id: 'A', contact: 'K' }))
    expect((await w.export()).code).toBe(0)
    expect(sentChanges(w)).toEqual([])
    w.sql(`UPDATE contact SET mobile = '022 1'`)
    await exportsChanges(w, 1)
    expect(sentChanges(w)).toEqual([
      { ContactID: there.id, Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '022 1' }] },
    ])
    expect(w.sandbox.contacts().find(({ id }) => id === there.id)).toMatchObject({
      name: 'kea k',
      number: null,
      email: 'theirs@kea.test',
    })
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
    expect((await w.run(['status'])).out).toContain('edited-in-xero')
  })
})

describe('archived in Xero', () => {
  afterEach(close)

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

  test('unlinked, its documents go to a new one, which is kept in step from then on', async () => {
    const w = await open()
    asPerson(w, (person) => person.archiveContact(inXero(w).id))
    w.clock.advance(60_000)
    await w.must(['contacts', 'unlink', 'K'])
    w.sql(invoiceSql({ id: 'B', contact: 'K' }))
    expect((await w.export()).code).toBe(0)
    const active = w.sandbox.contacts().filter(({ status, isDemo }) => status === 'ACTIVE' && !isDemo)
    expect(active.map(({ name, number }) => [name, number])).toEqual([['Kea K', null]])
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportsChanges(w, 1)
  })

  test('between the read and the change: it waits', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.onExchange = ({ method, url }) => {
      if (method !== 'GET' || !/\/Contacts\?order/.test(url)) return
      w.onExchange = () => undefined
      w.clock.advance(1_000)
      asPerson(w, (person) => person.archiveContact(inXero(w).id))
    }
    const run = await w.export()
    expect([run.code, sentChanges(w)]).toEqual([0, []])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('many', () => {
  afterEach(close)
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

  test('with one that Xero refuses and one that a rule refuses: the others go, and these are offered again', async () => {
    const w = await open({ contacts: contacts.slice(0, 5) })
    asPerson(w, (person) => person.createContact({ name: 'Taken' }))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET name = 'Taken' WHERE code = 'C3'; UPDATE contact SET email = 'no address' WHERE code = 'C1';
           UPDATE contact SET city = 'Napier'`)
    const told = await w.run(['validate', '--json', '--offline'])
    expect(JSON.parse(told.out)).toMatchObject({
      findings: [{ id: 'C1', code: 'text-invalid', field: 'email' }],
    })
    const run = await w.export()
    expect([run.code, run.runs[0]?.kinds['contact']]).toMatchObject([1, { updated: 3, failed: 2 }])
    expect(run.runs[0]?.failures.map(({ id }) => id).sort()).toEqual(['C1', 'C3'])
    expect((await w.export()).runs[0]?.kinds['contact']).toMatchObject({ updated: 0, failed: 2 })
    w.sql(
      `UPDATE contact SET name = 'Free' WHERE code = 'C3'; UPDATE contact SET email = NULL WHERE code = 'C1'`,
    )
    await exportsChanges(w, 2)
    expect(inXero(w, 'C3')).toMatchObject({ name: 'Free', addresses: { STREET: { City: 'Napier' } } })
  })
})
