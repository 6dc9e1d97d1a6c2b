// An error as a person reads it: what happened and what to do, then every detail on a line of its own. Data in it is made
// safe to show.

import { type ErrorCode, exitCodes } from '../errors.ts'
import { printable } from './printable.ts'
import type { TextStream } from './terminal.ts'

interface ToldError {
  readonly message: string
  readonly details: readonly string[]
}

/** One paragraph and its details, each ended by a line break. */
export function errorText(error: ToldError, prefix = ''): string {
  const lines = [
    printable(`${prefix}${error.message}`),
    ...error.details.map((detail) => `  - ${printable(detail)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** The error that ended a run, or a command: as text, or as an event with the exit code that it asks for. */
export function tellError(
  stream: TextStream,
  error: ToldError & { readonly code: ErrorCode },
  prefix = '',
): void {
  const { code, message, details } = error
  if (stream.event) {
    stream.event({ event: 'error', level: 'error', code, exitCode: exitCodes[code], message, details })
  } else stream.write(errorText(error, prefix))
}
