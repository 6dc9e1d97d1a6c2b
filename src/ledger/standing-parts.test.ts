import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readStandingAllocations, readStandingParts, recordEnded } from './standing-parts.ts'
import { insertInvoice, insertRow, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  insertInvoice(world, 'I1')
  insertInvoice(world, 'C1', { kind: 'credit_note' })
  insertRow(world, 'payment', {
    id: 'P/1',
    entity: 'NZ01',
    kind: 'payment',
    date: '2026-11-02',
    amount_cents: 100,
  })
  insertRow(world, 'payment_allocation', { payment: 'P/1', document: 'I1', amount_cents: 100 })
  insertRow(world, 'credit_allocation', { credit: 'C1', document: 'I1', amount_cents: 50 })
  insertRow(world, 'journal', {
    id: 'J1',
    entity: 'NZ01',
    kind: 'invoice_payment',
    date: '2026-11-02',
    status: 'posted',
    document: 'I1',
    payment: 'P/1',
  })
})
afterEach(() => world.close())

const move = (kind: string, change: string) =>
  world.ledger.sqlite.exec(
    `UPDATE export_state SET xero_id = 'x-' || kind, facts = 'f', ${change} WHERE kind = '${kind}'`,
  )
const standing = async () =>
  (await readStandingParts(world.ledger, ['P/1'])).map(
    ({ of, kind, id, isKnown, xeroId }) => `${of} ${kind} ${id} ${isKnown} ${xeroId}`,
  )

describe('what Xero has of a payment', () => {
  test('nothing that was not sent', async () => expect(await standing()).toEqual([]))

  test('its receipt, what it is applied to and a journal that is it, whatever became of their rows', async () => {
    for (const kind of ['payment', 'receipt', 'journal']) move(kind, `state = 'exported'`)
    world.ledger.sqlite.exec('DELETE FROM payment_allocation; DELETE FROM payment')
    expect(await standing()).toEqual([
      'P/1 payment P%2F1/I1 true x-payment',
      'P/1 receipt P/1 true x-receipt',
      'P/1 journal J1 true x-journal',
    ])
  })

  test.each([
    [`state = 'sending'`, [false]],
    [`state = 'uncertain'`, [false]],
    [`state = 'mock_exported'`, [true]],
    [`state = 'failed'`, []],
    [`state = 'exported', xero_status = 'DELETED'`, []],
    [`state = 'exported', xero_status = 'VOIDED'`, []],
  ])('%s', async (change, known) => {
    move('payment', change)
    expect((await readStandingParts(world.ledger, ['P/1'])).map(({ isKnown }) => isKnown)).toEqual(known)
  })
})

test('what Xero has of a credit', async () => {
  move('allocation', `state = 'exported'`)
  expect(await readStandingAllocations(world.ledger, ['C1'])).toEqual([
    {
      of: 'C1',
      kind: 'allocation',
      id: 'C1/I1',
      entity: 'NZ01',
      isKnown: true,
      xeroId: 'x-allocation',
      facts: 'f',
    },
  ])
})

test('what was seen to be ended in Xero counts no more; gone from the ledger too, it leaves the queue', async () => {
  move('payment', `state = 'exported', queued = 1`)
  const [part] = await readStandingParts(world.ledger, ['P/1'])
  const ended = part ? [{ ...part, xeroStatus: 'DELETED' }] : []
  const row = () =>
    world.ledger.sqlite.prepare(`SELECT xero_status, queued FROM export_state WHERE kind = 'payment'`).get()
  await recordEnded(
    world.ledger,
    1,
    ended.map((one) => ({ ...one, xeroId: 'another' })),
  )
  expect(row()).toEqual({ xero_status: null, queued: 1 })
  await recordEnded(world.ledger, 1, ended)
  expect(row()).toEqual({ xero_status: 'DELETED', queued: 1 })
  expect(await standing()).toEqual([])
  world.ledger.sqlite.exec('DELETE FROM payment_allocation')
  await recordEnded(world.ledger, 1, ended)
  expect(row()).toEqual({ xero_status: 'DELETED', queued: 0 })
})
