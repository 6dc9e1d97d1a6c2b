// How documents add up, against the sums that Xero published or that were recorded.

import { describe, expect, test } from 'vitest'
import { cents, e4 } from '../accounting/money.ts'
import type { Line, LineAmountTypes } from './invoice-record.ts'
import {
  type HalfRounding,
  lineAmountOf,
  quotientE4,
  readUnitAmount,
  shownUnitAmount,
  taxOf,
  totalsOf,
} from './totals.ts'

describe('tax of a line (§6)', () => {
  const rows: readonly [
    amount: number,
    rate: number,
    types: LineAmountTypes,
    rounding: HalfRounding,
    tax: number,
  ][] = [
    // The published example: 25.06, 25.61 and 25.63 at 15 % come to 11.44, not 11.45.
    [2506, 15, 'Exclusive', 'away', 376],
    [2561, 15, 'Exclusive', 'away', 384],
    [2563, 15, 'Exclusive', 'away', 384],
    // Recorded from the demo company, inclusive.
    [54125, 15, 'Inclusive', 'away', 7060],
    [50000, 15, 'Inclusive', 'away', 6522],
    [9700, 15, 'Inclusive', 'away', 1265],
    [8900, 15, 'Inclusive', 'away', 1161],
    [50000, 15, 'NoTax', 'away', 0],
    // Ties, where the two modes part: 0.5 of a cent and 1.5 cents.
    [5, 10, 'Exclusive', 'away', 1],
    [20, 15, 'Exclusive', 'even', 3],
    [5, 10, 'Exclusive', 'even', 0],
    [15, 10, 'Exclusive', 'even', 2],
    [-5, 10, 'Exclusive', 'away', -1],
    [-5, 10, 'Exclusive', 'even', 0],
    [1000, 12.5, 'Exclusive', 'away', 125],
  ]
  test.each(rows)('%i cents at %d %%, %s, half %s', (amount, rate, types, rounding, tax) => {
    expect(taxOf(cents(amount), rate, types, rounding)).toBe(tax)
  })
})

describe('amount of a line (§4.3)', () => {
  const rows: readonly [
    quantity: number,
    unit: number,
    rate: number | null,
    off: number | null,
    r: HalfRounding,
    amount: number,
  ][] = [
    [20_000, 105_000, null, null, 'away', 2100],
    [10_000, 17_950, null, null, 'away', 180],
    [10_000, 17_850, null, null, 'even', 178],
    [10_000, 1_000_000, 100_000, null, 'away', 9000],
    [10_000, 1_000_000, null, 250, 'away', 9750],
    [3333, 30_000, null, null, 'away', 100],
  ]
  test.each(rows)('%i × %i, rate %s, off %s, half %s', (quantity, unit, rate, off, rounding, amount) => {
    const discountRate = rate === null ? null : e4(rate)
    const discountAmount = off === null ? null : cents(off)
    expect(lineAmountOf(e4(quantity), e4(unit), discountRate, discountAmount, rounding)).toBe(amount)
  })
})

describe('unit amounts (§3.5)', () => {
  const rows: readonly [value: number, places: 2 | 4, rounding: HalfRounding, e4: number][] = [
    [1.795, 2, 'away', 18_000],
    [1.785, 2, 'even', 17_800],
    [1.785, 2, 'away', 17_900],
    [1.79549, 4, 'away', 17_955],
    [0.30000000000000004, 2, 'away', 3000],
  ]
  test.each(rows)('%d to %i decimals, half %s', (value, places, rounding, units) => {
    expect(readUnitAmount(value, places, rounding)).toBe(units)
  })

  test('a price of four decimals is shown with two to whoever did not ask', () => {
    expect(shownUnitAmount(e4(17_955), 2, 'away')).toBe(1.8)
    expect(shownUnitAmount(e4(17_955), 4, 'away')).toBe(1.7955)
  })

  test('what is left out follows from the line amount', () => {
    expect(quotientE4(cents(1000), e4(30_000), 2, 'away')).toBe(33_300)
    expect(quotientE4(cents(1000), e4(30_000), 4, 'away')).toBe(33_333)
    expect(quotientE4(cents(-1000), e4(-30_000), 4, 'away')).toBe(33_333)
    expect(quotientE4(cents(1000), e4(0), 4, 'away')).toBe(0)
  })
})

describe('totals', () => {
  const line = (lineAmount: number, taxAmount: number): Line => ({
    id: '',
    description: null,
    quantity: e4(10_000),
    unitAmount: e4(lineAmount * 100),
    discountRate: null,
    discountAmount: null,
    accountId: null,
    taxType: null,
    taxAmount: cents(taxAmount),
    lineAmount: cents(lineAmount),
    itemCode: null,
    tracking: [],
  })
  const lines = [line(2506, 376), line(2561, 384), line(2563, 384)]
  const rows: readonly [LineAmountTypes, subTotal: number, tax: number, total: number][] = [
    ['Exclusive', 7630, 1144, 8774],
    ['Inclusive', 6486, 1144, 7630],
  ]
  test.each(rows)('%s', (types, subTotal, totalTax, total) => {
    expect(totalsOf(lines, types, 'away')).toEqual({ subTotal, totalTax, total, totalDiscount: 0 })
  })
})
