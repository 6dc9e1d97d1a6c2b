// Access tokens of a log-in with a browser (Z2): taken from the store while they are good, else renewed with the refresh token, which each
// renewal replaces (§1.2). Two processes never renew at once, and no new token is used before it is on the disk. Where log-ins are kept is
// login-store's business.

import * as z from 'zod'
import { AuxoError } from '../errors.ts'
import { type Auth, renewalMs } from './auth.ts'
import { type HeldLogins, LockLost, type Login, type LoginStore, type LoginTokens } from './login-store.ts'
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

/** So long Xero takes a refresh token that it has replaced (§1.2). */
export const graceMs = 30 * 60_000
/** A refresh token that is not used for so long ends (§1.2). */
const lifeDays = 60
const dayMs = 86_400_000

export interface LoginAuthOptions extends TokenEndpoint {
  clientId: string
  /** What the run needs (§1.4). */
  scopes: readonly string[]
  store: LoginStore
  /** Which of the log-ins that are kept is meant. */
  choose: (logins: readonly Login[]) => Login | undefined
  /** What a person types to log in again. */
  again: string
}

/** Days that are left to renew it, the one under way among them; 0 where it has ended. */
export function daysLeft(login: Pick<Login, 'renewedAt' | 'endedAt'>, nowMs: number): number {
  if (login.endedAt !== null) return 0
  const passed = Math.max(0, nowMs - login.renewedAt) // none where the clock was set back
  return Math.max(0, Math.ceil(lifeDays - passed / dayMs))
}

/** Rejects with `not-connected` where no such log-in is kept, `not-authorised` where it has ended or lacks a scope, or `xero-away`. */
export function createLoginAuth(options: LoginAuthOptions): Auth {
  const { clock, secrets, store } = options
  /** `endsAt` is monotonic: a step of the wall clock ends no token and prolongs none. */
  let current: { accessToken: string; endsAt: number } | null = null
  let rejected: string | null = null
  let asked: Promise<string> | null = null

  /** Null where it is not good for another minute, or Xero did not accept it. */
  function keep(kept: LoginTokens): string | null {
    for (const secret of [kept.accessToken, kept.refreshToken, kept.previous?.refreshToken ?? ''])
      secrets.add(secret)
    const leftMs = Math.min(kept.expiresAt - clock.now(), kept.lifetimeMs)
    if (leftMs <= renewalMs || kept.accessToken === rejected) return null
    current = { accessToken: kept.accessToken, endsAt: clock.monotonicMs() + leftMs }
    return kept.accessToken
  }

  async function obtain(): Promise<string> {
    const known = await meantOf(options)
    const kept = keep(await store.tokensOf(known.user))
    if (kept !== null) return kept
    return store.locked(async (held) => {
      // Another process may have renewed it while this one waited.
      let stored = await store.tokensOf((await meantOf(options)).user)
      // Asked again after a lost answer, Xero may give what it gave then, with a token that is about to end: that is renewed in turn.
      for (let turn = 1; turn <= 2; turn += 1) {
        const good = keep(stored)
        if (good !== null) return good
        stored = await renew(held, await meantOf(options), stored, options)
      }
      const last = keep(stored)
      if (last === null) throw emptyAnswer(options)
      return last
    })
  }

  return {
    async token() {
      if (current && current.endsAt - clock.monotonicMs() > renewalMs) return current.accessToken
      asked ??= obtain()
        // Frozen in the midst of a renewal: what the other process stored is the newer.
        .catch((error) => (error instanceof LockLost ? obtain() : Promise.reject(error)))
        .finally(() => {
          asked = null
        })
      return asked
    },
    discard() {
      rejected = current?.accessToken ?? rejected
      current = null
    },
  }
}

/** The log-in with every scope that cannot be done without. */
async function meantOf({ store, choose, scopes, again }: LoginAuthOptions): Promise<Login> {
  const login = choose(await store.list())
  if (!login) {
    throw new AuxoError(
      'not-connected',
      `On this computer no log-in to Xero is kept for it (${store.file}). Log in: ${again}`,
    )
  }
  const missing = missingScopes(scopes, login.scopes)
  if (missing.length === 0) return login
  throw new AuxoError(
    'not-authorised',
    `The log-in does not allow ${missing.join(', ')}, which the settings need by now. Nothing was sent. Log in again, and Xero asks for it: ${again}`,
    { details: missing },
  )
}

/** What is needed and not allowed; scopes that few can have are done without. Writing includes reading (§1.4). */
export function missingScopes(needed: readonly string[], allowed: readonly string[]): string[] {
  return needed.filter(
    (scope) =>
      !dispensableScopes.includes(scope) &&
      !allowed.includes(scope) &&
      !allowed.includes(scope.replace(/\.read$/, '')),
  )
}

const renewed = z.object({
  access_token: tokenText,
  expires_in: z.number().positive(),
  refresh_token: tokenText.nullish(),
  scope: z.string().nullish(),
})

/**
 * Asks for new tokens with the newest refresh token, and where Xero does not know it with the one before, as long as that may serve. A
 * lost answer burns nothing: the same token is asked with again, by this process or the next.
 */
async function renew(
  held: HeldLogins,
  before: Login,
  stored: LoginTokens,
  options: LoginAuthOptions,
): Promise<LoginTokens> {
  const { clock, clientId, secrets } = options
  const login = { ...before, askedAt: before.askedAt ?? clock.now() }
  // Written before Xero is asked: a folder that takes no file must not be found out when the answer is there.
  await held.record(login, stored)
  const { previous } = stored
  const older = previous !== null && clock.now() < previous.until ? [previous.refreshToken] : []
  for (const refreshToken of [stored.refreshToken, ...older]) {
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken }
    const reply = await postForm(options, { path: '/connect/token', form })
    if (refusalOf(reply)?.code === 'invalid_grant') continue
    if (reply.outcome !== 'json') throw renewalError(reply, options)
    const answer = renewed.safeParse(reply.json).data
    if (!answer) throw emptyAnswer(options)
    secrets.add(answer.access_token)
    const fresh: LoginTokens = {
      accessToken: answer.access_token,
      expiresAt: clock.now() + answer.expires_in * 1000,
      lifetimeMs: answer.expires_in * 1000,
      refreshToken: answer.refresh_token ?? refreshToken,
      previous: { refreshToken, until: login.askedAt + graceMs },
    }
    secrets.add(fresh.refreshToken)
    const scopes = typeof answer.scope === 'string' ? scopesIn(answer.scope) : login.scopes
    await held.record({ ...login, scopes, renewedAt: clock.now(), askedAt: null, endedAt: null }, fresh)
    return fresh
  }
  await held.record({ ...before, endedAt: before.endedAt ?? clock.now() }, stored)
  throw endedError(before, options)
}

function renewalError(reply: Parameters<typeof awayError>[0], options: LoginAuthOptions): AuxoError {
  const refusal = refusalOf(reply)
  const why = options.secrets.hideInText(refusal?.words ?? 'no reason given').slice(0, 200)
  return (
    awayError(reply, options) ??
    new AuxoError(
      'not-authorised',
      `Xero did not renew the log-in: ${why}. Nothing was sent. Is the app still there at developer.xero.com? Log in again: ${options.again}`,
    )
  )
}

/** Says what is the likely reason, so that it does not happen again. */
function endedError(login: Login, options: LoginAuthOptions): AuxoError {
  const now = options.clock.now()
  const reason =
    login.askedAt !== null && now - login.askedAt > graceMs
      ? 'An earlier renewal was interrupted before its answer could be kept, and the 30 minutes are over in which Xero takes it again.'
      : now - login.renewedAt > lifeDays * dayMs
        ? `It was not used for ${lifeDays} days.`
        : 'It was taken back in Xero, or another computer works with a copy of it.'
  return new AuxoError(
    'not-authorised',
    `The log-in to Xero has ended. ${reason} Nothing was sent. Log in again: ${options.again}`,
  )
}
