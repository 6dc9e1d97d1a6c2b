// A log-in with a browser, as far as it is words (§1.1): PKCE, the address at which a person consents, and what the answer at the callback
// says. Pure but for chance. Listening is callback-server's, asking for tokens is consent-exchange's business.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A person registers `http://localhost:8710/callback` with the app in Xero; http://127.0.0.1 is refused there (§1.1). */
export const defaultCallbackPort = 8710
export const callbackPath = '/callback'

export interface Consent {
  /** To be opened in a browser. No secret stands in it. */
  address: string
  redirectUri: string
  /** Secret: proves that who asks for tokens is who asked for consent. */
  verifier: string
  state: string
}

export function redirectUriOf(port: number): string {
  return `http://localhost:${port}${callbackPath}`
}

export function newConsent(options: {
  /** `https://login.xero.com` */
  loginUrl: string
  clientId: string
  scopes: readonly string[]
  port: number
}): Consent {
  const verifier = randomBytes(48).toString('base64url') // 64 characters of those allowed
  const state = randomBytes(24).toString('base64url')
  const redirectUri = redirectUriOf(options.port)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: redirectUri,
    scope: options.scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return { address: `${options.loginUrl}/identity/connect/authorize?${query}`, redirectUri, verifier, state }
}

export type ConsentAnswer =
  | { outcome: 'code'; code: string }
  | { outcome: 'declined' }
  /** Xero's own reason. */
  | { outcome: 'refused'; error: string; words: string }
  /** It belongs to another log-in than the one under way. */
  | { outcome: 'wrong-state' }
  /** Neither code nor reason. */
  | { outcome: 'nothing' }

export function readConsentAnswer(query: URLSearchParams, { state }: Pick<Consent, 'state'>): ConsentAnswer {
  const code = query.get('code')
  const error = query.get('error')
  if (!code && !error) return { outcome: 'nothing' }
  if (!isSame(query.get('state') ?? '', state)) return { outcome: 'wrong-state' }
  if (error === 'access_denied') return { outcome: 'declined' }
  if (error) return { outcome: 'refused', error, words: query.get('error_description') ?? error }
  return code ? { outcome: 'code', code } : { outcome: 'nothing' }
}

/** What somebody pasted: the address at which the browser ended; null where it is none. */
export function queryOfPasted(text: string): URLSearchParams | null {
  const trimmed = text.trim()
  return URL.canParse(trimmed) ? new URL(trimmed).searchParams : null
}

/** In a time that says nothing about how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
