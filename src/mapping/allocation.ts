// What takes a credit note, prepayment or overpayment off an invoice in Xero's shape, and the facts of it (N2, N4, P4, §4.4,
// §4.6). An allocation carries no marker: it is found by its parent, document and amount.

import type { Allocation } from 'xero-node'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, centsToWire } from '../accounting/money.ts'

/** What is allocated, as the path of the call names it: `PUT /CreditNotes/{id}/Allocations`, one parent a call. */
export type AllocationEndpoint = 'CreditNotes' | 'Prepayments' | 'Overpayments'

export interface AllocationFacts {
  channel: 'allocations'
  endpoint: AllocationEndpoint
  /** CreditNoteID, PrepaymentID or OverpaymentID. */
  parentId: string
  invoiceId: string
  /** In the currency of both. */
  amountCents: Cents
  date: PlainDate
  /** What people call it: "CN-3 on INV-7". */
  label: string
}

/** The allocation of an amount; both documents are in Xero. */
export function mapAllocation(allocation: Omit<AllocationFacts, 'channel'>): {
  model: Allocation
  facts: AllocationFacts
} {
  const { invoiceId, amountCents, date } = allocation
  return {
    model: { invoice: { invoiceID: invoiceId }, amount: centsToWire(amountCents), date },
    facts: { channel: 'allocations', ...allocation },
  }
}
