// What a run left alone for the sake of something else is looked at again when that changes, and what a check said of one
// moment is not taken for the next.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function prepared(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(`${contactsSql(1)}\n${sql}`)
  return world
}

const bills = (w: World) =>
  w.sandbox.invoices().filter((invoice) => invoice.type === 'ACCPAY' && invoice.status !== 'VOIDED')

describe('an order that a bill stood for (B1)', () => {
  const order = `${settingSql('purchase_orders', 'bills')}\n${documentSql('purchase_order', { id: 'PO', number: 'PO-1' })}`
  const bill = documentSql('bill', { id: 'B', number: 'SP-9', source: 'PO' })

  test.each([
    ['is void', "UPDATE document SET status = 'void' WHERE id = 'B'"],
    ['is gone', "DELETE FROM document_line WHERE document = 'B'; DELETE FROM document WHERE id = 'B'"],
    ['names it no more', "UPDATE document SET source_document = NULL, status = 'draft' WHERE id = 'B'"],
  ])('goes out once the bill %s', async (_title, change) => {
    const w = await prepared(`${order}\n${bill}\nUPDATE document SET status = 'draft' WHERE id = 'B';`)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    w.sql(change)
    const run = await w.export()
    expect(run.runs[0]?.kinds['purchase_order'], run.err).toMatchObject({ exported: 1 })
    expect(bills(w)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('does not go out beside a bill that came in after the order was checked', async () => {
    const w = await prepared(order)
    let isDone = false
    w.onExchange = ({ method, url }) => {
      if (isDone || method !== 'PUT' || !url.includes('/Contacts')) return
      isDone = true
      w.sqlMeanwhile(bill)
    }
    expect((await w.export()).code).toBe(0)
    expect((await w.export()).code).toBe(0)
    expect(bills(w).map((one) => one.number)).toEqual(['SP-9'])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('an exported document whose date was moved', () => {
  const invoice = documentSql('invoice', { id: 'D', number: 'INV-1' })

  test('into the future is moved in Xero too', async () => {
    const w = await prepared(invoice)
    await w.must(['export'])
    w.sql("UPDATE document SET date = '2027-01-15', due_date = '2027-02-20' WHERE id = 'D'")
    const run = await w.export()
    expect(run.runs[0]?.kinds['invoice'], run.err).toMatchObject({ updated: 1 })
    expect(w.sandbox.invoices()[0]?.date).toBe('2027-01-15')
    expect(brokenPromises(w)).toEqual([])
  })

  test('before the cutover is said, in every run', async () => {
    const w = await prepared(`${settingSql('cutover_date', '2026-11-01')}\n${invoice}`)
    await w.must(['export'])
    w.sql("UPDATE document SET date = '2026-10-15' WHERE id = 'D'")
    for (let run = 0; run < 2; run += 1) {
      const said = await w.export()
      expect(said.code).toBe(1)
      expect(said.runs[0]?.failures).toMatchObject([{ id: 'D', code: 'edited-after-export' }])
    }
    expect(w.sandbox.invoices()[0]?.date).toBe('2026-11-02')
    expect(brokenPromises(w)).toEqual([])
  })
})

test('what stood against an edit is forgotten once the edit is undone', async () => {
  const w = await prepared(documentSql('invoice', { id: 'D', number: 'INV-1' }))
  await w.must(['export'])
  const [invoice] = w.sandbox.invoices()
  w.sandbox.person().money.pay(invoice?.id ?? '', { amount: 1_000 as never, accountCode: '090' })
  w.sql("UPDATE document SET reference = 'changed' WHERE id = 'D'")
  expect((await w.export()).runs[0]?.failures).toMatchObject([{ code: 'edited-after-payment' }])
  w.sql("UPDATE document SET reference = NULL WHERE id = 'D'")
  expect((await w.export()).code).toBe(0)
  expect(w.query('SELECT code FROM finding')).toEqual([])
})

test('validate takes nothing away from a later run', async () => {
  const w = await prepared(
    `INSERT INTO role_account VALUES ('NZ01', 'clearing', '090'), ('NZ01', 'prepayment', '835');
     INSERT INTO payment (id, entity, contact, kind, date, amount_cents) VALUES ('P', 'NZ01', 'C001', 'deposit', '2026-11-29', 11500);`,
  )
  await w.run(['validate'])
  w.clock.advance(10 * 86_400_000)
  w.sql(settingSql('deposits', 'prepayment'))
  const run = await w.export()
  expect(run.runs[0]?.kinds['prepayment'], run.err).toMatchObject({ exported: 1, failed: 0 })
})

test('a refund is looked at again when it no longer refunds a credit', async () => {
  const w = await prepared(
    `${settingSql('deposits', 'prepayment')}
     INSERT INTO role_account VALUES ('NZ01', 'clearing', '090'), ('NZ01', 'prepayment', '835');
     ${documentSql('credit_note', { id: 'C', number: 'CN-1' })}
     INSERT INTO payment (id, entity, contact, kind, date, amount_cents) VALUES ('P', 'NZ01', 'C001', 'deposit', '2026-11-02', 11500);
     INSERT INTO payment (id, entity, contact, kind, date, amount_cents, refund_of) VALUES ('R', 'NZ01', 'C001', 'refund', '2026-11-03', 5000, 'P');`,
  )
  w.sql(`INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('R', 'C', 5000);
         UPDATE document SET status = 'draft' WHERE id = 'C'`)
  await w.run(['export'])
  w.sql("DELETE FROM payment_allocation WHERE payment = 'R'")
  const run = await w.export()
  expect(run.runs[0]?.kinds['refund'], run.err).toMatchObject({ exported: 1 })
  expect(brokenPromises(w)).toEqual([])
})

test('of two credits of an order the first goes, and only the one that is too much is refused (B4, V2)', async () => {
  const line = (quantity: number) => ({
    item: 'I',
    kind: 'part' as const,
    amount: quantity * 1_000,
    tax: quantity * 150,
    quantityE4: quantity * 10_000,
    unitPriceE4: 100_000,
  })
  const w = await prepared(
    `${documentSql('purchase_order', { id: 'PO', number: 'PO-1', lines: [line(6)] })}
     ${documentSql('supplier_credit', { id: 'C1', number: 'SC-1', source: 'PO', lines: [line(4)] })}
     ${documentSql('supplier_credit', { id: 'C2', number: 'SC-2', source: 'PO', lines: [line(3)] })}`,
  )
  const run = await w.export()
  expect(run.runs[0]?.failures).toMatchObject([{ id: 'C2', code: 'credit-exceeds-order' }])
  expect(run.runs[0]?.kinds['supplier_credit']).toMatchObject({ exported: 1, failed: 1 })
  expect(brokenPromises(w)).toEqual([])
})

test('a credit that is void takes nothing off its invoice', async () => {
  const w = await prepared(
    `${documentSql('invoice', { id: 'D', number: 'INV-1' })}
     ${documentSql('credit_note', { id: 'C', number: 'CN-1', status: 'void' })}
     INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C', 'D', 1150);`,
  )
  const balance = () => w.query("SELECT credited_cents, due_cents FROM document_balance WHERE document = 'D'")
  expect(balance()).toEqual([{ credited_cents: 0, due_cents: 11_500 }])
  w.sql("UPDATE document SET status = 'sent' WHERE id = 'C'")
  expect(balance()).toEqual([{ credited_cents: 1_150, due_cents: 10_350 }])
})
