// A call that Xero refuses whole without naming a document (E10): it is narrowed until the bad ones stand alone, in few
// calls, and every other goes out in the same run.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

/** One chunk of so many invoices, of which these hold what Xero cannot read. */
async function open(count: number, bad: readonly number[]): Promise<World> {
  world = await World.open()
  await world.prepare(invoicesSql(count, 1))
  for (const index of bad) {
    const id = `D${String(index + 1).padStart(4, '0')}`
    world.sql(`UPDATE document SET reference = 'UNREADABLE' WHERE id = '${id}'`)
  }
  world.sandbox.fault({
    method: 'PUT',
    path: '/Invoices',
    times: 999,
    kind: 'refuse-whole',
    containing: 'UNREADABLE',
  })
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const puts = (w: World) => w.sandbox.counts.byRoute['PUT /Invoices'] ?? 0

describe('bad documents of a chunk that is refused whole', () => {
  test.each([
    ['one of one', 1, [0]],
    ['one of two', 2, [1]],
    ['one of 40', 40, [17]],
    ['the first of 40', 40, [0]],
    ['the last of 40', 40, [39]],
    ['one in each half', 40, [5, 30]],
    ['two in each half', 16, [2, 6, 9, 14]],
    ['neighbours across the middle', 40, [19, 20]],
    ['the second of each half', 8, [1, 5]],
    ['the first and another', 40, [0, 30]],
    ['the first of each half of a few', 6, [0, 3]],
  ] as const)('%s: they fail, all others go out', async (_title, count, bad) => {
    const w = await open(count, bad)
    const run = await w.export()
    expect(run.code, run.err).toBe(1)
    const ids = (state: string) =>
      w
        .query<{ source_id: string }>(
          `SELECT source_id FROM export_state WHERE kind = 'invoice' AND state = ? ORDER BY source_id`,
          state,
        )
        .map((row) => Number(row.source_id.slice(1)) - 1)
    // Only what is bad is called so; what could not be tried within the calls allowed is skipped, and says so.
    const isBad = new Set<number>(bad)
    const left = ids('skipped')
    expect(ids('failed').filter((index) => !isBad.has(index))).toEqual([])
    expect([...ids('failed'), ...left].filter((index) => isBad.has(index))).toHaveLength(bad.length)
    expect(ids('exported')).toHaveLength(count - ids('failed').length - left.length)
    if (bad.length <= 2) expect(left).toEqual([])
    expect(puts(w)).toBeLessThanOrEqual(21)
    expect(brokenPromises(w)).toEqual([])

    for (const index of bad)
      w.sql(`UPDATE document SET reference = 'mended' WHERE id = 'D${String(index + 1).padStart(4, '0')}'`)
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(count)
    expect(brokenPromises(w)).toEqual([])
  })

  test('all: the kind stops after a probe of each half, nothing is called bad that may be good', async () => {
    const w = await open(40, [...Array(40).keys()])
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(puts(w)).toBe(5)
    expect(run.runs[0]?.stopReason).toMatch(/refuses every call/)
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ failed: 2, remaining: 40 })
    expect(brokenPromises(w)).toEqual([])
  })
})
