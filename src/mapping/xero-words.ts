// Xero's closed words as xero-node types them. Its declarations say numeric enums where the values are strings, and
// importing the values would load the whole SDK: so the words are written here, once, with their types.

import type { Address, CurrencyCode, Invoice, LineAmountTypes, Phone } from 'xero-node'
import type { AmountsMode } from '../accounting/kinds.ts'

/** The SDK's type for a word that it declares as a number: the cast is the only way to say what really goes out. */
function word<Enum>(value: string): Enum {
  return value as unknown as Enum
}

export const salesInvoiceType = word<Invoice.TypeEnum>('ACCREC')

export type NewDocumentStatus = 'AUTHORISED' | 'DRAFT'
const statusWords: Record<NewDocumentStatus, Invoice.StatusEnum> = {
  AUTHORISED: word('AUTHORISED'),
  DRAFT: word('DRAFT'),
}

export function statusWord(status: NewDocumentStatus): Invoice.StatusEnum {
  return statusWords[status]
}

const lineAmountWords: Record<AmountsMode, LineAmountTypes> = {
  exclusive: word('Exclusive'),
  inclusive: word('Inclusive'),
  no_tax: word('NoTax'),
}

export function lineAmountWord(amounts: AmountsMode): LineAmountTypes {
  return lineAmountWords[amounts]
}

export function currencyWord(currency: string): CurrencyCode {
  return word(currency)
}

export const phoneTypes = {
  DEFAULT: word<Phone.PhoneTypeEnum>('DEFAULT'),
  MOBILE: word<Phone.PhoneTypeEnum>('MOBILE'),
}

export const addressTypes = {
  STREET: word<Address.AddressTypeEnum>('STREET'),
  POBOX: word<Address.AddressTypeEnum>('POBOX'),
}
