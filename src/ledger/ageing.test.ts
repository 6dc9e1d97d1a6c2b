// What is owed on a day, and what was paid: the same to the cent as document_balance, whatever stands on the documents.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { type AgeingRow, ageingBuckets, type BooksSide } from '../accounting/looking-back.ts'
import { readAgeing } from './ageing.ts'
import { sumMoneyByDay } from './money-moved.ts'
import { insertInvoice, insertRow, type Row, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger

beforeEach(() => {
  world = testLedger()
  insertRow(world, 'contact', { code: 'ACME', name: 'Acme Ltd' })
})
afterEach(() => world.close())

const day = (text: string) => text as PlainDate

function ageing(side: BooksSide, asOf: string, ordersAreBills = false) {
  return readAgeing(world.ledger, side, {
    entity: 'NZ01',
    defaultCurrency: 'NZD',
    asOf: day(asOf),
    ordersAreBills,
  })
}

async function only(side: BooksSide, asOf: string): Promise<AgeingRow> {
  const { rows } = await ageing(side, asOf)
  const [row, another] = rows
  if (!row || another) throw new Error(`${rows.length} rows`)
  return row
}

function pay(
  id: string,
  document: string | null,
  cents: number,
  more: Row = {},
  at: string | null = null,
): void {
  insertRow(world, 'payment', {
    id,
    entity: 'NZ01',
    contact: 'ACME',
    kind: 'payment',
    date: '2026-11-10',
    amount_cents: cents,
    ...more,
  })
  if (document !== null)
    insertRow(world, 'payment_allocation', { payment: id, document, amount_cents: cents, date: at })
}

describe('how late a document is', () => {
  test.each([
    ['2026-12-20', 'current'],
    ['2026-12-21', 'days30'],
    ['2027-01-19', 'days30'],
    ['2027-01-20', 'days60'],
    ['2027-02-18', 'days60'],
    ['2027-02-19', 'days90'],
    ['2027-03-20', 'days90'],
    ['2027-03-21', 'older'],
  ] as const)('due on 20 December it stands, on %s, under %s', async (asOf, bucket) => {
    insertInvoice(world, 'a')
    const row = await only('sales', asOf)
    expect(ageingBuckets.filter((one) => row[one] !== 0)).toEqual([bucket])
    expect(row).toMatchObject({ contact: 'ACME', name: 'Acme Ltd', currency: 'NZD', total: 11_500 })
  })

  test('without a due date it is due on its own', async () => {
    insertInvoice(world, 'a', { due_date: null })
    expect((await only('sales', '2026-11-03')).days30).toBe(11_500)
  })
})

describe('what is owed on a day', () => {
  test('a payment of the next month does not lower the balance of this one', async () => {
    insertInvoice(world, 'a')
    pay('p', 'a', 4_000, { date: '2026-12-01' })
    expect((await only('sales', '2026-11-30')).total).toBe(11_500)
    expect((await only('sales', '2026-12-01')).total).toBe(7_500)
  })

  test('a deposit counts against it from the day on which it came, applied or not', async () => {
    insertInvoice(world, 'a')
    pay('d', 'a', 4_000, { kind: 'deposit', date: '2026-11-05' }, '2026-12-01')
    expect(await only('sales', '2026-11-30')).toMatchObject({
      current: 11_500,
      unapplied: -4_000,
      total: 7_500,
    })
    expect(await only('sales', '2026-12-01')).toMatchObject({ current: 7_500, unapplied: 0, total: 7_500 })
  })

  test('a deposit that was applied at once to a document of the next month is not lost between', async () => {
    insertInvoice(world, 'a', { date: '2026-12-02' })
    pay('d', 'a', 4_000, { kind: 'deposit', date: '2026-11-05' })
    expect(await only('sales', '2026-11-30')).toMatchObject({ unapplied: -4_000, total: -4_000 })
    expect(await only('sales', '2026-12-02')).toMatchObject({ current: 7_500, unapplied: 0 })
  })

  test('drafts, void documents, orders and documents of the future owe nothing', async () => {
    insertInvoice(world, 'a', { status: 'draft' })
    insertInvoice(world, 'b', { status: 'void' })
    insertInvoice(world, 'c', { kind: 'purchase_order' })
    insertInvoice(world, 'd', { date: '2026-12-24' })
    expect((await ageing('sales', '2026-11-30')).rows).toEqual([])
    expect((await ageing('purchases', '2026-11-30')).rows).toEqual([])
  })

  test('an order that stands for a bill is owed, until its bill is there', async () => {
    insertInvoice(world, 'po', { kind: 'purchase_order' })
    expect((await ageing('purchases', '2026-11-30', true)).rows[0]?.total).toBe(11_500)
    insertInvoice(world, 'b', { kind: 'bill', source_document: 'po', total_cents: 12_000 })
    expect((await ageing('purchases', '2026-11-30', true)).rows[0]?.total).toBe(12_000)
  })

  test('a credit stands below zero until it is applied, and a void one nowhere', async () => {
    insertInvoice(world, 'a')
    insertInvoice(world, 'c', { kind: 'credit_note', total_cents: 2_000 })
    insertInvoice(world, 'v', { kind: 'credit_note', total_cents: 900, status: 'void' })
    insertRow(world, 'credit_allocation', {
      credit: 'c',
      document: 'a',
      amount_cents: 500,
      date: '2026-11-20',
    })
    expect(await only('sales', '2026-11-19')).toMatchObject({
      current: 11_500,
      unapplied: -2_000,
      total: 9_500,
    })
    expect(await only('sales', '2026-11-20')).toMatchObject({
      current: 11_000,
      unapplied: -1_500,
      total: 9_500,
    })
  })

  test('currencies are never added up, and what was changed in Xero counts', async () => {
    insertInvoice(world, 'a')
    insertInvoice(world, 'u', { currency: 'USD' })
    insertRow(world, 'adjustment', {
      document: 'u',
      tenant_id: 't',
      at: '2026-11-20T00:00:00.000Z',
      amount_cents: 100,
      reason: 'x',
    })
    const { rows } = await ageing('sales', '2026-11-30')
    expect(rows.map(({ currency, total }) => [currency, total])).toEqual([
      ['NZD', 11_500],
      ['USD', 11_600],
    ])
  })

  test('a payment in another currency than its document leaves nothing over', async () => {
    insertInvoice(world, 'u', { currency: 'USD' })
    insertRow(world, 'payment', {
      id: 'p',
      entity: 'NZ01',
      contact: 'ACME',
      kind: 'payment',
      date: '2026-11-10',
      amount_cents: 20_000,
    })
    insertRow(world, 'payment_allocation', { payment: 'p', document: 'u', amount_cents: 11_500 })
    expect((await ageing('sales', '2026-11-30')).rows).toEqual([])
  })
})

const acts = fc.array(
  fc.record({
    what: fc.constantFrom(
      'payment',
      'discount',
      'refund',
      'deleted',
      'credit',
      'xero',
      'journal',
      'adjustment',
    ),
    on: fc.constantFrom('a', 'b', 'c', 'd'),
    cents: fc.integer({ min: 1, max: 5_000 }),
  }),
  { maxLength: 12 },
)

test('whatever stands on documents, what is owed comes to document_balance', async () => {
  const kinds = { a: 'invoice', b: 'bill', c: 'credit_note', d: 'supplier_credit' } as const
  await fc.assert(
    fc.asyncProperty(acts, async (done) => {
      world.exec(
        'DELETE FROM payment_allocation; DELETE FROM payment; DELETE FROM credit_allocation; DELETE FROM part_in_xero; DELETE FROM journal_line; DELETE FROM journal; DELETE FROM adjustment; DELETE FROM document_line; DELETE FROM document',
      )
      for (const [id, kind] of Object.entries(kinds)) insertInvoice(world, id, { kind, contact: null })
      for (const [index, act] of done.entries()) perform(`t${index}`, act)
      const due = world.rows(
        `SELECT SUM(CASE WHEN d.kind IN ('invoice', 'bill') THEN due_cents ELSE -due_cents END) AS cents
           FROM document AS d JOIN document_balance AS b ON b.document = d.id
          WHERE d.kind IN ('invoice', 'credit_note') GROUP BY 1=1`,
      )
      const owed = (await ageing('sales', '2027-12-31')).rows
      expect(owed.reduce((sum, { total }) => sum + total, 0)).toBe(due[0]?.['cents'])
      const payable = world.rows(
        `SELECT SUM(CASE WHEN d.kind = 'bill' THEN due_cents ELSE -due_cents END) AS cents
           FROM document AS d JOIN document_balance AS b ON b.document = d.id WHERE d.kind IN ('bill', 'supplier_credit')`,
      )
      const owing = (await ageing('purchases', '2027-12-31')).rows
      expect(owing.reduce((sum, { total }) => sum + total, 0)).toBe(payable[0]?.['cents'])
    }),
    { numRuns: 25 },
  )
})

function perform(id: string, { what, on, cents }: { what: string; on: string; cents: number }): void {
  if (what === 'payment' || what === 'discount' || what === 'refund') pay(id, on, cents, { kind: what })
  else if (what === 'deleted') pay(id, on, cents, { state: 'deleted' })
  else if (what === 'credit') {
    const credit = on === 'a' ? 'c' : 'd'
    const document = credit === 'c' ? 'a' : 'b'
    world.exec(
      `INSERT OR REPLACE INTO credit_allocation (credit, document, amount_cents) VALUES ('${credit}', '${document}', ${cents})`,
    )
  } else if (what === 'xero') {
    pay(id, on, cents)
    insertRow(world, 'part_in_xero', {
      kind: 'payment',
      source: id,
      document: on,
      live_cents: cents - 1,
      cause: 'x',
      changed_at: '2026-11-20T00:00:00.000Z',
    })
  } else if (what === 'journal') {
    insertRow(world, 'journal', {
      id,
      entity: 'NZ01',
      kind: 'invoice_payment',
      date: '2026-11-11',
      status: 'posted',
      document: on,
    })
    insertRow(world, 'journal_line', { journal: id, position: 1, account: '090', amount_cents: cents })
    insertRow(world, 'journal_line', { journal: id, position: 2, account: '610', amount_cents: -cents })
  } else {
    world.exec(
      `INSERT OR REPLACE INTO adjustment VALUES ('${on}', 't', '2026-11-20T00:00:00.000Z', ${cents}, 'x')`,
    )
  }
}

describe('money of a day', () => {
  const days = (from = '2026-11-01', to = '2026-11-30') =>
    sumMoneyByDay(world.ledger, { entity: 'NZ01', defaultCurrency: 'NZD', from: day(from), to: day(to) })

  test('customers pay in, suppliers are paid, refunds go back, discounts and deleted payments are nothing', async () => {
    insertInvoice(world, 'a')
    insertInvoice(world, 'b', { kind: 'bill' })
    pay('1', 'a', 100)
    pay('2', 'b', 30)
    pay('3', 'a', 7, { kind: 'discount' })
    pay('4', 'a', 9, { state: 'deleted' })
    pay('5', null, 50, { kind: 'deposit' })
    pay('6', null, 20, { kind: 'refund', refund_of: '5' })
    pay('7', null, 5, { kind: 'refund', refund_of: '2' })
    pay('8', 'a', 1_000, { date: '2026-12-01' })
    expect(await days()).toEqual([{ date: '2026-11-10', currency: 'NZD', inCents: 155, outCents: 50 }])
  })

  test('a receipt that Xero has only in part counts that part', async () => {
    insertInvoice(world, 'a')
    pay('1', 'a', 100)
    insertRow(world, 'part_in_xero', {
      kind: 'payment',
      source: '1',
      document: 'a',
      live_cents: 40,
      cause: 'x',
      changed_at: '2026-11-20',
    })
    expect(await days()).toMatchObject([{ inCents: 40 }])
  })

  test('a journal of the ledger that is a payment counts once', async () => {
    insertInvoice(world, 'a')
    perform('j', { what: 'journal', on: 'a', cents: 70 })
    expect(await days()).toEqual([{ date: '2026-11-11', currency: 'NZD', inCents: 70, outCents: 0 }])
  })
})
