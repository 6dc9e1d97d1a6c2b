// The calls that end something at Xero (Z4): a connection to one organisation, and a whole log-in (§1.3). What was ended already is as good
// as ended.

import { AuxoError } from '../errors.ts'
import { recordedAttempt } from './attempts.ts'
import { repeatTable } from './limits.ts'
import type { Line } from './open-gateway.ts'
import { type Reply, replyProblem } from './reply.ts'
import type { Secrets } from './secrets.ts'
import { refusalOf, type TokenEndpoint } from './token-endpoint.ts'
import type { Delivery, HttpCall } from './transport.ts'
import { waitToRepeat } from './waits.ts'

type Ending = 'ended' | Exclude<Reply, { outcome: 'json' }>

/**
 * DELETE /connections/{id}, by the connection's own id. False where Xero knows no such connection, or does not accept the log-in any more.
 * Rejects with `xero-away`.
 */
export async function endConnection(line: Line, connectionId: string): Promise<boolean> {
  const call = {
    url: `${line.apiUrl}/connections/${encodeURIComponent(connectionId)}`,
    method: 'DELETE',
    headers: {
      authorization: `Bearer ${await line.auth.token()}`,
      accept: 'application/json',
      'user-agent': line.userAgent,
    },
    body: null,
    timeoutMs: line.timeoutMs,
  }
  return isEnded(await end(line, call, 'disconnect'), {
    hadEnded: (reply) =>
      reply.outcome === 'unauthorised' ||
      reply.outcome === 'forbidden' ||
      (reply.outcome === 'refused' && reply.status === 404),
    host: new URL(line.apiUrl).host,
    secrets: line.secrets,
  })
}

/**
 * Ends the whole log-in, for every organisation. False where Xero says that it had ended already. Rejects with
 * `xero-away`.
 */
export async function revokeLogin(
  endpoint: TokenEndpoint,
  clientId: string,
  refreshToken: string,
): Promise<boolean> {
  endpoint.secrets.add(refreshToken)
  const call = {
    url: `${endpoint.identityUrl}/connect/revocation`,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': endpoint.userAgent,
    },
    body: Buffer.from(new URLSearchParams({ client_id: clientId, token: refreshToken }).toString()),
    timeoutMs: endpoint.timeoutMs,
  }
  return isEnded(await end(endpoint, call, 'revocation'), {
    hadEnded: (reply) => endedCodes.includes(refusalOf(reply)?.code ?? ''),
    host: new URL(endpoint.identityUrl).host,
    secrets: endpoint.secrets,
  })
}

/** To end something twice harms nobody, so whatever may pass by itself is tried again. */
async function end(options: TokenEndpoint, call: HttpCall, subject: string): Promise<Ending> {
  for (let attempt = 1; ; attempt += 1) {
    const { delivery, reply } = await recordedAttempt(
      options,
      call,
      { subject, attempt },
      { isGood: isEmpty },
    )
    if (isEmpty(delivery) || reply.outcome === 'json') return 'ended'
    const mayPass =
      reply.outcome === 'never-sent' || reply.outcome === 'throttled' || reply.outcome === 'unknown'
    const waitMs = repeatTable.unknown.waitsMs[attempt - 1]
    if (!mayPass || waitMs === undefined) return reply
    await waitToRepeat(options.clock, waitMs, options)
  }
}

/** 204, or 200 without a body. */
function isEmpty(delivery: Delivery): boolean {
  if (delivery.outcome !== 'answered') return false
  const { status, body } = delivery.answer
  return status === 204 || (status === 200 && body.byteLength === 0)
}

/** In these words Xero says that there is no such log-in or app any more. Another refusal may be a gateway's, which ended nothing. */
const endedCodes: readonly string[] = [
  'invalid_grant',
  'invalid_token',
  'invalid_client',
  'unauthorized_client',
]

function isEnded(
  ending: Ending,
  { hadEnded, host, secrets }: { hadEnded: (reply: Reply) => boolean; host: string; secrets: Secrets },
): boolean {
  if (ending === 'ended') return true
  const isPage = 'isPage' in ending && ending.isPage
  if (!isPage && hadEnded(ending)) return false
  throw new AuxoError(
    'xero-away',
    `Xero could not be told: ${secrets.hideInText(replyProblem(ending) ?? 'no answer')}. Nothing was removed here. Check the internet connection and whether ${host} is up, then run auxo-sync disconnect again.`,
  )
}
