// The two judgements that the gateway hands to batch, as tables.

import { expect, test } from 'vitest'
import { isAskableNumber, isXeroBreakdown } from './gateway.ts'

test.each([
  [
    [
      'An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.',
    ],
    true,
  ],
  [['Invoice # must be unique.'], false],
  [['x', 'An error occurred in Xero. Check the API Status page'], true],
  [[], false],
])('%j is a breakdown of Xero: %s', (errors, expected) => {
  expect(isXeroBreakdown(errors)).toBe(expected)
})

test.each([
  ['INV-1', true],
  ['INV,1', true],
  ['Å 1/2 & +', true],
  ['a"b', false],
  ['a\\b', false],
  ['a\nb', false],
  ['', false],
  ['é'.repeat(300), false],
])('Xero can be asked for the number %j: %s', (number, expected) => {
  expect(isAskableNumber(number)).toBe(expected)
})
