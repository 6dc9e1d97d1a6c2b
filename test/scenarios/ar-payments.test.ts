// What pays sales that are journals (J4): journals against the debtors account too, each once, changed and taken back like journals,
// and following the form that their document has whatever the setting says later. The documents are ar-journals.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import { depositSql, paymentSql, refundSql } from '../support/workload-money.ts'
import { World } from '../support/world.ts'

let world: World | undefined

/** Accounts of the demo company: what is received and not applied waits on its own. */
const roles = [
  ['bank_clearing', '855'],
  ['unapplied_payments', '850'],
  ['unapplied_deposits', '835'],
  ['debtors', '620'],
  ['exchange_gain_loss', '404'],
]
  .map(([role, account]) => `INSERT INTO role_account VALUES ('NZ01', '${role}', '${account}');`)
  .join('')

const asJournals = settingSql('ar_style', 'journals')

async function prepared(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(contactsSql(3) + roles + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

type Run = Awaited<ReturnType<World['export']>>
const codes = (run: Run) => run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)
/** Posted journals by the account and amount of their lines. */
function posted(w: World): string[] {
  const [organisation] = w.sandbox.organisations
  return w.sandbox
    .manualJournals()
    .filter(({ status }) => status === 'POSTED')
    .map(({ lines }) =>
      lines
        .map(
          ({ accountId, lineAmount }) => `${organisation?.accounts.get(accountId ?? '')?.code} ${lineAmount}`,
        )
        .join(', '),
    )
    .sort()
}
/** What an account comes to. */
const balance = (w: World, code: string) =>
  w.sandbox
    .trialBalance()
    .filter(({ account }) => account === code)
    .reduce((sum, row) => sum + row.cents, 0)

async function ended(w: World, debtors = 0): Promise<void> {
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(balance(w, '620')).toBe(debtors)
  expect(w.sandbox.payments()).toEqual([])
  expect(brokenPromises(w)).toEqual([])
}

const invoice = invoiceSql({ id: 'I1' })
const payment = paymentSql({ id: 'P1', applied: { I1: 11_500 }, account: null })

test('a payment is a journal from bank clearing to debtors, in the run of its invoice', async () => {
  const w = await prepared(asJournals + invoice + payment)
  const planned = await w.export('--dry-run')
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(planned.runs[0]?.chunks).toEqual(run.runs[0]?.chunks)
  expect(posted(w)).toContain('855 11500, 620 -11500')
  expect(run.runs[0]?.kinds).toMatchObject({ payment: { exported: 1, remaining: 0 } })
  await ended(w)
})

test('a refund of a credit goes the other way', async () => {
  const w = await prepared(
    asJournals +
      documentSql('credit_note', { id: 'C1' }) +
      refundSql({ id: 'R1', applied: { C1: 11_500 }, account: null }),
  )
  expect((await w.export()).code).toBe(0)
  expect(posted(w)).toContain('855 -11500, 620 11500')
  await ended(w)
})

test('what a supplier gives back of a prepayment is a refund of that, and no journal', async () => {
  const w = await prepared(
    asJournals +
      settingSql('deposits', 'prepayment') +
      "INSERT INTO role_account VALUES ('NZ01', 'prepayment', '835');" +
      documentSql('bill', { id: 'B1' }) +
      depositSql({ id: 'D1', amount: 5_000, applied: { B1: 2_000 } }) +
      refundSql({ id: 'R1', amount: 3_000, refundOf: 'D1' }),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(w.sandbox.prepayments()).toMatchObject([{ type: 'SPEND-PREPAYMENT', status: 'PAID' }])
  expect(w.sandbox.payments().map(({ type, amount }) => `${type} ${amount}`)).toEqual([
    'APPREPAYMENTPAYMENT 3000',
  ])
  expect(w.sandbox.manualJournals()).toEqual([])
  expect(brokenPromises(w)).toEqual([])
})

test('in two steps: received on the unapplied account, applied from there, given back to there (P6)', async () => {
  const w = await prepared(
    asJournals +
      settingSql('receipts', 'clearing') +
      invoice +
      depositSql({ id: 'D1', amount: 20_000, applied: { I1: 11_500 }, account: null }) +
      refundSql({ id: 'R1', amount: 8_500, refundOf: 'D1', account: null }),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(posted(w)).toEqual(
    expect.arrayContaining(['855 20000, 835 -20000', '835 11500, 620 -11500', '855 -8500, 835 8500']),
  )
  expect([balance(w, '855'), balance(w, '835')]).toEqual([11_500, 0])
  await ended(w)
})

test('of a foreign invoice at its own rate, the difference on receipt to exchange gain or loss', async () => {
  const w = await prepared(
    asJournals +
      invoiceSql({ id: 'I1', currency: 'USD', exchangeRateE6: 600_000 }) +
      paymentSql({
        id: 'P1',
        applied: { I1: 11_500 },
        currency: 'USD',
        exchangeRateE6: 625_000,
        account: null,
      }),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  // 115.00 USD is 191.67 by the invoice and 184.00 as received.
  expect(posted(w)).toContain('855 18400, 404 767, 620 -19167')
  await ended(w)
})

test('edited later its journal is changed, deleted later it is void where the ledger may delete', async () => {
  const w = await prepared(asJournals + settingSql('delete_payments', 'both') + invoice + payment)
  await w.export()
  w.sql('UPDATE payment SET amount_cents = 5000; UPDATE payment_allocation SET amount_cents = 5000')
  expect((await w.export()).code).toBe(0)
  expect(posted(w)).toContain('855 5000, 620 -5000')
  await ended(w, 6_500)
  w.sql("UPDATE payment SET state = 'deleted'")
  expect((await w.export()).code).toBe(0)
  expect(posted(w)).toHaveLength(1)
  await ended(w, 11_500)
})

test('without a bank clearing account it says what is missing', async () => {
  const w = await prepared(
    `${asJournals + invoice + payment}DELETE FROM role_account WHERE role = 'bank_clearing';`,
  )
  expect(codes(await w.export())).toEqual(['P1/I1 account-missing'])
})

describe('the setting changed after the invoice went out', () => {
  const switchTo = (value: string) =>
    `DELETE FROM setting WHERE name = 'ar_style'; ${settingSql('ar_style', value)}`

  test('what is an invoice is paid by a payment', async () => {
    const w = await prepared(invoice)
    await w.export()
    w.sql(switchTo('journals') + paymentSql({ id: 'P1', applied: { I1: 11_500 } }))
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(w.sandbox.invoices()[0]?.status).toBe('PAID')
    expect(w.sandbox.manualJournals()).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('a deposit for what is an invoice is a prepayment, and is applied to it', async () => {
    const w = await prepared(
      `${invoice + settingSql('deposits', 'prepayment')}INSERT INTO role_account VALUES ('NZ01', 'prepayment', '835');`,
    )
    await w.export()
    w.sql(switchTo('journals') + depositSql({ id: 'D1', applied: { I1: 5_000 } }))
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(w.sandbox.prepayments()).toMatchObject([{ total: 5_000, status: 'PAID' }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('what is a journal is paid by a journal', async () => {
    const w = await prepared(asJournals + invoice)
    await w.export()
    w.sql(switchTo('invoices') + payment)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect([balance(w, '855'), balance(w, '620')]).toEqual([11_500, 0])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })
})

test.each<[string, Fault]>([
  ['stored', { method: 'PUT', path: '/ManualJournals', nth: 2, kind: 'drop-after-commit' }],
  ['not stored', { method: 'PUT', path: '/ManualJournals', nth: 2, kind: 'error-before-commit' }],
  ['stored late', { method: 'PUT', path: '/ManualJournals', nth: 2, kind: 'late-commit', afterMs: 120_000 }],
])('an answer that was lost, %s: once in the end', async (_title, fault) => {
  const w = await prepared(asJournals + invoice + payment)
  w.sandbox.fault(fault)
  await w.export()
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
  expect((await w.export()).code).toBe(0)
  expect(posted(w)).toHaveLength(2)
  await ended(w)
})
