// What the exporting system writes between the comparing and the taking over stands, whatever was decided before.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LedgerItem } from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import { findPendingItems, type StoredItem, storeItems } from './mirror-items.ts'
import { applyItems } from './taken-items.ts'
import { type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const side = { price: null, account: null, taxType: null }
const oil = (changes: Partial<StoredItem> = {}): StoredItem => ({
  xeroId: 'x1',
  code: 'OIL',
  name: 'Oil',
  description: null,
  sale: side,
  purchase: side,
  isTracked: false,
  quantityOnHand: null,
  totalCost: null,
  updatedAt: Date.parse('2026-11-20T00:00:00Z'),
  ...changes,
})

const item = (changes: Partial<LedgerItem> = {}): LedgerItem => ({
  code: 'OIL',
  name: 'Oil',
  description: null,
  salePrice: null,
  saleAccount: null,
  saleTaxCode: null,
  purchasePrice: null,
  purchaseAccount: null,
  purchaseTaxCode: null,
  isStocked: false,
  averageCost: null,
  ...changes,
})

const store = (...items: StoredItem[]) =>
  storeItems(world.ledger, { tenantId: testTenant, reached: 0 }, items)
const standings = async () =>
  (await findPendingItems(world.ledger, testTenant, 10)).map(({ code, standing }) => `${code} ${standing}`)
const take = (taken: LedgerItem, own: string[] = []) =>
  applyItems(
    world.ledger,
    { tenantId: testTenant, entities: ['NZ01'] },
    { compared: ['x1'], own, taken: [{ xeroId: 'x1', item: taken, factsHash: 'hash', facts: '{}' }] },
  )
const rows = () => world.rows('SELECT code, name, sale_price_e4 FROM item')

test('an item that the ledger made meanwhile stays as it is, whatever its case', async () => {
  await store(oil())
  expect(await standings()).toEqual(['OIL lacking'])
  world.exec("INSERT INTO item (code, name) VALUES ('oil', 'Ours')")
  expect(await take(item())).toEqual([])
  expect(rows()).toEqual([{ code: 'oil', name: 'Ours', sale_price_e4: null }])
  expect(world.rows("SELECT 1 FROM export_state WHERE kind = 'item'")).toEqual([])
})

test('and one that the ledger changed meanwhile', async () => {
  await store(oil())
  await take(item())
  await store(oil({ name: 'Better oil', updatedAt: Date.parse('2026-11-21T00:00:00Z') }))
  expect(await standings()).toEqual(['OIL following'])
  world.exec('UPDATE item SET sale_price_e4 = 5')
  expect(await take(item({ name: 'Better oil' }))).toEqual([])
  expect(rows()).toEqual([{ code: 'OIL', name: 'Oil', sale_price_e4: 5 }])
})

test('the ledger’s own of another case is its own, and so is what it changed', async () => {
  world.exec("INSERT INTO item (code, name) VALUES ('oil', 'Ours')")
  await store(oil())
  expect(await standings()).toEqual(['OIL own'])
  world.exec('DELETE FROM item')
  await take(item())
  world.exec("UPDATE item SET name = 'Ours'")
  await store(oil({ name: 'Theirs', updatedAt: Date.parse('2026-11-21T00:00:00Z') }))
  expect(await standings()).toEqual(['OIL own'])
  await take(item(), ['x1'])
  expect(world.row('SELECT code_in_ledger, taken_over FROM mirror_item')).toEqual({
    code_in_ledger: null,
    taken_over: null,
  })
})

test('one whose call has an open outcome keeps it', async () => {
  await store(oil())
  world.exec(
    `INSERT INTO export_state (kind, source_id, entity, state) VALUES ('item', 'OIL', 'NZ01', 'uncertain')`,
  )
  expect(await take(item({ salePrice: e4(5) }))).toEqual(['OIL'])
  expect(world.row("SELECT state, xero_id FROM export_state WHERE kind = 'item'")).toEqual({
    state: 'uncertain',
    xero_id: null,
  })
})

test('older data never overwrites newer, and a quantity alone is nothing to compare', async () => {
  await store(oil({ name: 'New', updatedAt: Date.parse('2026-11-21T00:00:00Z') }))
  await store(oil({ name: 'Old' }))
  expect(world.row('SELECT name FROM mirror_item')).toEqual({ name: 'New' })
  await take(item({ name: 'New' }))
  await store(oil({ name: 'New', quantityOnHand: 7, updatedAt: Date.parse('2026-11-22T00:00:00Z') }))
  expect(await standings()).toEqual([])
  expect(world.row('SELECT quantity_on_hand_e4 AS q FROM mirror_item')).toEqual({ q: 7 })
})
