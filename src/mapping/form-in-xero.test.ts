import { describe, expect, test } from 'vitest'
import { someBooks } from '../../test/support/books.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { endpointOfForm, formInXero } from './form-in-xero.ts'

describe('as what a document stands in Xero, and where its files and notes go', () => {
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
    const form = formInXero({ kind, facts: facts && JSON.stringify(facts) }, settings)
    expect(endpointOfForm[form]).toBe(endpoint)
  })

  test('an order that was linked, where orders are bills', () => {
    const books = someBooks({ settings: { purchase_orders: 'bills' } })
    expect(formInXero({ kind: 'purchase_order', facts: null }, books.settings)).toBe('order_as_bill')
  })
})
