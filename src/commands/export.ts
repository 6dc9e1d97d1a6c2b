// `export` and `pull`: one run for each entity, one after the other, told as they end. What a run is, is batch/.

import { isReportedKind, type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import { didYouMean } from '../accounting/nearest.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { ExportOptions } from '../batch/chosen-things.ts'
import { AuxoError } from '../errors.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { periodOption } from './period.ts'
import { firstTold, runEntities } from './run-entities.ts'
import { tellRun } from './run-telling.ts'
import { writeJson } from './telling.ts'

export interface ExportFlags {
  from?: string
  to?: string
  only?: string[]
  document?: string[]
  dryRun?: boolean
  /** False with --no-pull. */
  pull: boolean
  wait?: boolean
  strict?: boolean
  /** Rehearse (rehearsal.ts). */
  sandbox?: boolean
}

export async function exportCommand(context: CommandContext, flags: ExportFlags): Promise<ExitCode> {
  return runForEach(context, flags, 'export')
}

/** `pull`: what happened in Xero, entity after entity; nothing is sent. Told as `export` is. */
export async function pullCommand(context: CommandContext, flags: { strict?: boolean }): Promise<ExitCode> {
  return runForEach(context, { ...flags, pull: true }, 'pull')
}

async function runForEach(
  context: CommandContext,
  flags: ExportFlags,
  verb: RunReport['verb'],
): Promise<ExitCode> {
  const { host } = context
  const interrupt = new AbortController()
  const release = host.onInterrupt(() => {
    if (!context.flags.quiet) host.stderr.write('Stopping: the calls under way are finished and recorded.\n')
    interrupt.abort()
  })
  try {
    return await context.withLedger(async (ledger) => {
      const ends = await runEntities(context, ledger, {
        verb,
        options: askedFor(flags),
        documents: flags.document ?? null,
        isStrict: flags.strict ?? false,
        interrupt: interrupt.signal,
        tell: tellRun,
      })
      if (context.flags.json) writeJson(context, { runs: ends.flatMap(({ end }) => end?.report ?? []) })
      return firstTold(ends.map(({ exitCode }) => exitCode))
    })
  } finally {
    release()
  }
}

/** AuxoError for a kind or a period that is none. */
export function askedFor(flags: ExportFlags): Omit<ExportOptions, 'documents'> {
  return {
    ...periodOption(flags),
    only: flags.only ? kindOptions(flags.only) : null,
    dryRun: flags.dryRun ?? false,
    noPull: !flags.pull,
    wait: flags.wait ?? false,
  }
}

function kindOptions(words: readonly string[]): ReportedKind[] {
  return words.map((word) => {
    if (isReportedKind(word)) return word
    throw new AuxoError(
      'usage',
      `There is no kind “${word}”.${didYouMean(word, reportedKinds)} --only takes: ${reportedKinds.join(', ')}.`,
    )
  })
}
