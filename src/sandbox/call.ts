// What an endpoint is handed and what it is: the shape that every resource file has in common.

import { dateInZone, type PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import type { Organisation } from './organisation.ts'
import { envelope, type Page, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

export interface Call {
  readonly organisation: Organisation
  readonly now: number
  readonly switches: Switches
  readonly providerName: string
  /** The values of `{…}` in the route's path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Ms since 1970, a whole second, or null. */
  readonly modifiedSince: number | null
  readonly body: string
  /** The body as it came: what an attachment is. */
  readonly bytes: Uint8Array
  readonly contentType: string
  /** After so many stored elements Xero dies (the fault partial-commit). */
  readonly storeAtMost: number
  readonly newGuid: () => string
}

export interface Route {
  readonly method: Method
  /** Below /api.xro/2.0, with `{Name}` for a variable part. */
  readonly path: string
  /** Without `.read`: a GET is content with that as well (§1.4). */
  readonly scopes: readonly string[]
  readonly query: readonly string[]
  /** The body is a file of any type and is never parsed; its size is the resource's business. */
  readonly takesFile?: true
  readonly answer: (call: Call) => Reply
}

const todays = new WeakMap<Call, PlainDate>()

/** The organisation's own today, which is where dates default to (§4.3). Once a call: asking for it is slow. */
export function today(call: Call): PlainDate {
  const known = todays.get(call)
  if (known !== undefined) return known
  const date = dateInZone(call.now, call.organisation.timeZone)
  todays.set(call, date)
  return date
}

export function answerWith(call: Call, key: string, elements: readonly JsonObject[], page?: Page): Reply {
  return envelope({ id: call.newGuid(), providerName: call.providerName, now: call.now }, key, elements, page)
}

/** `true` and `True` alike (§0.1). */
export function flag(call: Call, name: string): boolean {
  return call.query.get(name)?.toLowerCase() === 'true'
}
