import { expect, test } from 'vitest'
import { cents } from '../accounting/money.ts'
import { checkMoved, type MovedMoney } from './moved-money-rules.ts'

const thing = { kind: 'payment', id: 'P1/I2', label: 'P1 on INV-2' } as const
const there: MovedMoney = { name: 'payment P1 on INV-1', amount: cents(11_500), isKnown: true }

test('nothing moved: nothing is said', () => expect(checkMoved(thing, [])).toEqual([]))

test.each<[string, MovedMoney[], string]>([
  ['one', [there], 'Xero has payment P1 on INV-1 of 115.00, which'],
  ['two', [there, { ...there, name: 'overpayment P1', amount: null }], 'of 115.00 and overpayment P1, which'],
  ['of an unknown outcome', [there, { ...there, isKnown: false }], 'Xero may have payment P1'],
])('%s: where it stands is said, and once', (_, moved, words) => {
  const findings = checkMoved(thing, moved)
  expect(findings).toMatchObject([{ code: 'payment-moved', severity: 'error', id: 'P1/I2' }])
  expect(findings[0]?.message).toMatch(/^Payment P1 on INV-2 was not sent: /)
  expect(findings[0]?.message).toContain(words)
})
