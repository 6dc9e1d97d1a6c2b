// A line to the sandbox on which somebody rewrites answers: for what Xero might answer one day and the sandbox never does.

import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Rewrites the body of an answer; the same text leaves it as it is. */
export type Rewrite = (body: string, asked: { method: string; url: string }) => string

/** Where to call instead of `target`, and how to hang up. */
export async function rewritingLine(
  target: string,
  rewrite: Rewrite,
): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (asked, answer) => {
    const { method = 'GET', url = '/' } = asked
    const body = await bytesOf(asked)
    const onward = request(`${target}${url}`, { method, headers: asked.headers }, async (theirs) => {
      const text = rewrite((await bytesOf(theirs)).toString('utf8'), { method, url })
      const { 'content-length': _, 'transfer-encoding': __, ...headers } = theirs.headers
      answer.writeHead(theirs.statusCode ?? 502, headers).end(text)
    })
    onward.end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close().closeAllConnections() }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
