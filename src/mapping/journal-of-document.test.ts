import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, day, money } from '../../test/support/books.ts'
import { aPayment, entryOf, journalBooks, written } from '../../test/support/journals.ts'
import type { LedgerDocument, LedgerPayment } from '../accounting/documents.ts'
import { imbalanceOf } from '../accounting/journal-entry.ts'
import { cents, e4, e6, toBase } from '../accounting/money.ts'
import { journalOfDocument } from './journal-of-document.ts'
import { type AppliedPayment, journalOfPayment } from './journal-of-payment.ts'
import { receiptJournal } from './receipt-journal.ts'

const books = journalBooks({ ar_style: 'journals' })
const linesOf = (document: LedgerDocument, given = books) =>
  written(entryOf(journalOfDocument(document, given)))
const freight = aLine({ position: 2, kind: 'freight', account: null, amount: money(10), tax: money(1.5) })
const usd = (document: Partial<LedgerDocument> = {}) =>
  anInvoice({ currency: 'USD', exchangeRate: e6(650_000), ...document })

describe('an invoice as a journal', () => {
  test('debits debtors, and tax rides on the revenue lines', () => {
    const entry = entryOf(journalOfDocument(anInvoice({ lines: [aLine(), freight] }), books))
    expect(entry).toMatchObject({ date: '2026-10-05', narration: 'Invoice INV-1 for ACME' })
    expect(written(entry)).toEqual([
      '611 126.50',
      '200 -100.00 + -15.00 OUTPUT2',
      '260 -10.00 + -1.50 OUTPUT2',
    ])
  })

  test.each<[string, LedgerDocument, string[]]>([
    ['a credit note', anInvoice({ kind: 'credit_note' }), ['611 -115.00', '200 100.00 + 15.00 OUTPUT2']],
    [
      'inclusive, freight kept without tax',
      anInvoice({
        amounts: 'inclusive',
        lines: [aLine({ amount: money(115) }), freight],
        subtotal: money(110),
        tax: money(16.5),
        total: money(126.5),
      }),
      ['611 126.50', '200 -100.00 + -15.00 OUTPUT2', '260 -10.00 + -1.50 OUTPUT2'],
    ],
    [
      'without tax',
      anInvoice({ amounts: 'no_tax', lines: [aLine({ tax: money(0) })] }),
      ['611 100.00', '200 -100.00'],
    ],
    [
      'a negative invoice',
      anInvoice({ lines: [aLine({ amount: money(-100), tax: money(-15) })] }),
      ['611 -115.00', '200 100.00 + 15.00 OUTPUT2'],
    ],
    [
      'a cent of rounding',
      anInvoice({ subtotal: money(100.01), total: money(115.01) }),
      ['611 115.01', '200 -100.00 + -15.00 OUTPUT2', '860 -0.01'],
    ],
    [
      'foreign, at its own rate',
      usd({ lines: [aLine({ amount: money(1300), tax: money(0), taxCode: null })] }),
      ['611 2000.00', '200 -2000.00'],
    ],
  ])('%s', (_, document, lines) => {
    expect(linesOf(document)).toEqual(lines)
  })

  test('summarised, one line for each account, tax type and tracking', () => {
    const summed = journalBooks({ ar_style: 'journals', summarise_sales_lines: 'on' })
    const document = anInvoice({ lines: [aLine(), freight, aLine({ position: 3 })] })
    expect(linesOf(document, summed)).toEqual([
      '611 241.50',
      '200 -200.00 + -30.00 OUTPUT2',
      '260 -10.00 + -1.50 OUTPUT2',
    ])
  })

  test('without a rate, or where it does not add up, there is none', () => {
    expect(journalOfDocument(usd({ exchangeRate: null }), books)).toMatchObject({
      fits: false,
      which: 'rate',
    })
    expect(journalOfDocument(anInvoice({ total: money(120) }), books)).toMatchObject({
      fits: false,
      which: 'header',
    })
  })

  test('whose role nobody named has no account', () => {
    const entry = entryOf(
      journalOfDocument(anInvoice({ lines: [freight] }), { ...books, roleAccounts: new Map() }),
    )
    expect(entry.lines.map(({ account, role }) => [account, role])).toEqual([
      [null, 'debtors'],
      [null, 'freight'],
    ])
  })
})

const apply = (payment: LedgerPayment, document: LedgerDocument, change: Partial<AppliedPayment> = {}) => {
  const [allocation] = payment.allocations
  if (!allocation) throw new Error('it is applied to nothing')
  return journalOfPayment(
    { payment, allocation, document, appliedBefore: cents(0), isReceived: false, ...change },
    books,
  )
}
const inUsd = (amount: number, rate: number | null): LedgerPayment =>
  aPayment({
    currency: 'USD',
    exchangeRate: rate === null ? null : e6(rate),
    amount: money(amount),
    allocations: [{ document: 'doc-1', amount: money(amount), date: null }],
  })

describe('a payment as a journal', () => {
  test.each<[string, LedgerPayment, LedgerDocument, Partial<AppliedPayment>, string[]]>([
    ['debits bank clearing', aPayment(), anInvoice(), {}, ['858 115.00', '611 -115.00']],
    [
      'comes from the unapplied account once it is received',
      aPayment(),
      anInvoice(),
      { isReceived: true },
      ['859 115.00', '611 -115.00'],
    ],
    [
      'a deposit from its own',
      aPayment({ kind: 'deposit' }),
      anInvoice(),
      { isReceived: true },
      ['861 115.00', '611 -115.00'],
    ],
    [
      'takes the account that its journal debits',
      aPayment({ journalAccount: '857' }),
      anInvoice(),
      {},
      ['857 115.00', '611 -115.00'],
    ],
    [
      'a refund of a credit note',
      aPayment({ kind: 'refund' }),
      anInvoice({ kind: 'credit_note' }),
      {},
      ['858 -115.00', '611 115.00'],
    ],
    ['a loss at another rate', inUsd(1300, 660_000), usd(), {}, ['858 1969.70', '496 30.30', '611 -2000.00']],
    [
      'a gain at another rate',
      inUsd(1300, 640_000),
      usd(),
      {},
      ['858 2031.25', '496 -31.25', '611 -2000.00'],
    ],
    ['without a rate at the invoice’s', inUsd(1300, null), usd(), {}, ['858 2000.00', '611 -2000.00']],
    [
      'in base currency for a foreign invoice',
      aPayment({
        amount: money(2010),
        allocations: [{ document: 'doc-1', amount: money(1300), date: null }],
      }),
      usd(),
      {},
      ['858 2010.00', '496 -10.00', '611 -2000.00'],
    ],
  ])('%s', (_, payment, document, change, lines) => {
    const entry = entryOf(apply(payment, document, change))
    expect(written(entry)).toEqual(lines)
    expect(imbalanceOf(entry)).toBe(0)
  })

  test('it is dated as its allocation and names the invoice', () => {
    const payment = aPayment({
      reference: 'R 7',
      allocations: [{ document: 'doc-1', amount: money(115), date: day('2026-11-01') }],
    })
    expect(entryOf(apply(payment, anInvoice()))).toMatchObject({
      date: '2026-11-01',
      narration: 'Payment of invoice INV-1, R 7',
    })
  })

  test('a discount gives back income and tax of each code in proportion', () => {
    const document = anInvoice({
      lines: [
        aLine({ amount: money(1000), tax: money(150) }),
        aLine({ position: 2, amount: money(50), taxCode: null, tax: money(0) }),
      ],
    })
    const payment = aPayment({
      kind: 'discount',
      allocations: [{ document: 'doc-1', amount: money(24), date: null }],
    })
    const entry = entryOf(apply(payment, document))
    expect(written(entry)).toEqual(['208 20.00 + 3.00 OUTPUT2', '208 1.00', '611 -24.00'])
    expect(entry.narration).toBe('Discount on invoice INV-1')
  })

  test('no rate, no journal', () => {
    expect(apply(aPayment(), usd({ exchangeRate: null }))).toMatchObject({ which: 'rate', currency: 'USD' })
  })
})

describe('a receipt in two steps', () => {
  test.each<[string, LedgerPayment, LedgerPayment | null, string[]]>([
    ['a payment', aPayment(), null, ['858 115.00', '859 -115.00']],
    ['a deposit', aPayment({ kind: 'deposit', allocations: [] }), null, ['858 115.00', '861 -115.00']],
    [
      'a refund of a deposit',
      aPayment({ kind: 'refund', refundOf: 'D-1', allocations: [] }),
      aPayment({ kind: 'deposit' }),
      ['858 -115.00', '861 115.00'],
    ],
    ['in USD', inUsd(1300, 650_000), null, ['858 2000.00', '859 -2000.00']],
  ])('%s', (_, payment, refunded, lines) => {
    expect(written(entryOf(receiptJournal(payment, books, refunded)))).toEqual(lines)
  })
  test('in USD without a rate: none', () => {
    expect(receiptJournal(inUsd(1300, null), books)).toMatchObject({ which: 'rate' })
  })
})

const anyLine = fc.record({
  amount: fc.integer({ min: -200_000, max: 500_000 }),
  isTaxed: fc.boolean(),
  kind: fc.constantFrom('charge', 'freight', 'discount'),
})
const anyDocument = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 6 }),
    amounts: fc.constantFrom('exclusive', 'inclusive', 'no_tax'),
    kind: fc.constantFrom('invoice', 'credit_note'),
    rate: fc.option(fc.integer({ min: 100_000, max: 3_000_000 })),
    cent: fc.constantFrom(-1, 0, 1),
  })
  .map(({ lines: given, amounts, kind, rate, cent }) => {
    const lines = given.map(({ amount, isTaxed, kind: lineKind }, index) => {
      const hasTax = isTaxed && amounts !== 'no_tax'
      const tax = hasTax ? Math.round(amount * 0.15) : 0
      const isNet = lineKind !== 'charge'
      return aLine({
        position: index + 1,
        kind: lineKind,
        amount: cents(amounts === 'inclusive' && !isNet ? amount + tax : amount),
        tax: cents(tax),
        taxCode: hasTax ? 'GST' : null,
        quantity: e4(10_000),
      })
    })
    const net = given.reduce<number>((sum, { amount }) => sum + amount, cent)
    const tax = cents(lines.reduce((sum, line) => sum + line.tax, 0))
    return anInvoice({
      kind,
      amounts,
      lines,
      subtotal: cents(net),
      tax,
      total: cents(net + tax),
      ...(rate === null ? {} : { currency: 'USD', exchangeRate: e6(rate) }),
    })
  })

describe('to the cent', () => {
  test('every document balances, and debtors have its total at its rate', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('off', 'on'), (document, summarise) => {
        const settings = { ar_style: 'journals', summarise_sales_lines: summarise } as const
        const entry = entryOf(journalOfDocument(document, journalBooks(settings)))
        expect(imbalanceOf(entry)).toBe(0)
        const total =
          document.exchangeRate === null ? document.total : toBase(document.total, document.exchangeRate)
        const debtors = entry.lines.reduce(
          (sum, line) => sum + (line.role === 'debtors' ? line.amount : 0),
          0,
        )
        expect(debtors).toBe(document.kind === 'invoice' ? total : total === 0 ? 0 : -total)
      }),
    )
  })

  test('payments in parts, at any rates, balance and empty debtors', () => {
    const anyPart = fc.record({
      share: fc.integer({ min: 1, max: 50_000 }),
      rate: fc.integer({ min: 100_000, max: 3_000_000 }),
      kind: fc.constantFrom('payment', 'deposit', 'discount'),
    })
    fc.assert(
      fc.property(
        fc.array(anyPart, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 100_000, max: 3_000_000 }),
        (parts, rate) => {
          const total = parts.reduce((sum, { share }) => sum + share, 0)
          const tax = cents(Math.round((total * 3) / 23))
          const lines = [aLine({ amount: cents(total), tax })]
          const document = usd({
            amounts: 'inclusive',
            exchangeRate: e6(rate),
            lines,
            subtotal: cents(total - tax),
            tax,
            total: cents(total),
          })
          let before = 0
          let debtors = 0
          for (const { share, rate: paidAt, kind } of parts) {
            const payment = { ...inUsd(share / 100, paidAt), kind }
            const entry = entryOf(apply(payment, document, { appliedBefore: cents(before) }))
            expect(imbalanceOf(entry)).toBe(0)
            debtors -= entry.lines.find(({ role }) => role === 'debtors')?.amount ?? 0
            before += share
          }
          expect(debtors).toBe(toBase(cents(total), e6(rate)))
        },
      ),
    )
  })

  test('one receipt for several invoices moves bank clearing by the receipt', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 100_000, max: 3_000_000 }),
        fc.boolean(),
        (amounts, rate, isBase) => {
          const allocations = amounts.map((amount, index) => ({
            document: `doc-${index}`,
            amount: cents(amount),
            date: null,
          }))
          const whole = cents(amounts.reduce((sum, amount) => sum + amount, 0))
          const payment = aPayment({
            amount: whole,
            allocations,
            ...(isBase ? {} : { currency: 'USD', exchangeRate: e6(rate) }),
          })
          let clearing = 0
          for (const allocation of allocations) {
            const document = usd({ id: allocation.document })
            const entry = entryOf(
              journalOfPayment(
                { payment, allocation, document, appliedBefore: cents(0), isReceived: false },
                books,
              ),
            )
            expect(imbalanceOf(entry)).toBe(0)
            clearing += entry.lines.find(({ role }) => role === 'bank_clearing')?.amount ?? 0
          }
          expect(clearing).toBe(isBase ? whole : toBase(whole, e6(rate)))
        },
      ),
    )
  })
})
