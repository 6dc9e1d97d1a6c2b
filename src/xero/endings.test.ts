// What counts as ended where Xero, or something before it, refuses to end a log-in or a connection (Z4), over real sockets.

import { expect, test } from 'vitest'
import { endConnection, revokeLogin } from './endings.ts'
import { openLine } from './open-gateway.ts'
import { createLog, defaultSettings, HandClock, startHttp } from './test-line.ts'

const refusals: [
  what: string,
  status: number,
  body: string,
  ended: { login: boolean; connection: boolean },
][] = [
  ['a log-in that Xero knows no more', 400, '{"error":"invalid_grant"}', { login: true, connection: false }],
  ['an app that Xero knows no more', 400, '{"error":"invalid_client"}', { login: true, connection: false }],
  [
    'a request that a gateway did not understand',
    400,
    '{"error":"invalid_request"}',
    { login: false, connection: false },
  ],
  ['a gateway that knows no such path', 404, '{"message":"no route"}', { login: false, connection: true }],
  ['a firewall’s page', 403, '<html>Blocked</html>', { login: false, connection: false }],
]

test.each(refusals)('%s', async (_, status, body, { login, connection }) => {
  await using server = await startHttp((request, response) => {
    if (request.url === '/connect/token') return response.end('{"access_token":"MARKED","expires_in":1800}')
    return response
      .writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' })
      .end(body)
  })
  const clock = new HandClock()
  const line = openLine({
    apiUrl: server.url,
    identityUrl: server.url,
    login: { kind: 'custom', clientId: 'client-id', clientSecret: 'MARKED-SECRET', cacheFile: null },
    scopes: [],
    settings: defaultSettings,
    clock,
    recorder: createLog(),
    env: {},
    version: '1.2.3',
  })
  const had = (ending: Promise<boolean>) =>
    clock.run(
      ending.then(
        (isEnded) => !isEnded,
        () => null,
      ),
    )
  expect(await had(revokeLogin(line, 'client-id', 'MARKED-TOKEN'))).toBe(login ? true : null)
  expect(await had(endConnection(line, 'c1'))).toBe(connection ? true : null)
  await line.transport.close()
})
