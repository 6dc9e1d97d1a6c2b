// One thing that `doctor` looked at, and what it came to: the vocabulary of checkup/. Judging is in the files beside it,
// finding the facts out is commands/.

export type CheckState = 'ok' | 'warning' | 'error'

/** In the order in which they are told. Public: a new one is added, none is renamed. */
export const checkIds = [
  'node',
  'environment',
  'proxy',
  'config-folder',
  'ledger-file',
  'ledger-place',
  'ledger-rights',
  'disk-space',
  'ledger-schema',
  'ledger-integrity',
  'ledger-references',
  'entities',
  'settings',
  'connection',
  'credentials',
  'log-in',
  'scopes',
  'xero',
  'clock',
  'calls-left',
  'mirror',
  'copy',
  'open-calls',
  'lease',
] as const
export type CheckId = (typeof checkIds)[number]

export interface Check {
  id: CheckId
  /** The billing entity that it is about; null for the machine and the ledger. */
  entity: string | null
  state: CheckState
  /** What was found, in a sentence. */
  found: string
  /** What to do; null where nothing has to be done. Command lines in it can be pasted. */
  cure: string | null
  /** What an export would end with because of it: the meaning of the exit codes (cli.md). 0 unless it is an error. */
  exitCode: 0 | 1 | 4 | 5
}

type Words = Pick<Check, 'found'> & { entity?: string }

export function fine(
  id: CheckId,
  { found, entity = null }: { found: string; entity?: string | null },
): Check {
  return { id, entity, state: 'ok', found, cure: null, exitCode: 0 }
}

export function caution(id: CheckId, words: Words & { cure: string }): Check {
  return {
    id,
    entity: words.entity ?? null,
    state: 'warning',
    found: words.found,
    cure: words.cure,
    exitCode: 0,
  }
}

export function wrong(id: CheckId, words: Words & { cure: string; exitCode?: 1 | 4 | 5 }): Check {
  const { found, cure, entity = null, exitCode = 1 } = words
  return { id, entity, state: 'error', found, cure, exitCode }
}

/** What `doctor` ends with: 5, then 4, then 1, as for an export that cannot begin. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 4 | 5 {
  const codes = checks.map(({ exitCode }) => exitCode)
  return ([5, 4, 1] as const).find((code) => codes.includes(code)) ?? 0
}
