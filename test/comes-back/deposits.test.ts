// Overpayments and prepayments that people take in Xero, what they allocate and give back of them, and what is undone of all that
// (X3, X4, X5); on the side of suppliers too.

import { afterEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { depositSql } from '../support/workload-money.ts'
import type { WorldOptions } from '../support/world.ts'

let story: Story

async function begun(sql: string, options?: WorldOptions): Promise<Story> {
  story = await Story.begin(sql, options)
  return story
}

afterEach(() => story.close())

const unpaid = 'paid 0 credited 0 adjusted 0 due 11500 unpaid'

/** Each of them on a document of its own, A and B of sales and of purchases. */
const kinds = [
  ['overpay', 'RECEIVE', 'I'],
  ['prepay', 'RECEIVE', 'J'],
  ['overpay', 'SPEND', 'B'],
  ['prepay', 'SPEND', 'C'],
] as const

test('overpayments and prepayments are received, applied where they are allocated, worth less by what is given back, and all of it can be undone', async () => {
  const papers = kinds.flatMap(([, direction, letter]) =>
    [1, 2].map((n) => documentSql(direction === 'RECEIVE' ? 'invoice' : 'bill', { id: `${letter}${n}` })),
  )
  const s = await begun(papers.join(''))
  const taken = kinds.map(([kind, direction, letter], index) => ({
    letter,
    total: 9_000 + index,
    id: s.person(({ money }) =>
      money[kind]({ contactId: s.contactId('C001'), total: cents(9_000 + index), direction }),
    ).id,
  }))
  await s.run()
  expect(s.external()).toEqual(taken.map(({ total }) => `${total} received`))

  const first = taken.map(({ id, letter }) => s.allocate(id, `${letter}1`, 3_000))
  for (const { id, letter } of taken) s.allocate(id, `${letter}2`, 4_000)
  await s.run()
  for (const { letter } of taken) {
    expect(s.balance(`${letter}1`)).toBe('paid 3000 credited 0 adjusted 0 due 8500 part-paid')
    expect(s.balance(`${letter}2`)).toBe('paid 4000 credited 0 adjusted 0 due 7500 part-paid')
  }
  expect(s.broken()).toEqual([])

  for (const [index, { id }] of taken.entries()) s.removeAllocation(id, first[index] ?? '')
  await s.run()
  for (const { letter } of taken) expect(s.balance(`${letter}1`)).toBe(unpaid)
  const refunds = taken.map(
    ({ id }) => s.person(({ money }) => money.refund(id, { amount: cents(5_000) })).id,
  )
  await s.run()
  expect(s.broken()).toEqual([])
  expect(s.external()).toEqual(
    taken.map(({ letter, total }) => expect.stringMatching(`^${total - 5_000} \\w+ on ${letter}2 4000$`)),
  )

  for (const id of refunds) s.deletePayment(id)
  await s.run()
  expect(s.external()).toEqual(
    taken.map(({ letter, total }) => expect.stringMatching(`^${total} \\w+ on ${letter}2 4000$`)),
  )
  expect(s.world.sandbox.payments()).toHaveLength(4)
  expect(s.broken()).toEqual([])
})

test('voided before it was used it is deleted by Xero; given back whole it is worth nothing, until that is undone; allocated twice to one invoice it is applied once, with both amounts', async () => {
  const s = await begun(invoiceSql({ id: 'A' }))
  const take = (total: number) =>
    s.person(({ money }) => money.overpay({ contactId: s.contactId('C001'), total: cents(total) })).id
  const [voided, returned, used] = [take(7_000), take(9_000), take(9_500)]
  await s.run()
  s.person(({ money }) => money.voidDeposit(voided))
  const refund = s.person(({ money }) => money.refund(returned, { amount: cents(9_000) }))
  const first = s.allocate(used, 'A', 1_000)
  s.allocate(used, 'A', 2_000)
  await s.run()
  const applied = expect.stringMatching(/^9500 \w+ on A 3000/)
  expect(s.external()).toEqual([expect.stringMatching(/^0 /), '7000 deleted by xero', applied])
  expect(s.balance('A')).toBe('paid 3000 credited 0 adjusted 0 due 8500 part-paid')
  s.deletePayment(refund.id)
  s.removeAllocation(used, first)
  await s.run()
  const left = expect.stringMatching(/^9500 \w+ on A 2000/)
  expect(s.external()).toEqual(['7000 deleted by xero', '9000 received', left])
  expect(s.balance('A')).toBe('paid 2000 credited 0 adjusted 0 due 9500 part-paid')
  expect(s.broken()).toEqual([])
})

test('one of a contact that the ledger does not have is none of its business, until the contact is linked; where that is merged it keeps to the contact that it went to (K5)', async () => {
  const s = await begun(invoiceSql({ id: 'A', contact: 'C001' }))
  const stranger = s.person((person) => person.createContact({ name: 'Customer 2' }))
  const id = s.person(({ money }) => money.overpay({ contactId: stranger.id, total: cents(700) })).id
  await s.run()
  expect(s.external()).toEqual([])
  s.write(invoiceSql({ id: 'B', contact: 'C002' }))
  await s.run()
  await s.run()
  expect(s.external()).toEqual(['700 received'])
  expect(s.broken()).toEqual([])
  s.person((person) => person.mergeContact(s.contactId('C002'), s.contactId('C001')))
  await s.run()
  expect(s.external()).toEqual(['700 received'])
  s.allocate(id, 'B', 700)
  await s.run()
  expect(s.external()).toEqual(['700 applied on B 700'])
  expect(s.balance('B')).toBe('paid 700 credited 0 adjusted 0 due 10800 part-paid')
  expect(s.broken()).toEqual([])
})

test('a prepayment of ours is never taken for theirs, wherever people allocate it (P4)', async () => {
  const s = await begun(
    settingSql('deposits', 'prepayment') +
      roleAccountsSql() +
      invoiceSql({ id: 'A' }) +
      depositSql({ id: 'H1', amount: 5_000, applied: { A: 2_000 } }),
  )
  expect(s.balance('A')).toBe('paid 2000 credited 0 adjusted 0 due 9500 part-paid')
  const [ours] = s.world.sandbox.prepayments()
  s.write(invoiceSql({ id: 'B' }))
  await s.run()
  const theirs = s.allocate(ours?.id ?? '', 'B', 3_000)
  await s.run()
  expect(s.external()).toEqual([])
  expect(s.balance('B')).toBe('paid 3000 credited 0 adjusted 0 due 8500 part-paid')
  expect(s.broken()).toEqual([])
  s.removeAllocation(ours?.id ?? '', theirs)
  // And what we applied, a person takes off.
  s.removeAllocation(ours?.id ?? '', ours?.allocations[0]?.id ?? '')
  await s.run()
  expect([s.balance('A'), s.balance('B')]).toEqual([unpaid, unpaid])
  await s.run()
  expect(s.world.sandbox.prepayments()[0]?.allocations).toEqual([])
  expect(s.broken()).toEqual([])
})

test('where an allocation moves the date of the invoice alone, or of the credit alone, that is enough (§5)', async () => {
  const s = await begun(invoiceSql({ id: 'A' }) + invoiceSql({ id: 'B' }), {
    sandbox: { switches: { allocationDates: 'kept' } },
  })
  const sides = (['invoice', 'credit'] as const).map((side, index) => ({
    side,
    on: index === 0 ? 'A' : 'B',
    id: s.person(({ money }) => money.overpay({ contactId: s.contactId('C001'), total: cents(9_000) })).id,
  }))
  s.world.clock.advance(20 * 60_000)
  await s.run()
  const allocated = sides.map((one) => moving(s, one, () => s.allocate(one.id, one.on, 3_000)))
  await s.run()
  for (const { on } of sides) expect(s.balance(on)).toBe('paid 3000 credited 0 adjusted 0 due 8500 part-paid')
  for (const [index, one] of sides.entries())
    moving(s, one, () => s.removeAllocation(one.id, allocated[index] ?? ''))
  await s.run()
  for (const { on } of sides) expect(s.balance(on)).toBe(unpaid)
  expect(s.external()).toEqual(['9000 received', '9000 received'])
  expect(s.broken()).toEqual([])
})

/** Only that side’s date moves by what is done. */
function moving<Result>(
  s: Story,
  { id, on, side }: { id: string; on: string; side: 'invoice' | 'credit' },
  act: () => Result,
): Result {
  const [organisation] = s.world.sandbox.organisations
  const credit = organisation?.overpayments.get(id)
  const invoice = organisation?.invoices.get(s.xeroId(on))
  const result = act()
  const [creditNow, invoiceNow] = [
    organisation?.overpayments.get(id),
    organisation?.invoices.get(s.xeroId(on)),
  ]
  const now = s.world.clock.forServer().now()
  if (credit && creditNow)
    organisation?.overpayments.put({ ...creditNow, updatedAt: side === 'credit' ? now : credit.updatedAt })
  if (invoice && invoiceNow)
    organisation?.invoices.put({ ...invoiceNow, updatedAt: side === 'invoice' ? now : invoice.updatedAt })
  // Past the overlap of reads: what does not move is not read again.
  s.world.clock.advance(20 * 60_000)
  return result
}
