// The report of a run: counts, chunks, failures and what is left, gathered from the ledger once the run is over, and the
// run's own row closed with them. How it is told is reporting/.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type FindingGroup, groupFindings } from '../accounting/finding-groups.ts'
import type { Finding } from '../accounting/findings.ts'
import {
  kindNames,
  type ReportedKind,
  reportedAs,
  reportedKinds,
  type ThingKind,
} from '../accounting/kinds.ts'
import { cents, formatCents } from '../accounting/money.ts'
import { type ChunkReport, nothingPulled, type PlanReport, type RunReport } from '../accounting/outcomes.ts'
import type { EntitySettings, SummarisedKind } from '../accounting/settings.ts'
import { isoInstant } from '../clock.ts'
import { readFindings, recordFindings } from '../ledger/findings.ts'
import type { Ledger } from '../ledger/open.ts'
import { keepRunReport } from '../ledger/run-records.ts'
import { closeRun, countRunCalls } from '../ledger/runs.ts'
import { countStates, findDeletedInLedger } from '../ledger/things.ts'
import { countLeftAlone, countRemaining } from '../ledger/waiting.ts'
import type { Limits, XeroGateway } from '../xero/gateway.ts'
import { kindTable, runOrder } from './kind-table.ts'
import { type PlannedChunk, type PlannedThing, reportedIn } from './plan.ts'
import type { PullReport } from './pull/pull-context.ts'
import type { ResolveReport } from './resolve.ts'

interface RunFacts {
  ledger: Ledger
  gateway: XeroGateway
  books: Books
  counts: RunReport['kinds']
  /** Null for a dry run, which has no row of its own. */
  runId: number | null
  /** ms since 1970. */
  startedAt: number
  today: PlainDate
}

interface RunOutcome {
  dryRun: boolean
  chunks: readonly ChunkReport[]
  stopReason: string | null
  isStopped?: boolean
  resolve: ResolveReport | null
  plan: PlanReport | null
  /** Findings of a dry run; null: those that the run recorded. */
  findings: readonly Finding[] | null
  verb: RunReport['verb']
  /** What came back from Xero; null where it was not asked. */
  pulled: PullReport | null
}

/** Gathers the report, closes the run's row, and keeps what is told; a dry run leaves nothing. */
export async function finishReport(facts: RunFacts, outcome: RunOutcome): Promise<RunReport> {
  const report = await gatherReport(facts, outcome)
  if (facts.runId !== null) await keepRunReport(facts.ledger, report)
  return report
}

async function gatherReport(facts: RunFacts, outcome: RunOutcome): Promise<RunReport> {
  const { ledger, gateway, books, counts, runId } = facts
  const entity = books.entity.code
  const cutover = books.settings.cutover_date === 'none' ? null : books.settings.cutover_date
  if (runId !== null) await recordDeleted(ledger, entity, runId)
  const findings = outcome.findings ?? (await readFindings(ledger, { run: runId ?? 0 }))
  const kinds = sentKinds(books.settings)
  const remaining = byReported(await countRemaining(ledger, { entity, kinds, cutover }), (count) => count)
  const states = await countStates(ledger, entity, runId)
  const left = await countLeftAlone(ledger, {
    entity,
    kinds,
    cutover,
    today: facts.today,
    summarised: summarisedBy(books.settings),
  })
  for (const kind of reportedKinds) counts[kind].remaining = remaining[kind] ?? 0
  for (const [kind, state] of Object.entries(states)) {
    const count = counts[reportedAs[kind as ThingKind]] // the keys of a record of kinds
    count.uncertain += state.uncertain
    if (runId === null) continue
    count.failed += state.failed
    count.skipped += state.skipped
  }
  const failures = findings.filter((finding) => finding.severity === 'error').map(withoutOwner)
  const calls = runId === null ? { made: 0, bytesOut: 0, bytesIn: 0 } : await countRunCalls(ledger, runId)
  const limits = gateway.limits()
  const state = stateOf(counts, failures, outcome.isStopped ?? false)
  const finishedAt =
    runId === null
      ? isoInstant(ledger.clock.now())
      : await closeRun(ledger, runId, {
          state,
          kinds: counts,
          pulled: outcome.pulled?.counts ?? {},
          calls: { ...calls, dayLeft: limits.dayLeft },
          reason: outcome.stopReason,
        })
  return {
    id: runId ?? 0,
    entity,
    organisation: { tenantId: gateway.tenantId, name: books.mirror?.organisation.name ?? '' },
    mirror: books.mirror && { readAt: isoInstant(books.mirror.readAt) },
    state,
    startedAt: isoInstant(facts.startedAt),
    finishedAt,
    dryRun: outcome.dryRun,
    kinds: counts,
    verb: outcome.verb,
    isPulled: outcome.pulled !== null,
    pulled: outcome.pulled?.counts ?? nothingPulled(),
    chunks: [...outcome.chunks],
    failures,
    waiting: {
      futureDated: left.futureDated,
      held: left.held,
      uncertain: Object.values(states).reduce((sum, { uncertain }) => sum + uncertain, 0),
    },
    calls: { ...calls, minuteLeft: limits.minuteLeft, dayLeft: limits.dayLeft },
    stopReason: outcome.stopReason,
    settleFrom: outcome.resolve?.settleFrom ? isoInstant(outcome.resolve.settleFrom) : null,
    plan: outcome.plan,
    warnings: [
      ...(outcome.pulled?.warnings ?? []),
      ...groupFindings(findings.filter((finding) => finding.severity === 'warning')).map(warningText),
    ],
  }
}

/** As many as one call has documents. */
const namedMax = 100

/** One sentence a cause, with the numbers of all that it concerns. */
function warningText({ first, subjects }: FindingGroup): string {
  const [, ...others] = subjects
  if (others.length === 0) return first.message
  const named = others.slice(0, namedMax).map(({ id, number }) => number || id)
  const more = others.length - named.length
  const rest = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
  return `${first.message} The same of ${rest}.`
}

/** Only the public fields. */
function withoutOwner(finding: Finding): Finding {
  const { kind, id, number, code, severity, field, message, why, fix, xeroMessages } = finding
  return { kind, id, number, code, severity, field, message, why, fix, xeroMessages }
}

/** What went out counts as sent even where something failed (E2). */
function stateOf(
  counts: RunReport['kinds'],
  failures: readonly Finding[],
  isStopped: boolean,
): RunReport['state'] {
  if (isStopped) return 'stopped'
  const all = Object.values(counts)
  if (failures.length > 0 || all.some((one) => one.failed + one.skipped + one.uncertain > 0)) return 'partial'
  return all.some((one) => one.exported + one.updated > 0) ? 'sent' : 'nothing'
}

/** Rows that an exporting system deleted after they were sent: never a void, always said (architecture, Edits). */
async function recordDeleted(ledger: Ledger, entity: string, run: number): Promise<void> {
  const deleted = await findDeletedInLedger(ledger, entity)
  if (deleted.length === 0) return
  await ledger.transaction(async (tx, now) => {
    await recordFindings(
      tx,
      deleted.map(({ kind, sourceId }) => ({ kind, sourceId, entity, run })),
      deleted.map((thing) =>
        thing.isRowGone
          ? deletedFinding(thing.kind, thing.sourceId, nameOf(thing))
          : endedFinding(thing.kind, thing.sourceId, nameOf(thing)),
      ),
      now,
    )
  })
}

/** What people call a thing whose row is gone: as its facts were written down, never by an id or link of Xero's. */
function nameOf({
  sourceId,
  xeroNumber,
  facts,
}: {
  sourceId: string
  xeroNumber: string | null
  facts: string | null
}): string {
  const told = JSON.parse(facts ?? '{}') as { label?: string; number?: string | null; narration?: string } // of any kind
  const name = told.label ?? told.number ?? told.narration ?? xeroNumber
  return name === null || name === '' ? sourceId : name
}

function deletedFinding(kind: ThingKind, id: string, number: string): Finding {
  return {
    kind,
    id,
    number,
    code: 'deleted-in-ledger',
    severity: 'warning',
    field: null,
    message: `${capitalised(kindNames[kind].one)} ${number} is in Xero, and its row was deleted from the ledger.`,
    why: 'A deleted row is not a void: nothing was changed in Xero.',
    fix: `If it should not exist, ${kind === 'attachment' ? 'remove' : 'void'} it in Xero. If the row was deleted by mistake, let the exporting system write it again.`,
    xeroMessages: [],
  }
}

/** Of what was linked at cutover: nothing of it is ever sent, no void and no deletion either (M1). */
function endedFinding(kind: ThingKind, id: string, number: string): Finding {
  return {
    ...deletedFinding(kind, id, number),
    message: `${capitalised(kindNames[kind].one)} ${number} was voided or deleted in the ledger, and stands in Xero, with which it was linked at cutover.`,
    why: 'What was marked as exported at cutover is never sent, a void or a deletion of it neither.',
    fix: 'Void or delete it in Xero too: the ledger learns of it. If it should stand, undo the change in the ledger.',
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** Kinds that the settings let out. */
export function sentKinds(settings: EntitySettings): ThingKind[] {
  return runOrder.filter((kind) => kindTable[kind] && !kindTable[kind].isLeftOut(settings))
}

/** Kinds whose things wait until their day is over (J5). */
export function summarisedBy({ ar_style, daily_summaries }: EntitySettings): readonly SummarisedKind[] {
  return ar_style === 'journals' ? daily_summaries : []
}

/** Sums up counts of things under the kinds of the report. */
export function byReported<Count>(
  counts: Partial<Record<ThingKind, Count>>,
  numberOf: (count: Count) => number,
): Partial<Record<ReportedKind, number>> {
  const sums: Partial<Record<ReportedKind, number>> = {}
  for (const [kind, count] of Object.entries(counts)) {
    const reported = reportedAs[kind as ThingKind] // the keys of a record of kinds
    sums[reported] = (sums[reported] ?? 0) + numberOf(count as Count) // its values
  }
  return sums
}

/** What would be sent, and what it takes (E11). Pure. */
export function planReport(input: {
  plan: readonly PlannedChunk[]
  settings: EntitySettings
  limits: Limits
}): PlanReport {
  const { plan, settings, limits } = input
  const kinds = reportedKinds.flatMap((kind) => {
    const chunks = plan.filter((chunk) => reportedIn(chunk) === kind)
    const things = chunks.flatMap((chunk) => chunk.things)
    return chunks.length === 0
      ? []
      : [{ kind, documents: things.length, chunks: chunks.length, totals: totalsOf(things) }]
  })
  return {
    kinds,
    callsNeeded: plan.length,
    bytesNeeded: plan
      .flatMap((chunk) => chunk.things)
      .reduce((sum, thing) => sum + Math.max(0, thing.bytes), 0),
    minutesNeeded: Math.ceil(plan.length / settings.calls_per_minute),
    notes: kinds.flatMap(({ kind, documents, chunks }) => noteOf(kind, documents, chunks)),
    dayLeft: limits.dayLeft,
  }
}

/** Where the API takes fewer than a chunk, the number of calls would surprise. */
function noteOf(kind: ReportedKind, documents: number, chunks: number): string[] {
  if (documents <= 1) return []
  if (kind === 'allocation')
    return [`Xero takes ${kindNames.allocation.many} in one call for each credit: ${chunks} here.`]
  if (kind === 'attachment' || kind === 'note')
    return [`Xero takes ${kindNames[kind].many} one a call: ${chunks} here.`]
  return []
}

function totalsOf(things: readonly PlannedThing[]): { currency: string; total: string }[] {
  const totals = new Map<string, number>()
  for (const { money } of things)
    if (money) totals.set(money.currency, (totals.get(money.currency) ?? 0) + money.amount)
  return [...totals].map(([currency, total]) => ({ currency, total: formatCents(cents(total)) }))
}
