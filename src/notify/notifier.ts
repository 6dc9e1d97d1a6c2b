// Gathers what becomes of a command and, once it is over, lets those know whom the environment names. Only commands that
// nobody watches do so: without a terminal, or where it is asked for. Telling itself is tell.ts, loaded only then.

import type { Finding } from '../accounting/findings.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { Clock } from '../clock.ts'
import { isoInstant } from '../clock.ts'
import type { Environment } from '../config.ts'
import { AuxoError } from '../errors.ts'
import type { TextStream } from '../reporting/terminal.ts'
import type { NotifyingVerb, RunError, RunResult } from './run-result.ts'
import type { Teller } from './tell.ts'

export interface NotifierHost {
  readonly env: Environment
  readonly clock: Clock
  readonly uuid: () => string
  readonly stderr: TextStream
  readonly hostname: string
  readonly version: string
  /** Somebody sits there and reads. */
  readonly isWatched: boolean
  /** Absolute. */
  readonly ledgerFile: string
  readonly configFolder: () => Promise<string>
  /** The end of what was written so far to stdout and stderr. */
  readonly log: () => string
}

export interface NotifiedCommand {
  verb: NotifyingVerb
  /** See RunResult. */
  scope: string
  /** --notify. */
  isAsked: boolean
}

export interface Notifier {
  /** The command begins; AuxoError `configuration-invalid` where a variable is wrong, before anything else is done. */
  begin(command: NotifiedCommand): Promise<void>
  /** The run of an entity is over; its times are told in the zone. */
  ran(report: RunReport, timeZone: string): void
  /** Somebody has to do this soon; no run failed for it yet. */
  warned(warning: { entity: string; message: string }): void
  found(findings: readonly (Finding & { entity: string })[]): void
  failed(error: RunError): void
  /** The command is over: those who are to know are told. Never throws; what did not arrive is said on stderr. */
  end(exitCode: number): Promise<void>
}

/** For commands within a command, and for verbs that tell nobody. */
export const silentNotifier: Notifier = {
  begin: async () => undefined,
  ran: () => undefined,
  warned: () => undefined,
  found: () => undefined,
  failed: () => undefined,
  end: async () => undefined,
}

/** What is known of the command so far. */
type Gathered = Omit<RunResult, 'endedAt' | 'exitCode'> & {
  reports: RunReport[]
  errors: RunError[]
  warnings: { entity: string; message: string }[]
  findings: (Finding & { entity: string })[]
}

export function createNotifier(host: NotifierHost): Notifier {
  let current: { teller: Teller; result: Gathered } | null = null
  return {
    begin: async ({ verb, scope, isAsked }) => {
      if (host.isWatched && !isAsked) return
      const { openTeller } = await import('./tell.ts')
      const { teller, problems } = openTeller(host)
      const startedAt = isoInstant(host.clock.now())
      current = {
        teller,
        result: {
          verb,
          scope,
          startedAt,
          timeZone: 'UTC',
          reports: [],
          errors: [],
          warnings: [],
          findings: [],
        },
      }
      await teller.begun()
      if (problems.length > 0) {
        const message = 'The variables that say whom to tell of a run are not right; nothing was done.'
        throw new AuxoError('configuration-invalid', message, { details: problems })
      }
    },
    ran: (report, timeZone) => {
      if (!current) return
      current.result.reports.push(report)
      current.result.timeZone = timeZone
    },
    warned: (warning) => {
      current?.result.warnings.push(warning)
    },
    found: (findings) => {
      for (const finding of findings) current?.result.findings.push(finding)
    },
    failed: (error) => {
      current?.result.errors.push(error)
    },
    end: async (exitCode) => {
      if (!current) return
      const { teller, result } = current
      current = null
      await teller.ended({ ...result, endedAt: isoInstant(host.clock.now()), exitCode })
    },
  }
}
