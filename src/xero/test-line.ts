// For the tests of this folder: a clock that stands still until it is moved, servers on this machine that answer as told,
// and an API log in memory. Nothing of the program imports it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createNetServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { readSettings } from '../accounting/settings.ts'
import type { Clock } from '../clock.ts'
import type { CallIntent, CallRecorder, CallResult } from './gateway.ts'

interface Timer {
  at: number
  fire: () => void
  /** The program waits by `sleep`; `after` only guards a call. */
  isSleep: boolean
}

/** Time moves only by `advance` and, while something is waited for by `run`, over the program's own sleeps. */
export class HandClock implements Clock {
  readonly #timers = new Set<Timer>()
  readonly #start = Date.UTC(2026, 10, 22, 10, 0, 0)
  #elapsed = 0
  #wallOffset = 0
  /** Every sleep that was begun, in ms. */
  readonly slept: number[] = []

  now(): number {
    return this.#start + this.#elapsed + this.#wallOffset
  }

  monotonicMs(): number {
    return this.#elapsed
  }

  /** A step of the wall clock alone. */
  step(ms: number): void {
    this.#wallOffset += ms
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms)
    return new Promise((resolve, reject) => {
      const timer = { at: this.#elapsed + ms, fire: resolve, isSleep: true }
      this.#timers.add(timer)
      signal?.addEventListener('abort', () => {
        this.#timers.delete(timer)
        reject(signal.reason)
      })
    })
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + ms, fire: callback, isSleep: false }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms
    for (;;) {
      await setImmediate()
      const next = this.#next((timer) => timer.at <= end)
      if (!next) break
      this.#fire(next)
    }
    this.#elapsed = end
    await setImmediate()
  }

  /** Waits for the promise, letting the program's sleeps pass at once. */
  async run<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false
    const settled = promise.finally(() => {
      isSettled = true
    })
    settled.catch(() => undefined)
    while (!isSettled) {
      await setImmediate()
      const next = this.#next((timer) => timer.isSleep)
      if (next && !isSettled) this.#fire(next)
    }
    return settled
  }

  get waiting(): number {
    return [...this.#timers].filter((timer) => timer.isSleep).length
  }

  /** Timers of any kind that still run. */
  get timers(): number {
    return this.#timers.size
  }

  #next(accepts: (timer: Timer) => boolean): Timer | undefined {
    return [...this.#timers].filter(accepts).sort((a, b) => a.at - b.at)[0]
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer)
    this.#elapsed = Math.max(this.#elapsed, timer.at)
    timer.fire()
  }
}

export interface Received {
  method: string
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: string
  bytes: Buffer
}

export interface LoopbackServer extends AsyncDisposable {
  url: string
  port: number
  received: Received[]
  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<void>
}

/** An HTTP server that answers as told. */
export async function startHttp(
  answer: (request: Received, response: ServerResponse, count: number) => void,
): Promise<LoopbackServer> {
  const received: Received[] = []
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          value === undefined ? value : String(value),
        ]),
      )
      const bytes = Buffer.concat(chunks)
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers,
        body: bytes.toString('utf8'),
        bytes,
      }
      received.push(one)
      answer(one, response, received.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    async arrived(count) {
      while (received.length < count) await setImmediate()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface RawServer extends AsyncDisposable {
  url: string
  port: number
  /** What arrived on each connection, as text. */
  connections: string[]
  /** Resolves when the text of all connections holds so many requests' heads. */
  arrived(heads: number): Promise<void>
}

/** A server of bare sockets, for what no HTTP server would do. `onText` sees all that a connection sent so far. */
export async function startRaw(
  onText: (socket: Socket, text: string, connection: number) => void,
): Promise<RawServer> {
  const connections: string[] = []
  const sockets = new Set<Socket>()
  const server = createNetServer((socket) => {
    const index = connections.push('') - 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      connections[index] += chunk.toString('latin1')
      onText(socket, connections[index] ?? '', index)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections,
    async arrived(heads) {
      while (connections.join('').split('\r\n\r\n').length - 1 < heads) await setImmediate()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startRaw(() => undefined)
  await server[Symbol.asyncDispose]()
  return server.port
}

export interface LoggedCall extends CallIntent {
  result: CallResult | null
}

export function createLog(): CallRecorder & { rows: LoggedCall[] } {
  const rows: LoggedCall[] = []
  return {
    rows,
    begin: async (intent) => rows.push({ ...intent, result: null }) - 1,
    async end(id, result) {
      const row = rows[id]
      if (row) row.result = result
    },
  }
}

export const defaultSettings = readSettings(new Map()).settings
