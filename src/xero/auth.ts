// Access tokens by client credentials (a custom connection) and the list of organisations they open (§1). Hosts are
// handed in, because xero-node fixes them. Keeping tokens is tokens', using them is calls'.

import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { type AttemptOptions, recordedAttempt } from './attempts.ts'
import { repeatTable } from './limits.ts'
import { type Reply, replyProblem } from './reply.ts'
import { dispensableScopes } from './scopes.ts'
import { openTokenStore } from './tokens.ts'
import { waitToRepeat } from './waits.ts'

export interface AuthOptions extends AttemptOptions {
  clientId: string
  clientSecret: string
  /** Granular scopes (§1.4). */
  scopes: readonly string[]
  /** `https://identity.xero.com` */
  identityUrl: string
  clock: Clock
  /** Null: the token lives in this process alone. */
  cacheFile: string | null
  timeoutMs: number
  userAgent: string
}

export interface Auth {
  /** A token that is good for another minute at least. Rejects with `not-authorised` or `xero-away`. */
  token(): Promise<string>
  /** Forgets the token, also the kept one: Xero did not accept it. */
  discard(): void
}

/** Renewed this long before it ends, so that no call leaves with a token that dies on the way. */
const renewalMs = 60_000

const granted = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/), // it goes into a header
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
})
const denied = z.object({ error: z.string(), error_description: z.string().nullish() })

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
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') })
  const call = {
    url: `${options.identityUrl}/connect/token`,
    method: 'POST',
    headers: {
      authorization: `Basic ${basicOf(options)}`,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': options.userAgent,
    },
    body: Buffer.from(body.toString()),
    timeoutMs: options.timeoutMs,
  }
  for (let attempt = 1; ; attempt += 1) {
    const { reply } = await recordedAttempt(options, call, { subject: 'token', attempt })
    if (reply.outcome === 'json') return readToken(reply.json, options)
    // A second token harms nobody, so whatever may pass by itself is tried again.
    const mayPass =
      reply.outcome === 'never-sent' || reply.outcome === 'unknown' || reply.outcome === 'throttled'
    const waitMs = repeatTable.unknown.waitsMs[attempt - 1]
    if (isScopeRefused(reply)) return 'scope-refused'
    if (!mayPass || waitMs === undefined) throw mintError(reply, options)
    await waitToRepeat(options.clock, waitMs, options)
  }
}

/** A token that Xero gave without some of the scopes would fail in the middle of a run: better now. */
function readToken(json: object, options: AuthOptions): z.infer<typeof granted> {
  const parsed = granted.safeParse(json)
  if (!parsed.success) {
    throw new AuxoError('xero-away', `${hostOf(options)} answered without an access token. Try again later.`)
  }
  const scopes = parsed.data.scope?.split(/[\s,]+/) ?? options.scopes
  const missing = options.scopes.filter(
    (scope) => !scopes.includes(scope) && !dispensableScopes.includes(scope),
  )
  if (missing.length > 0) throw scopeError(missing)
  return parsed.data
}

function mintError(reply: Exclude<Reply, { outcome: 'json' }>, options: AuthOptions): AuxoError {
  const host = hostOf(options)
  const isPage = 'isPage' in reply && reply.isPage
  if (reply.outcome === 'never-sent' || reply.outcome === 'unknown' || isPage) {
    return new AuxoError(
      'xero-away',
      `No access token could be had: ${options.secrets.hideInText(replyProblem(reply) ?? '')}. ` +
        `Check the internet connection, a proxy or firewall before ${host}, and XERO_IDENTITY_URL. Nothing was sent.`,
    )
  }
  if (reply.outcome === 'throttled') {
    return new AuxoError(
      'xero-away',
      `${host} takes no more requests at the moment. Try again in a few minutes.`,
    )
  }
  const parsed = denied.safeParse(reply.outcome === 'refused' ? reply.json : null)
  const error = parsed.success ? parsed.data.error : null
  if (error === 'invalid_client' || error === 'invalid_request' || reply.outcome === 'unauthorised') {
    return new AuxoError(
      'not-authorised',
      'Xero does not accept the client id and secret. Compare XERO_CLIENT_ID and XERO_CLIENT_SECRET with the custom ' +
        'connection on developer.xero.com; a secret that was made anew replaces the old one.',
    )
  }
  const why = parsed.success ? (parsed.data.error_description ?? parsed.data.error) : 'no reason given'
  return new AuxoError(
    'not-authorised',
    `${host} gave no access token: ${options.secrets.hideInText(why).slice(0, 200)}.`,
  )
}

function isScopeRefused(reply: Reply): boolean {
  const parsed = denied.safeParse(reply.outcome === 'refused' ? reply.json : null)
  return parsed.success && ['invalid_scope', 'unauthorized_client'].includes(parsed.data.error)
}

function scopeError(scopes: readonly string[]): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The custom connection does not allow what is needed: ${scopes.join(', ')}. ` +
      'Add what is missing of these to the connection on developer.xero.com, have it authorised again, and run again.',
    { details: scopes },
  )
}

function hostOf({ identityUrl }: Pick<AuthOptions, 'identityUrl'>): string {
  return new URL(identityUrl).host
}
