import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlainDate } from './calendar.ts'
import { cents } from './money.ts'
import { type PairedEntry, pairDays, pairOneToOne } from './one-to-one.ts'

const entry = (document: string, amount: number, day: number | null) => ({
  document,
  amount: cents(amount),
  date: day === null ? null : (`2026-03-${String(day).padStart(2, '0')}` as PlainDate),
})
const text = ({ document, amount, date }: PairedEntry) => `${document} ${amount} ${date?.slice(8) ?? '-'}`
const told = (ours: PairedEntry[], theirs: PairedEntry[]) => {
  const paired = pairOneToOne(ours, theirs)
  return {
    pairs: paired.pairs.map((pair) => `${text(pair.ours)} = ${text(pair.theirs)}`),
    ours: paired.ours.map(text),
    theirs: paired.theirs.map(text),
  }
}
const none = { pairs: [], ours: [], theirs: [] }

test.each([
  ['nothing', [], [], none],
  ['the same', [entry('I', 5, 10)], [entry('I', 5, 10)], { ...none, pairs: ['I 5 10 = I 5 10'] }],
  ['three days apart', [entry('I', 5, 10)], [entry('I', 5, 13)], { ...none, pairs: ['I 5 10 = I 5 13'] }],
  [
    'four days apart',
    [entry('I', 5, 10)],
    [entry('I', 5, 14)],
    { ...none, ours: ['I 5 10'], theirs: ['I 5 14'] },
  ],
  [
    'another amount',
    [entry('I', 5, 10)],
    [entry('I', 6, 10)],
    { ...none, ours: ['I 5 10'], theirs: ['I 6 10'] },
  ],
  [
    'another document',
    [entry('I', 5, 10)],
    [entry('J', 5, 10)],
    { ...none, ours: ['I 5 10'], theirs: ['J 5 10'] },
  ],
  [
    'a date that is not known',
    [entry('I', 5, 10)],
    [entry('I', 5, null)],
    { ...none, pairs: ['I 5 10 = I 5 -'] },
  ],
  [
    'two that could be it: the nearer',
    [entry('I', 5, 10)],
    [entry('I', 5, 12), entry('I', 5, 11)],
    { ...none, pairs: ['I 5 10 = I 5 11'], theirs: ['I 5 12'] },
  ],
  [
    'twice on one side, once on the other',
    [entry('I', 5, 10), entry('I', 5, 10)],
    [entry('I', 5, 10)],
    { ...none, pairs: ['I 5 10 = I 5 10'], ours: ['I 5 10'] },
  ],
])('%s', (_, ours, theirs, result) => {
  expect(told(ours, theirs)).toEqual(result)
})

test('every entry is paired once or left over once, and only what may be the same is paired', () => {
  const some = fc.array(
    fc
      .tuple(fc.constantFrom('I', 'J'), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }))
      .map((spec) => entry(...spec)),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(some, some, (ours, theirs) => {
      const paired = pairOneToOne(ours, theirs)
      expect(new Set([...paired.pairs.map((pair) => pair.ours), ...paired.ours])).toEqual(new Set(ours))
      expect(paired.pairs.length + paired.ours.length).toBe(ours.length)
      expect(paired.pairs.length + paired.theirs.length).toBe(theirs.length)
      for (const pair of paired.pairs) {
        expect([pair.ours.document, pair.ours.amount]).toEqual([pair.theirs.document, pair.theirs.amount])
        const days = Date.parse(pair.ours.date ?? '') - Date.parse(pair.theirs.date ?? '')
        expect(Math.abs(days) / 86_400_000).toBeLessThanOrEqual(pairDays)
      }
    }),
  )
})
