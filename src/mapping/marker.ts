// The marks by which our own things are told from look-alikes in Xero after a lost answer: a link for what has a Url (bills,
// journals), a tag at the end of the Reference for payments. Which kind carries which is its mapping's business.

import { createHash } from 'node:crypto'

/** The thing that is marked: the code of its entity, its kind and its ledger id. */
export interface Marked {
  entity: string
  kind: string
  id: string
}

/**
 * The setting marker_url filled in, percent-encoded. Xero refuses a Url with its own name in it (§4.3), so that a letter of
 * the word is encoded too wherever entity, kind or id bring it along.
 */
export function markerUrl(template: string, { entity, kind, id }: Marked): string {
  const values: Record<string, string> = { entity, kind, id }
  const url = template.replaceAll(/\{(entity|kind|id)\}/g, (_, token: string) => encoded(values[token] ?? ''))
  return url.replaceAll(/(x)(e)(ro)/gi, (_, x: string, e: string, ro: string) => `${x}${percent(e)}${ro}`)
}

/** Halves of characters cannot be encoded; no text of the ledger has them. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
}

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
}

/** The Url to send: the marker, behind the document's own link where it has one. */
export function withMarker(url: string | null, marker: string): string {
  if (!url) return marker
  return `${url}${url.includes('#') ? '&' : '#'}${asFragment(marker)}`
}

/** Whether a Url read from Xero is one that `withMarker` made. */
export function carriesMarker(urlInXero: string | null, marker: string): boolean {
  if (urlInXero === null) return false
  const fragment = asFragment(marker)
  return urlInXero === marker || urlInXero.endsWith(`#${fragment}`) || urlInXero.endsWith(`&${fragment}`)
}

/** The thing whose marker, made with this template, a Url read from Xero carries; null where it carries none. */
export function markedThing(urlInXero: string | null, template: string): Marked | null {
  if (urlInXero === null) return null
  for (const form of new Set([template, asFragment(template)])) {
    // Every second part is the name of a token; what stands for one has no such signs (see markerUrl).
    const parts = form.split(/\{(entity|kind|id)\}/)
    const pattern = parts.map((part, index) => (index % 2 === 0 ? literally(part) : '([^/?#&]*)')).join('')
    const match = new RegExp(`(?:^|[#&])${pattern}$`).exec(urlInXero)
    const values = new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [] : [[part, index] as const])))
    const valueFor = (token: string) => decoded(match?.[((values.get(token) ?? 0) + 1) / 2] ?? '')
    const marked = { entity: valueFor('entity'), kind: valueFor('kind'), id: valueFor('id') }
    if (match && carriesMarker(urlInXero, markerUrl(template, marked))) return marked
  }
  return null
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a broken escape stands for nothing of ours
  }
}

/** A fragment ends a link: it cannot begin another. */
function asFragment(marker: string): string {
  return marker.replaceAll('#', '%23')
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const tagLetters = 10
const referenceMax = 255

/** "#" and ten letters or digits that are the same for the same thing, and for another one never by chance. */
export function markerTag({ entity, kind, id }: Marked): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([entity, kind, id]))
    .digest()
  let tag = '#'
  for (const byte of hash.subarray(0, tagLetters)) tag += base32.charAt(byte % base32.length)
  return tag
}

/** The reference with the tag at its end; where both are too long, the reference is cut and never the tag. */
export function referenceWithTag(reference: string | null, tag: string, max: number = referenceMax): string {
  const own = reference?.trim() ?? ''
  const room = Math.max(0, max - tag.length - 1)
  // A character cut in half does not survive the way to Xero.
  const cut = own
    .slice(0, room)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
  return cut === '' ? tag : `${cut} ${tag}`
}

/** The tag at the end of a reference; null where there is none. */
export function tagOf(reference: string | null): string | null {
  return /(?:^|\s)(#[a-z2-7]{10})\s*$/.exec(reference ?? '')?.[1] ?? null
}
