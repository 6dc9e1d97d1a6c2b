// `status`: what waits and why, per entity, what a person must mend, and the last run (V6).

import type { BillingEntity } from '../accounting/documents.ts'
import { countOf, type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import { byReported, sentKinds, summarisedBy } from '../batch/report.ts'
import { todayOf } from '../batch/scope.ts'
import { isoInstant } from '../clock.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { countKeptJournals } from '../ledger/kept-journals.ts'
import { findLiveRuns, stateNow } from '../ledger/logged-calls.ts'
import { type Failure, findFailures, lastOpenAttempt } from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { readRuns, type StoredRun } from '../ledger/runs.ts'
import { countStates } from '../ledger/things.ts'
import { countLeftAlone, countRemaining } from '../ledger/waiting.ts'
import { countText, durationText, instantText, listText } from '../reporting/figures.ts'
import { printFindingGroups } from '../reporting/finding-groups.ts'
import { failedOf, outcomeText, pulledText, wentOutText } from '../reporting/run-report.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { pulledOf, runJson } from './history.ts'
import { printerOf, timeZoneOf, writeJson } from './telling.ts'

/** An entity as `status --json` has it. */
export interface EntityStatus {
  code: string
  name: string
  organisation: { tenantId: string; name: string; since: string } | null
  /** When the organisation's books were last read (ISO UTC); null where they never were. */
  mirror: { readAt: string } | null
  remaining: Record<ReportedKind, number>
  failed: Failure[]
  lastRun: ReturnType<typeof runJson> | null
  waiting: {
    futureDated: number
    held: number
    uncertain: number
    beforeCutover: number
    /** Finished journals that stay in the ledger by `only_invoices_and_payments` (J7). */
    keptJournals: number
    /** From when a run can settle what is uncertain (ISO UTC); null where nothing is. */
    settleFrom: string | null
  }
}

export async function statusCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const printer = context.flags.json ? null : await printerOf(context)
    const { hostname: host, isAlive } = context.host
    const live = await findLiveRuns(ledger, { host, isAlive })
    const entities: EntityStatus[] = []
    for (const entity of await chooseEntities(ledger, context.flags.entity)) {
      const { status, lastRun } = await statusOf(ledger, entity)
      entities.push(status)
      if (!printer) continue
      if (entities.length > 1) printer.line()
      printStatus(printer, status, {
        lastRun,
        live,
        now: ledger.clock.now(),
        zone: await timeZoneOf(ledger, entity),
      })
    }
    if (!printer) writeJson(context, { entities })
    return 0
  })
}

export async function statusOf(
  ledger: Ledger,
  entity: BillingEntity,
): Promise<{ status: EntityStatus; lastRun: StoredRun | null }> {
  const connection = await findConnection(ledger, entity.code)
  const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
  const cutover = books.settings.cutover_date === 'none' ? null : books.settings.cutover_date
  const today = todayOf(books, ledger.clock)
  const kinds = sentKinds(books.settings)
  const counted = await countRemaining(ledger, { entity: entity.code, kinds, cutover })
  const remaining = byReported(counted, (count) => count)
  const left = await countLeftAlone(ledger, {
    entity: entity.code,
    kinds,
    cutover,
    today,
    summarised: summarisedBy(books.settings),
  })
  const keptJournals =
    books.settings.only_invoices_and_payments === 'on'
      ? await countKeptJournals(ledger, { entity: entity.code, cutover })
      : 0
  const states = await countStates(ledger, entity.code, null)
  const ended = await lastOpenAttempt(ledger, entity.code)
  const [lastRun = null] = await readRuns(ledger, { entity: entity.code, limit: 1 })
  return {
    lastRun,
    status: {
      code: entity.code,
      name: entity.name,
      organisation: connection && {
        tenantId: connection.tenantId,
        name: connection.organisation,
        since: connection.connectedAt,
      },
      mirror: books.mirror && { readAt: isoInstant(books.mirror.readAt) },
      remaining: allKinds(remaining),
      failed: await findFailures(ledger, { entity: entity.code, cutover }),
      lastRun: lastRun && runJson(lastRun),
      waiting: {
        futureDated: left.futureDated,
        held: left.held,
        uncertain: Object.values(states).reduce((sum, { uncertain }) => sum + uncertain, 0),
        beforeCutover: left.beforeCutover,
        keptJournals,
        settleFrom: ended === null ? null : isoInstant(Date.parse(ended) + books.settings.settle_window),
      },
    },
  }
}

function allKinds(counts: Partial<Record<ReportedKind, number>>): Record<ReportedKind, number> {
  // Every kind of the closed list gets its count.
  return Object.fromEntries(reportedKinds.map((kind) => [kind, counts[kind] ?? 0])) as Record<
    ReportedKind,
    number
  >
}

interface Telling {
  lastRun: StoredRun | null
  /** Ids of the runs whose process lives; another that says it runs was cut off. */
  live: ReadonlySet<number>
  now: number
  zone: string
}

function printStatus(printer: Printer, status: EntityStatus, telling: Telling): void {
  const { remaining, failed, organisation, mirror } = status
  printer.line(
    toned('strong', `${status.code} (${status.name})`),
    organisation ? ` → ${organisation.name}` : toned('caution', ': not connected to Xero yet'),
  )
  const waiting = reportedKinds.filter((kind) => remaining[kind] > 0)
  printer.entry(
    2,
    'To be sent: ',
    waiting.length === 0 ? 'nothing.' : `${listText(waiting.map((kind) => countOf(remaining[kind], kind)))}.`,
  )
  for (const text of waitingTexts(status, telling)) printer.entry(4, '', text)
  if (failed.length > 0) {
    printer.line(toned('strong', '  To be mended'))
    printFindingGroups(printer, failed, 4)
  }
  printer.entry(2, 'Last run: ', telling.lastRun ? runText(telling.lastRun, telling) : 'none yet.')
  if (mirror === null) return
  const age = durationText(telling.now - Date.parse(mirror.readAt))
  printer.entry(2, 'Read of Xero: ', `accounts, tax rates and tracking as they were ${age} ago.`)
}

function waitingTexts({ waiting }: EntityStatus, { lastRun, live, now, zone }: Telling): string[] {
  const { futureDated, held, uncertain, beforeCutover, keptJournals, settleFrom } = waiting
  const isLater = settleFrom !== null && Date.parse(settleFrom) > now
  const uncertainText = (count: number) =>
    lastRun !== null && live.has(lastRun.id)
      ? `${countText(count)} of them on the way: run ${lastRun.id} is sending.`
      : `${countText(count)} of them with a lost answer: run the export${isLater ? ` from ${instantText(settleFrom, zone)}` : ''}, and it asks Xero what became of ${count === 1 ? 'it' : 'them'}.`
  return [
    ...(futureDated > 0 ? [`${countText(futureDated)} of them dated in the future.`] : []),
    ...(uncertain > 0 ? [uncertainText(uncertain)] : []),
    ...(held > 0
      ? [
          `Beside these, ${countText(held)} held back: auxo-sync dashboard lists ${held === 1 ? 'it' : 'them'}, auxo-sync release lets ${held === 1 ? 'it' : 'them'} go.`,
        ]
      : []),
    ...(beforeCutover > 0
      ? [`Beside these, ${countText(beforeCutover)} dated before the cutover, which are never sent.`]
      : []),
    ...(keptJournals > 0
      ? [
          `Beside these, ${countOf(keptJournals, 'journal')} kept in the ledger, since only_invoices_and_payments is on.`,
        ]
      : []),
  ]
}

function runText(run: StoredRun, { live, zone }: Telling): string {
  const failed = failedOf(run)
  // What was sent and what failed is said by the counts.
  const isTold = run.state === 'sent' || run.state === 'partial' || run.state === 'nothing'
  const ended = isTold ? '' : `, ${outcomeText(run.verb, stateNow(run, live))}`
  const reason = run.reason === null ? '' : ` ${run.reason}`
  return `${run.id}, ${run.verb}, ${instantText(run.startedAt, zone)}, by ${run.who}: ${wentOutText(run)} ${run.rollsBack === null ? 'sent' : 'taken out'}${failed > 0 ? `, ${countText(failed)} failed` : ''}${ended}${backText(run)}.${reason}`
}

function backText(run: StoredRun): string {
  const pulled = pulledOf(run)
  return pulled === null ? '' : `; back from Xero: ${pulledText(pulled) ?? 'nothing new'}`
}
