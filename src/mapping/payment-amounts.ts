// In which currency and amount a payment goes out: in the document's, beside it what the bank account moves by (I10, P8).

import { type Books, baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import {
  addCents,
  type Cents,
  cents,
  divideRounded,
  type E6,
  subtractCents,
  toBase,
} from '../accounting/money.ts'

/** The currency that a document is in, and how it went to Xero. */
export interface DocumentMoney {
  /** Of its amounts in the ledger. */
  currency: string
  /** The rate at which it was sent in base currency (foreign_currency=base); null where it went in its own. */
  convertedAt: E6 | null
}

/** An amount in the document's currency as Xero keeps the document. `before`: what was applied to the document earlier. */
export function sentAmount(amount: Cents, before: Cents, { convertedAt }: DocumentMoney): Cents {
  if (convertedAt === null) return amount
  // By the sums, so that what pays a document in full comes to its total in base currency too.
  return subtractCents(toBase(addCents(before, amount), convertedAt), toBase(before, convertedAt))
}

export function sentCurrency({ currency, convertedAt }: DocumentMoney, books: Books): string {
  return convertedAt === null ? currency : baseCurrencyOf(books)
}

/**
 * What the bank account moves by where the payment is in another currency than its document in Xero: the whole payment
 * where it is applied to this document alone, else the amount at the payment's rate, by the sums of its allocations so
 * that together they come to it. Null where neither can be said: two foreign currencies, or no rate.
 */
export function bankAmountOf(
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  money: DocumentMoney,
  books: Books,
): Cents | null {
  if (payment.allocations.length === 1) return payment.amount
  const rate = payment.exchangeRate
  if (rate === null) return null
  const base = baseCurrencyOf(books)
  const currency = currencyOf(payment, books)
  if (currency !== base && money.currency !== base) return null
  const inPaymentCurrency = (amount: Cents) =>
    currency === base ? toBase(amount, rate) : fromBase(amount, rate)
  const index = payment.allocations.findIndex(({ document }) => document === allocation.document)
  const before = addCents(...payment.allocations.slice(0, index).map(({ amount }) => amount))
  return subtractCents(inPaymentCurrency(addCents(before, allocation.amount)), inPaymentCurrency(before))
}

/** Base currency to foreign: amount × rate, half away from zero. */
function fromBase(amount: Cents, rate: E6): Cents {
  return cents(Number(divideRounded(BigInt(amount) * BigInt(rate), 1_000_000n)))
}
