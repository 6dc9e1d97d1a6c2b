// What --quiet says of a run: nothing where nobody is needed, else one digest of what needs a person, by cause. The whole
// story is run-report.ts.

import type { RunReport } from '../accounting/outcomes.ts'
import { countText, instantText } from './figures.ts'
import { printFindingGroups } from './finding-groups.ts'
import { failedOf } from './run-report.ts'
import { type Printer, toned } from './terminal.ts'

export interface QuietOptions {
  /** What this run alone asks for; with 0 nothing is said. */
  exitCode: number
  timeZone: string
}

export function printWhatNeedsAPerson(
  printer: Printer,
  report: RunReport,
  { exitCode, timeZone }: QuietOptions,
): void {
  if (exitCode === 0) return
  const name = report.organisation.name || 'Xero'
  const run = report.dryRun ? 'the dry run' : report.rehearsal ? 'the rehearsal' : `run ${report.id}`
  printer.line(toned('strong', `${report.entity} → ${name}`), `: ${run} needs a look`)
  if (report.stopReason !== null) printer.entry(2, toned('bad', 'Stopped: '), report.stopReason)
  printFindingGroups(printer, report.failures, 2)
  const unnamed = failedOf(report)
  if (report.failures.length === 0 && unnamed > 0)
    printer.entry(2, '', `${countText(unnamed)} not sent; auxo-sync status says which and why.`)
  printUncertain(printer, report, timeZone)
  // Reached with --strict too, where these are what the exit code is about.
  const { held, futureDated } = report.waiting
  if (held > 0) printer.entry(2, 'Held back: ', `${countText(held)}.`)
  if (futureDated > 0) printer.entry(2, 'Waiting: ', `${countText(futureDated)} dated in the future.`)
  for (const warning of new Set(report.warnings)) printer.entry(2, toned('caution', 'Note: '), warning)
}

function printUncertain(printer: Printer, { waiting, settleFrom }: RunReport, timeZone: string): void {
  if (waiting.uncertain === 0) return
  const what = `of ${countText(waiting.uncertain)} sent it is not known yet whether Xero has them; answers were lost.`
  const cure =
    settleFrom === null
      ? 'auxo-sync status names what a person must settle, with auxo-sync settle.'
      : `Run again after ${instantText(settleFrom, timeZone)}: nothing is sent twice.`
  printer.entry(2, toned('caution', 'Uncertain: '), `${what} ${cure}`)
}
