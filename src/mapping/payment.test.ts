// The payment on the wire: target, account, amount, currency, tag. Each row states what it changes of the base payment.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day, money } from '../../test/support/books.ts'
import { aFormContext, aPayment, aReceipt, moneyBooks } from '../../test/support/payments.ts'
import type { LedgerPayment } from '../accounting/documents.ts'
import { type Cents, cents, e6 } from '../accounting/money.ts'
import { mapAllocation } from './allocation.ts'
import { markerTag, tagOf } from './marker.ts'
import { mapPayment, type PaymentMappingContext, targetKindOf } from './payment.ts'
import { sentAmount } from './payment-amounts.ts'

const target: PaymentMappingContext['target'] = {
  kind: 'invoice',
  xeroId: 'xero-invoice-1',
  number: 'INV-1',
  money: { currency: 'NZD', convertedAt: null },
}

function map(payment: LedgerPayment, context: Partial<PaymentMappingContext> = {}) {
  const [allocation = null] = payment.allocations
  return mapPayment(payment, allocation, {
    ...aFormContext(),
    thing: { kind: 'payment', id: 'PAY-1/doc-1' },
    target,
    appliedBefore: cents(0),
    ...context,
  })
}

const tag = markerTag({ entity: 'NZ01', kind: 'payment', id: 'PAY-1/doc-1' })

test('the base payment, and the facts by which it is found again', () => {
  const { model, facts } = map(aPayment({ reference: 'Slip 7' }))
  expect(model).toEqual({
    invoice: { invoiceID: 'xero-invoice-1' },
    account: { code: '090' },
    date: '2026-10-10',
    amount: 115,
    reference: `Slip 7 ${tag}`,
  })
  expect(facts).toEqual({
    channel: 'payments',
    targetKind: 'invoice',
    targetId: 'xero-invoice-1',
    amountCents: 11_500,
    currency: 'NZD',
    date: '2026-10-10',
    tag,
    account: '090',
    bankAmountCents: null,
    label: 'PAY-1 on INV-1',
  })
})

test('the tag stays whole behind the longest reference, and differs for each thing', () => {
  const { model } = map(aPayment({ reference: 'x'.repeat(300) }))
  expect(model.reference).toHaveLength(255)
  expect(tagOf(model.reference ?? '')).toBe(tag)
  expect(map(aPayment({ reference: ' Slip\r\n7\u0000\ud800' })).model.reference).toBe(`Slip 7 ${tag}`)
  const other = map(aPayment(), { thing: { kind: 'payment', id: 'PAY-1/doc-2' } })
  expect(other.facts.tag).not.toBe(tag)
})

const clearing = moneyBooks({ settings: { receipts: 'clearing' } })
describe('account (P1, P2, P6)', () => {
  const bankId = '8f1d3a5e-0000-4000-8000-000000000001'
  test.each<[string, Partial<LedgerPayment>, Partial<PaymentMappingContext>, object]>([
    ['of its method', {}, {}, { code: '090' }],
    ['of the clearing role, for a method that is not mapped', { method: 'cheque' }, {}, { code: '880' }],
    ['its own before its method', { account: '400' }, {}, { code: '400' }],
    ['of its journal before its own', { journalAccount: '610', account: '400' }, {}, { code: '610' }],
    [
      'its own by the map',
      { account: 'BANK' },
      { books: moneyBooks({ accountMap: new Map([['BANK', '090']]) }) },
      { code: '090' },
    ],
    ['a bank account without a code, by its id', { account: bankId }, {}, { accountID: bankId }],
    ['a coded account named by its id, by its code', { account: 'account-090' }, {}, { code: '090' }],
    [
      'an id before anything was read of Xero',
      { account: bankId },
      { books: moneyBooks({ mirror: null }) },
      { accountID: bankId },
    ],
    ['of unapplied payments', {}, { books: clearing }, { code: '881' }],
    [
      'of unapplied payments whatever its journal says',
      { journalAccount: '610' },
      { books: clearing },
      { code: '881' },
    ],
    ['of a supplier, direct', {}, { books: clearing, side: 'purchases' }, { code: '090' }],
    [
      'received by a journal before the setting changed',
      {},
      { receipt: aReceipt({ form: 'journal' }) },
      { code: '881' },
    ],
  ])('%s', (_, payment, context, account) => {
    expect(map(aPayment(payment), context).model.account).toEqual(account)
  })

  test('deposits come out of an account of their own', () => {
    const roleAccounts = new Map(clearing.roleAccounts).set('unapplied_deposits', '880')
    const books = moneyBooks({ settings: { receipts: 'clearing' }, roleAccounts })
    expect(map(aPayment({ kind: 'deposit' }), { books }).model.account).toEqual({ code: '880' })
  })
})

test('a refund names what it gives back by its id alone', () => {
  const refund = aPayment({ kind: 'refund', refundOf: 'PAY-0', amount: money(40), allocations: [] })
  const thing = { kind: 'refund' as const, id: 'PAY-1/' }
  const of = (kind: 'prepayment' | 'overpayment' | 'creditNote') =>
    map(refund, { thing, target: { ...target, kind, xeroId: 'xero-9' } }).model
  expect(of('prepayment')).toMatchObject({ prepayment: { prepaymentID: 'xero-9' }, amount: 40 })
  expect(of('overpayment')).toMatchObject({ overpayment: { overpaymentID: 'xero-9' } })
  expect(of('creditNote')).toMatchObject({ creditNote: { creditNoteID: 'xero-9' } })
  expect(of('prepayment')).not.toHaveProperty('invoice')
})

test.each([
  ['invoice', 100, 'invoice'],
  ['bill', 100, 'invoice'],
  ['purchase_order', 100, 'invoice'],
  ['credit_note', 100, 'creditNote'],
  ['supplier_credit', 100, 'creditNote'],
  ['invoice', -100, 'creditNote'],
] as const)('a %s of %d is paid as %s', (kind, total, expected) => {
  expect(targetKindOf({ kind, total: cents(total) })).toBe(expected)
})

test('an allocation with a date goes out with it', () => {
  const payment = aPayment({
    allocations: [{ document: 'doc-1', amount: money(115), date: day('2026-10-12') }],
  })
  expect(map(payment).model.date).toBe('2026-10-12')
})

describe('currencies (P8, I10)', () => {
  const dollars = { ...target, money: { currency: 'USD', convertedAt: null } }
  const two = (amounts: [number, number]) =>
    amounts.map((amount, index) => ({ document: `doc-${index + 1}`, amount: money(amount), date: null }))
  test.each<[string, Partial<LedgerPayment>, PaymentMappingContext['target'], object]>([
    [
      'both foreign: the rate of the ledger',
      { currency: 'USD', exchangeRate: e6(600_000) },
      dollars,
      { amount: 115, currencyRate: 0.6 },
    ],
    ['both foreign without a rate: Xero takes the day’s', { currency: 'USD' }, dollars, { amount: 115 }],
    ['a rate in base currency says nothing', { exchangeRate: e6(1_000_000) }, target, { amount: 115 }],
    [
      'paid in base currency: all of it is the bank’s',
      { amount: money(191.67), exchangeRate: e6(600_000) },
      dollars,
      { amount: 115, bankAmount: 191.67 },
    ],
    [
      'for two documents: at the rate',
      { amount: money(200), exchangeRate: e6(600_000), allocations: two([20, 100]) },
      dollars,
      { amount: 20, bankAmount: 33.33 },
    ],
    [
      'a document in base currency paid in dollars',
      { currency: 'USD', exchangeRate: e6(600_000), amount: money(72), allocations: two([20, 100]) },
      target,
      { amount: 20, bankAmount: 12 },
    ],
    [
      'a document that went in base currency',
      { currency: 'USD', exchangeRate: e6(500_000) },
      { ...target, money: { currency: 'USD', convertedAt: e6(600_000) } },
      { amount: 191.67 },
    ],
  ])('%s', (_, payment, to, expected) => {
    const { model } = map(aPayment(payment), { target: to })
    const { amount, bankAmount, currencyRate } = model
    expect({ amount, bankAmount, currencyRate }).toEqual({
      bankAmount: undefined,
      currencyRate: undefined,
      ...expected,
    })
  })
})

const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 6 })
const rates = fc.integer({ min: 100, max: 200_000_000 })

test('what pays a document in full pays it in full in base currency', () => {
  fc.assert(
    fc.property(amounts, rates, (parts, rate) => {
      const money = { currency: 'USD', convertedAt: e6(rate) }
      const whole = cents(parts.reduce((sum, part) => sum + part, 0))
      let before: Cents = cents(0)
      let sent = 0
      for (const part of parts) {
        sent += sentAmount(cents(part), before, money)
        before = cents(before + part)
      }
      expect(sent).toBe(sentAmount(whole, cents(0), money))
    }),
  )
})

test('the bank amounts of a payment sum to the whole at its rate', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 6 }),
      rates,
      (parts, rate) => {
        const payment = aPayment({
          exchangeRate: e6(rate),
          allocations: parts.map((part, index) => ({
            document: `doc-${index}`,
            amount: cents(part),
            date: null,
          })),
        })
        const to = { ...target, money: { currency: 'USD', convertedAt: null } }
        const context = { ...aFormContext(), thing: { kind: 'payment', id: 'p' } as const, target: to }
        const sum = payment.allocations.reduce(
          (total, allocation) =>
            total +
            (mapPayment(payment, allocation, { ...context, appliedBefore: cents(0) }).facts.bankAmountCents ??
              0),
          0,
        )
        const whole = cents(parts.reduce((total, part) => total + part, 0))
        expect(sum).toBe(sentAmount(whole, cents(0), { currency: 'USD', convertedAt: e6(rate) }))
      },
    ),
  )
})

test('an allocation names the document, and its facts the parent', () => {
  const { model, facts } = mapAllocation({
    endpoint: 'CreditNotes',
    parentId: 'xero-credit-1',
    invoiceId: 'xero-invoice-1',
    amountCents: money(50.05),
    date: day('2026-10-10'),
    label: 'CN-1 on INV-1',
  })
  expect(model).toEqual({ invoice: { invoiceID: 'xero-invoice-1' }, amount: 50.05, date: '2026-10-10' })
  expect(facts).toMatchObject({ channel: 'allocations', parentId: 'xero-credit-1', amountCents: 5_005 })
})
