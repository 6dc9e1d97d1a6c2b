// A real browser for pages: Chromium without a window, told what to do over its DevTools protocol. Nothing of it leaves this machine.

import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'undici'

/** Path of a Chromium on this machine; null where there is none. */
export function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':')
  const files = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )
  return files.find((file) => isExecutable(file)) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

interface Message {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message: string }
}

/** What a page did besides showing itself. */
export interface Seen {
  /** Errors and warnings of the console, and exceptions. */
  complaints: string[]
  /** Everything that was asked for, the page itself included. */
  requests: string[]
}

export class Browser {
  readonly #process: ChildProcess
  readonly #socket: WebSocket
  readonly #folder: string
  readonly #answers = new Map<number, (message: Message) => void>()
  readonly #events = new Map<string, (() => void)[]>()
  #id = 0
  #session = ''
  seen: Seen = { complaints: [], requests: [] }

  static async open(file: string): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'auxo-browser-'))
    const child = spawn(
      file,
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--no-first-run',
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const address = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stderr?.setEncoding('utf8').on('data', (part: string) => {
        text += part
        const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
        if (found) resolve(found)
      })
      child.once('exit', () => reject(new Error(`Chromium ended: ${text}`)))
    })
    const socket = new WebSocket(address)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true })
      socket.addEventListener('error', reject, { once: true })
    })
    const browser = new Browser(child, socket, folder)
    await browser.#attach()
    return browser
  }

  private constructor(child: ChildProcess, socket: WebSocket, folder: string) {
    this.#process = child
    this.#socket = socket
    this.#folder = folder
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data)) as Message)) // of the protocol
  }

  async #attach(): Promise<void> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    this.#session = String(sessionId)
    for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await this.send(`${domain}.enable`)
  }

  #hear(message: Message): void {
    if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message)
      return
    }
    const { method = '', params = {} } = message
    if (method === 'Network.requestWillBeSent') this.seen.requests.push(urlOf(params['request']))
    if (
      method === 'Log.entryAdded' ||
      method === 'Runtime.exceptionThrown' ||
      method === 'Runtime.consoleAPICalled'
    )
      this.seen.complaints.push(JSON.stringify(params))
    for (const resolve of this.#events.get(method) ?? []) resolve()
    this.#events.delete(method)
  }

  async send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    this.#id += 1
    const id = this.#id
    const isOfPage = !method.startsWith('Target.') && !method.startsWith('Browser.')
    const message = await new Promise<Message>((resolve) => {
      this.#answers.set(id, resolve)
      this.#socket.send(
        JSON.stringify({ id, method, params, ...(isOfPage ? { sessionId: this.#session } : {}) }),
      )
    })
    this.#answers.delete(id)
    if (message.error) throw new Error(`${method}: ${message.error.message}`)
    return message.result ?? {}
  }

  #once(method: string): Promise<void> {
    return new Promise((resolve) => {
      this.#events.set(method, [...(this.#events.get(method) ?? []), resolve])
    })
  }

  /** Opens an address in a window so wide, and forgets what was seen before. */
  async goTo(url: string, width: number, look: 'light' | 'dark' | 'print' = 'light'): Promise<void> {
    this.seen = { complaints: [], requests: [] }
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: width < 600,
    })
    await this.send('Emulation.setEmulatedMedia', {
      media: look === 'print' ? 'print' : 'screen',
      features: [{ name: 'prefers-color-scheme', value: look === 'dark' ? 'dark' : 'light' }],
    })
    const loaded = this.#once('Page.loadEventFired')
    await this.send('Page.navigate', { url })
    await loaded
  }

  /** Opens an address that leads on by itself, and waits until it has. */
  async enter(url: string, last: string): Promise<void> {
    await this.goTo(url, 1280)
    while (
      (await this.evaluate<string>('location.href + document.readyState').catch(() => '')) !==
      `${last}complete`
    )
      await new Promise(setImmediate)
  }

  /** The value of an expression in the page, which content policies do not keep out. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { value: T }).value // returnByValue: as JSON has it
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })
    return Buffer.from(String(data), 'base64')
  }

  /** On A4, as the page's own print style says. */
  async pdf(): Promise<Buffer> {
    const { data } = await this.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: false })
    return Buffer.from(String(data), 'base64')
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    await this.send('Browser.close')
    await ended
    this.#socket.close()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function urlOf(request: unknown): string {
  return (request as { url: string }).url // of Network.requestWillBeSent
}
