// Items that come from Xero (R1, items_pull): what the ledger lacks comes in once, follows Xero while nobody in the ledger changes it,
// is never sent back, and never takes the place of a row of the ledger's own.

import { afterEach, describe, expect, test } from 'vitest'
import { cents, e4 } from '../../src/accounting/money.ts'
import type { ItemSeed } from '../../src/sandbox/item-record.ts'
import { auDemoCompany, nzDemoCompany } from '../../src/sandbox/organisation.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

const on = "INSERT INTO setting VALUES ('NZ01', 'items_pull', 'on');"

async function open(sql = '', options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(1) + on + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const oil: ItemSeed = {
  code: 'OIL',
  name: 'Engine oil',
  description: 'Oil, 5 l',
  sales: { unitPrice: e4(456_789), accountCode: '200', taxType: 'OUTPUT2' },
  purchases: { unitPrice: e4(200_000), accountCode: '400', taxType: 'INPUT2' },
}
const make = (w: World, seed: ItemSeed = oil) => w.sandbox.person().papers.createItem(seed)
const items = (w: World) => w.query<Record<string, unknown>>('SELECT * FROM item ORDER BY code')
const writes = (w: World) =>
  (w.sandbox.counts.byRoute['PUT /Items'] ?? 0) + (w.sandbox.counts.byRoute['POST /Items'] ?? 0)

async function quiet(w: World, warnings: RegExp[] = []): Promise<void> {
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  const told = (run.runs[0] as unknown as { warnings: string[] }).warnings // of the report
  expect(told).toHaveLength(warnings.length)
  for (const [index, words] of warnings.entries()) expect(told[index]).toMatch(words)
  expect(writes(w)).toBe(0)
}

describe('an item that the ledger lacks', () => {
  test('comes in with its prices, its accounts and tax codes mapped back, and is named on lines at once', async () => {
    const w = await open(
      `INSERT INTO account_map VALUES ('NZ01', '4000', '200');
       INSERT INTO tax_code_map VALUES ('NZ01', 'GST', 'OUTPUT2', 'INPUT2');`,
    )
    const there = make(w)
    expect((await w.run(['export'])).out).toContain('Back from Xero: 1 item.')
    expect(items(w)).toEqual([
      {
        code: 'OIL',
        name: 'Engine oil',
        description: 'Oil, 5 l',
        sale_price_e4: 456_789,
        sale_account: '4000',
        sale_tax_code: 'GST',
        purchase_price_e4: 200_000,
        purchase_account: '400',
        purchase_tax_code: 'GST',
        is_stocked: 0,
        average_cost_e4: null,
      },
    ])
    expect(w.query("SELECT state, xero_id, queued FROM export_state WHERE kind = 'item'")).toEqual([
      { state: 'exported', xero_id: there.id, queued: 0 },
    ])
    w.sql(
      `${invoiceSql({ id: 'A' })} UPDATE document_line SET kind = 'part', item = 'OIL' WHERE document = 'A';`,
    )
    await quiet(w)
    expect(w.sandbox.invoices()[0]?.lines[0]?.itemCode).toBe('OIL')
    expect(w.sandbox.items()).toEqual([there])
    expect(brokenPromises(w)).toEqual([])
  })

  test('leaves its account and tax code open where several of the ledger could be meant', async () => {
    const w = await open(
      `INSERT INTO account_map VALUES ('NZ01', '4000', '200'), ('NZ01', '4001', '200');
       INSERT INTO tax_code_map VALUES ('NZ01', 'GST', 'OUTPUT2', 'INPUT2'), ('NZ01', 'VAT', 'OUTPUT2', NULL);`,
    )
    make(w)
    await quiet(w)
    expect(items(w)).toMatchObject([{ sale_account: null, sale_tax_code: null, purchase_tax_code: 'GST' }])
    await quiet(w)
  })

  test('without a name takes its code for one; a tracked one is stocked, its quantity a fact to read', async () => {
    const w = await open()
    make(w, { code: 'BARE' })
    make(w, {
      ...oil,
      tracked: { quantityOnHand: e4(75_000), totalCostPool: cents(3_750) },
    })
    await quiet(w)
    expect(items(w)).toMatchObject([
      { code: 'BARE', name: 'BARE', is_stocked: 0, sale_price_e4: null },
      { code: 'OIL', is_stocked: 1 },
    ])
    expect(
      w.query('SELECT quantity_on_hand, total_cost FROM readable_item_in_xero WHERE is_tracked = 1'),
    ).toEqual([{ quantity_on_hand: 7.5, total_cost: '37.50' }])
    const [, there] = w.sandbox.items()
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there?.id ?? '', {
      tracked: {
        assetAccountCode: '630',
        cogsAccountCode: '310',
        quantityOnHand: e4(65_000),
        totalCostPool: cents(3_250),
      },
    })
    await quiet(w)
    expect(w.query('SELECT quantity_on_hand_e4 AS q FROM mirror_item WHERE is_tracked = 1')).toEqual([
      { q: 65_000 },
    ])
  })

  test('of many are read in one call; of what changed since only that', async () => {
    const w = await open()
    for (let index = 0; index < 450; index += 1) make(w, { code: `I${index}`, name: `Item ${index}` })
    w.clock.advance(3_600_000)
    await quiet(w)
    expect(items(w)).toHaveLength(450)
    w.clock.advance(3_600_000)
    make(w, { code: 'NEW', name: 'New' })
    const before = w.exchanges.length
    await quiet(w)
    const asked = w.exchanges.slice(before).filter(({ url }) => url.includes('/Items'))
    expect(asked).toHaveLength(1)
    expect(JSON.parse(asked[0]?.responseBody ?? '')).toMatchObject({ Items: [{ Code: 'NEW' }] })
    expect(items(w)).toHaveLength(451)
  })
})

test('with items_pull=off, as it comes, Xero is not asked', async () => {
  const w = await open("UPDATE setting SET value = 'off' WHERE name = 'items_pull';")
  make(w)
  await quiet(w)
  expect(items(w)).toEqual([])
  expect(w.sandbox.counts.byRoute['GET /Items']).toBeUndefined()
})

describe("the ledger's own", () => {
  test('is never overwritten, whatever its case and whatever changes in Xero', async () => {
    const w = await open(
      "INSERT INTO setting VALUES ('NZ01', 'items', 'off'); INSERT INTO item (code, name) VALUES ('oil', 'Ours');",
    )
    const there = make(w)
    await quiet(w)
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there.id, { name: 'Changed' })
    await quiet(w)
    expect(items(w)).toMatchObject([{ code: 'oil', name: 'Ours' }])
  })

  test('that it deleted does not come back', async () => {
    const w = await open("INSERT INTO item (code, name) VALUES ('OIL', 'Ours');")
    expect((await w.export()).code).toBe(0)
    w.sql("DELETE FROM item WHERE code = 'OIL'")
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(w.sandbox.items()[0]?.id ?? '', { name: 'Changed' })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(items(w)).toEqual([])
  })
})

describe('what came in', () => {
  test('follows Xero while nobody in the ledger changes it', async () => {
    const w = await open()
    const there = make(w)
    await quiet(w)
    w.sql('UPDATE item SET average_cost_e4 = 7')
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there.id, { name: 'Better oil', description: null })
    await quiet(w)
    expect(items(w)).toMatchObject([{ name: 'Better oil', description: null, average_cost_e4: 7 }])
    await quiet(w)
    expect(w.sandbox.items()[0]?.name).toBe('Better oil')
  })

  test("is the ledger's own once it was changed there: that goes to Xero, and nothing comes over it", async () => {
    const w = await open()
    const there = make(w)
    await quiet(w)
    w.sql("UPDATE item SET name = 'Ours'")
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there.id, { name: 'Theirs' })
    expect((await w.export()).code).toBe(0)
    expect(items(w)).toMatchObject([{ name: 'Ours' }])
    expect(w.sandbox.items()).toMatchObject([{ id: there.id, name: 'Ours' }])
    expect(writes(w)).toBe(1)
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there.id, { name: 'Theirs again' })
    expect((await w.export()).code).toBe(0)
    expect(items(w)).toMatchObject([{ name: 'Ours' }])
    expect(writes(w)).toBe(1)
  })

  test('comes again where the exporting system deletes it, as one that loads all of its rows anew does', async () => {
    const w = await open("INSERT INTO item (code, name) VALUES ('OWN', 'Own');")
    make(w)
    expect((await w.export()).code).toBe(0)
    const before = writes(w)
    w.sql("DELETE FROM item; INSERT INTO item (code, name) VALUES ('OWN', 'Own');")
    expect((await w.export()).code).toBe(0)
    expect(items(w)).toMatchObject([{ code: 'OIL', name: 'Engine oil' }, { code: 'OWN' }])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(writes(w)).toBe(before)
  })

  test('that the exporting system writes over is its own', async () => {
    const w = await open()
    make(w)
    await quiet(w)
    w.sql("INSERT OR REPLACE INTO item (code, name) VALUES ('OIL', 'Ours')")
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.items()).toMatchObject([{ name: 'Ours' }])
    expect(items(w)).toMatchObject([{ name: 'Ours' }])
  })

  test('and got another code in Xero keeps its own in the ledger, and that is said', async () => {
    const w = await open()
    const there = make(w)
    await quiet(w)
    w.clock.advance(60_000)
    w.sandbox.person().papers.changeItem(there.id, { code: 'OIL-5' })
    await quiet(w, [/^Item OIL is called OIL-5 in Xero now\./])
    expect(items(w)).toMatchObject([{ code: 'OIL' }])
    await quiet(w)
  })

  test('is named on lines of the entities that want it, and of others that share the organisation once they do', async () => {
    const w = await open("INSERT INTO setting VALUES ('NZ01', 'items', 'off');")
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02'])
    w.sql("INSERT INTO setting VALUES ('NZ02', 'items', 'off');")
    make(w)
    await quiet(w)
    const owners = () =>
      w
        .query<{ entity: string }>("SELECT entity FROM export_state WHERE kind = 'item'")
        .map(({ entity }) => entity)
    expect(owners()).toEqual(['NZ01'])
    w.sql("INSERT INTO setting VALUES ('NZ02', 'items_pull', 'on')")
    await quiet(w)
    expect(owners()).toEqual(['NZ01', 'NZ02'])
    await quiet(w)
  })

  test('is not offered to another organisation, unless its documents name it', async () => {
    const w = await World.open({ sandbox: { organisations: [nzDemoCompany(), auDemoCompany()] } })
    world = w
    const [nz, au] = w.sandbox.organisations.map(({ tenantId }) => tenantId)
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    await w.must(['entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU'])
    await w.must(['connect', '--custom', '--entity', 'NZ01', '--tenant', nz ?? ''])
    await w.must(['connect', '--custom', '--entity', 'AU01', '--tenant', au ?? ''])
    w.sql(contactsSql(1) + on)
    const papers = w.sandbox.person(nz).papers
    papers.createItem({ code: 'OIL', name: 'Engine oil' })
    papers.createItem({ code: 'FILTER', name: 'Filter' })
    await quiet(w)
    // Once more: the first time AU01 had its run before NZ01 read any.
    await quiet(w)
    expect(w.sandbox.items(au)).toEqual([])
    w.sql(
      `${invoiceSql({ id: 'A' })} UPDATE document SET entity = 'AU01';
       UPDATE document_line SET kind = 'part', item = 'OIL', tax_code = 'OUTPUT' WHERE document = 'A';
       UPDATE item SET name = 'Ours' WHERE code = 'FILTER';`,
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(
      w.sandbox
        .items(au)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['FILTER', 'OIL'])
    expect(brokenPromises(w)).toEqual([])
  })
})

test('killed at any write after Xero was asked, the next run has each item once', async () => {
  const prepared = async () => {
    const w = await open()
    make(w)
    make(w, { ...oil, code: 'FILTER' })
    return w
  }
  const undisturbed = await prepared()
  let commits = 0
  let atAnswer = 0
  undisturbed.onExchange = ({ url }) => {
    if (url.includes('/Items')) atAnswer = commits
  }
  await undisturbed.run(['export'], { afterCommit: () => (commits += 1) })
  const expected = items(undisturbed)
  expect(expected).toHaveLength(2)
  await undisturbed.close()
  // The row of the log, what was read, how far it was read, what was taken over.
  for (let atCommit = atAnswer + 1; atCommit <= atAnswer + 4; atCommit += 1) {
    const w = await prepared()
    await w.run(['export'], { death: { atCommit } })
    w.clock.advance(20 * 60_000)
    await quiet(w)
    expect(items(w), `killed at commit ${atCommit}`).toEqual(expected)
    const states = w.query(
      "SELECT 1 FROM export_state WHERE kind = 'item' AND state = 'exported' AND queued = 0",
    )
    expect(states).toHaveLength(2)
    await w.close()
  }
})
