// A payment discount shared over the tax codes of its invoice (N4): worked examples, and what holds for all.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aLine, anInvoice, money, someBooks } from '../../test/support/books.ts'
import { aPayment } from '../../test/support/payments.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import { cents, e4, e6, taxOnNet } from '../accounting/money.ts'
import { documentTotals } from '../accounting/totals.ts'
import { discountDocument, discountNumber } from './discount.ts'

const books = someBooks({
  taxMap: new Map([
    ['GST', { sales: 'OUTPUT2', purchase: 'INPUT2' }],
    ['ZERO', { sales: 'ZERORATED', purchase: 'NONE' }],
  ]),
})
const discount = aPayment({ kind: 'discount', reference: 'Early' })

function discounted(amount: number, invoice: LedgerDocument = anInvoice()) {
  const allocation = { document: invoice.id, amount: money(amount), date: null }
  return discountDocument(discount, allocation, invoice, { books, id: 'PAY-1/doc-1', number: 'INV-1-D1' })
}
const linesOf = (document: LedgerDocument | null) =>
  document?.lines.map(({ taxCode, amount, tax, account }) => [taxCode, amount, tax, account])

test('one tax code: the discount with its tax inside, like a credit note of the ledger', () => {
  const document = discounted(11.5)
  expect(linesOf(document)).toEqual([['GST', 1_150, 150, '200']])
  expect(document).toMatchObject({
    id: 'PAY-1/doc-1',
    kind: 'credit_note',
    number: 'INV-1-D1',
    contact: 'ACME',
    amounts: 'inclusive',
    date: '2026-10-10',
    subtotal: 1_000,
    tax: 150,
    total: 1_150,
    reference: 'Early',
  })
})

const mixed = (amounts: 'exclusive' | 'inclusive') =>
  anInvoice({
    amounts,
    lines: [
      aLine({ amount: money(amounts === 'exclusive' ? 100 : 115), tax: money(15) }),
      aLine({ position: 2, amount: money(35), tax: cents(0), taxCode: 'ZERO' }),
      aLine({ position: 3, amount: money(amounts === 'exclusive' ? 40 : 46), tax: money(6) }),
    ],
    subtotal: money(175),
    tax: money(21),
    total: money(196),
  })

test.each(['exclusive', 'inclusive'] as const)(
  'two tax codes, %s: in proportion to their gross',
  (amounts) => {
    // 161.00 and 35.00 of 196.00: of 10.00 that is 8.214… and 1.785…, the missing cent to the larger remainder.
    expect(linesOf(discounted(10, mixed(amounts)))).toEqual([
      ['GST', 821, 107, '200'],
      ['ZERO', 179, 0, '200'],
    ])
  },
)

test('in full it gives back all the tax', () => {
  const document = discounted(196, mixed('exclusive'))
  expect(document).toMatchObject({ tax: 2_100, total: 19_600 })
})

test('a discount line of the invoice lowers its own tax code', () => {
  const invoice = anInvoice({
    lines: [aLine(), aLine({ position: 2, kind: 'discount', amount: money(-10), tax: money(-1.5) })],
  })
  expect(linesOf(discounted(10.35, invoice))).toEqual([['GST', 1_035, 135, '200']])
})

test('of a bill it is a supplier credit; without tax it has none', () => {
  expect(discounted(11.5, anInvoice({ kind: 'bill' }))?.kind).toBe('supplier_credit')
  const untaxed = anInvoice({ amounts: 'no_tax', lines: [aLine({ tax: cents(0) })] })
  expect(discounted(5, untaxed)).toMatchObject({ amounts: 'no_tax', tax: 0, total: 500 })
})

test('an invoice that does not add up, or comes to nothing, has none', () => {
  expect(discounted(5, anInvoice({ total: money(1) }))).toBeNull()
  expect(discounted(5, anInvoice({ lines: [aLine({ amount: cents(0), tax: cents(0) })] }))).toBeNull()
  expect(discounted(0)).toBeNull()
})

test('foreign invoices are discounted in their currency, also where they are posted in base currency', () => {
  const invoice = anInvoice({ currency: 'USD', exchangeRate: e6(600_000) })
  const allocation = { document: invoice.id, amount: money(11.5), date: null }
  const base = someBooks({ settings: { foreign_currency: 'base' } })
  const document = discountDocument(discount, allocation, invoice, { books: base, id: 'x', number: 'D' })
  expect(document).toMatchObject({ currency: 'USD', exchangeRate: 600_000, total: 1_150, tax: 150 })
})

test('its number', () => {
  expect(discountNumber('INV-1 ', 2)).toBe('INV-1-D2')
})

test('a discount always adds up as a document, and its tax is within a cent a code of the invoice’s part', () => {
  const line = fc.record({ amount: fc.integer({ min: 1, max: 500_000 }), isTaxed: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (lines, part) => {
        const invoice = anInvoice({
          lines: lines.map(({ amount, isTaxed }, index) =>
            aLine({
              position: index + 1,
              amount: cents(amount),
              taxCode: isTaxed ? 'GST' : 'ZERO',
              tax: isTaxed ? taxOnNet(cents(amount), e4(150_000)) : cents(0),
            }),
          ),
        })
        const amount = Math.max(1, Math.round(invoice.total * part))
        const document = discounted(amount / 100, invoice)
        if (!document) throw new Error('no discount')
        const totals = documentTotals(document, books)
        expect(totals).toMatchObject({ fits: true, total: amount, roundingLine: null, movedTax: null })
        expect(Math.abs(document.tax - (invoice.tax * amount) / invoice.total)).toBeLessThan(2)
      },
    ),
  )
})
