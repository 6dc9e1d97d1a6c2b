// What ends a document in Xero (I7): the element that voids or deletes it, and what its answer is compared with. Whether it
// may be ended is asked of Xero before, by batch.

import type { CreditNote, Invoice, PurchaseOrder } from 'xero-node'
import type { SentForm } from './document-form.ts'
import { type EndedStatus, type NewDocumentStatus, statusWord } from './xero-words.ts'

export interface VoidFacts {
  form: SentForm
  xeroId: string
  status: EndedStatus
  /** The amounts of what is voided stay as they were and are not compared. */
  totalCents: null
  taxCents: null
}

export interface VoidMapping {
  model: Invoice | CreditNote | PurchaseOrder
  facts: VoidFacts
}

/**
 * The element that ends the document of this Xero id. `status` is what Xero has now: drafts are deleted, approved documents
 * are voided, and purchase orders only know deletion (§4.3, §4.9).
 */
export function mapVoid(document: {
  form: SentForm
  xeroId: string
  status: NewDocumentStatus
}): VoidMapping {
  const { form, xeroId } = document
  const status = form === 'purchase_order' || document.status === 'DRAFT' ? 'DELETED' : 'VOIDED'
  return {
    model: { ...idOf[form](xeroId), status: statusWord<never>(status) }, // each model has its own type for the word
    facts: { form, xeroId, status, totalCents: null, taxCents: null },
  }
}

const idOf: Record<SentForm, (xeroId: string) => Invoice | CreditNote | PurchaseOrder> = {
  sales_invoice: (invoiceID) => ({ invoiceID }),
  bill: (invoiceID) => ({ invoiceID }),
  order_as_bill: (invoiceID) => ({ invoiceID }),
  sales_credit: (creditNoteID) => ({ creditNoteID }),
  supplier_credit: (creditNoteID) => ({ creditNoteID }),
  purchase_order: (purchaseOrderID) => ({ purchaseOrderID }),
}
