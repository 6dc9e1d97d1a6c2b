// Sales invoices and bills as the sandbox keeps them: money in cents, quantities and prices in ten-thousandths.

import type { PlainDate } from '../accounting/calendar.ts'
import type { Cents, E4, E6 } from '../accounting/money.ts'

export type InvoiceType = 'ACCREC' | 'ACCPAY'
export const invoiceStatuses = ['DRAFT', 'SUBMITTED', 'DELETED', 'AUTHORISED', 'PAID', 'VOIDED'] as const
export type InvoiceStatus = (typeof invoiceStatuses)[number]
export const lineAmountTypes = ['Exclusive', 'Inclusive', 'NoTax'] as const
export type LineAmountTypes = (typeof lineAmountTypes)[number]

export interface LineTracking {
  readonly categoryId: string
  readonly optionId: string
  readonly name: string
  readonly option: string
}

export interface Line {
  readonly id: string
  readonly description: string | null
  /** Null on a line that is only a description; so are all its amounts. */
  readonly quantity: E4 | null
  readonly unitAmount: E4 | null
  readonly discountRate: E4 | null
  readonly discountAmount: Cents | null
  readonly accountId: string | null
  readonly taxType: string | null
  readonly taxAmount: Cents
  readonly lineAmount: Cents
  readonly itemCode: string | null
  readonly tracking: readonly LineTracking[]
}

/** A payment as its document shows it, the refund of a credit among them. */
export interface AppliedPayment {
  readonly id: string
  readonly date: PlainDate
  readonly amount: Cents
  readonly reference: string
  readonly currencyRate: E6
}

/** A credit note, prepayment or overpayment as its invoice shows it; all count in AmountCredited (§4.6). */
export interface AppliedCredit {
  readonly kind: 'CreditNote' | 'Prepayment' | 'Overpayment'
  readonly id: string
  readonly number: string
  readonly date: PlainDate
  readonly amount: Cents
  readonly total: Cents
}

export interface Totals {
  readonly subTotal: Cents
  readonly totalTax: Cents
  readonly total: Cents
  readonly totalDiscount: Cents
}

export interface Invoice extends Totals {
  readonly id: string
  readonly updatedAt: number
  readonly type: InvoiceType
  readonly status: InvoiceStatus
  readonly number: string
  readonly reference: string
  readonly contactId: string
  readonly date: PlainDate
  readonly dueDate: PlainDate | null
  readonly expectedPaymentDate: PlainDate | null
  readonly plannedPaymentDate: PlainDate | null
  readonly fullyPaidOn: PlainDate | null
  readonly lineAmountTypes: LineAmountTypes
  readonly currencyCode: string
  readonly currencyRate: E6
  readonly brandingThemeId: string | null
  readonly url: string | null
  readonly sentToContact: boolean
  readonly lines: readonly Line[]
  readonly payments: readonly AppliedPayment[]
  readonly credits: readonly AppliedCredit[]
}

export function numberKey(number: string): string {
  return number.toLowerCase()
}

export function amountPaid(invoice: Invoice): number {
  return invoice.payments.reduce((sum, payment) => sum + payment.amount, 0)
}

export function amountCredited(invoice: Invoice): number {
  return invoice.credits.reduce((sum, credit) => sum + credit.amount, 0)
}

export function hasAllocations(invoice: Invoice): boolean {
  return invoice.payments.length + invoice.credits.length > 0
}
