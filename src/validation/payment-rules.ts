// One allocation of a payment or deposit, or one refund, under all its rules (P1 to P8, M3): what form it takes, and whether
// it goes out now. Receipts, discounts and allocations of credits have files of their own.

import { currencyOf } from '../accounting/books.ts'
import { addDays, longDate, type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { addCents, type Cents, type E6, formatCents } from '../accounting/money.ts'
import { tagOf } from '../mapping/marker.ts'
import { needsBankAmount, paymentDateOf, paymentLabel, targetKindOf } from '../mapping/payment.ts'
import { bankAmountOf, type DocumentMoney, sentAmount } from '../mapping/payment-amounts.ts'
import {
  comesOutOfClearing,
  type FormContext,
  type PaymentForm,
  paymentFormOf,
  receiptFormOf,
  refundedAmount,
} from '../mapping/payment-forms.ts'
import { receiptCurrencyOf } from '../mapping/receipt.ts'
import type { Parent } from './context.ts'
import { findMarked, markedFinding } from './marked-money-rules.ts'
import { type Applied, checkAllocated, checkAmount, checkDue, checkRemaining } from './money-amount-rules.ts'
import { complainOf, concluded, type MoneyCheck, type MoneyThing, notSent } from './money-check.ts'
import { checkMoneyCutover, checkMoneyDate } from './money-date-rules.ts'
import { checkMoved, type MovedMoney } from './moved-money-rules.ts'
import { checkParent, parentName } from './parent-rules.ts'
import { checkPaymentAccount } from './payment-account-rules.ts'

export interface PaymentCheckContext extends FormContext {
  /** A journal of the ledger may be the payment (P2). */
  thing: { kind: 'payment' | 'refund' | 'journal'; id: string }
  today: PlainDate
  /** The document of the allocation; null where the ledger has none of that id, and for a refund without one. */
  parent: Parent | null
  /** See DocumentMoney. */
  convertedAt: E6 | null
  applied: Applied
  /** What Xero has of the payment otherwise than the ledger. */
  moved: readonly MovedMoney[]
  /** The document as read from Xero; null where it was not asked. */
  xero: DocumentInXero | null
  /** What people paid on the document in Xero, as far as it came back; in the document's currency in the ledger. */
  external: readonly ExternalPayment[]
  /** What was received counts as exported by a mock export (M1): it is in the books that Xero began with. */
  isReceiptMarked: boolean
}

export interface ExternalPayment {
  date: PlainDate | null
  amount: Cents
}

export interface DocumentInXero {
  /** Of a credit: RemainingCredit. */
  amountDue: Cents
  payments: readonly { xeroId: string; date: PlainDate | null; amount: Cents; reference: string | null }[]
  /** Ids of payments that the ledger sent or paired: not those that it only learnt of from Xero (external). */
  ours: ReadonlySet<string>
}

/** Judges one allocation; null is the refund itself (`refund_of`, thing `payment/`). */
export function checkPayment(
  payment: LedgerPayment,
  allocation: PaymentAllocation | null,
  context: PaymentCheckContext,
): MoneyCheck<PaymentForm> {
  const { books, parent } = context
  const form = paymentFormOf(payment, allocation, parent?.kind ?? null, context)
  if (form === 'none') return notSent(form)
  const onto = allocation === null ? payment.refundOf : (parent?.number.trim() ?? allocation.document)
  const thing: MoneyThing = { ...context.thing, label: paymentLabel(payment, onto || null) }
  const date = paymentDateOf(payment, allocation)
  // What was received before the cutover is not received again; what is applied from an account of Xero's is new there.
  const ownDate = comesOutOfClearing(payment, context) ? date : payment.date
  const old = checkMoneyCutover(thing, ownDate, books)
  if (old.length > 0) return notSent(form, old)
  if (context.isReceiptMarked && !comesOutOfClearing(payment, context))
    return notSent(form, [receivedBefore(thing, payment)])
  const amount = allocation?.amount ?? refundedAmount(payment)
  return concluded(form, [
    ...checkAmount(thing, amount),
    ...checkAllocated(thing, payment, context.isOneCurrency),
    ...checkMoved(thing, context.moved),
    ...checkMoneyDate(thing, date, context),
    ...(allocation === null
      ? checkRefundOfPayment(thing, payment, form, context)
      : checkOnDocument(thing, payment, allocation, form, context)),
  ])
}

function receivedBefore(thing: MoneyThing, payment: LedgerPayment): Finding {
  return complainOf(thing, {
    code: 'before-cutover',
    severity: 'information',
    field: 'payment',
    message: `is of payment ${payment.id} of ${longDate(payment.date)}, which was marked as exported at cutover, and is not exported.`,
    why: 'What was received before the cutover is in the books that Xero began with, and would be there twice.',
    fix: 'Apply it in Xero by hand, and it comes back. If Xero does not have it at all: auxo-sync reset payment:ID',
  })
}

/** A refund of what another payment brought: that is in Xero as a prepayment or overpayment, and enough is left of it. */
function checkRefundOfPayment(
  thing: MoneyThing,
  refund: LedgerPayment,
  form: PaymentForm,
  context: PaymentCheckContext,
): Finding[] {
  if (form === 'journal') return []
  const { receipt, books } = context
  const missing = checkReceiptStanding(thing, refund.refundOf ?? '', context)
  if (missing) return [missing]
  if (receipt === null) return []
  return [
    ...checkPaymentAccount(thing, refund, `payment ${refund.refundOf}`, context),
    ...(receiptCurrencyOf(refund, books) === currencyOf(refund, books)
      ? []
      : [rateMissing(thing, refund, null)]),
    ...checkRemaining(thing, refundedAmount(refund), receipt.remaining, `payment ${refund.refundOf}`),
  ]
}

/** Why nothing can be taken from the prepayment or overpayment yet; null where it is in Xero, or goes before. */
function checkReceiptStanding(
  thing: MoneyThing,
  paymentId: string,
  { receipt }: PaymentCheckContext,
): Finding | null {
  if (receipt === null || receipt.form === 'journal') {
    if (thing.kind === 'refund')
      return complainOf(thing, {
        code: 'refund-target-missing',
        field: 'refundOf',
        message: `refunds payment ${paymentId}, of which nothing in Xero can be refunded.`,
        why: 'Xero refunds credit notes, prepayments and overpayments, and no payment that is applied to a document.',
        fix: 'Apply the refund to a credit note in the ledger, or enter the refund in Xero.',
      })
    return waitsForReceipt(thing, paymentId, 'is not in Xero yet')
  }
  if (receipt.standing === 'planned' || (receipt.standing === 'exported' && receipt.xeroId !== null))
    return null
  return waitsForReceipt(
    thing,
    paymentId,
    receipt.standing === 'uncertain' ? 'may be in Xero or not: that is not known yet' : 'is not in Xero yet',
  )
}

/** What comes out of the account of money received and not applied has to be received first (P6). */
function checkReceiptJournal(
  thing: MoneyThing,
  payment: LedgerPayment,
  context: PaymentCheckContext,
): Finding[] {
  if (payment.kind === 'refund' || receiptFormOf(payment, context) !== 'journal') return []
  const standing = context.receipt?.standing
  if (standing === 'exported' || standing === 'planned') return []
  // What was received before the cutover is in the books that Xero began with.
  const { cutover_date } = context.books.settings
  if (context.isReceiptMarked || (cutover_date !== 'none' && payment.date < cutover_date)) return []
  return [
    waitsForReceipt(
      thing,
      payment.id,
      standing === 'uncertain' ? 'may be in Xero or not: that is not known yet' : 'is not in Xero yet',
    ),
  ]
}

function waitsForReceipt(thing: MoneyThing, paymentId: string, words: string): Finding {
  return complainOf(thing, {
    code: 'parent-not-exported',
    severity: 'warning',
    field: 'payment',
    message: `comes out of receipt ${paymentId}, which ${words}.`,
    why: 'What is received has to be in Xero before it is applied or refunded.',
    fix: `See what stands against receipt ${paymentId} (auxo-sync status), mend that and export again: it goes along by itself.`,
  })
}

function checkOnDocument(
  thing: MoneyThing,
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  form: PaymentForm,
  context: PaymentCheckContext,
): Finding[] {
  const { parent, books, xero, applied, convertedAt } = context
  const standing = checkParent(thing, parent, allocation.document, books)
  if (parent === null) return standing
  const wrongKind = checkTargetKind(thing, payment, parent, context)
  if (wrongKind.length > 0) return wrongKind
  // Nothing is due on what is void: that is said once.
  if (standing.some(({ severity }) => severity === 'error')) return standing
  const money: DocumentMoney = { currency: parent.currency, convertedAt }
  const findings = [...standing]
  findings.push(...checkReceiptJournal(thing, payment, context))
  if (form === 'payment') {
    findings.push(...checkPaymentAccount(thing, payment, parentName(parent), context))
    if (needsBankAmount(payment, money, books) && bankAmountOf(payment, allocation, money, books) === null)
      findings.push(rateMissing(thing, payment, parent))
  } else if (form !== 'journal')
    findings.push(...checkFromReceipt(thing, payment, allocation, money, context))
  const marked = form === 'payment' && xero && findMarked(xero.payments, books.entity.code, context.thing)
  if (marked) return [...findings, markedFinding(thing, marked)]
  const duplicate =
    form === 'payment'
      ? (findExternal(payment, allocation, context) ??
        (xero && findDuplicate(payment, allocation, money, xero, context)))
      : null
  if (duplicate) findings.push(duplicateFinding(thing, duplicate, parent))
  else findings.push(...checkDue(thing, allocation.amount, parent, applied, xero?.amountDue ?? null, money))
  return findings
}

/** Payments go on invoices and bills, refunds on credits (§4.5). */
function checkTargetKind(
  thing: MoneyThing,
  payment: LedgerPayment,
  parent: Parent,
  { books }: PaymentCheckContext,
): Finding[] {
  const isCredit = targetKindOf(parent) === 'creditNote'
  if (payment.kind === 'refund' && !isCredit)
    return [
      complainOf(thing, {
        code: 'refund-target-missing',
        field: 'document',
        message: `refunds ${parentName(parent)}, which is no credit.`,
        why: 'Xero refunds credit notes, prepayments and overpayments, never an invoice or a bill.',
        fix: 'Apply the refund to a credit note in the ledger, or name the payment that it gives back (refund_of).',
      }),
    ]
  const isOrder = parent.kind === 'purchase_order' && books.settings.purchase_orders !== 'bills'
  if ((payment.kind === 'refund' || !isCredit) && !isOrder) return []
  return [
    complainOf(thing, {
      code: 'target-wrong-kind',
      field: 'document',
      message: `is for ${parentName(parent)}, which takes no payments.`,
      why: 'Payments go on invoices and bills; money given back for a credit is a refund.',
      fix: isOrder
        ? 'Apply it to the bill of the order.'
        : 'Make it a refund in the ledger, or apply it to an invoice.',
    }),
  ]
}

/** An allocation of the prepayment or overpayment that the receipt became (P4). */
function checkFromReceipt(
  thing: MoneyThing,
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  money: DocumentMoney,
  context: PaymentCheckContext,
): Finding[] {
  const { receipt, books, applied } = context
  const findings: Finding[] = []
  if (currencyOf(payment, books) !== money.currency)
    findings.push(
      complainOf(thing, {
        code: 'currency-mismatch',
        field: 'currency',
        message: `is in ${currencyOf(payment, books)}, and the document is in ${money.currency}.`,
        why: 'Xero applies prepayments and overpayments only to documents of their own currency.',
        fix: 'Correct the currency in the ledger, or apply it in Xero by hand.',
      }),
    )
  const missing = checkReceiptStanding(thing, payment.id, context)
  if (missing) return [...findings, missing]
  if (receipt === null) return findings
  const sent = sentAmount(allocation.amount, addCents(applied.before, applied.planned), money)
  return [...findings, ...checkRemaining(thing, sent, receipt.remaining, `receipt ${payment.id}`)]
}

function rateMissing(thing: MoneyThing, payment: LedgerPayment, parent: Parent | null): Finding {
  const target = parent === null ? 'what it refunds' : parentName(parent)
  return complainOf(thing, {
    code: 'rate-missing',
    field: 'exchangeRate',
    message: `is in another currency than ${target}, and what the bank account moves by cannot be said.`,
    why: 'The amount is in the currency of the document; Xero also wants it in that of the bank account.',
    fix: `Give payment ${payment.id} its exchange rate in the ledger, or make it one payment for each document.`,
  })
}

/** How many days apart two entries of one payment may be dated (P5). */
const duplicateDays = 3

/** The same payment entered in Xero by hand: amount and date agree, and it is none of ours (P5). */
function findDuplicate(
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  money: DocumentMoney,
  xero: DocumentInXero,
  { applied }: PaymentCheckContext,
): DocumentInXero['payments'][number] | null {
  const date = paymentDateOf(payment, allocation)
  if (parseDate(date) === null) return null
  const amount = sentAmount(allocation.amount, addCents(applied.before, applied.planned), money)
  const from = addDays(date, -duplicateDays)
  const to = addDays(date, duplicateDays)
  const isSame = (other: DocumentInXero['payments'][number]) =>
    other.amount === amount && other.date !== null && other.date >= from && other.date <= to
  return (
    xero.payments.find(
      (other) => isSame(other) && !xero.ours.has(other.xeroId) && tagOf(other.reference) === null,
    ) ?? null
  )
}

/** The same among the payments that came back from Xero. */
function findExternal(
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  { external }: PaymentCheckContext,
): ExternalPayment | null {
  const date = paymentDateOf(payment, allocation)
  if (parseDate(date) === null) return null
  const from = addDays(date, -duplicateDays)
  const to = addDays(date, duplicateDays)
  const isSame = (other: ExternalPayment) =>
    other.amount === allocation.amount && other.date !== null && other.date >= from && other.date <= to
  return external.find(isSame) ?? null
}

function duplicateFinding(thing: MoneyThing, { date, amount }: ExternalPayment, parent: Parent): Finding {
  return complainOf(thing, {
    code: 'payment-duplicate',
    field: 'amount',
    message: `seems to be in Xero already: ${parentName(parent)} has a payment of ${formatCents(amount)}${date ? ` of ${longDate(date)}` : ''} that was entered there.`,
    why: `A payment of the same amount on the same document within ${duplicateDays} days is taken for the same one, entered on both sides.`,
    fix: 'If it is the same, delete it in the ledger or in Xero. If it is another one, enter it in Xero and delete it in the ledger.',
  })
}
