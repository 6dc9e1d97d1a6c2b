import { describe, expect, test } from 'vitest'
import { someBooks } from '../../test/support/books.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { contentTypeOf, endpointOf, fileNameInXero } from './attachment.ts'

test.each([
  ['job.pdf', 'job.pdf'],
  ['scans/2026/job 1 (copy).pdf', 'job 1 (copy).pdf'],
  ['/srv/files/Rechnung für Bäcker.pdf', 'Rechnung für Bäcker.pdf'],
  ['a/1+1<2>:"x"|?*\\.txt', '1_1_2___x_____.txt'],
  ['bell\u0007.txt', 'bell_.txt'],
  ['half\uD83D.txt', 'half_.txt'],
  ['photo 😀.jpg', 'photo 😀.jpg'],
  ['re\u0301sume\u0301.doc', 'r\u00e9sum\u00e9.doc'],
  ['scans/', ''],
])('the name of %j in Xero is %j', (path, name) => {
  expect(fileNameInXero(path)).toBe(name)
})

test.each([
  ['job.pdf', 'application/pdf'],
  ['JOB.PDF', 'application/pdf'],
  ['photo.tar.jpeg', 'image/jpeg'],
  ['notes', 'application/octet-stream'],
  ['notes.constructor', 'application/octet-stream'],
  ['pdf', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(contentTypeOf(name)).toBe(type)
})

describe('where files and notes go', () => {
  const { settings } = someBooks()
  test.each<[DocumentKind, object | null, string]>([
    ['invoice', { form: 'sales_invoice' }, 'Invoices'],
    ['invoice', { form: 'sales_credit' }, 'CreditNotes'],
    ['invoice', { type: 'ACCREC', number: 'INV-1' }, 'Invoices'], // of the version before forms
    ['bill', { form: 'bill' }, 'Invoices'],
    ['bill', { form: 'supplier_credit' }, 'CreditNotes'],
    ['purchase_order', { form: 'order_as_bill' }, 'Invoices'],
    ['purchase_order', { form: 'purchase_order' }, 'PurchaseOrders'],
    ['invoice', { form: 'journal', narration: 'Invoice INV-1' }, 'ManualJournals'],
    ['credit_note', null, 'CreditNotes'],
    ['purchase_order', null, 'PurchaseOrders'],
  ])('a %s that went out as %j: %s', (kind, facts, endpoint) => {
    expect(endpointOf({ kind, facts: facts && JSON.stringify(facts) }, settings)).toBe(endpoint)
  })

  test('an order that was linked, where orders are bills', () => {
    const books = someBooks({ settings: { purchase_orders: 'bills' } })
    expect(endpointOf({ kind: 'purchase_order', facts: null }, books.settings)).toBe('Invoices')
  })
})
