// Findings about payments, refunds, credits and what they are applied to.

import { asPerson } from '../../support/people.ts'
import { creditAllocationSql, paymentSql, refundSql } from '../../support/workload-money.ts'
import { foreseen, inOldBooks, type Situation, withInvoice } from '../fixture.ts'
import { changed, contact, document } from '../rows.ts'

type Payment = Parameters<typeof paymentSql>[0]

/** An invoice of 115.00 and a payment that is applied to it. */
function aPayment(
  id: string,
  is: string,
  payment: Partial<Payment> = {},
  invoice: Parameters<typeof document>[2] = {},
): Situation {
  return {
    is,
    thing: `payment:PAY-${id}/INV-${id}`,
    sql:
      document('invoice', `INV-${id}`, invoice) +
      paymentSql({ id: `PAY-${id}`, applied: { [`INV-${id}`]: 11_500 }, ...payment }),
  }
}

/** An invoice of 115.00 and a credit note of 57.50, of which so much is applied to it. */
function anAllocation(
  id: string,
  is: string,
  amount: number,
  credit: Parameters<typeof document>[2] = {},
  invoice: Parameters<typeof document>[2] = {},
): Situation {
  return {
    is,
    thing: `allocation:CN-${id}/INV-${id}`,
    sql:
      document('invoice', `INV-${id}`, invoice) +
      document('credit_note', `CN-${id}`, { lines: [{ amount: 5_000, tax: 750 }], ...credit }) +
      creditAllocationSql(`CN-${id}`, `INV-${id}`, amount),
  }
}

/** Exported; a person pays 50.00 of it on 10 November; the ledger then has 50.00 of that date. */
const paidByPerson = (id: string, date: string, is: string): Situation => ({
  is,
  thing: `payment:PAY-${id}/INV-${id}`,
  before: document('invoice', `INV-${id}`),
  inXero: withInvoice(
    `INV-${id}`,
    (person, invoice) => person.money.pay(invoice, { amount: 5_000 as never, date: '2026-11-10' as never }), // cents and a real date
  ),
  sql: paymentSql({ id: `PAY-${id}`, date, applied: { [`INV-${id}`]: 5_000 } }),
})

export const money = {
  'payment-no-account': inOldBooks(
    aPayment('4001', 'no account, and no role to give one', { account: null }),
    aPayment('4002', 'an account of its own', { account: '090' }),
  ),
  'payment-exceeds-due': foreseen(
    aPayment('4011', '115.01 on an invoice of 115.00', { applied: { 'INV-4011': 11_501 } }),
    aPayment('4012', 'exactly what is due'),
  ),
  'payment-duplicate': foreseen(
    paidByPerson('4021', '2026-11-13', 'three days after a payment of the same amount in Xero'),
    paidByPerson('4022', '2026-11-14', 'four days after it'),
  ),
  'payment-moved': foreseen(
    {
      is: 'a payment that was sent for one invoice and is for another now',
      thing: 'payment:PAY-4031/INV-4031-B',
      before:
        document('invoice', 'INV-4031-A') +
        document('invoice', 'INV-4031-B') +
        paymentSql({ id: 'PAY-4031', applied: { 'INV-4031-A': 11_500 } }),
      sql: changed('payment_allocation', 'payment', 'PAY-4031', { document: 'INV-4031-B' }),
    },
    {
      is: 'a payment that was sent for one invoice, and has a part for another now too',
      thing: 'payment:PAY-4032/INV-4032-B',
      before:
        document('invoice', 'INV-4032-A') +
        document('invoice', 'INV-4032-B') +
        paymentSql({ id: 'PAY-4032', amount: 23_000, applied: { 'INV-4032-A': 11_500 } }),
      sql: `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('PAY-4032', 'INV-4032-B', 11500);`,
    },
  ),
  'allocations-exceed-payment': foreseen(
    aPayment('4041', 'a receipt of 114.99 with 115.00 applied', { amount: 11_499 }),
    aPayment('4042', 'a receipt of 115.00 with 115.00 applied', { amount: 11_500 }),
  ),
  'amount-invalid': foreseen(
    aPayment('4051', 'a payment of 0.00', { applied: { 'INV-4051': 0 } }),
    aPayment('4052', 'a payment of 0.01', { applied: { 'INV-4052': 1 } }),
  ),
  'refund-target-missing': foreseen(
    {
      is: 'a refund of an invoice',
      thing: 'refund:REF-4061/INV-4061',
      sql: document('invoice', 'INV-4061') + refundSql({ id: 'REF-4061', applied: { 'INV-4061': 1_000 } }),
    },
    {
      is: 'a refund of a credit note',
      thing: 'refund:REF-4062/CN-4062',
      sql: document('credit_note', 'CN-4062') + refundSql({ id: 'REF-4062', applied: { 'CN-4062': 1_000 } }),
    },
  ),
  'target-wrong-kind': foreseen(
    {
      is: 'a payment on a credit note',
      thing: 'payment:PAY-4071/CN-4071',
      sql: document('credit_note', 'CN-4071') + paymentSql({ id: 'PAY-4071', applied: { 'CN-4071': 1_000 } }),
    },
    {
      is: 'a payment on a bill',
      thing: 'payment:PAY-4072/B-4072',
      sql: document('bill', 'B-4072') + paymentSql({ id: 'PAY-4072', applied: { 'B-4072': 1_000 } }),
    },
  ),
  'currency-mismatch': foreseen(
    anAllocation('4081', 'a credit in USD on an invoice in NZD', 1_000, {
      currency: 'USD',
      exchangeRateE6: 590_000,
    }),
    anAllocation(
      '4082',
      'both in USD',
      1_000,
      { currency: 'USD', exchangeRateE6: 590_000 },
      { currency: 'USD', exchangeRateE6: 590_000 },
    ),
  ),
  'contact-differs': foreseen(
    {
      ...anAllocation('4091', 'a credit of another customer', 1_000),
      sql: contact('WEKA', {}) + String(anAllocation('4091', '', 1_000, { contact: 'WEKA' }).sql),
    },
    anAllocation('4092', 'a credit of the same customer', 1_000),
  ),
  'credit-exceeds': foreseen(
    anAllocation('4101', '57.51 of a credit of 57.50', 5_751),
    anAllocation('4102', 'all of it', 5_750),
  ),
  'remainder-held': foreseen(
    {
      ...aPayment('4111', 'a receipt with 0.01 above what is applied', { amount: 11_501 }),
      thing: 'receipt:PAY-4111',
    },
    {
      ...aPayment('4112', 'a receipt that is applied to the cent', { amount: 11_500 }),
      thing: 'receipt:PAY-4112',
    },
  ),
  'parent-void': foreseen(
    aPayment('4121', 'a payment on a void invoice', {}, { status: 'void' }),
    aPayment('4122', 'a deleted payment on a void invoice', { state: 'deleted' }, { status: 'void' }),
  ),
  'before-cutover': inOldBooks(
    aPayment('4161', 'a payment on an invoice of the day before the cutover', {}, { date: '2026-03-31' }),
    aPayment('4162', 'a payment on an invoice of the day of the cutover', {}, { date: '2026-04-01' }),
  ),
  'parent-draft': foreseen(
    aPayment('4131', 'a payment on a draft', {}, { status: 'draft' }),
    aPayment('4132', 'a payment on a finished invoice', {}, { status: 'sent' }),
  ),
  'parent-not-exported': foreseen(
    aPayment('4141', 'a payment on an invoice with an error', {}, { account: '999' }),
    aPayment('4142', 'a payment on an invoice with no more than a remark', {}, { dueDate: null }),
  ),
}

/** Known by a number that a person used in Xero for something else. */
export const numbersInXero = {
  'number-in-use': foreseen(
    {
      is: 'a number that an invoice entered in Xero has, of another amount',
      thing: 'invoice:INV-4151',
      inXero: enteredInXero('INV-4151', 'ACCREC'),
      sql: document('invoice', 'INV-4151'),
    },
    {
      is: 'a number that a bill entered in Xero has',
      thing: 'invoice:INV-4152',
      inXero: enteredInXero('INV-4152', 'ACCPAY'),
      sql: document('invoice', 'INV-4152'),
    },
  ),
}

function enteredInXero(number: string, type: 'ACCREC' | 'ACCPAY'): NonNullable<Situation['inXero']> {
  return (world) => {
    asPerson(world, (person) => {
      const { id } = person.createContact({ name: `Entered by hand ${number}` })
      person.createInvoice({ type, number, contactId: id, total: 20_000 as never }) // cents
    })
  }
}
