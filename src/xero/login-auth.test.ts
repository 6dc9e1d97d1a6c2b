// Renewing a log-in (Z2) against a server that answers as told: what is kept when, by whom it is asked for again, and how it ends.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoginAuth, daysLeft } from './login-auth.ts'
import { type Login, type LoginTokens, openLoginStore } from './login-store.ts'
import { createSecrets } from './secrets.ts'
import { createLog, HandClock, type Received, startHttp } from './test-line.ts'
import { createTransport } from './transport.ts'

const scopes = ['accounting.contacts', 'accounting.settings.read']
let folder = ''
let clock: HandClock

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auxo-login-'))
  clock = new HandClock()
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function openStore(pid = 1, alive: (pid: number) => boolean = () => true) {
  return openLoginStore({
    file: join(folder, 'logins', 'app.json'),
    belongsTo: 'app',
    keys: { passphrase: null, keychain: null, account: 'app', keyFile: join(folder, 'logins', 'app.key') },
    owner: { pid, hostname: 'office', isAlive: alive },
    clock,
  })
}

function openAuth(
  identityUrl: string,
  { pid = 1, needed = scopes }: { pid?: number; needed?: string[] } = {},
) {
  const log = createLog()
  const auth = createLoginAuth({
    transport: createTransport({ clock, environment: {} }),
    recorder: log,
    secrets: createSecrets(),
    slots: pLimit(5),
    clientId: 'app-id',
    scopes: needed,
    identityUrl,
    clock,
    store: openStore(pid),
    choose: (logins) => logins[0],
    again: 'auxo-sync connect --entity NZ01',
    timeoutMs: 60_000,
    userAgent: 'auxo-sync/1.2.3',
  })
  return { auth, log }
}

/** A log-in whose access token has ended. */
async function keep(changes: { login?: Partial<Login>; tokens?: Partial<LoginTokens> } = {}): Promise<void> {
  const login: Login = {
    user: 'mere',
    person: 'mere',
    scopes: ['offline_access', 'accounting.contacts', 'accounting.settings'],
    renewedAt: clock.now(),
    askedAt: null,
    endedAt: null,
    uses: [{ ledger: 'l1', entity: 'NZ01', tenantId: 't1' }],
    ...changes.login,
  }
  const tokens: LoginTokens = {
    accessToken: 'MARKED-ACCESS-0',
    expiresAt: clock.now(),
    lifetimeMs: 1_800_000,
    refreshToken: 'MARKED-REFRESH-0',
    previous: null,
    ...changes.tokens,
  }
  await openStore().locked(async (held) => {
    await held.prepareKey()
    await held.record(login, tokens)
  })
}

async function kept(): Promise<{ login: Login | undefined; tokens: LoginTokens }> {
  const store = openStore()
  return { login: (await store.list())[0], tokens: await store.tokensOf('mere') }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const grant = (response: ServerResponse, n: number, changes: object = {}) =>
  json(response, 200, {
    access_token: `MARKED-ACCESS-${n}`,
    refresh_token: `MARKED-REFRESH-${n}`,
    expires_in: 1800,
    ...changes,
  })
const refuse = (response: ServerResponse) => json(response, 400, { error: 'invalid_grant' })
const askedWith = ({ body }: Received) => new URLSearchParams(body).get('refresh_token')

test('names the client in the form, without Basic, as an app without a secret does', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep()
  expect(await openAuth(server.url).auth.token()).toBe('MARKED-ACCESS-1')
  expect(server.received[0]).toMatchObject({
    url: '/connect/token',
    body: 'grant_type=refresh_token&client_id=app-id&refresh_token=MARKED-REFRESH-0',
  })
  expect(server.received[0]?.headers).not.toHaveProperty('authorization')
})

test('the new tokens and the one before are on the disk when the new one is used, and no secret is readable there', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep()
  await openAuth(server.url).auth.token()
  const asked = clock.now()
  expect(await kept()).toMatchObject({
    login: { renewedAt: asked, askedAt: null },
    tokens: {
      accessToken: 'MARKED-ACCESS-1',
      refreshToken: 'MARKED-REFRESH-1',
      previous: { refreshToken: 'MARKED-REFRESH-0', until: asked + 30 * 60_000 },
    },
  })
  expect(await readFile(join(folder, 'logins', 'app.json'), 'latin1')).not.toContain('MARKED')
})

test('before Xero is asked it is on the disk that it will be, so that an unwritable folder burns no token', async () => {
  await using server = await startHttp(async (_, response, count) => {
    expect(await kept()).toMatchObject({ login: { askedAt: clock.now() } })
    grant(response, count)
  })
  await keep()
  await openAuth(server.url).auth.token()
  expect(server.received).toHaveLength(1)
})

test('a good token of another process is taken, and its end is renewed once by many who ask', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep({ tokens: { expiresAt: clock.now() + 1_800_000 } })
  const { auth } = openAuth(server.url)
  expect(await auth.token()).toBe('MARKED-ACCESS-0')
  await clock.advance(1_740_000)
  const tokens = await Promise.all(Array.from({ length: 5 }, () => auth.token()))
  expect(new Set(tokens)).toEqual(new Set(['MARKED-ACCESS-1']))
  expect(server.received).toHaveLength(1)
})

test('two processes that need it at once renew it once', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep()
  const [one, other] = [openAuth(server.url, { pid: 1 }), openAuth(server.url, { pid: 2 })]
  const tokens = await clock.run(Promise.all([one.auth.token(), other.auth.token()]))
  expect(tokens).toEqual(['MARKED-ACCESS-1', 'MARKED-ACCESS-1'])
  expect(server.received).toHaveLength(1)
})

test('a token that Xero did not accept is renewed, unless another process did so already', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep({ tokens: { expiresAt: clock.now() + 1_800_000 } })
  const [one, other] = [openAuth(server.url), openAuth(server.url, { pid: 2 })]
  await one.auth.token()
  await other.auth.token()
  one.auth.discard()
  other.auth.discard()
  expect(await one.auth.token()).toBe('MARKED-ACCESS-1')
  expect(await other.auth.token()).toBe('MARKED-ACCESS-1')
  expect(server.received).toHaveLength(1)
})

test('a lost answer is asked for again with the same token', async () => {
  await using server = await startHttp((_, response, count) => {
    if (count < 3) response.destroy()
    else grant(response, count)
  })
  await keep()
  expect(await clock.run(openAuth(server.url).auth.token())).toBe('MARKED-ACCESS-3')
  expect(server.received.map(askedWith)).toEqual(Array(3).fill('MARKED-REFRESH-0'))
})

test('lost for good, the next run asks with the same token, and knows since when it was asked', async () => {
  await using server = await startHttp((_, response, count) => {
    if (count <= 4) response.destroy()
    else grant(response, count)
  })
  await keep()
  const first = clock.now()
  await expect(clock.run(openAuth(server.url).auth.token())).rejects.toMatchObject({ code: 'xero-away' })
  expect((await kept()).login).toMatchObject({ askedAt: first })
  await clock.advance(10 * 60_000)
  expect(await openAuth(server.url).auth.token()).toBe('MARKED-ACCESS-5')
  expect(server.received.map(askedWith)).toEqual(Array(5).fill('MARKED-REFRESH-0'))
  // Xero counts the grace of the old one from the first answer that it gave.
  expect((await kept()).tokens.previous).toEqual({
    refreshToken: 'MARKED-REFRESH-0',
    until: first + 30 * 60_000,
  })
})

test('where Xero does not know the new one, the one before still serves, as long as its 30 minutes last', async () => {
  await using server = await startHttp((request, response, count) => {
    if (askedWith(request) === 'MARKED-REFRESH-0') refuse(response)
    else grant(response, count)
  })
  const previous = { refreshToken: 'MARKED-REFRESH-OLD', until: clock.now() + 1 }
  await keep({ tokens: { previous } })
  expect(await openAuth(server.url).auth.token()).toBe('MARKED-ACCESS-2')
  expect(server.received.map(askedWith)).toEqual(['MARKED-REFRESH-0', 'MARKED-REFRESH-OLD'])
  await keep({ tokens: { previous: { ...previous, until: clock.now() } } })
  await expect(openAuth(server.url).auth.token()).rejects.toMatchObject({ code: 'not-authorised' })
  expect(server.received.map(askedWith)).toHaveLength(3)
})

test.each([
  ['it was not used', { renewedAt: -61 * 86_400_000 }, /It was not used for 60 days/],
  ['an answer was lost', { askedAt: -31 * 60_000 }, /interrupted before its answer could be kept/],
  ['neither', {}, /taken back in Xero, or another computer works with a copy/],
])('ended: what is told where %s; nothing that is kept is lost by it', async (_, since, words) => {
  await using server = await startHttp((_request, response) => refuse(response))
  const login = Object.fromEntries(Object.entries(since).map(([name, ms]) => [name, clock.now() + ms]))
  await keep({ login })
  const asking = openAuth(server.url).auth.token()
  await expect(asking).rejects.toMatchObject({ code: 'not-authorised' })
  await expect(asking).rejects.toThrow(words)
  await expect(asking).rejects.toThrow('Log in again: auxo-sync connect --entity NZ01')
  expect(await kept()).toMatchObject({
    login: { endedAt: clock.now(), ...login },
    tokens: { refreshToken: 'MARKED-REFRESH-0' },
  })
  expect(daysLeft((await kept()).login ?? { renewedAt: 0, endedAt: null }, clock.now())).toBe(0)
})

test('a scope that the log-in does not allow is said before anything is asked; writing includes reading', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await keep()
  const asking = openAuth(server.url, { needed: [...scopes, 'accounting.payments'] }).auth.token()
  await expect(asking).rejects.toThrow(
    'does not allow accounting.payments, which the settings need by now. Nothing was sent. Log in again, and Xero asks for it: auxo-sync connect --entity NZ01',
  )
  expect(server.received).toEqual([])
})

test('an answer without a new refresh token keeps the old one', async () => {
  await using server = await startHttp((_, response) => grant(response, 1, { refresh_token: undefined }))
  await keep()
  await openAuth(server.url).auth.token()
  expect((await kept()).tokens.refreshToken).toBe('MARKED-REFRESH-0')
})

test('frozen while another process took over: its answer is thrown away, and the other’s tokens are taken', async () => {
  await using server = await startHttp(async (_, response, count) => {
    // It slept for so long that another process found its lock dead, and has renewed meanwhile.
    await rm(join(folder, 'logins', 'app.json.lock'))
    await keep({ tokens: { accessToken: 'MARKED-OTHER', expiresAt: clock.now() + 1_800_000 } })
    grant(response, count)
  })
  await keep()
  expect(await clock.run(openAuth(server.url).auth.token())).toBe('MARKED-OTHER')
  expect((await kept()).tokens).toMatchObject({ accessToken: 'MARKED-OTHER' })
  expect(server.received).toHaveLength(1)
})

test('no secret is recorded', async () => {
  await using server = await startHttp((request, response, count) => {
    if (count === 1) response.writeHead(502).end(`<p>${request.body}</p>`)
    else grant(response, count)
  })
  await keep()
  const { auth, log } = openAuth(server.url)
  await clock.run(auth.token())
  const recorded = log.rows.map(
    (row) =>
      JSON.stringify(row) + Buffer.from(row.requestBody ?? []) + Buffer.from(row.result?.responseBody ?? []),
  )
  expect(recorded).toHaveLength(2)
  expect(recorded.join()).toContain('refresh_token')
  expect(recorded.join()).not.toContain('MARKED')
})

test.each([
  [0, 60],
  [1, 60],
  [86_400_000, 59],
  [46 * 86_400_000 - 1, 15],
  [46 * 86_400_000, 14],
  [60 * 86_400_000 - 1, 1],
  [60 * 86_400_000, 0],
  [90 * 86_400_000, 0],
  [-5000, 60], // the clock was set back
])('days left %d ms after the last renewal: %d', (ms, days) => {
  expect(daysLeft({ renewedAt: 1000, endedAt: null }, 1000 + ms)).toBe(days)
})
