// One run of `export` or `pull` for each entity that is connected, one after the other. Which options it has, and what is said
// at the end of all, is for the commands that ask for it.

import type { BillingEntity } from '../accounting/documents.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { ExportOptions } from '../batch/chosen-things.ts'
import { type RunEnd, type RunInput, runExport, runPull } from '../batch/run.ts'
import { AuxoError, exitCodes } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findOpenConnection } from '../ledger/connections.ts'
import { findDocumentIds } from '../ledger/documents.ts'
import type { Ledger } from '../ledger/open.ts'
import { tellError } from '../reporting/error-text.ts'
import { about, type EventSubject } from '../reporting/events.ts'
import { progressTeller, waitProgress } from '../reporting/progress.ts'
import type { WaitOptions } from '../xero/waits.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { type OpenOrganisation, openOrganisation } from './open-organisation.ts'
import { prefixOf } from './run-telling.ts'
import { timeZoneOf } from './telling.ts'

export interface EntityRuns {
  verb: RunReport['verb']
  options: Omit<ExportOptions, 'documents'>
  /** Ids or numbers, as typed; null for all. */
  documents: readonly string[] | null
  /** Warnings and what waits are 1 too. */
  isStrict: boolean
  /** Entities that are not run this time, by code. */
  leftOut?: ReadonlySet<string>
  /** Aborted, no call is begun any more, and no entity. */
  interrupt: AbortSignal
  /** True where Xero is not asked and nobody waits (T2): then nobody is told of that. */
  isRehearsal?: boolean
  /** Told the end of each run, with a context whose log says which entity and run it is about. */
  tell: (
    context: CommandContext,
    end: RunEnd,
    told: { exitCode: ExitCode; timeZone: string },
  ) => Promise<void>
}

/** How it ended for an entity: with a run, or with the error that kept it from one, which was told. */
export type EntityEnd = { entity: string; exitCode: ExitCode } & (
  | { end: RunEnd; error: null }
  | { end: null; error: AuxoError }
)

/** AuxoError where no entity is there or the documents are not; what keeps one entity from running stands in its end. */
export async function runEntities(
  context: CommandContext,
  ledger: Ledger,
  runs: EntityRuns,
): Promise<EntityEnd[]> {
  const entities = await connectedEntities(context, ledger)
  const codes = entities.map((entity) => entity.code)
  const named = runs.documents ? await findDocumentIds(ledger, codes, runs.documents) : null
  const ends: EntityEnd[] = []
  for (const entity of entities) {
    // Documents were named, and none of them is of this entity.
    if (named && !named.has(entity.code)) continue
    if (runs.leftOut?.has(entity.code)) continue
    const options = { ...runs.options, documents: named?.get(entity.code) ?? null }
    ends.push(await endOf(context, ledger, entity, { ...runs, options }))
    if (runs.interrupt.aborted) break
  }
  return ends
}

type OneRun = Omit<EntityRuns, 'options'> & { options: ExportOptions }

async function endOf(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  one: OneRun,
): Promise<EntityEnd> {
  const { host } = context
  const subject: EventSubject = { entity: entity.code, run: null }
  const own = { ...context, host: { ...host, stderr: about(host.stderr, subject) } }
  try {
    const end = await runEntity(own, ledger, entity, {
      ...one,
      onRun: (run) => {
        subject.run = run
        own.host.stderr.event?.({ event: 'begin', level: 'info', verb: one.verb })
      },
    })
    const exitCode = exitCodeOf(end, one.isStrict)
    const timeZone = await timeZoneOf(ledger, entity)
    context.notifier.ran(end.report, timeZone)
    await one.tell(own, end, { exitCode, timeZone })
    return { entity: entity.code, exitCode, end, error: null }
  } catch (error) {
    // One entity that cannot run must not keep the others from it.
    if (!(error instanceof AuxoError)) throw error
    const { code, message, details } = error
    tellError(own.host.stderr, error, prefixOf(entity.code, message))
    context.notifier.failed({ entity: entity.code, code, message, details })
    return { entity: entity.code, exitCode: exitCodes[code], end: null, error }
  }
}

/** All entities that are connected; where none is, or the one that was named is not: exit 4. */
async function connectedEntities(context: CommandContext, ledger: Ledger): Promise<BillingEntity[]> {
  const entities = await chooseEntities(ledger, context.flags.entity)
  const connected: BillingEntity[] = []
  for (const entity of entities) {
    if (await findOpenConnection(ledger, entity.code)) connected.push(entity)
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

async function runEntity(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  run: OneRun & Pick<RunInput, 'onRun'>,
): Promise<RunEnd> {
  const { options, interrupt } = run
  const { host } = context
  const teller = await progressTeller(host, context.flags)
  const tell: RunInput['progress'] = (progress) => {
    if (!run.isRehearsal || progress.event !== 'step') teller.tell(progress)
  }
  const onWait: WaitOptions['onWait'] = (ms, why) => tell(waitProgress(ms, why))
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
      progress: tell,
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

/** Which of several outcomes the exit code tells: first found, first told (cli.md). */
const precedence = [5, 4, 6, 3, 2, 130, 8, 7, 1, 0]

/** Of several exit codes the one that is told. */
export function firstTold(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? 0
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
