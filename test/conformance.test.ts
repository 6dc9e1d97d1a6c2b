// Every answer of the sandbox, through every operation it has, against Xero's published description.

import { afterEach, describe, expect, test } from 'vitest'
import { cents, e6 } from '../src/accounting/money.ts'
import type { JsonObject } from '../src/sandbox/json.ts'
import { auDemoCompany } from '../src/sandbox/organisation.ts'
import { startedSandbox, stopSandboxes, type TestClient } from '../src/sandbox/test-client.ts'
import { loadOpenApi, OpenApi } from './support/openapi.ts'

const openApi = loadOpenApi()

afterEach(stopSandboxes)

function findings(client: TestClient): string[] {
  if (!openApi) return []
  return client.exchanges
    .filter((exchange) => exchange.url.startsWith('/api.xro/'))
    .flatMap((exchange) =>
      openApi
        .checkResponse(exchange)
        .map((one) => ({ ...one, call: `${exchange.method} ${exchange.url} ${exchange.status}` })),
    )
    .filter((one) => one.level === 'error')
    .map((one) => `${one.call}: ${one.side} ${one.rule} ${one.at} ${one.detail}`)
}

const key = (() => {
  let number = 0
  return () => ({ 'idempotency-key': `conformance-${++number}` })
})()

const line: JsonObject = {
  Description: 'Brake pads',
  Quantity: 2,
  UnitAmount: 10.5,
  AccountCode: '200',
  TaxType: 'OUTPUT2',
  Tracking: [{ Name: 'Region', Option: 'North' }],
}

function invoice(contact: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    Type: 'ACCREC',
    Contact: contact,
    Date: '2026-11-20',
    DueDate: '2026-12-20',
    Status: 'AUTHORISED',
    LineItems: [line, { Description: 'Only words' }],
    ...more,
  }
}

async function settings(client: TestClient): Promise<void> {
  for (const path of ['/Organisation', '/Accounts', '/TaxRates', '/Currencies', '/TrackingCategories']) {
    expect((await client.get(path)).status, path).toBe(200)
  }
  const account = client.sandbox.organisations[0]?.accountByCode('200')
  await client.get(`/Accounts/${account?.id}`)
  await client.get(`/TrackingCategories/${client.sandbox.organisations[0]?.tracking[0]?.id}`)
  await client.get('/TrackingCategories?includeArchived=true')
  const created = { Code: '201', Name: 'Sales of parts', Type: 'REVENUE', TaxType: 'OUTPUT2' }
  expect((await client.put('/Accounts', created, key())).status).toBe(200)
  expect((await client.put('/Accounts', created, key())).status).toBe(400)
  expect((await client.put('/Currencies', { Code: 'EUR' }, key())).status).toBe(200)
}

async function contacts(client: TestClient): Promise<JsonObject> {
  const detail = {
    Name: 'Acme Motors',
    ContactNumber: 'C-1',
    EmailAddress: 'accounts@acme.example',
    Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '555 123', PhoneAreaCode: '21', PhoneCountryCode: '64' }],
    Addresses: [{ AddressType: 'STREET', AddressLine1: '1 High Street', City: 'Napier' }],
    ContactPersons: [{ FirstName: 'Ann', EmailAddress: 'ann@acme.example' }],
    PaymentTerms: { Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' } },
  }
  const made = await client.put('/Contacts', { Contacts: [detail, { Name: 'Bold Brakes' }] }, key())
  expect(made.status).toBe(200)
  const [acme = {}, bold = {}] = made.list('Contacts')
  expect((await client.put('/Contacts', { Contacts: [detail] }, key())).status).toBe(400)
  await client.put('/Contacts?summarizeErrors=false', { Contacts: [detail, { Name: 'Clean Cars' }] }, key())
  const { ContactID } = acme
  await client.post(`/Contacts/${ContactID}`, { Contacts: [{ FirstName: 'Ann' }] }, key())
  await client.post(
    '/Contacts',
    { Contacts: [{ ContactID: bold['ContactID'], ContactStatus: 'ARCHIVED' }] },
    key(),
  )
  await client.post(
    '/Contacts?summarizeErrors=false',
    { Contacts: [{ ContactID: bold['ContactID'], Name: 'B' }] },
    key(),
  )
  for (const query of [
    '',
    '?page=1&pageSize=2',
    '?summaryOnly=true',
    '?includeArchived=true',
    `?IDs=${ContactID}`,
  ]) {
    expect((await client.get(`/Contacts${query}`)).status, query).toBe(200)
  }
  await client.get('/Contacts', { 'if-modified-since': '2026-11-22T21:00:00' })
  await client.get(`/Contacts?where=${encodeURIComponent('Name=="acme motors"')}&order=Name`)
  await client.get('/Contacts/C-1')
  await client.get(`/Contacts/${ContactID}`)
  return { ContactID }
}

async function invoices(client: TestClient, contact: JsonObject): Promise<void> {
  const bill = invoice(contact, {
    Type: 'ACCPAY',
    InvoiceNumber: 'B-9',
    CurrencyCode: 'USD',
    LineItems: [{ ...line, AccountCode: '400', TaxType: 'INPUT2' }],
  })
  const made = await client.put(
    '/Invoices?unitdp=4',
    { Invoices: [invoice(contact), bill, invoice(contact, { Status: 'DRAFT' })] },
    key(),
  )
  expect(made.status).toBe(200)
  const [sent = {}, owed = {}, draft = {}] = made.list('Invoices')
  const mixed = { Invoices: [invoice(contact, { InvoiceNumber: sent['InvoiceNumber'] }), invoice(contact)] }
  expect((await client.put('/Invoices', mixed, key())).status).toBe(400)
  expect((await client.put('/Invoices?summarizeErrors=false', mixed, key())).status).toBe(200)
  const unknownTracking = { ...line, Tracking: [{ Name: 'Region', Option: 'Moon' }] }
  await client.put(
    '/Invoices?summarizeErrors=false',
    { Invoices: [invoice(contact, { LineItems: [unknownTracking] })] },
    key(),
  )
  await client.post(
    '/Invoices?summarizeErrors=false',
    { Invoices: [{ InvoiceID: sent['InvoiceID'], Status: 'DELETED' }] },
    key(),
  )
  await client.post(`/Invoices/${draft['InvoiceID']}`, { Invoices: [{ Status: 'DELETED' }] }, key())
  await client.post(`/Invoices/${draft['InvoiceID']}`, { Invoices: [{ Status: 'AUTHORISED' }] }, key())
  await client.post(
    '/Invoices',
    { Invoices: [{ InvoiceID: sent['InvoiceID'], Reference: 'changed' }] },
    key(),
  )
  await client.post('/Invoices', { Invoices: [{ InvoiceID: owed['InvoiceID'], Status: 'VOIDED' }] }, key())
  const queries = [
    '',
    '?page=1',
    '?page=1&pageSize=2&unitdp=4',
    '?summaryOnly=true',
    '?Statuses=VOIDED,DELETED',
  ]
  const more = [
    `?IDs=${sent['InvoiceID']}`,
    '?InvoiceNumbers=B-9',
    `?ContactIDs=${contact['ContactID']}&order=Date`,
  ]
  for (const query of [...queries, ...more])
    expect((await client.get(`/Invoices${query}`)).status, query).toBe(200)
  await client.get('/Invoices?page=1', { 'if-modified-since': '2026-11-22T21:00:00Z' })
  await client.get(
    `/Invoices?where=${encodeURIComponent(`Contact.ContactID==guid("${contact['ContactID']}")`)}`,
  )
  expect((await client.get(`/Invoices?where=${encodeURIComponent('Nonsense')}`)).status).toBe(400)
  await client.get(`/Invoices/${sent['InvoiceID']}`)
  await client.get(`/Invoices/${owed['InvoiceID']}`)
  await client.get(`/Invoices/${sent['InvoiceNumber']}`)
}

async function refusals(client: TestClient): Promise<void> {
  expect((await client.get('/Invoices/00000000-0000-0000-0000-0000000000aa')).status).toBe(404)
  expect((await client.api('PUT', '/Invoices', { raw: '{', headers: key() })).status).toBe(400)
  expect((await client.put('/Contacts', { Contacts: [] }, { 'idempotency-key': 'twice' })).status).toBe(200)
  expect((await client.put('/Contacts', { Contacts: [{}] }, { 'idempotency-key': 'twice' })).status).toBe(400)
  client.sandbox.fault({ kind: 'rate-limit', limit: 'minute', retryAfterS: 26 })
  expect((await client.get('/Invoices')).status).toBe(429)
  client.sandbox.fault({ kind: 'unauthorized' })
  expect((await client.get('/Invoices')).status).toBe(401)
  client.sandbox.fault({ kind: 'forbidden' })
  expect((await client.get('/Invoices')).status).toBe(403)
  client.sandbox.fault({ kind: 'error-after-commit' })
  expect((await client.get('/Invoices')).status).toBe(500)
}

describe.skipIf(!openApi)('what the sandbox answers is what Xero published', () => {
  for (const [name, seed] of [
    ['NZ', undefined],
    ['AU', [auDemoCompany()]],
  ] as const) {
    test(`reference data of a ${name} organisation`, async () => {
      const client = await startedSandbox(seed ? { organisations: seed } : {})
      for (const path of ['/Organisation', '/Accounts', '/TaxRates', '/Currencies', '/TrackingCategories']) {
        await client.get(path)
      }
      expect(findings(client)).toEqual([])
    })
  }

  // Requests are not checked here: some are wrong on purpose, to be refused.
  test('settings, contacts, invoices and refusals', async () => {
    const client = await startedSandbox({ limits: { minute: 1000 } })
    await settings(client)
    await invoices(client, await contacts(client))
    await refusals(client)
    expect(findings(client)).toEqual([])
  })

  test('documents with payments, credits and discounts, in every form', async () => {
    const client = await startedSandbox()
    const contact = { Name: 'Acme' }
    const discounted = { ...line, DiscountRate: 10 }
    const made = await client.put(
      '/Invoices',
      invoice(contact, { LineItems: [discounted], Url: 'https://app.example/1' }),
      key(),
    )
    const id = String(made.list('Invoices')[0]?.['InvoiceID'])
    const table = client.sandbox.organisations[0]?.invoices
    const stored = table?.get(id)
    if (!table || !stored) throw new Error('the invoice was not stored')
    const date = stored.date
    const credit = { id, number: 'CN-1', date, amount: cents(100), total: cents(500) }
    table.put({
      ...stored,
      payments: [{ id, date, amount: cents(500), reference: 'eftpos', currencyRate: e6(1_000_000) }],
      credits: [
        { ...credit, kind: 'CreditNote' },
        { ...credit, kind: 'Prepayment' },
        { ...credit, kind: 'Overpayment' },
      ],
    })
    for (const path of [`/Invoices/${id}`, '/Invoices', '/Invoices?page=1']) await client.get(path)
    await client.post(
      '/Invoices?summarizeErrors=false',
      { Invoices: [{ InvoiceID: id, Status: 'VOIDED' }] },
      key(),
    )
    expect(findings(client)).toEqual([])
  })
})

describe('the checker can find', () => {
  const yaml = `
openapi: 3.0.0
paths:
  /Things:
    put:
      operationId: createThings
      parameters:
        - { name: unitdp, in: query, schema: { type: integer } }
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses:
        '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' }, example: { Shown: 1 } } } }
components:
  schemas:
    Thing:
      type: object
      properties:
        Name: { type: string, maxLength: 3 }
        Status: { type: string, enum: [OPEN] }
        Id: { type: string, format: uuid }
        Date: { type: string, x-is-msdate: true }
        Amount: { type: number, x-is-money: true }
`
  const good = {
    method: 'PUT',
    url: '/api.xro/2.0/Things?unitdp=4',
    requestHeaders: {
      authorization: 'Bearer x',
      accept: 'application/json',
      'content-type': 'application/json',
      'idempotency-key': 'k',
    },
    requestBody: '{"Name":"abc","Date":"2026-11-22"}',
    status: 200,
    responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
    responseBody: '{"Name":"abc","Shown":2,"Date":"/Date(0+0000)/"}',
  }

  test('nothing wrong with a good exchange', () => {
    expect(new OpenApi(yaml).check(good)).toEqual([])
  })

  const bad: readonly [what: string, change: Partial<typeof good>, rule: string][] = [
    ['an unknown path', { url: '/api.xro/2.0/Thongs' }, 'path-unknown'],
    ['an unknown method', { method: 'DELETE' }, 'method-unknown'],
    ['an unknown parameter', { url: '/api.xro/2.0/Things?unitDp=4' }, 'query-unknown'],
    ['a parameter of another type', { url: '/api.xro/2.0/Things?unitdp=x' }, 'query-type'],
    ['a wrongly-cased property', { requestBody: '{"name":"abc"}' }, 'unknown-property'],
    ['a text that is too long', { requestBody: '{"Name":"abcd"}' }, 'schema'],
    ['a wrong word', { requestBody: '{"Status":"SHUT"}' }, 'schema'],
    ['a wrong id', { responseBody: '{"Id":"zz"}' }, 'schema'],
    ['money with five decimals', { responseBody: '{"Amount":0.30001}' }, 'money'],
    ['an ISO date in an answer', { responseBody: '{"Date":"2026-11-22"}' }, 'date'],
    ['a slashed date in a request', { requestBody: '{"Date":"22/11/2026"}' }, 'date'],
    ['half an answer', { responseBody: '{"Name":"a' }, 'json'],
    ['an undocumented status', { status: 409 }, 'status'],
    ['a 429 that does not say when', { status: 429 }, 'retry-after'],
    ['no token', { requestHeaders: { ...good.requestHeaders, authorization: '' } }, 'authorization'],
    ['no key', { requestHeaders: { ...good.requestHeaders, 'idempotency-key': '' } }, 'idempotency-key'],
  ]
  test.each(bad)('%s', (_what, change, rule) => {
    expect(new OpenApi(yaml).check({ ...good, ...change }).map((one) => one.rule)).toContain(rule)
  })
})
