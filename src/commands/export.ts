// `export`: one batch run for each entity, one after the other, told as they end. What a run is, is batch/.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import {
  type ExportedKind,
  exportedKinds,
  isExportedKind,
  kindNames,
  thingKinds,
} from '../accounting/kinds.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import { type ExportOptions, type RunEnd, runExport } from '../batch/run.ts'
import { AuxoError, exitCodes } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { findDocumentIds } from '../ledger/documents.ts'
import type { Ledger } from '../ledger/open.ts'
import { progressTeller } from '../reporting/progress.ts'
import { printRunReport } from '../reporting/run-report.ts'
import { createPrinter } from '../reporting/terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { openOrganisation } from './open-organisation.ts'

export interface ExportFlags {
  from?: string
  to?: string
  only?: string[]
  document?: string[]
  dryRun?: boolean
  /** False with --no-pull. */
  pull: boolean
  wait?: boolean
  strict?: boolean
}

/** Which of several outcomes the exit code tells: first found, first told (cli.md). */
const precedence = [5, 4, 6, 3, 2, 130, 8, 7, 1, 0]

export async function exportCommand(context: CommandContext, flags: ExportFlags): Promise<ExitCode> {
  const { host } = context
  const interrupt = new AbortController()
  const release = host.onInterrupt(() => {
    if (!context.flags.quiet) host.stderr.write('Stopping: the calls under way are finished and recorded.\n')
    interrupt.abort()
  })
  try {
    return await context.withLedger(async (ledger) => {
      const reports: RunReport[] = []
      const codes: number[] = []
      for (const entity of await connectedEntities(context, ledger)) {
        try {
          const options = await exportOptions(ledger, entity, flags)
          const end = await exportEntity(context, ledger, entity, options, interrupt.signal)
          reports.push(end.report)
          codes.push(exitCodeOf(end, flags.strict ?? false))
          await tell(context, end)
        } catch (error) {
          // One entity that cannot run must not keep the others from it.
          if (!(error instanceof AuxoError)) throw error
          host.stderr.write(
            `${entity.code}: ${error.message}\n${error.details.map((detail) => `  - ${detail}\n`).join('')}`,
          )
          codes.push(exitCodes[error.code])
        }
        if (interrupt.signal.aborted) break
      }
      if (context.flags.json) host.stdout.write(`${JSON.stringify({ runs: reports })}\n`)
      return precedence.find((code) => codes.includes(code)) ?? 0
    })
  } finally {
    release()
  }
}

/** All entities that are connected; where none is, or the one that was named is not: exit 4. */
async function connectedEntities(context: CommandContext, ledger: Ledger): Promise<BillingEntity[]> {
  const entities = await chooseEntities(ledger, context.flags.entity)
  const connected: BillingEntity[] = []
  for (const entity of entities) {
    if (await findConnection(ledger, entity.code)) connected.push(entity)
    else if (entities.length > 1) {
      context.host.stderr.write(
        `${entity.code} is left out: it is not connected to a Xero organisation yet.\n`,
      )
    }
  }
  const [first] = entities
  if (connected.length === 0 && first) return [first]
  return connected
}

async function exportEntity(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  options: ExportOptions,
  interrupt: AbortSignal,
): Promise<RunEnd> {
  const { host } = context
  const organisation = await openOrganisation(context, ledger, entity)
  const teller = await progressTeller(host, context.flags)
  try {
    return await runExport({
      ledger,
      gateway: organisation.gateway,
      entity,
      connection: organisation.connection,
      mark: organisation.mark,
      holder: organisation.holder,
      clock: host.clock,
      uuid: host.uuid,
      interrupt,
      progress: teller.tell,
      onRun: organisation.logUnder,
      options,
    })
  } finally {
    teller.stop()
    await organisation.gateway.close()
  }
}

async function exportOptions(
  ledger: Ledger,
  entity: BillingEntity,
  flags: ExportFlags,
): Promise<ExportOptions> {
  return {
    from: dateOption(flags.from, '--from'),
    to: dateOption(flags.to, '--to'),
    only: flags.only ? kindOptions(flags.only) : null,
    documents: flags.document ? await findDocumentIds(ledger, entity.code, flags.document) : null,
    dryRun: flags.dryRun ?? false,
    noPull: !flags.pull,
    wait: flags.wait ?? false,
  }
}

export function dateOption(text: string | undefined, name: string): PlainDate | null {
  if (text === undefined) return null
  const date = parseDate(text)
  if (!date) throw new AuxoError('usage', `${name} takes a date such as 2026-10-31, not “${text}”.`)
  return date
}

function kindOptions(words: readonly string[]): ExportedKind[] {
  return words.map((word) => {
    if (isExportedKind(word)) return word
    const known = thingKinds.find((kind) => kind === word)
    const able = exportedKinds.map((kind) => kindNames[kind].many).join(' and ')
    throw new AuxoError(
      'usage',
      known
        ? `This version exports ${able}; ${kindNames[known].many} are not exported yet.`
        : `There is no kind “${word}”. --only takes: ${exportedKinds.join(', ')}.`,
    )
  })
}

async function tell(context: CommandContext, end: RunEnd): Promise<void> {
  const { host, flags } = context
  if (!flags.json && !flags.quiet)
    printRunReport(await createPrinter(host.stdout, host.env, flags), end.report)
  const isTold = end.report.failures.length > 0 && !flags.quiet
  if (end.stopped && (flags.json || flags.quiet))
    host.stderr.write(`${end.report.entity}: ${end.stopped.message}\n`)
  if (flags.quiet && !isTold) {
    for (const failure of end.report.failures) host.stderr.write(`${end.report.entity}: ${failure.message}\n`)
  }
}

/** 8 before 7 before 1 (cli.md). */
export function exitCodeOf(end: RunEnd, isStrict: boolean): number {
  const { report, stopped } = end
  if (stopped && !['xero-limit', 'xero-away', 'uncertain'].includes(stopped.code))
    return exitCodes[stopped.code]
  if (report.settleFrom !== null && report.waiting.uncertain > 0) return 8
  if (stopped) return exitCodes[stopped.code]
  if (report.failures.length > 0 || report.waiting.uncertain > 0 || report.stopReason !== null) return 1
  const isNotQuiet = report.warnings.length > 0 || report.waiting.held > 0 || report.waiting.futureDated > 0
  return isStrict && isNotQuiet ? 1 : 0
}
