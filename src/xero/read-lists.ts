// How Xero's lists are read: addresses, pages sought to their end, answers taken apart. Which lists there are and what
// is asked of them is the business of the files whose names end in -reads.

import * as z from 'zod'
import { AuxoError } from '../errors.ts'
import type { ApiCalls, ReadAnswer } from './calls.ts'
import type { OnPage } from './found.ts'
import type { CompleteRead } from './gateway.ts'
import { type SeekPage, seekRows } from './seek.ts'

/** Longer addresses are answered 404 (§2.3). */
export const urlLengthMax = 2000

export type Query = Readonly<Record<string, string>>

/** A list that is ordered by change, oldest first, and whose rows can be asked for one by one. */
export interface ChangeList<Row> {
  /** `/Invoices` */
  path: string
  /** For messages and the API log. */
  name: { one: string; many: string }
  rows: z.ZodType<Row[]>
  pageSize: number
  /** What every page is asked with. */
  query: Query
}

/** Every row that matches and changed since (at all, where null); of a row that moves meanwhile the last version. */
export async function findChanged<Row extends { xeroId: string; updatedAt: number }>(
  calls: ApiCalls,
  list: ChangeList<Row>,
  filter: Query,
  since: number | null,
): Promise<CompleteRead<Row>> {
  const latest = new Map<string, Row>()
  const filtered = { ...list, query: { ...list.query, ...filter } }
  const { serverTime } = await handChanged(calls, filtered, since, async (rows) => {
    for (const row of rows) latest.set(row.xeroId, row)
  })
  return { rows: [...latest.values()], serverTime }
}

/** The same page by page, as they come. Up to the server time that is returned nothing was missed. */
export async function handChanged<Row extends { xeroId: string; updatedAt: number }>(
  calls: ApiCalls,
  list: ChangeList<Row>,
  since: number | null,
  onPage: OnPage<Row>,
): Promise<{ serverTime: number }> {
  const seeking = {
    since,
    pageSize: list.pageSize,
    what: list.name.many,
    idOf: (row: Row) => row.xeroId,
    findPage: (place: Place) =>
      findPage(calls, list.name.many, list.rows, place, (paging) =>
        address(list.path, { ...list.query, ...paging }),
      ),
  }
  // Of the time after the first answer nothing is promised: what is stored while later pages are read may be missed.
  let firstPageTime = Number.POSITIVE_INFINITY
  const lastPageTime = await seekRows(seeking, async (rows, time) => {
    firstPageTime = Math.min(firstPageTime, time)
    await onPage(rows, time)
  })
  return { serverTime: Math.min(firstPageTime, lastPageTime) }
}

/** What any of the filters finds, each row once; the time is the earliest answer's, zero where nothing was asked. */
export async function findFiltered<Row extends { xeroId: string; updatedAt: number }>(
  calls: ApiCalls,
  list: ChangeList<Row>,
  filters: readonly Query[],
): Promise<CompleteRead<Row>> {
  const found = new Map<string, Row>()
  const times: number[] = []
  for (const filter of filters) {
    const read = await findChanged(calls, list, filter, null)
    for (const row of read.rows) found.set(row.xeroId, row)
    times.push(read.serverTime)
  }
  return { rows: [...found.values()], serverTime: times.length === 0 ? 0 : Math.min(...times) }
}

/** Null where Xero knows none by this id. */
export async function findOne<Row>(
  calls: ApiCalls,
  subject: string,
  path: string,
  rows: z.ZodType<Row[]>,
): Promise<Row | null> {
  const answer = await calls.read(subject, path)
  return answer.outcome === 'nothing' ? null : (readRows(subject, answer, rows)[0] ?? null)
}

/** A list without pages. One that is not there at all is no empty list. */
export async function findAll<Rows>(
  calls: ApiCalls,
  subject: string,
  path: string,
  rows: z.ZodType<Rows>,
): Promise<{ rows: Rows; serverTime: number }> {
  const answer = await calls.read(subject, path)
  if (answer.outcome !== 'json') throw unreadable(subject)
  return { rows: readRows(subject, answer, rows), serverTime: answer.serverTime }
}

export interface Place {
  since: number | null
  page: number
  pageSize: number
}

/** How many rows there are in all, where the list says so (§2.3). */
const paged = z.object({
  pagination: z.object({ page: z.number(), pageSize: z.number(), pageCount: z.number() }).nullish(),
})

export async function findPage<Row>(
  calls: ApiCalls,
  subject: string,
  rows: z.ZodType<Row[]>,
  { since, page, pageSize }: Place,
  pathOf: (paging: { page: string; pageSize: string }) => string,
): Promise<SeekPage<Row> | null> {
  const answer = await calls.read(subject, pathOf({ page: String(page), pageSize: String(pageSize) }), since)
  if (answer.outcome === 'too-large') return null
  if (answer.outcome === 'nothing') {
    // 304 says that nothing changed; a list that is not there at all is no empty list.
    if (answer.serverTime === null || answer.status !== 304) throw unreadable(subject)
    return { rows: [], isLast: true, serverTime: answer.serverTime }
  }
  const found = readRows(subject, answer, rows)
  const pages = paged.safeParse(answer.json).data?.pagination
  // Xero may cut a page shorter than was asked for (§2.3): a short page is short of what Xero says it gives.
  const isLast = pages ? pages.page >= pages.pageCount : found.length < pageSize
  return { rows: found, isLast, serverTime: answer.serverTime }
}

/** The rows of an answer; AuxoError where they cannot be read. */
export function readRows<Rows>(subject: string, answer: ReadAnswer, rows: z.ZodType<Rows>): Rows {
  if (answer.outcome !== 'json') throw unreadable(subject)
  const parsed = rows.safeParse(answer.json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw unreadable(subject, issue && `${issue.path.join('.')} ${issue.message}`)
}

export function unreadable(subject: string, where?: string): AuxoError {
  return new AuxoError(
    'xero-away',
    `What Xero answered about ${subject} cannot be read${where ? ` (${where})` : ''}. Nothing was changed; run again later.`,
  )
}

/** Percent-encoded throughout, except commas between the values of a list, as xero-node writes them. */
export function address(path: string, query: Query): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`)
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}

export function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',')
}
