// Payments that people enter in Xero come back, and deletions of theirs and of ours: once, on every kind of document, and never
// without Xero having said so (X1, X2, P7). Which way payments go is directions.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import { paymentSql, refundSql } from '../support/workload-money.ts'
import type { WorldOptions } from '../support/world.ts'

let story: Story

async function begun(sql: string, options?: WorldOptions): Promise<Story> {
  story = await Story.begin(sql, options)
  return story
}

afterEach(() => story.close())

const deletedByXero = { state: 'deleted', deleted_by: 'xero', hasDate: 1 }
const paid = 'paid 4000 credited 0 adjusted 0 due 7500 part-paid'
const unpaid = 'paid 0 credited 0 adjusted 0 due 11500 unpaid'

test('payments of an invoice, of a bill and of a credit that people make are external, never sent back, and deleted there they are deleted here', async () => {
  const s = await begun(
    invoiceSql({ id: 'I1' }) + documentSql('bill', { id: 'B1' }) + documentSql('credit_note', { id: 'C1' }),
  )
  const documents = ['I1', 'B1', 'C1']
  const balances = () => documents.map((id) => s.balance(id))
  const made = [
    s.pay('I1', 4_000),
    s.pay('B1', 4_000),
    s.person(({ money }) => money.refund(s.xeroId('C1'), { amount: cents(4_000) })).id,
  ]
  await s.run()
  expect(balances()).toEqual([paid, paid, paid])
  expect(s.external().sort()).toEqual(['B1', 'C1', 'I1'].map((id) => `4000 applied on ${id} 4000`))
  await s.run()
  expect(s.external()).toHaveLength(3)
  expect(s.world.sandbox.payments()).toHaveLength(3)
  expect(s.broken()).toEqual([])

  for (const id of made) s.deletePayment(id)
  await s.run()
  expect(balances()).toEqual([unpaid, unpaid, unpaid])
  // The rows stay for audit.
  expect(s.external()).toEqual(Array.from({ length: 3 }, () => '4000 deleted by xero'))
  expect(s.broken()).toEqual([])
})

test('two payments of one amount on one day are two; one made and deleted between runs is nobody’s; on an invoice of theirs they are not the ledger’s business; in a foreign currency they count in that of the document', async () => {
  const s = await begun(
    invoiceSql({ id: 'I1' }) + invoiceSql({ id: 'I2', currency: 'AUD', exchangeRateE6: 920_000 }),
  )
  s.pay('I1', 4_000, '2026-11-20')
  s.pay('I1', 4_000, '2026-11-20')
  s.deletePayment(s.pay('I1', 2_000, '2026-11-20'))
  s.pay('I1', 3_500, '2026-11-20')
  s.person((person) => {
    const theirs = person.createInvoice({
      contactId: s.contactId('C001'),
      total: cents(9_000),
      number: 'X-1',
    })
    person.money.pay(theirs.id, { amount: cents(9_000) })
  })
  s.pay('I2', 4_100)
  await s.run()
  expect(s.external().filter((row) => !row.includes('deleted'))).toEqual([
    '3500 applied on I1 3500',
    '4000 applied on I1 4000',
    '4000 applied on I1 4000',
    '4100 applied on I2 4100',
  ])
  expect(s.balance('I1')).toBe('paid 11500 credited 0 adjusted 0 due 0 paid')
  expect(s.balance('I2')).toBe('paid 4100 credited 0 adjusted 0 due 7400 part-paid')
  const [row] = s.world.query<{ currency: string }>('SELECT currency FROM payment WHERE amount_cents = 4100')
  expect(row?.currency).toBe('AUD')
  expect(s.broken()).toEqual([])
})

test('an exported payment that is deleted in Xero is deleted in the ledger with date and cause, a refund alike, of a receipt for several invoices only that part until the last; by the ledger itself it is not fed back (X2, P7)', async () => {
  const s = await begun(
    settingSql('delete_payments', 'both') +
      ['I1', 'I2', 'I3', 'I4'].map((id) => invoiceSql({ id })).join('') +
      documentSql('credit_note', { id: 'C1' }) +
      paymentSql({ id: 'P1', applied: { I1: 4_000 } }) +
      refundSql({ id: 'R1', applied: { C1: 4_000 } }) +
      paymentSql({ id: 'P2', applied: { I2: 4_000, I3: 4_000 } }) +
      paymentSql({ id: 'P3', applied: { I4: 4_000 } }),
  )
  const documents = ['I1', 'C1', 'I2', 'I3', 'I4']
  const balances = () => documents.map((id) => s.balance(id))
  expect(balances()).toEqual([paid, paid, paid, paid, paid])
  for (const id of ['P1/I1', 'R1/C1', 'P2/I2']) s.deletePayment(s.xeroId(id))
  await s.run()
  expect([s.payment('P1'), s.payment('R1')]).toEqual([deletedByXero, deletedByXero])
  expect(s.payment('P2')).toEqual({ state: 'received', deleted_by: null, hasDate: 0 })
  expect(balances()).toEqual([unpaid, unpaid, unpaid, paid, paid])
  expect(s.broken()).toEqual([])
  s.deletePayment(s.xeroId('P2/I3'))
  s.write(
    "UPDATE payment SET state = 'deleted', deleted_by = 'ledger', deleted_at = '2026-11-22' WHERE id = 'P3'",
  )
  await s.run()
  expect(s.payment('P2')).toEqual(deletedByXero)
  expect(s.world.sandbox.payments().map(({ status }) => status)).toEqual(
    Array.from({ length: 5 }, () => 'DELETED'),
  )
  // It stays so when the exporting system writes it once more.
  s.write("UPDATE payment SET reference = 'again' WHERE id = 'P1'")
  await s.world.export()
  expect(s.payment('P3')).toEqual({ state: 'deleted', deleted_by: 'ledger', hasDate: 1 })
  expect(balances()).toEqual(documents.map(() => unpaid))
  expect(s.world.sandbox.payments()).toHaveLength(5)
})

test('where the feed hides deletions the invoice is asked, then the payment; one made in the place of another is told apart (§9)', async () => {
  const s = await begun(invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 2_000 } }), {
    sandbox: { switches: { listsDeletedPayments: false } },
  })
  const theirs = s.pay('I1', 4_000)
  await s.run()
  expect(s.balance('I1')).toBe('paid 6000 credited 0 adjusted 0 due 5500 part-paid')
  s.deletePayment(s.xeroId('P1/I1'))
  s.deletePayment(theirs)
  s.pay('I1', 4_000)
  await s.run()
  expect(s.balance('I1')).toBe(paid)
  expect(s.external().sort()).toEqual(['4000 applied on I1 4000', '4000 deleted by xero'])
  expect(s.payment('P1')).toEqual(deletedByXero)
  expect(s.broken()).toEqual([])
})

test('nothing but Xero’s word deletes: no failed read, no answer that is no list, no page of a proxy, no payment that Xero no longer knows (X2)', async () => {
  const s = await begun(
    invoiceSql({ id: 'I1' }) + invoiceSql({ id: 'I2' }) + paymentSql({ id: 'P1', applied: { I1: 2_000 } }),
  )
  s.pay('I1', 4_000)
  await s.run()
  const before = s.balance('I1')
  const faults: FaultEffect[] = [
    { kind: 'error-before-commit' },
    { kind: 'garbage' },
    { kind: 'missing-element' },
    { kind: 'proxy-html', status: 200 },
  ]
  for (const fault of faults) {
    // All of them are in the next list again, within the overlap.
    for (const path of ['/Payments', '/Invoices'])
      s.world.sandbox.fault({ method: 'GET', path, times: 9, ...fault })
    await s.world.run(['pull'])
    s.world.sandbox.clearFaults()
    expect(s.balance('I1'), fault.kind).toBe(before)
    expect(s.payment('P1')?.state).toBe('received')
  }
  const [organisation] = s.world.sandbox.organisations
  organisation?.changes.begin()
  s.pay('I2', 4_000)
  await s.run()
  expect(s.broken()).toEqual([])
  expect([s.balance('I1'), s.balance('I2')]).toEqual([before, paid])
  // It is gone without a word: its id is unknown (404), and the invoice says that nothing was ever paid.
  organisation?.changes.takeBack()
  expect(s.world.sandbox.payments()).toHaveLength(2)
  organisation?.invoices.touch(s.xeroId('I2'), s.world.clock.forServer().now())
  const run = await s.world.export()
  expect([0, 1]).toContain(run.code)
  expect(s.external().sort()).toEqual(['4000 applied on I1 4000', '4000 applied on I2 4000'])
  expect(s.balance('I2')).toBe(paid)
})

describe('what is ours is never taken for theirs', () => {
  test('a payment whose answer was lost is found by its mark, and is no external one', async () => {
    const s = await begun(invoiceSql({ id: 'I1' }))
    s.write(paymentSql({ id: 'P1', applied: { I1: 4_000 } }))
    const [organisation] = s.world.sandbox.organisations
    await s.world.run(['export'], {
      death: { when: ({ method, url }) => method === 'PUT' && url.includes('/Payments') },
    })
    const [payment] = s.world.sandbox.payments()
    if (!payment) throw new Error('no payment was stored')
    // What Xero stores late is not there yet when it is looked for, and is when the list of payments is read.
    organisation?.payments.put({ ...payment, updatedAt: 0 })
    s.world.onExchange = ({ url }) => {
      if (url.includes('/Contacts?')) organisation?.payments.put(payment)
    }
    // While nobody knows, it waits, and no alarm is raised of a copy.
    const { out, err } = await s.world.run(['pull'])
    s.world.onExchange = () => undefined
    expect(s.world.sandbox.payments()).toHaveLength(1)
    expect(out + err).not.toMatch(/adopt-copy/)
    expect(s.external()).toEqual([])
    s.world.clock.advance(10 * 60_000)
    await s.run()
    expect(s.external()).toEqual([])
    expect(s.balance('I1')).toBe(paid)
    expect(s.world.sandbox.payments()).toHaveLength(1)
    expect(s.broken()).toEqual([])
  })

  test('what a person pays on an invoice whose answer was lost comes in once the invoice is known', async () => {
    const s = await begun('')
    s.write(invoiceSql({ id: 'I1' }))
    s.world.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'drop-after-commit', times: 5 })
    await s.world.export()
    const [invoice] = s.world.sandbox.invoices()
    s.person(({ money }) => money.pay(invoice?.id ?? '', { amount: cents(4_000) }))
    await s.world.run(['pull'])
    s.world.sandbox.clearFaults()
    s.world.clock.advance(20 * 60_000)
    await s.run()
    await s.run()
    expect(s.external()).toEqual(['4000 applied on I1 4000'])
    expect(s.balance('I1')).toBe(paid)
    expect(s.broken()).toEqual([])
  })
})
