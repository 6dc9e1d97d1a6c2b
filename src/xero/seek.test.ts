// Seeking through lists that move while they are read, against a list in memory with Xero's own habits.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seekRows } from './seek.ts'

interface Row {
  id: string
  updatedAt: number
}

/** A list as Xero keeps it: whole seconds compared, the second itself included or not, oldest change first. */
function listOf(rows: Row[], isInclusive: boolean) {
  const asked: { since: number | null; page: number; pageSize: number }[] = []
  return {
    asked,
    rows,
    touch(id: string, updatedAt: number) {
      const row = rows.find((one) => one.id === id)
      if (row) row.updatedAt = updatedAt
    },
    async findPage(place: { since: number | null; page: number; pageSize: number }) {
      asked.push(place)
      const { since, page, pageSize } = place
      const found = rows
        .filter(({ updatedAt }) => {
          if (since === null) return true
          const second = Math.floor(updatedAt / 1000)
          return isInclusive ? second >= Math.floor(since / 1000) : second > Math.floor(since / 1000)
        })
        .sort((a, b) => a.updatedAt - b.updatedAt || a.id.localeCompare(b.id))
        .map((row) => ({ ...row }))
      const shown = found.slice((page - 1) * pageSize, page * pageSize)
      return { rows: shown, isLast: shown.length < pageSize, serverTime: asked.length }
    },
  }
}

async function seekAll(
  list: ReturnType<typeof listOf>,
  pageSize: number,
  since: number | null = null,
  onPage: (count: number) => void = () => undefined,
) {
  const seen: Row[] = []
  let pages = 0
  const seeking = { since, pageSize, what: 'rows', idOf: (row: Row) => row.id, findPage: list.findPage }
  const serverTime = await seekRows<Row>(seeking, async (rows) => {
    seen.push(...rows)
    pages += 1
    onPage(pages)
  })
  return { seen, serverTime }
}

function rowsAt(...seconds: number[]): Row[] {
  return seconds.map((second, index) => ({
    id: `row-${String(index).padStart(4, '0')}`,
    updatedAt: second * 1000 + 7,
  }))
}

test.each([
  ['nothing', [], 1],
  ['a short page', [1, 2], 1],
  ['exactly a page, then none', [1, 2, 3], 2],
  ['several pages', [1, 2, 3, 4, 5, 6, 7], 6],
  ['more than a page in one second', [1, 5, 5, 5, 5, 5, 5, 5, 9], 9],
  ['all in one second', [5, 5, 5, 5, 5, 5, 5], 4],
] as const)('%s: each row once, in the order of change', async (_, seconds, most) => {
  for (const isInclusive of [true, false]) {
    const list = listOf(rowsAt(...seconds), isInclusive)
    const { seen, serverTime } = await seekAll(list, 3)
    expect(seen.map((row) => row.id)).toEqual(list.rows.map((row) => row.id))
    expect(list.asked.length).toBeLessThanOrEqual(most)
    expect(serverTime).toBe(list.asked.length)
  }
})

test('whatever the times and the page size, every row is seen once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (times, pageSize, isInclusive) => {
        const rows = times.map((updatedAt, index) => ({ id: `row-${index}`, updatedAt }))
        const { seen } = await seekAll(listOf(rows, isInclusive), pageSize)
        expect(seen.map((row) => row.id).sort()).toEqual(rows.map((row) => row.id).sort())
      },
    ),
  )
})

test('whatever changes between two pages, the latest version of every row is seen', async () => {
  const change = fc.record({ afterPage: fc.integer({ min: 1, max: 8 }), row: fc.nat(39) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 40 }),
      fc.array(change, { maxLength: 4 }),
      fc.integer({ min: 2, max: 7 }),
      fc.boolean(),
      async (times, changes, pageSize, isInclusive) => {
        const rows = times.map((updatedAt, index) => ({ id: `row-${index}`, updatedAt }))
        const list = listOf(rows, isInclusive)
        let now = 10_000
        const { seen } = await seekAll(list, pageSize, null, (page) => {
          for (const { afterPage, row } of changes) {
            now += 700
            if (afterPage === page) list.touch(`row-${row % rows.length}`, now)
          }
        })
        const latest = new Map(seen.map((row) => [row.id, row.updatedAt]))
        const isChangedAtTheEnd = (row: Row) =>
          (latest.get(row.id) ?? -1) < row.updatedAt && row.updatedAt >= 10_000
        // What changed after the last page was read is the next read's; all else must be there.
        for (const row of rows) expect(latest.has(row.id) || isChangedAtTheEnd(row)).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('a row that moves while the pages of one second are read hides no other', async () => {
  const list = listOf(rowsAt(5, 5, 5, 5, 5, 5, 5, 5), true)
  let isMoved = false
  const { seen } = await seekAll(list, 3, null, () => {
    // After the second page of the crowded second, a row of its first page changes: all others move up by one.
    if (isMoved || list.asked.at(-1)?.page !== 2) return
    isMoved = true
    list.touch('row-0000', 9_000)
  })
  expect(new Set(seen.map((row) => row.id)).size).toBe(8)
})

test.each([
  ['a single page', [9, 2], 1],
  ['from its first page', [9, 2, 7, 1, 8, 3, 5, 4], 4],
  ['as is seen later', [1, 2, 9, 4, 8, 3, 5, 6, 7], 7],
])('a list in another order is read page by page, and nothing is skipped: %s', async (_, seconds, most) => {
  const rows = rowsAt(...seconds)
  const list = listOf(rows, true)
  list.findPage = async (place) => {
    list.asked.push(place)
    const { since, page, pageSize } = place
    const found = rows.filter((row) => since === null || row.updatedAt >= since)
    const shown = found.slice((page - 1) * pageSize, page * pageSize)
    return { rows: shown, isLast: shown.length < pageSize, serverTime: 1 }
  }
  const { seen } = await seekAll(list, 3)
  expect(new Set(seen.map((row) => row.id))).toEqual(new Set(rows.map((row) => row.id)))
  expect(list.asked.length).toBeLessThanOrEqual(most)
})

test('a start in the past is passed on', async () => {
  const list = listOf(rowsAt(1, 2, 3), true)
  const { seen } = await seekAll(list, 5, 2_000)
  expect(list.asked).toEqual([{ since: 2_000, page: 1, pageSize: 5 }])
  expect(seen.map((row) => row.updatedAt)).toEqual([2007, 3007])
})

test('a server that shows the same page for ever is an error, not a loop', async () => {
  const page = rowsAt(5, 5, 5)
  const list = listOf([], true)
  list.findPage = async (place) => {
    list.asked.push(place)
    return { rows: page, isLast: false, serverTime: 1 }
  }
  await expect(seekAll(list, 3)).rejects.toMatchObject({ code: 'xero-away' })
  expect(list.asked.length).toBeLessThan(5)
})

test('rows that never stop moving are an error, not a loop', async () => {
  const list = listOf(rowsAt(5, 5, 5, 5, 5, 5, 5), true)
  let now = 5_100
  const seeking = seekAll(list, 3, null, () => {
    now += 1
    list.touch('row-0000', now)
  })
  await expect(seeking).rejects.toMatchObject({ code: 'xero-away' })
  expect(list.asked.length).toBeLessThan(30)
})

test('pages too large to be read are asked for smaller; a row too large is an error', async () => {
  const list = listOf(rowsAt(1, 2, 3, 4, 5), true)
  const seen: Row[] = []
  const seeking = { since: null, pageSize: 20, what: 'rows', idOf: (row: Row) => row.id }
  const keep = async (rows: Row[]) => void seen.push(...rows)
  const upToTwo = async (place: Parameters<typeof list.findPage>[0]) =>
    place.pageSize > 2 ? null : list.findPage(place)
  await seekRows<Row>({ ...seeking, findPage: upToTwo }, keep)
  expect(seen).toHaveLength(5)
  await expect(seekRows<Row>({ ...seeking, findPage: async () => null }, keep)).rejects.toThrow(/too large/)
})
