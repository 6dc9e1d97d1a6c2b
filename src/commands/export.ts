// `export` and `pull`: one run for each entity, one after the other, told as they end. What a run is, is batch/.

import type { BillingEntity } from '../accounting/documents.ts'
import { isReportedKind, type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import { didYouMean } from '../accounting/nearest.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { ExportOptions } from '../batch/chosen-things.ts'
import { type RunEnd, type RunInput, runExport, runPull } from '../batch/run.ts'
import { AuxoError, exitCodes } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { findDocumentIds } from '../ledger/documents.ts'
import type { Ledger } from '../ledger/open.ts'
import { tellError } from '../reporting/error-text.ts'
import { about, type EventSubject } from '../reporting/events.ts'
import { progressTeller, waitProgress } from '../reporting/progress.ts'
import type { WaitOptions } from '../xero/waits.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { type OpenOrganisation, openOrganisation } from './open-organisation.ts'
import { periodOption } from './period.ts'
import { prefixOf, tellRun } from './run-telling.ts'
import { timeZoneOf, writeJson } from './telling.ts'

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
  return runForEach(context, flags, 'export')
}

/** `pull`: what happened in Xero, entity after entity; nothing is sent. Told as `export` is. */
export async function pullCommand(context: CommandContext, flags: { strict?: boolean }): Promise<ExitCode> {
  return runForEach(context, { ...flags, pull: true }, 'pull')
}

async function runForEach(
  context: CommandContext,
  flags: ExportFlags,
  verb: RunReport['verb'],
): Promise<ExitCode> {
  const { host } = context
  const interrupt = new AbortController()
  const release = host.onInterrupt(() => {
    if (!context.flags.quiet) host.stderr.write('Stopping: the calls under way are finished and recorded.\n')
    interrupt.abort()
  })
  try {
    return await context.withLedger(async (ledger) => {
      const asked = askedFor(flags)
      const reports: RunReport[] = []
      const codes: number[] = []
      const entities = await connectedEntities(context, ledger)
      const named = flags.document
        ? await findDocumentIds(
            ledger,
            entities.map((entity) => entity.code),
            flags.document,
          )
        : null
      for (const entity of entities) {
        // Documents were named, and none of them is of this entity.
        if (named && !named.has(entity.code)) continue
        const subject: EventSubject = { entity: entity.code, run: null }
        const own = { ...context, host: { ...host, stderr: about(host.stderr, subject) } }
        try {
          const options = { ...asked, documents: named?.get(entity.code) ?? null }
          const end = await runEntity(own, ledger, entity, {
            options,
            interrupt: interrupt.signal,
            verb,
            onRun: (run) => {
              subject.run = run
              own.host.stderr.event?.({ event: 'begin', level: 'info', verb })
            },
          })
          const exitCode = exitCodeOf(end, flags.strict ?? false)
          reports.push(end.report)
          codes.push(exitCode)
          await tellRun(own, end, { exitCode, timeZone: await timeZoneOf(ledger, entity) })
        } catch (error) {
          // One entity that cannot run must not keep the others from it.
          if (!(error instanceof AuxoError)) throw error
          tellError(own.host.stderr, error, prefixOf(entity.code, error.message))
          codes.push(exitCodes[error.code])
        }
        if (interrupt.signal.aborted) break
      }
      if (context.flags.json) writeJson(context, { runs: reports })
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
    else if (entities.length > 1 && !context.flags.quiet) {
      context.host.stderr.write(
        `${entity.code} is left out: it is not connected to a Xero organisation yet.\n`,
      )
    }
  }
  const [first] = entities
  if (connected.length === 0 && first) return [first]
  return connected
}

interface EntityRun {
  options: ExportOptions
  interrupt: AbortSignal
  verb: RunReport['verb']
  /** Told the run's number once it has one. */
  onRun: RunInput['onRun']
}

async function runEntity(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  run: EntityRun,
): Promise<RunEnd> {
  const { options, interrupt } = run
  const { host } = context
  const teller = await progressTeller(host, context.flags)
  const onWait: WaitOptions['onWait'] = (ms, why) => teller.tell(waitProgress(ms, why))
  let organisation: OpenOrganisation | null = null
  try {
    organisation = await openOrganisation(context, ledger, entity, { interrupt, onWait })
    const { logUnder } = organisation
    const runOne = run.verb === 'pull' ? runPull : runExport
    return await runOne({
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
      onRun: (id) => {
        logUnder(id)
        run.onRun(id)
      },
      options,
    })
  } finally {
    teller.stop()
    await organisation?.gateway.close()
  }
}

function askedFor(flags: ExportFlags): Omit<ExportOptions, 'documents'> {
  return {
    ...periodOption(flags),
    only: flags.only ? kindOptions(flags.only) : null,
    dryRun: flags.dryRun ?? false,
    noPull: !flags.pull,
    wait: flags.wait ?? false,
  }
}

function kindOptions(words: readonly string[]): ReportedKind[] {
  return words.map((word) => {
    if (isReportedKind(word)) return word
    throw new AuxoError(
      'usage',
      `There is no kind “${word}”.${didYouMean(word, reportedKinds)} --only takes: ${reportedKinds.join(', ')}.`,
    )
  })
}

/** 8 before 7 before 1 (cli.md). */
export function exitCodeOf(end: RunEnd, isStrict: boolean): number {
  const { report, stopped } = end
  if (stopped && !['xero-limit', 'xero-away', 'uncertain'].includes(stopped.code))
    return exitCodes[stopped.code]
  if (report.settleFrom !== null && report.waiting.uncertain > 0) return 8
  if (stopped) return exitCodes[stopped.code]
  // A `validate` at the same time may have told the findings of this run as its own.
  const hasFailed = report.failures.length > 0 || Object.values(report.kinds).some((kind) => kind.failed > 0)
  if (hasFailed || report.waiting.uncertain > 0 || report.stopReason !== null) return 1
  const isNotQuiet = report.warnings.length > 0 || report.waiting.held > 0 || report.waiting.futureDated > 0
  return isStrict && isNotQuiet ? 1 : 0
}
