// Bills, credits and purchase orders as Xero takes them, in every form; sales invoices are in document.test.ts.

import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, anItem, money, someBooks } from '../../test/support/books.ts'
import { contentOf } from '../accounting/content.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import { type DocumentKind, documentKinds } from '../accounting/kinds.ts'
import { e4, e6 } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import { type DocumentTarget, mapDocument, readDocumentFacts } from './document.ts'
import { type DocumentForm, formOf, inForm, type SentForm } from './document-form.ts'
import { creditNumber, sentNumberOf } from './document-number.ts'
import { markerUrl } from './marker.ts'
import { documentSizeBound } from './size.ts'

const costs = aLine({ account: '400', description: 'Steel' })

function aDocument(kind: DocumentKind, document: Partial<LedgerDocument> = {}): LedgerDocument {
  const line = kind === 'invoice' || kind === 'credit_note' ? aLine() : costs
  return anInvoice({ kind, number: 'N-1', lines: [line], ...document })
}

interface Mapped {
  document?: Partial<LedgerDocument>
  settings?: Partial<Record<SettingName, string>>
  books?: Parameters<typeof someBooks>[0]
  target?: Partial<DocumentTarget>
}

function mapped(kind: DocumentKind, { document, settings, books, target }: Mapped = {}) {
  const mapping = mapDocument(aDocument(kind, document), {
    books: someBooks({ settings: settings ?? {}, ...books }),
    xeroContactId: 'xero-1',
    ...target,
  })
  // As it goes out: fields that are there, under their names.
  const model = JSON.parse(JSON.stringify(mapping.model)) as Record<string, unknown> // our own payload
  return { ...mapping, model }
}

const asOrders = { purchase_orders: 'purchase_orders' }
const asBills = { purchase_orders: 'bills' }
const negative = { lines: [aLine({ amount: money(-100), tax: money(-15) })] }

describe('as what a document goes out (B1, I13, J4)', () => {
  test.each<[DocumentKind, Partial<LedgerDocument>, Partial<Record<SettingName, string>>, DocumentForm]>([
    ['invoice', {}, {}, 'sales_invoice'],
    ['invoice', negative, {}, 'sales_credit'],
    ['invoice', { total: money(0) }, {}, 'sales_invoice'],
    ['invoice', {}, { ar_style: 'journals' }, 'journal'],
    ['invoice', negative, { ar_style: 'journals' }, 'journal'],
    ['credit_note', {}, {}, 'sales_credit'],
    ['credit_note', {}, { ar_style: 'journals' }, 'journal'],
    ['bill', {}, {}, 'bill'],
    ['bill', { total: money(0) }, {}, 'bill'],
    ['bill', negative, {}, 'supplier_credit'],
    ['bill', {}, { ar_style: 'journals' }, 'bill'],
    ['supplier_credit', {}, {}, 'supplier_credit'],
    ['purchase_order', {}, {}, 'none'],
    ['purchase_order', {}, asBills, 'order_as_bill'],
    ['purchase_order', {}, asOrders, 'purchase_order'],
  ])('%s %o %o: %s', (kind, document, settings, form) => {
    expect(formOf(aDocument(kind, document), someBooks({ settings }))).toBe(form)
  })

  test('what has no form of its own is a bug here', () => {
    expect(() => mapped('purchase_order')).toThrow('goes out as none')
    expect(() => mapped('invoice', { settings: { ar_style: 'journals' } })).toThrow('goes out as journal')
  })

  test('what is there already keeps its form', () => {
    const { form } = mapped('purchase_order', { target: { form: 'order_as_bill' } })
    expect(form).toBe('order_as_bill')
  })
})

const priced = (account: string, taxType: string) => ({
  description: account === '200' ? 'Service' : 'Steel',
  quantity: 1,
  unitAmount: 100,
  accountCode: account,
  taxType,
  taxAmount: 15,
})
const marker = (kind: string) => `https://auxo-sync.localhost/NZ01/${kind}/doc-1`
const common = {
  contact: { contactID: 'xero-1' },
  status: 'AUTHORISED',
  date: '2026-10-05',
  lineAmountTypes: 'Exclusive',
  currencyCode: 'NZD',
}

describe('each form', () => {
  test.each<[DocumentKind, Mapped['settings'], SentForm, string | null, string | null, object]>([
    [
      'bill',
      {},
      'bill',
      'ACCPAY',
      marker('bill'),
      {
        type: 'ACCPAY',
        invoiceNumber: 'N-1',
        dueDate: '2026-10-20',
        url: marker('bill'),
        lineItems: [priced('400', 'INPUT2')],
      },
    ],
    [
      'purchase_order',
      asBills,
      'order_as_bill',
      'ACCPAY',
      marker('purchase_order'),
      {
        type: 'ACCPAY',
        invoiceNumber: 'N-1',
        dueDate: '2026-10-20',
        url: marker('purchase_order'),
        lineItems: [priced('400', 'INPUT2')],
      },
    ],
    [
      'credit_note',
      {},
      'sales_credit',
      'ACCRECCREDIT',
      null,
      {
        type: 'ACCRECCREDIT',
        creditNoteNumber: 'N-1',
        reference: 'ABC123',
        lineItems: [priced('200', 'OUTPUT2')],
      },
    ],
    [
      'supplier_credit',
      {},
      'supplier_credit',
      'ACCPAYCREDIT',
      null,
      { type: 'ACCPAYCREDIT', creditNoteNumber: 'N-1', lineItems: [priced('400', 'INPUT2')] },
    ],
    [
      'purchase_order',
      asOrders,
      'purchase_order',
      null,
      null,
      { purchaseOrderNumber: 'N-1', deliveryDate: '2026-10-20', lineItems: [priced('400', 'INPUT2')] },
    ],
  ])('%s %o is a %s', (kind, settings, form, type, mark, model) => {
    // A reference from the template only goes with what customers get.
    const sent = mapped(kind, { settings: settings ?? {}, document: { vehicleRegistration: 'ABC123' } })
    expect(sent.form).toBe(form)
    expect(sent.model).toEqual({ ...common, ...model })
    const sales = form === 'sales_credit'
    expect(sent.facts).toEqual({
      form,
      type,
      number: 'N-1',
      contactId: 'xero-1',
      date: '2026-10-05',
      currency: 'NZD',
      totalCents: 11_500,
      taxCents: 1_500,
      status: 'AUTHORISED',
      reference: sales ? expect.any(String) : null,
      dueDate: form === 'bill' || form === 'order_as_bill' ? '2026-10-20' : null,
      marker: mark,
      content: contentOf([
        {
          description: sales ? 'Service' : 'Steel',
          account: sales ? '200' : '400',
          taxType: sales ? 'OUTPUT2' : 'INPUT2',
          amount: money(100),
          tax: money(15),
          tracking: [],
        },
      ]),
      payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test.each<[string, DocumentKind, Mapped, object]>([
    ['a bill without due date', 'bill', { document: { dueDate: null } }, { dueDate: '2026-10-05' }],
    [
      'a bill without number',
      'bill',
      { document: { number: ' ' }, settings: { number_prefix: 'X-' } },
      { invoiceNumber: undefined },
    ],
    [
      'a bill with a link of its own',
      'bill',
      { document: { url: 'https://a.test/1' } },
      { url: `https://a.test/1#${marker('bill')}` },
    ],
    ['a credit takes no link', 'credit_note', { document: { url: 'https://a.test/1' } }, { url: undefined }],
    [
      'a credit that was given a number',
      'supplier_credit',
      { document: { number: '' }, target: { number: creditNumber('PO-7', 2) } },
      { creditNoteNumber: 'CN – PO-7 – 2' },
    ],
    [
      'its own number goes before the given one',
      'supplier_credit',
      { target: { number: creditNumber('PO-7', 2) } },
      { creditNoteNumber: 'N-1' },
    ],
    [
      'the prefix (D5)',
      'credit_note',
      { settings: { number_prefix: 'NZ-' } },
      { creditNoteNumber: 'NZ-N-1' },
    ],
    [
      'an order’s own reference',
      'purchase_order',
      { settings: asOrders, document: { reference: ' Job 9 ' } },
      { reference: 'Job 9' },
    ],
    [
      'an order without date of delivery',
      'purchase_order',
      { settings: asOrders, document: { dueDate: null } },
      { deliveryDate: undefined },
    ],
    ['drafts', 'bill', { settings: { document_status: 'draft' } }, { status: 'DRAFT' }],
    [
      'a foreign credit at the ledger’s rate',
      'supplier_credit',
      { document: { currency: 'USD', exchangeRate: e6(612_345) } },
      { currencyCode: 'USD', currencyRate: 0.612345 },
    ],
    [
      'a foreign order in base currency',
      'purchase_order',
      {
        document: { currency: 'USD', exchangeRate: e6(500_000) },
        settings: { ...asOrders, foreign_currency: 'base' },
      },
      {
        currencyCode: 'NZD',
        currencyRate: undefined,
        lineItems: [
          { ...priced('400', 'INPUT2'), unitAmount: 200, taxAmount: 30, description: 'Steel (100.00 USD)' },
        ],
      },
    ],
  ])('%s', (_, kind, situation, sent) => {
    const { model } = mapped(kind, situation)
    expect(Object.fromEntries(Object.keys(sent).map((field) => [field, model[field]]))).toEqual(sent)
  })
})

describe('a negative invoice or bill is a credit, its signs turned (I13)', () => {
  test('totals, amounts, and quantities before prices', () => {
    const { form, model, facts } = mapped('bill', {
      document: {
        lines: [
          aLine({
            ...costs,
            quantity: e4(-20_000),
            unitPrice: e4(1_000_000),
            amount: money(-200),
            tax: money(-30),
          }),
          aLine({ ...costs, unitPrice: e4(-200_000), amount: money(-20), tax: money(-3) }),
          aLine({
            ...costs,
            kind: 'freight',
            account: null,
            amount: money(10),
            tax: money(1.5),
            unitPrice: null,
          }),
          aLine({
            ...costs,
            amount: money(0),
            tax: money(0),
            quantity: e4(-30_000),
            unitPrice: null,
            kind: 'note',
          }),
        ],
      },
    })
    expect(form).toBe('supplier_credit')
    expect(model['lineItems']).toMatchObject([
      { quantity: 2, unitAmount: 100, taxAmount: 30 },
      { quantity: 1, unitAmount: 20, taxAmount: 3 },
      { quantity: 1, unitAmount: -10, taxAmount: -1.5 },
      { description: 'Steel' },
    ])
    expect(facts).toMatchObject({ type: 'ACCPAYCREDIT', totalCents: 24_150, taxCents: 3_150 })
  })

  test('other documents stay as they are', () => {
    const document = aDocument('credit_note')
    expect(inForm(document, 'sales_credit')).toBe(document)
    // Refused by validation: a credit below zero is never taken for something else.
    expect(inForm(aDocument('credit_note', negative), 'sales_credit').total).toBe(-11_500)
    expect(inForm(aDocument('invoice', negative), 'journal').total).toBe(-11_500)
  })
})

describe('lines of purchases (B2, B3, I4)', () => {
  test.each<[string, DocumentKind, Mapped, object[]]>([
    [
      'freight and a cent of rounding are lines of their own',
      'bill',
      {
        document: {
          lines: [costs, aLine({ kind: 'freight', account: null, amount: money(10), tax: money(1.5) })],
          subtotal: money(110.01),
          tax: money(16.5),
          total: money(126.51),
        },
        books: { roleAccounts: new Map([['freight', '425']]) },
      },
      [
        priced('400', 'INPUT2'),
        { quantity: 1, unitAmount: 10, accountCode: '425', taxType: 'INPUT2', taxAmount: 1.5 },
        { description: 'Rounding', unitAmount: 0.01, accountCode: '860', taxType: 'NONE', taxAmount: 0 },
      ],
    ],
    [
      'what is bought for stock or for a job',
      'purchase_order',
      {
        settings: asBills,
        document: {
          lines: [
            aLine({ account: null, destination: 'stock' }),
            aLine({ account: null, destination: 'job' }),
            aLine({ account: '400', destination: 'job' }),
          ],
        },
        books: {
          roleAccounts: new Map([
            ['stock_on_hand', 'STOCK'],
            ['work_in_progress', 'WIP'],
          ]),
          accountMap: new Map([['STOCK', '631']]),
          settings: asBills,
        },
      },
      [{ accountCode: '631' }, { accountCode: 'WIP' }, { accountCode: '400' }],
    ],
    [
      'a discount goes in words',
      'bill',
      {
        document: {
          lines: [
            aLine({
              ...costs,
              quantity: e4(20_000),
              unitPrice: e4(500_000),
              discountPercent: e4(100_000),
              amount: money(90),
            }),
          ],
        },
      },
      [{ quantity: 1, unitAmount: 90, description: 'Steel (2 × 50.00 less 10%)' }],
    ],
    [
      'one line for each account, tax type and tracking',
      'bill',
      { settings: { summarise_purchase_lines: 'on' }, document: { lines: [costs, costs] } },
      [{ description: 'Advertising: 2 lines', quantity: 1, unitAmount: 200, taxAmount: 30 }],
    ],
    [
      'sales have their own setting',
      'bill',
      { settings: { summarise_sales_lines: 'on' }, document: { lines: [costs, costs] } },
      [priced('400', 'INPUT2'), priced('400', 'INPUT2')],
    ],
  ])('%s', (_, kind, situation, lines) => {
    const sent = mapped(kind, situation).model['lineItems']
    expect(sent).toMatchObject(lines)
    expect(sent).toHaveLength(lines.length)
    expect(JSON.stringify(sent)).not.toContain('discountRate')
  })
})

describe('items on lines (R1)', () => {
  const oil = { item: 'OIL', quantity: e4(20_000), unitPrice: e4(500_000) }
  const books = { items: new Map([['OIL', anItem('OIL')]]), itemsInXero: new Set(['OIL']) }
  test.each<[string, DocumentKind, Mapped, string | undefined]>([
    ['named where Xero has it', 'invoice', { document: { lines: [aLine(oil)] }, books }, 'OIL'],
    [
      'on orders too',
      'purchase_order',
      { document: { lines: [aLine(oil)] }, books: { ...books, settings: asOrders } },
      'OIL',
    ],
    [
      'not where Xero has it not',
      'invoice',
      { document: { lines: [aLine(oil)] }, books: { ...books, itemsInXero: new Set() } },
      undefined,
    ],
    ['not without its price', 'invoice', { document: { lines: [aLine({ item: 'OIL' })] }, books }, undefined],
    [
      'not summarised',
      'invoice',
      {
        document: { lines: [aLine(oil), aLine(oil)] },
        books: { ...books, settings: { summarise_sales_lines: 'on' } },
      },
      undefined,
    ],
    [
      'not converted',
      'invoice',
      {
        document: { lines: [aLine(oil)], currency: 'USD', exchangeRate: e6(500_000) },
        books: { ...books, settings: { foreign_currency: 'base' } },
      },
      undefined,
    ],
  ])('%s', (_, kind, situation, item) => {
    const [line] = mapped(kind, situation).model['lineItems'] as { itemCode?: string }[] // our own payload
    expect(line?.itemCode).toBe(item)
  })
})

describe('an update (I7)', () => {
  test.each<[DocumentKind, Mapped['settings'], string]>([
    ['invoice', {}, 'invoiceID'],
    ['bill', {}, 'invoiceID'],
    ['credit_note', {}, 'creditNoteID'],
    ['supplier_credit', {}, 'creditNoteID'],
    ['purchase_order', asOrders, 'purchaseOrderID'],
  ])('%s %o goes by its Xero id', (kind, settings, field) => {
    const { model } = mapped(kind, { settings: settings ?? {}, target: { xeroId: 'x-9', status: 'DRAFT' } })
    expect(model[field]).toBe('x-9')
    expect(model['status']).toBe('DRAFT')
  })

  const lineIdsOf = (count: number, lineIds: string[], kind: DocumentKind = 'bill') =>
    (
      mapped(kind, {
        document: { lines: Array.from({ length: count }, () => costs) },
        target: { xeroId: 'x', lineIds },
      }).model['lineItems'] as { lineItemID?: string }[]
    ).map((line) => line.lineItemID) // our own payload

  test.each([
    ['kept', 2, ['a', 'b'], ['a', 'b']],
    ['more lines are new', 3, ['a', 'b'], ['a', 'b', undefined]],
    ['fewer leave ids out, which deletes their lines', 1, ['a', 'b'], ['a']],
  ])('line ids: %s', (_, count, lineIds, sent) => {
    expect(lineIdsOf(count, lineIds)).toEqual(sent)
  })

  test('a line that became a note is a new one', () => {
    const note = aLine({ kind: 'note', amount: money(0), tax: money(0) })
    const { model } = mapped('bill', {
      document: { lines: [note, costs] },
      target: { xeroId: 'x', lineIds: ['a', 'b'] },
    })
    expect(model['lineItems']).toMatchObject([{ description: 'Service' }, { lineItemID: 'b' }])
    expect(JSON.stringify(model)).not.toContain('"a"')
  })

  test('what is gone is emptied: what is not sent would stay', () => {
    const target = { xeroId: 'x', lineIds: ['a'] }
    expect(mapped('invoice', { target }).model).toMatchObject({
      reference: '',
      lineItems: [{ tracking: [], discountRate: 0 }],
    })
    const [bill] = mapped('bill', { target }).model['lineItems'] as object[] // our own payload
    expect(bill).toMatchObject({ tracking: [] })
    expect(bill).not.toHaveProperty('discountRate')
  })

  test('the hash of the payload is that of the creation, and moves with everything that is sent', () => {
    const hash = (document: Partial<LedgerDocument>, target = {}) =>
      mapped('invoice', { document, target }).facts.payloadHash
    const created = hash({ reference: 'A' })
    expect(hash({ reference: 'A' }, { xeroId: 'x', lineIds: ['a'] })).toBe(created)
    expect(hash({ reference: 'A', employee: 'never sent' })).toBe(created)
    const changes: Partial<LedgerDocument>[] = [
      { reference: 'B' },
      { reference: 'A', url: 'https://a.test/1' },
      { reference: 'A', dueDate: null },
      { reference: 'A', lines: [aLine({ unitPrice: e4(500_000), quantity: e4(20_000) })] },
    ]
    expect(new Set([created, ...changes.map((change) => hash(change))]).size).toBe(changes.length + 1)
  })
})

describe('facts that were written down', () => {
  test('come back as they were', () => {
    const { facts } = mapped('bill')
    expect(readDocumentFacts(JSON.stringify(facts))).toEqual(facts)
  })

  test('of the version that knew only sales invoices', () => {
    const { form, marker: _, content, payloadHash, reference, dueDate, ...old } = mapped('invoice').facts
    expect(readDocumentFacts(JSON.stringify(old))).toEqual({
      ...old,
      form,
      marker: null,
      content: null,
      payloadHash: null,
      reference: null,
      dueDate: null,
    })
    expect([content, payloadHash, reference, dueDate]).not.toContain(null)
  })
})

test.each([
  ['N-1', null, 'NZ-', 'NZ-N-1'],
  ['NZ-N-1', null, 'NZ-', 'NZ-N-1'],
  ['', 'CN – PO-7 – 1', 'NZ-', 'NZ-CN – PO-7 – 1'],
  ['', null, 'NZ-', null],
  [' ', null, '', null],
])('number %j, given %j, prefix %j: %j', (number, assigned, number_prefix, sent) => {
  expect(sentNumberOf({ number }, assigned, someBooks({ settings: { number_prefix } }))).toBe(sent)
})

test.each(documentKinds)('the size of a %s is bounded from above, whatever its marker', (kind) => {
  const books = someBooks({
    settings: asBills,
    entity: { code: 'é/%', name: '', region: 'NZ', baseCurrency: null },
  })
  const document = aDocument(kind, {
    id: '漢'.repeat(200),
    url: `https://a.test/${'x'.repeat(50)}`,
    number: '',
  })
  const target = { books, xeroContactId: 'x'.repeat(36), xeroId: 'y'.repeat(36), lineIds: ['z'.repeat(36)] }
  const { model } = mapDocument(document, { ...target, number: creditNumber('漢'.repeat(240), 99) })
  const bound = documentSizeBound(document, books)
  expect(Buffer.byteLength(JSON.stringify(model))).toBeLessThanOrEqual(bound)
  // Room for a number that is given later, however long that of its order is.
  expect(bound - documentSizeBound({ ...document, number: 'x' }, books)).toBeGreaterThan(255 * 3)
  expect(markerUrl('{entity}{kind}{id}', { entity: 'é', kind, id: '漢' })).toHaveLength(6 + kind.length + 9)
})
