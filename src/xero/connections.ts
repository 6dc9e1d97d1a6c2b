// Which organisations a pair of client id and secret opens: asked before there is a tenant to open a gateway for.

import type { z } from 'zod'
import { AuxoError } from '../errors.ts'
import { recordedAttempt } from './attempts.ts'
import { repeatTable } from './limits.ts'
import { connectionRows } from './mirror-rows.ts'
import { type ConnectionOptions, openLine } from './open-gateway.ts'
import { type Reply, replyProblem } from './reply.ts'
import { waitToRepeat } from './waits.ts'

export interface Connection {
  /** Of the connection; not what requests are addressed by. */
  id: string
  tenantId: string
  tenantName: string
}

/** Every organisation that is open to these credentials. Rejects with `not-authorised` or `xero-away`. */
export async function listConnections(options: ConnectionOptions): Promise<Connection[]> {
  const line = openLine(options)
  try {
    let mayRenew = true
    for (let attempt = 1; ; attempt += 1) {
      const call = {
        url: `${line.apiUrl}/connections`,
        method: 'GET',
        headers: {
          authorization: `Bearer ${await line.auth.token()}`,
          accept: 'application/json',
          'user-agent': line.userAgent,
        },
        body: null,
        timeoutMs: options.settings.request_timeout,
      }
      const { reply } = await recordedAttempt(line, call, { subject: 'connections', attempt })
      const rows = reply.outcome === 'json' ? connectionRows.safeParse(reply.json).data : undefined
      if (rows) return organisationsOf(rows)
      if (reply.outcome === 'unauthorised' && mayRenew) {
        mayRenew = false
        line.auth.discard()
        continue
      }
      const waitMs = repeatTable.unknown.waitsMs[attempt - 1]
      if (isFinal(reply) || waitMs === undefined) throw connectionsError(reply, options.apiUrl)
      await waitToRepeat(options.clock, waitMs, options)
    }
  } finally {
    await line.transport.close()
  }
}

/** A practice of accountants stands in the same list, and has no books of its own (§1.3). */
function organisationsOf(rows: z.infer<typeof connectionRows>): Connection[] {
  return rows
    .filter(({ tenantType }) => tenantType === 'ORGANISATION')
    .map(({ id, tenantId, tenantName }) => ({ id, tenantId, tenantName }))
}

function isFinal(reply: Reply): boolean {
  return reply.outcome === 'unauthorised' || reply.outcome === 'forbidden' || reply.outcome === 'refused'
}

function connectionsError(reply: Reply, apiUrl: string): AuxoError {
  const problem = (replyProblem(reply) ?? 'the list could not be read').replace(/\.+$/, '')
  return isFinal(reply)
    ? new AuxoError(
        'not-authorised',
        `Xero does not show which organisations are connected: ${problem}. Connect again.`,
      )
    : new AuxoError(
        'xero-away',
        `The connected organisations could not be read: ${problem}. Check the internet connection and whether ${new URL(apiUrl).host} is up.`,
      )
}
