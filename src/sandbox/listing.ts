// Lists: If-Modified-Since, where, order, ids, pages (§2.3, §5). Which fields a filter may name is the resource's business.

import type { Call } from './call.ts'
import type { Page } from './reply.ts'
import { type Stored, Table } from './table.ts'
import { compileOrder, compileWhere, type FilterFields, UnreadableQuery } from './where.ts'

export const listQuery = ['where', 'order'] as const
export const pageQuery = ['page', 'pageSize'] as const

/** What a list holds before it is cut into pages: all of a table, or the given records, changed since then. */
export function select<T extends Stored>(
  call: Call,
  source: Table<T> | readonly T[],
  fields: FilterFields<T>,
  keep?: (record: T) => boolean,
): T[] {
  const since = call.modifiedSince
  // To the second: the first second that counts begins here, or one later where the switch says exclusive.
  const from =
    since === null ? Number.NEGATIVE_INFINITY : call.switches.modifiedSinceInclusive ? since : since + 1000
  const records =
    source instanceof Table ? source.changedSince(from) : source.filter((record) => record.updatedAt >= from)
  return refine(call, records, fields, keep)
}

/** Filters and orders. */
export function refine<T>(
  call: Call,
  records: T[],
  fields: FilterFields<T>,
  keep?: (record: T) => boolean,
): T[] {
  const where = call.query.get('where')
  const test = where === null || where.trim() === '' ? null : compileWhere(where, fields)
  const order = call.query.get('order')
  const found = records.filter((record) => (keep?.(record) ?? true) && (test?.(record) ?? true))
  return order === null || order.trim() === '' ? found : found.sort(compileOrder(order, fields))
}

/** The values of `IDs=a,b`, or null where the parameter is absent or empty. */
export function listParameter(call: Call, name: string): string[] | null {
  const value = call.query.get(name)
  if (value === null || value === '') return null
  return value.split(',').map((part) => part.trim())
}

/** Prices have 2 decimals or, where the call asks for them, 4 (§3.5). */
export function checkUnitDp(call: Call): void {
  const unitdp = call.query.get('unitdp')
  if (unitdp !== null && unitdp !== '2' && unitdp !== '4') throw new UnreadableQuery('unitdp must be 2 or 4.')
}

const pageSizeDefault = 100
const pageSizeMax = 1000

/** pageSize is clamped without a word (§2.3); a page below 1 counts as the first. */
export function paged<T>(call: Call, records: readonly T[]): { rows: readonly T[]; page: Page } {
  const page = Math.max(1, wholeNumber(call, 'page') ?? 1)
  const pageSize = Math.min(pageSizeMax, Math.max(1, wholeNumber(call, 'pageSize') ?? pageSizeDefault))
  const rows = records.slice((page - 1) * pageSize, page * pageSize)
  const itemCount = records.length
  return { rows, page: { page, pageSize, pageCount: Math.ceil(itemCount / pageSize), itemCount } }
}

function wholeNumber(call: Call, name: string): number | null {
  const value = call.query.get(name)
  if (value === null) return null
  if (!/^-?\d+$/.test(value)) throw new UnreadableQuery(`${name} is not a whole number.`)
  return Number(value)
}
