// Takes one message to a web address, patiently but not for long: a run must not wait for those who only want to hear of
// it. Sockets and proxies are those of xero/transport.ts; what is said is ping.ts and webhook.ts.

import type { Clock } from '../clock.ts'
import type { Transport } from '../xero/transport.ts'
import type { HttpTarget } from './channels.ts'

export interface Line {
  transport: Transport
  clock: Clock
  /** Of this program. */
  version: string
}

export interface Letter {
  contentType: string
  body: string
  /** Made anew for each attempt, since a signature holds its time. */
  headers?: () => Record<string, string>
}

const timeoutMs = 10_000
/** Waits before the second and the third attempt. */
const waitsMs = [2_000, 10_000]

/** Null where it arrived, else why not, in words that hold nothing of the address but the host. */
export async function deliver(
  line: Line,
  target: HttpTarget,
  letter: Letter,
  { isOnce = false } = {},
): Promise<string | null> {
  for (let attempt = 0; ; attempt += 1) {
    const { problem, isWorthAnother } = await attemptOnce(line, target, letter)
    const waitMs = waitsMs[attempt]
    if (problem === null || !isWorthAnother || isOnce || waitMs === undefined) return problem
    await line.clock.sleep(waitMs)
  }
}

async function attemptOnce(
  { transport, version }: Line,
  { url, authorization }: HttpTarget,
  { contentType, body, headers }: Letter,
): Promise<{ problem: string | null; isWorthAnother: boolean }> {
  const delivery = await transport.send({
    url: url.href,
    method: 'POST',
    headers: {
      'content-type': contentType,
      'user-agent': `auxo-sync/${version}`,
      ...(authorization && { authorization }),
      ...headers?.(),
    },
    body: Buffer.from(body),
    timeoutMs,
  })
  if (delivery.outcome !== 'answered') return { problem: delivery.reason, isWorthAnother: true }
  const { status } = delivery.answer
  if (status >= 200 && status < 300) return { problem: null, isWorthAnother: false }
  const isWorthAnother = status >= 500 || status === 429 || status === 408
  return { problem: `${url.host} answered with status ${status}`, isWorthAnother }
}
