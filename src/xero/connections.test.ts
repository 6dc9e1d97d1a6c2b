// Which organisations the credentials open, over real sockets.

import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { listConnections } from './connections.ts'
import { createLog, defaultSettings, HandClock, startHttp } from './test-line.ts'

const row = {
  id: 'c1',
  authEventId: 'a1',
  tenantId: 't1',
  tenantType: 'ORGANISATION',
  tenantName: 'Demo',
  createdDateUtc: '2026-09-14T00:00:00.1234567',
}

async function list(answer: (response: ServerResponse, count: number) => void) {
  let count = 0
  await using server = await startHttp((request, response) => {
    if (request.url === '/connect/token') return response.end('{"access_token":"MARKED","expires_in":1800}')
    count += 1
    return answer(response, count)
  })
  const clock = new HandClock()
  const log = createLog()
  const options = {
    apiUrl: server.url,
    identityUrl: `${server.url}/`,
    login: {
      kind: 'custom' as const,
      clientId: 'client-id',
      clientSecret: 'MARKED-SECRET',
      cacheFile: null,
    },
    scopes: ['accounting.settings'],
    settings: defaultSettings,
    clock,
    recorder: log,
    env: {},
    version: '1.2.3',
  }
  const connections = await clock.run(
    listConnections(options).then(
      (rows) => ({ rows, error: null }),
      (error: Error) => ({ rows: null, error }),
    ),
  )
  return { ...connections, requests: server.received, log: log.rows }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

test('the bare list that Xero answers', async () => {
  const { rows, requests, log } = await list((response) => json(response, 200, [row, { ...row, id: 'c2' }]))
  expect(rows).toEqual([
    { id: 'c1', tenantId: 't1', tenantName: 'Demo' },
    { id: 'c2', tenantId: 't1', tenantName: 'Demo' },
  ])
  expect(requests[1]).toMatchObject({
    method: 'GET',
    url: '/connections',
    headers: { authorization: 'Bearer MARKED' },
  })
  expect(requests[1]?.headers).not.toHaveProperty('xero-tenant-id')
  expect(log.map((one) => [one.subject, one.path, one.result?.status])).toEqual([
    ['token', '/connect/token', 200],
    ['connections', '/connections', 200],
  ])
})

test("an accountant's practice is no organisation", async () => {
  const practice = { ...row, tenantId: 't2', tenantType: 'PRACTICE', tenantName: null }
  const { rows } = await list((response) => json(response, 200, [practice, row]))
  expect(rows?.map(({ tenantId }) => tenantId)).toEqual(['t1'])
})

test('401 once: a new token', async () => {
  const { rows, log } = await list((response, count) =>
    json(response, count === 1 ? 401 : 200, count === 1 ? {} : []),
  )
  expect(rows).toEqual([])
  expect(log.map((one) => one.subject)).toEqual(['token', 'connections', 'token', 'connections'])
})

test.each([
  ['always 401', 401, {}, 'not-authorised', 2],
  ['403', 403, {}, 'not-authorised', 1],
  ['500', 500, {}, 'xero-away', 4],
  ['another form', 200, { connections: [] }, 'xero-away', 4],
  ['a row without its tenant', 200, [{ id: 'c1' }], 'xero-away', 4],
] as const)('%s: %s', async (_, status, body, code, calls) => {
  const { error, log } = await list((response) => json(response, status, body))
  expect(error).toMatchObject({ code })
  expect(log.filter((one) => one.subject === 'connections')).toHaveLength(calls)
})
