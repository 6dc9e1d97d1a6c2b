// A contact of the ledger in Xero's shape (K1, K2, K6 to K8). Which contact of Xero it is, is contact-matching.ts's
// business; empty fields, IsCustomer and IsSupplier are never sent.

import { createHash } from 'node:crypto'
import type { Address, Contact, ContactPerson, Phone } from 'xero-node'
import type { Books } from '../accounting/books.ts'
import type {
  Address as LedgerAddress,
  LedgerContact,
  ContactPerson as LedgerPerson,
} from '../accounting/documents.ts'
import { tidySpaces } from '../accounting/names.ts'
import { addressTypes, currencyWord, phoneTypes } from './xero-words.ts'

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

/** The contact for Xero; with its id where it is there already and is to be updated. */
export function mapContact(
  contact: LedgerContact,
  context: { books: Books; xeroContactId?: string },
): ContactMapping {
  const facts: ContactFacts = { number: contactNumberOf(contact.code), name: tidySpaces(contact.name) }
  const model: Contact = { name: facts.name, contactNumber: facts.number }
  if (context.xeroContactId !== undefined) model.contactID = context.xeroContactId
  if (context.books.settings.contact_detail === 'full') Object.assign(model, detailsOf(contact))
  return { model, facts }
}

function detailsOf(contact: LedgerContact): Contact {
  const details: Contact = {}
  const email = emailOf(contact)
  const taxNumber = filled(contact.taxNumber)
  const currency = filled(contact.currency)
  const phones = phonesOf(contact)
  const addresses = addressesOf(contact)
  if (email) details.emailAddress = email
  if (taxNumber) details.taxNumber = taxNumber
  if (currency) details.defaultCurrency = currencyWord(currency)
  if (phones.length > 0) details.phones = phones
  if (addresses.length > 0) details.addresses = addresses
  return { ...details, ...peopleDetails(contact) }
}

/** Null for what is missing or blank: it is not sent, so that it never blanks the field in Xero (K6). */
function filled(text: string | null): string | null {
  return text?.trim() || null
}

/** The people that have a name or an e-mail, in the ledger's order: the first is the primary person (K8). */
export function namedPeople(contact: LedgerContact): LedgerPerson[] {
  return contact.people.filter(
    (person) => filled(person.firstName) ?? filled(person.lastName) ?? filled(person.email),
  )
}

/** The contact's own e-mail, else its primary person's: Xero keeps one for both. */
export function emailOf(contact: LedgerContact): string | null {
  return filled(contact.email) ?? filled(namedPeople(contact)[0]?.email ?? null)
}

function peopleDetails(contact: LedgerContact): Contact {
  const [primary, ...others] = namedPeople(contact)
  const details: Contact = {}
  if (!primary) return details
  const firstName = filled(primary.firstName)
  const lastName = filled(primary.lastName)
  if (firstName) details.firstName = firstName
  if (lastName) details.lastName = lastName
  if (others.length > 0) details.contactPersons = others.slice(0, morePeopleMax).map(personOf)
  return details
}

function personOf(person: LedgerPerson): ContactPerson {
  const details: ContactPerson = { includeInEmails: person.includeInEmails }
  const firstName = filled(person.firstName)
  const lastName = filled(person.lastName)
  const email = filled(person.email)
  if (firstName) details.firstName = firstName
  if (lastName) details.lastName = lastName
  if (email) details.emailAddress = email
  return details
}

function phonesOf(contact: LedgerContact): Phone[] {
  const phone = filled(contact.phone)
  const mobile = filled(contact.mobile)
  const phones: Phone[] = []
  if (phone) phones.push({ phoneType: phoneTypes.DEFAULT, phoneNumber: phone })
  if (mobile) phones.push({ phoneType: phoneTypes.MOBILE, phoneNumber: mobile })
  return phones
}

function addressesOf(contact: LedgerContact): Address[] {
  return [
    addressOf(addressTypes.STREET, contact.street),
    addressOf(addressTypes.POBOX, contact.postal),
  ].filter((address) => address !== null)
}

function addressOf(addressType: Address['addressType'], address: LedgerAddress): Address | null {
  const lines: [keyof Address, string | null][] = [
    ['addressLine1', filled(address.street1)],
    ['addressLine2', filled(address.street2)],
    ['city', filled(address.city)],
    ['region', filled(address.state)],
    ['postalCode', filled(address.postcode)],
    ['country', filled(address.country)],
  ]
  const given = lines.filter(([, text]) => text !== null)
  if (given.length === 0 || addressType === undefined) return null
  return { addressType, ...Object.fromEntries(given) }
}
