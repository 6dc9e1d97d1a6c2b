// Xero's spellings of values, read once and for all: dates in two forms, identifiers, words of refusals. What the
// values are part of is reply's and rows' business.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'

const msDate = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/
const isoDate = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z)?)?$/

/**
 * An instant in ms since 1970 from `/Date(ms+0000)/` or from ISO text; null where it is neither. The offset is ignored,
 * since the number already is UTC; text without a zone is UTC too (§5).
 */
export function instantFromWire(text: string): number | null {
  const match = msDate.exec(text)
  const ms = match ? Number(match[1]) : isoDate.test(text) ? Date.parse(utcText(text)) : Number.NaN
  return Number.isFinite(ms) ? ms : null
}

function utcText(text: string): string {
  if (text.length === 10) return `${text}T00:00:00Z`
  return text.endsWith('Z') ? text : `${text}Z`
}

/** A calendar date from either form: business dates carry no zone and are read as UTC (§5). */
export function dateFromWire(text: string): PlainDate | null {
  const iso = isoDate.exec(text)
  if (iso) return parseDate(iso[1] ?? '')
  const instant = instantFromWire(text)
  if (instant === null || Math.abs(instant) > 8.64e15) return null
  return parseDate(new Date(instant).toISOString().slice(0, 10))
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const zeroGuid = '00000000-0000-0000-0000-000000000000'

/** A Xero id, or null where there is none: Xero writes the zero GUID for what it did not store (§3.2). */
export function idFromWire(text: string | null | undefined): string | null {
  return text && guid.test(text) && text !== zeroGuid ? text.toLowerCase() : null
}
