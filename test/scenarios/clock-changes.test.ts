// A timer in local time when clocks change: the night with an hour twice runs it twice, the night with an hour less not at all.
// Neither loses a document nor doubles one.

import { expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

const local = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Pacific/Auckland',
  day: '2-digit',
  month: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** When a timer at a quarter past two in Auckland goes off, as instants, in so many days from then on. */
function nightly(from: string, days: number): number[] {
  const quarters = Array.from({ length: days * 24 * 4 }, (_, index) => Date.parse(from) + index * 15 * 60_000)
  return quarters.filter((ms) => local.format(ms).endsWith('02:15'))
}

/** Lives through the nights with an invoice dated on each of the days; gives what was in Xero after each run, by id. */
async function live(from: string, nights: number[], dates: string[]): Promise<string[][]> {
  const world = await World.open({ start: from })
  try {
    await world.prepare(contactsSql(1))
    for (const [index, date] of dates.entries())
      world.sql(invoiceSql({ id: `D${index + 1}`, date, dueDate: date }))
    const seen: string[][] = []
    for (const night of nights) {
      world.clock.advance(night - world.clock.now())
      expect(await world.run(['export', '--quiet', '--wait'])).toEqual({ code: 0, out: '', err: '' })
      seen.push(
        world.sandbox
          .invoices()
          .map(({ number }) => number ?? '')
          .sort(),
      )
      expect(brokenPromises(world, { settled: false })).toEqual([])
    }
    expect(brokenPromises(world)).toEqual([])
    return seen
  } finally {
    await world.close()
  }
}

test('the night with an hour twice runs the job twice, and the second one finds nothing to do', async () => {
  const from = '2026-04-03T12:00:00Z' // the night to 4 April; clocks go back on the 5th
  const nights = nightly(from, 3)
  expect(nights.map((ms) => local.format(ms))).toEqual([
    '04/04, 02:15',
    '05/04, 02:15',
    '05/04, 02:15',
    '06/04, 02:15',
  ])
  expect(await live(from, nights, ['2026-04-04', '2026-04-05', '2026-04-06'])).toEqual([
    ['INV-D1'],
    ['INV-D1', 'INV-D2'],
    ['INV-D1', 'INV-D2'],
    ['INV-D1', 'INV-D2', 'INV-D3'],
  ])
})

test('the night with an hour less leaves the job out, and the next one sends what waited', async () => {
  const from = '2026-09-25T12:00:00Z' // the night to 26 September; clocks go forward on the 27th
  const nights = nightly(from, 3)
  expect(nights.map((ms) => local.format(ms))).toEqual(['26/09, 02:15', '28/09, 02:15'])
  expect(await live(from, nights, ['2026-09-26', '2026-09-27', '2026-09-28'])).toEqual([
    ['INV-D1'],
    ['INV-D1', 'INV-D2', 'INV-D3'],
  ])
})
