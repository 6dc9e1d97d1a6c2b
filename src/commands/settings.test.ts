import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { settingNames } from '../accounting/settings.ts'
import { addEntityCommand, entitiesCommand } from './entities.ts'
import { getSettingCommand, listSettingsCommand, setSettingCommand } from './settings.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
})
afterEach(() => world.drop())

const get = (name: string, flags = {}) => world.run((context) => getSettingCommand(context, name), flags)
const set = (name: string, value: string, flags = {}) =>
  world.run((context) => setSettingCommand(context, name, value), flags)

describe('settings', () => {
  test('one is a JSON line an entity, with value, default and what it does', async () => {
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    await set('chunk_size', '50', { entity: 'NZ02' })
    expect((await get('chunk_size', { json: true })).json).toEqual([
      {
        entity: 'NZ01',
        name: 'chunk_size',
        value: '100',
        default: '100',
        explanation: 'Documents in one call to Xero.',
      },
      expect.objectContaining({ entity: 'NZ02', name: 'chunk_size', value: '50', default: '100' }),
    ])
    expect((await get('chunk_size')).out).toBe('NZ01: 100\nNZ02: 50\n')
    expect((await get('chunk_size', { entity: 'NZ02' })).out).toBe('50\n')
  })

  test('the list has every setting', async () => {
    const { json } = await world.run(listSettingsCommand, { json: true })
    expect(json.map((line) => (line as { name: string }).name)).toEqual(settingNames)
    const { out } = await world.run(listSettingsCommand)
    for (const name of settingNames) expect(out).toContain(name)
  })

  test('a new value is stored, told, and remembered with who set it', async () => {
    const { out, code } = await set('cutover_date', '2026-04-01')
    expect([code, out]).toEqual([0, 'cutover_date of NZ01 is now 2026-04-01; it was empty.\n'])
    expect((await set('cutover_date', '2026-04-01')).out).toBe(
      'cutover_date of NZ01 is 2026-04-01, as it was.\n',
    )
    expect((await get('cutover_date')).out).toBe('2026-04-01\n')
    expect(
      world.ledger.sqlite.prepare('SELECT who, entity, what, detail FROM event ORDER BY id').get(),
    ).toEqual({
      who: 'mere@office',
      entity: 'NZ01',
      what: 'setting cutover_date',
      detail: '{"from":null,"to":"2026-04-01"}',
    })
  })

  test.each<{ name: string; value: string; prepare?: () => void; code: string; says: string }>([
    { name: 'chunk_size', value: '101', code: 'configuration-invalid', says: 'from 1 to 100' },
    { name: 'cutover_date', value: '2026-02-30', code: 'configuration-invalid', says: 'a date such as' },
    { name: 'chunksize', value: '50', code: 'usage', says: 'Did you mean chunk_size?' },
    {
      name: 'request_timeout',
      value: '300s',
      code: 'configuration-invalid',
      says: 'must not exceed 330s',
    },
    {
      name: 'settle_window',
      value: '10s',
      code: 'configuration-invalid',
      says: 'must be at least 360s',
    },
    {
      name: 'chunk_size',
      value: '50',
      prepare: () => world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' }),
      code: 'usage',
      says: 'say which with --entity (NZ01, NZ02)',
    },
    {
      name: 'number_prefix',
      value: 'N-',
      prepare: () => {
        world.invoice('INV-1')
        world.ledger.sqlite.prepare(`UPDATE export_state SET state = 'exported'`).run()
      },
      code: 'configuration-invalid',
      says: 'documents have gone to Xero under it',
    },
  ])('refuses $name = $value: $says', async ({ name, value, prepare, code, says }) => {
    prepare?.()
    await expect(set(name, value)).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
    expect(world.ledger.sqlite.prepare('SELECT COUNT(*) AS n FROM setting').get()).toEqual({ n: 0 })
  })

  test('where Xero is on this machine the settle window may be shorter', async () => {
    world.connect('NZ01')
    world.ledger.sqlite.prepare(`UPDATE connection SET api_url = 'http://127.0.0.1:4098'`).run()
    expect((await set('settle_window', '10s', { json: true })).json).toMatchObject([
      { value: '10s', default: '360s' },
    ])
  })

  test('the prefix may be set to what it is', async () => {
    await set('number_prefix', 'N-')
    world.invoice('INV-1')
    world.ledger.sqlite.prepare(`UPDATE export_state SET state = 'exported'`).run()
    expect((await set('number_prefix', 'N-')).code).toBe(0)
  })
})

describe('entities', () => {
  const add = (code: string, flags: { name: string; region: string; currency?: string }, global = {}) =>
    world.run((context) => addEntityCommand(context, code, flags), global)

  test('are listed with their organisation', async () => {
    await add('AU01', { name: 'Second', region: 'AU', currency: 'aud' })
    world.connect('NZ01')
    expect((await world.run(entitiesCommand, { json: true })).json).toEqual([
      { code: 'AU01', name: 'Second', region: 'AU', baseCurrency: 'AUD', organisation: null },
      {
        code: 'NZ01',
        name: 'Harbour Motors Ltd',
        region: 'NZ',
        baseCurrency: null,
        organisation: {
          tenantId: 'tenant-1',
          name: 'Harbour Motors',
          since: '2026-11-01T00:00:00.000Z',
          connected: true,
          login: 'custom',
          daysLeft: null,
        },
      },
    ])
    const { out } = await world.run(entitiesCommand)
    expect(out).toMatch(/AU01 .*not connected\n/)
    expect(out).toMatch(/NZ01 .*Harbour Motors +1 Nov 2026 +no end\n/)
  })

  test.each([
    ['NZ01', { name: 'Again', region: 'NZ' }, 'already'],
    ['NZ02', { name: 'X', region: 'XX' }, 'is not known'],
    ['NZ02', { name: ' ', region: 'NZ' }, 'needs a name'],
    ['NZ02', { name: 'X', region: 'NZ', currency: 'dollars' }, 'no currency code'],
    ['N Z', { name: 'X', region: 'NZ' }, 'code of an entity'],
  ])('%s with %j is refused', async (code, flags, says) => {
    await expect(add(code, flags)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(says),
    })
    expect((await world.run(entitiesCommand, { json: true })).json).toHaveLength(1)
  })
})
