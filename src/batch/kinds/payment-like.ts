// Everything that goes out as a payment: one allocation of a payment or deposit, a refund, or a journal of the ledger that is the
// payment (P2). Judged here with what is known around it; how it is sent is payment-load.ts, what edits come to payment-change.ts.

import { type Books, baseCurrencyOf, currencyOf, sideOf } from '../../accounting/books.ts'
import type { PlainDate } from '../../accounting/calendar.ts'
import type { LedgerDocument, LedgerPayment, PaymentAllocation } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import type { JournalEntry } from '../../accounting/journal-entry.ts'
import { addCents, type Cents, cents, type E6 } from '../../accounting/money.ts'
import { type SummarisedKind, summarisedKinds } from '../../accounting/settings.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { type AppliedThing, readApplied } from '../../ledger/applied.ts'
import { readDocuments } from '../../ledger/documents.ts'
import type { Ledger } from '../../ledger/open.ts'
import { readPayments } from '../../ledger/payments.ts'
import type { StandingPart } from '../../ledger/standing-parts.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { paymentHash } from '../../mapping/facts.ts'
import { isSentAsJournal, summaryOf } from '../../mapping/journal.ts'
import { journalOfPayment } from '../../mapping/journal-of-payment.ts'
import { paymentDateOf, paymentLabel } from '../../mapping/payment.ts'
import {
  comesOutOfClearing,
  type FormContext,
  type PaymentForm,
  refundedAmount,
  sideOfPayment,
  thingKindOf,
} from '../../mapping/payment-forms.ts'
import { receiptJournal } from '../../mapping/receipt-journal.ts'
import { unfittingFinding } from '../../validation/journal-rules.ts'
import type { MoneyCheck } from '../../validation/money-check.ts'
import {
  checkPayment,
  type DocumentInXero,
  type PaymentCheckContext,
} from '../../validation/payment-rules.ts'
import type { StandingParent } from '../scope.ts'
import { appliedBeside, keyOf } from './applied.ts'
import { movedMoney } from './moved-money.ts'
import { booksOnto, gatherMoney, type MoneyReader, type PaymentMoney } from './payment-money.ts'

export interface PaymentLike {
  kind: 'payment' | 'refund' | 'journal'
  /** The thing's id in export_state. */
  id: string
  payment: LedgerPayment
  /** Null for a refund of what another payment brought. */
  allocation: PaymentAllocation | null
  /** Of what the ledger says of it. */
  factsHash: string
}

/** One that is as it was checked. */
export interface ReadyPayment {
  like: PaymentLike
  thing: WaitingThing
}

/** Payments or refunds by the ids of their things; what the ledger does not have any more is left out. */
export async function readPaymentLikes(
  ledger: Ledger,
  kind: 'payment' | 'refund',
  ids: readonly string[],
): Promise<Map<string, PaymentLike>> {
  const payments = await readPayments(
    ledger,
    ids.map((id) => splitPair(id)[0]),
  )
  const likes = new Map<string, PaymentLike>()
  for (const id of ids) {
    const [paymentId, documentId] = splitPair(id)
    const payment = payments.get(paymentId)
    const allocation = payment?.allocations.find(({ document }) => document === documentId) ?? null
    // What became another kind is gone as this one.
    if (!payment || thingKindOf(payment) !== kind || (allocation === null && documentId !== '')) continue
    likes.set(id, { kind, id, payment, allocation, factsHash: paymentHash(payment, allocation) })
  }
  return likes
}

/** What is known around a page of them. */
export interface PaymentsAround {
  books: Books
  today: PlainDate
  money: PaymentMoney
  /** Documents that payments on them are journals of. */
  documents: ReadonlyMap<string, LedgerDocument>
  applied: ReadonlyMap<string, readonly AppliedThing[]>
  isPlanned: (thing: AppliedThing) => boolean
  /** What others of the page take from the receipt of a payment, by its id; filled as they are let through. */
  taken: Map<string, Cents>
}

export async function paymentsAround(
  reader: MoneyReader,
  likes: readonly PaymentLike[],
  isPlanned: PaymentsAround['isPlanned'],
): Promise<PaymentsAround> {
  const { ledger, books, today } = reader
  const documents = likes.flatMap(({ allocation }) => allocation?.document ?? [])
  // A journal's own id says nothing of payments of the same id.
  const payments = likes.filter(({ kind }) => kind !== 'journal').map(({ payment }) => payment)
  const money = await gatherMoney(reader, payments)
  const ofJournals = await reader.parents(documents.filter((id) => !money.parents.has(id)))
  const parents = new Map([...money.parents, ...ofJournals])
  const posted = documents.filter((id) => {
    const parent = parents.get(id)
    return parent && booksOnto(parent, books).settings.ar_style === 'journals'
  })
  return {
    books,
    today,
    money: { ...money, parents },
    documents: posted.length > 0 ? await readDocuments(ledger, posted) : new Map(),
    applied: await readApplied(ledger, documents),
    isPlanned,
    taken: new Map(),
  }
}

/** What Xero says now, where it was asked; undefined where it was not. */
export interface SeenInXero {
  /** Null: it is not there. */
  document?: (DocumentInXero & { status: string; currency: string }) | null
  /** What is left of the prepayment or overpayment. */
  remaining?: Cents
  /** True where Xero will still be asked for what was moved: until then nothing stands against it. */
  willAskMoved?: boolean
}

/** A verdict with all that it was given on, so that what is sent is what was judged. */
export interface JudgedPayment {
  like: PaymentLike
  check: MoneyCheck<PaymentForm>
  context: PaymentCheckContext
  parent: StandingParent | null
}

export function judgePayment(
  around: PaymentsAround,
  like: PaymentLike,
  seen: SeenInXero = {},
): JudgedPayment {
  const { allocation, payment } = like
  const known = around.money.parents.get(allocation?.document ?? '') ?? null
  const { document } = seen
  // What is not there any more was deleted.
  const parent =
    known && document !== undefined ? { ...known, xeroStatus: document?.status ?? 'DELETED' } : known
  const context: PaymentCheckContext = {
    ...formContextOf(around, like, parent, seen),
    thing: { kind: like.kind, id: like.id },
    today: around.today,
    parent,
    convertedAt: parent && convertedAt(parent, document?.currency ?? null, around.books),
    applied: appliedBeside(around.applied.get(parent?.id ?? ''), like, around.isPlanned),
    moved: seen.willAskMoved === true ? [] : movedOfLike(around, like).map(movedMoney),
    xero: document ?? null,
    isReceiptMarked: like.kind === 'payment' && around.money.receiptOf(payment)?.state === 'mock_exported',
    external: (around.applied.get(parent?.id ?? '') ?? []).filter(
      ({ kind, isExternal, isDeleted }) => kind === 'payment' && isExternal && !isDeleted,
    ),
  }
  return { like, check: checkPayment(payment, allocation, context), context, parent }
}

/** A journal's own id says nothing of a payment of the same id. */
export function movedOfLike(
  { money }: PaymentsAround,
  { kind, payment }: PaymentLike,
): readonly StandingPart[] {
  return kind === 'journal' ? [] : money.movedOf(payment)
}

/** Remembers that this one goes out before the others of the page. */
export function letThrough(around: PaymentsAround, passed: Set<string>, judged: JudgedPayment): void {
  const { like, check } = judged
  passed.add(keyOf(like))
  if (check.form === 'payment' && like.allocation !== null) return
  const receipt = around.money.receiptOf(like.payment)?.payment ?? ''
  const amount = like.allocation?.amount ?? refundedAmount(like.payment)
  around.taken.set(receipt, addCents(around.taken.get(receipt) ?? cents(0), amount))
}

function formContextOf(
  around: PaymentsAround,
  { kind, payment }: PaymentLike,
  parent: StandingParent | null,
  { remaining }: SeenInXero,
): FormContext {
  const books = booksOnto(parent, around.books)
  if (kind === 'journal') return journalContext(books, parent)
  const context = around.money.contextOf(payment)
  const { receipt } = context
  const taken = around.taken.get(around.money.receiptOf(payment)?.payment ?? '') ?? cents(0)
  return {
    ...context,
    books: parent ? books : context.books,
    receipt: receipt && { ...receipt, remaining: cents((remaining ?? receipt.remaining) - taken) },
  }
}

/** A journal says itself from which account its money comes: no receipt stands before it (P2). */
function journalContext(books: Books, parent: StandingParent | null): FormContext {
  const settings = { ...books.settings, receipts: 'direct', deposits: 'held', remainders: 'hold' } as const
  return {
    books: { ...books, settings },
    receipt: null,
    hasOwnJournal: false,
    side: parent ? sideOf(parent.kind) : sideOfPayment([], null),
    sentAsPayments: new Set(),
    isOneCurrency: true,
  }
}

/**
 * The rate at which a document went to Xero in base currency (foreign_currency=base), or would; null where it is there in its
 * own. `inXero`: the currency that it has there, where it was asked.
 */
function convertedAt(parent: StandingParent, inXero: string | null, books: Books): E6 | null {
  if (parent.currency === baseCurrencyOf(books)) return null
  const sent =
    parent.facts === null || isSentAsJournal(parent.facts) ? null : readDocumentFacts(parent.facts).currency
  const currency = inXero ?? sent
  const isConverted =
    currency === null ? books.settings.foreign_currency === 'base' : currency !== parent.currency
  return isConverted ? parent.exchangeRate : null
}

/** The journal of what goes out as one (ar_style=journals, or given back by one), or what stands against it. */
export function paymentEntry(around: PaymentsAround, judged: JudgedPayment): JournalEntry | Finding {
  const { like, context } = judged
  const { payment, allocation } = like
  const label = labelOfPayment(judged)
  const document = around.documents.get(allocation?.document ?? '')
  const thing = { kind: like.kind, id: like.id, number: label }
  if (allocation !== null && !document) throw new Error(`payment ${like.id} as a journal of no document`)
  const entry =
    allocation !== null && document
      ? journalOfPayment(
          {
            payment,
            allocation,
            document,
            appliedBefore: addCents(context.applied.before, context.applied.planned),
            isReceived: comesOutOfClearing(payment, context),
          },
          context.books,
        )
      : receiptJournal(payment, context.books, around.money.refunded.get(payment.refundOf ?? '') ?? null)
  return 'fits' in entry ? unfittingFinding(thing, entry) : entry
}

/**
 * Posted with the other payments of its day, and never by itself (J5); null where it goes by itself. What is in a summary already
 * stays in summaries, whatever the settings say now.
 */
export function summedOf(
  { like, check, context }: JudgedPayment,
  { facts }: Pick<WaitingThing, 'facts'>,
): { of: SummarisedKind; factsHash: string } | null {
  const of = summarisedKinds.find((kind) => kind === like.payment.kind)
  if (!of) return null
  const { daily_summaries } = context.books.settings
  const isSummed =
    facts === null ? check.form === 'journal' && daily_summaries.includes(of) : summaryOf(facts) !== null
  return isSummed ? { of, factsHash: like.factsHash } : null
}

/** "PAY-17 on INV-7". */
export function labelOfPayment({ like, parent }: Pick<JudgedPayment, 'like' | 'parent'>): string {
  const { payment, allocation } = like
  const onto = allocation === null ? payment.refundOf : parent?.number.trim() || allocation.document
  return paymentLabel(payment, onto || null)
}

/** In the currency of what it is on, for the plan. */
export function moneyOfPayment(
  { like, parent }: JudgedPayment,
  books: Books,
): { currency: string; amount: Cents } {
  const { payment, allocation } = like
  return {
    currency: parent?.currency ?? currencyOf(payment, books),
    amount: allocation?.amount ?? refundedAmount(payment),
  }
}

export function dateOfPayment({ payment, allocation }: PaymentLike): PlainDate {
  return paymentDateOf(payment, allocation)
}
