// What a person entered in Xero by hand and says so (M5): believed once Xero agrees, and from then on as if it had been sent.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Person, PersonsInvoice } from '../../src/sandbox/person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** The invoice of the ledger, and what a person entered for it long before the connection. */
async function entered(
  sql: string,
  wanted: Partial<PersonsInvoice> = {},
  then: (person: Person, id: string) => void = () => undefined,
): Promise<{ w: World; id: string }> {
  const w = await World.open()
  world = w
  const id = asPerson(w, (person) => {
    const contact = person.createContact({ name: 'Customer 1' })
    person.createContact({ name: 'Customer 2' })
    const made = person.createInvoice({
      contactId: contact.id,
      number: 'INV-I1',
      total: cents(11_500),
      ...wanted,
    })
    then(person, made.id)
    return made.id
  })
  w.clock.advance(86_400_000)
  await w.prepare(contactsSql(2) + sql)
  return { w, id }
}

const mark = (reference: string, id: string) => ['mark-exported', reference, '--xero-id', id]
const stateOf = (w: World, id: string) =>
  w.query<{ state: string }>('SELECT state FROM export_state WHERE source_id = ?', id)[0]?.state
const due = (w: World, document: string) =>
  w.query<{ due_cents: number }>('SELECT due_cents FROM document_balance WHERE document = ?', document)[0]
    ?.due_cents
const byNumber = (w: World) => w.sandbox.invoices().map(({ number, reference }) => `${number} ${reference}`)

describe('an invoice that is as it is in Xero', () => {
  test('is not sent; its payments go and come, and its edits go as updates', async () => {
    const { w, id } = await entered(invoiceSql({ id: 'I1' }))
    const { out } = await w.must(mark('INV-I1', id))
    expect(out).toBe(`invoice INV-I1 is ${id} in Xero, and counts as exported.\n`)
    // From here on it is ours to change.
    w.leftByPerson.delete(id)
    const run = await w.export()
    expect([run.code, run.runs[0]?.state, stateOf(w, 'I1')]).toEqual([0, 'nothing', 'exported'])
    w.sql("UPDATE document SET reference = 'Order 7' WHERE id = 'I1'")
    expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1, failed: 0 })
    expect(byNumber(w)).toEqual(['INV-I1 Order 7'])
    w.sql(paymentSql({ id: 'P1', applied: { I1: 4_000 } }))
    expect((await w.export()).runs[0]?.kinds['payment']).toMatchObject({ exported: 1 })
    w.clock.advance(3_600_000)
    asPerson(w, (person) => person.money.pay(id, { amount: cents(500) }))
    expect((await w.export()).code).toBe(0)
    expect(due(w, 'I1')).toBe(7_000)
    expect(brokenPromises(w)).toEqual([])
  })

  test('brings along what was paid on it there', async () => {
    const { w, id } = await entered(invoiceSql({ id: 'I1' }), {}, (person, invoice) => {
      person.money.pay(invoice, { amount: cents(2_500) })
    })
    await w.must(mark('I1', id))
    await w.export()
    expect(due(w, 'I1')).toBe(9_000)
    expect(brokenPromises(w)).toEqual([])
  })

  test('is believed although it failed, was held, or was marked at cutover', async () => {
    const { w, id } = await entered(invoiceSql({ id: 'I1', account: 'nowhere', date: '2026-10-10' }))
    await w.export()
    await w.must(['hold', 'I1', '--reason', 'in Xero by hand'])
    await w.must(mark('I1', id))
    expect((await w.export()).code).toBe(0)
    expect(w.query("SELECT held_reason FROM export_state WHERE source_id = 'I1'")).toEqual([
      { held_reason: null },
    ])
  })

  test('of before the cutover takes later payments from then on', async () => {
    const { w, id } = await entered(
      invoiceSql({ id: 'I1', date: '2026-10-10' }) +
        paymentSql({ id: 'P1', date: '2026-11-05', applied: { I1: 4_000 } }),
    )
    await w.must(['mock-export', '--before', '2026-11-01'])
    const run = await w.export()
    expect(run.runs[0]?.kinds['payment']).toMatchObject({ skipped: 1, exported: 0 })
    const why = w.query<{ fix: string }>("SELECT fix FROM finding WHERE source_id = 'P1/I1'")
    expect(why[0]?.fix).toContain('auxo-sync mark-exported INV-I1 --xero-id ID')
    await w.must(mark('I1', id))
    expect((await w.export()).runs[0]?.kinds['payment']).toMatchObject({ exported: 1 })
    expect(brokenPromises(w)).toEqual([])
  })
})

test('a bill without a mark of ours, and a payment on it', async () => {
  const { w, id } = await entered(
    documentSql('bill', { id: 'B1', number: 'S-7' }) + paymentSql({ id: 'P1', applied: { B1: 4_000 } }),
    { type: 'ACCPAY', number: 'S-7' },
    (person, bill) => person.money.pay(bill, { amount: cents(4_000) }),
  )
  await w.must(mark('S-7', id))
  const [payment] = w.sandbox.payments()
  await w.must(mark('payment:P1', payment?.id ?? ''))
  const run = await w.export()
  expect([run.code, run.runs[0]?.state]).toEqual([0, 'nothing'])
  expect([w.sandbox.payments().length, due(w, 'B1')]).toEqual([1, 7_500])
  expect(w.query("SELECT COUNT(*) AS n FROM payment WHERE origin = 'external'")).toEqual([{ n: 0 }])
  expect(brokenPromises(w)).toEqual([])
})

describe('refused with every difference, and nothing changed', () => {
  const usual = invoiceSql({ id: 'I1' })
  test.each<[string, string, Partial<PersonsInvoice>, string]>([
    ['another total', usual, { total: cents(11_600) }, 'total: 115.00 in the ledger, 116.00 in Xero'],
    ['another number', usual, { number: 'INV-9' }, 'number: INV-I1 in the ledger, INV-9 in Xero'],
    ['another type', usual, { type: 'ACCPAY' }, 'type: it is no invoice in Xero, but ACCPAY'],
    ['another contact', invoiceSql({ id: 'I1', contact: 'C002' }), {}, 'contact: it is another’s in Xero'],
    ['a draft there', usual, { status: 'DRAFT' }, 'status: it is draft in Xero, and not approved'],
    ['a draft here', invoiceSql({ id: 'I1', status: 'draft' }), {}, 'is draft. Nothing was changed.'],
  ])('%s', async (_, sql, wanted, says) => {
    const { w, id } = await entered(sql, wanted)
    const refused = await w.run(mark('I1', id))
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(says)])
    expect(stateOf(w, 'I1')).toBe('pending')
  })

  test('voided there, unknown there, or another document’s', async () => {
    const { w, id } = await entered(usual + invoiceSql({ id: 'I2', number: 'INV-I1', contact: 'C001' }))
    await w.must(mark('I1', id))
    expect(await w.run(mark('I1', id))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is exported already') as string,
    })
    expect(await w.run(mark('I2', id))).toMatchObject({
      code: 1,
      err: expect.stringContaining('belongs to another document') as string,
    })
    const nowhere = '7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10'
    expect(await w.run(mark('I2', nowhere))).toMatchObject({
      code: 1,
      err: expect.stringContaining('Xero has no invoice') as string,
    })
    expect(await w.run(mark('I2', 'INV-1'))).toMatchObject({ code: 2 })
  })

  test('a contact of which the ledger does not know which it is', async () => {
    const { w, id } = await entered(
      `${usual.replace("'C001'", "'C009'")}INSERT INTO contact (code, name) VALUES ('C009', 'Somebody');`,
    )
    const refused = await w.run(mark('I1', id))
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('auxo-sync contacts link C009')])
  })
})
