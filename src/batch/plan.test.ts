import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkBytesMax, chunkSizeMax, type PlannedThing, planChunks } from './plan.ts'

const things = (count: number, bytes = 1_000): PlannedThing[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `D${index}`,
    revision: index,
    operation: 'create',
    group: '',
    bytes,
    money: null,
  }))
const sizes = (all: readonly PlannedThing[], size: number) =>
  planChunks('invoice', all, size).map((chunk) => chunk.things.length)

describe('a plan', () => {
  test('keeps things of different calls apart, and counts the chunks of a kind together', () => {
    const mixed = things(4).map((thing, index) => ({ ...thing, group: index % 2 ? 'CN-1' : 'CN-2' }))
    const updated = things(1).map((thing) => ({ ...thing, operation: 'update' as const }))
    const chunks = planChunks('allocation', [...mixed, ...updated], 100)
    expect(chunks.map(({ number, of, things: of_ }) => [number, of, of_.map((one) => one.id)])).toEqual([
      [1, 3, ['D0', 'D2']],
      [2, 3, ['D1', 'D3']],
      [3, 3, ['D0']],
    ])
  })

  test.each([
    [0, 100, []],
    [1, 100, [1]],
    [100, 100, [100]],
    [101, 100, [100, 1]],
    [350, 100, [100, 100, 100, 50]],
    [5, 1, [1, 1, 1, 1, 1]],
  ])('of %d things in chunks of %d is %j', (count, size, expected) => {
    expect(sizes(things(count), size)).toEqual(expected)
  })

  test('is cut where a call would be too large', () => {
    const most = chunkBytesMax - 64
    expect(sizes(things(2, most / 2), 100)).toEqual([2])
    expect(sizes(things(2, most / 2 + 1), 100)).toEqual([1, 1])
    expect(sizes(things(3, most), 100)).toEqual([1, 1, 1])
    expect(sizes([...things(1), ...things(1, most + 1), ...things(1)], 100)).toEqual([1, 1, 1])
  })

  test.each([0, -1, chunkSizeMax + 1])('in chunks of %d is refused', (size) => {
    expect(() => sizes(things(1), size)).toThrow(RangeError)
  })

  test('keeps the order, has everything once, and every bound, however large the things are', () => {
    const sized = fc.array(fc.integer({ min: 0, max: chunkBytesMax - 64 }), { maxLength: 400 })
    fc.assert(
      fc.property(sized, fc.integer({ min: 1, max: chunkSizeMax }), (bytes, size) => {
        const all = bytes.map((one, index) => ({
          id: `D${index}`,
          revision: 1,
          operation: 'create' as const,
          group: '',
          bytes: one,
          money: null,
        }))
        const chunks = planChunks('invoice', all, size)
        expect(chunks.flatMap((chunk) => chunk.things)).toEqual(all)
        chunks.forEach((chunk, index) => {
          expect([chunk.number, chunk.of, chunk.kind]).toEqual([index + 1, chunks.length, 'invoice'])
          expect(chunk.things.length).toBeGreaterThan(0)
          expect(chunk.things.length).toBeLessThanOrEqual(size)
          expect(chunk.things.reduce((sum, one) => sum + one.bytes, 64)).toBeLessThanOrEqual(chunkBytesMax)
          // Not cut sooner than needed.
          const next = chunks[index + 1]?.things[0]
          if (next && chunk.things.length < size)
            expect(chunk.things.reduce((sum, one) => sum + one.bytes, 64 + next.bytes)).toBeGreaterThan(
              chunkBytesMax,
            )
        })
      }),
      { numRuns: 200 },
    )
  })
})
