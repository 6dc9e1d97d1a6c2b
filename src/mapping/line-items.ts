// Posted lines in Xero's shape (§4.3). What the lines are is posted-lines.ts's business.

import type { LineItem } from 'xero-node'
import { centsToWire, e4ToWire } from '../accounting/money.ts'
import type { AmountLine, PostedLine } from './posted-lines.ts'

/**
 * The lines for Xero. `mayDiscount`: of a sales invoice, which alone has discounts. `lineIds` are Xero's ids of the lines of a document that is there already, in their order: an update
 * keeps them, lines beyond them are new, and ids that are left over are no longer named, which deletes their lines (I7).
 */
export function lineItemsOf(
  lines: readonly PostedLine[],
  document: { isTaxed: boolean; mayDiscount: boolean },
  lineIds: readonly string[],
): LineItem[] {
  return lines.map((line, index) => {
    const lineId = lineIds[index]
    const item = lineItemOf(line, document.isTaxed)
    // A note keeps no id: what the line was worth before might stay with it.
    if (lineId === undefined || line.isNote) return item
    return { lineItemID: lineId, ...emptied(document.mayDiscount), ...item }
  })
}

/** What a line that is there already loses where it no longer has it: fields that are not sent stay as they were (§3.1). */
function emptied(mayDiscount: boolean): LineItem {
  return mayDiscount ? { tracking: [], discountRate: 0 } : { tracking: [] }
}

function lineItemOf(line: PostedLine, isTaxed: boolean): LineItem {
  if (line.isNote) return { description: line.description }
  const item: LineItem = {
    description: line.description,
    ...pricedAmount(line),
    accountCode: line.account,
  }
  if (line.item !== null) item.itemCode = line.item
  if (isTaxed) {
    if (line.taxType !== null) item.taxType = line.taxType
    item.taxAmount = centsToWire(line.tax)
  }
  if (line.tracking.length > 0)
    item.tracking = line.tracking.map(({ category, option }) => ({ name: category, option }))
  return item
}

/** LineAmount is never sent: Xero multiplies, and is only given what comes to the cents for certain (I4). */
function pricedAmount({
  pricing,
  amount,
}: AmountLine): Pick<LineItem, 'quantity' | 'unitAmount' | 'discountRate'> {
  if (pricing === null) return { quantity: 1, unitAmount: centsToWire(amount) }
  const { quantity, unitPrice, discountPercent } = pricing
  return {
    quantity: e4ToWire(quantity),
    unitAmount: e4ToWire(unitPrice),
    ...(discountPercent === 0 ? {} : { discountRate: e4ToWire(discountPercent) }),
  }
}
