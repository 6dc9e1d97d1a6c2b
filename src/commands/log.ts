// `log`: the API log, one row a call (E7), and one call with its request and answer.

import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import {
  findLiveRuns,
  type LogFilter,
  type LogRow,
  readBodies,
  readCall,
  readLastCalls,
  readLogPage,
} from '../ledger/logged-calls.ts'
import type { Ledger } from '../ledger/open.ts'
import { callJson, parsedBody, printCall, printCalls } from '../reporting/calls-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { printerOf, writeJson } from './telling.ts'

export interface LogFlags {
  run?: number
  failed?: boolean
  call?: number
}

/** Without a run a person is shown the last ones; JSON has all. */
const shownMax = 100
const pageSize = 1_000

export async function logCommand(context: CommandContext, flags: LogFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    if (flags.call !== undefined) return oneCall(context, ledger, flags.call)
    if (context.flags.entity !== undefined) await chooseEntities(ledger, context.flags.entity)
    const filter = { entity: context.flags.entity, run: flags.run, failed: flags.failed }
    if (context.flags.json) {
      for await (const call of allCalls(ledger, filter)) writeJson(context, callJson(call))
      return 0
    }
    const calls: LogRow[] = []
    if (flags.run === undefined) calls.push(...(await readLastCalls(ledger, filter, shownMax)))
    else for await (const call of allCalls(ledger, filter)) calls.push(call)
    await tellCalls(context, ledger, calls, flags)
    return 0
  })
}

async function* allCalls(ledger: Ledger, filter: LogFilter): AsyncGenerator<LogRow> {
  for (let after = 0; ; ) {
    const page = await readLogPage(ledger, filter, { after, limit: pageSize })
    yield* page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.id
  }
}

async function tellCalls(
  context: CommandContext,
  ledger: Ledger,
  calls: readonly LogRow[],
  flags: LogFlags,
): Promise<void> {
  const printer = await printerOf(context)
  if (calls.length === 0) {
    const which = flags.run === undefined ? '' : ` of run ${flags.run}`
    printer.line(flags.failed ? `No call${which} went wrong.` : `No call${which} is recorded.`)
    return
  }
  printCalls(printer, calls, await underWay(context, ledger))
  if (flags.run === undefined && calls.length === shownMax && !context.flags.quiet) {
    context.host.stderr.write(
      `These are the last ${shownMax} calls; --run shows those of a run, --json all.\n`,
    )
  }
}

async function underWay(
  context: CommandContext,
  ledger: Ledger,
): Promise<(call: { run: number | null }) => boolean> {
  const { hostname: host, isAlive } = context.host
  const live = await findLiveRuns(ledger, { host, isAlive })
  return (call) => call.run !== null && live.has(call.run)
}

async function oneCall(context: CommandContext, ledger: Ledger, id: number): Promise<ExitCode> {
  const call = await readCall(ledger, id)
  if (!call) throw new AuxoError('usage', `There is no call ${id} in the API log. auxo-sync log lists them.`)
  const bodies = await readBodies(ledger, id)
  if (context.flags.json) {
    const body = (text: string | null) => (text === null ? null : parsedBody(text))
    writeJson(context, { ...callJson(call), request: body(bodies.request), response: body(bodies.response) })
    return 0
  }
  const isUnderWay = await underWay(context, ledger)
  printCall(await printerOf(context), call, bodies, isUnderWay(call))
  return 0
}
