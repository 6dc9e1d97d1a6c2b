// A world whose secrets are marked, and what was said and written while it was lived in. What is lived is marked-story.ts; looking for the
// secrets is test/secrets.test.ts's business.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createLine, type Server as LineServer } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { runProgram } from '../../src/program.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { connectInBrowser, type Login } from './browser-person.ts'
import { testHost } from './host.ts'
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
export const styles = [['--verbose'], ['--verbose', '--log-format', 'json'], [], ['--json', '--verbose']]

export class MarkedLife {
  readonly world: World
  readonly #echo: Server
  readonly #mail: LineServer
  #reader: Database.Database | null = null
  #turn = 0
  /** What each command line said, and each page of the dashboard. */
  readonly said: Place[] = []
  readonly pages: Place[] = []
  /** What the ping and the webhook heard. */
  readonly told: readonly Place[]
  /** Files of the config folder as they were at each call; some are gone at the end. */
  readonly passing = new Map<string, Buffer>()
  readonly lines: string[] = []

  static async open(): Promise<MarkedLife> {
    const told: Place[] = []
    const echo = await startEcho(told)
    const app = { clientId: 'MARKED0CLIENT0ID', clientSecret: markedSecrets.clientSecret }
    return new MarkedLife(await World.open({ sandbox: { app } }), echo, await startMail(), told)
  }

  private constructor(world: World, echo: Server, mail: LineServer, told: Place[]) {
    this.world = world
    this.told = told
    this.#echo = echo
    this.#mail = mail
    Object.assign(world.env, channelsAt(portOf(echo), portOf(mail)))
    writeFileSync(join(world.folder, 'invoices.csv'), 'id,number\n')
    world.onExchange = () => this.#keepPassing()
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
    const HTTPS_PROXY = `http://proxy:${enc(markedSecrets.proxyPassword)}@127.0.0.1:${portOf(this.#echo)}`
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
    for (const server of [this.#echo, this.#mail]) await new Promise((resolve) => server.close(resolve))
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
async function startEcho(told: Place[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const name = `what ${request.url} was told`
    for await (const bytes of request) told.push({ name, bytes: bytes as Buffer }) // no encoding is set
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

/** A mail server that takes nothing and repeats what it was told, passwords too. */
async function startMail(): Promise<LineServer> {
  const server = createLine((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 mail\r\n')
    socket.on('data', (sent) => {
      const words = sent.toString().trim()
      socket.write(/^EHLO/.test(words) ? '250-mail\r\n250 AUTH PLAIN LOGIN\r\n' : `535 No: ${words}\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server | LineServer): number {
  // It listens on a TCP port of ours, so its address is no pipe name.
  return (server.address() as AddressInfo).port
}

/** Those who are told how a run ended: each address holds a password. */
function channelsAt(port: number, mailPort: number): Record<string, string> {
  const { pingPassword, webhookPassword, webhookSecret, mailPassword } = markedSecrets
  return {
    AUXO_PING_URL: `http://ping:${enc(pingPassword)}@127.0.0.1:${port}/ping`,
    AUXO_WEBHOOK_URL: `http://hook:${enc(webhookPassword)}@127.0.0.1:${port}/hook`,
    AUXO_WEBHOOK_SECRET: webhookSecret,
    AUXO_SMTP_URL: `smtp://mail:${enc(mailPassword)}@127.0.0.1:${mailPort}`,
    AUXO_MAIL_TO: 'books@example.com',
    AUXO_MAIL_ON: 'always',
  }
}
