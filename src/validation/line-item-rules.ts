// The items that lines name (R1). What is wrong with an item itself is its own finding, in item-rules.ts.

import type { Finding } from '../accounting/findings.ts'
import { complainOfLine, type DocumentView } from './document-view.ts'

export function checkItemsKnown(view: DocumentView): Finding[] {
  const { books } = view.context
  // Where no items are sent, a code is only a word.
  if (books.settings.items === 'off') return []
  return view.lines.flatMap((line) => {
    const { item } = line.line
    if (!item || books.items.has(item)) return []
    return [
      complainOfLine(view, line, {
        code: 'item-unknown',
        severity: 'warning',
        field: 'item',
        message: `names item ${item}, which the ledger does not have.`,
        why: 'Items are made in Xero from the ledger; the line goes out without one.',
        fix: `Add item ${item} to the ledger, or correct the line.`,
      }),
    ]
  })
}
