// `watch`: an export whenever something new waits in the ledger, until stopped (Q5). When it runs is batch/watch.ts, what a run
// is run-entities.ts; here is what is said of it, and what keeps it from going on.

import { type WatchedEnd, watch } from '../batch/watch.ts'
import { AuxoError, type ErrorCode, exitCodes } from '../errors.ts'
import type { Ledger } from '../ledger/open.ts'
import { ledgerProblem } from '../ledger/problems.ts'
import { watchLedger } from '../ledger/watching.ts'
import { narrowedTo } from '../notify/run-result.ts'
import { tellError } from '../reporting/error-text.ts'
import { watchLine } from '../reporting/watch-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { type EntityEnd, type EntityRuns, firstTold, runEntities } from './run-entities.ts'
import { tellRun } from './run-telling.ts'
import { printerOf, writeJson } from './telling.ts'

export interface WatchFlags {
  /** Minutes. */
  every: number
  /** Seconds. */
  pause: number
}

/** Asking again this soon is enough where another run holds the organisation. */
const busyMs = 30_000
/** Xero's clock is read to the second. */
const marginMs = 1_000

/** 0 where it was stopped while it waited, 130 where a run was under way; else what kept it from its first run, or from any other. */
export async function watchCommand(context: CommandContext, flags: WatchFlags): Promise<ExitCode> {
  if (flags.every < 1) throw new AuxoError('usage', '--every takes a whole number of minutes from 1 up.')
  const { host } = context
  const interrupt = new AbortController()
  const state: WatchState = { isRunning: false, exitCode: 0, isFirst: true, told: new Map() }
  const release = host.onInterrupt(() => {
    if (state.isRunning && !context.flags.quiet)
      host.stderr.write('Stopping: the calls under way are finished and recorded.\n')
    interrupt.abort()
  })
  try {
    for (;;) {
      const how = await context.withLedger((ledger) =>
        watchOne(context, ledger, flags, state, interrupt.signal),
      )
      if (how === 'replaced') {
        if (!context.flags.quiet)
          host.stderr.write('Another ledger was put in the place of this one: it is read anew.\n')
        continue
      }
      return how === 'ended' ? state.exitCode : state.isRunning ? exitCodes.interrupted : 0
    }
  } finally {
    release()
  }
}

interface WatchState {
  /** True from the beginning of a round until it ended without being interrupted. */
  isRunning: boolean
  exitCode: ExitCode
  isFirst: boolean
  /** What needs a person, as it was told last, by entity: it is not said again while it stays the same. */
  told: Map<string, string>
}

async function watchOne(
  context: CommandContext,
  ledger: Ledger,
  { every, pause }: WatchFlags,
  state: WatchState,
  interrupt: AbortSignal,
): Promise<'interrupted' | 'replaced' | 'ended'> {
  const { host } = context
  const own = watchLedger(ledger)
  return watch({
    clock: host.clock,
    everyMs: every * 60_000,
    restMs: pause * 1_000,
    interrupt,
    ledger: own,
    onFileChange: host.onFileChange
      ? (callback) => host.onFileChange?.(ledger.file, callback) ?? (() => undefined)
      : null,
    round: async (_, leftOut) => {
      state.isRunning = true
      // Those who are told of runs hear of each round; of one that leaves entities out as of something else.
      const scope = narrowedTo(['watch', context.flags.entity, [...leftOut].sort()])
      await context.notifier.begin({ verb: 'export', scope, isAsked: false })
      const ends = await runRound(context, ledger, state, { own, leftOut, interrupt })
      const isStopped = state.isFirst && keepsFromRunning(ends)
      state.isFirst = false
      const exitCode = firstTold(ends.map((end) => end.exitCode))
      if (isStopped) {
        state.exitCode = exitCode
        return 'end'
      }
      await context.notifier.end(exitCode)
      state.isRunning = interrupt.aborted
      return ends.map((end) => watchedEnd(end, host.clock.now()))
    },
  })
}

interface Round {
  own: ReturnType<typeof watchLedger>
  leftOut: ReadonlySet<string>
  interrupt: AbortSignal
}

async function runRound(
  context: CommandContext,
  ledger: Ledger,
  state: WatchState,
  { own, leftOut, interrupt }: Round,
): Promise<EntityEnd[]> {
  own.confirm()
  try {
    return await runEntities(silent(context), ledger, {
      verb: 'export',
      options: { from: null, to: null, only: null, dryRun: false, noPull: false, wait: false },
      documents: null,
      leftOut,
      isStrict: false,
      interrupt,
      tell: (runContext, end, told) => tellWatched(context, runContext, state, end, told),
    })
  } catch (error) {
    const problem = ledgerProblem(error, ledger.file)
    if (!problem || !passing.includes(problem.code)) throw error
    const { code, message, details } = problem
    tellError(context.host.stderr, problem)
    context.notifier.failed({ entity: null, code, message, details })
    return [{ entity: '', exitCode: exitCodes[code], end: null, error: problem }]
  }
}

/** One line a run: what goes on within one is told only with --verbose. */
function silent(context: CommandContext): CommandContext {
  return context.flags.verbose ? context : { ...context, flags: { ...context.flags, quiet: true } }
}

type Told = Parameters<EntityRuns['tell']>

async function tellWatched(
  { flags }: CommandContext,
  runContext: CommandContext,
  state: WatchState,
  end: Told[1],
  told: Told[2],
): Promise<void> {
  const context = { ...runContext, flags }
  const { report } = end
  if (flags.json) {
    const { exitCode } = told
    writeJson(context, { entity: report.entity, exitCode, run: report, error: null })
  } else if (!flags.quiet) (await printerOf(context)).line(...watchLine(report, told.timeZone))
  const news = JSON.stringify([
    report.failures.map(({ kind, id, code }) => [kind, id, code]),
    report.stopReason,
  ])
  const isNews = state.told.get(report.entity) !== news
  state.told.set(report.entity, news)
  // As an export does: events where programs read the log, with --quiet what needs a person, once.
  if (context.host.stderr.event) await tellRun({ ...context, flags: { ...flags, json: true } }, end, told)
  else if (flags.quiet && isNews) await tellRun(context, end, told)
}

/** Nothing can run until a person has done something: said at once, to whoever started it. */
function keepsFromRunning(ends: readonly EntityEnd[]): boolean {
  return ends.length > 0 && ends.every(({ end, exitCode }) => end === null && [3, 4, 5].includes(exitCode))
}

/** What another time may go better by itself, as opposed to what a person must mend: that is tried again with the next regular round. */
const passing: readonly ErrorCode[] = ['xero-limit', 'xero-away', 'ledger-locked', 'ledger-unwritable']

function watchedEnd({ entity, end, error }: EntityEnd, now: number): WatchedEnd {
  const stopped = end?.stopped ?? error
  if (end?.report.settleFrom && end.report.waiting.uncertain > 0)
    return { entity, pause: { ms: Math.max(0, Date.parse(end.report.settleFrom) - now) + marginMs } }
  if (stopped?.code === 'organisation-busy') return { entity, pause: { ms: busyMs } }
  if (!stopped || !passing.includes(stopped.code)) return { entity, pause: null }
  const { retryAt } = stopped
  return { entity, pause: { ms: retryAt === null ? null : Math.max(0, retryAt - now) + marginMs } }
}
