// What is told of one command that ran: its verb, how it ended, the reports of its entities and the errors beside them.
// Gathered by notifier.ts, read by the webhook and the mail.

import type { Finding } from '../accounting/findings.ts'
import type { RunReport } from '../accounting/outcomes.ts'

export type NotifyingVerb = 'export' | 'pull' | 'validate'

/** An error that ended one entity's part, or with null the whole command. */
export interface RunError {
  entity: string | null
  /** Of errors.ts, or `bug`. */
  code: string
  message: string
  details: readonly string[]
}

export interface RunResult {
  verb: NotifyingVerb
  /** What the command was narrowed to (only some entities, kinds or dates), as text: two such commands know nothing of each other. */
  scope: string
  /** ISO UTC. */
  startedAt: string
  endedAt: string
  exitCode: number
  /** Where the business has its days. */
  timeZone: string
  reports: readonly RunReport[]
  errors: readonly RunError[]
  /** What somebody has to do soon, though nothing failed yet: a log-in that ends. */
  warnings: readonly { entity: string; message: string }[]
  /** Of `validate`, all severities. */
  findings: readonly (Finding & { entity: string })[]
}

/** The scope of a command from what it was narrowed to, as typed. */
export function narrowedTo(words: readonly unknown[]): string {
  return JSON.stringify(words.map((word) => word ?? null))
}
