// Xero's spellings of time, in and out.

import { expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { dateFields, isoSecond, messageDate, readDate, readModifiedSince, zoneOf } from './dates.ts'

const dates: readonly [text: string, date: string | null][] = [
  ['2026-11-22', '2026-11-22'],
  ['2026-11-22T00:00:00', '2026-11-22'],
  // New Zealand's midnight is the day before in UTC, and that day is what Xero keeps (§7).
  ['2026-11-22T00:00:00+13:00', '2026-11-21'],
  ['2026-11-22T23:30:00Z', '2026-11-22'],
  ['/Date(1789344000000+0000)/', '2026-09-14'],
  ['2026-02-30', null],
  ['22/11/2026', null],
  ['', null],
]
test.each(dates)('a request date %s is %s', (text, date) => {
  expect(readDate(text)).toBe(date)
})

const instants: readonly [text: string, iso: string | null][] = [
  ['2026-11-22T21:00:00', '2026-11-22T21:00:00.000Z'],
  ['2026-11-22T21:00:00.987Z', '2026-11-22T21:00:00.000Z'],
  ['Sun, 22 Nov 2026 21:00:00 GMT', '2026-11-22T21:00:00.000Z'],
  ['yesterday', null],
]
test.each(instants)('If-Modified-Since %s is %s', (text, iso) => {
  const ms = readModifiedSince(text)
  expect(ms === null ? null : new Date(ms).toISOString()).toBe(iso)
})

test('a document date has two spellings, and none when there is none', () => {
  const fields = { DueDateString: '2026-09-14T00:00:00', DueDate: '/Date(1789344000000+0000)/' }
  expect(dateFields('DueDate', '2026-09-14' as PlainDate)).toEqual(fields)
  expect(dateFields('DueDate', null)).toEqual({})
})

test('other spellings', () => {
  expect(isoSecond(1789378199100)).toBe('2026-09-14T09:29:59Z')
  expect(messageDate('2021-09-30' as PlainDate)).toBe('30-Sep-2021')
  expect(zoneOf('NEWZEALANDSTANDARDTIME')).toBe('Pacific/Auckland')
  expect(() => zoneOf('MIDDLEEARTH')).toThrow('MIDDLEEARTH')
})
