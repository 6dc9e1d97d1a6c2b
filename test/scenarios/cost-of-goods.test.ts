// The cost of parts sold as a journal a part line (J2): posted once the invoice is in Xero, reversed and posted anew when it changes,
// and never twice.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { insertSql } from '../support/sql.ts'
import { contactsSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const setting = (name: string, value: string) =>
  `INSERT INTO setting VALUES ('NZ01', '${name}', '${value}') ON CONFLICT DO UPDATE SET value = excluded.value;`
const role = (name: string, account: string) =>
  insertSql('role_account', { entity: 'NZ01', role: name, account })

/** Stock on hand is 631, work in progress 632, cost of goods sold 310. */
const shop =
  contactsSql(1) +
  setting('items', 'off') +
  setting('inventory_journals', 'on') +
  role('stock_on_hand', '631') +
  role('work_in_progress', '632') +
  role('cost_of_goods_sold', '310') +
  insertSql('item', { code: 'OIL', name: 'Oil', is_stocked: 1, average_cost_e4: 75_000 }) +
  insertSql('item', { code: 'NEW', name: 'New part', is_stocked: 1 })

interface Part {
  item?: string
  quantity: number
  cost?: number
  supply?: 'stocked' | 'job_ordered' | 'unstocked'
}

/** Parts of 10.00 each; a cost is in cents. */
function partsSql(id: string, parts: readonly Part[], kind = 'invoice'): string {
  const net = parts.reduce((sum, { quantity }) => sum + quantity * 1_000, 0)
  const lines = parts.map(({ item = 'OIL', quantity, cost, supply }, index) =>
    insertSql('document_line', {
      document: id,
      position: index + 1,
      kind: 'part',
      item,
      description: item,
      quantity_e4: quantity * 10_000,
      unit_price_e4: 100_000,
      amount_cents: quantity * 1_000,
      account: '200',
      tax_code: 'OUTPUT2',
      tax_cents: quantity * 150,
      supply,
      average_cost_e4: cost === undefined ? undefined : cost * 100,
    }),
  )
  const head = insertSql('document', {
    id,
    entity: 'NZ01',
    kind,
    number: `INV-${id}`,
    contact: 'C001',
    status: 'sent',
    date: '2026-11-02',
    due_date: '2026-12-20',
    subtotal_cents: net,
    tax_cents: net * 0.15,
    total_cents: net * 1.15,
  })
  return [head, ...lines].join('\n')
}

async function open(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(shop + sql)
  return world
}

/** Cents on cost of goods sold, stock on hand and work in progress. */
const balances = (w: World) =>
  ['310', '631', '632'].map(
    (account) => w.sandbox.trialBalance().find((row) => row.account === account)?.cents ?? 0,
  )
const posted = (w: World) => w.sandbox.manualJournals().map(({ narration }) => narration)

async function again(w: World, code = 0) {
  w.clock.advance(7 * 60_000)
  const run = await w.export()
  expect(run.code, run.err).toBe(code)
  return run
}

/** 5 × 7.50 of stock, 2 × 42.00 of the job, 3 of neither. */
const sale = partsSql('A', [
  { quantity: 5 },
  { quantity: 2, cost: 4_200, supply: 'job_ordered' },
  { quantity: 3, supply: 'unstocked' },
])

describe('an invoice with parts', () => {
  test('has a journal for each part that moves value, in the same run', async () => {
    const w = await open(sale)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['journal']).toMatchObject({ exported: 2, remaining: 0 })
    expect(posted(w)).toEqual(['COGS for invoice INV-A', 'COGS for invoice INV-A'])
    expect(balances(w)).toEqual([3_750 + 8_400, -3_750, -8_400])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('has them in the plan too, which makes none', async () => {
    const w = await open(sale + partsSql('B', [{ item: 'NEW', quantity: 1 }]))
    const [plan] = (await w.export('--dry-run')).runs
    expect(plan?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([
      ['contact', 1],
      ['invoice', 2],
      ['journal', 2],
    ])
    expect(plan?.failures.map(({ id, code }) => [id, code])).toEqual([['B/1/1', 'cost-missing']])
    expect(w.query(`SELECT * FROM cogs_posting`)).toEqual([])
    const told = await w.run(['validate', '--json'])
    expect(told.out).toContain('cost-missing')
    w.sql(`UPDATE item SET average_cost_e4 = 50000 WHERE code = 'NEW'`)
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ exported: 3 })
  })

  test('that changes has what that comes to in the plan', async () => {
    const w = await open(sale)
    await w.export()
    w.sql(`UPDATE document SET status = 'void'`)
    const [plan] = (await w.export('--dry-run')).runs
    expect(plan?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([
      ['invoice', 1],
      ['journal', 2],
    ])
    expect(w.query(`SELECT * FROM cogs_posting WHERE action = 'reversal'`)).toEqual([])
  })

  test('that is refused has none until it is exported', async () => {
    const w = await open(sale)
    w.sql(`UPDATE document_line SET account = '999' WHERE position = 3`)
    expect((await w.export()).code).toBe(1)
    expect(posted(w)).toEqual([])
    w.sql(`UPDATE document_line SET account = '200'`)
    expect((await w.export()).code).toBe(0)
    expect(posted(w)).toHaveLength(2)
  })

  test('and its credit note come to nothing', async () => {
    const w = await open(partsSql('A', [{ quantity: 5 }]) + partsSql('C', [{ quantity: 5 }], 'credit_note'))
    expect((await w.export()).code).toBe(0)
    expect(posted(w).sort()).toEqual(['COGS for credit note INV-C', 'COGS for invoice INV-A'])
    expect(balances(w)).toEqual([0, 0, 0])
  })
})

describe('what changes after it was posted', () => {
  test('a quantity: the old cost is reversed, and the new one posted', async () => {
    const w = await open(sale)
    await w.export()
    w.sql(
      `UPDATE document_line SET quantity_e4 = 60000, unit_price_e4 = 83333 WHERE document = 'A' AND position = 1`,
    )
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['journal']).toMatchObject({ exported: 2 })
    expect(balances(w)).toEqual([4_500 + 8_400, -4_500, -8_400])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('a void: everything is reversed', async () => {
    const w = await open(sale)
    await w.export()
    w.sql(`UPDATE document SET status = 'void'`)
    expect((await w.export()).code).toBe(0)
    expect(balances(w)).toEqual([0, 0, 0])
    expect(posted(w)).toHaveLength(4)
  })

  test('the cost of the item: what was posted stays', async () => {
    const w = await open(sale)
    await w.export()
    w.sql(`UPDATE item SET average_cost_e4 = 990000; UPDATE document_line SET average_cost_e4 = 990000`)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(balances(w)).toEqual([3_750 + 8_400, -3_750, -8_400])
  })

  test('an edit that Xero does not take changes no cost either', async () => {
    const w = await open(sale)
    await w.export()
    const [invoice] = w.sandbox.invoices()
    w.sandbox.person().money.pay(invoice?.id ?? '', { amount: cents(100) })
    w.sql(`UPDATE document_line SET quantity_e4 = 60000, unit_price_e4 = 83333 WHERE position = 1`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['edited-after-payment'])
    expect(balances(w)).toEqual([3_750 + 8_400, -3_750, -8_400])
  })
})

describe('what is missing is said, and posted once it is there', () => {
  test('a role', async () => {
    const w = await open(sale)
    w.sql(`DELETE FROM role_account WHERE role = 'work_in_progress'`)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures.map(({ kind, id, code }) => [kind, id, code])).toEqual([
      ['cogs', 'A/2/1', 'account-missing'],
    ])
    expect(balances(w)).toEqual([3_750, -3_750, 0])
    w.sql(role('work_in_progress', '632'))
    expect((await w.export()).code).toBe(0)
    expect(balances(w)).toEqual([3_750 + 8_400, -3_750, -8_400])
  })

  test('a cost', async () => {
    const w = await open(partsSql('A', [{ item: 'NEW', quantity: 2 }]))
    expect((await w.export()).runs[0]?.failures.map(({ id, code }) => [id, code])).toEqual([
      ['A/1/1', 'cost-missing'],
    ])
    expect(w.sandbox.invoices()).toHaveLength(1)
    w.sql(`UPDATE item SET average_cost_e4 = 50000 WHERE code = 'NEW'`)
    expect((await w.export()).code).toBe(0)
    expect(balances(w)).toEqual([1_000, -1_000, 0])
  })

  test('a cost, while an edit waits that Xero does not take: it waits too', async () => {
    const w = await open(partsSql('A', [{ item: 'NEW', quantity: 2 }]))
    await w.export()
    w.sandbox.person().money.pay(w.sandbox.invoices()[0]?.id ?? '', { amount: cents(100) })
    w.sql(
      `UPDATE item SET average_cost_e4 = 50000 WHERE code = 'NEW'; UPDATE document_line SET quantity_e4 = 90000, unit_price_e4 = 22222`,
    )
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toContain('edited-after-payment')
    expect(balances(w)).toEqual([0, 0, 0])
    w.sql(`UPDATE document_line SET quantity_e4 = 20000, unit_price_e4 = 100000`)
    expect((await w.export()).code).toBe(0)
    expect(balances(w)).toEqual([1_000, -1_000, 0])
  })

  test('a void in between: nothing is posted any more', async () => {
    const w = await open(partsSql('A', [{ item: 'NEW', quantity: 2 }]))
    await w.export()
    w.sql(`UPDATE document SET status = 'void'`)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['journal']).toMatchObject({ remaining: 0 })
    w.sql(`UPDATE item SET average_cost_e4 = 50000 WHERE code = 'NEW'`)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(posted(w)).toEqual([])
  })
})

describe('inventory_journals', () => {
  test('off: nothing is posted; switched on, what was exported before stays without', async () => {
    const w = await open(sale + setting('inventory_journals', 'off'))
    expect((await w.export()).code).toBe(0)
    w.sql(setting('inventory_journals', 'on') + partsSql('B', [{ quantity: 1 }]))
    expect((await w.export()).code).toBe(0)
    expect(posted(w)).toEqual(['COGS for invoice INV-B'])
    w.sql(
      `UPDATE document_line SET quantity_e4 = 60000, unit_price_e4 = 83333 WHERE document = 'A' AND position = 1`,
    )
    expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1 })
    expect(posted(w)).toEqual(['COGS for invoice INV-B'])
  })
})

const call = { method: 'PUT', path: '/ManualJournals' } as const
const faults: [string, Fault][] = [
  ['stored, and the answer is lost', { ...call, kind: 'drop-after-commit' }],
  ['never stored, and the answer is lost', { ...call, kind: 'drop-before-commit' }],
  ['one of two is stored', { ...call, kind: 'partial-commit', stored: 1 }],
  ['no answer, and stored later', { ...call, kind: 'late-commit', afterMs: 80_000 }],
]

describe('lost on the way, every cost is posted once', () => {
  test.each(faults)('%s', async (_title, fault) => {
    const w = await open(sale)
    w.sandbox.fault(fault)
    await w.export()
    // Edited while nobody knows what became of it: the reversal waits for that.
    w.sql(
      `UPDATE document_line SET quantity_e4 = 60000, unit_price_e4 = 83333 WHERE document = 'A' AND position = 1`,
    )
    await w.export()
    await w.sandbox.settleHeld()
    await again(w)
    await w.export()
    expect(balances(w)).toEqual([4_500 + 8_400, -4_500, -8_400])
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('a run that dies anywhere on the way is finished by the next', async () => {
    for (let atCommit = 4; atCommit <= 24; atCommit += 2) {
      const w = await open(sale)
      await w.run(['export'], { death: { atCommit } })
      await again(w)
      expect(balances(w), `after commit ${atCommit}`).toEqual([3_750 + 8_400, -3_750, -8_400])
      expect(brokenPromises(w)).toEqual([])
      await w.close()
    }
  })
})
