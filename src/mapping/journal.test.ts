import { describe, expect, test } from 'vitest'
import { anInvoice, money } from '../../test/support/books.ts'
import { aJournal, aJournalLine, journalBooks, written } from '../../test/support/journals.ts'
import { contentOf } from '../accounting/content.ts'
import { cents } from '../accounting/money.ts'
import { journalUpdate, journalVoid, mapJournal } from './journal.ts'
import { journalFormOf, journalOfLedger, journalRoleOf, paymentOfJournal } from './journal-of-ledger.ts'
import { journalSizeBound } from './size.ts'

const books = journalBooks()
const thing = { kind: 'journal', id: 'J-1' } as const
const lines = (...given: Partial<ReturnType<typeof aJournalLine>>[]) =>
  given.map((line, index) => aJournalLine({ position: index + 1, ...line }))

describe('a journal without tax', () => {
  const { model, facts } = mapJournal(journalOfLedger(aJournal(), books), thing, books)
  test('goes out posted, without tax types, with its marker', () => {
    expect(model).toEqual({
      narration: 'General journal J-1',
      date: '2026-10-05',
      status: 'POSTED',
      lineAmountTypes: 'NoTax',
      url: 'https://auxo-sync.localhost/NZ01/journal/J-1',
      journalLines: [
        { lineAmount: 100, accountCode: '400' },
        { lineAmount: -100, accountCode: '814' },
      ],
    })
  })
  test('has facts by which it is found again', () => {
    expect(facts).toEqual({
      form: 'journal',
      marker: model.url,
      date: '2026-10-05',
      narration: 'General journal J-1',
      content: contentOf([
        { description: '', account: '400', taxType: null, amount: money(100), tax: money(0), tracking: [] },
        { description: '', account: '814', taxType: null, amount: money(-100), tax: money(0), tracking: [] },
      ]),
      totalDebitCents: 10_000,
    })
  })
  test('is changed by its id with all lines, and voided with its narration', () => {
    expect(journalUpdate({ model, facts }, 'x-1').model).toEqual({ ...model, manualJournalID: 'x-1' })
    expect(journalVoid(facts, 'x-1')).toEqual({
      manualJournalID: 'x-1',
      narration: 'General journal J-1',
      status: 'VOIDED',
    })
  })
})

test('a journal with tax names types and tax amounts, tracking as Xero spells it', () => {
  const journal = aJournal({
    narration: ' Power ',
    lines: lines(
      {
        taxCode: 'GST',
        tax: money(15),
        description: 'October',
        tracking: [{ category: 'branch', option: 'CITY' }],
      },
      { account: '814', amount: money(-115) },
    ),
  })
  const { model, facts } = mapJournal(journalOfLedger(journal, books), thing, books)
  expect(model).toMatchObject({
    narration: 'Power',
    lineAmountTypes: 'Exclusive',
    journalLines: [
      {
        lineAmount: 100,
        taxAmount: 15,
        taxType: 'INPUT2',
        description: 'October',
        tracking: [{ name: 'Branch', option: 'City' }],
      },
      { lineAmount: -115, taxAmount: 0, taxType: 'NONE' },
    ],
  })
  expect(facts.totalDebitCents).toBe(11_500)
})

test('zero-rated income keeps its type, which the tax return counts', () => {
  const zero = journalBooks({}, { taxMap: new Map([['Z', { sales: 'ZERORATED', purchase: 'NONE' }]]) })
  const journal = aJournal({
    lines: lines({ account: '814' }, { account: '200', amount: money(-100), taxCode: 'Z' }),
  })
  const { model } = mapJournal(journalOfLedger(journal, zero), thing, zero)
  expect(model.lineAmountTypes).toBe('Exclusive')
  expect(model.journalLines?.[1]).toEqual({
    lineAmount: -100,
    accountCode: '200',
    taxType: 'ZERORATED',
    taxAmount: 0,
  })
})

test.each([
  ['200', -100, 'OUTPUT2'],
  ['200', 100, 'OUTPUT2'],
  ['400', 100, 'INPUT2'],
  ['400', -100, 'INPUT2'],
  ['710', 100, 'INPUT2'],
  ['814', -100, 'OUTPUT2'],
  ['814', 100, 'INPUT2'],
])('a tax code on account %s with %d is of type %s', (account, amount, taxType) => {
  const line = { account, amount: money(amount), taxCode: 'GST', tax: money(amount * 0.15) }
  const entry = journalOfLedger(aJournal({ lines: lines(line) }), books)
  expect(entry.lines[0]?.taxType).toBe(taxType)
})

test('income and expense without tracking take the entity’s, balance sheet lines do not', () => {
  const tracked = journalBooks({ default_tracking_1: 'Branch: City' })
  expect(written(journalOfLedger(aJournal(), tracked))).toEqual(['400 100.00 [Branch: City]', '814 -100.00'])
})

test('lines of 0.00 are left out', () => {
  const journal = aJournal({
    lines: lines({ amount: money(0) }, {}, { account: '814', amount: money(-100) }),
  })
  expect(written(journalOfLedger(journal, books))).toEqual(['400 100.00', '814 -100.00'])
})

test('what does not balance is never mapped', () => {
  const journal = aJournal({ lines: lines({}, { account: '814', amount: money(-99.99) }) })
  expect(() => mapJournal(journalOfLedger(journal, books), thing, books)).toThrow('does not balance')
})

test('the size that the plan counts with is never below what goes out', () => {
  const journal = aJournal({
    narration: '"\n—ā',
    lines: lines(
      {
        description: '—"\\',
        tracking: [{ category: 'Branch', option: 'City' }],
        taxCode: 'GST',
        tax: money(15),
      },
      { account: '814', amount: money(-115) },
    ),
  })
  const entry = journalOfLedger(journal, books)
  const bytes = Buffer.byteLength(
    JSON.stringify(mapJournal(entry, { kind: 'journal', id: 'ā'.repeat(255) }, books).model),
  )
  expect(journalSizeBound(entry)).toBeGreaterThan(bytes)
})

describe('what becomes of a journal', () => {
  test.each([
    ['general', 'posted', 'journal'],
    ['general', 'draft', 'none'],
    ['stock_adjustment', 'posted', 'journal'],
    ['pay_run', 'posted', 'none'],
    ['pay_run', 'paid', 'journal'],
    ['receipt', 'posted', 'journal'],
    ['deposit', 'posted', 'journal'],
    ['invoice_payment', 'draft', 'none'],
    ['invoice_payment', 'posted', 'unattached'],
  ] as const)('%s in status %s: %s', (kind, status, form) => {
    expect(journalFormOf(aJournal({ kind, status }), books).form).toBe(form)
  })

  test('only_invoices_and_payments keeps journals in the ledger, but not money received (J7)', () => {
    const only = journalBooks({ only_invoices_and_payments: 'on' })
    const forms = (['general', 'stock_adjustment', 'pay_run', 'receipt', 'deposit'] as const).map(
      (kind) => journalFormOf(aJournal({ kind, status: 'paid' }), only).form,
    )
    expect(forms).toEqual(['none', 'none', 'none', 'journal', 'journal'])
  })

  test('linked to a payment it gives its account; to a document alone it is the payment', () => {
    const journal = aJournal({
      kind: 'invoice_deposit',
      document: 'doc-1',
      lines: lines(
        { account: 'CLR', amount: money(60) },
        { account: 'CLR', amount: money(40) },
        { account: '610', amount: money(-100) },
      ),
    })
    expect(journalRoleOf({ ...journal, payment: 'PAY-1' })).toEqual({
      form: 'gives-account',
      payment: 'PAY-1',
    })
    const role = journalRoleOf(journal)
    expect(role).toEqual({ form: 'payment', document: 'doc-1', debits: [{ account: 'CLR', amount: 10_000 }] })
    if (role.form !== 'payment') throw new Error('no payment')
    expect(paymentOfJournal(journal, role.debits, anInvoice(), books)).toMatchObject({
      id: 'J-1',
      kind: 'deposit',
      contact: 'ACME',
      amount: 10_000,
      currency: 'NZD',
      allocations: [{ document: 'doc-1', amount: 10_000 }],
      journalAccount: 'CLR',
    })
    const foreign = { ...anInvoice(), currency: 'USD', exchangeRate: 600_000 as never }
    expect(paymentOfJournal(journal, role.debits, foreign, books)?.allocations[0]?.amount).toBe(6_000)
    expect(paymentOfJournal(journal, role.debits, { ...foreign, exchangeRate: null }, books)).toBeNull()
    const two = [...role.debits, { account: 'X', amount: cents(1) }]
    expect(paymentOfJournal(journal, two, anInvoice(), books)).toBeNull()
  })
})
