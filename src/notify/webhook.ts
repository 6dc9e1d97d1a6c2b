// The webhook: the run's result as JSON, signed where both sides know a secret (docs/night-shift.md says how to check it).

import { createHmac } from 'node:crypto'
import type { WebhookTarget } from './channels.ts'
import { deliver, type Line } from './deliver.ts'
import type { RunResult } from './run-result.ts'

/** Null where it arrived, else why not. `delivery` is the same in all attempts, so that a receiver can tell a repeat. */
export function callWebhook(
  line: Line,
  target: WebhookTarget,
  result: RunResult,
  delivery: string,
): Promise<string | null> {
  const body = webhookBody(result, line.version)
  return deliver(line, target, {
    contentType: 'application/json',
    body,
    headers: () => ({
      'auxo-delivery': delivery,
      ...(target.secret !== null && signature(target.secret, body, line.clock.now())),
    }),
  })
}

/** `runs` is that of `export --json`, `findings` that of `validate --json` (cli.md). */
function webhookBody({ scope: _, timeZone: __, ...result }: RunResult, version: string): string {
  const { verb, exitCode, startedAt, endedAt, reports, errors, warnings, findings } = result
  return JSON.stringify({
    verb,
    exitCode,
    startedAt,
    endedAt,
    version,
    runs: reports,
    errors,
    warnings,
    findings,
  })
}

/** The headers that prove it. The time is signed too: a receiver that refuses what is old cannot be told an old result again. */
export function signature(secret: string, body: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'auxo-timestamp': timestamp, 'auxo-signature': `sha256=${digest}` }
}
