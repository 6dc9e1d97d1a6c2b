// Contacts as Xero shows them: in write answers, singly, in lists, summarised, and inside documents (§4.2, §0.1).

import { addressTypes, type Contact, phoneTypes } from './contact-record.ts'
import { msDate } from './dates.ts'
import type { Json, JsonObject } from './json.ts'

/** Four phones and two addresses always: bare on demo contacts, with empty strings on those made through the API. */
function phones(contact: Contact): JsonObject[] {
  const shown = phoneTypes.filter((type) => type !== 'OFFICE' || contact.phones.OFFICE)
  if (contact.isDemo) return shown.map((type) => ({ PhoneType: type, ...contact.phones[type] }))
  return shown.map((type) => ({
    PhoneType: type,
    PhoneNumber: '',
    PhoneAreaCode: '',
    PhoneCountryCode: '',
    ...contact.phones[type],
  }))
}

function addresses(contact: Contact): JsonObject[] {
  if (contact.isDemo) return addressTypes.map((type) => ({ AddressType: type, ...contact.addresses[type] }))
  return addressTypes.map((type) => ({
    AddressType: type,
    City: '',
    Region: '',
    PostalCode: '',
    Country: '',
    ...contact.addresses[type],
  }))
}

function facts(contact: Contact): JsonObject {
  return {
    ContactID: contact.id,
    MergedToContactID: contact.mergedTo ?? undefined,
    ContactNumber: contact.number ?? undefined,
    AccountNumber: contact.accountNumber ?? undefined,
    ContactStatus: contact.status,
    Name: contact.name,
    EmailAddress: contact.email ?? undefined,
    ...contact.plain,
    Addresses: addresses(contact),
    Phones: phones(contact),
    UpdatedDateUTC: msDate(contact.updatedAt),
    ContactGroups: [],
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
  }
}

const people = (contact: Contact): Json => contact.persons

/** The answer to PUT and POST, and the contact inside a written or single document. */
export function writtenContact(contact: Contact): JsonObject {
  return {
    BankAccountDetails: '',
    ...facts(contact),
    MergedToContactID: undefined,
    SalesTrackingCategories: [],
    PurchasesTrackingCategories: [],
    ContactPersons: people(contact),
    HasValidationErrors: false,
  }
}

export function listedContact(contact: Contact): JsonObject {
  return {
    ...facts(contact),
    ContactPersons: people(contact),
    HasAttachments: false,
    HasValidationErrors: false,
  }
}

export function singleContact(contact: Contact): JsonObject {
  return { ...listedContact(contact), Attachments: [] }
}

/** `summaryOnly=true` leaves out what is costly to gather, IsCustomer and IsSupplier among it (§2.3). */
export function summarisedContact(contact: Contact): JsonObject {
  return {
    ContactID: contact.id,
    ContactNumber: contact.number ?? undefined,
    AccountNumber: contact.accountNumber ?? undefined,
    ContactStatus: contact.status,
    Name: contact.name,
    EmailAddress: contact.email ?? undefined,
    Addresses: [],
    Phones: [],
    UpdatedDateUTC: msDate(contact.updatedAt),
    ContactGroups: [],
    ContactPersons: [],
    HasAttachments: false,
    HasValidationErrors: false,
  }
}

/** The contact of a document in a list. */
export function contactStub(contact: Contact): JsonObject {
  return {
    ContactID: contact.id,
    Name: contact.name,
    Addresses: [],
    Phones: [],
    ContactGroups: [],
    ContactPersons: [],
    HasValidationErrors: false,
  }
}
