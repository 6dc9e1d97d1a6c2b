// The items that lines name (R1). What is wrong with an item itself is its own finding, in item-rules.ts.

import type { Books } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import { type Complaint, complainOfLine, type DocumentView } from './document-view.ts'
import { itemRules } from './item-rules.ts'

export function checkItemsKnown(view: DocumentView): Finding[] {
  const { books } = view.context
  // Where no items are sent, a code is only a word.
  if (books.settings.items === 'off') return []
  return view.lines.flatMap((line) => {
    const problem = line.line.item ? itemProblem(line.line.item, books) : null
    return problem ? [complainOfLine(view, line, { severity: 'warning', field: 'item', ...problem })] : []
  })
}

/** An item never holds a document back: the line goes without it. */
function itemProblem(code: string, books: Books): Complaint | null {
  if (books.itemsInXero.has(code)) return null
  const item = books.items.get(code)
  if (!item)
    return {
      code: 'item-unknown',
      message: `names item ${code}, which the ledger does not have.`,
      why: 'Items are made in Xero from the ledger; the line goes out without one.',
      fix: `Add item ${code} to the ledger, or correct the line.`,
    }
  if (itemRules.every((rule) => rule(item, { books }).length === 0)) return null
  return {
    code: 'item-unknown',
    message: `names item ${code}, which cannot go to Xero as it is.`,
    why: 'What is wrong with an item is a finding of the item; the line goes out without one.',
    fix: `Mend item ${code} first, where the line should name it.`,
  }
}
