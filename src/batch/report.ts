// The report of a run: counts, chunks, failures and what is left, gathered from the ledger once the run is over, and the
// run's own row closed with them. How it is told is reporting/.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { isExportedKind, type ThingKind, thingKinds } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import { nothingPulled, type PlanReport, type RunReport } from '../accounting/outcomes.ts'
import type { EntitySettings } from '../accounting/settings.ts'
import { isoInstant } from '../clock.ts'
import { readFindings, recordFindings } from '../ledger/findings.ts'
import type { Ledger } from '../ledger/open.ts'
import { closeRun, countRunCalls } from '../ledger/runs.ts'
import { countLeftAlone, countRemaining, countStates, findDeletedInLedger } from '../ledger/things.ts'
import type { Limits, XeroGateway } from '../xero/gateway.ts'
import type { CheckReport } from './check.ts'
import type { PlannedChunk } from './plan.ts'
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
  chunks: readonly PlannedChunk[]
  stopReason: string | null
  isStopped?: boolean
  resolve: ResolveReport | null
  plan: PlanReport | null
  /** Findings of a dry run; null: those that the run recorded. */
  findings: readonly Finding[] | null
}

/** Gathers the report and closes the run's row. */
export async function finishReport(facts: RunFacts, outcome: RunOutcome): Promise<RunReport> {
  const { ledger, gateway, books, counts, runId } = facts
  const entity = books.entity.code
  const cutover = books.settings.cutover_date === 'none' ? null : books.settings.cutover_date
  if (runId !== null) await recordDeleted(ledger, entity, runId)
  const findings = outcome.findings ?? (await readFindings(ledger, { run: runId ?? 0 }))
  const remaining = await countRemaining(ledger, { entity, cutover })
  const states = await countStates(ledger, entity, runId)
  const left = await countLeftAlone(ledger, { entity, kind: 'invoice', cutover, today: facts.today })
  for (const kind of thingKinds) {
    counts[kind].uncertain = states[kind]?.uncertain ?? 0
    if (runId !== null) {
      counts[kind].failed = states[kind]?.failed ?? 0
      counts[kind].skipped = states[kind]?.skipped ?? 0
    }
    counts[kind].remaining = remaining[kind] ?? 0
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
          calls: { ...calls, dayLeft: limits.dayLeft },
          reason: outcome.stopReason,
        })
  return {
    id: runId ?? 0,
    entity,
    organisation: { tenantId: gateway.tenantId, name: books.mirror?.organisation.name ?? '' },
    state,
    startedAt: isoInstant(facts.startedAt),
    finishedAt,
    dryRun: outcome.dryRun,
    kinds: counts,
    pulled: nothingPulled(),
    chunks: outcome.chunks.map((chunk) => ({
      kind: chunk.kind,
      number: chunk.number,
      of: chunk.of,
      documents: chunk.things.length,
    })),
    failures,
    waiting: {
      futureDated: left.futureDated,
      held: left.held,
      uncertain: Object.values(states).reduce((sum, { uncertain }) => sum + uncertain, 0),
    },
    calls: { ...calls, minuteLeft: limits.minuteLeft, dayLeft: limits.dayLeft },
    notExportedYet: Object.fromEntries(
      Object.entries(remaining).filter(([kind, count]) => !isExportedKind(kind) && count > 0),
    ),
    stopReason: outcome.stopReason,
    settleFrom: outcome.resolve?.settleFrom ? isoInstant(outcome.resolve.settleFrom) : null,
    plan: outcome.plan,
    warnings: findings.filter((finding) => finding.severity === 'warning').map((finding) => finding.message),
  }
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
      deleted.map(({ kind, sourceId, xeroNumber }) => deletedFinding(kind, sourceId, xeroNumber ?? sourceId)),
      now,
    )
  })
}

function deletedFinding(kind: ThingKind, id: string, number: string): Finding {
  return {
    kind,
    id,
    number,
    code: 'deleted-in-ledger',
    severity: 'warning',
    field: null,
    message: `${number} is in Xero, and its row was deleted from the ledger.`,
    why: 'A deleted row is not a void: nothing was changed in Xero.',
    fix: 'If it should not exist, void it in Xero. If the row was deleted by mistake, let the exporting system write it again.',
    xeroMessages: [],
  }
}

/** What would be sent, and what it takes (E11). Pure. */
export function planReport(input: {
  contacts: readonly PlannedChunk[]
  invoices: readonly PlannedChunk[]
  check: CheckReport
  settings: EntitySettings
  limits: Limits
}): PlanReport {
  const { contacts, invoices, check, settings, limits } = input
  const callsNeeded = contacts.length + invoices.length
  const things = [...contacts, ...invoices].flatMap((chunk) => chunk.things)
  return {
    kinds: [
      { kind: 'contact', documents: count(contacts), chunks: contacts.length, totals: [] },
      {
        kind: 'invoice',
        documents: count(invoices),
        chunks: invoices.length,
        totals: [...check.totals].map(([currency, total]) => ({ currency, total: formatCents(total) })),
      },
    ],
    callsNeeded,
    bytesNeeded: things.reduce((sum, thing) => sum + thing.bytes, 0),
    minutesNeeded: Math.ceil(callsNeeded / settings.calls_per_minute),
    dayLeft: limits.dayLeft,
  }
}

function count(chunks: readonly PlannedChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.things.length, 0)
}
