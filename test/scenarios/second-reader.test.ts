// What comes back from Xero in situations that a second reader looked for: between two runs no money is lost, counted twice, sent
// again or misstated for good.

import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, depositSql, paymentSql } from '../support/workload-money.ts'
import type { WorldOptions } from '../support/world.ts'

let story: Story

async function begun(sql: string, options?: WorldOptions): Promise<Story> {
  story = await Story.begin(sql, options)
  return story
}

afterEach(() => story.close())

const unpaid = 'paid 0 credited 0 adjusted 0 due 11500 unpaid'
const paid = 'paid 4000 credited 0 adjusted 0 due 7500 part-paid'

test('a payment of ours that a person deletes and enters anew, with our mark copied along, is theirs', async () => {
  const s = await begun(invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 4_000 } }))
  const reference = s.world.sandbox.payments()[0]?.reference ?? ''
  s.deletePayment(s.xeroId('P1/I1'))
  s.person(({ money }) => money.pay(s.xeroId('I1'), { amount: cents(4_000), reference }))
  await s.run()
  expect(s.external()).toEqual(['4000 applied on I1 4000'])
  expect(s.balance('I1')).toBe(paid)
  expect(s.broken()).toEqual([])
})

describe('an invoice below zero, which is a credit in Xero (I13)', () => {
  const negative = invoiceSql({ id: 'N1', lines: [{ amount: -10_000, tax: -1_500 }] })

  test('owes less by what a person gives back of it, and more again when that is undone', async () => {
    const s = await begun(negative)
    const refund = s.person(({ money }) => money.refund(s.xeroId('N1'), { amount: cents(4_000) }))
    await s.run()
    expect(s.balance('N1')).toBe('paid 4000 credited 0 adjusted 0 due -7500 part-paid')
    s.deletePayment(refund.id)
    await s.run()
    expect(s.balance('N1')).toBe('paid 0 credited 0 adjusted 0 due -11500 unpaid')
  })

  test('owes less by what a person sets against another, until nothing is left of it', async () => {
    const s = await begun(negative + invoiceSql({ id: 'A' }))
    s.allocate(s.xeroId('N1'), 'A', 4_000)
    await s.run()
    expect(s.balance('N1')).toBe('paid 0 credited 4000 adjusted 0 due -7500 part-paid')
    expect(s.balance('A')).toBe('paid 0 credited 4000 adjusted 0 due 7500 part-paid')
    s.allocate(s.xeroId('N1'), 'A', 7_500)
    await s.run()
    expect(s.balance('N1')).toBe('paid 0 credited 11500 adjusted 0 due 0 paid')
  })
})

describe('what a person set a credit of ours against, and the exporting system says so too', () => {
  const papers = invoiceSql({ id: 'A' }) + documentSql('credit_note', { id: 'C' })
  const rows = (s: Story) => s.world.query('SELECT amount_cents, origin FROM credit_allocation')

  test('its INSERT is taken, and goes out beside the person’s', async () => {
    const s = await begun(papers)
    s.allocate(s.xeroId('C'), 'A', 4_000)
    await s.run()
    s.write(creditAllocationSql('C', 'A', 2_000))
    await s.run()
    await s.run()
    expect(rows(s)).toEqual([{ amount_cents: 2_000, origin: 'ledger' }])
    expect(s.balance('A')).toBe('paid 0 credited 6000 adjusted 0 due 5500 part-paid')
    expect(s.broken()).toEqual([])
  })

  test('its file is taken, and goes out beside the person’s', async () => {
    const s = await begun(papers)
    s.allocate(s.xeroId('C'), 'A', 4_000)
    await s.run()
    const file = join(s.world.folder, 'credit-allocations.csv')
    writeFileSync(file, 'credit,document,amount,date\nC,A,60.00,2026-11-12\n')
    await s.world.must(['import', file])
    await s.run()
    await s.run()
    expect(rows(s)).toEqual([{ amount_cents: 6_000, origin: 'ledger' }])
    expect(s.balance('A')).toBe('paid 0 credited 10000 adjusted 0 due 1500 part-paid')
  })

  test.each(['before', 'after'])(
    'its row %s the pull is told to be double; without it the person’s counts',
    async (when) => {
      const s = await begun(papers)
      s.allocate(s.xeroId('C'), 'A', 4_000)
      if (when === 'after') await s.run()
      s.write(creditAllocationSql('C', 'A', 4_000))
      expect((await s.world.export()).runs[0]?.failures.map(({ code }) => code)).toEqual([
        'payment-duplicate',
      ])
      s.write("DELETE FROM credit_allocation WHERE credit = 'C'")
      await s.run()
      expect(s.balance('A')).toBe('paid 0 credited 4000 adjusted 0 due 7500 part-paid')
      expect(s.world.sandbox.creditNotes()[0]?.allocations).toHaveLength(1)
      expect(s.broken()).toEqual([])
    },
  )
})

test('what a person applied of our prepayment counts after the exporting system took its own row back', async () => {
  const s = await begun(
    settingSql('deposits', 'prepayment') +
      roleAccountsSql() +
      invoiceSql({ id: 'A' }) +
      depositSql({ id: 'H1', amount: 5_000 }),
  )
  s.write("INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('H1', 'A', 3000)")
  s.allocate(s.world.sandbox.prepayments()[0]?.id ?? '', 'A', 3_000)
  expect((await s.world.export()).code).toBe(1)
  s.write("DELETE FROM payment_allocation WHERE payment = 'H1'")
  await s.run()
  expect(s.balance('A')).toBe('paid 3000 credited 0 adjusted 0 due 8500 part-paid')
  expect(s.broken()).toEqual([])
})

test('a payment whose answer was lost, and that a person deletes before it is looked for, is deleted in the ledger', async () => {
  const s = await begun(invoiceSql({ id: 'I1' }))
  s.write(paymentSql({ id: 'P1', applied: { I1: 4_000 } }))
  const isPut = ({ method, url }: { method: string; url: string }) =>
    method === 'PUT' && url.includes('/Payments')
  await s.world.run(['export'], { death: { when: isPut } })
  s.deletePayment(s.world.sandbox.payments()[0]?.id ?? '')
  s.world.clock.advance(20 * 60_000)
  await s.run()
  expect(s.payment('P1')).toEqual({ state: 'deleted', deleted_by: 'xero', hasDate: 1 })
  expect(s.balance('I1')).toBe(unpaid)
  await s.run()
  expect(s.world.sandbox.payments()).toHaveLength(1)
  expect(s.broken()).toEqual([])
})

describe('ledger and memory of what was sent are both put back from a back-up', () => {
  test.each([
    ['payment', paymentSql({ id: 'P1', applied: { I1: 4_000 } })],
    ['deposit', depositSql({ id: 'P1', amount: 4_000 })],
  ])('the %s that Xero has with our mark is not sent again, and adopt-copy finds it', async (_, sql) => {
    const s = await begun(settingSql('deposits', 'prepayment') + roleAccountsSql() + invoiceSql({ id: 'I1' }))
    const { world } = s
    s.write(sql)
    const putBack = world.backUp()
    cpSync(world.configFolder, `${world.configFolder}.back-up`, { recursive: true })
    await s.run()
    putBack()
    rmSync(world.configFolder, { recursive: true })
    cpSync(`${world.configFolder}.back-up`, world.configFolder, { recursive: true })
    for (const again of [1, 2]) {
      const run = await world.export()
      expect(
        run.runs[0]?.failures.map(({ code }) => code),
        `run ${again}`,
      ).toEqual(['payment-duplicate'])
    }
    await world.must(['adopt-copy'])
    await s.run()
    expect(world.sandbox.payments().length + world.sandbox.prepayments().length).toBe(1)
    expect(s.external()).toEqual([])
    expect(s.broken()).toEqual([])
  })
})

describe('a total that people change in Xero and in the ledger', () => {
  const totalSql = (id: string, subtotal: number) => `
    UPDATE document_line SET amount_cents = ${subtotal}, unit_price_e4 = ${subtotal * 100}, tax_cents = ${subtotal * 0.15} WHERE document = '${id}';
    UPDATE document SET subtotal_cents = ${subtotal}, tax_cents = ${subtotal * 0.15}, total_cents = ${subtotal * 1.15} WHERE id = '${id}';`

  test('to the same counts once, whichever was first, and a third one restates what Xero has', async () => {
    const s = await begun(invoiceSql({ id: 'A' }) + documentSql('credit_note', { id: 'C' }))
    s.person((person) => person.editInvoiceTotal(s.xeroId('A'), cents(23_000)))
    s.person(({ money }) => money.editCreditNoteTotal(s.xeroId('C'), cents(23_000)))
    await s.run()
    for (const id of ['A', 'C'])
      expect(s.balance(id)).toBe('paid 0 credited 0 adjusted 11500 due 23000 unpaid')
    s.write(totalSql('A', 20_000) + totalSql('C', 20_000))
    await s.world.export()
    for (const id of ['A', 'C']) expect(s.balance(id)).toBe('paid 0 credited 0 adjusted 0 due 23000 unpaid')
    s.write(totalSql('A', 30_000))
    await s.world.export()
    expect(s.balance('A')).toBe('paid 0 credited 0 adjusted -11500 due 23000 unpaid')
  })

  test('back to what it was: the document owes what Xero says, and is not paid', async () => {
    const s = await begun(invoiceSql({ id: 'A' }))
    s.write(totalSql('A', 20_000))
    await s.run()
    s.person((person) => person.editInvoiceTotal(s.xeroId('A'), cents(11_500)))
    await s.run()
    s.write(totalSql('A', 10_000))
    await s.world.export()
    expect(s.balance('A')).toBe(unpaid)
  })

  test('voided in Xero it owes nothing, whatever the ledger makes of it', async () => {
    const s = await begun(invoiceSql({ id: 'A' }))
    s.person((person) => person.voidInvoice(s.xeroId('A')))
    await s.run()
    s.write(totalSql('A', 20_000))
    await s.world.export()
    expect(s.balance('A')).toBe('paid 0 credited 0 adjusted -23000 due 0 paid')
  })
})

describe('a deposit of ours that is a prepayment in Xero', () => {
  const deposit = (spec: Parameters<typeof depositSql>[0]) =>
    settingSql('deposits', 'prepayment') + roleAccountsSql() + depositSql(spec)

  test('is deleted once a person voids it, although it was to be applied to an invoice that is not there yet', async () => {
    const s = await begun(deposit({ id: 'H1', amount: 5_000 }))
    s.person(({ money }) => money.voidDeposit(s.xeroId('H1')))
    s.write(
      `${invoiceSql({ id: 'A' })} INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('H1', 'A', 2000)`,
    )
    await s.run()
    expect(s.payment('H1')).toEqual({ state: 'deleted', deleted_by: 'xero', hasDate: 1 })
    await s.run()
    expect(s.balance('A')).toBe(unpaid)
    expect(s.world.sandbox.payments()).toEqual([])
    expect(s.broken()).toEqual([])
  })

  test('is given back by a person in the currency in which it was received, to whom it was of', async () => {
    const s = await begun(deposit({ id: 'H1', amount: 5_000, currency: 'AUD', exchangeRateE6: 920_000 }))
    s.person(({ money }) => money.refund(s.xeroId('H1'), { amount: cents(1_000) }))
    await s.run()
    const refunds = s.world.query(
      "SELECT currency, contact, amount_cents, refund_of FROM payment WHERE origin = 'external'",
    )
    expect(refunds).toEqual([{ currency: 'AUD', contact: 'C001', amount_cents: 1_000, refund_of: 'H1' }])
  })
})

test('a payment that is deleted while nobody knows whether its overpayment arrived is not deleted as a whole', async () => {
  const s = await begun(
    settingSql('remainders', 'overpayment') + roleAccountsSql() + invoiceSql({ id: 'I1' }),
  )
  s.write(paymentSql({ id: 'P1', amount: 10_000, applied: { I1: 6_000 } }))
  s.world.sandbox.fault({ method: 'PUT', path: '/BankTransactions', kind: 'late-commit', afterMs: 240_000 })
  expect((await s.world.export()).code).toBe(8)
  s.deletePayment(s.xeroId('P1/I1'))
  expect((await s.world.export()).code).toBe(8)
  expect(s.payment('P1')?.state).toBe('received')
  s.world.clock.advance(20 * 60_000)
  await s.run()
  expect(s.world.sandbox.overpayments().map(({ status }) => status)).toEqual(['AUTHORISED'])
  expect(s.payment('P1')?.state).toBe('received')
  expect(s.balance('I1')).toBe(unpaid)
  expect(s.broken()).toEqual([])
})

test('a credit that we applied in base currency is as we applied it, and nothing is told of it', async () => {
  const foreign = { currency: 'AUD', exchangeRateE6: 920_000 }
  const s = await begun(
    settingSql('foreign_currency', 'base') +
      invoiceSql({ id: 'I1', ...foreign }) +
      documentSql('credit_note', { id: 'C1', ...foreign }) +
      creditAllocationSql('C1', 'I1', 4_000),
  )
  await s.run()
  await s.run()
  expect(s.world.query('SELECT * FROM part_in_xero')).toEqual([])
  expect(s.world.query("SELECT what FROM event WHERE who = 'Xero'")).toEqual([])
  expect(s.balance('I1')).toBe('paid 0 credited 4000 adjusted 0 due 7500 part-paid')
})

test('credits on several documents of which the exporting system took one away still come in on the others', async () => {
  const s = await begun(
    invoiceSql({ id: 'A' }) +
      invoiceSql({ id: 'B' }) +
      documentSql('credit_note', { id: 'C' }) +
      creditAllocationSql('C', 'A', 2_000),
  )
  const id = s.person(({ money }) =>
    money.overpay({ contactId: s.contactId('C001'), total: cents(9_000) }),
  ).id
  s.allocate(id, 'A', 1_000)
  await s.run()
  s.write("DELETE FROM document_line WHERE document = 'A'; DELETE FROM document WHERE id = 'A'")
  s.allocate(s.world.sandbox.overpayments()[0]?.id ?? '', 'B', 3_000)
  s.allocate(s.xeroId('C'), 'B', 500)
  await s.world.export()
  await s.world.export()
  expect(s.balance('B')).toBe('paid 3000 credited 500 adjusted 0 due 8000 part-paid')
  s.write(invoiceSql({ id: 'A' }))
  await s.run()
  expect(s.balance('A')).toBe('paid 1000 credited 2000 adjusted 0 due 8500 part-paid')
  expect(s.broken()).toEqual([])
})

test('a pull that Xero makes wait for long keeps its hold on the organisation (E8)', async () => {
  const s = await begun(invoiceSql({ id: 'I1' }))
  const { world } = s
  for (const path of ['/Payments', '/CreditNotes', '/Prepayments', '/Overpayments', '/Invoices'])
    world.sandbox.fault({ method: 'GET', path, kind: 'rate-limit', limit: 'minute', retryAfterS: 300 })
  const start = world.clock.now()
  const silences: number[] = []
  world.onExchange = () => {
    const [lease] = world.query<{ at: string }>('SELECT heartbeat_at AS at FROM run_lease')
    silences.push(world.clock.now() - Date.parse(lease?.at ?? ''))
  }
  await world.must(['pull'])
  world.onExchange = () => undefined
  expect(world.clock.now() - start).toBeGreaterThan(20 * 60_000)
  expect(Math.max(...silences)).toBeLessThan(10 * 60_000)
})
