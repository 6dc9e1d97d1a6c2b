// The day's calls: what is left by Xero's meter or, before its first answer, by our own count, and when a run must stop.
// The minute and the waits within a run are limits' business.

import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'

const hourMs = 3_600_000

export interface DayLimit {
  /** Xero's meter; null before its first answer. */
  left(): number | null
  /** Throws `xero-limit` where the day does not allow the call. `kept` is how many places are already given away. */
  check(use: 'read' | 'write', kept: number): void
  /** True where calls that are still under way may take the last that may be used. */
  isClose(use: 'read' | 'write', unseen: number): boolean
  depart(): void
  learn(dayLeft: number): void
  /** Xero said that the day is over. */
  stop(retryAfterMs: number | null): void
}

export function createDayLimit(options: {
  clock: Clock
  callsPerDay: number
  callsAtOnce: number
  callsUsedToday: number
}): DayLimit {
  const { clock } = options
  /** Kept for reading back what became of a lost answer (E5). */
  const reserve = Math.floor(options.callsPerDay / 10)
  let meter: number | null = null
  let departed = 0
  let stopped: { message: string; until: number } | null = null

  const floorOf = (use: 'read' | 'write') => (use === 'write' ? reserve : 0)

  return {
    left: () => meter,
    check(use, kept) {
      const now = clock.monotonicMs()
      if (stopped && now < stopped.until) {
        const retryAt = clock.now() + stopped.until - now
        throw new AuxoError('xero-limit', stopped.message, { retryAt })
      }
      stopped = null
      const left = meter ?? options.callsPerDay - options.callsUsedToday - departed - kept
      // Our own count may be behind the hour at which Xero starts a new day: a read may go and find out.
      if (left > floorOf(use) || (meter === null && use === 'read')) return
      // Nobody says when the day ends. Asking every hour leaves most of what is kept.
      const retryAt = clock.now() + hourMs
      throw new AuxoError('xero-limit', usedUpMessage(use, Math.max(0, left), reserve), { retryAt })
    },
    isClose: (use, unseen) => meter !== null && unseen > 0 && meter - unseen <= floorOf(use),
    depart() {
      departed += 1
    },
    learn(dayLeft) {
      meter = laterReading(meter, dayLeft, options.callsAtOnce)
    },
    stop(retryAfterMs) {
      stopped = {
        message: stopMessage(clock.now(), retryAfterMs),
        until: clock.monotonicMs() + (retryAfterMs ?? hourMs),
      }
    },
  }
}

/** Answers of calls made at once come in any order: only a rise by more than those is a new window. */
export function laterReading(known: number | null, told: number, callsAtOnce: number): number {
  return known === null || told > known + callsAtOnce ? told : Math.min(known, told)
}

function usedUpMessage(use: 'read' | 'write', left: number, reserve: number): string {
  return use === 'write'
    ? `Xero allows ${left} more ${left === 1 ? 'call' : 'calls'} today, and ${reserve} are kept for reading back. ` +
        'What was not sent is still pending; run again when Xero starts a new day, at the latest in 24 hours. ' +
        'If your Xero plan allows more calls, raise calls_per_day.'
    : 'Xero allows no more calls today. Run again when Xero starts a new day, at the latest in 24 hours.'
}

function stopMessage(now: number, retryAfterMs: number | null): string {
  if (retryAfterMs === null) {
    return 'Xero allows no more calls today and does not say from when it will. What was not sent is still pending; run again in a few hours.'
  }
  const at = new Date(now + retryAfterMs).toISOString().slice(0, 16).replace('T', ' ')
  const hours = Math.round((retryAfterMs / hourMs) * 10) / 10
  return `Xero allows no more calls until ${at} UTC (in ${hours} ${hours === 1 ? 'hour' : 'hours'}). What was not sent is still pending; run again then.`
}
