// Items (R1): untracked, each once, by their code; what Xero has already is left as it is, and no item ever holds a document back.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

/** Items I001 … of which each has its own price; one customer. */
function itemsSql(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const code = `I${String(index + 1).padStart(3, '0')}`
    return `('${code}', 'Part ${index + 1}', ${123_456 + index}, '200', 'OUTPUT2')`
  })
  return `INSERT INTO item (code, name, sale_price_e4, sale_account, sale_tax_code) VALUES ${rows.join(', ')};`
}

const naming = (item: string, document: string) =>
  `UPDATE document_line SET kind = 'part', item = '${item}' WHERE document = '${document}';`

async function open(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(1) + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const codes = (w: World) =>
  w.sandbox
    .items()
    .map((item) => item.code)
    .sort()
const writes = (w: World) => ({
  put: w.sandbox.counts.byRoute['PUT /Items'] ?? 0,
  post: w.sandbox.counts.byRoute['POST /Items'] ?? 0,
})

test('all items go out untracked before the documents, whose lines name them in the same run', async () => {
  const w = await open(
    `${itemsSql(150)} UPDATE item SET is_stocked = 1, average_cost_e4 = 5 WHERE code = 'I002';` +
      invoiceSql({ id: 'A' }) +
      naming('I002', 'A'),
  )
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(run.runs[0]?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([
    ['contact', 1],
    ['item', 100],
    ['item', 50],
    ['invoice', 1],
  ])
  expect(run.runs[0]?.kinds['item']).toMatchObject({ exported: 150, failed: 0, remaining: 0 })
  expect(w.sandbox.items()).toHaveLength(150)
  expect(w.sandbox.items().find((item) => item.code === 'I002')).toMatchObject({
    name: 'Part 2',
    tracked: null,
    sales: { unitPrice: 123_457, accountCode: '200', taxType: 'OUTPUT2' },
  })
  expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('I002')
  expect(brokenPromises(w)).toEqual([])

  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(writes(w)).toEqual({ put: 2, post: 0 })
  expect(w.sandbox.counts.byRoute['GET /Items']).toBe(1)
})

describe('which items go out', () => {
  test('items=needed: those that documents of this run name', async () => {
    const w = await open(
      `${itemsSql(3)} INSERT INTO setting VALUES ('NZ01', 'items', 'needed'); ${invoiceSql({ id: 'A' })} ${naming('I002', 'A')}
       ${invoiceSql({ id: 'B', status: 'draft' })} ${naming('I003', 'B')}`,
    )
    expect((await w.export()).code).toBe(0)
    expect(codes(w)).toEqual(['I002'])
  })

  test('items=off: none, Xero is not asked for them, and lines go without', async () => {
    const w = await open(
      `${itemsSql(3)} INSERT INTO setting VALUES ('NZ01', 'items', 'off'); ${invoiceSql({ id: 'A' })} ${naming('I002', 'A')}`,
    )
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(codes(w)).toEqual([])
    expect(w.sandbox.counts.byRoute['GET /Items']).toBeUndefined()
    expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBeNull()
  })

  test.each([
    ['--document', 'A'],
    ['--only', 'invoice'],
  ])('with %s %s, those that it needs and no others', async (...flags) => {
    const w = await open(`${itemsSql(3)} ${invoiceSql({ id: 'A' })} ${naming('I002', 'A')}`)
    expect((await w.export(...flags)).code).toBe(0)
    expect(codes(w)).toEqual(['I002'])
    expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('I002')
    expect((await w.export()).code).toBe(0)
    expect(codes(w)).toEqual(['I001', 'I002', 'I003'])
  })

  test('a plan and validate look at items that no run has seen, and make nothing of them', async () => {
    const w = await open(`${itemsSql(3)} UPDATE item SET name = '' WHERE code = 'I003';`)
    const plan = await w.export('--dry-run')
    expect(plan.runs[0]?.chunks).toMatchObject([{ kind: 'item', documents: 2 }])
    const checked = await w.run(['validate', '--json'])
    expect(checked.code).toBe(1)
    expect(JSON.parse(checked.out)).toMatchObject({
      findings: [{ kind: 'item', id: 'I003', code: 'item-name-missing' }],
      counts: { checked: 3 },
    })
    expect(w.query("SELECT * FROM export_state WHERE kind = 'item'")).toEqual([])
    expect(codes(w)).toEqual([])
  })
})

describe('what Xero has already', () => {
  test('an item of our code is taken as it is, without a call', async () => {
    const w = await open(`${itemsSql(2)} ${invoiceSql({ id: 'A' })} ${naming('I001', 'A')}`)
    const there = w.sandbox.person().papers.createItem({ code: 'I001', name: 'Made by hand' })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['item']).toMatchObject({ exported: 1, remaining: 0 })
    expect(w.sandbox.items().find((item) => item.id === there.id)).toEqual(there)
    expect(w.sandbox.items()).toHaveLength(2)
    expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('I001')
    expect(w.query("SELECT xero_id FROM export_state WHERE kind = 'item' AND source_id = 'I001'")).toEqual([
      { xero_id: there.id },
    ])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('a second entity of the organisation shares the items of the first', async () => {
    const w = await open(itemsSql(2))
    expect((await w.export()).code).toBe(0)
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02'])
    expect((await w.export()).code).toBe(0)
    expect(writes(w)).toEqual({ put: 1, post: 0 })
    expect(w.sandbox.items()).toHaveLength(2)
  })
})

describe('a change in the ledger', () => {
  const changed = "UPDATE item SET name = 'Renamed', sale_price_e4 = 99900 WHERE code = 'I001'"

  test('goes out once, by the id of Xero', async () => {
    const w = await open(itemsSql(2))
    await w.export()
    w.sql(changed)
    const run = await w.export()
    expect(run.runs[0]?.kinds['item']).toMatchObject({ exported: 0, updated: 1, remaining: 0 })
    expect(w.sandbox.items().find((item) => item.code === 'I001')).toMatchObject({
      name: 'Renamed',
      sales: { unitPrice: 99_900 },
    })
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(writes(w)).toEqual({ put: 1, post: 1 })
    expect(brokenPromises(w)).toEqual([])
  })

  test('to the same values, or of its cost, sends nothing', async () => {
    const w = await open(itemsSql(1))
    await w.export()
    w.sql("UPDATE item SET name = name, average_cost_e4 = 7, is_stocked = 1 WHERE code = 'I001'")
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(writes(w)).toEqual({ put: 1, post: 0 })
  })

  test('of an item that became tracked in Xero sends nothing', async () => {
    const w = await open(itemsSql(1))
    await w.export()
    const [item] = w.sandbox.items()
    w.sandbox.person().papers.changeItem(item?.id ?? '', {
      tracked: { assetAccountCode: '630', cogsAccountCode: '310' } as never,
    })
    w.sql(changed)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.state).toBe('nothing')
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(writes(w)).toEqual({ put: 1, post: 0 })
  })

  test('of an item that got another code in Xero gives it ours again', async () => {
    const w = await open(itemsSql(1))
    await w.export()
    const [item] = w.sandbox.items()
    w.sandbox.person().papers.changeItem(item?.id ?? '', { code: 'OTHER' })
    w.sql(changed)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.items()).toMatchObject([{ code: 'I001', name: 'Renamed' }])
  })

  test('of an item that Xero has no more is a finding; made anew there, it gets the change', async () => {
    const w = await open(itemsSql(1))
    await w.export()
    // As if a person had deleted it there, which the sandbox lets nobody do.
    w.sql(`UPDATE export_state SET xero_id = 'gone' WHERE kind = 'item'; ${changed}`)
    const [item] = w.sandbox.items()
    w.sandbox.person().papers.changeItem(item?.id ?? '', { code: 'OTHER' })
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ kind: 'item', id: 'I001', code: 'edited-in-xero' }])
    w.sandbox.person().papers.createItem({ code: 'I001', name: 'Anew' })
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.items().find((one) => one.code === 'I001')?.name).toBe('Renamed')
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('that Xero refuses is a finding, and goes out once it is mended', async () => {
    const w = await open(itemsSql(2))
    await w.export()
    w.sql("UPDATE item SET sale_account = 'NOPE' WHERE code = 'I001'")
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ kind: 'item', id: 'I001', code: 'account-unknown' }])
    w.sql("UPDATE item SET sale_account = '260' WHERE code = 'I001'")
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.items().find((item) => item.code === 'I001')?.sales.accountCode).toBe('260')
  })

  test('whose answer was lost is settled by sending it again', async () => {
    const w = await open(itemsSql(2))
    await w.export()
    w.sql(changed)
    w.sandbox.fault({ method: 'POST', path: '/Items', times: 3, kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(8)
    w.clock.advance(7 * 60_000)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(w.sandbox.items().find((item) => item.code === 'I001')?.name).toBe('Renamed')
    expect(brokenPromises(w)).toEqual([])
  })
})

test('an item that was deleted in the ledger stays in Xero, and nothing is said of it', async () => {
  const w = await open(itemsSql(2))
  await w.export()
  w.sql("DELETE FROM item WHERE code = 'I001'")
  const run = await w.export('--strict')
  expect({ code: run.code, state: run.runs[0]?.state }, run.err).toEqual({ code: 0, state: 'nothing' })
  expect(codes(w)).toEqual(['I001', 'I002'])
})

test('an item with a mistake holds no document back: its line goes without, with a warning', async () => {
  const w = await open(
    `${itemsSql(2)} UPDATE item SET name = '' WHERE code = 'I001'; ${invoiceSql({ id: 'A' })} ${naming('I001', 'A')}`,
  )
  const { out } = await w.run(['validate', '--json'])
  expect(JSON.parse(out)).toMatchObject({
    findings: [
      { kind: 'invoice', code: 'item-unknown', severity: 'warning', field: 'lines[1].item' },
      { kind: 'item', id: 'I001', code: 'item-name-missing', severity: 'error' },
    ],
  })
  const run = await w.export()
  expect(run.code).toBe(1)
  expect(run.runs[0]).toMatchObject({
    kinds: { item: { exported: 1, failed: 1 }, invoice: { exported: 1, failed: 0 } },
    failures: [{ kind: 'item', id: 'I001', code: 'item-name-missing' }],
  })
  expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBeNull()
})

const faults: [string, Fault][] = [
  ['the answer is lost after Xero stored them', { kind: 'drop-after-commit' }],
  ['the connection drops before Xero stored them', { kind: 'drop-before-commit' }],
  ['an error 500 after Xero stored them', { kind: 'error-after-commit' }],
  ['an error 500 before Xero stored any', { kind: 'error-before-commit' }],
  ['an error 500 after 4 of 10 were stored', { kind: 'partial-commit', stored: 4 }],
  ['the commit comes after the time-out', { kind: 'late-commit', afterMs: 80_000 }],
  ['the answer lacks an element', { kind: 'missing-element' }],
  ['the answer is shuffled', { kind: 'shuffled-order' }],
]

test.each(faults)('%s: each item is in Xero once', async (_title, fault) => {
  const w = await open(
    `${itemsSql(25)} INSERT INTO setting VALUES ('NZ01', 'chunk_size', '10'); ${invoiceSql({ id: 'A' })} ${naming('I001', 'A')}`,
  )
  w.sandbox.fault({ method: 'PUT', path: '/Items', nth: 2, ...fault })
  await w.export()
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(w.sandbox.items()).toHaveLength(25)
  expect(brokenPromises(w)).toEqual([])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
})

test('lines name an item whose answer was lost, where Xero has it', async () => {
  const w = await open(`${itemsSql(1)} ${invoiceSql({ id: 'A' })} ${naming('I001', 'A')}`)
  w.sandbox.fault({ method: 'PUT', path: '/Items', times: 3, kind: 'error-after-commit' })
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('I001')
})

test('killed as Xero stores them, the next run finds each item there once', async () => {
  const sql = `${itemsSql(2)} ${invoiceSql({ id: 'A' })} ${naming('I001', 'A')}`
  const undisturbed = await open(sql)
  const before = undisturbed.exchanges.length
  await undisturbed.export()
  const requests = undisturbed.exchanges.slice(before)
  const atRequest = requests.findIndex(({ method, url }) => method === 'PUT' && url.includes('/Items')) + 1
  await undisturbed.close()

  const w = await open(sql)
  await w.run(['export'], { death: { atRequest } })
  expect({ kills: w.kills, stored: codes(w) }).toEqual({ kills: 1, stored: ['I001', 'I002'] })
  w.clock.advance(20 * 60_000)
  const next = await w.export()
  expect(next.code, next.err).toBe(0)
  expect(codes(w)).toEqual(['I001', 'I002'])
  expect(writes(w)).toEqual({ put: 1, post: 0 })
  expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('I001')
  expect(brokenPromises(w)).toEqual([])
})

test('two runs at the same time leave each item in Xero once', async () => {
  const w = await open(itemsSql(30))
  const codesOfRuns = (await Promise.all([w.run(['export']), w.run(['export'])])).map(({ code }) => code)
  expect(codesOfRuns.sort()).toEqual([0, 6])
  expect(w.sandbox.items()).toHaveLength(30)
})
