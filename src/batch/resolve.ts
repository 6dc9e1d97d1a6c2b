// Settles what a lost answer left open (Exactly once, 5): Xero is asked what it has, and only a look-up decides. Found
// and ours: exported. Not found in a complete read that is late enough: pending again. Anything else stays uncertain.

import type { Finding } from '../accounting/findings.ts'
import {
  kindNames,
  type Operation,
  type ReportedKind,
  reportedAs,
  type ThingKind,
} from '../accounting/kinds.ts'
import { returnChunk } from '../ledger/chunks.ts'
import {
  closeChunk,
  findOpenChunks,
  type OpenChunk,
  type Resolution,
  resolveChunk,
} from '../ledger/open-chunks.ts'
import { findTakenXeroIds, readXeroIds } from '../ledger/things.ts'
import type { Channel, Found, LookUp } from './channels/channel.ts'
import { channelOf } from './channels/channel-table.ts'
import { clockOffset, type RunContext, refuseInterrupted } from './context.ts'

/** How far before the first send the look-up reads: clocks differ, and Xero's feed is accurate to the second. */
const lookBackMs = 10 * 60_000

export interface ResolveReport {
  /** Things that are still uncertain and that time settles. */
  waiting: number
  /** Things that only a person can settle. */
  needsPerson: number
  /** From when a look-up can settle what waits, ms by our clock; null where nothing waits. */
  settleFrom: number | null
  /** Found in Xero, and so exported or changed after all. */
  adopted: Partial<Record<ReportedKind, number>>
  updated: Partial<Record<ReportedKind, number>>
  returned: number
}

export function noResolve(): ResolveReport {
  return { waiting: 0, needsPerson: 0, settleFrom: null, adopted: {}, updated: {}, returned: 0 }
}

/** Resolves every open chunk of the organisation, whichever run or entity sent it. AuxoError where Xero cannot be asked. */
export async function resolveOpenChunks(context: RunContext): Promise<ResolveReport> {
  const report = noResolve()
  const open: OpenChunk[] = []
  for (const chunk of await findOpenChunks(context.ledger, context.lease.tenantId)) {
    if (chunk.state === 'prepared' && chunk.unknownAttempts === 0) {
      // Written down and never sent.
      await returnChunk(context.ledger, chunk.id)
      report.returned += chunk.things.length
    } else {
      await closeChunk(context.ledger, chunk.id)
      open.push(chunk)
    }
  }
  for (const [channel, operation] of ways(open)) {
    refuseInterrupted(context.interrupt)
    const chunks = open.filter((chunk) => chunk.channel === channel && isSameWay(chunk.operation, operation))
    await resolveChannel(context, channelOf(channel), chunks, report)
  }
  return report
}

/** Creations are looked for among what changed; everything else is read by its id. */
function ways(open: readonly OpenChunk[]): [channel: string, operation: Operation][] {
  const seen = new Map<string, [string, Operation]>()
  for (const { channel, operation } of open) {
    seen.set(`${channel} ${operation === 'create'}`, [channel, operation])
  }
  return [...seen.values()]
}

function isSameWay(one: Operation, other: Operation): boolean {
  return (one === 'create') === (other === 'create')
}

async function resolveChannel(
  context: RunContext,
  channel: Channel,
  chunks: readonly OpenChunk[],
  report: ResolveReport,
): Promise<void> {
  const [first] = chunks
  if (!first) return
  const things = chunks.reduce((count, chunk) => count + chunk.things.length, 0)
  const { one, many } = kindNames[first.kind]
  context.progress({
    event: 'step',
    step: 'resolve',
    detail: `Asking Xero about ${things} ${things === 1 ? one : many} whose answer was lost`,
  })
  if (first.operation !== 'create') {
    for (const chunk of chunks) await resolveChange(context, channel, chunk, report)
    return
  }
  const { found, serverTime } = await lookUp(context, channel, chunks)
  const taken = await findTakenXeroIds(
    context.ledger,
    found.map((one) => one.xeroId),
  )
  let candidates = found.filter((one) => !taken.has(one.xeroId))
  for (const chunk of chunks) {
    const decided = decide(channel, chunk, candidates, {
      serverTime,
      settleWindowMs: chunk.settleWindowMs,
    })
    const adopted = new Set(
      decided.resolutions.flatMap((one) => (one.outcome === 'exported' ? [one.xeroId] : [])),
    )
    candidates = candidates.filter((one) => !adopted.has(one.xeroId))
    await recordDecision(context, chunk, decided, serverTime, report)
  }
}

function lookUp(context: RunContext, channel: Channel, chunks: readonly OpenChunk[]): Promise<LookUp> {
  const sentAt = Math.min(...chunks.map((chunk) => (chunk.firstSentAt ?? 0) + chunk.clockOffsetMs))
  // What another copy of the ledger sent (E13) is looked for from the beginning.
  const since = Math.max(0, sentAt - lookBackMs)
  const facts = chunks.flatMap((chunk) => chunk.things.map((thing) => thing.facts))
  return channel.lookUp(context.gateway, since, facts)
}

async function recordDecision(
  context: RunContext,
  chunk: OpenChunk,
  decided: Decision,
  serverTime: number,
  report: ResolveReport,
): Promise<void> {
  await resolveChunk(context.ledger, chunk.id, context.runId, decided.resolutions, decided.findings)
  // Told by our own clock as it is now: it may have stepped since the attempt.
  const windowMs = chunk.clockOffsetMs - (serverTime - context.clock.now()) + chunk.settleWindowMs
  tell(report, chunk, decided, windowMs, context.books.entity.code)
}

interface Decision {
  resolutions: Resolution[]
  findings: Finding[]
  waiting: number
}

/** What the look-up says of each thing of a chunk that creates. Pure. */
export function decide(
  channel: Pick<Channel, 'foundBy' | 'recognise' | 'labelOf' | 'factsOf'>,
  chunk: Pick<OpenChunk, 'kind' | 'things' | 'lastEndedAt' | 'clockOffsetMs' | 'knownIds'>,
  candidates: readonly Found[],
  time: { serverTime: number; settleWindowMs: number },
): Decision {
  // Xero may be storing until the window after the last attempt's end has passed, on Xero's own clock.
  const isLate = time.serverTime >= (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + time.settleWindowMs
  const decision: Decision = { resolutions: [], findings: [], waiting: 0 }
  // One of Xero's is one of ours: what was found for a thing is no candidate for the next. What was there before the call
  // is not of it.
  const known = new Set(chunk.knownIds)
  const free = new Set(candidates.filter((found) => !known.has(found.xeroId)))
  // What is ours first, of all things: a look-alike of one may be another.
  const left: (typeof chunk.things)[number][] = []
  for (const thing of chunk.things) {
    const { facts } = thing
    const ours = [...free].filter((found) => channel.recognise(facts, found) === 'ours')
    const [first] = ours
    // Without a marker, things that each of these could be need not be told apart: k found of n are k of them (Exactly once, 5).
    const twins = chunk.things.filter((other) =>
      ours.every((found) => channel.recognise(other.facts, found) === 'ours'),
    ).length
    if (!first || ours.length > (channel.foundBy === 'new-id' ? twins : 1)) {
      left.push(thing)
      continue
    }
    free.delete(first)
    // Without one, too, it may be a person's while ours is still on its way: then there are more than we sent, later.
    if (channel.foundBy === 'new-id' && !isLate) decision.waiting += 1
    else decision.resolutions.push(adopted(channel, thing, first))
  }
  for (const { position, sourceId, facts } of left) {
    const lookAlike = [...free].find((found) => channel.recognise(facts, found) !== 'other')
    if (lookAlike)
      decision.findings.push(lookAlikeFinding(chunk.kind, sourceId, channel.labelOf(facts), lookAlike))
    else if (isLate) decision.resolutions.push({ position, outcome: 'returned' })
    else decision.waiting += 1
  }
  return decision
}

function adopted(
  channel: Pick<Channel, 'factsOf'>,
  { position, facts }: { position: number; facts: string },
  found: Found,
): Resolution {
  const { xeroId, number, status } = found
  return {
    position,
    outcome: 'exported',
    xeroId,
    xeroNumber: number,
    xeroStatus: status,
    findings: [],
    ...(channel.factsOf ? { facts: channel.factsOf(facts, found) } : {}),
  }
}

/**
 * What became of an update, void or deletion: read by id. As it was wanted, it arrived; otherwise, once Xero cannot be storing it
 * any more, it is offered again. Sending a change twice by id changes nothing twice.
 */
async function resolveChange(
  context: RunContext,
  channel: Channel,
  chunk: OpenChunk,
  report: ResolveReport,
): Promise<void> {
  const decision: Decision = { resolutions: [], findings: [], waiting: 0 }
  const { read, serverTime } = await readBack(context, channel, chunk)
  const isLate = serverTime >= (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + chunk.settleWindowMs
  for (const { position, facts, found } of read) {
    const isDone = found && (chunk.operation === 'update' ? channel.agrees(facts, found) : isEnded(found))
    if (found && isDone) decision.resolutions.push(adopted(channel, { position, facts }, found))
    else if (isLate) decision.resolutions.push({ position, outcome: 'returned' })
    else decision.waiting += 1
  }
  await recordDecision(context, chunk, decision, serverTime, report)
}

function isEnded({ status }: Found): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

interface ReadBack {
  read: { position: number; facts: string; found: Found | null }[]
  /** Xero's clock at the first answer: of the time after it nothing is known. */
  serverTime: number
}

async function readBack(
  context: RunContext,
  channel: Channel,
  { things, operation }: OpenChunk,
): Promise<ReadBack> {
  const { gateway, clock } = context
  const ids = await readXeroIds(context.ledger, things)
  const now = clock.now() + clockOffset(context)
  if (channel.findByIds && ids.size > 0) {
    const { found, serverTime } = await channel.findByIds(gateway, [...ids.values()])
    const byId = new Map(found.map((one) => [one.xeroId, one]))
    const read = things.map(({ position, sourceId, facts }) => {
      return { position, facts, found: byId.get(ids.get(sourceId) ?? '') ?? null }
    })
    return { read, serverTime }
  }
  const read: ReadBack['read'] = []
  let answeredAt: number | null = null
  for (const { position, sourceId, facts } of things) {
    const xeroId = ids.get(sourceId)
    const found = xeroId ? await findEnded(context, channel, operation, { xeroId, facts }) : null
    answeredAt ??= gateway.answeredAt()
    read.push({ position, facts, found })
  }
  return { read, serverTime: answeredAt ?? now }
}

/** By its id; what leaves nothing behind counts as deleted where that is certain, and as not found where it still stands. */
async function findEnded(
  { gateway }: RunContext,
  channel: Channel,
  operation: Operation,
  { xeroId, facts }: { xeroId: string; facts: string },
): Promise<Found | null> {
  if (operation !== 'delete' || !channel.isGone) return channel.findById(gateway, xeroId, facts)
  const isGone = await channel.isGone(gateway, facts)
  return isGone ? { xeroId, number: null, status: 'DELETED', row: null } : null
}

/** Where a thing is counted, by the way on which it went: a deposit may be a payment, a prepayment or an allocation. */
function reportedOn({ kind, channel }: OpenChunk, facts: string): ReportedKind {
  if (channel.endsWith('_allocations')) return 'allocation'
  if (channel === 'bank_transactions') {
    const { type } = JSON.parse(facts) as { type?: string } // of a receipt
    return type?.endsWith('OVERPAYMENT') ? 'overpayment' : 'prepayment'
  }
  if (kind === 'receipt' && channel === 'manual_journals') return 'journal'
  return kind === 'journal' && channel === 'payments' ? 'payment' : reportedAs[kind]
}

function tell(
  report: ResolveReport,
  chunk: OpenChunk,
  decision: Decision,
  windowMs: number,
  entity: string,
): void {
  const counts = chunk.operation === 'create' ? report.adopted : report.updated
  for (const resolution of decision.resolutions) {
    // What another entity sent is settled all the same, and is not of this one's report.
    if (resolution.outcome !== 'exported' || chunk.entity !== entity) continue
    const thing = chunk.things.find(({ position }) => position === resolution.position)
    const kind = reportedOn(chunk, thing?.facts ?? '{}')
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  report.returned += decision.resolutions.filter((one) => one.outcome === 'returned').length
  report.needsPerson += decision.findings.length
  report.waiting += decision.waiting
  if (decision.waiting > 0) {
    report.settleFrom = Math.max(report.settleFrom ?? 0, (chunk.lastEndedAt ?? 0) + windowMs)
  }
}

export function lookAlikeFinding(kind: ThingKind, id: string, label: string, found: Found): Finding {
  const reference = kind === 'invoice' ? label : `${kind}:${id}`
  return {
    kind,
    id,
    number: label,
    code: 'look-alike-in-xero',
    severity: 'error',
    field: null,
    message: `Nobody knows what became of ${label}: no answer is recorded, and Xero has something like it that does not agree with it.`,
    why: 'It may be ours and changed since, or a person may have entered it. auxo-sync does not guess.',
    fix: `Open it in Xero. If it is this one: auxo-sync settle ${reference} --xero-id ${found.xeroId}. If it is not: auxo-sync settle ${reference} --not-there`,
    xeroMessages: [],
  }
}
