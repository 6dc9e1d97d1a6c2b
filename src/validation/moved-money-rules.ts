// Money of one payment or credit is in Xero once (P4, P5, N2): nothing new of it goes there while Xero has of it what the ledger has
// no more, or has less of. Which parts those are is batch/kinds/moved-money.ts.

import type { Finding } from '../accounting/findings.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { complainOf, type MoneyThing } from './money-check.ts'

/** A part that stands in Xero, and in the ledger not so. */
export interface MovedMoney {
  /** "payment PAY-17 on INV-7". */
  name: string
  /** As it was sent; null where that is not known. */
  amount: Cents | null
  /** False while nobody knows whether Xero has it. */
  isKnown: boolean
}

export function checkMoved(thing: MoneyThing, moved: readonly MovedMoney[]): Finding[] {
  if (moved.length === 0) return []
  const names = moved.map(({ name, amount }) =>
    amount === null ? name : `${name} of ${formatCents(amount)}`,
  )
  const isKnown = moved.every((one) => one.isKnown)
  return [
    complainOf(thing, {
      code: 'payment-moved',
      field: 'amount',
      message: `was not sent: Xero ${isKnown ? 'has' : 'may have'} ${names.join(' and ')}, which the ledger no longer has, or has with less.`,
      why: 'Money of one payment or credit is in Xero once. Sent beside what was moved, it would be there twice.',
      fix: isKnown
        ? 'Delete what is named in Xero and export again: this goes along then. Or undo the change in the ledger.'
        : 'Export again in some minutes, when it is known whether Xero has it; or undo the change in the ledger.',
    }),
  ]
}
