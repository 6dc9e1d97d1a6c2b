// Tokens over real sockets: how they are asked for, kept, renewed and refused, and that no secret shows anywhere.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Auth, type AuthOptions, createAuth } from './auth.ts'
import { createSecrets } from './secrets.ts'
import { closedPort, createLog, HandClock, startHttp } from './test-line.ts'
import { createTransport } from './transport.ts'

const scopes = ['accounting.contacts', 'accounting.invoices']
const secret = 'MARKED/CLIENT+SECRET='
const basic = Buffer.from(`client-id:${secret}`).toString('base64')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auxo-auth-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

interface Line {
  auth: Auth
  clock: HandClock
  log: ReturnType<typeof createLog>
}

function openAuth(identityUrl: string, changes: Partial<AuthOptions> = {}, clock = new HandClock()): Line {
  const log = createLog()
  const auth = createAuth({
    transport: createTransport({ clock, environment: {} }),
    recorder: log,
    secrets: createSecrets(),
    slots: pLimit(5),
    clientId: 'client-id',
    clientSecret: secret,
    scopes,
    identityUrl,
    clock,
    cacheFile: join(folder, 'tokens.json'),
    timeoutMs: 60_000,
    userAgent: 'auxo-sync/1.2.3',
    ...changes,
  })
  return { auth, clock, log }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function grant(response: ServerResponse, count: number, changes: object = {}): void {
  json(response, 200, {
    access_token: `eyJ.MARKED-ACCESS-${count}.sig`,
    expires_in: 1800,
    token_type: 'Bearer',
    scope: scopes.join(' '),
    ...changes,
  })
}

test('asks with Basic and scope in the body, as Xero wants it', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  const { auth } = openAuth(server.url)
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-1.sig')
  expect(server.received[0]).toMatchObject({
    method: 'POST',
    url: '/connect/token',
    body: 'grant_type=client_credentials&scope=accounting.contacts+accounting.invoices',
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'auxo-sync/1.2.3',
    },
  })
})

test('many who need a token at once share one', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  const { auth } = openAuth(server.url)
  const tokens = await Promise.all(Array.from({ length: 10 }, () => auth.token()))
  expect(new Set(tokens).size).toBe(1)
  expect(server.received).toHaveLength(1)
})

test('another process finds the token kept; a discarded one is not used again', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await openAuth(server.url).auth.token()
  const { auth } = openAuth(server.url)
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-1.sig')
  expect(server.received).toHaveLength(1)
  auth.discard()
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
  expect(await openAuth(server.url).auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
  expect(server.received).toHaveLength(2)
})

test('a token for other scopes or another host is not used', async () => {
  await using server = await startHttp((request, response, count) => {
    grant(response, count, { scope: new URLSearchParams(request.body).get('scope') })
  })
  await openAuth(server.url).auth.token()
  await openAuth(server.url, { scopes: [...scopes, 'accounting.settings'] }).auth.token()
  expect(server.received).toHaveLength(2)
})

test('a damaged file means a new token, never an error', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  await writeFile(join(folder, 'tokens.json'), 'no token')
  expect(await openAuth(server.url).auth.token()).toBe('eyJ.MARKED-ACCESS-1.sig')
})

test('without a file the token lives in the process', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  const { auth } = openAuth(server.url, { cacheFile: null })
  await auth.token()
  await auth.token()
  expect(server.received).toHaveLength(1)
})

test.each([
  { name: 'in the middle of a run', inMs: 1_739_999, thenMs: 1 },
  { name: 'whatever the wall clock does', inMs: 1_739_999, thenMs: 1, stepMs: -86_400_000 },
])('renewed a minute before its end, $name', async ({ inMs, thenMs, stepMs = 0 }) => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  const { auth, clock } = openAuth(server.url)
  await auth.token()
  clock.step(stepMs)
  await clock.advance(inMs)
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-1.sig')
  await clock.advance(thenMs)
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
})

test('a token kept is no good when it is about to end, and lives no longer because the clock was set back', async () => {
  await using server = await startHttp((_, response, count) => grant(response, count))
  const clock = new HandClock()
  await openAuth(server.url, {}, clock).auth.token()
  clock.step(1_740_000)
  expect(await openAuth(server.url, {}, clock).auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
  clock.step(-7 * 86_400_000)
  const later = openAuth(server.url, {}, clock)
  expect(await later.auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
  await clock.advance(1_740_000)
  expect(await later.auth.token()).toBe('eyJ.MARKED-ACCESS-3.sig')
})

const page = '<html><body>Please sign in</body></html>'
const refusals: {
  name: string
  answer: (response: ServerResponse) => void
  code: string
  words: RegExp
  calls: number
}[] = [
  {
    name: 'wrong id or secret',
    answer: (response) => json(response, 400, { error: 'invalid_client' }),
    code: 'not-authorised',
    words: /XERO_CLIENT_ID and XERO_CLIENT_SECRET/,
    calls: 1,
  },
  {
    name: 'wrong id or secret, with 401',
    answer: (response) => json(response, 401, { error: 'invalid_client' }),
    code: 'not-authorised',
    words: /XERO_CLIENT_ID and XERO_CLIENT_SECRET/,
    calls: 1,
  },
  {
    name: 'empty id',
    answer: (response) => json(response, 400, { error: 'invalid_request' }),
    code: 'not-authorised',
    words: /XERO_CLIENT_ID/,
    calls: 1,
  },
  {
    name: 'a scope that the connection has not',
    answer: (response) => json(response, 400, { error: 'invalid_scope' }),
    code: 'not-authorised',
    words: /accounting\.contacts, accounting\.invoices/,
    calls: 1,
  },
  {
    name: 'a scope left out of the token',
    answer: (response) => grant(response, 1, { scope: 'accounting.contacts' }),
    code: 'not-authorised',
    words: /what is needed: accounting\.invoices\./,
    calls: 1,
  },
  {
    name: 'something else, whose words hold the secret',
    answer: (response) =>
      json(response, 400, { error: 'unsupported_grant', error_description: `you sent ${secret}` }),
    code: 'not-authorised',
    words: /you sent \[hidden\]/,
    calls: 1,
  },
  {
    name: 'no token in the answer',
    answer: (response) => json(response, 200, { token_type: 'Bearer' }),
    code: 'xero-away',
    words: /without an access token/,
    calls: 1,
  },
  {
    name: 'a token that cannot stand in a header',
    answer: (response) => grant(response, 1, { access_token: 'a\r\nx-evil: 1' }),
    code: 'xero-away',
    words: /without an access token/,
    calls: 1,
  },
  {
    name: "a proxy's page with 200",
    answer: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 4,
  },
  {
    name: "a proxy's page with 403",
    answer: (response) => response.writeHead(403, { 'content-type': 'text/html' }).end(page),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 1,
  },
  {
    name: 'a sign-in redirect',
    answer: (response) => response.writeHead(302, { location: 'https://login.example/' }).end(),
    code: 'xero-away',
    words: /redirected/,
    calls: 4,
  },
  {
    name: '500',
    answer: (response) => response.writeHead(500).end(),
    code: 'xero-away',
    words: /500/,
    calls: 4,
  },
  {
    name: '429',
    answer: (response) => response.writeHead(429).end(),
    code: 'xero-away',
    words: /no more requests at the moment/,
    calls: 4,
  },
]

test.each(refusals)('$name: $code', async ({ answer, code, words, calls }) => {
  await using server = await startHttp((_, response) => answer(response))
  const { auth, clock, log } = openAuth(server.url)
  const asking = clock.run(auth.token())
  await expect(asking).rejects.toMatchObject({ code })
  await expect(asking).rejects.toThrow(words)
  expect(server.received).toHaveLength(calls)
  expect(log.rows).toHaveLength(calls)
  expect(clock.slept).toEqual([1000, 2000, 4000].slice(0, calls - 1))
})

test('no connection: tried four times, then said with the host', async () => {
  const port = await closedPort()
  const { auth, clock, log } = openAuth(`http://127.0.0.1:${port}`)
  const asking = clock.run(auth.token())
  await expect(asking).rejects.toMatchObject({ code: 'xero-away' })
  await expect(asking).rejects.toThrow(`127.0.0.1:${port} could not be reached: nothing answers there`)
  expect(log.rows.map((row) => [row.attempt, row.result?.status])).toEqual([1, 2, 3, 4].map((n) => [n, null]))
})

test('a breakdown that passes is not noticed', async () => {
  await using server = await startHttp((_, response, count) => {
    if (count < 3) response.writeHead(503).end()
    else grant(response, count)
  })
  const { auth, clock } = openAuth(server.url)
  expect(await clock.run(auth.token())).toBe('eyJ.MARKED-ACCESS-3.sig')
})

test('after a failure the next one asks again', async () => {
  await using server = await startHttp((_, response, count) => {
    if (count === 1) json(response, 400, { error: 'invalid_client' })
    else grant(response, count)
  })
  const { auth } = openAuth(server.url)
  await expect(auth.token()).rejects.toMatchObject({ code: 'not-authorised' })
  expect(await auth.token()).toBe('eyJ.MARKED-ACCESS-2.sig')
})

test('no secret is recorded, whatever the answer echoes', async () => {
  const answers = [
    (response: ServerResponse) =>
      response.writeHead(502).end(`<pre>Authorization: Basic ${basic} ${secret}</pre>`),
    (response: ServerResponse) =>
      response.writeHead(500).end(JSON.stringify({ Message: `Basic ${basic.replaceAll('/', '\\/')}` })),
    (response: ServerResponse) =>
      response.writeHead(500).end(`client_secret=${encodeURIComponent(secret)}&x=1`),
    (response: ServerResponse, count: number) =>
      grant(response, count, { refresh_token: 'MARKED-REFRESH', id_token: 'MARKED-ID' }),
  ]
  await using server = await startHttp((_, response, count) => answers[count - 1]?.(response, count))
  const { auth, clock, log } = openAuth(server.url)
  await clock.run(auth.token())
  const recorded = log.rows
    .map(
      (row) =>
        JSON.stringify(row) +
        Buffer.from(row.requestBody ?? []) +
        Buffer.from(row.result?.responseBody ?? []),
    )
    .join('\n')
  expect(log.rows).toHaveLength(4)
  expect(recorded).toContain('client_credentials')
  expect(recorded).toContain('"expires_in":1800')
  expect(recorded).not.toContain('MARKED')
  expect(recorded).not.toContain(basic.slice(0, 20))
  expect(await readFile(join(folder, 'tokens.json'), 'latin1')).not.toContain('MARKED')
})

test('a scope that few connections can have is done without where Xero does not give it', async () => {
  await using server = await startHttp((request, response, count) => {
    if (request.body.includes('journals')) json(response, 400, { error: 'invalid_scope' })
    else grant(response, count)
  })
  const { auth, clock } = openAuth(server.url, { scopes: [...scopes, 'accounting.journals.read'] })
  expect(await clock.run(auth.token())).toBe('eyJ.MARKED-ACCESS-2.sig')
  expect(server.received.map(({ body }) => new URLSearchParams(body).get('scope'))).toEqual([
    'accounting.contacts accounting.invoices accounting.journals.read',
    'accounting.contacts accounting.invoices',
  ])
})

test('and where the token comes without it', async () => {
  await using server = await startHttp((_request, response, count) =>
    grant(response, count, { scope: scopes.join(' ') }),
  )
  const { auth, clock } = openAuth(server.url, { scopes: [...scopes, 'accounting.journals.read'] })
  expect(await clock.run(auth.token())).toBe('eyJ.MARKED-ACCESS-1.sig')
})

test('where the others are refused too, those are told that are needed', async () => {
  await using server = await startHttp((_request, response) =>
    json(response, 400, { error: 'invalid_scope' }),
  )
  const { auth, clock } = openAuth(server.url, { scopes: [...scopes, 'accounting.journals.read'] })
  await expect(clock.run(auth.token())).rejects.toMatchObject({ code: 'not-authorised', details: scopes })
  expect(server.received).toHaveLength(2)
})
