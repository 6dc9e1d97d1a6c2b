import { expect, test } from 'vitest'
import type { SentForm } from './document-form.ts'
import { mapVoid } from './void.ts'
import type { NewDocumentStatus } from './xero-words.ts'

test.each<[SentForm, NewDocumentStatus, object, string]>([
  ['sales_invoice', 'AUTHORISED', { invoiceID: 'x' }, 'VOIDED'],
  ['sales_invoice', 'DRAFT', { invoiceID: 'x' }, 'DELETED'],
  ['bill', 'AUTHORISED', { invoiceID: 'x' }, 'VOIDED'],
  ['order_as_bill', 'AUTHORISED', { invoiceID: 'x' }, 'VOIDED'],
  ['sales_credit', 'AUTHORISED', { creditNoteID: 'x' }, 'VOIDED'],
  ['supplier_credit', 'DRAFT', { creditNoteID: 'x' }, 'DELETED'],
  ['purchase_order', 'AUTHORISED', { purchaseOrderID: 'x' }, 'DELETED'],
])('a %s that is %s ends by id and status alone (I7)', (form, status, id, ended) => {
  const { model, facts } = mapVoid({ form, xeroId: 'x', status })
  expect(model).toEqual({ ...id, status: ended })
  expect(facts).toEqual({ form, xeroId: 'x', status: ended, totalCents: null, taxCents: null })
})
