// The XML that the Accounting API answers where JSON was not asked for (§1.5): enough to be recognised, no more.

import type { Json } from './json.ts'
import type { Reply } from './reply.ts'

export function asXml(reply: Reply): Reply {
  if (!reply.headers['Content-Type']?.startsWith('application/json')) return reply
  // Our own serialised answer, so it is Json.
  const body = `<Response>${element(JSON.parse(reply.body) as Json)}</Response>`
  return { ...reply, headers: { ...reply.headers, 'Content-Type': 'text/xml; charset=utf-8' }, body }
}

function element(value: Json): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((entry: Json) => `<Element>${element(entry)}</Element>`).join('')
  if (typeof value !== 'object') return escaped(String(value))
  return Object.entries(value)
    .map(([name, content]) => `<${name}>${element(content ?? null)}</${name}>`)
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
