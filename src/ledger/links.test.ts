import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCard } from '../../test/support/contacts.ts'
import { recordConnection } from './connections.ts'
import { endLink, findLinks, listContacts, recordLinks } from './links.ts'
import { insertRow, type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  world.exec("INSERT INTO contact (code, name, active) VALUES ('K', 'Kea', 1), ('L', 'Lark', 0)")
})
afterEach(() => world.close())

const how = { madeBy: 'match', who: 'auxo-sync', run: 3 } as const
const record = (
  contact: string,
  xeroContactId: string,
  changes: Partial<Parameters<typeof recordLinks>[3]> = {},
) => recordLinks(world.ledger, testTenant, [{ contact, xeroContactId }], { ...how, ...changes })
const all = () =>
  world.rows(
    'SELECT contact, xero_contact_id, made_by, ended IS NOT NULL AS over FROM contact_link ORDER BY id',
  )
const events = () => world.rows('SELECT source_id, what, detail, who, run FROM event ORDER BY id')

describe('links', () => {
  test('are recorded once, with who and when', async () => {
    await record('K', 'x1')
    expect(await findLinks(world.ledger, testTenant, ['K', 'L'])).toEqual(
      new Map([
        ['K', { contact: 'K', xeroContactId: 'x1', madeBy: 'match', since: '2026-11-22T00:00:00.000Z' }],
      ]),
    )
    expect(await findLinks(world.ledger, 'another', ['K'])).toEqual(new Map())
    expect(events()).toEqual([
      { source_id: 'K', what: 'linked by match', detail: 'x1', who: 'auxo-sync', run: 3 },
    ])
  })

  test('that live are kept, and nothing is said', async () => {
    await record('K', 'x1', { madeBy: 'hand' })
    await record('K', 'x2')
    expect(all()).toEqual([{ contact: 'K', xero_contact_id: 'x1', made_by: 'hand', over: 0 }])
    expect(events()).toHaveLength(1)
  })

  test('are replaced where a person says so', async () => {
    await record('K', 'x1')
    await record('K', 'x2', { madeBy: 'hand', replace: true, who: 'mere', run: null })
    expect(all()).toEqual([
      { contact: 'K', xero_contact_id: 'x1', made_by: 'match', over: 1 },
      { contact: 'K', xero_contact_id: 'x2', made_by: 'hand', over: 0 },
    ])
    expect(events()[1]).toMatchObject({ what: 'linked by hand', detail: 'x2', who: 'mere', run: null })
  })

  test('that end make the contact one that has to be found again', async () => {
    await record('K', 'x1')
    world.exec(`
      INSERT INTO connection SELECT 'AU01', 'another', organisation_name, login, client_id, scopes, api_url, connected_at FROM connection;
      INSERT OR REPLACE INTO export_state (kind, source_id, entity, state, queued, xero_id) VALUES
        ('contact', 'K', 'NZ01', 'exported', 0, 'x1'), ('contact', 'K', 'AU01', 'exported', 0, 'y1'),
        ('contact', 'L', 'NZ01', 'exported', 0, 'x9')`)
    expect(await endLink(world.ledger, testTenant, 'K', 'mere')).toBe(true)
    expect(await endLink(world.ledger, testTenant, 'K', 'mere')).toBe(false)
    expect(all()).toEqual([{ contact: 'K', xero_contact_id: 'x1', made_by: 'match', over: 1 }])
    expect(
      world.rows('SELECT source_id, entity, state, queued, xero_id FROM export_state ORDER BY 1, 2'),
    ).toEqual([
      { source_id: 'K', entity: 'AU01', state: 'exported', queued: 0, xero_id: 'y1' },
      { source_id: 'K', entity: 'NZ01', state: 'pending', queued: 1, xero_id: null },
      { source_id: 'L', entity: 'NZ01', state: 'exported', queued: 0, xero_id: 'x9' },
    ])
    expect(events().at(-1)).toMatchObject({ what: 'unlinked', source_id: 'K', who: 'mere' })
    await record('K', 'x3')
    expect((await findLinks(world.ledger, testTenant, ['K'])).get('K')?.xeroContactId).toBe('x3')
  })

  test.each(['uncertain', 'sending', 'held', 'failed'])(
    'that end leave a contact alone that is %s',
    async (state) => {
      await record('K', 'x1')
      world.exec(
        `INSERT OR REPLACE INTO export_state (kind, source_id, entity, state, xero_id) VALUES ('contact', 'K', 'NZ01', '${state}', 'x1')`,
      )
      expect(await endLink(world.ledger, testTenant, 'K', 'mere')).toBe(true)
      expect(world.row('SELECT state, xero_id FROM export_state')).toEqual({ state, xero_id: 'x1' })
    },
  )

  test('make the contact a thing of every entity of the organisation, with nothing to be sent', async () => {
    world.exec(`
      INSERT INTO connection SELECT 'NZ02', tenant_id, organisation_name, login, client_id, scopes, api_url, connected_at FROM connection;
      INSERT INTO connection SELECT 'AU01', 'another', organisation_name, login, client_id, scopes, api_url, connected_at FROM connection WHERE entity = 'NZ01';
      INSERT INTO export_state (kind, source_id, entity, state) VALUES ('contact', 'K', 'NZ01', 'failed'), ('contact', 'K', 'AU01', 'failed')`)
    await record('K', 'x1')
    const states = () =>
      world.rows('SELECT entity, state, queued, xero_id FROM export_state ORDER BY entity').map(Object.values)
    expect(states()).toEqual([
      ['AU01', 'failed', 1, null],
      ['NZ01', 'exported', 0, 'x1'],
      ['NZ02', 'exported', 0, 'x1'],
    ])
    world.exec("UPDATE contact SET phone = '1' WHERE code = 'K'")
    expect(states().map((row) => row[2])).toEqual([1, 1, 1])
  })

  test('are known to an entity that is connected later, and forgotten by one that goes elsewhere', async () => {
    await record('K', 'x1')
    const connect = (entity: string, tenantId: string) =>
      recordConnection(
        world.ledger,
        { entity, tenantId, organisation: 'O', login: 'custom', clientId: 'c', scopes: '', apiUrl: 'u' },
        'mere',
      )
    const states = () =>
      world.rows('SELECT entity, state, queued, xero_id FROM export_state ORDER BY entity').map(Object.values)
    world.exec("UPDATE contact SET phone = '1' WHERE code = 'K'")
    await connect('NZ02', testTenant)
    expect(states()).toEqual([
      ['NZ01', 'exported', 1, 'x1'],
      ['NZ02', 'exported', 0, 'x1'],
    ])
    await connect('NZ01', testTenant)
    await connect('NZ02', 'another')
    expect(states()).toEqual([
      ['NZ01', 'exported', 1, 'x1'],
      ['NZ02', 'pending', 1, null],
    ])
  })

  test('begin in step: with what the ledger and Xero say then', async () => {
    insertRow(world, 'mirror_contact', {
      tenant_id: testTenant,
      contact_id: 'x1',
      name: 'KEA',
      name_key: 'kea',
      status: 'ACTIVE',
      updated_at: '',
      read_at: '',
      card: JSON.stringify(aCard({ name: 'KEA' })),
    })
    await record('K', 'x1')
    await record('L', 'unread')
    const bases = () => world.rows('SELECT contact, ledger, xero FROM contact_base').map(Object.values)
    expect(bases()).toEqual([
      ['K', JSON.stringify(aCard({ name: 'Kea' })), JSON.stringify(aCard({ name: 'KEA' }))],
      ['L', JSON.stringify(aCard({ name: 'Lark' })), null],
    ])
    await record('K', 'x2', { madeBy: 'hand', replace: true })
    expect(bases()[0]?.[2]).toBeNull()
    await endLink(world.ledger, testTenant, 'K', 'mere')
    expect(bases()).toHaveLength(1)
  })

  test('are listed with their contacts, of one organisation or of all', async () => {
    await record('K', 'x1')
    await recordLinks(world.ledger, 'another', [{ contact: 'K', xeroContactId: 'y1' }], how)
    const list = async (tenant: string | null) =>
      (await listContacts(world.ledger, tenant)).map((one) => [
        one.code,
        one.active,
        one.link?.xeroContactId ?? null,
      ])
    expect(await list(testTenant)).toEqual([
      ['K', true, 'x1'],
      ['L', false, null],
    ])
    expect(await list(null)).toEqual([
      ['K', true, 'y1'],
      ['K', true, 'x1'],
      ['L', false, null],
    ])
  })
})
