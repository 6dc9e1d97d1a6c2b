// One batch run of one entity, as the list of its steps: lease, resolve, pull, check, plan, send, resolve, report. What
// each step does is its own file; what a step means for the exit code is commands/.

import type { Books } from '../accounting/books.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { reportedAs, reportedKinds, type ThingKind } from '../accounting/kinds.ts'
import { type ChunkReport, noCounts, type Progress, type RunReport } from '../accounting/outcomes.ts'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { forgetOldBodies } from '../ledger/api-log.ts'
import { readBooks } from '../ledger/books.ts'
import type { Connection } from '../ledger/connections.ts'
import { lastChunkOf, refuseCopy, type SentMark } from '../ledger/identity.ts'
import { type Holder, heartbeat, type Lease, whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChunks } from '../ledger/open-chunks.ts'
import { openRun } from '../ledger/runs.ts'
import { restoreExternal } from '../ledger/taken-over.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { type CheckOptions, type KindCheck, nothingChecked } from './check.ts'
import {
  checkEveryKind,
  checkWaiting,
  contactedKinds,
  type ExportOptions,
  isWanted,
  planKind,
} from './chosen-things.ts'
import { contactsToCreate, linkAndPlanContacts } from './contacts.ts'
import { clockOffset, noteXeroTime, type RunContext, refuseInterrupted } from './context.ts'
import { isVisitedAgain, kindTable, runOrder, runVisits } from './kind-table.ts'
import { type PlannedChunk, reportedIn } from './plan.ts'
import { noPull, type PullReport } from './pull/pull-context.ts'
import { pullEverything, pullMirror } from './pull.ts'
import { refuseRestored } from './refuse-restored.ts'
import { finishReport, planReport } from './report.ts'
import { noResolve, type ResolveReport, resolveOpenChunks } from './resolve.ts'
import { openScope, todayOf } from './scope.ts'
import { type Halt, haltOn, sendChunks } from './send-chunks.ts'

export interface RunInput {
  ledger: Ledger
  gateway: XeroGateway
  entity: BillingEntity
  connection: Connection
  mark: SentMark
  holder: Holder
  clock: Clock
  uuid: () => string
  interrupt: AbortSignal
  progress: (progress: Progress) => void
  /** Told the run's number once it has one, so that its calls are logged under it. */
  onRun: (runId: number) => void
  options: ExportOptions
}

/** A run's report, and the error that ended it early, if one did. */
export interface RunEnd {
  report: RunReport
  stopped: AuxoError | null
}

/** How often a run sends again what a look-up freed, at most: Xero may be losing answers all the time. */
const roundsMax = 6
const heartbeatMs = 30_000

/** Runs one export. AuxoErrors before anything was begun are thrown; later ones end the run and stand in its end. */
export async function runExport(input: RunInput): Promise<RunEnd> {
  const { ledger, connection } = input
  const books = await readBooks(ledger, input.entity, connection.tenantId)
  return whileLeased(ledger, connection.tenantId, input.holder, async (lease) =>
    input.options.dryRun ? dryRun(input, books) : beginRun(input, books, lease, 'export'),
  )
}

/** Only the pull (X7): what an earlier run left open is settled first, and nothing is sent. */
export async function runPull(input: RunInput): Promise<RunEnd> {
  const { ledger, connection } = input
  const books = await readBooks(ledger, input.entity, connection.tenantId)
  return whileLeased(ledger, connection.tenantId, input.holder, (lease) =>
    beginRun(input, books, lease, 'pull'),
  )
}

async function beginRun(
  input: RunInput,
  books: Books,
  lease: Lease,
  verb: RunReport['verb'],
): Promise<RunEnd> {
  const { ledger, connection } = input
  await refuseCopy(ledger, input.mark, connection.tenantId)
  await forgetOldBodies(ledger, books.entity.code, books.settings.log_retention)
  return liveRun(input, books, lease, verb)
}

/** The plan that a live run would execute, from the same steps; nothing is sent and no state moves. */
async function dryRun(input: RunInput, books: Books): Promise<RunEnd> {
  const { ledger, gateway, connection, clock } = input
  const startedAt = clock.now()
  const fresh = input.options.noPull && books.mirror ? books : await pulledBooks(input)
  const scope = await openScope(ledger, fresh, connection.tenantId, clock, { assumesPlanned: true })
  const findings: RunReport['failures'] = []
  const checks = await checkEveryKind(input, scope, {
    run: null,
    record: 'nothing',
    interrupt: input.interrupt,
    onFindings: (some) => findings.push(...some),
    onPage: (kind, done, total) => input.progress({ event: 'checked', kind, done, total }),
  })
  const changed = checks.get('contact') ?? nothingChecked
  const toCreate = contactsToCreate(scope.neededContacts)
  checks.set('contact', { ...changed, sendable: [...toCreate, ...changed.sendable] })
  const plan = runOrder.map((kind) => planKind(kind, checks.get(kind)?.sendable ?? [], fresh))
  const report = await finishReport(
    {
      ledger,
      gateway,
      books: fresh,
      counts: countChecked(checks),
      runId: null,
      startedAt,
      today: scope.today,
    },
    {
      dryRun: true,
      chunks: plan.flat().map(plannedReport),
      stopReason: null,
      resolve: null,
      plan: planReport({ plan: plan.flat(), settings: fresh.settings, limits: gateway.limits() }),
      findings,
      verb: 'export',
      pulled: null,
    },
  )
  return { report, stopped: null }
}

function plannedReport(chunk: PlannedChunk): ChunkReport {
  const { number, of, things } = chunk
  return { kind: reportedIn(chunk), number, of, documents: things.length }
}

function countChecked(checks: ReadonlyMap<ThingKind, KindCheck>): RunReport['kinds'] {
  const counts = noCounts()
  for (const [kind, check] of checks) {
    counts[reportedAs[kind]].failed += check.failed
    counts[reportedAs[kind]].skipped += check.skipped
  }
  return counts
}

async function liveRun(
  input: RunInput,
  books: Books,
  lease: Lease,
  verb: RunReport['verb'],
): Promise<RunEnd> {
  const { ledger, gateway, connection, clock } = input
  const run = await openRun(ledger, {
    entity: books.entity.code,
    tenantId: connection.tenantId,
    organisation: connection.organisation,
    verb,
    who: input.holder.who,
  })
  input.onRun(run.id)
  const halt = haltOn(input.interrupt)
  const context: RunContext = {
    ledger,
    gateway,
    books,
    lease,
    mark: input.mark,
    runId: run.id,
    chunksBefore: await lastChunkOf(ledger, lease.tenantId),
    clock,
    uuid: input.uuid,
    interrupt: halt.signal,
    counts: noCounts(),
    progress: input.progress,
    stopped: new Map(),
    xeroTime: { aheadOfMonotonicMs: null },
  }
  const startedAt = clock.now()
  await restoreExternal(ledger)
  const journal: Journal = { context, chunks: [], resolve: null, stopped: null, pulled: null }
  try {
    if (verb === 'pull') await pullSteps(input, journal)
    else await runSteps(input, journal, halt)
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    journal.stopped = error
    journal.resolve = await stillOpen(journal)
  } finally {
    halt.release()
  }
  const report = await finishReport(
    {
      ledger,
      gateway,
      books: journal.context.books,
      counts: context.counts,
      runId: run.id,
      startedAt,
      today: todayOf(journal.context.books, clock),
    },
    {
      dryRun: false,
      chunks: journal.chunks,
      stopReason: journal.stopped?.message ?? ([...context.stopped.values()].join(' ') || null),
      isStopped: journal.stopped !== null,
      resolve: journal.resolve,
      plan: null,
      findings: null,
      verb,
      pulled: journal.pulled,
    },
  )
  return { report, stopped: journal.stopped }
}

/** What happened so far, for the report of a run that may end anywhere. */
interface Journal {
  context: RunContext
  chunks: ChunkReport[]
  resolve: ResolveReport | null
  stopped: AuxoError | null
  /** What came back from Xero; null where it was not asked. */
  pulled: PullReport | null
}

async function runSteps(input: RunInput, journal: Journal, halt: Halt): Promise<void> {
  journal.resolve = await resolveStep(journal)
  await pullStep(input, journal)
  await refuseRestored(journal.context, journal.pulled?.strangers ?? [])
  for (let round = 1; round <= roundsMax; round += 1) {
    await sendStep(input, journal, halt)
    if (!(await hasOpenOutcomes(journal))) return
    journal.resolve = await resolveStep(journal)
    if (!freedSomething(journal.resolve)) {
      const { settleFrom } = journal.resolve
      if (!input.options.wait || settleFrom === null) return
      await waitUntil(journal.context, settleFrom)
      journal.resolve = await resolveStep(journal)
      if (!freedSomething(journal.resolve) && journal.resolve.settleFrom === null) return
    }
  }
}

async function pullSteps(input: RunInput, journal: Journal): Promise<void> {
  journal.resolve = await resolveStep(journal)
  await pullStep(input, journal)
}

/** What a look-up gave back is sent again, and what hangs on what it found goes out. */
function freedSomething({ returned, adopted }: ResolveReport): boolean {
  return returned > 0 || Object.values(adopted).some((count) => count > 0)
}

/** Stopped before it could ask Xero what became of lost answers: the report still says that they are open, and until when. */
async function stillOpen({ context, resolve }: Journal): Promise<ResolveReport | null> {
  const { ledger, lease, runId } = context
  const open = await findOpenChunks(ledger, lease.tenantId)
  // What an earlier run left open was judged by this run's own resolve, if it came to that.
  const unjudged = open.filter((chunk) => chunk.state === 'uncertain' && (!resolve || chunk.run === runId))
  if (unjudged.length === 0) return resolve
  const ends = unjudged.map((chunk) => (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + chunk.settleWindowMs)
  const settleFrom = Math.max(...ends) - clockOffset(context)
  const before = resolve ?? noResolve()
  return { ...before, settleFrom: Math.max(before.settleFrom ?? 0, settleFrom) }
}

async function resolveStep(journal: Journal): Promise<ResolveReport> {
  const { context } = journal
  refuseInterrupted(context.interrupt)
  const report = await resolveOpenChunks(context)
  for (const kind of reportedKinds) {
    context.counts[kind].exported += report.adopted[kind] ?? 0
    context.counts[kind].updated += report.updated[kind] ?? 0
  }
  return report
}

async function hasOpenOutcomes(journal: Journal): Promise<boolean> {
  const { ledger, lease } = journal.context
  return (await findOpenChunks(ledger, lease.tenantId)).length > 0
}

/** What happened in Xero comes in; the books as they are then replace those that the run began with. */
async function pullStep(input: RunInput, journal: Journal): Promise<void> {
  const { context } = journal
  refuseInterrupted(context.interrupt)
  if (input.options.noPull && context.books.mirror) return
  context.progress({ event: 'step', step: 'pull', detail: 'Reading what happened in Xero' })
  const { ledger, gateway, lease, runId, interrupt } = context
  journal.pulled = noPull()
  const { serverTime } = await pullEverything(
    { ledger, gateway, lease, books: context.books, run: runId, interrupt },
    journal.pulled,
  )
  noteXeroTime(context.xeroTime, input.clock, serverTime)
  const books = await readBooks(ledger, input.entity, input.connection.tenantId)
  journal.context = { ...context, books }
}

async function pulledBooks(input: RunInput): Promise<Books> {
  await pullMirror(input.ledger, input.gateway)
  return readBooks(input.ledger, input.entity, input.connection.tenantId)
}

async function sendStep(input: RunInput, journal: Journal, halt: Halt): Promise<void> {
  const { ledger, lease, clock, runId } = journal.context
  journal.context = { ...journal.context, chunksBefore: await lastChunkOf(ledger, lease.tenantId) }
  const scope = await openScope(ledger, journal.context.books, lease.tenantId, clock)
  const options: CheckOptions = {
    run: runId,
    record: 'states',
    interrupt: journal.context.interrupt,
    onFindings: () => undefined,
    onPage: (kind, done, total) => input.progress({ event: 'checked', kind, done, total }),
  }
  // What was offered before in this step has its outcome: a second visit neither judges nor offers it again.
  const offered = new Set<string>()
  const derived = async (kind: ThingKind): Promise<KindCheck> => {
    const row = kindTable[kind]
    refuseInterrupted(journal.context.interrupt)
    if (row && isWanted(input, kind, row, scope)) await row.derive?.(journal.context, scope)
    return checkWaiting(input, scope, kind, options, offered)
  }
  const checks = new Map<ThingKind, KindCheck>()
  for (const kind of contactedKinds) checks.set(kind, await derived(kind))
  // What was linked just now is in step as it is: contacts that Xero had before are looked at after that.
  const toCreate = await linkAndPlanContacts(journal.context, scope.neededContacts)
  const changed = await checkWaiting(input, scope, 'contact', options)
  checks.set('contact', { ...changed, sendable: [...toCreate, ...changed.sendable] })
  // Parents before what hangs on them (E4): children are checked once their parents were sent.
  for (const kind of runVisits) {
    const row = kindTable[kind]
    refuseInterrupted(journal.context.interrupt)
    scope.visited.add(kind)
    if (!row || !isWanted(input, kind, row, scope)) continue
    const check = checks.get(kind) ?? (await derived(kind))
    const sendable = (await row.withoutExisting?.(journal.context, check.sendable)) ?? check.sendable
    if (isVisitedAgain(kind)) for (const { id } of sendable) offered.add(`${kind}/${id}`)
    const chunks = planKind(kind, sendable, scope.books)
    await sendChunks(journal.context, row, chunks, halt, journal.chunks)
    if (kind === 'item' && check.sendable.length > 0) await rereadItems(input, journal)
  }
}

/**
 * Lines name the items that Xero has from here on. One whose answer was lost is asked for at once: its documents would go without
 * it, for good.
 */
async function rereadItems(input: RunInput, journal: Journal): Promise<void> {
  const { ledger, lease } = journal.context
  const open = await findOpenChunks(ledger, lease.tenantId)
  if (open.some((chunk) => chunk.kind === 'item')) journal.resolve = await resolveStep(journal)
  const books = await readBooks(ledger, input.entity, lease.tenantId)
  journal.context = { ...journal.context, books }
}

/** Sleeps until then, saying now and then that the run lives. */
async function waitUntil(context: RunContext, instantMs: number): Promise<void> {
  const { clock, ledger, lease } = context
  context.progress({
    event: 'step',
    step: 'wait',
    detail: 'Waiting until Xero can tell what became of lost answers',
  })
  // A second more than the window: Xero's clock is read to the second.
  while (clock.now() < instantMs + 1_000) {
    if (context.interrupt.aborted)
      throw new AuxoError('interrupted', 'The run was interrupted while it waited.')
    // An interrupt ends the sleep; the next turn says so.
    await clock
      .sleep(Math.min(heartbeatMs, instantMs + 1_000 - clock.now()), context.interrupt)
      .catch(() => undefined)
    await heartbeat(ledger, lease)
  }
}
