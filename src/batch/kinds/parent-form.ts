// In what style a sales document is in Xero, or will be: as what it went out, and only before that as the setting says (J4). What
// hangs on it follows it: a setting that was changed meanwhile never posts a payment against what is not there.

import type { Books } from '../../accounting/books.ts'
import type { EntitySettings } from '../../accounting/settings.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'

/** `facts`: as the parent was last left in Xero, or is on its way there; null where nothing of it was sent. */
export function salesStyleOf(parent: { facts: string | null }, books: Books): EntitySettings['ar_style'] {
  if (parent.facts === null) return books.settings.ar_style
  return isSentAsJournal(parent.facts) ? 'journals' : 'invoices'
}

/** The books as they are for whatever hangs on this parent: with the style that the parent has. */
export function booksOfParent(parent: { facts: string | null }, books: Books): Books {
  const ar_style = salesStyleOf(parent, books)
  return ar_style === books.settings.ar_style
    ? books
    : { ...books, settings: { ...books.settings, ar_style } }
}
