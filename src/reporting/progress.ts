// Tells how a run gets on (E9), on stderr: a spinner with how many of how many on a terminal, a line per step and chunk
// where it is piped, one JSON event a line with --log-format json, nothing with --quiet.

import { countOf, kindNames } from '../accounting/kinds.ts'
import type { Progress } from '../accounting/outcomes.ts'
import type { LoggedEvent } from './events.ts'
import { countText, durationText } from './figures.ts'
import { printable } from './printable.ts'
import { type Environment, isLively, type TextStream } from './terminal.ts'

export interface ProgressTeller {
  tell(progress: Progress): void
  /** Takes a spinner off the screen. What is told afterwards is lost. */
  stop(): void
}

/** A wait within a run that a person would take for a program that hangs (E9). */
export function waitProgress(ms: number, why: 'minute-limit' | 'asked' | 'repeat'): Progress {
  const seconds = `Waiting ${Math.ceil(ms / 1_000)} s`
  const detail = {
    'minute-limit': `${seconds} for Xero's limit of calls a minute`,
    asked: `${seconds}, as Xero asked`,
    repeat: `${seconds} before Xero is asked again`,
  }[why]
  return { event: 'step', step: 'wait', detail }
}

/** What of the machine and its clock is needed. */
export interface ProgressHost {
  readonly stderr: TextStream
  readonly env: Environment
  readonly clock: { monotonicMs(): number }
}

export interface ProgressFlags {
  readonly quiet: boolean
  readonly json: boolean
  /** Lines between the turns of a spinner would tear it. */
  readonly verbose?: boolean
}

export async function progressTeller(host: ProgressHost, flags: ProgressFlags): Promise<ProgressTeller> {
  const { event } = host.stderr
  if (event) return eventTeller(event)
  if (flags.quiet) return { tell: () => undefined, stop: () => undefined }
  return isLively(host.stderr, host.env, flags) && !flags.verbose
    ? spinningTeller(host)
    : plainTeller(host.stderr)
}

function eventTeller(tell: (event: LoggedEvent) => void): ProgressTeller {
  return {
    tell: (progress) => tell({ level: levelOf(progress), ...progress }),
    stop: () => undefined,
  }
}

function levelOf(progress: Progress): 'info' | 'warning' {
  return progress.event === 'chunk' && progress.failed + progress.uncertain > 0 ? 'warning' : 'info'
}

/** Few lines: a log file is read by people. */
function plainTeller(stream: TextStream): ProgressTeller {
  return {
    tell: (progress) => {
      if (progress.event === 'checked' && progress.done < progress.total) return
      stream.write(`${printable(eventText(progress))}\n`)
    },
    stop: () => undefined,
  }
}

function eventText(progress: Progress): string {
  switch (progress.event) {
    case 'step':
      return `${progress.detail} …`
    case 'checked':
      return `Checked ${countText(progress.done)} of ${countOf(progress.total, progress.kind)}`
    case 'sending':
      return `Sending ${countOf(progress.documents, progress.kind)} in ${countText(progress.chunks)} ${progress.chunks === 1 ? 'call' : 'calls'} …`
    case 'chunk':
      return `${kindNames[progress.kind].many} ${progress.number}/${progress.of}: ${chunkText(progress)}`
  }
}

function chunkText(chunk: { exported: number; failed: number; uncertain: number }): string {
  return [
    `${countText(chunk.exported)} exported`,
    ...(chunk.failed > 0 ? [`${countText(chunk.failed)} failed`] : []),
    ...(chunk.uncertain > 0 ? [`${countText(chunk.uncertain)} uncertain`] : []),
  ].join(', ')
}

async function spinningTeller(host: ProgressHost): Promise<ProgressTeller> {
  const { default: ora } = await import('ora')
  const spinner = ora({
    // A terminal was asked for by isLively, and only the process's own stream is one.
    stream: host.stderr as unknown as NodeJS.WritableStream,
    isEnabled: true,
    // Ctrl-C is ours: the calls in flight are finished first (E9).
    discardStdin: false,
    hideCursor: false,
  })
  const account = sendingAccount(host.clock)
  return {
    tell: (progress) => {
      spinner.text = printable(account.tell(progress))
      if (!spinner.isSpinning) spinner.start()
    },
    stop: () => {
      spinner.stop()
    },
  }
}

/** Keeps count over the chunks of a kind, to say how many of how many and how long to go. */
export function sendingAccount(clock: { monotonicMs(): number }): { tell(progress: Progress): string } {
  const state = { documents: 0, done: 0, failed: 0, startedMs: 0 }
  return {
    tell: (progress) => {
      if (progress.event === 'sending') {
        Object.assign(state, {
          documents: progress.documents,
          done: 0,
          failed: 0,
          startedMs: clock.monotonicMs(),
        })
        return eventText(progress)
      }
      if (progress.event !== 'chunk') return eventText(progress)
      state.done += progress.documents
      state.failed += progress.failed
      const elapsed = clock.monotonicMs() - state.startedMs
      const rest = Math.max(0, state.documents - state.done)
      const toGo =
        rest > 0 && state.done > 0 ? `, about ${durationText((elapsed / state.done) * rest)} to go` : ''
      const failed = state.failed > 0 ? `, ${countText(state.failed)} failed` : ''
      return `Sending ${kindNames[progress.kind].many}: ${countText(state.done)} of ${countText(state.documents)}${failed}${toGo}`
    },
  }
}
