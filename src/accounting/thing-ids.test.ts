import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pairId, splitPair } from './thing-ids.ts'

test('a pair is read back as it was written, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      expect(splitPair(pairId(first, second))).toEqual([first, second])
    }),
  )
})

test('no two pairs have one id', () => {
  expect(pairId('a/b', 'c')).not.toBe(pairId('a', 'b/c'))
  expect(pairId('a%2Fb', 'c')).not.toBe(pairId('a/b', 'c'))
})

test('an ordinary pair stays readable', () => {
  expect(pairId('P1', 'INV-7')).toBe('P1/INV-7')
})
