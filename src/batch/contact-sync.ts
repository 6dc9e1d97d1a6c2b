// Contacts after they were read (K3): what changed in Xero is compared with the ledger, before anything is checked or sent. What
// goes out is kinds/contact.ts.

import type { Books } from '../accounting/books.ts'
import type { Ledger } from '../ledger/open.ts'

export interface ContactSync {
  ledger: Ledger
  /** Of the entity that runs: its settings say whether changes in Xero come into the ledger. */
  books: Books
  tenantId: string
  /** The run that it belongs to; null for a pull by itself. */
  run: number | null
}

export interface ContactSyncReport {
  /** Contacts of the ledger that took something over from Xero. */
  pulled: number
  /** Fields that both sides changed: the ledger's value goes out in the same run. */
  conflicts: number
  /** Sentences for the report of the run. */
  warnings: readonly string[]
}

/** After the contacts were read and before the check. Asks Xero nothing. With `push` changes in Xero are left alone. */
export async function syncContacts(_sync: ContactSync): Promise<ContactSyncReport> {
  return { pulled: 0, conflicts: 0, warnings: [] }
}
