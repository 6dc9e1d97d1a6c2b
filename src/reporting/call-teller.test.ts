import { expect, test } from 'vitest'
import { callTeller, type ToldCall } from './call-teller.ts'
import { eventStream } from './events.ts'

const call: ToldCall = {
  method: 'PUT',
  path: '/api.xro/2.0/Invoices?unitdp=4',
  status: 200,
  durationMs: 830,
  bytesOut: 114_000,
  bytesIn: 583_000,
  problem: null,
}

function told({ isVerbose = true, isEvents = false }, one: ToldCall): string {
  let text = ''
  const plain = { write: (more: string) => (text += more) }
  const stderr = isEvents ? eventStream(plain, { clock: { now: () => 0 }, quiet: false }) : plain
  callTeller({ stderr }, { verbose: isVerbose })(one)
  return text
}

test.each<[string, { isVerbose?: boolean; isEvents?: boolean }, ToldCall, RegExp]>([
  ['nothing without --verbose', { isVerbose: false }, call, /^$/],
  ['a line', {}, call, /^PUT \/api\.xro\/2\.0\/Invoices\?unitdp=4: 200, .* out, .* in\n$/],
  [
    'a call without an answer',
    {},
    { ...call, status: null, problem: 'time-out\u001b[31m' },
    /: no answer, .*\(time-out\)\n$/,
  ],
  [
    'a JSON event',
    { isEvents: true },
    call,
    /^\{"at":"1970-01-01T00:00:00.000Z","level":"info","event":"call",.*"method":"PUT".*\}\n$/,
  ],
])('%s', (_, flags, one, expected) => {
  expect(told(flags, one)).toMatch(expected)
})
