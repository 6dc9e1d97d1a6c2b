// A world for scenarios: a sandbox Xero, a ledger in a folder of its own, and the whole program run in this process
// against both over real HTTP, on a virtual clock. After every scenario the checkers of checkers.ts hold.

import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Host } from '../../src/commands/context.ts'
import { runProgram } from '../../src/program.ts'
import type { Exchange } from '../../src/sandbox/exchange.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { uuidSource } from './random.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Ledgers of tests need no disk: waiting for one is most of a run's time. */
const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Ledgers as `init` leaves them, by seed and moment. */
const newLedgers = new Map<string, Buffer>()

export interface Outcome {
  code: number
  out: string
  err: string
}

export interface WorldOptions {
  /** ISO instant at which it begins. */
  start?: string
  seed?: number
  /** How far Xero's clock is ahead of ours. */
  skewMs?: number
  sandbox?: Omit<SandboxOptions, 'clock' | 'seed'>
}

/** Dies at a chosen write or request: from then on nothing can be written, as in a killed process. */
export interface Death {
  /** Counts commits and requests of the run from 1; a number kills at that one. */
  atCommit?: number
  atRequest?: number
  /** Kills at the first request that Xero has dealt with and that this says yes to. */
  when?: (exchange: Exchange) => boolean
}

/** What a run in this process is to the machine. */
interface Process {
  readonly pid: number
  readonly death: Death
  readonly afterCommit: (() => void) | undefined
  isDead: boolean
  commits: number
  requests: number
  interrupt: () => void
}

export interface RunOptions {
  death?: Death
  /** Another machine that works on the same ledger file. */
  hostname?: string
  env?: Record<string, string>
  /** Called after each commit of this run, in the midst of it. */
  afterCommit?: () => void
  /** Called with what goes to stderr, as it comes. */
  onErr?: (text: string) => void
  /** A person at the terminal; without it there is none. */
  ask?: Host['ask']
  /** Puts something of its own between the program and SQLite. */
  wrapDatabase?: (database: Database.Database) => Database.Database
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
  /** How many runs were killed: each may have left log rows without an answer. */
  kills = 0
  /** Runs that could not reach Xero at all: their calls are logged and never arrived. */
  unreachable = 0
  /** Exchanges whose log rows were lost with a ledger that a back-up replaced. */
  readonly unlogged = new Set<Exchange>()
  /** Documents of Xero that a person changed: they need not agree any more. */
  readonly touchedByPerson = new Set<string>()
  /** As a person left what they made or changed in Xero (people.ts). */
  readonly leftByPerson = new Map<string, { isTheirs: boolean; content: string }>()
  /** Everything that was ever said, to look for secrets in. */
  said = ''
  /** Called at every request that Xero has dealt with. */
  onExchange: (exchange: Exchange) => void = () => undefined
  #uuid: () => string
  /** Seed and moment of its beginning. */
  #origin: string
  #pid = 1000
  #processes = new Set<Process>()
  /** What the exporting system and the checkers have open all the time: opening a ledger reads its whole schema. */
  #books: Database.Database | null = null
  /** The config folder at the moment of death, to be put back: a dead process writes no files. */
  #configAtDeath: string | null = null

  static async open(options: WorldOptions = {}): Promise<World> {
    const clock = new VirtualClock(options.start ?? '2026-11-22T00:00:00Z', options.skewMs)
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
    this.folder = mkdtempSync(join(memoryFolder, 'auxo-sync-test-'))
    this.#uuid = uuidSource(seed)
    this.#origin = `${seed} ${clock.now()}`
    this.env = {
      NO_COLOR: '1',
      AUXO_LEDGER: this.ledgerFile,
      AUXO_CONFIG_DIR: this.configFolder,
      XERO_API_URL: sandbox.url,
      XERO_IDENTITY_URL: sandbox.url,
      XERO_CLIENT_ID: sandbox.clientId,
      XERO_CLIENT_SECRET: sandbox.clientSecret,
    }
  }

  /** The file by itself: whoever asks for it finds all that was written in it, and nobody else at it. */
  get ledgerFile(): string {
    this.#closeBooks()
    return join(this.folder, 'ledger.db')
  }

  get configFolder(): string {
    return join(this.folder, 'config')
  }

  /** Runs a command line of the program; `death` kills it on the way. */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    this.#pid += 1
    const own: Process = {
      pid: this.#pid,
      death: options.death ?? {},
      afterCommit: options.afterCommit,
      isDead: false,
      commits: 0,
      requests: 0,
      interrupt: () => undefined,
    }
    this.#processes.add(own)
    let out = ''
    let err = ''
    const wrap = options.wrapDatabase ?? ((database) => database)
    const host: Host = {
      env: { ...this.env, ...options.env },
      stdout: { write: (text) => (out += text) },
      stderr: {
        write: (text) => {
          err += text
          options.onErr?.(text)
        },
      },
      clock: this.clock,
      uuid: this.#uuid,
      cwd: this.folder,
      pid: own.pid,
      hostname: options.hostname ?? 'test-machine',
      user: 'tester',
      version: '0.0.0-test',
      isAlive: (pid) => [...this.#processes].some((one) => one.pid === pid && !one.isDead),
      onInterrupt: (callback) => {
        own.interrupt = callback
        return () => undefined
      },
      ask: options.ask,
      wrapDatabase: (database) => this.#watch(wrap(database), own),
    }
    const code = await this.clock.during(() => runProgram(argv, host))
    this.#processes.delete(own)
    if (own.isDead) this.#bury()
    this.commits = own.commits
    this.requests = own.requests
    this.said += out + err
    return { code, out, err }
  }

  /** Ctrl-C for every run under way. */
  interrupt(): void {
    for (const one of this.#processes) one.interrupt()
  }

  /** A ledger with one entity, connected, and whatever SQL says. */
  async prepare(sql = ''): Promise<void> {
    await this.#init()
    await this.must(['connect', '--custom'])
    if (sql) this.sql(sql)
  }

  /** What `init` makes at the same moment from the same seed is the same to the byte: it is made once and copied then. */
  async #init(): Promise<void> {
    const known = newLedgers.get(this.#origin)
    if (known) {
      writeFileSync(this.ledgerFile, known)
      this.#uuid() // the ledger's own id
      return
    }
    await this.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    newLedgers.set(this.#origin, readFileSync(this.ledgerFile))
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
    const books = this.#openBooks()
    try {
      books.exec(text)
    } catch (error) {
      if (books.inTransaction) books.exec('ROLLBACK')
      throw error
    } finally {
      if (/\bPRAGMA\b|\bTEMP\b/i.test(text)) this.#closeBooks() // what it set is for itself alone
    }
  }

  /** The same in the middle of a run: between two of its transactions, as a waiting writer gets its turn. */
  sqlMeanwhile(text: string): void {
    const database = new Database(join(this.folder, 'ledger.db'), { timeout: 0 })
    let isBusy = false
    try {
      database.exec(`BEGIN IMMEDIATE; ${text}; COMMIT`)
    } catch (error) {
      isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      if (!isBusy) throw error
    } finally {
      database.close()
    }
    if (isBusy) setImmediate(() => this.sqlMeanwhile(text))
  }

  query<Row>(text: string, ...values: unknown[]): Row[] {
    return this.#openBooks()
      .prepare<unknown[], Row>(text)
      .all(...values)
  }

  #openBooks(): Database.Database {
    if (this.#books === null) {
      this.#books = new Database(join(this.folder, 'ledger.db'))
      this.#books.pragma('foreign_keys = ON')
    }
    return this.#books
  }

  /** Nobody but the program has the ledger open: for who looks at the files beside it. */
  leaveLedger(): void {
    this.#closeBooks()
  }

  #closeBooks(): void {
    this.#books?.close()
    this.#books = null
  }

  /** Copies the ledger as a back-up program does; the result puts it back, and what happened since is forgotten. */
  backUp(): () => void {
    const database = new Database(this.ledgerFile)
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
    const copy = `${this.ledgerFile}.back-up`
    cpSync(this.ledgerFile, copy)
    const known = this.exchanges.length
    return () => {
      for (const ending of ['', '-wal', '-shm']) rmSync(this.ledgerFile + ending, { force: true })
      cpSync(copy, this.ledgerFile)
      for (const exchange of this.exchanges.slice(known)) this.unlogged.add(exchange)
    }
  }

  ledgerBytes(): Buffer {
    return readFileSync(this.ledgerFile)
  }

  async close(): Promise<void> {
    this.#closeBooks()
    this.clock.stop()
    await this.sandbox.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #see(exchange: Exchange): void {
    this.exchanges.push(exchange)
    for (const one of this.#processes) {
      one.requests += 1
      if (one.requests === one.death.atRequest || one.death.when?.(exchange)) this.#kill(one)
    }
    this.onExchange(exchange)
  }

  #kill(own: Process): void {
    if (own.isDead) return
    own.isDead = true
    this.kills += 1
    this.#configAtDeath = `${this.configFolder}-at-death`
    rmSync(this.#configAtDeath, { recursive: true, force: true })
    if (existsSync(this.configFolder)) cpSync(this.configFolder, this.#configAtDeath, { recursive: true })
  }

  #bury(): void {
    if (this.#configAtDeath === null) return
    rmSync(this.configFolder, { recursive: true, force: true })
    if (existsSync(this.#configAtDeath)) renameSync(this.#configAtDeath, this.configFolder)
    this.#configAtDeath = null
  }

  /** Counts commits, and lets nothing through once the process is dead. */
  #watch(database: Database.Database, own: Process): Database.Database {
    const live = () => {
      if (own.isDead) throw new Error('this process was killed')
    }
    const commit = (write: () => unknown) => {
      // The write itself is done; nothing after it is.
      const result = write()
      own.commits += 1
      if (own.commits === own.death.atCommit) this.#kill(own)
      own.afterCommit?.()
      return result
    }
    return new Proxy(database, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target)
        if (property === 'prepare') {
          return (sql: string) => {
            live()
            return watchedStatement(target.prepare(sql), live, /^\s*commit/i.test(sql) ? commit : null)
          }
        }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

/** A statement that asks before each run of it whether it still may: statements outlive the moment at which they were prepared. */
function watchedStatement(
  statement: Database.Statement,
  live: () => void,
  around: ((write: () => unknown) => unknown) | null,
): Database.Statement {
  return new Proxy(statement, {
    get: (inner, name) => {
      const member: unknown = Reflect.get(inner, name, inner)
      if (typeof member !== 'function') return member
      return (...values: unknown[]) => {
        live()
        const run = () => Reflect.apply(member, inner, values) as unknown
        return around && (name === 'run' || name === 'all') ? around(run) : run()
      }
    },
  })
}

export interface ExportedRun {
  id: number
  entity: string
  state: string
  kinds: Record<
    string,
    {
      exported: number
      updated: number
      failed: number
      skipped: number
      uncertain: number
      remaining: number
    }
  >
  chunks: { kind: string; number: number; of: number; documents: number }[]
  failures: {
    kind: string
    id: string
    number: string
    code: string
    message: string
    xeroMessages: string[]
  }[]
  waiting: { futureDated: number; held: number; uncertain: number }
  calls: { made: number; dayLeft: number | null }
  settleFrom: string | null
  stopReason: string | null
  notExportedYet: Record<string, number>
}
