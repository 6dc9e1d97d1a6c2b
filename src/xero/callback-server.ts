// Listens on the loopback for the one request with which Xero's log-in page leads the browser back (§1.1). What its query means is
// consent's business.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { AuxoError } from '../errors.ts'
import { whyNoPort } from '../port.ts'
import { callbackPath } from './consent.ts'

export interface CallbackServer {
  /** The query of the first request to the callback. Never settles where none comes. */
  readonly arrived: Promise<URLSearchParams>
  close(): Promise<void>
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
} as const

/**
 * `isGood` says which of two sentences the person reads. AuxoError `usage` where the port cannot be had: browsers may take `localhost` for
 * either address, so both have to be ours.
 */
export async function listenForCallback(
  port: number,
  isGood: (query: URLSearchParams) => boolean,
): Promise<CallbackServer> {
  let arrive: (query: URLSearchParams) => void = () => undefined
  const arrived = new Promise<URLSearchParams>((resolve) => {
    arrive = resolve
  })
  let isOver = false
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const url = callbackOf(request, port)
    if (typeof url === 'number')
      return send(response, url, 'Nothing here', 'This is not the address of a log-in.')
    if (isOver) return send(response, 410, 'Over', 'This log-in is over. You may close this window.')
    isOver = true
    const [title, text] = isGood(url.searchParams)
      ? ['Thank you', 'It goes on in the terminal. You may close this window.']
      : ['Not logged in', 'The terminal says what happened. You may close this window.']
    // Only once the page is on its way: what follows closes this server.
    response.on('close', () => arrive(url.searchParams))
    send(response, 200, title, text)
  }
  const servers: Server[] = []
  const close = async () => {
    await Promise.all(servers.map((server) => closed(server)))
  }
  try {
    for (const address of ['127.0.0.1', '::1']) {
      const server = createServer(handle)
      if (await listens(server, port, address)) servers.push(server)
    }
  } catch (error) {
    await close()
    throw portProblem(error, port) ?? error
  }
  return { arrived, close }
}

/** The address asked for, or the status of the refusal. */
function callbackOf(request: IncomingMessage, port: number): URL | 403 | 404 | 405 {
  // A page elsewhere may give its own name this machine's address (DNS rebinding): then the browser says that name here.
  const host = `localhost:${port}`
  if (request.headers.host?.toLowerCase() !== host) return 403
  const base = `http://${host}`
  const path = request.url ?? ''
  const url = URL.canParse(path, base) ? new URL(path, base) : null
  if (url?.host !== host || url.pathname !== callbackPath) return 404
  return request.method === 'GET' ? url : 405
}

function send(response: ServerResponse, status: number, title: string, text: string): void {
  const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`
  response.writeHead(status, headers)
  response.end(page)
}

/** False where this machine has no such address. */
function listens(server: Server, port: number, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code ?? '')
      if (isMissing && address === '::1') resolve(false)
      else reject(error)
    })
    server.listen({ port, host: address, ipv6Only: address === '::1', exclusive: true }, () => resolve(true))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function portProblem(error: unknown, port: number): AuxoError | null {
  const reason = whyNoPort(error)
  if (reason === null) return null
  return new AuxoError(
    'usage',
    `Port ${port}, at which Xero leads your browser back, cannot be used: ${reason}. End that program, or register http://localhost:PORT${callbackPath} with another port in the app at developer.xero.com and say it with --port.`,
    { cause: error },
  )
}
