// When a run must read the organisation's books anew: what counts as waiting, one situation after the other.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readBooks } from '../ledger/books.ts'
import { insertInvoice, insertRow, type TestLedger, testLedger, testTenant } from '../ledger/test-ledger.ts'
import { isReferenceNeeded } from './reference.ts'

const entity = { code: 'NZ01', name: 'Harbour Motors', region: 'NZ', baseCurrency: null }

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

function readMirrorNow(): void {
  insertRow(world, 'mirror_organisation', {
    tenant_id: testTenant,
    name: 'Harbour Motors',
    base_currency: 'NZD',
    country_code: 'NZ',
    timezone: 'NEWZEALANDSTANDARDTIME',
    read_at: new Date(world.clock.now()).toISOString(),
  })
}

const isNeeded = async () =>
  isReferenceNeeded(world.ledger, await readBooks(world.ledger, entity, testTenant))

const exported = "UPDATE export_state SET state = 'exported', queued = 0, sent_revision = revision"
const set = (name: string, value: string) =>
  world.exec(`INSERT INTO setting (entity, name, value) VALUES ('NZ01', '${name}', '${value}')`)

const payment = (kind: string) =>
  insertRow(world, 'payment', { id: 'P', entity: 'NZ01', kind, date: '2026-11-02', amount_cents: 100 })

function journal(status: string): void {
  insertRow(world, 'journal', { id: 'J', entity: 'NZ01', kind: 'general', date: '2026-11-02', status })
}

test('where there is none, it is read', async () => {
  expect(await isNeeded()).toBe(true)
})

describe('with a mirror', () => {
  beforeEach(readMirrorNow)

  test('of whatever age, and nothing that waits, it is not', async () => {
    expect(await isNeeded()).toBe(false)
    world.clock.advance(40 * 24 * 3_600_000)
    expect(await isNeeded()).toBe(false)
  })

  test('read before the clock was put back, it is', async () => {
    world.clock.step(-1)
    expect(await isNeeded()).toBe(true)
  })

  const something: [string, () => void][] = [
    ['a document that was never sent', () => insertInvoice(world, 'A')],
    [
      'one that was refused',
      () => {
        insertInvoice(world, 'A')
        world.exec("UPDATE export_state SET state = 'failed'")
      },
    ],
    [
      'one that waits for its contact',
      () => {
        insertInvoice(world, 'A')
        world.exec("UPDATE export_state SET state = 'skipped'")
      },
    ],
    [
      'one that was sent and edited since',
      () => {
        insertInvoice(world, 'A')
        world.exec(`${exported}; UPDATE document SET reference = 'new'`)
      },
    ],
    [
      'one that was sent and is void now, although it is dated tomorrow',
      () => {
        insertInvoice(world, 'A', { date: '2026-11-30' })
        world.exec(`${exported}; UPDATE document SET status = 'void'`)
      },
    ],
    ['one with a day that is in no calendar', () => insertInvoice(world, 'A', { date: '2026-13-45' })],
    ['an item that no run has seen', () => insertRow(world, 'item', { code: 'OIL', name: 'Oil' })],
    ['a journal', () => journal('posted')],
    [
      'a deposit that goes out by itself',
      () => {
        set('deposits', 'prepayment')
        payment('deposit')
      },
    ],
  ]
  test.each(something)('%s: it is', async (_title, prepare) => {
    prepare()
    expect(await isNeeded()).toBe(true)
  })

  const nothing: [string, () => void][] = [
    ['a draft', () => insertInvoice(world, 'A', { status: 'draft' })],
    ['a document of next week', () => insertInvoice(world, 'A', { date: '2026-11-30' })],
    [
      'one of before the cutover',
      () => {
        set('cutover_date', '2026-11-10')
        insertInvoice(world, 'A')
      },
    ],
    [
      'one that is held',
      () => {
        insertInvoice(world, 'A')
        world.exec("UPDATE export_state SET state = 'held'")
      },
    ],
    [
      'one that was sent as it is',
      () => {
        insertInvoice(world, 'A')
        world.exec(exported)
      },
    ],
    [
      'one of another entity',
      () => {
        insertRow(world, 'billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
        insertInvoice(world, 'A', { entity: 'NZ02' })
      },
    ],
    [
      'stock movements, where their cost is not posted',
      () =>
        insertRow(world, 'stock_movement', {
          id: 'M',
          entity: 'NZ01',
          item: 'OIL',
          date: '2026-11-02',
          kind: 'adjustment',
          quantity_e4: 10_000,
          unit_cost_e4: 10_000,
        }),
    ],
    ['a journal that is not posted yet', () => journal('draft')],
    ['a deposit that waits for its invoice', () => payment('deposit')],
    [
      'items, where none are sent',
      () => {
        set('items', 'off')
        insertRow(world, 'item', { code: 'OIL', name: 'Oil' })
      },
    ],
  ]
  test.each(nothing)('%s does not count', async (_title, prepare) => {
    prepare()
    expect(await isNeeded()).toBe(false)
  })
})
