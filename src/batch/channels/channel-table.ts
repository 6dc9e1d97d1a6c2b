// The table of channels: a way to Xero without a row does not compile. What a row holds is channel.ts.

import { type Channel, type ChannelName, isChannelName } from './channel.ts'
import { contacts } from './contacts.ts'
import { bills, purchaseOrders, salesCredits, salesInvoices, supplierCredits } from './documents.ts'
import {
  bankTransactions,
  creditAllocations,
  overpaymentAllocations,
  payments,
  prepaymentAllocations,
} from './money.ts'
import { attachments, items, manualJournals, notes } from './records.ts'

export const channelTable: { readonly [Name in ChannelName]: Channel } = {
  contacts,
  items,
  sales_invoices: salesInvoices,
  bills,
  sales_credits: salesCredits,
  supplier_credits: supplierCredits,
  purchase_orders: purchaseOrders,
  manual_journals: manualJournals,
  bank_transactions: bankTransactions,
  payments,
  credit_allocations: creditAllocations,
  prepayment_allocations: prepaymentAllocations,
  overpayment_allocations: overpaymentAllocations,
  attachments,
  notes,
}

/** The channel of a chunk, by the name that was written down with it. */
export function channelOf(name: string): Channel {
  if (!isChannelName(name)) throw new Error(`a call went out on “${name}”, which no version knows`)
  return channelTable[name]
}
