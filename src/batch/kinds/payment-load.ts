// Payments, refunds and what is applied from receipts, as elements of calls that create them: judged once more with what Xero has
// of their documents now, so that no money is there twice (P5, P8). Their shapes are mapping/.

import type { Finding } from '../../accounting/findings.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { addCents, type Cents, formatCents, zeroCents } from '../../accounting/money.ts'
import { type CheckedThing, findTakenXeroIds } from '../../ledger/things.ts'
import { type AllocationEndpoint, mapAllocation } from '../../mapping/allocation.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { mapPayment, type PaymentTarget, targetKindOf } from '../../mapping/payment.ts'
import { type DocumentMoney, sentAmount } from '../../mapping/payment-amounts.ts'
import type { FoundAllocation, FoundCredit } from '../../xero/found.ts'
import type { ChannelName } from '../channels/channel.ts'
import { allocationKey, idOfAllocation } from '../channels/money.ts'
import { isJustMade, type RunContext } from '../context.ts'
import type { Loaded, LoadedThing, LoadPurpose } from '../kind-row.ts'
import { findParents, todayOf } from '../scope.ts'
import { keyOf } from './applied.ts'
import { journalThing } from './journal-thing.ts'
import { checkedMoney } from './money-verdict.ts'
import { recordEndedParts } from './moved-money.ts'
import {
  dateOfPayment,
  type JudgedPayment,
  judgePayment,
  labelOfPayment,
  letThrough,
  movedOfLike,
  type PaymentLike,
  type PaymentsAround,
  paymentEntry,
  paymentsAround,
  type ReadyPayment,
  type SeenInXero,
} from './payment-like.ts'
import type { MoneyReader } from './payment-money.ts'

/** What stands for the scope of a check in a run: there nothing is assumed. */
export function moneyReaderOf({ ledger, books, clock }: RunContext): MoneyReader {
  return {
    ledger,
    books,
    today: todayOf(books, clock),
    planned: new Set(),
    assumesPlanned: false,
    parents: (ids) => findParents(ledger, books, ids),
  }
}

export async function loadNewPayments(
  context: RunContext,
  ready: readonly ReadyPayment[],
  purpose: LoadPurpose,
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  const passed = new Set<string>()
  const likes = ready.map(({ like }) => like)
  const lookAround = () => paymentsAround(moneyReaderOf(context), likes, (thing) => passed.has(keyOf(thing)))
  const before = await lookAround()
  const moved = likes.flatMap((like) => movedOfLike(before, like))
  const around = purpose === 'send' && (await recordEndedParts(context, moved)) ? await lookAround() : before
  const inXero = purpose === 'send' ? await readInXero(context, around, likes) : nothingRead
  for (const { like, thing } of ready) {
    const judged = judgePayment(around, like, seenOf(around, like, inXero))
    const { check } = judged
    const credit = inXero.credits.get(around.money.receiptOf(like.payment)?.xeroId ?? '') ?? null
    if (purpose === 'send' && check.verdict !== 'send') loaded.skipped.push(checkedMoney(like.id, check))
    else if (isTwinThere(judged, credit)) loaded.skipped.push(enteredInXero(judged))
    else {
      const created = createdThing(around, judged, thing, credit)
      if (created) loaded.things.push(created)
      letThrough(around, passed, judged)
    }
  }
  return loaded
}

/** Xero's own words on what was not just made, by Xero ids. */
interface InXero {
  /** Null: it is not there. */
  documents: ReadonlyMap<string, SeenInXero['document']>
  /** Prepayments and overpayments. */
  credits: ReadonlyMap<string, FoundCredit | null>
}

const nothingRead: InXero = { documents: new Map(), credits: new Map() }

async function readInXero(
  context: RunContext,
  around: PaymentsAround,
  likes: readonly PaymentLike[],
): Promise<InXero> {
  const { gateway } = context
  const credits = new Map<string, FoundCredit | null>()
  for (const { payment } of likes) {
    const row = around.money.receiptOf(payment)
    const form = around.money.contextOf(payment).receipt?.form
    if (!row?.xeroId || isJustMade(context, row) || credits.has(row.xeroId)) continue
    if (form === 'prepayment') credits.set(row.xeroId, await gateway.prepaymentById(row.xeroId))
    else if (form === 'overpayment') credits.set(row.xeroId, await gateway.overpaymentById(row.xeroId))
  }
  return { documents: await readDocumentsInXero(context, around, likes), credits }
}

/** Invoices and bills 40 in a call, credits one by one. What nothing can be on yet, since it was just made, is not asked for. */
async function readDocumentsInXero(
  context: RunContext,
  around: PaymentsAround,
  likes: readonly PaymentLike[],
): Promise<InXero['documents']> {
  const { gateway, ledger } = context
  const invoices = new Set<string>()
  const notes = new Set<string>()
  for (const { allocation } of likes) {
    const parent = around.money.parents.get(allocation?.document ?? '')
    if (!parent?.xeroId || parent.standing !== 'exported' || isJustMade(context, parent)) continue
    // What is a journal there has nothing due that Xero knew of (J4).
    if (parent.facts !== null && isSentAsJournal(parent.facts)) continue
    if (targetKindOf(parent) === 'invoice') invoices.add(parent.xeroId)
    else notes.add(parent.xeroId)
  }
  const found: Seen[] = []
  if (invoices.size > 0) for (const row of (await gateway.invoicesByIds([...invoices])).rows) found.push(row)
  for (const xeroId of notes) {
    const row = await gateway.creditNoteById(xeroId)
    if (row) found.push({ ...row, amountDue: row.remaining })
  }
  const paid = found.flatMap(({ payments }) => payments.map(({ xeroId }) => xeroId))
  const ours = await findTakenXeroIds(ledger, paid)
  const documents = new Map<string, SeenInXero['document']>([...invoices, ...notes].map((id) => [id, null]))
  for (const { xeroId, amountDue, payments, status, currency } of found)
    documents.set(xeroId, { amountDue, payments, ours, status, currency })
  return documents
}

type Seen = { xeroId: string } & Omit<NonNullable<SeenInXero['document']>, 'ours'>

function seenOf(around: PaymentsAround, like: PaymentLike, { documents, credits }: InXero): SeenInXero {
  const document = documents.get(around.money.parents.get(like.allocation?.document ?? '')?.xeroId ?? '')
  const credit = credits.get(around.money.receiptOf(like.payment)?.xeroId ?? '')
  const isLive = credit?.status === 'AUTHORISED'
  return {
    ...(document === undefined ? {} : { document }),
    ...(credit === undefined ? {} : { remaining: isLive ? credit.remaining : zeroCents }),
  }
}

/** The same allocation, entered in Xero by somebody. */
function isTwinThere(judged: JudgedPayment, credit: FoundCredit | null): boolean {
  if (!isFromReceipt(judged)) return false
  const amount = amountOf(judged)
  const isTwin = (one: FoundAllocation) => one.invoiceId === judged.parent?.xeroId && one.amount === amount
  return credit?.allocations.some(isTwin) ?? false
}

/** Sent a second time it would take the amount off twice (P5). */
function enteredInXero(judged: JudgedPayment): CheckedThing {
  const { like } = judged
  const { kind, id } = like
  const label = labelOfPayment(judged)
  const name = kindNames[kind].one
  const finding: Finding = {
    kind,
    id,
    number: label,
    code: 'payment-duplicate',
    severity: 'error',
    field: 'amount',
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} is in Xero already: somebody applied ${formatCents(amountOf(judged))} of receipt ${like.payment.id} to it there.`,
    why: 'Xero would take the same amount off twice.',
    fix: 'If it is the same, take it back in Xero or in the ledger, and leave it to one of the two. If both are right, make one of the sum.',
    xeroMessages: [],
  }
  return { id, verdict: 'failed', reason: finding.message, findings: [finding] }
}

/** Null where something that it needs in Xero is not there. */
function createdThing(
  around: PaymentsAround,
  judged: JudgedPayment,
  thing: ReadyPayment['thing'],
  credit: FoundCredit | null,
): LoadedThing | null {
  switch (judged.check.form) {
    case 'payment':
      return createdPayment(judged, thing)
    case 'prepayment_allocation':
    case 'overpayment_allocation':
      return createdAllocation(judged, thing, credit)
    case 'journal':
      return createdJournal(around, judged, thing)
    case 'none':
      return null
    default:
      return judged.check.form satisfies never
  }
}

/** What every element says of the thing that it is. */
function ofThing({ like }: JudgedPayment, thing: ReadyPayment['thing']) {
  return {
    sourceId: like.id,
    revision: thing.revision,
    factsHash: like.factsHash,
    operation: 'create',
    method: 'PUT',
    name: null,
  } as const
}

function createdPayment(judged: JudgedPayment, thing: ReadyPayment['thing']): LoadedThing | null {
  const { like, context } = judged
  const target = targetOf(judged)
  if (target === null) return null
  const { model, facts } = mapPayment(like.payment, like.allocation, {
    ...context,
    target,
    appliedBefore: appliedBefore(judged),
  })
  const subject = { kind: like.kind, id: like.id, number: facts.label }
  return {
    ...ofThing(judged, thing),
    label: facts.label,
    facts: JSON.stringify(facts),
    channel: 'payments',
    path: '/Payments?summarizeErrors=false',
    key: model.reference ?? null,
    payload: { model },
    reportedAs: like.kind === 'refund' ? 'refund' : 'payment',
    compare: (element) =>
      answerDifferences(
        element,
        { totalCents: facts.amountCents, taxCents: null, status: 'AUTHORISED' },
        subject,
      ),
  }
}

function targetOf({ like, context, parent }: JudgedPayment): PaymentTarget | null {
  const { receipt, convertedAt } = context
  if (like.allocation !== null) {
    if (!parent?.xeroId) return null
    const money: DocumentMoney = { currency: parent.currency, convertedAt }
    return { kind: targetKindOf(parent), xeroId: parent.xeroId, number: parent.number, money }
  }
  if (!receipt?.xeroId || receipt.form === 'journal') return null
  // Rules let through only what is in one currency with its receipt.
  const money = { currency: currencyIn(context, like), convertedAt: null }
  return { kind: receipt.form, xeroId: receipt.xeroId, number: like.payment.refundOf ?? '', money }
}

function currencyIn({ books }: JudgedPayment['context'], { payment }: PaymentLike): string {
  return payment.currency ?? books.region.currency
}

function appliedBefore({ context }: JudgedPayment): Cents {
  return addCents(context.applied.before, context.applied.planned)
}

const allocationRoutes: Record<
  'prepayment_allocation' | 'overpayment_allocation',
  { channel: ChannelName; endpoint: AllocationEndpoint }
> = {
  prepayment_allocation: { channel: 'prepayment_allocations', endpoint: 'Prepayments' },
  overpayment_allocation: { channel: 'overpayment_allocations', endpoint: 'Overpayments' },
}

function isFromReceipt({ check }: JudgedPayment): boolean {
  return check.form === 'prepayment_allocation' || check.form === 'overpayment_allocation'
}

/** In the currency and amount in which the document is in Xero. */
function amountOf(judged: JudgedPayment): Cents {
  const { like, context, parent } = judged
  const money = { currency: parent?.currency ?? '', convertedAt: context.convertedAt }
  return sentAmount(like.allocation?.amount ?? zeroCents, appliedBefore(judged), money)
}

/** Nothing of ours is on an allocation: what the receipt has in Xero before the call is written down with it. */
function createdAllocation(
  judged: JudgedPayment,
  thing: ReadyPayment['thing'],
  credit: FoundCredit | null,
): LoadedThing | null {
  const { like, check, context, parent } = judged
  const parentId = context.receipt?.xeroId
  const invoiceId = parent?.xeroId
  if (!parentId || !invoiceId) return null
  if (check.form !== 'prepayment_allocation' && check.form !== 'overpayment_allocation') return null
  const { channel, endpoint } = allocationRoutes[check.form]
  const label = labelOfPayment(judged)
  const amountCents = amountOf(judged)
  const date = dateOfPayment(like)
  const { model, facts } = mapAllocation({ endpoint, parentId, invoiceId, amountCents, date, label })
  const subject = { kind: like.kind, id: like.id, number: label }
  return {
    ...ofThing(judged, thing),
    label,
    facts: JSON.stringify(facts),
    channel,
    path: `/${endpoint}/${parentId}/Allocations?summarizeErrors=false`,
    key: invoiceId.toLowerCase(),
    payload: { model },
    knownIds: (credit?.allocations ?? []).map((one) => idOfAllocation(parentId, one)),
    reportedAs: 'allocation',
    xeroIdOf: (element) => element.xeroId ?? allocationKey(parentId, invoiceId),
    compare: (element) =>
      answerDifferences(element, { totalCents: amountCents, taxCents: null, status: '' }, subject),
  }
}

function createdJournal(
  around: PaymentsAround,
  judged: JudgedPayment,
  thing: ReadyPayment['thing'],
): LoadedThing | null {
  const { like } = judged
  const entry = paymentEntry(around, judged)
  // Judged by the same rules a moment ago: what does not fit now was edited and goes next time.
  if ('severity' in entry) return null
  const label = labelOfPayment(judged)
  const { kind, id, factsHash } = like
  return journalThing({ kind, id, label, entry, factsHash, thing }, around.books)
}
