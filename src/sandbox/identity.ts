// Who may call: the token endpoint for custom connections, revocation, the list of connections, and what a bearer token
// is worth (§1). Tokens carry their own expiry and scopes under the app's signature, so nothing has to be remembered.
//
// Logging in with a browser (on its way, in login-*.ts and consents.ts; this is what it will be). Login, identity and API
// have the same host, `sandbox.url`. There are two apps: the custom connection (clientId, clientSecret, as before), and a
// public one for PKCE, `sandbox.browserClientId`, printed as the last line XERO_BROWSER_CLIENT_ID=…, without a secret.
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

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Route } from './call.ts'
import type { Organisation } from './organisation.ts'
import { garbageToken, jsonReply, notFound, problem, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'

export interface App {
  readonly clientId: string
  readonly clientSecret: string
  /** ProviderName in every envelope. */
  readonly name: string
  readonly scopes: readonly string[]
}

/** What a custom connection of auxo-sync's kind would hold (§1.4), as far as the sandbox has endpoints or will have. */
export const defaultScopes: readonly string[] = [
  'accounting.contacts',
  'accounting.contacts.read',
  'accounting.invoices',
  'accounting.invoices.read',
  'accounting.payments',
  'accounting.payments.read',
  'accounting.banktransactions',
  'accounting.banktransactions.read',
  'accounting.manualjournals',
  'accounting.manualjournals.read',
  'accounting.settings',
  'accounting.settings.read',
  'accounting.attachments',
  'accounting.attachments.read',
  'accounting.reports.trialbalance.read',
]

/** New apps and new custom connections cannot have it (§1.4). */
const journalsScope = 'accounting.journals.read'

/** 30 minutes (§1.2). */
const tokenLifeS = 1800

interface Claims {
  readonly jti: string
  readonly exp: number
  readonly scope: readonly string[]
}

export interface IdentityRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export class Identity {
  readonly #app: App
  readonly #switches: Switches
  readonly #newGuid: () => string
  readonly #revoked = new Set<string>()

  constructor(app: App, switches: Switches, newGuid: () => string) {
    this.#app = app
    this.#switches = switches
    this.#newGuid = newGuid
  }

  /** POST /connect/token. */
  token(request: IdentityRequest, now: number): Reply {
    const form = readForm(request)
    if (form === null) return refusal('invalid_request')
    const credentials = basic(request.headers['authorization'])
    if (credentials === null || credentials.id === '') return refusal('invalid_request')
    if (!this.#isOurs(credentials)) return refusal('invalid_client')
    const grant = form.get('grant_type')
    if (grant === null || grant === '') return refusal('invalid_request')
    if (grant !== 'client_credentials') return refusal('unsupported_grant_type')
    const scopes = this.#granted(form.get('scope'))
    if (scopes === null) return refusal('invalid_scope')
    const expires = Math.floor(now / 1000) + tokenLifeS
    return jsonReply(200, {
      access_token: this.#sign({ jti: this.#newGuid(), exp: expires, scope: scopes }),
      expires_in: tokenLifeS,
      token_type: 'Bearer',
      scope: scopes.join(' '),
    })
  }

  /** POST /connect/revocation: 200 and empty whatever the token was (§1.3). */
  revocation(request: IdentityRequest): Reply {
    const form = readForm(request)
    const credentials = basic(request.headers['authorization'])
    if (form === null || credentials === null) return refusal('invalid_request')
    if (!this.#isOurs(credentials)) return refusal('invalid_client')
    const claims = this.#read(form.get('token') ?? '')
    if (claims) this.#revoked.add(claims.jti)
    return { status: 200, headers: {}, body: '' }
  }

  connections(organisations: readonly Organisation[]): Reply {
    // ISO with seven digits of a second and no zone (§1.3).
    const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}0000`
    return jsonReply(
      200,
      organisations
        .filter((organisation) => organisation.isConnected)
        .map(({ connectionId, tenantId, profile }) => ({
          id: connectionId,
          authEventId: connectionId,
          tenantId,
          tenantType: 'ORGANISATION',
          tenantName: profile.name,
          createdDateUtc: stamp(profile.createdAt),
          updatedDateUtc: stamp(profile.createdAt),
        })),
    )
  }

  disconnect(organisations: readonly Organisation[], connectionId: string): Reply {
    const organisation = organisations.find((one) => one.isConnected && one.connectionId === connectionId)
    if (!organisation) return notFound
    organisation.assign('isConnected', false)
    return { status: 204, headers: {}, body: '' }
  }

  /** Null where the token opens the door; the answer where it does not (§1.5). */
  doorkeeper(authorization: string | undefined, now: number): { scopes: readonly string[] } | Reply {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
    const claims = token === undefined ? null : this.#read(token)
    if (!claims || this.#revoked.has(claims.jti)) return garbageToken(this.#newGuid())
    if (now >= claims.exp * 1000) return expiredToken(claims.exp * 1000, this.#newGuid())
    return { scopes: claims.scope }
  }

  /** A missing scope is 401 with a header that says so (§1.5). */
  scopeProblem(scopes: readonly string[], route: Route): Reply | null {
    const wanted =
      route.method === 'GET' ? route.scopes.flatMap((scope) => [scope, `${scope}.read`]) : route.scopes
    if (wanted.some((scope) => scopes.includes(scope))) return null
    return problem(401, 'AuthorizationUnsuccessful', this.#newGuid(), {
      'WWW-Authenticate': 'Bearer error="insufficient_scope"',
    })
  }

  #isOurs(credentials: { id: string; secret: string }): boolean {
    return credentials.id === this.#app.clientId && credentials.secret === this.#app.clientSecret
  }

  #granted(asked: string | null): readonly string[] | null {
    const words = (asked ?? '').split(/\s+/).filter((word) => word !== '')
    const { journalsPlan, tokenWithoutScope } = this.#switches
    const granted = [...this.#app.scopes, ...(journalsPlan === 'no-scope' ? [] : [journalsScope])]
    if (words.length === 0) return tokenWithoutScope === 'all' ? granted : null
    return words.every((word) => granted.includes(word)) ? words : null
  }

  #sign(claims: Claims): string {
    const payload = Buffer.from(JSON.stringify({ ...claims, client_id: this.#app.clientId })).toString(
      'base64url',
    )
    const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
    return `${head}.${payload}.${this.#mark(`${head}.${payload}`)}`
  }

  #mark(text: string): string {
    return createHmac('sha256', `${this.#app.clientId}/${this.#app.clientSecret}`)
      .update(text)
      .digest('base64url')
  }

  #read(token: string): Claims | null {
    const [head = '', payload = '', mark = ''] = token.split('.')
    const expected = Buffer.from(this.#mark(`${head}.${payload}`))
    const given = Buffer.from(mark)
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null
    // Signed by us, so it has the form that we gave it.
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
  }
}

export function expiredToken(expiredAt: number, instance: string): Reply {
  const [, year, month, day, time] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(expiredAt).toISOString()) ?? []
  return problem(401, `TokenExpired: token expired at ${month}/${day}/${year} ${time}`, instance)
}

/** The token endpoint answers 400 to everything it refuses (§1.5). */
function refusal(error: string): Reply {
  return jsonReply(400, { error })
}

function readForm(request: IdentityRequest): URLSearchParams | null {
  const type = request.headers['content-type'] ?? ''
  return type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(request.body) : null
}

function basic(authorization: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic (\S+)$/.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
