// The gateway as batch uses it, against a server on this machine that answers as Xero does: what is asked, how often, and
// what comes of each answer.

import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { WriteRequest, XeroGateway } from './gateway.ts'
import { type GatewayOptions, openGateway } from './open-gateway.ts'
import {
  closedPort,
  createLog,
  defaultSettings,
  HandClock,
  type LoopbackServer,
  type Received,
  startHttp,
  startRaw,
} from './test-line.ts'

const tenantId = '099fef97-8baf-47dd-abbc-25ee95392a3f'
const id = (n: number) => `6f1c0a3e-6d0e-4b4e-9e0e-${String(n).padStart(12, '0')}`
const secret = 'MARKED-CLIENT-SECRET'

type Answer = (request: Received, response: ServerResponse, count: number) => void

/** Tokens are always granted; `answer` sees the calls of the API, counted from 1. */
async function startXero(answer: Answer): Promise<LoopbackServer & { calls: Received[] }> {
  const calls: Received[] = []
  let tokens = 0
  const server = await startHttp((request, response) => {
    if (request.url === '/connect/token') {
      tokens += 1
      return send(response, { access_token: `MARKED-ACCESS-${tokens}`, expires_in: 1800 })
    }
    answer(request, response, calls.push(request))
  })
  return Object.assign(server, { calls })
}

function send(
  response: ServerResponse,
  body: object,
  headers: Record<string, string> = {},
  status = 200,
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

function open(url: string, changes: Partial<GatewayOptions> = {}) {
  const clock = new HandClock()
  const log = createLog()
  const gateway = openGateway({
    apiUrl: url,
    identityUrl: url,
    tenantId,
    clientId: 'client-id',
    clientSecret: secret,
    scopes: ['accounting.invoices'],
    cacheFile: null,
    settings: defaultSettings,
    clock,
    recorder: log,
    callsUsedToday: 0,
    env: {},
    version: '1.2.3',
    ...changes,
  })
  return { gateway, clock, log }
}

async function withGateway<Value>(
  answer: Answer,
  work: (line: ReturnType<typeof open> & { server: Awaited<ReturnType<typeof startXero>> }) => Promise<Value>,
  changes: Partial<GatewayOptions> = {},
): Promise<Value> {
  await using server = await startXero(answer)
  const line = open(server.url, changes)
  try {
    return await work({ ...line, server })
  } finally {
    await line.gateway.close()
  }
}

const request: WriteRequest = {
  method: 'PUT',
  path: '/Invoices?summarizeErrors=false&unitdp=4',
  list: 'Invoices',
  body: Buffer.from('{"Invoices":[{"Type":"ACCREC"}]}'),
  idempotencyKey: 'key-1',
  timeoutMs: 60_000,
}

function invoiceRow(n: number, changes: object = {}) {
  return {
    InvoiceID: id(n),
    Type: 'ACCREC',
    InvoiceNumber: `INV-${n}`,
    Reference: '',
    Contact: { ContactID: id(900), Name: 'Marsh' },
    DateString: '2026-09-14T00:00:00',
    Date: '/Date(1789344000000+0000)/',
    CurrencyCode: 'NZD',
    Total: 115.29,
    TotalTax: 15.04,
    Status: 'AUTHORISED',
    AmountPaid: 10,
    Url: 'https://auxo-sync.localhost/NZ01/invoice/1',
    UpdatedDateUTC: '/Date(1789378199100+0000)/',
    SomethingNew: { later: true },
    ...changes,
  }
}

test('a write carries what xero-node would send, and tells the outcome, the meters and the time', async () => {
  const answer: Answer = (_, response) =>
    send(
      response,
      { Invoices: [{ InvoiceID: id(1), InvoiceNumber: 'INV-1', Total: 1, StatusAttributeString: 'OK' }] },
      {
        'x-daylimit-remaining': '4999',
        'x-minlimit-remaining': '59',
        'xero-correlation-id': 'corr-1',
        date: 'Sun, 22 Nov 2026 10:00:05 GMT',
      },
    )
  await withGateway(answer, async ({ gateway, server, log }) => {
    await gateway.ready('write')
    const { answer: told, result, serverTime } = await gateway.write(request)
    expect(told).toMatchObject({
      outcome: 'elements',
      elements: [{ xeroId: id(1), key: 'INV-1', total: 100 }],
    })
    expect(result).toMatchObject({
      status: 200,
      dayLeft: 4999,
      minuteLeft: 59,
      correlationId: 'corr-1',
      problem: null,
    })
    expect(Buffer.from(result.responseBody ?? []).toString()).toContain('"INV-1"')
    expect(serverTime).toBe(Date.UTC(2026, 10, 22, 10, 0, 5))
    expect(gateway.limits()).toEqual({ minuteLeft: 59, dayLeft: 4999 })
    expect(server.calls).toHaveLength(1)
    expect(server.calls[0]).toMatchObject({
      method: 'PUT',
      url: '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4',
      body: '{"Invoices":[{"Type":"ACCREC"}]}',
      headers: {
        authorization: 'Bearer MARKED-ACCESS-1',
        'xero-tenant-id': tenantId,
        'idempotency-key': 'key-1',
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'auxo-sync/1.2.3',
      },
    })
    // The sender of a chunk records its attempts itself; only the token is the gateway's own.
    expect(log.rows.map((row) => row.subject)).toEqual(['token'])
  })
})

const writes: { name: string; answer: Answer; outcome: string }[] = [
  { name: '500', answer: (_, response) => response.writeHead(500).end(), outcome: 'unknown' },
  { name: 'a reset', answer: (_, response) => response.socket?.resetAndDestroy(), outcome: 'unknown' },
  {
    name: 'a redirect',
    answer: (_, response) => response.writeHead(307, { location: '/x' }).end(),
    outcome: 'unknown',
  },
  { name: '429', answer: (_, response) => response.writeHead(429).end(), outcome: 'throttled' },
  { name: '401', answer: (_, response) => response.writeHead(401).end(), outcome: 'unauthorised' },
  { name: '403', answer: (_, response) => response.writeHead(403).end(), outcome: 'forbidden' },
  { name: '400', answer: (_, response) => send(response, { Message: 'No' }, {}, 400), outcome: 'refused' },
]

test.each(writes)('a write is one attempt, whatever comes of it: $name', async ({ answer, outcome }) => {
  await withGateway(answer, async ({ gateway, server }) => {
    await gateway.ready('write')
    const attempt = await gateway.write(request)
    expect(attempt.answer.outcome).toBe(outcome)
    expect(attempt.result.problem).not.toBeNull()
    expect(server.calls).toHaveLength(1)
  })
})

test('a write whose token cannot be had was never sent', async () => {
  const port = await closedPort()
  const { gateway, clock } = open(`http://127.0.0.1:${port}`)
  const attempt = await clock.run(gateway.write(request))
  expect(attempt.answer.outcome).toBe('never-sent')
  await expect(clock.run(gateway.ready('write'))).rejects.toMatchObject({ code: 'xero-away' })
  await gateway.close()
})

test('a write that Xero does not answer ends at its own time', async () => {
  await using server = await startRaw((socket, text) => {
    const body = '{"access_token":"MARKED-ACCESS-1","expires_in":1800}'
    if (text.startsWith('POST /connect/token') && text.includes('scope=')) {
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    }
  })
  const { gateway, clock } = open(server.url)
  await gateway.ready('write')
  const writing = gateway.write({ ...request, timeoutMs: 30_000 })
  while (!server.connections.join('').includes('PUT /')) await clock.advance(0)
  await clock.advance(30_000)
  expect((await writing).answer).toMatchObject({ outcome: 'unknown' })
  await gateway.close()
})

test('at most calls_at_once are under way, reads and writes together', async () => {
  let underWay = 0
  let most = 0
  const held: (() => void)[] = []
  const answer: Answer = (received, response) => {
    underWay += 1
    most = Math.max(most, underWay)
    held.push(() => {
      underWay -= 1
      send(response, received.method === 'GET' ? { Currencies: [] } : { Invoices: [] })
    })
  }
  const settings = { ...defaultSettings, calls_at_once: 2 }
  await withGateway(
    answer,
    async ({ gateway, clock }) => {
      let isDone = false
      const all = Promise.all([
        ...Array.from({ length: 4 }, () => gateway.write(request)),
        ...Array.from({ length: 4 }, () => gateway.currencies()),
      ]).then(() => {
        isDone = true
      })
      while (!isDone) {
        await clock.advance(0)
        if (underWay === 2 || held.length > 0) held.shift()?.()
      }
      await all
    },
    { settings },
  )
  expect(most).toBe(2)
})

test('each attempt of a read is a row of the log; what may pass is tried four times', async () => {
  const answer: Answer = (_, response, count) => {
    if (count === 1) response.writeHead(503).end()
    else if (count === 2) response.socket?.resetAndDestroy()
    else if (count === 3) response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
    else send(response, { Currencies: [{ Code: 'NZD' }] }, { 'x-daylimit-remaining': '77' })
  }
  await withGateway(answer, async ({ gateway, clock, log }) => {
    expect(await clock.run(gateway.currencies())).toEqual(['NZD'])
    const rows = log.rows.filter((row) => row.subject === 'currencies')
    expect(rows.map((row) => [row.attempt, row.path, row.result?.status, row.result?.dayLeft])).toEqual([
      [1, '/api.xro/2.0/Currencies', 503, null],
      [2, '/api.xro/2.0/Currencies', null, null],
      [3, '/api.xro/2.0/Currencies', 200, null],
      [4, '/api.xro/2.0/Currencies', 200, 77],
    ])
    expect(rows.map((row) => row.result?.problem !== null)).toEqual([true, true, true, false])
    expect(clock.slept).toEqual([1000, 2000, 4000])
  })
})

const failures: { name: string; answer: Answer; code: string; words: RegExp; calls: number }[] = [
  {
    name: 'Xero is down',
    answer: (_, response) => response.writeHead(500).end(),
    code: 'xero-away',
    words: /Reading currencies from Xero failed: the answer was 500/,
    calls: 4,
  },
  {
    name: 'a page of a proxy',
    answer: (_, response) => response.writeHead(200).end('<html>MARKED-ACCESS-1</html>'),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 4,
  },
  {
    name: 'a page of a proxy with 403',
    answer: (_, response) => response.writeHead(403).end('<html></html>'),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 1,
  },
  {
    name: 'the token is never accepted',
    answer: (_, response) => send(response, { Title: 'Unauthorized', Detail: 'TokenExpired' }, {}, 401),
    code: 'not-authorised',
    words: /does not accept the access token.*TokenExpired/,
    calls: 2,
  },
  {
    name: 'a scope is missing',
    answer: (_, response) =>
      send(response, { Title: 'Unauthorized', Detail: 'AuthorizationUnsuccessful' }, {}, 401),
    code: 'not-authorised',
    words: /does not allow reading: currencies/,
    calls: 2,
  },
  {
    name: 'another organisation',
    answer: (_, response) =>
      send(response, { Title: 'Forbidden', Detail: 'AuthenticationUnsuccessful' }, {}, 403),
    code: 'other-organisation',
    words: /not open to this organisation/,
    calls: 1,
  },
  {
    name: 'the day is over',
    answer: (_, response) =>
      response.writeHead(429, { 'x-rate-limit-problem': 'day', 'retry-after': '7200' }).end(),
    code: 'xero-limit',
    words: /until 2026-11-22 12:00 UTC \(in 2 hours\)/,
    calls: 1,
  },
  {
    name: 'a refusal',
    answer: (_, response) =>
      send(response, { Message: 'Your request is not filtering efficiently' }, {}, 400),
    code: 'xero-away',
    words: /not filtering efficiently/,
    calls: 1,
  },
  {
    name: 'the list is not there',
    answer: (_, response) => send(response, { Status: 'OK' }),
    code: 'xero-away',
    words: /about currencies cannot be read/,
    calls: 1,
  },
  {
    name: 'a list that is not found is no empty list',
    answer: (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end(),
    code: 'xero-away',
    words: /about currencies cannot be read/,
    calls: 1,
  },
]

test.each(failures)('a read that cannot be had, $name: $code', async ({ answer, code, words, calls }) => {
  await withGateway(answer, async ({ gateway, clock, server }) => {
    const reading = clock.run(gateway.currencies())
    await expect(reading).rejects.toMatchObject({ code })
    await expect(reading).rejects.toThrow(words)
    expect(server.calls).toHaveLength(calls)
  })
})

test('401 once: a new token, and the read goes on', async () => {
  const answer: Answer = (received, response) =>
    received.headers['authorization'] === 'Bearer MARKED-ACCESS-1'
      ? send(response, { title: 'Unauthorized', detail: 'AuthenticationUnsuccessful' }, {}, 401)
      : send(response, { Currencies: [] })
  await withGateway(answer, async ({ gateway, server }) => {
    expect(await gateway.currencies()).toEqual([])
    expect(server.calls.map((call) => call.headers['authorization'])).toEqual([
      'Bearer MARKED-ACCESS-1',
      'Bearer MARKED-ACCESS-2',
    ])
  })
})

test('a token that is forgotten is minted anew by the next ready', async () => {
  await withGateway(
    (_, response) => send(response, { Invoices: [] }),
    async ({ gateway, server }) => {
      await gateway.ready('write')
      gateway.discardToken()
      await gateway.ready('write')
      await gateway.write(request)
      expect(server.calls[0]?.headers['authorization']).toBe('Bearer MARKED-ACCESS-2')
    },
  )
})

test('the minute limit is waited for, then the read goes on', async () => {
  const answer: Answer = (_, response, count) =>
    count === 1
      ? response.writeHead(429, { 'x-rate-limit-problem': 'minute', 'retry-after': '26' }).end()
      : send(response, { Currencies: [] })
  await withGateway(answer, async ({ gateway, clock }) => {
    await clock.run(gateway.currencies())
    expect(clock.monotonicMs()).toBe(26_000)
  })
})

test('tokens do not count against the limits of the organisation', async () => {
  await withGateway(
    (_, response) => send(response, { Currencies: [] }),
    async ({ gateway, clock }) => {
      for (let index = 0; index < 3; index += 1) {
        gateway.discardToken()
        await gateway.currencies()
      }
      expect(clock.slept).toEqual([])
    },
    { settings: { ...defaultSettings, calls_per_minute: 3 } },
  )
})

test('the mirror: organisation, accounts, tax rates, tracking', async () => {
  const bodies: Record<string, object> = {
    '/api.xro/2.0/Organisation': {
      Organisations: [
        {
          Name: 'Demo',
          BaseCurrency: 'NZD',
          CountryCode: 'NZ',
          Timezone: 'NEWZEALANDSTANDARDTIME',
          PeriodLockDate: '/Date(1254268800000+0000)/',
          ShortCode: '!abc',
        },
      ],
    },
    '/api.xro/2.0/Accounts': {
      Accounts: [
        {
          AccountID: id(1),
          Name: 'Bank',
          Type: 'BANK',
          Class: 'ASSET',
          Status: 'ACTIVE',
          EnablePaymentsToAccount: false,
        },
        {
          AccountID: id(2),
          Code: '610',
          Name: 'AR',
          Type: 'CURRENT',
          Class: 'ASSET',
          SystemAccount: 'DEBTORS',
          TaxType: 'NONE',
        },
        {
          AccountID: id(3),
          Code: '200',
          Name: 'Sales',
          Type: 'REVENUE',
          Class: 'REVENUE',
          SystemAccount: '',
          TaxType: 'OUTPUT2',
        },
      ],
    },
    '/api.xro/2.0/TaxRates': {
      TaxRates: [
        { TaxType: 'OUTPUT', Name: '12.5%', Status: 'DELETED', EffectiveRate: 12.5, CanApplyToRevenue: true },
        { TaxType: 'X', Name: '8.1234%', EffectiveRate: 8.1234 },
      ],
    },
    '/api.xro/2.0/TrackingCategories?includeArchived=true': {
      TrackingCategories: [
        {
          TrackingCategoryID: id(4),
          Name: 'Region',
          Status: 'ACTIVE',
          Options: [{ TrackingOptionID: id(5), Name: 'North', Status: 'ARCHIVED' }],
        },
      ],
    },
  }
  await withGateway(
    (received, response) => send(response, bodies[received.url] ?? {}),
    async ({ gateway }) => {
      expect(await gateway.organisation()).toEqual({
        tenantId,
        name: 'Demo',
        baseCurrency: 'NZD',
        countryCode: 'NZ',
        timezone: 'NEWZEALANDSTANDARDTIME',
        periodLockDate: '2009-09-30',
        endOfYearLockDate: null,
        shortCode: '!abc',
      })
      expect(await gateway.accounts()).toMatchObject([
        { accountId: id(1), code: null, systemAccount: null, enablePayments: false },
        { code: '610', systemAccount: 'DEBTORS', taxType: 'NONE' },
        { code: '200', systemAccount: null, status: 'ACTIVE' },
      ])
      expect(await gateway.taxRates()).toMatchObject([
        { rate: 125_000, status: 'DELETED', canApplyTo: { revenue: true, assets: false } },
        { rate: 81_234 },
      ])
      expect(await gateway.trackingCategories()).toEqual([
        {
          categoryId: id(4),
          name: 'Region',
          status: 'ACTIVE',
          options: [{ optionId: id(5), name: 'North', status: 'ARCHIVED' }],
        },
      ])
    },
  )
})

test('invoices changed since: what is asked and what is read', async () => {
  const answer: Answer = (_, response) =>
    send(response, {
      pagination: { page: 1, pageSize: 200, pageCount: 1, itemCount: 2 },
      Invoices: [
        invoiceRow(1),
        invoiceRow(2, { Type: 'ACCPAY', InvoiceNumber: null, DateString: undefined }),
      ],
    })
  await withGateway(answer, async ({ gateway, server }) => {
    const { rows } = await gateway.invoicesSince(Date.UTC(2026, 10, 22, 9, 50, 0, 5))
    expect(server.calls[0]).toMatchObject({
      method: 'GET',
      url: '/api.xro/2.0/Invoices?page=1&pageSize=200',
      body: '',
      headers: {
        'if-modified-since': '2026-11-22T09:50:00.005Z',
        accept: 'application/json',
        'xero-tenant-id': tenantId,
      },
    })
    expect(server.calls[0]?.headers).not.toHaveProperty('idempotency-key')
    expect(rows).toMatchObject([
      {
        xeroId: id(1),
        type: 'ACCREC',
        number: 'INV-1',
        reference: null,
        contactId: id(900),
        date: '2026-09-14',
        currency: 'NZD',
        total: 11529,
        tax: 1504,
        status: 'AUTHORISED',
        amountPaid: 1000,
        amountCredited: 0,
        url: 'https://auxo-sync.localhost/NZ01/invoice/1',
        updatedAt: 1789378199100,
      },
      { type: 'ACCPAY', number: null, date: '2026-09-14' },
    ])
  })
})

test('a list is read to its end, whatever page size Xero grants; the last version of a row counts', async () => {
  const answer: Answer = (_, response, count) => {
    const first = {
      pagination: { page: 1, pageSize: 1, pageCount: 2, itemCount: 2 },
      Invoices: [invoiceRow(1)],
    }
    const moved = invoiceRow(1, { Status: 'VOIDED', UpdatedDateUTC: '/Date(1789378300000+0000)/' })
    const rest = { pagination: { page: 1, pageSize: 1, pageCount: 1, itemCount: 1 }, Invoices: [moved] }
    send(response, count === 1 ? first : rest)
  }
  await withGateway(answer, async ({ gateway, server }) => {
    const { rows } = await gateway.invoicesSince(0)
    expect(rows).toMatchObject([{ xeroId: id(1), status: 'VOIDED' }])
    expect(server.calls.map((call) => call.headers['if-modified-since'])).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2026-09-14T09:29:58.000Z',
    ])
  })
})

test('one row that cannot be read fails the whole read', async () => {
  await withGateway(
    (_, response) => send(response, { Invoices: [invoiceRow(1), invoiceRow(2, { Total: '1.10' })] }),
    async ({ gateway }) => {
      await expect(gateway.invoicesSince(0)).rejects.toMatchObject({ code: 'xero-away' })
      await expect(gateway.invoicesSince(0)).rejects.toThrow(/Invoices\.1\.Total/)
    },
  )
})

test('304 is an empty list; an answer whose time is not told is not one', async () => {
  const answer: Answer = (_, response, count) => {
    if (count === 1) response.writeHead(304).end()
    else {
      response.sendDate = false
      send(response, { DateTimeUTC: count === 2 ? '/Date(1789378199160)/' : undefined, Invoices: [] })
    }
  }
  await withGateway(answer, async ({ gateway, clock }) => {
    expect((await gateway.invoicesSince(0)).rows).toEqual([])
    expect(await gateway.invoicesSince(0)).toEqual({ rows: [], serverTime: 1789378199160 })
    await expect(clock.run(gateway.invoicesSince(0))).rejects.toMatchObject({ code: 'xero-away' })
  })
})

test('contacts changed since: archived included, largest pages, page by page', async () => {
  const rows = [
    {
      ContactID: id(1),
      Name: 'Marsh',
      ContactNumber: 'C1',
      EmailAddress: '',
      ContactStatus: 'ARCHIVED',
      MergedToContactID: id(2),
      Phones: [
        { PhoneType: 'DEFAULT', PhoneNumber: '', PhoneAreaCode: '', PhoneCountryCode: '' },
        { PhoneType: 'MOBILE', PhoneNumber: '123 456', PhoneAreaCode: '21', PhoneCountryCode: '64' },
        { PhoneType: 'DDI', PhoneNumber: '555' },
      ],
      UpdatedDateUTC: '/Date(1789378199100+0000)/',
    },
    { ContactID: id(2), Name: 'Ann', UpdatedDateUTC: '/Date(1789378199200+0000)/' },
  ]
  await withGateway(
    (_, response) => send(response, { Contacts: rows }, { date: 'Sun, 22 Nov 2026 10:00:05 GMT' }),
    async ({ gateway, server }) => {
      const pages: unknown[] = []
      const { serverTime } = await gateway.contactsSince(null, async (contacts, time) => {
        pages.push([contacts, time])
      })
      expect(serverTime).toBe(Date.UTC(2026, 10, 22, 10, 0, 5))
      expect(pages).toMatchObject([
        [
          [
            {
              contactId: id(1),
              name: 'Marsh',
              contactNumber: 'C1',
              email: null,
              phones: ['64 21 123 456', '555'],
              status: 'ARCHIVED',
              mergedTo: id(2),
              updatedAt: 1789378199100,
            },
            { contactId: id(2), contactNumber: null, phones: [], status: 'ACTIVE', mergedTo: null },
          ],
          serverTime,
        ],
      ])
      expect(server.calls).toHaveLength(1)
      expect(server.calls[0]?.url).toBe(
        '/api.xro/2.0/Contacts?order=UpdatedDateUTC%20ASC&includeArchived=true&page=1&pageSize=1000',
      )
      expect(server.calls[0]?.headers).not.toHaveProperty('if-modified-since')
    },
  )
})

test('one thing by id: found, or null where Xero knows none', async () => {
  const answer: Answer = (received, response) => {
    if (received.url === `/api.xro/2.0/Invoices/${id(1)}`) send(response, { Invoices: [invoiceRow(1)] })
    else response.writeHead(404, { 'content-type': 'text/html' }).end()
  }
  await withGateway(answer, async ({ gateway, server }) => {
    expect(await gateway.invoiceById(id(1))).toMatchObject({ number: 'INV-1' })
    expect(await gateway.invoiceById(id(2))).toBeNull()
    expect(await gateway.contactById('a/b?c')).toBeNull()
    expect(server.calls[2]?.url).toBe('/api.xro/2.0/Contacts/a%2Fb%3Fc')
  })
})

/** Numbers that a call asks for, out of its address. */
function numbersOf(call: Received): string[] {
  const query = new URL(call.url, 'http://x').searchParams
  return query.get('InvoiceNumbers')?.split(',') ?? [query.get('where') ?? '']
}

async function askFor(
  numbers: string[],
  rows: object[] = [],
): Promise<{ calls: Received[]; found: unknown }> {
  return withGateway(
    (_, response) => send(response, { Invoices: rows }),
    async ({ gateway, server }) => {
      const found = await gateway.invoicesByNumber(numbers)
      return { calls: server.calls, found: found.rows }
    },
  )
}

test('numbers are asked for in groups of at most forty, each once', async () => {
  const numbers = Array.from({ length: 95 }, (_, n) => `INV-${n}`)
  const { calls } = await askFor([...numbers, 'INV-0'])
  expect(calls.map((call) => numbersOf(call).length)).toEqual([40, 40, 15])
  expect(calls.flatMap(numbersOf)).toEqual(numbers)
})

test('no address is longer than 2,000 characters', async () => {
  const numbers = Array.from({ length: 100 }, (_, n) => `№ ${n} ${'é&#+%/ '.repeat(12)}`)
  const { calls } = await askFor(numbers)
  for (const call of calls)
    expect(call.url.length + 'http://127.0.0.1:12345'.length).toBeLessThanOrEqual(2000)
  expect(calls.flatMap(numbersOf)).toEqual(numbers)
})

test('a number with a comma is asked for alone, by a condition', async () => {
  const { calls } = await askFor(['A', 'B,1 & 2', 'C'])
  expect(calls.map(numbersOf)).toEqual([['InvoiceNumber=="B,1 & 2"'], ['A', 'C']])
})

test('of what has the number only sales invoices count; case and space do not', async () => {
  const rows = [
    invoiceRow(1, { InvoiceNumber: 'inv-7 ' }),
    invoiceRow(2, { InvoiceNumber: 'INV-7', Type: 'ACCPAY' }),
    invoiceRow(3, { InvoiceNumber: 'INV-70' }),
    invoiceRow(4, { InvoiceNumber: null }),
    invoiceRow(5, { InvoiceNumber: 'INV-7', Status: 'VOIDED' }),
  ]
  const { found } = await askFor(['INV-7'], rows)
  expect(found).toMatchObject([{ xeroId: id(1) }, { xeroId: id(5) }])
})

test('a number that Xero cannot be asked for is refused aloud', async () => {
  await expect(askFor(['A', 'B"C'])).rejects.toThrow(RangeError)
})

test('an answer too large to be read is asked for in smaller pages', async () => {
  const answer: Answer = (received, response) => {
    response.on('error', () => undefined)
    if (received.url.includes('pageSize=200')) {
      response.writeHead(200, { 'content-length': String(65 * 1024 * 1024) }).write('{')
    } else send(response, { Invoices: [invoiceRow(1)] })
  }
  await withGateway(answer, async ({ gateway, server }) => {
    expect((await gateway.invoicesSince(0)).rows).toHaveLength(1)
    expect(server.calls.map((call) => new URL(call.url, 'http://x').searchParams.get('pageSize'))).toEqual([
      '200',
      '20',
    ])
  })
})

test('no secret stands in an error, a reason or a log row, whatever the other side echoes', async () => {
  const basic = Buffer.from(`client-id:${secret}`).toString('base64')
  const echo = `Bearer MARKED-ACCESS-1 Basic ${basic} ${secret}`
  const answer: Answer = (received, response) => {
    if (received.method !== 'GET')
      send(
        response,
        { Message: echo, Invoices: [{ ValidationErrors: [{ Message: echo }] }] },
        {},
        received.url.includes('ok') ? 200 : 400,
      )
    else send(response, { Message: echo, Detail: echo }, {}, 500)
  }
  await withGateway(answer, async ({ gateway, clock, log }) => {
    const written = [
      await gateway.write(request),
      await gateway.write({ ...request, path: '/Invoices?ok=1' }),
    ]
    const error = await clock.run(gateway.currencies()).catch((caught: Error) => caught)
    const bodies = [...log.rows.map((row) => row.result), ...written.map((one) => one.result)].map((result) =>
      Buffer.from(result?.responseBody ?? []).toString('latin1'),
    )
    const all =
      JSON.stringify([written, log.rows]) + String(error instanceof Error && error.stack) + bodies.join()
    expect(bodies.join()).toContain('[hidden]')
    expect(all).not.toContain('MARKED')
    expect(all).not.toContain(basic)
  })
})

test.each([
  ['http://api.xero.com', false],
  ['https://api.xero.com/', true],
  ['http://localhost:9', true],
])('%s is accepted: %s', async (apiUrl, isAccepted) => {
  const opening = (): XeroGateway => open(apiUrl, { identityUrl: 'https://identity.xero.com' }).gateway
  if (!isAccepted) return expect(opening).toThrow(/must begin with https/)
  const gateway = opening()
  expect(gateway).toMatchObject({
    tenantId,
    apiUrl: apiUrl.replace(/\/$/, ''),
    isLoopback: apiUrl.includes('localhost'),
  })
  await gateway.close()
})

test('closing ends a call that waits for the minute', async () => {
  await withGateway(
    (_, response) => send(response, { Currencies: [] }),
    async ({ gateway, clock }) => {
      await gateway.currencies()
      const waiting = gateway.currencies()
      waiting.catch(() => undefined)
      while (clock.waiting === 0) await clock.advance(0)
      await gateway.close()
      await expect(waiting).rejects.toMatchObject({ code: 'interrupted' })
    },
    { settings: { ...defaultSettings, calls_per_minute: 1 } },
  )
})
