// What a line of a file comes to where the file leaves it out: its amount from quantity, price and discount, its tax
// from the rate of its code. What the file gives is kept.

import type { AmountsMode, LineKind } from '../accounting/kinds.ts'
import { type Cents, type E4, lineAmount, taxInGross, taxOnNet, zeroCents } from '../accounting/money.ts'

/** Quantity × price less discount in cents; null where that is too large to be money. */
export function amountOfLine(quantity: number, unitPrice: number, discountPercent: number): Cents | null {
  try {
    // The cells were read as ten-thousandths.
    return lineAmount(quantity as E4, unitPrice as E4, discountPercent as E4)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The tax of a line. Freight and discount are without tax even in an inclusive document (I4). */
export function taxOfLine(amount: number, rate: E4, mode: AmountsMode, kind: LineKind): Cents {
  if (mode === 'no_tax') return zeroCents
  const isGross = mode === 'inclusive' && kind !== 'freight' && kind !== 'discount'
  // The amount was read or computed as cents.
  return isGross ? taxInGross(amount as Cents, rate) : taxOnNet(amount as Cents, rate)
}
