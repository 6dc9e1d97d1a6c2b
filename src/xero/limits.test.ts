// When calls may leave, on a clock that is moved by hand: what is asked is how many go in which second.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuxoError } from '../errors.ts'
import { createPace, type Pace, type PaceOptions, type Throttled } from './limits.ts'
import { HandClock } from './test-line.ts'

const none = { minuteLeft: null, dayLeft: null }

function paceOf(clock: HandClock, changes: Partial<PaceOptions> = {}): Pace {
  return createPace({
    clock,
    callsPerMinute: 60,
    callsPerDay: 5000,
    callsAtOnce: 5,
    callsUsedToday: 0,
    ...changes,
  })
}

/** One call from admission to answer, taking no time. Answers the second at which it left. */
async function call(
  pace: Pace,
  clock: HandClock,
  meters = none as Parameters<Pace['arrive']>[0],
  throttled: Throttled | null = null,
) {
  await clock.run(pace.admit('write'))
  pace.depart()
  const leftAt = clock.monotonicMs() / 1000
  pace.arrive(meters, throttled)
  return leftAt
}

test('no more than calls_per_minute leave in any sixty seconds', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsPerMinute: 3 })
  const left: number[] = []
  for (let index = 0; index < 8; index += 1) {
    left.push(await call(pace, clock))
    if (index < 3) await clock.advance(10_000)
  }
  expect(left).toEqual([0, 10, 20, 60, 70, 80, 120, 130])
})

test('places kept for calls that have not left yet count too, and are not kept for ever', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsPerMinute: 2 })
  await pace.admit('write')
  await pace.admit('write')
  const third = pace.admit('write')
  await clock.advance(59_999)
  expect(clock.waiting).toBe(1)
  await clock.run(third)
  expect(clock.monotonicMs()).toBe(60_000)
})

test('a place that is given back is free at once', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsPerMinute: 1 })
  await pace.admit('write')
  const second = pace.admit('write')
  await clock.advance(0)
  pace.release()
  await second
  expect(clock.monotonicMs()).toBe(0)
})

test('in any order of admissions, departures and time, the minute is never exceeded', async () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 30_000 }),
    departs: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, callsPerMinute) => {
        const clock = new HandClock()
        const pace = paceOf(clock, { callsPerMinute })
        const left: number[] = []
        for (const { waitMs, departs } of steps) {
          for (let index = 0; index < departs; index += 1) {
            await call(pace, clock)
            left.push(clock.monotonicMs())
          }
          await clock.advance(waitMs)
        }
        for (const at of left) {
          expect(left.filter((other) => other > at - 60_000 && other <= at).length).toBeLessThanOrEqual(
            callsPerMinute,
          )
        }
      },
    ),
    { numRuns: 50 },
  )
})

test("Xero's minute meter overrides our own count", async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, { minuteLeft: 2, dayLeft: null })
  await clock.advance(15_000)
  expect(await call(pace, clock, { minuteLeft: 1, dayLeft: null })).toBe(15)
  expect(await call(pace, clock, { minuteLeft: 0, dayLeft: null })).toBe(15)
  // The window began at the latest with the first answer, at 0.
  expect(await call(pace, clock, { minuteLeft: 59, dayLeft: null })).toBe(60)
  expect(await call(pace, clock)).toBe(60)
  expect(pace.limits()).toEqual({ minuteLeft: 59, dayLeft: null })
})

test('calls under way are taken as not yet in the meter, and their answers wake who waits', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, { minuteLeft: 2, dayLeft: null })
  await pace.admit('write')
  pace.depart()
  await pace.admit('write')
  pace.depart()
  const third = pace.admit('write')
  await clock.advance(1_000)
  expect(clock.waiting).toBe(1)
  pace.arrive({ minuteLeft: 30, dayLeft: null }, null)
  await third
  expect(clock.monotonicMs()).toBe(1_000)
})

test('places given away are taken off the meter, too', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, { minuteLeft: 2, dayLeft: null })
  await pace.admit('write')
  await pace.admit('write')
  await clock.run(pace.admit('write'))
  expect(clock.monotonicMs()).toBe(60_000)
})

test('a place that nobody used does not hold the last calls of the day for ever', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, { minuteLeft: null, dayLeft: 501 })
  await pace.admit('write')
  await clock.run(pace.admit('write'))
  expect(clock.monotonicMs()).toBe(60_000)
})

test('answers that overtake each other do not raise a meter', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  for (const dayLeft of [4000, 3997, 3999, 3998]) await call(pace, clock, { minuteLeft: null, dayLeft })
  expect(pace.limits().dayLeft).toBe(3997)
  await call(pace, clock, { minuteLeft: null, dayLeft: 4999 })
  expect(pace.limits().dayLeft).toBe(4999)
})

const waits: { name: string; said: Throttled[]; left: number[] }[] = [
  { name: 'minute: as long as Xero says', said: [{ limit: 'minute', retryAfterMs: 26_000 }], left: [0, 26] },
  { name: 'minute without a time: a minute', said: [{ limit: 'minute', retryAfterMs: null }], left: [0, 60] },
  { name: 'minute, at once: a second', said: [{ limit: 'minute', retryAfterMs: 0 }], left: [0, 1] },
  {
    name: 'unknown without a time: a minute',
    said: [{ limit: 'unknown', retryAfterMs: null }],
    left: [0, 60],
  },
  { name: 'unknown with a time', said: [{ limit: 'unknown', retryAfterMs: 5_000 }], left: [0, 5] },
  {
    name: 'too many at once: 1, 2, 4, 4 seconds',
    said: Array.from({ length: 4 }, () => ({ limit: 'concurrent' as const, retryAfterMs: null })),
    left: [0, 1, 3, 7, 11],
  },
]

test.each(waits)('after 429, $name', async ({ said, left }) => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  const seen: number[] = []
  for (const throttled of [...said, null]) seen.push(await call(pace, clock, none, throttled))
  expect(seen).toEqual(left)
})

test('a call that went well makes the next wait short again', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  const concurrent: Throttled = { limit: 'concurrent', retryAfterMs: null }
  await call(pace, clock, none, concurrent)
  await call(pace, clock, none, concurrent)
  expect(await call(pace, clock)).toBe(3)
  await call(pace, clock, none, concurrent)
  expect(await call(pace, clock)).toBe(4)
})

async function refusal(pace: Pace, use: 'read' | 'write'): Promise<AuxoError | null> {
  return pace.admit(use).then(
    () => {
      pace.release()
      return null
    },
    (error: AuxoError) => error,
  )
}

const days: {
  name: string
  used: number
  dayLeft: number | null
  write: boolean
  read: boolean
}[] = [
  { name: 'nothing used', used: 0, dayLeft: null, write: true, read: true },
  { name: 'one above the reserve by our count', used: 4499, dayLeft: null, write: true, read: true },
  { name: 'at the reserve by our count', used: 4500, dayLeft: null, write: false, read: true },
  { name: 'all used by our count: a read may find out', used: 5000, dayLeft: null, write: false, read: true },
  { name: 'all used by our count, but not by Xero’s', used: 5000, dayLeft: 4000, write: true, read: true },
  { name: 'one above the reserve', used: 0, dayLeft: 501, write: true, read: true },
  { name: 'at the reserve', used: 0, dayLeft: 500, write: false, read: true },
  { name: 'one left', used: 0, dayLeft: 1, write: false, read: true },
  { name: 'none left', used: 0, dayLeft: 0, write: false, read: false },
]

test.each(days)('the day, $name: write $write, read $read', async ({ used, dayLeft, write, read }) => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsUsedToday: used })
  if (dayLeft !== null) {
    await pace.admit('read')
    pace.depart()
    pace.arrive({ minuteLeft: null, dayLeft }, null)
  }
  expect((await refusal(pace, 'write'))?.code ?? null).toBe(write ? null : 'xero-limit')
  expect((await refusal(pace, 'read'))?.code ?? null).toBe(read ? null : 'xero-limit')
})

test('by our own count the places given away are used, too', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsPerDay: 100, callsUsedToday: 88 })
  await pace.admit('write')
  pace.depart()
  await pace.admit('write')
  expect(await refusal(pace, 'write')).toMatchObject({ code: 'xero-limit' })
  expect((await refusal(pace, 'write'))?.message).toMatch(/10 are kept for reading back.*still pending/)
})

test('near the reserve a write waits for the calls under way to tell', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, { minuteLeft: null, dayLeft: 502 })
  await pace.admit('write')
  pace.depart()
  await pace.admit('write')
  pace.depart()
  const third = pace.admit('write')
  third.catch(() => undefined)
  await clock.advance(1_000)
  expect(clock.waiting).toBe(1)
  pace.arrive({ minuteLeft: null, dayLeft: 501 }, null)
  await clock.advance(0)
  expect(clock.waiting).toBe(1)
  pace.arrive({ minuteLeft: null, dayLeft: 500 }, null)
  await expect(third).rejects.toMatchObject({ code: 'xero-limit' })
})

test.each([
  [{ limit: 'day', retryAfterMs: 66_975_000 }, /until 2026-11-23 04:36 UTC \(in 18\.6 hours\)/, 66_975_000],
  [{ limit: 'minute', retryAfterMs: 3_600_000 }, /until 2026-11-22 11:00 UTC \(in 1 hour\)/, 3_600_000],
  [{ limit: 'day', retryAfterMs: null }, /does not say from when/, 3_600_000],
] as const)('after 429 %o reads and writes stop and say when to go on', async (throttled, words, forMs) => {
  const clock = new HandClock()
  const pace = paceOf(clock)
  await call(pace, clock, none, throttled)
  for (const use of ['read', 'write'] as const) {
    const error = await refusal(pace, use)
    expect(error).toMatchObject({ code: 'xero-limit' })
    expect(error?.message).toMatch(words)
  }
  await clock.advance(forMs)
  expect(await refusal(pace, 'write')).toBeNull()
})

test('a refused admission does not block the next', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsUsedToday: 5000 })
  expect(await refusal(pace, 'write')).not.toBeNull()
  expect(await refusal(pace, 'read')).toBeNull()
})

test('closing ends the waits', async () => {
  const clock = new HandClock()
  const pace = paceOf(clock, { callsPerMinute: 1 })
  await call(pace, clock)
  const waiting = [pace.admit('write'), pace.admit('read')]
  await clock.advance(0)
  pace.close()
  for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'interrupted' })
})

test('who waits for the minute is let go at once when the run is to stop, and nobody is admitted after', async () => {
  const clock = new HandClock()
  const interrupt = new AbortController()
  const pace = paceOf(clock, { callsPerMinute: 1, interrupt: interrupt.signal })
  await call(pace, clock)
  const ends = ['read', 'write', 'read'] as const
  const refused = Promise.all(ends.map((use) => pace.admit(use).catch((error: AuxoError) => error.code)))
  await clock.advance(1_000)
  expect(clock.waiting).toBe(1)
  interrupt.abort()
  expect(await refused).toEqual(['interrupted', 'interrupted', 'interrupted'])
  expect(clock.monotonicMs()).toBe(1_000)
  await clock.advance(120_000)
  await expect(pace.admit('read')).rejects.toMatchObject({ code: 'interrupted' })
})

describe('a wait that a person would notice is told once', () => {
  const toldOf = (changes: Partial<PaceOptions> = {}) => {
    const clock = new HandClock()
    const told: [ms: number, why: string][] = []
    const pace = paceOf(clock, { onWait: (ms, why) => told.push([ms, why]), ...changes })
    return { clock, told, pace }
  }

  test('by our own count, however many stand in line and whatever wakes them', async () => {
    const { clock, told, pace } = toldOf({ callsPerMinute: 3 })
    for (let index = 0; index < 3; index += 1) await call(pace, clock)
    await clock.advance(19_000)
    const line = Promise.all([pace.admit('read'), pace.admit('read'), pace.admit('write')])
    await clock.advance(1_000)
    pace.arrive(none, null)
    await clock.run(line)
    expect(told).toEqual([[41_000, 'minute-limit']])
  })

  test('the next minute is another wait', async () => {
    const { clock, told, pace } = toldOf({ callsPerMinute: 1 })
    for (let index = 0; index < 3; index += 1) await call(pace, clock)
    expect(told).toEqual([
      [60_000, 'minute-limit'],
      [60_000, 'minute-limit'],
    ])
  })

  test.each<{ name: string; throttled: Throttled; expected: [number, string][] }>([
    {
      name: 'a 429 with its time',
      throttled: { limit: 'unknown', retryAfterMs: 41_000 },
      expected: [[41_000, 'asked']],
    },
    { name: 'too many at once', throttled: { limit: 'concurrent', retryAfterMs: null }, expected: [] },
    { name: 'two seconds', throttled: { limit: 'minute', retryAfterMs: 2_000 }, expected: [] },
  ])('$name', async ({ throttled, expected }) => {
    const { clock, told, pace } = toldOf()
    await call(pace, clock, none, throttled)
    await call(pace, clock)
    expect(told).toEqual(expected)
  })

  test('but not what an answer under way may still change', async () => {
    const { clock, told, pace } = toldOf()
    await call(pace, clock, { minuteLeft: 1, dayLeft: null })
    await pace.admit('write')
    pace.depart()
    const next = pace.admit('write')
    await clock.advance(1_000)
    expect(told).toEqual([])
    pace.arrive({ minuteLeft: 0, dayLeft: null }, null)
    await clock.run(next)
    expect(told).toEqual([[59_000, 'minute-limit']])
  })
})
