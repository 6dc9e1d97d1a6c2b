// `rollback --run N`: takes out of Xero what a run posted, as far as Xero permits (M6). Asks first; what is done is batch/rollback.ts.

import { kindNames } from '../accounting/kinds.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { refuseRun } from '../batch/rollback/refuse-run.ts'
import {
  previewRollback,
  type RollbackEnd,
  type RollbackInput,
  type RollbackReport,
  runRollback,
} from '../batch/rollback.ts'
import { isoInstant } from '../clock.ts'
import { AuxoError, exitCodes } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import type { Ledger } from '../ledger/open.ts'
import { readPosted } from '../ledger/posted-things.ts'
import { readRuns, type StoredRun } from '../ledger/runs.ts'
import { errorText } from '../reporting/error-text.ts'
import { progressTeller, waitProgress } from '../reporting/progress.ts'
import { printRollback } from '../reporting/rollback-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { openOrganisation } from './open-organisation.ts'
import { printerOf, timeZoneOf, writeJson } from './telling.ts'

export interface RollbackFlags {
  run: number
  yes?: boolean
  dryRun?: boolean
}

export async function rollbackCommand(context: CommandContext, flags: RollbackFlags): Promise<ExitCode> {
  const { host } = context
  const mustAsk = !flags.yes && !flags.dryRun
  if (mustAsk && (!host.ask || context.flags.json))
    throw new AuxoError(
      'needs-yes',
      `Rolling run ${flags.run} back takes what it posted out of Xero. To do that without being asked, add --yes; to see what it would be, --dry-run.`,
    )
  return context.withLedger(async (ledger) => {
    const run = await findRun(ledger, flags.run, context.flags.entity)
    return withInput(context, ledger, run, async (input) => {
      if (flags.dryRun || mustAsk) {
        const preview = await previewRollback(input)
        await tell(context, ledger, input, preview)
        if (flags.dryRun) return exitCodeOf({ report: preview, stopped: null })
        if (preview.undone.length === 0) return exitCodeOf({ report: preview, stopped: null })
        if (!(await isAgreed(context, preview))) return 0
      }
      const end = await runRollback(input)
      await tell(context, ledger, input, end.report)
      if (end.stopped) throw end.stopped
      return exitCodeOf(end)
    })
  })
}

async function findRun(ledger: Ledger, id: number, entity: string | undefined): Promise<StoredRun> {
  if (entity !== undefined) await chooseEntities(ledger, entity)
  const [run] = await readRuns(ledger, { id, ...(entity === undefined ? {} : { entity }) })
  if (run) return run
  throw new AuxoError(
    'usage',
    `There is no run ${id}${entity === undefined ? '' : ` of ${entity}`}. auxo-sync history lists them.`,
  )
}

/** Opens the organisation that the run went to, and closes it whatever happens. */
async function withInput(
  context: CommandContext,
  ledger: Ledger,
  run: StoredRun,
  work: (input: RollbackInput) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { host } = context
  const [entity] = await chooseEntities(ledger, run.entity)
  if (!entity) return 2
  const interrupt = new AbortController()
  const release = host.onInterrupt(() => {
    if (!context.flags.quiet) host.stderr.write('Stopping: the calls under way are finished and recorded.\n')
    interrupt.abort()
  })
  const teller = await progressTeller(host, context.flags)
  const waits = {
    interrupt: interrupt.signal,
    onWait: (ms: number, why: Parameters<typeof waitProgress>[1]) => teller.tell(waitProgress(ms, why)),
  }
  try {
    // It goes back the way it came, whatever the settings say since.
    const channels = (await readPosted(ledger, run.id)).map(({ channel }) => channel)
    const open = await openOrganisation(context, ledger, entity, waits, { channels })
    try {
      refuseRun(run, open.connection)
      const { connection, gateway, mark, holder, logUnder: onRun } = open
      const machine = { clock: host.clock, uuid: host.uuid, interrupt: interrupt.signal }
      const progress = teller.tell
      return await work({
        ledger,
        gateway,
        entity,
        connection,
        mark,
        holder,
        ...machine,
        progress,
        onRun,
        run,
      })
    } finally {
      await open.gateway.close()
    }
  } finally {
    teller.stop()
    release()
  }
}

async function isAgreed({ host }: CommandContext, { undone }: RollbackReport): Promise<boolean> {
  const what = undone.length === 1 ? 'this' : `these ${undone.length.toLocaleString('en')}`
  const answer = host.ask ? await host.ask(`Take ${what} out of Xero? [y/N] `) : null
  if (/^\s*y(es)?\s*$/i.test(answer ?? '')) return true
  host.stderr.write('Nothing was changed.\n')
  return false
}

async function tell(
  context: CommandContext,
  ledger: Ledger,
  { entity, run }: RollbackInput,
  report: RollbackReport,
): Promise<void> {
  if (context.flags.json) return writeJson(context, json(report))
  if (context.flags.quiet && report.byRun !== null) return tellQuietly(context, report)
  const zone = await timeZoneOf(ledger, entity)
  printRollback(await printerOf(context), { ...report, startedAt: run.startedAt, zone })
}

/** Only what somebody has to look at. */
function tellQuietly({ host }: CommandContext, { entity, notUndone }: RollbackReport): void {
  for (const { kind, number, why } of notUndone.filter(({ needsPerson }) => needsPerson)) {
    const message = `${kindNames[kind].one} ${number} stays in Xero. ${why}`
    host.stderr.write(errorText({ message, details: [] }, `${entity}: `))
  }
}

function json(report: RollbackReport) {
  const { run, byRun, undone, notUndone, money, settleFrom } = report
  return {
    run,
    byRun,
    dryRun: byRun === null,
    entity: report.entity,
    undone,
    notUndone: notUndone.map(({ kind, id, number, why }) => ({ kind, id, number, why })),
    totals: money.map(({ kind, things, currency, cents }) => ({
      kind,
      documents: things,
      currency,
      total: formatCents(cents as Cents), // sums of cents
    })),
    settleFrom: settleFrom === null ? null : isoInstant(settleFrom),
  }
}

/** 8 before 1 (cli.md): what Xero keeps whatever is done is no reason for a person to look. */
function exitCodeOf({ report, stopped }: RollbackEnd): ExitCode {
  if (stopped) return exitCodes[stopped.code]
  if (report.settleFrom !== null) return exitCodes.uncertain
  return report.notUndone.some(({ needsPerson }) => needsPerson) ? 1 : 0
}
