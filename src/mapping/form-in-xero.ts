// As what a document stands in Xero, and so where its files, its notes and its page are (I14, I15). In which form a new one goes out is
// document-form.ts.

import type { DocumentKind } from '../accounting/kinds.ts'
import type { EntitySettings } from '../accounting/settings.ts'
import { readDocumentFacts } from './document.ts'
import type { SentForm } from './document-form.ts'
import { isSentAsJournal } from './journal.ts'

export type FormInXero = SentForm | 'journal'

/** As in the path. */
export type DocumentEndpoint = 'Invoices' | 'CreditNotes' | 'PurchaseOrders' | 'ManualJournals'

export const endpointOfForm: Readonly<Record<FormInXero, DocumentEndpoint>> = {
  sales_invoice: 'Invoices',
  bill: 'Invoices',
  order_as_bill: 'Invoices',
  sales_credit: 'CreditNotes',
  supplier_credit: 'CreditNotes',
  purchase_order: 'PurchaseOrders',
  journal: 'ManualJournals',
}

const formOfKind: Record<DocumentKind, (settings: Pick<EntitySettings, 'purchase_orders'>) => FormInXero> = {
  invoice: () => 'sales_invoice',
  bill: () => 'bill',
  credit_note: () => 'sales_credit',
  supplier_credit: () => 'supplier_credit',
  purchase_order: ({ purchase_orders }) => (purchase_orders === 'bills' ? 'order_as_bill' : 'purchase_order'),
}

/** `facts`: what was written down with it when it was sent; null where it never was (linked by hand). */
export function formInXero(
  { kind, facts }: { kind: DocumentKind; facts: string | null },
  settings: Pick<EntitySettings, 'purchase_orders'>,
): FormInXero {
  if (facts === null) return formOfKind[kind](settings)
  return isSentAsJournal(facts) ? 'journal' : readDocumentFacts(facts).form
}
