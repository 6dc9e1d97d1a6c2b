// The first half of a receipt in two steps (P6): money in bank clearing that is not applied to any invoice yet. The second
// half is a payment from the unapplied account, or with ar_style=journals another journal (journal-of-payment.ts).

import { type Books, baseCurrencyOf, currencyOf, type Role } from '../accounting/books.ts'
import type { LedgerPayment } from '../accounting/documents.ts'
import type { JournalEntry } from '../accounting/journal-entry.ts'
import { type Cents, cents, toBase } from '../accounting/money.ts'
import { roleLine } from './entry-lines.ts'
import type { MissingRate } from './journal-of-document.ts'
import { refundedAmount } from './payment-forms.ts'

/** Where money waits that is received and not applied. */
export function unappliedRoleOf(kind: LedgerPayment['kind']): Role {
  return kind === 'deposit' ? 'unapplied_deposits' : 'unapplied_payments'
}

/**
 * The whole receipt from bank clearing to its unapplied account. A refund goes the other way, to the account on which
 * what it refunds was received.
 */
export function receiptJournal(
  payment: LedgerPayment,
  books: Books,
  refunded: LedgerPayment | null = null,
): JournalEntry | MissingRate {
  const isRefund = payment.kind === 'refund'
  // What a refund gives back of credits is posted by its allocations.
  const amount = baseAmountOf(isRefund ? refundedAmount(payment) : payment.amount, payment, books)
  if (typeof amount !== 'number') return amount
  const signed = cents(isRefund ? -amount : amount)
  const words = isRefund ? 'Refund' : payment.kind === 'deposit' ? 'Deposit' : 'Payment'
  const reference = payment.reference?.trim()
  const narration = `${words} ${payment.id}${payment.contact ? ` of ${payment.contact}` : ''}`
  const description = reference || narration
  return {
    date: payment.date,
    narration: reference ? `${narration}, ${reference}` : narration,
    lines: [
      roleLine('bank_clearing', signed, description, books),
      roleLine(unappliedRoleOf(refunded?.kind ?? payment.kind), cents(-signed), description, books),
    ],
  }
}

/** An amount in the organisation's currency, at the rate of what it belongs to. */
export function baseAmountOf(
  amount: Cents,
  of: { currency: string | null; exchangeRate: LedgerPayment['exchangeRate'] },
  books: Books,
): Cents | MissingRate {
  const currency = currencyOf(of, books)
  const baseCurrency = baseCurrencyOf(books)
  if (currency === baseCurrency) return amount
  if (of.exchangeRate === null) return { fits: false, which: 'rate', currency, baseCurrency }
  return toBase(amount, of.exchangeRate)
}
