// A whole set-up lived with marked secrets: every verb and every failure, with a custom connection and with a log-in in a browser.
// What was said and written on the way is kept; looking for the secrets in it is test/secrets.test.ts's business.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { runProgram } from '../../src/program.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { connectInBrowser, type Login } from './browser-person.ts'
import { testHost } from './host.ts'
import { everyKindSql } from './mixed-ledger.ts'
import type { Place } from './secret-search.ts'
import { type Outcome, type RunOptions, World } from './world.ts'

/** Awkward in base64, in addresses, in forms, in JSON and in HTML. */
const marked = (name: string) => `Mark/${name}+"<&>~0123456789a`

export const markedSecrets = {
  clientSecret: marked('client-secret'),
  wrongSecret: marked('wrong-secret'),
  passphrase: marked('passphrase'),
  pingPassword: marked('ping-password'),
  webhookPassword: marked('webhook-password'),
  webhookSecret: marked('webhook-secret'),
  mailPassword: marked('mail-password'),
  proxyPassword: marked('proxy-password'),
  hostPassword: marked('host-password'),
}
const enc = encodeURIComponent

/** Each line is lived in another style than the one before. */
const styles = [['--verbose'], ['--verbose', '--log-format', 'json'], [], ['--json', '--verbose']]

export class MarkedLife {
  readonly world: World
  readonly #echo: Server
  #reader: Database.Database | null = null
  #turn = 0
  /** What each command line said, and each page of the dashboard. */
  readonly said: Place[] = []
  readonly pages: Place[] = []
  /** Files of the config folder as they were at each call; some are gone at the end. */
  readonly passing = new Map<string, Buffer>()
  readonly lines: string[] = []

  static async open(): Promise<MarkedLife> {
    const echo = await startEcho()
    const app = { clientId: 'MARKED0CLIENT0ID', clientSecret: markedSecrets.clientSecret }
    return new MarkedLife(await World.open({ sandbox: { app } }), echo)
  }

  private constructor(world: World, echo: Server) {
    this.world = world
    this.#echo = echo
    Object.assign(world.env, channelsAt(this.#echoPort))
    writeFileSync(join(world.folder, 'invoices.csv'), 'id,number\n')
    world.onExchange = () => this.#keepPassing()
  }

  get #echoPort(): number {
    // The server listens on a TCP port of ours, so its address is no pipe name.
    return (this.#echo.address() as AddressInfo).port
  }

  /** Whatever comes of it: what counts is what it leaves. */
  async live(line: string | readonly string[], options: RunOptions = {}): Promise<void> {
    const argv = typeof line === 'string' ? line.split(' ') : line
    this.#keep(argv, await this.world.run(argv, options), options.death !== undefined)
  }

  async liveWith(fault: Fault, line: string): Promise<void> {
    this.world.sandbox.fault(fault)
    await this.live([...line.split(' '), ...this.#style()])
    this.world.sandbox.clearFaults()
  }

  async logIn(login: Login = {}, fault?: Fault): Promise<void> {
    if (fault) this.world.sandbox.fault(fault)
    // Not as events: the person reads the address off a line of its own.
    const flags = ['--yes', '--verbose', ...(this.lines.length % 2 ? ['--json'] : [])]
    this.#keep(['connect', ...flags], await connectInBrowser(this.world, flags, login), false)
    this.world.sandbox.clearFaults()
  }

  /** Until it has heard that it is to stop. */
  async liveUntilStopped(line: string): Promise<void> {
    let isOver = false
    const ended = this.live(line).finally(() => {
      isOver = true
    })
    while (!isOver) {
      this.world.interrupt()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await ended
  }

  /** From here on an open reader keeps every page of the write-ahead log where it is. */
  keepWriteAheadLog(): void {
    this.#reader = new Database(this.world.ledgerFile, { readonly: true })
    this.#reader.exec('BEGIN')
    this.#reader.prepare('SELECT count(*) FROM sqlite_schema').get()
  }

  /** Through a proxy that wants a password and fails with all that it was asked. */
  async liveBehindProxy(line: string): Promise<void> {
    const xero = 'https://xero.invalid'
    const HTTPS_PROXY = `http://proxy:${enc(markedSecrets.proxyPassword)}@127.0.0.1:${this.#echoPort}`
    await this.live(line, { env: { XERO_API_URL: xero, XERO_IDENTITY_URL: xero, HTTPS_PROXY } })
  }

  /** The whole dashboard, link by link. */
  async readDashboard(): Promise<void> {
    const { env, folder: cwd, clock } = this.world
    let stop: () => void = () => undefined
    const host = testHost({
      env,
      cwd,
      clock,
      onInterrupt: (callback) => {
        stop = callback
        return () => undefined
      },
    })
    const ended = runProgram(['dashboard', '--port', '0'], host)
    while (host.out() === '') await Promise.race([new Promise(setImmediate), ended])
    const start = new URL(host.out().trim())
    const cookie = (await fetch(start)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const paths = new Set(['/'])
    for (const path of paths) {
      const text = await (await fetch(start.origin + path, { headers: { cookie } })).text()
      this.pages.push({ name: `the dashboard’s ${path}`, bytes: Buffer.from(text) })
      for (const [, href = ''] of text.matchAll(/href="(\/[^"#]*)"/g))
        if (paths.size < 60) paths.add(href.replaceAll('&amp;', '&'))
    }
    stop()
    await ended
    this.lines.push('dashboard')
  }

  async close(): Promise<void> {
    this.#reader?.close()
    await this.world.close()
    await new Promise((resolve) => this.#echo.close(resolve))
  }

  #style(): readonly string[] {
    this.#turn += 1
    return styles[this.#turn % styles.length] ?? []
  }

  #keep(argv: readonly string[], { code, out, err }: Outcome, isKilled: boolean): void {
    const line = argv.join(' ')
    this.lines.push(line)
    this.said.push({ name: `what “${line}” said`, bytes: Buffer.from(out + err) })
    if (code === 70 && !isKilled) throw new Error(`${line} ended in a bug: ${err}`)
  }

  #keepPassing(): void {
    const { configFolder } = this.world
    if (!existsSync(configFolder)) return
    for (const entry of readdirSync(configFolder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) this.passing.set(entry.name, readFileSync(join(entry.parentPath, entry.name)))
    }
  }
}

/** Answers everything with a failure that shows the request, as bad gateways do. */
async function startEcho(): Promise<Server> {
  const server = createServer((request, response) => {
    response
      .writeHead(500, { 'content-type': 'text/html' })
      .end(JSON.stringify(request.headers) + request.url)
  })
  server.on('connect', (request, socket) => {
    socket.end(`HTTP/1.1 407 ${JSON.stringify(request.headers)}\r\n\r\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Those who are told how a run ended: each address holds a password. */
function channelsAt(port: number): Record<string, string> {
  const { pingPassword, webhookPassword, webhookSecret, mailPassword } = markedSecrets
  return {
    AUXO_PING_URL: `http://ping:${enc(pingPassword)}@127.0.0.1:${port}/ping`,
    AUXO_WEBHOOK_URL: `http://hook:${enc(webhookPassword)}@127.0.0.1:${port}/hook`,
    AUXO_WEBHOOK_SECRET: webhookSecret,
    AUXO_SMTP_URL: `smtp://mail:${enc(mailPassword)}@127.0.0.1:${port}`,
    AUXO_MAIL_TO: 'books@example.com',
    AUXO_MAIL_ON: 'always',
  }
}

export async function liveEverything(life: MarkedLife): Promise<void> {
  await life.live('init --entity NZ01 --name Harbour --region NZ')
  life.keepWriteAheadLog()
  await connectCustom(life)
  life.world.sql(everyKindSql(life.world.folder))
  await life.live('export --verbose --only contact')
  await connectByBrowser(life)
  for (const [line, fault] of failures) await life.liveWith(fault, line)
  await life.live('export --verbose', { death: { atRequest: 3 } })
  await letTokensEnd(life)
  for (const line of lines) await life.live(line)
  for (const line of untilStopped) await life.liveUntilStopped(line)
  await readLog(life)
  await life.readDashboard()
  for (const fault of endings) await life.liveWith(fault, 'disconnect --yes')
  await life.live('disconnect --yes --verbose')
}

const asJson = { kind: 'proxy-echo', form: 'json' } as const

async function connectCustom(life: MarkedLife): Promise<void> {
  const { wrongSecret, hostPassword } = markedSecrets
  await life.live('connect --custom', { env: { XERO_CLIENT_SECRET: wrongSecret } })
  for (const path of ['/connect/token', '/connections'])
    for (const _ of styles) await life.liveWith({ path, ...asJson }, 'connect --custom')
  await life.liveWith({ path: '/connect/token', times: 9, kind: 'proxy-echo' }, 'connect --custom')
  await life.liveBehindProxy('connect --custom --verbose')
  for (const address of [`https://me:${enc(hostPassword)}@xero.invalid`, `//me:${hostPassword}@x`]) {
    await life.live('connect --custom', { env: { XERO_API_URL: address } })
    await life.live('connect --custom', { env: { XERO_IDENTITY_URL: address } })
  }
  await life.live('connect --custom --verbose')
  await life.live('adopt-copy')
}

/** First under a key in a file, then under a passphrase. */
async function connectByBrowser(life: MarkedLife): Promise<void> {
  await life.logIn({ decline: true })
  await life.logIn({
    instead: async (redirect) => {
      redirect.searchParams.set('state', 'of another log-in')
      await (await fetch(redirect)).text()
    },
  })
  for (const path of ['/connect/token', '/connections']) {
    await life.logIn({}, { path, ...asJson })
    await life.logIn({}, { path, times: 9, kind: 'proxy-echo' })
  }
  await life.logIn({}, { path: '/connect/token', kind: 'invalid-grant' })
  await life.logIn()
  life.world.env['AUXO_PASSPHRASE'] = markedSecrets.passphrase
  await life.logIn()
}

/** Every way in which a call ends. */
const failures: readonly (readonly [line: string, fault: Fault])[] = [
  ['export', { path: '/Items', ...asJson }],
  ['export', { path: '/Invoices', method: 'PUT', kind: 'proxy-echo', times: 4 }],
  ['export', { path: '/connections', kind: 'proxy-echo', times: 9 }],
  ['export', { path: '/Invoices', method: 'PUT', ...asJson }],
  ['export', { path: '/Invoices', method: 'PUT', kind: 'token-expires' }],
  ['export', { path: '/Payments', kind: 'unauthorized', times: 9 }],
  ['export', { path: '/BankTransactions', kind: 'drop-after-commit' }],
  ['export', { path: '/CreditNotes', kind: 'forbidden' }],
  ['pull', { path: '/Payments', kind: 'truncated', times: 9 }],
  ['refresh', { path: '/Accounts', ...asJson }],
  ['validate --month 2026-11', { path: '/Organisation', kind: 'error-before-commit' }],
]

/** Refreshes: refused with all that was sent, lost on the way back, and taken for spent. */
async function letTokensEnd(life: MarkedLife): Promise<void> {
  const path = '/connect/token'
  for (const fault of [
    { path, ...asJson },
    { path, kind: 'drop-after-commit' },
  ] as const) {
    life.world.clock.advance(31 * 60_000)
    await life.liveWith(fault, 'export')
  }
  life.world.clock.advance(10 * 60_000)
  await life.live('export --verbose')
  life.world.clock.advance(31 * 60_000)
  await life.liveWith({ path, kind: 'invalid-grant', times: 9 }, 'export')
  await life.logIn()
}

/** What cannot be told to Xero removes nothing here, so that the last one is for good. */
const endings: readonly Fault[] = [
  { path: '/connections', kind: 'proxy-echo', times: 9 },
  { path: '/connect/revocation', kind: 'proxy-echo', times: 9 },
]

/** A line for each verb; those that run until they are stopped come after them. */
const lines: readonly string[] = [
  'init other.db',
  'migrate',
  'entities list',
  'entities add AU01 --name Tasman --region AU',
  'connections --json',
  'settings list',
  'settings get payments',
  'settings set history_notes on',
  'import invoices.csv --dry-run',
  'validate --format html --output findings.html',
  'validate --format csv --output findings.csv',
  'validate --json',
  'export --dry-run --verbose',
  'export --sandbox --verbose',
  'export --wait --verbose --log-format json',
  'pull --json',
  'refresh --all',
  'accounts',
  'tax-codes',
  'status --json',
  'reconcile --month 2026-11 --format html --output month.html',
  'journals',
  'history',
  'report --run 2 --html run.html',
  'report --month 2026-11 --html month-end.html',
  'log --json',
  'log --failed',
  'show INV1',
  'show INV1 --json',
  'contacts list',
  'contacts link C001 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  'contacts unlink C001',
  'contacts match',
  'settle INV3 --not-there',
  'hold INV3 --reason later',
  'release INV3',
  'mock-export --before 2020-01-01',
  'reset INV3',
  'mark-exported INV3 --xero-id 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  'rollback --run 2 --yes',
  'doctor --verbose',
  'doctor --json',
  'completion bash',
  'demo',
]
const untilStopped = ['sandbox --port 0', 'watch --verbose']

/** Calls with secrets in their bodies, and what went wrong. */
async function readLog(life: MarkedLife): Promise<void> {
  const told = "SELECT id FROM api_log WHERE path NOT LIKE '/api.xro/%' OR problem IS NOT NULL ORDER BY id"
  for (const { id } of life.world.query<{ id: number }>(told).slice(0, 60))
    await life.live(['log', '--call', String(id), ...(id % 2 ? ['--json'] : [])])
}
