// POST /connect/token and POST /connect/revocation: client credentials for the custom connection, which proves itself with its
// secret, and codes and refresh tokens for the public app, which has none (§1.1, §1.2). Refusals are 400 with a word (§1.5).

import { type AccessTokens, accessLifeS } from './access-tokens.ts'
import { type App, type BrowserApp, journalsScope } from './apps.ts'
import type { Consent, Consents } from './consents.ts'
import type { Json } from './json.ts'
import type { Pair, RefreshToken } from './refresh-tokens.ts'
import { jsonReply, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'

export interface IdentityRequest {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

type Caller = 'custom' | 'browser'

const granted: Reply = { status: 200, headers: {}, body: '' }

export class TokenEndpoint {
  readonly #apps: { readonly custom: App; readonly browser: BrowserApp }
  readonly #switches: Switches
  readonly #tokens: AccessTokens
  readonly #consents: Consents

  constructor(
    apps: { readonly custom: App; readonly browser: BrowserApp },
    switches: Switches,
    tokens: AccessTokens,
    consents: Consents,
  ) {
    this.#apps = apps
    this.#switches = switches
    this.#tokens = tokens
    this.#consents = consents
  }

  token(request: IdentityRequest, now: number): Reply {
    const form = readForm(request)
    if (form === null) return refusal('invalid_request')
    const caller = this.#caller(request, form)
    if (typeof caller !== 'string') return caller
    const grant = form.get('grant_type') ?? ''
    switch (grant) {
      case '':
        return refusal('invalid_request')
      case 'client_credentials':
        return caller === 'custom' ? this.#custom(form, now) : refusal('unauthorized_client')
      case 'authorization_code':
        return caller === 'browser' ? this.#code(form, now) : refusal('unauthorized_client')
      case 'refresh_token':
        return caller === 'browser' ? this.#refresh(form, now) : refusal('unauthorized_client')
      default:
        return refusal('unsupported_grant_type')
    }
  }

  /** 200 and empty whatever the token was (§1.3). */
  revocation(request: IdentityRequest, now: number): Reply {
    const form = readForm(request)
    if (form === null) return refusal('invalid_request')
    const caller = this.#caller(request, form)
    if (typeof caller !== 'string') return caller
    const token = form.get('token') ?? ''
    if (caller === 'custom') this.#tokens.end(token, 'revoked')
    else if (this.#consents.refreshTokens.find(token, now)) this.#consents.endAll()
    return granted
  }

  /** Who asks: by Basic with a secret, or a public app by its id in the form and no Basic at all (§1.1). */
  #caller(request: IdentityRequest, form: URLSearchParams): Caller | Reply {
    const { authorization } = request.headers
    const publicId = form.get('client_id') ?? ''
    if (!authorization) {
      if (publicId === '') return refusal('invalid_request')
      const isPublic = publicId === this.#apps.browser.clientId && !form.has('client_secret')
      return isPublic ? 'browser' : refusal('invalid_client')
    }
    const { clientId, clientSecret } = this.#apps.custom
    const credentials = basic(authorization)
    if (credentials === null || credentials.id === '') return refusal('invalid_request')
    const isOurs = credentials.id === clientId && credentials.secret === clientSecret
    return isOurs ? 'custom' : refusal('invalid_client')
  }

  #custom(form: URLSearchParams, now: number): Reply {
    const scopes = this.#customScopes(form.get('scope'))
    if (scopes === null) return refusal('invalid_scope')
    return answer({ access_token: this.#tokens.access(this.#apps.custom.clientId, scopes, now) }, scopes)
  }

  #customScopes(asked: string | null): readonly string[] | null {
    const words = (asked ?? '').split(/\s+/).filter((word) => word !== '')
    const { journalsPlan, tokenWithoutScope } = this.#switches
    const known = [...this.#apps.custom.scopes, ...(journalsPlan === 'no-scope' ? [] : [journalsScope])]
    if (words.length === 0) return tokenWithoutScope === 'all' ? known : null
    return words.every((word) => known.includes(word)) ? words : null
  }

  #code(form: URLSearchParams, now: number): Reply {
    const given = { redirectUri: form.get('redirect_uri') ?? '', verifier: form.get('code_verifier') ?? '' }
    const consent = this.#consents.redeem(form.get('code') ?? '', given, now)
    if (!consent) return refusal('invalid_grant')
    if (!consent.hasRefresh) {
      const access = this.#tokens.access(this.#apps.browser.clientId, consent.scopes, now, consent.id)
      return this.#person({ access_token: access }, consent.scopes, now)
    }
    const next = this.#next(consent, consent.scopes, now)
    this.#consents.refreshTokens.issue(next)
    this.#consents.changed()
    return this.#person(pairOf(next), consent.scopes, now)
  }

  /** Each refresh brings a new pair; one that is asked for again, whose answer was lost, the same or another (§1.2). */
  #refresh(form: URLSearchParams, now: number): Reply {
    const { refreshTokens } = this.#consents
    const token = refreshTokens.find(form.get('refresh_token') ?? '', now)
    const consent = token && this.#consents.find(token.consentId)
    if (!token || !consent) return refusal('invalid_grant')
    const successor = refreshTokens.successorOf(token)
    if (successor && this.#switches.graceRefresh === 'same-pair') {
      const left = Math.max(0, Math.floor((successor.accessEndsAt - now) / 1000))
      return this.#person(pairOf(successor), token.scopes, now, left)
    }
    const next = this.#next(consent, token.scopes, now)
    refreshTokens.follow(token, next)
    this.#consents.changed()
    return this.#person(pairOf(next), token.scopes, now)
  }

  #next(consent: Consent, scopes: readonly string[], now: number): Omit<RefreshToken, 'used'> {
    return {
      consentId: consent.id,
      scopes,
      issuedAt: now,
      refreshToken: this.#consents.newSecret(),
      accessToken: this.#tokens.access(this.#apps.browser.clientId, scopes, now, consent.id),
      accessEndsAt: now + accessLifeS * 1000,
    }
  }

  #person(tokens: Record<string, Json>, scopes: readonly string[], now: number, left = accessLifeS): Reply {
    const { clientId } = this.#apps.browser
    const who = scopes.includes('openid') ? { id_token: this.#tokens.identity(clientId, scopes, now) } : {}
    return answer({ ...who, ...tokens }, scopes, left)
  }
}

function pairOf({ accessToken, refreshToken }: Pair): Record<string, Json> {
  return { access_token: accessToken, refresh_token: refreshToken }
}

function answer(tokens: Record<string, Json>, scopes: readonly string[], left = accessLifeS): Reply {
  return jsonReply(200, { ...tokens, expires_in: left, token_type: 'Bearer', scope: scopes.join(' ') })
}

/** The token endpoint answers 400 to everything it refuses (§1.5). */
export function refusal(error: string): Reply {
  return jsonReply(400, { error })
}

function readForm(request: IdentityRequest): URLSearchParams | null {
  const type = request.headers['content-type'] ?? ''
  return type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(request.body) : null
}

function basic(authorization: string): { id: string; secret: string } | null {
  const encoded = /^Basic (\S+)$/.exec(authorization)?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
