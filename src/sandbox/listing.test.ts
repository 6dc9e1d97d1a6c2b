// Lists: pages, If-Modified-Since, order, filters, and what an unpaged list of invoices leaves out (§2.3, §5).

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../accounting/money.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

/** Five invoices INV-1 to INV-5, a second apart. */
async function withFive(switches = {}): Promise<{ client: TestClient; ids: string[] }> {
  const client = await startedSandbox({ switches })
  const person = client.sandbox.person()
  const contact = person.createContact({ name: 'Acme' })
  const ids = [1, 2, 3, 4, 5].map((number) => {
    client.clock.advance(1000)
    return person.createInvoice({
      contactId: contact.id,
      number: `INV-${number}`,
      total: cents(11500 * number),
    }).id
  })
  return { client, ids }
}

const numbers = (answer: Awaited<ReturnType<TestClient['get']>>) =>
  answer
    .list('Invoices')
    .map((invoice) => String(invoice['InvoiceNumber']).slice(4))
    .join('')

describe('pages', () => {
  const pages: readonly [
    query: string,
    found: string,
    pagination: [page: number, size: number, count: number, items: number],
  ][] = [
    ['page=1', '12345', [1, 100, 1, 5]],
    ['page=1&pageSize=2', '12', [1, 2, 3, 5]],
    ['page=3&pageSize=2', '5', [3, 2, 3, 5]],
    ['page=4&pageSize=2', '', [4, 2, 3, 5]],
    ['pageSize=2', '12', [1, 2, 3, 5]],
    ['page=0&pageSize=0', '1', [1, 1, 5, 5]],
    ['page=1&pageSize=5000', '12345', [1, 1000, 1, 5]],
    ['summaryOnly=true', '12345', [1, 100, 1, 5]],
    ['Statuses=AUTHORISED', '12345', [1, 100, 1, 5]],
  ]
  test.each(pages)('%s', async (query, found, [page, pageSize, pageCount, itemCount]) => {
    const { client } = await withFive()
    const answer = await client.get(`/Invoices?${query}`)
    expect(numbers(answer)).toBe(found)
    expect(answer.json['pagination']).toEqual({ page, pageSize, pageCount, itemCount })
  })

  test('without one there are no lines and no pagination', async () => {
    const { client } = await withFive()
    const bare = await client.get('/Invoices')
    expect(bare.json).not.toHaveProperty('pagination')
    expect(bare.list('Invoices')[0]).toMatchObject({ LineItems: [], Contact: { Name: 'Acme', Phones: [] } })
    expect((await client.get('/Invoices?page=1')).list('Invoices')[0]).toMatchObject({
      LineItems: [{ Quantity: 1 }],
    })
  })

  test('a page that is no number is refused', async () => {
    const { client } = await withFive()
    expect((await client.get('/Invoices?page=one')).status).toBe(400)
  })
})

describe('If-Modified-Since', () => {
  const since: readonly [header: string, inclusive: boolean, found: string][] = [
    ['2026-11-22T21:00:03', true, '345'],
    ['2026-11-22T21:00:03', false, '45'],
    ['2026-11-22T21:00:03.900Z', true, '345'],
    ['Sun, 22 Nov 2026 21:00:05 GMT', true, '5'],
    ['2026-11-22T21:00:06', true, ''],
  ]
  test.each(since)('%s, inclusive %s: %s', async (header, modifiedSinceInclusive, found) => {
    const { client } = await withFive({ modifiedSinceInclusive })
    expect(numbers(await client.get('/Invoices?page=1', { 'if-modified-since': header }))).toBe(found)
  })

  test('an edited invoice moves to the end', async () => {
    const { client, ids } = await withFive()
    client.clock.advance(1000)
    client.sandbox.person().editInvoice(ids[1] ?? '', { reference: 'changed' })
    expect(numbers(await client.get('/Invoices?page=1'))).toBe('13452')
    expect(numbers(await client.get('/Invoices', { 'if-modified-since': '2026-11-22T21:00:06' }))).toBe('2')
  })

  test('it narrows a list by ids as well', async () => {
    const { client, ids } = await withFive()
    const path = `/Invoices?IDs=${ids[0]},${ids[4]}`
    expect(numbers(await client.get(path, { 'if-modified-since': '2026-11-22T21:00:04' }))).toBe('5')
  })

  test('a date that cannot be read is refused', async () => {
    const { client } = await withFive()
    expect((await client.get('/Invoices', { 'if-modified-since': 'yesterday' })).status).toBe(400)
  })

  test('voided and deleted documents stay in the feed', async () => {
    const { client, ids } = await withFive()
    client.sandbox.person().voidInvoice(ids[0] ?? '')
    client.sandbox.person().deleteInvoice(ids[1] ?? '')
    const answer = await client.get('/Invoices?page=1')
    const rows = answer.list('Invoices').map(({ Status, AmountDue }) => `${Status} ${AmountDue}`)
    expect(rows.sort().slice(0, 5)).toEqual([
      'AUTHORISED 345',
      'AUTHORISED 460',
      'AUTHORISED 575',
      'DELETED 0',
      'VOIDED 0',
    ])
  })
})

describe('filters', () => {
  const filters: readonly [query: (ids: string[], client: TestClient) => string, found: string][] = [
    [(ids) => `IDs=${ids[2]},${ids[0]}`, '31'],
    [() => 'InvoiceNumbers=INV-2,inv-4,INV-9', '24'],
    [(_ids, client) => `ContactIDs=${client.sandbox.contacts()[0]?.id}`, '12345'],
    [(ids) => `ContactIDs=${ids[0]}`, ''],
    [() => 'Statuses=DRAFT,VOIDED', ''],
    [() => 'searchTerm=inv-3', '3'],
    [() => `where=${encodeURIComponent('Total>=345 AND Total<500')}`, '34'],
    [() => `where=${encodeURIComponent('Contact.Name=="ACME" && InvoiceNumber=="INV-5"')}`, '5'],
    [() => `where=${encodeURIComponent('Date==DateTime(2026,11,23)')}`, '12345'],
    [() => `where=${encodeURIComponent('Date<DateTime(2026,11,23)')}`, ''],
    [(ids) => `where=${encodeURIComponent(`InvoiceID==guid("${ids[3]}")`)}`, '4'],
    [() => 'order=Total%20DESC', '54321'],
    [() => 'order=Date,InvoiceNumber%20DESC', '54321'],
  ]
  test.each(filters)('%s gives %s', async (query, found) => {
    const { client, ids } = await withFive()
    expect(numbers(await client.get(`/Invoices?${query(ids, client)}`))).toBe(found)
  })

  test.each(['where=Nonsense', 'order=Nonsense', 'page_size=100', 'PageSize=100'])(
    '%s is refused',
    async (query) => {
      const { client } = await withFive()
      const answer = await client.get(`/Invoices?${query}`)
      expect(answer.status).toBe(400)
      expect(answer.json).toMatchObject({ ErrorNumber: 16, Type: 'QueryParseException' })
    },
  )

  test('an unknown parameter is ignored where the switch says so', async () => {
    const { client } = await withFive({ unknownProperties: 'ignored' })
    expect((await client.get('/Invoices?page_size=2')).list('Invoices')).toHaveLength(5)
  })

  test.each([
    [52, 200],
    [53, 404],
  ])('%i ids with escaped commas: %i (§2.3)', async (count, status) => {
    const { client, ids } = await withFive()
    const list = Array.from({ length: count }, () => ids[0]).join('%2C')
    expect((await client.get(`/Invoices?IDs=${list}`)).status).toBe(status)
  })
})
