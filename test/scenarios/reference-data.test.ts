// The mirror of the organisation's books as people see it (R2): read again whatever its age, what changed in it, and how old it is.

import { afterEach, describe, expect, test } from 'vitest'
import { parseDate } from '../../src/accounting/calendar.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

async function open(): Promise<World> {
  world = await World.open()
  await world.prepare()
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const hour = 3_600_000
const lists = ['Organisation', 'Accounts', 'TaxRates', 'TrackingCategories', 'Currencies', 'Contacts']
const reads = (w: World) => lists.map((list) => w.sandbox.counts.byRoute[`GET /${list}`] ?? 0)

describe('a run', () => {
  const books = (w: World) => reads(w).slice(0, 5)

  test('in which nothing waits asks for none of the books, and says how old they are', async () => {
    const w = await open()
    w.clock.advance(3 * hour)
    const run = await w.export()
    expect(books(w)).toEqual([1, 1, 1, 1, 1])
    expect(run.runs[0]).toMatchObject({ mirror: { readAt: '2026-11-22T00:00:00.000Z' } })
    const { out } = await w.run(['export'])
    expect(out).toContain('Accounts, tax rates and tracking of Xero as they were 3 hours ago.')
    expect((await w.must(['status'])).out).toContain(
      'Read of Xero: accounts, tax rates and tracking as they were 3 hours ago.',
    )
    expect(brokenPromises(w)).toEqual([])
  })

  test('leaves them alone however old they are, where nothing waits', async () => {
    const w = await open()
    w.clock.advance(60 * 24 * hour)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(books(w)).toEqual([1, 1, 1, 1, 1])
    expect((await w.run(['export'])).out).toContain('of Xero as they were 60 days ago.')
  })

  test('reads them where something waits: an account that was added in Xero meanwhile is known', async () => {
    const w = await open()
    w.sandbox
      .person()
      .addAccount({ code: '201', name: 'Sales of parts', type: 'REVENUE', taxType: 'OUTPUT2' })
    w.clock.advance(hour)
    w.sql(`${contactsSql(1)} ${invoiceSql({ id: 'A' })} UPDATE document_line SET account = '201'`)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(books(w)).toEqual([2, 2, 2, 2, 2])
    expect(run.runs[0]).toMatchObject({ kinds: { invoice: { exported: 1 } } })
    await w.export()
    expect(books(w)).toEqual([2, 2, 2, 2, 2])
  })

  test('that a failing document keeps from being quiet sees at once that it was mended in Xero', async () => {
    const w = await open()
    w.sql(`${contactsSql(1)} ${invoiceSql({ id: 'A' })} UPDATE document_line SET account = '201'`)
    expect((await w.export()).runs[0]?.failures).toMatchObject([{ code: 'account-unknown' }])
    w.sandbox
      .person()
      .addAccount({ code: '201', name: 'Sales of parts', type: 'REVENUE', taxType: 'OUTPUT2' })
    expect((await w.export()).code).toBe(0)
  })
})

describe('refresh', () => {
  test('reads all of the mirror again, whatever its age, and says that nothing changed', async () => {
    const w = await open()
    expect(reads(w)).toEqual([1, 1, 1, 1, 1, 1])
    w.clock.advance(3 * hour)
    const { out } = await w.must(['refresh'])
    expect(reads(w)).toEqual([2, 2, 2, 2, 2, 2])
    expect(out).toMatch(
      /^NZ01: read “Demo Company \(NZ\)”: \d+ accounts, \d+ tax rates, 1 tracking category, 3 currencies, 0 changed contacts\.\n {2}Its books are as they were 3 hours ago\.\n$/,
    )
    expect(brokenPromises(w)).toEqual([])
  })

  test('says in a few lines what people changed in Xero', async () => {
    const w = await open()
    const person = w.sandbox.person()
    person.addAccount({ code: '201', name: 'Sales of parts', type: 'REVENUE', taxType: 'OUTPUT2' })
    person.archiveAccount('260')
    person.setLockDate(parseDate('2026-09-30'))
    person.enableCurrency('EUR')
    person.archiveTrackingOption('Region', 'North')
    const { out } = await w.must(['refresh'])
    expect(out.split('\n').slice(1, -1)).toEqual([
      '  Organisation: period lock date is now 2026-09-30 (was not set).',
      '  Accounts: 260 Other Revenue archived; 201 Sales of parts added.',
      '  Tracking options: Region: North archived.',
      '  Currencies: EUR added.',
    ])
    expect((await w.must(['refresh'])).out).toContain('Its books are as they were 0 seconds ago.')
  })

  test('with --json a line for programs, and nothing with --quiet', async () => {
    const w = await open()
    w.sandbox.person().archiveAccount('260')
    const told = JSON.parse((await w.must(['refresh', '--json'])).out)
    expect(told).toMatchObject({
      entity: 'NZ01',
      organisation: 'Demo Company (NZ)',
      trackingCategories: 1,
      currencies: 3,
      mirror: { readAt: new Date(w.clock.now()).toISOString() },
      changes: [{ part: 'account', name: '260 Other Revenue', change: 'archived' }],
    })
    expect(await w.must(['refresh', '--quiet'])).toMatchObject({ out: '', err: '' })
  })

  test('with --all the contacts are read from the beginning', async () => {
    const w = await open()
    w.sandbox.person().createContact({ name: 'Kea Ltd' })
    w.clock.advance(hour)
    expect((await w.must(['refresh'])).out).toContain(', 1 changed contact.')
    w.clock.advance(hour)
    w.sandbox.person().createContact({ name: 'Moa Ltd' })
    expect((await w.must(['refresh'])).out).toContain(', 1 changed contact.')
    w.clock.advance(hour)
    w.sandbox.person().createContact({ name: 'Tui Ltd' })
    w.clock.advance(hour)
    w.sandbox.person().createContact({ name: 'Weka Ltd' })
    expect((await w.must(['refresh'])).out).toContain(', 2 changed contacts.')
    expect((await w.must(['refresh', '--all'])).out).toContain(', 4 contacts.')
  })

  test('reads once what entities share, and leaves out one that is not connected', async () => {
    const w = await open()
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02'])
    await w.must(['entities', 'add', 'NZ03', '--name', 'Third Ltd', '--region', 'NZ'])
    const before = reads(w)
    const { out, err } = await w.must(['refresh'])
    expect(out).toMatch(/^NZ01: read .*\n.*\nNZ02: read /)
    expect(err).toContain('NZ03 is left out: it is not connected to a Xero organisation yet.')
    expect(reads(w)).toEqual(before.map((count) => count + 1))
    expect((await w.run(['refresh', '--entity', 'NZ03'])).code).toBe(4)
  })

  test('leaves the mirror as it was where one of the lists cannot be had', async () => {
    const w = await open()
    w.sandbox.person().archiveAccount('260')
    w.clock.advance(hour)
    w.sandbox.fault({ path: '/TaxRates', times: 9, kind: 'error-before-commit' })
    expect((await w.run(['refresh'])).code).toBe(7)
    expect(w.query("SELECT status FROM mirror_account WHERE code = '260'")).toEqual([{ status: 'ACTIVE' }])
    expect(brokenPromises(w)).toEqual([])
  })
})
