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

describe('a credit of ours', () => {
  const papers = invoiceSql({ id: 'A' }) + invoiceSql({ id: 'B' }) + documentSql('credit_note', { id: 'C' })

  test('that a person allocates is applied on both of its sides, and so is what they remove (N3)', async () => {
    const s = await begun(papers)
    const allocation = s.allocate(s.xeroId('C'), 'A', 4_000)
    await s.run()
    expect([s.balance('A'), s.balance('C')]).toEqual([credited, credited])
    await s.run()
    expect(s.world.sandbox.creditNotes()[0]?.allocations).toHaveLength(1)
    expect(s.broken()).toEqual([])
    s.removeAllocation(s.xeroId('C'), allocation)
    await s.run()
    expect([s.balance('A'), s.balance('C')]).toEqual([unpaid, unpaid])
    expect(s.broken()).toEqual([])
  })

  test('that we allocated: a person removes it, allocates less, and it is not sent again', async () => {
    const s = await begun(papers + creditAllocationSql('C', 'A', 6_000))
    const note = () => s.world.sandbox.creditNotes()[0]
    s.removeAllocation(note()?.id ?? '', note()?.allocations[0]?.id ?? '')
    await s.run()
    expect([s.balance('A'), s.balance('C')]).toEqual([unpaid, unpaid])
    expect(note()?.allocations).toEqual([])
    s.allocate(note()?.id ?? '', 'A', 4_000)
    await s.run()
    expect([s.balance('A'), s.balance('C')]).toEqual([credited, credited])
    // The exporting system's row says what it said.
    expect(s.world.query("SELECT amount_cents, origin FROM credit_allocation WHERE credit = 'C'")).toEqual([
      { amount_cents: 6_000, origin: 'ledger' },
    ])
    expect(s.broken()).toEqual([])
  })

  test('that a person voids is adjusted to nothing (I9)', async () => {
    const s = await begun(papers)
    s.person(({ money }) => money.voidCreditNote(s.xeroId('C')))
    await s.run()
    expect(s.balance('C')).toBe('paid 0 credited 0 adjusted -11500 due 0 paid')
    expect(s.broken()).toEqual([])
  })
})

test('an invoice or bill whose total a person changes keeps its own: one adjustment says the difference, and none where it is changed back (I9)', async () => {
  const s = await begun(invoiceSql({ id: 'A' }) + documentSql('bill', { id: 'B' }))
  const change = (total: number) => {
    for (const id of ['A', 'B']) s.person((person) => person.editInvoiceTotal(s.xeroId(id), cents(total)))
  }
  const balances = () => [s.balance('A'), s.balance('B')]
  const both = (balance: string) => [balance, balance]
  change(15_000)
  await s.run()
  expect(balances()).toEqual(both('paid 0 credited 0 adjusted 3500 due 15000 unpaid'))
  change(11_500)
  await s.run()
  expect(balances()).toEqual(both(unpaid))
  expect((await s.show('A')).adjustments).toEqual([])
  change(10_000)
  s.pay('A', 10_000)
  s.pay('B', 10_000)
  await s.run()
  expect(balances()).toEqual(both('paid 10000 credited 0 adjusted -1500 due 0 paid'))
  expect((await s.show('A')).adjustments).toHaveLength(1)
  expect(s.world.query('SELECT DISTINCT total_cents FROM document')).toEqual([{ total_cents: 11_500 }])
  expect(s.broken()).toEqual([])
})

test('an invoice or bill that a person voids owes nothing, and stands in the ledger (I9)', async () => {
  const s = await begun(invoiceSql({ id: 'A' }) + documentSql('bill', { id: 'B' }))
  for (const id of ['A', 'B']) s.person((person) => person.voidInvoice(s.xeroId(id)))
  await s.run()
  for (const id of ['A', 'B']) expect(s.balance(id)).toBe('paid 0 credited 0 adjusted -11500 due 0 paid')
  expect(s.world.query('SELECT DISTINCT status FROM document')).toEqual([{ status: 'sent' }])
  expect(s.broken()).toEqual([])
})

test('an edit of ours that goes out is no adjustment', async () => {
  const s = await begun(invoiceSql({ id: 'A' }))
  s.write(
    `UPDATE document_line SET amount_cents = 20000, unit_price_e4 = 2000000, tax_cents = 3000 WHERE document = 'A';
     UPDATE document SET subtotal_cents = 20000, tax_cents = 3000, total_cents = 23000 WHERE id = 'A';`,
  )
  await s.run()
  await s.run()
  expect(s.balance('A')).toBe('paid 0 credited 0 adjusted 0 due 23000 unpaid')
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
