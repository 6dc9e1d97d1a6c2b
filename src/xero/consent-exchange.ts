// The code of a consent against tokens: the call that makes a log-in with a browser (§1.1). Renewing them is login-auth's, ending them
// endings'.

import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AuxoError } from '../errors.ts'
import type { Consent } from './consent.ts'
import { missingScopes } from './login-auth.ts'
import type { Login, LoginTokens } from './login-store.ts'
import {
  awayError,
  emptyAnswer,
  postForm,
  refusalOf,
  scopesIn,
  type TokenEndpoint,
  tokenText,
} from './token-endpoint.ts'

const given = z.object({
  access_token: tokenText,
  expires_in: z.number().positive(),
  refresh_token: tokenText,
  scope: z.string().nullish(),
})
const claims = z.object({ xero_userid: z.string().nullish(), authentication_event_id: z.string().nullish() })

/**
 * A log-in that nobody uses yet. Rejects with `not-authorised` where Xero does not give what was asked for, and `xero-away` where the
 * answer was lost: a code serves once, so that a person has to log in again then.
 */
export async function exchangeCode(
  endpoint: TokenEndpoint,
  {
    code,
    consent,
    clientId,
    scopes,
  }: { code: string; consent: Consent; clientId: string; scopes: readonly string[] },
): Promise<{ login: Login; tokens: LoginTokens }> {
  const { clock, secrets } = endpoint
  for (const secret of [code, consent.verifier]) secrets.add(secret)
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: consent.redirectUri,
    code_verifier: consent.verifier,
  }
  const reply = await postForm(endpoint, { path: '/connect/token', form, isOnce: true })
  if (reply.outcome !== 'json') throw exchangeError(reply, endpoint)
  const answer = given.safeParse(reply.json).data
  if (!answer) throw emptyAnswer(endpoint)
  for (const secret of [answer.access_token, answer.refresh_token]) secrets.add(secret)
  const allowed = typeof answer.scope === 'string' ? scopesIn(answer.scope) : [...scopes]
  const missing = missingScopes(
    scopes.filter((scope) => scope !== 'offline_access'),
    allowed,
  )
  if (missing.length > 0) {
    throw new AuxoError(
      'not-authorised',
      `Xero did not give everything that is needed: ${missing.join(', ')}. Nothing was changed. Log in again and allow it.`,
      { details: missing },
    )
  }
  const person = personOf(answer.access_token)
  const now = clock.now()
  const lifetimeMs = answer.expires_in * 1000
  return {
    login: {
      user: person,
      person,
      scopes: allowed,
      renewedAt: now,
      askedAt: null,
      endedAt: null,
      uses: [],
    },
    tokens: {
      accessToken: answer.access_token,
      expiresAt: now + lifetimeMs,
      lifetimeMs,
      refreshToken: answer.refresh_token,
      previous: null,
    },
  }
}

/** Whose log-in it is, by the token's own claims (§1.2). */
function personOf(accessToken: string): string {
  const [, payload = ''] = accessToken.split('.')
  const known = claims.safeParse(jsonOf(Buffer.from(payload, 'base64url').toString('utf8'))).data
  const user = known?.xero_userid ?? known?.authentication_event_id
  return user ?? createHash('sha256').update(accessToken).digest('hex').slice(0, 32)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function exchangeError(reply: Awaited<ReturnType<typeof postForm>>, endpoint: TokenEndpoint): AuxoError {
  const away = awayError(reply, endpoint)
  if (away) return away
  const refusal = refusalOf(reply)
  if (refusal?.code === 'invalid_grant') {
    return new AuxoError(
      'not-authorised',
      'Xero does not take this log-in any more: its code serves once, and for five minutes. Nothing was changed. Log in again.',
    )
  }
  const why = endpoint.secrets.hideInText(refusal?.words ?? 'no reason given').slice(0, 200)
  return new AuxoError(
    'not-authorised',
    `Xero did not accept the log-in: ${why}. Compare XERO_CLIENT_ID and the redirect address with the app at developer.xero.com.`,
  )
}
