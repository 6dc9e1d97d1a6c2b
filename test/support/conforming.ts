// Every request of our client, and every answer that the sandbox gave it, against Xero's published description, in every
// scenario and simulated run. What an answer of a fault looks like is no claim of ours.

import type { Exchange } from '../../src/sandbox/exchange.ts'
import type { FaultKind } from '../../src/sandbox/fault.ts'
import { loadOpenApi } from './openapi.ts'

const openApi = loadOpenApi()

/** Faults whose answer comes from a proxy, from nobody, or cut to pieces. */
const notOfXero: readonly (FaultKind | null)[] = ['garbage', 'truncated', 'proxy-html']

/** How many exchanges of a world were looked at already: promises are asked for more than once. */
const looked = new WeakMap<readonly Exchange[], number>()

/** Violations of the exchanges since the last look; none where the description is not on this machine (never in CI). */
export function violations(exchanges: readonly Exchange[]): string[] {
  if (!openApi) return []
  const fresh = exchanges.slice(looked.get(exchanges) ?? 0)
  looked.set(exchanges, exchanges.length)
  return fresh
    .filter((exchange) => exchange.url.startsWith('/api.xro/'))
    .flatMap((exchange) => violationsOf(exchange))
}

function violationsOf(exchange: Exchange): string[] {
  const found = [
    ...(openApi?.checkRequest(exchange) ?? []),
    ...(isOfXero(exchange) ? (openApi?.checkResponse(exchange) ?? []) : []),
  ]
  return found
    .filter((one) => one.level === 'error')
    .map(
      (one) =>
        `${exchange.method} ${exchange.url} ${exchange.status}: ${one.side} ${one.rule} ${one.at} ${one.detail}`,
    )
}

/** Xero's answer to too many calls at once has no Retry-After (§2.1), which the description's checker asks for. */
function isOfXero(exchange: Exchange): boolean {
  const isConcurrent =
    exchange.status === 429 && exchange.responseHeaders['X-Rate-Limit-Problem'] === 'concurrent'
  return !isConcurrent && !notOfXero.includes(exchange.fault)
}
