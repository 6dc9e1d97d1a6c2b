// `export` and `pull`: one run for each entity, one after the other, told as they end. What a run is, is batch/.

import { isReportedKind, type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import { didYouMean } from '../accounting/nearest.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { ExportOptions } from '../batch/chosen-things.ts'
import { AuxoError } from '../errors.ts'
import type { Ledger } from '../ledger/open.ts'
import { narrowedTo } from '../notify/run-result.ts'
import { about } from '../reporting/events.ts'
import { printable } from '../reporting/printable.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { type LoginWarning, loginWarnings } from './log-in-warnings.ts'
import { periodOption } from './period.ts'
import { type EntityEnd, firstTold, runEntities } from './run-entities.ts'
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
  notify?: boolean
  wait?: boolean
  strict?: boolean
  /** Rehearse (rehearsal.ts). */
  sandbox?: boolean
}

export async function exportCommand(context: CommandContext, flags: ExportFlags): Promise<ExitCode> {
  if (!flags.dryRun) {
    const { from, to, only, document } = flags
    const scope = narrowedTo([context.flags.entity, from, to, only, document])
    await context.notifier.begin({ verb: 'export', scope, isAsked: flags.notify ?? false })
  }
  return runForEach(context, flags, 'export')
}

/** `pull`: what happened in Xero, entity after entity; nothing is sent. Told as `export` is. */
export async function pullCommand(
  context: CommandContext,
  flags: { strict?: boolean; notify?: boolean },
): Promise<ExitCode> {
  const scope = narrowedTo([context.flags.entity])
  await context.notifier.begin({ verb: 'pull', scope, isAsked: flags.notify ?? false })
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
      const warnings = flags.dryRun ? [] : await warnOfLogins(context, ledger, ends)
      const runs = ends.flatMap(({ end }) => end?.report ?? [])
      if (context.flags.json) writeJson(context, { runs, warnings })
      return firstTold(ends.map(({ exitCode }) => exitCode))
    })
  } finally {
    release()
  }
}

/** A log-in that ends would end all runs: said in time, with --quiet too. */
async function warnOfLogins(
  context: CommandContext,
  ledger: Ledger,
  ends: readonly EntityEnd[],
): Promise<LoginWarning[]> {
  const { stderr } = context.host
  const warnings = await loginWarnings(context, ledger)
  for (const { entity, daysLeft, message } of warnings) {
    // The error that kept the entity from running has said it.
    const end = ends.find((one) => one.entity === entity)
    if (daysLeft === 0 && end?.error?.code === 'not-authorised') continue
    context.notifier.warned({ entity, message })
    const told = about(stderr, { entity, run: null })
    if (told.event) told.event({ event: 'warning', level: 'warning', message })
    else stderr.write(`${printable(message)}\n`)
  }
  return warnings
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
