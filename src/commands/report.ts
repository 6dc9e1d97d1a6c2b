// `report`: a run as it was told, or the month of an entity, from the ledger alone; printed, as JSON, or as a page by itself (V5).

import { resolve } from 'node:path'
import type { SentMoney } from '../accounting/looking-back.ts'
import { readMonthReport } from '../batch/month-report.ts'
import { readRunStory } from '../batch/run-story.ts'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { readRuns, type StoredRun } from '../ledger/runs.ts'
import { inDecimals } from '../reporting/decimal-rows.ts'
import { monthPage } from '../reporting/html/month-page.ts'
import { runPage } from '../reporting/html/run-page.ts'
import { monthJson, printMonth } from '../reporting/month-report.ts'
import { printStory } from '../reporting/run-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { monthOption } from './period.ts'
import { writeReport } from './report-file.ts'
import { printerOf, timeZoneOf, writeJson } from './telling.ts'

export interface ReportCommandFlags {
  run?: number
  month?: string
  html?: string
}

export async function reportCommand(context: CommandContext, flags: ReportCommandFlags): Promise<ExitCode> {
  const { run, month } = flags
  if ((run === undefined) === (month === undefined)) {
    throw new AuxoError(
      'usage',
      'Say what to report: --run with the number of a run (auxo-sync history lists them), or --month such as 2026-10.',
    )
  }
  return context.withLedger((ledger) =>
    run === undefined
      ? reportMonth(context, ledger, { month: month ?? '', html: flags.html })
      : reportRun(context, ledger, { run, html: flags.html }),
  )
}

async function reportRun(
  context: CommandContext,
  ledger: Ledger,
  { run: id, html }: { run: number; html: string | undefined },
): Promise<ExitCode> {
  const run = await findRun(ledger, id, context.flags.entity)
  const [entity] = await chooseEntities(ledger, run.entity)
  if (!entity) return 2
  const zone = await timeZoneOf(ledger, entity)
  const books = await readBooks(ledger, entity, run.tenantId)
  const story = await readRunStory(ledger, run, { books, zone })
  const madeAt = isoInstant(ledger.clock.now())
  if (html !== undefined) await writePage(context, html, runPage(story, { madeAt, zone }))
  if (context.flags.json) {
    const { report, sent, paid, ...facts } = story
    writeJson(context, {
      run: { ...report, ...facts, sent: sent.map(sentJson), paid: paid.map(inDecimals) },
    })
  } else if (html === undefined) printStory(await printerOf(context), story, zone)
  return 0
}

/** Money of things without any is null, not nothing. */
export function sentJson(one: SentMoney) {
  const { total, ...facts } = inDecimals(one)
  return { ...facts, total: one.currency === null ? null : total }
}

/** AuxoError `usage` where there is no such run, or it is another entity's. */
export async function findRun(ledger: Ledger, id: number, entity: string | undefined): Promise<StoredRun> {
  const [run] = await readRuns(ledger, { id, ...(entity === undefined ? {} : { entity }) })
  if (run) return run
  const [last] = await readRuns(ledger, { limit: 1, ...(entity === undefined ? {} : { entity }) })
  const known = last ? ` The last one is ${last.id}; auxo-sync history lists them.` : ' There was no run yet.'
  throw new AuxoError('usage', `There is no run ${id}${entity === undefined ? '' : ` of ${entity}`}.${known}`)
}

async function reportMonth(
  context: CommandContext,
  ledger: Ledger,
  { month, html }: { month: string; html: string | undefined },
): Promise<ExitCode> {
  const range = monthOption(month)
  const months = []
  for (const entity of await chooseEntities(ledger, context.flags.entity)) {
    const connection = await findConnection(ledger, entity.code)
    const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
    const zone = await timeZoneOf(ledger, entity)
    months.push({ report: await readMonthReport(ledger, books, { month, ...range, zone }), zone })
  }
  const madeAt = isoInstant(ledger.clock.now())
  if (html !== undefined) await writePage(context, html, monthPage(months, { month, madeAt }))
  if (context.flags.json) {
    writeJson(context, { month, entities: months.map(({ report }) => monthJson(report)) })
  } else if (html === undefined) {
    const printer = await printerOf(context)
    for (const [index, { report, zone }] of months.entries()) {
      if (index > 0) printer.line()
      printMonth(printer, report, zone)
    }
  }
  return 0
}

async function writePage(context: CommandContext, name: string, text: string): Promise<void> {
  const file = resolve(context.host.cwd, name)
  await writeReport(file, text, 'The report', '--html')
  if (!context.flags.quiet && !context.flags.json) (await printerOf(context)).line(`Written to ${file}.`)
}
