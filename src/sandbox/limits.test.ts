// Limits and the idempotency store, through the wire: what counts, what is turned away, what is replayed (§2.1, §3.4).

import { afterEach, describe, expect, test } from 'vitest'
import type { Json } from './json.ts'
import { type Answer, startedSandbox, stopSandboxes, type TestClient, until } from './test-client.ts'

afterEach(stopSandboxes)

const left = (answer: Answer) =>
  ['minlimit', 'daylimit'].map((name) => answer.headers.get(`x-${name}-remaining`))

describe('limits', () => {
  test('the 61st call of a minute is turned away with an empty body', async () => {
    const client = await startedSandbox()
    for (let call = 0; call < 60; call += 1) await client.get('/Organisation')
    client.clock.advance(34_000)
    const answer = await client.get('/Organisation')
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([429, '', null])
    expect(answer.headers.get('retry-after')).toBe('26')
    expect(answer.headers.get('x-rate-limit-problem')).toBe('minute')
    expect(left(answer)).toEqual(['0', '4940'])
    client.clock.advance(26_000)
    const next = await client.get('/Organisation')
    expect([next.status, ...left(next)]).toEqual([200, '59', '4939'])
  })

  test('the day limit says hours, and shows a full minute', async () => {
    const client = await startedSandbox({ limits: { day: 2 } })
    await client.get('/Organisation')
    await client.get('/Organisation')
    client.clock.advance(60_000)
    const answer = await client.get('/Organisation')
    expect(answer.status).toBe(429)
    expect(answer.headers.get('x-rate-limit-problem')).toBe('day')
    expect(answer.headers.get('retry-after')).toBe('86340')
    expect(left(answer)).toEqual(['60', '0'])
  })

  test('the sixth at the same time is turned away and not told when', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'slow', ms: 1000, times: 5 })
    const slow = Array.from({ length: 5 }, () => client.get('/Organisation'))
    await reached(client, 5)
    const answer = await client.get('/Organisation')
    expect(answer.status).toBe(429)
    expect(answer.headers.get('x-rate-limit-problem')).toBe('concurrent')
    expect(answer.headers.get('retry-after')).toBeNull()
    client.clock.advance(1000)
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await client.get('/Organisation')).status).toBe(200)
  })

  test('a refused call costs a call, an unauthorised one does not', async () => {
    const client = await startedSandbox()
    expect(left(await client.put('/Contacts', { Contacts: [{}] }))).toEqual(['59', '4999'])
    expect(left(await client.get('/Nothing'))).toEqual(['58', '4998'])
    const { token } = client
    client.token = 'garbage'
    await client.get('/Organisation')
    client.token = token
    expect(left(await client.get('/Organisation'))).toEqual(['57', '4997'])
  })

  test('every answer to a tenant carries meters, a correlation id and the time of the clock', async () => {
    const client = await startedSandbox()
    for (const answer of [
      await client.get('/Organisation'),
      await client.put('/Contacts', {}),
      await client.get('/No'),
    ]) {
      expect(answer.headers.get('x-appminlimit-remaining')).toMatch(/^99\d\d$/)
      expect(answer.headers.get('xero-correlation-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(answer.headers.get('date')).toBe('Sun, 22 Nov 2026 21:00:00 GMT')
    }
  })
})

/** Waits until so many requests are held on the clock. */
async function reached(client: TestClient, sleepers: number): Promise<void> {
  await until(() => client.clock.sleepers >= sleepers)
}

describe('the idempotency store', () => {
  const key = { 'idempotency-key': 'one' }
  const body = (name: string): Json => ({ Contacts: [{ Name: name }] })
  const names = (client: TestClient) => client.sandbox.contacts().map(({ name }) => name)

  test('replays the first answer byte for byte, for six minutes from the first call, and counts the call', async () => {
    const client = await startedSandbox()
    const first = await client.put('/Contacts', body('Acme'), key)
    client.clock.advance(359_000)
    const second = await client.put('/Contacts', body('Acme'), key)
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(left(second)).toEqual(['59', '4998'])
    client.clock.advance(1000)
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(400)
    expect(names(client)).toEqual(['Acme'])
  })

  const others: readonly [what: string, call: (client: TestClient) => Promise<Answer>][] = [
    ['another body', (client) => client.put('/Contacts', body('Bold'), key)],
    ['another method', (client) => client.post('/Contacts', body('Acme'), key)],
    ['another URL', (client) => client.put('/Contacts?summarizeErrors=false', body('Acme'), key)],
  ]
  test.each(others)('refuses the key with %s', async (_what, call) => {
    const client = await startedSandbox()
    await client.put('/Contacts', body('Acme'), key)
    const answer = await call(client)
    const message = 'Idempotency Key: one is used with a different request.'
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      Message: message,
      Elements: [{ ValidationErrors: [{ Message: message }] }],
    })
    expect(names(client)).toEqual(['Acme'])
  })

  test('replays a failure as well: the way out is a new key', async () => {
    const client = await startedSandbox()
    client.sandbox.fault({ kind: 'error-after-commit', status: 500 })
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(500)
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(500)
    expect(names(client)).toEqual(['Acme'])
    expect((await client.put('/Contacts', body('Bold'), { 'idempotency-key': 'two' })).status).toBe(200)
  })

  test.each([
    [true, 400],
    [false, 200],
  ])('validation answers are kept: %s', async (cachesValidationErrors, status) => {
    const client = await startedSandbox({ switches: { cachesValidationErrors } })
    const acme = client.sandbox.person().createContact({ name: 'Acme' })
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(400)
    client.sandbox.person().renameContact(acme.id, 'Acme Old')
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(status)
  })

  test('is the app’s, not the organisation’s, and means nothing to GET', async () => {
    const client = await startedSandbox()
    expect((await client.get('/Organisation', key)).status).toBe(200)
    expect((await client.get('/Accounts', key)).status).toBe(200)
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(200)
  })

  test.each([
    [128, 200],
    [129, 400],
  ])('a key of %i characters is answered %i', async (length, status) => {
    const client = await startedSandbox()
    const answer = await client.put('/Contacts', body('Acme'), { 'idempotency-key': 'k'.repeat(length) })
    expect(answer.status).toBe(status)
  })

  test('limits come before it: a replay above the limit is turned away', async () => {
    const client = await startedSandbox({ limits: { minute: 1 } })
    await client.put('/Contacts', body('Acme'), key)
    expect((await client.put('/Contacts', body('Acme'), key)).status).toBe(429)
  })

  const inFlight: readonly ['waits' | 'conflict' | 'executes-twice', statuses: number[], bills: number][] = [
    ['waits', [200, 200], 1],
    ['conflict', [200, 400], 1],
    ['executes-twice', [200, 200], 2],
  ]
  test.each(inFlight)(
    'the same key while its first call runs: %s',
    async (sameKeyInFlight, statuses, count) => {
      const client = await startedSandbox({ switches: { sameKeyInFlight } })
      const bill = {
        Type: 'ACCPAY',
        Contact: { Name: 'Supplier' },
        LineItems: [{ Description: 'Oil', UnitAmount: 10, AccountCode: '400' }],
      }
      client.sandbox.fault({ kind: 'late-commit', afterMs: 5000 })
      const first = client.put('/Invoices', bill, key)
      await reached(client, 1)
      const second = client.put('/Invoices', bill, key)
      await until(() => client.sandbox.counts.total >= 3)
      client.clock.advance(5000)
      expect([(await first).status, (await second).status]).toEqual(statuses)
      expect(client.sandbox.invoices()).toHaveLength(count)
    },
  )
})
