// Contacts that change on both sides (K3, K5, K8): what changed in Xero alone comes into the ledger, the ledger is the master of the
// rest, and nothing goes back and forth.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import {
  aFullContact,
  type ContactEdit,
  editInXero,
  inLedger,
  inXero,
  openStory,
  peopleInLedger,
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

async function close(): Promise<void> {
  await world?.close()
  world = undefined
}

/** All that a run may change of contacts. */
function state(w: World) {
  return {
    sent: sentChanges(w).length,
    contacts: w.query('SELECT * FROM contact ORDER BY code'),
    people: w.query('SELECT * FROM contact_person ORDER BY contact, position'),
    events: w.query<{ source_id: string; what: string; detail: string }>(
      `SELECT source_id, what, detail FROM event WHERE kind = 'contact' AND what LIKE 'changed%' ORDER BY id`,
    ),
  }
}

interface ToldRun {
  pulled: { contacts: number }
  warnings: string[]
  kinds: Record<string, { updated: number }>
}

/** An export, and after it one that neither sends nor brings anything. */
async function exportAndRest(w: World): Promise<ToldRun> {
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  const before = state(w)
  w.clock.advance(60_000)
  expect((await w.export()).code).toBe(0)
  expect(state(w)).toEqual(before)
  expect(brokenPromises(w)).toEqual([])
  const [told] = run.runs
  return told as unknown as ToldRun // what a run tells beside the members that the world names
}

/** What is done with a contact on each side, and what each side has of it then. */
interface Case {
  title: string
  inXero?: ContactEdit
  renamed?: string
  isArchived?: boolean
  /** SQL; CODE stands for the contact. */
  ledger?: string
  becomes: Record<string, unknown>
  becomesInXero?: Record<string, unknown>
  isBrought?: boolean
  isSent?: boolean
  conflicts?: number
}

const update = (set: string) => `UPDATE contact SET ${set} WHERE code = 'CODE'`
const theirs = { email: 'theirs@kea.test' }

const cases: Case[] = [
  {
    title: 'several fields in Xero alone: they come',
    inXero: {
      ...theirs,
      phones: {
        DEFAULT: {
          PhoneType: 'DEFAULT',
          PhoneNumber: '555 9999',
          PhoneAreaCode: '9',
          PhoneCountryCode: '64',
        },
      },
      addresses: { STREET: { AddressLine1: '1 Quay St', City: 'Hastings', PostalCode: '4120' } },
      plain: { TaxNumber: '999' },
    },
    becomes: {
      email: 'theirs@kea.test',
      phone: '64 9 555 9999',
      mobile: '021 123 456',
      street_1: '1 Quay St',
      city: 'Hastings',
      postcode: '4120',
      tax_number: '999',
    },
    isBrought: true,
  },
  { title: 'the name in Xero', renamed: 'Kea & Sons', becomes: { name: 'Kea & Sons' }, isBrought: true },
  {
    title: 'another field on each side: each side gets the other’s',
    inXero: theirs,
    ledger: update(`city = 'Hastings'`),
    becomes: { ...theirs, city: 'Hastings' },
    becomesInXero: { ...theirs, addresses: { STREET: { City: 'Hastings' } } },
    isBrought: true,
    isSent: true,
  },
  {
    title: 'the same field on both sides: the ledger’s goes to Xero',
    inXero: theirs,
    ledger: update(`email = 'ours@kea.test'`),
    becomes: { email: 'ours@kea.test' },
    becomesInXero: { email: 'ours@kea.test' },
    isSent: true,
    conflicts: 1,
  },
  {
    title: 'the same field on both sides, to the same',
    inXero: { email: 'NEW@kea.test' },
    ledger: update(`email = 'new@kea.test'`),
    becomes: { email: 'new@kea.test' },
    becomesInXero: { email: 'NEW@kea.test' },
  },
  {
    title: 'fields that were emptied on one side (K6): nothing is blanked',
    inXero: { email: '', addresses: { STREET: {} } },
    ledger: update(`mobile = NULL, postal_street_1 = ''`),
    becomes: { email: 'office@kea.test', city: 'Napier', mobile: null },
    becomesInXero: { email: '', phones: { MOBILE: { PhoneNumber: '021 123 456' } } },
  },
  {
    title: 'a field in Xero that the ledger emptied: Xero’s comes',
    inXero: theirs,
    ledger: update('email = NULL'),
    becomes: theirs,
    isBrought: true,
  },
  {
    title: 'fields of an archived contact: Xero’s come, the ledger’s wait',
    inXero: { ...theirs, plain: { TaxNumber: '999' } },
    isArchived: true,
    ledger: update(`email = 'ours@kea.test'`),
    becomes: { email: 'ours@kea.test', tax_number: '999' },
    becomesInXero: theirs,
    isBrought: true,
  },
  {
    title: 'a field of an inactive contact: Xero’s comes, the ledger’s is not sent',
    inXero: { plain: { TaxNumber: '999' } },
    ledger: update(`active = 0, city = 'Hastings'`),
    becomes: { city: 'Hastings', tax_number: '999' },
    becomesInXero: { addresses: { STREET: { City: 'Napier' } } },
    isBrought: true,
  },
]
const codeOf = (one: { title: string }, all: readonly { title: string }[]) =>
  `K${all.findIndex(({ title }) => title === one.title) + 1}`

describe('changed:', () => {
  let told: ToldRun | undefined

  beforeAll(async () => {
    const w = await open({ contacts: cases.map((one) => aFullContact(codeOf(one, cases))) })
    for (const one of cases) {
      const code = codeOf(one, cases)
      if (one.inXero) editInXero(w, one.inXero, code)
      asPerson(w, (person) => {
        if (one.renamed) person.renameContact(inXero(w, code).id, one.renamed)
        if (one.isArchived) person.archiveContact(inXero(w, code).id)
      })
    }
    w.clock.advance(60_000)
    w.sql(cases.map((one) => (one.ledger ?? '').replaceAll('CODE', codeOf(one, cases))).join(';\n'))
    told = await exportAndRest(w)
  })
  afterAll(close)

  test.each(cases)('$title', (one) => {
    if (!world) throw new Error('there is no world')
    const code = codeOf(one, cases)
    const there = inXero(world, code)
    expect(inLedger(world, code)).toMatchObject(one.becomes)
    expect(there).toMatchObject(one.becomesInXero ?? {})
    const events = state(world).events.filter(({ source_id }) => source_id === code)
    const has = (what: string) => events.filter((event) => event.what === what).length
    expect({
      isBrought: has('changed in Xero') === 1,
      isSent: sentChanges(world).some((element) => element['ContactID'] === there.id),
      conflicts: has('changed in the ledger and in Xero'),
    }).toEqual({
      isBrought: one.isBrought ?? false,
      isSent: one.isSent ?? false,
      conflicts: one.conflicts ?? 0,
    })
  })

  test('the run tells how many came, and each conflict with both values', () => {
    const said =
      "Contact K4 (Kea K4): the email was changed in the ledger to “ours@kea.test” and in Xero to “theirs@kea.test”. The ledger's goes to Xero."
    expect(told).toMatchObject({
      pulled: { contacts: cases.filter((one) => one.isBrought).length },
      warnings: [said],
      kinds: { contact: { updated: cases.filter((one) => one.isSent).length } },
    })
    const events = world ? state(world).events : []
    expect(events.find((event) => event.source_id === 'K1')?.detail).toBe(
      'email: office@kea.test → theirs@kea.test; phone: +64 9 555 1234 → 64 9 555 9999; tax number: 123-456-789 → 999; city: Napier → Hastings; postcode: empty → 4120',
    )
  })
})

describe('over time', () => {
  afterEach(close)

  test('turn by turn: the last change of each turn is on both sides', async () => {
    const w = await open()
    for (const turn of [1, 2]) {
      editInXero(w, { email: `theirs${turn}@kea.test` })
      w.clock.advance(60_000)
      await exportAndRest(w)
      w.clock.advance(60_000)
      w.sql(`UPDATE contact SET email = 'ours${turn}@kea.test', city = 'City ${turn}'`)
      await exportAndRest(w)
      w.clock.advance(60_000)
      expect([inLedger(w)['email'], inXero(w).email]).toEqual([
        `ours${turn}@kea.test`,
        `ours${turn}@kea.test`,
      ])
    }
    expect(sentChanges(w)).toHaveLength(2)
  })

  test('with push changes in Xero are left alone, and stay so once it is two_way; a pull brings later ones', async () => {
    const w = await open({ settings: {} })
    editInXero(w, theirs)
    w.clock.advance(60_000)
    expect(await exportAndRest(w)).toMatchObject({ pulled: { contacts: 0 } })
    w.sql(insertSql('setting', { entity: 'NZ01', name: 'contact_sync', value: 'two_way' }))
    editInXero(w, { plain: { TaxNumber: '999' } })
    w.clock.advance(60_000)
    await w.must(['pull'])
    expect(inLedger(w)).toMatchObject({ email: 'office@kea.test', tax_number: '999' })
    await exportAndRest(w)
    expect(inXero(w)).toMatchObject(theirs)
  })

  test('with contact_detail=name the name alone is kept in step', async () => {
    const w = await open({ settings: { ...twoWay, contact_detail: 'name' } })
    editInXero(w, { ...theirs, plain: { FirstName: 'Ann' } })
    asPerson(w, (person) => person.renameContact(inXero(w).id, 'Kea & Sons'))
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject({ name: 'Kea & Sons', email: 'office@kea.test' })
    expect(peopleInLedger(w)).toEqual([])
  })

  test('an exporting system that writes its own values again is the master', async () => {
    const w = await open()
    editInXero(w, theirs)
    w.clock.advance(60_000)
    await w.export()
    w.sql(insertSql('contact', aFullContact()).replace('INSERT', 'INSERT OR REPLACE'))
    await exportAndRest(w)
    expect([inLedger(w)['email'], inXero(w).email]).toEqual(['office@kea.test', 'office@kea.test'])
  })

  test('an exporting system that writes in the midst of the run loses nothing', async () => {
    const w = await open()
    editInXero(w, theirs)
    w.clock.advance(60_000)
    let isWritten = false
    await w.run(['export'], {
      afterCommit: () => {
        if (!isWritten) w.sqlMeanwhile(`UPDATE contact SET city = 'Hastings'`)
        isWritten = true
      },
    })
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject({ ...theirs, city: 'Hastings' })
    expect(inXero(w).addresses.STREET).toMatchObject({ City: 'Hastings' })
  })
})

describe('what Xero spells in its own way', () => {
  afterEach(close)

  test('is no change: neither is it sent again, nor does it come back', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split', postcodes: 'capitals' } } })
    const ours = { phone: '+64 9 777 0000', name: ' Kea  & Sons ', postcode: 'ab1 2cd' }
    w.sql(`UPDATE contact SET phone = '${ours.phone}', name = '${ours.name}', postcode = '${ours.postcode}'`)
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject(ours)
    expect(inXero(w)).toMatchObject({
      name: 'Kea & Sons',
      phones: { DEFAULT: { PhoneCountryCode: '64', PhoneNumber: '777 0000' } },
      addresses: { STREET: { PostalCode: 'AB1 2CD' } },
    })
    expect(sentChanges(w)).toHaveLength(1)
  })

  test('is no change either where the answer was lost', async () => {
    const w = await open({ sandbox: { switches: { phoneParts: 'split' } } })
    w.sandbox.fault({ method: 'POST', path: '/Contacts', kind: 'error-after-commit', times: 3 })
    w.sql(`UPDATE contact SET phone = '+64 9 777 0000'`)
    await w.export()
    w.clock.advance(7 * 60_000)
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject({ phone: '+64 9 777 0000' })
  })
})

describe('a person changes a contact', () => {
  afterEach(close)

  /** Once, right after the first request that this says yes to. */
  function then(w: World, isIt: (request: string) => boolean, change: ContactEdit): void {
    w.onExchange = ({ method, url }) => {
      if (!isIt(`${method} ${url}`)) return
      w.onExchange = () => undefined
      w.clock.advance(1_000)
      editInXero(w, change)
    }
  }

  test('after it was read and before ours goes: the next run tells the conflict, and settles it', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET email = 'ours@kea.test'`)
    then(w, (request) => /^GET .*\/Contacts\?order/.test(request), theirs)
    await w.export()
    expect(sentChanges(w)).toEqual([])
    w.clock.advance(60_000)
    expect((await exportAndRest(w)).warnings).toHaveLength(1)
    expect(inXero(w).email).toBe('ours@kea.test')
  })

  test('after it was read back and before ours goes: another field of theirs comes with the next run', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    then(w, (request) => /^GET .*\/Contacts\?IDs/.test(request), theirs)
    await w.export()
    expect(sentChanges(w)).toHaveLength(1)
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject({ ...theirs, city: 'Hastings' })
  })

  test('after ours went and before it is read: theirs comes with the next run', async () => {
    const w = await open()
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    then(w, (request) => /^POST .*\/Contacts/.test(request), {
      ...theirs,
      addresses: { STREET: { City: 'Taupo' } },
    })
    await w.export()
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(inLedger(w)).toMatchObject({ ...theirs, city: 'Taupo' })
  })
})

describe('people (K8):', () => {
  const inForm = (FirstName: string, EmailAddress = '', IncludeInEmails = false) => ({
    FirstName,
    LastName: '',
    EmailAddress,
    IncludeInEmails,
  })
  const bob = inForm('Bob', 'bob@kea.test')

  /** All have Ann as their primary person and Bob, but who has nobody. */
  const peopleCases: {
    title: string
    hasNobody?: boolean
    hasNoEmail?: boolean
    inXero: ContactEdit
    ledger?: string
    becomes: string[]
    becomesInXero: string[]
    email?: string
  }[] = [
    {
      title: 'whom somebody added in Xero comes',
      inXero: { persons: [bob, inForm('Cy', 'cy@kea.test', true)] },
      becomes: ['Ann Lee ann@kea.test', 'Bob bob@kea.test', 'Cy cy@kea.test'],
      becomesInXero: ['Bob bob@kea.test', 'Cy cy@kea.test'],
    },
    {
      title: 'whose e-mail was changed in Xero is added, and nobody is overwritten',
      inXero: { persons: [inForm('Bob', 'b@kea.test')] },
      ledger: update(`city = 'Hastings'`),
      becomes: ['Ann Lee ann@kea.test', 'Bob bob@kea.test', 'Bob b@kea.test'],
      becomesInXero: ['Bob b@kea.test'],
    },
    {
      title: 'who was taken out in Xero stays in the ledger, and is not put back',
      inXero: { persons: [] },
      ledger: update(`city = 'Hastings'`),
      becomes: ['Ann Lee ann@kea.test', 'Bob bob@kea.test'],
      becomesInXero: [],
    },
    {
      title: 'the primary person has the names that Xero has; its e-mail there becomes the contact’s own',
      hasNoEmail: true,
      inXero: { plain: { FirstName: 'Anna' }, email: 'anna@kea.test' },
      becomes: ['Anna Lee ann@kea.test', 'Bob bob@kea.test'],
      becomesInXero: ['Bob bob@kea.test'],
      email: 'anna@kea.test',
    },
    {
      title: 'come to a contact that has nobody, the primary person first',
      hasNobody: true,
      inXero: { plain: { FirstName: 'Ann', LastName: 'Lee' }, persons: [inForm('Cy')] },
      becomes: ['Ann Lee', 'Cy'],
      becomesInXero: ['Cy'],
    },
    {
      title: 'go and come in one run',
      inXero: { persons: [bob, inForm('Cy', 'cy@kea.test')] },
      ledger: `INSERT INTO contact_person (contact, position, first_name) VALUES ('CODE', 7, 'Di')`,
      becomes: ['Ann Lee ann@kea.test', 'Bob bob@kea.test', 'Di', 'Cy cy@kea.test'],
      becomesInXero: ['Bob bob@kea.test', 'Cy cy@kea.test', 'Di'],
    },
    {
      title: 'of whom it was said in Xero that they get e-mails',
      inXero: { persons: [{ ...bob, IncludeInEmails: true }] },
      becomes: ['Ann Lee ann@kea.test', 'Bob bob@kea.test'],
      becomesInXero: ['Bob bob@kea.test'],
    },
  ]

  beforeAll(async () => {
    const codes = peopleCases.map((one) => codeOf(one, peopleCases))
    const w = await open({
      contacts: peopleCases.map((one, index) =>
        aFullContact(codes[index], one.hasNoEmail ? { email: null } : {}),
      ),
      people: peopleCases.flatMap((one, index) =>
        one.hasNobody
          ? []
          : [
              { position: 1, first_name: 'Ann', last_name: 'Lee', email: 'ann@kea.test' },
              { position: 2, first_name: 'Bob', last_name: '', email: 'bob@kea.test' },
            ].map((person) => ({ contact: codes[index] ?? '', ...person })),
      ),
    })
    for (const [index, one] of peopleCases.entries()) editInXero(w, one.inXero, codes[index])
    w.clock.advance(60_000)
    w.sql(
      peopleCases.map((one, index) => (one.ledger ?? '').replaceAll('CODE', codes[index] ?? '')).join(';\n'),
    )
    await exportAndRest(w)
  })
  afterAll(close)

  test.each(peopleCases)('$title', (one) => {
    if (!world) throw new Error('there is no world')
    const code = codeOf(one, peopleCases)
    expect(peopleInLedger(world, code)).toEqual(one.becomes)
    expect(peopleInXero(world, code).sort()).toEqual(one.becomesInXero)
    if (one.email) expect(inLedger(world, code)).toMatchObject({ email: one.email })
  })

  test('who gets the e-mails comes too', () => {
    const flags = world?.query<{ contact: string }>(
      `SELECT contact FROM contact_person WHERE include_in_emails = 1 ORDER BY contact`,
    )
    expect(flags?.map((row) => row.contact)).toEqual(['K1', 'K7'])
  })
})

describe('merged in Xero (K5)', () => {
  afterEach(close)

  test('two contacts of the ledger become one: both lead there, and one of them is kept in step', async () => {
    const w = await open({ contacts: [aFullContact('K'), aFullContact('L', { email: 'lark@lark.test' })] })
    asPerson(w, (person) => person.mergeContact(inXero(w, 'K').id, inXero(w, 'L').id))
    w.clock.advance(60_000)
    await exportAndRest(w)
    const links = w.query('SELECT DISTINCT xero_contact_id FROM contact_link WHERE ended IS NULL')
    expect(links).toEqual([{ xero_contact_id: inXero(w, 'L').id }])
    expect(sentChanges(w)).toEqual([])
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    const told = await w.run(['validate', '--json', '--offline'])
    expect(JSON.parse(told.out)).toMatchObject({
      findings: [{ id: 'K', code: 'contact-shared', severity: 'information' }],
    })
    editInXero(w, { email: 'theirs@lark.test' }, 'L')
    w.clock.advance(60_000)
    await exportAndRest(w)
    expect(inXero(w, 'L')).toMatchObject({ name: 'Kea L', addresses: { STREET: { City: 'Hastings' } } })
    expect([inLedger(w, 'K')['email'], inLedger(w, 'L')['email']]).toEqual([
      'office@kea.test',
      'theirs@lark.test',
    ])
  })

  test('into one that the ledger has not, and that into another: the change that waited goes to the last', async () => {
    const w = await open()
    const [first, last] = asPerson(w, (person) => [
      person.createContact({ name: 'Kea One', email: 'one@kea.test' }),
      person.createContact({ name: 'Kea Two', email: 'two@kea.test' }),
    ])
    asPerson(w, (person) => person.mergeContact(inXero(w).id, first?.id ?? ''))
    w.clock.advance(1_000)
    asPerson(w, (person) => person.mergeContact(first?.id ?? '', last?.id ?? ''))
    w.clock.advance(60_000)
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    await exportAndRest(w)
    expect(w.sandbox.contacts().find(({ id }) => id === last?.id)).toMatchObject({
      name: 'Kea Two',
      email: 'two@kea.test',
      addresses: { STREET: { City: 'Hastings' } },
    })
    expect(inLedger(w)).toMatchObject({ name: 'Kea K', email: 'office@kea.test' })
    expect(sentChanges(w)).toHaveLength(1)
  })
})
