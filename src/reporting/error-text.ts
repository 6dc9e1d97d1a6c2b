// An error as a person reads it: what happened and what to do, then every detail on a line of its own. Data in it is made
// safe to show.

import { printable } from './printable.ts'

/** One paragraph and its details, each ended by a line break. */
export function errorText(error: { message: string; details: readonly string[] }, prefix = ''): string {
  const lines = [
    printable(`${prefix}${error.message}`),
    ...error.details.map((detail) => `  - ${printable(detail)}`),
  ]
  return `${lines.join('\n')}\n`
}
