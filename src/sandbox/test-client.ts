// For tests of the sandbox: a clock that only moves when told, and a client that knows nothing but HTTP.

import type { Clock } from '../clock.ts'
import type { Exchange } from './exchange.ts'
import { isObject, type Json, type JsonObject, listOf, textOf } from './json.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './server.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Time stands still until `advance`. Sleepers wake in order of their time. */
export class ManualClock implements Clock {
  #now: number
  #monotonic = 0
  #sleepers: Sleeper[] = []

  constructor(start = '2026-11-22T21:00:00Z') {
    this.#now = Date.parse(start)
  }

  now(): number {
    return this.#now
  }

  monotonicMs(): number {
    return this.#monotonic
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#monotonic + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal.reason)
      })
    })
  }

  after(ms: number, callback: () => void): () => void {
    const sleeper = { at: this.#monotonic + ms, wake: callback }
    this.#sleepers.push(sleeper)
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
    }
  }

  get sleepers(): number {
    return this.#sleepers.length
  }

  advance(ms: number): void {
    this.#now += ms
    this.#monotonic += ms
    const due = this.#sleepers.filter((sleeper) => sleeper.at <= this.#monotonic).sort((a, b) => a.at - b.at)
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > this.#monotonic)
    for (const sleeper of due) sleeper.wake()
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: JsonObject
  /** The elements under a plural key. */
  list(key: string): readonly JsonObject[]
}

export interface RequestOptions {
  readonly body?: Json
  /** Sent as it is, in place of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

export class TestClient {
  readonly sandbox: Sandbox
  readonly clock: ManualClock
  /** What the sandbox saw and answered, in order. */
  readonly exchanges: Exchange[]
  token = ''

  constructor(sandbox: Sandbox, clock: ManualClock, exchanges: Exchange[]) {
    this.sandbox = sandbox
    this.clock = clock
    this.exchanges = exchanges
  }

  get tenantId(): string {
    return this.sandbox.organisations[0]?.tenantId ?? ''
  }

  async connect(scope?: string): Promise<this> {
    const answer = await this.form('/connect/token', {
      grant_type: 'client_credentials',
      ...(scope ? { scope } : {}),
    })
    this.token = textOf(answer.json, 'access_token') ?? ''
    return this
  }

  form(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const basic = Buffer.from(`${this.sandbox.clientId}:${this.sandbox.clientSecret}`).toString('base64')
    return this.#fetch('POST', path, new URLSearchParams(fields).toString(), {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    })
  }

  /** A path below /api.xro/2.0, as a custom connection would ask for it. */
  api(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const isWrite = method === 'PUT' || method === 'POST'
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const headers = {
      authorization: `Bearer ${this.token}`,
      'xero-tenant-id': this.tenantId,
      accept: 'application/json',
      ...(isWrite ? { 'content-type': 'application/json' } : {}),
      ...options.headers,
    }
    return this.#fetch(method, `/api.xro/2.0${path}`, body, headers, options.signal)
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api('GET', path, { headers })
  }

  put(path: string, body: Json, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api('PUT', path, { body, headers })
  }

  post(path: string, body: Json, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api('POST', path, { body, headers })
  }

  async #fetch(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await fetch(`${this.sandbox.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    const text = await response.text()
    const json = readJson(text)
    return {
      status: response.status,
      headers: response.headers,
      text,
      json,
      list: (key) => listOf(json, key) ?? [],
    }
  }
}

function readJson(text: string): JsonObject {
  try {
    // JSON.parse gives Json by definition.
    const value = JSON.parse(text) as Json
    return isObject(value) ? value : { array: value }
  } catch {
    return {}
  }
}

/** The texts of an element's ValidationErrors. */
export function errorsOf(element: JsonObject | undefined): string[] {
  return (listOf(element ?? {}, 'ValidationErrors') ?? []).map((error) => textOf(error, 'Message') ?? '')
}

export function warningsOf(element: JsonObject | undefined): string[] {
  return (listOf(element ?? {}, 'Warnings') ?? []).map((warning) => textOf(warning, 'Message') ?? '')
}

/** Lets the machine work until something holds; no time is measured, and what never comes is an error. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000_000; turn += 1) {
    if (holds()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('what was waited for did not come')
}

const running: TestClient[] = []

/** A sandbox on a clock that stands still, with a client that holds a token for everything. */
export async function startedSandbox(options: Partial<SandboxOptions> = {}): Promise<TestClient> {
  const clock = new ManualClock()
  const exchanges: Exchange[] = []
  const sandbox = await startSandbox({
    clock,
    onExchange: (exchange) => exchanges.push(exchange),
    ...options,
  })
  const client = new TestClient(sandbox, clock, exchanges)
  running.push(client)
  return client.connect()
}

/** For afterEach: closing throws what went wrong inside. */
export async function stopSandboxes(): Promise<void> {
  for (const client of running.splice(0)) await client.sandbox.close()
}
