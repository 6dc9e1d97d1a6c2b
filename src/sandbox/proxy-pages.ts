// What stands between us and Xero and answers in Xero's place: a network's sign-in page, a proxy that cannot go on, and one that
// shows the request that it could not take, headers and all.

import type { ApiRequest } from './api.ts'
import { jsonReply, type Reply } from './reply.ts'

export const garbagePage: Reply = {
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>',
}

export function proxyPage(status: 200 | 502): Reply {
  const body = `<html><head><title>${status} Bad Gateway</title></head><body><center><h1>Bad Gateway</h1></center></body></html>`
  return { status, headers: { 'Content-Type': 'text/html' }, body }
}

/** As JSON it is a refusal with words, as a page a gateway's failure. */
export function echoPage({ method, url, headers, body }: ApiRequest, form: 'html' | 'json'): Reply {
  if (form === 'json') {
    const shown = { method, url, headers, body }
    return jsonReply(400, {
      error: 'bad_request',
      error_description: body,
      Message: JSON.stringify(headers),
      shown,
    })
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value ?? ''}`)
  const text = [`${method} ${url}`, ...lines, '', body].join('\n')
  return {
    status: 502,
    headers: { 'Content-Type': 'text/html' },
    body: `<h1>Bad Gateway</h1><pre>${text}</pre>`,
  }
}
