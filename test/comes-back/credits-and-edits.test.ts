// Credits that people allocate in Xero (N3), and what they make of our documents there: totals, voids (I9), merged and archived
// contacts (K5, K9).

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql } from '../support/workload.ts'
import { creditAllocationSql } from '../support/workload-money.ts'
import type { WorldOptions } from '../support/world.ts'

let story: Story

async function begun(sql: string, options?: WorldOptions): Promise<Story> {
  story = await Story.begin(sql, options)
  return story
}

afterEach(() => story.close())

const unpaid = 'paid 0 credited 0 adjusted 0 due 11500 unpaid'
const credited = 'paid 0 credited 4000 adjusted 0 due 7500 part-paid'

test('a credit note made in Xero is never copied; allocated to an invoice or a bill it lowers what that owes, and taken off it restores it (N3)', async () => {
  const s = await begun(invoiceSql({ id: 'A' }) + documentSql('bill', { id: 'B' }))
  const make = (type: 'ACCRECCREDIT' | 'ACCPAYCREDIT') =>
    s.person(({ money }) =>
      money.createCreditNote({ contactId: s.contactId('C001'), total: cents(9_000), type, number: 'X-1' }),
    ).id
  const [sale, purchase] = [make('ACCRECCREDIT'), make('ACCPAYCREDIT')]
  await s.run()
  expect([s.balance('A'), s.balance('B')]).toEqual([unpaid, unpaid])
  const [first, second] = [s.allocate(sale, 'A', 4_000), s.allocate(purchase, 'B', 4_000)]
  await s.run()
  expect([s.balance('A'), s.balance('B')]).toEqual([credited, credited])
  expect(s.broken()).toEqual([])
  s.removeAllocation(sale, first)
  s.removeAllocation(purchase, second)
  await s.run()
  expect([s.balance('A'), s.balance('B')]).toEqual([unpaid, unpaid])
  expect(s.world.query("SELECT 1 FROM document WHERE id NOT IN ('A', 'B')")).toEqual([])
  expect(s.world.query('SELECT 1 FROM credit_allocation')).toEqual([])
  expect(s.external()).toEqual([])
  expect(s.world.sandbox.creditNotes()).toHaveLength(2)
  expect(s.broken()).toEqual([])
})

test('a credit of ours that a person allocates is applied on both of its sides, and so is what they remove; what we allocated and they took back is not sent again; voided it is adjusted to nothing (N3, I9)', async () => {
  const s = await begun(
    ['A', 'B'].map((id) => invoiceSql({ id })).join('') +
      ['C', 'D', 'E'].map((id) => documentSql('credit_note', { id })).join('') +
      creditAllocationSql('D', 'B', 6_000),
  )
  const note = (id: string) => s.world.sandbox.creditNotes().find((one) => one.id === s.xeroId(id))
  const balances = () => ['A', 'C', 'B', 'D'].map((id) => s.balance(id))
  const theirs = s.allocate(s.xeroId('C'), 'A', 4_000)
  s.removeAllocation(s.xeroId('D'), note('D')?.allocations[0]?.id ?? '')
  s.person(({ money }) => money.voidCreditNote(s.xeroId('E')))
  await s.run()
  expect(balances()).toEqual([credited, credited, unpaid, unpaid])
  expect(s.balance('E')).toBe('paid 0 credited 0 adjusted -11500 due 0 paid')
  expect(note('D')?.allocations).toEqual([])
  expect(s.broken()).toEqual([])
  s.removeAllocation(s.xeroId('C'), theirs)
  s.allocate(s.xeroId('D'), 'B', 4_000)
  await s.run()
  expect(balances()).toEqual([unpaid, unpaid, credited, credited])
  expect(note('D')?.allocations).toHaveLength(1)
  // The exporting system's row says what it said.
  expect(s.world.query('SELECT amount_cents, origin FROM credit_allocation')).toEqual([
    { amount_cents: 6_000, origin: 'ledger' },
  ])
  expect(s.broken()).toEqual([])
})

test('an invoice or bill whose total a person changes keeps its own: one adjustment says the difference, and none where it is changed back; voided it owes nothing; an edit of ours is none (I9)', async () => {
  const s = await begun(
    invoiceSql({ id: 'A' }) +
      documentSql('bill', { id: 'B' }) +
      invoiceSql({ id: 'V' }) +
      documentSql('bill', { id: 'W' }) +
      invoiceSql({ id: 'E' }),
  )
  const change = (total: number) => {
    for (const id of ['A', 'B']) s.person((person) => person.editInvoiceTotal(s.xeroId(id), cents(total)))
  }
  const balances = () => [s.balance('A'), s.balance('B')]
  const both = (balance: string) => [balance, balance]
  change(15_000)
  for (const id of ['V', 'W']) s.person((person) => person.voidInvoice(s.xeroId(id)))
  s.write(
    `UPDATE document_line SET amount_cents = 20000, unit_price_e4 = 2000000, tax_cents = 3000 WHERE document = 'E';
     UPDATE document SET subtotal_cents = 20000, tax_cents = 3000, total_cents = 23000 WHERE id = 'E';`,
  )
  await s.run()
  expect(balances()).toEqual(both('paid 0 credited 0 adjusted 3500 due 15000 unpaid'))
  for (const id of ['V', 'W']) expect(s.balance(id)).toBe('paid 0 credited 0 adjusted -11500 due 0 paid')
  expect(await s.tell('W')).toMatch(/void/i)
  change(11_500)
  await s.run()
  expect(balances()).toEqual(both(unpaid))
  expect((await s.show('A')).adjustments).toEqual([])
  change(10_000)
  s.pay('A', 10_000)
  s.pay('B', 10_000)
  await s.run()
  expect(balances()).toEqual(both('paid 10000 credited 0 adjusted -1500 due 0 paid'))
  expect((await s.show('A')).adjustments).toEqual([
    { at: expect.stringMatching(/^2026-11-22T/), amount: '-15.00', reason: expect.stringMatching(/Xero/) },
  ])
  expect(s.balance('E')).toBe('paid 0 credited 0 adjusted 0 due 23000 unpaid')
  expect(s.world.query("SELECT DISTINCT total_cents, status FROM document WHERE id <> 'E'")).toEqual([
    { total_cents: 11_500, status: 'sent' },
  ])
  expect(s.broken()).toEqual([])
})

describe('contacts that people merge or archive in Xero', () => {
  test('a merged one: the link follows, and new documents go to whom it went to (K5)', async () => {
    const s = await begun(invoiceSql({ id: 'A', contact: 'C001' }))
    const into = s.person((person) => person.createContact({ name: 'One and Only' }))
    s.person((person) => person.mergeContact(s.contactId('C001'), into.id))
    s.write(invoiceSql({ id: 'B', contact: 'C001' }))
    await s.run()
    expect(s.contactId('C001')).toBe(into.id)
    expect(s.world.sandbox.invoices().map(({ contactId }) => contactId)).toEqual([into.id, into.id])
    s.pay('A', 4_000)
    await s.run()
    expect(s.balance('A')).toBe('paid 4000 credited 0 adjusted 0 due 7500 part-paid')
    expect(s.broken()).toEqual([])
  })

  test('an archived one: its documents are refused before sending, and what is paid on those that stand comes in (K9)', async () => {
    const s = await begun(invoiceSql({ id: 'A', contact: 'C001' }))
    s.person((person) => person.archiveContact(s.contactId('C001')))
    s.pay('A', 4_000)
    s.write(invoiceSql({ id: 'B', contact: 'C001' }))
    const run = await s.world.export()
    expect(run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)).toEqual(['B contact-archived'])
    expect(s.balance('A')).toBe('paid 4000 credited 0 adjusted 0 due 7500 part-paid')
    expect(s.broken(['invoice B'])).toEqual([])
    s.person((person) => person.restoreContact(s.contactId('C001')))
    await s.run()
    expect(s.broken()).toEqual([])
  })
})
