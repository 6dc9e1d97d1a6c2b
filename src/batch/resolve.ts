// Settles what a lost answer left open (Exactly once, 5): Xero is asked what it has, and only a look-up decides. Found
// and ours: exported. Not found in a complete read that is late enough: pending again. Anything else stays uncertain.

import type { Finding } from '../accounting/findings.ts'
import { countOf, type ExportedKind } from '../accounting/kinds.ts'
import { returnChunk } from '../ledger/chunks.ts'
import {
  closeChunk,
  findOpenChunks,
  type OpenChunk,
  type Resolution,
  resolveChunk,
} from '../ledger/open-chunks.ts'
import { findTakenXeroIds } from '../ledger/things.ts'
import type { RunContext } from './context.ts'
import type { Found, KindRow } from './kind-row.ts'
import { kindTable } from './kinds.ts'

/** How far before the first send the look-up reads: clocks differ, and Xero's feed is accurate to the second. */
const lookBackMs = 10 * 60_000

export interface ResolveReport {
  /** Things that are still uncertain and that time settles. */
  waiting: number
  /** Things that only a person can settle. */
  needsPerson: number
  /** From when a look-up can settle what waits, ms by our clock; null where nothing waits. */
  settleFrom: number | null
  adopted: Partial<Record<ExportedKind, number>>
  returned: number
}

/** Resolves every open chunk of the organisation, whichever run or entity sent it. AuxoError where Xero cannot be asked. */
export async function resolveOpenChunks(context: RunContext): Promise<ResolveReport> {
  const report: ResolveReport = { waiting: 0, needsPerson: 0, settleFrom: null, adopted: {}, returned: 0 }
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
  for (const kind of new Set(open.map((chunk) => chunk.kind))) {
    await resolveKind(
      context,
      kindTable[kind],
      open.filter((chunk) => chunk.kind === kind),
      report,
    )
  }
  return report
}

async function resolveKind(
  context: RunContext,
  kind: KindRow,
  chunks: readonly OpenChunk[],
  report: ResolveReport,
): Promise<void> {
  const things = chunks.reduce((count, chunk) => count + chunk.things.length, 0)
  context.progress({
    event: 'step',
    step: 'resolve',
    detail: `Asking Xero about ${countOf(things, kind.kind)} whose answer was lost`,
  })
  const since =
    Math.min(...chunks.map((chunk) => (chunk.firstSentAt ?? 0) + chunk.clockOffsetMs)) - lookBackMs
  const { found, serverTime } = await kind.lookUp(context.gateway, since)
  const taken = await findTakenXeroIds(
    context.ledger,
    found.map((one) => one.xeroId),
  )
  let candidates = found.filter((one) => !taken.has(one.xeroId))
  for (const chunk of chunks) {
    const decided = decide(kind, chunk, candidates, {
      serverTime,
      settleWindowMs: context.books.settings.settle_window,
    })
    const adopted = new Set(
      decided.resolutions.flatMap((one) => (one.outcome === 'exported' ? [one.xeroId] : [])),
    )
    candidates = candidates.filter((one) => !adopted.has(one.xeroId))
    await resolveChunk(context.ledger, chunk.id, context.runId, decided.resolutions, decided.findings)
    // Told by our own clock as it is now: it may have stepped since the attempt.
    const windowMs =
      chunk.clockOffsetMs - (serverTime - context.clock.now()) + context.books.settings.settle_window
    tell(report, chunk, decided, windowMs)
  }
}

interface Decision {
  resolutions: Resolution[]
  findings: Finding[]
  waiting: number
}

/** What the look-up says of each thing of a chunk. Pure. */
export function decide(
  kind: Pick<KindRow, 'kind' | 'recognise' | 'labelOf'>,
  chunk: Pick<OpenChunk, 'things' | 'lastEndedAt' | 'clockOffsetMs'>,
  candidates: readonly Found[],
  time: { serverTime: number; settleWindowMs: number },
): Decision {
  // Xero may be storing until the window after the last attempt's end has passed, on Xero's own clock.
  const isLate = time.serverTime >= (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + time.settleWindowMs
  const decision: Decision = { resolutions: [], findings: [], waiting: 0 }
  // One of Xero's is one of ours: what was found for a thing is no candidate for the next.
  const free = new Set(candidates)
  for (const { position, sourceId, facts } of chunk.things) {
    const ours = [...free].filter((found) => kind.recognise(facts, found) === 'ours')
    const [only, second] = ours
    if (only && !second) {
      free.delete(only)
      decision.resolutions.push({
        position,
        outcome: 'exported',
        xeroId: only.xeroId,
        xeroNumber: only.number,
        xeroStatus: only.status,
        findings: [],
      })
      continue
    }
    const lookAlike = only ?? [...free].find((found) => kind.recognise(facts, found) === 'look-alike')
    if (lookAlike)
      decision.findings.push(lookAlikeFinding(kind.kind, sourceId, kind.labelOf(facts), lookAlike))
    else if (isLate) decision.resolutions.push({ position, outcome: 'returned' })
    else decision.waiting += 1
  }
  return decision
}

function tell(report: ResolveReport, chunk: OpenChunk, decision: Decision, windowMs: number): void {
  const adopted = decision.resolutions.filter((one) => one.outcome === 'exported').length
  report.adopted[chunk.kind] = (report.adopted[chunk.kind] ?? 0) + adopted
  report.returned += decision.resolutions.filter((one) => one.outcome === 'returned').length
  report.needsPerson += decision.findings.length
  report.waiting += decision.waiting
  if (decision.waiting > 0) {
    report.settleFrom = Math.max(report.settleFrom ?? 0, (chunk.lastEndedAt ?? 0) + windowMs)
  }
}

function lookAlikeFinding(kind: ExportedKind, id: string, label: string, found: Found): Finding {
  const reference = kind === 'contact' ? `contact:${id}` : label
  return {
    kind,
    id,
    number: label,
    code: 'look-alike-in-xero',
    severity: 'error',
    field: null,
    message: `The answer for ${label} was lost, and Xero has something of that name or number that does not agree with it.`,
    why: 'It may be ours and changed since, or a person may have entered it. auxo-sync does not guess.',
    fix: `Open it in Xero. If it is this one: auxo-sync settle ${reference} --xero-id ${found.xeroId}. If it is not: auxo-sync settle ${reference} --not-there`,
    xeroMessages: [],
  }
}
