// Whether a run is worth a mail, and what has to be remembered for the next one. Pure: the memory is kept by
// mail-memory.ts.
//
// failure: when something needs a person that the last mail did not tell; once a day again while it stays; and once when
//   nothing is left of it. A run every ten minutes with one refused invoice is one mail a day and not 144.
// always: each run. digest: the first run of a day, with all runs since the last digest.

import type { PlainDate } from '../accounting/calendar.ts'
import type { MailRule } from './channels.ts'
import type { RunSummary } from './run-summary.ts'

export interface MailMemory {
  /** Of what the last mails told, by scope: the keys of its needs, and the day. Scopes with nothing open are left out. */
  told: Record<string, { keys: string[]; day: string }>
  /** The day of the last digest; null before the first. */
  digestDay: string | null
  /** Runs that no digest has told yet, oldest first. */
  runs: RunSummary[]
}

export type MailKind = 'needs' | 'again' | 'clear' | 'run' | 'digest'

export interface MailDecision {
  /** Null where no mail goes out. */
  kind: MailKind | null
  /** The runs that it tells. */
  runs: RunSummary[]
  /** To be kept once the mail has arrived, or at once where there is none. */
  next: MailMemory
  /** To be kept where it did not arrive: then the next run tries again. */
  otherwise: MailMemory
}

export function noMemory(): MailMemory {
  return { told: {}, digestDay: null, runs: [] }
}

export function decideMail(
  rule: MailRule,
  memory: MailMemory,
  run: RunSummary,
  today: PlainDate,
): MailDecision {
  if (rule === 'digest') return digest(memory, run, today)
  const key = `${run.verb} ${run.scope}`
  const keys = run.needs.flatMap((need) => need.keys)
  const { [key]: before, ...others } = memory.told
  const kind = rule === 'always' ? 'run' : failureKind(keys, before, today)
  // What was mended meanwhile is news when it comes back.
  const day = kind === null && before ? before.day : today
  const told = keys.length === 0 ? others : { ...others, [key]: { keys, day } }
  return { kind, runs: [run], next: { ...memory, told, runs: [] }, otherwise: memory }
}

function failureKind(
  keys: readonly string[],
  before: MailMemory['told'][string] | undefined,
  today: PlainDate,
): MailKind | null {
  if (keys.length === 0) return before ? 'clear' : null
  if (keys.some((key) => !before?.keys.includes(key))) return 'needs'
  return before?.day === today ? null : 'again'
}

/** A day of runs every minute is kept whole; what came before would only be counted. */
const runsMax = 1_500

function digest(memory: MailMemory, run: RunSummary, today: PlainDate): MailDecision {
  const runs = [...memory.runs.map((earlier) => outdated(earlier, run)), run].slice(-runsMax)
  const kept = { ...memory, runs }
  if (memory.digestDay === today) return { kind: null, runs, next: kept, otherwise: kept }
  return { kind: 'digest', runs, next: { ...memory, digestDay: today, runs: [] }, otherwise: kept }
}

/** Of the same command only the last run knows what is still to do. */
function outdated(earlier: RunSummary, run: RunSummary): RunSummary {
  if (earlier.verb !== run.verb || earlier.scope !== run.scope) return earlier
  const entities = earlier.entities.map((entity) => ({ ...entity, waits: [], notes: [] }))
  return { ...earlier, entities, needs: [] }
}
