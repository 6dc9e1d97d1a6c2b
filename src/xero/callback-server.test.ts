// The port at which the browser comes back (§1.1), over real sockets: who is answered, who is not, and when it is over.

import { createServer, request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type CallbackServer, listenForCallback } from './callback-server.ts'
import { newConsent, queryOfPasted, readConsentAnswer } from './consent.ts'
import { closedPort } from './test-line.ts'

let server: CallbackServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

async function open(isGood: (query: URLSearchParams) => boolean = () => true): Promise<number> {
  const port = await closedPort()
  server = await listenForCallback(port, isGood)
  return port
}

/** A browser that says what it thinks it talks to. */
function ask(
  port: number,
  path: string,
  { host = `localhost:${port}`, method = 'GET', address = '127.0.0.1' } = {},
) {
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const call = request({ host: address, port, path, method, headers: { host } }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (more: string) => {
          text += more
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        )
      })
      call.on('error', reject)
      call.end()
    },
  )
}

test('the first answer is taken, the person is told to close the window, and no other is taken', async () => {
  const port = await open()
  const { status, text, headers } = await ask(port, '/callback?code=c1&state=s')
  expect(status).toBe(200)
  expect(text).toContain('You may close this window')
  expect(text).not.toContain('c1')
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  expect((await server?.arrived)?.get('code')).toBe('c1')
  expect((await ask(port, '/callback?code=c2&state=s')).status).toBe(410)
})

test('what is no good is said to the person too', async () => {
  const port = await open(() => false)
  expect((await ask(port, '/callback?error=access_denied')).text).toContain('Not logged in')
})

test.each([
  ['a page elsewhere that gave its name this address', '/callback?code=c', { host: 'evil.example' }, 403],
  ['the same with the port', '/callback?code=c', { host: 'evil.example:80' }, 403],
  [
    'the address in numbers, which Xero refuses as a redirect',
    '/callback?code=c',
    { host: '127.0.0.1' },
    403,
  ],
  ['another path', '/favicon.ico', {}, 404],
  ['a path that names another host', 'http://evil.example/callback?code=c', {}, 404],
  ['another method', '/callback?code=c', { method: 'POST' }, 405],
])('%s is refused, and the log-in goes on', async (_, path, options, status) => {
  const port = await open()
  expect((await ask(port, path, options)).status).toBe(status)
  expect((await ask(port, '/callback?code=c')).status).toBe(200)
})

test('both addresses that localhost may mean are listened on', async () => {
  const port = await open()
  const answered = await ask(port, '/nothing', { address: '::1' }).catch(
    (error: NodeJS.ErrnoException) => error,
  )
  if ('status' in answered) expect(answered.status).toBe(404)
  else expect(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'ECONNREFUSED']).toContain(answered.code)
})

test('a port that another program has is said, with what to do', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expect(listenForCallback(port, () => true)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(new RegExp(`Port ${port}.*another program has it.*--port`)),
  })
  await new Promise((resolve) => other.close(resolve))
})

test('PKCE: the challenge is of the verifier, and no secret stands in the address', () => {
  const options = {
    loginUrl: 'https://login.xero.com',
    clientId: 'app',
    scopes: ['offline_access', 'accounting.contacts'],
    port: 8710,
  }
  const consent = newConsent(options)
  const url = new URL(consent.address)
  expect(url.origin + url.pathname).toBe('https://login.xero.com/identity/connect/authorize')
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: 'http://localhost:8710/callback',
    scope: 'offline_access accounting.contacts',
    code_challenge_method: 'S256',
    state: consent.state,
  })
  expect(consent.verifier).toMatch(/^[\w-]{43,128}$/)
  expect(consent.address).not.toContain(consent.verifier)
  const another = newConsent(options)
  expect(another.verifier).not.toBe(consent.verifier)
  expect(another.state).not.toBe(consent.state)
})

test.each([
  ['code=c&state=s', { outcome: 'code', code: 'c' }],
  ['code=c&state=another', { outcome: 'wrong-state' }],
  ['code=c', { outcome: 'wrong-state' }],
  ['error=access_denied&state=s', { outcome: 'declined' }],
  ['error=access_denied', { outcome: 'wrong-state' }],
  [
    'error=invalid_scope&error_description=Bad+one&state=s',
    { outcome: 'refused', error: 'invalid_scope', words: 'Bad one' },
  ],
  ['state=s', { outcome: 'nothing' }],
])('the answer %s means %j', (query, answer) => {
  expect(readConsentAnswer(new URLSearchParams(query), { state: 's' })).toEqual(answer)
})

test('what is pasted is an address', () => {
  expect(queryOfPasted('  http://localhost:8710/callback?code=c&state=s \n')?.get('code')).toBe('c')
  expect(queryOfPasted('code=c&state=s')).toBeNull()
})
