// What the wire does to the second chunk of four, and that every invoice still ends in Xero exactly once (E3, E10).

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql, invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(invoicesSql(35, 6))
  world.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '10')`)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const secondChunk = { method: 'PUT', path: '/Invoices', nth: 2 } as const

/** A fault, the exit code of the run that meets it, and what that run leaves uncertain. */
const cases: [string, Fault, { code: number; uncertain: number }][] = [
  [
    'the answer is lost after Xero stored it',
    { ...secondChunk, kind: 'drop-after-commit' },
    { code: 0, uncertain: 0 },
  ],
  [
    'the connection drops before Xero stored it',
    { ...secondChunk, kind: 'drop-before-commit' },
    { code: 0, uncertain: 0 },
  ],
  [
    'an error 500 after Xero stored all',
    { ...secondChunk, kind: 'error-after-commit' },
    { code: 0, uncertain: 0 },
  ],
  [
    'an error 500 before Xero stored any',
    { ...secondChunk, kind: 'error-before-commit' },
    { code: 8, uncertain: 10 },
  ],
  [
    'an error 500 after 4 of 10 were stored',
    { ...secondChunk, kind: 'partial-commit', stored: 4 },
    { code: 8, uncertain: 6 },
  ],
  ['the answer is a page of a proxy', { ...secondChunk, kind: 'proxy-html' }, { code: 0, uncertain: 0 }],
  ['the answer is cut off', { ...secondChunk, kind: 'truncated', isStored: true }, { code: 0, uncertain: 0 }],
  ['the answer is garbage', { ...secondChunk, kind: 'garbage', isStored: true }, { code: 0, uncertain: 0 }],
  ['the answer is shuffled', { ...secondChunk, kind: 'shuffled-order' }, { code: 0, uncertain: 0 }],
  ['the answer lacks an element', { ...secondChunk, kind: 'missing-element' }, { code: 0, uncertain: 0 }],
  [
    'the minute limit',
    { ...secondChunk, kind: 'rate-limit', limit: 'minute', retryAfterS: 26 },
    { code: 0, uncertain: 0 },
  ],
  [
    'too many calls at once',
    { ...secondChunk, kind: 'rate-limit', limit: 'concurrent' },
    { code: 0, uncertain: 0 },
  ],
  ['the token expired', { ...secondChunk, kind: 'unauthorized' }, { code: 0, uncertain: 0 }],
  ['Xero never answers once', { ...secondChunk, kind: 'black-hole' }, { code: 0, uncertain: 0 }],
  [
    'the commit comes 20 seconds after the time-out',
    { ...secondChunk, kind: 'late-commit', afterMs: 80_000 },
    { code: 0, uncertain: 0 },
  ],
]

describe('one fault in the second chunk', () => {
  test.each(cases)('%s', async (_title, fault, expected) => {
    const w = await open()
    w.sandbox.fault(fault)
    const first = await w.export()
    expect({ code: first.code, uncertain: first.runs[0]?.waiting.uncertain }, first.err).toEqual(expected)
    expect(brokenPromises(w, { settled: expected.uncertain === 0 })).toEqual([])

    await w.sandbox.settleHeld()
    w.clock.advance(7 * 60_000)
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(brokenPromises(w)).toEqual([])
    expect(w.sandbox.invoices()).toHaveLength(35)

    const writes = w.sandbox.counts.byRoute['PUT /Invoices']
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(w.sandbox.counts.byRoute['PUT /Invoices']).toBe(writes)
  })
})

describe('where nobody outside Xero knows how it behaves, both ways end well', () => {
  test.each(['waits', 'conflict', 'executes-twice'] as const)(
    'a repeat while the first call still runs: %s',
    async (sameKeyInFlight) => {
      const w = await open({ sandbox: { switches: { sameKeyInFlight } } })
      w.sandbox.fault({ ...secondChunk, kind: 'late-commit', afterMs: 80_000 })
      await w.export()
      await w.sandbox.settleHeld()
      w.clock.advance(7 * 60_000)
      expect((await w.export()).code).toBe(0)
      expect(brokenPromises(w)).toEqual([])
      expect(w.sandbox.invoices()).toHaveLength(35)
    },
  )
})

test('a repeat that is executed after the first was stored is refused, and proves nothing', async () => {
  const w = await open({ sandbox: { switches: { sameKeyInFlight: 'executes-twice' } } })
  // The first is stored at 70 s; its repeat of 61 s comes to its turn at 86 s and finds the numbers taken.
  w.sandbox.fault({ ...secondChunk, kind: 'late-commit', afterMs: 70_000 })
  w.sandbox.fault({ ...secondChunk, nth: 5, kind: 'late-commit', afterMs: 25_000 })
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_at_once', '4')`)
  const first = await w.export()
  expect(first.runs[0]?.failures, first.err).toEqual([])
  expect(first.code).toBe(0)
  expect(w.sandbox.counts.byRoute['PUT /Invoices']).toBe(5)
  expect(brokenPromises(w)).toEqual([])
  expect(w.sandbox.invoices()).toHaveLength(35)
})

test.each([
  ['voided', `status = 'void'`, 'VOIDED'],
  ['renumbered', `number = 'INV-B'`, 'AUTHORISED'],
])(
  'a document that is %s while its first call may still be stored: the change waits for that',
  async (_, change, status) => {
    world = await World.open({
      sandbox: { switches: { sameKeyInFlight: 'executes-twice', voidedNumberFree: true } },
    })
    const w = world
    await w.prepare(contactsSql(1) + invoiceSql({ id: 'A' }))
    w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'late-commit', afterMs: 200_000 })
    expect((await w.export()).code).toBe(0)
    w.sql(`UPDATE document SET ${change} WHERE id = 'A'`)
    const early = await w.export()
    expect(early.code, early.err).toBe(0)
    expect(w.sandbox.invoices()).toMatchObject([{ number: 'INV-A', status: 'AUTHORISED' }])
    await w.sandbox.settleHeld()
    await w.clock.sleep(7 * 60_000)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices()).toMatchObject([{ status }])
    expect(brokenPromises(w)).toEqual([])
  },
)

test('what belongs to another document already is not adopted, however much it agrees', async () => {
  world = await World.open()
  const w = world
  await w.prepare(contactsSql(1) + invoiceSql({ id: 'A', number: 'INV-1' }))
  expect((await w.export()).code).toBe(0)
  // A second document that is the same in all that Xero could be asked about.
  w.sql(
    `UPDATE document SET number = 'INV-1-OLD' WHERE id = 'A'; ${invoiceSql({ id: 'B', number: 'INV-1' })}`,
  )
  w.sandbox.fault({ method: 'PUT', times: 9, kind: 'error-before-commit' })
  expect((await w.export()).code).toBe(8)
  w.sandbox.clearFaults()
  w.clock.advance(7 * 60_000)
  expect((await w.export()).code).toBe(0)
  // The first was renumbered in Xero, the second got the number.
  expect(w.sandbox.invoices().map((invoice) => invoice.number)).toEqual(['INV-1-OLD', 'INV-1'])
  expect(brokenPromises(w)).toEqual([])
})

test('--wait settles in the same run what would end it with 8', async () => {
  const w = await open()
  w.sandbox.fault({ ...secondChunk, kind: 'partial-commit', stored: 4 })
  const run = await w.export('--wait')
  expect(run.code, run.err).toBe(0)
  expect(brokenPromises(w)).toEqual([])
  expect(w.sandbox.invoices()).toHaveLength(35)
})

test('one bad document in the second chunk does not stop the others (E2)', async () => {
  const w = await open()
  const [invoice] = w.query<{ id: string; number: string }>(
    "SELECT id, number FROM document WHERE id = 'D0015'",
  )
  w.sandbox.person().createInvoice({
    contactId: w.sandbox.person().createContact({ name: 'Somebody Else' }).id,
    number: invoice?.number ?? '',
    total: 123_00 as never,
  })
  const first = await w.export()
  expect(first.code).toBe(1)
  expect(first.runs[0]).toMatchObject({
    state: 'partial',
    kinds: { invoice: { exported: 34, failed: 1, remaining: 1 } },
  })
  expect(first.runs[0]?.failures).toMatchObject([{ id: 'D0015', code: 'number-in-use' }])

  w.sql("UPDATE document SET number = 'INV-NEW' WHERE id = 'D0015'")
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(second.runs[0]?.kinds['invoice']).toMatchObject({ exported: 1, failed: 0, remaining: 0 })
})

test('the day limit stops the run cleanly with 7, and the next day goes on (E5)', async () => {
  const w = await open()
  w.sandbox.fault({ ...secondChunk, kind: 'rate-limit', limit: 'day', retryAfterS: 30_000 })
  const first = await w.export()
  expect(first.code, first.err).toBe(7)
  expect(first.runs[0]?.state).toBe('stopped')
  expect(first.runs[0]?.kinds['invoice']).toMatchObject({ uncertain: 0, failed: 0 })
  expect(brokenPromises(w)).toEqual([])
  w.clock.advance(30_001_000)
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(w.sandbox.invoices()).toHaveLength(35)
  expect(brokenPromises(w)).toEqual([])
})

describe('what a look-up at the end of a run frees goes out in the same run', () => {
  test('invoices whose contacts were created under a lost answer', async () => {
    const w = await open()
    w.sandbox.fault({ method: 'PUT', path: '/Contacts', kind: 'error-after-commit' })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]).toMatchObject({
      state: 'sent',
      kinds: { invoice: { exported: 35, skipped: 0, remaining: 0 } },
    })
    expect(brokenPromises(w)).toEqual([])
  })

  test('invoices that were not stored, once the window has passed (short ones, on loopback)', async () => {
    const w = await open()
    w.sql(
      `INSERT INTO setting VALUES ('NZ01', 'request_timeout', '2s'), ('NZ01', 'key_life', '6s'), ('NZ01', 'settle_window', '8s')`,
    )
    w.sandbox.fault({ ...secondChunk, kind: 'partial-commit', stored: 4 })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]).toMatchObject({ state: 'sent', kinds: { invoice: { exported: 35, remaining: 0 } } })
    expect(brokenPromises(w)).toEqual([])
  })
})

test('a day that is in no calendar fails, and does not wait for it', async () => {
  const w = await open()
  w.sql("UPDATE document SET date = '2026-13-45' WHERE id = 'D0015'")
  const run = await w.export()
  expect(run.code).toBe(1)
  expect(run.runs[0]).toMatchObject({
    waiting: { futureDated: 0 },
    kinds: { invoice: { exported: 34, failed: 1 } },
  })
  expect(run.runs[0]?.failures).toMatchObject([{ id: 'D0015', code: 'date-invalid' }])
})
