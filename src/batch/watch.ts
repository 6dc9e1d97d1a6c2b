// When `watch` runs: at once where something new waits in the ledger and its writer has come to rest, regularly for what
// happens in Xero, and again where a run could not go on. What a run is, and what is said of it, is handed in.

import { type Clock, createDoze } from '../clock.ts'

/** Why a round of runs began. */
export type WatchReason = 'start' | 'change' | 'regular' | 'again'

/** How a round ended for one entity. */
export interface WatchedEnd {
  entity: string
  /** Null where it went as far as it could; else it is left out until it may go on, ms from now, null where nobody knows. */
  pause: { ms: number | null } | null
}

export interface WatchInput {
  clock: Clock
  /** A round at the latest this long after the last one. */
  everyMs: number
  /** How long the ledger has to be left alone before a change is acted on. */
  restMs: number
  interrupt: AbortSignal
  ledger: {
    version(): number
    waiting(): ReadonlySet<string>
    isReplaced(): boolean
  }
  /** Calls back whenever a file beside the ledger moves; null where that cannot be had. The result ends it. */
  onFileChange: ((callback: () => void) => () => void) | null
  /** Runs every entity but these. */
  round: (reason: WatchReason, leftOut: ReadonlySet<string>) => Promise<readonly WatchedEnd[] | 'end'>
}

/** Asking SQLite costs next to nothing: a page in memory is looked at. */
const lookMs = 2_000
/** A ledger that is written to without a rest is run this many times `restMs` after the first change all the same. */
const restlessTimes = 12
/** Where nobody says from when it can go on. */
const pausesMs = [60_000, 120_000, 240_000, 480_000, 900_000] as const

/**
 * Until it is interrupted, another file is put in the ledger's place, or a round ends it. Never two rounds at once; what is
 * written during a round is seen after it.
 */
export async function watch(input: WatchInput): Promise<'interrupted' | 'replaced' | 'ended'> {
  const { clock, interrupt, ledger } = input
  const pauses = createPauses(clock)
  const doze = watchedDoze(input)
  let reason: WatchReason = 'start'
  try {
    for (;;) {
      const before = { version: ledger.version(), waiting: ledger.waiting() }
      const ends = await input.round(reason, pauses.leftOut())
      if (ends === 'end') return 'ended'
      if (interrupt.aborted) return 'interrupted'
      pauses.learn(ends)
      const next = await nextReason(input, { doze, before, pausedUntil: () => pauses.nextEnd() })
      if (next === 'interrupted' || next === 'replaced') return next
      reason = next
    }
  } finally {
    doze.end()
  }
}

interface Known {
  version: number
  waiting: ReadonlySet<string>
}

interface Waiting {
  doze: Doze
  /** As it was when the round began. */
  before: Known
  pausedUntil: () => number
}

/** Looks at the ledger now and then until there is a reason for a round. */
async function nextReason(
  { clock, ledger, interrupt, everyMs, restMs }: WatchInput,
  { doze, before, pausedUntil }: Waiting,
): Promise<Exclude<WatchReason, 'start'> | 'interrupted' | 'replaced'> {
  const regularAt = clock.monotonicMs() + everyMs
  // Somebody else wrote while the round went on: what waits now and did not when it began is new, whoever made it wait.
  // What waits is read first: a commit between the two must show as one that came later.
  const waiting = ledger.waiting()
  const after = ledger.version()
  let known: Known = after === before.version ? { version: after, waiting } : before
  const unrest = createUnrest(restMs)
  for (;;) {
    if (interrupt.aborted) return 'interrupted'
    if (ledger.isReplaced()) return 'replaced'
    const now = clock.monotonicMs()
    if (now >= pausedUntil()) return 'again'
    if (now >= regularAt) return 'regular'
    unrest.see(ledger.version(), known.version, now)
    if (now >= unrest.endsAt()) {
      const waiting = ledger.waiting()
      if (hasMore(waiting, known.waiting)) return 'change'
      known = { version: unrest.version() ?? known.version, waiting }
      unrest.forget()
    }
    await doze.sleep(Math.min(lookMs, Math.min(regularAt, pausedUntil(), unrest.endsAt()) - now))
  }
}

interface Unrest {
  /** Looks at the version of the ledger, `known` being the one that was acted on. */
  see(version: number, known: number, now: number): void
  /** When it has come to rest or was restless long enough, monotonic; Infinity where nothing moved. */
  endsAt(): number
  version(): number | null
  forget(): void
}

function createUnrest(restMs: number): Unrest {
  let moved: { since: number; last: number; version: number } | null = null
  return {
    see(version, known, now) {
      if (version !== (moved?.version ?? known)) moved = { since: moved?.since ?? now, last: now, version }
    },
    endsAt: () =>
      moved ? Math.min(moved.last + restMs, moved.since + restlessTimes * restMs) : Number.POSITIVE_INFINITY,
    version: () => moved?.version ?? null,
    forget: () => {
      moved = null
    },
  }
}

function hasMore(now: ReadonlySet<string>, before: ReadonlySet<string>): boolean {
  for (const key of now) if (!before.has(key)) return true
  return false
}

interface Pauses {
  learn(ends: readonly WatchedEnd[]): void
  /** Entities that may not go on yet. */
  leftOut(): ReadonlySet<string>
  /** When the first of them may, monotonic; Infinity where none waits. */
  nextEnd(): number
}

function createPauses(clock: Clock): Pauses {
  const paused = new Map<string, { until: number; times: number }>()
  return {
    learn(ends) {
      // Its turn came, and it is not among the entities any more.
      for (const [entity, { until }] of paused) {
        if (until <= clock.monotonicMs() && !ends.some((end) => end.entity === entity)) paused.delete(entity)
      }
      for (const { entity, pause } of ends) {
        if (pause === null) {
          paused.delete(entity)
          continue
        }
        const times = paused.get(entity)?.times ?? 0
        const ms = pause.ms ?? pausesMs[Math.min(times, pausesMs.length - 1)] ?? 0
        paused.set(entity, { until: clock.monotonicMs() + ms, times: times + 1 })
      }
    },
    leftOut: () =>
      new Set([...paused].filter(([, { until }]) => until > clock.monotonicMs()).map(([entity]) => entity)),
    // One that ended is run in the round that begins then.
    nextEnd: () => Math.min(Number.POSITIVE_INFINITY, ...[...paused.values()].map(({ until }) => until)),
  }
}

interface Doze {
  sleep(ms: number): Promise<void>
  end(): void
}

/** A sleep that a moving file or an interruption cuts short. */
function watchedDoze({ clock, interrupt, onFileChange }: WatchInput): Doze {
  const { sleep, wake } = createDoze(clock)
  const stop = onFileChange?.(wake) ?? null
  interrupt.addEventListener('abort', wake)
  return {
    sleep: async (ms) => {
      if (!interrupt.aborted) await sleep(ms)
    },
    end: () => {
      stop?.()
      interrupt.removeEventListener('abort', wake)
    },
  }
}
