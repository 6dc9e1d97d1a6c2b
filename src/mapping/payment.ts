// A payment of one document, or the refund of a credit, in Xero's shape, and the facts by which Xero can find it again
// (P1, P2, P8, §4.5). It takes what validation has let through; what cannot be sent here is a bug. Which form an allocation
// takes is payment-forms.ts; a deletion has no payload of its own but its status (gateway.encodeDeletion).

import type { Payment } from 'xero-node'
import { type Books, baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { type Cents, centsToWire, e6ToWire } from '../accounting/money.ts'
import { markerTag, referenceWithTag } from './marker.ts'
import { accountReference, paymentAccountOf } from './payment-account.ts'
import { bankAmountOf, type DocumentMoney, sentAmount, sentCurrency } from './payment-amounts.ts'
import { type FormContext, refundedAmount } from './payment-forms.ts'

/** What a payment is on. Exactly one of them goes with it, by its id alone: more would change the document (§4.5). */
export type TargetKind = 'invoice' | 'creditNote' | 'prepayment' | 'overpayment'

/** By what a sent payment is recognised in Xero (`paymentsSince`, or under its document), and its answer compared. */
export interface PaymentFacts {
  channel: 'payments'
  targetKind: TargetKind
  /** InvoiceID, CreditNoteID, PrepaymentID or OverpaymentID. */
  targetId: string
  /** In the currency of the target. */
  amountCents: Cents
  currency: string
  date: PlainDate
  /** At the end of its Reference. */
  tag: string
  /** A code or an account id. */
  account: string
  /** What the bank account moves by; null where Xero knows it from the amount. */
  bankAmountCents: Cents | null
  /** What people call it. */
  label: string
}

export interface PaymentTarget {
  kind: TargetKind
  xeroId: string
  /** What people call the document, or the receipt that is refunded. */
  number: string
  money: DocumentMoney
}

export interface PaymentMappingContext extends FormContext {
  thing: { kind: 'payment' | 'refund' | 'journal'; id: string }
  target: PaymentTarget
  /** What was applied to the target before, in the ledger's currency of it; only asked where it was converted. */
  appliedBefore: Cents
}

/** The kind of the target that a document of the ledger is in Xero: a negative invoice or bill is a credit there (I13). */
export function targetKindOf(document: { kind: DocumentKind; total: Cents }): TargetKind {
  const isCredit =
    document.kind === 'credit_note' || document.kind === 'supplier_credit' || document.total < 0
  return isCredit ? 'creditNote' : 'invoice'
}

/** The date a payment goes out with: of its allocation, else its own. */
export function paymentDateOf(
  payment: LedgerPayment,
  allocation: { date: PlainDate | null } | null,
): PlainDate {
  return allocation?.date ?? payment.date
}

/** "PAY-17 on INV-7", as findings and reports call a payment. */
export function paymentLabel(payment: LedgerPayment, on: string | null): string {
  return on === null ? payment.id : `${payment.id} on ${on}`
}

/**
 * The payment for Xero. Without an allocation it is the refund of what another payment brought (`refund_of`). Where the
 * payment is in another currency than the document, BankAmount is sent and Xero works out the rate; where both are in
 * the same foreign one, the ledger's rate is sent, if it has one (P8, §4.5).
 */
export function mapPayment(
  payment: LedgerPayment,
  allocation: PaymentAllocation | null,
  context: PaymentMappingContext,
): { model: Payment; facts: PaymentFacts } {
  const { books, target, thing } = context
  const chosen = paymentAccountOf(payment, context)
  if (chosen === null) throw new Error(`payment ${thing.id} without an account passed validation`)
  const amount = sentAmount(
    allocation?.amount ?? refundedAmount(payment),
    context.appliedBefore,
    target.money,
  )
  const date = paymentDateOf(payment, allocation)
  const tag = markerTag({ entity: books.entity.code, kind: thing.kind, id: thing.id })
  const bankAmount = sentBankAmount(payment, allocation, target.money, books)
  const rate = bankAmount === null ? sentRate(payment, target.money, books) : null
  const model: Payment = {
    ...targetReference(target),
    account: accountReference(chosen.account, books),
    date,
    amount: centsToWire(amount),
    reference: referenceWithTag(plainReference(payment), tag),
    ...(bankAmount === null ? {} : { bankAmount: centsToWire(bankAmount) }),
    ...(rate === null ? {} : { currencyRate: rate }),
  }
  const facts: PaymentFacts = {
    channel: 'payments',
    targetKind: target.kind,
    targetId: target.xeroId,
    amountCents: amount,
    currency: sentCurrency(target.money, books),
    date,
    tag,
    account: chosen.account,
    bankAmountCents: bankAmount,
    label: paymentLabel(payment, target.number),
  }
  return { model, facts }
}

/** The reference of a payment as one line: what cannot stand in it, such as the end of a line, is a space in Xero. */
export function plainReference({ reference }: Pick<LedgerPayment, 'reference'>): string | null {
  const plain = reference?.replaceAll(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim()
  return plain ? plain : null
}

function targetReference({
  kind,
  xeroId,
}: PaymentTarget): Pick<Payment, 'invoice' | 'creditNote' | 'prepayment' | 'overpayment'> {
  switch (kind) {
    case 'invoice':
      return { invoice: { invoiceID: xeroId } }
    case 'creditNote':
      return { creditNote: { creditNoteID: xeroId } }
    case 'prepayment':
      return { prepayment: { prepaymentID: xeroId } }
    case 'overpayment':
      return { overpayment: { overpaymentID: xeroId } }
  }
}

/** True where BankAmount has to say what the account moves by. What is posted in base currency needs none. */
export function needsBankAmount(payment: LedgerPayment, money: DocumentMoney, books: Books): boolean {
  return money.convertedAt === null && currencyOf(payment, books) !== money.currency
}

function sentBankAmount(
  payment: LedgerPayment,
  allocation: PaymentAllocation | null,
  money: DocumentMoney,
  books: Books,
): Cents | null {
  if (!needsBankAmount(payment, money, books)) return null
  const amount = allocation === null ? null : bankAmountOf(payment, allocation, money, books)
  if (amount === null) throw new Error(`payment ${payment.id} in another currency passed validation`)
  return amount
}

function sentRate(payment: LedgerPayment, money: DocumentMoney, books: Books): number | null {
  if (payment.exchangeRate === null || money.convertedAt !== null) return null
  return money.currency === baseCurrencyOf(books) ? null : e6ToWire(payment.exchangeRate)
}
