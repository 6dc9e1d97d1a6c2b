// Payments that were changed or deleted in the ledger after they were exported (P7). Xero takes no edits of payments: what differs
// is said, and only a deletion is sent, where the settings let the ledger delete. Payments as journals are changed like journals.

import { currencyOf } from '../../accounting/books.ts'
import type { Finding, Severity } from '../../accounting/findings.ts'
import { kindNames, type Operation } from '../../accounting/kinds.ts'
import { addCents, type Cents, toBase } from '../../accounting/money.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import type { PaymentFacts } from '../../mapping/payment.ts'
import { paymentAccountOf } from '../../mapping/payment-account.ts'
import { bankAmountOf, type DocumentMoney, sentAmount } from '../../mapping/payment-amounts.ts'
import { refundedAmount } from '../../mapping/payment-forms.ts'
import { journalVoidSizeBound, paymentSizeBound } from '../../mapping/size.ts'
import { payments } from '../channels/money.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, LoadedThing, PageVerdicts } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal } from './journal-page.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'
import {
  dateOfPayment,
  type JudgedPayment,
  judgePayment,
  labelOfPayment,
  moneyOfPayment,
  type PaymentsAround,
  paymentEntry,
  paymentsAround,
  type ReadyPayment,
  summedOf,
} from './payment-like.ts'
import { moneyReaderOf } from './payment-load.ts'

/** Puts an exported payment where its change belongs; one that is as it was sent leaves the queue. */
export function countChangedPayment(
  scope: CheckScope,
  page: PageVerdicts,
  around: PaymentsAround,
  judged: JudgedPayment,
  thing: WaitingThing,
): void {
  const { like } = judged
  const isDeleted = like.payment.state === 'deleted'
  const isEnded = thing.xeroStatus === 'DELETED' || thing.xeroStatus === 'VOIDED'
  const isAsSent = isDeleted ? isEnded : thing.sentFactsHash === like.factsHash
  if (isEnded && !isDeleted) countFindings(page, like.id, [endedFinding(judged)])
  else if (isAsSent || thing.facts === null) page.unchanged.push({ id: like.id, revision: thing.revision })
  else if (isDeleted) countDeleted(scope, page, judged, thing, thing.facts)
  else if (isSentAsJournal(thing.facts)) countChangedJournal(scope, page, around, judged, thing)
  else {
    const changed = changesOf(judged, thing.facts)
    if (changed.length === 0) page.unchanged.push({ id: like.id, revision: thing.revision })
    else countFindings(page, like.id, [editedFinding(judged, changed)])
  }
}

function countDeleted(
  { books }: CheckScope,
  page: PageVerdicts,
  judged: JudgedPayment,
  { revision }: WaitingThing,
  facts: string,
): void {
  const { like } = judged
  const isApplied = readSent(facts).channel === 'allocations'
  if (books.settings.delete_payments === 'from_xero' || isApplied) {
    countFindings(page, like.id, [deletedFinding(judged, isApplied, books.settings.delete_payments)])
    return
  }
  page.checked.push({ id: like.id, verdict: null, reason: null, findings: [] })
  const summed = summedOf(judged, { facts })
  if (summed) {
    page.summed.push({
      kind: like.kind,
      id: like.id,
      revision,
      date: dateOfPayment(like),
      entry: null,
      ...summed,
    })
    return
  }
  const isJournal = isSentAsJournal(facts)
  page.sendable.push({
    id: like.id,
    revision,
    operation: isJournal ? 'void' : 'delete',
    // A deletion names its payment in the path: one a call (§4.5).
    group: isJournal ? 'journal' : like.id,
    bytes: isJournal ? journalVoidSizeBound : paymentSizeBound(like.payment),
    money: moneyOfPayment(judged, books),
  })
}

function countChangedJournal(
  scope: CheckScope,
  page: PageVerdicts,
  around: PaymentsAround,
  judged: JudgedPayment,
  thing: WaitingThing,
): void {
  const { kind, id } = judged.like
  // It is a journal in Xero, whatever form it would take now.
  const entry = judged.check.form === 'journal' ? paymentEntry(around, judged) : null
  if (entry === null) countFindings(page, id, [editedFinding(judged, ['form'])])
  else if ('severity' in entry) countFindings(page, id, [entry])
  else
    countJournal(scope, page, {
      kind,
      id,
      label: labelOfPayment(judged),
      thing,
      entry,
      operation: 'update',
      findings: judged.check.findings,
      summed: summedOf(judged, thing),
    })
}

type SentFacts = PaymentFacts | AllocationFacts

function readSent(facts: string): Partial<SentFacts> {
  return JSON.parse(facts) as Partial<SentFacts> // what payment-load.ts wrote down
}

/** What of the payment is another in Xero than it would be now; empty where the change does not reach Xero. */
function changesOf({ like, context, parent }: JudgedPayment, facts: string): string[] {
  const sent = JSON.parse(facts) as SentFacts // as above
  const { payment, allocation } = like
  const { books, applied, convertedAt } = context
  const money: DocumentMoney = { currency: parent?.currency ?? currencyOf(payment, books), convertedAt }
  const amount = allocation?.amount ?? refundedAmount(payment)
  const changed: string[] = []
  if (!isSameAmount(amount, sent.amountCents, addCents(applied.before, applied.planned), money))
    changed.push('amount')
  if (dateOfPayment(like) !== sent.date) changed.push('date')
  if (sent.channel === 'allocations') return changed
  if (paymentAccountOf(payment, context)?.account !== sent.account) changed.push('account')
  if (sent.bankAmountCents !== null && allocation !== null) {
    if (bankAmountOf(payment, allocation, money, books) !== sent.bankAmountCents)
      changed.push('amount in the currency of the bank')
  }
  return changed
}

/** A converted amount went by the sums of its document, so that it may be a cent off what it is by itself. */
function isSameAmount(amount: Cents, sent: Cents, before: Cents, money: DocumentMoney): boolean {
  if (money.convertedAt === null) return amount === sent
  return sentAmount(amount, before, money) === sent || Math.abs(toBase(amount, money.convertedAt) - sent) <= 1
}

function editedFinding(judged: JudgedPayment, changed: readonly string[]): Finding {
  const mayDelete = judged.context.books.settings.delete_payments === 'both'
  return findingOf(judged, 'error', changed[0] ?? null, {
    message: `was changed in the ledger after it was exported: its ${changed.join(' and ')}. Nothing was sent.`,
    why: 'Xero takes no change of a payment: it only deletes payments.',
    fix: mayDelete
      ? 'Delete it in the ledger, which deletes it in Xero too (delete_payments), and enter the right one under an id of its own; or undo the change.'
      : 'Undo the change in the ledger; or delete the payment in Xero and in the ledger, and enter the right one under an id of its own.',
  })
}

function deletedFinding(judged: JudgedPayment, isApplied: boolean, mode: 'from_xero' | 'both'): Finding {
  const { payment } = judged.like
  if (isApplied)
    return findingOf(judged, mode === 'both' ? 'error' : 'warning', 'state', {
      message: `was deleted in the ledger after it was exported, and is still applied in Xero from receipt ${payment.id}.`,
      why: 'What a prepayment or overpayment is applied to is taken back in Xero alone.',
      fix: 'Take it back there: open the prepayment or overpayment, remove what it is applied to, and void it.',
    })
  return findingOf(judged, 'warning', 'state', {
    message: 'was deleted in the ledger after it was exported, and is still in Xero.',
    why: 'With delete_payments from_xero an exported payment is deleted in Xero alone.',
    fix: 'Delete it in Xero too. To let the ledger delete payments in Xero, set delete_payments to both.',
  })
}

/** Xero takes no payment back that was deleted; another one under the same id could be taken for it. */
function endedFinding(judged: JudgedPayment): Finding {
  return findingOf(judged, 'error', 'state', {
    message: 'stands in the ledger, and was deleted in Xero. Nothing was sent.',
    why: 'A payment that was deleted in Xero cannot be brought back there.',
    fix: 'Delete it in the ledger; if it was received after all, enter it there under an id of its own.',
  })
}

function findingOf(
  judged: JudgedPayment,
  severity: Severity,
  field: string | null,
  said: Pick<Finding, 'message' | 'why' | 'fix'>,
): Finding {
  const { kind, id } = judged.like
  const label = labelOfPayment(judged)
  const name = kindNames[kind].one
  return {
    kind,
    id,
    number: label,
    code: 'edited-after-export',
    severity,
    field,
    xeroMessages: [],
    ...said,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} ${said.message}`,
  }
}

/** Deletions, each read first, and changes of what went out as a journal. */
export async function loadChangedPayments(
  context: RunContext,
  operation: Operation,
  ready: readonly ReadyPayment[],
): Promise<Loaded> {
  const likes = ready.map(({ like }) => like)
  const around = await paymentsAround(moneyReaderOf(context), likes, () => false)
  if (operation !== 'delete') {
    const journals = ready.flatMap((one) => readyJournal(around, operation, one))
    return loadJournals(context, operation, journals)
  }
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const one of ready) await loadDeletion(context, judgePayment(around, one.like), one.thing, loaded)
  return loaded
}

function readyJournal(
  around: PaymentsAround,
  operation: Operation,
  { like, thing }: ReadyPayment,
): ReadyJournal[] {
  const judged = judgePayment(around, like)
  const { kind, id, factsHash } = like
  const journal = { kind, id, label: labelOfPayment(judged), factsHash, thing }
  if (operation === 'void') return [{ ...journal, entry: null }]
  const entry = paymentEntry(around, judged)
  return 'severity' in entry ? [] : [{ ...journal, entry }]
}

async function loadDeletion(
  context: RunContext,
  judged: JudgedPayment,
  thing: WaitingThing,
  loaded: Loaded,
): Promise<void> {
  const { like } = judged
  if (thing.facts === null || thing.xeroId === null) return
  const found = await payments.findById(context.gateway, thing.xeroId, thing.facts)
  if (found?.status === 'DELETED')
    loaded.unchanged.push({
      id: like.id,
      revision: thing.revision,
      factsHash: like.factsHash,
      xeroStatus: found.status,
    })
  else if (found === null) loaded.skipped.push(goneInXero(judged))
  else loaded.things.push(deletion(judged, thing, thing.facts, thing.xeroId, found.number))
}

/** Only what says DELETED counts as deleted (X2). */
function goneInXero(judged: JudgedPayment): Loaded['skipped'][number] {
  const finding = findingOf(judged, 'error', 'state', {
    message: 'was deleted in the ledger after it was exported, and Xero does not show it any more.',
    why: 'It was found in Xero neither as it was nor as deleted.',
    fix: 'Look in Xero’s history of the document what became of it.',
  })
  return { id: judged.like.id, verdict: 'failed', reason: finding.message, findings: [finding] }
}

function deletion(
  judged: JudgedPayment,
  thing: WaitingThing,
  facts: string,
  xeroId: string,
  reference: string | null,
): LoadedThing {
  const { like } = judged
  const label = labelOfPayment(judged)
  const subject = { kind: like.kind, id: like.id, number: label }
  return {
    sourceId: like.id,
    label,
    revision: thing.revision,
    factsHash: like.factsHash,
    facts,
    channel: 'payments',
    operation: 'delete',
    method: 'POST',
    path: `/Payments/${xeroId}`,
    key: reference,
    name: null,
    payload: { deletion: true },
    reportedAs: like.kind === 'refund' ? 'refund' : 'payment',
    compare: (element) =>
      answerDifferences(element, { totalCents: null, taxCents: null, status: 'DELETED' }, subject),
  }
}
