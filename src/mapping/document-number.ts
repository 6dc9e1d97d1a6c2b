// The number under which a document goes to Xero (D5, B4). Numbers that are given once and kept are kept by ledger/; whether
// a number is there and alone is validation's business.

import { type Books, xeroNumberOf } from '../accounting/books.ts'
import type { LedgerDocument } from '../accounting/documents.ts'

/** The number of the n-th credit against an order, for credits that have none in the ledger (B4). */
export function creditNumber(orderNumber: string, sequence: number): string {
  return `CN – ${orderNumber.trim()} – ${sequence}`
}

/** The number with the entity's prefix: the ledger's, else the one that was given to it. Null: it goes without. */
export function sentNumberOf(
  document: Pick<LedgerDocument, 'number'>,
  assigned: string | null,
  books: Books,
): string | null {
  const number = document.number.trim() === '' ? (assigned ?? '') : document.number
  return number === '' ? null : xeroNumberOf(number, books)
}
