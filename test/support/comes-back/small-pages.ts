// Lists cut into pages of a few rows, as Xero cuts them to what it likes without a word (§2.3): the sandbox reads another
// pageSize than was asked for. Then a feed of a handful of rows has several pages, and somebody can act between two of them.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { World } from '../world.ts'

const channel = 'http.server.request.start'

export class SmallPages {
  readonly #world: World
  readonly #pageSize: number
  /** What was asked for, by what the sandbox read instead. */
  readonly #asked = new Map<string, string>()
  readonly #host: string

  constructor(world: World, pageSize: number) {
    this.#world = world
    this.#pageSize = pageSize
    this.#host = new URL(world.sandbox.url).host
    subscribe(channel, this.#onRequest)
  }

  /** The exchanges again as the client knows them: the API log has what it asked for. */
  restoreUrls(): void {
    const { exchanges } = this.#world
    for (const [index, exchange] of exchanges.entries()) {
      const url = this.#asked.get(exchange.url)
      if (url !== undefined) exchanges[index] = { ...exchange, url }
    }
  }

  stop(): void {
    unsubscribe(channel, this.#onRequest)
  }

  readonly #onRequest = (message: unknown): void => {
    // What Node publishes on this channel.
    const { request } = message as { request: IncomingMessage }
    if (request.headers.host !== this.#host || !request.url) return
    const cut = request.url.replace(/\bpageSize=\d+/, `pageSize=${this.#pageSize}`)
    if (cut === request.url) return
    this.#asked.set(cut, request.url)
    request.url = cut
  }
}
