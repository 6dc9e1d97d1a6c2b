// Access tokens and id tokens: who they are for, what they allow and when they end stands in them under the sandbox's own
// signature (§1.2). Nothing of them is remembered, but for those that were ended early.

import { createHmac, timingSafeEqual } from 'node:crypto'

/** 30 minutes (§1.2). */
export const accessLifeS = 1800
/** 5 minutes (§1.2). */
const idLifeS = 300

/** The one person of this Xero. */
export const personId = '5a17d0f0-0000-4000-a000-00000000c0de'

export interface Claims {
  readonly jti: string
  /** Seconds since 1970. */
  readonly exp: number
  readonly scope: readonly string[]
  /** The consent that it comes from; a custom connection has none. */
  readonly authentication_event_id?: string
}

export class AccessTokens {
  readonly #key: string
  readonly #newGuid: () => string
  readonly #ended = new Map<string, 'revoked' | 'expired'>()

  constructor(key: string, newGuid: () => string) {
    this.#key = key
    this.#newGuid = newGuid
  }

  /** Good for 30 minutes from `now`, ms since 1970. */
  access(clientId: string, scope: readonly string[], now: number, consentId?: string): string {
    const exp = Math.floor(now / 1000) + accessLifeS
    const who = consentId === undefined ? {} : { authentication_event_id: consentId, xero_userid: personId }
    return this.#signed({ jti: this.#newGuid(), exp, scope, ...who, client_id: clientId })
  }

  /** Who logged in, for apps that asked for `openid`. */
  identity(clientId: string, scope: readonly string[], now: number): string {
    const iat = Math.floor(now / 1000)
    const who = {
      ...(scope.includes('email') ? { email: 'person@sandbox.invalid' } : {}),
      ...(scope.includes('profile') ? { name: 'Sandbox Person' } : {}),
    }
    return this.#signed({
      sub: personId,
      xero_userid: personId,
      aud: clientId,
      iat,
      exp: iat + idLifeS,
      ...who,
    })
  }

  /** Null where it was never ours or was revoked. */
  read(token: string): Claims | null {
    const claims = this.#opened(token)
    return claims && this.#ended.get(claims.jti) !== 'revoked' ? claims : null
  }

  isOver(claims: Claims, now: number): boolean {
    return now >= claims.exp * 1000 || this.#ended.get(claims.jti) === 'expired'
  }

  end(token: string, how: 'revoked' | 'expired'): void {
    const claims = this.#opened(token)
    if (claims) this.#ended.set(claims.jti, how)
  }

  #signed(claims: object): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
    return `${head}.${payload}.${this.#mark(`${head}.${payload}`)}`
  }

  #mark(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }

  #opened(token: string): Claims | null {
    const [head = '', payload = '', mark = ''] = token.split('.')
    const expected = Buffer.from(this.#mark(`${head}.${payload}`))
    const given = Buffer.from(mark)
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null
    // Signed by us, so it has the form that we gave it; an id token has no scope and opens nothing.
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
    return Array.isArray(claims.scope) ? claims : null
  }
}
