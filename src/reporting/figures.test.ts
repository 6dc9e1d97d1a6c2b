import { expect, test } from 'vitest'
import { bytesText, durationText, firstOf, instantText, listText, moneyText, priceText } from './figures.ts'

test.each([
  ['1234567.80', '1,234,567.80'],
  ['-1234.50', '-1,234.50'],
  ['999.99', '999.99'],
  ['0.00', '0.00'],
])('the amount %s is told as %s', (amount, text) => {
  expect(moneyText(amount)).toBe(text)
})

test.each([
  ['35', '35.00'],
  ['12.495', '12.495'],
  ['1200.5', '1,200.50'],
  ['', ''],
])('the price %j is told as %j', (price, text) => {
  expect(priceText(price)).toBe(text)
})

test.each([
  [999, '999 bytes'],
  [120_400, '120 kB'],
  [1_250_000, '1.3 MB'],
])('%i bytes are told as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test.each([
  [400, '0 seconds'],
  [1_000, '1 second'],
  [150_000, '3 minutes'],
  [7_200_000, '2 hours'],
  [3 * 86_400_000, '3 days'],
])('%i ms are told as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test.each([
  ['2026-11-22T03:04:00.000Z', 'UTC', '22 Nov 2026 03:04 UTC'],
  ['2026-11-22T11:04:00.000Z', 'Pacific/Auckland', '23 Nov 2026 00:04 GMT+13'],
  ['soon', 'UTC', 'soon'],
])('%s in %s is told as %s', (instant, zone, text) => {
  expect(instantText(instant, zone)).toBe(text)
})

test('lists', () => {
  expect(listText(['a', 'b', 'c'])).toBe('a, b and c')
  expect(listText(['a'])).toBe('a')
  expect(firstOf(['a', 'b', 'c'], 2)).toBe('a, b and 1 more')
  expect(firstOf(['a', 'b'], 2)).toBe('a, b')
})
