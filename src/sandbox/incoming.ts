// A request off the socket, whole, and what becomes of one whose sender went away.

import type { IncomingMessage } from 'node:http'
import type { ApiRequest } from './api.ts'

export async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ])
  return {
    method: incoming.method ?? 'GET',
    url,
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: bytes.toString('utf8'),
    bytes,
  }
}

/** A client that left while it was still sending is no bug of ours. */
export function isClientGone(incoming: IncomingMessage, error: unknown): boolean {
  return !incoming.complete && error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}
