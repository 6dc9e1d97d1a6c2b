// An item of the ledger in Xero's shape (R1): untracked, since quantities are kept in the ledger. Whether it may be sent is
// validation's business.

import type { Item, Purchase } from 'xero-node'
import { type Books, type Side, taxTypeOfCode, xeroAccountOf } from '../accounting/books.ts'
import type { LedgerItem } from '../accounting/documents.ts'
import { type E4, e4ToWire } from '../accounting/money.ts'

/** An item is found again by its code, which is unique in Xero (§4.8). */
export interface ItemFacts {
  code: string
  name: string
}

export interface ItemMapping {
  model: Item
  facts: ItemFacts
}

/**
 * The item for Xero. It is sold and purchased whatever the ledger says of it: a side that is switched off loses what people
 * entered there and cannot be named on documents (§4.8). What the ledger has not is not sent, so that it blanks nothing.
 */
export function mapItem(item: LedgerItem, { books, xeroId }: { books: Books; xeroId?: string }): ItemMapping {
  const name = item.name.trim()
  const sales = priced('sales', item.salePrice, item.saleAccount, item.saleTaxCode, books)
  const purchases = priced('purchases', item.purchasePrice, item.purchaseAccount, item.purchaseTaxCode, books)
  const description = item.description?.trim()
  return {
    model: {
      ...(xeroId === undefined ? {} : { itemID: xeroId }),
      code: item.code,
      name,
      ...(description ? { description, purchaseDescription: description } : {}),
      isSold: true,
      isPurchased: true,
      ...(sales ? { salesDetails: sales } : {}),
      ...(purchases ? { purchaseDetails: purchases } : {}),
    },
    facts: { code: item.code, name },
  }
}

/** Price, account and tax of one side; null where the ledger says nothing of it. */
function priced(
  side: Side,
  price: E4 | null,
  account: string | null,
  taxCode: string | null,
  books: Books,
): Purchase | null {
  const taxType = taxCode === null ? null : taxTypeOfCode(taxCode, side, books)
  const details: Purchase = {
    ...(price === null ? {} : { unitPrice: e4ToWire(price) }),
    ...(account === null ? {} : { accountCode: xeroAccountOf(account, books) }),
    ...(taxType === null ? {} : { taxType }),
  }
  return Object.keys(details).length === 0 ? null : details
}
