// Deposits and remainders as bank transactions: what is on the one line, and by what they are found again.

import { describe, expect, test } from 'vitest'
import { money } from '../../test/support/books.ts'
import { aFormContext, aPayment, moneyBooks } from '../../test/support/payments.ts'
import { e6 } from '../accounting/money.ts'
import { markerTag } from './marker.ts'
import { mapReceipt, type ReceiptMappingContext } from './receipt.ts'

const deposit = aPayment({ kind: 'deposit', amount: money(230), allocations: [] })
const context = (rest: Partial<ReceiptMappingContext> = {}): ReceiptMappingContext => ({
  ...aFormContext(),
  form: 'prepayment',
  xeroContactId: 'xero-contact-1',
  ...rest,
})
const tag = markerTag({ entity: 'NZ01', kind: 'receipt', id: 'PAY-1' })

test('a deposit as a prepayment without tax', () => {
  const { model, facts } = mapReceipt(deposit, context())
  expect(model).toEqual({
    type: 'RECEIVE-PREPAYMENT',
    contact: { contactID: 'xero-contact-1' },
    bankAccount: { code: '090' },
    date: '2026-10-10',
    reference: tag,
    currencyCode: 'NZD',
    lineAmountTypes: 'Inclusive',
    lineItems: [
      {
        description: 'Deposit PAY-1',
        quantity: 1,
        unitAmount: 230,
        accountCode: '620',
        taxType: 'NONE',
        taxAmount: 0,
      },
    ],
  })
  expect(facts).toEqual({
    channel: 'bank_transactions',
    type: 'RECEIVE-PREPAYMENT',
    contactId: 'xero-contact-1',
    amountCents: 23_000,
    taxCents: 0,
    currency: 'NZD',
    date: '2026-10-10',
    tag,
    account: '090',
    besides: [],
    label: 'PAY-1',
  })
})

test('tax is within the amount of a prepayment', () => {
  const books = moneyBooks({ settings: { prepayment_tax_code: 'GST' } })
  const { model, facts } = mapReceipt(deposit, context({ books }))
  expect(model.lineItems[0]).toMatchObject({ unitAmount: 230, taxType: 'OUTPUT2', taxAmount: 30 })
  expect(facts).toMatchObject({ amountCents: 23_000, taxCents: 3_000 })
})

test('what is above the allocations, on the account of receivables', () => {
  const payment = aPayment({ amount: money(200), reference: 'Slip 7' })
  const { model, facts } = mapReceipt(payment, context({ form: 'overpayment' }))
  expect(model).toMatchObject({ type: 'RECEIVE-OVERPAYMENT', lineAmountTypes: 'NoTax' })
  expect(model.lineItems).toEqual([
    { description: 'Overpayment Slip 7', quantity: 1, unitAmount: 85, accountCode: '610' },
  ])
  expect(facts).toMatchObject({ amountCents: 8_500, besides: ['doc-1'] })
  const long = mapReceipt({ ...payment, reference: 'x'.repeat(9_000) }, context({ form: 'overpayment' }))
  expect(long.model.lineItems[0]?.description).toHaveLength(1_000)
})

describe('of suppliers', () => {
  test.each([
    ['prepayment', 'SPEND-PREPAYMENT', '620'],
    ['overpayment', 'SPEND-OVERPAYMENT', '800'],
  ] as const)('a %s', (form, type, account) => {
    const { model } = mapReceipt({ ...deposit, kind: 'payment' }, context({ form, side: 'purchases' }))
    expect(model.type).toBe(type)
    expect(model.lineItems[0]?.accountCode).toBe(account)
  })
})

test('what went as payments before is not in the prepayment', () => {
  const payment = aPayment({ kind: 'deposit', amount: money(230) })
  const { model, facts } = mapReceipt(payment, context({ sentAsPayments: new Set(['doc-1']) }))
  expect(model.lineItems[0]?.unitAmount).toBe(115)
  expect(facts.besides).toEqual(['doc-1'])
})

test('a foreign deposit goes in its currency, or converted', () => {
  const dollars = { ...deposit, currency: 'USD', exchangeRate: e6(600_000), amount: money(60) }
  expect(mapReceipt(dollars, context()).model).toMatchObject({ currencyCode: 'USD', currencyRate: 0.6 })
  const books = moneyBooks({ settings: { foreign_currency: 'base' } })
  const { model, facts } = mapReceipt(dollars, context({ books }))
  expect(model).toMatchObject({ currencyCode: 'NZD', lineItems: [{ unitAmount: 100 }] })
  expect(model).not.toHaveProperty('currencyRate')
  expect(facts).toMatchObject({ currency: 'NZD', amountCents: 10_000 })
})
