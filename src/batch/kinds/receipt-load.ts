// Receipts as elements of calls, as the ledger has them now: bank transactions that make prepayments and overpayments, or journals.
// Their shapes are mapping/receipt.ts and mapping/receipt-journal.ts.

import type { LedgerPayment } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { findLinks } from '../../ledger/links.ts'
import { type DepositInXero, readDepositsOf } from '../../ledger/mirror-deposits.ts'
import { readPayments } from '../../ledger/payments.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { paymentHash } from '../../mapping/facts.ts'
import { type FormContext, receiptFormOf } from '../../mapping/payment-forms.ts'
import { mapReceipt } from '../../mapping/receipt.ts'
import { receiptJournal } from '../../mapping/receipt-journal.ts'
import { findMarked, markedFinding } from '../../validation/marked-money-rules.ts'
import { checkMoved } from '../../validation/moved-money-rules.ts'
import { unknownContact } from '../channels/documents.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, LoadedThing, LoadPurpose } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { journalThing, loadJournals, type ReadyJournal } from './journal-thing.ts'
import { movedMoney, recordEndedParts } from './moved-money.ts'
import { moneyReaderOf } from './payment-load.ts'
import { gatherMoney, type PaymentMoney } from './payment-money.ts'

/** Its own contact, else that of what it is applied to; null where neither is known. */
export function contactOfReceipt(
  { contact, allocations }: LedgerPayment,
  { parents }: Pick<PaymentMoney, 'parents'>,
): string | null {
  if (contact !== null) return contact
  for (const { document } of allocations) {
    const parent = parents.get(document)
    if (parent?.contact) return parent.contact
  }
  return null
}

interface ReadyReceipt {
  payment: LedgerPayment
  thing: WaitingThing
  context: FormContext
}

export async function loadReceipts(
  context: RunContext,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books, lease } = context
  const ids = planned.map(({ id }) => id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'receipt', ids })
  const payments = await readPayments(ledger, ids)
  const gather = () => gatherMoney(moneyReaderOf(context), [...payments.values()])
  const before = await gather()
  const moved = [...payments.values()].flatMap((payment) => before.movedOf(payment))
  const money = purpose === 'send' && (await recordEndedParts(context, moved)) ? await gather() : before
  const ready = planned.flatMap(({ id, revision, operation }): ReadyReceipt[] => {
    const payment = payments.get(id)
    const thing = waiting.get(id)
    if (!payment || thing?.revision !== revision) return []
    const isFree = operation === 'create' ? isSendable(thing.state) : thing.state === 'exported'
    return isFree ? [{ payment, thing, context: money.contextOf(payment) }] : []
  })
  const operation = planned[0]?.operation ?? 'create'
  if (operation !== 'create')
    return loadJournals(
      context,
      operation,
      ready.flatMap((one) => readyJournal(one, operation === 'void') ?? []),
    )
  const codes = ready.flatMap(({ payment }) => contactOfReceipt(payment, money) ?? [])
  const links = await findLinks(ledger, lease.tenantId, codes)
  const contactIds = [...links.values()].map(({ xeroContactId }) => xeroContactId)
  const inXero = purpose === 'send' ? await readDepositsOf(ledger, lease.tenantId, contactIds) : []
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const one of ready) {
    const [against] =
      purpose === 'send'
        ? [...movedFindings(one.payment, money), ...markedFindings(one.payment, context, inXero)]
        : []
    if (against) {
      loaded.skipped.push(failedBy(against))
      continue
    }
    const contact = contactOfReceipt(one.payment, money)
    const link = links.get(contact ?? '')
    // A copy of the ledger may have lost the link, and Xero have the receipt all the same.
    const xeroContactId = link?.xeroContactId ?? (purpose === 'adopt' ? unknownContact : null)
    loadNew(context, one, { contact, xeroContactId }, loaded)
  }
  return loaded
}

function movedFindings(payment: LedgerPayment, money: PaymentMoney): Finding[] {
  const { id } = payment
  return checkMoved({ kind: 'receipt', id, label: id }, money.movedOf(payment).map(movedMoney))
}

/** Xero says nothing of a bank transaction twice: what the pull brought in of prepayments and overpayments is asked. */
function markedFindings(
  { id }: LedgerPayment,
  { books }: RunContext,
  inXero: readonly DepositInXero[],
): Finding[] {
  const thing = { kind: 'receipt', id, label: id } as const
  const marked = findMarked(inXero, books.entity.code, thing)
  return marked ? [markedFinding(thing, marked)] : []
}

function failedBy(finding: Finding): CheckedThing {
  return { id: finding.id, verdict: 'failed', reason: finding.message, findings: [finding] }
}

function loadNew(
  { books }: RunContext,
  ready: ReadyReceipt,
  { contact, xeroContactId }: { contact: string | null; xeroContactId: string | null },
  loaded: Loaded,
): void {
  const form = receiptFormOf(ready.payment, ready.context)
  if (form === 'none') return
  if (form === 'journal') {
    const journal = readyJournal(ready, false)
    if (journal) loaded.things.push({ ...journalThing(journal, books), reportedAs: 'journal' })
  } else if (xeroContactId === null) loaded.skipped.push(contactNotThere(ready.payment, contact))
  else loaded.things.push(transaction(ready, form, xeroContactId))
}

function transaction(
  { payment, thing, context }: ReadyReceipt,
  form: 'prepayment' | 'overpayment',
  xeroContactId: string,
): LoadedThing {
  const { model, facts } = mapReceipt(payment, { ...context, form, xeroContactId })
  const subject = { kind: 'receipt', id: payment.id, number: payment.id } as const
  const { amountCents, taxCents } = facts
  return {
    sourceId: payment.id,
    label: payment.id,
    revision: thing.revision,
    factsHash: paymentHash(payment, null),
    facts: JSON.stringify(facts),
    channel: 'bank_transactions',
    operation: 'create',
    method: 'PUT',
    path: '/BankTransactions?summarizeErrors=false&unitdp=4',
    key: model.reference ?? null,
    name: null,
    payload: { model },
    reportedAs: form,
    // What is applied and refunded later is the credit, not the transaction that made it (§4.6).
    xeroIdOf: (element) => element.creditId,
    compare: (element) =>
      answerDifferences(element, { totalCents: amountCents, taxCents, status: 'AUTHORISED' }, subject),
  }
}

/** Null where the journal cannot be made of it as it is now. */
function readyJournal({ payment, thing, context }: ReadyReceipt, isVoid: boolean): ReadyJournal | null {
  const { id } = payment
  const entry = isVoid ? null : receiptJournal(payment, context.books)
  if (entry && 'fits' in entry) return null
  return { kind: 'receipt', id, label: id, entry, factsHash: paymentHash(payment, null), thing }
}

/** The contact was refused or its outcome is not known: the receipt is taken up next time (E4). */
function contactNotThere({ id }: LedgerPayment, contact: string | null): CheckedThing {
  const finding: Finding = {
    kind: 'receipt',
    id,
    number: id,
    code: 'parent-not-exported',
    severity: 'error',
    field: 'contact',
    message: `Receipt ${id} was not sent, because its contact ${contact ?? '(none)'} is not in Xero yet.`,
    why: 'A prepayment or overpayment can only be sent once its contact is in Xero.',
    fix: 'See why the contact was not created (auxo-sync status), mend that and export again: the receipt goes along by itself.',
    xeroMessages: [],
  }
  return { id, verdict: 'skipped', reason: finding.message, findings: [finding] }
}
