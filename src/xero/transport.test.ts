// Every situation of the wire, on real sockets: what came back, and whether Xero can have seen what was sent.

import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import type { ProxyEnvironment } from './proxy.ts'
import { closedPort, HandClock, startHttp, startRaw } from './test-line.ts'
import { createTransport, type Delivery, type HttpCall, type Transport } from './transport.ts'

const MB = 1024 * 1024

function callOf(url: string, changes: Partial<HttpCall> = {}): HttpCall {
  return {
    url,
    method: 'PUT',
    headers: {},
    body: Buffer.from('{"Invoices":[]}'),
    timeoutMs: 60_000,
    ...changes,
  }
}

async function withTransport<Value>(
  work: (transport: Transport, clock: HandClock) => Promise<Value>,
  environment: ProxyEnvironment = {},
  bodyLimit = MB,
): Promise<Value> {
  const clock = new HandClock()
  const transport = createTransport({ clock, environment, bodyLimit })
  try {
    return await work(transport, clock)
  } finally {
    await transport.close()
  }
}

function reasonOf(delivery: Delivery): string {
  return delivery.outcome === 'answered' ? '' : delivery.reason
}

test('an answer comes back with status, headers in lower case and its very bytes', async () => {
  await using server = await startHttp((_, response) => {
    response.writeHead(201, { 'X-DayLimit-Remaining': '42' }).end('{"a":"é"}')
  })
  const delivery = await withTransport((transport) => transport.send(callOf(`${server.url}/a?b=1,2`)))
  expect(delivery).toMatchObject({ outcome: 'answered', bytesIn: 10, answer: { status: 201 } })
  if (delivery.outcome !== 'answered') return
  expect(delivery.answer.headers.get('x-daylimit-remaining')).toBe('42')
  expect(Buffer.from(delivery.answer.body).toString()).toBe('{"a":"é"}')
  expect(server.received[0]).toMatchObject({ method: 'PUT', url: '/a?b=1,2', body: '{"Invoices":[]}' })
  expect(server.received[0]?.headers['accept-encoding']).toBe('gzip')
})

test('a call given up while all connections are busy was never sent, and does not leave later', async () => {
  const held: (() => void)[] = []
  await using server = await startHttp((_, response) => held.push(() => response.end('{}')))
  await withTransport(async (transport, clock) => {
    const busy = Array.from({ length: 5 }, () => transport.send(callOf(server.url)))
    await server.arrived(5)
    const late = transport.send(callOf(server.url, { timeoutMs: 10 }))
    await clock.advance(10)
    expect(await late).toMatchObject({ outcome: 'never-sent' })
    for (const release of held) release()
    for (const one of busy) expect(await one).toMatchObject({ outcome: 'answered' })
    // A later call passes over the connections that the late one waited for.
    const after = transport.send(callOf(`${server.url}/after`))
    await server.arrived(6)
    held.at(-1)?.()
    await after
    expect(server.received.map((request) => request.url)).toEqual(['/', '/', '/', '/', '/', '/after'])
    expect(clock.timers).toBe(0)
  })
})

test('a GET carries no body', async () => {
  await using server = await startHttp((_, response) => response.end('{}'))
  await withTransport((transport) => transport.send(callOf(server.url, { method: 'GET', body: null })))
  expect(server.received[0]?.body).toBe('')
  expect(server.received[0]?.headers).not.toHaveProperty('content-length')
})

test('a refused connection was never sent', async () => {
  const port = await closedPort()
  const delivery = await withTransport((transport) => transport.send(callOf(`http://127.0.0.1:${port}/`)))
  expect(delivery.outcome).toBe('never-sent')
  expect(reasonOf(delivery)).toBe(`127.0.0.1:${port} could not be reached: nothing answers there`)
})

test('a name that does not exist was never sent', async () => {
  const delivery = await withTransport((transport) => transport.send(callOf('https://no-such-host.invalid/')))
  expect(delivery.outcome).toBe('never-sent')
  expect(reasonOf(delivery)).toMatch(/^no-such-host\.invalid could not be reached: its name /)
})

test('a TLS handshake that fails was never sent', async () => {
  await using server = await startRaw((socket) => socket.end('this is not TLS'))
  const delivery = await withTransport((transport) =>
    transport.send(callOf(`https://127.0.0.1:${server.port}/`)),
  )
  expect(delivery.outcome).toBe('never-sent')
  expect(reasonOf(delivery)).toContain('no secure connection could be agreed')
})

test('a certificate that nobody vouches for is none, whatever the environment allows', async () => {
  // As a hostile proxy has one. Made for this test; it opens nothing.
  const server = createServer(selfSigned, (_, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a port is listened at
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    const delivery = await withTransport((transport) => transport.send(callOf(`https://127.0.0.1:${port}/`)))
    expect(delivery.outcome).toBe('never-sent')
    expect(reasonOf(delivery)).toMatch(/certificate|secure connection/)
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('a handshake that hangs until the time is up was never sent, nor later', async () => {
  await using server = await startRaw(() => undefined)
  await withTransport(async (transport, clock) => {
    const sending = transport.send(callOf(`https://127.0.0.1:${server.port}/`, { timeoutMs: 5_000 }))
    while (server.connections.length === 0) await clock.advance(0)
    await clock.advance(5_000)
    expect(await sending).toMatchObject({
      outcome: 'never-sent',
      reason: `127.0.0.1:${server.port} could not be reached: no answer within 5 seconds`,
    })
  })
})

test('a black hole may have been sent: the time is measured by the clock handed in', async () => {
  let open = 0
  await using server = await startRaw((socket) => {
    open += 1
    socket.on('close', () => {
      open -= 1
    })
  })
  await withTransport(async (transport, clock) => {
    const sending = transport.send(callOf(server.url))
    await server.arrived(1)
    await clock.advance(59_999)
    let isOver = false
    void sending.then(() => {
      isOver = true
    })
    await clock.advance(0)
    expect(isOver).toBe(false)
    await clock.advance(1)
    expect(await sending).toMatchObject({ outcome: 'maybe-sent', isTooLarge: false, durationMs: 60_000 })
    expect(reasonOf(await sending)).toContain('no answer within 60 seconds')
    while (open > 0) await clock.advance(0) // the connection is not kept waiting
  })
})

const torn: { name: string; answer: string; ending: 'reset' | 'end'; reason: RegExp }[] = [
  {
    name: 'reset before a byte of the answer',
    answer: '',
    ending: 'reset',
    reason: /no answer came .*broken off/,
  },
  {
    name: 'closed before a byte of the answer',
    answer: '',
    ending: 'end',
    reason: /no answer came .*closed/,
  },
  {
    name: 'reset in the middle of the head',
    answer: 'HTTP/1.1 200 OK\r\ncontent-le',
    ending: 'reset',
    reason: /no answer came /,
  },
  {
    name: 'reset in the middle of the body',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Invo',
    ending: 'reset',
    reason: /status 200\) is not complete/,
  },
  {
    name: 'closed in the middle of the body',
    answer: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Invo',
    ending: 'end',
    reason: /status 200\) is not complete/,
  },
  {
    name: 'closed in the middle of a body that was to close',
    answer: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\n{"Invo',
    ending: 'end',
    reason: /status 200\) is not complete/,
  },
  {
    name: 'closed between two chunks',
    answer: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"Inv\r\n',
    ending: 'end',
    reason: /status 200\) is not complete/,
  },
  { name: 'no HTTP at all', answer: 'SSH-2.0-OpenSSH_9.6\r\n', ending: 'end', reason: /no answer came/ },
]

test.each(torn)('$name: maybe sent, and sent once', async ({ answer, ending, reason }) => {
  await using server = await startRaw((socket, text) => {
    if (!text.endsWith('{"Invoices":[]}')) return
    socket.write(answer, () => (ending === 'reset' ? socket.resetAndDestroy() : socket.end()))
  })
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery.outcome).toBe('maybe-sent')
  expect(reasonOf(delivery)).toMatch(reason)
  expect(server.connections.filter((text) => text.includes('PUT '))).toHaveLength(1)
})

test('a reset on a connection used before: maybe sent, and never sent again by itself', async () => {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
  await using server = await startRaw((socket, text) => {
    const requests = text.split('{"Invoices":[]}').length - 1
    if (requests === 1) socket.write(ok)
    if (requests === 2) socket.resetAndDestroy()
  })
  await withTransport(async (transport, clock) => {
    expect(await transport.send(callOf(server.url))).toMatchObject({ outcome: 'answered' })
    await clock.advance(0) // until the connection is free again
    expect(await transport.send(callOf(server.url))).toMatchObject({ outcome: 'maybe-sent' })
  })
  expect(server.connections).toHaveLength(1)
})

test('stale kept-alive connections: of many calls each arrives at most once, and those lost are not called unsent', async () => {
  // The server drops each connection right after its answer, as an idle one would be, without saying so before.
  await using server = await startRaw((socket, text) => {
    if (!text.endsWith('"}')) return
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}', () => socket.resetAndDestroy())
  })
  const transport = createTransport({ clock: systemClock, environment: {} })
  const outcomes = new Map<string, Delivery['outcome']>()
  for (let index = 0; index < 60; index += 1) {
    const mark = `mark-${index}`
    const delivery = await transport.send(callOf(server.url, { body: Buffer.from(`{"k":"${mark}"}`) }))
    outcomes.set(mark, delivery.outcome)
  }
  await transport.close()
  const all = server.connections.join('')
  for (const [mark, outcome] of outcomes) {
    const times = all.split(`"${mark}"`).length - 1
    expect(times, mark).toBeLessThanOrEqual(1)
    if (outcome === 'never-sent') expect(times, mark).toBe(0)
  }
})

test.each([301, 302, 303, 307, 308])('a redirect (%i) is an answer and is not followed', async (status) => {
  await using server = await startHttp((_, response) =>
    response.writeHead(status, { location: '/elsewhere' }).end(),
  )
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery).toMatchObject({ outcome: 'answered', answer: { status } })
  expect(server.received).toHaveLength(1)
})

test('an interim answer (103) is passed over', async () => {
  await using server = await startHttp((_, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.end('{}')
  })
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery).toMatchObject({ outcome: 'answered', answer: { status: 200 } })
})

const oversized: { name: string; headers: Record<string, string>; body: Buffer }[] = [
  { name: 'announced', headers: { 'content-length': String(2 * MB) }, body: Buffer.alloc(2 * MB, 32) },
  { name: 'in chunks', headers: { 'transfer-encoding': 'chunked' }, body: Buffer.alloc(2 * MB, 32) },
  { name: 'a gzip bomb', headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50 * MB)) },
]

test.each(oversized)('an answer over the limit, $name: maybe sent, too large', async ({ headers, body }) => {
  await using server = await startHttp((_, response) => {
    response.on('error', () => undefined)
    response.writeHead(200, headers).end(body)
  })
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery).toMatchObject({ outcome: 'maybe-sent', isTooLarge: true })
  expect(reasonOf(delivery)).toMatch(/too large|larger than 1 MB/)
})

test('a packed answer is unpacked; what came over the line is counted', async () => {
  const text = JSON.stringify({ Invoices: Array.from({ length: 500 }, (_, n) => ({ n })) })
  const packed = gzipSync(text)
  await using server = await startHttp((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
  })
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery.bytesIn).toBe(packed.byteLength)
  expect(delivery.outcome === 'answered' && Buffer.from(delivery.answer.body).toString()).toBe(text)
})

test.each([
  ['cut off', 'gzip', gzipSync('{"a":1}'.repeat(100)).subarray(0, 30)],
  ['no gzip', 'gzip', Buffer.from('{"a":1}')],
  ['another packing', 'br', Buffer.from('{"a":1}')],
] as const)('a packed answer that cannot be unpacked (%s): maybe sent', async (_, encoding, body) => {
  await using server = await startHttp((__, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(body)
  })
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)))
  expect(delivery).toMatchObject({ outcome: 'maybe-sent', isTooLarge: false })
})

test('at most five connections to one host', async () => {
  let open = 0
  let most = 0
  const waiting: (() => void)[] = []
  await using server = await startHttp((_, response) => {
    open += 1
    most = Math.max(most, open)
    waiting.push(() => {
      open -= 1
      response.end('{}')
    })
  })
  await withTransport(async (transport, clock) => {
    const calls = Array.from({ length: 12 }, () => transport.send(callOf(server.url)))
    let isDone = false
    const done = Promise.all(calls).then(() => {
      isDone = true
    })
    await server.arrived(5)
    while (!isDone) {
      waiting.shift()?.()
      await clock.advance(0)
    }
    await done
  })
  expect(most).toBe(5)
  expect(server.received).toHaveLength(12)
})

test('the proxy of the environment is used for https, and a refusal of it was never sent', async () => {
  await using proxy = await startRaw((socket, text) => {
    if (text.endsWith('\r\n\r\n'))
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
  })
  const environment = { httpsProxy: `http://user:pass-word@127.0.0.1:${proxy.port}` }
  const delivery = await withTransport(
    (transport) => transport.send(callOf('https://api.xero.invalid/api.xro/2.0/Invoices')),
    environment,
  )
  expect(proxy.connections[0]).toContain('CONNECT api.xero.invalid:443')
  expect(proxy.connections[0]).toContain(`Basic ${Buffer.from('user:pass-word').toString('base64')}`)
  expect(delivery.outcome).toBe('never-sent')
  expect(reasonOf(delivery)).toContain(`through the proxy 127.0.0.1:${proxy.port}`)
  expect(reasonOf(delivery)).not.toContain('pass-word')
})

test('through the tunnel of a proxy the handshake is with Xero, and nothing leaves before it', async () => {
  await using proxy = await startRaw((socket, text) => {
    if (text.endsWith('\r\n\r\n') && text.startsWith('CONNECT')) {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    } else socket.end('not TLS')
  })
  const delivery = await withTransport(
    (transport) =>
      transport.send(callOf('https://api.xero.invalid/', { headers: { authorization: 'Bearer abc' } })),
    { httpsProxy: `http://127.0.0.1:${proxy.port}` },
  )
  expect(delivery.outcome).toBe('never-sent')
  expect(proxy.connections.join('')).not.toContain('Bearer')
})

test('a proxy is never used for this machine itself', async () => {
  await using proxy = await startRaw((socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  await using server = await startHttp((_, response) => response.end('{}'))
  const proxyUrl = `http://127.0.0.1:${proxy.port}`
  const delivery = await withTransport((transport) => transport.send(callOf(server.url)), {
    httpsProxy: proxyUrl,
    httpProxy: proxyUrl,
  })
  expect(delivery.outcome).toBe('answered')
  expect(proxy.connections).toHaveLength(0)
})

test.each([
  'http://api.xero.com/',
  'ftp://127.0.0.1/',
  'https://user:secret@api.xero.com/',
  'http://127.0.0.1.evil.example/',
  'not a url',
])('%s is not called', async (url) => {
  const sending = withTransport((transport) => transport.send(callOf(url)))
  await expect(sending).rejects.toMatchObject({ code: 'configuration-invalid' })
  await expect(sending).rejects.not.toThrow(/secret/)
})

test('after closing nothing is sent, and a call under way may have been', async () => {
  await using server = await startRaw(() => undefined)
  const transport = createTransport({ clock: new HandClock(), environment: {} })
  const sending = transport.send(callOf(server.url))
  await server.arrived(1)
  await transport.close()
  expect((await sending).outcome).toBe('maybe-sent')
  await using other = await startHttp((_, response) => response.end('{}'))
  for (const { url } of [server, other]) {
    expect((await transport.send(callOf(url))).outcome).toBe('never-sent')
  }
  expect(other.received).toHaveLength(0)
})

const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5xiU1IBWZHUOGAZ6
Hoepyb2snyLmkYp+lunOTx9NxdmhRANCAARcvAx/WbAeBv2tH6rT0pL9uqvRzBXV
Q98s+b8111D6EWT9NpOXW1hm8Th5qhlmk+MuABCQxZ+0zf9fbhEoZYu8
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUb+1QpY/nooouW9yCf2zxnwF0Jc8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMzAxMTY0MloYDzIxMjYxMDMw
MDExNjQyWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARcvAx/WbAeBv2tH6rT0pL9uqvRzBXVQ98s+b8111D6EWT9NpOXW1hm
8Th5qhlmk+MuABCQxZ+0zf9fbhEoZYu8o2QwYjAdBgNVHQ4EFgQUOTiKMm6WMrH1
1BJerR6cLdP17S4wHwYDVR0jBBgwFoAUOTiKMm6WMrH11BJerR6cLdP17S4wDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQDiypDm/ssja5OOCdvXimbrhlNCZJxEY3KJxRC+bdYRJgIgXYRJCZ+WtXl3IdHY
PCF91yxeFiup+U2Ww7NNwtclA4I=
-----END CERTIFICATE-----`,
}
