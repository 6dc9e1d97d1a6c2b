// Xero's spellings of time: /Date(ms+0000)/ with its ISO twins, the dates that come in, and the zones that organisations name.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import { timeZoneOfXero } from '../accounting/regions.ts'

/** An instant or a document date in lists and answers (§5). */
export function msDate(ms: number): string {
  return `/Date(${ms}+0000)/`
}

/** The envelope's and the organisation's spelling, without the zone (§0.1). */
export function msDateBare(ms: number): string {
  return `/Date(${ms})/`
}

/** A document date is midnight UTC of that day, whatever the organisation's zone (§5). */
export function msOfDate(date: PlainDate): number {
  return Date.parse(`${date}T00:00:00Z`)
}

export function dateFields(name: string, date: PlainDate | null): Record<string, string> {
  if (date === null) return {}
  return { [`${name}String`]: `${date}T00:00:00`, [name]: msDate(msOfDate(date)) }
}

/** `UpdatedDateUTCString`, to the second (§5). */
export function isoSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

const msPattern = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/
const isoPattern = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * A date in a request: a plain date, a date-time or Xero's own spelling. Of an instant Xero keeps the UTC day, which
 * is how a New Zealand midnight becomes the day before (§7).
 */
export function readDate(text: string): PlainDate | null {
  const ms = msPattern.exec(text)?.[1]
  if (ms !== undefined) return parseDate(new Date(Number(ms)).toISOString().slice(0, 10))
  const iso = isoPattern.exec(text)
  if (!iso) return null
  if (iso[2] === undefined) return parseDate(iso[1] ?? '')
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : parseDate(new Date(instant).toISOString().slice(0, 10))
}

/** If-Modified-Since: ISO with or without zone (then UTC), or an HTTP date; accurate to the second (§5). */
export function readModifiedSince(text: string): number | null {
  const iso = isoPattern.exec(text)
  const instant = Date.parse(iso && iso[2] === undefined && text.length > 10 ? `${text}Z` : text)
  return Number.isNaN(instant) ? null : Math.floor(instant / 1000) * 1000
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 30-Sep-2021, as Xero writes lock dates in its messages (§4.1). */
export function messageDate(date: PlainDate): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${day}-${monthNames[Number(month) - 1]}-${year}`
}

/** The time on the wall of a zone, stamped as if it were UTC: how Xero dates the contact inside an order (§4.9). */
export function localAsUtc(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(new Date(ms))
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((one) => one.type === type)?.value ?? Number.NaN)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return local + (ms % 1000)
}

/** The IANA name of the zone that an organisation calls by its Windows name. */
export function zoneOf(timezone: string): string {
  const zone = timeZoneOfXero(timezone)
  if (zone === null) throw new RangeError(`the sandbox does not know the time zone ${timezone}`)
  return zone
}
