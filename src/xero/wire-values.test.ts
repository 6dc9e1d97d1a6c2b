// Xero's spellings of dates and identifiers, as tables.

import { expect, test } from 'vitest'
import { dateFromWire, idFromWire, instantFromWire } from './wire-values.ts'

test.each([
  ['/Date(1789378199100+0000)/', 1789378199100],
  ['/Date(1789378199160)/', 1789378199160],
  ['/Date(1789378199100+1300)/', 1789378199100],
  ['/Date(-1000+0000)/', -1000],
  ['2026-09-14T09:29:59', Date.UTC(2026, 8, 14, 9, 29, 59)],
  ['2026-09-14T09:29:59Z', Date.UTC(2026, 8, 14, 9, 29, 59)],
  ['2026-09-14T09:29:59.1234567', Date.UTC(2026, 8, 14, 9, 29, 59, 123)],
  ['2026-09-14', Date.UTC(2026, 8, 14)],
  ['', null],
  ['/Date()/', null],
  ['14 Sep 2026', null],
  ['2026-09-14T25:00:00', null],
])('the instant of %j is %s', (text, expected) => {
  expect(instantFromWire(text)).toBe(expected)
})

test.each([
  ['2026-09-14T00:00:00', '2026-09-14'],
  ['2026-09-14', '2026-09-14'],
  ['/Date(1254268800000+0000)/', '2009-09-30'],
  ['/Date(1789344000000)/', '2026-09-14'],
  ['2026-02-30T00:00:00', null],
  ['/Date(9999999999999999)/', null],
  ['soon', null],
])('the date of %j is %s', (text, expected) => {
  expect(dateFromWire(text)).toBe(expected)
})

test.each([
  ['00000000-0000-0000-0000-000000000000', null],
  ['6F1C0A3E-6d0e-4b4e-9e0e-0c9a6b1c2d3e', '6f1c0a3e-6d0e-4b4e-9e0e-0c9a6b1c2d3e'],
  ['', null],
  [null, null],
  [undefined, null],
  ['INV-1', null],
])('the id in %j is %s', (text, expected) => {
  expect(idFromWire(text)).toBe(expected)
})
