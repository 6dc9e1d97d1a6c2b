// The ledger held against Xero (V4): what stands on both sides of a document, what was found of it, and the sums. The shape of
// reports and of the JSON. Who compares is batch/reconcile.ts, who tells it reporting/.

import type { PlainDate } from './calendar.ts'
import type { DocumentKind } from './kinds.ts'
import { type Cents, cents, zeroCents } from './money.ts'

/** Cents of the document's currency. */
export interface Figures {
  total: Cents
  paid: Cents
  credited: Cents
  due: Cents
}

export interface LedgerFigures extends Figures {
  /** draft, sent or void. */
  status: string
  state: 'unpaid' | 'part-paid' | 'paid'
  /** What Xero changed of the total, as the last pull recorded it (I9). */
  adjusted: Cents
}

export interface XeroFigures extends Figures {
  id: string
  number: string | null
  date: PlainDate | null
  /** AUTHORISED, PAID, VOIDED … */
  status: string
  /** Xero's pages of it; null without a short code. */
  link: string | null
}

export const problemCodes = [
  'missing-in-xero',
  'missing-in-ledger',
  'twice-in-xero',
  'linked-twice',
  'total-differs',
  'currency-differs',
  'due-differs',
  'voided-in-xero',
  'deleted-in-xero',
  'voided-in-ledger',
  'draft-in-ledger',
  'not-approved',
  'date-differs',
  'number-differs',
  'number-in-use',
  'number-duplicate',
  'not-linked',
  'other-organisation',
  'uncertain',
  'failed',
  'waits',
  'held',
  'mock-exported',
  'not-sent',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** What was found of one document. Texts are whole sentences. */
export type Verdict =
  | { result: 'agrees' }
  | { result: 'problem'; code: ProblemCode; text: string; fix: string }
  | { result: 'not_compared'; why: string }

export interface ReconciledDocument {
  entity: string
  kind: DocumentKind
  /** Of the ledger; null where it has none. */
  id: string | null
  number: string
  contact: string | null
  date: PlainDate | null
  currency: string
  ledger: LedgerFigures | null
  xero: XeroFigures | null
  /** The ledger less Xero: of the total, and where the totals agree of what is due. */
  variance: Cents
  verdict: Verdict
}

/** A document that people made in Xero: no concern of the ledger's, and told apart. */
export interface ForeignDocument extends Omit<XeroFigures, 'paid' | 'credited'> {
  kind: DocumentKind
  contact: string | null
  currency: string
}

/** Of one kind in one currency: the documents that were compared. */
export interface KindTotal {
  kind: DocumentKind
  currency: string
  ledger: Figures & { documents: number }
  xero: Figures & { documents: number }
  /** Of the totals: the ledger less Xero. */
  variance: Cents
}

/** What the month moved on an account, in cents of the organisation's currency, debits above zero. */
export interface AccountTotal {
  /** Xero's code. */
  account: string
  name: string
  /** Stock on hand or work in progress: those are always told. */
  isStock: boolean
  ledger: Cents
  /** Null where Xero's balances were not read. */
  xero: Cents | null
  variance: Cents | null
}

/** What was found in one organisation. */
export interface OrganisationReconciliation {
  organisation: string
  /** Codes of the entities that were asked for. */
  entities: readonly string[]
  documents: readonly ReconciledDocument[]
  onlyInXero: readonly ForeignDocument[]
  accounts: readonly AccountTotal[]
  /** Why the accounts were not compared; null where they were. */
  accountsNotCompared: string | null
  /** What a reader has to know of it, a sentence each. */
  notes: readonly string[]
  /** Drafts, which are nobody's business yet. */
  drafts: number
  /** ms since 1970. */
  readAt: number
  /** When what happened in Xero came into the ledger last; null before the first time. */
  pulledAt: number | null
  /** When accounts and settings of the organisation were read last. */
  mirrorReadAt: number | null
  /** Calls that count against the organisation's limits. */
  calls: number
}

export interface Reconciliation {
  /** YYYY-MM */
  month: string
  organisations: readonly OrganisationReconciliation[]
}

export interface ReconciliationCounts {
  documents: number
  agree: number
  problems: number
  notCompared: number
  onlyInXero: number
}

export function countReconciled({ organisations }: Reconciliation): ReconciliationCounts {
  const documents = organisations.flatMap((one) => one.documents)
  const of = (result: Verdict['result']) =>
    documents.filter(({ verdict }) => verdict.result === result).length
  return {
    documents: documents.length,
    agree: of('agrees'),
    problems: of('problem'),
    notCompared: of('not_compared'),
    onlyInXero: organisations.reduce((sum, one) => sum + one.onlyInXero.length, 0),
  }
}

/** Statuses after which a document counts for nothing in Xero. */
export function isEnded(status: string): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

const nothing: Figures = { total: zeroCents, paid: zeroCents, credited: zeroCents, due: zeroCents }

/** What a side counts for: nothing where it is not there, void or ended. */
export function countedFigures(side: LedgerFigures | XeroFigures | null): Figures {
  return side === null || side.status === 'void' || isEnded(side.status) ? nothing : side
}

/** By kind and currency, of everything that was compared, in the order in which they come. */
export function totalsOf(documents: readonly ReconciledDocument[]): KindTotal[] {
  const totals = new Map<string, KindTotal>()
  for (const { kind, currency, ledger, xero, verdict } of documents) {
    if (verdict.result === 'not_compared') continue
    const key = `${kind} ${currency}`
    const none = { ...nothing, documents: 0 }
    const known = totals.get(key) ?? { kind, currency, ledger: none, xero: none, variance: zeroCents }
    const total = { ...known, ledger: plus(known.ledger, ledger), xero: plus(known.xero, xero) }
    totals.set(key, { ...total, variance: cents(total.ledger.total - total.xero.total) })
  }
  return [...totals.values()]
}

function plus(sum: KindTotal['ledger'], side: LedgerFigures | XeroFigures | null): KindTotal['ledger'] {
  const figures = countedFigures(side)
  // What is used of a document below zero brings it up to nothing.
  const sign = figures.total < 0 ? -1 : 1
  return {
    documents: sum.documents + (figures === nothing ? 0 : 1),
    total: cents(sum.total + figures.total),
    paid: cents(sum.paid + sign * figures.paid),
    credited: cents(sum.credited + sign * figures.credited),
    due: cents(sum.due + figures.due),
  }
}
