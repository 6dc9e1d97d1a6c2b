// The documents of a month in pages: each once and in order, however many there are and whatever their dates.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { readMonthDocuments } from './reconcile.ts'
import { insertInvoice, type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger

beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const november = {
  tenantId: testTenant,
  entity: 'NZ01',
  kind: 'invoice' as const,
  // literals of a test
  from: '2026-11-01' as PlainDate,
  to: '2026-11-30' as PlainDate,
}

test('more than two pages, with very many on one day', async () => {
  for (let count = 1; count <= 1_100; count += 1)
    insertInvoice(world, `D${count}`, { date: count % 5 === 0 ? '2026-11-30' : '2026-11-01' })
  const found = await readMonthDocuments(world.ledger, november)
  expect(new Set(found.map(({ id }) => id)).size).toBe(1_100)
  expect(found).toHaveLength(1_100)
  expect(found.map(({ date }) => date)).toEqual(found.map(({ date }) => date).toSorted())
})

test('not those of the days around it, of another kind or another entity', async () => {
  world.exec("INSERT INTO billing_entity (code, name, region) VALUES ('AU01', 'Other', 'AU')")
  insertInvoice(world, 'before', { date: '2026-10-31' })
  insertInvoice(world, 'after', { date: '2026-12-01' })
  insertInvoice(world, 'bill', { kind: 'bill' })
  insertInvoice(world, 'other', { entity: 'AU01' })
  insertInvoice(world, 'first', { date: '2026-11-01' })
  expect((await readMonthDocuments(world.ledger, november)).map(({ id }) => id)).toEqual(['first'])
})
