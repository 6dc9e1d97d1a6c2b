// Items through the wire: creating, matching by code, prices, what tracked items refuse, and items on lines (§4.8, §0.1).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import { cents, e4 } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import { nzDemoCompany } from './organisation.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { line, putOne, sale } from './test-documents.ts'

afterEach(stopSandboxes)

const zero = '00000000-0000-0000-0000-000000000000'
const pad: JsonObject = {
  Code: 'PAD-1',
  Name: 'Brake pads',
  Description: 'Front brake pads',
  PurchaseDescription: 'Pads, box of 4',
  SalesDetails: { UnitPrice: 12.3456, AccountCode: '200', TaxType: 'OUTPUT2' },
  PurchaseDetails: { UnitPrice: 7.5, AccountCode: '300', TaxType: 'INPUT2' },
}

async function withItems(): Promise<TestClient> {
  return startedSandbox({
    limits: { minute: 1000 },
    organisations: [
      nzDemoCompany({
        items: [
          {
            code: 'STK',
            name: 'Stocked',
            tracked: { quantityOnHand: e4(100_000), totalCostPool: cents(2500) },
          },
        ],
      }),
    ],
  })
}

async function write(
  client: TestClient,
  method: 'PUT' | 'POST',
  item: JsonObject,
  query = '',
): Promise<JsonObject> {
  const answer = await client.api(method, `/Items?summarizeErrors=false${query}`, { body: { Items: [item] } })
  return answer.list('Items')[0] ?? { status: answer.status, ...answer.json }
}

const refusals: readonly [sent: JsonObject, errors: string[]][] = [
  [{ Code: 'stk' }, ["Price List Item with Code 'stk' already exists"]],
  [{ Name: 'No code' }, ['Price List Item Code must be supplied.']],
  [{ Code: 'c'.repeat(31) }, ['The Item field Code must not be longer than 30 characters.']],
  [{ Code: 'A', Name: 'n'.repeat(51) }, ['The Item field Name must not be longer than 50 characters.']],
  [
    { Code: 'A', SalesDetails: { AccountCode: '999' } },
    ["Account code '999' is not a valid code for this document."],
  ],
  [
    { Code: 'A', PurchaseDetails: { AccountCode: '090' } },
    ["Account code '090' is not a valid code for this document."],
  ],
  [
    { Code: 'A', SalesDetails: { AccountCode: '200', TaxType: 'INPUT2' } },
    ["The TaxType code 'INPUT2' cannot be used with account code '200'."],
  ],
  [
    { Code: 'A', SalesDetails: { TaxType: 'NOPE' } },
    ['The TaxType code NOPE does not exist or cannot be used for this type of transaction.'],
  ],
  [
    { Code: 'A', InventoryAssetAccountCode: '630', PurchaseDetails: { COGSAccountCode: '310' } },
    ['The sandbox does not change how an item is tracked.'],
  ],
  [{ Code: 'A', ItemID: zero }, ['An Item that is created cannot name an ItemID.']],
]

describe('creating', () => {
  test.each(refusals)('%j is refused', async (sent, errors) => {
    const client = await withItems()
    const element = await write(client, 'PUT', sent)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({ ItemID: zero, StatusAttributeString: 'ERROR' })
    expect(client.sandbox.items()).toHaveLength(1)
  })

  test('keeps two decimals, or four with unitdp=4, and its answer has no zone in its date', async () => {
    const client = await withItems()
    const two = await write(client, 'PUT', pad)
    const four = await write(client, 'PUT', { ...pad, Code: 'PAD-2' }, '&unitdp=4')
    expect(two['SalesDetails']).toMatchObject({ UnitPrice: 12.35 })
    expect(four['SalesDetails']).toMatchObject({ UnitPrice: 12.3456 })
    expect(two['UpdatedDateUTC']).toBe(`/Date(${client.clock.now()})/`)
    expect(two).not.toHaveProperty('HasErrors')
    const [, listed] = (await client.get('/Items?unitdp=4&order=Code%20DESC')).list('Items')
    expect(listed).toMatchObject({ Code: 'PAD-2', UpdatedDateUTC: `/Date(${client.clock.now()}+0000)/` })
    expect(violations(client.exchanges)).toEqual([])
  })

  test('a bad one of two makes the default mode a 400 and stores neither', async () => {
    const client = await withItems()
    const answer = await client.put('/Items', { Items: [pad, { Code: 'STK' }] })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ ErrorNumber: 10, Elements: [{ Code: 'STK' }] })
    expect(client.sandbox.items()).toHaveLength(1)
  })

  test('501 at once are refused whole', async () => {
    const client = await withItems()
    const many = Array.from({ length: 501 }, (_, at) => ({ Code: `C${at}` }))
    expect((await client.put('/Items', { Items: many })).status).toBe(400)
    expect(client.sandbox.items()).toHaveLength(1)
  })
})

describe('editing', () => {
  test('POST without an id edits the item with that code and leaves unsent fields', async () => {
    const client = await withItems()
    await write(client, 'PUT', pad)
    const edited = await write(client, 'POST', { Code: 'pad-1', SalesDetails: { UnitPrice: 20 } })
    expect(edited).toMatchObject({
      Name: 'Brake pads',
      SalesDetails: { UnitPrice: 20, AccountCode: '200' },
      PurchaseDetails: { UnitPrice: 7.5 },
    })
    expect(client.sandbox.items()).toHaveLength(2)
  })

  test('by id and by code in the path; an unknown id is refused, an unknown path is a 404', async () => {
    const client = await withItems()
    const { ItemID } = await write(client, 'POST', pad)
    const body = { Items: [{ Code: 'PAD-1', Name: 'Pads' }] }
    expect((await client.post(`/Items/${ItemID}`, body)).list('Items')[0]).toMatchObject({ Name: 'Pads' })
    expect((await client.post('/Items/PAD-1', body)).status).toBe(200)
    expect((await client.get('/Items/PAD-1')).list('Items')[0]).toMatchObject({ ItemID })
    expect((await client.get(`/Items/${ItemID}`)).list('Items')[0]).toMatchObject({ Code: 'PAD-1' })
    expect((await client.get('/Items/NONE')).status).toBe(404)
    expect(errorsOf(await write(client, 'POST', { ...pad, ItemID: zero }))).toEqual([
      'An existing Item with the specified ItemID could not be found',
    ])
  })

  test('switching a side off empties it', async () => {
    const client = await withItems()
    await write(client, 'PUT', pad)
    const edited = await write(client, 'POST', { Code: 'PAD-1', IsSold: false })
    expect(edited).toMatchObject({ SalesDetails: {}, PurchaseDetails: { UnitPrice: 7.5 } })
    expect(edited).not.toHaveProperty('Description')
    expect(edited['SalesDetails']).not.toHaveProperty('UnitPrice')
  })

  test('quantity and cost of a tracked item are read-only', async () => {
    const client = await withItems()
    const edited = await write(client, 'POST', {
      Code: 'STK',
      Name: 'Renamed',
      QuantityOnHand: 99,
      TotalCostPool: 1,
      InventoryAssetAccountCode: '630',
    })
    expect(edited).toMatchObject({
      Name: 'Renamed',
      IsTrackedAsInventory: true,
      QuantityOnHand: 10,
      TotalCostPool: 25,
      PurchaseDetails: { COGSAccountCode: '310' },
    })
  })
})

describe('lists', () => {
  test('where on Code and If-Modified-Since', async () => {
    const client = await withItems()
    client.clock.advance(5000)
    await write(client, 'PUT', pad)
    const where = `/Items?where=${encodeURIComponent('Code=="pad-1"')}`
    expect((await client.get(where)).list('Items')).toHaveLength(1)
    const since = new Date(client.clock.now()).toISOString()
    expect((await client.get('/Items', { 'if-modified-since': since })).list('Items')).toHaveLength(1)
    expect((await client.get('/Items')).list('Items')).toHaveLength(2)
  })

  test('writing needs accounting.settings; reading is content with invoices', async () => {
    const client = await withItems()
    await client.connect('accounting.invoices')
    expect((await client.get('/Items')).status).toBe(200)
    expect((await client.put('/Items', pad)).status).toBe(401)
  })
})

describe('on lines', () => {
  const { UnitAmount: _price, Description: _text, AccountCode: _account, ...bare } = line

  test('an unknown item is refused', async () => {
    const client = await withItems()
    const element = await putOne(client, { ...sale, LineItems: [{ ...line, ItemCode: 'NONE' }] })
    expect(errorsOf(element)).toEqual(["Item code 'NONE' is not valid"])
  })

  test('a known item fills what the line leaves out', async () => {
    const client = await withItems()
    await write(client, 'PUT', pad)
    const element = await putOne(client, { ...sale, LineItems: [{ ...bare, ItemCode: 'PAD-1' }] })
    expect(element['LineItems']).toMatchObject([
      {
        ItemCode: 'PAD-1',
        Description: 'Front brake pads',
        UnitAmount: 12.35,
        AccountCode: '200',
        LineAmount: 24.7,
        TaxType: 'OUTPUT2',
      },
    ])
    const bill = { ...sale, Type: 'ACCPAY', LineItems: [{ ...bare, ItemCode: 'PAD-1' }] }
    expect((await putOne(client, bill))['LineItems']).toMatchObject([
      { Description: 'Pads, box of 4', UnitAmount: 7.5, AccountCode: '300' },
    ])
  })

  test('what the line says wins, and itemDefaults=left-out fills nothing', async () => {
    const client = await withItems()
    await write(client, 'PUT', pad)
    const said = await putOne(client, { ...sale, LineItems: [{ ...line, ItemCode: 'PAD-1' }] })
    expect(said['LineItems']).toMatchObject([{ Description: 'Part', UnitAmount: 10.5 }])
    client.sandbox.switches.itemDefaults = 'left-out'
    const bareSale = { ...sale, LineItems: [{ ...bare, ItemCode: 'PAD-1' }] }
    expect(errorsOf(await putOne(client, bareSale))).toContain('The account code or ID must be specified')
  })
})
