// How `export` and `pull` tell the end of one entity's run: as a report for a person, as the digest of --quiet, or as
// events. What is told is reporting/.

import type { RunEnd } from '../batch/run.ts'
import { tellError } from '../reporting/error-text.ts'
import { printWhatNeedsAPerson } from '../reporting/quiet-report.ts'
import { tellRunEvents } from '../reporting/run-events.ts'
import { printRunReport } from '../reporting/run-report.ts'
import { createPrinter } from '../reporting/terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { printerOf } from './telling.ts'

/** `exitCode` is what this run alone asks for. */
export async function tellRun(
  context: CommandContext,
  end: RunEnd,
  { exitCode, timeZone }: { exitCode: ExitCode; timeZone: string },
): Promise<void> {
  const { host, flags } = context
  if (!flags.json && !flags.quiet) printRunReport(await printerOf(context), end.report, timeZone)
  if (host.stderr.event) {
    tellRunEvents(host.stderr.event, end.report, exitCode)
    if (end.stopped) tellError(host.stderr, end.stopped)
  } else if (flags.quiet) {
    const printer = await createPrinter(host.stderr, host.env, { json: false })
    printWhatNeedsAPerson(printer, end.report, { exitCode, timeZone })
  } else if (flags.json && end.stopped) {
    tellError(host.stderr, end.stopped, prefixOf(end.report.entity, end.stopped.message))
  }
}

/** The entity in front of a sentence that does not begin with it. */
export function prefixOf(entity: string, message: string): string {
  return message.startsWith(`${entity} `) ? '' : `${entity}: `
}
