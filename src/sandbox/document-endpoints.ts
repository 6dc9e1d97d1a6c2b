// Which endpoints have attachments and history notes: a resource joins by its row here (§4.9). What either does is
// attachments.ts's and history.ts's business.

import type { Organisation } from './organisation.ts'
import type { Stored } from './table.ts'

interface DocumentTable {
  get(id: string): Stored | undefined
  touch(id: string, updatedAt: number): void
}

export interface DocumentEndpoint {
  /** The plural in the path, such as Invoices. */
  readonly name: string
  /** The variable in the path, such as InvoiceID. */
  readonly id: string
  /** What notes need; attachments have a scope of their own (§1.4). */
  readonly scope: string
  readonly table: (organisation: Organisation) => DocumentTable
  readonly hasAttachments?: true
  /** A file may be shown with the online invoice. */
  readonly hasOnline?: true
  /** Published as failing where a note is written; a switch. */
  readonly failsNotes?: true
}

const documents = { scope: 'accounting.invoices', hasAttachments: true } as const
const payments = { scope: 'accounting.payments', failsNotes: true } as const

export const documentEndpoints: readonly DocumentEndpoint[] = [
  { name: 'Invoices', id: 'InvoiceID', ...documents, hasOnline: true, table: ({ invoices }) => invoices },
  {
    name: 'CreditNotes',
    id: 'CreditNoteID',
    ...documents,
    hasOnline: true,
    table: ({ creditNotes }) => creditNotes,
  },
  {
    name: 'PurchaseOrders',
    id: 'PurchaseOrderID',
    ...documents,
    table: ({ purchaseOrders }) => purchaseOrders,
  },
  {
    name: 'ManualJournals',
    id: 'ManualJournalID',
    scope: 'accounting.manualjournals',
    hasAttachments: true,
    table: ({ manualJournals }) => manualJournals,
  },
  {
    name: 'BankTransactions',
    id: 'BankTransactionID',
    scope: 'accounting.banktransactions',
    hasAttachments: true,
    table: ({ bankTransactions }) => bankTransactions,
  },
  { name: 'Contacts', id: 'ContactID', scope: 'accounting.contacts', table: ({ contacts }) => contacts },
  { name: 'Items', id: 'ItemID', scope: 'accounting.settings', table: ({ items }) => items },
  { name: 'Payments', id: 'PaymentID', ...payments, table: (organisation) => organisation.payments },
  { name: 'Prepayments', id: 'PrepaymentID', ...payments, table: ({ prepayments }) => prepayments },
  { name: 'Overpayments', id: 'OverpaymentID', ...payments, table: ({ overpayments }) => overpayments },
]
