// Which organisations a log-in opens: asked before there is a tenant to open a gateway for.

import type { z } from 'zod'
import { AuxoError } from '../errors.ts'
import { recordedAttempt } from './attempts.ts'
import { repeatTable } from './limits.ts'
import { connectionRows } from './mirror-rows.ts'
import { type ConnectionOptions, type Line, openLine } from './open-gateway.ts'
import { type Reply, replyProblem } from './reply.ts'
import { waitToRepeat } from './waits.ts'

export interface Connection {
  /** Of the connection; not what requests are addressed by. */
  id: string
  tenantId: string
  tenantName: string
}

/** Every organisation that is open to this log-in. Rejects with `not-authorised` or `xero-away`. */
export async function listConnections(options: ConnectionOptions): Promise<Connection[]> {
  const line = openLine(options)
  try {
    return await readConnections(line)
  } finally {
    await line.transport.close()
  }
}

/** The same on a line that is open already. */
export async function readConnections(line: Line): Promise<Connection[]> {
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
      timeoutMs: line.timeoutMs,
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
    if (isFinal(reply) || waitMs === undefined) throw connectionsError(reply, line)
    await waitToRepeat(line.clock, waitMs, line)
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

/** The words may be a proxy's that shows our own headers. */
function connectionsError(reply: Reply, { apiUrl, secrets }: Line): AuxoError {
  const words = secrets.hideInText(replyProblem(reply) ?? 'the list could not be read')
  const problem = words.replace(/\.+$/, '')
  return isFinal(reply)
    ? new AuxoError(
        'not-authorised',
        `Xero does not show which organisations are connected: ${problem}. Connect again.`,
      )
    : new AuxoError(
        'xero-away',
        `Xero could not be asked, and nothing was sent: ${problem}. Check the internet connection and whether ${new URL(apiUrl).host} is up, then run it again.`,
      )
}
