// A contact as the sandbox keeps it.

import type { JsonObject } from './json.ts'

export const phoneTypes = ['DEFAULT', 'DDI', 'FAX', 'MOBILE', 'OFFICE'] as const
export type PhoneType = (typeof phoneTypes)[number]
export const addressTypes = ['STREET', 'POBOX'] as const
export type AddressType = (typeof addressTypes)[number]

/** Fields without rules of their own: kept as sent and given back so. */
export const plainContactFields = [
  'FirstName',
  'LastName',
  'CompanyNumber',
  'BankAccountDetails',
  'TaxNumber',
  'TaxNumberType',
  'AccountsReceivableTaxType',
  'AccountsPayableTaxType',
  'SalesDefaultLineAmountType',
  'PurchasesDefaultLineAmountType',
  'DefaultCurrency',
  'XeroNetworkKey',
  'SalesDefaultAccountCode',
  'PurchasesDefaultAccountCode',
  'PaymentTerms',
] as const

export interface Contact {
  readonly id: string
  readonly updatedAt: number
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST'
  readonly name: string
  /** ContactNumber, which only the API can write. */
  readonly number: string | null
  readonly accountNumber: string | null
  readonly email: string | null
  readonly plain: JsonObject
  readonly addresses: Readonly<Partial<Record<AddressType, JsonObject>>>
  readonly phones: Readonly<Partial<Record<PhoneType, JsonObject>>>
  readonly persons: readonly JsonObject[]
  /** Flip with the first document and leave updatedAt where it was (§4.2). */
  readonly isCustomer: boolean
  readonly isSupplier: boolean
  readonly mergedTo: string | null
  /** Demo contacts come back with bare phones and addresses, ours with empty strings (§0.1). */
  readonly isDemo: boolean
}

/** Names are compared without regard to case (§4.2). */
export function nameKey(name: string): string {
  return name.trim().toLowerCase()
}
