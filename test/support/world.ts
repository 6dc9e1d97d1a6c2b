// A world for scenarios: a sandbox Xero, a ledger in a folder of its own, and the whole program run in this process
// against both over real HTTP, on a virtual clock. After every scenario the checkers of checkers.ts hold.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Host } from '../../src/commands/context.ts'
import { runProgram } from '../../src/program.ts'
import { type Exchange, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { uuidSource } from './random.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Outcome {
  code: number
  out: string
  err: string
}

export interface WorldOptions {
  /** ISO instant at which it begins. */
  start?: string
  seed?: number
  sandbox?: Omit<SandboxOptions, 'clock' | 'seed'>
}

/** Dies at a chosen write or request: from then on nothing can be written, as in a killed process. */
export interface Death {
  /** Counts commits and requests from 1; a number kills at that one. */
  atCommit?: number
  atRequest?: number
}

export class World {
  readonly clock: VirtualClock
  readonly folder: string
  readonly sandbox: Sandbox
  readonly exchanges: Exchange[] = []
  readonly env: Record<string, string>
  /** Commits and API requests seen in the last run, for crash points. */
  commits = 0
  requests = 0
  #uuid: () => string
  #pid = 1000
  #living = new Set<number>()
  #death: Death = {}
  #isDead = false

  static async open(options: WorldOptions = {}): Promise<World> {
    const clock = new VirtualClock(options.start ?? '2026-11-22T00:00:00Z')
    const hooks: { onExchange: (exchange: Exchange) => void } = { onExchange: () => undefined }
    const sandbox = await startSandbox({
      ...options.sandbox,
      clock: clock.forServer(),
      seed: options.seed ?? 1,
      onExchange: (exchange) => hooks.onExchange(exchange),
    })
    const world = new World(clock, sandbox, options.seed ?? 1)
    hooks.onExchange = (exchange) => world.#see(exchange)
    return world
  }

  private constructor(clock: VirtualClock, sandbox: Sandbox, seed: number) {
    this.clock = clock
    this.sandbox = sandbox
    this.folder = mkdtempSync(join(tmpdir(), 'auxo-sync-test-'))
    this.#uuid = uuidSource(seed)
    this.env = {
      NO_COLOR: '1',
      AUXO_LEDGER: this.ledgerFile,
      AUXO_CONFIG_DIR: join(this.folder, 'config'),
      XERO_API_URL: sandbox.url,
      XERO_IDENTITY_URL: sandbox.url,
      XERO_CLIENT_ID: sandbox.clientId,
      XERO_CLIENT_SECRET: sandbox.clientSecret,
    }
  }

  get ledgerFile(): string {
    return join(this.folder, 'ledger.db')
  }

  /** Runs a command line of the program; `death` kills it on the way. */
  async run(argv: readonly string[], death: Death = {}): Promise<Outcome> {
    this.commits = 0
    this.requests = 0
    this.#death = death
    this.#isDead = false
    this.#pid += 1
    const pid = this.#pid
    this.#living.add(pid)
    let out = ''
    let err = ''
    const host: Host = {
      env: this.env,
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      clock: this.clock,
      uuid: this.#uuid,
      cwd: this.folder,
      pid,
      hostname: 'test-machine',
      user: 'tester',
      version: '0.0.0-test',
      isAlive: (other) => this.#living.has(other),
      onInterrupt: () => () => undefined,
      wrapDatabase: (database) => this.#watch(database),
    }
    const code = await runProgram(argv, host)
    this.#living.delete(pid)
    this.#isDead = false
    return { code, out, err }
  }

  /** A ledger with one entity, connected, and whatever SQL says. */
  async prepare(sql = ''): Promise<void> {
    await this.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    await this.must(['connect', '--custom'])
    if (sql) this.sql(sql)
  }

  /** Runs a command that has to end well. */
  async must(argv: readonly string[], code = 0): Promise<Outcome> {
    const outcome = await this.run(argv)
    if (outcome.code !== code) {
      throw new Error(
        `${argv.join(' ')} ended with ${outcome.code} instead of ${code}:\n${outcome.err}${outcome.out}`,
      )
    }
    return outcome
  }

  /** Runs `export --json` and reads its runs. */
  async export(...flags: string[]): Promise<Outcome & { runs: ExportedRun[] }> {
    const outcome = await this.run(['export', '--json', ...flags])
    const runs = outcome.out.trim() === '' ? [] : (JSON.parse(outcome.out) as { runs: ExportedRun[] }).runs
    return { ...outcome, runs }
  }

  /** Writes to the ledger as an exporting system would: with SQLite and nothing of ours. */
  sql(text: string): void {
    const database = new Database(this.ledgerFile)
    try {
      database.exec(text)
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

  ledgerBytes(): Buffer {
    return readFileSync(this.ledgerFile)
  }

  async close(): Promise<void> {
    this.clock.stop()
    await this.sandbox.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #see(exchange: Exchange): void {
    this.exchanges.push(exchange)
    this.requests += 1
    if (this.requests === this.#death.atRequest) this.#isDead = true
  }

  /** Counts commits, and lets nothing through once the process is dead. */
  #watch(database: Database.Database): Database.Database {
    const check = (sql: string) => {
      if (this.#isDead) throw new Error('this process was killed')
      if (/^\s*commit/i.test(sql)) {
        this.commits += 1
        if (this.commits === this.#death.atCommit) {
          // The write itself is done; nothing after it is.
          queueMicrotask(() => undefined)
          return true
        }
      }
      return false
    }
    return new Proxy(database, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target)
        if (property === 'prepare') {
          return (sql: string) => {
            const dies = check(sql)
            const statement = target.prepare(sql)
            if (!dies) return statement
            return new Proxy(statement, {
              get: (inner, name) => {
                const member: unknown = Reflect.get(inner, name, inner)
                if (name !== 'run' && name !== 'all')
                  return typeof member === 'function' ? member.bind(inner) : member
                return (...values: unknown[]) => {
                  const result = Reflect.apply(member as (...v: unknown[]) => unknown, inner, values)
                  this.#isDead = true
                  return result
                }
              },
            })
          }
        }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

export interface ExportedRun {
  id: number
  entity: string
  state: string
  kinds: Record<
    string,
    { exported: number; failed: number; skipped: number; uncertain: number; remaining: number }
  >
  chunks: { kind: string; number: number; of: number; documents: number }[]
  failures: { kind: string; id: string; number: string; code: string; message: string }[]
  waiting: { futureDated: number; held: number; uncertain: number }
  calls: { made: number; dayLeft: number | null }
  settleFrom: string | null
  stopReason: string | null
  notExportedYet: Record<string, number>
}
