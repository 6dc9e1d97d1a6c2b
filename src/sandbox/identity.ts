// Who may call: what a bearer token is worth, which organisations it opens, and the list of connections (§1). Tokens are
// made in token-endpoint.ts, and what the person allowed is kept in consents.ts.
//
// How it is spoken to. Login, identity and API have the same host, `sandbox.url`. There are two apps: the custom connection
// (clientId, clientSecret), and a public one for PKCE, `browserClientId`, printed as XERO_BROWSER_CLIENT_ID, without a secret.
//   GET  /identity/connect/authorize?response_type=code&client_id&redirect_uri&scope&state&code_challenge
//        &code_challenge_method=S256[&acr_values=bulk_connect:false]: a page with the organisations, Allow and Cancel. It leads
//        to redirect_uri?code=…&scope=…&state=…, or ?error=access_denied&state=…. A wrong request gets an error page, no redirect.
//        redirect_uri: registered for the app, here http://localhost:ANY-PORT/callback; http://127.0.0.1 is refused (§1.1).
//   A script consents with POST /_person/consent, JSON {"authorize":"<the whole URL>","organisations":["<tenant id or name>"]}
//        (the first organisation if left out) or {"authorize":"…","decline":true}: 200 {"ok":true,"redirect":"<URL>"}, which the
//        script then asks for as the browser would; 422 {"ok":false,"message"}. In this process: sandbox.consent(url, choice).
//   POST /connect/token, form, no Basic: grant_type=authorization_code&client_id&code&redirect_uri&code_verifier, or
//        grant_type=refresh_token&client_id&refresh_token. Answer: access_token (JWT with authentication_event_id, scope),
//        expires_in 1800, token_type, scope, refresh_token (with offline_access), id_token (with openid).
//   POST /connect/revocation, form client_id&token=<refresh token>: 200, empty; the whole consent ends.
//   GET  /connections[?authEventId=], DELETE /connections/{id}: connections of the token's app; its ids are not the custom app's.
// Switch graceRefresh: same-pair | new-pair. Faults: `POST /connect/token drop-after-commit` loses a refresh answer,
// `POST /connect/token invalid-grant`, `GET /Invoices token-expires` (that token is dead from then on).

import type { AccessTokens } from './access-tokens.ts'
import type { Route } from './call.ts'
import type { AppConnection, Consents } from './consents.ts'
import type { Organisation } from './organisation.ts'
import { garbageToken, jsonReply, notFound, problem, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'
import type { IdentityRequest, TokenEndpoint } from './token-endpoint.ts'

/** Who holds a good token. */
export interface Visitor {
  readonly scopes: readonly string[]
  /** The consent that the token comes from; null for the custom connection. */
  readonly consentId: string | null
}

export interface IdentityParts {
  readonly switches: Switches
  readonly tokens: AccessTokens
  readonly endpoint: TokenEndpoint
  readonly consents: Consents
  readonly organisations: readonly Organisation[]
  readonly newGuid: () => string
}

export class Identity {
  readonly #parts: IdentityParts

  constructor(parts: IdentityParts) {
    this.#parts = parts
  }

  /** What is asked of identity.xero.com, and the connections of api.xero.com. */
  answer(request: IdentityRequest, now: number): Reply {
    const { endpoint } = this.#parts
    const at = `${request.method} ${request.path}`
    if (at === 'POST /connect/token') return endpoint.token(request, now)
    if (at === 'POST /connect/revocation') return endpoint.revocation(request, now)
    const connection = /^\/connections(?:\/([^/]+))?$/i.exec(request.path)
    if (!connection) return notFound
    const visitor = this.doorkeeper(request.headers['authorization'], now)
    if (!('scopes' in visitor)) return visitor
    const [, id] = connection
    if (request.method === 'GET' && id === undefined) {
      return this.#list(visitor, new URLSearchParams(request.rawQuery).get('authEventId'))
    }
    return request.method === 'DELETE' && id !== undefined ? this.#disconnect(visitor, id) : notFound
  }

  /** Who it is, or the answer where the token opens nothing (§1.5). */
  doorkeeper(authorization: string | undefined, now: number): Visitor | Reply {
    const { tokens, consents, newGuid } = this.#parts
    const token = tokenIn(authorization)
    const claims = token === undefined ? null : tokens.read(token)
    const consentId = claims?.authentication_event_id ?? null
    const isRevoked = consentId !== null && consents.find(consentId) === undefined
    if (!claims || isRevoked) return garbageToken(newGuid())
    if (tokens.isOver(claims, now)) return expiredToken(Math.min(now, claims.exp * 1000), newGuid())
    return { scopes: claims.scope, consentId }
  }

  /** The token is over from now on, whatever it says itself (the fault token-expires). */
  expire(authorization: string | undefined): void {
    const token = tokenIn(authorization)
    if (token !== undefined) this.#parts.tokens.end(token, 'expired')
  }

  /** A custom connection may leave the tenant out where it has one organisation only; others never (§1.1). */
  tenantOf(visitor: Visitor, tenantId: string | undefined): Organisation | undefined {
    const open = this.#connections(visitor).map(({ organisation }) => organisation)
    if (tenantId) return open.find((organisation) => organisation.tenantId === tenantId.toLowerCase())
    return visitor.consentId === null && open.length === 1 ? open[0] : undefined
  }

  /** Missing scopes are told with a header; which status and which spelling, the sources differ (§1.5). */
  scopeProblem(scopes: readonly string[], route: Route): Reply | null {
    const wanted =
      route.method === 'GET' ? route.scopes.flatMap((scope) => [scope, `${scope}.read`]) : route.scopes
    if (wanted.some((scope) => scopes.includes(scope))) return null
    const { missingScope, scopeSpelling } = this.#parts.switches
    return problem(missingScope === '403' ? 403 : 401, 'AuthorizationUnsuccessful', this.#parts.newGuid(), {
      'WWW-Authenticate': `Bearer error="${scopeSpelling}"`,
    })
  }

  #connections(visitor: Visitor): { organisation: Organisation; connection: AppConnection }[] {
    const { organisations, consents, switches } = this.#parts
    if (visitor.consentId === null) {
      return organisations
        .filter(({ isConnected }) => isConnected)
        .map((organisation) => ({ organisation, connection: customConnection(organisation) }))
    }
    return consents.connections().flatMap((connection) => {
      const organisation = organisations.find(({ tenantId }) => tenantId === connection.tenantId)
      const isMeant = switches.tokenReach === 'every-consent' || connection.authEventId === visitor.consentId
      return organisation && isMeant ? [{ organisation, connection }] : []
    })
  }

  #list(visitor: Visitor, authEventId: string | null): Reply {
    // ISO with seven digits of a second and no zone (§1.3).
    const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}0000`
    const rows = this.#connections(visitor).map(({ organisation, connection }) => ({
      id: connection.id,
      authEventId: connection.authEventId,
      tenantId: connection.tenantId,
      tenantType: 'ORGANISATION',
      tenantName: organisation.profile.name,
      createdDateUtc: stamp(connection.createdAt),
      updatedDateUtc: stamp(connection.updatedAt),
    }))
    return jsonReply(
      200,
      rows.filter((row) => authEventId === null || row.authEventId === authEventId.toLowerCase()),
    )
  }

  #disconnect(visitor: Visitor, connectionId: string): Reply {
    const found = this.#connections(visitor).find(({ connection }) => connection.id === connectionId)
    if (!found) return notFound
    if (visitor.consentId === null) found.organisation.assign('isConnected', false)
    else this.#parts.consents.disconnect(connectionId)
    return { status: 204, headers: {}, body: '' }
  }
}

function customConnection({ connectionId, tenantId, profile }: Organisation): AppConnection {
  const { createdAt } = profile
  return { id: connectionId, tenantId, authEventId: connectionId, createdAt, updatedAt: createdAt }
}

function tokenIn(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
}

export function expiredToken(expiredAt: number, instance: string): Reply {
  const [, year, month, day, time] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(expiredAt).toISOString()) ?? []
  return problem(401, `TokenExpired: token expired at ${month}/${day}/${year} ${time}`, instance)
}
