// An answer before it becomes bytes, and the answers that every endpoint shares: envelope, exceptions, 401, 403, 404, 429.

import { msDateBare } from './dates.ts'
import type { Json, JsonObject } from './json.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function jsonReply(status: number, body: Json, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

export interface EnvelopeFacts {
  readonly id: string
  readonly providerName: string
  readonly now: number
}

export interface Page {
  readonly page: number
  readonly pageSize: number
  readonly pageCount: number
  readonly itemCount: number
}

/** The 200 envelope (§3.2). Paged lists carry `pagination` before the array (§2.3). */
export function envelope(
  facts: EnvelopeFacts,
  key: string,
  elements: readonly JsonObject[],
  page?: Page,
): Reply {
  return jsonReply(200, {
    Id: facts.id,
    Status: 'OK',
    ProviderName: facts.providerName,
    DateTimeUTC: msDateBare(facts.now),
    pagination: page && { ...page },
    [key]: elements,
  })
}

/** 404 of an unknown id or path: html, nothing in it (§4.1). */
export const notFound: Reply = {
  status: 404,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '',
}

export const methodNotAllowed: Reply = { ...notFound, status: 405 }

export function validationException(elements: readonly JsonObject[]): Reply {
  return jsonReply(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: elements,
  })
}

/** A request that Xero cannot read: the whole call is refused and the message names the place (§3.2). */
export function postDataInvalid(message: string): Reply {
  return jsonReply(400, { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: message })
}

export function queryParseException(message: string): Reply {
  return jsonReply(400, { ErrorNumber: 16, Type: 'QueryParseException', Message: message })
}

/** Where Xero puts the text of an idempotency refusal is not established (§9): it stands in both places. */
export function idempotencyRefusal(message: string): Reply {
  return jsonReply(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: message,
    Elements: [{ ValidationErrors: [{ Message: message }] }],
  })
}

/** 401 and 403 share an envelope of their own (§1.5). */
export function problem(
  status: 401 | 403,
  detail: string,
  instance: string,
  headers: Record<string, string> = {},
): Reply {
  const title = status === 401 ? 'Unauthorized' : 'Forbidden'
  return jsonReply(
    status,
    { Type: null, Title: title, Status: status, Detail: detail, Instance: instance, Extensions: {} },
    headers,
  )
}

/** An id that no token of ours ever had: lower-case keys and a header (§1.5). */
export function garbageToken(instance: string): Reply {
  const body = { title: 'Unauthorized', status: 401, detail: 'AuthenticationUnsuccessful', instance }
  return jsonReply(401, body, { 'WWW-Authenticate': 'Bearer error=invalid_token' })
}

/** Recorded with an empty body and no content type; minute and day say when to come back, concurrent does not (§2.1). */
export function tooManyRequests(limit: 'minute' | 'day' | 'concurrent', retryAfterS: number | null): Reply {
  const headers: Record<string, string> = { 'X-Rate-Limit-Problem': limit }
  if (retryAfterS !== null) headers['Retry-After'] = String(retryAfterS)
  return { status: 429, headers, body: '' }
}

export function serverError(status: number): Reply {
  return jsonReply(status, {
    ErrorNumber: status,
    Type: 'InternalServerException',
    Message:
      'An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.',
  })
}
