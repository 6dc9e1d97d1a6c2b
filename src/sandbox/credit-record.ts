// Credit notes, prepayments and overpayments as the sandbox keeps them. All three hold a credit that is allocated to
// invoices or refunded in cash; where they differ is in how they come about (§4.4, §4.6).

import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents, type E6 } from '../accounting/money.ts'
import type { Side } from './document-rules.ts'
import type {
  AppliedCredit,
  AppliedPayment,
  InvoiceStatus,
  Line,
  LineAmountTypes,
  Totals,
} from './invoice-record.ts'

export interface Allocation {
  readonly id: string
  readonly invoiceId: string
  readonly date: PlainDate
  /** In the currency of the credit, which is the invoice's too. */
  readonly amount: Cents
}

interface CreditFacts extends Totals {
  readonly id: string
  readonly updatedAt: number
  readonly contactId: string
  readonly reference: string
  readonly date: PlainDate
  readonly lineAmountTypes: LineAmountTypes
  readonly currencyCode: string
  readonly currencyRate: E6
  readonly lines: readonly Line[]
  readonly allocations: readonly Allocation[]
  /** Money paid back; each is a Payment of its own too. */
  readonly payments: readonly AppliedPayment[]
  readonly fullyPaidOn: PlainDate | null
}

export interface CreditNote extends CreditFacts {
  readonly kind: 'CreditNote'
  readonly type: 'ACCRECCREDIT' | 'ACCPAYCREDIT'
  readonly status: InvoiceStatus
  readonly number: string
  readonly dueDate: PlainDate | null
  readonly brandingThemeId: string | null
}

export interface Prepayment extends CreditFacts {
  readonly kind: 'Prepayment'
  readonly type: 'RECEIVE-PREPAYMENT' | 'SPEND-PREPAYMENT'
  readonly status: 'AUTHORISED' | 'PAID' | 'VOIDED'
  readonly bankTransactionId: string
}

export interface Overpayment extends CreditFacts {
  readonly kind: 'Overpayment'
  readonly type: 'RECEIVE-OVERPAYMENT' | 'SPEND-OVERPAYMENT'
  readonly status: 'AUTHORISED' | 'PAID' | 'VOIDED'
  readonly bankTransactionId: string
}

/** PAID once nothing remains, AUTHORISED again once an allocation or refund is taken back. */
export type Credit = CreditNote | Prepayment | Overpayment
export type CreditKind = AppliedCredit['kind']

/** Whose credit it is: a customer's (sales) or ours with a supplier (purchases). */
export function sideOfCredit({ type }: Pick<Credit, 'type'>): Side {
  return type === 'ACCRECCREDIT' || type.startsWith('RECEIVE') ? 'sales' : 'purchases'
}

export function amountAllocated(credit: Credit): Cents {
  return cents(credit.allocations.reduce((sum, { amount }) => sum + amount, 0))
}

export function remainingCredit(credit: Credit): Cents {
  const refunded = credit.payments.reduce((sum, { amount }) => sum + amount, 0)
  return cents(credit.total - amountAllocated(credit) - refunded)
}

export function isUsed(credit: Credit): boolean {
  return credit.allocations.length + credit.payments.length > 0
}
