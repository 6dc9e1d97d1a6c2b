// The questions that are put to Xero: what is asked in which words, and what is read out of the answers.

import { expect, test } from 'vitest'
import { type Answer, id, send, tenantId, withGateway } from './test-gateway.ts'
import type { Received } from './test-line.ts'

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
    AmountDue: 105.29,
    Url: 'https://auxo-sync.localhost/NZ01/invoice/1',
    UpdatedDateUTC: '/Date(1789378199100+0000)/',
    SomethingNew: { later: true },
    ...changes,
  }
}

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
      pagination: { page: 1, pageSize: 500, pageCount: 1, itemCount: 2 },
      Invoices: [
        invoiceRow(1),
        invoiceRow(2, { Type: 'ACCPAY', InvoiceNumber: null, DateString: undefined }),
      ],
    })
  await withGateway(answer, async ({ gateway, server }) => {
    const { rows } = await gateway.invoicesSince(Date.UTC(2026, 10, 22, 9, 50, 0, 5))
    expect(server.calls[0]).toMatchObject({
      method: 'GET',
      url: '/api.xro/2.0/Invoices?page=1&pageSize=500',
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

test('a list that is not found is no empty list', async () => {
  await withGateway(
    (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end(),
    async ({ gateway }) => {
      await expect(gateway.invoicesSince(0)).rejects.toMatchObject({ code: 'xero-away' })
      await expect(gateway.contactsSince(null, async () => undefined)).rejects.toMatchObject({
        code: 'xero-away',
      })
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

test('invoices of several pages count as of the first: what is stored meanwhile may be missed', async () => {
  const changed = (second: number) => ({ UpdatedDateUTC: `/Date(${1789378199000 + second * 1000}+0000)/` })
  const full = Array.from({ length: 500 }, (_, index) => invoiceRow(index + 1, changed(index)))
  const answer: Answer = (_, response, count) => {
    const date = `Sun, 22 Nov 2026 10:00:0${count} GMT`
    send(response, { Invoices: count === 1 ? full : [invoiceRow(501, changed(501))] }, { date })
  }
  await withGateway(answer, async ({ gateway }) => {
    const { rows, serverTime } = await gateway.invoicesSince(0)
    expect(rows).toHaveLength(501)
    expect(serverTime).toBe(Date.UTC(2026, 10, 22, 10, 0, 1))
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
      FirstName: 'Ann',
      LastName: '',
      Addresses: [
        {
          AddressType: 'STREET',
          AddressLine1: '1 Quay St',
          AddressLine3: 'Level 2',
          City: 'Napier',
          Country: '',
        },
        { AddressType: 'POBOX', City: '' },
      ],
      ContactPersons: [
        { FirstName: 'Bob', LastName: 'Lee', EmailAddress: 'bob@marsh.test', IncludeInEmails: true },
      ],
      IsCustomer: true,
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
              inXero: {
                card: {
                  fields: {
                    name: 'Marsh',
                    first_name: 'Ann',
                    mobile: '64 21 123 456',
                    street_1: '1 Quay St',
                    city: 'Napier',
                  },
                  people: [
                    {
                      position: 1,
                      firstName: 'Bob',
                      lastName: 'Lee',
                      email: 'bob@marsh.test',
                      includeInEmails: true,
                    },
                  ],
                },
                addresses: [
                  {
                    type: 'STREET',
                    parts: { AddressLine1: '1 Quay St', AddressLine3: 'Level 2', City: 'Napier' },
                  },
                  { type: 'POBOX', parts: {} },
                ],
                isCustomer: true,
                isSupplier: false,
              },
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

test('of several calls the earliest time counts: nothing is known of what came later', async () => {
  const dates = ['Sun, 22 Nov 2026 10:00:05 GMT', 'Sun, 22 Nov 2026 10:00:09 GMT']
  await withGateway(
    (_, response, count) => send(response, { Invoices: [] }, { date: dates[count - 1] ?? '' }),
    async ({ gateway }) => {
      const { serverTime } = await gateway.invoicesByNumber(['A', 'B,C'])
      expect(serverTime).toBe(Date.UTC(2026, 10, 22, 10, 0, 5))
    },
  )
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
    if (received.url.includes('pageSize=500')) {
      response.writeHead(200, { 'content-length': String(65 * 1024 * 1024) }).write('{')
    } else send(response, { Invoices: [invoiceRow(1)] })
  }
  await withGateway(answer, async ({ gateway, server }) => {
    expect((await gateway.invoicesSince(0)).rows).toHaveLength(1)
    expect(server.calls.map((call) => new URL(call.url, 'http://x').searchParams.get('pageSize'))).toEqual([
      '500',
      '50',
    ])
  })
})
