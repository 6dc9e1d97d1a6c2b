// Money, for the battery: payments, deposits, what is received above what is due, discounts, refunds, and what credits are
// applied to.

import { cents } from '../../src/accounting/money.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, documentsSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import {
  creditAllocationSql,
  depositSql,
  discountSql,
  paymentSql,
  refundSql,
} from '../support/workload-money.ts'
import type { World } from '../support/world.ts'
import { afterLookingAt, inClosedPeriod, type KindUnderTest, numbered, unreadable } from './situations.ts'

/** What each document of this file comes to, and what is applied of it: twice that would be taken, too. */
const total = 11_500
const part = 5_000

const invoicesInXero = (count: number) =>
  contactsSql(1) + roleAccountsSql() + numbered(count, (n) => documentSql('invoice', { id: `I${n}` }))

const live = ({ status }: { status: string }) => status !== 'DELETED' && status !== 'VOIDED'

const payments = (world: World) => world.sandbox.payments().filter(live).length

const allocations = (world: World) =>
  [...world.sandbox.creditNotes(), ...world.sandbox.prepayments(), ...world.sandbox.overpayments()].flatMap(
    (credit) => credit.allocations,
  ).length

function xeroIdOf(world: World, id: string): string {
  const [row] = world.query<{ xero_id: string }>(
    'SELECT xero_id FROM export_state WHERE source_id = ? AND xero_id IS NOT NULL',
    id,
  )
  return row?.xero_id ?? ''
}

/** A person does what we are about to do, after we looked (so many times); and takes it back. */
function doneByPerson(
  id: string,
  act: (world: World, xeroId: string) => () => void,
  looks = 1,
): KindUnderTest['bad'] {
  const undo: (() => void)[] = []
  return {
    spoil: (world) => {
      const xeroId = xeroIdOf(world, id)
      afterLookingAt(world, xeroId, looks, () => undo.push(act(world, xeroId)))
    },
    mend: () => undo.pop()?.(),
  }
}

const paidByPerson = (document: string, looks = 1) =>
  doneByPerson(
    document,
    (world, xeroId) => {
      const paid = asPerson(world, ({ money }) => money.pay(xeroId, { amount: cents(total) }))
      return () => asPerson(world, ({ money }) => money.deletePayment(paid.id))
    },
    looks,
  )

const refundedByPerson = (credit: string) =>
  doneByPerson(credit, (world, xeroId) => {
    const paid = asPerson(world, ({ money }) => money.refund(xeroId, { amount: cents(total) }))
    return () => asPerson(world, ({ money }) => money.deletePayment(paid.id))
  })

export const money: readonly KindUnderTest[] = [
  {
    name: 'payments',
    thing: 'payment',
    reportedAs: 'payment',
    path: /\/Payments(\?|$)/,
    before: invoicesInXero,
    rows: (count) => numbered(count, (n) => paymentSql({ id: `T${n}`, applied: { [`I${n}`]: part } })),
    inXero: payments,
    bad: paidByPerson('I2'),
  },
  {
    name: 'payments of bills',
    thing: 'payment',
    reportedAs: 'payment',
    path: /\/Payments(\?|$)/,
    before: (count) => contactsSql(1) + numbered(count, (n) => documentSql('bill', { id: `I${n}` })),
    rows: (count) => numbered(count, (n) => paymentSql({ id: `T${n}`, applied: { [`I${n}`]: part } })),
    inXero: payments,
    bad: paidByPerson('I2'),
  },
  {
    name: 'deposits as prepayments',
    thing: 'receipt',
    reportedAs: 'prepayment',
    path: /\/BankTransactions(\?|$)/,
    before: () => invoicesInXero(1) + settingSql('deposits', 'prepayment'),
    rows: (count) => numbered(count, (n) => depositSql({ id: `T${n}`, amount: total + n })),
    inXero: (world) => world.sandbox.prepayments().filter(live).length,
    bad: inClosedPeriod('payment'),
  },
  {
    name: 'what is received above what is due',
    thing: 'receipt',
    reportedAs: 'overpayment',
    path: /\/BankTransactions(\?|$)/,
    before: (count) => invoicesInXero(count) + settingSql('remainders', 'overpayment'),
    rows: (count) =>
      numbered(count, (n) =>
        paymentSql({ id: `T${n}`, amount: total + 100 + n, applied: { [`I${n}`]: total } }),
      ),
    inXero: (world) => world.sandbox.overpayments().filter(live).length,
    bad: unreadable('Overpayment T2'),
  },
  {
    name: 'applied prepayments',
    thing: 'payment',
    reportedAs: 'allocation',
    path: /\/Prepayments\/[^/]+\/Allocations/,
    perCallMax: 1,
    before: (count) =>
      invoicesInXero(count) +
      settingSql('deposits', 'prepayment') +
      numbered(count, (n) => depositSql({ id: `T${n}`, amount: total })),
    rows: (count) =>
      numbered(
        count,
        (n) =>
          `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('T${n}', 'I${n}', ${part});`,
      ),
    inXero: allocations,
    bad: paidByPerson('I2'),
  },
  {
    name: 'applied credit notes',
    thing: 'allocation',
    reportedAs: 'allocation',
    path: /\/CreditNotes\/[^/]+\/Allocations/,
    perCallMax: 1,
    before: (count) =>
      invoicesInXero(count) + numbered(count, (n) => documentSql('credit_note', { id: `C${n}` })),
    rows: (count) => numbered(count, (n) => creditAllocationSql(`C${n}`, `I${n}`, part)),
    inXero: allocations,
    bad: paidByPerson('I2'),
  },
  {
    name: 'applied supplier credits',
    thing: 'allocation',
    reportedAs: 'allocation',
    path: /\/CreditNotes\/[^/]+\/Allocations/,
    perCallMax: 1,
    before: (count) =>
      contactsSql(1) +
      documentsSql('bill', 0, 1) +
      numbered(
        count,
        (n) => documentSql('bill', { id: `I${n}` }) + documentSql('supplier_credit', { id: `C${n}` }),
      ),
    rows: (count) => numbered(count, (n) => creditAllocationSql(`C${n}`, `I${n}`, part)),
    inXero: allocations,
    bad: refundedByPerson('C2'),
  },
  {
    name: 'discounts',
    thing: 'discount',
    reportedAs: 'credit_note',
    path: /\/CreditNotes(\?|$)/,
    before: invoicesInXero,
    rows: (count) => numbered(count, (n) => discountSql({ id: `T${n}`, applied: { [`I${n}`]: 115 } })),
    inXero: (world) => world.sandbox.creditNotes().filter(live).length,
    bad: inClosedPeriod('payment'),
  },
  {
    name: 'applied discounts',
    thing: 'discount_allocation',
    reportedAs: 'allocation',
    path: /\/CreditNotes\/[^/]+\/Allocations/,
    perCallMax: 1,
    before: invoicesInXero,
    rows: (count) => numbered(count, (n) => discountSql({ id: `T${n}`, applied: { [`I${n}`]: 115 } })),
    inXero: allocations,
    // Once for the discount itself, then for applying it.
    bad: paidByPerson('I2', 2),
  },
  {
    name: 'refunds of credit notes',
    thing: 'refund',
    reportedAs: 'refund',
    path: /\/Payments(\?|$)/,
    before: (count) => contactsSql(1) + numbered(count, (n) => documentSql('credit_note', { id: `C${n}` })),
    rows: (count) => numbered(count, (n) => refundSql({ id: `T${n}`, applied: { [`C${n}`]: part } })),
    inXero: payments,
    bad: refundedByPerson('C2'),
  },
  {
    name: 'refunds of prepayments',
    thing: 'refund',
    reportedAs: 'refund',
    path: /\/Payments(\?|$)/,
    before: (count) =>
      invoicesInXero(1) +
      settingSql('deposits', 'prepayment') +
      numbered(count, (n) => depositSql({ id: `P${n}`, amount: total })),
    rows: (count) => numbered(count, (n) => refundSql({ id: `T${n}`, amount: part, refundOf: `P${n}` })),
    inXero: payments,
    bad: refundedByPerson('P2'),
  },
  {
    name: 'receipts as journals',
    thing: 'receipt',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: (count) => invoicesInXero(count) + settingSql('receipts', 'clearing'),
    rows: (count) => numbered(count, (n) => paymentSql({ id: `T${n}`, applied: { [`I${n}`]: part } })),
    inXero: (world) => world.sandbox.manualJournals().filter((one) => one.status === 'POSTED').length,
    bad: inClosedPeriod('payment'),
  },
]
