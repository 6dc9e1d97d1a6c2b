// As what a document of the ledger goes to Xero: its kind, the settings and the sign of its total decide (B1, I13, J4). What
// each form looks like there is document.ts's business, journals are journal files' business.

import type { Books } from '../accounting/books.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { type Cents, e4, subtractCents, zeroCents } from '../accounting/money.ts'
import type { EntitySettings } from '../accounting/settings.ts'

/** Forms that are documents in Xero too. */
export const sentForms = [
  'sales_invoice',
  'bill',
  'sales_credit',
  'supplier_credit',
  'purchase_order',
  'order_as_bill',
] as const
export type SentForm = (typeof sentForms)[number]

/** `journal`: a sales document under ar_style=journals. `none`: not sent at all. */
export type DocumentForm = SentForm | 'journal' | 'none'

const formOfKind: Record<DocumentKind, (settings: EntitySettings, isNegative: boolean) => DocumentForm> = {
  invoice: ({ ar_style }, isNegative) =>
    ar_style === 'journals' ? 'journal' : isNegative ? 'sales_credit' : 'sales_invoice',
  credit_note: ({ ar_style }) => (ar_style === 'journals' ? 'journal' : 'sales_credit'),
  bill: (_, isNegative) => (isNegative ? 'supplier_credit' : 'bill'),
  supplier_credit: () => 'supplier_credit',
  purchase_order: ({ purchase_orders }) => orderForms[purchase_orders],
}

const orderForms: Record<EntitySettings['purchase_orders'], DocumentForm> = {
  off: 'none',
  bills: 'order_as_bill',
  purchase_orders: 'purchase_order',
}

/**
 * The form in which a document that Xero was never told of goes out. What is there already keeps the form in which it was
 * sent, whatever the settings say now.
 */
export function formOf(document: Pick<LedgerDocument, 'kind' | 'total'>, books: Books): DocumentForm {
  return formOfKind[document.kind](books.settings, document.total < 0)
}

export function isSentForm(form: DocumentForm): form is SentForm {
  return form !== 'journal' && form !== 'none'
}

export function isCreditForm(form: DocumentForm): boolean {
  return form === 'sales_credit' || form === 'supplier_credit'
}

/** True for a negative invoice or bill: Xero takes it as a credit, with its signs turned (I13). */
export function isTurned({ kind, total }: Pick<LedgerDocument, 'kind' | 'total'>): boolean {
  return (kind === 'invoice' || kind === 'bill') && total < 0
}

/** The document with the signs that go to Xero. Quantities turn where they are below zero, else prices do. */
export function inForm(document: LedgerDocument, form: DocumentForm): LedgerDocument {
  if (!isCreditForm(form) || !isTurned(document)) return document
  return {
    ...document,
    subtotal: turned(document.subtotal),
    tax: turned(document.tax),
    total: turned(document.total),
    lines: document.lines.map(turnedLine),
  }
}

function turnedLine(line: DocumentLine): DocumentLine {
  const { quantity, unitPrice } = line
  return {
    ...line,
    quantity: quantity < 0 ? e4(-quantity) : quantity,
    unitPrice: quantity < 0 || unitPrice === null ? unitPrice : e4(0 - unitPrice),
    amount: turned(line.amount),
    tax: turned(line.tax),
  }
}

function turned(amount: Cents): Cents {
  return subtractCents(zeroCents, amount)
}
