// Purchase orders through the wire: numbers, statuses, lines with four decimals, and contacts that they never make (§4.9).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import { parseDate } from '../accounting/calendar.ts'
import { localAsUtc } from './dates.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient, warningsOf } from './test-client.ts'

afterEach(stopSandboxes)

const zero = '00000000-0000-0000-0000-000000000000'
const line: JsonObject = {
  Description: 'Brake fluid',
  Quantity: 3,
  UnitAmount: 1.2345,
  AccountCode: '300',
  TaxType: 'INPUT2',
}
const order: JsonObject = {
  PurchaseOrderNumber: 'P-1',
  Contact: { Name: 'Bosch' },
  Date: '2026-11-20',
  DeliveryDate: '2026-11-25',
  Reference: 'Job 7',
  Status: 'AUTHORISED',
  LineItems: [line],
}
const change = (more: JsonObject): JsonObject => ({ ...order, ...more })

async function started(switches: Partial<Switches> = {}): Promise<TestClient> {
  const client = await startedSandbox({ switches, limits: { minute: 1000 } })
  client.sandbox.person().createContact({ name: 'Bosch' })
  return client
}

async function write(
  client: TestClient,
  sent: JsonObject,
  method: 'PUT' | 'POST' = 'PUT',
): Promise<JsonObject> {
  const body = { PurchaseOrders: [sent] }
  const answer = await client.api(method, '/PurchaseOrders?summarizeErrors=false', { body })
  return answer.list('PurchaseOrders')[0] ?? { status: answer.status, ...answer.json }
}

const refusals: readonly [why: string, sent: JsonObject, errors: string[]][] = [
  ['no contact', change({ Contact: {} }), ['A Contact must be specified for this type of transaction']],
  [
    'a contact that is not there',
    change({ Contact: { Name: 'Nobody' } }),
    ['A Contact must be specified for this type of transaction'],
  ],
  ['no lines', change({ LineItems: [] }), ['One or more line items must be specified']],
  [
    'no account where it is approved',
    change({ LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 1 }] }),
    ['The account code or ID must be specified'],
  ],
  [
    'an unknown account',
    change({ LineItems: [{ ...line, AccountCode: '999' }] }),
    ["Account code '999' is not a valid code for this document."],
  ],
  [
    'an unknown item',
    change({ LineItems: [{ ...line, ItemCode: 'NONE' }] }),
    ["Item code 'NONE' is not valid"],
  ],
  [
    'a currency that is not enabled',
    change({ CurrencyCode: 'EUR' }),
    ['Organisation is not subscribed to currency EUR'],
  ],
  [
    'long instructions',
    change({ DeliveryInstructions: 'x'.repeat(501) }),
    ['The PurchaseOrder field DeliveryInstructions must not be longer than 500 characters.'],
  ],
  ['deleted from the start', change({ Status: 'DELETED' }), ['PurchaseOrder status change is invalid']],
  [
    'an id on what is new',
    change({ PurchaseOrderID: zero }),
    ['A PurchaseOrder that is created cannot name a PurchaseOrderID.'],
  ],
]

describe('creating', () => {
  test.each(refusals)('%s is refused', async (_why, sent, errors) => {
    const client = await started()
    const element = await write(client, sent)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({ PurchaseOrderID: zero, HasErrors: true, StatusAttributeString: 'ERROR' })
    expect(client.sandbox.purchaseOrders()).toHaveLength(0)
    expect(client.sandbox.contacts()).toHaveLength(1)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('prices keep four decimals without asking, and discounts are allowed', async () => {
    const client = await started()
    const made = await write(client, change({ LineItems: [line, { ...line, DiscountRate: 10 }] }))
    expect(made).toMatchObject({
      LineItems: [
        { UnitAmount: 1.2345, LineAmount: 3.7, TaxAmount: 0.56 },
        { LineAmount: 3.33, TaxAmount: 0.5 },
      ],
      SubTotal: 7.03,
      TotalTax: 1.06,
      Total: 8.09,
      TotalDiscount: 0.37,
      Reference: 'Job 7',
    })
    expect(violations(client.exchanges)).toEqual([])
  })

  test('makes nobody a supplier, and dates the contact by the clock on the wall', async () => {
    const client = await started()
    const made = await write(client, change({ Status: 'BILLED' }))
    const stamped = client.clock.now() + 13 * 3_600_000
    expect(made['Contact']).toMatchObject({
      IsSupplier: false,
      UpdatedDateUTC: `/Date(${stamped}+0000)/`,
    })
    expect(client.sandbox.contacts()).toMatchObject([{ isSupplier: false, isCustomer: false }])
  })

  test('a number is one order, also once it is deleted; without one Xero numbers', async () => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, order)
    const taken = ['Order number must be unique']
    expect(errorsOf(await write(client, change({ PurchaseOrderNumber: 'p-1' })))).toEqual(taken)
    await write(client, { PurchaseOrderID, Status: 'DELETED' }, 'POST')
    expect(errorsOf(await write(client, order))).toEqual(taken)
    const { PurchaseOrderNumber: _number, ...unnumbered } = order
    expect((await write(client, unnumbered))['PurchaseOrderNumber']).toBe('PO-0002')
    const batch = {
      PurchaseOrders: [change({ PurchaseOrderNumber: 'X' }), change({ PurchaseOrderNumber: 'X' })],
    }
    const answer = await client.put('/PurchaseOrders?summarizeErrors=false', batch)
    expect(answer.list('PurchaseOrders').map((one) => one['HasErrors'])).toEqual([false, true])
    expect(violations(client.exchanges)).toEqual([])
  })

  test('SentToContact of a draft is left alone with a warning', async () => {
    const client = await started()
    const draft = await write(client, change({ Status: 'DRAFT', SentToContact: true }))
    expect(warningsOf(draft)).toEqual([
      'Only AUTHORISED and BILLED purchase orders may have SentToContact updated.',
    ])
    expect(draft).toMatchObject({ SentToContact: false, StatusAttributeString: 'WARNING' })
  })

  test('dates in locked periods are no concern of orders', async () => {
    const client = await started()
    client.sandbox.person().setLockDate(parseDate('2026-12-31'))
    expect(errorsOf(await write(client, change({ PurchaseOrderNumber: 'P-2' })))).toEqual([])
  })
})

describe('editing', () => {
  const moves: readonly [from: string, to: string, isAllowed: boolean][] = [
    ['DRAFT', 'BILLED', true],
    ['SUBMITTED', 'DRAFT', true],
    ['AUTHORISED', 'BILLED', true],
    ['AUTHORISED', 'DRAFT', false],
    ['BILLED', 'DELETED', true],
    ['BILLED', 'DRAFT', false],
  ]
  test.each(moves)('%s to %s', async (from, to, isAllowed) => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, change({ Status: from }))
    const moved = await write(client, { PurchaseOrderID, Status: to }, 'POST')
    expect(errorsOf(moved)).toEqual(isAllowed ? [] : ['PurchaseOrder status change is invalid'])
    expect(client.sandbox.purchaseOrders()).toMatchObject([{ status: isAllowed ? to : from }])
  })

  test('POST by number finds a deleted order, which cannot be changed', async () => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, order)
    await write(client, { PurchaseOrderID, Status: 'DELETED' }, 'POST')
    const again = await write(client, order, 'POST')
    expect(errorsOf(again)).toEqual([
      'PurchaseOrder status change is invalid',
      'Deleted PurchaseOrders cannot be updated',
    ])
    expect(again).toMatchObject({ PurchaseOrderID, Status: 'AUTHORISED' })
  })

  test('lines stay with their ids where none are sent; a billed order is closed, or open by the switch', async () => {
    const client = await started()
    const made = await write(client, order)
    const { PurchaseOrderID } = made
    const edited = await write(client, { PurchaseOrderID, Reference: 'Job 8' }, 'POST')
    expect(edited['Reference']).toBe('Job 8')
    expect(edited['LineItems']).toEqual(made['LineItems'])
    await write(client, { PurchaseOrderID, Status: 'BILLED' }, 'POST')
    const closed = await write(client, { PurchaseOrderID, Reference: 'Job 9' }, 'POST')
    expect(errorsOf(closed)).toEqual(['Billed PurchaseOrders cannot be updated'])
    client.sandbox.switches.billedOrderEdit = 'allowed'
    expect(await write(client, { PurchaseOrderID, Reference: 'Job 9' }, 'POST')).toMatchObject({
      Reference: 'Job 9',
      Status: 'BILLED',
    })
    expect(violations(client.exchanges)).toEqual([])
  })

  test('by the id in the path; unknown ids', async () => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, order)
    const body = { PurchaseOrders: [{ AttentionTo: 'Ann' }] }
    const answer = await client.post(`/PurchaseOrders/${PurchaseOrderID}`, body)
    expect(answer.list('PurchaseOrders')).toMatchObject([{ AttentionTo: 'Ann' }])
    expect((await client.post(`/PurchaseOrders/${zero}`, body)).status).toBe(404)
    expect(errorsOf(await write(client, change({ PurchaseOrderID: zero }), 'POST'))).toEqual([
      'An existing PurchaseOrder with the specified PurchaseOrderID could not be found',
    ])
  })
})

describe('reading', () => {
  test('always in pages, by status and dates, never by where', async () => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, order)
    client.clock.advance(5000)
    await write(client, change({ PurchaseOrderNumber: 'P-2', Date: '2026-11-21', Status: 'DRAFT' }))
    const numbers = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await client.get(`/PurchaseOrders${query}`, headers)
      expect(answer.json).toHaveProperty('pagination')
      return answer.list('PurchaseOrders').map((one) => one['PurchaseOrderNumber'])
    }
    expect(await numbers('')).toEqual(['P-1', 'P-2'])
    expect(await numbers('?pageSize=1&page=2')).toEqual(['P-2'])
    expect(await numbers('?Status=DRAFT')).toEqual(['P-2'])
    expect(await numbers('?DateFrom=2026-11-20&DateTo=2026-11-20')).toEqual(['P-1'])
    expect(await numbers('?order=PurchaseOrderNumber%20DESC')).toEqual(['P-2', 'P-1'])
    const since = new Date(client.clock.now()).toISOString()
    expect(await numbers('', { 'if-modified-since': since })).toEqual(['P-2'])
    const single = [{ PurchaseOrderID, HasAttachments: false }]
    const byId = await client.get(`/PurchaseOrders/${PurchaseOrderID}`)
    expect(byId.list('PurchaseOrders')).toMatchObject(single)
    expect(violations(client.exchanges)).toEqual([])
    // The description has this twice, by id and by number, and its checker knows the first alone.
    expect((await client.get('/PurchaseOrders/P-1')).list('PurchaseOrders')).toMatchObject(single)
    expect((await client.get('/PurchaseOrders/P-9')).status).toBe(404)
    expect((await client.get('/PurchaseOrders?where=Status%3D%3D%22DRAFT%22')).status).toBe(400)
    expect((await client.get('/PurchaseOrders?Status=OPEN')).status).toBe(400)
  })

  test('an order takes files and notes', async () => {
    const client = await started()
    const { PurchaseOrderID } = await write(client, order)
    const path = `/PurchaseOrders/${PurchaseOrderID}`
    const headers = { 'content-type': 'text/plain' }
    expect((await client.api('PUT', `${path}/Attachments/a.txt`, { raw: 'Hello', headers })).status).toBe(200)
    await client.put(`${path}/History`, { HistoryRecords: [{ Details: 'Run 1' }] })
    expect((await client.get(path)).list('PurchaseOrders')).toMatchObject([{ HasAttachments: true }])
    expect(violations(client.exchanges)).toEqual([])
  })
})

test('drop-after-commit: the number tells that it is there', async () => {
  const client = await started()
  client.sandbox.fault({ method: 'PUT', path: '/PurchaseOrders', kind: 'drop-after-commit' })
  await expect(write(client, order)).rejects.toThrow()
  expect(errorsOf(await write(client, order))).toEqual(['Order number must be unique'])
})

test.each([
  ['Pacific/Auckland', '2026-11-22T21:00:00.123Z', '2026-11-23T10:00:00.123Z'],
  ['Pacific/Auckland', '2026-06-22T12:30:00.000Z', '2026-06-23T00:30:00.000Z'],
  ['America/New_York', '2026-11-22T03:00:00.000Z', '2026-11-21T22:00:00.000Z'],
])('the wall clock in %s at %s', (zone, at, local) => {
  expect(new Date(localAsUtc(Date.parse(at), zone)).toISOString()).toBe(local)
})
