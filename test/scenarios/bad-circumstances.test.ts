// Everything around the program that can be wrong: files, disks, networks, credentials, settings. Each gets its exit code
// and a sentence that says what to do; nothing is lost, nothing half-done stays, and once it is mended all goes on.

import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { ProcessWorld } from '../support/process-world.ts'
import { invoicesSql } from '../support/workload.ts'
import { type Outcome, type RunOptions, World } from '../support/world.ts'

let world: World | undefined

async function open(): Promise<World> {
  world = await World.open()
  return world
}

async function connected(invoices = 5): Promise<World> {
  const w = await open()
  await w.prepare(invoicesSql(invoices, 2))
  return w
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const puts = (w: World) => w.exchanges.filter(({ method }) => method === 'PUT').length

/** Said to a person: what is wrong and what to do, and nothing for programmers. */
function expectSaid(outcome: Outcome, code: number, sentence: RegExp): void {
  expect({ code: outcome.code, err: outcome.err }).toMatchObject({
    code,
    err: expect.stringMatching(sentence),
  })
  expect(outcome.err).not.toMatch(/\n\s+at |SqliteError|SQLITE_|ECONN|ENOTFOUND|undefined|\[object/)
  expect(outcome.err).not.toContain('sandbox-client-secret')
}

/** The circumstances are right again: everything goes out, once. */
async function expectAllGoesOn(w: World, invoices = 5): Promise<void> {
  w.clock.advance(10 * 60_000)
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(w.sandbox.invoices()).toHaveLength(invoices)
  expect(brokenPromises(w)).toEqual([])
}

describe('the ledger', () => {
  test('is not there', async () => {
    const w = await open()
    expectSaid(await w.run(['export']), 5, /There is no ledger at .*auxo-sync init/)
  })

  test('is a folder', async () => {
    const w = await open()
    expectSaid(await w.run(['export', '--ledger', w.folder]), 5, /is a folder/)
  })

  test.each(['export', 'status', 'migrate', 'validate'])('is a text file, for %s', async (command) => {
    const w = await open()
    const text = 'Invoice,Date,Amount\n'.repeat(200)
    writeFileSync(w.ledgerFile, text)
    expectSaid(await w.run([command]), 5, /is not a ledger/)
    expect(readFileSync(w.ledgerFile, 'utf8')).toBe(text)
  })

  test('is another program’s database, which stays as it is', async () => {
    const w = await open()
    const other = new Database(w.ledgerFile)
    other.exec('CREATE TABLE theirs (a TEXT)')
    other.close()
    const before = readFileSync(w.ledgerFile)
    expectSaid(await w.run(['export']), 5, /ledger/)
    expect(readFileSync(w.ledgerFile).equals(before)).toBe(true)
  })

  test('was cut off', async () => {
    const w = await connected()
    const restore = w.backUp()
    truncateSync(w.ledgerFile, Math.floor(statSync(w.ledgerFile).size / 8192) * 4096)
    expectSaid(await w.run(['export']), 5, /damaged.*back-up/s)
    expect(puts(w)).toBe(0)
    restore()
    await expectAllGoesOn(w)
  })

  test('has a page that a bad disk overwrote', async () => {
    const w = await connected()
    const restore = w.backUp()
    const bytes = readFileSync(w.ledgerFile)
    // All pages but the schema's: whichever is read first is damaged.
    bytes.fill(0xff, Math.floor(bytes.length / 2 / 4096) * 4096)
    writeFileSync(w.ledgerFile, bytes)
    expectSaid(await w.run(['export']), 5, /damaged.*back-up/s)
    expect(puts(w)).toBe(0)
    restore()
    await expectAllGoesOn(w)
  })

  test('is locked by another program', async () => {
    const w = await connected()
    const other = new Database(w.ledgerFile)
    other.exec('BEGIN EXCLUSIVE')
    const impatient = (database: Database.Database) => {
      database.pragma('busy_timeout = 20')
      return database
    }
    const run = await w.run(['export'], { wrapDatabase: impatient })
    expectSaid(run, 5, /locked by another program/)
    other.exec('ROLLBACK')
    other.close()
    await expectAllGoesOn(w)
  })

  test('may not be written', async () => {
    const w = await connected()
    const readOnly = (database: Database.Database) => {
      database.pragma('query_only = ON')
      return database
    }
    expectSaid(await w.run(['export'], { wrapDatabase: readOnly }), 5, /read-only/)
    expect(puts(w)).toBe(0)
    await expectAllGoesOn(w)
  })

  test.each([0, 1, 2, 3, 5, 8, 13, 21])('runs out of disk after %i more pages', async (pages) => {
    const w = await connected(20)
    w.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '4')`)
    const fullDisk = (database: Database.Database) => {
      database.pragma('wal_checkpoint(TRUNCATE)')
      const used = database.pragma('page_count', { simple: true }) as number // a count
      database.pragma(`max_page_count = ${used + pages}`)
      return database
    }
    const run = await w.run(['export'], { wrapDatabase: fullDisk })
    if (run.code !== 0) expectSaid(run, 5, /no space left/)
    expect(pages > 3 || run.code === 5).toBe(true)
    await expectAllGoesOn(w, 20)
  })

  test('is of a newer version', async () => {
    const w = await connected()
    w.sql(newerMigration)
    expectSaid(await w.run(['export']), 5, /newer/)
    expectSaid(await w.run(['migrate']), 5, /newer/)
    expect(puts(w)).toBe(0)
  })

  test('cannot be made where no folder is', async () => {
    const w = await open()
    expectSaid(await w.run(['init', 'no/such/folder/ledger.db']), 5, /There is no folder/)
  })

  test('is not made over an existing one', async () => {
    const w = await connected()
    const run = await w.run(['init', '--entity', 'X', '--name', 'X', '--region', 'NZ'])
    expect(run.code).not.toBe(0)
    expectSaid(run, run.code, /exists|already/)
    await expectAllGoesOn(w)
  })
})

const newerMigration = `INSERT INTO schema_migration (version, name, checksum, applied_at)
  VALUES (9999, 'from_the_future', 'x', '2030-01-01T00:00:00.000Z')`

describe('the line', () => {
  const refused: RunOptions = {
    env: { XERO_API_URL: 'http://127.0.0.1:1', XERO_IDENTITY_URL: 'http://127.0.0.1:1' },
  }

  test('is dead', async () => {
    const w = await connected()
    w.unreachable += 1
    expectSaid(await w.run(['export'], refused), 7, /internet connection|cannot be reached/)
    await expectAllGoesOn(w)
  })

  test('is dead when connecting', async () => {
    const w = await open()
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    expectSaid(await w.run(['connect', '--custom'], refused), 7, /internet connection|cannot be reached/)
    expect(w.query('SELECT * FROM connection')).toEqual([])
  })

  test('has no name server', async () => {
    const w = await open()
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    const env = { XERO_API_URL: 'https://api.nowhere.invalid', XERO_IDENTITY_URL: 'https://nowhere.invalid' }
    expectSaid(await w.run(['connect', '--custom'], { env }), 7, /nowhere\.invalid/)
    const rows = w.query<{ status: number | null }>('SELECT status FROM api_log')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.status === null)).toBe(true)
  })

  test.each([200, 502] as const)('ends at a proxy that answers %i with a page', async (status) => {
    const w = await connected()
    w.sandbox.fault({ times: 999, kind: 'proxy-html', status })
    expectSaid(await w.run(['export']), 7, /web page|proxy/)
    expect(w.sandbox.invoices()).toEqual([])
    w.sandbox.clearFaults()
    await expectAllGoesOn(w)
  })

  test('ends at a proxy for what is sent alone: nothing is called refused', async () => {
    const w = await connected()
    await w.must(['validate'])
    w.sandbox.fault({ method: 'PUT', times: 999, kind: 'proxy-html', status: 200 })
    const run = await w.export()
    expect(run.code, run.err).toBe(8)
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ failed: 0 })
    w.sandbox.clearFaults()
    await expectAllGoesOn(w)
  })
})

describe('the connection', () => {
  test('was never made', async () => {
    const w = await open()
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    expectSaid(await w.run(['export']), 4, /not connected.*auxo-sync connect/)
  })

  test.each([
    ['no secret', { XERO_CLIENT_SECRET: '' }, /XERO_CLIENT_SECRET is not set/],
    ['a wrong secret', { XERO_CLIENT_SECRET: 'not-the-secret' }, /does not accept the client id and secret/],
    ['a wrong client', { XERO_CLIENT_ID: 'NOBODY' }, /does not accept the client id and secret/],
  ])('%s', async (_title, env, sentence) => {
    const w = await connected()
    const run = await w.run(['export'], { env })
    expectSaid(run, 4, sentence)
    expect(run.err).not.toContain('not-the-secret')
    expect(puts(w)).toBe(0)
    await expectAllGoesOn(w)
  })

  test('was ended by a person in Xero', async () => {
    const w = await connected()
    w.sandbox.person().disconnect()
    expectSaid(await w.run(['export']), 4, /belongs to .*Nothing was sent/)
    expect(puts(w)).toBe(0)
    w.sandbox.person().reconnect()
    await expectAllGoesOn(w)
  })

  test('points to another host than the one that it was made at', async () => {
    const w = await connected()
    const run = await w.run(['export'], { env: { XERO_API_URL: 'https://api.xero.com' } })
    expectSaid(run, 4, /was connected at .*Correct XERO_API_URL/)
    await expectAllGoesOn(w)
  })

  test.each(['http://api.xero.com', 'not an address', 'https://user:word@api.xero.com'])(
    'goes to an address that must not be called: %s',
    async (url) => {
      const w = await connected()
      expectSaid(await w.run(['export'], { env: { XERO_API_URL: url } }), 3, /XERO_API_URL/)
      await expectAllGoesOn(w)
    },
  )
})

describe('what was typed', () => {
  test.each([
    [['exprot'], /export/],
    [['export', '--dry'], /unknown option '--dry'/],
    [['export', '--from', '31.10.2026'], /--from takes a date/],
    [['export', '--from', '2026-02-30'], /--from takes a date/],
    [['export', '--only', 'invoices'], /--only takes/],
    [['export', '--entity', 'XX'], /XX/],
    [['settle', 'INV-1'], /--xero-id|--not-there/],
    [['settle', 'INV-1', '--xero-id', '12'], /no id of Xero/],
    [['connect'], /--yes/],
  ] as const)('%s', async (argv, sentence) => {
    const w = await connected()
    expectSaid(await w.run(argv), 2, sentence)
    expect(puts(w)).toBe(0)
  })

  test('settings that are none: all of them are listed', async () => {
    const w = await connected()
    w.sql(
      `INSERT INTO setting VALUES ('NZ01', 'chunk_size', '101'), ('NZ01', 'cutover_date', 'soon'), ('NZ01', 'colour', 'red')`,
    )
    const run = await w.run(['export'])
    expectSaid(run, 3, /chunk_size/)
    expect(run.err).toMatch(/cutover_date/)
    expect(run.err).toMatch(/colour/)
    w.sql('DELETE FROM setting')
    await expectAllGoesOn(w)
  })

  test('settings that do not go together', async () => {
    const w = await connected()
    w.sql(`INSERT INTO setting VALUES ('NZ01', 'key_life', '300s'), ('NZ01', 'request_timeout', '120s')`)
    expectSaid(await w.run(['export']), 3, /330s/)
    expect(puts(w)).toBe(0)
  })
})

test('a folder that this user may only read, for real', async () => {
  const real = await ProcessWorld.open()
  try {
    await real.prepare(invoicesSql(2, 1))
    chmodSync(real.folder, 0o555)
    chmodSync(real.ledgerFile, 0o444)
    const run = await real.startBound('export').ended
    expect(run.code, run.err).toBe(5)
    expect(run.err).toMatch(/cannot be (written|opened)|write access/)
    expect(run.err).not.toMatch(/\n\s+at /)
    chmodSync(real.folder, 0o755)
    chmodSync(real.ledgerFile, 0o644)
    expect((await real.run('export')).code).toBe(0)
    expect(brokenPromises(real)).toEqual([])
  } finally {
    chmodSync(real.folder, 0o755)
    await real.close()
  }
})
