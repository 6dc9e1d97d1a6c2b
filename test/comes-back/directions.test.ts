// Which way payments go (P1): a setting that turns a feed off makes no call for it and loses nothing.

import { afterEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { invoiceSql, settingSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'

let story: Story

afterEach(() => story.close())

test('payments=to_xero and none: payments made in Xero do not come in, are not asked for, and come when it is set otherwise', async () => {
  story = await Story.begin(settingSql('payments', 'to_xero') + invoiceSql({ id: 'I1' }))
  story.pay('I1', 4_000)
  story.person(({ money }) => money.overpay({ contactId: story.contactId('C001'), total: cents(3_000) }))
  const set = (value: string) =>
    story.world.sql(`UPDATE setting SET value = '${value}' WHERE name = 'payments'`)
  for (const value of ['to_xero', 'none']) {
    set(value)
    const calls = story.world.exchanges.length
    await story.run()
    expect(story.external(), value).toEqual([])
    expect(story.callsSince(calls).filter((call) => /Payments|Overpayments|Prepayments/.test(call))).toEqual(
      [],
    )
  }
  set('both')
  await story.run()
  expect(story.external()).toEqual(['3000 received', '4000 applied on I1 4000'])
  expect(story.broken()).toEqual([])
})

test('payments=from_xero: they come in, and ours do not go out', async () => {
  story = await Story.begin(
    settingSql('payments', 'from_xero') +
      invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'I2' }) +
      paymentSql({ id: 'P1', applied: { I2: 2_000 } }),
  )
  story.pay('I1', 4_000)
  await story.run()
  expect(story.external()).toEqual(['4000 applied on I1 4000'])
  expect(story.balance('I1')).toBe('paid 4000 credited 0 adjusted 0 due 7500 part-paid')
  expect(story.world.sandbox.payments()).toHaveLength(1)
})
