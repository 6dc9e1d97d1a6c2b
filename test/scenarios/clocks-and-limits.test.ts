// Time as machines have it: clocks that disagree with Xero's, clocks that are set in the middle of a call, waits for
// limits that outlast a key. None of it may lose or double an invoice.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { invoiceSql, invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(count: number, options: WorldOptions = {}, chunkSize = 10): Promise<World> {
  world = await World.open(options)
  await world.prepare(invoicesSql(count, 3))
  world.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '${chunkSize}')`)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const minute = 60_000
const hour = 60 * minute
const writes = { method: 'PUT', path: '/Invoices' } as const

/** More invoices of contacts that are linked already, so that the first write of the run is theirs. */
function addInvoices(w: World, count: number): void {
  const more = Array.from({ length: count }, (_, index) => invoiceSql({ id: `E${index}`, contact: 'C001' }))
  w.sql(more.join('\n'))
}

describe('Xero’s clock is another than ours', () => {
  test.each([-40, -11, 11, 40])('by %i minutes, and the first answer of a run is lost', async (minutes) => {
    const w = await open(5, { skewMs: minutes * minute })
    await w.export()
    addInvoices(w, 5)
    // Stored, answer lost, and every repeat ends at a proxy: only a look-up can tell.
    w.sandbox.fault({ ...writes, kind: 'drop-after-commit' })
    w.sandbox.fault({ ...writes, nth: 2, times: 9, kind: 'proxy-html' })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(brokenPromises(w)).toEqual([])
    expect(w.sandbox.invoices()).toHaveLength(10)
  })

  test.each([-8, 8])('by %i minutes, and nothing was asked of it before (--no-pull)', async (minutes) => {
    const w = await open(5, { skewMs: minutes * minute })
    await w.export()
    addInvoices(w, 5)
    w.sandbox.fault({ ...writes, kind: 'drop-after-commit' })
    w.sandbox.fault({ ...writes, nth: 2, times: 9, kind: 'drop-before-commit' })
    const run = await w.export('--no-pull')
    expect(run.code, run.err).toBe(0)
    expect(brokenPromises(w)).toEqual([])
    expect(w.sandbox.invoices()).toHaveLength(10)
  })

  test.each([-40, 40])('by %i minutes, and Xero still stores when the run ends', async (minutes) => {
    const w = await open(5, { skewMs: minutes * minute })
    await w.export()
    addInvoices(w, 5)
    w.sandbox.fault({ ...writes, kind: 'late-commit', afterMs: 5 * minute })
    const run = await w.export()
    expect(run.code, run.err).toBe(8)
    // It says by our own clock from when on a run can tell.
    const waitMs = Date.parse(run.runs[0]?.settleFrom ?? '') - w.clock.now()
    expect(waitMs).toBeGreaterThan(4 * minute)
    expect(waitMs).toBeLessThanOrEqual(6 * minute)
    await w.sandbox.settleHeld()
    w.clock.advance(7 * minute)
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('our clock is set while a call is under way', () => {
  test.each([-25 * hour, -hour, hour, 25 * hour])('by %i ms, and Xero stores later', async (step) => {
    const w = await open(5)
    await w.export()
    addInvoices(w, 5)
    w.sandbox.fault({ ...writes, kind: 'late-commit', afterMs: 5 * minute })
    let isDue = true
    const sleep = w.clock.sleep.bind(w.clock)
    w.clock.sleep = (ms, signal) => {
      // The first wait after the lost answer.
      if (isDue && ms === 1_000) {
        isDue = false
        w.clock.stepWall(step)
      }
      return sleep(ms, signal)
    }
    const run = await w.export()
    expect({ code: run.code, isDue }, run.err).toEqual({ code: 8, isDue: false })
    expect(brokenPromises(w, { settled: false })).toEqual([])
    await w.sandbox.settleHeld()
    w.clock.advance(7 * minute)
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(next.runs[0]?.failures).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('before the answer is lost, and Xero stores later', async () => {
    const w = await open(5)
    await w.export()
    addInvoices(w, 5)
    const held = { ...writes, kind: 'late-commit', afterMs: 5 * minute } as const
    w.sandbox.fault(held)
    // Every repeat is lost at once and steps the clock back: what was measured before is in another time.
    w.sandbox.fault({ ...writes, nth: 2, times: 9, kind: 'drop-before-commit' })
    w.onExchange = ({ method }) => {
      if (method === 'PUT') w.clock.stepWall(-hour)
    }
    const run = await w.export()
    expect(run.code, run.err).toBe(8)
    expect(brokenPromises(w, { settled: false })).toEqual([])
    w.sandbox.clearFaults()
    await w.sandbox.settleHeld()
    w.clock.advance(7 * minute)
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })
})

test('a key is not used again after a wait for the limits that outlasted it, whatever the wall clock says', async () => {
  const w = await open(5)
  w.sandbox.fault({ ...writes, kind: 'drop-after-commit' })
  w.sandbox.fault({ ...writes, nth: 2, kind: 'rate-limit', limit: 'minute', retryAfterS: 290 })
  w.onExchange = ({ method, url, status }) => {
    if (method === 'PUT' && url.includes('/Invoices') && status === 429) w.clock.stepWall(-hour)
  }
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(brokenPromises(w)).toEqual([])
  expect(w.sandbox.invoices()).toHaveLength(5)
})

test('a slow pace leaves nothing behind: every chunk of the plan goes out in its run', async () => {
  const w = await open(24, {}, 2)
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_per_minute', '1')`)
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(run.runs[0]?.kinds['invoice']).toMatchObject({ exported: 24, remaining: 0 })
  expect(brokenPromises(w)).toEqual([])
})

test('a run that a limit stops says 8 and not 7 while outcomes are open', async () => {
  const w = await open(20)
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_at_once', '1')`)
  w.sandbox.fault({ ...writes, times: 3, kind: 'error-before-commit' })
  w.sandbox.fault({ ...writes, nth: 4, times: 9, kind: 'rate-limit', limit: 'day', retryAfterS: 3_600 })
  const run = await w.export()
  expect(run.code, run.err).toBe(8)
  expect(run.runs[0]).toMatchObject({ state: 'stopped', waiting: { uncertain: 10 } })
  expect(Date.parse(run.runs[0]?.settleFrom ?? '')).toBeGreaterThan(w.clock.now())
  w.sandbox.clearFaults()
  w.clock.advance(hour + minute)
  expect((await w.export()).code).toBe(0)
  expect(brokenPromises(w)).toEqual([])
})

describe('a person asks the run to stop', () => {
  test('while it waits for the minute limit: it does not wait that out, and the next run sends the rest (E9)', async () => {
    const w = await open(20)
    w.sandbox.fault({ ...writes, nth: 2, kind: 'rate-limit', limit: 'minute', retryAfterS: 200 })
    w.onExchange = (exchange) => {
      if (exchange.status === 429) w.interrupt()
    }
    const before = w.clock.monotonicMs()
    const stopped = await w.export()
    expect(stopped.code, stopped.err).toBe(130)
    expect(w.clock.monotonicMs() - before).toBeLessThan(100_000)
    expect(brokenPromises(w)).toEqual([])
    w.clock.advance(5 * minute)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(20)
    expect(brokenPromises(w)).toEqual([])
  })

  test('while it waits for the minute limit in the pull: it ends at once, and says nothing more (E9)', async () => {
    const w = await open(20)
    w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_per_minute', '2')`)
    let asked = 0
    w.onExchange = ({ url }) => {
      if (url.includes('/api.xro/')) asked += 1
    }
    const sleep = w.clock.sleep.bind(w.clock)
    let waitedFrom = 0
    w.clock.sleep = (ms, signal) => {
      if (waitedFrom === 0) {
        waitedFrom = w.clock.monotonicMs()
        void sleep(5_000).then(() => w.interrupt())
      }
      return sleep(ms, signal)
    }
    const stopped = await w.export()
    expect(stopped.code, stopped.err).toBe(130)
    expect(w.clock.monotonicMs() - waitedFrom).toBeLessThan(50_000)
    // The two that were let through may have left or not; none did after them.
    expect(asked).toBeLessThanOrEqual(2)
    expect(stopped.err).toMatch(
      /Waiting \d\d s for Xero's limit of calls a minute …\n(NZ01: )?Stopping: [^\n]*\n[^\n]*interrupted[^\n]*\n$/,
    )
    expect(stopped.err).not.toMatch(/Checked|Sending/)
    expect(stopped.runs[0]).toMatchObject({ state: 'stopped', calls: { made: asked } })
    w.sql(`DELETE FROM setting WHERE name = 'calls_per_minute'`)
    w.onExchange = () => undefined
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(20)
    expect(brokenPromises(w)).toEqual([])
  })

  test('while it checks: no page and no kind is told after that', async () => {
    const w = await open(20)
    let isAsked = false
    w.onExchange = ({ url }) => {
      // The last read of the pull.
      if (!isAsked && url.includes('/Contacts')) w.interrupt()
      isAsked ||= url.includes('/Contacts')
    }
    const stopped = await w.export()
    expect({ code: stopped.code, isAsked }, stopped.err).toEqual({ code: 130, isAsked: true })
    expect(stopped.err).not.toMatch(/Checked|Sending/)
    expect(w.sandbox.invoices()).toEqual([])
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })

  test('while it waits for lost answers to be settled (--wait): it ends at once, and they stay open', async () => {
    const w = await open(20)
    w.sandbox.fault({ ...writes, nth: 2, kind: 'partial-commit', stored: 3 })
    const before = w.clock.monotonicMs()
    w.onExchange = (exchange) => {
      // The look-up at the end of the run: after it, only waiting is left.
      if (exchange.method !== 'GET' || !exchange.url.includes('/Invoices?')) return
      if (exchange.url.includes('summaryOnly')) return
      w.onExchange = () => undefined
      void w.clock.sleep(5_000).then(() => w.interrupt())
    }
    const stopped = await w.export('--wait')
    expect(stopped.code, stopped.err).toBe(130)
    expect(w.clock.monotonicMs() - before).toBeLessThan(60_000)
    expect(brokenPromises(w, { settled: false })).toEqual([])
    w.clock.advance(10 * minute)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(20)
    expect(brokenPromises(w)).toEqual([])
  })
})
