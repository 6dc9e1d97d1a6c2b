// The built program, killed for real at random moments of an export, stopped, frozen and doubled: everything ends in Xero
// once. Moments are events (an exchange, a line of progress), so nothing here waits for time.

import type { ChildProcess } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from './support/checkers.ts'
import { type Ended, ProcessWorld } from './support/process-world.ts'
import { randomSource } from './support/random.ts'
import { documentSql, invoicesSql } from './support/workload.ts'
import { creditAllocationSql, paymentSql } from './support/workload-money.ts'
import { journalSql } from './support/workload-papers.ts'

let world: ProcessWorld | undefined

async function open(invoices: number): Promise<ProcessWorld> {
  world = await ProcessWorld.open()
  await world.prepare(invoicesSql(invoices, 3))
  world.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '2'), ('NZ01', 'calls_at_once', '2')`)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const isWrite = (exchange: { method: string; url: string }) =>
  exchange.method === 'PUT' && exchange.url.includes('/Invoices')
const writes = (w: ProcessWorld) => w.exchanges.filter(({ method }) => method === 'PUT').length

/** Starts an export and sends it a signal at the chosen event; a run that ends before it is as good. */
function exportUntil(w: ProcessWorld, at: 'exchange' | 'line', nth: number): Promise<Ended> {
  const { child, ended } = w.start('export')
  let seen = 0
  const see = () => {
    seen += 1
    if (seen === nth) child.kill('SIGKILL')
  }
  w.onExchange = at === 'exchange' ? see : () => undefined
  w.onLine = at === 'line' ? see : () => undefined
  return ended.finally(() => {
    w.onExchange = () => undefined
    w.onLine = () => undefined
  })
}

/** Runs until there is nothing left to settle. */
async function comeBack(w: ProcessWorld): Promise<void> {
  for (let run = 1; ; run += 1) {
    w.anHourPasses()
    const { code, err } = await w.run('export')
    if (code === 0) return
    expect(code === 8 && run < 4, `run ${run} after the kill ended with ${code}: ${err}`).toBe(true)
  }
}

/** One of each way to be found again, and what hangs on them: by number, by link, by tag, by having been nowhere before. */
function roundSql(round: number): string {
  const contact = `C00${1 + (round % 3)}`
  const id = (kind: string) => `${kind}${round}`
  return [
    documentSql('invoice', { id: id('I'), contact }),
    documentSql('bill', { id: id('B'), contact }),
    documentSql('credit_note', { id: id('C'), contact }),
    documentSql('supplier_credit', { id: id('S'), contact }),
    creditAllocationSql(id('C'), id('I'), 2_000),
    paymentSql({ id: id('P'), contact, applied: { [id('I')]: 3_000 } }),
    paymentSql({ id: id('Q'), contact, applied: { [id('B')]: 4_000 } }),
    journalSql({
      id: id('J'),
      lines: [
        ['429', 1_000 + round],
        ['850', -1_000 - round],
      ],
    }),
  ].join('\n')
}

describe('killed for real', () => {
  const kills = process.env['AUXO_SOAK'] === '1' ? 60 : 6
  const seed = Number(process.env['AUXO_KILL_SEED'] ?? 1)

  test(`SIGKILL at ${kills} random moments: everything once`, { timeout: 300_000 }, async () => {
    const random = randomSource(seed)
    const w = await open(4)
    for (let kill = 1; kill <= kills; kill += 1) {
      const at = random() < 0.7 ? 'exchange' : 'line'
      const nth = 1 + Math.floor(random() * (at === 'exchange' ? 22 : 12))
      const died = await exportUntil(w, at, nth)
      const title = `kill ${kill} at ${at} ${nth} (AUXO_KILL_SEED=${seed}): ${died.err}`
      expect(died.signal === 'SIGKILL' || died.code === 0 || died.code === 8, title).toBe(true)
      // Every other death is followed by another one, the rest by a run that ends well.
      if (kill % 2 === 0) {
        await comeBack(w)
        expect(brokenPromises(w), title).toEqual([])
      } else {
        w.anHourPasses()
      }
      if (kill < kills) w.sql(roundSql(kill))
    }
    expect(w.sandbox.invoices()).toHaveLength(4 + (kills - 1) * 2)
    expect(w.sandbox.payments()).toHaveLength((kills - 1) * 2)
    expect(w.sandbox.manualJournals()).toHaveLength(kills - 1)
    expect(w.kills).toBeGreaterThan(kills / 2)
    const before = writes(w)
    expect((await w.run('export')).code).toBe(0)
    expect(writes(w)).toBe(before)
  })
})

/** Not in the middle of writing: frozen there it would hold the ledger itself, and whoever comes next would hear of that. */
function freeze(w: ProcessWorld, child: ChildProcess, then: () => void): void {
  child.kill('SIGSTOP')
  if (w.isUnlocked()) {
    then()
  } else {
    child.kill('SIGCONT')
    setImmediate(() => freeze(w, child, then))
  }
}

test('two exports at once: the second ends with 6 and names the first', async () => {
  const w = await open(10)
  const first = w.start('export')
  let second: Promise<Ended> | undefined
  w.onExchange = (exchange) => {
    if (!isWrite(exchange)) return
    w.onExchange = () => undefined
    // Held still, so that the second one meets it for certain.
    freeze(w, first.child, () => {
      second = w.run('export').finally(() => first.child.kill('SIGCONT'))
    })
  }
  expect((await first.ended).code).toBe(0)
  const refused = await second
  expect(refused?.code, refused?.err).toBe(6)
  expect(refused?.err).toContain(String(first.child.pid))
  expect(w.sandbox.invoices()).toHaveLength(10)
  expect(brokenPromises(w)).toEqual([])
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: the call in flight is recorded, then it ends with 130',
  async (signal) => {
    const w = await open(12)
    w.sql(`UPDATE setting SET value = '1' WHERE name = 'calls_at_once'`)
    const { child, ended } = w.start('export')
    w.onExchange = (exchange) => {
      if (isWrite(exchange)) child.kill(signal)
    }
    const end = await ended
    w.onExchange = () => undefined
    expect(end.code, end.err).toBe(130)
    expect(w.query('SELECT 1 FROM api_log WHERE status IS NULL')).toEqual([])
    expect(brokenPromises(w)).toEqual([])
    expect(w.sandbox.invoices().length).toBeLessThan(12)
    expect((await w.run('export')).code).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(12)
    expect(brokenPromises(w)).toEqual([])
  },
)

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGTERM'],
] as const)('%s and then %s again: it ends at once with 130 and a sentence', async (first, again) => {
  const w = await open(12)
  const { child, ended } = w.start('export')
  let asking: NodeJS.Timeout | undefined
  w.onExchange = (exchange) => {
    if (isWrite(exchange)) child.kill(first)
  }
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', times: 9, kind: 'black-hole' })
  w.onLine = (line) => {
    // Until it hears: what comes right after the first one is taken for the same.
    if (line.startsWith('Stopping')) asking ??= setInterval(() => child.kill(again), 20)
  }
  const end = await ended.finally(() => clearInterval(asking))
  expect(end.code, end.err).toBe(130)
  expect(end.err).toContain('Stopped at once')
})

test('a parent that closes its ends and sends SIGTERM, as a time-out of spawnSync does, still gets 130', async () => {
  const w = await open(12)
  w.sql(`UPDATE setting SET value = '1' WHERE name = 'calls_at_once'`)
  const { child, ended } = w.start('export')
  w.onExchange = (exchange) => {
    if (!isWrite(exchange)) return
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.kill('SIGTERM')
  }
  expect((await ended).code).toBe(130)
  w.onExchange = () => undefined
  expect((await w.run('export')).code).toBe(0)
  expect(w.sandbox.invoices()).toHaveLength(12)
  expect(brokenPromises(w)).toEqual([])
})

test('a frozen run that was overtaken sends nothing when it wakes', async () => {
  const w = await open(12)
  w.sql(`UPDATE setting SET value = '1' WHERE name = 'calls_at_once'`)
  const frozen = w.start('export')
  let other: Promise<Ended> | undefined
  let sentByBoth = 0
  w.onExchange = (exchange) => {
    if (!isWrite(exchange)) return
    w.onExchange = () => undefined
    freeze(w, frozen.child, () => {
      // It has given no sign for longer than the lease lasts.
      w.sql(`UPDATE run_lease SET heartbeat_at = '2026-01-01T00:00:00.000Z'`)
      w.anHourPasses()
      other = w.run('export').finally(() => {
        sentByBoth = writes(w)
        frozen.child.kill('SIGCONT')
      })
    })
  }
  const woken = await frozen.ended
  const overtaker = await other
  expect(overtaker?.code, overtaker?.err).toBe(0)
  expect(woken.code, woken.err).toBe(6)
  expect(writes(w)).toBe(sentByBoth)
  expect(w.sandbox.invoices()).toHaveLength(12)
  expect(brokenPromises(w)).toEqual([])
})
