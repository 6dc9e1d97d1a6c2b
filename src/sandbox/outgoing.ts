// An answer onto the socket, whole, in part or not at all, as its fate wants it.

import type { ServerResponse } from 'node:http'
import type { Fate } from './pipeline.ts'
import type { Reply } from './reply.ts'

/** What was sent, or null where nothing was. `nowMs` is the sandbox's time. */
export function deliver(response: ServerResponse, fate: Fate, nowMs: number): Reply | null {
  if (response.destroyed || response.socket === null) return null
  switch (fate.kind) {
    case 'reset':
      response.socket.resetAndDestroy()
      return null
    case 'silence':
      return null
    case 'cut':
      cut(response, fate.reply, nowMs)
      return { ...fate.reply, body: fate.reply.body.slice(0, fate.reply.body.length / 2) }
    case 'answer':
      return send(response, fate.reply, nowMs)
  }
}

export function send(response: ServerResponse, reply: Reply, nowMs: number): Reply {
  const headers = { ...reply.headers, Date: httpDate(nowMs) }
  response.writeHead(reply.status, { ...headers, 'Content-Length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
  return { ...reply, headers }
}

function cut(response: ServerResponse, reply: Reply, nowMs: number): void {
  const whole = Buffer.from(reply.body)
  response.writeHead(reply.status, {
    ...reply.headers,
    Date: httpDate(nowMs),
    'Content-Length': whole.length,
  })
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.destroy())
}

function httpDate(nowMs: number): string {
  return new Date(nowMs).toUTCString()
}
