// The rows of Xero's list of contacts, and the contact in the answer to a write: who it is, and what is said of it field by field
// (§4.2). A row that cannot be read makes the whole read fail, so that nothing is left out silently.

import * as z from 'zod'
import {
  type AddressInXero,
  type CardPerson,
  type ContactInXero,
  filledFields,
  type PhoneInXero,
} from '../accounting/contact-card.ts'
import { tidySpaces } from '../accounting/names.ts'
import type { FoundContact } from './found.ts'
import { flag, id, idOrNull, instant, text } from './row-values.ts'

const phone = z
  .object({ PhoneType: text, PhoneCountryCode: text, PhoneAreaCode: text, PhoneNumber: text })
  .transform(
    (row): PhoneInXero => ({
      type: row.PhoneType ?? 'DEFAULT',
      number: row.PhoneNumber ?? '',
      area: row.PhoneAreaCode ?? '',
      country: row.PhoneCountryCode ?? '',
    }),
  )

const parts = [
  'AddressLine1',
  'AddressLine2',
  'AddressLine3',
  'AddressLine4',
  'City',
  'Region',
  'PostalCode',
  'Country',
  'AttentionTo',
] as const

const address = z
  .object({ AddressType: text, ...(Object.fromEntries(parts.map((part) => [part, text])) as Parts) }) // its own names
  .transform(
    ({ AddressType, ...row }): AddressInXero => ({
      type: AddressType ?? 'STREET',
      parts: Object.fromEntries(parts.flatMap((part) => (row[part] ? [[part, row[part]]] : []))),
    }),
  )
type Parts = Record<(typeof parts)[number], typeof text>

const person = z.object({ FirstName: text, LastName: text, EmailAddress: text, IncludeInEmails: flag })

/** What is said of a contact, in lists and in answers. */
const details = {
  Name: text,
  EmailAddress: text,
  FirstName: text,
  LastName: text,
  TaxNumber: text,
  DefaultCurrency: text,
  Phones: z.array(phone).nullish(),
  Addresses: z.array(address).nullish(),
  ContactPersons: z.array(person).nullish(),
  IsCustomer: flag,
  IsSupplier: flag,
}
const written = z.object(details)

function inXeroOf(row: z.output<typeof written>): ContactInXero {
  const phones = row.Phones ?? []
  const addresses = row.Addresses ?? []
  const number = (type: string) => phones.flatMap((one) => (one.type === type ? (whole(one) ?? []) : []))[0]
  const street = addresses.find(({ type }) => type === 'STREET')?.parts ?? {}
  const postal = addresses.find(({ type }) => type === 'POBOX')?.parts ?? {}
  return {
    card: {
      fields: filledFields({
        name: tidySpaces(row.Name ?? ''),
        email: row.EmailAddress,
        first_name: row.FirstName,
        last_name: row.LastName,
        phone: number('DEFAULT'),
        mobile: number('MOBILE'),
        tax_number: row.TaxNumber,
        currency: row.DefaultCurrency,
        street_1: street['AddressLine1'],
        street_2: street['AddressLine2'],
        city: street['City'],
        state: street['Region'],
        postcode: street['PostalCode'],
        country: street['Country'],
        postal_street_1: postal['AddressLine1'],
        postal_street_2: postal['AddressLine2'],
        postal_city: postal['City'],
        postal_state: postal['Region'],
        postal_postcode: postal['PostalCode'],
        postal_country: postal['Country'],
      }),
      people: (row.ContactPersons ?? []).map(personOf),
    },
    phones,
    addresses,
    isCustomer: row.IsCustomer,
    isSupplier: row.IsSupplier,
  }
}

/** As one writes it: country, area, number. Null where there is no number. */
function whole({ country, area, number }: PhoneInXero): string | null {
  return number === '' ? null : [country, area, number].filter((part) => part !== '').join(' ')
}

function personOf(row: z.output<typeof person>, index: number): CardPerson {
  return {
    position: index + 1,
    firstName: row.FirstName?.trim() ?? '',
    lastName: row.LastName?.trim() ?? '',
    email: row.EmailAddress?.trim() ?? '',
    includeInEmails: row.IncludeInEmails,
  }
}

const contactRow = z
  .object({
    ...details,
    ContactID: id,
    Name: z.string(),
    ContactNumber: text,
    ContactStatus: text,
    MergedToContactID: idOrNull,
    UpdatedDateUTC: instant,
  })
  .transform((row): FoundContact => {
    const inXero = inXeroOf(row)
    return {
      contactId: row.ContactID,
      name: row.Name,
      contactNumber: row.ContactNumber,
      email: row.EmailAddress,
      phones: inXero.phones.flatMap((one) => whole(one) ?? []),
      status: row.ContactStatus ?? 'ACTIVE',
      mergedTo: row.MergedToContactID,
      updatedAt: row.UpdatedDateUTC,
      inXero,
    }
  })
export const contactRows = z.object({ Contacts: z.array(contactRow) }).transform((list) => list.Contacts)

/** The contact of an answer to a write, as Xero keeps it from then on; null where it cannot be read. */
export function writtenContact(element: unknown): ContactInXero | null {
  const read = written.safeParse(element)
  return read.success ? inXeroOf(read.data) : null
}
