// The idempotency store of §3.4: a key belongs to the app, is kept six minutes from its first call, and gives the first
// call's answer back as it was, errors included. Limits were checked before anything comes here.

import { createHash } from 'node:crypto'
import type { Reply } from './reply.ts'

const keptMs = 6 * 60_000
export const keyLengthMax = 128

export interface SavedCall {
  readonly key: string
  readonly fingerprint: string
  readonly firstAt: number
  readonly reply: Reply
}

interface Call {
  readonly fingerprint: string
  readonly firstAt: number
  /** Null while the first call runs. */
  reply: Reply | null
  readonly answered: Promise<Reply | null>
}

export type Claim =
  | { readonly kind: 'first'; readonly finish: (reply: Reply | null) => void }
  | { readonly kind: 'replay'; readonly reply: Reply }
  | { readonly kind: 'different' }
  | { readonly kind: 'running'; readonly answered: Promise<Reply | null> }

/** Method, URL and body: the tenant is not part of it, which is why a key must name it (§3.4). */
export function fingerprintOf(method: string, url: string, body: Uint8Array): string {
  return createHash('sha256').update(`${method} ${url}\n`).update(body).digest('hex')
}

export class IdempotencyStore {
  readonly #calls = new Map<string, Call>()
  #answered = 0

  /** Grows with every answer that is kept: the state file is written when it has moved. */
  get answered(): number {
    return this.#answered
  }

  claim(key: string, fingerprint: string, now: number): Claim {
    this.#forget(now)
    const call = this.#calls.get(key)
    if (!call) return this.#first(key, fingerprint, now)
    if (call.fingerprint !== fingerprint) return { kind: 'different' }
    return call.reply ? { kind: 'replay', reply: call.reply } : { kind: 'running', answered: call.answered }
  }

  saved(): SavedCall[] {
    return [...this.#calls].flatMap(([key, { fingerprint, firstAt, reply }]) =>
      reply ? [{ key, fingerprint, firstAt, reply }] : [],
    )
  }

  restore(calls: readonly SavedCall[]): void {
    for (const { key, ...call } of calls) {
      this.#calls.set(key, { ...call, answered: Promise.resolve(call.reply) })
    }
  }

  #first(key: string, fingerprint: string, now: number): Claim {
    let tell: (reply: Reply | null) => void = () => {}
    const answered = new Promise<Reply | null>((resolve) => {
      tell = resolve
    })
    const call: Call = { fingerprint, firstAt: now, reply: null, answered }
    this.#calls.set(key, call)
    const finish = (reply: Reply | null) => {
      // Null: nothing that a later call could be given, so the key is free again.
      if (reply === null) this.#calls.delete(key)
      else {
        call.reply = reply
        this.#answered += 1
      }
      tell(reply)
    }
    return { kind: 'first', finish }
  }

  /** A call that still runs is kept whatever its age: its answer is not known yet. */
  #forget(now: number): void {
    for (const [key, call] of this.#calls) {
      const isOver = now >= call.firstAt + keptMs || now < call.firstAt - keptMs
      if (isOver && call.reply) this.#calls.delete(key)
    }
  }
}
