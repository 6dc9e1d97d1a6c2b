// The log for programs: with --log-format json all that goes to stderr is one JSON event a line, under names that never
// change their meaning (docs/night-shift.md lists them). What was written as plain text becomes an event too.

import { jsonText, printable } from './printable.ts'
import type { TextStream } from './terminal.ts'

/** Public: a new one is added, none is renamed. */
export const eventNames = [
  'begin',
  'step',
  'checked',
  'sending',
  'chunk',
  'call',
  'finding',
  'warning',
  'report',
  'error',
  'not-told',
  'message',
  'end',
] as const
export type EventName = (typeof eventNames)[number]

export type EventLevel = 'info' | 'warning' | 'error'

/** Name and level, and whatever else the name says. */
export interface LoggedEvent {
  readonly event: EventName
  readonly level: EventLevel
  readonly [field: string]: unknown
}

/** Which billing entity and which run an event is about; the run is filled in once it has its number. */
export interface EventSubject {
  entity: string | null
  run: number | null
}

interface EventOptions {
  clock: { now(): number }
  /** With --quiet only warnings and errors, and what was written as text: its writers know of --quiet themselves. */
  quiet: boolean
}

/** A stream of events in place of a stream of text. */
export function eventStream(
  stream: TextStream,
  options: EventOptions,
  subject: EventSubject = { entity: null, run: null },
): TextStream {
  let rest = ''
  const put = ({ event, level, ...fields }: LoggedEvent) => {
    if (options.quiet && level === 'info' && event !== 'message') return
    const at = new Date(options.clock.now()).toISOString()
    stream.write(`${jsonText({ at, level, event, ...subject, ...fields })}\n`)
  }
  return {
    write: (text) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const message = printable(line).trim()
        if (message !== '') put({ event: 'message', level: 'info', message })
      }
    },
    event: put,
    about: (other) => eventStream(stream, options, other),
  }
}

/** The same stream, whose events say what they are about. A log for people says that in its words. */
export function about(stream: TextStream, subject: EventSubject): TextStream {
  return stream.about?.(subject) ?? stream
}

/** Whether the words of the command line ask for events. Read before they are parsed, since slips in them are told too. */
export function wantsEvents(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    return word === '--log-format=json' || (word === '--log-format' && argv[index + 1] === 'json')
  })
}
