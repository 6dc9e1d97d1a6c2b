// One HTTP attempt with everything that surrounds it: a slot, a row in the API log, secrets kept out of what is
// recorded. What may be repeated is decided by those who call this.

import type { LimitFunction } from 'p-limit'
import type { CallIntent, CallRecorder, CallResult, Limits } from './gateway.ts'
import { type Reply, readReply, replyProblem } from './reply.ts'
import type { Secrets } from './secrets.ts'
import type { Delivery, HttpCall, Transport } from './transport.ts'
import { refuseInterrupted, type WaitOptions } from './waits.ts'

export interface AttemptOptions extends WaitOptions {
  transport: Transport
  recorder: CallRecorder
  secrets: Secrets
  /** Holds the calls that are under way at once to `calls_at_once`, tokens included. */
  slots: LimitFunction
}

/**
 * Sends once and records it: the row is written before the call leaves and completed after. `onEnds` hears of the call
 * at the moment when it leaves and when it is over. Rejects with `interrupted` where its turn comes too late.
 */
export function recordedAttempt(
  options: AttemptOptions,
  call: HttpCall,
  about: Pick<CallIntent, 'subject' | 'attempt'>,
  onEnds: {
    leaves?: () => void
    over?: (delivery: Delivery, reply: Reply) => void
    /** True for an answer that is good although nothing can be read in it. */
    isGood?: (delivery: Delivery) => boolean
  } = {},
): Promise<{ delivery: Delivery; reply: Reply }> {
  const { recorder, secrets, slots, transport } = options
  return slots(async () => {
    refuseInterrupted(options)
    const url = new URL(call.url)
    const id = await recorder.begin({
      ...about,
      method: call.method,
      path: url.pathname + url.search,
      bytesOut: call.body?.byteLength ?? 0,
      requestBody: call.body && secrets.hideInBody(call.body),
    })
    onEnds.leaves?.()
    const delivery = await transport.send(call)
    const reply = readReply(delivery)
    onEnds.over?.(delivery, reply)
    const problem = onEnds.isGood?.(delivery) ? null : replyProblem(reply)
    await recorder.end(id, resultOf(delivery, problem, secrets))
    return { delivery, reply }
  })
}

/** What the API log keeps of an attempt. */
export function resultOf(delivery: Delivery, problem: string | null, secrets: Secrets): CallResult {
  const answer = delivery.outcome === 'answered' ? delivery.answer : null
  return {
    status: answer?.status ?? null,
    durationMs: delivery.durationMs,
    bytesIn: delivery.bytesIn,
    correlationId: answer?.headers.get('xero-correlation-id') ?? null,
    ...metersOf(delivery),
    problem: problem && secrets.hideInText(problem),
    responseBody: answer && answer.body.byteLength > 0 ? secrets.hideInBody(answer.body) : null,
  }
}

/** Xero's meters, on every answer of the API, refusals included (§2.1). */
export function metersOf(delivery: Delivery): Limits {
  return {
    dayLeft: meter(delivery, 'x-daylimit-remaining'),
    minuteLeft: meter(delivery, 'x-minlimit-remaining'),
  }
}

function meter(delivery: Delivery, name: string): number | null {
  const value = delivery.outcome === 'answered' ? delivery.answer.headers.get(name)?.trim() : undefined
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null
}

/** The answer's own clock (its Date header) in ms since 1970; null where there is none. */
export function serverTimeOf(delivery: Delivery): number | null {
  const text = delivery.outcome === 'answered' ? delivery.answer.headers.get('date') : undefined
  const time = Date.parse(text ?? '')
  return Number.isFinite(time) ? time : null
}
