// How a run ended, for a log of events: what was not sent and why, what to look at, then the run itself in numbers.

import { nothingPulled, type RunReport } from '../accounting/outcomes.ts'
import type { LoggedEvent } from './events.ts'

/** `exitCode` is what this run alone asks for. */
export function tellRunEvents(tell: (event: LoggedEvent) => void, report: RunReport, exitCode: number): void {
  for (const finding of report.failures) {
    const { kind, id, number, code, field, message, why, fix, xeroMessages } = finding
    const fields = { kind, id, number, code, field, message, why, fix, xeroMessages }
    tell({ event: 'finding', level: 'error', ...fields })
  }
  for (const message of new Set(report.warnings)) tell({ event: 'warning', level: 'warning', message })
  const { verb, state, dryRun, waiting, calls, stopReason, settleFrom } = report
  const rehearsal = report.rehearsal ? { rehearsal: true } : {}
  const fields = {
    verb,
    state,
    dryRun,
    ...rehearsal,
    exitCode,
    ...sums(report),
    waiting,
    calls,
    stopReason,
    settleFrom,
  }
  tell({ event: 'report', level: exitCode === 0 ? 'info' : 'error', ...fields })
}

function sums({ kinds, pulled }: RunReport): Record<string, number> {
  const counts = Object.values(kinds)
  const sum = (key: 'exported' | 'updated' | 'failed' | 'skipped' | 'uncertain' | 'remaining') =>
    counts.reduce((total, count) => total + count[key], 0)
  return {
    exported: sum('exported'),
    updated: sum('updated'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    uncertain: sum('uncertain'),
    remaining: sum('remaining'),
    pulled: Object.values({ ...nothingPulled(), ...pulled }).reduce((total, count) => total + count, 0),
  }
}
