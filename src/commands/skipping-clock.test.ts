// The clock of rehearsals and of the demo by itself.

import { expect, test } from 'vitest'
import { skippingClock } from './skipping-clock.ts'

const still = {
  now: () => 1_000,
  monotonicMs: () => 5.5,
  sleep: async () => undefined,
  after: () => () => undefined,
}

test('who sleeps a minute finds it gone by, in whole milliseconds, and has slept a moment', async () => {
  const slept: number[] = []
  const clock = skippingClock({ ...still, sleep: async (ms) => void slept.push(ms) })
  await clock.sleep(60_000.37)
  expect(slept).toEqual([20])
  expect(clock.now()).toBe(1_000 + 59_980)
  expect(clock.monotonicMs()).toBe(5.5 + 59_980)
})

test('a short sleep is slept, and nothing is skipped', async () => {
  const clock = skippingClock(still)
  await clock.sleep(3.3)
  expect(clock.now()).toBe(1_000)
})
