// The process and nothing else: what the program may know of it is handed over as one object, and its exit code comes
// back. The only file that uses `process`.

import { randomUUID } from 'node:crypto'
import { readFileSync, watch } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from './clock.ts'
import type { Host } from './commands/context.ts'
import { exitCodes } from './errors.ts'
import { platformKeychain } from './keychain.ts'
import { runProgram } from './program.ts'
import { tellError } from './reporting/error-text.ts'
import { eventStream, wantsEvents } from './reporting/events.ts'

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version // our own file
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a user that has no name.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The terminal keeps its own way of editing a line, so that Ctrl-C still stops the program. */
function ask(question: string, signal?: AbortSignal): Promise<string | null> {
  process.stderr.write(question)
  const lines = createInterface({ input: process.stdin, terminal: false })
  return new Promise((resolve) => {
    const end = (line: string | null) => {
      signal?.removeEventListener('abort', onAbort)
      resolve(line)
      lines.close()
    }
    const onAbort = () => {
      process.stderr.write('\n')
      end(null)
    }
    lines.once('line', end)
    lines.once('close', () => end(null))
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Where even the last word is an event, if the log is made of them. */
const log = wantsEvents(process.argv.slice(2))
  ? eventStream(process.stderr, { clock: systemClock, quiet: false })
  : process.stderr

/** One Ctrl-C may come twice: from the terminal, and handed on by npx. */
const sameSignalMs = 200

/** The first signal asks; another one ends the process where it stands, as a crash would: what is open is recorded. */
function onInterrupt(callback: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let askedAt: number | null = null
  const hear = () => {
    const now = systemClock.monotonicMs()
    if (askedAt === null) {
      askedAt = now
      callback()
    } else if (now - askedAt > sameSignalMs) {
      const words = 'Stopped at once, since it was asked again.'
      const message = `${words} If a call to Xero was under way, the next run finds out what became of it.`
      tellError(log, { code: 'interrupted', message, details: [] })
      process.exit(exitCodes.interrupted)
    }
  }
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.removeListener(signal, hear)
  }
}

/** Only a hint that comes early: who needs to know looks for itself. */
function onFileChange(file: string, callback: () => void): () => void {
  try {
    const watcher = watch(dirname(file), callback)
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => undefined // too many watches, or a folder that has none
  }
}

const host: Host = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  uuid: randomUUID,
  cwd: process.cwd(),
  pid: process.pid,
  hostname: hostname(),
  user: userName(),
  version: packageVersion(),
  nodeVersion: process.versions.node,
  isAlive,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  keychain: platformKeychain(),
  onInterrupt,
  onFileChange,
}

// A reader that went away is no error of ours: `| head`, or a parent that closes its ends before it sends SIGTERM.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await runProgram(process.argv.slice(2), host)
