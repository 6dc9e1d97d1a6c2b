// doctor (Q2): whatever is wrong with machine, ledger or connection, it is found, told with a cure, and nothing is changed.

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { leastNode } from '../../src/checkup/machine.ts'
import { runProgram } from '../../src/program.ts'
import { testHost } from '../support/host.ts'
import { invoicesSql } from '../support/workload.ts'
import { type RunOptions, World } from '../support/world.ts'

interface Told {
  checks: { id: string; entity: string | null; state: string; found: string; cure: string | null }[]
  counts: Record<string, number>
}

let world: World

async function doctor(argv: string[] = [], options: RunOptions = {}) {
  return toldBy(await world.run(['doctor', '--json', ...argv], options))
}

/** On a machine of another kind; Xero is not asked. */
async function doctorOn(machine: Parameters<typeof testHost>[0]) {
  const { env, folder: cwd, clock } = world
  const host = testHost({ cwd, clock, ...machine, env: { ...env, ...machine?.env } })
  const code = await runProgram(['doctor', '--json', '--offline'], host)
  return toldBy({ code, out: host.out(), err: host.err() })
}

function toldBy({ code, out, err }: { code: number; out: string; err: string }) {
  // What is waited for is told while it is waited.
  expect(err.replace(/^Waiting .*\n/gm, '')).toBe('')
  const { checks, counts } = JSON.parse(out) as Told
  const wrong = checks.filter(({ state }) => state !== 'ok')
  return { code, checks, counts, wrong, ids: wrong.map(({ id, state }) => `${id}: ${state}`) }
}

describe('what is looked at outside the ledger', () => {
  // Nothing in it is changed: one serves all.
  beforeAll(async () => {
    world = await World.open()
    await world.prepare()
  })
  afterAll(() => world.close())

  test('a ledger that lies in a network folder, and one that may', async () => {
    const env = { AUXO_NETWORK_LEDGER: 'allow' }
    const folderType = () => 0x6969
    const refused = await doctorOn({ folderType })
    expect([refused.code, refused.ids]).toEqual([5, ['ledger-place: error']])
    const allowed = await doctorOn({ folderType, env })
    expect([allowed.code, allowed.ids]).toEqual([0, ['ledger-place: warning']])
  })

  test('Node is older than the program needs', async () => {
    expect(`>=${leastNode}`).toBe(
      (
        JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
          engines: { node: string }
        }
      ).engines.node,
    )
    const { code, ids } = await doctorOn({ nodeVersion: '18.19.1' })
    expect([code, ids]).toEqual([1, ['node: error']])
  })

  describe('the environment', () => {
    test.each([
      [
        'a name that is mistyped',
        { AUXO_LEGDER: 'x.db' },
        'environment: warning',
        /Did you mean AUXO_LEDGER\?/,
      ],
      ['a value with its quotes', { XERO_CLIENT_ID: '"abc"' }, 'environment: warning', /XERO_CLIENT_ID/],
      ['an address in the clear', { XERO_IDENTITY_URL: 'http://example.com' }, 'environment: error', /https/],
      ['a value that is none', { AUXO_NETWORK_LEDGER: 'yes' }, 'environment: error', /AUXO_NETWORK_LEDGER/],
      ['mail without a server', { AUXO_MAIL_TO: 'a@example.com' }, 'environment: error', /AUXO_SMTP_URL/],
      ['a passphrase that is too short', { AUXO_PASSPHRASE: 'abc' }, 'environment: error', /12 characters/],
      [
        'a proxy that is none',
        { HTTPS_PROXY: 'http://:x:y', XERO_API_URL: '' },
        'proxy: error',
        /HTTPS_PROXY/,
      ],
    ])('%s', async (_, env: Record<string, string>, id, found) => {
      const { ids, wrong, code } = await doctor(['--offline'], { env })
      expect(ids).toContain(id)
      expect(wrong.find((check) => `${check.id}: ${check.state}` === id)?.found).toMatch(found)
      expect(code === 0).toBe(wrong.every(({ state }) => state === 'warning'))
    })

    test('no secret and no password of a proxy is repeated', async () => {
      const env = {
        HTTPS_PROXY: 'http://mere:geheim@proxy.example:3128',
        XERO_API_URL: '',
        XERO_CLIENT_SECRET: ' geheim',
      }
      const { out } = await world.run(['doctor', '--offline'], { env })
      expect(out).toContain('through http://proxy.example:3128')
      expect(out).not.toContain('geheim')
    })
  })
})

describe('a world each', () => {
  beforeEach(async () => {
    world = await World.open()
  })
  afterEach(() => world.close())

  test('where all is in order it says so, check by check', async () => {
    await world.prepare(invoicesSql(2, 1))
    await world.export()
    const { code, wrong, counts, checks } = await doctor()
    expect(wrong).toEqual([])
    expect({ code, error: counts['error'] }).toEqual({ code: 0, error: 0 })
    const ids = checks.map(({ id }) => id)
    for (const id of ['ledger-integrity', 'connection', 'scopes', 'xero', 'clock', 'calls-left', 'mirror']) {
      expect(ids).toContain(id)
    }
    const { out } = await world.run(['doctor'])
    expect(out).toMatch(/^This machine\n {2}ok {7}environment /)
    expect(out).toMatch(/\nNZ01\n.*\n {2}ok {7}connection {9}“Demo Company \(NZ\)”\./)
    expect(out).toMatch(/\nAll is in order\.\n$/)
    expect(await world.run(['doctor', '--quiet'])).toEqual({ code: 0, out: '', err: '' })
  })

  describe('a ledger that nothing else opens', () => {
    const cases: [string, () => void, string, RegExp][] = [
      ['is not there', () => rmSync(world.ledgerFile), 'ledger-file', /auxo-sync init .* --entity/],
      [
        'is no database',
        () => writeFileSync(world.ledgerFile, 'Dear diary'.repeat(500)),
        'ledger-file',
        /back-up/,
      ],
      [
        'is another program’s database',
        () => {
          rmSync(world.ledgerFile)
          world.sql('CREATE TABLE recipe (name TEXT)')
        },
        'ledger-file',
        /back-up/,
      ],
      [
        'is of an older version',
        () => world.sql('DELETE FROM schema_migration WHERE version > 9'),
        'ledger-schema',
        /^auxo-sync migrate --ledger /,
      ],
      [
        'is of a newer version',
        () => world.sql(`INSERT INTO schema_migration VALUES (99, 'later', 'x', '2027-01-01')`),
        'ledger-schema',
        /newer auxo-sync/,
      ],
      ['was overwritten', () => overwrite(world.ledgerFile, 2), 'ledger-integrity', /back-up.*adopt-copy/],
      [
        'has one page that was overwritten',
        () => overwrite(world.ledgerFile, -1),
        'ledger-integrity',
        /back-up.*adopt-copy/,
      ],
      [
        'is a folder',
        () => {
          rmSync(world.ledgerFile)
          mkdirSync(world.ledgerFile)
        },
        'ledger-file',
        /--ledger/,
      ],
    ]
    test.each(cases)('because it %s', async (_, breakIt, id, cure) => {
      await world.prepare()
      world.sql('PRAGMA wal_checkpoint(TRUNCATE)')
      breakIt()
      const { code, wrong } = await doctor()
      expect(code).toBe(5)
      expect(wrong.map((check) => check.id)).toEqual([id])
      expect(wrong[0]?.cure).toMatch(cure)
    })

    /** From a page on, counted from the end below zero. */
    function overwrite(file: string, fromPage: number): void {
      const bytes = readFileSync(file)
      bytes.fill(0xab, (fromPage < 0 ? bytes.length : 0) + fromPage * 4_096)
      writeFileSync(file, bytes)
    }
  })

  test('rows that belong to nothing, since an exporting system wrote without foreign keys', async () => {
    await world.prepare(invoicesSql(1, 1))
    world.sql(`PRAGMA foreign_keys = OFF; DELETE FROM document`)
    const { code, wrong } = await doctor()
    expect(code).toBe(0)
    expect(wrong).toEqual([expect.objectContaining({ id: 'ledger-references', state: 'warning' })])
    expect(wrong[0]?.found).toMatch(/\d in document_line/)
  })

  test.skipIf(process.platform === 'win32')('files that others may read or change', async () => {
    await world.prepare()
    chmodSync(world.configFolder, 0o755)
    chmodSync(world.ledgerFile, 0o666)
    const { code, ids, wrong } = await doctor()
    expect([code, ids]).toEqual([0, ['config-folder: warning', 'ledger-rights: warning']])
    expect(wrong[0]?.cure).toBe(`chmod -R go-rwx ${world.configFolder}`)
  })

  describe('the connection', () => {
    test('there is none: for the only entity an error, beside a connected one a warning', async () => {
      await world.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
      const alone = await doctor()
      expect([alone.code, alone.ids]).toEqual([4, ['connection: error']])
      expect(alone.wrong[0]?.cure).toContain('--entity NZ01')
      await world.must(['connect', '--custom'])
      await world.must(['entities', 'add', 'AU01', '--name', 'Harbour Pty', '--region', 'AU'])
      const beside = await doctor()
      expect([beside.code, beside.ids]).toEqual([0, ['connection: warning']])
    })

    test('no entity at all', async () => {
      await world.must(['init'])
      expect((await doctor()).ids).toEqual(['entities: warning'])
    })

    test('client id and secret are not in the environment', async () => {
      await world.prepare()
      const { code, ids } = await doctor([], { env: { XERO_CLIENT_SECRET: '' } })
      expect([code, ids]).toEqual([4, ['credentials: error', 'xero: error']])
    })

    test('the shell points to the sandbox, and the entity was connected to Xero', async () => {
      await world.prepare()
      world.sql(`UPDATE connection SET api_url = 'https://api.xero.com'`)
      const { code, ids, wrong } = await doctor()
      expect(code).toBe(4)
      expect(ids).toContain('connection: error')
      expect(wrong.find(({ id }) => id === 'connection')?.cure).toContain('unset XERO_API_URL')
    })

    test('Xero is away: no fault of this machine', async () => {
      await world.prepare()
      world.sandbox.fault({
        method: 'GET',
        path: '/Organisation',
        times: 9,
        kind: 'error-before-commit',
        status: 503,
      })
      const { code, ids } = await doctor()
      expect([code, ids]).toEqual([0, ['xero: warning']])
    })

    test('settings that are no values, and that do not go together', async () => {
      await world.prepare(
        `INSERT INTO setting VALUES ('NZ01', 'chunk_size', '500'), ('NZ01', 'daily_summaries', 'invoice')`,
      )
      const { code, wrong } = await doctor(['--offline'])
      expect(code).toBe(1)
      expect(wrong).toEqual([expect.objectContaining({ id: 'settings', entity: 'NZ01' })])
      expect(wrong[0]?.found).toMatch(/chunk_size.*ar_style=journals/)
    })

    test('offline nothing is asked and nothing written', async () => {
      await world.prepare()
      const [calls, bytes] = [world.exchanges.length, world.ledgerBytes()]
      const { checks } = await doctor(['--offline'])
      expect(world.exchanges).toHaveLength(calls)
      expect(world.ledgerBytes().equals(bytes)).toBe(true)
      expect(checks.map(({ id }) => id)).not.toContain('xero')
    })
  })

  describe('what the last runs left', () => {
    test('an answer was lost: from when it can be settled', async () => {
      await world.prepare(invoicesSql(2, 1))
      world.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'partial-commit', stored: 1 })
      await world.export()
      const { code, wrong } = await doctor()
      expect(code).toBe(0)
      expect(wrong).toEqual([expect.objectContaining({ id: 'open-calls', state: 'warning' })])
      expect(wrong[0]?.cure).toMatch(/^From 2026-11-22 \d\d:\d\d UTC on: auxo-sync export --entity NZ01$/)
    })

    test('a run was killed: the next one takes over', async () => {
      await world.prepare(invoicesSql(2, 1))
      await world.run(['export'], { death: { atRequest: 9 } }).catch(() => undefined)
      expect((await doctor()).ids).toEqual(expect.arrayContaining(['lease: warning']))
    })

    test('a back-up was put back', async () => {
      await world.prepare(invoicesSql(1, 1))
      const putBack = world.backUp()
      await world.export()
      putBack()
      const { code, wrong } = await doctor()
      expect(code).toBe(5)
      expect(wrong).toEqual([
        expect.objectContaining({ id: 'copy', cure: 'auxo-sync adopt-copy --entity NZ01' }),
      ])
      await world.must(['adopt-copy'])
      expect((await doctor()).code).toBe(0)
    })

    test('Xero’s books were read long ago, and its clock is another than ours', async () => {
      await world.prepare()
      world.clock.advance(8 * 86_400_000)
      world.clock.stepWall(-10 * 60_000)
      const { code, ids, wrong } = await doctor()
      expect([code, ids]).toEqual([0, ['clock: warning', 'mirror: warning']])
      expect(wrong[0]?.found).toBe('The clock of this machine is 10 minutes behind Xero’s.')
    })
  })

  test('a cure that is a command cures', async () => {
    await world.prepare()
    world.clock.advance(8 * 86_400_000)
    const { wrong } = await doctor()
    expect(wrong).toEqual([
      expect.objectContaining({ id: 'mirror', cure: 'auxo-sync refresh --entity NZ01' }),
    ])
    await world.must((wrong[0]?.cure ?? '').split(' ').slice(1))
    expect((await doctor()).wrong).toEqual([])
  })
})
