// Understands what came back of one attempt by its status and shape. Reads strictly: what cannot be read wholly is
// `unknown`, never success. The verdict on each element is reply-elements' business; what follows from it is batch's.

import * as z from 'zod'
import type { WireList, WriteAnswer } from './gateway.ts'
import { readElements, readRemoval } from './reply-elements.ts'
import type { Delivery, HttpAnswer } from './transport.ts'

/** An attempt, understood as far as its status and body allow. */
export type Reply =
  /** 200 with a JSON object. */
  | { outcome: 'json'; json: object; answer: HttpAnswer }
  /** A 4xx about the call. `json` is null where the body holds none. */
  | { outcome: 'refused'; status: number; json: object | null; words: readonly string[]; answer: HttpAnswer }
  | Extract<WriteAnswer, { outcome: 'throttled' | 'never-sent' }>
  /** `isPage`: the words are a web page's, so perhaps a proxy's and not Xero's. */
  | (Extract<WriteAnswer, { outcome: 'unauthorised' }> & { isPage: boolean })
  | (Extract<WriteAnswer, { outcome: 'forbidden' }> & { isPage: boolean })
  | { outcome: 'unknown'; reason: string; isTooLarge: boolean }

/** A sentence for the API log where the attempt did not succeed. */
export function replyProblem(reply: Reply | WriteAnswer): string | null {
  switch (reply.outcome) {
    case 'json':
    case 'elements':
      return null
    case 'never-sent':
    case 'unknown':
      return reply.reason
    case 'throttled':
      return `Xero asks to wait (${reply.limit} limit)`
    case 'unauthorised':
    case 'forbidden':
      return reply.detail
    case 'refused': {
      const words = 'words' in reply ? reply.words : reply.messages
      return words.join(' ') || `Xero refused the call (status ${reply.status})`
    }
  }
}

export function readReply(delivery: Delivery): Reply {
  if (delivery.outcome === 'never-sent') return { outcome: 'never-sent', reason: delivery.reason }
  if (delivery.outcome === 'maybe-sent') {
    return { outcome: 'unknown', reason: delivery.reason, isTooLarge: delivery.isTooLarge }
  }
  const { answer } = delivery
  const { status } = answer
  if (status === 429) return throttled(answer)
  if (status === 401 || status === 403) return shutOut(answer)

  const body = readBody(answer)
  if (status === 200) {
    return body.kind === 'json'
      ? { outcome: 'json', json: body.json, answer }
      : unknown(`Xero answered 200, but ${bodyWords[body.kind]}`)
  }
  // A proxy's page says nothing of Xero. 413 alone is believed from anyone: who finds a call too large passed none on.
  if (status === 413 || (status >= 400 && status < 500 && status !== 408 && !isForeign(body))) {
    const words = body.kind === 'json' ? wordsOf(body.json) : body.kind === 'text' ? [body.text] : []
    return { outcome: 'refused', status, json: body.kind === 'json' ? body.json : null, words, answer }
  }
  if (status >= 300 && status < 400) {
    return unknown(
      `the call was redirected (status ${status}), as a proxy or a sign-in page does; it was not followed`,
    )
  }
  const detail = body.kind === 'json' ? wordsOf(body.json).join(' ') : bodyWords[body.kind]
  return unknown(`the answer was ${status}${detail && `: ${detail}`}`)
}

function unknown(reason: string): Reply {
  return { outcome: 'unknown', reason, isTooLarge: false }
}

type Body =
  | { kind: 'json'; json: object }
  | { kind: 'empty' }
  | { kind: 'page' }
  | { kind: 'broken' }
  | { kind: 'text'; text: string }

const bodyWords: Readonly<Record<Exclude<Body['kind'], 'json'>, string>> = {
  empty: 'the answer was empty',
  page: 'the answer was a web page, not data: a proxy or a sign-in page stands between here and Xero',
  broken: 'the answer was damaged or cut off',
  text: 'the answer was not in the expected form',
}

/** A page or a torso does not come from Xero's own refusals. */
function isForeign(body: Body): boolean {
  return body.kind === 'page' || body.kind === 'broken'
}

/** Refuses bytes that are no text instead of replacing them. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

function readBody(answer: HttpAnswer): Body {
  let text: string
  try {
    text = utf8.decode(answer.body)
  } catch {
    return { kind: 'broken' }
  }
  const start = text.slice(0, 100).trimStart()
  if (start === '' && text.trim() === '') return { kind: 'empty' }
  if (start.startsWith('<')) return { kind: 'page' }
  const isJson = /^[[{]/.test(start) || /\bjson\b/i.test(answer.headers.get('content-type') ?? '')
  if (!isJson) return { kind: 'text', text: text.trim().slice(0, 300) }
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { kind: 'json', json } : { kind: 'broken' }
  } catch {
    return { kind: 'broken' }
  }
}

const text = z.string().nullish()

/** The top of every refusal: the API's own form and the platform's, whose keys come in either case (§1.5, §3.2). */
const refusal = z.object({ Message: text, Detail: text, detail: text, Title: text, title: text })

function wordsOf(json: object): string[] {
  const parsed = refusal.safeParse(json)
  if (!parsed.success) return []
  const { Message, Detail, detail, Title, title } = parsed.data
  const words = [Message, Detail ?? detail].filter((word) => word != null && word !== '')
  return words.length > 0 ? words.map(String) : [Title ?? title ?? ''].filter((word) => word !== '')
}

function throttled(answer: HttpAnswer): Reply {
  const problem = answer.headers.get('x-rate-limit-problem')?.trim().toLowerCase() ?? ''
  const limit = /minute/.test(problem)
    ? 'minute'
    : problem === 'day' || problem === 'daily'
      ? 'day'
      : problem.startsWith('concurrent')
        ? 'concurrent'
        : 'unknown'
  return { outcome: 'throttled', limit, retryAfterMs: readRetryAfter(answer) }
}

/** Retry-After in seconds, or as the date that HTTP also allows, measured by the answer's own clock. */
function readRetryAfter(answer: HttpAnswer): number | null {
  const value = answer.headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const until = Date.parse(value)
  const now = Date.parse(answer.headers.get('date') ?? '')
  return Number.isFinite(until - now) ? Math.max(0, until - now) : null
}

/** 401 and 403. Xero spells the missing scope in two ways and sends it with either status (§1.5). */
function shutOut(answer: HttpAnswer): Reply {
  const body = readBody(answer)
  const words = body.kind === 'json' ? wordsOf(body.json).join(' ') : ''
  const challenge = answer.headers.get('www-authenticate') ?? ''
  const scopeMissing = /insuffici?ent_scope/i.test(challenge) || /AuthorizationUnsuccessful/i.test(words)
  const isPage = body.kind === 'page'
  const detail = words || (isPage ? bodyWords.page : `Xero answered ${answer.status} without words`)
  return answer.status === 401 || scopeMissing
    ? { outcome: 'unauthorised', detail, scopeMissing, isPage }
    : { outcome: 'forbidden', detail, isPage }
}

/** What a write came to (§3.2). 200 without the whole list is unknown: something may have been stored. */
export function readWriteAnswer(list: WireList, delivery: Delivery): WriteAnswer {
  const reply = readReply(delivery)
  if (reply.outcome === 'unknown') return { outcome: 'unknown', reason: reply.reason }
  if (reply.outcome === 'refused') return refused(list, reply)
  if (reply.outcome === 'unauthorised' || reply.outcome === 'forbidden') {
    const { isPage, ...answer } = reply
    return answer
  }
  if (reply.outcome !== 'json') return reply
  const elements = readElements(list, memberOf(reply.json, list))
  return elements
    ? { outcome: 'elements', elements }
    : {
        outcome: 'unknown',
        reason: `Xero answered 200, but its list of ${list} is missing or cannot be read`,
      }
}

/** What taking an allocation back came to: an answer in a shape of its own (§4.4). 200 without its words proves nothing. */
export function readRemovalAnswer(delivery: Delivery): WriteAnswer {
  const reply = readReply(delivery)
  if (reply.outcome !== 'json') return readWriteAnswer('Allocations', delivery)
  const removed = readRemoval(reply.json)
  return removed
    ? { outcome: 'elements', elements: [removed] }
    : { outcome: 'unknown', reason: 'Xero answered 200, but does not say that the allocation is deleted' }
}

function refused(list: WireList, reply: Extract<Reply, { outcome: 'refused' }>): WriteAnswer {
  const elements = readElements(list, memberOf(reply.json, 'Elements')) ?? []
  const said = [...reply.words, ...elements.flatMap((one) => one.errors)]
  return {
    outcome: 'refused',
    status: reply.status,
    messages: reply.words,
    index: indexIn(list, reply.words),
    elements,
    // Where the text stands is not established (§3.4), so it is looked for everywhere.
    keyMismatch: said.some((words) => /idempotency.?key/i.test(words) && /different request/i.test(words)),
  }
}

/** `Path 'Invoices[3].LineItems[0]…'` names the element that could not be taken in (§3.2). */
function indexIn(list: WireList, words: readonly string[]): number | null {
  const path = new RegExp(`\\b${list}\\[(\\d{1,4})\\]`, 'i')
  const match = words.map((word) => path.exec(word)).find((found) => found !== null)
  return match ? Number(match[1]) : null
}

function memberOf(json: object | null, name: string): unknown {
  return json === null ? undefined : Reflect.get(json, name)
}
