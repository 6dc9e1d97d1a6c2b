// Stories that random histories found (model.test.ts): above all what was sent, and undone in Xero before any pull had read it
// there. Nothing that was read tells of a change then: what is read has to be compared with what the ledger sent (X2, X4, N3).

import { afterEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql } from '../support/workload-money.ts'

let story: Story

afterEach(() => story.close())

const unpaid = 'paid 0 credited 0 adjusted 0 due 11500 unpaid'

test('a payment sent and deleted before the next run is deleted, although the feed hides it', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 4_000 } }), {
    sandbox: { switches: { listsDeletedPayments: false } },
  })
  story.deletePayment(story.xeroId('P1/I1'))
  await story.run()
  expect(story.payment('P1')).toEqual({ state: 'deleted', deleted_by: 'xero', hasDate: 1 })
  expect(story.balance('I1')).toBe(unpaid)
  expect(story.broken()).toEqual([])
})

test('allocations sent, which moved no date, and removed with the date of the invoice or of the credit alone, are off on both sides', async () => {
  const papers = ['I1', 'I2', 'I3', 'I4']
  story = await Story.begin(
    settingSql('deposits', 'prepayment') +
      roleAccountsSql() +
      papers.map((id) => invoiceSql({ id })).join('') +
      ['C1', 'C2'].map((id) => documentSql('credit_note', { id })).join('') +
      ['H1', 'H2'].map((id) => depositSql({ id, amount: 5_000 })).join(''),
    { sandbox: { switches: { allocationDates: 'kept' } } },
  )
  await story.run()
  story.write(
    creditAllocationSql('C1', 'I1', 4_000) +
      creditAllocationSql('C2', 'I2', 4_000) +
      `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('H1', 'I3', 4000), ('H2', 'I4', 4000);`,
  )
  await story.run()
  const [organisation] = story.world.sandbox.organisations
  const ofInvoice = [story.xeroId('I1'), story.xeroId('I3')]
  const credits = [...story.world.sandbox.creditNotes(), ...story.world.sandbox.prepayments()]
  // Past the overlap of reads.
  story.world.clock.advance(20 * 60_000)
  for (const credit of credits) {
    const [allocation] = credit.allocations
    const invoiceId = allocation?.invoiceId ?? ''
    story.removeAllocation(credit.id, allocation?.id ?? '')
    const updatedAt = story.world.clock.forServer().now()
    const now = organisation?.credit(credit.kind, credit.id)
    if (ofInvoice.includes(invoiceId)) organisation?.invoices.touch(invoiceId, updatedAt)
    else if (now) organisation?.putCredit({ ...now, updatedAt })
  }
  await story.run()
  expect([...papers, 'C1', 'C2'].map((id) => story.balance(id))).toEqual(
    Array.from({ length: 6 }, () => unpaid),
  )
  expect(story.broken()).toEqual([])
})

test('a list that is behind, and shows a credit as it was before we applied it, takes nothing off: Xero is asked by its id (X2, X4)', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }) + documentSql('credit_note', { id: 'C1' }))
  await story.run()
  const [organisation] = story.world.sandbox.organisations
  const note = () => organisation?.credit('CreditNote', story.xeroId('C1'))
  const before = note()
  story.write(creditAllocationSql('C1', 'I1', 4_000))
  await story.run()
  const after = note()
  if (!before || !after) throw new Error('the credit is not in Xero')
  organisation?.putCredit({ ...before, updatedAt: after.updatedAt })
  story.world.onExchange = ({ url }) => {
    if (/CreditNotes[?]/.test(url)) organisation?.putCredit(after)
  }
  const { runs } = await story.run()
  expect(runs).toMatchObject([{ pulled: { removedAllocations: 0, allocations: 0 } }])
  expect(['I1', 'C1'].map((id) => story.balance(id))).toEqual(
    Array.from({ length: 2 }, () => 'paid 0 credited 4000 adjusted 0 due 7500 part-paid'),
  )
  expect(story.broken()).toEqual([])
})

test('a discount that a person sets against another invoice, and takes off again, lowers neither', async () => {
  story = await Story.begin(
    roleAccountsSql() +
      invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'I2' }) +
      discountSql({ id: 'X1', applied: { I1: 230 } }),
  )
  const [note] = story.world.sandbox.creditNotes()
  story.removeAllocation(note?.id ?? '', note?.allocations[0]?.id ?? '')
  const allocation = story.allocate(note?.id ?? '', 'I2', 100)
  await story.run()
  expect(story.broken()).toEqual([])
  story.removeAllocation(note?.id ?? '', allocation)
  await story.run()
  expect([story.balance('I1'), story.balance('I2')]).toEqual([unpaid, unpaid])
  expect(story.broken()).toEqual([])
})

test('what a receipt of ours had above its invoice, set by a person against that very invoice, counts beside its payment', async () => {
  story = await Story.begin(
    settingSql('remainders', 'overpayment') +
      roleAccountsSql() +
      invoiceSql({ id: 'I1' }) +
      paymentSql({ id: 'P1', amount: 5_000, applied: { I1: 4_000 } }),
  )
  const [ours] = story.world.sandbox.overpayments()
  expect(ours?.total).toBe(1_000)
  const allocation = story.allocate(ours?.id ?? '', 'I1', 600)
  await story.run()
  expect(story.balance('I1')).toMatch(/due 6900 part-paid$/)
  expect(story.broken()).toEqual([])
  story.removeAllocation(ours?.id ?? '', allocation)
  await story.run()
  expect(story.balance('I1')).toMatch(/due 7500 part-paid$/)
  story.deletePayment(story.xeroId('P1/I1'))
  await story.run()
  expect(story.balance('I1')).toBe(unpaid)
  expect(story.broken()).toEqual([])
})

test('a refund of theirs or of our credit that is deleted restores what is left, although the feed hides it (X5); a credit of ours set against an invoice that is not the ledger’s has so much less left', async () => {
  story = await Story.begin(
    invoiceSql({ id: 'I1' }) +
      documentSql('credit_note', { id: 'C1' }) +
      documentSql('credit_note', { id: 'C2' }),
    {
      sandbox: { switches: { listsDeletedPayments: false } },
    },
  )
  const taken = story.person(({ money }) => [
    money.prepay({ contactId: story.contactId('C001'), total: cents(7_000), direction: 'SPEND' }).id,
    money.overpay({ contactId: story.contactId('C001'), total: cents(8_000) }).id,
  ])
  const refunds = [...taken, story.xeroId('C1')].map(
    (id) => story.person(({ money }) => money.refund(id, { amount: cents(4_000) })).id,
  )
  const theirs = story.person((person) =>
    person.createInvoice({ contactId: story.contactId('C001'), total: cents(9_000), number: 'X-1' }),
  )
  const allocation = story.person(({ money }) =>
    money.allocate(story.xeroId('C2'), theirs.id, { amount: cents(4_000) }),
  )
  await story.run()
  expect(story.balance('C2')).toMatch(/due 7500 part-paid$/)
  expect(story.external().sort()).toEqual(['3000 received', '4000 applied on C1 4000', '4000 received'])
  for (const id of refunds) story.deletePayment(id)
  story.removeAllocation(story.xeroId('C2'), allocation.id)
  await story.run()
  expect(story.external()).toEqual(['4000 deleted by xero', '7000 received', '8000 received'])
  expect([story.balance('C1'), story.balance('C2')]).toEqual([unpaid, unpaid])
  expect(story.broken()).toEqual([])
})

test('a payment of Xero that an exporting system writes again as its own is not sent back', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }))
  story.pay('I1', 4_000)
  await story.run()
  const [{ id } = { id: '' }] = story.world.query<{ id: string }>('SELECT id FROM payment')
  story.world.sql(
    `INSERT OR REPLACE INTO payment (id, entity, contact, kind, account, date, amount_cents, state)
     SELECT id, entity, contact, kind, account, date, amount_cents, state FROM payment WHERE id = '${id}'`,
  )
  for (const flags of [['--no-pull'], []]) {
    const run = await story.run(...flags)
    expect(run.runs[0]?.failures).toEqual([])
    expect(story.world.sandbox.payments()).toHaveLength(1)
  }
  expect(story.external()).toEqual(['4000 applied on I1 4000'])
})
