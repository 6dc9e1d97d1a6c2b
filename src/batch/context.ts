// What the steps of a run share: the open ledger and gateway, the books, the lease, and the running account of what has
// happened. Made once by run.ts and handed from step to step.

import type { Books } from '../accounting/books.ts'
import type { ReportedKind, ThingKind } from '../accounting/kinds.ts'
import type { KindCounts, Progress } from '../accounting/outcomes.ts'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import type { SentMark } from '../ledger/identity.ts'
import type { Lease } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import type { XeroGateway } from '../xero/gateway.ts'

export interface RunContext {
  readonly ledger: Ledger
  readonly gateway: XeroGateway
  readonly books: Books
  readonly lease: Lease
  readonly mark: SentMark
  readonly runId: number
  /** The last chunk that was written down before this round of the run. */
  readonly chunksBefore: number
  readonly clock: Clock
  readonly uuid: () => string
  /** Aborted when a person or the system asks to stop: calls in flight are finished, no further one leaves. */
  readonly interrupt: AbortSignal
  readonly counts: Record<ReportedKind, KindCounts>
  readonly progress: (progress: Progress) => void
  /** Kinds that were stopped in this run, with the reason: a plan limit, calls refused whole. */
  readonly stopped: Map<ThingKind, string>
  readonly xeroTime: XeroTime
}

/** Throws `interrupted` where the run was asked to stop: looked at before each step, so that nothing more is begun or told. */
export function refuseInterrupted(interrupt: AbortSignal): void {
  if (interrupt.aborted)
    throw new AuxoError('interrupted', 'The run was interrupted; what was sent is recorded.')
}

/** Xero's clock against our monotonic one, so that no step of the wall clock moves it. Shared by all copies of a context. */
export interface XeroTime {
  /** ms since 1970 by Xero's last answer, less our monotonic time then; null before the first answer. */
  aheadOfMonotonicMs: number | null
}

export function noteXeroTime(xeroTime: XeroTime, clock: Clock, serverTime: number): void {
  xeroTime.aheadOfMonotonicMs = serverTime - clock.monotonicMs()
}

/** Xero's clock less our wall clock as both are now, in ms; 0 while Xero's is not known. */
export function clockOffset({ xeroTime, clock }: Pick<RunContext, 'xeroTime' | 'clock'>): number {
  const { aheadOfMonotonicMs } = xeroTime
  return aheadOfMonotonicMs === null ? 0 : Math.round(aheadOfMonotonicMs + clock.monotonicMs() - clock.now())
}

/**
 * Whether this very round made it, so that nobody can have put anything on it since: by the first answer, and not found in Xero
 * minutes after a lost one.
 */
export function isJustMade(
  { chunksBefore }: Pick<RunContext, 'chunksBefore'>,
  made: { createdIn: number | null } | null,
): boolean {
  return made !== null && made.createdIn !== null && made.createdIn > chunksBefore
}
