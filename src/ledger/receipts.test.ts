// What was sent of payments, whatever their ids look like and wherever their outcomes stand.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pairId } from '../accounting/thing-ids.ts'
import { readReceipts, readSentParts, requeueReceipts } from './receipts.ts'
import { insertRow, type Row, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

function payment(id: string, documents: readonly string[], row: Row = {}): void {
  insertRow(world, 'payment', {
    id,
    entity: 'NZ01',
    kind: 'payment',
    date: '2026-11-10',
    amount_cents: 100,
    ...row,
  })
  for (const document of documents) {
    insertRow(world, 'payment_allocation', { payment: id, document, amount_cents: 10 })
  }
}

const move = (kind: string, id: string, change: string) =>
  world.exec(`UPDATE export_state SET ${change} WHERE kind = '${kind}' AND source_id = '${id}'`)

describe('what a payment is applied to', () => {
  const sent = async (...payments: string[]) =>
    (await readSentParts(world.ledger, { entity: 'NZ01', payments })).map(
      ({ payment: of, kind, id, facts }) => [of, kind, id, facts],
    )

  test.each([
    ['exported', true],
    ['sending', true],
    ['uncertain', true],
    ['mock_exported', true],
    ['pending', false],
    ['failed', false],
    ['skipped', false],
    ['held', false],
  ])('%s: %s', async (state, counts) => {
    payment('P', ['D'])
    move('payment', 'P/D', `state = '${state}'`)
    expect(await sent('P')).toHaveLength(counts ? 1 : 0)
  })

  test('what was deleted in Xero is no longer there', async () => {
    payment('P', ['D', 'E'])
    move('payment', 'P/D', "state = 'exported', xero_status = 'DELETED'")
    move('payment', 'P/E', "state = 'exported', xero_status = 'AUTHORISED', facts = '{}'")
    expect(await sent('P')).toEqual([['P', 'payment', 'P/E', '{}']])
  })

  test('it is of that payment alone, whatever the ids of others begin with', async () => {
    const ids = ['P', 'P0', 'P!', 'P-1', 'P/D', 'P%', 'P%2F']
    for (const id of ids) payment(id, ['D'])
    world.exec("UPDATE export_state SET state = 'exported' WHERE kind = 'payment'")
    for (const id of ids) expect(await sent(id)).toEqual([[id, 'payment', pairId(id, 'D'), null]])
    expect(await sent(...ids)).toHaveLength(ids.length)
  })

  test('what the ledger applies no more is still there', async () => {
    payment('P', ['D'])
    move('payment', 'P/D', "state = 'exported'")
    world.exec("DELETE FROM payment_allocation WHERE payment = 'P'")
    expect(await sent('P')).toHaveLength(1)
  })

  test('refunds of it count with it', async () => {
    payment('P/1', [])
    payment('R/1', ['C'], { kind: 'refund', refund_of: 'P/1' })
    world.exec("UPDATE export_state SET state = 'exported' WHERE kind = 'refund'")
    expect(await sent('P/1')).toEqual([['P/1', 'refund', 'R%2F1/', null]])
  })
})

describe('the receipt of a payment', () => {
  const receipt = async (id: string) =>
    (await readReceipts(world.ledger, { entity: 'NZ01', payments: [id] })).get(id)

  test('pending, with nothing written down', async () => {
    payment('P', [])
    expect(await receipt('P')).toEqual({
      payment: 'P',
      state: 'pending',
      revision: 1,
      xeroId: null,
      xeroStatus: null,
      facts: null,
      createdIn: null,
      hasOwnJournal: false,
    })
  })

  test('of what has none', async () => {
    payment('R', [], { kind: 'refund' })
    expect(await receipt('R')).toMatchObject({ state: null })
  })

  test.each([
    ['sending', 'on its way'],
    ['uncertain', 'on its way'],
    ['exported', 'as it was left'],
    // A refused call is no receipt, whatever was in it.
    ['failed', null],
    ['pending', null],
  ])('%s: its facts are %s', async (state, facts) => {
    payment('P', [])
    insertRow(world, 'chunk', {
      id: 7,
      run: 3,
      entity: 'NZ01',
      tenant_id: 'tenant-1',
      kind: 'receipt',
      operation: 'create',
      number: 1,
      of: 1,
      method: 'PUT',
      path: '/',
      idempotency_key: 'k',
      body_hash: 'h',
      bytes: 1,
      state: 'uncertain',
      prepared_at: '2026-11-22T00:00:00.000Z',
    })
    insertRow(world, 'chunk_thing', {
      chunk: 7,
      position: 0,
      kind: 'receipt',
      source_id: 'P',
      entity: 'NZ01',
      revision: 1,
      facts_hash: 'h',
      facts: 'on its way',
    })
    move('receipt', 'P', `state = '${state}', chunk = 7, facts = 'as it was left'`)
    expect(await receipt('P')).toMatchObject({ state, facts, createdIn: null })
    // Only a first answer says that it was made just then.
    world.ledger.sqlite.exec(`UPDATE chunk SET state = 'settled'`)
    expect(await receipt('P')).toMatchObject({ createdIn: 7 })
    world.ledger.sqlite.exec('UPDATE chunk SET unknown_attempts = 1')
    expect(await receipt('P')).toMatchObject({ createdIn: null })
  })

  test.each([
    ['receipt', true],
    ['deposit', true],
    ['invoice_payment', false],
    ['general', false],
  ])('posted by a journal of kind %s: %s', async (kind, expected) => {
    payment('P', [])
    insertRow(world, 'journal', {
      id: 'J',
      entity: 'NZ01',
      kind,
      date: '2026-11-10',
      status: 'posted',
      payment: 'P',
    })
    expect((await receipt('P'))?.hasOwnJournal).toBe(expected)
  })
})

test('receipts that left the queue are looked at again where a payment of theirs waits, and only those', async () => {
  for (const id of ['A/1', 'B', 'C', 'D']) payment(id, ['X'])
  world.exec("UPDATE export_state SET queued = 0 WHERE kind = 'receipt'")
  move('payment', 'B/X', "state = 'exported', queued = 0")
  move('payment', 'C/X', "state = 'failed'")
  move('receipt', 'D', "state = 'exported'")
  await requeueReceipts(world.ledger, 'NZ01')
  expect(world.rows("SELECT source_id FROM export_state WHERE kind = 'receipt' AND queued = 1")).toEqual([
    { source_id: 'A/1' },
    { source_id: 'C' },
  ])
})
