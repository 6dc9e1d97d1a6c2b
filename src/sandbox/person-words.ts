// How documents and money are named in what a person reads: the sentences of person-…-actions.ts and the pages.

import { type Cents, formatCents } from '../accounting/money.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type PaymentTarget } from './payment-record.ts'
import { outstanding } from './settlement.ts'

/** 123456 cents as "1,234.56 NZD". */
export function moneyText(amount: Cents | number, currencyCode: string): string {
  return `${plainMoney(amount)} ${currencyCode}`
}

export function plainMoney(amount: Cents | number): string {
  return formatCents(amount).replace(/\B(?=(\d{3})+\.)/g, ',')
}

const kinds: Record<PaymentTarget['type'], string> = {
  ACCREC: 'invoice',
  ACCPAY: 'bill',
  ACCRECCREDIT: 'credit note',
  ACCPAYCREDIT: 'supplier credit',
  'RECEIVE-OVERPAYMENT': 'overpayment',
  'SPEND-OVERPAYMENT': 'overpayment to a supplier',
  'RECEIVE-PREPAYMENT': 'prepayment',
  'SPEND-PREPAYMENT': 'prepayment to a supplier',
}

export function kindOf({ type }: Pick<PaymentTarget, 'type'>): string {
  return kinds[type]
}

/** The number, or what else it is known by. */
export function labelOf(document: PaymentTarget): string {
  const label = isCredit(document) && document.kind !== 'CreditNote' ? document.reference : document.number
  return label === '' ? `dated ${document.date}` : label
}

/** "invoice INV-1", "overpayment dated 2026-11-22". */
export function nameOf(document: PaymentTarget): string {
  return `${kindOf(document)} ${labelOf(document)}`
}

export function contactName(organisation: Organisation, contactId: string): string {
  return organisation.contacts.get(contactId)?.name ?? 'an unknown contact'
}

/** What is left after something was done to it, as the end of a sentence. */
export function leftOf(document: PaymentTarget): string {
  const left = moneyText(outstanding(document), document.currencyCode)
  if (isCredit(document))
    return document.status === 'PAID' ? 'nothing of it is left' : `${left} of it is left`
  return document.status === 'PAID' ? 'nothing is due on it any more' : `${left} is due on it`
}
