import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aMirror, someBooks } from '../../test/support/books.ts'
import { aContactInXero } from '../../test/support/contacts.ts'
import type { Books } from '../accounting/books.ts'
import type { MirrorContact } from '../accounting/documents.ts'
import { applyContacts } from '../ledger/mirror-contacts.ts'
import { insertRow, type TestLedger, testLedger, testTenant } from '../ledger/test-ledger.ts'
import { openScope, todayOf } from './scope.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const contact = (code: string, name: string, changes: Record<string, string | number> = {}) =>
  insertRow(world, 'contact', { code, name, ...changes })
const link = (code: string, xeroContactId: string, tenant = testTenant) =>
  insertRow(world, 'contact_link', {
    contact: code,
    tenant_id: tenant,
    xero_contact_id: xeroContactId,
    made_by: 'hand',
    since: 'then',
  })
const inXero = (contactId: string, changes: Partial<MirrorContact>) =>
  applyContacts(
    world.ledger,
    testTenant,
    [
      {
        contactId,
        name: contactId,
        contactNumber: null,
        email: null,
        phones: [],
        status: 'ACTIVE',
        mergedTo: null,
        updatedAt: 1,
        inXero: aContactInXero(),
        ...changes,
      },
    ],
    1,
  )

async function standing(code: string, books: Books = someBooks(), tenant: string | null = testTenant) {
  const scope = await openScope(world.ledger, books, tenant, world.clock)
  return (await scope.standings([code])).get(code)
}

describe('where a contact stands', () => {
  test('linked: with what Xero has of it', async () => {
    contact('K', 'Kea Ltd')
    link('K', 'x1')
    await inXero('x1', { name: 'Renamed', status: 'ARCHIVED' })
    const { link: state, findings } = (await standing('K')) ?? {}
    expect(state).toMatchObject({
      state: 'linked',
      xeroContactId: 'x1',
      mirror: { name: 'Renamed', status: 'ARCHIVED' },
    })
    expect(findings).toEqual([])
  })

  test('linked in another organisation is not linked here', async () => {
    contact('K', 'Kea Ltd')
    link('K', 'x1', 'another')
    expect((await standing('K'))?.link).toEqual({ state: 'unlinked', match: { outcome: 'none' } })
  })

  const matches: [title: string, theirs: [string, Partial<MirrorContact>][], expected: string][] = [
    ['nobody there', [['x1', { name: 'Lark' }]], 'none'],
    ['one of its name', [['x1', { name: ' kea  LTD' }]], 'match'],
    ['one of its number', [['x1', { name: 'Kea Ltd', contactNumber: 'K' }]], 'match'],
    [
      'two of its name',
      [
        ['x1', { name: 'Kea Ltd' }],
        ['x2', { name: 'KEA LTD' }],
      ],
      'ambiguous',
    ],
  ]
  test.each(matches)('unlinked, with %s', async (_title, theirs, expected) => {
    contact('K', 'Kea Ltd')
    for (const [id, changes] of theirs) await inXero(id, changes)
    const state = (await standing('K'))?.link
    expect(state?.state === 'unlinked' ? state.match.outcome : state).toBe(expected)
  })

  test('nothing can be said before the organisation was read or connected', async () => {
    contact('K', 'Kea Ltd')
    link('K', 'x1')
    expect((await standing('K', someBooks({ mirror: null })))?.link).toBeNull()
    expect((await standing('K', someBooks(), null))?.link).toBeNull()
  })

  test('a contact that the ledger does not have is left out', async () => {
    expect(await standing('nobody')).toBeUndefined()
  })

  test('names that agree ignoring case are told', async () => {
    contact('K', 'Kea Ltd')
    contact('L', 'KEA  ltd ')
    contact('M', 'Moa')
    expect((await standing('K'))?.duplicatesOfName).toEqual(['L'])
    expect((await standing('K'))?.findings.map((one) => one.code)).toContain('contact-name-duplicate')
    expect((await standing('M'))?.duplicatesOfName).toEqual([])
  })

  test('of very many of one name a few are told', async () => {
    for (let index = 0; index < 50; index += 1) contact(`K${index}`, 'Cash sale')
    for (const code of ['K0', 'K3', 'K49']) {
      const others = (await standing(code))?.duplicatesOfName ?? []
      expect(others).toHaveLength(3)
      expect(others).not.toContain(code)
    }
  })

  test('one that cannot be created says why', async () => {
    contact('K', 'Kea Ltd', { active: 0 })
    expect((await standing('K'))?.findings.map((one) => one.code)).toContain('contact-inactive')
  })
})

describe('the scope of a check', () => {
  test('knows the prefixes of all entities that share the organisation', async () => {
    world.exec(`
      INSERT INTO billing_entity (code, name, region) VALUES ('AU01', 'a', 'AU'), ('GB01', 'g', 'GB'), ('US01', 'u', 'US');
      INSERT INTO connection SELECT 'AU01', tenant_id, organisation_name, login, client_id, scopes, api_url, connected_at FROM connection WHERE entity = 'NZ01';
      INSERT INTO connection SELECT 'GB01', 'another', organisation_name, login, client_id, scopes, api_url, connected_at FROM connection WHERE entity = 'NZ01';
      INSERT INTO setting VALUES ('AU01', 'number_prefix', 'AU-'), ('GB01', 'number_prefix', 'GB-')`)
    const scope = await openScope(
      world.ledger,
      someBooks({ settings: { number_prefix: 'NZ-' } }),
      testTenant,
      world.clock,
    )
    expect([...scope.prefixes]).toEqual([
      ['NZ01', 'NZ-'],
      ['AU01', 'AU-'],
    ])
  })

  const organisation = (timezone: string) => {
    const mirror = aMirror()
    return { ...mirror, organisation: { ...mirror.organisation, timezone } }
  }
  test.each([
    ['in the organisation', organisation('NEWZEALANDSTANDARDTIME'), '2026-11-22T11:00:00Z', '2026-11-23'],
    [
      'in the organisation, an hour before midnight',
      organisation('NEWZEALANDSTANDARDTIME'),
      '2026-11-22T10:00:00Z',
      '2026-11-22',
    ],
    [
      'in another zone than the region',
      organisation('GMTSTANDARDTIME'),
      '2026-11-22T11:00:00Z',
      '2026-11-22',
    ],
    ['in the region, before the organisation was read', null, '2026-11-22T11:00:00Z', '2026-11-23'],
    [
      'in the region, where Xero’s word is not known',
      organisation('MOONTIME'),
      '2026-11-22T11:00:00Z',
      '2026-11-23',
    ],
  ])('today is that %s', (_title, mirror, instant, expected) => {
    expect(todayOf(someBooks({ mirror }), { ...world.clock, now: () => Date.parse(instant) })).toBe(expected)
  })
})
