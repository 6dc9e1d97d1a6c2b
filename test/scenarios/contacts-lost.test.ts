// Changes of contacts whose answers are lost, runs that die and runs that meet (E3): each change arrives, and no later one is undone.

import { afterEach, describe, expect, test } from 'vitest'
import type { Exchange } from '../../src/sandbox/exchange.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { inXero, openStory, type StoryOptions, sentChanges } from '../support/contact-story.ts'
import { asPerson } from '../support/people.ts'
import type { World } from '../support/world.ts'

let world: World | undefined

const contacts = [1, 2, 3].map((n) => ({
  code: `C${n}`,
  name: `Customer ${n}`,
  city: 'Napier',
  phone: '09 1',
}))

async function open(options: StoryOptions = {}): Promise<World> {
  world = await openStory({ contacts, ...options })
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const cities = (w: World) => contacts.map(({ code }) => inXero(w, code).addresses.STREET?.['City'])
const edit = (city: string) => `UPDATE contact SET city = '${city}'`

/** Runs until nothing is uncertain any more. */
async function settleAll(w: World): Promise<void> {
  for (let run = 0; run < 3; run += 1) {
    w.clock.advance(7 * 60_000)
    if ((await w.export()).code === 0) return
  }
  throw new Error('it does not settle')
}

const call = { method: 'POST', path: '/Contacts', nth: 1 } as const
const faults: [string, Fault][] = [
  ['after Xero stored it', { ...call, kind: 'drop-after-commit' }],
  ['with an error, before Xero stored it', { ...call, kind: 'error-before-commit' }],
  ['after two of three were stored', { ...call, kind: 'partial-commit', stored: 2 }],
  ['and stored a minute and a half later', { ...call, kind: 'late-commit', afterMs: 90_000 }],
  ['of the last one', { ...call, kind: 'missing-element' }],
]

describe('an answer that is lost', () => {
  test.each(faults)('%s: all changes arrive', async (_, fault) => {
    const w = await open()
    w.sql(edit('Hastings'))
    w.sandbox.fault(fault)
    await w.export()
    await settleAll(w)
    expect(cities(w)).toEqual(['Hastings', 'Hastings', 'Hastings'])
    const calls = sentChanges(w).length
    await w.export()
    expect(sentChanges(w)).toHaveLength(calls)
    expect(brokenPromises(w)).toEqual([])
  })

  test('is looked for 40 contacts in a call', async () => {
    const w = await open({
      contacts: Array.from({ length: 90 }, (_, index) => ({ code: `C${index}`, name: `Customer ${index}` })),
    })
    w.sql(`UPDATE contact SET city = 'Hastings'`)
    w.sandbox.fault({ ...call, kind: 'error-after-commit', times: 3 })
    const known = w.exchanges.length
    expect((await w.export()).runs[0]?.kinds['contact']).toMatchObject({ updated: 90, uncertain: 0 })
    expect(w.exchanges.slice(known).filter(({ url }) => /Contacts\?IDs/.test(url))).toHaveLength(6)
  })

  test('while the ledger changes again: the later change is sent after it, and stays', async () => {
    const w = await open()
    w.sql(edit('Hastings'))
    w.sandbox.fault({ ...call, kind: 'late-commit', afterMs: 100_000 })
    w.sandbox.fault({ ...call, nth: 2, times: 2, kind: 'error-before-commit' })
    await w.export()
    w.sql(edit('Taupo'))
    await w.export()
    await settleAll(w)
    expect(cities(w)).toEqual(['Taupo', 'Taupo', 'Taupo'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('while a person changes the same contact in Xero: their field stays, and comes back once it is known what was ours', async () => {
    const w = await open({ settings: { contact_sync: 'two_way' } })
    w.sql(edit('Hastings'))
    const isSent = ({ method, url }: Exchange) => method === 'POST' && /\/Contacts/.test(url)
    await w.run(['export'], { death: { when: isSent } })
    asPerson(w, (person) => person.changeContact(inXero(w, 'C1').id, { email: 'theirs@one.test' }))
    await settleAll(w)
    expect(cities(w)).toEqual(['Hastings', 'Hastings', 'Hastings'])
    expect(w.query(`SELECT code, email, city, phone FROM contact WHERE code = 'C1'`)).toEqual([
      { code: 'C1', email: 'theirs@one.test', city: 'Hastings', phone: '09 1' },
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('while the ledger takes it back, and a person changes the same in Xero: what the ledger says goes', async () => {
    const w = await open({ settings: { contact_sync: 'two_way' } })
    w.sql(`UPDATE contact SET city = 'Hastings', phone = '09 2' WHERE code = 'C1'`)
    w.sandbox.fault({ ...call, kind: 'error-after-commit', times: 3 })
    w.onExchange = ({ method, url }) => {
      if (method !== 'POST' || !/\/Contacts/.test(url)) return
      w.onExchange = () => undefined
      const phones = { DEFAULT: { PhoneType: 'DEFAULT', PhoneNumber: '09 3' } }
      asPerson(w, (person) => person.changeContact(inXero(w, 'C1').id, { phones }))
    }
    expect((await w.export()).code).toBe(8)
    w.sql(`UPDATE contact SET city = 'Napier', phone = '09 1' WHERE code = 'C1'`)
    expect((await w.export()).code).toBe(8)
    await settleAll(w)
    expect(w.query(`SELECT city, phone FROM contact WHERE code = 'C1'`)).toEqual([
      { city: 'Napier', phone: '09 1' },
    ])
    expect(inXero(w, 'C1')).toMatchObject({
      addresses: { STREET: { City: 'Napier' } },
      phones: { DEFAULT: { PhoneNumber: '09 1' } },
    })
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('a run that dies', () => {
  test.each([
    ...[4, 10, 14, 18].map((atCommit) => ({ atCommit })),
    ...[5, 9, 11].map((atRequest) => ({ atRequest })),
  ])('%j: the next one ends its work', async (death) => {
    const w = await open({ settings: { contact_sync: 'two_way' } })
    asPerson(w, (person) => person.changeContact(inXero(w, 'C2').id, { email: 'theirs@two.test' }))
    w.clock.advance(60_000)
    w.sql(edit('Hastings'))
    await w.run(['export', '--json'], { death })
    await settleAll(w)
    expect(cities(w)).toEqual(['Hastings', 'Hastings', 'Hastings'])
    expect(w.query(`SELECT city, email FROM contact WHERE code = 'C2'`)).toEqual([
      { city: 'Hastings', email: 'theirs@two.test' },
    ])
    expect(
      w.query(
        `SELECT contact FROM contact_base WHERE ledger ->> '$.fields.city' = 'Hastings' AND xero ->> '$.fields.city' = 'Hastings'`,
      ),
    ).toHaveLength(3)
    expect(brokenPromises(w)).toEqual([])
  })
})

test('two runs at once: one sends, the other is told that it goes on', async () => {
  const w = await open()
  w.sql(edit('Hastings'))
  const codes = (await Promise.all([w.export(), w.export()])).map(({ code }) => code).sort()
  expect(codes).toEqual([0, 6])
  expect(sentChanges(w)).toHaveLength(3)
  expect(brokenPromises(w)).toEqual([])
})

/** A second entity in the same organisation. */
async function openTwo(): Promise<World> {
  const w = await open()
  await w.must(['entities', 'add', 'NZ02', '--name', 'Second', '--region', 'NZ'])
  await w.must(['connect', '--custom', '--entity', 'NZ02'])
  w.sql(edit('Hastings'))
  return w
}

test('two entities of one organisation: a change goes once, with whichever runs first', async () => {
  const w = await openTwo()
  const run = await w.export('--entity', 'NZ02')
  expect(run.runs[0]?.kinds['contact'], run.err).toMatchObject({ updated: 3 })
  expect((await w.export()).code).toBe(0)
  expect([cities(w), sentChanges(w).length]).toEqual([['Hastings', 'Hastings', 'Hastings'], 3])
  expect(brokenPromises(w)).toEqual([])
})

test('two entities of one organisation: a later change of one never overtakes a lost one of the other', async () => {
  const w = await openTwo()
  w.sandbox.fault({ ...call, kind: 'late-commit', afterMs: 200_000 })
  w.sandbox.fault({ ...call, nth: 2, times: 2, kind: 'error-before-commit' })
  expect((await w.export('--entity', 'NZ01')).code).toBe(8)
  w.sql(edit('Taupo'))
  const sent = sentChanges(w).length
  await w.export('--entity', 'NZ02')
  expect(sentChanges(w)).toHaveLength(sent)
  await settleAll(w)
  expect(cities(w)).toEqual(['Taupo', 'Taupo', 'Taupo'])
  expect(brokenPromises(w)).toEqual([])
})
