// What happens during a run and what it came to: the counts, chunks and failures that a report tells. The shapes are those
// of the public JSON of `export` (cli.md), money as text with two decimals.

import type { Finding } from './findings.ts'
import { type ReportedKind, reportedKinds, type ThingKind } from './kinds.ts'

/** How the things of one kind fared. `remaining` is what still waits to be sent after the run. */
export interface KindCounts {
  exported: number
  updated: number
  failed: number
  skipped: number
  uncertain: number
  remaining: number
}

export interface ChunkReport {
  kind: ReportedKind
  number: number
  of: number
  documents: number
}

export interface CallCounts {
  made: number
  minuteLeft: number | null
  dayLeft: number | null
  bytesOut: number
  bytesIn: number
}

export interface RunReport {
  id: number
  verb: 'export' | 'pull'
  entity: string
  organisation: { tenantId: string; name: string }
  /** When the organisation's books were read against which all was checked (ISO UTC); null where they never were. */
  mirror: { readAt: string } | null
  state: 'sent' | 'partial' | 'nothing' | 'stopped' | 'failed'
  startedAt: string
  finishedAt: string
  dryRun: boolean
  /** Only on a rehearsal: it was played against a copy and a sandbox, and nothing of it is in Xero (T2). */
  rehearsal?: true
  kinds: Record<ReportedKind, KindCounts>
  pulled: PulledCounts
  /** False where Xero was not asked what happened there (--no-pull, a dry run). */
  isPulled: boolean
  chunks: ChunkReport[]
  failures: Finding[]
  waiting: { futureDated: number; held: number; uncertain: number }
  calls: CallCounts
  /** Why the run stopped early, as a sentence; null where it did not. */
  stopReason: string | null
  /** From when a run can settle the uncertain outcomes (ISO UTC); null where there are none that time settles. */
  settleFrom: string | null
  /** Only on a dry run: what would be sent. */
  plan: PlanReport | null
  warnings: string[]
}

/** What came back from Xero: how many of each were new, or changed. */
export interface PulledCounts {
  payments: number
  deletedPayments: number
  overpayments: number
  prepayments: number
  allocations: number
  removedAllocations: number
  refunds: number
  contacts: number
  adjustments: number
  /** Items that came into the ledger, or followed a change in Xero. */
  items: number
  /** Kept as records: manual ones of people, and those that Xero generated. */
  journals: number
}

export interface PlanReport {
  kinds: {
    kind: ReportedKind
    documents: number
    chunks: number
    totals: { currency: string; total: string }[]
  }[]
  callsNeeded: number
  /** Where the API itself asks for many calls, why (allocations: one for each credit). */
  notes: string[]
  bytesNeeded: number
  minutesNeeded: number
  dayLeft: number | null
}

export function noCounts(): Record<ReportedKind, KindCounts> {
  const none = (): KindCounts => ({
    exported: 0,
    updated: 0,
    failed: 0,
    skipped: 0,
    uncertain: 0,
    remaining: 0,
  })
  // Every kind of the closed list gets its own row.
  return Object.fromEntries(reportedKinds.map((kind) => [kind, none()])) as Record<ReportedKind, KindCounts>
}

export function nothingPulled(): PulledCounts {
  return {
    payments: 0,
    deletedPayments: 0,
    overpayments: 0,
    prepayments: 0,
    allocations: 0,
    removedAllocations: 0,
    refunds: 0,
    contacts: 0,
    adjustments: 0,
    items: 0,
    journals: 0,
  }
}

/** What happens during a run, as it happens, for a progress bar or a log. */
export type Progress =
  | { event: 'step'; step: 'resolve' | 'pull' | 'check' | 'send' | 'wait'; detail: string }
  | { event: 'checked'; kind: ThingKind; done: number; total: number }
  | { event: 'sending'; kind: ReportedKind; documents: number; chunks: number }
  | {
      event: 'chunk'
      kind: ReportedKind
      number: number
      of: number
      documents: number
      exported: number
      failed: number
      uncertain: number
    }
