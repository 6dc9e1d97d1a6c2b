// The end of what a command wrote, for those who are told of it afterwards. What is written is not changed by it.

import type { TextStream } from './terminal.ts'

export interface LogTail {
  /** The same stream, whose end is remembered. A terminal is left alone: a spinner needs the real one. */
  record<Stream extends TextStream>(stream: Stream): TextStream
  text(): string
}

/** Keeps at least so many characters, and at most twice as many. */
export function createLogTail(length: number): LogTail {
  let text = ''
  return {
    record: (stream) => {
      if (stream.isTTY) return stream
      return {
        write: (more) => {
          text += more
          if (text.length > 2 * length) text = text.slice(-length)
          return stream.write(more)
        },
      }
    },
    text: () => text,
  }
}
