// Single calls against a server that answers as Xero does: one attempt for a write, repeats for a read, and what each
// failure is called.

import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { AuxoError } from '../errors.ts'
import { type Answer, id, openTestGateway, request, send, tenantId, withGateway } from './test-gateway.ts'
import { closedPort, defaultSettings, startHttp, startRaw } from './test-line.ts'

test('a write carries what xero-node would send, and tells the outcome, the meters and the time', async () => {
  const answer: Answer = (_, response) =>
    send(
      response,
      { Invoices: [{ InvoiceID: id(1), InvoiceNumber: 'INV-1', Total: 1, StatusAttributeString: 'OK' }] },
      {
        'x-daylimit-remaining': '4999',
        'x-minlimit-remaining': '59',
        'xero-correlation-id': 'corr-1',
        date: 'Sun, 22 Nov 2026 10:00:05 GMT',
      },
    )
  await withGateway(answer, async ({ gateway, server, log }) => {
    await gateway.ready('write')
    const { answer: told, result, serverTime } = await gateway.write(request)
    expect(told).toMatchObject({
      outcome: 'elements',
      elements: [{ xeroId: id(1), key: 'INV-1', total: 100 }],
    })
    expect(result).toMatchObject({
      status: 200,
      dayLeft: 4999,
      minuteLeft: 59,
      correlationId: 'corr-1',
      problem: null,
    })
    expect(Buffer.from(result.responseBody ?? []).toString()).toContain('"INV-1"')
    expect(serverTime).toBe(Date.UTC(2026, 10, 22, 10, 0, 5))
    expect(gateway.limits()).toEqual({ minuteLeft: 59, dayLeft: 4999 })
    expect(server.calls).toHaveLength(1)
    expect(server.calls[0]).toMatchObject({
      method: 'PUT',
      url: '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4',
      body: '{"Invoices":[{"Type":"ACCREC"}]}',
      headers: {
        authorization: 'Bearer MARKED-ACCESS-1',
        'xero-tenant-id': tenantId,
        'idempotency-key': 'key-1',
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'auxo-sync/1.2.3',
      },
    })
    // The sender of a chunk records its attempts itself; only the token is the gateway's own.
    expect(log.rows.map((row) => row.subject)).toEqual(['token'])
  })
})

test('a file leaves as its bytes and under its own type', async () => {
  const body = Buffer.from([0x25, 0x50, 0x00, 0xff, 0xfe, 0x0a])
  const answer: Answer = (_, response) =>
    send(response, { Attachments: [{ AttachmentID: id(1), FileName: 'a.pdf', ContentLength: 6 }] })
  await withGateway(answer, async ({ gateway, server }) => {
    await gateway.ready('write')
    const path = `/Invoices/${id(2)}/Attachments/a.pdf`
    const file = { path, list: 'Attachments', body, contentType: 'application/pdf' } as const
    const { answer: told } = await gateway.write({ ...request, ...file })
    expect(told).toMatchObject({ outcome: 'elements', elements: [{ xeroId: id(1), key: 'a.pdf' }] })
    expect(server.calls[0]?.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '6',
      accept: 'application/json',
      'idempotency-key': 'key-1',
    })
    expect(server.calls[0]?.bytes).toEqual(body)
  })
})

test('a deletion has the one body that Xero takes', async () => {
  await withGateway(
    (_, response) => send(response, { Payments: [{ PaymentID: id(1), Status: 'DELETED' }] }),
    async ({ gateway, server }) => {
      await gateway.ready('write')
      const body = gateway.encodeDeletion()
      const { answer: told } = await gateway.write({
        ...request,
        method: 'POST',
        path: `/Payments/${id(1)}`,
        list: 'Payments',
        body,
      })
      expect(told).toMatchObject({ elements: [{ xeroId: id(1), status: 'DELETED', accepted: true }] })
      expect(server.calls[0]).toMatchObject({ method: 'POST', body: '{"Status":"DELETED"}' })
    },
  )
})

const writes: { name: string; answer: Answer; outcome: string }[] = [
  { name: '500', answer: (_, response) => response.writeHead(500).end(), outcome: 'unknown' },
  { name: 'a reset', answer: (_, response) => response.socket?.resetAndDestroy(), outcome: 'unknown' },
  {
    name: 'a redirect',
    answer: (_, response) => response.writeHead(307, { location: '/x' }).end(),
    outcome: 'unknown',
  },
  { name: '429', answer: (_, response) => response.writeHead(429).end(), outcome: 'throttled' },
  { name: '401', answer: (_, response) => response.writeHead(401).end(), outcome: 'unauthorised' },
  { name: '403', answer: (_, response) => response.writeHead(403).end(), outcome: 'forbidden' },
  { name: '400', answer: (_, response) => send(response, { Message: 'No' }, {}, 400), outcome: 'refused' },
]

test.each(writes)('a write is one attempt, whatever comes of it: $name', async ({ answer, outcome }) => {
  await withGateway(answer, async ({ gateway, server }) => {
    await gateway.ready('write')
    const attempt = await gateway.write(request)
    expect(attempt.answer.outcome).toBe(outcome)
    expect(attempt.result.problem).not.toBeNull()
    expect(server.calls).toHaveLength(1)
  })
})

test('a write whose token cannot be had was never sent', async () => {
  const port = await closedPort()
  const { gateway, clock } = openTestGateway(`http://127.0.0.1:${port}`)
  const attempt = await clock.run(gateway.write(request))
  expect(attempt.answer.outcome).toBe('never-sent')
  await expect(clock.run(gateway.ready('write'))).rejects.toMatchObject({ code: 'xero-away' })
  await gateway.close()
})

test('a write that Xero does not answer ends at its own time', async () => {
  await using server = await startRaw((socket, text) => {
    const body = '{"access_token":"MARKED-ACCESS-1","expires_in":1800}'
    if (text.startsWith('POST /connect/token') && text.includes('scope=')) {
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    }
  })
  const { gateway, clock } = openTestGateway(server.url)
  await gateway.ready('write')
  const writing = gateway.write({ ...request, timeoutMs: 30_000 })
  while (!server.connections.join('').includes('PUT /')) await clock.advance(0)
  await clock.advance(30_000)
  expect((await writing).answer).toMatchObject({ outcome: 'unknown' })
  await gateway.close()
})

test('each attempt of a read is a row of the log; what may pass is tried four times', async () => {
  const answer: Answer = (_, response, count) => {
    if (count === 1) response.writeHead(503).end()
    else if (count === 2) response.socket?.resetAndDestroy()
    else if (count === 3) response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
    else send(response, { Currencies: [{ Code: 'NZD' }] }, { 'x-daylimit-remaining': '77' })
  }
  await withGateway(answer, async ({ gateway, clock, log }) => {
    expect(await clock.run(gateway.currencies())).toEqual(['NZD'])
    const rows = log.rows.filter((row) => row.subject === 'currencies')
    expect(rows.map((row) => [row.attempt, row.path, row.result?.status, row.result?.dayLeft])).toEqual([
      [1, '/api.xro/2.0/Currencies', 503, null],
      [2, '/api.xro/2.0/Currencies', null, null],
      [3, '/api.xro/2.0/Currencies', 200, null],
      [4, '/api.xro/2.0/Currencies', 200, 77],
    ])
    expect(rows.map((row) => row.result?.problem !== null)).toEqual([true, true, true, false])
    expect(clock.slept).toEqual([1000, 2000, 4000])
  })
})

test('Xero’s clock is that of the last answer to a read: of one that was had, or that said there is nothing', async () => {
  const at = (second: number) => ({ date: `Sun, 22 Nov 2026 10:00:0${second} GMT` })
  const clockAt = (second: number) => Date.UTC(2026, 10, 22, 10, 0, second)
  const answers: Answer[] = [
    (_, response) => send(response, { Currencies: [] }, at(1)),
    (_, response) => response.writeHead(404, at(2)).end(),
    // A write, a refusal and an answer without a date are no readings.
    (_, response) => send(response, { Invoices: [] }, at(3)),
    (_, response) => send(response, { Message: 'No' }, at(4), 400),
    (_, response) => {
      response.sendDate = false
      response.writeHead(404).end()
    },
    (_, response) => send(response, { Currencies: [] }, at(7)),
  ]
  const answer: Answer = (call, response, count) => answers[count - 1]?.(call, response, count)
  await withGateway(answer, async ({ gateway }) => {
    expect(gateway.answeredAt()).toBeNull()
    await gateway.currencies()
    expect(gateway.answeredAt()).toBe(clockAt(1))
    await gateway.creditNoteById(id(1))
    expect(gateway.answeredAt()).toBe(clockAt(2))
    await gateway.ready('write')
    await gateway.write(request)
    await expect(gateway.currencies()).rejects.toThrow()
    await gateway.creditNoteById(id(1))
    expect(gateway.answeredAt()).toBe(clockAt(2))
    await gateway.currencies()
    expect(gateway.answeredAt()).toBe(clockAt(7))
  })
})

const failures: { name: string; answer: Answer; code: string; words: RegExp; calls: number }[] = [
  {
    name: 'Xero is down',
    answer: (_, response) => response.writeHead(500).end(),
    code: 'xero-away',
    words: /Reading currencies from Xero failed: the answer was 500/,
    calls: 4,
  },
  {
    name: 'a page of a proxy',
    answer: (_, response) => response.writeHead(200).end('<html>MARKED-ACCESS-1</html>'),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 4,
  },
  {
    name: 'a page of a proxy with 403',
    answer: (_, response) => response.writeHead(403).end('<html></html>'),
    code: 'xero-away',
    words: /web page.*proxy/,
    calls: 1,
  },
  {
    name: 'the token is never accepted',
    answer: (_, response) => send(response, { Title: 'Unauthorized', Detail: 'TokenExpired' }, {}, 401),
    code: 'not-authorised',
    words: /does not accept the access token.*TokenExpired/,
    calls: 2,
  },
  {
    name: 'a scope is missing',
    answer: (_, response) =>
      send(response, { Title: 'Unauthorized', Detail: 'AuthorizationUnsuccessful' }, {}, 401),
    code: 'not-authorised',
    words: /does not allow reading: currencies/,
    calls: 2,
  },
  {
    name: 'another organisation',
    answer: (_, response) =>
      send(response, { Title: 'Forbidden', Detail: 'AuthenticationUnsuccessful' }, {}, 403),
    code: 'other-organisation',
    words: /not open to this organisation/,
    calls: 1,
  },
  {
    name: 'the day is over',
    answer: (_, response) =>
      response.writeHead(429, { 'x-rate-limit-problem': 'day', 'retry-after': '7200' }).end(),
    code: 'xero-limit',
    words: /until 2026-11-22 12:00 UTC \(in 2 hours\)/,
    calls: 1,
  },
  {
    name: 'a refusal',
    answer: (_, response) =>
      send(response, { Message: 'Your request is not filtering efficiently' }, {}, 400),
    code: 'xero-away',
    words: /not filtering efficiently/,
    calls: 1,
  },
  {
    name: 'the list is not there',
    answer: (_, response) => send(response, { Status: 'OK' }),
    code: 'xero-away',
    words: /about currencies cannot be read/,
    calls: 1,
  },
  {
    name: 'a list that is not found is no empty list',
    answer: (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end(),
    code: 'xero-away',
    words: /about currencies cannot be read/,
    calls: 1,
  },
]

test.each(failures)('a read that cannot be had, $name: $code', async ({ answer, code, words, calls }) => {
  await withGateway(answer, async ({ gateway, clock, server }) => {
    const reading = clock.run(gateway.currencies())
    await expect(reading).rejects.toMatchObject({ code })
    await expect(reading).rejects.toThrow(words)
    expect(server.calls).toHaveLength(calls)
  })
})

test('401 once: a new token, and the read goes on', async () => {
  const answer: Answer = (received, response) =>
    received.headers['authorization'] === 'Bearer MARKED-ACCESS-1'
      ? send(response, { title: 'Unauthorized', detail: 'AuthenticationUnsuccessful' }, {}, 401)
      : send(response, { Currencies: [] })
  await withGateway(answer, async ({ gateway, server }) => {
    expect(await gateway.currencies()).toEqual([])
    expect(server.calls.map((call) => call.headers['authorization'])).toEqual([
      'Bearer MARKED-ACCESS-1',
      'Bearer MARKED-ACCESS-2',
    ])
  })
})

test('a token that is forgotten is minted anew by the next ready', async () => {
  await withGateway(
    (_, response) => send(response, { Invoices: [] }),
    async ({ gateway, server }) => {
      await gateway.ready('write')
      gateway.discardToken()
      await gateway.ready('write')
      await gateway.write(request)
      expect(server.calls[0]?.headers['authorization']).toBe('Bearer MARKED-ACCESS-2')
    },
  )
})

test('the minute limit is waited for, then the read goes on', async () => {
  const answer: Answer = (_, response, count) =>
    count === 1
      ? response.writeHead(429, { 'x-rate-limit-problem': 'minute', 'retry-after': '26' }).end()
      : send(response, { Currencies: [] })
  await withGateway(answer, async ({ gateway, clock }) => {
    await clock.run(gateway.currencies())
    expect(clock.monotonicMs()).toBe(26_000)
  })
})

test('a read is counted as a call of the day as well as of the minute', async () => {
  await withGateway(
    (_, response) => send(response, { Currencies: [] }),
    async ({ gateway, clock }) => {
      await gateway.ready('write')
      await gateway.write(request)
      await gateway.currencies()
      await clock.advance(61_000)
      await expect(gateway.ready('write')).rejects.toMatchObject({ code: 'xero-limit' })
    },
    { callsUsedToday: 4498 },
  )
})

test('a call whose token could not be had gives its place back', async () => {
  await using server = await startHttp((received, response, count) => {
    if (received.url !== '/connect/token') send(response, { Currencies: [] })
    else if (count === 1) send(response, { error: 'invalid_client' }, {}, 400)
    else send(response, { access_token: 'MARKED', expires_in: 1800 })
  })
  const settings = { ...defaultSettings, calls_per_minute: 1 }
  const { gateway, clock } = openTestGateway(server.url, { settings })
  await expect(gateway.ready('write')).rejects.toMatchObject({ code: 'not-authorised' })
  expect(await gateway.currencies()).toEqual([])
  expect(clock.slept).toEqual([])
  await gateway.close()
})

test('a write whose token is lost after it was admitted gives its place back', async () => {
  await using server = await startHttp((received, response, count) => {
    if (received.url !== '/connect/token') send(response, { Currencies: [] })
    else if (count === 2) send(response, { error: 'invalid_client' }, {}, 400)
    else send(response, { access_token: 'MARKED', expires_in: 1800 })
  })
  const settings = { ...defaultSettings, calls_per_minute: 1 }
  const { gateway, clock } = openTestGateway(server.url, { settings })
  await gateway.ready('write')
  gateway.discardToken()
  expect(await gateway.write(request)).toMatchObject({ answer: { outcome: 'never-sent' } })
  expect(await gateway.currencies()).toEqual([])
  expect(clock.slept).toEqual([])
  await gateway.close()
})

test('tokens do not count against the limits of the organisation', async () => {
  await withGateway(
    (_, response) => send(response, { Currencies: [] }),
    async ({ gateway, clock }) => {
      for (let index = 0; index < 3; index += 1) {
        gateway.discardToken()
        await gateway.currencies()
      }
      expect(clock.slept).toEqual([])
    },
    { settings: { ...defaultSettings, calls_per_minute: 3 } },
  )
})

test('a read that waits for its repeat ends at once when the run is to stop', async () => {
  const interrupt = new AbortController()
  const told: [ms: number, why: string][] = []
  const onWait = (ms: number, why: string) => told.push([ms, why])
  const answer: Answer = (_, response) => response.writeHead(500).end()
  await withGateway(
    answer,
    async ({ gateway, clock, server }) => {
      const code = gateway.organisation().then(
        () => 'read',
        (error: AuxoError) => error.code,
      )
      for (const [count, ms] of [
        [1, 1_000],
        [2, 2_000],
        [3, 0],
      ] as const) {
        await server.arrived(count + 1) // the token too
        while (clock.waiting === 0) await setImmediate()
        await clock.advance(ms)
      }
      interrupt.abort()
      expect(await code).toBe('interrupted')
      expect(clock.monotonicMs()).toBe(3_000)
      expect(told).toEqual([[4_000, 'repeat']])
      expect(server.calls).toHaveLength(3)
    },
    { interrupt: interrupt.signal, onWait },
  )
})

test('reads that wait for a slot do not leave after the run is to stop; the one under way is finished', async () => {
  const interrupt = new AbortController()
  const answer: Answer = (_, response) => {
    interrupt.abort()
    send(response, { Accounts: [] }, { date: 'Sun, 22 Nov 2026 10:00:05 GMT' })
  }
  await withGateway(
    answer,
    async ({ gateway, server, log }) => {
      const ends = await Promise.allSettled([gateway.accounts(), gateway.accounts(), gateway.accounts()])
      expect(ends.map((end) => (end.status === 'rejected' ? end.reason.code : 'read'))).toEqual([
        'read',
        'interrupted',
        'interrupted',
      ])
      expect(server.calls).toHaveLength(1)
      expect(log.rows.map((row) => [row.subject, row.result?.status])).toEqual([
        ['token', 200],
        ['accounts', 200],
      ])
    },
    { interrupt: interrupt.signal, settings: { ...defaultSettings, calls_at_once: 1 } },
  )
})

test('a write that was ready does not leave after the run is to stop', async () => {
  const interrupt = new AbortController()
  await withGateway(
    (_, response) => send(response, {}),
    async ({ gateway, server }) => {
      await gateway.ready('write')
      interrupt.abort()
      expect((await gateway.write(request)).answer).toMatchObject({ outcome: 'never-sent' })
      expect(server.calls).toEqual([])
    },
    { interrupt: interrupt.signal },
  )
})
