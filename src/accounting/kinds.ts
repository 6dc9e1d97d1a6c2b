// The closed sets of words of the ledger: kinds, statuses, states. One place, the same words as in tables, CSV,
// options and JSON. What each kind does when exported is the table in batch/kinds.ts.

/** Kinds of a row in `document`. */
export const documentKinds = ['invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** Every kind that a report counts, in the order of the public JSON (cli.md); two that are ours stand at its end. */
export const reportedKinds = [
  'contact',
  'item',
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'purchase_order',
  'prepayment',
  'allocation',
  'payment',
  'refund',
  'journal',
  'attachment',
  'overpayment',
  'note',
] as const
export type ReportedKind = (typeof reportedKinds)[number]

/**
 * Every kind of exportable thing: what one element of a call is. Beside the reported ones, things that come of a row of
 * another kind: `receipt` is what was received by a payment (a prepayment, an overpayment or a receipt journal, or
 * nothing of its own), `discount` a payment discount as a credit note and `discount_allocation` what applies it (N4),
 * `stock_movement` its journal (J3), `cogs` the journal of a part line (J2), `summary` a day's journal (J5).
 */
export const thingKinds = [
  'contact',
  'item',
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'purchase_order',
  'discount',
  'receipt',
  'allocation',
  'discount_allocation',
  'payment',
  'refund',
  'journal',
  'stock_movement',
  'cogs',
  'summary',
  'attachment',
  'note',
] as const
export type ThingKind = (typeof thingKinds)[number]

/** Where a thing is counted while nothing is known of how it goes out. */
export const reportedAs: Record<ThingKind, ReportedKind> = {
  contact: 'contact',
  item: 'item',
  invoice: 'invoice',
  bill: 'bill',
  credit_note: 'credit_note',
  supplier_credit: 'supplier_credit',
  purchase_order: 'purchase_order',
  discount: 'credit_note',
  receipt: 'prepayment',
  allocation: 'allocation',
  discount_allocation: 'allocation',
  payment: 'payment',
  refund: 'refund',
  journal: 'journal',
  stock_movement: 'journal',
  cogs: 'journal',
  summary: 'journal',
  attachment: 'attachment',
  note: 'note',
}

/** What a call does to the things in it. */
export const operations = ['create', 'update', 'void', 'delete'] as const
export type Operation = (typeof operations)[number]

export function isReportedKind(kind: string): kind is ReportedKind {
  return reportedKinds.some((known) => known === kind)
}

export function isDocumentKind(kind: string): kind is DocumentKind {
  return documentKinds.some((known) => known === kind)
}

export const documentStatuses = ['draft', 'sent', 'void'] as const
export type DocumentStatus = (typeof documentStatuses)[number]

export const amountsModes = ['exclusive', 'inclusive', 'no_tax'] as const
/** Whether line amounts are without tax, with it, or have none. Freight and discount are always without (I4). */
export type AmountsMode = (typeof amountsModes)[number]

export const lineKinds = [
  'charge',
  'part',
  'labour',
  'outwork',
  'freight',
  'discount',
  'rounding',
  'note',
] as const
export type LineKind = (typeof lineKinds)[number]

/**
 * Where an exportable thing stands. `pending` may be sent. `sending` belongs to a chunk that was written down and
 * whose answer is not recorded yet. From there it becomes `exported`, `failed` (Xero or a rule refused it) or
 * `uncertain` (nobody knows yet whether Xero has it): only a look-up in Xero leaves `uncertain`.
 * `skipped` waits for something else, `held` for a person, `mock_exported` was marked at cutover and never sent.
 */
export const exportStates = [
  'pending',
  'sending',
  'exported',
  'failed',
  'uncertain',
  'skipped',
  'held',
  'mock_exported',
] as const
export type ExportState = (typeof exportStates)[number]

export const paymentKinds = ['payment', 'deposit', 'discount', 'refund'] as const
export type PaymentKind = (typeof paymentKinds)[number]

export const journalKinds = [
  'general',
  'stock_adjustment',
  'pay_run',
  'receipt',
  'deposit',
  'invoice_payment',
  'invoice_deposit',
] as const
export type JournalKind = (typeof journalKinds)[number]

export type JournalStatus = 'draft' | 'posted' | 'paid'

/** Where a part of a sales line came from (J2): kept in stock, ordered for the job, or neither. */
export type Supply = 'stocked' | 'job_ordered' | 'unstocked'

/** What a purchase line was bought for (B3). */
export type Destination = 'stock' | 'job'

/** What people read for one or many of a kind. */
export const kindNames: Record<ThingKind | ReportedKind, { one: string; many: string }> = {
  contact: { one: 'contact', many: 'contacts' },
  item: { one: 'item', many: 'items' },
  invoice: { one: 'invoice', many: 'invoices' },
  bill: { one: 'bill', many: 'bills' },
  credit_note: { one: 'credit note', many: 'credit notes' },
  supplier_credit: { one: 'supplier credit', many: 'supplier credits' },
  purchase_order: { one: 'purchase order', many: 'purchase orders' },
  prepayment: { one: 'prepayment', many: 'prepayments' },
  overpayment: { one: 'overpayment', many: 'overpayments' },
  receipt: { one: 'receipt', many: 'receipts' },
  discount: { one: 'payment discount', many: 'payment discounts' },
  discount_allocation: { one: 'applied discount', many: 'applied discounts' },
  allocation: { one: 'allocation', many: 'allocations' },
  payment: { one: 'payment', many: 'payments' },
  refund: { one: 'refund', many: 'refunds' },
  journal: { one: 'journal', many: 'journals' },
  stock_movement: { one: 'stock movement', many: 'stock movements' },
  cogs: { one: 'cost of goods journal', many: 'cost of goods journals' },
  summary: { one: 'daily summary', many: 'daily summaries' },
  attachment: { one: 'attachment', many: 'attachments' },
  note: { one: 'history note', many: 'history notes' },
}

/** "1 invoice", "350 invoices". */
export function countOf(count: number, kind: ThingKind | ReportedKind): string {
  return `${count.toLocaleString('en')} ${count === 1 ? kindNames[kind].one : kindNames[kind].many}`
}
