// Reads dates as files write them: ISO always, other forms by a given format or, in Xero's templates, by the region's
// order. Where day and month could be either, the file is refused rather than guessed.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import { Refusal } from './problems.ts'
import type { CellReader } from './values.ts'

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const fullMonthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

function monthOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  const name = text.toLowerCase().replace('.', '')
  const index = Math.max(
    monthNames.indexOf(name === 'sept' ? 'sep' : name.slice(0, 3)),
    fullMonthNames.indexOf(name),
  )
  const isName = name === 'sept' || name.length === 3 || fullMonthNames.includes(name)
  return isName && index >= 0 ? index + 1 : null
}

function dateOf(year: string, month: number, day: number): PlainDate | null {
  const full = year.length === 2 ? `20${year}` : year
  return parseDate(`${full}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
}

/** ISO dates only: the ledger's own CSV (D2). */
export const isoDate: CellReader = (text) =>
  parseDate(text.trim()) ??
  new Refusal('is no date such as 2026-11-22. For other forms say --date-format, such as DD/MM/YYYY.')

const tokens: Record<string, { pattern: string; part: 'year' | 'month' | 'day' }> = {
  YYYY: { pattern: '(\\d{4})', part: 'year' },
  YY: { pattern: '(\\d{2})', part: 'year' },
  MMM: { pattern: '([A-Za-z]{3,9}\\.?)', part: 'month' },
  MM: { pattern: '(\\d{1,2})', part: 'month' },
  M: { pattern: '(\\d{1,2})', part: 'month' },
  DD: { pattern: '(\\d{1,2})', part: 'day' },
  D: { pattern: '(\\d{1,2})', part: 'day' },
}

/** A reader for a format of D, DD, M, MM, MMM, YY, YYYY and separators; null where the format is none. ISO dates are read too. */
export function dateFormatReader(format: string): CellReader | null {
  const parts: string[] = []
  const pieces = format.trim().split(/(YYYY|YY|MMM|MM|M|DD|D)/i)
  let pattern = ''
  for (const piece of pieces) {
    const token = tokens[piece.toUpperCase()]
    if (token) parts.push(token.part)
    else if (/[A-Za-z\d]/.test(piece)) return null
    const strict = token && pieces.join('').length === 8 && !/\W/.test(format)
    pattern += token
      ? strict
        ? token.pattern.replace('{1,2}', '{2}')
        : token.pattern
      : piece.replaceAll(/\W/g, '\\$&')
  }
  if ([...parts].sort().join() !== 'day,month,year') return null
  const matcher = new RegExp(`^${pattern}$`)
  return (text) => {
    const written = text.trim()
    const match = matcher.exec(written)
    const at = (part: string) => match?.[parts.indexOf(part) + 1] ?? ''
    const month = monthOf(at('month'))
    const date = match && month !== null ? dateOf(at('year'), month, Number(at('day'))) : parseDate(written)
    return date ?? new Refusal(`is no date of the form ${format}.`)
  }
}

const numeric = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/
const named = /^(\d{1,2})[ -]([A-Za-z]{3,9}\.?)[ -](\d{4}|\d{2})$/
const namedFirst = /^([A-Za-z]{3,9}\.?) (\d{1,2}),? (\d{4})$/

/**
 * Dates as a region writes them (Xero's templates); `order` is null where the region is not known, and then only
 * dates that can be read one way are taken.
 */
export function regionDate(order: 'dmy' | 'mdy' | null, region: string): CellReader {
  return (text) => {
    const written = text.trim()
    const plain = parseDate(written) ?? namedDate(written)
    if (plain) return plain
    const match = numeric.exec(written)
    if (!match) return new Refusal('is no date such as 22/11/2026, 2026-11-22 or 22 Nov 2026.')
    const [, first = '', second = '', year = ''] = match
    const dayFirst = dateOf(year, Number(second), Number(first))
    const monthFirst = dateOf(year, Number(first), Number(second))
    const read = order === 'mdy' ? monthFirst : order === 'dmy' ? dayFirst : onlyOf(dayFirst, monthFirst)
    if (read) return read
    return new Refusal(
      dayFirst || monthFirst ? ambiguity(order, region, dayFirst !== null) : 'is no day of the calendar.',
    )
  }
}

/** The one reading that is a date; null where both are and they differ. */
function onlyOf(first: PlainDate | null, second: PlainDate | null): PlainDate | null {
  return first && second && first !== second ? null : (first ?? second)
}

function ambiguity(order: 'dmy' | 'mdy' | null, region: string, dayFirstFits: boolean): string {
  const say =
    'Say how the dates of this file are written: --date-format DD/MM/YYYY or --date-format MM/DD/YYYY'
  return order === null
    ? `may be day or month first, and how ${region} writes dates is not known. ${say}.`
    : `does not fit ${region}, where the ${order === 'dmy' ? 'day' : 'month'} comes first, but would fit with the ${dayFirstFits ? 'day' : 'month'} first. ${say}.`
}

function namedDate(text: string): PlainDate | null {
  const dayFirst = named.exec(text)
  const monthFirst = dayFirst ? null : namedFirst.exec(text)
  const [day, name, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : monthFirst
      ? [monthFirst[2], monthFirst[1], monthFirst[3]]
      : []
  const month = name === undefined ? null : monthOf(name)
  return month === null || year === undefined ? null : dateOf(year, month, Number(day))
}
