// The contact of a document: found by id, number or name, changed by whatever else is sent with it (§4.2).

import type { Call } from './call.ts'
import { editedContact, newContact } from './contact-change.ts'
import type { Contact } from './contact-record.ts'
import { texts } from './document-rules.ts'
import { type JsonObject, textOf } from './json.ts'

export type DocumentContact =
  /** `isChanged`: to be stored with the document, and only with it. */
  | { readonly ok: true; readonly contact: Contact; readonly isChanged: boolean }
  | { readonly ok: false; readonly errors: readonly string[] }

export function documentContact(call: Call, sent: JsonObject | undefined): DocumentContact {
  if (sent === undefined) return { ok: false, errors: [texts.contactMissing] }
  const found = identified(call, sent)
  if (found === 'nobody') return { ok: false, errors: [texts.contactMissing] }
  if (found === 'new') return created(call, sent)
  if (found.status === 'ARCHIVED') return { ok: false, errors: [texts.contactArchived] }
  return changed(call, found, sent)
}

function identified(call: Call, sent: JsonObject): Contact | 'new' | 'nobody' {
  const { organisation } = call
  const id = textOf(sent, 'ContactID')
  if (id !== undefined) return organisation.contacts.get(id) ?? 'nobody'
  const number = textOf(sent, 'ContactNumber')
  const byNumber = number === undefined ? undefined : organisation.contactByNumber(number)
  if (byNumber) return byNumber
  const name = textOf(sent, 'Name')
  if (name === undefined) return 'nobody'
  return organisation.contactByActiveName(name) ?? 'new'
}

function created(call: Call, sent: JsonObject): DocumentContact {
  if (call.switches.unknownContactName === 'refused') return { ok: false, errors: [texts.contactMissing] }
  const draft = newContact(call, sent)
  return draft.ok
    ? { ok: true, contact: draft.contact, isChanged: true }
    : { ok: false, errors: draft.errors }
}

const identifiers = new Set(['ContactID', 'ContactNumber', 'Name', 'ContactStatus'])

/** Fields beside the identifiers change the contact and drop the contact persons that are not listed (§4.2). */
function changed(call: Call, before: Contact, sent: JsonObject): DocumentContact {
  const hasMore = Object.keys(sent).some((name) => !identifiers.has(name))
  const name = textOf(sent, 'Name')
  const number = textOf(sent, 'ContactNumber')
  const isRenamed = name !== undefined && name !== before.name && textOf(sent, 'ContactID') !== undefined
  const isRenumbered = number !== undefined && number !== before.number
  if (!hasMore && !isRenamed && !isRenumbered) return { ok: true, contact: before, isChanged: false }
  const persons = hasMore ? { ContactPersons: sent['ContactPersons'] ?? [] } : {}
  const draft = editedContact(call, before, { ...sent, ...persons, ContactStatus: undefined })
  return draft.ok
    ? { ok: true, contact: draft.contact, isChanged: true }
    : { ok: false, errors: draft.errors }
}

/** The first document makes a customer or a supplier; UpdatedDateUTC stays where it was (§4.2). */
export function withRole(contact: Contact, side: 'sales' | 'purchases'): Contact {
  return side === 'sales' ? { ...contact, isCustomer: true } : { ...contact, isSupplier: true }
}
