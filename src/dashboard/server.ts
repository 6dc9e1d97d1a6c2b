// The dashboard's web server, on the loopback alone: it asks guard.ts, lets a page be made, and answers. What pages there are is
// commands/dashboard-routes.ts.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cookieName, type Door, enterPath, judge } from './guard.ts'

export interface Answer {
  status: 200 | 400 | 404 | 500 | 503
  type: 'text/html' | 'text/css'
  text: string
}

export interface DashboardPages {
  /** Makes the page at an address; never throws. */
  page: (url: URL) => Promise<Answer>
  /** What somebody reads who is not let in. */
  refusal: (why: string) => string
  /** Leads on to the first page once the cookie is set. */
  welcome: () => string
}

export interface Dashboard {
  /** Where it is, without its token. */
  readonly url: string
  /** The address to open, once: with its token. */
  readonly entrance: string
  close(): Promise<void>
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** Port 0 takes any free one. Rejects with Node's own error where the port cannot be had. */
export async function startDashboard(
  { port, token }: { port: number; token: string },
  pages: DashboardPages,
): Promise<Dashboard> {
  const door: Door = { port, token }
  const server = createServer((request, response) => void answer(request, response, door, pages))
  await listen(server, port)
  door.port = (server.address() as AddressInfo).port // a TCP server that listens has one
  const url = `http://127.0.0.1:${door.port}`
  return {
    url,
    entrance: `${url}${enterPath}?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
  pages: DashboardPages,
): Promise<void> {
  const { method = '', url: path = '/' } = request
  const verdict = judge({ method, host: request.headers.host, path, cookie: request.headers.cookie }, door)
  const isHead = method === 'HEAD'
  if (verdict.answer === 'refused') {
    const allow = verdict.status === 405 ? { allow: 'GET, HEAD' } : {}
    send(response, { status: verdict.status, text: pages.refusal(verdict.why), isHead, more: allow })
  } else if (verdict.answer === 'enter') {
    const cookie = `${cookieName(door)}=${door.token}; HttpOnly; SameSite=Strict; Path=/`
    send(response, { status: 200, text: pages.welcome(), isHead, more: { 'set-cookie': cookie } })
  } else {
    const { status, type, text } = await pages.page(verdict.url)
    send(response, { status, type, text, isHead })
  }
}

function send(
  response: ServerResponse,
  {
    status,
    text,
    type = 'text/html',
    isHead,
    more = {},
  }: {
    status: number
    text: string
    type?: Answer['type']
    isHead: boolean
    more?: Record<string, string>
  },
): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': bytes.byteLength,
    ...more,
  })
  response.end(isHead ? undefined : bytes)
}
