// Contacts that change on both sides (K3, K5, K8): what changed in Xero alone comes into the ledger, the ledger is the master of the
// rest, and nothing goes back and forth.

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
import type { World } from '../support/world.ts'

let world: World | undefined

const twoWay = { contact_sync: 'two_way' }

async function open(options: StoryOptions = {}): Promise<World> {
  world = await openStory({ settings: twoWay, ...options })
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Somebody changes the contact in Xero, and a minute passes. */
function edit(
  w: World,
  change: Parameters<ReturnType<World['sandbox']['person']>['changeContact']>[1],
): void {
  asPerson(w, (person) => person.changeContact(inXero(w).id, change))
  w.clock.advance(60_000)
}

const contact = (w: World) => w.query<Record<string, unknown>>(`SELECT * FROM contact WHERE code = 'K'`)[0]
const people = (w: World) =>
  w
    .query<Record<string, unknown>>(
      `SELECT first_name, last_name, email, include_in_emails FROM contact_person ORDER BY position`,
    )
    .map((row) => [row['first_name'], row['last_name'], row['email']].filter(Boolean).join(' '))
const events = (w: World) =>
  w.query<{ what: string; detail: string }>(
    `SELECT what, detail FROM event WHERE kind = 'contact' AND what LIKE 'changed%' ORDER BY id`,
  )

/** An export, and after it one that neither sends nor brings anything. */
async function exportAndRest(w: World) {
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  const before = { sent: sentChanges(w).length, contact: contact(w), people: people(w), events: events(w) }
  w.clock.advance(60_000)
  expect((await w.export()).code).toBe(0)
  expect({ sent: sentChanges(w).length, contact: contact(w), people: people(w), events: events(w) }).toEqual(
    before,
  )
  expect(brokenPromises(w)).toEqual([])
  return run.runs[0] as unknown as {
    pulled: { contacts: number }
    warnings: string[]
    kinds: Record<string, { updated: number }>
  }
}

describe('a field that changed', () => {
  test('in Xero alone comes into the ledger, is told, and is not sent back', async () => {
    const w = await open()
    edit(w, {
      email: 'theirs@kea.test',
      phones: {
        DEFAULT: {
          PhoneType: 'DEFAULT',
          PhoneNumber: '555 9999',
          PhoneAreaCode: '9',
          PhoneCountryCode: '64',
        },
      },
      addresses: { STREET: { ...inXero(w).addresses.STREET, City: 'Hastings', PostalCode: '4120' } },
      plain: { TaxNumber: '999' },
    })
    const run = await exportAndRest(w)
    expect(run).toMatchObject({ pulled: { contacts: 1 }, warnings: [] })
    expect(contact(w)).toMatchObject({
      name: 'Kea Ltd',
      email: 'theirs@kea.test',
      phone: '64 9 555 9999',
      mobile: kea['mobile'],
      city: 'Hastings',
      postcode: '4120',
      tax_number: '999',
    })
    expect(events(w)).toEqual([
      {
        what: 'changed in Xero',
        detail:
          'email: office@kea.test → theirs@kea.test; phone: +64 9 555 1234 → 64 9 555 9999; tax number: 123-456-789 → 999; city: Napier → Hastings; postcode: empty → 4120',
      },
    ])
    expect(sentChanges(w)).toEqual([])
  })

  test('of a name too', async () => {
    const w = await open()
    asPerson(w, (person) => person.renameContact(inXero(w).id, 'Kea & Sons'))
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ name: 'Kea & Sons' })
  })

  test('on both sides, each another: each side gets the other’s', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test' })
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    const run = await exportAndRest(w)
    expect(run).toMatchObject({ pulled: { contacts: 1 }, warnings: [], kinds: { contact: { updated: 1 } } })
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test', city: 'Hastings' })
    expect(inXero(w)).toMatchObject({ email: 'theirs@kea.test', addresses: { STREET: { City: 'Hastings' } } })
  })

  test('on both sides: the ledger’s goes to Xero in the same run, and the conflict is told and kept', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test' })
    w.sql(`UPDATE contact SET email = 'ours@kea.test'`)
    const run = await exportAndRest(w)
    const said =
      "Contact K (Kea Ltd): the email was changed in the ledger to “ours@kea.test” and in Xero to “theirs@kea.test”. The ledger's goes to Xero."
    expect(run).toMatchObject({
      pulled: { contacts: 0 },
      warnings: [said],
      kinds: { contact: { updated: 1 } },
    })
    expect(events(w)).toEqual([{ what: 'changed in the ledger and in Xero', detail: said }])
    expect([contact(w)?.['email'], inXero(w).email]).toEqual(['ours@kea.test', 'ours@kea.test'])
  })

  test('on both sides to the same is no conflict', async () => {
    const w = await open()
    edit(w, { email: 'NEW@kea.test' })
    w.sql(`UPDATE contact SET email = 'new@kea.test'`)
    const run = await exportAndRest(w)
    expect(run).toMatchObject({ pulled: { contacts: 0 }, warnings: [], kinds: { contact: { updated: 0 } } })
  })

  test('and was emptied on one side blanks nothing on the other (K6)', async () => {
    const w = await open()
    edit(w, { email: '', addresses: { STREET: {} } })
    w.sql(`UPDATE contact SET mobile = NULL, postal_street_1 = ''`)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'office@kea.test', city: 'Napier', mobile: null })
    expect(inXero(w)).toMatchObject({ email: '', phones: { MOBILE: { PhoneNumber: '021 123 456' } } })
    expect(sentChanges(w)).toEqual([])
  })

  test('and is changed in Xero after the ledger emptied it: Xero’s comes', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET email = NULL`)
    await w.export()
    edit(w, { email: 'theirs@kea.test' })
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test' })
  })

  test('and is changed again, turn by turn: the last change of each turn is on both sides', async () => {
    const w = await open()
    for (const turn of [1, 2, 3]) {
      edit(w, { email: `theirs${turn}@kea.test` })
      await exportAndRest(w)
      w.clock.advance(60_000)
      w.sql(`UPDATE contact SET email = 'ours${turn}@kea.test', city = 'City ${turn}'`)
      await exportAndRest(w)
      w.clock.advance(60_000)
      expect([contact(w)?.['email'], inXero(w).email]).toEqual([
        `ours${turn}@kea.test`,
        `ours${turn}@kea.test`,
      ])
    }
    expect(sentChanges(w)).toHaveLength(3)
  })

  test('is brought by a pull alone', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test' })
    await w.must(['pull'])
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test' })
  })

  test('is left alone in Xero with push, and stays so once the setting is two_way', async () => {
    const w = await open({ settings: {} })
    edit(w, { email: 'theirs@kea.test' })
    await exportAndRest(w)
    w.sql(insertSql('setting', { entity: 'NZ01', name: 'contact_sync', value: 'two_way' }))
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'office@kea.test' })
    edit(w, { plain: { TaxNumber: '999' } })
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'office@kea.test', tax_number: '999' })
  })

  test('with contact_detail=name comes for the name alone', async () => {
    const w = await open({ settings: { ...twoWay, contact_detail: 'name' } })
    edit(w, { email: 'theirs@kea.test', plain: { FirstName: 'Ann' } })
    asPerson(w, (person) => person.renameContact(inXero(w).id, 'Kea & Sons'))
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ name: 'Kea & Sons', email: 'office@kea.test' })
    expect(people(w)).toEqual([])
  })

  test('of an inactive or archived contact comes, and is not said to go to Xero', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test', plain: { TaxNumber: '999' } })
    asPerson(w, (person) => person.archiveContact(inXero(w).id))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET email = 'ours@kea.test'`)
    const run = await exportAndRest(w)
    expect(run).toMatchObject({ pulled: { contacts: 1 }, warnings: [] })
    expect(contact(w)).toMatchObject({ email: 'ours@kea.test', tax_number: '999' })
  })
})

describe('what Xero spells in its own way', () => {
  test('is no change: neither is it sent again, nor does it come back', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split' } } })
    w.sql(`UPDATE contact SET phone = '+64 9 777 0000', name = ' Kea  & Sons '`)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ phone: '+64 9 777 0000', name: ' Kea  & Sons ' })
    expect(inXero(w)).toMatchObject({
      name: 'Kea & Sons',
      phones: { DEFAULT: { PhoneCountryCode: '64', PhoneNumber: '777 0000' } },
    })
    expect(sentChanges(w)).toHaveLength(1)
  })

  test('is no change where only its answer tells that it is the same', async () => {
    const w = await open({ sandbox: { switches: { postcodes: 'capitals' } } })
    w.sql(`UPDATE contact SET postcode = 'ab1 2cd'`)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ postcode: 'ab1 2cd' })
    expect(inXero(w).addresses.STREET).toMatchObject({ PostalCode: 'AB1 2CD' })
    expect(sentChanges(w)).toHaveLength(1)
  })

  test('is no change either where the answer was lost', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split' } } })
    w.sandbox.fault({ method: 'POST', path: '/Contacts', kind: 'error-after-commit', times: 3 })
    w.sql(`UPDATE contact SET phone = '+64 9 777 0000'`)
    await w.export()
    w.clock.advance(7 * 60_000)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ phone: '+64 9 777 0000' })
  })
})

describe('an exporting system that writes its own values again', () => {
  test('undoes what came from Xero, as its master, and says so to Xero', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test' })
    await exportAndRest(w)
    w.sql(`INSERT OR REPLACE ${insertSql('contact', kea).slice('INSERT '.length)}`)
    await exportAndRest(w)
    expect([contact(w)?.['email'], inXero(w).email]).toEqual(['office@kea.test', 'office@kea.test'])
  })

  test('in the midst of the run: nothing is lost', async () => {
    const w = await open()
    edit(w, { email: 'theirs@kea.test' })
    let isWritten = false
    await w.run(['export'], {
      afterCommit: () => {
        if (!isWritten) w.sqlMeanwhile(`UPDATE contact SET city = 'Hastings'`)
        isWritten = true
      },
    })
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test', city: 'Hastings' })
    expect(inXero(w).addresses.STREET).toMatchObject({ City: 'Hastings' })
  })
})

describe('a person changes a contact', () => {
  test('after it was read and before ours goes: the next run tells the conflict, and settles it', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET email = 'ours@kea.test'`)
    w.onExchange = ({ method, url }) => {
      if (method !== 'GET' || !/\/Contacts\?order/.test(url)) return
      w.onExchange = () => undefined
      w.clock.advance(1_000)
      asPerson(w, (person) => person.changeContact(inXero(w).id, { email: 'theirs@kea.test' }))
    }
    await w.export()
    expect(sentChanges(w)).toEqual([])
    w.clock.advance(60_000)
    const run = await exportAndRest(w)
    expect(run.warnings).toHaveLength(1)
    expect(inXero(w).email).toBe('ours@kea.test')
  })

  test('after it was read back and before ours goes: another field of theirs comes with the next run', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.onExchange = ({ method, url }) => {
      if (method !== 'GET' || !/\/Contacts\?IDs/.test(url)) return
      w.onExchange = () => undefined
      asPerson(w, (person) => person.changeContact(inXero(w).id, { email: 'theirs@kea.test' }))
    }
    await w.export()
    expect(sentChanges(w)).toHaveLength(1)
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test', city: 'Hastings' })
  })

  test('after ours went and before it is read: theirs comes with the next run', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.onExchange = ({ method, url }) => {
      if (method !== 'POST' || !/\/Contacts/.test(url)) return
      w.onExchange = () => undefined
      w.clock.advance(1_000)
      asPerson(w, (person) =>
        person.changeContact(inXero(w).id, {
          email: 'theirs@kea.test',
          addresses: { STREET: { City: 'Taupo' } },
        }),
      )
    }
    await w.export()
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'theirs@kea.test', city: 'Taupo' })
  })
})

describe('people (K8)', () => {
  const ann = { position: 1, first_name: 'Ann', last_name: 'Lee', email: 'ann@kea.test' }
  const bob = { position: 2, first_name: 'Bob', last_name: 'Ray', email: 'bob@kea.test' }
  const inForm = (FirstName: string, EmailAddress: string, IncludeInEmails = false) => ({
    FirstName,
    LastName: '',
    EmailAddress,
    IncludeInEmails,
  })

  test('whom somebody added in Xero come into the ledger', async () => {
    const w = await open({ people: [ann, bob] })
    edit(w, { persons: [...inXero(w).persons, inForm('Cy', 'cy@kea.test', true)] })
    expect(await exportAndRest(w)).toMatchObject({ pulled: { contacts: 1 } })
    expect(people(w)).toEqual(['Ann Lee ann@kea.test', 'Bob Ray bob@kea.test', 'Cy cy@kea.test'])
    expect(w.query(`SELECT include_in_emails AS gets FROM contact_person WHERE position = 3`)).toEqual([
      { gets: 1 },
    ])
    expect(events(w)[0]?.detail).toBe('person added: Cy cy@kea.test')
  })

  test('whose e-mail was changed in Xero are added, and nobody is overwritten', async () => {
    const w = await open({ people: [ann, bob] })
    edit(w, { persons: [{ ...inXero(w).persons[0], EmailAddress: 'b@kea.test' }] })
    await exportAndRest(w)
    expect(people(w)).toEqual(['Ann Lee ann@kea.test', 'Bob Ray bob@kea.test', 'Bob Ray b@kea.test'])
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportAndRest(w)
    expect(peopleInXero(w)).toEqual(['Bob Ray b@kea.test'])
  })

  test('who were taken out in Xero stay in the ledger, and are not put back', async () => {
    const w = await open({ people: [ann, bob] })
    edit(w, { persons: [] })
    await exportAndRest(w)
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportAndRest(w)
    expect([people(w), peopleInXero(w)]).toEqual([['Ann Lee ann@kea.test', 'Bob Ray bob@kea.test'], []])
  })

  test('of whom it was said in Xero that they get e-mails', async () => {
    const w = await open({ people: [ann, bob] })
    edit(w, { persons: [{ ...inXero(w).persons[0], IncludeInEmails: true }] })
    await exportAndRest(w)
    expect(w.query(`SELECT include_in_emails AS gets FROM contact_person ORDER BY position`)).toEqual([
      { gets: 0 },
      { gets: 1 },
    ])
    w.sql(`UPDATE contact_person SET include_in_emails = 0`)
    await exportAndRest(w)
    expect(inXero(w).persons).toMatchObject([{ FirstName: 'Bob', IncludeInEmails: false }])
  })

  test('the primary person has the names that Xero has; its e-mail there is the contact’s own', async () => {
    const w = await open({ contacts: [{ ...kea, email: null }], people: [ann] })
    edit(w, { plain: { FirstName: 'Anna' }, email: 'anna@kea.test' })
    await exportAndRest(w)
    expect(contact(w)).toMatchObject({ email: 'anna@kea.test' })
    expect(people(w)).toEqual(['Anna Lee ann@kea.test'])
  })

  test('come to a contact that has nobody, the primary person first', async () => {
    const w = await open()
    edit(w, { plain: { FirstName: 'Ann', LastName: 'Lee' }, persons: [inForm('Cy', '')] })
    await exportAndRest(w)
    expect(people(w)).toEqual(['Ann Lee', 'Cy'])
  })

  test('go and come in one run', async () => {
    const w = await open({ people: [ann, bob] })
    edit(w, { persons: [...inXero(w).persons, inForm('Cy', 'cy@kea.test')] })
    w.sql(insertSql('contact_person', { contact: 'K', position: 7, first_name: 'Di' }))
    await exportAndRest(w)
    expect(people(w)).toEqual(['Ann Lee ann@kea.test', 'Bob Ray bob@kea.test', 'Di', 'Cy cy@kea.test'])
    expect(peopleInXero(w).sort()).toEqual(['Bob Ray bob@kea.test', 'Cy cy@kea.test', 'Di'])
  })
})

describe('merged in Xero (K5)', () => {
  const lark = { code: 'L', name: 'Lark', city: 'Picton', email: 'lark@lark.test' }

  test('two contacts of the ledger become one: both lead there, and one of them is kept in step', async () => {
    const w = await open({ contacts: [kea, lark] })
    asPerson(w, (person) => person.mergeContact(inXero(w, 'K').id, inXero(w, 'L').id))
    w.clock.advance(60_000)
    await exportAndRest(w)
    const links = w.query<{ xero_contact_id: string }>(
      'SELECT DISTINCT xero_contact_id FROM contact_link WHERE ended IS NULL',
    )
    expect(links).toEqual([{ xero_contact_id: inXero(w, 'L').id }])
    expect(sentChanges(w)).toEqual([])
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    const told = await w.run(['validate', '--json'])
    expect(JSON.parse(told.out)).toMatchObject({
      findings: [{ id: 'K', code: 'contact-shared', severity: 'information' }],
    })
    await exportAndRest(w)
    expect(inXero(w, 'L')).toMatchObject({ name: 'Lark', addresses: { STREET: { City: 'Hastings' } } })
    asPerson(w, (person) => person.changeContact(inXero(w, 'L').id, { email: 'theirs@lark.test' }))
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(w.query('SELECT code, email FROM contact ORDER BY code')).toEqual([
      { code: 'K', email: 'office@kea.test' },
      { code: 'L', email: 'theirs@lark.test' },
    ])
  })

  test('into one that the ledger has not, and that into another: the change that waited goes to the last', async () => {
    const w = await open()
    const [first, last] = asPerson(w, (person) => [
      person.createContact({ name: 'Kea One', email: 'one@kea.test' }),
      person.createContact({ name: 'Kea Two', email: 'two@kea.test' }),
    ]) as [{ id: string }, { id: string }]
    asPerson(w, (person) => person.mergeContact(inXero(w).id, first.id))
    w.clock.advance(1_000)
    asPerson(w, (person) => person.mergeContact(first.id, last.id))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportAndRest(w)
    expect(w.sandbox.contacts().find(({ id }) => id === last.id)).toMatchObject({
      name: 'Kea Two',
      email: 'two@kea.test',
      addresses: { STREET: { City: 'Hastings' } },
    })
    expect(contact(w)).toMatchObject({ name: 'Kea Ltd', email: 'office@kea.test' })
    expect(sentChanges(w)).toHaveLength(1)
  })
})
