// Each fault, through the wire: what the client sees, and what Xero has afterwards.

import { afterEach, describe, expect, test } from 'vitest'
import { type FaultEffect, Faults } from './fault.ts'
import type { Json } from './json.ts'
import { startedSandbox, stopSandboxes, type TestClient, until } from './test-client.ts'

afterEach(stopSandboxes)

const threeContacts: Json = { Contacts: [{ Name: 'A' }, { Name: 'B' }, { Name: 'C' }] }
const names = (client: TestClient) =>
  client.sandbox
    .contacts()
    .map(({ name }) => name)
    .sort()
    .join('')

async function seen(client: TestClient): Promise<string> {
  try {
    const answer = await client.put('/Contacts', threeContacts, { 'idempotency-key': 'k' })
    const shown = answer.list('Contacts').map((contact) => contact['Name'])
    return `${answer.status} ${shown.length > 0 ? shown.join('') : (answer.headers.get('content-type') ?? 'nothing')}`
  } catch {
    return 'no answer'
  }
}

const json = 'application/json; charset=utf-8'

const outcomes: readonly [fault: FaultEffect, sees: string, stored: string][] = [
  [{ kind: 'error-before-commit' }, `500 ${json}`, ''],
  [{ kind: 'error-before-commit', status: 503 }, `503 ${json}`, ''],
  [{ kind: 'error-after-commit' }, `500 ${json}`, 'ABC'],
  [{ kind: 'error-after-commit', status: 503 }, `503 ${json}`, 'ABC'],
  [{ kind: 'drop-before-commit' }, 'no answer', ''],
  [{ kind: 'drop-after-commit' }, 'no answer', 'ABC'],
  [{ kind: 'partial-commit', stored: 2 }, `500 ${json}`, 'AB'],
  [{ kind: 'partial-commit', stored: 0 }, `500 ${json}`, ''],
  [{ kind: 'rate-limit', limit: 'minute', retryAfterS: 26 }, '429 nothing', ''],
  [{ kind: 'rate-limit', limit: 'day' }, '429 nothing', ''],
  [{ kind: 'garbage' }, '200 text/html; charset=utf-8', 'ABC'],
  [{ kind: 'garbage', isStored: false }, '200 text/html; charset=utf-8', ''],
  [{ kind: 'truncated' }, 'no answer', 'ABC'],
  [{ kind: 'truncated', isStored: false }, 'no answer', ''],
  [{ kind: 'proxy-html' }, '502 text/html', ''],
  [{ kind: 'proxy-html', status: 200 }, '200 text/html', ''],
  [{ kind: 'unauthorized' }, `401 ${json}`, ''],
  [{ kind: 'forbidden' }, `403 ${json}`, ''],
  [{ kind: 'shuffled-order' }, '200 BCA', 'ABC'],
  [{ kind: 'missing-element' }, '200 AB', 'ABC'],
]

describe('a fault', () => {
  test.each(outcomes)('%j: the client sees %s and Xero has %s', async (fault, sees, stored) => {
    const client = await startedSandbox()
    client.sandbox.fault({ method: 'PUT', ...fault })
    expect(await seen(client)).toBe(sees)
    expect(names(client)).toBe(stored)
  })

  const replays: readonly [fault: FaultEffect, sees: string, stored: string][] = [
    [{ kind: 'drop-before-commit' }, '200 ABC', 'ABC'],
    [{ kind: 'drop-after-commit' }, '200 ABC', 'ABC'],
    [{ kind: 'truncated' }, '200 ABC', 'ABC'],
    [{ kind: 'garbage' }, '200 ABC', 'ABC'],
    [{ kind: 'unauthorized' }, '200 ABC', 'ABC'],
    [{ kind: 'rate-limit', limit: 'minute' }, '200 ABC', 'ABC'],
    // Xero keeps its own failures under the key (§3.4).
    [{ kind: 'error-before-commit' }, `500 ${json}`, ''],
    [{ kind: 'error-after-commit' }, `500 ${json}`, 'ABC'],
    [{ kind: 'partial-commit', stored: 2 }, `500 ${json}`, 'AB'],
  ]
  test.each(replays)('%j, then the same call with the same key: %s', async (fault, sees, stored) => {
    const client = await startedSandbox()
    client.sandbox.fault({ method: 'PUT', ...fault })
    await seen(client)
    expect(await seen(client)).toBe(sees)
    expect(names(client)).toBe(stored)
  })

  test('late-commit stores although the client has gone', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'late-commit', afterMs: 90_000 })
    const patience = new AbortController()
    const call = client.api('PUT', '/Contacts', { body: threeContacts, signal: patience.signal })
    await until(() => client.clock.sleepers > 0)
    patience.abort()
    await expect(call).rejects.toThrow()
    expect(names(client)).toBe('')
    client.clock.advance(90_000)
    await client.sandbox.settleHeld()
    expect(names(client)).toBe('ABC')
    expect(client.sandbox.contacts()[0]?.updatedAt).toBe(client.clock.now())
  })

  test('a held commit is answered where the client has waited', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'late-commit', afterMs: 1000 })
    const call = seen(client)
    await until(() => client.clock.sleepers > 0)
    client.clock.advance(1000)
    expect(await call).toBe('200 ABC')
  })

  test('slow stores at once and answers later', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'slow', ms: 1000 })
    const call = seen(client)
    await until(() => client.clock.sleepers > 0)
    expect(names(client)).toBe('ABC')
    client.clock.advance(1000)
    expect(await call).toBe('200 ABC')
  })

  test('a black hole neither answers nor stores', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'black-hole' })
    const patience = new AbortController()
    const call = client.api('PUT', '/Contacts', { body: threeContacts, signal: patience.signal })
    await until(() => client.sandbox.counts.total >= 2)
    patience.abort()
    await expect(call).rejects.toThrow()
    expect(names(client)).toBe('')
    expect(client.exchanges.at(-1)).toMatchObject({ method: 'PUT', status: null, responseBody: null })
  })

  test('a sandbox that is closed drops what it holds', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'late-commit', afterMs: 1000 })
    const call = seen(client)
    await until(() => client.clock.sleepers > 0)
    await client.sandbox.close()
    client.clock.advance(1000)
    expect(await call).toBe('no answer')
    expect(names(client)).toBe('')
  })
})

describe('which request meets a fault', () => {
  const meetings: readonly [match: object, requests: [string, string][], met: number[]][] = [
    [
      {},
      [
        ['GET', '/A'],
        ['GET', '/A'],
      ],
      [0],
    ],
    [
      { method: 'PUT' },
      [
        ['GET', '/Invoices'],
        ['PUT', '/Invoices'],
        ['PUT', '/Invoices'],
      ],
      [1],
    ],
    [{ method: '*' }, [['GET', '/A']], [0]],
    [
      { path: '/Invoices' },
      [
        ['GET', '/InvoicesX'],
        ['GET', '/Invoices/1'],
        ['GET', '/Invoices'],
      ],
      [1],
    ],
    [
      { path: '^/(Invoices|Contacts)$' },
      [
        ['GET', '/Invoices/1'],
        ['GET', '/Contacts'],
      ],
      [1],
    ],
    [
      { path: '/A', nth: 2 },
      [
        ['GET', '/A'],
        ['GET', '/B'],
        ['GET', '/A'],
        ['GET', '/A'],
      ],
      [2],
    ],
    [
      { path: '/A', times: 2 },
      [
        ['GET', '/A'],
        ['GET', '/A'],
        ['GET', '/A'],
      ],
      [0, 1],
    ],
    [
      { path: '/A', nth: 2, times: 2 },
      [
        ['GET', '/A'],
        ['GET', '/A'],
        ['GET', '/A'],
        ['GET', '/A'],
      ],
      [1, 2],
    ],
  ]
  test.each(meetings)('%j', (match, requests, met) => {
    const faults = new Faults()
    faults.add({ ...match, kind: 'black-hole' })
    const found = requests.flatMap(([method, path], at) => (faults.meet(method, path) ? [at] : []))
    expect(found).toEqual(met)
  })

  test('of two the first added, the second with the next request', () => {
    const faults = new Faults()
    faults.add({ kind: 'black-hole' })
    faults.add({ kind: 'forbidden' })
    expect([0, 1, 2].map(() => faults.meet('GET', '/A')?.kind)).toEqual([
      'black-hole',
      'forbidden',
      undefined,
    ])
  })

  test('cleared faults meet nobody', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'forbidden' })
    client.sandbox.clearFaults()
    expect((await client.get('/Organisation')).status).toBe(200)
  })

  test('the token endpoint meets them too', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ path: '/connect/token', kind: 'error-before-commit', status: 503 })
    expect((await client.form('/connect/token', { grant_type: 'client_credentials' })).status).toBe(503)
  })
})
