// Tokens, connections, tenants and scopes: who is let in, and the exact form of each refusal (§1).

import { afterEach, describe, expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { auDemoCompany, nzDemoCompany } from './organisation.ts'
import { startedSandbox, stopSandboxes } from './test-client.ts'

afterEach(stopSandboxes)

const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
const ask = { grant_type: 'client_credentials', scope: 'accounting.invoices' }

describe('the token endpoint', () => {
  test('grants half an hour for the scopes that were asked', async () => {
    const client = await startedSandbox()
    const answer = await client.form('/connect/token', ask)
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({
      expires_in: 1800,
      token_type: 'Bearer',
      scope: 'accounting.invoices',
    })
  })

  const refusals: readonly [
    what: string,
    fields: Record<string, string>,
    headers: Record<string, string>,
    error: string,
  ][] = [
    ['a wrong secret', ask, basic('SANDBOX0CLIENT0ID:wrong'), 'invalid_client'],
    ['a wrong id', ask, basic('nobody:sandbox-client-secret'), 'invalid_client'],
    ['an empty id', ask, basic(':sandbox-client-secret'), 'invalid_request'],
    ['no Basic', ask, { authorization: '' }, 'invalid_request'],
    ['a JSON body', ask, { 'content-type': 'application/json' }, 'invalid_request'],
    ['no grant type', { scope: 'accounting.invoices' }, {}, 'invalid_request'],
    ['another grant', { ...ask, grant_type: 'password' }, {}, 'unsupported_grant_type'],
    [
      'a scope that the app has not',
      { ...ask, scope: 'accounting.invoices accounting.budgets.read' },
      {},
      'invalid_scope',
    ],
    [
      'a refresh token, which custom connections have not',
      { ...ask, scope: 'offline_access' },
      {},
      'invalid_scope',
    ],
  ]
  test.each(refusals)('refuses %s', async (_what, fields, headers, error) => {
    const client = await startedSandbox()
    const answer = await client.form('/connect/token', fields, headers)
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({ error })
  })

  test.each([
    ['all', 200],
    ['refused', 400],
  ] as const)('without scope: %s', async (tokenWithoutScope, status) => {
    const client = await startedSandbox({ switches: { tokenWithoutScope } })
    expect((await client.form('/connect/token', { grant_type: 'client_credentials' })).status).toBe(status)
  })
})

describe('the door of the API', () => {
  const problem = (Title: string, Status: number, Detail: string): JsonObject => ({
    Type: null,
    Title,
    Status,
    Detail,
    Instance: expect.any(String) as string,
    Extensions: {},
  })

  test('an expired token is told when it expired', async () => {
    const client = await startedSandbox()
    client.clock.advance(1799_000)
    expect((await client.get('/Organisation')).status).toBe(200)
    client.clock.advance(1000)
    const answer = await client.get('/Organisation')
    expect(answer.status).toBe(401)
    expect(answer.json).toEqual(
      problem('Unauthorized', 401, 'TokenExpired: token expired at 11/22/2026 21:30:00'),
    )
    expect(answer.headers.get('x-minlimit-remaining')).toBeNull()
  })

  test.each(['nonsense', 'a.b.c', ''])('a garbage token (%s) meets lower-case keys', async (token) => {
    const client = await startedSandbox()
    client.token = token
    const answer = await client.get('/Organisation')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error=invalid_token')
    expect(answer.json).toMatchObject({
      title: 'Unauthorized',
      status: 401,
      detail: 'AuthenticationUnsuccessful',
    })
  })

  test('a revoked token is garbage', async () => {
    const client = await startedSandbox()
    const answer = await client.form('/connect/revocation', { token: client.token })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await client.get('/Organisation')).json).toMatchObject({ detail: 'AuthenticationUnsuccessful' })
  })

  const scopes: readonly [scope: string, method: string, path: string, status: number][] = [
    ['accounting.invoices.read', 'GET', '/Invoices', 200],
    ['accounting.invoices.read', 'PUT', '/Invoices', 401],
    ['accounting.invoices', 'GET', '/Invoices', 200],
    ['accounting.invoices', 'GET', '/Contacts', 401],
    ['accounting.settings.read', 'GET', '/Accounts', 200],
    ['accounting.settings.read', 'PUT', '/Currencies', 401],
  ]
  test.each(scopes)('with %s, %s %s is %i', async (scope, method, path, status) => {
    const client = await startedSandbox()
    await client.connect(scope)
    const answer = await client.api(method, path, method === 'GET' ? {} : { body: {} })
    expect(answer.status).toBe(status)
    if (status === 200) return
    expect(answer.json).toEqual(problem('Unauthorized', 401, 'AuthorizationUnsuccessful'))
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
  })

  test.each(['an unknown tenant', "the connection's id"])('%s is 403', async (what) => {
    const client = await startedSandbox()
    const other =
      what === 'an unknown tenant' ? client.token.slice(0, 8) : client.sandbox.organisations[0]?.connectionId
    const answer = await client.get('/Organisation', { 'xero-tenant-id': other ?? '' })
    expect(answer.status).toBe(403)
    expect(answer.json).toEqual(problem('Forbidden', 403, 'AuthenticationUnsuccessful'))
  })

  test('the tenant may be left out while there is one only', async () => {
    const one = await startedSandbox()
    expect((await one.get('/Organisation', { 'xero-tenant-id': '' })).status).toBe(200)
    const two = await startedSandbox({ organisations: [nzDemoCompany(), auDemoCompany()] })
    expect((await two.get('/Organisation', { 'xero-tenant-id': '' })).status).toBe(403)
  })
})

describe('connections', () => {
  test('are a bare list with dates without a zone', async () => {
    const client = await startedSandbox({ organisations: [nzDemoCompany(), auDemoCompany()] })
    const answer = await fetch(`${client.sandbox.url}/connections`, {
      headers: { authorization: `Bearer ${client.token}` },
    })
    expect(await answer.json()).toMatchObject([
      {
        tenantId: client.tenantId,
        tenantType: 'ORGANISATION',
        createdDateUtc: '2026-11-22T21:00:00.0000000',
      },
      { tenantName: 'Demo Company (AU)' },
    ])
  })

  test('can be ended, once', async () => {
    const client = await startedSandbox()
    const url = `${client.sandbox.url}/connections/${client.sandbox.organisations[0]?.connectionId}`
    const end = () => fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${client.token}` } })
    expect((await end()).status).toBe(204)
    expect((await end()).status).toBe(404)
    expect((await client.get('/Organisation')).status).toBe(403)
  })
})
