// The trial balance as the API answers it: what the month moved, what stands there, and whose sums agree.

import { afterEach, expect, test } from 'vitest'
import { day } from '../../test/support/books.ts'
import { loadOpenApi } from '../../test/support/openapi.ts'
import { cents } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

const openApi = loadOpenApi()

afterEach(stopSandboxes)

/** `Sales (200) |  | 200.00 |  | 300.00`, a line an account. */
async function listed(client: TestClient, date = '2026-11-30'): Promise<string[]> {
  const answer = await client.get(`/Reports/TrialBalance?date=${date}`)
  expect(answer.status, answer.text).toBe(200)
  const [report = {}] = answer.list('Reports')
  // As reports.ts shows them.
  const sections = (report['Rows'] as JsonObject[]).flatMap(
    (section) => (section['Rows'] ?? []) as JsonObject[],
  )
  return sections.map((row) => (row['Cells'] as JsonObject[]).map((cell) => cell['Value']).join(' | '))
}

const dates = ['2026-03-20', '2026-10-20', '2026-11-20', '2026-12-20']

test('the month, and what stands there: of income since the year began, of the rest since ever', async () => {
  const client = await startedSandbox()
  const person = client.sandbox.person()
  const contactId = person.createContact({ name: 'Acme' }).id
  for (const date of dates)
    person.createInvoice({ contactId, number: date, date: day(date), total: cents(11_500) })
  expect(await listed(client)).toEqual([
    'Sales (200) |  | 100.00 |  | 200.00',
    'Accounts Receivable (610) | 115.00 |  | 345.00 | ',
    'GST (820) |  | 15.00 |  | 45.00',
    'Total | 115.00 | 115.00 | 345.00 | 345.00',
  ])
  expect(await listed(client, '2026-11-19')).toContain('Sales (200) | 0.00 |  |  | 100.00')
  const calls = client.exchanges.filter(({ url }) => url.includes('/Reports'))
  expect(calls.flatMap((exchange) => openApi?.checkResponse(exchange) ?? [])).toEqual([])
})

test('only for whom the scope was given', async () => {
  const client = await startedSandbox({
    app: { clientId: 'id', clientSecret: 'secret', scopes: ['accounting.contacts'] },
  })
  const answer = await client.get('/Reports/TrialBalance')
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('insufficient_scope'),
  ])
})
