import { describe, expect, test } from 'vitest'
import { aLine, aMirror, anInvoice, money, someBooks } from '../../test/support/books.ts'
import type { Books } from '../accounting/books.ts'
import { contentOf } from '../accounting/content.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import { e4, e6 } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import { mapDocument } from './document.ts'
import { documentSizeBound } from './size.ts'

function mapped(document: Partial<LedgerDocument> = {}, settings: Partial<Record<SettingName, string>> = {}) {
  return salesInvoice(anInvoice(document), someBooks({ settings }))
}

function salesInvoice(document: LedgerDocument, books: Books) {
  const mapping = mapDocument(document, { books, xeroContactId: 'xero-1' })
  if (mapping.form !== 'sales_invoice') throw new Error(`went out as ${mapping.form}`)
  return mapping
}

describe('the document (I1, I2, I10)', () => {
  test('an invoice as Xero takes it, and the facts to find it by', () => {
    const { model, facts } = mapped()
    expect(JSON.parse(JSON.stringify(model))).toEqual({
      type: 'ACCREC',
      status: 'AUTHORISED',
      contact: { contactID: 'xero-1' },
      invoiceNumber: 'INV-1',
      date: '2026-10-05',
      dueDate: '2026-10-20',
      lineAmountTypes: 'Exclusive',
      currencyCode: 'NZD',
      lineItems: [
        {
          description: 'Service',
          quantity: 1,
          unitAmount: 100,
          accountCode: '200',
          taxType: 'OUTPUT2',
          taxAmount: 15,
        },
      ],
    })
    expect(facts).toEqual({
      form: 'sales_invoice',
      type: 'ACCREC',
      number: 'INV-1',
      contactId: 'xero-1',
      date: '2026-10-05',
      currency: 'NZD',
      totalCents: 11_500,
      taxCents: 1_500,
      status: 'AUTHORISED',
      reference: '',
      dueDate: '2026-10-20',
      marker: null,
      payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      content: contentOf([
        {
          description: 'Service',
          account: '200',
          taxType: 'OUTPUT2',
          amount: money(100),
          tax: money(15),
          tracking: [],
        },
      ]),
    })
  })

  test('a setting makes drafts', () => {
    const { model, facts } = mapped({}, { document_status: 'draft' })
    expect([model.status, facts.status]).toEqual(['DRAFT', 'DRAFT'])
  })

  test('a missing due date is the own date', () => {
    expect(mapped({ dueDate: null }).model.dueDate).toBe('2026-10-05')
  })

  test.each([
    ['INV-1', 'NZ-INV-1'],
    ['NZ-INV-1', 'NZ-INV-1'],
  ])('the number %s goes out with the prefix', (number, sent) => {
    const { model, facts } = mapped({ number }, { number_prefix: 'NZ-' })
    expect([model.invoiceNumber, facts.number]).toEqual([sent, sent])
  })

  test.each([
    ['base currency has no rate', { currency: 'NZD', exchangeRate: e6(1_000_000) }, 'NZD', undefined],
    ['no currency is the region’s', {}, 'NZD', undefined],
    ['a foreign one with the ledger’s rate', { currency: 'USD', exchangeRate: e6(612_345) }, 'USD', 0.612345],
    ['a foreign one at the day’s rate', { currency: 'USD' }, 'USD', undefined],
  ])('%s', (_, document, currency, rate) => {
    const { model, facts } = mapped(document)
    expect([model.currencyCode, model.currencyRate, facts.currency]).toEqual([currency, rate, currency])
  })

  test('in base currency: converted, without rate, priced in words', () => {
    const { model, facts } = mapped(
      {
        currency: 'USD',
        exchangeRate: e6(500_000),
        lines: [aLine({ quantity: e4(20_000), unitPrice: e4(500_000) })],
      },
      { foreign_currency: 'base' },
    )
    expect(model.currencyRate).toBeUndefined()
    expect(model.lineItems?.[0]).toMatchObject({
      quantity: 1,
      unitAmount: 200,
      taxAmount: 30,
      description: 'Service (2 × 50.00 USD)',
    })
    expect(facts).toMatchObject({ currency: 'NZD', totalCents: 23_000, taxCents: 3_000 })
  })

  test('a link goes along, an empty one does not', () => {
    expect(mapped({ url: 'https://example.test/1' }).model.url).toBe('https://example.test/1')
    expect('url' in mapped({ url: '' }).model).toBe(false)
  })
})

describe('amounts: the net, the gross, no tax (I4)', () => {
  const lines = [aLine(), aLine({ kind: 'freight', account: null, amount: money(10), tax: money(1.5) })]
  test('inclusive: freight is sent with its tax', () => {
    const { model } = mapped({
      amounts: 'inclusive',
      lines: [{ ...aLine(), amount: money(115) }, lines[1] ?? aLine()],
      subtotal: money(110),
      tax: money(16.5),
      total: money(126.5),
    })
    expect(model.lineAmountTypes).toBe('Inclusive')
    expect(model.lineItems).toMatchObject([
      { unitAmount: 115, taxAmount: 15 },
      { unitAmount: 11.5, taxAmount: 1.5, accountCode: '260' },
    ])
  })
  test('no tax: neither type nor amount', () => {
    const { model } = mapped({
      amounts: 'no_tax',
      tax: money(0),
      subtotal: money(110),
      total: money(110),
      lines,
    })
    expect(model.lineAmountTypes).toBe('NoTax')
    for (const item of model.lineItems ?? []) {
      expect(Object.keys(item)).not.toContain('taxType')
      expect(Object.keys(item)).not.toContain('taxAmount')
    }
  })
})

describe('quantity, price and discount where Xero’s product is certain, else in words (I4, I13)', () => {
  type Case = [
    name: string,
    quantity: number,
    price: number | null,
    discount: number,
    amount: number,
    sent: [quantity: number, price: number, discount: number | undefined, description: string],
  ]
  const cases: Case[] = [
    ['exact', 2.5, 10, 0, 25, [2.5, 10, undefined, 'Service']],
    ['four decimals, rounded for certain', 3, 0.3333, 0, 1, [3, 0.3333, undefined, 'Service']],
    [
      'half a cent: nobody knows how Xero rounds',
      1,
      0.125,
      0,
      0.13,
      [1, 0.13, undefined, 'Service (1 × 0.125)'],
    ],
    ['another amount in the ledger', 2, 10, 0, 19.99, [1, 19.99, undefined, 'Service (2 × 10.00)']],
    ['a discount', 2, 10, 10, 18, [2, 10, 10, 'Service']],
    [
      'a discount of three decimals',
      1,
      100,
      33.333,
      66.67,
      [1, 66.67, undefined, 'Service (1 × 100.00 less 33.333%)'],
    ],
    [
      'a discount on part of a cent: Xero may round before or after it',
      3,
      0.3333,
      50,
      0.5,
      [1, 0.5, undefined, 'Service (3 × 0.3333 less 50%)'],
    ],
    ['all of it', 2, 10, 100, 0, [2, 10, 100, 'Service']],
    ['a negative quantity: the price takes the sign', -2, 10, 0, -20, [2, -10, undefined, 'Service']],
    ['nothing of it', 0, 10, 0, 0, [1, 0, undefined, 'Service (0 × 10.00)']],
    ['no price', 3, null, 0, 30, [1, 30, undefined, 'Service (quantity 3)']],
    ['no price, one', 1, null, 0, 30, [1, 30, undefined, 'Service']],
    ['no price, discounted', 1, null, 10, 30, [1, 30, undefined, 'Service (less 10%)']],
  ]
  test.each(cases)('%s', (_, quantity, price, discount, amount, sent) => {
    const line: Partial<DocumentLine> = {
      quantity: e4(quantity * 10_000),
      unitPrice: price === null ? null : e4(Math.round(price * 10_000)),
      discountPercent: e4(Math.round(discount * 10_000)),
      amount: money(amount),
      tax: money(0),
      taxCode: 'NONE',
    }
    const { model } = mapped({ lines: [aLine(line), aLine()] })
    const item = model.lineItems?.[0]
    expect([item?.quantity, item?.unitAmount, item?.discountRate, item?.description]).toEqual(sent)
    expect(item).not.toHaveProperty('lineAmount')
  })
})

describe('lines', () => {
  test('a note is a description alone, a note with an amount is money', () => {
    const note = aLine({
      kind: 'note',
      description: 'Thank you',
      amount: money(0),
      tax: money(0),
      account: null,
      taxCode: null,
    })
    const { model } = mapped({
      lines: [note, { ...note, kind: 'charge' }, { ...note, amount: money(1), account: '200' }],
    })
    expect(model.lineItems).toEqual([
      { description: 'Thank you' },
      { description: 'Thank you' },
      {
        description: 'Thank you',
        quantity: 1,
        unitAmount: 1,
        accountCode: '200',
        taxType: 'NONE',
        taxAmount: 0,
      },
    ])
  })

  test('the rounding line makes up the cent', () => {
    const { model } = mapped({ subtotal: money(100.01), total: money(115.01) })
    expect(model.lineItems?.[1]).toEqual({
      description: 'Rounding',
      quantity: 1,
      unitAmount: 0.01,
      accountCode: '860',
      taxType: 'NONE',
      taxAmount: 0,
    })
  })

  test('accounts and tax codes are mapped', () => {
    const books = someBooks({
      accountMap: new Map([['LAB', '200']]),
      taxMap: new Map([['Z', { sales: 'ZERORATED', purchase: null }]]),
    })
    const document = anInvoice({ lines: [aLine({ account: 'LAB', taxCode: 'Z', tax: money(0) })] })
    const { model } = salesInvoice(document, books)
    expect(model.lineItems?.[0]).toMatchObject({ accountCode: '200', taxType: 'ZERORATED' })
  })

  test('what validation should have stopped is a bug, not a payload', () => {
    expect(() => mapped({ lines: [aLine({ account: null })] })).toThrow('without account')
    expect(() => mapped({ lines: [aLine({ taxCode: 'X' })] })).toThrow('without tax type')
    expect(() => mapped({ total: money(1) })).toThrow('does not add up')
    expect(() => mapped({ lines: [aLine({ tracking: [{ category: 'Region', option: null }] })] })).toThrow(
      'half',
    )
  })
})

describe('tracking (I12)', () => {
  const defaults = { default_tracking_1: 'Region: North', default_tracking_2: 'Branch: City' }
  test.each([
    ['none', [], {}, undefined],
    [
      'its own, as Xero spells it',
      [{ category: 'region', option: ' NORTH ' }],
      {},
      [{ name: 'Region', option: 'North' }],
    ],
    [
      'the defaults',
      [],
      defaults,
      [
        { name: 'Region', option: 'North' },
        { name: 'Branch', option: 'City' },
      ],
    ],
    [
      'its own instead of the defaults',
      [{ category: 'Branch', option: 'City' }],
      defaults,
      [{ name: 'Branch', option: 'City' }],
    ],
  ])('%s', (_, tracking, settings, sent) => {
    expect(mapped({ lines: [aLine({ tracking })] }, settings).model.lineItems?.[0]?.tracking).toEqual(sent)
  })
})

test('of two options of one name the active one goes out (I12)', () => {
  const options = [
    { optionId: '1', name: 'NORTH', status: 'ARCHIVED' },
    { optionId: '2', name: 'North', status: 'ACTIVE' },
  ]
  const mirror = aMirror({ tracking: [{ categoryId: 'c', name: 'Region', status: 'ACTIVE', options }] })
  const document = anInvoice({ lines: [aLine({ tracking: [{ category: 'Region', option: 'north' }] })] })
  const { model } = mapDocument(document, { books: someBooks({ mirror }), xeroContactId: 'x' })
  expect(model.lineItems?.[0]?.tracking).toEqual([{ name: 'Region', option: 'North' }])
})

test.each(['x', 'é', '漢', '😀', '"', '\\', '\n', '\u0001'])(
  'the size is bounded from above: %j',
  (character) => {
    const lines = Array.from({ length: 3 }, () => aLine({ description: `a${character.repeat(3000)}b` }))
    const document = anInvoice({ lines })
    const books = someBooks()
    const bytes = Buffer.byteLength(JSON.stringify(salesInvoice(document, books).model))
    const bound = documentSizeBound(document, books)
    expect(bytes).toBeLessThanOrEqual(bound)
    // Not so far above that chunks of ordinary documents come out short; half characters count as whole ones.
    expect(bound).toBeLessThan(bytes * (character === '😀' ? 3.2 : 1.5))
  },
)

describe('summarise_sales_lines=on (I6)', () => {
  test('one line for each account, tax type and tracking; the total stays', () => {
    const north = [{ category: 'Region', option: 'North' }]
    const lines = [
      aLine({ description: 'Oil', quantity: e4(20_000), unitPrice: e4(500_000) }),
      aLine({ description: 'Wash' }),
      aLine({ kind: 'note', amount: money(0), tax: money(0) }),
      aLine({ description: 'Filter', tracking: north }),
      aLine({ kind: 'freight', account: null, description: 'Freight', amount: money(10), tax: money(1.5) }),
      aLine({ kind: 'discount', account: null, description: 'Discount', amount: money(-20), tax: money(-3) }),
      aLine({ taxCode: 'NONE', tax: money(0), description: 'Fee' }),
    ]
    const { model, facts } = mapped({ lines }, { summarise_sales_lines: 'on' })
    expect(model.lineItems).toEqual([
      {
        description: 'Sales: 3 lines',
        quantity: 1,
        unitAmount: 180,
        accountCode: '200',
        taxType: 'OUTPUT2',
        taxAmount: 27,
      },
      {
        description: 'Filter',
        quantity: 1,
        unitAmount: 100,
        accountCode: '200',
        taxType: 'OUTPUT2',
        taxAmount: 15,
        tracking: [{ name: 'Region', option: 'North' }],
      },
      {
        description: 'Freight',
        quantity: 1,
        unitAmount: 10,
        accountCode: '260',
        taxType: 'OUTPUT2',
        taxAmount: 1.5,
      },
      { description: 'Fee', quantity: 1, unitAmount: 100, accountCode: '200', taxType: 'NONE', taxAmount: 0 },
    ])
    expect(facts.totalCents).toBe(39_000 + 4_350)
  })

  test('notes stay where there is nothing else', () => {
    const note = aLine({ kind: 'note', amount: money(0), tax: money(0) })
    expect(mapped({ lines: [note] }, { summarise_sales_lines: 'on' }).model.lineItems).toEqual([
      { description: 'Service' },
    ])
  })

  test('the account’s name, else its code', () => {
    const books = someBooks({
      settings: { summarise_sales_lines: 'on' },
      mirror: aMirror({ accounts: new Map() }),
    })
    const { model } = salesInvoice(anInvoice({ lines: [aLine(), aLine()] }), books)
    expect(model.lineItems?.[0]?.description).toBe('200: 2 lines')
  })
})
