// A contact of the ledger in Xero's shape (K1, K2, K6 to K8), new or changed. Which contact of Xero it is, is contact-matching.ts's
// business, what of it changed contact-merge.ts's; empty fields, IsCustomer and IsSupplier are never sent.

import { createHash } from 'node:crypto'
import type { Address, Contact, ContactPerson, Phone } from 'xero-node'
import type { Books } from '../accounting/books.ts'
import {
  type AddressInXero,
  type CardFields,
  type CardPerson,
  type ContactField,
  type ContactInXero,
  cardOf,
  contactFields,
} from '../accounting/contact-card.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import { tidySpaces } from '../accounting/names.ts'
import type { EntitySettings } from '../accounting/settings.ts'
import { addressWord, currencyWord, phoneWord } from './xero-words.ts'

/** By what a sent contact is recognised in Xero. */
export interface ContactFacts {
  number: string
  name: string
}

export interface ContactMapping {
  model: Contact
  facts: ContactFacts
}

/** Xero shows a primary person and takes five more (§4.2). */
export const morePeopleMax = 5

const contactNumberMax = 50
const hashDigits = 16

/**
 * The ContactNumber of a contact code. A code that is too long, or that Xero might alter (control characters, odd
 * spaces), is shortened and gets a hash of the whole code: always the same, and no other code's.
 */
export function contactNumberOf(code: string): string {
  const clean = tidySpaces(code.replaceAll(/\p{Cc}/gu, ' ')).replaceAll(/\p{Surrogate}/gu, '?')
  if (clean === code && code.length <= contactNumberMax) return code
  const hash = createHash('sha256').update(code).digest('hex').slice(0, hashDigits)
  // A cut between the two halves of one character leaves half of it behind.
  const start = clean.slice(0, contactNumberMax - hashDigits - 1).replace(/\p{Surrogate}$/u, '')
  return `${start}-${hash}`
}

/** The fields of a contact that go to Xero, and are kept in step with it (K2). */
export function sentFields(detail: EntitySettings['contact_detail']): readonly ContactField[] {
  return detail === 'name' ? ['name'] : contactFields
}

/** A new contact for Xero. */
export function mapContact(contact: LedgerContact, { books }: { books: Books }): ContactMapping {
  const { fields, people } = cardOf(contact)
  const facts: ContactFacts = { number: contactNumberOf(contact.code), name: tidySpaces(contact.name) }
  const model: Contact = { name: facts.name, contactNumber: facts.number }
  if (books.settings.contact_detail === 'full') {
    Object.assign(model, detailsOf(fields, { phones: [], addresses: [] }))
    if (people.length > 0) model.contactPersons = people.slice(0, morePeopleMax).map(personOf)
  }
  return { model, facts }
}

export interface ContactChange {
  /** Only what changes. */
  send: CardFields
  /** The whole list of people; null where it stays. */
  sendPeople: readonly CardPerson[] | null
}

/**
 * A change of a contact that Xero has: what changes, and what goes with it. People, phones and the parts of an address that Xero
 * has are carried along, since Xero drops what is not listed (§4.2).
 */
export function mapContactChange(
  xeroContactId: string,
  { send, sendPeople }: ContactChange,
  inXero: ContactInXero,
): Contact {
  const people = sendPeople ?? inXero.card.people
  return {
    contactID: xeroContactId,
    ...(send.name === undefined ? {} : { name: send.name }),
    ...detailsOf(send, inXero),
    ...(people.length > 0 ? { contactPersons: people.map(personOf) } : {}),
  }
}

/** Everything but the name, with what Xero has beside it. */
function detailsOf(fields: CardFields, inXero: Pick<ContactInXero, 'phones' | 'addresses'>): Contact {
  const details: Contact = {}
  if (fields.email) details.emailAddress = fields.email
  if (fields.first_name) details.firstName = fields.first_name
  if (fields.last_name) details.lastName = fields.last_name
  if (fields.tax_number) details.taxNumber = fields.tax_number
  if (fields.currency) details.defaultCurrency = currencyWord(fields.currency)
  if (fields.phone || fields.mobile) details.phones = phonesOf(fields, inXero)
  const addresses = addressesOf(fields, inXero)
  if (addresses) details.addresses = addresses
  return details
}

function personOf({ firstName, lastName, email, includeInEmails }: CardPerson): ContactPerson {
  const details: ContactPerson = { includeInEmails }
  if (firstName) details.firstName = firstName
  if (lastName) details.lastName = lastName
  if (email) details.emailAddress = email
  return details
}

/** Our number is whole: what Xero had of the other parts goes, or it would stand before ours. */
function phonesOf({ phone, mobile }: CardFields, { phones }: Pick<ContactInXero, 'phones'>): Phone[] {
  const ours = new Map(
    Object.entries({ DEFAULT: phone, MOBILE: mobile }).flatMap(([type, number]): [string, Phone][] => {
      if (!number) return []
      const there = phones.find((one) => one.type === type)
      const cleared = there?.area || there?.country ? { phoneAreaCode: '', phoneCountryCode: '' } : {}
      return [[type, { phoneType: phoneWord(type), phoneNumber: number, ...cleared }]]
    }),
  )
  for (const { type, number, area, country } of phones)
    if (number && !ours.has(type))
      ours.set(type, {
        phoneType: phoneWord(type),
        phoneNumber: number,
        ...(area ? { phoneAreaCode: area } : {}),
        ...(country ? { phoneCountryCode: country } : {}),
      })
  return [...ours.values()]
}

/** Our fields by the names that Xero's addresses have for them, of both types. */
const addressParts: Readonly<Record<string, Readonly<Record<string, ContactField>>>> = {
  STREET: {
    addressLine1: 'street_1',
    addressLine2: 'street_2',
    city: 'city',
    region: 'state',
    postalCode: 'postcode',
    country: 'country',
  },
  POBOX: {
    addressLine1: 'postal_street_1',
    addressLine2: 'postal_street_2',
    city: 'postal_city',
    region: 'postal_state',
    postalCode: 'postal_postcode',
    country: 'postal_country',
  },
}

/** Null where no field of an address is sent. */
function addressesOf(fields: CardFields, { addresses }: Pick<ContactInXero, 'addresses'>): Address[] | null {
  const sent = Object.entries(addressParts).map(([type, parts]) => {
    const ours = Object.entries(parts).flatMap(([part, field]) =>
      fields[field] ? [[part, fields[field]]] : [],
    )
    return { type, ours: Object.fromEntries(ours) as Address, count: ours.length } // names of an address's parts
  })
  if (sent.every(({ count }) => count === 0)) return null
  return sent.flatMap(({ type, ours }) => {
    const address: Address = { ...carried(addresses.find((one) => one.type === type)), ...ours }
    return Object.keys(address).length > 0 ? [{ addressType: addressWord(type), ...address }] : []
  })
}

/** What Xero has of it, by the names of the model: `AddressLine3` is `addressLine3`. */
function carried(address: AddressInXero | undefined): Address {
  const parts = Object.entries(address?.parts ?? {})
  return Object.fromEntries(parts.map(([name, text]) => [name.charAt(0).toLowerCase() + name.slice(1), text]))
}
