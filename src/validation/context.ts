// What the rules are told besides the thing itself. All of it is handed in: the rules read no ledger and ask no Xero. What
// is null is not known yet, and rules that need it are skipped.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerContact, MirrorContact } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import type { ContactMatch } from '../mapping/contact-matching.ts'

/** Whether a contact of the ledger is linked to one of Xero, and if not, what matching says. */
export type ContactLinkState =
  /** `mirror` is the linked contact as last read, after following merges; null where it was not read yet. */
  | { state: 'linked'; xeroContactId: string; mirror: MirrorContact | null }
  | { state: 'unlinked'; match: ContactMatch }

/** What Xero was told of a document before. */
export interface ExportedBefore {
  kind: DocumentKind
  /** Hash of the facts that were sent (mapping/facts.ts); null where nothing was sent (mock export). */
  hash: string | null
}

export interface InvoiceContext {
  books: Books
  /** Today where the organisation is, else in the region's time zone (I3). */
  today: PlainDate
  /** The document's contact; null where it names none or the ledger has none of that code. */
  contact: LedgerContact | null
  /** Null before the first connection. */
  contactLink: ContactLinkState | null
  /** Ids of other ledger documents that would have the same number in Xero: with the prefix, ignoring case. */
  numberSharedBy: readonly string[]
  /** Codes of other ledger contacts whose name has the same key as this contact's. */
  duplicatesOfName: readonly string[]
  /** Null for a document that Xero was never told of. */
  exportedBefore: ExportedBefore | null
}

export interface ContactContext {
  books: Books
  contactLink: ContactLinkState | null
  duplicatesOfName: readonly string[]
}
