// Logging in with a browser: what an app may ask, what the person decides on the page or by script, and what the code is worth.

import { afterEach, describe, expect, test } from 'vitest'
import { auDemoCompany, nzDemoCompany } from './organisation.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { BrowserClient, callback, claimsOf, tokensOf } from './test-login.ts'

afterEach(stopSandboxes)

async function started(options: Parameters<typeof startedSandbox>[0] = {}) {
  const client = await startedSandbox(options)
  return { client, browser: new BrowserClient(client) }
}

const twoOrganisations = { organisations: [nzDemoCompany(), auDemoCompany()] }

describe('the authorize page', () => {
  const refusals: readonly [what: string, change: Record<string, string>, error: string][] = [
    ['the id of the custom connection', { client_id: 'SANDBOX0CLIENT0ID' }, 'unauthorized_client'],
    ['127.0.0.1', { redirect_uri: 'http://127.0.0.1:8742/callback' }, 'invalid_request'],
    ['a path that is not registered', { redirect_uri: 'http://localhost:8742/other' }, 'invalid_request'],
    ['a scheme of its own', { redirect_uri: 'auxo://callback' }, 'invalid_request'],
    ['plain http elsewhere', { redirect_uri: 'http://localhost.example.com/callback' }, 'invalid_request'],
    ['a token instead of a code', { response_type: 'token' }, 'unsupported_response_type'],
    ['no challenge', { code_challenge: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['a scope that the app has not', { scope: 'accounting.budgets.read' }, 'invalid_scope'],
  ]
  test.each(refusals)('refuses %s and leads nowhere', async (_what, change, error) => {
    const { browser } = await started()
    const answer = await fetch(browser.authorizeUrl(change), { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(`Error: ${error}`)
  })

  test('where the app registered exact addresses, another port is refused', async () => {
    const { browser } = await started({ browserApp: { redirectUris: [callback] } })
    const other = browser.authorizeUrl({ redirect_uri: 'http://localhost:8743/callback' })
    expect([(await fetch(browser.authorizeUrl())).status, (await fetch(other)).status]).toEqual([200, 400])
  })

  test('127.0.0.1 is refused even where somebody registered it', async () => {
    const uri = 'http://127.0.0.1:8742/callback'
    const { browser } = await started({ browserApp: { redirectUris: [uri] } })
    expect((await fetch(browser.authorizeUrl({ redirect_uri: uri }))).status).toBe(400)
  })

  async function decide(client: TestClient, url: string, fields: readonly [string, string][]) {
    const body = new URLSearchParams([['query', new URL(url).search.slice(1)], ...fields])
    return fetch(`${client.sandbox.url}/identity/connect/authorize`, {
      method: 'POST',
      body,
      redirect: 'manual',
    })
  }

  test('shows organisations and scopes, escaped, and leads back with a code and the state', async () => {
    const { client, browser } = await started({ organisations: [nzDemoCompany({ name: 'Tom & <b>Co' })] })
    const page = await (await fetch(browser.authorizeUrl({ state: '"><script>' }))).text()
    expect(page).toContain('Tom &amp; &lt;b&gt;Co')
    expect(page).toContain('<li>accounting.settings.read</li>')
    expect(page).not.toContain('<script>')
    const answer = await decide(client, browser.authorizeUrl(), [
      ['organisation', client.tenantId],
      ['decision', 'allow'],
    ])
    const location = new URL(answer.headers.get('location') ?? '')
    expect([answer.status, location.origin + location.pathname]).toEqual([302, callback])
    expect(location.searchParams.get('state')).toBe('the state')
    expect((await browser.exchange(location.searchParams.get('code') ?? '')).status).toBe(200)
  })

  test('Cancel leads back with access_denied', async () => {
    const { client, browser } = await started()
    const answer = await decide(client, browser.authorizeUrl(), [['decision', 'decline']])
    expect(answer.headers.get('location')).toBe(`${callback}?error=access_denied&state=the+state`)
  })

  test('nothing picked is asked again', async () => {
    const { client, browser } = await started()
    const answer = await decide(client, browser.authorizeUrl(), [['decision', 'allow']])
    expect([answer.status, (await answer.text()).includes('Pick an organisation.')]).toEqual([422, true])
  })

  test('is not shown to those who watch what the app does', async () => {
    const { client, browser } = await started()
    const before = client.exchanges.length
    await fetch(browser.authorizeUrl())
    expect(client.exchanges).toHaveLength(before)
  })

  test('another web site cannot consent', async () => {
    const { client, browser } = await started()
    const answer = await fetch(`${client.sandbox.url}/_person/consent`, {
      method: 'POST',
      headers: { origin: 'http://elsewhere.example' },
      body: JSON.stringify({ authorize: browser.authorizeUrl() }),
    })
    expect(answer.status).toBe(403)
  })
})

describe('a script consents', () => {
  async function script(client: TestClient, body: object) {
    const answer = await fetch(`${client.sandbox.url}/_person/consent`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    // The sandbox's own answer, compared whole.
    return { status: answer.status, json: (await answer.json()) as { redirect?: string; message?: string } }
  }

  test('to an organisation by name, and is told where the browser would go', async () => {
    const { client, browser } = await started(twoOrganisations)
    const authorize = browser.authorizeUrl()
    const { json } = await script(client, { authorize, organisations: ['Demo Company (AU)'] })
    const code = new URL(json.redirect ?? '').searchParams.get('code') ?? ''
    const { access } = tokensOf(await browser.exchange(code))
    expect(await browser.connections(access)).toMatchObject([{ tenantName: 'Demo Company (AU)' }])
  })

  test('or declines', async () => {
    const { client, browser } = await started()
    const { json } = await script(client, { authorize: browser.authorizeUrl(), decline: true })
    expect(json.redirect).toContain('error=access_denied')
  })

  test.each([
    ['a wrong request', { redirect_uri: 'http://127.0.0.1/callback' }, {}, 'Invalid redirect_uri'],
    ['an unknown organisation', {}, { organisations: ['Elsewhere Ltd'] }, 'no such organisation'],
    [
      'several at a time',
      {},
      { organisations: ['Demo Company (NZ)', 'Demo Company (AU)'] },
      'one organisation',
    ],
  ])('%s is told in words', async (_what, change, decision, words) => {
    const { client, browser } = await started(twoOrganisations)
    const { status, json } = await script(client, { authorize: browser.authorizeUrl(change), ...decision })
    expect([status, json.message]).toEqual([422, expect.stringContaining(words)])
  })

  test('several at a time for an app with bulk connections, unless it asks for one', async () => {
    const { browser } = await started({ ...twoOrganisations, switches: { bulkConnections: true } })
    const both = { organisations: ['Demo Company (NZ)', 'Demo Company (AU)'] }
    const { access } = await browser.logIn(undefined, both)
    expect(await browser.connections(access)).toHaveLength(2)
    expect(() => browser.code({ acr_values: 'bulk_connect:false' }, both)).toThrow('one organisation')
  })
})

describe('a code', () => {
  test('brings a token that names its consent, and an id token where openid was asked', async () => {
    const { browser } = await started()
    const { access, refresh, json } = await browser.logIn('openid offline_access accounting.invoices')
    const scope = 'openid offline_access accounting.invoices'
    expect(json).toMatchObject({ expires_in: 1800, token_type: 'Bearer', scope })
    expect(refresh).toMatch(/^[\w-]{43}$/)
    const [connection] = await browser.connections(access)
    expect(claimsOf(access)).toMatchObject({
      authentication_event_id: connection?.['authEventId'],
      scope: scope.split(' '),
    })
    expect(claimsOf(String(json['id_token']))).toHaveProperty('xero_userid')
  })

  test('without offline_access brings no refresh token', async () => {
    const { browser } = await started()
    expect((await browser.logIn('accounting.invoices')).json).not.toHaveProperty('refresh_token')
  })

  test('an id token opens nothing', async () => {
    const { browser } = await started()
    const { json } = await browser.logIn('openid accounting.settings.read')
    expect((await browser.get(String(json['id_token']), '/Organisation')).status).toBe(401)
  })

  test('works once', async () => {
    const { browser } = await started()
    const code = browser.code()
    const answers = [await browser.exchange(code), await browser.exchange(code)]
    expect(answers.map(({ status }) => status)).toEqual([200, 400])
    expect(answers[1]?.json).toEqual({ error: 'invalid_grant' })
  })

  test.each([
    ['a minute before its five are over', 240_000, 200],
    ['five minutes later', 300_000, 400],
  ])('%s', async (_when, ms, status) => {
    const { client, browser } = await started()
    const code = browser.code()
    client.clock.advance(ms)
    expect((await browser.exchange(code)).status).toBe(status)
  })

  test.each([
    ['with another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
    ['with a verifier that is too short', { code_verifier: 'v'.repeat(42) }, 'invalid_grant'],
    ['from another address', { redirect_uri: 'http://localhost:9999/callback' }, 'invalid_grant'],
    ['for another app', { client_id: 'nobody' }, 'invalid_client'],
    ['with a secret', { client_secret: 'sandbox-client-secret' }, 'invalid_client'],
    ['with no app named', { client_id: '' }, 'invalid_request'],
    ['as another grant', { grant_type: 'client_credentials' }, 'unauthorized_client'],
  ])('%s is refused', async (_what, change, error) => {
    const { browser } = await started()
    const answer = await browser.exchange(browser.code(), change)
    expect([answer.status, answer.json]).toEqual([400, { error }])
  })

  test('is not for the custom connection', async () => {
    const { client, browser } = await started()
    const fields = { grant_type: 'authorization_code', code: browser.code() }
    expect((await client.form('/connect/token', fields)).json).toEqual({ error: 'unauthorized_client' })
  })
})
