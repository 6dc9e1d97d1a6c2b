// A clock for whole runs in one process: hours of waiting pass in milliseconds, always to the next instant that somebody
// waits for, and only while nothing else is going on. The client's wall may be stepped; Xero's and monotonic time never are.

import type { Clock } from '../../src/clock.ts'

interface Timer {
  due: number
  order: number
  fire: () => void
}

/**
 * Turns of the event loop without news before time moves on. Turns and not milliseconds: a machine that is busy with
 * something else must not make time jump while an answer is on its way.
 */
const quietTurns = 250
/** The same, and real ms, while a request is under way: it is one that is never answered. */
const silentTurns = 2_500
const silentMs = 40
/** Work that goes on outside the loop and that Node lets us see; compression it does not, hence many turns. */
const outside = /^(FSReq|GetAddrInfo|TCPConnect|ShutdownWrap|WriteWrap)/

export class VirtualClock implements Clock {
  #monotonic = 1_000_000
  #wallOffset: number
  readonly #xeroOffset: number
  #timers: Timer[] = []
  #order = 0
  /** Runs of the program under way. While none of them waits for anything they are at work, and time stands. */
  #runs = 0
  /** Waits of the client itself. */
  #sleeping = 0
  /** Requests of the client under way: each has a time-out timer. */
  #requests = 0
  /** Requests that the server holds on purpose. */
  #held = 0
  /** Requests that the client gave up: the server may still hold them. */
  #givenUp = 0
  #turnsWithoutNews = 0
  #lastNews = 0
  #pumping = false
  #stopped = false

  /** `skewMs`: how far Xero's clock is ahead of ours. */
  constructor(start: string, skewMs = 0) {
    this.#wallOffset = Date.parse(start) - this.#monotonic
    this.#xeroOffset = this.#wallOffset + skewMs
  }

  now(): number {
    return Math.floor(this.#monotonic + this.#wallOffset)
  }

  monotonicMs(): number {
    return this.#monotonic
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#sleeping += 1
    try {
      await this.#sleep(ms, signal)
    } finally {
      this.#sleeping -= 1
    }
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
      this.#givenUp += 1
      callback()
    })
    return () => {
      end()
      cancel()
      this.#touch()
    }
  }

  /** Xero's own clock, whose waits are requests that it holds. */
  forServer(): Clock {
    return {
      now: () => Math.floor(this.#monotonic + this.#xeroOffset),
      monotonicMs: () => this.monotonicMs(),
      after: (ms, callback) => this.#schedule(ms, callback),
      sleep: async (ms, signal) => {
        this.#held += 1
        try {
          await this.#sleep(ms, signal)
        } finally {
          this.#held -= 1
          this.#givenUp = this.#held === 0 ? 0 : Math.max(0, this.#givenUp - 1)
        }
      },
    }
  }

  /** Moves time on at once, without running what falls due on the way. */
  advance(ms: number): void {
    this.#monotonic += ms
    this.#touch()
  }

  /** Steps our wall clock alone, as a correction of the machine's time does. */
  stepWall(ms: number): void {
    this.#wallOffset += ms
  }

  /** Time stands while the work does, except for what it waits for. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#runs += 1
    try {
      return await work()
    } finally {
      this.#runs -= 1
    }
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
    this.#turnsWithoutNews = 0
    this.#lastNews = performance.now()
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    const turn = () => {
      if (this.#stopped || this.#timers.length === 0) {
        this.#pumping = false
        return
      }
      this.#turnsWithoutNews += 1
      // What is held for a client that left is no reason to think that the others wait in vain.
      const awaited = this.#held - Math.min(this.#held, this.#givenUp)
      const isAtWork = this.#runs > 0 && this.#sleeping + this.#requests === 0
      const isSilent =
        this.#requests <= awaited
          ? this.#turnsWithoutNews >= quietTurns
          : this.#turnsWithoutNews >= silentTurns && performance.now() - this.#lastNews >= silentMs
      if (!isAtWork && isSilent && !isWorkingOutside()) this.#fireNext()
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

function isWorkingOutside(): boolean {
  return process.getActiveResourcesInfo().some((name) => outside.test(name))
}
