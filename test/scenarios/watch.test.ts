// watch (Q5): runs when something new waits in the ledger, comes back by itself where it could not go on, and is never woken by
// what it writes.

import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { startMailServer, startWebAddress } from '../support/post-office.ts'
import { invoiceSql, invoicesSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'
import { type Outcome, type RunOptions, World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(sql = ''): Promise<World> {
  world = await World.open()
  await world.prepare(sql)
  return world
}

const minute = 60
/** What happens while it watches, by seconds from its beginning; the last is Ctrl-C. */
type Story = Record<number, () => void>

async function watching(
  w: World,
  seconds: number,
  story: Story = {},
  argv: string[] = [],
  options: RunOptions = {},
): Promise<Outcome> {
  const running = w.run(['watch', ...argv], options)
  const clock = w.clock.forServer()
  for (const [at, act] of Object.entries(story)) clock.after(Number(at) * 1_000, act)
  clock.after(seconds * 1_000, () => w.interrupt())
  return running
}

/** Seconds from the first run at which each run began. */
function runsAt(w: World): number[] {
  const rows = w.query<{ at: string }>(
    `SELECT started_at AS at FROM batch_run WHERE verb = 'export' ORDER BY id`,
  )
  const first = Date.parse(rows[0]?.at ?? '')
  return rows.map(({ at }) => Math.round((Date.parse(at) - first) / 1_000))
}

const newInvoice = (id: string) => invoiceSql({ id, contact: 'C001' })

test('what waits goes at once, and what is new as soon as its writer has come to rest', async () => {
  const w = await open(invoicesSql(3, 1))
  const { code, out, err } = await watching(w, 100, {
    // Three in a row are one run.
    30: () => w.sql(newInvoice('E1')),
    33: () => w.sql(newInvoice('E2')),
    36: () => w.sql(newInvoice('E3')),
  })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^22 Nov 2026 \S+ \S+ {2}NZ01: 1 contact and 3 invoices sent\.$/),
    expect.stringMatching(/NZ01: 3 invoices sent\.$/),
  ])
  expect(runsAt(w)).toEqual([0, expect.closeTo(42, -0.5)])
  expect(brokenPromises(w)).toEqual([])
})

test('a deposit and a payment go out with the run that they wake', async () => {
  const w = await open(invoicesSql(1, 1))
  const { out } = await watching(w, 60, {
    20: () => w.sql(paymentSql({ id: 'P1', contact: 'C001', applied: { D0001: 1_000 } })),
  })
  expect(out).toContain('NZ01: 1 payment sent.')
})

test('its own writes, drafts that are saved and other commands that only look wake nothing', async () => {
  const w = await open(invoicesSql(2, 1))
  const draft = newInvoice('DRAFT').replace("'sent'", "'draft'")
  const saved = () => w.sql(`UPDATE document SET reference = reference || 'x' WHERE id = 'DRAFT'`)
  await watching(w, 10 * minute, {
    60: () => w.sql(draft),
    90: saved,
    120: saved,
    200: () => void w.run(['status']),
  })
  expect(runsAt(w)).toEqual([0])
  expect(w.sandbox.invoices()).toHaveLength(2)
})

test('a draft that is sent at last, a setting and a contact that is mended do', async () => {
  const w = await open(invoicesSql(1, 1) + newInvoice('DRAFT').replace("'sent'", "'draft'"))
  w.sql(`INSERT INTO contact (code, name, active) VALUES ('GONE', 'Gone Ltd', 0)`)
  await watching(w, 6 * minute, {
    60: () => w.sql(`UPDATE document SET status = 'sent' WHERE id = 'DRAFT'`),
    120: () => w.sql(invoiceSql({ id: 'G1', contact: 'GONE' })),
    180: () => w.sql(`UPDATE contact SET active = 1 WHERE code = 'GONE'`),
    240: () => w.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '10')`),
  })
  expect(runsAt(w).map((at) => Math.floor(at / 60))).toEqual([0, 1, 2, 3, 4])
  expect(w.sandbox.invoices()).toHaveLength(3)
})

test('what is written while a run goes on goes with the next one', async () => {
  const w = await open(invoicesSql(2, 1))
  let isWritten = false
  w.onExchange = ({ method, url }) => {
    if (isWritten || method !== 'PUT' || !url.includes('Invoices')) return
    isWritten = true
    w.sqlMeanwhile(newInvoice('E1'))
  }
  await watching(w, 60)
  expect(w.sandbox.invoices()).toHaveLength(3)
  expect(runsAt(w)).toEqual([0, expect.closeTo(6, -0.5)])
})

test('what is written in the moment in which it looks after a run is not missed', async () => {
  const w = await open(invoicesSql(2, 1))
  let looks = 0
  const wrapDatabase: RunOptions['wrapDatabase'] = (database) =>
    new Proxy(database, {
      get(target, name) {
        if (name === 'pragma')
          return (source: string, options?: { simple?: boolean }) => {
            const value: unknown = target.pragma(source, options)
            if (source === 'data_version') looks += 1
            if (source === 'data_version' && looks === 2) w.sqlMeanwhile(newInvoice('E1'))
            return value
          }
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  await watching(w, 60, {}, [], { wrapDatabase })
  expect(w.sandbox.invoices()).toHaveLength(3)
})

test('a ledger that is written to without a rest is not waited for for ever', async () => {
  const w = await open()
  const story: Story = {}
  for (let second = 30; second < 150; second += 3) story[second] = () => w.sql(newInvoice(`E${second}`))
  await watching(w, 100, { 10: () => w.sql(invoicesSql(1, 1)), ...story })
  expect(runsAt(w).length).toBeGreaterThanOrEqual(3)
})

test('it runs at least every so many minutes, for what people do in Xero', async () => {
  const w = await open()
  await watching(w, 10 * minute, {}, ['--every', '3'])
  expect(runsAt(w)).toEqual([0, 180, 360, 540].map((at) => expect.closeTo(at, -1)))
})

test('Xero is away: it comes back later and later, and at once on the way when it can', async () => {
  const w = await open(invoicesSql(2, 1))
  w.sandbox.fault({ method: 'GET', path: '/Contacts', times: 12, kind: 'error-before-commit', status: 503 })
  const { code, err } = await watching(w, 20 * minute)
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(w.sandbox.invoices()).toHaveLength(2)
  const [, second = 0, third = 0, fourth = 0] = runsAt(w)
  expect(second).toBeGreaterThanOrEqual(60)
  expect(third - second).toBeGreaterThanOrEqual(120)
  expect(fourth - third).toBeGreaterThanOrEqual(240)
})

test('the day’s calls are used up: it waits until the time that Xero says, whatever is written meanwhile', async () => {
  const w = await open(invoicesSql(2, 1))
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'rate-limit', limit: 'day', retryAfterS: 3_600 })
  const { out } = await watching(w, 3_700, { 600: () => w.sql(newInvoice('E1')) }, ['--every', '120'])
  expect(out).toContain('Stopped: Xero allows no more calls until')
  expect(runsAt(w)).toEqual([0, expect.closeTo(3_600, -1.5)])
  expect(w.sandbox.invoices()).toHaveLength(3)
})

test('a lost answer is settled as soon as it can be', async () => {
  const w = await open(invoicesSql(2, 1))
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'partial-commit', stored: 1 })
  const { out } = await watching(w, 8 * minute, {}, ['--every', '60'])
  expect(out).toContain('with a lost answer.')
  expect(runsAt(w).length).toBeGreaterThan(1)
  expect(w.sandbox.invoices()).toHaveLength(2)
  expect(brokenPromises(w)).toEqual([])
})

test('another run holds the organisation: it waits its turn', async () => {
  const w = await open(invoicesSql(2, 1))
  const held = `UPDATE run_lease SET held = 1, host = 'elsewhere', heartbeat_at = strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-22 00:00:00')`
  await w.export()
  w.sql(newInvoice('E1') + held)
  const { err } = await watching(w, 5 * minute, { 100: () => w.sql('UPDATE run_lease SET held = 0') })
  expect(err).toContain('Another run holds this organisation')
  expect(w.sandbox.invoices()).toHaveLength(3)
})

test('a back-up that is put in the place of the ledger is read anew, and refused as one', async () => {
  const w = await open(invoicesSql(2, 1))
  const putBack = w.backUp()
  const { err } = await watching(w, 2 * minute, { 60: putBack })
  expect(err).toContain('Another ledger was put in the place of this one')
  expect(err).toContain('adopt-copy')
  expect(w.sandbox.invoices()).toHaveLength(2)
})

test('the ledger is taken away: nothing is sent from a file that nobody has any more', async () => {
  const w = await open(invoicesSql(1, 1))
  const { code, err } = await watching(w, 30 * minute, {
    60: () => {
      for (const end of ['', '-wal', '-shm']) rmSync(w.ledgerFile + end, { force: true })
    },
  })
  expect({ code, err }).toEqual({ code: 5, err: expect.stringContaining('is not there any more') })
})

test('what keeps it from its first run is said at once, with the code of an export', async () => {
  world = await World.open()
  await world.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
  const { code, err } = await world.run(['watch'])
  expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('not connected') })
  expect((await world.run(['watch', '--ledger', 'nowhere.db'])).code).toBe(5)
  expect((await world.run(['watch', '--every', '0'])).code).toBe(2)
})

test('stopped in the midst of a run: the call under way is recorded, and the code says so', async () => {
  const w = await open(invoicesSql(30, 1))
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '10'), ('NZ01', 'calls_at_once', '1')`)
  w.onExchange = ({ method, url }) => {
    if (method === 'PUT' && url.includes('Invoices')) w.interrupt()
  }
  const { code } = await w.run(['watch'])
  expect(code).toBe(130)
  expect(w.sandbox.invoices()).toHaveLength(10)
  w.onExchange = () => undefined
  await w.export()
  expect(brokenPromises(w)).toEqual([])
})

test('--json has a line a run, --quiet says what needs a person, once', async () => {
  const w = await open(invoicesSql(2, 1))
  w.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
  const json = await watching(w, 60, { 20: () => w.sql(newInvoice('E1')) }, ['--json'])
  const lines = json.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { exitCode: number; run: { id: number } })
  expect(lines.map(({ exitCode, run }) => [exitCode, run.id])).toEqual([
    [1, 1],
    [1, 2],
  ])
  const quiet = await watching(w, 40 * minute, {}, ['--quiet'])
  expect(quiet.out).toBe('')
  expect(quiet.err.match(/needs a look/g)).toHaveLength(1)
})

test('each run is told to ping and mail where nobody sits at a terminal, and a refused invoice is one mail', async () => {
  const w = await open(invoicesSql(2, 1))
  w.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
  await using web = await startWebAddress()
  await using post = await startMailServer()
  const env = {
    AUXO_PING_URL: web.url,
    AUXO_SMTP_URL: `smtp://127.0.0.1:${post.port}`,
    AUXO_MAIL_TO: 'mere@example.com',
  }
  await watching(w, 100, { 30: () => w.sql(newInvoice('E1')) }, ['--quiet'], { env })
  expect(web.posted.map(({ path }) => path)).toEqual(['/start', '/1', '/start', '/1'])
  expect(post.mails.map(({ subject }) => subject)).toEqual([
    'auxo-sync NZ01: invoice INV-D0001 not sent (contact-missing)',
  ])
})
