// Understands what came back of one attempt: the answer's status and shape first, then, for writes, the verdict on every
// element. Reads strictly: what cannot be read wholly is `unknown`, never success. What follows from it is batch's.

import * as z from 'zod'
import type { Cents } from '../accounting/money.ts'
import { centsFromWire } from '../accounting/money.ts'
import type { ReplyElement, WireList, WriteAnswer } from './gateway.ts'
import type { Delivery, HttpAnswer } from './transport.ts'
import { idFromWire } from './wire-values.ts'

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
const flag = z.boolean().nullish()
const amount = z.number().nullish()
const messages = z.array(z.object({ Message: text, Description: text })).nullish()

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

const element = z.object({
  InvoiceID: text,
  ContactID: text,
  InvoiceNumber: text,
  ContactNumber: text,
  Name: text,
  Status: text,
  ContactStatus: text,
  Total: amount,
  TotalTax: amount,
  StatusAttributeString: text,
  HasErrors: flag,
  HasValidationErrors: flag,
  ValidationErrors: messages,
  Warnings: messages,
})
type WireElement = z.infer<typeof element>

const elementLists = {
  Invoices: z.object({ Invoices: z.array(element) }).transform((json) => json.Invoices),
  Contacts: z.object({ Contacts: z.array(element) }).transform((json) => json.Contacts),
} satisfies Record<WireList, unknown>

const refusedElements = z.object({ Elements: z.array(element).nullish() })

/** Where the members of one list's elements are. A new list is a new row. */
const memberNames: Readonly<
  Record<
    WireList,
    {
      xeroId: 'InvoiceID' | 'ContactID'
      key: 'InvoiceNumber' | 'ContactNumber'
      status: 'Status' | 'ContactStatus'
      hasName: boolean
    }
  >
> = {
  Invoices: { xeroId: 'InvoiceID', key: 'InvoiceNumber', status: 'Status', hasName: false },
  Contacts: { xeroId: 'ContactID', key: 'ContactNumber', status: 'ContactStatus', hasName: true },
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
  const parsed = elementLists[list].safeParse(reply.json)
  const elements = parsed.success ? readElements(list, parsed.data) : null
  return elements
    ? { outcome: 'elements', elements }
    : {
        outcome: 'unknown',
        reason: `Xero answered 200, but its list of ${list} is missing or cannot be read`,
      }
}

function refused(list: WireList, reply: Extract<Reply, { outcome: 'refused' }>): WriteAnswer {
  const parsed = refusedElements.safeParse(reply.json)
  const elements = parsed.success ? (readElements(list, parsed.data.Elements ?? []) ?? []) : []
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

/** Null where an amount is beyond what cents can hold. */
function readElements(list: WireList, elements: readonly WireElement[]): ReplyElement[] | null {
  try {
    return elements.map((one) => readElement(list, one))
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function readElement(list: WireList, one: WireElement): ReplyElement {
  const names = memberNames[list]
  const errors = wordsIn(one.ValidationErrors)
  const verdict = one.StatusAttributeString ?? 'OK'
  // The flags exist on success too: their value counts, not their presence (§3.2 trap 5).
  const accepted =
    (verdict === 'OK' || verdict === 'WARNING') &&
    one.HasErrors !== true &&
    one.HasValidationErrors !== true &&
    errors.length === 0
  return {
    xeroId: idFromWire(one[names.xeroId]),
    key: one[names.key] ?? null,
    name: names.hasName ? (one.Name ?? null) : null,
    status: one[names.status] ?? null,
    total: centsOrNull(one.Total),
    tax: centsOrNull(one.TotalTax),
    accepted,
    errors: accepted || errors.length > 0 ? errors : ['Xero refused it without saying why.'],
    warnings: wordsIn(one.Warnings),
  }
}

function centsOrNull(value: number | null | undefined): Cents | null {
  return value == null ? null : centsFromWire(value)
}

/** Messages without repeats; one of Xero's examples calls the member Description (§3.2 trap 6). */
function wordsIn(list: z.infer<typeof messages>): string[] {
  const words = (list ?? []).map((one) => one.Message ?? one.Description ?? '')
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))]
}
