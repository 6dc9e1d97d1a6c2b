// When a call may leave: our own count of a minute, what Xero's meter of it says is left, and the waits that Xero asked
// for. Also the one table of what is repeated. The day is day-limit's business, sending transport's.

import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { createDayLimit, laterReading } from './day-limit.ts'
import type { Limits, WriteAnswer } from './gateway.ts'

const minuteMs = 60_000

/**
 * What a read repeats, how often and after how long; a table's last wait is not followed by another attempt. A write
 * is never repeated here: its sender decides, under the rules of exactly once. Where `waitsMs` is null, the pace below
 * holds the next attempt back for as long as Xero asked.
 */
export const repeatTable = {
  'never-sent': { times: 3, waitsMs: [1000, 2000, 4000] },
  /** Lost answers and 5xx: reading twice harms nobody. */
  unknown: { times: 3, waitsMs: [1000, 2000, 4000] },
  throttled: { times: 10, waitsMs: null },
  /** With a new token. */
  unauthorised: { times: 1, waitsMs: [0] },
} as const

/** Waits after “too many at once”, which carries no Retry-After (§2.1); the last one repeats. */
const concurrentWaitsMs = [1000, 2000, 4000] as const
/** A wait longer than this is not sat out: the run stops and says when to go on. */
const longestWaitMs = 5 * minuteMs

export interface PaceOptions {
  clock: Clock
  callsPerMinute: number
  callsPerDay: number
  callsAtOnce: number
  /** Calls of the last day by our own count; counts until Xero's first answer tells better. */
  callsUsedToday: number
}

/** What a 429 said. */
export type Throttled = Pick<Extract<WriteAnswer, { outcome: 'throttled' }>, 'limit' | 'retryAfterMs'>

export interface Pace {
  /**
   * Resolves when a call may leave, and keeps a place for it. Rejects with `xero-limit` where the day does not allow
   * it: for writes at the reserve, for reads at Xero's own zero.
   */
  admit(use: 'read' | 'write'): Promise<void>
  /** Gives an unused place back. */
  release(): void
  /** A call leaves now: takes a kept place, where there is one. */
  depart(): void
  /** The call is over. Meters are null where there was no answer or it had none; `throttled` is what a 429 said. */
  arrive(meters: Limits, throttled: Throttled | null): void
  limits(): Limits
  /** Ends every wait with `interrupted`. */
  close(): void
}

/** A meter of Xero's: the last number it showed, and when that number is too old to mean anything. */
interface Meter {
  left: number
  until: number
}

export function createPace(options: PaceOptions): Pace {
  const { clock } = options
  const day = createDayLimit(options)
  /** Monotonic times of the last minute: of calls that left, and of places kept for calls about to leave. */
  let departures: number[] = []
  let places: number[] = []
  let underWay = 0
  let minute: Meter | null = null
  let heldUntil = 0
  let concurrentInRow = 0
  let isClosed = false
  let turn: Promise<void> = Promise.resolve()
  const doze = createDoze(clock)

  /** Milliseconds until a call may be admitted; 0 is now. Throws where the day says no. */
  function delay(use: 'read' | 'write'): number {
    const now = clock.monotonicMs()
    const isRecent = (at: number) => now - at < minuteMs
    departures = departures.filter(isRecent)
    places = places.filter(isRecent)
    if (minute && now >= minute.until) minute = null
    day.check(use, places.length)
    // What is under way may be in Xero's meters already or not: it is taken as not.
    const unseen = underWay + places.length
    const counted = [...departures, ...places].sort((a, b) => a - b)
    const first = counted[counted.length - options.callsPerMinute]
    return Math.max(
      0,
      heldUntil - now,
      first === undefined ? 0 : first + minuteMs - now,
      minute && minute.left <= unseen ? minute.until - now : 0,
      day.isClose(use, unseen) ? minuteMs : 0, // until an answer tells, and wakes us
    )
  }

  async function admitNext(use: 'read' | 'write'): Promise<void> {
    for (;;) {
      if (isClosed) {
        throw new AuxoError('interrupted', 'The connection to Xero was closed while a call waited its turn.')
      }
      const ms = delay(use)
      if (ms === 0) break
      await doze.sleep(ms)
    }
    places.push(clock.monotonicMs())
  }

  function hold({ limit, retryAfterMs }: Throttled): void {
    if (limit === 'day' || (retryAfterMs ?? 0) > longestWaitMs) {
      day.stop(retryAfterMs)
      return
    }
    const concurrentMs = concurrentWaitsMs[Math.min(concurrentInRow, 2)] ?? minuteMs
    if (limit === 'concurrent') concurrentInRow += 1
    const ms = retryAfterMs ?? (limit === 'concurrent' ? concurrentMs : minuteMs)
    heldUntil = Math.max(heldUntil, clock.monotonicMs() + Math.max(1000, ms))
  }

  return {
    admit(use) {
      // One after the other: each must see the place that the one before it took.
      const admitted = turn.then(() => admitNext(use))
      turn = admitted.catch(() => undefined)
      return admitted
    },
    release() {
      places.shift()
      doze.wake()
    },
    depart() {
      places.shift()
      departures.push(clock.monotonicMs())
      day.depart()
      underWay += 1
    },
    arrive({ minuteLeft, dayLeft }, throttled) {
      underWay = Math.max(0, underWay - 1)
      if (minuteLeft !== null) {
        minute = readMinute(minute, minuteLeft, options.callsAtOnce, clock.monotonicMs())
      }
      if (dayLeft !== null) day.learn(dayLeft)
      if (throttled) hold(throttled)
      else concurrentInRow = 0
      doze.wake()
    },
    limits: () => ({ minuteLeft: minute?.left ?? null, dayLeft: day.left() }),
    close() {
      isClosed = true
      doze.wake()
    },
  }
}

/** A sleep that news of the limits cuts short. */
function createDoze(clock: Clock): { sleep(ms: number): Promise<void>; wake(): void } {
  let sleeping: AbortController | null = null
  return {
    async sleep(ms) {
      const own = new AbortController()
      sleeping = own
      try {
        await clock.sleep(ms, own.signal)
      } catch (error) {
        if (!own.signal.aborted) throw error // only our own waking is no failure
      } finally {
        sleeping = null
      }
    },
    wake: () => sleeping?.abort(),
  }
}

/** The window is fixed (§0.1) and began at the latest when its first answer came, so it ends a minute after that. */
function readMinute(known: Meter | null, told: number, callsAtOnce: number, now: number): Meter {
  const left = laterReading(known && now < known.until ? known.left : null, told, callsAtOnce)
  const isNew = known === null || now >= known.until || left > known.left
  return { left, until: isNew ? now + minuteMs : known.until }
}
