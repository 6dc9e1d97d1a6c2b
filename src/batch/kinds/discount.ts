// The row of payment discounts in the table of kinds (N4): a credit note on the invoice, numbered after it; what applies it is of kind
// discount_allocation (allocation.ts). Judged in discount-check.ts, sent by discount-load.ts.

import type { KindRow } from '../kind-row.ts'
import { checkDiscounts } from './discount-check.ts'
import { loadDiscounts } from './discount-load.ts'

export const discountKind: KindRow = {
  kind: 'discount',
  isLeftOut: ({ payments }) => payments !== 'both' && payments !== 'to_xero',
  checkPage: checkDiscounts,
  load: loadDiscounts,
}
