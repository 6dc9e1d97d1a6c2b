// The questions about money: payments, bank transactions, and the prepayments and overpayments that they make. How a list
// is read to its end is read-lists.ts's business.

import type { ApiCalls } from './calls.ts'
import type { FoundBankTransaction, FoundPayment } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import { bankTransactionRows, overpaymentRows, paymentRows, prepaymentRows } from './payment-rows.ts'
import { type ChangeList, findChanged, findOne } from './read-lists.ts'

/** By itself this list is in the order of change (§2.3). Rows are small: the largest page there is. */
const payments: ChangeList<FoundPayment> = {
  path: '/Payments',
  name: { one: 'payment', many: 'payments' },
  rows: paymentRows,
  pageSize: 1000,
  query: {},
}
/** Pages come with lines, which nobody here reads: fewer rows, so that an answer stays in the low megabytes. */
const bankTransactions: ChangeList<FoundBankTransaction> = {
  path: '/BankTransactions',
  name: { one: 'bank transaction', many: 'bank transactions' },
  rows: bankTransactionRows,
  pageSize: 500,
  query: { order: 'UpdatedDateUTC ASC' },
}

export type PaymentReads = Pick<
  XeroGateway,
  | 'paymentsSince'
  | 'paymentById'
  | 'bankTransactionsSince'
  | 'bankTransactionById'
  | 'prepaymentById'
  | 'overpaymentById'
>

export function createPaymentReads(calls: ApiCalls): PaymentReads {
  const pathOf = (path: string, xeroId: string) => `${path}/${encodeURIComponent(xeroId)}`
  return {
    paymentsSince: (since) => findChanged(calls, payments, {}, since),
    paymentById: (xeroId) => findOne(calls, 'payment', pathOf('/Payments', xeroId), paymentRows),
    bankTransactionsSince: (since) => findChanged(calls, bankTransactions, {}, since),
    bankTransactionById: (xeroId) =>
      findOne(calls, 'bank transaction', pathOf('/BankTransactions', xeroId), bankTransactionRows),
    prepaymentById: (xeroId) => findOne(calls, 'prepayment', pathOf('/Prepayments', xeroId), prepaymentRows),
    overpaymentById: (xeroId) =>
      findOne(calls, 'overpayment', pathOf('/Overpayments', xeroId), overpaymentRows),
  }
}
