// Bank transactions as the sandbox keeps them: money spent and received, prepayments and overpayments among it (§4.6).

import type { PlainDate } from '../accounting/calendar.ts'
import type { E6 } from '../accounting/money.ts'
import type { Line, LineAmountTypes, Totals } from './invoice-record.ts'

export const bankTransactionTypes = [
  'RECEIVE',
  'RECEIVE-OVERPAYMENT',
  'RECEIVE-PREPAYMENT',
  'SPEND',
  'SPEND-OVERPAYMENT',
  'SPEND-PREPAYMENT',
] as const
export type BankTransactionType = (typeof bankTransactionTypes)[number]

export interface BankTransaction extends Totals {
  readonly id: string
  readonly updatedAt: number
  readonly type: BankTransactionType
  /** DELETED and VOIDED ones stay in lists (§5). */
  readonly status: 'AUTHORISED' | 'DELETED' | 'VOIDED'
  readonly contactId: string
  readonly bankAccountId: string
  readonly isReconciled: boolean
  readonly date: PlainDate
  readonly reference: string
  readonly url: string | null
  readonly lineAmountTypes: LineAmountTypes
  readonly currencyCode: string
  readonly currencyRate: E6
  readonly lines: readonly Line[]
  /** The prepayment or overpayment that it made, or null. */
  readonly creditId: string | null
}
