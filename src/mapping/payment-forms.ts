// How what a payment of the ledger says goes to Xero: the receipt itself, and each of its allocations. Decided once, so that
// money is never there twice (P1, P4, P6, P8). What a form looks like on the wire is payment.ts, receipt.ts, allocation.ts.

import { type Books, type Side, sideOf } from '../accounting/books.ts'
import type { LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { type Cents, cents } from '../accounting/money.ts'

/** Of the receipt: a bank transaction, a receipt journal, or nothing of its own. */
export type ReceiptForm = 'prepayment' | 'overpayment' | 'journal' | 'none'

/**
 * Of an allocation or refund: a Payment; an allocation of the prepayment or overpayment that its receipt became; a journal
 * (ar_style=journals, whose mapping is the journals'); or nothing.
 */
export type PaymentForm = 'payment' | 'prepayment_allocation' | 'overpayment_allocation' | 'journal' | 'none'

/**
 * The receipt of a payment, once it was written down to go out: what form it took is then settled, whatever the settings
 * say later. A receipt that was never sent, or was refused, is no such thing: pass null.
 */
export interface SentReceipt {
  form: Exclude<ReceiptForm, 'none'>
  /** `planned`: goes out in this run before its allocations. */
  standing: 'exported' | 'planned' | 'uncertain' | 'waiting'
  /** PrepaymentID or OverpaymentID (not that of the bank transaction); null until known, and for journals. */
  xeroId: string | null
  /** Documents whose allocations are not part of it, as in its facts: they go as payments. */
  besides: readonly string[]
  /** What is left of it to allocate or refund, in the currency it went out in: Xero's word where it is known. */
  remaining: Cents
}

export interface FormContext {
  books: Books
  /** Null where nothing of the receipt was written down yet. For a refund (`refund_of`): of the payment that it refunds. */
  receipt: SentReceipt | null
  /** A journal of the ledger of kind receipt or deposit posts the receipt: it goes out as that journal (J1). */
  hasOwnJournal: boolean
  /** Whose money it is; see `sideOfPayment`. */
  side: Side
  /** Documents whose allocation of this payment is in Xero as a Payment, or may be (sending, uncertain, mock export). */
  sentAsPayments: ReadonlySet<string>
  /** All documents that it is applied to are in its own currency; else what is left of it cannot be said. */
  isOneCurrency: boolean
}

/** The side of a payment: of what it is applied to, else of its contact. Money of customers where nothing says otherwise. */
export function sideOfPayment(
  allocatedTo: readonly DocumentKind[],
  contact: { isCustomer: boolean; isSupplier: boolean } | null,
): Side {
  const [kind] = allocatedTo
  if (kind !== undefined) return allocatedTo.some((one) => sideOf(one) === 'sales') ? 'sales' : 'purchases'
  return contact?.isSupplier && !contact.isCustomer ? 'purchases' : 'sales'
}

/** The kind of the things that its allocations are. */
export function thingKindOf({ kind }: LedgerPayment): 'payment' | 'refund' | 'discount' {
  return kind === 'refund' || kind === 'discount' ? kind : 'payment'
}

/** False for what never goes out: made in Xero, deleted, or payments are not sent at all (P1, P7). */
export function isSentToXero({ origin, state }: LedgerPayment, { settings }: Books): boolean {
  if (origin === 'external' || state === 'deleted') return false
  return settings.payments === 'both' || settings.payments === 'to_xero'
}

/** The form of the receipt. What was sent keeps its form. */
export function receiptFormOf(payment: LedgerPayment, context: FormContext): ReceiptForm {
  const { books, receipt, hasOwnJournal, side } = context
  if (payment.kind === 'discount' || payment.kind === 'refund') return 'none'
  if (receipt !== null) return receipt.form
  if (!isSentToXero(payment, books) || hasOwnJournal) return 'none'
  const { settings } = books
  // What went to the bank directly was received with it: only a receipt of which nothing went yet can go in two steps.
  const isClearing = settings.receipts === 'clearing' && side === 'sales' && context.sentAsPayments.size === 0
  if (settings.ar_style === 'journals' && side === 'sales') return isClearing ? 'journal' : 'none'
  if (payment.kind === 'deposit' && settings.deposits === 'prepayment')
    return notSentAsPayments(payment, context) > 0 ? 'prepayment' : 'none'
  if (isClearing) return 'journal'
  if (payment.kind === 'payment' && settings.remainders === 'overpayment' && context.isOneCurrency)
    return remainderOf(payment) > 0 ? 'overpayment' : 'none'
  return 'none'
}

/** The form of one allocation; null is the refund itself (`refund_of`, thing `payment/`). */
export function paymentFormOf(
  payment: LedgerPayment,
  allocation: PaymentAllocation | null,
  /** Of the allocated document; null where the ledger has none of that id. */
  documentKind: DocumentKind | null,
  context: FormContext,
): PaymentForm {
  if (payment.kind === 'discount' || !isSentToXero(payment, context.books)) return 'none'
  if (payment.kind === 'refund') {
    if (allocation === null && refundedAmount(payment) <= 0) return 'none'
    // What was received by a journal is given back by one (P6).
    if (allocation === null && context.receipt?.form === 'journal') return 'journal'
  } else if (allocation === null) return 'none'
  else {
    const form = receiptFormOf(payment, context)
    if (isOfReceipt(form, allocation.document, payment, context))
      return form === 'prepayment' ? 'prepayment_allocation' : 'overpayment_allocation'
  }
  const isSale = documentKind === null ? context.side === 'sales' : sideOf(documentKind) === 'sales'
  return context.books.settings.ar_style === 'journals' && isSale ? 'journal' : 'payment'
}

/** Whether the allocation's money is in the prepayment or overpayment, and not beside it. */
function isOfReceipt(
  form: ReceiptForm,
  document: string,
  payment: LedgerPayment,
  context: FormContext,
): boolean {
  if (form !== 'prepayment' && form !== 'overpayment') return false
  const besides = context.receipt?.besides ?? documentsBeside(form, payment, context)
  return !besides.includes(document)
}

/**
 * Documents whose allocations are not part of the receipt as it would go out now. A prepayment holds the whole deposit
 * but what went as payments before; an overpayment only what is above all allocations.
 */
export function documentsBeside(
  form: 'prepayment' | 'overpayment',
  payment: LedgerPayment,
  { sentAsPayments }: Pick<FormContext, 'sentAsPayments'>,
): string[] {
  const documents = payment.allocations.map(({ document }) => document)
  return form === 'overpayment' ? documents : documents.filter((document) => sentAsPayments.has(document))
}

/** What the prepayment or overpayment would be, in the payment's currency. */
export function receiptAmountOf(
  form: 'prepayment' | 'overpayment',
  payment: LedgerPayment,
  context: Pick<FormContext, 'sentAsPayments'>,
): Cents {
  return form === 'overpayment' ? remainderOf(payment) : notSentAsPayments(payment, context)
}

function notSentAsPayments(
  payment: LedgerPayment,
  { sentAsPayments }: Pick<FormContext, 'sentAsPayments'>,
): Cents {
  const sent = payment.allocations.filter(({ document }) => sentAsPayments.has(document))
  return cents(payment.amount - sumOf(sent))
}

/** What a payment has above its allocations (P8). Allocations are taken for amounts of its own currency. */
export function remainderOf(payment: LedgerPayment): Cents {
  return cents(payment.amount - sumOf(payment.allocations))
}

/** What of a refund is of the payment that it names: all that is not of credits. */
export function refundedAmount(refund: LedgerPayment): Cents {
  return refund.refundOf === null ? cents(0) : remainderOf(refund)
}

function sumOf(allocations: readonly PaymentAllocation[]): number {
  return allocations.reduce((sum, { amount }) => sum + amount, 0)
}

/** True where the Payment comes out of the unapplied_* role account, into which the receipt was posted (P6). */
export function comesOutOfClearing(payment: LedgerPayment, context: FormContext): boolean {
  if (payment.kind === 'refund' || payment.kind === 'discount') return false
  if (receiptFormOf(payment, context) === 'journal') return true
  return (
    context.hasOwnJournal &&
    context.receipt === null &&
    context.side === 'sales' &&
    context.books.settings.receipts === 'clearing'
  )
}
