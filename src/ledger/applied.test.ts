import { afterEach, beforeEach, expect, test } from 'vitest'
import { readApplied } from './applied.ts'
import { insertInvoice, insertRow, type Row, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  insertInvoice(world, 'I1')
  insertInvoice(world, 'a/b', { kind: 'credit_note' })
})
afterEach(() => world.close())

const payment = (id: string, row: Row = {}, document = 'I1') => {
  insertRow(world, 'payment', {
    id,
    entity: 'NZ01',
    kind: 'payment',
    date: '2026-11-02',
    amount_cents: 100,
    ...row,
  })
  insertRow(world, 'payment_allocation', { payment: id, document, amount_cents: 100 })
}
const allocation = (row: Row = {}) =>
  insertRow(world, 'credit_allocation', { credit: 'a/b', document: 'I1', amount_cents: 50, ...row })
const state = (kind: string, id: string, to: string, xeroStatus: string | null = null) =>
  world.ledger.sqlite
    .prepare('UPDATE export_state SET state = ?, xero_status = ? WHERE kind = ? AND source_id = ?')
    .run(to, xeroStatus, kind, id)

test.each<[string, () => void, string, object]>([
  ['a payment that waits', () => payment('P/1'), 'I1', { kind: 'payment', id: 'P%2F1/I1', isInXero: false }],
  [
    'a payment that Xero has',
    () => {
      payment('P1')
      state('payment', 'P1/I1', 'exported')
    },
    'I1',
    { amount: 100, state: 'exported', isInXero: true },
  ],
  [
    'one whose answer was lost: it may be there',
    () => {
      payment('P1')
      state('payment', 'P1/I1', 'uncertain')
    },
    'I1',
    { isInXero: true },
  ],
  [
    'one that was deleted in Xero',
    () => {
      payment('P1', { state: 'deleted' })
      state('payment', 'P1/I1', 'exported', 'DELETED')
    },
    'I1',
    { isInXero: false, isDeleted: true },
  ],
  [
    'one that was made in Xero',
    () => payment('P1', { origin: 'external' }),
    'I1',
    { state: null, isInXero: true },
  ],
  ['a discount', () => payment('P1', { kind: 'discount' }), 'I1', { kind: 'discount', id: 'P1/I1' }],
  ['a refund of a credit', () => payment('P1', { kind: 'refund' }, 'a/b'), 'a/b', { kind: 'refund' }],
  ['an allocation, of its invoice', () => allocation(), 'I1', { kind: 'allocation', id: 'a%2Fb/I1' }],
  ['an allocation, of its credit', () => allocation(), 'a/b', { kind: 'allocation', id: 'a%2Fb/I1' }],
  ['one made in Xero', () => allocation({ origin: 'external' }), 'a/b', { isInXero: true }],
  [
    'a journal that is a payment, with its tax',
    () => {
      insertRow(world, 'journal', {
        id: 'J1',
        entity: 'NZ01',
        kind: 'invoice_payment',
        date: '2026-11-02',
        status: 'posted',
        document: 'I1',
      })
      const line = { journal: 'J1', account: '090' }
      insertRow(world, 'journal_line', { ...line, position: 1, amount_cents: 70, tax_cents: 5 })
      insertRow(world, 'journal_line', { ...line, position: 2, amount_cents: -75 })
    },
    'I1',
    { kind: 'journal', id: 'J1', amount: 75, isInXero: false },
  ],
])('%s', async (_title, write, document, expected) => {
  write()
  const applied = await readApplied(world.ledger, [document, document])
  expect([...applied.keys()]).toEqual([document])
  expect(applied.get(document)).toMatchObject([expected])
})
