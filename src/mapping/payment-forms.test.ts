// What becomes of receipts and allocations under the settings: one table each. The property holds that the money of a payment
// goes out once, whatever happens to settings and allocations between runs.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../test/support/books.ts'
import { aFormContext, aPayment, aReceipt, moneyBooks } from '../../test/support/payments.ts'
import type { LedgerPayment } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { cents } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import {
  comesOutOfClearing,
  documentsBeside,
  type FormContext,
  paymentFormOf,
  receiptAmountOf,
  receiptFormOf,
  type SentReceipt,
  sideOfPayment,
} from './payment-forms.ts'

type Settings = Partial<Record<SettingName, string>>
const context = (settings: Settings, rest: Partial<FormContext> = {}) =>
  aFormContext({ books: moneyBooks({ settings }), ...rest })

const deposit = aPayment({ kind: 'deposit', allocations: [] })
const partly = aPayment({ amount: money(200) })

describe('form of a receipt', () => {
  test.each<[string, LedgerPayment, Settings, Partial<FormContext>, string]>([
    ['a payment goes by its allocations', aPayment(), {}, {}, 'none'],
    ['a deposit is held', deposit, {}, {}, 'none'],
    ['a deposit as a prepayment', deposit, { deposits: 'prepayment' }, {}, 'prepayment'],
    ['a payment is no deposit', aPayment(), { deposits: 'prepayment' }, {}, 'none'],
    ['a remainder is held', partly, {}, {}, 'none'],
    ['a remainder as an overpayment', partly, { remainders: 'overpayment' }, {}, 'overpayment'],
    ['no remainder, no overpayment', aPayment(), { remainders: 'overpayment' }, {}, 'none'],
    ['a held deposit has no remainder', deposit, { remainders: 'overpayment' }, {}, 'none'],
    [
      'what is left in another currency cannot be said',
      partly,
      { remainders: 'overpayment' },
      { isOneCurrency: false },
      'none',
    ],
    ['two steps', aPayment(), { receipts: 'clearing' }, {}, 'journal'],
    [
      'two steps, never an overpayment',
      partly,
      { receipts: 'clearing', remainders: 'overpayment' },
      {},
      'journal',
    ],
    [
      'two steps for money received only',
      aPayment(),
      { receipts: 'clearing' },
      { side: 'purchases' },
      'none',
    ],
    ['its own journal posts it', aPayment(), { receipts: 'clearing' }, { hasOwnJournal: true }, 'none'],
    [
      'its own journal posts the deposit',
      deposit,
      { deposits: 'prepayment' },
      { hasOwnJournal: true },
      'none',
    ],
    [
      'deposits before two steps',
      deposit,
      { deposits: 'prepayment', receipts: 'clearing' },
      {},
      'prepayment',
    ],
    ['sales as journals', deposit, { deposits: 'prepayment', ar_style: 'journals' }, {}, 'none'],
    [
      'sales as journals in two steps',
      deposit,
      { receipts: 'clearing', ar_style: 'journals' },
      {},
      'journal',
    ],
    ['payments stay in the ledger', deposit, { deposits: 'prepayment', payments: 'none' }, {}, 'none'],
    ['payments only come back', deposit, { deposits: 'prepayment', payments: 'from_xero' }, {}, 'none'],
    ['made in Xero', { ...deposit, origin: 'external' }, { deposits: 'prepayment' }, {}, 'none'],
    ['deleted', { ...deposit, state: 'deleted' }, { deposits: 'prepayment' }, {}, 'none'],
    ['a discount', aPayment({ kind: 'discount' }), { receipts: 'clearing' }, {}, 'none'],
    ['a refund', aPayment({ kind: 'refund' }), { receipts: 'clearing' }, {}, 'none'],
    ['what was sent stays so', deposit, {}, { receipt: aReceipt() }, 'prepayment'],
    [
      'two steps, never what went to the bank before',
      aPayment(),
      { receipts: 'clearing' },
      { sentAsPayments: new Set(['doc-1']) },
      'none',
    ],
    [
      'a deposit of which all went as payments',
      aPayment({ kind: 'deposit' }),
      { deposits: 'prepayment' },
      { sentAsPayments: new Set(['doc-1']) },
      'none',
    ],
  ])('%s', (_, payment, settings, rest, form) => {
    expect(receiptFormOf(payment, context(settings, rest))).toBe(form)
  })
})

describe('form of an allocation', () => {
  const late = aReceipt({ form: 'overpayment', besides: ['other'] })
  test.each<[string, LedgerPayment, DocumentKind | null, Settings, Partial<FormContext>, string]>([
    ['a payment', aPayment(), 'invoice', {}, {}, 'payment'],
    ['of a bill', aPayment(), 'bill', {}, { side: 'purchases' }, 'payment'],
    ['sales as journals', aPayment(), 'invoice', { ar_style: 'journals' }, {}, 'journal'],
    ['bills are bills', aPayment(), 'bill', { ar_style: 'journals' }, { side: 'purchases' }, 'payment'],
    ['made in Xero', aPayment({ origin: 'external' }), 'invoice', {}, {}, 'none'],
    ['deleted', aPayment({ state: 'deleted' }), 'invoice', {}, {}, 'none'],
    ['not sent', aPayment(), 'invoice', { payments: 'from_xero' }, {}, 'none'],
    ['only sent', aPayment(), 'invoice', { payments: 'to_xero' }, {}, 'payment'],
    ['a discount is a credit', aPayment({ kind: 'discount' }), 'invoice', {}, {}, 'none'],
    ['a refund of a credit', aPayment({ kind: 'refund' }), 'credit_note', {}, {}, 'payment'],
    ['a deposit held until now', aPayment({ kind: 'deposit' }), 'invoice', {}, {}, 'payment'],
    [
      'a deposit that goes as a prepayment',
      aPayment({ kind: 'deposit' }),
      'invoice',
      { deposits: 'prepayment' },
      {},
      'prepayment_allocation',
    ],
    [
      'a deposit that went as a prepayment',
      aPayment({ kind: 'deposit' }),
      'invoice',
      {},
      { receipt: aReceipt() },
      'prepayment_allocation',
    ],
    [
      'a prepayment stays one under sales as journals',
      aPayment({ kind: 'deposit' }),
      'invoice',
      { ar_style: 'journals' },
      { receipt: aReceipt() },
      'prepayment_allocation',
    ],
    ['what an overpayment is beside', partly, 'invoice', { remainders: 'overpayment' }, {}, 'payment'],
    ['applied after the overpayment', partly, 'invoice', {}, { receipt: late }, 'overpayment_allocation'],
    [
      'applied before the overpayment',
      partly,
      'invoice',
      {},
      { receipt: { ...late, besides: ['doc-1'] } },
      'payment',
    ],
    [
      'received by a journal',
      aPayment(),
      'invoice',
      {},
      { receipt: aReceipt({ form: 'journal', xeroId: null }) },
      'payment',
    ],
  ])('%s', (_, payment, kind, settings, rest, form) => {
    const [allocation = null] = payment.allocations
    expect(paymentFormOf(payment, allocation, kind, context(settings, rest))).toBe(form)
  })

  const refund = aPayment({ kind: 'refund', refundOf: 'PAY-0', allocations: [] })
  test.each<[string, LedgerPayment, SentReceipt | null, string]>([
    ['a refund of a prepayment', refund, aReceipt(), 'payment'],
    ['a refund of what a journal received', refund, aReceipt({ form: 'journal' }), 'journal'],
    [
      'a refund that is wholly of credits',
      aPayment({ kind: 'refund', refundOf: 'PAY-0' }),
      aReceipt(),
      'none',
    ],
    ['a payment without an allocation', aPayment(), null, 'none'],
  ])('%s', (_, payment, receipt, form) => {
    expect(paymentFormOf(payment, null, null, context({}, { receipt }))).toBe(form)
  })
})

test.each<[string, LedgerPayment, Settings, Partial<FormContext>, boolean]>([
  ['direct', aPayment(), {}, {}, false],
  ['two steps', aPayment(), { receipts: 'clearing' }, {}, true],
  ['two steps when it was received', aPayment(), {}, { receipt: aReceipt({ form: 'journal' }) }, true],
  ['a prepayment then', aPayment(), { receipts: 'clearing' }, { receipt: aReceipt() }, false],
  ['its own journal', aPayment(), { receipts: 'clearing' }, { hasOwnJournal: true }, true],
  ['its own journal, direct', aPayment(), {}, { hasOwnJournal: true }, false],
  ['of a supplier', aPayment(), { receipts: 'clearing' }, { side: 'purchases' }, false],
  ['a refund', aPayment({ kind: 'refund' }), { receipts: 'clearing' }, {}, false],
])('comes out of clearing: %s', (_, payment, settings, rest, expected) => {
  expect(comesOutOfClearing(payment, context(settings, rest))).toBe(expected)
})

test.each<[DocumentKind[], boolean, boolean, string]>([
  [['invoice'], false, true, 'sales'],
  [['bill'], true, false, 'purchases'],
  [['bill', 'invoice'], false, true, 'sales'],
  [[], false, true, 'purchases'],
  [[], true, true, 'sales'],
  [[], false, false, 'sales'],
])('side of a payment on %s, customer %s, supplier %s', (kinds, isCustomer, isSupplier, side) => {
  expect(sideOfPayment(kinds, { isCustomer, isSupplier })).toBe(side)
})

test('money goes out once, whatever is applied before and after the receipt went, under whatever settings', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 4 })
  const settings = fc.record({
    deposits: fc.constantFrom('held', 'prepayment'),
    remainders: fc.constantFrom('hold', 'overpayment'),
    receipts: fc.constantFrom('direct', 'clearing'),
  })
  fc.assert(
    fc.property(
      fc.constantFrom<'payment' | 'deposit'>('payment', 'deposit'),
      parts,
      parts,
      fc.nat({ max: 5_000 }),
      settings,
      settings,
      (kind, early, late, rest, first, second) => {
        const amount = cents([...early, ...late].reduce((sum, part) => sum + part, rest))
        const allocationsOf = (amounts: readonly number[], prefix: string) =>
          amounts.map((part, index) => ({ document: `${prefix}${index}`, amount: cents(part), date: null }))
        const before = aPayment({ kind, amount, allocations: allocationsOf(early, 'early') })
        const sent = { payments: 0, receipt: 0, ofReceipt: 0 }
        const sentAsPayments = new Set<string>()
        const send = (payment: LedgerPayment, now: FormContext, from: number) => {
          for (const allocation of payment.allocations.slice(from)) {
            const form = paymentFormOf(payment, allocation, 'invoice', now)
            const isOfReceipt = form !== 'payment' || comesOutOfClearing(payment, now)
            sent[isOfReceipt ? 'ofReceipt' : 'payments'] += allocation.amount
            if (form === 'payment') sentAsPayments.add(allocation.document)
          }
        }
        const sendReceipt = (payment: LedgerPayment, as: FormContext): SentReceipt | null => {
          const form = receiptFormOf(payment, as)
          if (form === 'none') return null
          if (form === 'journal') {
            sent.receipt += payment.amount
            return aReceipt({ form, xeroId: null })
          }
          const worth = receiptAmountOf(form, payment, as)
          sent.receipt += worth
          return aReceipt({ form, remaining: worth, besides: documentsBeside(form, payment, as) })
        }
        const now = context(first, { sentAsPayments })
        const receipt = sendReceipt(before, now)
        send(before, { ...now, receipt }, 0)
        const after = { ...before, allocations: [...before.allocations, ...allocationsOf(late, 'late')] }
        const then = context(second, { sentAsPayments, receipt })
        const later = receipt ?? sendReceipt(after, then)
        send(after, { ...then, receipt: later }, before.allocations.length)
        expect(sent.payments + sent.receipt).toBeLessThanOrEqual(amount)
        expect(sent.ofReceipt).toBeLessThanOrEqual(sent.receipt)
      },
    ),
    { numRuns: 2_000 },
  )
})
