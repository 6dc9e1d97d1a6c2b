// The limits of §2.1: calls a minute and a day for each organisation, calls at the same time, and the app's own minute.
// Whether a call is let through is decided here; what the 429 looks like is reply.ts's business.

export interface Limits {
  readonly minute: number
  readonly day: number
  readonly concurrent: number
  readonly appMinute: number
}

export const defaultLimits: Limits = { minute: 60, day: 5000, concurrent: 5, appMinute: 10_000 }

export interface Window {
  startedAt: number
  used: number
}

export type Verdict =
  | { readonly kind: 'through' }
  | { readonly kind: 'over'; readonly limit: 'minute' | 'day'; readonly retryAfterS: number }
  | { readonly kind: 'over'; readonly limit: 'concurrent'; readonly retryAfterS: null }

const minuteMs = 60_000
const dayMs = 86_400_000

export interface TenantMeter {
  minute: Window
  day: Window
  running: number
}

export class Meters {
  readonly #limits: Limits
  readonly #tenants = new Map<string, TenantMeter>()
  #app: Window = { startedAt: Number.NEGATIVE_INFINITY, used: 0 }

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Counts a call. A call that is turned away costs nothing. The caller tells `done` when one that went through has ended. */
  enter(tenantId: string, now: number): Verdict {
    const meter = this.#meter(tenantId, now)
    if (meter.running >= this.#limits.concurrent)
      return { kind: 'over', limit: 'concurrent', retryAfterS: null }
    const day = over(meter.day, this.#limits.day, now, dayMs)
    if (day !== null) return { kind: 'over', limit: 'day', retryAfterS: day }
    const minute =
      over(meter.minute, this.#limits.minute, now, minuteMs) ??
      over(this.#app, this.#limits.appMinute, now, minuteMs)
    if (minute !== null) return { kind: 'over', limit: 'minute', retryAfterS: minute }
    meter.minute.used += 1
    meter.day.used += 1
    meter.running += 1
    this.#app.used += 1
    return { kind: 'through' }
  }

  done(tenantId: string): void {
    const meter = this.#tenants.get(tenantId)
    if (meter) meter.running -= 1
  }

  headers(tenantId: string, now: number): Record<string, string> {
    const meter = this.#meter(tenantId, now)
    return {
      'X-DayLimit-Remaining': String(Math.max(0, this.#limits.day - meter.day.used)),
      'X-MinLimit-Remaining': String(Math.max(0, this.#limits.minute - meter.minute.used)),
      'X-AppMinLimit-Remaining': String(Math.max(0, this.#limits.appMinute - this.#app.used)),
    }
  }

  /** Of the day that has begun so many calls are left. */
  leave(tenantId: string, left: number, now: number): void {
    this.#meter(tenantId, now).day.used = this.#limits.day - left
  }

  /** Kept in the state file: a restarted sandbox has not forgotten the day. */
  saved(): Record<string, { minute: Window; day: Window }> {
    return Object.fromEntries(
      [...this.#tenants].map(([id, { minute, day }]) => [id, { minute: { ...minute }, day: { ...day } }]),
    )
  }

  restore(saved: Record<string, { minute: Window; day: Window }>): void {
    for (const [id, { minute, day }] of Object.entries(saved)) {
      this.#tenants.set(id, { minute: { ...minute }, day: { ...day }, running: 0 })
    }
  }

  /** Fixed windows that open with the first call after the last one closed, so each tenant has its own (§0.1, §2.1). */
  #meter(tenantId: string, now: number): TenantMeter {
    let meter = this.#tenants.get(tenantId)
    if (!meter) {
      meter = { minute: { startedAt: now, used: 0 }, day: { startedAt: now, used: 0 }, running: 0 }
      this.#tenants.set(tenantId, meter)
    }
    reopen(meter.minute, now, minuteMs)
    reopen(meter.day, now, dayMs)
    reopen(this.#app, now, minuteMs)
    return meter
  }
}

function reopen(window: Window, now: number, lengthMs: number): void {
  if (now >= window.startedAt + lengthMs || now < window.startedAt) {
    window.startedAt = now
    window.used = 0
  }
}

function over(window: Window, limit: number, now: number, lengthMs: number): number | null {
  if (window.used < limit) return null
  return Math.max(1, Math.ceil((window.startedAt + lengthMs - now) / 1000))
}
