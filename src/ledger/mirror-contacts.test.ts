import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aContactInXero } from '../../test/support/contacts.ts'
import { applyContacts, contactsWatermark, findMirrorContacts, type ReadContact } from './mirror-contacts.ts'
import { insertRow, type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const at = (time: string) => Date.parse(`2026-11-20T${time}Z`)
const contact = (contactId: string, changes: Partial<ReadContact> = {}): ReadContact => ({
  contactId,
  name: `Name of ${contactId}`,
  contactNumber: null,
  email: null,
  phones: [],
  status: 'ACTIVE',
  mergedTo: null,
  updatedAt: at('10:00:00'),
  inXero: aContactInXero(),
  ...changes,
})
const apply = (contacts: ReturnType<typeof contact>[], reached: number | null = null) =>
  applyContacts(world.ledger, testTenant, contacts, reached)
const names = () =>
  world
    .rows('SELECT contact_id, name FROM mirror_contact ORDER BY contact_id')
    .map((row) => Object.values(row).join(' '))

function link(code: string, xeroContactId: string, tenant = testTenant): void {
  insertRow(world, 'contact_link', {
    contact: code,
    tenant_id: tenant,
    xero_contact_id: xeroContactId,
    made_by: 'create',
    since: '2026-11-01T00:00:00.000Z',
  })
}
const links = () =>
  world
    .rows(
      'SELECT contact, xero_contact_id, made_by FROM contact_link WHERE ended IS NULL ORDER BY contact, tenant_id',
    )
    .map((row) => Object.values(row).join(' '))

describe('contacts', () => {
  test('newer data overwrites, older never does', async () => {
    await apply([contact('x', { name: 'second', updatedAt: at('10:00:00') })])
    await apply([contact('x', { name: 'first', updatedAt: at('09:59:59') })])
    expect(names()).toEqual(['x second'])
    await apply([contact('x', { name: 'second again', updatedAt: at('10:00:00') })])
    expect(names()).toEqual(['x second again'])
    await apply([contact('x', { name: 'third', updatedAt: at('10:00:01') })])
    expect(names()).toEqual(['x third'])
  })

  test('the watermark only goes forward', async () => {
    expect(await contactsWatermark(world.ledger, testTenant)).toBeNull()
    await apply([], null)
    expect(await contactsWatermark(world.ledger, testTenant)).toBeNull()
    expect(world.row('SELECT reached FROM watermark')['reached']).toBeNull()
    await apply([], null)
    expect(world.row('SELECT reached FROM watermark')['reached']).toBeNull()
    await apply([], at('10:00:00'))
    await apply([], at('09:00:00'))
    await apply([], null)
    expect(await contactsWatermark(world.ledger, testTenant)).toBe(at('10:00:00'))
    world.clock.advance(1_000)
    await apply([], at('11:00:00'))
    expect(world.row('SELECT reached, read_at FROM watermark')).toEqual({
      reached: '2026-11-20T11:00:00.000Z',
      read_at: '2026-11-22T00:00:01.000Z',
    })
    expect(await contactsWatermark(world.ledger, 'another')).toBeNull()
  })

  test('are found by name, number and id', async () => {
    await apply([
      contact('x', { name: ' Kea  LTD', contactNumber: 'K1', email: 'a@b', phones: ['021'] }),
      contact('y', { name: 'Lark', contactNumber: 'L1', status: 'ARCHIVED' }),
      contact('z', { name: 'Moa' }),
    ])
    const find = async (by: Parameters<typeof findMirrorContacts>[2]) =>
      (await findMirrorContacts(world.ledger, testTenant, by)).map((one) => one.contactId)
    expect(await find({ nameKeys: ['kea ltd'] })).toEqual(['x'])
    expect(await find({ numbers: ['L1', 'K1'] })).toEqual(['x', 'y'])
    expect(await find({ ids: ['z'], nameKeys: ['lark'] })).toEqual(['y', 'z'])
    expect(await find({})).toEqual([])
    expect(await findMirrorContacts(world.ledger, 'another', { ids: ['z'] })).toEqual([])
    expect((await findMirrorContacts(world.ledger, testTenant, { ids: ['x'] }))[0]).toEqual({
      contactId: 'x',
      name: ' Kea  LTD',
      contactNumber: 'K1',
      email: 'a@b',
      phones: ['021'],
      status: 'ACTIVE',
      mergedTo: null,
    })
  })
})

describe('merges in Xero', () => {
  const merged = (from: string, to: string) => contact(from, { status: 'ARCHIVED', mergedTo: to })

  test('take the link along, and say so', async () => {
    link('K', 'x')
    link('L', 'other')
    link('K', 'x', 'another organisation')
    await apply([merged('x', 'y'), contact('y')])
    expect(links()).toEqual(['K x create', 'K y merge', 'L other create'])
    expect(
      world.row("SELECT ended FROM contact_link WHERE xero_contact_id = 'x' AND tenant_id = ?", testTenant),
    ).toEqual({
      ended: '2026-11-22T00:00:00.000Z',
    })
    expect(world.rows('SELECT source_id, what, detail FROM event')).toEqual([
      { source_id: 'K', what: 'link followed a merge in Xero', detail: 'y' },
    ])
    await apply([])
    expect(world.rows('SELECT 1 FROM event')).toHaveLength(1)
  })

  test.each([
    ['in one page', [[merged('x', 'y'), merged('y', 'z'), contact('z')]]],
    ['the later one first', [[merged('y', 'z'), merged('x', 'y')]]],
    ['in two reads', [[merged('x', 'y')], [merged('y', 'z')]]],
    ['in two reads, the later one first', [[merged('y', 'z')], [merged('x', 'y')]]],
  ])('two in a row are followed to the end: %s', async (_title, pages) => {
    link('K', 'x')
    for (const page of pages) await apply(page)
    expect(links()).toEqual(['K z merge'])
  })

  test('in a circle come to an end', async () => {
    link('K', 'x')
    await apply([merged('x', 'y'), merged('y', 'x')])
    expect(links()).toHaveLength(1)
    await apply([merged('w', 'w')])
    expect(links()).toHaveLength(1)
  })

  test('of two linked contacts leave both on the one that stayed', async () => {
    link('K', 'x')
    link('L', 'y')
    await apply([merged('x', 'y')])
    expect(links()).toEqual(['K y merge', 'L y create'])
  })
})
