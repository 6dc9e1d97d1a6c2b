// Access tokens by client credentials, for a custom connection (§1). Those of a log-in with a browser are login-auth's. Keeping tokens
// is tokens', using them is calls'.

import * as z from 'zod'
import { AuxoError } from '../errors.ts'
import type { Reply } from './reply.ts'
import { dispensableScopes } from './scopes.ts'
import {
  awayError,
  emptyAnswer,
  postForm,
  refusalOf,
  scopesIn,
  type TokenEndpoint,
  tokenText,
} from './token-endpoint.ts'
import { openTokenStore } from './tokens.ts'

export interface AuthOptions extends TokenEndpoint {
  clientId: string
  clientSecret: string
  /** Granular scopes (§1.4). */
  scopes: readonly string[]
  /** Null: the token lives in this process alone. */
  cacheFile: string | null
}

export interface Auth {
  /** A token that is good for another minute at least. Rejects with `not-authorised` or `xero-away`. */
  token(): Promise<string>
  /** Forgets the token, also the kept one: Xero did not accept it. */
  discard(): void
}

/** Renewed this long before it ends, so that no call leaves with a token that dies on the way. */
export const renewalMs = 60_000

const granted = z.object({
  access_token: tokenText,
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
})

export function createAuth(options: AuthOptions): Auth {
  const { clock, secrets } = options
  secrets.add(options.clientSecret)
  secrets.add(basicOf(options))
  const store =
    options.cacheFile === null
      ? null
      : openTokenStore({
          file: options.cacheFile,
          clientSecret: options.clientSecret,
          belongsTo: JSON.stringify([options.clientId, options.identityUrl, [...options.scopes].sort()]),
        })
  /** `endsAt` is monotonic: a step of the wall clock ends no token and prolongs none. */
  let current: { accessToken: string; endsAt: number } | null = null
  let asked: Promise<string> | null = null
  let mayUseStore = true

  function keep(accessToken: string, leftMs: number): string {
    secrets.add(accessToken)
    current = { accessToken, endsAt: clock.monotonicMs() + leftMs }
    return accessToken
  }

  async function obtain(): Promise<string> {
    const found = mayUseStore ? ((await store?.find()) ?? null) : null
    mayUseStore = false // what other processes store later is not worth a look: minting is one call
    const leftMs = found ? Math.min(found.expiresAt - clock.now(), found.lifetimeMs) : 0
    if (found && leftMs > renewalMs) return keep(found.accessToken, leftMs)
    const minted = await mint(options)
    const lifetimeMs = minted.expires_in * 1000
    keep(minted.access_token, lifetimeMs)
    await store?.record({ accessToken: minted.access_token, expiresAt: clock.now() + lifetimeMs, lifetimeMs })
    return minted.access_token
  }

  return {
    async token() {
      if (current && current.endsAt - clock.monotonicMs() > renewalMs) return current.accessToken
      asked ??= obtain().finally(() => {
        asked = null
      })
      return asked
    },
    discard() {
      current = null
      mayUseStore = false
    },
  }
}

function basicOf({ clientId, clientSecret }: Pick<AuthOptions, 'clientId' | 'clientSecret'>): string {
  return Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
}

/** With all scopes, else without those that can be done without. */
async function mint(options: AuthOptions): Promise<z.infer<typeof granted>> {
  const needed = options.scopes.filter((scope) => !dispensableScopes.includes(scope))
  for (const scopes of needed.length < options.scopes.length ? [options.scopes, needed] : [needed]) {
    const minted = await mintFor(scopes, options)
    if (minted !== 'scope-refused') return minted
  }
  throw scopeError(needed)
}

async function mintFor(
  scopes: readonly string[],
  options: AuthOptions,
): Promise<z.infer<typeof granted> | 'scope-refused'> {
  const form = { grant_type: 'client_credentials', scope: scopes.join(' ') }
  const authorization = `Basic ${basicOf(options)}`
  // A second token harms nobody, so whatever may pass by itself is tried again.
  const reply = await postForm(options, { path: '/connect/token', form, authorization })
  if (reply.outcome === 'json') return readToken(reply.json, options)
  if (['invalid_scope', 'unauthorized_client'].includes(refusalOf(reply)?.code ?? '')) return 'scope-refused'
  throw mintError(reply, options)
}

/** A token that Xero gave without some of the scopes would fail in the middle of a run: better now. */
function readToken(json: object, options: AuthOptions): z.infer<typeof granted> {
  const parsed = granted.safeParse(json)
  if (!parsed.success) throw emptyAnswer(options)
  const scopes = typeof parsed.data.scope === 'string' ? scopesIn(parsed.data.scope) : options.scopes
  const missing = options.scopes.filter(
    (scope) => !scopes.includes(scope) && !dispensableScopes.includes(scope),
  )
  if (missing.length > 0) throw scopeError(missing)
  return parsed.data
}

function mintError(reply: Exclude<Reply, { outcome: 'json' }>, options: AuthOptions): AuxoError {
  const away = awayError(reply, options)
  if (away) return away
  const refusal = refusalOf(reply)
  const isUnknown = refusal?.code === 'invalid_client' || refusal?.code === 'invalid_request'
  if (isUnknown || reply.outcome === 'unauthorised') {
    return new AuxoError(
      'not-authorised',
      'Xero does not accept the client id and secret. Compare XERO_CLIENT_ID and XERO_CLIENT_SECRET with the custom ' +
        'connection on developer.xero.com; a secret that was made anew replaces the old one.',
    )
  }
  const why = options.secrets.hideInText(refusal?.words ?? 'no reason given').slice(0, 200)
  return new AuxoError('not-authorised', `${new URL(options.identityUrl).host} gave no access token: ${why}.`)
}

function scopeError(scopes: readonly string[]): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The custom connection does not allow what is needed: ${scopes.join(', ')}. ` +
      'Add what is missing of these to the connection on developer.xero.com, have it authorised again, and run again.',
    { details: scopes },
  )
}
