// The story that issue 4 tells, run by run: `show` and `document_balance` are right after each of them, and the history can be
// read. Beside it, several entities and several pages.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { SmallPages } from '../support/comes-back/small-pages.ts'
import { type Shown, Story } from '../support/comes-back/story.ts'
import { documentsSql, invoiceSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'

let story: Story

afterEach(() => story.close())

/** `show` says what the view says, and both are what is expected. */
async function expectBalance(id: string, expected: Partial<Shown['balance']> & { state: string }) {
  const shown = await story.show(id)
  const { state, ...amounts } = expected
  expect(shown.balance).toEqual({
    total: '115.00',
    paid: '0.00',
    credited: '0.00',
    adjusted: '0.00',
    ...amounts,
  })
  expect(shown.state).toBe(state)
  const [view] = story.world.query(
    'SELECT total, paid, credited, adjusted, due, state FROM readable_document_balance WHERE document = ?',
    id,
  )
  expect(view).toEqual({ ...shown.balance, state })
  expect(story.broken()).toEqual([])
}

const open = { due: '115.00', state: 'unpaid' }

test('a payment made in Xero, then deleted; an exported payment deleted in Xero', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 1_500 } }))
  await expectBalance('I1', { paid: '15.00', due: '100.00', state: 'part-paid' })

  const theirs = story.pay('I1', 4_000)
  await story.run()
  await expectBalance('I1', { paid: '55.00', due: '60.00', state: 'part-paid' })
  expect((await story.show('I1')).payments).toEqual([
    expect.objectContaining({ amount: '15.00', origin: 'ledger', state: 'received' }),
    expect.objectContaining({ amount: '40.00', origin: 'external', state: 'applied', xeroId: theirs }),
  ])

  story.deletePayment(theirs)
  await story.run()
  await expectBalance('I1', { paid: '15.00', due: '100.00', state: 'part-paid' })

  story.deletePayment(story.xeroId('P1/I1'))
  await story.run()
  await expectBalance('I1', open)
  const { payments } = await story.show('I1')
  expect(payments.map(({ amount, origin, state }) => `${amount} ${origin} ${state}`)).toEqual([
    '15.00 ledger deleted',
    '40.00 external deleted',
  ])
  // A bookkeeper reads what became of both, and who did it.
  const told = await story.tell('I1')
  expect(told).toMatch(/deleted.*Xero|Xero.*deleted/i)
  expect(told).toContain('40.00')
})

test('an overpayment, allocated to two invoices, one allocation removed, the rest refunded, the refund deleted', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }) + invoiceSql({ id: 'I2' }))
  const id = story.person(({ money }) =>
    money.overpay({ contactId: story.contactId('C001'), total: cents(9_000) }),
  ).id
  await story.run()
  await expectBalance('I1', open)
  expect(story.external()).toEqual(['9000 received'])

  const first = story.allocate(id, 'I1', 3_000)
  story.allocate(id, 'I2', 4_000)
  await story.run()
  await expectBalance('I1', { paid: '30.00', due: '85.00', state: 'part-paid' })
  await expectBalance('I2', { paid: '40.00', due: '75.00', state: 'part-paid' })

  story.removeAllocation(id, first)
  await story.run()
  await expectBalance('I1', open)
  await expectBalance('I2', { paid: '40.00', due: '75.00', state: 'part-paid' })

  const refund = story.person(({ money }) => money.refund(id, { amount: cents(5_000) }))
  await story.run()
  await expectBalance('I2', { paid: '40.00', due: '75.00', state: 'part-paid' })
  expect(story.external()).toEqual(['4000 applied on I2 4000'])

  story.deletePayment(refund.id)
  await story.run()
  await expectBalance('I2', { paid: '40.00', due: '75.00', state: 'part-paid' })
  expect(story.external()[0]).toMatch(/^9000 /)
  expect(await story.tell('I2')).toMatch(/overpayment/i)
})

test('a Xero credit note allocated, the allocation removed', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }))
  const note = story.person(({ money }) =>
    money.createCreditNote({ contactId: story.contactId('C001'), total: cents(9_000), number: 'X-1' }),
  )
  const allocation = story.allocate(note.id, 'I1', 4_000)
  await story.run()
  await expectBalance('I1', { credited: '40.00', due: '75.00', state: 'part-paid' })
  expect((await story.show('I1')).allocations).toEqual([expect.objectContaining({ amount: '40.00' })])
  expect(await story.tell('I1')).toContain('X-1')

  story.removeAllocation(note.id, allocation)
  await story.run()
  await expectBalance('I1', open)
  expect((await story.show('I1')).allocations).toEqual([])
})

describe('two entities that share an organisation', () => {
  test('each learns what became of its own documents, and each payment is there once', async () => {
    story = await Story.begin(invoiceSql({ id: 'I1' }))
    const { world } = story
    await world.must(['entities', 'add', 'NZ02', '--name', 'Second', '--region', 'NZ'])
    story.own.write("INSERT INTO billing_entity (code, name, region) VALUES ('NZ02', 'Second', 'NZ')")
    await world.must(['connect', '--custom', '--entity', 'NZ02'])
    story.write(
      `INSERT INTO setting VALUES ('NZ02', 'number_prefix', 'S-');
       ${invoiceSql({ id: 'I2' }).replaceAll("'NZ01'", "'NZ02'")}`,
    )
    await world.must(['export'])
    story.pay('I1', 4_000)
    story.pay('I2', 3_000)
    story.person(({ money }) => money.overpay({ contactId: story.contactId('C001'), total: cents(700) }))
    await world.must(['export'])
    await world.must(['export'])
    expect(story.external()).toEqual(['700 received', '3000 applied on I2 3000', '4000 applied on I1 4000'])
    expect(
      world.query(
        "SELECT entity, amount_cents FROM payment WHERE origin = 'external' AND amount_cents > 700 ORDER BY 2",
      ),
    ).toEqual([
      { entity: 'NZ02', amount_cents: 3_000 },
      { entity: 'NZ01', amount_cents: 4_000 },
    ])
    expect(story.broken()).toEqual([])
  })
})

test('feeds with more rows than a page holds: all in one second every payment comes in once, and where one moves to the end while they are read none is missed', async () => {
  story = await Story.begin(documentsSql('invoice', 9, 2))
  const pages = new SmallPages(story.world, 3)
  story.person(({ money }) => {
    for (const { id } of story.world.sandbox.invoices()) money.pay(id, { amount: cents(100) })
  })
  await story.run()
  expect(story.external()).toHaveLength(9)
  const ids = story.world.query<{ id: string }>('SELECT id FROM document ORDER BY id').map(({ id }) => id)
  const payments = ids.map((id) => story.pay(id, 100))
  let seen = 0
  story.world.onExchange = ({ url }) => {
    if (!url.includes('/Payments?')) return
    seen += 1
    const moved = payments[seen - 1]
    if (seen <= 3 && moved) story.person(({ money }) => money.reconcile(moved))
  }
  await story.run()
  story.world.onExchange = () => undefined
  pages.stop()
  expect(seen).toBeGreaterThan(2)
  expect(story.external()).toHaveLength(18)
  expect(story.broken()).toEqual([])
})
