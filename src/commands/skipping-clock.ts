// A clock that does not wait: whoever sleeps until something is allowed again finds that the time has passed. A rehearsal and the
// demo keep Xero's pace this way and take seconds (T1, T2). Time-outs of calls are those of the real clock.

import type { Clock } from '../clock.ts'

/** Whoever can be woken by news is given so long for it to come. */
const awhileMs = 20

export function skippingClock(clock: Clock): Clock {
  let skippedMs = 0
  return {
    now: () => clock.now() + skippedMs,
    monotonicMs: () => clock.monotonicMs() + skippedMs,
    sleep: async (ms, signal) => {
      await clock.sleep(Math.min(ms, awhileMs), signal)
      // Whole, as wall time is: the sandbox writes it down.
      skippedMs += Math.max(0, Math.round(ms - awhileMs))
    },
    after: (ms, callback) => clock.after(ms, callback),
  }
}
