// `validate`: what is wrong with the documents that wait, said before anything is sent (V1, V2). The rules are those of
// `export`; the mirror is refreshed first where that is possible.

import { resolve } from 'node:path'
import type { Books } from '../accounting/books.ts'
import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import type { CheckOptions } from '../batch/check.ts'
import { checkEveryKind } from '../batch/chosen-things.ts'
import { openScope } from '../batch/scope.ts'
import { isoInstant } from '../clock.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { narrowedTo } from '../notify/run-result.ts'
import { about } from '../reporting/events.ts'
import { instantText } from '../reporting/figures.ts'
import { findingsPage } from '../reporting/findings-page.ts'
import {
  countFindings,
  type FindingsReport,
  findingsCsv,
  findingsJson,
  mirrorTexts,
  printFindings,
  type ReportedFinding,
  summaryText,
} from '../reporting/findings-report.ts'
import { type MirrorAge, mirrorAge } from '../reporting/mirror-age.ts'
import { printable } from '../reporting/printable.ts'
import { progressTeller } from '../reporting/progress.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { refreshMirror } from './open-organisation.ts'
import { type PeriodFlags, periodOption } from './period.ts'
import {
  byteOrderMark,
  formatOf,
  printedText,
  type ReportFlags,
  type ReportFormat,
  writeReport,
} from './report-file.ts'
import { printerOf, timeZoneOf } from './telling.ts'

export interface ValidateFlags extends PeriodFlags, ReportFlags {
  offline?: boolean
  strict?: boolean
  notify?: boolean
}

/** 1 with errors, with --strict for warnings too. */
export async function validateCommand(context: CommandContext, flags: ValidateFlags): Promise<ExitCode> {
  const period = periodOption(flags)
  const format = formatOf(context, flags)
  if (flags.notify) {
    const scope = narrowedTo([context.flags.entity, flags.month, flags.from, flags.to])
    await context.notifier.begin({ verb: 'validate', scope, isAsked: true })
  }
  return context.withLedger(async (ledger) => {
    const entities = await chooseEntities(ledger, context.flags.entity)
    const findings: ReportedFinding[] = []
    const mirrors: MirrorAge[] = []
    let checked = 0
    for (const entity of entities) {
      const stderr = about(context.host.stderr, { entity: entity.code, run: null })
      const own = { ...context, host: { ...context.host, stderr } }
      const books = await currentBooks(own, ledger, entity, flags)
      mirrors.push(mirrorAge(entity.code, books.mirror, ledger.clock.now()))
      checked += await checkEntity(own, ledger, books, period, (some) => {
        for (const finding of some) findings.push({ entity: entity.code, ...finding })
      })
    }
    const report = { findings, counts: countFindings(findings, checked), mirrors }
    context.notifier.found(findings)
    await tell(context, ledger, report, { format, flags, entities })
    return report.counts.error > 0 || (flags.strict && report.counts.warning > 0) ? 1 : 0
  })
}

/** The entity's books after a look at Xero, and a word where it could not be asked. */
async function currentBooks(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  flags: ValidateFlags,
): Promise<Books> {
  const say = (text: string) => {
    if (!context.flags.quiet) context.host.stderr.write(`${printable(`${entity.code}: ${text}`)}\n`)
  }
  const connection = await findConnection(ledger, entity.code)
  const reason = connection && !flags.offline ? await refreshMirror(context, ledger, entity) : null
  if (reason !== null) say(`Xero was not asked. ${reason}`)
  const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
  if (!books.mirror && !connection) say('Xero was not asked: connect first with auxo-sync connect')
  return books
}

const endOfTime = parseDate('9999-12-31')

/** Also documents of the future: that they wait is told as information. Returns how many were looked at. */
async function checkEntity(
  context: CommandContext,
  ledger: Ledger,
  books: Books,
  period: { from: PlainDate | null; to: PlainDate | null },
  onFindings: CheckOptions['onFindings'],
): Promise<number> {
  const connection = await findConnection(ledger, books.entity.code)
  const scope = await openScope(ledger, books, connection?.tenantId ?? null, ledger.clock, {
    assumesPlanned: true,
  })
  const teller = await progressTeller(context.host, context.flags)
  try {
    const chosen = {
      ledger,
      options: {
        from: period.from,
        to: period.to ?? endOfTime ?? scope.today,
        only: null,
        documents: null,
        isFutureAsked: true,
      },
    }
    const checks = await checkEveryKind(chosen, scope, {
      run: null,
      record: 'findings',
      onFindings,
      onPage: (kind, done, total) => teller.tell({ event: 'checked', kind, done, total }),
    })
    return [...checks.values()].reduce((sum, check) => sum + check.checked, 0)
  } finally {
    teller.stop()
  }
}

interface Telling {
  format: ReportFormat
  flags: ValidateFlags
  entities: readonly BillingEntity[]
}

async function tell(
  context: CommandContext,
  ledger: Ledger,
  report: FindingsReport,
  telling: Telling,
): Promise<void> {
  const { host } = context
  const { output } = telling.flags
  if (output !== undefined) {
    const file = resolve(host.cwd, output)
    await writeReport(file, await reportText(ledger, report, telling), 'The findings')
    if (!context.flags.json && !context.flags.quiet) {
      ;(await printerOf(context)).line(`${summaryText(report.counts)} Written to ${file}.`)
    }
    if (context.flags.json) host.stdout.write(findingsJson(report))
    return
  }
  if (telling.format === 'table') {
    if (!context.flags.quiet || report.findings.length > 0) printFindings(await printerOf(context), report)
    return
  }
  host.stdout.write(await reportText(ledger, report, telling))
  if (telling.format !== 'json' && !context.flags.quiet) {
    const said = [summaryText(report.counts), ...mirrorTexts(report.mirrors)]
    host.stderr.write(`${said.map(printable).join('\n')}\n`)
  }
}

async function reportText(ledger: Ledger, report: FindingsReport, telling: Telling): Promise<string> {
  switch (telling.format) {
    case 'json':
      return findingsJson(report)
    case 'csv':
      return telling.flags.output === undefined
        ? findingsCsv(report)
        : `${byteOrderMark}${findingsCsv(report)}`
    case 'html':
      return findingsPage(report, await pageHead(ledger, telling))
    case 'table':
      return printedText((printer) => printFindings(printer, report))
  }
}

async function pageHead(
  ledger: Ledger,
  { flags, entities }: Telling,
): Promise<{ scope: string; at: string }> {
  const [first] = entities
  const codes = entities.map((entity) => entity.code).join(', ')
  const days = [flags.from ? `from ${flags.from}` : '', flags.to ? `to ${flags.to}` : '']
    .filter(Boolean)
    .join(' ')
  const period = flags.month ?? (days || 'all that waits')
  return {
    scope: `${codes}, ${period}`,
    at: instantText(isoInstant(ledger.clock.now()), first ? await timeZoneOf(ledger, first) : 'UTC'),
  }
}
