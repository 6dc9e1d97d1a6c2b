// Xero's closed words as xero-node types them. Its declarations say numeric enums where the values are strings, and
// importing the values would load the whole SDK: so the words are written here, once, with their types.

import type {
  Address,
  BankTransaction,
  CreditNote,
  CurrencyCode,
  Invoice,
  LineAmountTypes,
  ManualJournal,
  Phone,
} from 'xero-node'
import type { AmountsMode } from '../accounting/kinds.ts'

/** The SDK's type for a word that it declares as a number: the cast is the only way to say what really goes out. */
function word<Enum>(value: string): Enum {
  return value as unknown as Enum
}

export const invoiceTypes = {
  ACCREC: word<Invoice.TypeEnum>('ACCREC'),
  ACCPAY: word<Invoice.TypeEnum>('ACCPAY'),
}

export const creditNoteTypes = {
  ACCRECCREDIT: word<CreditNote.TypeEnum>('ACCRECCREDIT'),
  ACCPAYCREDIT: word<CreditNote.TypeEnum>('ACCPAYCREDIT'),
}

export type NewDocumentStatus = 'AUTHORISED' | 'DRAFT'
export type EndedStatus = 'VOIDED' | 'DELETED'

/** Each model has an enumeration of its own for the same words: the caller's model says which. */
export function statusWord<Enum>(status: NewDocumentStatus | EndedStatus): Enum {
  return word<Enum>(status)
}

export function journalStatusWord(status: 'POSTED' | 'VOIDED'): ManualJournal.StatusEnum {
  return word(status)
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

const bankTransactionWords = {
  'RECEIVE-PREPAYMENT': word<BankTransaction.TypeEnum>('RECEIVE-PREPAYMENT'),
  'SPEND-PREPAYMENT': word<BankTransaction.TypeEnum>('SPEND-PREPAYMENT'),
  'RECEIVE-OVERPAYMENT': word<BankTransaction.TypeEnum>('RECEIVE-OVERPAYMENT'),
  'SPEND-OVERPAYMENT': word<BankTransaction.TypeEnum>('SPEND-OVERPAYMENT'),
}

export function bankTransactionWord(type: keyof typeof bankTransactionWords): BankTransaction.TypeEnum {
  return bankTransactionWords[type]
}

/** DEFAULT, MOBILE, DDI, FAX, OFFICE. */
export function phoneWord(type: string): Phone.PhoneTypeEnum {
  return word(type)
}

/** STREET or POBOX. */
export function addressWord(type: string): Address.AddressTypeEnum {
  return word(type)
}
