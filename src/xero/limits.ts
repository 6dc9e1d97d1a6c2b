// When a call may leave: our own count of a minute, what Xero's meter of it says is left, and the waits that Xero asked
// for. Also the one table of what is repeated. The day is day-limit's business, sending transport's.

import { type Clock, createDoze } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { createDayLimit, laterReading } from './day-limit.ts'
import type { Limits, WriteAnswer } from './gateway.ts'
import { refuseInterrupted, untoldMs, type WaitOptions, type WaitReason } from './waits.ts'

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

export interface PaceOptions extends WaitOptions {
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
   * it: for writes at the reserve, for reads at Xero's own zero; with `interrupted` as soon as the program is asked to
   * stop.
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

interface Delay {
  /** 0 is now. */
  ms: number
  /** What of it is waited whatever the calls under way bring, and why. */
  certainMs: number
  why: WaitReason
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
  const tell = createWaitTeller(options)
  options.interrupt?.addEventListener('abort', doze.wake)

  /** Until a call may be admitted. Throws where the day says no. */
  function delay(use: 'read' | 'write'): Delay {
    const now = clock.monotonicMs()
    departures = ofLastMinute(departures, now)
    places = ofLastMinute(places, now)
    if (minute && now >= minute.until) minute = null
    day.check(use, places.length)
    // What is under way may be in Xero's meters already or not: it is taken as not.
    const unseen = underWay + places.length
    const counted = [...departures, ...places].sort((a, b) => a - b)
    const first = counted[counted.length - options.callsPerMinute]
    const spentMs = (calls: number) => (minute && minute.left <= calls ? minute.until - now : 0)
    const usedUpMs = Math.max(spentMs(0), first === undefined ? 0 : first + minuteMs - now)
    const certainMs = Math.max(0, heldUntil - now, usedUpMs)
    const untilAnswersMs = day.isClose(use, unseen) ? minuteMs : 0
    const why = heldUntil - now > usedUpMs ? 'asked' : 'minute-limit'
    return { ms: Math.max(certainMs, spentMs(unseen), untilAnswersMs), certainMs, why }
  }

  async function admitNext(use: 'read' | 'write'): Promise<void> {
    for (;;) {
      refuseInterrupted(options)
      if (isClosed) throw closedError()
      const due = delay(use)
      if (due.ms === 0) break
      tell(due)
      await doze.sleep(due.ms)
    }
    places.push(clock.monotonicMs())
  }

  function hold(throttled: Throttled): void {
    const { limit, retryAfterMs } = throttled
    if (limit === 'day' || (retryAfterMs ?? 0) > longestWaitMs) {
      day.stop(retryAfterMs)
    } else {
      heldUntil = Math.max(heldUntil, clock.monotonicMs() + holdMs(throttled, concurrentInRow))
      if (limit === 'concurrent') concurrentInRow += 1
    }
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
      options.interrupt?.removeEventListener('abort', doze.wake)
      doze.wake()
    },
  }
}

function closedError(): AuxoError {
  return new AuxoError('interrupted', 'The connection to Xero was closed while a call waited its turn.')
}

function ofLastMinute(times: readonly number[], now: number): number[] {
  return times.filter((at) => now - at < minuteMs)
}

/** How long Xero asks to wait, at least a second. */
function holdMs({ limit, retryAfterMs }: Throttled, concurrentInRow: number): number {
  const concurrentMs = concurrentWaitsMs[Math.min(concurrentInRow, 2)] ?? minuteMs
  return Math.max(1000, retryAfterMs ?? (limit === 'concurrent' ? concurrentMs : minuteMs))
}

/** Tells a wait once, although news wake it and several calls stand in line. */
function createWaitTeller({ clock, onWait }: Pick<PaceOptions, 'clock' | 'onWait'>): (due: Delay) => void {
  let toldUntil = Number.NEGATIVE_INFINITY
  return ({ certainMs, why }) => {
    const until = clock.monotonicMs() + certainMs
    if (certainMs <= untoldMs || until <= toldUntil + untoldMs) return
    toldUntil = until
    onWait?.(certainMs, why)
  }
}

/** The window is fixed (§0.1) and began at the latest when its first answer came, so it ends a minute after that. */
function readMinute(known: Meter | null, told: number, callsAtOnce: number, now: number): Meter {
  const left = laterReading(known && now < known.until ? known.left : null, told, callsAtOnce)
  const isNew = known === null || now >= known.until || left > known.left
  return { left, until: isNew ? now + minuteMs : known.until }
}
