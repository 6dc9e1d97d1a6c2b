// What the process and the machine are to the program, in a test: captured streams, a clock that stands still, ids that
// count. A test overrides what it is about.

import type { CommandContext, GlobalFlags, Host, OutStream } from '../../src/commands/context.ts'
import { commandContext } from '../../src/commands/context.ts'
import { fixedClock } from './clock.ts'

export interface TestHost extends Host {
  /** What went to stdout so far. */
  out(): string
  err(): string
}

export interface CapturedStream extends OutStream {
  text(): string
}

export function capturedStream(
  stream: { isTTY?: boolean | undefined; columns?: number | undefined } = {},
): CapturedStream {
  let text = ''
  return {
    ...stream,
    write: (more) => {
      text += more
      return true
    },
    text: () => text,
  }
}

/** Piped streams, nobody else alive, Sunday 22 November 2026 at 03:00 UTC. Streams are always captured. */
export function testHost(overrides: Partial<Omit<Host, 'stdout' | 'stderr'>> & StreamShapes = {}): TestHost {
  const { stdout: outShape, stderr: errShape, ...rest } = overrides
  const [stdout, stderr] = [capturedStream(outShape), capturedStream(errShape)]
  let ids = 0
  return {
    env: {},
    clock: fixedClock('2026-11-22T03:00:00Z'),
    uuid: () => {
      ids += 1
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
    },
    cwd: '/nowhere',
    pid: 4242,
    hostname: 'office',
    user: 'mere',
    version: '0.0.0',
    isAlive: () => false,
    onInterrupt: () => () => undefined,
    ...rest,
    stdout,
    stderr,
    out: () => stdout.text(),
    err: () => stderr.text(),
  }
}

interface StreamShapes {
  stdout?: { isTTY?: boolean; columns?: number }
  stderr?: { isTTY?: boolean; columns?: number }
}

/** The context of a command on a host, with its flags as they are when nothing was typed. */
export function testContext(host: Host, flags: Partial<GlobalFlags> = {}): CommandContext {
  return commandContext(host, {
    ledger: undefined,
    entity: undefined,
    json: false,
    quiet: false,
    verbose: false,
    ...flags,
  })
}
