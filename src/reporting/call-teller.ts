// What --verbose adds: every call to Xero as it comes back, a line or a JSON event on stderr. What a call meant for the
// documents in it is told by progress.ts.

import { bytesText } from './figures.ts'
import { printable } from './printable.ts'
import type { TextStream } from './terminal.ts'

export interface ToldCall {
  method: string
  /** Without host. */
  path: string
  /** Null where there was no answer. */
  status: number | null
  durationMs: number
  bytesOut: number
  bytesIn: number
  problem: string | null
}

export interface CallHost {
  readonly stderr: TextStream
}

/** Tells calls as they come back; nothing without --verbose. */
export function callTeller(host: CallHost, flags: { verbose: boolean }): (call: ToldCall) => void {
  if (!flags.verbose) return () => undefined
  return (call) => {
    const { method, path, status, durationMs, bytesOut, bytesIn, problem } = call
    const { event } = host.stderr
    if (event) {
      const fields = { method, path, status, durationMs, bytesOut, bytesIn, problem }
      event({ event: 'call', level: 'info', ...fields })
    } else host.stderr.write(`${printable(callLine(call))}\n`)
  }
}

function callLine(call: ToldCall): string {
  const answer = call.status === null ? 'no answer' : `${call.status}`
  const figures = `${Math.round(call.durationMs)} ms, ${bytesText(call.bytesOut)} out, ${bytesText(call.bytesIn)} in`
  return `${call.method} ${call.path}: ${answer}, ${figures}${call.problem === null ? '' : ` (${call.problem})`}`
}
