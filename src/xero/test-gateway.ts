// For the tests of this folder: a gateway on a clock that is moved by hand, and a server that grants tokens and answers
// the API as told. Nothing of the program imports it.

import type { ServerResponse } from 'node:http'
import type { WriteRequest } from './gateway.ts'
import { type GatewayOptions, openGateway } from './open-gateway.ts'
import {
  createLog,
  defaultSettings,
  HandClock,
  type LoopbackServer,
  type Received,
  startHttp,
} from './test-line.ts'

export const tenantId = '099fef97-8baf-47dd-abbc-25ee95392a3f'
export const id = (n: number) => `6f1c0a3e-6d0e-4b4e-9e0e-${String(n).padStart(12, '0')}`
export const secret = 'MARKED-CLIENT-SECRET'

export type Answer = (request: Received, response: ServerResponse, count: number) => void

/** Tokens are always granted; `answer` sees the calls of the API, counted from 1. */
async function startXero(answer: Answer): Promise<LoopbackServer & { calls: Received[] }> {
  const calls: Received[] = []
  let tokens = 0
  const server = await startHttp((request, response) => {
    if (request.url === '/connect/token') {
      tokens += 1
      return send(response, { access_token: `MARKED-ACCESS-${tokens}`, expires_in: 1800 })
    }
    answer(request, response, calls.push(request))
  })
  return Object.assign(server, { calls })
}

export function send(
  response: ServerResponse,
  body: object,
  headers: Record<string, string> = {},
  status = 200,
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

export function openTestGateway(url: string, changes: Partial<GatewayOptions> = {}) {
  const clock = new HandClock()
  const log = createLog()
  const gateway = openGateway({
    apiUrl: url,
    identityUrl: url,
    tenantId,
    login: { kind: 'custom', clientId: 'client-id', clientSecret: secret, cacheFile: null },
    scopes: ['accounting.invoices'],
    settings: defaultSettings,
    clock,
    recorder: log,
    callsUsedToday: 0,
    env: {},
    version: '1.2.3',
    ...changes,
  })
  return { gateway, clock, log }
}

export async function withGateway<Value>(
  answer: Answer,
  work: (
    line: ReturnType<typeof openTestGateway> & { server: Awaited<ReturnType<typeof startXero>> },
  ) => Promise<Value>,
  changes: Partial<GatewayOptions> = {},
): Promise<Value> {
  await using server = await startXero(answer)
  const line = openTestGateway(server.url, changes)
  try {
    return await work({ ...line, server })
  } finally {
    await line.gateway.close()
  }
}

export const request: WriteRequest = {
  method: 'PUT',
  path: '/Invoices?summarizeErrors=false&unitdp=4',
  list: 'Invoices',
  body: Buffer.from('{"Invoices":[{"Type":"ACCREC"}]}'),
  idempotencyKey: 'key-1',
  timeoutMs: 60_000,
}
