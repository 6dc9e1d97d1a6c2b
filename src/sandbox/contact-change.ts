// Creates and edits contacts: matching, uniqueness, limits, and what a partial update keeps (§4.2). Also used for the
// contact inside a document, whose extra fields change the contact.

import { boolean, choice, guid, ignored, list, number, object, type Shape, text, tooLong } from './body.ts'
import type { Call } from './call.ts'
import {
  type AddressType,
  type Contact,
  nameKey,
  type PhoneType,
  phoneTypes,
  plainContactFields,
} from './contact-record.ts'
import { type JsonObject, listOf, textOf } from './json.ts'

const addressShape: Shape = {
  name: 'Address',
  fields: {
    AddressType: choice('AddressType', ['POBOX', 'STREET']),
    AddressLine1: text(500),
    AddressLine2: text(500),
    AddressLine3: text(500),
    AddressLine4: text(500),
    City: text(255),
    Region: text(255),
    PostalCode: text(50),
    Country: text(50),
    AttentionTo: text(255),
  },
}

const phoneShape: Shape = {
  name: 'Phone',
  fields: {
    PhoneType: choice('PhoneType', phoneTypes),
    PhoneNumber: text(50),
    PhoneAreaCode: text(10),
    PhoneCountryCode: text(20),
  },
}

const personShape: Shape = {
  name: 'ContactPerson',
  fields: { FirstName: text(255), LastName: text(255), EmailAddress: text(255), IncludeInEmails: boolean },
}

const termTypes = ['DAYSAFTERBILLDATE', 'DAYSAFTERBILLMONTH', 'OFCURRENTMONTH', 'OFFOLLOWINGMONTH']
const termShape: Shape = { name: 'Bill', fields: { Day: number, Type: choice('PaymentTermType', termTypes) } }
const termsShape: Shape = {
  name: 'PaymentTerm',
  fields: { Bills: object(termShape), Sales: object(termShape) },
}

const lineAmountDefaults = choice('LineAmountType', ['INCLUSIVE', 'EXCLUSIVE', 'NONE'])

/** Every property that Xero publishes for a contact; read-only ones are taken and left alone. */
export const contactShape: Shape = {
  name: 'Contact',
  fields: {
    ContactID: guid,
    ContactNumber: text(50),
    AccountNumber: text(50),
    ContactStatus: choice('ContactStatus', ['ACTIVE', 'ARCHIVED', 'GDPRREQUEST']),
    Name: text(255),
    FirstName: text(255),
    LastName: text(255),
    CompanyNumber: text(50),
    EmailAddress: text(255),
    ContactPersons: list(personShape),
    BankAccountDetails: text(),
    TaxNumber: text(50),
    TaxNumberType: choice('TaxNumberType', ['SSN', 'EIN', 'ITIN', 'ATIN']),
    AccountsReceivableTaxType: text(),
    AccountsPayableTaxType: text(),
    Addresses: list(addressShape),
    Phones: list(phoneShape),
    SalesDefaultLineAmountType: lineAmountDefaults,
    PurchasesDefaultLineAmountType: lineAmountDefaults,
    DefaultCurrency: text(3),
    XeroNetworkKey: text(),
    SalesDefaultAccountCode: text(),
    PurchasesDefaultAccountCode: text(),
    PaymentTerms: object(termsShape),
    MergedToContactID: ignored,
    IsSupplier: ignored,
    IsCustomer: ignored,
    SalesTrackingCategories: ignored,
    PurchasesTrackingCategories: ignored,
    TrackingCategoryName: ignored,
    TrackingCategoryOption: ignored,
    UpdatedDateUTC: ignored,
    ContactGroups: ignored,
    Website: ignored,
    BrandingTheme: ignored,
    BatchPayments: ignored,
    Discount: ignored,
    Balances: ignored,
    Attachments: ignored,
    HasAttachments: ignored,
    ValidationErrors: ignored,
    HasValidationErrors: ignored,
    StatusAttributeString: ignored,
  },
}

export const texts = {
  nameTaken: (name: string) =>
    `The contact name ${name} is already assigned to another contact. The contact name must be unique across all active contacts.`,
  archived:
    'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.',
  numberTaken: 'Another contact has this contact number. Please enter a different contact number.',
  accountNumberTaken: 'The Account Number already exists. Please enter a different Account Number.',
  nameMissing: 'Contact Name cannot be empty.',
  notFound: 'An existing Contact with the specified ContactID could not be found',
  badEmail: 'Email address must be valid',
  badStatus: (status: string) => `The status '${status}' is not valid for contacts`,
  badName: 'Contact Name must not contain < or >, nor begin or end with a space or have two in a row.',
  tooManyPersons: 'A contact cannot have more than 5 contact persons.',
  hasDocuments: 'The contact cannot be archived while it has documents that are not paid, voided or deleted.',
}

export type ContactDraft =
  | { readonly ok: true; readonly contact: Contact }
  | { readonly ok: false; readonly before: Contact | null; readonly errors: readonly string[] }

export function newContact(call: Call, element: JsonObject): ContactDraft {
  const blank: Contact = {
    id: call.newGuid(),
    updatedAt: call.now,
    status: 'ACTIVE',
    name: '',
    number: null,
    accountNumber: null,
    email: null,
    plain: {},
    addresses: {},
    phones: {},
    persons: [],
    isCustomer: false,
    isSupplier: false,
    mergedTo: null,
    isDemo: false,
  }
  const status = textOf(element, 'ContactStatus') ?? 'ACTIVE'
  const contact = merged(call, blank, element)
  const errors = problems(call, contact, null, element)
  if (status !== 'ACTIVE') errors.push(texts.badStatus(status))
  return errors.length === 0 ? { ok: true, contact } : { ok: false, before: null, errors }
}

export function editedContact(call: Call, before: Contact, element: JsonObject): ContactDraft {
  // Also when only the status is sent again: un-archiving through the API fails too (§4.1).
  if (before.status === 'ARCHIVED') return { ok: false, before, errors: [texts.archived] }
  const status = textOf(element, 'ContactStatus')
  const contact = { ...merged(call, peopleDropped(call, before, element), element), updatedAt: call.now }
  const errors = problems(call, contact, before, element)
  if (status === 'GDPRREQUEST') errors.push(texts.badStatus(status))
  if (
    status === 'ARCHIVED' &&
    call.switches.archiveWithDocuments === 'refused' &&
    hasLiveDocuments(call, before)
  ) {
    errors.push(texts.hasDocuments)
  }
  if (errors.length > 0) return { ok: false, before, errors }
  return { ok: true, contact: { ...contact, status: status === 'ARCHIVED' ? 'ARCHIVED' : contact.status } }
}

/** POST finds its contact by id, then number, then active name (§4.2; the order is not established). */
export function matchedContact(call: Call, element: JsonObject): Contact | null | 'unknown-id' {
  const { organisation } = call
  const id = textOf(element, 'ContactID')
  if (id !== undefined) return organisation.contacts.get(id) ?? 'unknown-id'
  const number = textOf(element, 'ContactNumber')
  const byNumber = number === undefined ? undefined : organisation.contactByNumber(number)
  const name = textOf(element, 'Name')
  return byNumber ?? (name === undefined ? undefined : organisation.contactByActiveName(name)) ?? null
}

/** Fields that say who it is, or that it is archived. */
const identifiers = new Set(['ContactID', 'ContactStatus'])

/** Whoever changes a contact and leaves out its people may lose them (§4.2). */
function peopleDropped(call: Call, before: Contact, element: JsonObject): Contact {
  const isChanged = Object.keys(element).some((name) => !identifiers.has(name))
  const isDropped = call.switches.unlistedPeople === 'dropped' && isChanged
  return isDropped ? { ...before, persons: [] } : before
}

/** What is not sent stays; an empty text clears; a sent phone or address replaces the one of its type (§4.2). */
function merged(call: Call, before: Contact, element: JsonObject): Contact {
  const name = textOf(element, 'Name')
  const number = textOf(element, 'ContactNumber')
  const accountNumber = textOf(element, 'AccountNumber')
  const email = textOf(element, 'EmailAddress')
  const sent = plainContactFields.filter((field) => element[field] !== undefined)
  return {
    ...before,
    name:
      name === undefined ? before.name : call.switches.contactNameSpaces === 'trimmed' ? tidy(name) : name,
    number: number === undefined ? before.number : number || null,
    accountNumber: accountNumber === undefined ? before.accountNumber : accountNumber || null,
    email: email ?? before.email,
    plain: { ...before.plain, ...Object.fromEntries(sent.map((field) => [field, element[field]])) },
    addresses: {
      ...before.addresses,
      ...byType<AddressType>(
        listOf(element, 'Addresses')?.map((address) =>
          call.switches.postcodes === 'capitals' ? inCapitals(address) : address,
        ),
        'AddressType',
        'STREET',
      ),
    },
    phones: {
      ...before.phones,
      ...byType<PhoneType>(
        listOf(element, 'Phones')?.map((phone) =>
          call.switches.phoneParts === 'split' ? inParts(phone) : phone,
        ),
        'PhoneType',
        'DEFAULT',
      ),
    },
    persons: listOf(element, 'ContactPersons')?.map(person) ?? before.persons,
  }
}

/** “+64 21 123 456” is country 64, area 21, number 123 456. */
function inParts(phone: JsonObject): JsonObject {
  const [, country, area, number] = /^\+(\d+) (\d+) (.+)$/.exec(textOf(phone, 'PhoneNumber') ?? '') ?? []
  if (country === undefined || area === undefined || number === undefined) return phone
  return { ...phone, PhoneCountryCode: country, PhoneAreaCode: area, PhoneNumber: number }
}

function inCapitals(address: JsonObject): JsonObject {
  const postcode = textOf(address, 'PostalCode')
  return postcode === undefined ? address : { ...address, PostalCode: postcode.toUpperCase() }
}

function person(sent: JsonObject): JsonObject {
  return { FirstName: '', LastName: '', EmailAddress: '', IncludeInEmails: false, ...sent }
}

function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ')
}

/** The body reader has checked the type's word against the list it is taken from. */
function byType<K extends string>(
  entries: readonly JsonObject[] | undefined,
  key: string,
  otherwise: K,
): Partial<Record<K, JsonObject>> {
  const found: Partial<Record<K, JsonObject>> = {}
  for (const entry of entries ?? []) found[(textOf(entry, key) as K | undefined) ?? otherwise] = entry
  return found
}

function problems(call: Call, contact: Contact, before: Contact | null, element: JsonObject): string[] {
  const { organisation } = call
  const isOther = (ids: readonly string[]) => ids.some((id) => id !== contact.id)
  const found = tooLong(element, contactShape)
  if (contact.name.trim() === '') found.push(texts.nameMissing)
  else if (
    before?.name !== contact.name &&
    (contact.name !== tidy(contact.name) || /[<>]/.test(contact.name))
  ) {
    found.push(texts.badName)
  }
  if (isOther(organisation.contactsByActiveName.ids(nameKey(contact.name))))
    found.push(texts.nameTaken(contact.name))
  if (contact.number !== null && isOther(organisation.contactsByNumber.ids(contact.number)))
    found.push(texts.numberTaken)
  if (
    contact.accountNumber !== null &&
    isOther(organisation.contactsByAccountNumber.ids(contact.accountNumber))
  ) {
    found.push(texts.accountNumberTaken)
  }
  if (contact.email && !/^[\x21-\x7e]+@[\x21-\x7e]+\.[\x21-\x7e]+$/.test(contact.email))
    found.push(texts.badEmail)
  if (contact.persons.length > 5) found.push(texts.tooManyPersons)
  return found
}

function hasLiveDocuments(call: Call, contact: Contact): boolean {
  const { organisation } = call
  const live = ['DRAFT', 'SUBMITTED', 'AUTHORISED']
  return organisation.invoices
    .find(organisation.invoicesByContact, contact.id)
    .some(({ status }) => live.includes(status))
}
