// Fields that several actions share.

import type { Field } from './person-action.ts'

export const dateField = {
  name: 'date',
  label: 'Date',
  says: 'year-month-day; today if left out',
  kind: 'date',
  isOptional: true,
} as const satisfies Field

export const bankField = {
  name: 'account',
  label: 'Bank account',
  says: 'code of a bank account, or of one with payments enabled; 090 if left out',
  kind: 'text',
  isOptional: true,
} as const satisfies Field

export const referenceField = {
  name: 'reference',
  label: 'Reference',
  says: 'what people write on it',
  kind: 'text',
  isOptional: true,
} as const satisfies Field

export const amountField = {
  name: 'amount',
  label: 'Amount',
  says: 'in the currency of the document',
  kind: 'money',
} as const satisfies Field

export const contactField = {
  name: 'contact',
  label: 'Contact',
  says: 'name, number or id',
  kind: 'text',
} as const satisfies Field

export const invoiceField = {
  name: 'invoice',
  label: 'Invoice or bill',
  says: 'number or id',
  kind: 'text',
} as const satisfies Field

export const creditField = {
  name: 'credit',
  label: 'Credit',
  says: 'number of a credit note, reference of an overpayment or prepayment, or id',
  kind: 'text',
} as const satisfies Field
