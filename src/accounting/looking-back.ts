// What reports and the dashboard tell of the past: money sent, money paid, what is owed and how late, what is not in Xero and why.
// Amounts are whole cents of the currency beside them. Who reads it is ledger/, who tells it reporting/.

import type { PlainDate } from './calendar.ts'
import type { DocumentKind, DocumentStatus, ExportState, Operation, ReportedKind } from './kinds.ts'
import type { RunReport } from './outcomes.ts'

/** What a run did in Xero: things of a kind, with their money where they have any. */
export interface SentMoney {
  kind: ReportedKind
  operation: Operation
  things: number
  /** Null for things without money: contacts, files. */
  currency: string | null
  totalCents: number
}

/** Money of a day in one currency; discounts are no money, deleted payments never were. */
export interface DayMoney {
  date: PlainDate
  currency: string
  inCents: number
  outCents: number
}

export type BooksSide = 'sales' | 'purchases'

/** Days after the due date: not yet due, then by thirties. */
export const ageingBuckets = ['current', 'days30', 'days60', 'days90', 'older'] as const
export type AgeingBucket = (typeof ageingBuckets)[number]

export const bucketNames: Record<AgeingBucket, string> = {
  current: 'Not due yet',
  days30: '1–30 days',
  days60: '31–60 days',
  days90: '61–90 days',
  older: 'Over 90 days',
}

/** What one contact owes, or is owed, in one currency. */
export type AgeingRow = Record<AgeingBucket, number> & {
  contact: string | null
  name: string | null
  currency: string
  /** Credits, deposits and overpayments that stand against no document: below zero. */
  unapplied: number
  total: number
}

export interface Ageing {
  side: BooksSide
  asOf: PlainDate
  /** The largest first, currency by currency. */
  rows: readonly AgeingRow[]
}

/** Sums of ageing rows, for each currency in the order in which they come. */
export function ageingTotals(rows: readonly AgeingRow[]): AgeingRow[] {
  const totals = new Map<string, AgeingRow>()
  for (const row of rows) {
    const sum = totals.get(row.currency) ?? emptyRow(row.currency)
    for (const column of [...ageingBuckets, 'unapplied', 'total'] as const) sum[column] += row[column]
    totals.set(row.currency, sum)
  }
  return [...totals.values()]
}

function emptyRow(currency: string): AgeingRow {
  const none = { current: 0, days30: 0, days60: 0, days90: 0, older: 0, unapplied: 0, total: 0 }
  return { contact: null, name: null, currency, ...none }
}

/** Documents of a kind dated within a month. */
export interface KindMoney {
  kind: DocumentKind
  currency: string
  documents: number
  netCents: number
  taxCents: number
  totalCents: number
}

/** A document that should go to Xero and is not there. */
export interface NotInXero {
  kind: DocumentKind
  id: string
  number: string
  contact: string | null
  date: PlainDate
  currency: string
  totalCents: number
  state: ExportState
  /** A sentence: the first error, the person's reason, or what it waits for. */
  why: string
}

/** What a person changed of a document's total in Xero (I9). */
export interface AdjustedDocument {
  kind: DocumentKind
  id: string
  number: string
  /** ISO UTC. */
  at: string
  currency: string
  amountCents: number
  reason: string
}

/** A run as a line of a list. */
export interface RunLine {
  id: number
  entity: string
  verb: string
  startedAt: string
  state: RunReport['state'] | 'running'
  kinds: Partial<RunReport['kinds']>
  calls: number
  who: string
}

/** A month of one entity, as it is known today. */
export interface MonthReport {
  entity: string
  name: string
  organisation: string | null
  /** YYYY-MM */
  month: string
  from: PlainDate
  to: PlainDate
  /** The month's last day, or today where that has not come yet: the ageing is of this day. */
  asOf: PlainDate
  documents: readonly KindMoney[]
  paid: readonly DayMoney[]
  receivable: Ageing
  payable: Ageing
  notInXero: readonly NotInXero[]
  adjustments: readonly AdjustedDocument[]
  runs: readonly RunLine[]
  /** When the organisation was read last, ISO UTC; null where it never was. */
  mirrorReadAt: string | null
}

/** A run as it was told, with what it did in money. */
export interface RunStory {
  report: RunReport
  /** `export`, `pull`, or another command that was a run. */
  verb: string
  who: string
  sent: readonly SentMoney[]
  /** Of the days up to that of the run. */
  paid: readonly DayMoney[]
  paidDays: { from: PlainDate; to: PlainDate }
  /** True where the run kept no report of its own, and failures mended since are missing. */
  isRebuilt: boolean
}

/** Money by currency, in the order in which they come. */
export function paidByCurrency(days: readonly DayMoney[]): Omit<DayMoney, 'date'>[] {
  const sums = new Map<string, Omit<DayMoney, 'date'>>()
  for (const { currency, inCents, outCents } of days) {
    const sum = sums.get(currency) ?? { currency, inCents: 0, outCents: 0 }
    sums.set(currency, {
      currency,
      inCents: sum.inCents + inCents,
      outCents: sum.outCents + outCents,
    })
  }
  return [...sums.values()]
}

export const documentSorts = ['date', 'number', 'contact', 'total'] as const
export type DocumentSort = (typeof documentSorts)[number]

/** A document as a line of a list. */
export interface ListedDocument {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  contact: string | null
  status: DocumentStatus
  date: PlainDate
  dueDate: PlainDate | null
  /** Empty: that of its entity's region. */
  currency: string
  totalCents: number
  dueCents: number
  balance: 'unpaid' | 'part-paid' | 'paid'
  /** Null where it was never queued. */
  state: ExportState | null
}

/** Balances at the ends of months, in cents of one currency, debits above zero. */
export interface AccountHistory {
  currency: string
  /** YYYY-MM, the oldest first. */
  months: readonly string[]
  /** By Xero's code; `type` is its class there, such as REVENUE, empty where Xero has no such account. */
  accounts: readonly { account: string; name: string; type: string; balances: readonly number[] }[]
  /** Documents in foreign currency without a rate: they count for nothing. */
  unrated: number
}
