import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '../../test/support/books.ts'
import { aJournal, aJournalLine, journalBooks, written } from '../../test/support/journals.ts'
import { imbalanceOf } from '../accounting/journal-entry.ts'
import { cents, shareCents } from '../accounting/money.ts'
import { journalOfLedger } from './journal-of-ledger.ts'

const north = [{ category: 'Region', option: 'North' }]
const city = [{ category: 'Branch', option: 'City' }]
const pay = (employee: string, account: string, amount: number, tracking = north) =>
  aJournalLine({ employee, account, description: 'Pay item', amount: money(amount), tracking })

const run = aJournal({
  id: 'PR-1',
  kind: 'pay_run',
  status: 'paid',
  lines: [
    pay('Ann', '477', 700),
    pay('Ann', '477', 300),
    pay('Ann', '825', -200),
    pay('Ann', '814', -800),
    pay('Ben', '477', 500, city),
    pay('Ben', '825', -100, city),
    pay('Ben', '814', -400, city),
  ],
})
const [n, c] = ['[Region: North]', '[Branch: City]']

test.each([
  [
    'none',
    'off',
    [
      `477 700.00 ${n}`,
      `477 300.00 ${n}`,
      '825 -200.00',
      '814 -800.00',
      `477 500.00 ${c}`,
      '825 -100.00',
      '814 -400.00',
    ],
  ],
  [
    'pay',
    'off',
    [`477 1000.00 ${n}`, '825 -200.00', '814 -800.00', `477 500.00 ${c}`, '825 -100.00', '814 -400.00'],
  ],
  ['payrun', 'off', [`477 1000.00 ${n}`, '825 -300.00', '814 -1200.00', `477 500.00 ${c}`]],
  [
    'payrun',
    'on',
    [
      `477 1000.00 ${n}`,
      `825 -200.00 ${n}`,
      `814 -800.00 ${n}`,
      `477 500.00 ${c}`,
      `825 -100.00 ${c}`,
      `814 -400.00 ${c}`,
    ],
  ],
] as const)('payroll_summary=%s, payroll_liability_tracking=%s', (summary, tracking, lines) => {
  const books = journalBooks({ payroll_summary: summary, payroll_liability_tracking: tracking })
  const entry = journalOfLedger(run, books)
  expect(written(entry)).toEqual(lines)
  expect(entry.narration).toBe('Pay run PR-1')
})

test('summed lines say whose they are and on which account', () => {
  const described = (summary: string) =>
    journalOfLedger(run, journalBooks({ payroll_summary: summary })).lines.map((line) => line.description)
  expect(described('pay')[0]).toBe('Ann: Account 477')
  expect(described('payrun')[0]).toBe('Account 477')
  expect(described('none')[0]).toBe('Pay item')
})

test('what is owed without tracking is split as the expenses of its employee, else of the run', () => {
  const books = journalBooks({ payroll_liability_tracking: 'on' })
  const split = aJournal({
    kind: 'pay_run',
    status: 'paid',
    lines: [
      pay('Ann', '477', 100),
      pay('Ann', '477', 50, city),
      pay('Ben', '477', 50, city),
      { ...pay('Ann', '825', -0.01, []), amount: cents(-1) },
      pay('Ann', '814', -99.99, []),
      { ...pay('', '814', -100, []), employee: null },
    ],
  })
  expect(written(journalOfLedger(split, books)).slice(3)).toEqual([
    `825 -0.01 ${n}`,
    `814 -66.66 ${n}`,
    `814 -33.33 ${c}`,
    `814 -50.00 ${n}`,
    `814 -50.00 ${c}`,
  ])
})

test('debits and credits of one account stay apart', () => {
  const lines = [pay('Ann', '477', 100), pay('Ann', '477', -30), pay('Ann', '814', -70)]
  const entry = journalOfLedger(
    aJournal({ kind: 'pay_run', lines }),
    journalBooks({ payroll_summary: 'payrun' }),
  )
  expect(written(entry)).toEqual([`477 100.00 ${n}`, `477 -30.00 ${n}`, '814 -70.00'])
})

const anyLine = fc.record({
  employee: fc.constantFrom('Ann', 'Ben', null),
  account: fc.constantFrom('477', '478', '814', '825'),
  amount: fc.integer({ min: -500_000, max: 500_000 }).map(cents),
  tracking: fc.constantFrom(north, city, []),
})

test('however it is summed up, a run keeps its balance and its accounts', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('none', 'pay', 'payrun'),
      fc.constantFrom('off', 'on'),
      (given, summary, tracking) => {
        const rest = cents(-given.reduce((sum, { amount }) => sum + amount, 0))
        const lines = [...given, { employee: null, account: '814', amount: rest, tracking: [] }].map((line) =>
          aJournalLine(line),
        )
        const books = journalBooks({ payroll_summary: summary, payroll_liability_tracking: tracking })
        const entry = journalOfLedger(aJournal({ kind: 'pay_run', lines }), books)
        expect(imbalanceOf(entry)).toBe(0)
        for (const account of ['477', '478', '814', '825']) {
          const total = (all: readonly { account: string | null; amount: number }[]) =>
            all.reduce((sum, line) => sum + (line.account === account ? line.amount : 0), 0)
          expect(total(entry.lines)).toBe(total(lines))
        }
      },
    ),
  )
})

test('shares sum to the amount, and none is more than a cent from its part', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc
        .array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 6 })
        .filter((w) => w.some((x) => x > 0)),
      (amount, weights) => {
        const shares = shareCents(cents(amount), weights)
        const whole = weights.reduce((sum, weight) => sum + weight, 0)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount)
        for (const [index, share] of shares.entries())
          expect(Math.abs(share - (amount * (weights[index] ?? 0)) / whole)).toBeLessThan(1)
      },
    ),
  )
})
