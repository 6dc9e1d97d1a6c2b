// Plain calendar dates as YYYY-MM-DD text, end to end: a document's date has no time and no zone (§5, §6).
// Instants are clock.ts's business.

declare const plainDate: unique symbol
/** A calendar date, `YYYY-MM-DD`. Compares correctly as text. */
export type PlainDate = string & { readonly [plainDate]: true }

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** The date, or null where the text is no real date (2026-02-30). */
export function parseDate(text: string): PlainDate | null {
  const match = pattern.exec(text)
  if (!match) return null
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === text
    ? (text as PlainDate)
    : null
}

export function addDays(date: PlainDate, days: number): PlainDate {
  const instant = Date.parse(`${date}T00:00:00Z`) + days * 86_400_000
  return new Date(instant).toISOString().slice(0, 10) as PlainDate
}

/** The first and last day of a month written YYYY-MM, or null. */
export function monthRange(month: string): { from: PlainDate; to: PlainDate } | null {
  const from = parseDate(`${month}-01`)
  if (!from) return null
  const [year = 0, monthNumber = 0] = month.split('-').map(Number)
  const next = new Date(Date.UTC(year, monthNumber, 1)).toISOString().slice(0, 10) as PlainDate
  return { from, to: addDays(next, -1) }
}

/** A run asks for a handful of zones many times, and making one of these takes longer than all the rest of its checks. */
const zones = new Map<string, Intl.DateTimeFormat>()

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  const known = zones.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  zones.set(timeZone, format)
  return format
}

/** The calendar date that it is at an instant (ms since 1970) in an IANA time zone. */
export function dateInZone(instantMs: number, timeZone: string): PlainDate {
  const parts = dateFormat(timeZone).format(new Date(instantMs))
  const date = parseDate(parts)
  if (!date) throw new RangeError(`the time zone ${timeZone} gave no date: ${parts}`)
  return date
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "22 Nov 2026", for people. */
export function longDate(date: PlainDate): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${Number(day)} ${months[Number(month) - 1]} ${year}`
}
