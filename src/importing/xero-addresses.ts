// The contact's details as Xero's templates write them: four address lines become two, postal and street apart.

import { type Column, type LoadContext, named, type Row } from './file-kind.ts'
import { type CellValue, oneLine } from './values.ts'

/** Xero's PO columns are the postal address, its SA columns the street address. Lines 2 to 4 are joined afterwards. */
const address = (prefix: 'PO' | 'SA', field: '' | 'postal_'): Column[] => [
  named(`${prefix}AddressLine1`, 'contact', `${field}street_1`, oneLine),
  named(`${prefix}AddressLine2`, 'contact', `${field}street_2`, oneLine),
  named(`${prefix}AddressLine3`, 'contact', `${field}street_3`, oneLine),
  named(`${prefix}AddressLine4`, 'contact', `${field}street_4`, oneLine),
  named(`${prefix}City`, 'contact', `${field}city`, oneLine),
  named(`${prefix}Region`, 'contact', `${field}state`, oneLine),
  named(`${prefix}PostalCode`, 'contact', `${field}postcode`, oneLine),
  named(`${prefix}Country`, 'contact', `${field}country`, oneLine),
]

export const contactColumns: readonly Column[] = [
  named('EmailAddress', 'contact', 'email', oneLine),
  ...address('PO', 'postal_'),
  ...address('SA', ''),
]

/** The contact's filled columns of a row, as the ledger has them. */
export function contactOf(row: Row): Record<string, CellValue | undefined> {
  const contact = { ...row.of('contact') }
  for (const field of ['', 'postal_'] as const) joinStreet(contact, field)
  return contact
}

function joinStreet(contact: Record<string, CellValue | undefined>, field: '' | 'postal_'): void {
  const rest: CellValue[] = []
  for (const line of [2, 3, 4]) {
    const text = contact[`${field}street_${line}`]
    if (text !== undefined) rest.push(text)
    delete contact[`${field}street_${line}`]
  }
  if (rest.length > 0) contact[`${field}street_2`] = rest.join(', ')
}

/** The contact's columns that the file has; an existing contact takes them where they are filled. */
export function contactUpdate(context: LoadContext): string[] {
  const columns = context.columnsOf('contact').map((column) => column.replace(/street_[34]$/, 'street_2'))
  return [...new Set(columns)].filter((column) => column !== 'name')
}
