// What one side, the ledger or Xero, says of a contact, field by field: the form in which both are compared (K3, K8). What is
// empty is not on the card, since it says nothing (K6). How two cards are compared is mapping/contact-merge.ts.

import type { ContactPerson, LedgerContact } from './documents.ts'
import { nameKey, tidySpaces } from './names.ts'

/** Fields that both sides have, by the names of the ledger's columns; the names are those of the primary person. */
export const contactFields = [
  'name',
  'email',
  'first_name',
  'last_name',
  'phone',
  'mobile',
  'tax_number',
  'currency',
  'street_1',
  'street_2',
  'city',
  'state',
  'postcode',
  'country',
  'postal_street_1',
  'postal_street_2',
  'postal_city',
  'postal_state',
  'postal_postcode',
  'postal_country',
] as const
export type ContactField = (typeof contactFields)[number]
export type CardFields = Partial<Record<ContactField, string>>

export interface CardPerson {
  /** Of its row in the ledger; its place in Xero's list. */
  position: number
  firstName: string
  lastName: string
  email: string
  includeInEmails: boolean
}

export interface ContactCard {
  /** Only what is filled in. */
  fields: CardFields
  /** People beside the primary person, whose names are fields and whose e-mail is the contact's. */
  people: readonly CardPerson[]
  /** Of the ledger: the primary person's own e-mail, which stands for the contact's where that has none. */
  primaryEmail?: string
}

/** A phone of Xero's: its parts as Xero keeps them, '' where there is nothing. */
export interface PhoneInXero {
  type: string
  number: string
  area: string
  country: string
}

/** An address of Xero's: what is filled in of it, by Xero's names (AddressLine1 … AttentionTo). */
export interface AddressInXero {
  type: string
  parts: Readonly<Record<string, string>>
}

/** A contact as Xero has it: its card, and what an update has to carry along, should Xero drop what is not listed (§4.2). */
export interface ContactInXero {
  card: ContactCard
  phones: readonly PhoneInXero[]
  addresses: readonly AddressInXero[]
  /** Xero's own judgement of its documents, never sent (K7). */
  isCustomer: boolean
  isSupplier: boolean
}

/** Null for what is missing or blank: it is not sent, so that it never blanks the field in Xero (K6). */
export function filled(text: string | null | undefined): string | null {
  return text?.trim() || null
}

/** Only the fields that are filled in, without surrounding space. */
export function filledFields(texts: Partial<Record<ContactField, string | null | undefined>>): CardFields {
  const fields: CardFields = {}
  for (const field of contactFields) {
    const text = filled(texts[field])
    if (text !== null) fields[field] = text
  }
  return fields
}

/** The people that have a name or an e-mail, in the ledger's order: the first is the primary person (K8). */
export function namedPeople(contact: Pick<LedgerContact, 'people'>): ContactPerson[] {
  return contact.people.filter(
    (person) => filled(person.firstName) ?? filled(person.lastName) ?? filled(person.email),
  )
}

/** The contact's own e-mail, else its primary person's: Xero keeps one for both. */
export function emailOf(contact: Pick<LedgerContact, 'people' | 'email'>): string | null {
  return filled(contact.email) ?? filled(namedPeople(contact)[0]?.email)
}

/** The ledger's card of a contact. */
export function cardOf(contact: LedgerContact): ContactCard {
  const { street, postal } = contact
  const [primary, ...others] = namedPeople(contact)
  const primaryEmail = filled(primary?.email)
  return {
    ...(primaryEmail === null ? {} : { primaryEmail }),
    fields: filledFields({
      name: tidySpaces(contact.name),
      email: emailOf(contact),
      first_name: primary?.firstName,
      last_name: primary?.lastName,
      phone: contact.phone,
      mobile: contact.mobile,
      tax_number: contact.taxNumber,
      currency: contact.currency,
      street_1: street.street1,
      street_2: street.street2,
      city: street.city,
      state: street.state,
      postcode: street.postcode,
      country: street.country,
      postal_street_1: postal.street1,
      postal_street_2: postal.street2,
      postal_city: postal.city,
      postal_state: postal.state,
      postal_postcode: postal.postcode,
      postal_country: postal.country,
    }),
    people: others.map((person) => ({
      position: person.position,
      firstName: filled(person.firstName) ?? '',
      lastName: filled(person.lastName) ?? '',
      email: filled(person.email) ?? '',
      includeInEmails: person.includeInEmails,
    })),
  }
}

/** Equal for two that are one person: another e-mail makes another person (K8). */
export function personKey({ firstName, lastName, email }: Omit<CardPerson, 'position'>): string {
  return `${nameKey(`${firstName} ${lastName}`)}\n${email.trim().toLowerCase()}`
}

/** What the field is called in a sentence: “tax number”, “postal city”. */
export function fieldInWords(field: ContactField): string {
  return field.replaceAll('_', ' ')
}
