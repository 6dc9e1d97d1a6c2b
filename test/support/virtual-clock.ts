// A clock for whole runs in one process: hours of waiting pass in milliseconds, always to the next instant that somebody
// waits for, and only while nothing else is going on. The wall may be stepped; monotonic time never is.

import type { Clock } from '../../src/clock.ts'

interface Timer {
  due: number
  order: number
  fire: () => void
}

/** Real ms without anything happening before time moves on. */
const quietMs = 3
/** Real ms after which time moves on although a request is under way: it is one that is never answered. */
const silentMs = 250

export class VirtualClock implements Clock {
  #monotonic = 1_000_000
  #wallOffset: number
  #timers: Timer[] = []
  #order = 0
  /** Requests of the client under way: each has a time-out timer. */
  #requests = 0
  /** Requests that the server holds on purpose. */
  #held = 0
  #lastActivity = performance.now()
  #pumping = false
  #stopped = false

  constructor(start: string) {
    this.#wallOffset = Date.parse(start) - this.#monotonic
  }

  now(): number {
    return Math.floor(this.#monotonic + this.#wallOffset)
  }

  monotonicMs(): number {
    return this.#monotonic
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#sleep(ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    this.#requests += 1
    let open = true
    const end = () => {
      if (open) this.#requests -= 1
      open = false
    }
    const cancel = this.#schedule(ms, () => {
      end()
      callback()
    })
    return () => {
      end()
      cancel()
      this.#touch()
    }
  }

  /** The same time for the server, whose waits are requests that it holds. */
  forServer(): Clock {
    return {
      now: () => this.now(),
      monotonicMs: () => this.monotonicMs(),
      after: (ms, callback) => this.#schedule(ms, callback),
      sleep: async (ms, signal) => {
        this.#held += 1
        try {
          await this.#sleep(ms, signal)
        } finally {
          this.#held -= 1
        }
      },
    }
  }

  /** Moves time on at once, without running what falls due on the way. */
  advance(ms: number): void {
    this.#monotonic += ms
    this.#touch()
  }

  /** Steps the wall clock alone, as a correction of the machine's time does. */
  stepWall(ms: number): void {
    this.#wallOffset += ms
  }

  stop(): void {
    this.#stopped = true
    this.#timers = []
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = this.#schedule(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  #schedule(ms: number, fire: () => void): () => void {
    const timer = { due: this.#monotonic + Math.max(0, ms), order: this.#order++, fire }
    this.#timers.push(timer)
    this.#touch()
    this.#pump()
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  #touch(): void {
    this.#lastActivity = performance.now()
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    const turn = () => {
      if (this.#stopped || this.#timers.length === 0) {
        this.#pumping = false
        return
      }
      const quietFor = performance.now() - this.#lastActivity
      if (quietFor >= silentMs || (this.#requests <= this.#held && quietFor >= quietMs)) this.#fireNext()
      setImmediate(turn)
    }
    setImmediate(turn)
  }

  #fireNext(): void {
    const [next] = [...this.#timers].sort((a, b) => a.due - b.due || a.order - b.order)
    if (!next) return
    this.#timers = this.#timers.filter((one) => one !== next)
    this.#monotonic = Math.max(this.#monotonic, next.due)
    this.#touch()
    next.fire()
  }
}
