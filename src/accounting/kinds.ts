// The closed sets of words of the ledger: kinds, statuses, states. One place, the same words as in tables, CSV,
// options and JSON. What each kind does when exported is the table in batch/kinds.ts.

/** Kinds of a row in `document`. */
export const documentKinds = ['invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** Every kind of exportable thing, in the order of the public JSON (cli.md). */
export const thingKinds = [
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
] as const
export type ThingKind = (typeof thingKinds)[number]

/** Kinds that this version exports: each has a row in the table of kinds. */
export const exportedKinds = ['contact', 'invoice'] as const satisfies readonly ThingKind[]
export type ExportedKind = (typeof exportedKinds)[number]

export function isExportedKind(kind: string): kind is ExportedKind {
  return exportedKinds.some((known) => known === kind)
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

/** What people read for one or many of a kind. */
export const kindNames: Record<ThingKind, { one: string; many: string }> = {
  contact: { one: 'contact', many: 'contacts' },
  item: { one: 'item', many: 'items' },
  invoice: { one: 'invoice', many: 'invoices' },
  bill: { one: 'bill', many: 'bills' },
  credit_note: { one: 'credit note', many: 'credit notes' },
  supplier_credit: { one: 'supplier credit', many: 'supplier credits' },
  purchase_order: { one: 'purchase order', many: 'purchase orders' },
  prepayment: { one: 'prepayment', many: 'prepayments' },
  allocation: { one: 'allocation', many: 'allocations' },
  payment: { one: 'payment', many: 'payments' },
  refund: { one: 'refund', many: 'refunds' },
  journal: { one: 'journal', many: 'journals' },
  attachment: { one: 'attachment', many: 'attachments' },
}

/** "1 invoice", "350 invoices". */
export function countOf(count: number, kind: ThingKind): string {
  return `${count.toLocaleString('en')} ${count === 1 ? kindNames[kind].one : kindNames[kind].many}`
}
