// Sends one chunk so that every document of it ends known or honestly unknown: written down, attempted, settled. Here
// stands what each outcome of an attempt means (E6, "Exactly once"); narrowing a call that was refused whole is
// narrow.ts, asking Xero after a lost answer is resolve.ts.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { AuxoError } from '../errors.ts'
import { type LogBodies, type LogResult, packBodies } from '../ledger/api-log.ts'
import {
  type Attempt,
  beginAttempt,
  markUncertain,
  narrowChunk,
  noteUnexecuted,
  prepareChunk,
  returnChunk,
  settleChunk,
} from '../ledger/chunks.ts'
import type { WriteAnswer, WriteAttempt } from '../xero/gateway.ts'
import { channelTable } from './channels/channel-table.ts'
import { clockOffset, noteXeroTime, type RunContext } from './context.ts'
import { judgeElements, type Verdicts } from './judge.ts'
import type { KindRow, LoadedThing } from './kind-row.ts'

/** Waits before a call is made again, by why; the list's length is how often. */
const retryWaitsMs = {
  /** Never connected: Xero cannot have seen it. */
  neverSent: [1_000, 2_000, 4_000],
  /** Outcome unknown: repeated under the same key. A cached error comes back the same, so seldom is enough. */
  unknown: [1_000, 10_000],
} as const

/** 429 answers are waited for by the gateway; this many in a row mean that somebody else uses the organisation's calls up. */
const throttledMax = 10

export interface Delivery {
  kind: Pick<KindRow, 'kind'>
  /** Place in the plan, for the log. */
  number: number
  of: number
  things: readonly LoadedThing[]
  /** The run that it undoes (M6). */
  rollsBack?: number
}

/** What became of a delivery. `refused`: Xero took nothing of it and named no single document. */
export type DeliveryOutcome =
  | { outcome: 'settled'; verdicts: Verdicts }
  | { outcome: 'uncertain'; reason: string }
  | { outcome: 'refused'; messages: readonly string[]; index: number | null }
  | { outcome: 'not-free' }

interface Sending {
  chunkId: number
  body: Uint8Array
  idempotencyKey: string
  /** Monotonic ms of the first attempt; null before it. */
  firstAttemptAt: number | null
  attempts: number
  unknown: number
  neverSent: number
  throttled: number
  unauthorised: number
}

/** Writes the delivery down and sends it until its outcome is known or only a look-up can tell. */
export async function deliver(context: RunContext, delivery: Delivery): Promise<DeliveryOutcome> {
  const { ledger, gateway, lease, runId, books } = context
  const { kind, things } = delivery
  const call = callOf(things)
  const body = await bodyOf(gateway, call, things)
  const idempotencyKey = `auxo-${context.uuid()}`
  // The limits first: what is written down goes at once, and is not too old to be sent when its turn comes.
  await readyToWrite(context)
  if (context.interrupt.aborted) throw new AuxoError('interrupted', 'The run was interrupted.')
  const chunkId = await prepareChunk(ledger, lease, {
    run: runId,
    entity: books.entity.code,
    kind: kind.kind,
    operation: call.operation,
    channel: call.channel,
    knownIds: things.flatMap((thing) => thing.knownIds ?? []),
    settleWindowMs: books.settings.settle_window,
    number: delivery.number,
    of: delivery.of,
    method: call.method,
    path: `/api.xro/2.0${call.path}`,
    ...(delivery.rollsBack === undefined ? {} : { rollsBack: delivery.rollsBack }),
    idempotencyKey,
    body,
    bodyHash: createHash('sha256').update(body).digest('hex'),
    things: things.map((thing) => ({
      kind: kind.kind,
      sourceId: thing.sourceId,
      entity: books.entity.code,
      revision: thing.revision,
      factsHash: thing.factsHash,
      facts: thing.facts,
    })),
  })
  if (chunkId === null) return { outcome: 'not-free' }
  const sending: Sending = {
    chunkId,
    body,
    idempotencyKey,
    firstAttemptAt: null,
    attempts: 0,
    unknown: 0,
    neverSent: 0,
    throttled: 0,
    unauthorised: 0,
  }
  try {
    await context.mark.write(chunkId)
    return await attemptUntilKnown(context, delivery, sending)
  } catch (error) {
    // Nothing of it reached Xero: it waits again. With an unknown attempt it stays uncertain.
    if (sending.unknown === 0) await returnChunk(ledger, chunkId)
    throw error
  }
}

type Call = Pick<LoadedThing, 'channel' | 'operation' | 'method' | 'path'>

/** Where a delivery goes: all its things go there. */
function callOf(things: readonly LoadedThing[]): Call {
  const [first] = things
  if (!first) throw new Error('a call of nothing')
  const { channel, operation, method, path } = first
  const isOther = (thing: LoadedThing) =>
    thing.channel !== channel ||
    thing.operation !== operation ||
    thing.method !== method ||
    thing.path !== path
  if (things.some(isOther)) throw new Error(`things of one chunk go to ${path} and elsewhere`)
  return { channel, operation, method, path }
}

/** The exact bytes. A file and a deletion go alone. */
async function bodyOf(
  gateway: RunContext['gateway'],
  call: Call,
  things: readonly LoadedThing[],
): Promise<Uint8Array> {
  const models: object[] = []
  for (const { payload } of things) {
    if ('model' in payload) models.push(payload.model)
    else if (things.length > 1) throw new Error(`${call.path} takes one thing a call`)
    else if ('bytes' in payload) return payload.bytes
    else return 'deletion' in payload ? gateway.encodeDeletion() : new Uint8Array(0)
  }
  return gateway.encode(channelTable[call.channel].list, models)
}

const unanswered: DeliveryOutcome = { outcome: 'uncertain', reason: 'Xero did not answer in time.' }

async function attemptUntilKnown(
  context: RunContext,
  delivery: Delivery,
  sending: Sending,
): Promise<DeliveryOutcome> {
  for (;;) {
    // A first attempt has waited before it was written down.
    if (sending.attempts > 0) {
      if (sending.unknown > 0 && !mayRepeat(context, sending)) return unanswered
      await readyToWrite(context)
    }
    if (context.interrupt.aborted) {
      if (sending.unknown > 0) return { outcome: 'uncertain', reason: 'The run was interrupted.' }
      throw new AuxoError('interrupted', 'The run was interrupted.')
    }
    // Once more: waiting for the limits may have outlasted the key.
    if (sending.unknown > 0 && !mayRepeat(context, sending)) return unanswered
    sending.attempts += 1
    const attempt = await beginAttempt(context.ledger, context.lease, sending.chunkId, {
      documents: delivery.things.length,
      timeoutMs: context.books.settings.request_timeout,
      clockOffsetMs: clockOffset(context),
      maxAgeMs: context.books.settings.key_life,
    })
    if (attempt === null) {
      if (sending.unknown > 0) return unanswered
      // The machine slept between writing it down and sending it: its things wait for the next run.
      await returnChunk(context.ledger, sending.chunkId)
      return { outcome: 'not-free' }
    }
    sending.firstAttemptAt ??= context.clock.monotonicMs()
    const outcome = await makeAttempt(context, delivery, sending, attempt)
    if (outcome) return outcome
  }
}

/** Waits for the limits; whoever asks the run to stop is not kept waiting for them. */
async function readyToWrite({ gateway, interrupt }: RunContext): Promise<void> {
  if (interrupt.aborted) return
  const over = new AbortController()
  const ready = gateway.ready('write')
  // Left behind by an interrupt, its failure is nobody's any more.
  ready.catch(() => undefined)
  const asked = once(interrupt, 'abort', { signal: over.signal }).catch(() => undefined)
  try {
    await Promise.race([ready, asked])
  } catch (error) {
    // The gateway hears of the interrupt too; what it means for the chunk is said by who waits here.
    if (!interrupt.aborted) throw error
  } finally {
    over.abort()
  }
}

/** By monotonic time, since the wall clock may step: Xero keeps a key for six minutes from the first call (§3.4). */
function mayRepeat(context: RunContext, sending: Sending): boolean {
  const elapsed = context.clock.monotonicMs() - (sending.firstAttemptAt ?? 0)
  return elapsed <= context.books.settings.key_life
}

/** One attempt and its record. Null: try again. */
async function makeAttempt(
  context: RunContext,
  delivery: Delivery,
  sending: Sending,
  attempt: Attempt,
): Promise<DeliveryOutcome | null> {
  const { method, path, channel } = callOf(delivery.things)
  const [{ payload } = { payload: null }] = delivery.things
  const written = await context.gateway.write({
    method,
    path,
    list: channelTable[channel].list,
    ...(payload && 'contentType' in payload ? { contentType: payload.contentType } : {}),
    body: sending.body,
    idempotencyKey: sending.idempotencyKey,
    timeoutMs: context.books.settings.request_timeout,
  })
  if (written.serverTime !== null) noteXeroTime(context.xeroTime, context.clock, written.serverTime)
  const log = await logOf(sending, written, payload !== null && 'bytes' in payload)
  const { answer } = written
  switch (answer.outcome) {
    case 'elements':
      return settle(context, delivery, sending, attempt, answer.elements, log)
    case 'refused':
      return refusedWhole(context, delivery, sending, attempt, answer, log)
    case 'unknown':
      return afterUnknown(context, mayRunTwice(delivery), sending, attempt, answer.reason, log)
    default:
      await noteUnexecuted(context.ledger, attempt, log)
      await waitOrStop(context, sending, answer)
      return null
  }
}

/** Should Xero execute it twice: refused where a number is unique, without effect where the thing is named by its id. */
function mayRunTwice({ things }: Delivery): boolean {
  const { channel, operation } = callOf(things)
  return operation !== 'create' || channelTable[channel].isUniqueInXero
}

interface AttemptLog {
  result: LogResult
  bodies: LogBodies
}

async function logOf(sending: Sending, written: WriteAttempt, isFile: boolean): Promise<AttemptLog> {
  const { responseBody, ...result } = written.result
  return {
    result: { ...result, exported: null, failed: null },
    // A file is kept where it is: the log holds what was said, not what was attached.
    bodies: await packBodies(isFile ? null : sending.body, responseBody),
  }
}

async function settle(
  context: RunContext,
  delivery: Delivery,
  sending: Sending,
  attempt: Attempt,
  elements: Extract<WriteAnswer, { outcome: 'elements' }>['elements'],
  log: AttemptLog,
): Promise<DeliveryOutcome> {
  const verdicts = judgeElements(delivery, elements, { isFirstAttempt: sending.unknown === 0 })
  const exported = verdicts.outcomes.filter((one) => one.outcome === 'exported').length
  const result = { ...log.result, exported, failed: verdicts.outcomes.length - exported }
  await settleChunk(context.ledger, attempt, verdicts.outcomes, { ...log, result }, verdicts.openReason)
  if (verdicts.openReason !== null) sending.unknown += 1
  return { outcome: 'settled', verdicts }
}

/**
 * A 4xx about the whole call. Only on a first attempt it proves that nothing was stored; elements that stand in it
 * without an error may have been.
 */
async function refusedWhole(
  context: RunContext,
  delivery: Delivery,
  sending: Sending,
  attempt: Attempt,
  answer: Extract<WriteAnswer, { outcome: 'refused' }>,
  log: AttemptLog,
): Promise<DeliveryOutcome> {
  if (sending.unknown > 0 || answer.elements.some((element) => element.accepted)) {
    sending.unknown += 1
    const reason = 'Xero refused to repeat a call whose first answer was lost.'
    await markUncertain(context.ledger, attempt, reason, log)
    return { outcome: 'uncertain', reason }
  }
  if (answer.elements.length === delivery.things.length && answer.elements.length > 0) {
    return settle(context, delivery, sending, attempt, answer.elements, log)
  }
  await narrowChunk(context.ledger, attempt, log)
  return { outcome: 'refused', messages: answer.messages, index: answer.index }
}

async function afterUnknown(
  context: RunContext,
  mayRepeatIt: boolean,
  sending: Sending,
  attempt: Attempt,
  reason: string,
  log: AttemptLog,
): Promise<DeliveryOutcome | null> {
  await markUncertain(context.ledger, attempt, reason, log)
  const waitMs = retryWaitsMs.unknown[sending.unknown]
  sending.unknown += 1
  if (waitMs === undefined || !mayRepeatIt || context.interrupt.aborted)
    return { outcome: 'uncertain', reason }
  await waitToRepeat(context, waitMs)
  return null
}

/** An interrupt ends the sleep; the next turn says what it means. */
async function waitToRepeat({ clock, interrupt, progress }: RunContext, ms: number): Promise<void> {
  if (interrupt.aborted) return
  if (ms > 2_000) {
    const detail = `Waiting ${ms / 1_000} s before a call is sent again`
    progress({ event: 'step', step: 'wait', detail })
  }
  await clock.sleep(ms, interrupt).catch((error: unknown) => {
    if (!interrupt.aborted) throw error
  })
}

/** After an attempt that Xero did not execute: waits for the next, or ends the run with its reason. */
async function waitOrStop(
  context: RunContext,
  sending: Sending,
  answer: Exclude<WriteAnswer, { outcome: 'elements' | 'refused' | 'unknown' }>,
): Promise<void> {
  switch (answer.outcome) {
    case 'throttled':
      sending.throttled += 1
      // A day's limit is the gateway's to tell, with the time at which it ends: `ready` throws it.
      if (sending.throttled > throttledMax) {
        throw new AuxoError(
          'xero-limit',
          'Xero keeps refusing calls because too many are made: another program is using this organisation’s calls. Run again later.',
        )
      }
      return
    case 'unauthorised':
      sending.unauthorised += 1
      if (answer.scopeMissing || sending.unauthorised > 1) {
        throw new AuxoError(
          'not-authorised',
          answer.scopeMissing
            ? `The connection may not write this (${answer.detail}). Log in again with auxo-sync connect, or give the custom connection the scope at developer.xero.com.`
            : `Xero does not accept the connection (${answer.detail}). Connect again: auxo-sync connect`,
        )
      }
      context.gateway.discardToken()
      return
    case 'forbidden':
      throw new AuxoError(
        'not-authorised',
        `Xero does not let this connection into the organisation (${answer.detail}). Was it disconnected in Xero? Connect again: auxo-sync connect`,
      )
    case 'never-sent': {
      const waitMs = retryWaitsMs.neverSent[sending.neverSent]
      sending.neverSent += 1
      if (waitMs === undefined) {
        throw new AuxoError(
          'xero-away',
          sending.unknown > 0
            ? `Xero cannot be reached: ${answer.reason}. What became of a call whose answer was lost is looked up by the next run; run again when the network is back.`
            : `Xero cannot be reached: ${answer.reason}. Nothing of this call was sent; run again when the network is back.`,
        )
      }
      await waitToRepeat(context, waitMs)
      return
    }
    default:
      answer satisfies never
  }
}
