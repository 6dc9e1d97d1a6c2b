// The process and nothing else: what the program may know of it is handed over as one object, and its exit code comes
// back. The only file that uses `process`.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { systemClock } from './clock.ts'
import type { Host } from './commands/context.ts'
import { runProgram } from './program.ts'

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

function onInterrupt(callback: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, callback)
  return () => {
    for (const signal of signals) process.removeListener(signal, callback)
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
  isAlive,
  onInterrupt,
}

// A reader that went away (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runProgram(process.argv.slice(2), host)
