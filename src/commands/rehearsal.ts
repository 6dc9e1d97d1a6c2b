// `export --sandbox` (T2): the export as it would be, against a copy of the ledger and a sandbox that is filled with what the ledger knows
// of Xero. No call leaves this machine; the ledger, the config folder and Xero stay as they are. What is copied and filled is
// rehearsal-stage.ts, what is told reporting/rehearsal-report.ts.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SentMoney } from '../accounting/looking-back.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import { readSentMoney } from '../batch/run-story.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import type { Ledger } from '../ledger/open.ts'
import { printRehearsalEnd, printRehearsalHead, printRehearsed } from '../reporting/rehearsal-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { askedFor, type ExportFlags } from './export.ts'
import { type Stage, setStage } from './rehearsal-stage.ts'
import { sentJson } from './report.ts'
import { firstTold, runEntities } from './run-entities.ts'
import { tellRun } from './run-telling.ts'
import { printerOf, writeJson } from './telling.ts'

export async function rehearsalCommand(context: CommandContext, flags: ExportFlags): Promise<ExitCode> {
  if (flags.dryRun)
    throw new AuxoError(
      'usage',
      'A rehearsal sends nothing to Xero by itself: leave out --dry-run, which only plans, or --sandbox, which plays the whole run.',
    )
  const { host } = context
  const interrupt = new AbortController()
  const release = host.onInterrupt(() => interrupt.abort())
  const folder = await mkdtemp(join(tmpdir(), 'auxo-sync-rehearsal-'))
  try {
    const stage = await setStage(context, folder, interrupt.signal)
    try {
      return await play(context, flags, stage, interrupt.signal)
    } finally {
      await stage.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    release()
  }
}

async function play(
  context: CommandContext,
  flags: ExportFlags,
  stage: Stage,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  const isTold = !context.flags.json && !context.flags.quiet
  if (isTold) printRehearsalHead(await printerOf(context), stage.scenes, context.host.clock.now())
  const code = await stage.context.withLedger(async (ledger) => {
    const rehearsed: Rehearsed[] = []
    const ends = await runEntities(stage.context, ledger, {
      verb: 'export',
      options: askedFor(flags),
      documents: flags.document ?? null,
      isStrict: flags.strict ?? false,
      interrupt,
      isRehearsal: true,
      tell: async (own, end, told) => {
        const one = await rehearsedOf(ledger, end.report, stage)
        rehearsed.push(one)
        await tellRun(own, { ...end, report: one.report }, told)
        if (isTold) printRehearsed(await printerOf(context), one)
      },
    })
    if (context.flags.json)
      writeJson(context, {
        rehearsal: true,
        runs: rehearsed.map(({ report, sent }) => ({ ...report, sent: sent.map(sentJson) })),
      })
    return firstTold(ends.map(({ exitCode }) => exitCode))
  })
  if (isTold) printRehearsalEnd(await printerOf(context))
  return code
}

interface Rehearsed {
  report: RunReport
  /** What would go out in money. */
  sent: readonly SentMoney[]
}

/** The ordinary report as that of a rehearsal: Xero was not asked, neither now nor about its books. */
async function rehearsedOf(ledger: Ledger, report: RunReport, { scenes }: Stage): Promise<Rehearsed> {
  const readAt = scenes.find(({ entity }) => entity === report.entity)?.readAt ?? null
  const [entity] = await chooseEntities(ledger, report.entity)
  if (!entity) throw new Error(`a run of ${report.entity}, which the ledger does not have`)
  const books = await readBooks(ledger, entity, report.organisation.tenantId)
  return {
    report: { ...report, rehearsal: true, isPulled: false, mirror: readAt === null ? null : { readAt } },
    sent: await readSentMoney(ledger, report.id, books),
  }
}
