// The health check: a word when a run begins and one when it ends, with its exit code, so that a run that never came is
// noticed by somebody else. In the manner of healthchecks.io: /start, nothing, or /{exit code} behind the address.

import type { HttpTarget } from './channels.ts'
import { deliver, type Line } from './deliver.ts'

/** Services keep this much, and some refuse more. */
const bodyMaxBytes = 10_000

/** One attempt: the run is waiting. Null where it arrived, else why not. */
export function pingStart(line: Line, target: HttpTarget): Promise<string | null> {
  return deliver(line, behind(target, '/start'), { contentType: 'text/plain', body: '' }, { isOnce: true })
}

/** `log` is what the run said; its end is sent. */
export function pingEnd(
  line: Line,
  target: HttpTarget,
  { exitCode, log }: { exitCode: number; log: string },
): Promise<string | null> {
  const body = endOf(log)
  const contentType = 'text/plain; charset=utf-8'
  return deliver(line, exitCode === 0 ? target : behind(target, `/${exitCode}`), { contentType, body })
}

function behind(target: HttpTarget, ending: string): HttpTarget {
  const url = new URL(target.url)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${ending}`
  return { ...target, url }
}

/** Whole lines, as far as there are any. */
function endOf(log: string): string {
  const bytes = Buffer.from(log)
  if (bytes.byteLength <= bodyMaxBytes) return log
  const end = bytes.subarray(-bodyMaxBytes).toString('utf8')
  return `…\n${end.slice(end.indexOf('\n') + 1)}`
}
