// What the rules are told besides the thing itself. All of it is handed in: the rules read no ledger and ask no Xero. What
// is null is not known yet, and rules that need it are skipped.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerContact, LedgerDocument, MirrorContact } from '../accounting/documents.ts'
import type { DocumentKind, DocumentStatus } from '../accounting/kinds.ts'
import type { Cents } from '../accounting/money.ts'
import type { ContactMatch } from '../mapping/contact-matching.ts'
import type { DocumentForm } from '../mapping/document-form.ts'

/** Whether a contact of the ledger is linked to one of Xero, and if not, what matching says. */
export type ContactLinkState =
  /** `mirror` is the linked contact as last read, after following merges; null where it was not read yet. */
  | { state: 'linked'; xeroContactId: string; mirror: MirrorContact | null }
  | { state: 'unlinked'; match: ContactMatch }

/** What Xero was told of a document before. */
export interface ExportedBefore {
  kind: DocumentKind
  /** The form in which it went out, which it keeps; null where nothing was sent (mock export). */
  form: DocumentForm | null
}

/** How a document stands in Xero, as far as it is known. */
export interface LeftInXero {
  /** The date with which it was sent. */
  date: PlainDate
  isDraft: boolean
  /** The contact that it is for there; null where it was not read yet. */
  contact: MirrorContact | null
}

export interface DocumentContext {
  books: Books
  /** Today where the organisation is, else in the region's time zone (I3). */
  today: PlainDate
  /** The document's contact; null where it names none or the ledger has none of that code. */
  contact: LedgerContact | null
  /** Null before the first connection. */
  contactLink: ContactLinkState | null
  /**
   * Ids of other ledger documents of the same form that would have the same number in Xero: with the prefix, ignoring case.
   * Of bills and supplier credits only those of the same contact.
   */
  numberSharedBy: readonly string[]
  /** Totals of other documents of Xero that have its number there, as far as the mirror has heard of them. */
  numberTakenInXero: readonly Cents[]
  /** Codes of other ledger contacts whose name has the same key as this contact's. */
  duplicatesOfName: readonly string[]
  /** Null for a document that Xero was never told of. */
  exportedBefore: ExportedBefore | null
  /** Null for what Xero does not have, or has as a journal. */
  leftInXero: LeftInXero | null
  /** The purchase order that `source_document` names; null where it names none or something else. */
  order: LedgerDocument | null
  /** The supplier credits of the same order, this one aside (B4). */
  otherCredits: readonly LedgerDocument[]
  /** Of a purchase order: a bill of the ledger names it (B1). */
  orderIsBilled: boolean
  /** Of a bill: the order that it names went to Xero as a bill itself (B1). */
  orderWasPosted: boolean
}

export interface ItemContext {
  books: Books
}

export interface ContactContext {
  books: Books
  contactLink: ContactLinkState | null
  duplicatesOfName: readonly string[]
}

/** Where the document stands that a payment, an allocation or a journal hangs on (E4). */
export interface Parent {
  id: string
  kind: DocumentKind
  number: string
  status: DocumentStatus
  contact: string | null
  date: PlainDate
  /** The currency of its amounts in the ledger. */
  currency: string
  total: Cents
  /**
   * `exported`: in Xero under `xeroId`. `planned`: nothing stands against sending it in this run (dry run, validate).
   * `uncertain`: its outcome is open. `waiting`: none of these.
   */
  standing: 'exported' | 'planned' | 'uncertain' | 'waiting'
  xeroId: string | null
  /** As Xero answered: AUTHORISED, DRAFT, PAID, VOIDED; null where it is not there. */
  xeroStatus: string | null
  /** Why a person holds it back (M4); null where nobody does. */
  heldReason: string | null
}

/** What the file of an attachment is like. `other`: a folder, a device. */
export type FileState =
  | { is: 'file'; bytes: number }
  | { is: 'missing'; path: string }
  | { is: 'other' }
  | { is: 'unreadable'; reason: string }

export interface AttachmentContext {
  parent: Parent
  file: FileState
  /** Names in Xero of the files of the same document that come before it, sent or not. */
  namesBefore: readonly string[]
}
