// What a log-in is worth afterwards: refresh tokens and their grace, scopes, connections of one or several organisations, and
// their end.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { auDemoCompany, nzDemoCompany } from './organisation.ts'
import { startedSandbox, stopSandboxes } from './test-client.ts'
import { BrowserClient, tokensOf } from './test-login.ts'

afterEach(stopSandboxes)

async function started(options: Parameters<typeof startedSandbox>[0] = {}) {
  const client = await startedSandbox(options)
  return { client, browser: new BrowserClient(client) }
}

const twoOrganisations = { organisations: [nzDemoCompany(), auDemoCompany()] }
const minuteMs = 60_000
const dayMs = 86_400_000

describe('a refresh token', () => {
  test('is followed by another, and both the old and the new access token open the door', async () => {
    const { browser } = await started()
    const first = await browser.logIn()
    const second = tokensOf(await browser.refresh(first.refresh))
    expect(second.refresh).not.toBe(first.refresh)
    expect(second.json).toMatchObject({ expires_in: 1800, scope: first.json['scope'] })
    for (const { access } of [first, second])
      expect((await browser.get(access, '/Organisation')).status).toBe(200)
  })

  test.each([
    ['a day short of 60 unused days', 59, 200],
    ['60 unused days', 60, 400],
  ])('%s', async (_when, days, status) => {
    const { client, browser } = await started()
    const { refresh } = await browser.logIn()
    client.clock.advance(days * dayMs)
    expect((await browser.refresh(refresh)).status).toBe(status)
  })

  test('lost on the way back, works again within its grace: the same pair', async () => {
    const { client, browser } = await started()
    const { refresh } = await browser.logIn()
    client.sandbox.fault({ method: 'POST', path: '/connect/token', kind: 'drop-after-commit' })
    await expect(browser.refresh(refresh)).rejects.toThrow()
    client.clock.advance(10 * minuteMs)
    const again = tokensOf(await browser.refresh(refresh))
    expect(again.json['expires_in']).toBe(1200)
    expect(tokensOf(await browser.refresh(refresh)).refresh).toBe(again.refresh)
    expect((await browser.refresh(again.refresh)).status).toBe(200)
  })

  test('or a new pair, and the one between has its own grace', async () => {
    const { client, browser } = await started({ switches: { graceRefresh: 'new-pair' } })
    const { refresh } = await browser.logIn()
    const lost = tokensOf(await browser.refresh(refresh))
    const again = tokensOf(await browser.refresh(refresh))
    expect(again.refresh).not.toBe(lost.refresh)
    client.clock.advance(30 * minuteMs)
    expect((await browser.refresh(lost.refresh)).json).toEqual({ error: 'invalid_grant' })
    expect((await browser.refresh(again.refresh)).status).toBe(200)
  })

  test.each([
    ['a minute before its grace is over', 29, 200],
    ['after its grace', 30, 400],
  ])('used again %s', async (_when, minutes, status) => {
    const { client, browser } = await started()
    const { refresh } = await browser.logIn()
    const next = tokensOf(await browser.refresh(refresh))
    client.clock.advance(minutes * minuteMs)
    const answer = await browser.refresh(refresh)
    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.json).toEqual({ error: 'invalid_grant' })
    expect((await browser.refresh(next.refresh)).status).toBe(200)
  })

  test('that the token endpoint takes for spent is invalid_grant, and is good the next time', async () => {
    const { client, browser } = await started()
    const { refresh } = await browser.logIn()
    client.sandbox.fault({ path: '/connect/token', kind: 'invalid-grant' })
    expect((await browser.refresh(refresh)).json).toEqual({ error: 'invalid_grant' })
    expect((await browser.refresh(refresh)).status).toBe(200)
  })

  test('is spent where Xero fails after it was used', async () => {
    const { client, browser } = await started()
    const { refresh } = await browser.logIn()
    client.sandbox.fault({ path: '/connect/token', kind: 'error-after-commit' })
    expect((await browser.refresh(refresh)).status).toBe(500)
    client.clock.advance(30 * minuteMs)
    expect((await browser.refresh(refresh)).status).toBe(400)
  })
})

describe('an access token', () => {
  test('ends in the middle of a run, and stays ended', async () => {
    const { client, browser } = await started()
    const { access, refresh } = await browser.logIn()
    client.sandbox.fault({ path: '/Organisation', nth: 2, kind: 'token-expires' })
    const statuses: number[] = []
    for (let call = 1; call <= 3; call += 1)
      statuses.push((await browser.get(access, '/Organisation')).status)
    expect(statuses).toEqual([200, 401, 401])
    const last = await browser.get(access, '/Organisation')
    expect(last.json['Detail']).toBe('TokenExpired: token expired at 11/22/2026 21:00:00')
    const next = tokensOf(await browser.refresh(refresh))
    expect((await browser.get(next.access, '/Organisation')).status).toBe(200)
  })

  test('ends after half an hour', async () => {
    const { client, browser } = await started()
    const { access } = await browser.logIn()
    client.clock.advance(30 * minuteMs)
    expect((await browser.get(access, '/Organisation')).json['Detail']).toContain('TokenExpired')
  })
})

describe('scopes', () => {
  test('add up over consents, and a token that is there never widens', async () => {
    const { browser } = await started()
    const first = await browser.logIn('offline_access accounting.settings.read')
    const second = await browser.logIn('offline_access accounting.invoices.read')
    const statuses = async (access: string) =>
      Promise.all(
        ['/Organisation', '/Invoices'].map(async (path) => (await browser.get(access, path)).status),
      )
    expect(await statuses(second.access)).toEqual([200, 200])
    expect(await statuses(first.access)).toEqual([200, 401])
    const refreshed = tokensOf(await browser.refresh(first.refresh))
    expect(await statuses(refreshed.access)).toEqual([200, 401])
  })

  test('a missing one can be told as 403 and in another spelling', async () => {
    const switches = { missingScope: '403', scopeSpelling: 'insufficent_scope' } as const
    const { browser } = await started({ switches })
    const { access } = await browser.logIn('accounting.settings.read')
    const answer = await browser.get(access, '/Invoices')
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficent_scope"')
  })

  test('without the reports role journals and reports are 403, whatever the scopes', async () => {
    const { client, browser } = await started()
    const scope = 'accounting.manualjournals accounting.reports.trialbalance.read accounting.invoices'
    const { access } = await browser.logIn(scope)
    client.sandbox.person().setReportsRole(false)
    const paths = ['/ManualJournals', '/Reports/TrialBalance', '/Invoices']
    const statuses = await Promise.all(paths.map(async (path) => (await browser.get(access, path)).status))
    expect(statuses).toEqual([403, 403, 200])
    expect((await client.get('/ManualJournals')).status).toBe(403)
  })
})

describe('connections', () => {
  const au = { organisations: ['Demo Company (AU)'] }

  test('a tenant that was not consented to is 403, and so is a call without one', async () => {
    const { client, browser } = await started(twoOrganisations)
    const { access } = await browser.logIn()
    const other = client.sandbox.organisations[1]?.tenantId ?? ''
    const answers = [
      await browser.get(access, '/Organisation', other),
      await browser.get(access, '/Organisation', ''),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect((await browser.get(access, '/Organisation')).status).toBe(200)
  })

  test('of earlier log-ins are listed too, and told apart by the event', async () => {
    const { browser } = await started(twoOrganisations)
    await browser.logIn()
    const { access } = await browser.logIn(undefined, au)
    const all = await browser.connections(access)
    expect(all.map((row) => row['tenantName'])).toEqual(['Demo Company (NZ)', 'Demo Company (AU)'])
    const own = await browser.connections(access, `?authEventId=${all[1]?.['authEventId']}`)
    expect(own).toEqual([all[1]])
  })

  test('or not, where a token reaches its own consent only', async () => {
    const { browser } = await started({ ...twoOrganisations, switches: { tokenReach: 'own-consent' } })
    await browser.logIn()
    const { access } = await browser.logIn(undefined, au)
    expect(await browser.connections(access)).toMatchObject([{ tenantName: 'Demo Company (AU)' }])
  })

  test('consented to again keep their id and belong to the later event', async () => {
    const { browser } = await started()
    const before = await browser.connections((await browser.logIn()).access)
    const after = await browser.connections((await browser.logIn()).access)
    expect(after).toHaveLength(1)
    expect(after[0]?.['id']).toBe(before[0]?.['id'])
    expect(after[0]?.['authEventId']).not.toBe(before[0]?.['authEventId'])
  })

  test('can be ended one by one, and not by the token of another app', async () => {
    const { client, browser } = await started(twoOrganisations)
    await browser.logIn()
    const { access } = await browser.logIn(undefined, au)
    const [nz] = await browser.connections(access)
    const id = nz?.['id'] ?? ''
    expect(await browser.disconnect(client.token, id)).toBe(404)
    expect(await browser.disconnect(access, id)).toBe(204)
    expect(await browser.disconnect(access, id)).toBe(404)
    expect((await browser.get(access, '/Organisation')).status).toBe(403)
    expect((await client.get('/Organisation', { 'xero-tenant-id': client.tenantId })).status).toBe(200)
    expect(await browser.connections(access)).toMatchObject([{ tenantName: 'Demo Company (AU)' }])
  })

  test('end in Xero as well', async () => {
    const { client, browser } = await started()
    const { access } = await browser.logIn()
    client.sandbox.person().disconnect()
    expect(await browser.connections(access)).toEqual([])
    expect((await browser.get(access, '/Organisation')).status).toBe(403)
  })
})

test('revoking a refresh token ends the whole consent, and leaves the custom connection alone', async () => {
  const { client, browser } = await started()
  const { access, refresh } = await browser.logIn()
  const next = tokensOf(await browser.refresh(refresh))
  expect([
    (await browser.revoke('nonsense')).status,
    (await browser.get(access, '/Organisation')).status,
  ]).toEqual([200, 200])
  const answer = await browser.revoke(next.refresh)
  expect([answer.status, answer.text]).toEqual([200, ''])
  expect((await browser.get(access, '/Organisation')).json['detail']).toBe('AuthenticationUnsuccessful')
  expect((await browser.refresh(next.refresh)).json).toEqual({ error: 'invalid_grant' })
  expect((await client.get('/Organisation')).status).toBe(200)
  // What was allowed before does not add up to what is allowed anew.
  const anew = await browser.logIn('accounting.settings.read')
  expect(anew.json['scope']).toBe('accounting.settings.read')
})

test('a restarted sandbox remembers who was allowed what', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-consents-'))
  const stateFile = join(folder, 'state.json')
  try {
    const { access, refresh } = await (await started({ stateFile })).browser.logIn()
    const { browser } = await started({ stateFile })
    expect(await browser.connections(access)).toHaveLength(1)
    expect((await browser.refresh(refresh)).status).toBe(200)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
