// Contacts: lists, one by id or ContactNumber, PUT creates many, POST creates or updates many, POST /{id} updates one.

import { readElements } from './body.ts'
import { answerWith, type Call, flag, type Route } from './call.ts'
import {
  type ContactDraft,
  contactShape,
  editedContact,
  matchedContact,
  newContact,
  texts,
} from './contact-change.ts'
import type { Contact } from './contact-record.ts'
import { listedContact, singleContact, summarisedContact, writtenContact } from './contact-view.ts'
import { type Verdict, writeElements } from './elements.ts'
import { isGuid, zeroGuid } from './guid.ts'
import type { JsonObject } from './json.ts'
import { listParameter, listQuery, paged, pageQuery, select } from './listing.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

const fields: FilterFields<Contact> = {
  ContactID: { type: 'guid', read: (contact) => contact.id },
  Name: { type: 'text', read: (contact) => contact.name },
  ContactNumber: { type: 'text', read: (contact) => contact.number },
  AccountNumber: { type: 'text', read: (contact) => contact.accountNumber },
  EmailAddress: { type: 'text', read: (contact) => contact.email },
  ContactStatus: { type: 'text', read: (contact) => contact.status },
  IsCustomer: { type: 'boolean', read: (contact) => contact.isCustomer },
  IsSupplier: { type: 'boolean', read: (contact) => contact.isSupplier },
  UpdatedDateUTC: { type: 'date', read: (contact) => contact.updatedAt },
}

/** Archived contacts are hidden unless asked for (§4.2); asking by id does not ask for them. */
function all(call: Call): Reply {
  const withArchived = flag(call, 'includeArchived')
  const isSummary = flag(call, 'summaryOnly')
  const term = call.query.get('searchTerm')?.toLowerCase()
  const keep = (contact: Contact) =>
    (withArchived || contact.status === 'ACTIVE') && (term === undefined || mentions(contact, term))
  const ids = listParameter(call, 'IDs')
  const source = ids ? byIds(call, ids) : call.organisation.contacts
  const found = select(call, source, fields, keep)
  const view = isSummary ? summarisedContact : listedContact
  // A summary is always paged (§2.3).
  if (!isSummary && !call.query.has('page') && !call.query.has('pageSize')) {
    return answerWith(call, 'Contacts', found.map(unpaged))
  }
  const { rows, page } = paged(call, found)
  return answerWith(call, 'Contacts', rows.map(view), page)
}

/** MergedToContactID comes only with a page or singly (§4.2). */
function unpaged(contact: Contact): JsonObject {
  return { ...listedContact(contact), MergedToContactID: undefined }
}

function mentions(contact: Contact, term: string): boolean {
  const searched = [contact.name, contact.number, contact.accountNumber, contact.email]
  return searched.some((text) => text?.toLowerCase().includes(term) ?? false)
}

function byIds(call: Call, ids: readonly string[]): Contact[] {
  return ids.flatMap((id) => call.organisation.contacts.get(id.toLowerCase()) ?? [])
}

function one(call: Call): Reply {
  const key = call.path['ContactID'] ?? ''
  const { organisation } = call
  const contact = isGuid(key)
    ? organisation.contacts.get(key.toLowerCase())
    : organisation.contactByNumber(key)
  return contact ? answerWith(call, 'Contacts', [singleContact(contact)]) : notFound
}

const kind = { key: 'Contacts', flag: 'HasValidationErrors' } as const

function settle(call: Call, draft: ContactDraft, element: JsonObject): Verdict {
  if (!draft.ok) return { kind: 'refused', echo: echo(draft.before, element), errors: draft.errors }
  call.organisation.contacts.put(draft.contact)
  return { kind: 'stored', view: writtenContact(draft.contact), warnings: [] }
}

/** A refused create echoes what was sent under a zero id; a refused update what is stored as well (§0.1). */
function echo(before: Contact | null, element: JsonObject): JsonObject {
  const empty = { Addresses: [], Phones: [], ContactGroups: [], ContactPersons: [] }
  const known = before
    ? { ContactID: before.id, ContactStatus: before.status, Name: before.name }
    : { ContactID: zeroGuid }
  return { ...known, ...empty, ...element, ContactID: known.ContactID }
}

function create(call: Call): Reply {
  const elements = readElements(call.body, 'Contacts', contactShape, call.switches)
  return writeElements(call, kind, elements, (element) => settle(call, newContact(call, element), element))
}

function upsert(call: Call): Reply {
  const elements = readElements(call.body, 'Contacts', contactShape, call.switches)
  return writeElements(call, kind, elements, (element) => {
    const match = matchedContact(call, element)
    if (match === 'unknown-id')
      return { kind: 'refused', echo: echo(null, element), errors: [texts.notFound] }
    return settle(call, match ? editedContact(call, match, element) : newContact(call, element), element)
  })
}

function update(call: Call): Reply {
  const contact = call.organisation.contacts.get((call.path['ContactID'] ?? '').toLowerCase())
  if (!contact) return notFound
  const elements = readElements(call.body, 'Contacts', contactShape, call.switches)
  return writeElements(call, kind, elements.slice(0, 1), (element) =>
    settle(call, editedContact(call, contact, element), element),
  )
}

const scopes = ['accounting.contacts']
const listing = [...listQuery, ...pageQuery, 'IDs', 'includeArchived', 'summaryOnly', 'searchTerm']

export const contactRoutes: readonly Route[] = [
  { method: 'GET', path: '/Contacts', scopes, query: listing, answer: all },
  { method: 'GET', path: '/Contacts/{ContactID}', scopes, query: [], answer: one },
  { method: 'PUT', path: '/Contacts', scopes, query: ['summarizeErrors'], answer: create },
  { method: 'POST', path: '/Contacts', scopes, query: ['summarizeErrors'], answer: upsert },
  { method: 'POST', path: '/Contacts/{ContactID}', scopes, query: ['summarizeErrors'], answer: update },
]
