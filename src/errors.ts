// The one error of a run that is expected: a code from a closed list and a sentence for a person.
// Outcomes of single documents are values (accounting/findings.ts), and bugs are plain errors: exit 70.

/** Why a run could not go on, with the exit code of the public contract (cli.md). */
export const exitCodes = {
  'needs-person': 1,
  usage: 2,
  'needs-yes': 2,
  'configuration-invalid': 3,
  'input-invalid': 3,
  'not-connected': 4,
  'not-authorised': 4,
  'other-organisation': 4,
  'ledger-missing': 5,
  'ledger-newer': 5,
  'ledger-outdated': 5,
  'ledger-damaged': 5,
  'ledger-locked': 5,
  'ledger-unwritable': 5,
  'ledger-copied': 5,
  'ledger-on-network': 5,
  'organisation-busy': 6,
  'xero-limit': 7,
  'xero-away': 7,
  uncertain: 8,
  interrupted: 130,
} as const

export type ErrorCode = keyof typeof exitCodes

export class AuxoError extends Error {
  override readonly name = 'AuxoError'
  readonly code: ErrorCode
  /** Every problem, where there are several: an input file's bad rows, a configuration's bad values. */
  readonly details: readonly string[]
  /** From when it is worth trying again, ms since 1970, where that was said. */
  readonly retryAt: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: readonly string[]; retryAt?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.retryAt = options.retryAt ?? null
  }
}
