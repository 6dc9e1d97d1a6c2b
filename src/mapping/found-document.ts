// The facts of a document that a person entered in Xero, as they would have been written down had it been sent (M1, M5): what stands
// there is as it was left, so that whatever is changed later is noticed, on either side.

import type { PlainDate } from '../accounting/calendar.ts'
import type { Cents } from '../accounting/money.ts'
import type { SentDocumentFacts } from './document.ts'
import type { SentForm } from './document-form.ts'

/** What Xero says of it. */
export interface DocumentThere {
  number: string | null
  contactId: string
  date: PlainDate | null
  dueDate: PlainDate | null
  currency: string
  total: Cents
  tax: Cents
  status: string
  reference: string | null
  content: string | null
}

/** `date`: the ledger's, where Xero says none. */
export function factsOfFound(form: SentForm, found: DocumentThere, date: PlainDate): SentDocumentFacts {
  const isSale = form === 'sales_invoice' || form === 'sales_credit'
  return {
    form,
    type: wireTypes[form],
    number: found.number,
    contactId: found.contactId,
    date: found.date ?? date,
    currency: found.currency,
    totalCents: found.total,
    taxCents: found.tax,
    status: found.status === 'DRAFT' ? 'DRAFT' : 'AUTHORISED',
    reference: isSale ? (found.reference ?? '') : null,
    dueDate: found.dueDate,
    marker: null,
    content: found.content,
    payloadHash: null,
  }
}

/** Xero's word for each form; purchase orders have none. */
export const wireTypes: Readonly<Record<SentForm, SentDocumentFacts['type']>> = {
  sales_invoice: 'ACCREC',
  bill: 'ACCPAY',
  order_as_bill: 'ACCPAY',
  sales_credit: 'ACCRECCREDIT',
  supplier_credit: 'ACCPAYCREDIT',
  purchase_order: null,
}
