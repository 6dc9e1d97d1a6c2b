// Pages are put together from pieces of HTML that know that they are HTML: whatever else stands in a template is text, and is escaped.
// There is no other way in, so that a name or a description of the ledger can never become part of a page.

import { printable } from '../printable.ts'

declare const safe: unique symbol
/** Finished HTML. Only `html`, `joined` and `styleSheet` make it. */
export interface Html {
  readonly text: string
  readonly [safe]: true
}

/** What may stand in a template. Null, undefined and false are nothing; lists stand one after the other. */
export type Part = Html | string | number | null | undefined | false | readonly Part[]

/** A template whose own words are HTML and whose parts are text, unless they are HTML already. */
export function html(words: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = words[0] ?? ''
  for (const [index, part] of parts.entries()) text += `${partText(part)}${words[index + 1] ?? ''}`
  return made(text)
}

export function joined(parts: readonly Part[], between: Part = ''): Html {
  return made(parts.map(partText).join(partText(between)))
}

/** Our own style sheet, as the content of a style element. */
export function styleSheet(css: string): Html {
  if (css.includes('<')) throw new Error('a style sheet has no tags')
  return made(css)
}

function made(text: string): Html {
  return { text } as Html // the brand is ours to give
}

function partText(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return isList(part) ? part.map(partText).join('') : part.text
}

/** Array.isArray does not know lists that may not be written to. */
function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for any place of a page, quoted attributes included. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
