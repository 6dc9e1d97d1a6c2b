// What the rules ask of bills, credits and purchase orders beyond or other than of invoices: a document that has the finding,
// and one that nearly has it and does not.

import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, anItem, money } from '../../test/support/books.ts'
import { check, oneLine, type Situation, tests } from '../../test/support/checked-document.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { e4 } from '../accounting/money.ts'

const asBills = { settings: { purchase_orders: 'bills' } }
const asOrders = { settings: { purchase_orders: 'purchase_orders' } }
const asJournals = { settings: { ar_style: 'journals' } }

/** A document of the kind without findings. */
function a(kind: DocumentKind, line: Partial<DocumentLine> = {}): Situation {
  const account = kind === 'invoice' || kind === 'credit_note' ? '200' : '400'
  return { kind, ...oneLine({ account, ...line }), ...(kind === 'purchase_order' ? asBills : {}) }
}

tests('nothing wrong', [
  ['a bill', a('bill'), []],
  ['a credit note', a('credit_note'), []],
  ['a supplier credit', a('supplier_credit'), []],
  ['an order as a bill', a('purchase_order'), []],
  ['an order as an order', { ...a('purchase_order'), ...asOrders }, []],
  ['an order that is not sent at all', { ...a('purchase_order', { account: '999' }), settings: {} }, []],
  ['an invoice as a journal', { ...a('invoice'), ...asJournals }, []],
])

const shared = { context: { numberSharedBy: ['doc-2'] } }
const order = (changes: Partial<LedgerDocument> = {}) =>
  anInvoice({ id: 'po-1', kind: 'purchase_order', number: 'PO-1', ...changes })
tests('number (I8, B4)', [
  ['a bill without', { ...a('bill'), number: '' }, ['warning number-missing number']],
  [
    'a negative bill without',
    { ...a('bill', { amount: money(-1), tax: money(0) }), number: '' },
    ['warning number-missing number'],
  ],
  ['an order as a bill without', { ...a('purchase_order'), number: '' }, ['warning number-missing number']],
  ['an order without', { ...a('purchase_order'), ...asOrders, number: '' }, ['number-missing number']],
  ['a credit note without', { ...a('credit_note'), number: '' }, ['number-missing number']],
  [
    'an invoice as a journal without',
    { ...a('invoice'), ...asJournals, number: '' },
    ['number-missing number'],
  ],
  ['a supplier credit without', { ...a('supplier_credit'), number: '' }, ['number-missing number']],
  [
    'against an order: it is given one',
    { ...a('supplier_credit'), number: '', context: { order: order() } },
    [],
  ],
  [
    'against an order without one',
    { ...a('supplier_credit'), number: '', context: { order: order({ number: ' ' }) } },
    ['number-missing number'],
  ],
  ['a shared one of a bill', { ...a('bill'), ...shared }, ['warning number-duplicate number']],
  ['of an order as a bill', { ...a('purchase_order'), ...shared }, ['warning number-duplicate number']],
  ['of a supplier credit', { ...a('supplier_credit'), ...shared }, ['warning number-duplicate number']],
  ['of a journal', { ...a('invoice'), ...asJournals, ...shared }, ['warning number-duplicate number']],
  ['of an order', { ...a('purchase_order'), ...asOrders, ...shared }, ['number-duplicate number']],
  ['of a credit note', { ...a('credit_note'), ...shared }, ['number-duplicate number']],
])

const locked = { organisation: { periodLockDate: anInvoice().date } }
tests('locked periods', [
  ['a bill', { ...a('bill'), ...locked }, ['period-locked date']],
  ['an order as a bill', { ...a('purchase_order'), ...locked }, ['period-locked date']],
  ['an order, which posts nothing', { ...a('purchase_order'), ...asOrders, ...locked }, []],
])

tests('contact, due date, link', [
  ['a journal has no contact', { ...a('invoice'), ...asJournals, contact: null }, []],
  ['a bill has', { ...a('bill'), contact: null }, ['contact-missing contact']],
  ['a bill without due date', { ...a('bill'), dueDate: null }, ['information due-date-missing dueDate']],
  [
    'an order as a bill without',
    { ...a('purchase_order'), dueDate: null },
    ['information due-date-missing dueDate'],
  ],
  ['an order needs none', { ...a('purchase_order'), ...asOrders, dueDate: null }, []],
  ['a credit needs none', { ...a('credit_note'), dueDate: null }, []],
  ['nor a negative invoice', { ...a('invoice', { amount: money(-1), tax: money(0) }), dueDate: null }, []],
  ['a link of a bill', { ...a('bill'), url: 'doc 1' }, ['text-invalid url']],
  ['of a credit, which is not sent', { ...a('credit_note'), url: 'doc 1' }, []],
])

const long = 'x'.repeat(256)
tests('reference', [
  ['of a credit note', { ...a('credit_note'), reference: long }, ['text-too-long reference']],
  ['of an order', { ...a('purchase_order'), ...asOrders, reference: long }, ['text-too-long reference']],
  ['of a bill, which is not sent', { ...a('bill'), reference: long }, []],
  ['of a supplier credit, neither', { ...a('supplier_credit'), reference: long }, []],
])

tests('accounts and tax of purchases (B2, B3, B5)', [
  ['an income account may be used', a('bill', { account: '200', taxCode: 'NONE', tax: money(0) }), []],
  ['tax for expenses on income', a('bill', { account: '200' }), ['tax-not-applicable lines[1].taxCode']],
  ['tax for income on expenses', a('bill', { taxCode: 'OUTPUT2' }), ['tax-not-applicable lines[1].taxCode']],
  [
    'a bank account',
    a('bill', { account: '090', taxCode: 'NONE', tax: money(0) }),
    ['account-wrong-class lines[1].account'],
  ],
  [
    'receivables',
    a('bill', { account: '610', taxCode: 'NONE', tax: money(0) }),
    ['account-system lines[1].account'],
  ],
  [
    'mapped for sales only',
    {
      ...a('bill', { taxCode: 'S' }),
      books: { taxMap: new Map([['S', { sales: 'OUTPUT2', purchase: null }]]) },
    },
    ['tax-unmapped lines[1].taxCode'],
  ],
  [
    'the purchase account and tax of its item',
    {
      ...a('bill', { account: null, taxCode: null, item: 'OIL' }),
      books: { items: new Map([['OIL', anItem('OIL', { purchaseAccount: '400', purchaseTaxCode: 'GST' })]]) },
    },
    [],
  ],
  [
    'for stock, with the role',
    {
      ...a('bill', { account: null, destination: 'stock' }),
      books: { roleAccounts: new Map([['stock_on_hand', '400']]) },
    },
    [],
  ],
  [
    'for stock, without',
    a('bill', { account: null, destination: 'stock' }),
    ['account-missing lines[1].account'],
  ],
])

test('what is missing is named: the role that would give the account', () => {
  const fix = (line: Partial<DocumentLine>) => check(a('bill', { account: null, ...line }))[0]?.fix
  expect(fix({ destination: 'stock' })).toContain('role stock_on_hand')
  expect(fix({ destination: 'job' })).toContain('role work_in_progress')
  expect(fix({ kind: 'freight', destination: 'job' })).not.toContain('work_in_progress')
  expect(fix({})).toContain('its item')
  expect(check(a('invoice', { account: null, destination: 'job' }))[0]?.fix).toContain('its item')
})

const opposed = {
  lines: [
    aLine({ account: '400', amount: money(10), tax: money(1.5) }),
    aLine({ account: '400', amount: money(-9), tax: money(0) }),
  ],
}
tests('totals and signs (I6, I13, J4)', [
  ['a credit below zero', a('credit_note', { amount: money(-1), tax: money(0) }), ['total-negative total']],
  [
    'a supplier credit below zero',
    a('supplier_credit', { amount: money(-1), tax: money(0) }),
    ['total-negative total'],
  ],
  [
    'an order below zero',
    a('purchase_order', { amount: money(-1), tax: money(0) }),
    ['total-negative total'],
  ],
  ['a bill below zero is a credit', a('bill', { amount: money(-1), tax: money(0) }), []],
  ['nothing', a('supplier_credit', { amount: money(0), tax: money(0) }), []],
  [
    'a negative bill that does not add up',
    { ...a('bill', { amount: money(-1), tax: money(0) }), total: money(-2) },
    ['total-mismatch total'],
  ],
  [
    'purchases summarised: together more tax than amount',
    { kind: 'bill', ...opposed, settings: { summarise_purchase_lines: 'on' } },
    ['tax-amount-invalid null'],
  ],
  [
    'their own setting, not that of sales',
    { kind: 'bill', ...opposed, settings: { summarise_sales_lines: 'on' } },
    [],
  ],
  [
    'a foreign invoice as a journal without rate',
    { ...a('invoice'), ...asJournals, currency: 'EUR' },
    ['rate-missing exchangeRate'],
  ],
  [
    'with its rate: journals know one currency',
    {
      ...a('invoice'),
      ...asJournals,
      currency: 'EUR',
      exchangeRate: 500_000 as LedgerDocument['exchangeRate'],
    },
    [],
  ],
])

describe('a description of 4,000 with a discount in words is too long on a bill alone', () => {
  const line = {
    description: 'x'.repeat(4000),
    quantity: e4(20_000),
    unitPrice: e4(500_000),
    discountPercent: e4(100_000),
    amount: money(90),
  }
  tests('discount', [
    ['invoice', a('invoice', line), []],
    ['invoice as a journal', { ...a('invoice', line), ...asJournals }, []],
    ['bill', a('bill', line), ['text-too-long lines[1].description']],
  ])
})

tests('orders and their bills (B1)', [
  [
    'a bill stands for it',
    { ...a('purchase_order'), context: { orderIsBilled: true } },
    ['information order-billed null'],
  ],
  [
    'then nothing else matters',
    { ...a('purchase_order', { account: '999' }), context: { orderIsBilled: true } },
    ['information order-billed null'],
  ],
  [
    'not of an order as an order',
    { ...a('purchase_order'), ...asOrders, context: { orderIsBilled: true } },
    [],
  ],
  [
    'a bill for an order that went out as one',
    { ...a('bill'), context: { order: order(), orderWasPosted: true } },
    ['order-billed sourceDocument'],
  ],
  [
    'unless the bill went out too, before',
    {
      ...a('bill'),
      context: { order: order(), orderWasPosted: true, exportedBefore: { kind: 'bill', form: 'bill' } },
    },
    [],
  ],
  ['a bill for an order that did not', { ...a('bill'), context: { order: order() } }, []],
])

const items = { books: { items: new Map(['OIL', 'PADS'].map((code) => [code, anItem(code)])) } }
const part = (item: string, quantity: number, line: Partial<DocumentLine> = {}) =>
  aLine({ kind: 'part', account: '400', item, quantity: e4(quantity * 10_000), ...line })
const credit = (lines: DocumentLine[], context: Situation['context']): Situation => ({
  kind: 'supplier_credit',
  lines,
  ...items,
  context: { ...context },
})
const ordered = order({
  lines: [part('OIL', 10), part('PADS', 4, { quantityReceived: e4(20_000) }), aLine()],
})
const otherCredit = (lines: DocumentLine[], changes: Partial<LedgerDocument> = {}) =>
  anInvoice({ id: 'sc-2', kind: 'supplier_credit', lines, ...changes })
tests('supplier credits against an order (B4)', [
  ['as much as was ordered', credit([part('OIL', 10)], { order: ordered }), []],
  ['more', credit([part('OIL', 10.0001)], { order: ordered }), ['credit-exceeds-order lines']],
  [
    'on two lines together',
    credit([part('OIL', 6), part('OIL', 5)], { order: ordered }),
    ['credit-exceeds-order lines'],
  ],
  ['as much as was received', credit([part('PADS', 2)], { order: ordered }), []],
  ['more than was received', credit([part('PADS', 3)], { order: ordered }), ['credit-exceeds-order lines']],
  [
    'an item that was not ordered',
    credit([part('OIL', 1)], { order: order() }),
    ['credit-exceeds-order lines'],
  ],
  [
    'lines without item are not counted',
    credit([aLine({ account: '400', quantity: e4(990_000) })], { order: ordered }),
    [],
  ],
  [
    'what other credits leave',
    credit([part('OIL', 4)], { order: ordered, otherCredits: [otherCredit([part('OIL', 6)])] }),
    [],
  ],
  [
    'more than they leave',
    credit([part('OIL', 5)], { order: ordered, otherCredits: [otherCredit([part('OIL', 6)])] }),
    ['credit-exceeds-order lines'],
  ],
  [
    'drafts and voids take nothing, nor does it itself',
    credit([part('OIL', 10)], {
      order: ordered,
      otherCredits: [
        otherCredit([part('OIL', 6)], { status: 'draft' }),
        otherCredit([part('OIL', 6)], { status: 'void' }),
        otherCredit([part('OIL', 6)], { id: 'doc-1' }),
      ],
    }),
    [],
  ],
  [
    'an order that is not finalised',
    credit([part('OIL', 99)], { order: order({ status: 'draft' }) }),
    ['parent-draft sourceDocument'],
  ],
  [
    'an order that is void',
    credit([], { order: order({ status: 'void' }) }),
    ['parent-draft sourceDocument', 'lines-missing lines'],
  ],
  ['against nothing, or something else', credit([part('OIL', 99)], { order: null }), []],
  ['a bill may be for more', { ...credit([part('OIL', 99)], { order: ordered }), kind: 'bill' }, []],
])

tests('items on lines (R1)', [
  ['one that the ledger has', { ...oneLine({ item: 'OIL' }), ...items }, []],
  ['one that it has not', oneLine({ item: 'OIL' }), ['warning item-unknown lines[1].item']],
  ['where items are not sent', { ...oneLine({ item: 'OIL' }), settings: { items: 'off' } }, []],
])

test('what a bookkeeper reads', () => {
  const messages = (situation: Situation) => check(situation).map(({ message }) => message)
  expect(
    messages(credit([part('OIL', 5.5)], { order: ordered, otherCredits: [otherCredit([part('OIL', 6)])] })),
  ).toEqual(['Supplier credit INV-1 credits 5.5 of item OIL; of order PO-1 4 can still be credited.'])
  expect(messages({ ...a('bill'), ...shared })).toEqual([
    'Bill INV-1 has the number INV-1, which is also that of document doc-2 for the same contact.',
  ])
  expect(messages({ ...a('purchase_order'), number: '' })).toEqual([
    'Purchase order doc-1 has no number and goes to Xero without one.',
  ])
})
