// `contacts match`: what each unlinked contact is in Xero, for a bookkeeper who begins with both sides filled (K4, K5).

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { sentChanges } from '../support/contact-story.ts'
import { insertSql } from '../support/sql.ts'
import { invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Four contacts of the ledger, of which Xero has one for sure and two that could be others. */
async function open(): Promise<World> {
  world = await World.open()
  const w = world
  await w.prepare(
    [
      { code: 'K', name: 'Kea Ltd' },
      { code: 'L', name: 'Lark' },
      { code: 'M', name: 'Moa' },
      { code: 'N', name: 'New one', active: 0 },
    ]
      .map((contact) => insertSql('contact', contact))
      .join('\n'),
  )
  w.clock.advance(60_000)
  const person = w.sandbox.person()
  person.createContact({ name: 'KEA  ltd' })
  person.createContact({ name: 'Larkspur', number: 'L' })
  person.createContact({ name: 'Moa' })
  person.createContact({ name: ' MOA' })
  return w
}

const idOf = (w: World, name: string) =>
  w.sandbox.contacts().find((contact) => contact.name === name)?.id ?? ''
const rowsOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const links = (w: World) =>
  w
    .query<{ contact: string }>('SELECT contact FROM contact_link WHERE ended IS NULL')
    .map((row) => row.contact)

describe('without --apply', () => {
  test('every unlinked contact is told with what it is, or could be, as Xero has it now; nothing is linked', async () => {
    const w = await open()
    const { code, out } = await w.run(['contacts', 'match', '--json'])
    expect(code).toBe(1)
    expect(rowsOf(out)).toEqual([
      {
        code: 'K',
        name: 'Kea Ltd',
        active: true,
        outcome: 'match',
        linked: false,
        candidates: [{ xeroContactId: idOf(w, 'KEA  ltd'), name: 'KEA  ltd' }],
        why: null,
      },
      {
        code: 'L',
        name: 'Lark',
        active: true,
        outcome: 'ambiguous',
        linked: false,
        candidates: [{ xeroContactId: idOf(w, 'Larkspur'), name: 'Larkspur' }],
        why: 'Xero has the number L under another name, “Larkspur”.',
      },
      {
        code: 'M',
        name: 'Moa',
        active: true,
        outcome: 'ambiguous',
        linked: false,
        candidates: expect.arrayContaining([
          { xeroContactId: idOf(w, 'Moa'), name: 'Moa' },
          { xeroContactId: idOf(w, ' MOA'), name: ' MOA' },
        ]),
        why: expect.stringContaining('Xero has 2 active contacts of the name'),
      },
      {
        code: 'N',
        name: 'New one',
        active: false,
        outcome: 'none',
        linked: false,
        candidates: [],
        why: null,
      },
    ])
    expect(links(w)).toEqual([])
  })

  test('as a table, with what to do', async () => {
    const w = await open()
    const { out } = await w.run(['contacts', 'match'])
    expect(out).toContain(idOf(w, 'Larkspur'))
    expect(out).toContain('1 contact can be linked for sure: auxo-sync contacts match --apply')
    expect(out).toContain('2 contacts are yours to decide: auxo-sync contacts link CODE XERO_ID')
    expect((await w.run(['contacts', 'match', '--quiet'])).out).toBe('')
  })
})

describe('with --apply', () => {
  test('the sure ones are linked, and nothing is sent for it; who decides the others decides', async () => {
    const w = await open()
    const { code, out } = await w.run(['contacts', 'match', '--apply'])
    expect([code, links(w)]).toEqual([1, ['K']])
    expect(out).toContain('Linked 1 contact.')
    expect(w.query(`SELECT who, what FROM event WHERE kind = 'contact'`)).toEqual([
      { who: 'tester@test-machine', what: 'linked by match' },
    ])
    await w.must(['contacts', 'link', 'L', idOf(w, 'Larkspur')])
    await w.must(['contacts', 'link', 'M', idOf(w, 'Moa')])
    expect((await w.run(['contacts', 'match', '--apply', '--json'])).code).toBe(0)
    expect((await w.export()).code).toBe(0)
    expect(sentChanges(w)).toEqual([])
    w.sql(`UPDATE contact SET name = 'Lark Ltd' WHERE code = 'L'`)
    await w.export()
    expect(sentChanges(w)).toEqual([{ ContactID: idOf(w, 'Lark Ltd'), Name: 'Lark Ltd' }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('two of one name in the ledger, and one that is linked to another, are never linked', async () => {
    const w = await open()
    w.sql(insertSql('contact', { code: 'K2', name: 'kea ltd' }))
    const { out } = await w.run(['contacts', 'match', '--apply', '--json'])
    expect(rowsOf(out).flatMap((row) => (row['why'] ? [[row['code'], row['why']]] : []))).toMatchObject([
      ['K', 'The ledger has two contacts of that name: this one and K2.'],
      ['K2', 'The ledger has two contacts of that name: this one and K.'],
      ['L', expect.anything()],
      ['M', expect.anything()],
    ])
    await w.must(['contacts', 'link', 'K', idOf(w, 'KEA  ltd')])
    w.sql(`UPDATE contact SET name = 'Kea Holdings' WHERE code = 'K'`)
    const second = rowsOf((await w.run(['contacts', 'match', '--apply', '--json'])).out)
    expect(second[0]).toMatchObject({ code: 'K2', why: '“KEA  ltd” in Xero is linked to contact K already.' })
    expect(links(w)).toEqual(['K'])
  })

  test('all are linked already: said', async () => {
    const w = await open()
    w.sql(`DELETE FROM contact WHERE code <> 'K'`)
    expect((await w.run(['contacts', 'match', '--apply'])).code).toBe(0)
    const { code, out } = await w.run(['contacts', 'match'])
    expect([code, out.trim()]).toEqual([
      0,
      'Every contact of the ledger is linked in Demo Company (NZ), or there is none.',
    ])
  })
})

describe('where it cannot be done', () => {
  test('not connected: exit 4 with what to do', async () => {
    world = await World.open()
    await world.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    const { code, err } = await world.run(['contacts', 'match'])
    expect([code, err]).toEqual([4, expect.stringContaining('Connect first: auxo-sync connect')])
  })

  test('Xero is away: exit 7, and nothing is linked', async () => {
    const w = await open()
    w.sandbox.fault({ path: '/Contacts', kind: 'error-before-commit', times: 99 })
    const { code, err } = await w.run(['contacts', 'match', '--apply'])
    expect([code, links(w)]).toEqual([7, []])
    expect(err).not.toBe('')
  })

  test('a run of the organisation goes on: exit 6', async () => {
    const w = await open()
    w.sql(
      `UPDATE run_lease SET held = 1, host = 'elsewhere', pid = 1, heartbeat_at = '2026-11-22T00:01:00.000Z'`,
    )
    expect((await w.run(['contacts', 'match'])).code).toBe(6)
  })
})

test('contacts list tells what Xero says of its customers and suppliers (K7)', async () => {
  const w = await open()
  await w.run(['contacts', 'match', '--apply'])
  const list = async () => rowsOf((await w.must(['contacts', 'list', '--json'])).out)
  expect((await list())[0]).toMatchObject({
    code: 'K',
    link: { madeBy: 'match' },
    inXero: { isCustomer: false, isSupplier: false, status: 'ACTIVE' },
  })
  expect((await list())[1]).toMatchObject({ code: 'L', link: null, inXero: null })
  w.sql(invoiceSql({ id: 'A', contact: 'K' }))
  await w.export()
  // An invoice makes a customer, which moves no date of the contact (§4.2): only reading all shows it.
  w.clock.advance(60 * 60_000)
  await w.must(['refresh', '--all'])
  expect((await list())[0]).toMatchObject({ inXero: { isCustomer: true, isSupplier: false } })
})
