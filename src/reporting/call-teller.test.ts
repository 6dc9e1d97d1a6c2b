import { expect, test } from 'vitest'
import { callTeller, type ToldCall } from './call-teller.ts'

const call: ToldCall = {
  method: 'PUT',
  path: '/api.xro/2.0/Invoices?unitdp=4',
  status: 200,
  durationMs: 830,
  bytesOut: 114_000,
  bytesIn: 583_000,
  problem: null,
}

function told(flags: { verbose: boolean; logFormat: 'text' | 'json' }, one: ToldCall): string {
  let text = ''
  const host = { stderr: { write: (more: string) => (text += more) }, clock: { now: () => 0 } }
  callTeller(host, flags)(one)
  return text
}

test.each<[string, { verbose: boolean; logFormat: 'text' | 'json' }, ToldCall, RegExp]>([
  ['nothing without --verbose', { verbose: false, logFormat: 'text' }, call, /^$/],
  [
    'a line',
    { verbose: true, logFormat: 'text' },
    call,
    /^PUT \/api\.xro\/2\.0\/Invoices\?unitdp=4: 200, .* out, .* in\n$/,
  ],
  [
    'a call without an answer',
    { verbose: true, logFormat: 'text' },
    { ...call, status: null, problem: 'time-out\u001b[31m' },
    /: no answer, .*\(time-out\)\n$/,
  ],
  [
    'a JSON event',
    { verbose: true, logFormat: 'json' },
    call,
    /^\{"at":"1970-01-01T00:00:00.000Z","level":"info","event":"call","method":"PUT".*\}\n$/,
  ],
])('%s', (_, flags, one, expected) => {
  expect(told(flags, one)).toMatch(expected)
})
