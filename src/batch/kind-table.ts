// The table of kinds, in the order in which a run takes them (E4): a new kind is a row here and its files; a kind without a row does
// not compile. What a row holds is kind-row.ts.

import type { ThingKind } from '../accounting/kinds.ts'
import type { KindRow } from './kind-row.ts'
import { allocationKind } from './kinds/allocation.ts'
import { attachmentKind } from './kinds/attachment.ts'
import { cogsKind } from './kinds/cogs.ts'
import { contactKind } from './kinds/contact.ts'
import { discountKind } from './kinds/discount.ts'
import { documentKind } from './kinds/document.ts'
import { itemKind } from './kinds/item.ts'
import { journalKind } from './kinds/journal.ts'
import { noteKind } from './kinds/note.ts'
import { paymentKind } from './kinds/payment.ts'
import { receiptKind } from './kinds/receipt.ts'
import { stockMovementKind } from './kinds/stock-movement.ts'
import { summaryKind } from './kinds/summary.ts'

export const kindTable: { readonly [Kind in ThingKind]?: KindRow } = {
  contact: contactKind,
  item: itemKind,
  journal: journalKind,
  stock_movement: stockMovementKind,
  purchase_order: documentKind('purchase_order', (settings) => settings.purchase_orders === 'off'),
  invoice: documentKind('invoice'),
  bill: documentKind('bill'),
  credit_note: documentKind('credit_note'),
  supplier_credit: documentKind('supplier_credit'),
  discount: discountKind,
  receipt: receiptKind,
  allocation: allocationKind('allocation'),
  discount_allocation: allocationKind('discount_allocation'),
  payment: paymentKind('payment'),
  refund: paymentKind('refund'),
  summary: summaryKind,
  cogs: cogsKind,
  attachment: attachmentKind,
  note: noteKind,
}

/** Kinds in the order of a run: parents before what hangs on them (E4). */
export const runOrder: readonly ThingKind[] = [
  'contact',
  'item',
  'journal',
  'stock_movement',
  'purchase_order',
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'summary',
  'discount',
  'receipt',
  'allocation',
  'discount_allocation',
  'payment',
  'refund',
  'cogs',
  'attachment',
  'note',
]

/**
 * The steps of a run: the same, and once more those of which some hang on what goes out later: journals that are payments (P2), and
 * summaries of payments (J5).
 */
export const runVisits: readonly ThingKind[] = runOrder.flatMap((kind) =>
  kind === 'payment' ? ['payment', 'journal', 'summary'] : [kind],
)

export function isVisitedAgain(kind: ThingKind): boolean {
  return runVisits.indexOf(kind) !== runVisits.lastIndexOf(kind)
}
