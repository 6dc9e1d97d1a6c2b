// One request to /api.xro/2.0 or to the identity endpoints, from its bytes to its answer, in Xero's order: token, tenant,
// limits, idempotency, then the endpoint (§1.5, §2.1, §3.4). What faults do to it is pipeline.ts's business.

import { UnreadableBody } from './body.ts'
import type { Call, Route } from './call.ts'
import { readModifiedSince } from './dates.ts'
import type { Identity } from './identity.ts'
import type { Organisation } from './organisation.ts'
import {
  methodNotAllowed,
  notFound,
  postDataInvalid,
  problem,
  queryParseException,
  type Reply,
} from './reply.ts'
import { findRoute } from './routes.ts'
import type { Switches } from './switches.ts'
import { UnreadableQuery } from './where.ts'
import { asXml } from './xml.ts'

export const apiBase = '/api.xro/2.0'

export interface ApiRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Read as UTF-8, whatever it is. */
  readonly body: string
  readonly bytes: Uint8Array
}

export interface ApiContext {
  readonly organisations: readonly Organisation[]
  readonly identity: Identity
  readonly switches: Switches
  readonly providerName: string
  readonly newGuid: () => string
}

export type Admission =
  | {
      readonly ok: true
      readonly organisation: Organisation
      readonly route: Route
      readonly path: Call['path']
    }
  | { readonly ok: false; readonly reply: Reply; readonly tenantId: string | null }

/** Longer query strings are a 404: 52 GUIDs fit, 53 do not (§2.3). */
const queryLengthMax = 2048
const bodyLengthMax = 10 * 1024 * 1024

/** Token, tenant, path, scope and role. Nothing is counted yet. */
export function admit(context: ApiContext, request: ApiRequest, now: number): Admission {
  const door = context.identity.doorkeeper(request.headers['authorization'], now)
  if (!('scopes' in door)) return { ok: false, reply: door, tenantId: null }
  const organisation = context.identity.tenantOf(door, request.headers['xero-tenant-id'])
  if (!organisation) {
    // A connection's id in place of the tenant's ends here too (§1.3).
    return { ok: false, reply: problem(403, 'AuthenticationUnsuccessful', context.newGuid()), tenantId: null }
  }
  const { tenantId } = organisation
  const found = findRoute(request.method, request.path.slice(apiBase.length))
  if (found.kind === 'none') return { ok: false, reply: notFound, tenantId }
  if (found.kind === 'other-method') return { ok: false, reply: methodNotAllowed, tenantId }
  const lacking =
    context.identity.scopeProblem(door.scopes, found.route) ?? roleProblem(context, organisation, found.route)
  if (lacking) return { ok: false, reply: lacking, tenantId }
  return { ok: true, organisation, route: found.route, path: found.path }
}

/** Besides scopes the role of the person counts who made the connection (§1.4). What stands in this 403 is not established. */
function roleProblem(context: ApiContext, organisation: Organisation, route: Route): Reply | null {
  const needsReports = /^\/(Reports|ManualJournals|Journals)(\/|$)/.test(route.path)
  if (organisation.hasReportsRole || !needsReports) return null
  return problem(403, 'AuthenticationUnsuccessful', context.newGuid())
}

/** Runs the endpoint. All that it stores, it stores before this returns. */
export function execute(
  context: ApiContext,
  request: ApiRequest,
  admission: Admission & { ok: true },
  now: number,
  storeAtMost: number,
): Reply {
  const refusal = unreadable(context, request, admission.route)
  if (refusal) return refusal
  const since = request.headers['if-modified-since']
  const call: Call = {
    organisation: admission.organisation,
    now,
    switches: context.switches,
    providerName: context.providerName,
    path: admission.path,
    query: new URLSearchParams(request.rawQuery),
    modifiedSince: since === undefined ? null : readModifiedSince(since),
    body: request.body,
    bytes: request.bytes,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    storeAtMost,
    newGuid: context.newGuid,
  }
  const reply = guarded(admission.route, call)
  return asksForJson(request) ? reply : asXml(reply)
}

function guarded(route: Route, call: Call): Reply {
  try {
    return route.answer(call)
  } catch (error) {
    // Nothing was stored: bodies and filters are read before the first element is.
    if (error instanceof UnreadableBody) return postDataInvalid(error.message)
    if (error instanceof UnreadableQuery) return queryParseException(error.message)
    throw error
  }
}

function unreadable(context: ApiContext, request: ApiRequest, route: Route): Reply | null {
  if (request.rawQuery.length > queryLengthMax) return notFound
  const isWrite = request.method !== 'GET' && request.method !== 'DELETE'
  const isRead = isWrite && !route.takesFile
  if (isRead && request.bytes.byteLength > bodyLengthMax) return { ...notFound, status: 413 }
  if (isRead && !(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return postDataInvalid('The sandbox reads application/json only.')
  }
  const since = request.headers['if-modified-since']
  if (since !== undefined && readModifiedSince(since) === null) {
    return queryParseException(`'${since}' is not a date: If-Modified-Since cannot be read.`)
  }
  return unknownParameter(context, request, route)
}

/** Xero ignores parameters that it does not know, which is how `page_size` once returned nothing (§7). */
function unknownParameter(context: ApiContext, request: ApiRequest, route: Route): Reply | null {
  if (context.switches.unknownProperties === 'ignored') return null
  const unknown = [...new URLSearchParams(request.rawQuery).keys()].find(
    (name) => !route.query.includes(name),
  )
  if (unknown === undefined) return null
  return queryParseException(`'${unknown}' is not a parameter of ${route.method} ${route.path}.`)
}

/** Without an Accept header that names JSON the Accounting API answers XML (§1.5). */
function asksForJson(request: ApiRequest): boolean {
  return /application\/json|\*\/\*/.test(request.headers['accept'] ?? '')
}
