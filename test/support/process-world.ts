// The built program as a process of its own, against a sandbox in this one, with the real clock: to be killed, stopped and
// doubled for real. It needs dist/, which `npm test` builds first.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { systemClock } from '../../src/clock.ts'
import type { Exchange } from '../../src/sandbox/exchange.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import type { Watched } from './promises/watched.ts'

const program = fileURLToPath(new URL('../../bin/auxo-sync.js', import.meta.url))

export interface Ended {
  code: number | null
  signal: string | null
  out: string
  err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export class ProcessWorld implements Watched {
  readonly folder: string
  readonly sandbox: Sandbox
  readonly exchanges: Exchange[] = []
  readonly unlogged = new Set<Exchange>()
  readonly touchedByPerson = new Set<string>()
  readonly leftByPerson = new Map<string, { isTheirs: boolean; content: string }>()
  readonly unreachable = 0
  /** What the processes find in their environment, besides what points them here. */
  readonly env: Record<string, string> = {}
  kills = 0
  said = ''
  onExchange: (exchange: Exchange) => void = () => undefined
  /** Called with each line of stderr as it comes. */
  onLine: (line: string) => void = () => undefined

  static async open(): Promise<ProcessWorld> {
    const hooks: { onExchange: (exchange: Exchange) => void } = { onExchange: () => undefined }
    const sandbox = await startSandbox({
      clock: systemClock,
      onExchange: (exchange) => hooks.onExchange(exchange),
      // Real minutes and days must not be waited for.
      limits: { minute: 1_000_000, day: 1_000_000, appMinute: 1_000_000 },
    })
    const world = new ProcessWorld(sandbox)
    hooks.onExchange = (exchange) => {
      world.exchanges.push(exchange)
      world.onExchange(exchange)
    }
    return world
  }

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
    this.folder = mkdtempSync(join(tmpdir(), 'auxo-sync-process-'))
  }

  get ledgerFile(): string {
    return join(this.folder, 'ledger.db')
  }

  start(...argv: string[]): Running {
    return this.#spawn([process.execPath, program, ...argv])
  }

  /**
   * Bound by file permissions, which root is not: then without root's privileges, and still as the owner of the program's
   * folder, which may be closed to every other user.
   */
  startBound(...argv: string[]): Running {
    const bound = process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all'] : []
    return this.#spawn([...bound, process.execPath, program, ...argv])
  }

  /** Behind another program: `words` are its own, and the program's command line follows them. */
  startBehind(command: string, words: readonly string[], ...argv: string[]): Running {
    return this.#spawn([command, ...words, process.execPath, program, ...argv])
  }

  #spawn([command = '', ...args]: readonly string[]): Running {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        NO_COLOR: '1',
        AUXO_LEDGER: this.ledgerFile,
        AUXO_CONFIG_DIR: join(this.folder, 'config'),
        XERO_API_URL: this.sandbox.url,
        XERO_IDENTITY_URL: this.sandbox.url,
        XERO_CLIENT_ID: this.sandbox.clientId,
        XERO_CLIENT_SECRET: this.sandbox.clientSecret,
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
      for (const line of text.split('\n').slice(0, -1)) this.onLine(line)
    })
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => {
        if (signal === 'SIGKILL') this.kills += 1
        this.said += out + err
        resolve({ code, signal, out, err })
      })
    })
    return { child, ended }
  }

  run(...argv: string[]): Promise<Ended> {
    return this.start(...argv).ended
  }

  /** A connected ledger. */
  async prepare(sql: string): Promise<void> {
    const init = await this.run('init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ')
    const connect = await this.run('connect', '--custom')
    if (init.code !== 0 || connect.code !== 0) throw new Error(init.err + connect.err)
    this.sql(sql)
  }

  sql(text: string): void {
    const database = new Database(this.ledgerFile)
    try {
      database.exec(text)
    } finally {
      database.close()
    }
  }

  /** Nobody is in the middle of writing. */
  isUnlocked(): boolean {
    const database = new Database(this.ledgerFile, { timeout: 0 })
    try {
      database.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (error) {
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false
      throw error
    } finally {
      database.close()
    }
  }

  query<Row>(text: string, ...values: unknown[]): Row[] {
    const database = new Database(this.ledgerFile, { readonly: true })
    try {
      return database.prepare<unknown[], Row>(text).all(...values)
    } finally {
      database.close()
    }
  }

  /** An hour passes for what was sent, without anyone waiting: the sandbox stores at once or never. */
  anHourPasses(): void {
    this.sql(`UPDATE chunk SET
        first_sent_at = strftime('%Y-%m-%dT%H:%M:%fZ', first_sent_at, '-1 hour'),
        last_ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', last_ended_at, '-1 hour')
      WHERE state IN ('prepared', 'sent', 'uncertain')`)
  }

  ledgerBytes(): Buffer {
    return readFileSync(this.ledgerFile)
  }

  async close(): Promise<void> {
    await this.sandbox.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
