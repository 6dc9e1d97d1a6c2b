// What `show` tells of what came back: every payment and credit of a document with the amount that counts, so that they come to its
// balance, and in words that a bookkeeper reads.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { type Shown, Story } from '../support/comes-back/story.ts'
import { insertSql } from '../support/sql.ts'
import { documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql } from '../support/workload-money.ts'

let story: Story

afterEach(() => story.close())

interface Told extends Omit<Shown, 'payments' | 'allocations'> {
  payments: (Shown['payments'][number] & { kind: string; deletedBy: string | null })[]
  allocations: {
    source: string
    kind: string
    number: string | null
    amount: string
    ledgerAmount: string | null
    origin: string
    xeroId: string | null
  }[]
}

async function shown(id: string): Promise<Told> {
  return (await story.show(id)) as unknown as Told // as `show --json` has more than stories look at
}

const sum = (rows: readonly { amount: string }[]) =>
  rows.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)

/** What is listed comes to the view: the payments and deposits to what is paid, the credits to what is credited. */
async function expectListed(id: string): Promise<void> {
  const { balance, payments, allocations } = await shown(id)
  const live = payments.filter(({ state }) => state !== 'deleted')
  const isCredit = ({ kind }: { kind: string }) => kind === 'discount' || kind === 'credit_note'
  const all = [...live, ...allocations]
  expect(sum(all.filter((one) => !isCredit(one))), `paid on ${id}`).toBe(sum([{ amount: balance.paid }]))
  expect(sum(all.filter(isCredit)), `credited to ${id}`).toBe(sum([{ amount: balance.credited }]))
}

test('of every sort of money on invoices and credits, theirs and ours, changed and undone, what is listed comes to the balance', async () => {
  story = await Story.begin(
    settingSql('deposits', 'prepayment') +
      roleAccountsSql() +
      invoiceSql({ id: 'A' }) +
      invoiceSql({ id: 'B' }) +
      documentSql('credit_note', { id: 'C' }) +
      invoiceSql({ id: 'N', lines: [{ amount: -10_000, tax: -1_500 }] }) +
      paymentSql({ id: 'P1', applied: { A: 1_000, B: 500 } }) +
      paymentSql({ id: 'P2', applied: { A: 100 } }) +
      depositSql({ id: 'H1', amount: 5_000, applied: { A: 2_000 } }) +
      discountSql({ id: 'D1', applied: { A: 115 } }) +
      creditAllocationSql('C', 'A', 600) +
      insertSql('journal', {
        id: 'J1',
        entity: 'NZ01',
        kind: 'invoice_payment',
        date: '2026-11-11',
        status: 'posted',
        document: 'B',
      }) +
      insertSql('journal_line', { journal: 'J1', position: 1, account: '090', amount_cents: 250 }) +
      insertSql('journal_line', { journal: 'J1', position: 2, account: '610', amount_cents: -250 }),
  )
  for (const id of ['A', 'B', 'C', 'N']) await expectListed(id)
  // Before any pull has read it: as the ledger has it.
  expect(await story.tell('A')).toContain('prepayment H1 of 50.00 of 2026-11-10: 20.00 applied\n')
  expect(await story.tell('receipt:H1')).not.toContain('left')

  const theirs = story.pay('A', 500)
  const [prepayment] = story.world.sandbox.prepayments()
  story.allocate(prepayment?.id ?? '', 'B', 700)
  const { id: overpayment } = story.person(({ money }) =>
    money.overpay({ contactId: story.contactId('C001'), total: cents(9_000) }),
  )
  story.allocate(overpayment, 'A', 3_000)
  const taken = story.allocate(overpayment, 'B', 2_000)
  const note = story.person(({ money }) =>
    money.createCreditNote({ contactId: story.contactId('C001'), total: cents(9_000), number: 'X-1' }),
  )
  story.allocate(note.id, 'A', 800)
  story.allocate(story.xeroId('N'), 'B', 900)
  await story.run()
  for (const id of ['A', 'B', 'C', 'N']) await expectListed(id)
  const told = await shown('A')
  expect(told.payments.map(({ id, kind }) => `${kind} ${id}`).sort()).toEqual([
    'discount D1',
    'payment P1',
    'payment P2',
    `payment xero:${theirs}`,
  ])
  expect(
    told.allocations
      .map(({ kind, source, number, amount, origin, xeroId }) =>
        [kind, source, number, amount, origin, xeroId].join(' '),
      )
      .sort(),
  ).toEqual([
    `credit_note C ${story.world.sandbox.creditNotes().find(({ id }) => id === story.xeroId('C'))?.number} 6.00 ledger ${story.xeroId('C')}`,
    `credit_note xero:${note.id} X-1 8.00 external ${note.id}`,
    `overpayment xero:${overpayment}  30.00 external ${overpayment}`,
    `prepayment H1  20.00 ledger ${prepayment?.id}`,
  ])
  expect(
    (await shown('B')).allocations
      .map(({ source, amount, origin }) => `${source} ${amount} ${origin}`)
      .sort(),
  ).toEqual(['H1 7.00 external', 'N 9.00 external', `xero:${overpayment} 20.00 external`])
  expect(await story.tell('N')).toContain('9.00 applied in Xero to INV-B')
  expect(await story.tell('B')).toContain('credit note INV-N of 115.00 of 2026-11-02: 9.00 applied in Xero')

  // And all of it changes: ours and theirs deleted, an allocation removed, one of ours made less.
  story.deletePayment(theirs)
  story.deletePayment(story.xeroId('P1/A'))
  story.deletePayment(story.xeroId('J1'))
  story.removeAllocation(overpayment, taken)
  const credit = story.world.sandbox.creditNotes().find(({ id }) => id === story.xeroId('C'))
  story.removeAllocation(credit?.id ?? '', credit?.allocations[0]?.id ?? '')
  story.allocate(credit?.id ?? '', 'A', 400)
  const applied = prepayment?.allocations[0]?.id ?? ''
  story.removeAllocation(prepayment?.id ?? '', applied)
  story.allocate(prepayment?.id ?? '', 'A', 1_200)
  await story.run()
  for (const id of ['A', 'B', 'C', 'N']) await expectListed(id)
  const after = await shown('A')
  expect(
    after.payments
      .filter(({ state }) => state === 'deleted')
      .map(({ id, amount, deletedBy }) => `${id} ${amount} ${deletedBy}`),
  ).toEqual(['P1 10.00 xero', `xero:${theirs} 5.00 xero`])
  expect(after.allocations.find(({ source }) => source === 'C')).toMatchObject({
    amount: '4.00',
    ledgerAmount: '6.00',
  })
  expect((await shown('B')).payments.map(({ id, kind, state }) => `${kind} ${id} ${state}`).sort()).toEqual([
    'journal J1 deleted',
    'payment P1 received',
  ])
  expect(after.allocations.find(({ source }) => source === 'H1')).toMatchObject({
    amount: '12.00',
    ledgerAmount: '20.00',
  })
  // An invoice below zero has its sign turned in Xero, which the checks do not look at.
  expect(story.broken().filter((sentence) => !sentence.startsWith('N '))).toEqual([])

  // Before any run has seen it: what the ledger ended counts no more.
  story.write(`UPDATE document SET status = 'void' WHERE id = 'C';
    UPDATE payment SET state = 'deleted', deleted_by = 'ledger', deleted_at = '2026-11-22' WHERE id = 'H1'`)
  for (const id of ['A', 'B', 'C', 'N']) await expectListed(id)
})

/** What happened to a document or payment in Xero, oldest first, as it is told. */
function events(id: string): string[] {
  return story.world
    .query<{ what: string; detail: string | null }>(
      "SELECT what, detail FROM event WHERE source_id = ? AND who = 'Xero' ORDER BY id",
      id,
    )
    .map(({ what, detail }) => `${what}: ${detail}`)
}

describe.each([
  ['an overpayment', 'overpay', 'RECEIVE', 'invoice'],
  ['a prepayment', 'prepay', 'SPEND', 'bill'],
] as const)('the life of %s made in Xero', (title, kind, direction, document) => {
  const name = title.replace(/^an? /, '')
  test('can be read from beginning to end: received, applied, removed, given back, and that undone', async () => {
    story = await Story.begin(documentSql(document, { id: 'A' }) + documentSql(document, { id: 'B' }))
    const { id } = story.person(({ money }) =>
      money[kind]({ contactId: story.contactId('C001'), total: cents(9_000), direction }),
    )
    await story.run()
    const first = story.allocate(id, 'A', 3_000)
    story.allocate(id, 'A', 1_000)
    await story.run()
    story.allocate(id, 'B', 2_000)
    await story.run()
    story.removeAllocation(id, first)
    await story.run()
    const refund = story.person(({ money }) => money.refund(id, { amount: cents(6_000) }))
    await story.run()
    story.deletePayment(refund.id)
    await story.run()
    await story.run()
    const [a, b] = ['A', 'B'].map(
      (one) =>
        story.world.query<{ number: string }>('SELECT number FROM document WHERE id = ?', one)[0]?.number,
    )
    expect(events(`xero:${id}`)).toEqual([
      `${name} made in Xero: 90.00 of 2026-11-22`,
      `applied in Xero: 40.00 on ${a}`,
      `applied in Xero: 20.00 on ${b}`,
      `allocation removed in Xero: 30.00 on ${a}`,
      'refunded in Xero: 60.00 of 2026-11-22',
      'refund deleted in Xero: 60.00 of 2026-11-22',
    ])
    expect(events('A')).toEqual([
      `${name} applied in Xero: 40.00 of ${name} of 90.00 of 2026-11-22`,
      `allocation removed in Xero: 30.00 of ${name} of 90.00 of 2026-11-22`,
    ])

    const told = await story.tell(`payment:xero:${id}`)
    for (const line of [
      `${name} xero:${id}`,
      `in Xero        ${name} of 90.00, AUTHORISED: 60.00 left`,
      `  2026-11-22  10.00 applied in Xero to ${a}`,
      `  2026-11-22  20.00 applied in Xero to ${b}`,
      `  2026-11-22  refund of 60.00, made in Xero, deleted in Xero  (payment:xero:${refund.id})`,
      `refunded in Xero: 60.00 of 2026-11-22`,
    ])
      expect(told).toContain(line)
    const { out } = await story.world.must(['show', `payment:xero:${id}`, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      amount: '90.00',
      xero: { id, kind: name, total: '90.00', remaining: '60.00' },
      payments: [],
      allocations: [
        { document: 'A', amount: '10.00' },
        { document: 'B', amount: '20.00' },
      ],
      refunds: [{ amount: '60.00', state: 'deleted' }],
      events: expect.arrayContaining([expect.objectContaining({ who: 'Xero', what: 'refunded in Xero' })]),
    })
  })
})

test('voided in Xero with all that was applied of it taken back at once, its documents are told too', async () => {
  story = await Story.begin(invoiceSql({ id: 'A' }))
  const { id } = story.person(({ money }) =>
    money.overpay({ contactId: story.contactId('C001'), total: cents(9_000) }),
  )
  const applied = story.allocate(id, 'A', 3_000)
  await story.run()
  story.removeAllocation(id, applied)
  story.person(({ money }) => money.voidDeposit(id))
  const { runs } = await story.run()
  expect(events(`xero:${id}`).slice(2)).toEqual([
    'allocation removed in Xero: 30.00 on INV-A',
    'overpayment voided in Xero: 90.00 of 2026-11-22',
  ])
  expect(events('A').at(-1)).toBe('allocation removed in Xero: 30.00 of overpayment of 90.00 of 2026-11-22')
  expect(runs).toMatchObject([{ pulled: { removedAllocations: 1, deletedPayments: 1 } }])
  await expectListed('A')
})

test('payments and refunds tell of themselves, of their documents, and of the receipt that they give back', async () => {
  story = await Story.begin(
    settingSql('deposits', 'prepayment') +
      roleAccountsSql() +
      invoiceSql({ id: 'A' }) +
      documentSql('credit_note', { id: 'C' }) +
      paymentSql({ id: 'P1', applied: { A: 1_000 } }) +
      depositSql({ id: 'H1', amount: 5_000 }),
  )
  const theirs = story.pay('A', 500)
  const [prepayment] = story.world.sandbox.prepayments()
  const refund = story.person(({ money }) => money.refund(prepayment?.id ?? '', { amount: cents(1_500) }))
  story.allocate(story.xeroId('C'), 'A', 700)
  await story.run()
  for (const id of [theirs, refund.id, story.xeroId('P1/A')]) story.deletePayment(id)
  await story.run()
  expect(events(`xero:${theirs}`)).toEqual([
    'payment made in Xero: 5.00 of 2026-11-22 on INV-A',
    'payment deleted in Xero: 5.00 of 2026-11-22 on INV-A',
  ])
  expect(events('P1')).toEqual(['payment deleted in Xero: 10.00 of 2026-11-10 on INV-A'])
  // By its row, and by what was sent of it.
  for (const reference of ['payment:P1', 'payment:P1/A']) {
    const told = await story.tell(reference)
    expect(told).toMatch(/state {10}deleted in Xero on 22 Nov 2026 13:\d\d GMT\+13/)
    expect(told).toContain(`payment P1/A: exported, DELETED ${story.xeroId('P1/A')}`)
  }
  expect(await story.tell('receipt:H1')).toContain('prepayment of 50.00, AUTHORISED: 50.00 left')
  const givenBack = [
    'refund made in Xero: 15.00 of 2026-11-22',
    'refund deleted in Xero: 15.00 of 2026-11-22',
  ]
  expect(events(`xero:${refund.id}`)).toEqual(givenBack)
  expect(events('H1')).toEqual(givenBack)
  expect(events('C')).toEqual(['applied in Xero: 7.00 on INV-A'])
  expect(events('A').sort()).toEqual([
    'credit note applied in Xero: 7.00 of credit note CN-C',
    'payment deleted in Xero: 10.00 of 2026-11-10',
    'payment deleted in Xero: 5.00 of 2026-11-22',
    'payment made in Xero: 5.00 of 2026-11-22',
  ])
  expect(story.broken()).toEqual([])
})

test('a credit of ours that a person applied to an invoice that only Xero has is told by that one’s number', async () => {
  story = await Story.begin(documentSql('credit_note', { id: 'C' }))
  story.person((person) => {
    const theirs = person.createInvoice({
      contactId: story.contactId('C001'),
      total: cents(9_000),
      number: 'X-1',
    })
    person.money.allocate(story.xeroId('C'), theirs.id, { amount: cents(4_000) })
  })
  await story.run()
  expect(events('C')).toEqual(['applied in Xero: 40.00 on X-1'])
  expect(await story.tell('C')).toContain('  2026-11-22  40.00 applied in Xero to X-1\n')
  expect(story.world.query("SELECT 1 FROM event WHERE who = 'Xero' AND source_id LIKE 'xero:%'")).toEqual([])
  await expectListed('C')
})

test('what an exporting system deletes of a payment made in Xero comes again, and is told once', async () => {
  story = await Story.begin(invoiceSql({ id: 'A' }))
  const theirs = story.pay('A', 300)
  await story.run()
  story.world.sql(`DELETE FROM payment_allocation WHERE payment = 'xero:${theirs}';
    DELETE FROM payment WHERE id = 'xero:${theirs}'`)
  const { runs } = await story.run()
  expect(story.external()).toEqual(['300 applied on A 300'])
  expect(runs).toMatchObject([{ pulled: { payments: 0 } }])
  expect(events('A')).toEqual(['payment made in Xero: 3.00 of 2026-11-22'])
})
