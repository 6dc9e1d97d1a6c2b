// Takes a request through faults, limits and the idempotency store to its fate: an answer, a reset, half an answer, or
// silence. Sockets are server.ts's business.

import type { Clock } from '../clock.ts'
import { type Admission, type ApiContext, type ApiRequest, admit, apiBase, execute } from './api.ts'
import type { Fault, FaultKind, Faults } from './fault.ts'
import { fingerprintOf, type IdempotencyStore, keyLengthMax } from './idempotency.ts'
import { expiredToken } from './identity.ts'
import type { Json } from './json.ts'
import type { Meters } from './meters.ts'
import { echoPage, garbagePage, proxyPage } from './proxy-pages.ts'
import {
  idempotencyRefusal,
  notFound,
  postDataInvalid,
  problem,
  type Reply,
  serverError,
  tooManyRequests,
} from './reply.ts'
import { refusal } from './token-endpoint.ts'

export type Fate =
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** The beginning of the answer, under the length of the whole. */
  | { readonly kind: 'cut'; readonly reply: Reply }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }

export interface Pipeline {
  readonly context: ApiContext
  readonly clock: Clock
  readonly faults: Faults
  readonly meters: Meters
  readonly idempotency: IdempotencyStore
  /** Late commits under way, so that a test can wait for them. */
  readonly held: Set<Promise<unknown>>
  /** Ends every wait when the sandbox closes. */
  readonly closing: AbortSignal
  readonly save: () => void
}

const answer = (reply: Reply): Fate => ({ kind: 'answer', reply })

/** What becomes of a request, and which fault it met on the way; null for none. */
export async function take(
  pipeline: Pipeline,
  request: ApiRequest,
): Promise<{ fate: Fate; fault: FaultKind | null }> {
  const path = request.path.startsWith(`${apiBase}/`) ? request.path.slice(apiBase.length) : request.path
  const fault = pipeline.faults.meet(request.method, path)
  return { fate: await meetFate(pipeline, request, fault), fault: fault?.kind ?? null }
}

async function meetFate(pipeline: Pipeline, request: ApiRequest, fault: Fault | null): Promise<Fate> {
  const isApi = request.path.startsWith(`${apiBase}/`)
  const before = fault && beforeXero(pipeline, request, fault)
  if (before) return before
  const reply = await (isApi ? throughApi(pipeline, request, fault) : identityReply(pipeline, request, fault))
  pipeline.save()
  return afterXero(fault, reply)
}

/** Faults that keep a request from reaching Xero, or that Xero's door makes. */
function beforeXero(pipeline: Pipeline, request: ApiRequest, fault: Fault): Fate | null {
  const { context, clock } = pipeline
  switch (fault.kind) {
    case 'drop-before-commit':
      return { kind: 'reset' }
    case 'black-hole':
      return { kind: 'silence' }
    case 'proxy-html':
      return answer(proxyPage(fault.status ?? 502))
    case 'proxy-echo':
      return answer(echoPage(request, fault.form ?? 'html'))
    case 'unauthorized':
      return answer(expiredToken(clock.now(), context.newGuid()))
    case 'token-expires':
      context.identity.expire(request.headers['authorization'])
      return answer(expiredToken(clock.now(), context.newGuid()))
    case 'invalid-grant':
      return answer(refusal('invalid_grant'))
    case 'forbidden':
      return answer(problem(403, 'AuthenticationUnsuccessful', context.newGuid()))
    case 'garbage':
      return fault.isStored === false ? answer(garbagePage) : null
    case 'truncated':
      return fault.isStored === false ? { kind: 'cut', reply: garbagePage } : null
    default:
      return null
  }
}

function afterXero(fault: Fault | null, reply: Reply): Fate {
  switch (fault?.kind) {
    case 'drop-after-commit':
      return { kind: 'reset' }
    case 'garbage':
      return answer(garbagePage)
    case 'truncated':
      return { kind: 'cut', reply }
    case 'shuffled-order':
      return answer(withElements(reply, shuffled))
    case 'missing-element':
      return answer(withElements(reply, (elements) => elements.slice(0, -1)))
    default:
      return answer(reply)
  }
}

async function throughApi(pipeline: Pipeline, request: ApiRequest, fault: Fault | null): Promise<Reply> {
  const { context, meters, clock } = pipeline
  const admission = admit(context, request, clock.now())
  const tenantId = admission.ok ? admission.organisation.tenantId : admission.tenantId
  if (tenantId === null) return admission.ok ? notFound : admission.reply
  const turnedAway = limit(pipeline, tenantId, fault)
  if (turnedAway) return metered(pipeline, tenantId, turnedAway)
  try {
    const reply = admission.ok ? await once(pipeline, request, admission, fault) : admission.reply
    return metered(pipeline, tenantId, reply)
  } finally {
    meters.done(tenantId)
  }
}

/** Null where the call is let through and counted. */
function limit(pipeline: Pipeline, tenantId: string, fault: Fault | null): Reply | null {
  if (fault?.kind === 'rate-limit') {
    const wait =
      fault.limit === 'concurrent' ? null : (fault.retryAfterS ?? (fault.limit === 'day' ? 36_000 : 26))
    return tooManyRequests(fault.limit, wait)
  }
  const verdict = pipeline.meters.enter(tenantId, pipeline.clock.now())
  return verdict.kind === 'through' ? null : tooManyRequests(verdict.limit, verdict.retryAfterS)
}

/** The meters stand on every answer to a tenant, refusals among them (§2.1). */
function metered(pipeline: Pipeline, tenantId: string, reply: Reply): Reply {
  const meters = pipeline.meters.headers(tenantId, pipeline.clock.now())
  const shown = reply.headers['X-Rate-Limit-Problem']
  const spent =
    shown === 'minute'
      ? { 'X-MinLimit-Remaining': '0' }
      : shown === 'day'
        ? { 'X-DayLimit-Remaining': '0' }
        : {}
  const correlation = { 'Xero-Correlation-Id': pipeline.context.newGuid() }
  return { ...reply, headers: { ...reply.headers, ...meters, ...spent, ...correlation } }
}

/** Through the idempotency store, which PUT and POST alone use (§3.4). */
async function once(
  pipeline: Pipeline,
  request: ApiRequest,
  admission: Admission & { ok: true },
  fault: Fault | null,
): Promise<Reply> {
  const key = request.headers['idempotency-key']
  const isWrite = request.method === 'PUT' || request.method === 'POST'
  if (!isWrite || key === undefined || key === '') return run(pipeline, request, admission, fault)
  if (key.length > keyLengthMax) {
    return idempotencyRefusal(`Idempotency Key: ${key} is longer than ${keyLengthMax} characters.`)
  }
  const fingerprint = fingerprintOf(request.method, request.url, request.bytes)
  const claim = pipeline.idempotency.claim(key, fingerprint, pipeline.clock.now())
  switch (claim.kind) {
    case 'replay':
      return claim.reply
    case 'different':
      return idempotencyRefusal(`Idempotency Key: ${key} is used with a different request.`)
    case 'running':
      return whileRunning(pipeline, request, admission, fault, claim.answered, key)
    case 'first':
      return first(pipeline, request, admission, fault, claim.finish)
  }
}

async function first(
  pipeline: Pipeline,
  request: ApiRequest,
  admission: Admission & { ok: true },
  fault: Fault | null,
  finish: (reply: Reply | null) => void,
): Promise<Reply> {
  let kept: Reply | null = null
  try {
    const reply = await run(pipeline, request, admission, fault)
    kept = reply.status === 400 && !pipeline.context.switches.cachesValidationErrors ? null : reply
    return reply
  } finally {
    finish(kept)
  }
}

async function whileRunning(
  pipeline: Pipeline,
  request: ApiRequest,
  admission: Admission & { ok: true },
  fault: Fault | null,
  answered: Promise<Reply | null>,
  key: string,
): Promise<Reply> {
  switch (pipeline.context.switches.sameKeyInFlight) {
    case 'executes-twice':
      return run(pipeline, request, admission, fault)
    case 'conflict':
      return idempotencyRefusal(`Idempotency Key: ${key} belongs to a request that is still being processed.`)
    case 'waits':
      return (await answered) ?? run(pipeline, request, admission, fault)
  }
}

/** The endpoint itself, with the faults that strike inside Xero. */
async function run(
  pipeline: Pipeline,
  request: ApiRequest,
  admission: Admission & { ok: true },
  fault: Fault | null,
): Promise<Reply> {
  const { context, clock } = pipeline
  const now = (storeAtMost = Number.POSITIVE_INFINITY) =>
    execute(context, request, admission, clock.now(), storeAtMost)
  switch (fault?.kind) {
    case 'error-before-commit':
      return serverError(fault.status ?? 500)
    case 'error-after-commit':
      now()
      return serverError(fault.status ?? 500)
    case 'partial-commit':
      return now(fault.stored)
    case 'late-commit':
      return late(pipeline, fault.afterMs, now)
    case 'slow':
      return slow(pipeline, fault.ms, now())
    case 'refuse-whole':
      return request.body.includes(fault.containing)
        ? postDataInvalid('The request could not be read.')
        : now()
    default:
      return now()
  }
}

/** Held inside Xero: the commit comes whether or not anyone still waits for the answer. */
async function late(pipeline: Pipeline, afterMs: number, commit: () => Reply): Promise<Reply> {
  const held = pipeline.clock.sleep(afterMs, pipeline.closing).then(() => {
    const reply = commit()
    pipeline.save()
    return reply
  })
  pipeline.held.add(held)
  try {
    return await held
  } finally {
    pipeline.held.delete(held)
  }
}

/** Stored already; the call goes on counting as one that runs until it is answered. */
async function slow(pipeline: Pipeline, ms: number, reply: Reply): Promise<Reply> {
  pipeline.save()
  await pipeline.clock.sleep(ms, pipeline.closing)
  return reply
}

async function identityReply(pipeline: Pipeline, request: ApiRequest, fault: Fault | null): Promise<Reply> {
  const { context, clock } = pipeline
  if (fault?.kind === 'slow') await clock.sleep(fault.ms, pipeline.closing)
  if (fault?.kind === 'error-before-commit') return serverError(fault.status ?? 500)
  if (fault?.kind === 'rate-limit') return tooManyRequests(fault.limit, fault.retryAfterS ?? null)
  const reply = context.identity.answer(request, clock.now())
  return fault?.kind === 'error-after-commit' ? serverError(fault.status ?? 500) : reply
}

/** The array of an envelope, whatever its name. */
function withElements(reply: Reply, change: (elements: readonly Json[]) => readonly Json[]): Reply {
  if (!reply.headers['Content-Type']?.startsWith('application/json')) return reply
  // Our own serialised answer: an object whose values are Json.
  const body = JSON.parse(reply.body) as Record<string, Json>
  const changed = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? change(value) : value,
  ])
  return { ...reply, body: JSON.stringify(Object.fromEntries(changed)) }
}

/** Turned round by one place: every element moves, and a run replays. */
function shuffled(elements: readonly Json[]): readonly Json[] {
  return [...elements.slice(1), ...elements.slice(0, 1)]
}
