// One batch run of one entity, as the list of its steps: lease, resolve, pull, check, plan, send, resolve, report. What
// each step does is its own file; what a step means for the exit code is commands/.

import pLimit from 'p-limit'
import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import {
  isDocumentKind,
  type ReportedKind,
  reportedAs,
  reportedKinds,
  type ThingKind,
} from '../accounting/kinds.ts'
import { type ChunkReport, noCounts, type Progress, type RunReport } from '../accounting/outcomes.ts'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { forgetOldBodies } from '../ledger/api-log.ts'
import { readBooks } from '../ledger/books.ts'
import type { Connection } from '../ledger/connections.ts'
import { lastChunkOf, refuseCopy, type SentMark } from '../ledger/identity.ts'
import { acquireLease, type Holder, heartbeat, type Lease, releaseLease } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChunks } from '../ledger/open-chunks.ts'
import { openRun } from '../ledger/runs.ts'
import { findWaitingIds } from '../ledger/waiting.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { type CheckOptions, checkKind, type KindCheck, nothingChecked } from './check.ts'
import { contactsToCreate, linkAndPlanContacts } from './contacts.ts'
import { clockOffset, noteXeroTime, type RunContext, refuseInterrupted } from './context.ts'
import type { KindRow } from './kind-row.ts'
import { isVisitedAgain, kindTable, runOrder, runVisits } from './kind-table.ts'
import { sendChunk } from './narrow.ts'
import { chunkSizeMax, type PlannedChunk, type PlannedThing, planChunks } from './plan.ts'
import { pullMirror } from './pull.ts'
import { finishReport, planReport } from './report.ts'
import { noResolve, type ResolveReport, resolveOpenChunks } from './resolve.ts'
import { type CheckScope, openScope, todayOf } from './scope.ts'

export interface ExportOptions {
  from: PlainDate | null
  to: PlainDate | null
  /** Only these kinds; null for all. Contacts that a document needs always go along. */
  only: readonly ReportedKind[] | null
  /** Only these documents, by id, and nothing of other kinds but what they need; null for all. */
  documents: readonly string[] | null
  dryRun: boolean
  /** Uses the mirror as it is. */
  noPull: boolean
  /** Waits until uncertain outcomes can be settled, and settles them. */
  wait: boolean
}

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
  const lease = await acquireLease(ledger, connection.tenantId, input.holder)
  try {
    if (input.options.dryRun) return await dryRun(input, books)
    await refuseCopy(ledger, input.mark, connection.tenantId)
    await forgetOldBodies(ledger, books.settings.log_retention)
    return await liveRun(input, books, lease)
  } finally {
    await releaseLease(ledger, lease)
  }
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
  checks.set('contact', { ...nothingChecked, sendable: contactsToCreate(scope.neededContacts) })
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
    },
  )
  return { report, stopped: null }
}

function plannedReport({ kind, number, of, things }: PlannedChunk): ChunkReport {
  return { kind: reportedAs[kind], number, of, documents: things.length }
}

function countChecked(checks: ReadonlyMap<ThingKind, KindCheck>): RunReport['kinds'] {
  const counts = noCounts()
  for (const [kind, check] of checks) {
    counts[reportedAs[kind]].failed += check.failed
    counts[reportedAs[kind]].skipped += check.skipped
  }
  return counts
}

async function liveRun(input: RunInput, books: Books, lease: Lease): Promise<RunEnd> {
  const { ledger, gateway, connection, clock } = input
  const run = await openRun(ledger, {
    entity: books.entity.code,
    tenantId: connection.tenantId,
    organisation: connection.organisation,
    verb: 'export',
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
  const journal: Journal = { context, chunks: [], resolve: null, stopped: null }
  try {
    await runSteps(input, journal, halt)
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
}

async function runSteps(input: RunInput, journal: Journal, halt: Halt): Promise<void> {
  journal.resolve = await resolveStep(journal)
  await pullStep(input, journal)
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

/** The books with a fresh mirror replace those that the run began with: every later step reads them from the context. */
async function pullStep(input: RunInput, journal: Journal): Promise<void> {
  const { context } = journal
  refuseInterrupted(context.interrupt)
  if (input.options.noPull && context.books.mirror) return
  context.progress({
    event: 'step',
    step: 'pull',
    detail: 'Reading accounts, tax rates and contacts from Xero',
  })
  journal.context = { ...context, books: await pulledBooks(input, context) }
}

async function pulledBooks(input: RunInput, context?: RunContext): Promise<Books> {
  const { serverTime } = await pullMirror(input.ledger, input.gateway)
  if (context) noteXeroTime(context.xeroTime, input.clock, serverTime)
  return readBooks(input.ledger, input.entity, input.connection.tenantId)
}

/** Kinds whose things need contacts: they are checked before anything is sent, since contacts go first. */
const contactedKinds: readonly ThingKind[] = [
  'purchase_order',
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'receipt',
]

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
  checks.set('contact', {
    ...nothingChecked,
    sendable: await linkAndPlanContacts(journal.context, scope.neededContacts),
  })
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

/** Which things are looked for. */
export interface Chosen {
  ledger: Ledger
  options: Pick<ExportOptions, 'from' | 'to' | 'only' | 'documents'> & {
    /** What is dated after today too: `validate` says of it that it waits. */
    isFutureAsked?: boolean
  }
}

/** All kinds as they are now, what is planned counting as sent: for a plan, and for `validate`. */
export async function checkEveryKind(
  input: Chosen,
  scope: CheckScope,
  options: CheckOptions,
): Promise<Map<ThingKind, KindCheck>> {
  const checks = new Map<ThingKind, KindCheck>()
  const later = runOrder.filter((kind) => !contactedKinds.includes(kind) && kind !== 'contact')
  for (const kind of [...contactedKinds, ...later])
    checks.set(kind, await checkWaiting(input, scope, kind, options))
  return checks
}

/** Contacts and items that something needs always go along; with named documents only what they need does. */
function isWanted(
  { options }: Chosen,
  kind: ThingKind,
  row: KindRow,
  { books }: Pick<CheckScope, 'books'>,
): boolean {
  if (row.isLeftOut(books.settings)) return false
  if (kind === 'contact' || kind === 'item') return true
  if (options.documents !== null && !isDocumentKind(kind)) return false
  return options.only === null || options.only.includes(reportedAs[kind])
}

function planKind(kind: ThingKind, things: readonly PlannedThing[], books: Books): PlannedChunk[] {
  const size = Math.min(books.settings.chunk_size, kindTable[kind]?.callSizeMax ?? chunkSizeMax)
  return planChunks(kind, things, size)
}

async function checkWaiting(
  input: Chosen,
  scope: CheckScope,
  kind: ThingKind,
  options: CheckOptions,
  offered: ReadonlySet<string> = new Set(),
): Promise<KindCheck> {
  const row = kindTable[kind]
  if (!row || kind === 'contact' || !isWanted(input, kind, row, scope)) return nothingChecked
  const { from, to, isFutureAsked = false } = input.options
  const { cutover_date } = scope.books.settings
  const chosen = chosenIds(input, kind, scope)
  const ids = await findWaitingIds(input.ledger, {
    entity: scope.books.entity.code,
    kind,
    from: latest(from, cutover_date === 'none' ? null : cutover_date),
    to: to !== null && (to < scope.today || isFutureAsked) ? to : scope.today,
    ids: chosen,
  })
  const underived = scope.assumesPlanned ? ((await row.underived?.(scope)) ?? []) : []
  const isChosen = (id: string) => chosen === null || chosen.includes(id)
  const left = offered.size === 0 ? ids : ids.filter((id) => !offered.has(`${kind}/${id}`))
  return checkKind(row, scope, [...left, ...underived.filter(isChosen)], options)
}

/** Only these; null for all. With a narrower choice items go along where something that goes names them. */
function chosenIds(
  { options }: Chosen,
  kind: ThingKind,
  { neededItems }: Pick<CheckScope, 'neededItems'>,
): readonly string[] | null {
  if (isDocumentKind(kind)) return options.documents
  const isNarrower = options.documents !== null || options.only?.includes('item') === false
  return kind === 'item' && isNarrower ? [...neededItems] : null
}

function latest(one: PlainDate | null, other: PlainDate | null): PlainDate | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}

/** Sends chunks side by side, `calls_at_once` at a time. The first error stops what has not left yet, and is thrown. */
async function sendChunks(
  context: RunContext,
  row: KindRow,
  chunks: readonly PlannedChunk[],
  halt: Halt,
  sent: ChunkReport[],
): Promise<void> {
  const [first] = chunks
  if (!first) return
  const reports = new Map<number, ChunkReport>()
  refuseInterrupted(context.interrupt)
  const documents = chunks.reduce((count, chunk) => count + chunk.things.length, 0)
  context.progress({ event: 'sending', kind: reportedAs[first.kind], documents, chunks: chunks.length })
  const atOnce = pLimit(context.books.settings.calls_at_once)
  const errors: unknown[] = []
  await Promise.all(
    chunks.map((chunk) =>
      atOnce(async () => {
        if (context.interrupt.aborted) return
        try {
          const report = await sendChunk(context, row, chunk)
          if (report) reports.set(chunk.number, report)
        } catch (error) {
          errors.push(error)
          halt.stop()
        }
      }),
    ),
  )
  sent.push(...chunks.flatMap((chunk) => reports.get(chunk.number) ?? []))
  const bug = errors.find((error) => !(error instanceof AuxoError))
  if (bug !== undefined) throw bug
  if (errors.length > 0) throw errors[0]
  refuseInterrupted(context.interrupt)
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

interface Halt {
  signal: AbortSignal
  /** Lets calls in flight finish and no further one leave. */
  stop(): void
  release(): void
}

function haltOn(interrupt: AbortSignal): Halt {
  const controller = new AbortController()
  const stop = () => controller.abort()
  if (interrupt.aborted) stop()
  interrupt.addEventListener('abort', stop, { once: true })
  return { signal: controller.signal, stop, release: () => interrupt.removeEventListener('abort', stop) }
}
