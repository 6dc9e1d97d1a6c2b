// Purchase orders as the sandbox keeps them. They post nothing and lock no period; their prices have four decimals (§4.9).

import type { PlainDate } from '../accounting/calendar.ts'
import type { E6 } from '../accounting/money.ts'
import type { Line, LineAmountTypes, Totals } from './invoice-record.ts'

export const purchaseOrderStatuses = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'BILLED', 'DELETED'] as const
export type PurchaseOrderStatus = (typeof purchaseOrderStatuses)[number]

/** The texts that are kept as they are sent, by Xero's names. */
export const orderTextFields = [
  'Reference',
  'DeliveryAddress',
  'AttentionTo',
  'Telephone',
  'DeliveryInstructions',
] as const
export type OrderTexts = Readonly<Partial<Record<(typeof orderTextFields)[number], string>>>

export interface PurchaseOrder extends Totals {
  readonly id: string
  readonly updatedAt: number
  readonly status: PurchaseOrderStatus
  readonly number: string
  readonly contactId: string
  readonly date: PlainDate
  readonly deliveryDate: PlainDate | null
  readonly expectedArrivalDate: PlainDate | null
  readonly lineAmountTypes: LineAmountTypes
  readonly currencyCode: string
  readonly currencyRate: E6
  readonly brandingThemeId: string | null
  readonly sentToContact: boolean
  readonly texts: OrderTexts
  readonly lines: readonly Line[]
}
