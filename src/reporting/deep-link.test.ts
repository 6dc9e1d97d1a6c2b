import { expect, test } from 'vitest'
import { deepLink } from './deep-link.ts'

const start = 'https://go.xero.com/organisationlogin/default.aspx?shortcode=!23vY4&redirecturl='

test.each([
  ['sales_invoice', '/AccountsReceivable/View.aspx?InvoiceID=x-1'],
  ['bill', '/AccountsPayable/Edit.aspx?InvoiceID=x-1'],
  ['order_as_bill', '/AccountsPayable/Edit.aspx?InvoiceID=x-1'],
  ['sales_credit', '/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=x-1'],
  ['supplier_credit', '/AccountsPayable/ViewCreditNote.aspx?creditNoteID=x-1'],
  ['purchase_order', '/Accounts/Payable/PurchaseOrders/View/x-1'],
  ['journal', '/Journal/View.aspx?invoiceID=x-1'],
] as const)('%s', (form, page) => {
  expect(deepLink(form, 'x-1', '!23vY4')).toBe(start + page)
  expect(deepLink(form, 'x-1', null)).toBeNull()
})

test('what is not ours to trust is encoded', () => {
  expect(deepLink('journal', 'x&1', '!2&3')).toBe(
    'https://go.xero.com/organisationlogin/default.aspx?shortcode=!2%263&redirecturl=/Journal/View.aspx?invoiceID=x%261',
  )
})
