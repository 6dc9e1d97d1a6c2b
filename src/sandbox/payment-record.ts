// Payments as the sandbox keeps them: of invoices and bills, and refunds of credits (§4.5). Money in cents.

import type { PlainDate } from '../accounting/calendar.ts'
import type { Cents, E6 } from '../accounting/money.ts'
import type { Credit, CreditKind } from './credit-record.ts'
import type { Invoice } from './invoice-record.ts'

export type PaymentType =
  | 'ACCRECPAYMENT'
  | 'ACCPAYPAYMENT'
  | 'ARCREDITPAYMENT'
  | 'APCREDITPAYMENT'
  | 'AROVERPAYMENTPAYMENT'
  | 'APOVERPAYMENTPAYMENT'
  | 'ARPREPAYMENTPAYMENT'
  | 'APPREPAYMENTPAYMENT'

export interface Payment {
  readonly id: string
  readonly updatedAt: number
  readonly type: PaymentType
  /** Deleted ones stay: a payment is never edited, only deleted. */
  readonly status: 'AUTHORISED' | 'DELETED'
  readonly target: { readonly kind: 'Invoice' | CreditKind; readonly id: string }
  /** The bank account, or another with payments enabled. */
  readonly accountId: string
  readonly date: PlainDate
  /** In the document's currency. */
  readonly amount: Cents
  /** In the account's currency. */
  readonly bankAmount: Cents
  /** Units of the document's currency for one of the base currency. */
  readonly currencyRate: E6
  readonly reference: string
  readonly isReconciled: boolean
  /** Of a batch payment, whose payments cannot be deleted singly (§4.1). */
  readonly batchId: string | null
}

/** What a payment pays or refunds. */
export type PaymentTarget = Invoice | Credit

const types: Record<PaymentTarget['type'], PaymentType> = {
  ACCREC: 'ACCRECPAYMENT',
  ACCPAY: 'ACCPAYPAYMENT',
  ACCRECCREDIT: 'ARCREDITPAYMENT',
  ACCPAYCREDIT: 'APCREDITPAYMENT',
  'RECEIVE-OVERPAYMENT': 'AROVERPAYMENTPAYMENT',
  'SPEND-OVERPAYMENT': 'APOVERPAYMENTPAYMENT',
  'RECEIVE-PREPAYMENT': 'ARPREPAYMENTPAYMENT',
  'SPEND-PREPAYMENT': 'APPREPAYMENTPAYMENT',
}

/** Direction does not follow from the prefix: a refund to a customer is an AR payment and money out (§4.5). */
export function paymentTypeOf(target: PaymentTarget): PaymentType {
  return types[target.type]
}

export function isCredit(target: PaymentTarget): target is Credit {
  return 'kind' in target
}
