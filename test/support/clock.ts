// A clock that stands still until it is moved: for commands that wait for nothing.

import type { Clock } from '../../src/clock.ts'

export interface FixedClock extends Clock {
  /** Moves wall and monotonic time on. */
  advance(ms: number): void
}

/** Stands at an ISO instant. Sleeping moves it on at once; callbacks of `after` never come. */
export function fixedClock(instant: string): FixedClock {
  const start = Date.parse(instant)
  let passed = 0
  const advance = (ms: number) => {
    passed += ms
  }
  return {
    now: () => start + passed,
    monotonicMs: () => passed,
    sleep: async (ms) => advance(ms),
    after: () => () => undefined,
    advance,
  }
}
