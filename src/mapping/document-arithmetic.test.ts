// Xero's own arithmetic, written from its rules (§6) and not from our code, over random documents: whatever goes out comes
// to the ledger's total and tax, to the cent, however Xero rounds its halves.

import Big from 'big.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aLine, anInvoice, someBooks } from '../../test/support/books.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import { type AmountsMode, documentKinds, type LineKind } from '../accounting/kinds.ts'
import { type Cents, cents, e4, e6, lineAmount, taxInGross, taxOnNet } from '../accounting/money.ts'
import { documentTotals } from '../accounting/totals.ts'
import { mapDocument } from './document.ts'
import { formOf, inForm, sentForms } from './document-form.ts'
import { documentSizeBound } from './size.ts'

const runs = 10_000

interface WireLine {
  description?: string
  quantity?: number
  unitAmount?: number
  discountRate?: number
  taxAmount?: number
  accountCode?: string
  taxType?: string
}
interface WireDocument {
  lineAmountTypes: string
  lineItems: WireLine[]
}

/** What is not known of Xero's rounding (§6): where halves go, and whether a price is rounded before its discount. */
const modes = {
  'half up': { halves: Big.roundHalfUp, beforeDiscount: 20 },
  'half even': { halves: Big.roundHalfEven, beforeDiscount: 20 },
  'half up, twice': { halves: Big.roundHalfUp, beforeDiscount: 2 },
  'half even, twice': { halves: Big.roundHalfEven, beforeDiscount: 2 },
} as const
const modeNames = Object.keys(modes) as (keyof typeof modes)[] // its own keys

/** What Xero makes of a payload: line by line to the cent, then summed (§6). Refuses what Xero refuses (§4.1). */
function xeroTotals(
  invoice: WireDocument,
  mode: keyof typeof modes,
  { refusesTax } = { refusesTax: true },
): { total: number; tax: number } {
  let lines = new Big(0)
  let taxes = new Big(0)
  for (const line of invoice.lineItems) {
    if (!line.description || line.description.length > 4000)
      throw new Error('Description must be 1 to 4000 characters')
    if (line.quantity === undefined || line.unitAmount === undefined) continue
    if (line.quantity < 0) throw new Error('Quantity must not be less than zero')
    const price = new Big(String(line.unitAmount))
    if (!price.eq(price.round(4))) throw new Error('unitdp=4')
    const amount = new Big(String(line.quantity))
      .times(price)
      .round(modes[mode].beforeDiscount, modes[mode].halves)
      .times(new Big(100).minus(String(line.discountRate ?? 0)).div(100))
      .round(2, modes[mode].halves)
    const tax =
      invoice.lineAmountTypes === 'NoTax' ? new Big(0) : new Big(String(line.taxAmount ?? 'missing'))
    if (!tax.eq(tax.round(2))) throw new Error('TaxAmount has two decimals')
    if (refusesTax && tax.abs().gt(amount.abs()))
      throw new Error('Tax amount cannot be greater than the line amount')
    lines = lines.plus(amount)
    taxes = taxes.plus(tax)
  }
  const total = invoice.lineAmountTypes === 'Exclusive' ? lines.plus(taxes) : lines
  // Plus zero: Big has a negative one.
  return { total: total.times(100).toNumber() + 0, tax: taxes.times(100).toNumber() + 0 }
}

const percents = [0, 5, 10, 12.5, 15, 20, 27.5]

const lineArbitrary = fc.record({
  kind: fc.constantFrom<LineKind>(
    'charge',
    'charge',
    'part',
    'labour',
    'outwork',
    'freight',
    'discount',
    'rounding',
    'note',
  ),
  quantity: fc.oneof(
    fc.constant(10_000),
    fc.integer({ min: -50_000, max: 500_000 }),
    fc.integer({ min: 0, max: 99 }).map((n) => n * 10_000),
  ),
  price: fc.oneof(
    fc.constant(null),
    fc.integer({ min: -20_000_000, max: 90_000_000 }),
    fc.integer({ min: 0, max: 100_000 }).map((n) => n * 100),
    fc.integer({ min: 0, max: 40 }).map((n) => n * 50),
  ),
  discount: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.integer({ min: 0, max: 100 }).map((n) => n * 10_000),
  ),
  amount: fc.integer({ min: -2_000_000, max: 9_000_000 }),
  percent: fc.constantFrom(...percents),
})

type RandomLine = typeof lineArbitrary extends fc.Arbitrary<infer Line> ? Line : never

/** A ledger's line: the amount from its pricing where it has one, the tax in the sense of the document. */
function ledgerLine(random: RandomLine, index: number, amounts: AmountsMode): DocumentLine {
  const quantity = e4(random.quantity)
  const unitPrice = random.price === null ? null : e4(random.price)
  const discountPercent = e4(random.discount)
  let amount = unitPrice === null ? cents(random.amount) : lineAmount(quantity, unitPrice, discountPercent)
  if (random.kind === 'discount') amount = cents(-Math.abs(amount))
  const isNet = amounts === 'exclusive' || random.kind === 'freight' || random.kind === 'discount'
  const rate = e4(random.percent * 10_000)
  const tax = amounts === 'no_tax' ? cents(0) : isNet ? taxOnNet(amount, rate) : taxInGross(amount, rate)
  return aLine({
    position: index + 1,
    kind: random.kind,
    description: `Line ${index}`,
    quantity,
    unitPrice,
    discountPercent,
    amount,
    tax,
    account: index % 2 === 0 ? '200' : '260',
    taxCode: random.percent === 0 ? 'NONE' : 'GST',
  })
}

/** The document that the lines come to, with its own idea of rounding: tax and net off by a cent or so. */
function ledgerDocument(
  lines: readonly DocumentLine[],
  amounts: AmountsMode,
  off: { tax: number; net: number },
): LedgerDocument {
  let net = 0
  let taxes = 0
  for (const line of lines) {
    const holdsTax = amounts === 'inclusive' && line.kind !== 'freight' && line.kind !== 'discount'
    net += holdsTax ? line.amount - line.tax : line.amount
    taxes += line.tax
  }
  const isTaxed = lines.some((line) => line.tax !== 0)
  const tax = cents(taxes + (isTaxed ? off.tax : 0))
  // In an inclusive document the total is fixed and a cent of tax is a cent less of net.
  const subtotal = cents(net + off.net - (amounts === 'inclusive' && isTaxed ? off.tax : 0))
  return anInvoice({ lines, amounts, tax, subtotal, total: cents(tax + subtotal) })
}

const documentArbitrary = (off: { tax: number; net: number }) =>
  fc
    .record({
      amounts: fc.constantFrom<AmountsMode>('exclusive', 'inclusive', 'no_tax'),
      lines: fc.array(lineArbitrary, { minLength: 1, maxLength: 9 }),
      tax: fc.integer({ min: -off.tax, max: off.tax }),
      net: fc.integer({ min: -off.net, max: off.net }),
    })
    .map(({ amounts, lines, tax, net }) =>
      ledgerDocument(
        lines.map((line, index) => ledgerLine(line, index, amounts)),
        amounts,
        { tax, net },
      ),
    )

function wire(document: LedgerDocument, books: ReturnType<typeof someBooks>) {
  const { model, facts } = mapDocument(document, { books, xeroContactId: 'x' })
  const text = JSON.stringify(model)
  // The bytes are what goes out: read them as Xero would.
  return { facts, text, invoice: JSON.parse(text) as WireDocument } // our own payload's shape
}

/** What Xero is to come to: a negative invoice or bill is a credit there, with its signs turned (I13). */
function expectedTotals(document: LedgerDocument) {
  const sign = document.total < 0 ? -1 : 1
  // Plus zero: a turned zero is a negative one.
  return { total: document.total * sign, tax: document.tax * sign + 0 }
}

function expectToTheCent(document: LedgerDocument, books: ReturnType<typeof someBooks>) {
  const { invoice, facts, text } = wire(document, books)
  const expected = expectedTotals(document)
  for (const mode of modeNames) expect(xeroTotals(invoice, mode)).toEqual(expected)
  expect({ total: facts.totalCents, tax: facts.taxCents }).toEqual(expected)
  // Only sales invoices take a discount in Xero (§4.3).
  if (facts.form !== 'sales_invoice')
    expect(invoice.lineItems.filter(({ discountRate }) => discountRate !== undefined)).toEqual([])
  expect(text.length).toBeLessThanOrEqual(documentSizeBound(document, books))
}

test(`${runs} random documents that add up come to the ledger's total and tax in Xero (I4, I13)`, () => {
  const books = someBooks()
  fc.assert(
    fc.property(documentArbitrary({ tax: 0, net: 0 }), (document) => {
      expect(documentTotals(document, books).fits).toBe(true)
      expectToTheCent(document, books)
    }),
    { numRuns: runs },
  )
})

test(`${runs} random documents that round otherwise still do, or are refused (I5)`, () => {
  const books = someBooks()
  let sent = 0
  fc.assert(
    fc.property(documentArbitrary({ tax: 3, net: 1 }), (document) => {
      if (!documentTotals(document, books).fits) return
      sent += 1
      expectToTheCent(document, books)
    }),
    { numRuns: runs },
  )
  // Nearly all of them: only a tax that its line cannot take is refused.
  expect(sent).toBeGreaterThan(runs * 0.9)
})

/** Of every kind, and purchase orders in both of their forms; a credit or an order is never below zero. */
const kindArbitrary = fc.constantFrom(...documentKinds.map((kind) => ({ kind, purchase_orders: 'bills' })), {
  kind: 'purchase_order' as const,
  purchase_orders: 'purchase_orders',
})

test(`${runs} random documents of every form do so too (B1, B2, N1, I13)`, () => {
  const forms = new Map<string, number>()
  fc.assert(
    fc.property(documentArbitrary({ tax: 1, net: 1 }), kindArbitrary, (random, { kind, purchase_orders }) => {
      const document = { ...random, kind }
      const books = someBooks({ settings: { purchase_orders } })
      if (document.total < 0 && kind !== 'invoice' && kind !== 'bill') return
      if (!documentTotals(inForm(document, formOf(document, books)), books).fits) return
      expectToTheCent(document, books)
      const form = formOf(document, books)
      forms.set(form, (forms.get(form) ?? 0) + 1)
    }),
    { numRuns: runs },
  )
  expect([...forms.keys()].sort()).toEqual([...sentForms].sort())
  for (const count of forms.values()) expect(count).toBeGreaterThan(runs / 20)
})

test('random documents summarised come to the same (I6)', () => {
  const books = someBooks({ settings: { summarise_sales_lines: 'on' } })
  fc.assert(
    fc.property(documentArbitrary({ tax: 1, net: 1 }), (document) => {
      if (!documentTotals(document, books).fits) return
      const { invoice } = wire(document, books)
      const groups = invoice.lineItems.map((line) => `${line.accountCode} ${line.taxType}`)
      expect(new Set(groups).size).toBe(groups.length)
      // A group may come to a tax above its amount, which validation refuses; the sums hold all the same.
      expect(xeroTotals(invoice, 'half up', { refusesTax: false })).toEqual(expectedTotals(document))
    }),
    { numRuns: 1000 },
  )
})

test(`${runs} random foreign documents converted to base currency agree to the cent (I10)`, () => {
  const books = someBooks({ settings: { foreign_currency: 'base' } })
  const foreign = fc.tuple(
    documentArbitrary({ tax: 0, net: 0 }),
    fc.integer({ min: 1_000, max: 150_000_000 }),
  )
  fc.assert(
    fc.property(foreign, ([document, rate]) => {
      const totals = documentTotals({ ...document, currency: 'USD', exchangeRate: e6(rate) }, books)
      if (!totals.fits) throw new Error('a document that adds up no longer does')
      const exact = new Big(document.total).times(1_000_000).div(rate)
      // Plus zero: Big has a negative one.
      expect(totals.total).toBe(exact.round(0, Big.roundHalfUp).toNumber() + 0)
      expect(totals.subtotal + totals.tax).toBe(totals.total)
      const amounts = totals.lines.reduce((sum, line) => sum + line.amount, totals.roundingLine?.amount ?? 0)
      expect(amounts).toBe(document.amounts === 'exclusive' ? totals.subtotal : totals.total)
      expect(totals.lines.reduce((sum, line) => sum + line.tax, 0)).toBe(totals.tax)
      for (const [index, { amount, tax }] of totals.lines.entries()) {
        const line = document.lines[index]
        expect(Math.abs(tax - new Big(line?.tax ?? 0).times(1_000_000).div(rate).toNumber())).toBeLessThan(1)
        if (line?.kind !== 'freight' && line?.kind !== 'discount')
          expect(Math.abs(amount - inBase(line?.amount ?? cents(0), rate))).toBeLessThan(1)
      }
    }),
    { numRuns: runs },
  )
})

function inBase(amount: Cents, rate: number): number {
  return new Big(amount).times(1_000_000).div(rate).toNumber()
}
