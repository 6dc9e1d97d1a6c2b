// The feeds of reference data: what is asked in which words, and what is read out of the answers.

import { describe, expect, test } from 'vitest'
import { id, send, withGateway } from './test-gateway.ts'

const stamp = '/Date(1789378199100+0000)/'
const since = Date.parse('2026-11-22T08:05:09Z')

const item = (n: number, changes: object = {}) => ({
  ItemID: id(n),
  Code: `I${n}`,
  Name: 'Oil filter',
  Description: 'Filter for sale',
  PurchaseDescription: 'Filter to buy',
  SalesDetails: { UnitPrice: 12.3456, AccountCode: '200', TaxType: 'OUTPUT2' },
  PurchaseDetails: { UnitPrice: 5, COGSAccountCode: '310' },
  IsTrackedAsInventory: true,
  QuantityOnHand: 7.5,
  TotalCostPool: 37.5,
  UpdatedDateUTC: '/Date(1789378199100)/',
  ...changes,
})

describe('items', () => {
  test('changed since: asked at four decimals, read with what they bring to lines', async () => {
    await withGateway(
      (_, response) =>
        send(response, { Items: [item(1), { ItemID: id(2), Code: 'I2', UpdatedDateUTC: stamp }] }),
      async ({ gateway, server, clock }) => {
        const { rows } = await clock.run(gateway.itemFeed(since))
        expect(server.calls.map(({ url, headers }) => [url, headers['if-modified-since']])).toEqual([
          ['/api.xro/2.0/Items?unitdp=4', '2026-11-22T08:05:09.000Z'],
        ])
        expect(rows).toEqual([
          {
            xeroId: id(1),
            code: 'I1',
            name: 'Oil filter',
            description: 'Filter for sale',
            sale: { price: 123_456, account: '200', taxType: 'OUTPUT2' },
            purchase: { price: 50_000, account: null, taxType: null },
            isTracked: true,
            quantityOnHand: 75_000,
            totalCost: 3_750,
            updatedAt: 1789378199100,
          },
          {
            xeroId: id(2),
            code: 'I2',
            name: null,
            description: null,
            sale: { price: null, account: null, taxType: null },
            purchase: { price: null, account: null, taxType: null },
            isTracked: false,
            quantityOnHand: null,
            totalCost: null,
            updatedAt: 1789378199100,
          },
        ])
      },
    )
  })

  test('304: nothing changed', async () => {
    await withGateway(
      (_, response) => send(response, {}, { date: 'Sun, 22 Nov 2026 10:00:05 GMT' }, 304),
      async ({ gateway, clock }) => {
        expect(await clock.run(gateway.itemFeed(since))).toEqual({
          rows: [],
          serverTime: Date.parse('2026-11-22T10:00:05Z'),
        })
      },
    )
  })

  test.each([
    ['a list that is not there at all', 404, {}],
    ['a row without its id', 200, { Items: [item(1, { ItemID: undefined })] }],
    ['a price that is none', 200, { Items: [item(1, { SalesDetails: { UnitPrice: 'free' } })] }],
  ])('%s is no empty list', async (_title, status, body) => {
    await withGateway(
      (_, response) => send(response, body, {}, status),
      async ({ gateway, clock }) => {
        await expect(clock.run(gateway.itemFeed(null))).rejects.toMatchObject({ code: 'xero-away' })
      },
    )
  })
})

test('manual journals: by change and without an order, amounts without their tax', async () => {
  const line = { LineAmount: 115, TaxAmount: 15, TaxType: 'INPUT2', AccountCode: '400', Description: 'Oil' }
  const journal = {
    ManualJournalID: id(5),
    Narration: 'Accrual',
    Date: '/Date(1789344000000+0000)/',
    LineAmountTypes: 'Inclusive',
    JournalLines: [
      { ...line, Tracking: [{ Name: 'Region', Option: 'North' }] },
      { LineAmount: -115, AccountID: id(9) },
    ],
    Status: 'VOIDED',
    UpdatedDateUTC: stamp,
  }
  await withGateway(
    (_, response) => send(response, { ManualJournals: [journal] }),
    async ({ gateway, server, clock }) => {
      const rows: unknown[] = []
      await clock.run(gateway.manualJournalFeed(null, async (page) => void rows.push(...page)))
      expect(server.calls.map(({ url, headers }) => [url, headers['if-modified-since']])).toEqual([
        ['/api.xro/2.0/ManualJournals?page=1&pageSize=500', undefined],
      ])
      expect(rows).toMatchObject([
        {
          xeroId: id(5),
          status: 'VOIDED',
          narration: 'Accrual',
          date: '2026-09-14',
          url: null,
          lines: [
            {
              account: '400',
              description: 'Oil',
              amount: 10_000,
              tax: 1_500,
              taxType: 'INPUT2',
              tracking: [{ category: 'Region', option: 'North' }],
            },
            { account: id(9), amount: -11_500, tax: 0, taxType: null, tracking: [] },
          ],
        },
      ])
    },
  )
})

test('generated journals: behind a number, a call at a time', async () => {
  const journal = {
    JournalID: id(6),
    JournalDate: '/Date(1789344000000+0000)/',
    JournalNumber: 101,
    CreatedDateUTC: stamp,
    Reference: '',
    SourceID: id(7),
    SourceType: 'ACCREC',
    JournalLines: [
      {
        AccountCode: '200',
        AccountName: 'Sales',
        NetAmount: -100,
        TaxAmount: -15,
        GrossAmount: -115,
        TaxType: 'OUTPUT2',
      },
      { AccountCode: '610', AccountName: 'Accounts Receivable', NetAmount: 115, TaxAmount: 0 },
      { AccountID: id(8), NetAmount: -15 },
    ],
  }
  await withGateway(
    (_, response) => send(response, { Journals: [journal] }),
    async ({ gateway, server, clock }) => {
      const rows = await clock.run(gateway.generatedJournals(100, since))
      expect(server.calls.map(({ url, headers }) => [url, headers['if-modified-since']])).toEqual([
        ['/api.xro/2.0/Journals?offset=100', '2026-11-22T08:05:09.000Z'],
      ])
      expect(rows).toMatchObject([
        {
          xeroId: id(6),
          number: 101,
          date: '2026-09-14',
          createdAt: 1789378199100,
          reference: null,
          sourceId: id(7),
          sourceType: 'ACCREC',
          lines: [
            { account: '200', accountName: 'Sales', amount: -10_000, tax: -1_500, taxType: 'OUTPUT2' },
            { account: '610', amount: 11_500 },
            { account: id(8), accountName: null, amount: -1_500, tax: 0 },
          ],
        },
      ])
    },
  )
})
