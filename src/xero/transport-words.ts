// Says in plain words why a call has no answer. The words are for people: nothing is ever decided by them.

import { parseUrl } from './proxy.ts'

/** Codes of node and undici, and what they mean to somebody who must put it right. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'its name was not found',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it from this network',
  ENETUNREACH: 'this computer is not connected to a network',
  ENETDOWN: 'this computer is not connected to a network',
  ETIMEDOUT: 'no connection could be made in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection could be made in time',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut off',
  UND_ERR_DESTROYED: 'the program was stopping',
  UND_ERR_CLOSED: 'the program was stopping',
  CERT_HAS_EXPIRED: 'its certificate has expired (is the clock of this computer right?)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (a proxy may be reading along)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (a proxy may be reading along)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted (a proxy may be reading along)',
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Node tries several addresses of a name and reports them together; the first says it. */
function rootOf(error: Error): Error {
  const first = error instanceof AggregateError ? error.errors[0] : null
  return first instanceof Error ? first : error
}

/** Why no connection was made. The proxy is named by host only: its address may hold a password. */
export function connectProblem(error: Error, host: string, proxy: string | null): string {
  const root = rootOf(error)
  const code = codeOf(root)
  const why =
    words[code] ??
    (/^ERR_SSL|^ERR_TLS|^EPROTO/.test(code) ? 'no secure connection could be agreed' : root.message)
  const via = proxy === null ? '' : ` through the proxy ${parseUrl(proxy)?.host ?? 'of the environment'}`
  return `${host} could not be reached${via}: ${why}${code && !words[code] ? ` (${code})` : ''}`
}

/** Why a call that left has no whole answer. `status` is 0 where not even that came. */
export function lostProblem(error: Error, host: string, status: number): string {
  const why = words[codeOf(error)] ?? error.message
  return status === 0
    ? `no answer came from ${host}: ${why}`
    : `the answer from ${host} (status ${status}) is not complete: ${why}`
}
