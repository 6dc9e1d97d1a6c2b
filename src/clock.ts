// Time, as something that is handed in: a whole run can be replayed with another clock. The only user of the real one.

export interface Clock {
  /** Wall time in ms since 1970, UTC. May jump: never measure a duration with it. */
  now(): number
  /** Milliseconds that only ever go forward in this process, across wall-clock steps. */
  monotonicMs(): number
  /** Resolves after the time has passed, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after the time; the result cancels it. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** An instant as ISO UTC text with milliseconds: the form of every `…_at` column. */
export function isoInstant(ms: number): string {
  return new Date(ms).toISOString()
}

/** A sleep that news cut short. */
export function createDoze(clock: Clock): { sleep(ms: number): Promise<void>; wake(): void } {
  let sleeping: AbortController | null = null
  return {
    async sleep(ms) {
      const own = new AbortController()
      sleeping = own
      try {
        await clock.sleep(ms, own.signal)
      } catch (error) {
        if (!own.signal.aborted) throw error // only our own waking is no failure
      } finally {
        sleeping = null
      }
    },
    wake: () => sleeping?.abort(),
  }
}
