// Rolling a run back (M6): what it posted is voided or deleted in Xero as far as that goes, children first, and held in the ledger. It
// lists the steps; they are rollback/. Every call is a chunk like any other: written down, attempted, settled, resolved.

import type { Books } from '../accounting/books.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { countOf, type ThingKind } from '../accounting/kinds.ts'
import { noCounts } from '../accounting/outcomes.ts'
import { findRegion } from '../accounting/regions.ts'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { readBooks } from '../ledger/books.ts'
import type { Connection } from '../ledger/connections.ts'
import { lastChunkOf, refuseCopy, type SentMark } from '../ledger/identity.ts'
import { type Holder, type Lease, whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChunks } from '../ledger/open-chunks.ts'
import { type ChangedThing, type PostedThing, readChanged, readPosted } from '../ledger/posted-things.ts'
import { recordEnded } from '../ledger/rolled-back.ts'
import { closeRun, countRunCalls, openRun, type StoredRun } from '../ledger/runs.ts'
import { readTakenOut } from '../ledger/taken-out.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { type RunContext, refuseInterrupted } from './context.ts'
import { noResolve, resolveOpenChunks } from './resolve.ts'
import { findUndoable, keyOf, plannedWith, summedBy } from './rollback/find-undoable.ts'
import { nothingPlanned } from './rollback/judge.ts'
import { keepReports } from './rollback/keep-reports.ts'
import { countedAs, type MoneyOfKind, moneyOf } from './rollback/money.ts'
import { keptByXero, stagesOf } from './rollback/stages.ts'
import { takeOut, withoutEarly } from './rollback/take-out.ts'
import { labelOf } from './rollback/undo-thing.ts'

export interface RollbackInput {
  ledger: Ledger
  gateway: XeroGateway
  entity: BillingEntity
  connection: Connection
  mark: SentMark
  holder: Holder
  clock: Clock
  uuid: () => string
  interrupt: AbortSignal
  progress: RunContext['progress']
  onRun: (runId: number) => void
  /** The run that is to be undone. */
  run: StoredRun
}

export interface UndoneThing {
  kind: ThingKind
  id: string
  number: string
}

export interface NotUndoneThing extends UndoneThing {
  why: string
  /** False for what Xero keeps whatever is done: nobody can do anything about it. */
  needsPerson: boolean
}

export interface RollbackReport {
  /** The run that was undone. */
  run: number
  /** The rollback's own run; null for a preview, which has none. */
  byRun: number | null
  entity: string
  organisation: string
  /** Taken out; of a preview, what would be. */
  undone: UndoneThing[]
  notUndone: NotUndoneThing[]
  money: MoneyOfKind[]
  /** From when it can be known what became of lost answers, ms by our clock; null where none is open. */
  settleFrom: number | null
}

export interface RollbackEnd {
  report: RollbackReport
  stopped: AuxoError | null
}

/** What a rollback would take out, as Xero has it now. Nothing is written and nothing sent. */
export async function previewRollback(input: RollbackInput): Promise<RollbackReport> {
  const { ledger, connection, run, interrupt } = input
  return whileLeased(ledger, connection.tenantId, input.holder, async () => {
    const report = emptyReport(input, null)
    const { free, kept } = await readRun(ledger, run)
    report.notUndone.push(...kept)
    let planned = nothingPlanned
    const going: PostedThing[] = []
    const gone = new Set<string>()
    for (const stage of stagesOf(free)) {
      refuseInterrupted(interrupt)
      const found = await findUndoable(input, stage, { planned, gone })
      planned = plannedWith(planned, found.undoable)
      const goes = [...found.undoable.map(({ posted }) => posted), ...found.ended]
      for (const thing of [...goes, ...(await summedBy(ledger, goes))]) gone.add(keyOf(thing))
      report.undone.push(...goes.map(told))
      going.push(...goes)
      report.notUndone.push(
        ...found.stays.map(({ thing, why }) => ({ ...told(thing), why, needsPerson: true })),
      )
    }
    report.money.push(...moneyOf(going, currencyOf(input)))
    return report
  })
}

/** Rolls the run back. AuxoErrors before anything was begun are thrown; later ones end it and stand in its end. */
export async function runRollback(input: RollbackInput): Promise<RollbackEnd> {
  const { ledger, connection } = input
  const books = await readBooks(ledger, input.entity, connection.tenantId)
  return whileLeased(ledger, connection.tenantId, input.holder, async (lease) => {
    await refuseCopy(ledger, input.mark, connection.tenantId)
    return liveRollback(input, books, lease)
  })
}

async function liveRollback(input: RollbackInput, books: Books, lease: Lease): Promise<RollbackEnd> {
  const { ledger, run } = input
  const context = await openContext(input, books, lease)
  const report = emptyReport(input, context.runId)
  const stays = new Map<string, NotUndoneThing>()
  let stopped: AuxoError | null = null
  let early: number | null = null
  try {
    await settleOpen(context, report)
    const { free, kept } = await readRun(ledger, run)
    for (const one of kept) stays.set(keyOf(one), one)
    for (const stage of stagesOf(free))
      early = later(early, await rollBackStage(context, run.id, stage, stays))
    await settleOpen(context, report)
    report.settleFrom = later(report.settleFrom, early)
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    stopped = error
  }
  await finishReport(context, report, [...stays.values()], stopped)
  return { report, stopped }
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

/**
 * One stage after the other: what Xero has is read once what stands on it is gone. Gives back from when what came too early can go, ms
 * by our clock; null where nothing did.
 */
async function rollBackStage(
  context: RunContext,
  run: number,
  stage: readonly PostedThing[],
  stays: Map<string, NotUndoneThing>,
): Promise<number | null> {
  refuseInterrupted(context.interrupt)
  const { ledger, runId } = context
  const found = await findUndoable(context, stage, { planned: nothingPlanned, gone: new Set() })
  const stay = (thing: PostedThing, why: string) =>
    stays.set(keyOf(thing), { ...told(thing), why, needsPerson: true })
  for (const { thing, why } of found.stays) stay(thing, why)
  await recordEnded(ledger, found.ended, { run, byRun: runId })
  const { free, early, from } = await withoutEarly(context, found.undoable)
  for (const { posted } of early) stay(posted, tooEarly)
  const [first] = free
  if (first) {
    const detail = `Taking ${countOf(free.length, first.posted.kind)} out of Xero`
    context.progress({ event: 'step', step: 'send', detail })
  }
  for (const { thing, why } of await takeOut(context, run, free)) stay(thing, why)
  // What stands on a document may be gone although its answer was lost.
  if ((await findOpenChunks(ledger, context.lease.tenantId)).length > 0) await resolveOpenChunks(context)
  return from
}

const tooEarly =
  'The answer to an earlier call about it was lost a few minutes ago, and Xero may still be working on that. Run the rollback again in some minutes.'

async function settleOpen(context: RunContext, report: RollbackReport): Promise<void> {
  refuseInterrupted(context.interrupt)
  const open = (await findOpenChunks(context.ledger, context.lease.tenantId)).length > 0
  const resolved = open ? await resolveOpenChunks(context) : noResolve()
  report.settleFrom = resolved.settleFrom
}

async function openContext(input: RollbackInput, books: Books, lease: Lease): Promise<RunContext> {
  const { ledger, gateway, connection, clock, uuid, mark, interrupt, progress, run } = input
  const own = await openRun(ledger, {
    entity: books.entity.code,
    tenantId: connection.tenantId,
    organisation: connection.organisation,
    verb: 'rollback',
    who: input.holder.who,
    rollsBack: run.id,
  })
  input.onRun(own.id)
  return {
    ledger,
    gateway,
    books,
    lease,
    mark,
    runId: own.id,
    chunksBefore: await lastChunkOf(ledger, lease.tenantId),
    clock,
    uuid,
    interrupt,
    counts: noCounts(),
    progress,
    stopped: new Map(),
    xeroTime: { aheadOfMonotonicMs: null },
  }
}

/** What is left to be taken out, and what never can be. */
async function readRun(
  ledger: Ledger,
  run: StoredRun,
): Promise<{ free: PostedThing[]; kept: NotUndoneThing[] }> {
  const posted = await readPosted(ledger, run.id)
  const kept = posted.flatMap((thing): NotUndoneThing[] => {
    const why = keptByXero(thing.kind)
    return why === null ? [] : [{ ...told(thing), why, needsPerson: false }]
  })
  const changed = await readChanged(ledger, run.id)
  return {
    free: posted.filter(({ kind }) => keptByXero(kind) === null),
    kept: [...kept, ...changed.map(notChangedBack)],
  }
}

const changes: Record<ChangedThing['operation'], string> = {
  update: 'changed',
  void: 'voided',
  delete: 'deleted',
}

function notChangedBack({ kind, id, number, operation }: ChangedThing): NotUndoneThing {
  const why = `The run ${changes[operation]} it and did not post it: what it was before is not brought back. Change it in the ledger if it should be otherwise.`
  return { kind, id, number: number ?? id, why, needsPerson: keptByXero(kind) === null }
}

/** The organisation's own. */
function currencyOf({ entity }: { entity: BillingEntity }): string | null {
  return findRegion(entity.region)?.currency ?? entity.baseCurrency
}

function told(thing: PostedThing): UndoneThing {
  return { kind: thing.kind, id: thing.id, number: labelOf(thing) }
}

function emptyReport({ run, entity, connection }: RollbackInput, byRun: number | null): RollbackReport {
  return {
    run: run.id,
    byRun,
    entity: entity.code,
    organisation: connection.organisation,
    undone: [],
    notUndone: [],
    money: [],
    settleFrom: null,
  }
}

/** What was taken out is what the ledger says, whoever found out that it was. */
async function finishReport(
  context: RunContext,
  report: RollbackReport,
  stays: readonly NotUndoneThing[],
  stopped: AuxoError | null,
): Promise<void> {
  const { ledger, gateway, runId, counts } = context
  const taken = await readTakenOut(ledger, runId)
  const isTaken = new Set(taken.map(keyOf))
  report.undone.push(...taken.map(({ kind, id, number }) => ({ kind, id, number: number ?? id })))
  report.notUndone.push(...stays.filter((one) => !isTaken.has(keyOf(one))))
  report.money.push(...moneyOf(taken, currencyOf(context.books)))
  for (const thing of taken) counts[countedAs(thing)].updated += 1
  const left = report.notUndone.some(({ needsPerson }) => needsPerson)
  const done = `${report.undone.length} taken out, ${report.notUndone.length} not.`
  await closeRun(ledger, runId, {
    state: stopped ? 'stopped' : left ? 'partial' : taken.length > 0 ? 'sent' : 'nothing',
    kinds: counts,
    calls: { ...(await countRunCalls(ledger, runId)), dayLeft: gateway.limits().dayLeft },
    reason: `Run ${report.run} rolled back: ${done}${stopped ? ` ${stopped.message}` : ''}`,
  })
  await keepReports(ledger, report)
}
