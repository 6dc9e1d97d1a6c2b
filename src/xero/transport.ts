// Sends bytes and brings back status, headers and bytes, or why there is no answer. It alone knows sockets. Whether a
// lost call can have reached Xero is decided here (exactly once rests on it); what an answer means is reply's.

import { createRequire } from 'node:module'
import { gunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { findProxy, isLoopbackHost, type ProxyEnvironment, parseUrl } from './proxy.ts'
import { connectProblem, lostProblem } from './transport-words.ts'

const require = createRequire(import.meta.url)

/** Answers over this size, as sent or unpacked, are not read: a thousand contacts are 2 MB, a chunk's echo below 20. */
const bodyLimitBytes = 64 * 1024 * 1024
/** Xero takes five calls of an organisation at once (§2.1). */
const connectionsPerOrigin = 5
/** A connection that is not made by then is given up; the call's own time runs beside it. */
const connectTimeoutMs = 20_000

export interface HttpCall {
  url: string
  method: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array | null
  timeoutMs: number
}

export interface HttpAnswer {
  status: number
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>
  /** Unpacked. */
  body: Uint8Array
}

export type Delivery = { durationMs: number; bytesIn: number } & (
  | { outcome: 'answered'; answer: HttpAnswer }
  /** No byte of the request was handed to a connection. */
  | { outcome: 'never-sent'; reason: string }
  /** The request was begun, and no whole answer came. */
  | { outcome: 'maybe-sent'; reason: string; isTooLarge: boolean }
)

export interface Transport {
  /** One attempt: no repeats, no redirects. Rejects only for a URL that must not be called (`configuration-invalid`). */
  send(call: HttpCall): Promise<Delivery>
  close(): Promise<void>
}

export function createTransport(options: {
  clock: Clock
  environment: ProxyEnvironment
  bodyLimit?: number
}): Transport {
  const ways = new Map<string, Dispatcher>()
  const limit = options.bodyLimit ?? bodyLimitBytes
  let isClosed = false

  return {
    async send(call) {
      const url = checkUrl(call.url)
      if (isClosed)
        return { outcome: 'never-sent', reason: 'the program is stopping', durationMs: 0, bytesIn: 0 }
      const proxy = findProxy(url, options.environment)
      let way = ways.get(url.origin)
      if (!way) {
        way = openWay(url, proxy)
        ways.set(url.origin, way)
      }
      const raw = await exchange(way, url, call, { clock: options.clock, limit, proxy })
      return raw.outcome === 'answered' ? unpack(raw, limit) : raw
    },
    async close() {
      isClosed = true
      await Promise.all([...ways.values()].map((way) => way.destroy()))
    },
  }
}

/** Tokens and books travel encrypted or not at all, except to a sandbox on this machine. */
export function checkUrl(text: string): URL {
  const url = parseUrl(text)
  const isSafe =
    url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))
  if (!isSafe || url.username || url.password) {
    throw new AuxoError(
      'configuration-invalid',
      `${url ? url.origin : 'The address of Xero'} cannot be called: it must begin with https:// (http:// only for a sandbox on this machine) and hold no password.`,
    )
  }
  return url
}

/** Loaded by file: the whole of undici costs three times as much at start-up. */
function openWay(url: URL, proxy: string | null): Dispatcher {
  const options = {
    connections: connectionsPerOrigin,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Said outright, or NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would have any certificate taken for Xero's.
    connect: { timeout: connectTimeoutMs, rejectUnauthorized: true },
  }
  if (proxy === null) {
    const Pool: typeof import('undici').Pool = require('undici/lib/dispatcher/pool.js')
    return new Pool(url.origin, options)
  }
  if (!parseUrl(proxy)) {
    throw new AuxoError(
      'configuration-invalid',
      'The proxy that the environment names (HTTPS_PROXY) is no address. Correct it, or remove it.',
    )
  }
  const { ProxyAgent }: typeof import('undici') = require('undici') // tunnels need all of it
  const checked = { rejectUnauthorized: true }
  return new ProxyAgent({ ...options, uri: proxy, requestTls: checked, proxyTls: checked })
}

/**
 * The boundary between `never-sent` and `maybe-sent` is structural, not a list of error codes: undici announces the
 * start of a request immediately before it writes the first byte to an established connection.
 */
function exchange(
  way: Dispatcher,
  url: URL,
  call: HttpCall,
  { clock, limit, proxy }: { clock: Clock; limit: number; proxy: string | null },
): Promise<Delivery> {
  return new Promise((resolve) => {
    const startedAt = clock.monotonicMs()
    const chunks: Buffer[] = []
    let controller: Dispatcher.DispatchController | null = null
    let isSettled = false
    let bytesIn = 0
    let status = 0
    let headers: ReadonlyMap<string, string> = new Map()

    const settle = (
      end: { outcome: 'answered' } | { outcome: 'lost'; error: Error; isTooLarge?: boolean },
    ): void => {
      if (isSettled) return
      isSettled = true
      cancelTimer()
      const measures = { durationMs: Math.round(clock.monotonicMs() - startedAt), bytesIn }
      if (end.outcome === 'answered') {
        resolve({
          outcome: 'answered',
          answer: { status, headers, body: Buffer.concat(chunks) },
          ...measures,
        })
      } else if (controller === null) {
        resolve({ outcome: 'never-sent', reason: connectProblem(end.error, url.host, proxy), ...measures })
      } else {
        const reason = lostProblem(end.error, url.host, status)
        resolve({ outcome: 'maybe-sent', reason, isTooLarge: end.isTooLarge ?? false, ...measures })
      }
    }
    const giveUp = (error: Error, isTooLarge = false): void => {
      settle({ outcome: 'lost', error, isTooLarge })
      controller?.abort(error)
    }
    const cancelTimer = clock.after(call.timeoutMs, () => giveUp(new TimeOut(call.timeoutMs)))

    way.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: methodOf(call.method),
        headers: { ...call.headers, 'accept-encoding': 'gzip' },
        body: call.body,
      },
      {
        onRequestStart(started) {
          // Given up while it waited for a connection, or begun before: it must not leave now.
          if (isSettled || controller !== null) return started.abort(new Error('given up'))
          controller = started
        },
        onResponseStart(_, statusCode, fields) {
          status = statusCode // an interim answer's is replaced by the real one's
          headers = new Map(Object.entries(fields).map(([name, value]) => [name, String(value ?? '')]))
          if (Number(headers.get('content-length') ?? 0) > limit) giveUp(new TooLarge(limit), true)
        },
        onResponseData(_, chunk) {
          bytesIn += chunk.byteLength
          if (bytesIn > limit) return giveUp(new TooLarge(limit), true)
          if (!isSettled) chunks.push(chunk)
        },
        onResponseEnd: () => settle({ outcome: 'answered' }),
        onResponseError: (_, error) => settle({ outcome: 'lost', error }),
      },
    )
  })
}

/**
 * Gzip is asked for because Xero's answers echo whole documents: a chunk's is about 600 kB, a tenth of it packed, and
 * the lines of those who run this are not all fast. Unpacking stops at the limit, so a small bomb stays small.
 */
async function unpack(delivery: Delivery & { outcome: 'answered' }, limit: number): Promise<Delivery> {
  const { answer, durationMs, bytesIn } = delivery
  const encoding = answer.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '' || answer.body.byteLength === 0) return delivery
  const lost = (problem: string, isTooLarge: boolean): Delivery => ({
    outcome: 'maybe-sent',
    reason: `the answer (status ${answer.status}) cannot be read: ${problem}`,
    isTooLarge,
    durationMs,
    bytesIn,
  })
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    return lost(`it is packed as “${encoding.slice(0, 20)}”, which was not asked for`, false)
  }
  return new Promise((resolve) => {
    gunzip(answer.body, { maxOutputLength: limit }, (error, body) => {
      if (!error) return resolve({ ...delivery, answer: { ...answer, body } })
      const isTooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      resolve(isTooLarge ? lost('it is too large', true) : lost('its packing is damaged', false))
    })
  })
}

function methodOf(method: string): Dispatcher.HttpMethod {
  if (method === 'GET' || method === 'PUT' || method === 'POST' || method === 'DELETE') return method
  throw new RangeError(`${method} is no method that Xero is called with`)
}

class TimeOut extends Error {
  constructor(afterMs: number) {
    super(`no answer within ${Math.round(afterMs / 100) / 10} seconds`)
  }
}

class TooLarge extends Error {
  constructor(limit: number) {
    super(`it is larger than ${Math.round(limit / 1024 / 1024)} MB`)
  }
}
