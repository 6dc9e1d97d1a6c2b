// Calls of Xero's identity service: a form goes out, and what may pass by itself is tried again (§1). What is asked for, and what an answer
// means, is for auth, login-auth and consent-exchange to say.

import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { type AttemptOptions, recordedAttempt } from './attempts.ts'
import { repeatTable } from './limits.ts'
import { type Reply, replyProblem } from './reply.ts'
import { waitToRepeat } from './waits.ts'

export interface TokenEndpoint extends AttemptOptions {
  /** `https://identity.xero.com` */
  identityUrl: string
  clock: Clock
  timeoutMs: number
  userAgent: string
}

export interface FormCall {
  path: '/connect/token' | '/connect/revocation'
  form: Record<string, string>
  /** With Basic; without it the client is named in the form (§1.1). */
  authorization?: string
  /** Where Xero may have dealt with it, it is not asked again: a code serves once. */
  isOnce?: boolean
}

const denied = z.object({ error: z.string(), error_description: z.string().nullish() })

/** The last answer. Rejects with `interrupted` only. */
export async function postForm(endpoint: TokenEndpoint, call: FormCall): Promise<Reply> {
  const request = {
    url: endpoint.identityUrl + call.path,
    method: 'POST',
    headers: {
      ...(call.authorization !== undefined && { authorization: call.authorization }),
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': endpoint.userAgent,
    },
    body: Buffer.from(new URLSearchParams(call.form).toString()),
    timeoutMs: endpoint.timeoutMs,
  }
  const subject = call.path === '/connect/token' ? 'token' : 'revocation'
  for (let attempt = 1; ; attempt += 1) {
    const { reply } = await recordedAttempt(endpoint, request, { subject, attempt })
    const mayPass =
      reply.outcome === 'never-sent' ||
      reply.outcome === 'throttled' ||
      (reply.outcome === 'unknown' && !call.isOnce)
    const waitMs = repeatTable.unknown.waitsMs[attempt - 1]
    if (!mayPass || waitMs === undefined) return reply
    await waitToRepeat(endpoint.clock, waitMs, endpoint)
  }
}

/** The refusal's code (`invalid_grant`) and its words; null where the answer is no refusal of this service. */
export function refusalOf(reply: Reply): { code: string; words: string } | null {
  const parsed = denied.safeParse(reply.outcome === 'refused' ? reply.json : null).data
  return parsed ? { code: parsed.error, words: parsed.error_description ?? parsed.error } : null
}

/** Where nothing is known of what was asked: no connection, a proxy's page, too many requests. Null where Xero answered. */
export function awayError(reply: Reply, { identityUrl, secrets }: TokenEndpoint): AuxoError | null {
  const { host } = new URL(identityUrl)
  if (reply.outcome === 'throttled') {
    return new AuxoError(
      'xero-away',
      `${host} takes no more requests at the moment. Try again in a few minutes.`,
    )
  }
  const isPage = 'isPage' in reply && reply.isPage
  if (reply.outcome !== 'never-sent' && reply.outcome !== 'unknown' && !isPage) return null
  return new AuxoError(
    'xero-away',
    `No access token could be had: ${secrets.hideInText(replyProblem(reply) ?? '')}. ` +
      `Check the internet connection, a proxy or firewall before ${host}, and XERO_IDENTITY_URL. Nothing was sent.`,
  )
}

/** A 200 without what was asked for. */
export function emptyAnswer({ identityUrl }: TokenEndpoint): AuxoError {
  return new AuxoError(
    'xero-away',
    `${new URL(identityUrl).host} answered without an access token. Try again later.`,
  )
}

/** It goes into a header. */
export const tokenText = z.string().regex(/^[\x21-\x7e]+$/)

export function scopesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== '')
}
