// How many bytes a thing can take in a call, at most: by this the plan cuts chunks (E1) before anything is encoded. Cheap,
// and never too low; the exact size is the encoder's.

import { type Books, xeroNumberOf } from '../accounting/books.ts'
import type { ContactCard } from '../accounting/contact-card.ts'
import type { LedgerContact, LedgerDocument, LedgerItem, LedgerPayment } from '../accounting/documents.ts'
import type { JournalEntry } from '../accounting/journal-entry.ts'
import { lineDescription, referenceOf } from './templates.ts'
import { trackingOf } from './tracking.ts'

/** The most that one call may carry (§2.3). */
export const requestBytesMax = 3_500_000

/** Names, punctuation, ids, dates and numbers of one document, line or pair; measured, then rounded up. */
const documentBytes = 600
const assignedNumberBytes = 800
const lineBytes = 460
const trackingBytes = 40
const itemBytes = 600
const contactBytes = 400
const fieldBytes = 100

/** Names, ids, amounts, account, date and tag of a payment; a reference is cut at 255 characters. */
const paymentBytes = 500
const referenceBytes = 3 * 255

/** An upper bound in bytes of a document's JSON, whatever its form. */
export function documentSizeBound(document: LedgerDocument, books: Books): number {
  let bytes = documentBytes + textBytes(xeroNumberOf(document.number, books)) + textBytes(document.url)
  bytes += textBytes(referenceOf(document, books))
  // The marker of a bill: percent-encoded, a letter takes nine bytes at most.
  bytes +=
    books.settings.marker_url.length +
    9 * (books.entity.code.length + document.kind.length + document.id.length)
  if (document.number.trim() === '') bytes += assignedNumberBytes
  // The rounding line too.
  bytes += lineBytes
  for (const line of document.lines) {
    bytes += lineBytes + textBytes(lineDescription(line, document, books)) + textBytes(line.account)
    bytes += textBytes(line.item)
    for (const { category, option } of trackingOf(line, books))
      bytes += trackingBytes + textBytes(category) + textBytes(option)
  }
  return bytes
}

/** An upper bound in bytes of an item's JSON: its description goes out for sales and for purchases. */
export function itemSizeBound(item: LedgerItem): number {
  return itemBytes + textBytes(item.code) + textBytes(item.name) + 2 * textBytes(item.description)
}

/** An upper bound in bytes of a contact's JSON. */
export function contactSizeBound(contact: LedgerContact): number {
  const { street, postal, people, ...rest } = contact
  let bytes = contactBytes
  for (const fields of [rest, street, postal, ...people]) {
    for (const field of Object.values(fields)) {
      if (typeof field === 'string') bytes += fieldBytes + textBytes(field)
      else bytes += fieldBytes
    }
  }
  return bytes
}

/** The lines of two addresses that the ledger has no place for, which a change carries along. */
const carriedBytes = 8_000

/** An upper bound in bytes of a change of a contact: what Xero has of it goes along. */
export function contactChangeSizeBound(contact: LedgerContact, inXero: ContactCard | null): number {
  let bytes = contactSizeBound(contact) + carriedBytes
  for (const text of Object.values(inXero?.fields ?? {})) bytes += fieldBytes + textBytes(text)
  for (const { firstName, lastName, email } of inXero?.people ?? [])
    bytes += contactBytes + textBytes(firstName) + textBytes(lastName) + textBytes(email)
  return bytes
}

/** Names, punctuation, status, date and the link of a journal: a marker_url of 200 characters, its ids encoded threefold. */
const journalBytes = 3_000

/** What ends a journal: its id and its narration of 4,000 characters at most. */
export const journalVoidSizeBound = 16_000

/** An upper bound in bytes of a journal's JSON. */
export function journalSizeBound(entry: JournalEntry): number {
  let bytes = journalBytes + textBytes(entry.narration)
  for (const { description, account, tracking } of entry.lines) {
    bytes += lineBytes + textBytes(description) + textBytes(account)
    for (const { category, option } of tracking)
      bytes += trackingBytes + textBytes(category) + textBytes(option)
  }
  return bytes
}

/** An upper bound in bytes of the JSON of a payment, refund or allocation. */
export function paymentSizeBound({ reference }: Pick<LedgerPayment, 'reference'>): number {
  return paymentBytes + Math.min(textBytes(reference), referenceBytes)
}

/** An upper bound in bytes of the bank transaction of a receipt: its reference is the description of its line too. */
export function receiptSizeBound({ reference }: Pick<LedgerPayment, 'reference'>): number {
  return (
    paymentBytes +
    lineBytes +
    Math.min(textBytes(reference), referenceBytes) +
    Math.min(textBytes(reference), 3 * 1_000)
  )
}

/** Bytes of a text inside JSON, at most: what is escaped takes two or six, other characters up to three. */
function textBytes(text: string | null): number {
  if (text === null) return 0
  let bytes = 0
  for (let index = 0; index < text.length; index += 1) bytes += unitBytes(text.charCodeAt(index))
  return bytes
}

function unitBytes(unit: number): number {
  // Quote, backslash, tab and the ends of lines.
  if (unit === 0x22 || unit === 0x5c || unit === 0x09 || unit === 0x0a || unit === 0x0d) return 2
  // Other control characters, and halves of characters where the other half is missing.
  if (unit < 0x20 || (unit >= 0xd800 && unit <= 0xdfff)) return 6
  if (unit < 0x80) return 1
  return unit < 0x800 ? 2 : 3
}
