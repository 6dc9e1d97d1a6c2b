// Reads a list that changes while it is read: sought by the time of change, not paged, because a row that changes moves
// to the tail and would shift an unread one onto a page already read (§5). What a page holds is reads' business.

import { AuxoError } from '../errors.ts'

/** ms since 1970. */
type Changed = { updatedAt: number }

export interface SeekPage<Row> {
  rows: readonly Row[]
  /** Whether more rows follow in the same order. */
  isLast: boolean
  serverTime: number
}

interface Seeking<Row> {
  since: number | null
  pageSize: number
  /** In plural, for messages. */
  what: string
  idOf(row: Row): string
  /** Oldest change first. Null where the page is too large to be read. */
  findPage(place: { since: number | null; page: number; pageSize: number }): Promise<SeekPage<Row> | null>
}

/** A list that keeps changing while its pages are read is given up after so many readings. */
const readingsMax = 5

/**
 * Hands over every row changed at or after `since` (all, where null), each version once, and returns Xero's clock at the
 * last page. Xero compares whole seconds, and whether the second itself is included is not established, so each step
 * starts one second before the last row seen. Where more than a page changed within that time, its pages are read; if
 * a row of theirs moves meanwhile, another may have slipped onto a page already read, and they are read once more.
 */
export async function seekRows<Row extends Changed>(
  start: Seeking<Row>,
  onRows: (rows: Row[], serverTime: number) => Promise<void>,
): Promise<number> {
  /** Versions that the next page may show again. */
  let seen = new Map<string, number>()
  const { idOf } = start
  let { since, pageSize } = start
  let page = 1
  let pageBefore = ''
  let paged: { since: number | null; hasMoved: boolean } | null = null
  let readings = 1
  let isOrdered = true
  for (;;) {
    const found = await start.findPage({ since, page, pageSize })
    if (found === null) {
      pageSize = smaller(pageSize, start.what)
      page = 1
      continue
    }
    const isWhole = found.isLast && page === 1 && since === start.since
    if (isOrdered && !isWhole && !isByChange(found.rows)) {
      // Another order than was asked for: what follows may be older, so all pages are read, from the start.
      isOrdered = false
      since = start.since
      page = 1
      paged = { since, hasMoved: false }
      continue
    }
    const shown = found.rows.map((row) => `${idOf(row)} ${row.updatedAt}`).join()
    if (page > 1 && shown === pageBefore) throw stalled(start.what)
    pageBefore = shown

    const fresh = found.rows.filter((row) => seen.get(idOf(row)) !== row.updatedAt)
    if (paged) paged.hasMoved ||= fresh.some((row) => seen.has(idOf(row)))
    for (const row of fresh) seen.set(idOf(row), row.updatedAt)
    await onRows(fresh, found.serverTime)

    const next = isOrdered ? secondBefore(found.rows) : null
    if (found.isLast) {
      if (!paged?.hasMoved) return found.serverTime
      if (readings === readingsMax) throw stalled(start.what)
      readings += 1
      since = paged.since
      page = 1
      paged.hasMoved = false
    } else if (next !== null && (since === null || next > since)) {
      since = next
      page = 1
      const keepFrom = paged ? (paged.since ?? 0) : next
      seen = new Map([...seen].filter(([, updatedAt]) => updatedAt >= keepFrom))
    } else {
      paged ??= { since, hasMoved: false }
      page += 1
    }
  }
}

function smaller(pageSize: number, what: string): number {
  if (pageSize > 1) return Math.max(1, Math.floor(pageSize / 10))
  throw new AuxoError('xero-away', `One of the ${what} in Xero is too large to be read.`)
}

function isByChange(rows: readonly Changed[]): boolean {
  return rows.every((row, index) => row.updatedAt >= (rows[index - 1]?.updatedAt ?? 0))
}

function secondBefore(rows: readonly Changed[]): number | null {
  const latest = rows.at(-1)
  return latest ? Math.floor(latest.updatedAt / 1000) * 1000 - 1000 : null
}

function stalled(what: string): AuxoError {
  return new AuxoError(
    'xero-away',
    `Xero shows the same ${what} again and again instead of the next ones. Run again later.`,
  )
}
