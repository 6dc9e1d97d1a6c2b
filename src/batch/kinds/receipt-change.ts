// Receipts that were changed or deleted in the ledger after they were exported (P7). Xero takes no changes of prepayments and
// overpayments from other programs: what differs is said. Receipts as journals are changed like journals.

import type { LedgerPayment } from '../../accounting/documents.ts'
import type { Finding, Severity } from '../../accounting/findings.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { paymentHash } from '../../mapping/facts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { moneyAccountOf } from '../../mapping/payment-account.ts'
import type { FormContext } from '../../mapping/payment-forms.ts'
import { type ReceiptFacts, receiptAmountNow } from '../../mapping/receipt.ts'
import { receiptJournal } from '../../mapping/receipt-journal.ts'
import { journalVoidSizeBound } from '../../mapping/size.ts'
import { unfittingFinding } from '../../validation/journal-rules.ts'
import type { PageVerdicts } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal } from './journal-page.ts'

/** Puts an exported receipt where its change belongs; one that is as it was sent leaves the queue. */
export function countChangedReceipt(
  scope: CheckScope,
  page: PageVerdicts,
  payment: LedgerPayment,
  context: FormContext,
  thing: WaitingThing,
): void {
  const { id } = payment
  const isDeleted = payment.state === 'deleted'
  const isEnded = thing.xeroStatus === 'DELETED' || thing.xeroStatus === 'VOIDED'
  const isSameRow = thing.sentFactsHash === paymentHash(payment, null)
  // What is left for it changes with what the payment is applied to, and its own row stays as it was.
  const isSame = isSameRow && (isEnded || !isAmountChanged(payment, context, thing.facts))
  const isAsSent = isDeleted ? isEnded : isSame
  if (isAsSent || thing.facts === null) page.unchanged.push({ id, revision: thing.revision })
  else if (isSentAsJournal(thing.facts)) countChangedJournal(scope, page, payment, context, thing)
  else if (isDeleted) countFindings(page, id, [deletedFinding(scope, payment)])
  else {
    const sent = JSON.parse(thing.facts) as ReceiptFacts // of mapReceipt
    // A setting that was changed is no change of the receipt.
    const changed = isSameRow ? ['amount'] : changesOf(payment, context, sent)
    if (changed.length === 0) page.unchanged.push({ id, revision: thing.revision })
    else countFindings(page, id, [editedFinding(payment, changed)])
  }
}

function countChangedJournal(
  scope: CheckScope,
  page: PageVerdicts,
  payment: LedgerPayment,
  { books }: FormContext,
  thing: WaitingThing,
): void {
  const { id } = payment
  const entry = receiptJournal(payment, books)
  if (payment.state === 'deleted') {
    if (books.settings.delete_payments === 'from_xero') {
      countFindings(page, id, [deletedFinding(scope, payment)])
      return
    }
    page.checked.push({ id, verdict: null, reason: null, findings: [] })
    page.sendable.push({
      id,
      revision: thing.revision,
      operation: 'void',
      group: 'journal',
      bytes: journalVoidSizeBound,
      money: null,
    })
  } else if ('fits' in entry)
    countFindings(page, id, [unfittingFinding({ kind: 'receipt', id, number: id }, entry)])
  else countJournal(scope, page, { kind: 'receipt', id, label: id, thing, entry, operation: 'update' })
}

function isAmountChanged(payment: LedgerPayment, { books }: FormContext, facts: string | null): boolean {
  if (facts === null || isSentAsJournal(facts)) return false
  const sent = JSON.parse(facts) as ReceiptFacts // of mapReceipt
  return receiptAmountNow(payment, sent, books) !== sent.amountCents
}

/** What of the receipt is another in Xero than it is now; empty where the change does not reach Xero. */
function changesOf(payment: LedgerPayment, { books }: FormContext, sent: ReceiptFacts): string[] {
  const changed: string[] = []
  if (receiptAmountNow(payment, sent, books) !== sent.amountCents) changed.push('amount')
  if (payment.date !== sent.date) changed.push('date')
  if (moneyAccountOf(payment, books)?.account !== sent.account) changed.push('account')
  return changed
}

function editedFinding(payment: LedgerPayment, changed: readonly string[]): Finding {
  return findingOf(payment, 'error', changed[0] ?? null, {
    message: `was changed in the ledger after it was exported: its ${changed.join(' and ')}. Nothing was sent.`,
    why: 'Xero takes no change of a prepayment or overpayment from other programs.',
    fix: 'Make the same change in Xero by hand, or undo it in the ledger.',
  })
}

function deletedFinding({ books }: CheckScope, payment: LedgerPayment): Finding {
  const isLeftToUs = books.settings.delete_payments === 'both'
  return findingOf(payment, isLeftToUs ? 'error' : 'warning', 'state', {
    message: 'was deleted in the ledger after it was exported, and is still in Xero.',
    why: isLeftToUs
      ? 'Xero deletes no prepayment or overpayment for other programs.'
      : 'With delete_payments from_xero it is deleted in Xero alone.',
    fix: 'Delete it in Xero by hand: take back what it is applied to first.',
  })
}

function findingOf(
  { id }: LedgerPayment,
  severity: Severity,
  field: string | null,
  said: Pick<Finding, 'message' | 'why' | 'fix'>,
): Finding {
  return {
    kind: 'receipt',
    id,
    number: id,
    code: 'edited-after-export',
    severity,
    field,
    xeroMessages: [],
    ...said,
    message: `Receipt ${id} ${said.message}`,
  }
}
