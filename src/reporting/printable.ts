// Data made safe to show: a terminal obeys escape sequences wherever they come from, so none that stands in a name or a
// description may reach it. How text is laid out is terminal.ts.

import { stripVTControlCharacters } from 'node:util'

/** Control characters, and those that turn the direction of what follows them. */
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu

/** One line of plain text: no escape sequences, no control characters; what broke a line becomes a space. */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll(/[\t\r\n\u2028\u2029]+/g, ' ')).replaceAll(unsafe, '')
}

/**
 * JSON in one line that is safe on a terminal too: JSON itself escapes only the first 32 control characters. The value
 * that a reader gets is the same.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
