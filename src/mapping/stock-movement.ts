// The journal of a stock adjustment or stocktake (J3): what came in or went out, at cost, between stock on hand and stock
// adjustment.

import type { Books } from '../accounting/books.ts'
import type { StockMovement } from '../accounting/documents.ts'
import type { JournalEntry } from '../accounting/journal-entry.ts'
import { cents, e4, formatE4, lineAmount } from '../accounting/money.ts'
import { roleLine } from './entry-lines.ts'

/** Null where it moves no value: at no cost, or of no quantity. */
export function journalOfStockMovement(movement: StockMovement, books: Books): JournalEntry | null {
  const item = books.items.get(movement.item)
  const cost = movement.unitCost === 0 ? (item?.averageCost ?? e4(0)) : movement.unitCost
  const value = lineAmount(movement.quantity, cost, e4(0))
  if (value === 0) return null
  const kind = movement.kind === 'stocktake' ? 'Stocktake' : 'Stock adjustment'
  const note = movement.note?.trim()
  const description = `${formatE4(movement.quantity)} × ${item?.name ?? movement.item}`
  return {
    date: movement.date,
    narration: `${kind} of ${movement.item}${note ? `: ${note}` : ''}`,
    lines: [
      roleLine('stock_on_hand', value, description, books),
      roleLine('stock_adjustment', cents(-value), description, books),
    ],
  }
}
