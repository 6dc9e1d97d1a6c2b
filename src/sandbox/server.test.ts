// The sandbox as a process: what it refuses to know, its memory, its replays, its handles, and that writing stays cheap.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../accounting/money.ts'
import { nzDemoCompany } from './organisation.ts'
import { type Answer, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

describe('what it does not know', () => {
  const requests: readonly [what: string, ask: (client: TestClient) => Promise<Answer>, status: number][] = [
    ['an unknown path', (client) => client.get('/Budgets'), 404],
    ['a path in another case', (client) => client.get('/invoices'), 404],
    ['another method', (client) => client.api('DELETE', '/Invoices'), 405],
    [
      'a body that is no JSON by its type',
      (client) => client.put('/Contacts', {}, { 'content-type': 'text/plain' }),
      400,
    ],
    ['a broken escape', (client) => client.get('/Contacts/%E0%A4%A'), 404],
    [
      'more than ten megabytes',
      (client) => client.api('PUT', '/Contacts', { raw: ' '.repeat(10 * 1024 * 1024 + 1) }),
      413,
    ],
    ['another unitdp', (client) => client.get('/Invoices?unitdp=3'), 400],
  ]
  test.each(requests)('%s', async (_what, ask, status) => {
    expect((await ask(await startedSandbox())).status).toBe(status)
  })

  test('paths outside the API', async () => {
    const { sandbox } = await startedSandbox()
    for (const path of ['/', '/api.xro/1.0/Invoices', '/connect/authorize', '/connections']) {
      const answer = await fetch(sandbox.url + path)
      expect([path, answer.status]).toEqual([path, path === '/connections' ? 401 : 404])
    }
  })

  test('without Accept it answers XML (§1.5)', async () => {
    const client = await startedSandbox()
    client.sandbox.person().createContact({ name: 'Salt & Co' })
    const answer = await client.get('/Contacts', { accept: 'text/html' })
    expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(answer.text).toContain('<Name>Salt &amp; Co</Name>')
  })

  test('GET with the empty body that xero-node sends is a GET', async () => {
    const { sandbox, token } = await startedSandbox()
    const { request } = await import('node:http')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'content-type': 'application/json',
      }
      const call = request(`${sandbox.url}/api.xro/2.0/Organisation`, {
        headers: { ...headers, 'content-length': 2 },
      })
      call
        .on('response', (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end('{}')
    })
    expect(status).toBe(200)
  })
})

describe('the state file', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function stateFile(): string {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
    folders.push(folder)
    return join(folder, 'state.json')
  }

  test('brings everything back after a restart: documents, numbers, keys, meters, lock dates', async () => {
    const file = stateFile()
    const first = await startedSandbox({ stateFile: file, seed: 7 })
    const line = { Description: 'x', UnitAmount: 1, AccountCode: '200' }
    const invoice = { Type: 'ACCREC', Contact: { Name: 'Acme' }, LineItems: [line] }
    const made = await first.put('/Invoices', invoice, { 'idempotency-key': 'k' })
    first.sandbox.person().enableCurrency('EUR')
    await first.sandbox.close()

    const second = await startedSandbox({ stateFile: file, seed: 99 })
    expect(second.sandbox.invoices()).toEqual(first.sandbox.invoices())
    expect(second.sandbox.contacts()).toEqual(first.sandbox.contacts())
    expect(second.tenantId).toBe(first.tenantId)
    expect((await second.get('/Currencies')).list('Currencies')).toHaveLength(4)
    const replayed = await second.put('/Invoices', invoice, { 'idempotency-key': 'k' })
    expect(replayed.text).toBe(made.text)
    expect(replayed.headers.get('x-daylimit-remaining')).toBe('4997')
    const next = await second.put('/Invoices', invoice)
    expect(next.list('Invoices')[0]).toMatchObject({ InvoiceNumber: 'INV-0002' })
    expect(second.sandbox.invoices()[0]?.id).not.toBe(second.sandbox.invoices()[1]?.id)
  })

  test('is replaced whole', async () => {
    const file = stateFile()
    const client = await startedSandbox({ stateFile: file })
    await client.put('/Contacts', { Name: 'Acme' })
    expect(readdirSync(join(file, '..'))).toEqual(['state.json'])
  })
})

describe('handles', () => {
  test('the same seed and the same calls give the same bytes', async () => {
    const run = async () => {
      const client = await startedSandbox({ seed: 3 })
      await client.put('/Contacts', { Contacts: [{ Name: 'Acme' }, { Name: 'Bold' }] })
      return client.exchanges.map((exchange) => exchange.responseBody)
    }
    expect(await run()).toEqual(await run())
    const other = await startedSandbox({ seed: 4 })
    expect(other.tenantId).not.toBe((await startedSandbox({ seed: 3 })).tenantId)
  })

  test('exchanges tell what came and what went', async () => {
    const client = await startedSandbox()
    await client.put('/Contacts?summarizeErrors=false', { Name: 'Acme' }, { 'idempotency-key': 'k' })
    expect(client.exchanges.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/api.xro/2.0/Contacts?summarizeErrors=false',
      requestBody: '{"Name":"Acme"}',
      requestHeaders: { 'idempotency-key': 'k' },
      status: 200,
      responseHeaders: { 'X-DayLimit-Remaining': '4999' },
      at: client.clock.now(),
    })
  })

  test('requests are counted by route', async () => {
    const client = await startedSandbox()
    await client.get('/Contacts/one')
    await client.get('/Contacts/two')
    const byRoute = { 'POST /connect/token': 1, 'GET /Contacts/{ContactID}': 2 }
    expect(client.sandbox.counts).toEqual({ total: 3, byRoute })
  })

  test('a person’s changes move UpdatedDateUTC and are seen in the feed', async () => {
    const client = await startedSandbox({ organisations: [nzDemoCompany({ contacts: [{ name: 'Acme' }] })] })
    const person = client.sandbox.person()
    const contactId = client.sandbox.contacts()[0]?.id ?? ''
    client.clock.advance(60_000)
    person.renameContact(contactId, 'Acme Ltd')
    const { id } = person.createInvoice({ contactId, total: cents(11_500) })
    expect(person.editInvoiceTotal(id, cents(20_000))).toMatchObject({ total: 20_000, totalTax: 2609 })
    person.restoreContact(person.archiveContact(contactId).id)
    const since = { 'if-modified-since': '2026-11-22T21:00:59' }
    expect((await client.get('/Contacts', since)).list('Contacts')).toMatchObject([
      { Name: 'Acme Ltd', Phones: [{}, {}, {}, {}] },
    ])
    expect((await client.get('/Invoices', since)).list('Invoices')).toMatchObject([{ Total: 200 }])
    person.disconnect()
    expect((await client.get('/Invoices')).status).toBe(403)
    person.reconnect()
    expect((await client.get('/Invoices')).status).toBe(200)
  })

  test('faults can be set from a terminal', async () => {
    const client = await startedSandbox()
    const faults = (method: string, body?: object) =>
      fetch(`${client.sandbox.url}/_control/faults`, {
        method,
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    const fault = { method: 'GET', path: '/Contacts', kind: 'forbidden' }
    expect(await (await faults('POST', { fault: 'GET /Contacts forbidden' })).json()).toEqual({
      faults: [fault],
    })
    expect((await client.get('/Contacts')).status).toBe(403)
    await faults('POST', { fault: 'GET /Contacts forbidden' })
    expect(await (await faults('DELETE')).json()).toEqual({ faults: [] })
    expect((await client.get('/Contacts')).status).toBe(200)
    const wrong = await faults('POST', { fault: 'GET /Contacts explode' })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('is no kind of fault')])
    const counts = await fetch(`${client.sandbox.url}/_control/requests`)
    expect(await counts.json()).toMatchObject({ total: 3 })
  })

  test('two organisations keep apart', async () => {
    const client = await startedSandbox({
      organisations: [nzDemoCompany(), nzDemoCompany({ name: 'Second' })],
    })
    const second = client.sandbox.organisations[1]?.tenantId ?? ''
    await client.put('/Contacts', { Name: 'Acme' }, { 'xero-tenant-id': second })
    expect(client.sandbox.contacts()).toEqual([])
    expect(client.sandbox.contacts(second)).toHaveLength(1)
    expect(client.sandbox.person(second).createContact({ name: 'Bold' }).name).toBe('Bold')
    expect(() => client.sandbox.contacts('nobody')).toThrow('nobody')
  })
})
