// What comes back from Xero in situations that a second reader looked for: between two runs no money is lost, counted twice, sent
// again or misstated for good.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { invoiceSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'
import type { WorldOptions } from '../support/world.ts'

let story: Story

async function begun(sql: string, options?: WorldOptions): Promise<Story> {
  story = await Story.begin(sql, options)
  return story
}

afterEach(() => story.close())

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
