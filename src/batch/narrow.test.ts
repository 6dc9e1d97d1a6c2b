import { afterEach, describe, expect, test } from 'vitest'
import { documentKind } from './kinds/document.ts'
import { sendChunk } from './narrow.ts'
import { accepted, refusedWhole, type TestRun, testRun } from './test-run.ts'

const invoices = documentKind('invoice')
let run: TestRun | undefined
afterEach(() => {
  run?.close()
  run = undefined
})

const numbersOf = (indexes: readonly number[]) => new Set(indexes.map((index) => `INV-D${index}`))

async function send(count: number, answer: TestRun['answer'], reuse?: TestRun) {
  const open = reuse ?? testRun({ invoices: count })
  run = open
  open.answer = answer
  open.calls.length = 0
  await sendChunk(open.context, invoices, {
    kind: 'invoice',
    number: 1,
    of: 1,
    things: Array.from({ length: count }, (_, index) => ({
      id: `D${index}`,
      revision: 2,
      operation: 'create' as const,
      group: '',
      bytes: 1,
      money: null,
    })),
  })
  const byState = new Map<string, string[]>()
  for (const row of open.world.rows("SELECT source_id, state FROM export_state WHERE kind = 'invoice'")) {
    const state = String(row['state'])
    byState.set(state, [...(byState.get(state) ?? []), String(row['source_id'])])
  }
  const open_chunks = open.world.rows("SELECT id FROM chunk WHERE state NOT IN ('settled', 'abandoned')")
  expect(open_chunks).toEqual([])
  return {
    calls: open.calls.length,
    exported: byState.get('exported')?.length ?? 0,
    failed: byState.get('failed')?.sort() ?? [],
    skipped: byState.get('skipped')?.length ?? 0,
    pending: byState.get('pending')?.length ?? 0,
    stopped: open.context.stopped.get('invoice') ?? null,
  }
}

/** Xero refuses a call that holds one of these, without naming it. */
const unreadable =
  (bad: ReadonlySet<string>, message = 'Cannot be read'): TestRun['answer'] =>
  (numbers) =>
    numbers.some((number) => bad.has(number)) ? refusedWhole(message) : accepted(numbers)

/** Xero names the first one that it cannot read. */
const named =
  (bad: ReadonlySet<string>): TestRun['answer'] =>
  (numbers) => {
    const index = numbers.findIndex((number) => bad.has(number))
    return index === -1 ? accepted(numbers) : refusedWhole(`Invoices[${index}] cannot be read`, index)
  }

describe('a call that is refused whole', () => {
  test('one bad of 100, at every place: it alone fails, in at most 15 calls', async () => {
    const open = testRun({ invoices: 100 })
    for (let at = 0; at < 100; at += 1) {
      open.world.exec("UPDATE export_state SET state = 'pending', queued = 1")
      const end = await send(100, unreadable(numbersOf([at])), open)
      expect([at, end]).toEqual([
        at,
        { calls: end.calls, exported: 99, failed: [`D${at}`], skipped: 0, pending: 0, stopped: null },
      ])
      expect(end.calls).toBeLessThanOrEqual(15)
      // What could be sent is sent once.
      const sent = open.calls.flat().filter((number) => number === `INV-D${(at + 50) % 100}`)
      expect(sent.length).toBeGreaterThan(0)
    }
  })

  test.each([
    ['neighbours', [10, 11]],
    ['in each half', [20, 70]],
    ['the ends', [1, 99]],
    ['around the middle', [49, 50]],
    ['the first and another', [0, 60]],
    ['another and the first of the second half', [20, 50]],
  ])('two bad of 100, %s: never more than 21 calls, nothing good is called bad', async (_title, bad) => {
    const end = await send(100, unreadable(numbersOf(bad)))
    expect(end.calls).toBeLessThanOrEqual(21)
    expect(end.stopped).toBeNull()
    for (const id of end.failed) expect(bad.map((index) => `D${index}`)).toContain(id)
    expect(end.exported + end.skipped + end.failed.length + end.pending).toBe(100)
    expect(end.exported).toBeGreaterThanOrEqual(75)
  })

  test('many bad: the calls stay bounded, and nothing good is called bad', async () => {
    const bad = Array.from({ length: 33 }, (_, index) => index * 3 + 1)
    const end = await send(100, unreadable(numbersOf(bad)))
    expect(end.calls).toBeLessThanOrEqual(21)
    for (const id of end.failed) expect(bad.map((index) => `D${index}`)).toContain(id)
    expect(end.exported + end.skipped + end.failed.length + end.pending).toBe(100)
  })

  test('all bad in the same words: the kind stops after a probe', async () => {
    const end = await send(100, () => refusedWhole('Not valid JSON'))
    expect(end.calls).toBe(5)
    expect(end.stopped).toContain('Not valid JSON')
    expect(end.failed).toEqual(['D0', 'D50'])
    expect(end.pending).toBe(98)
    // A further chunk of the kind is not even loaded.
    expect(await send(100, () => refusedWhole('x'), run)).toMatchObject({ calls: 0, pending: 98 })
  })

  test('few, all bad: each is told what Xero said', async () => {
    expect(await send(6, () => refusedWhole('Not valid JSON'))).toMatchObject({
      failed: ['D0', 'D1', 'D2', 'D3', 'D4', 'D5'],
      stopped: null,
    })
  })

  test('all bad, each in its own words: bounded, and nothing is stopped', async () => {
    const end = await send(100, (numbers) => refusedWhole(`No ${numbers.join()}`))
    expect(end.calls).toBeLessThanOrEqual(21)
    expect(end.stopped).toBeNull()
  })

  test('a document that is named fails, the rest goes at once', async () => {
    expect(await send(100, named(numbersOf([42])))).toEqual({
      calls: 2,
      exported: 99,
      failed: ['D42'],
      skipped: 0,
      pending: 0,
      stopped: null,
    })
  })

  test('named one after the other, up to 20', async () => {
    const bad = Array.from({ length: 20 }, (_, index) => index * 5)
    expect(await send(100, named(numbersOf(bad)))).toMatchObject({ calls: 21, exported: 80, skipped: 0 })
  })

  test('more of them than calls: the rest is left, and not called bad', async () => {
    const bad = Array.from({ length: 30 }, (_, index) => index * 3)
    const end = await send(100, named(numbersOf(bad)))
    expect(end.calls).toBe(21)
    expect(end.failed).toHaveLength(21)
    expect(end.skipped).toBe(79)
  })

  test.each([100, -1, 1.5])('an index of %d names nobody: it is narrowed', async (index) => {
    const bad = numbersOf([3])
    const end = await send(8, (numbers) =>
      numbers.some((number) => bad.has(number)) ? refusedWhole('odd', index) : accepted(numbers),
    )
    expect(end).toMatchObject({ exported: 7, failed: ['D3'] })
  })

  test('one alone: it fails', async () => {
    expect(await send(1, () => refusedWhole('no'))).toMatchObject({ calls: 1, failed: ['D0'], stopped: null })
  })

  test.each([0, 50, 99])(
    'the reply to the further calls may be lost: %d of them stay uncertain',
    async (at) => {
      // The first call is refused whole; every later one without the bad document is never answered.
      const open = testRun({ invoices: 100 })
      run = open
      const bad = numbersOf([at])
      open.answer = (numbers, call) =>
        numbers.some((number) => bad.has(number))
          ? refusedWhole('no')
          : call === 3
            ? { outcome: 'unknown', reason: 'time-out' }
            : accepted(numbers)
      await sendChunk(open.context, invoices, {
        kind: 'invoice',
        number: 1,
        of: 1,
        things: Array.from({ length: 100 }, (_, index) => ({
          id: `D${index}`,
          revision: 2,
          operation: 'create' as const,
          group: '',
          bytes: 1,
          money: null,
        })),
      })
      const states = open.world.rows(
        "SELECT state, COUNT(*) AS count FROM export_state WHERE kind = 'invoice' GROUP BY state ORDER BY state",
      )
      expect(states).toEqual([
        { state: 'exported', count: 99 },
        { state: 'failed', count: 1 },
      ])
    },
  )
})
