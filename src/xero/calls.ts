// Calls of the accounting API: headers, pace, token and one attempt for writes; for reads also the repeats, until there
// is an answer or an error that a person understands. What the answers hold is rows' and reply's business.

import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { type AttemptOptions, metersOf, recordedAttempt, resultOf, serverTimeOf } from './attempts.ts'
import type { Auth } from './auth.ts'
import type { ReplyElement, WriteAttempt, WriteRequest } from './gateway.ts'
import { type Pace, repeatTable, type Throttled } from './limits.ts'
import { type Reply, readRemovalAnswer, readWriteAnswer, replyProblem } from './reply.ts'
import type { Secrets } from './secrets.ts'
import type { Delivery, HttpCall } from './transport.ts'
import { waitToRepeat } from './waits.ts'
import { instantFromWire } from './wire-values.ts'

/** Only calls under this path count against the organisation's limits. */
const apiRoot = '/api.xro/2.0'

export interface CallOptions extends AttemptOptions {
  clock: Clock
  auth: Auth
  pace: Pace
  apiUrl: string
  tenantId: string
  readTimeoutMs: number
  userAgent: string
}

export type ReadAnswer =
  /** `serverTime` is Xero's clock at the answer, ms since 1970. */
  | { outcome: 'json'; json: object; serverTime: number }
  /** 404, or 304: nothing changed (§5). */
  | { outcome: 'nothing'; status: 304 | 404; serverTime: number | null }
  | { outcome: 'too-large' }

export interface ApiCalls {
  /** Waits for the pace and for a token, and keeps a place for one call. */
  ready(use: 'read' | 'write'): Promise<void>
  /** Repeats what is safe; rejects with an AuxoError where the read cannot be had. `modifiedSince` is ms since 1970. */
  read(subject: string, path: string, modifiedSince?: number | null): Promise<ReadAnswer>
  /** One attempt; never rejects for what the wire does. */
  write(request: WriteRequest): Promise<WriteAttempt>
  /** Xero's clock at the last answer to a read, ms since 1970; null before the first. */
  answeredAt(): number | null
}

export function createApiCalls(options: CallOptions): ApiCalls {
  const { auth, pace, clock } = options

  const ready = async (use: 'read' | 'write'): Promise<void> => {
    await pace.admit(use)
    try {
      await auth.token()
    } catch (error) {
      pace.release()
      throw error
    }
  }

  let answeredAt: number | null = null
  return {
    ready,
    answeredAt: () => answeredAt,
    async read(subject, path, modifiedSince = null) {
      const repeats = new Map<string, number>()
      for (let attempt = 1; ; attempt += 1) {
        await ready('read')
        const call = readCall(options, await auth.token(), path, modifiedSince)
        const { delivery, reply } = await recordedAttempt(
          options,
          call,
          { subject, attempt },
          {
            leaves: () => pace.depart(),
            over: (ended, understood) => pace.arrive(metersOf(ended), throttledOf(understood)),
          },
        )
        const answer = readAnswer(delivery, reply)
        if (answer) {
          if (answer.outcome !== 'too-large') answeredAt = answer.serverTime ?? answeredAt
          return answer
        }
        const again = repeatOf(reply, repeats)
        if (again === null) throw readError(reply, subject, options)
        if (reply.outcome === 'unauthorised') auth.discard()
        if (again > 0) await waitToRepeat(clock, again, options)
      }
    },
    write: (request) => writeOnce(options, request),
  }
}

async function writeOnce(options: CallOptions, request: WriteRequest): Promise<WriteAttempt> {
  const { auth, pace, secrets, slots, transport } = options
  let token: string
  try {
    token = await auth.token()
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    pace.release()
    return neverSent(error.message)
  }
  return slots(async () => {
    if (options.interrupt?.aborted) {
      pace.release()
      return neverSent('The run was interrupted before the call left.')
    }
    pace.depart()
    const isRemoval = request.method === 'DELETE'
    const delivery = await transport.send({
      url: options.apiUrl + apiRoot + request.path,
      method: request.method,
      headers: {
        ...commonHeaders(options, token),
        ...(isRemoval ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        'idempotency-key': request.idempotencyKey,
      },
      body: isRemoval ? null : request.body,
      timeoutMs: request.timeoutMs,
    })
    const answer = isRemoval ? readRemovalAnswer(delivery) : readWriteAnswer(request.list, delivery)
    pace.arrive(metersOf(delivery), throttledOf(answer))
    const result = resultOf(delivery, replyProblem(answer), secrets)
    return { answer: withoutSecrets(answer, secrets), result, serverTime: serverTimeOf(delivery) }
  })
}

function neverSent(reason: string): WriteAttempt {
  const nothing = {
    status: null,
    durationMs: 0,
    bytesIn: 0,
    correlationId: null,
    dayLeft: null,
    minuteLeft: null,
  }
  return {
    answer: { outcome: 'never-sent', reason },
    result: { ...nothing, problem: reason, responseBody: null },
    serverTime: null,
  }
}

/** Words of an answer may hold an echo of what was sent. */
function withoutSecrets(answer: WriteAttempt['answer'], secrets: Secrets): WriteAttempt['answer'] {
  switch (answer.outcome) {
    case 'unknown':
    case 'never-sent':
      return { ...answer, reason: secrets.hideInText(answer.reason) }
    case 'unauthorised':
    case 'forbidden':
      return { ...answer, detail: secrets.hideInText(answer.detail) }
    case 'refused':
      return {
        ...answer,
        messages: answer.messages.map((words) => secrets.hideInText(words)),
        elements: answer.elements.map((element) => elementWithoutSecrets(element, secrets)),
      }
    case 'elements':
      return {
        ...answer,
        elements: answer.elements.map((element) => elementWithoutSecrets(element, secrets)),
      }
    case 'throttled':
      return answer
  }
}

function elementWithoutSecrets(element: ReplyElement, secrets: Secrets): ReplyElement {
  if (element.errors.length === 0 && element.warnings.length === 0) return element
  const hide = (words: string) => secrets.hideInText(words)
  return { ...element, errors: element.errors.map(hide), warnings: element.warnings.map(hide) }
}

function commonHeaders(options: CallOptions, token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'xero-tenant-id': options.tenantId,
    accept: 'application/json', // else the API answers XML
    'user-agent': options.userAgent,
  }
}

function readCall(options: CallOptions, token: string, path: string, modifiedSince: number | null): HttpCall {
  const headers = commonHeaders(options, token)
  if (modifiedSince !== null) headers['if-modified-since'] = new Date(modifiedSince).toISOString()
  const url = options.apiUrl + apiRoot + path
  return { url, method: 'GET', headers, body: null, timeoutMs: options.readTimeoutMs }
}

function throttledOf(reply: Reply | WriteAttempt['answer']): Throttled | null {
  return reply.outcome === 'throttled' ? reply : null
}

/** Null where the attempt gave no usable answer. */
function readAnswer(delivery: Delivery, reply: Reply): ReadAnswer | null {
  const serverTime = serverTimeOf(delivery)
  if (reply.outcome === 'json') {
    const time = serverTime ?? envelopeTime(reply.json)
    return time === null ? null : { outcome: 'json', json: reply.json, serverTime: time }
  }
  if (delivery.outcome === 'answered' && delivery.answer.status === 304) {
    return { outcome: 'nothing', status: 304, serverTime }
  }
  if (reply.outcome === 'refused' && reply.status === 404)
    return { outcome: 'nothing', status: 404, serverTime }
  return reply.outcome === 'unknown' && reply.isTooLarge ? { outcome: 'too-large' } : null
}

function envelopeTime(json: object): number | null {
  const time = 'DateTimeUTC' in json ? json.DateTimeUTC : null
  return typeof time === 'string' ? instantFromWire(time) : null
}

/** How long to wait before the next attempt, null where there is none: the table in limits, counted per cause. */
function repeatOf(reply: Reply, repeats: Map<string, number>): number | null {
  const cause = reply.outcome === 'json' ? 'unknown' : reply.outcome
  if (cause === 'refused' || cause === 'forbidden') return null
  const rule = repeatTable[cause]
  const done = repeats.get(cause) ?? 0
  repeats.set(cause, done + 1)
  if (done >= rule.times) return null
  return rule.waitsMs === null ? 0 : (rule.waitsMs[done] ?? 0)
}

function readError(reply: Reply, subject: string, options: CallOptions): AuxoError {
  const host = new URL(options.apiUrl).host
  const problem = options.secrets
    .hideInText(replyProblem(reply) ?? 'the answer carried no time')
    .replace(/\.+$/, '')
  const isPage = 'isPage' in reply && reply.isPage
  if (reply.outcome === 'unauthorised' && !isPage) {
    const message = reply.scopeMissing
      ? `The connection to Xero does not allow reading: ${subject}. Add the scope to the connection on developer.xero.com and connect again.`
      : `Xero does not accept the access token, not even a new one (${problem}). Connect again.`
    return new AuxoError('not-authorised', message)
  }
  if (reply.outcome === 'forbidden' && !isPage) {
    return new AuxoError(
      'other-organisation',
      `The connection is not open to this organisation in Xero (${problem}). Was it disconnected there, or is it another organisation's? Connect again.`,
    )
  }
  if (reply.outcome === 'throttled') {
    return new AuxoError('xero-limit', 'Xero keeps asking to wait. Try again in a few minutes.')
  }
  if (reply.outcome === 'refused') {
    return new AuxoError(
      'xero-away',
      `Xero refused to be asked for ${subject} (status ${reply.status}): ${problem}.`,
    )
  }
  return new AuxoError(
    'xero-away',
    `Reading ${subject} from Xero failed: ${problem}. Check the internet connection and whether ${host} is up, then run again.`,
  )
}
