// What `doctor` says of the ledger as a file: whether it is there, where it lies, whether it can be written, is whole, and
// is of this program's version. Pure; reading it is ledger/health.ts.

import type { ErrorCode } from '../errors.ts'
import { type Check, caution, fine, wrong } from './check.ts'
import { shellWord } from './machine.ts'

export interface LedgerFacts {
  file: string
  /** What an opening ended with; null where it opened. */
  problem: { code: ErrorCode; message: string } | null
  /** Null where there is no file. */
  size: { bytes: number; logBytes: number } | null
  /** Of the disk that it lies on, or would; null where nobody can tell. */
  freeBytes: number | null
  /** Why it counts as lying in a network folder; null where it does not. */
  network: { message: string; isAllowed: boolean } | null
  rights: { isFileWritable: boolean; isFolderWritable: boolean; isOpenToAll: boolean } | null
  /** Migrations of the ledger and of the program; null where it could not be read. */
  schema: { has: number; known: number } | null
  /** Sentences of SQLite's own check, few; null where it could not be made. */
  damage: readonly string[] | null
  /** Rows that name something that is not there, by table; null where it could not be looked at. */
  orphans: readonly { table: string; rows: number }[] | null
}

const mega = 1_000_000
/** Below this a back-up for a migration, or the log of a large export, may not fit. */
const fewBytes = 500 * mega
const tooFewBytes = 50 * mega

export function judgeLedger(facts: LedgerFacts): Check[] {
  return [file, place, rights, diskSpace, schema, integrity, references]
    .map((judge) => judge(facts))
    .filter((check) => check !== null)
}

/** What other checks tell better, with their own cure. */
const toldElsewhere: readonly ErrorCode[] = ['ledger-outdated', 'ledger-newer', 'ledger-on-network']

function file({ file: path, problem, size, damage }: LedgerFacts): Check {
  if (problem && !toldElsewhere.includes(problem.code) && !(damage && damage.length > 0)) {
    return wrong('ledger-file', { found: problem.message, cure: cureOf(problem.code, path), exitCode: 5 })
  }
  const { bytes = 0, logBytes = 0 } = size ?? {}
  const log = logBytes > mega ? `, and ${sizeText(logBytes)} in its write-ahead log` : ''
  return fine('ledger-file', { found: `${path}, ${sizeText(bytes)}${log}.` })
}

function cureOf(code: ErrorCode, path: string): string {
  switch (code) {
    case 'ledger-missing':
      return `Name the right file with --ledger or AUXO_LEDGER, or make one: auxo-sync init ${shellWord(path)} --entity NZ01 --name "Example Ltd" --region NZ`
    case 'ledger-locked':
      return `See what has it open: fuser -v ${shellWord(path)}`
    case 'ledger-unwritable':
      return `Give it to this user, with its folder: sudo chown "$(id -un)" ${shellWord(path)}`
    default:
      return `Restore the last back-up, then: auxo-sync adopt-copy --ledger ${shellWord(path)}`
  }
}

function place({ file: path, network }: LedgerFacts): Check | null {
  if (network === null) return null
  if (network.isAllowed) {
    return caution('ledger-place', {
      found: `${path} lies in a network folder, and AUXO_NETWORK_LEDGER allows it.`,
      cure: 'Make sure that no other machine ever opens it: two that write to it at once do not see each other.',
    })
  }
  return wrong('ledger-place', {
    found: network.message,
    cure: `Move it to a disk of this machine: mv ${shellWord(path)} ~/ledger.db, and set AUXO_LEDGER to it.`,
    exitCode: 5,
  })
}

function rights({ file: path, rights: had, size }: LedgerFacts): Check | null {
  if (had === null || size === null) return null
  if (!had.isFileWritable || !had.isFolderWritable) {
    const what = had.isFileWritable ? 'The folder of the ledger' : 'The ledger'
    return wrong('ledger-rights', {
      found: `${what} cannot be written by this user. SQLite keeps two files beside the ledger while it is open.`,
      cure: `sudo chown "$(id -un)" ${shellWord(path)} "$(dirname ${shellWord(path)})"`,
      exitCode: 5,
    })
  }
  if (had.isOpenToAll) {
    return caution('ledger-rights', {
      found: 'Every user of this machine may change the ledger, and with it what goes to Xero.',
      cure: `chmod o-w ${shellWord(path)}`,
    })
  }
  return fine('ledger-rights', { found: 'This user may write to it and beside it.' })
}

function diskSpace({ freeBytes, size }: LedgerFacts): Check | null {
  if (freeBytes === null) return null
  const found = `${sizeText(freeBytes)} free on the disk of the ledger.`
  const cure = 'Free some space. An export that finds the disk full stops, and keeps what it recorded so far.'
  if (freeBytes < tooFewBytes) return wrong('disk-space', { found, cure })
  if (freeBytes < Math.max(fewBytes, 2 * (size?.bytes ?? 0))) return caution('disk-space', { found, cure })
  return fine('disk-space', { found })
}

function schema({ file: path, schema: versions }: LedgerFacts): Check | null {
  if (versions === null) return null
  const { has, known } = versions
  if (has < known) {
    return wrong('ledger-schema', {
      found: `Made by an older auxo-sync: schema ${has}, this program has ${known}.`,
      cure: `auxo-sync migrate --ledger ${shellWord(path)} (a back-up is made first)`,
      exitCode: 5,
    })
  }
  if (has > known) {
    return wrong('ledger-schema', {
      found: `Made by a newer auxo-sync: schema ${has}, this program knows ${known}.`,
      cure: 'Install the newer auxo-sync.',
      exitCode: 5,
    })
  }
  return fine('ledger-schema', { found: `Schema ${has}, that of this program.` })
}

function integrity({ file: path, damage }: LedgerFacts): Check | null {
  if (damage === null) return null
  if (damage.length === 0) return fine('ledger-integrity', { found: 'SQLite finds the file whole.' })
  return wrong('ledger-integrity', {
    found: `The ledger is damaged: ${damage.join('; ')}`,
    cure: `Do not write to it any more. Restore the last back-up, then: auxo-sync adopt-copy --ledger ${shellWord(path)}`,
    exitCode: 5,
  })
}

function references({ orphans }: LedgerFacts): Check | null {
  if (orphans === null) return null
  if (orphans.length === 0) return fine('ledger-references', { found: 'Every row has what it belongs to.' })
  const list = orphans.map(({ table, rows }) => `${rows} in ${table}`).join(', ')
  return caution('ledger-references', {
    found: `Rows that belong to something that is not there: ${list}.`,
    cure: 'Have whatever writes the ledger put back what they belong to, or take them away; it should set PRAGMA foreign_keys = ON. auxo-sync validate names documents that are affected.',
  })
}

function sizeText(bytes: number): string {
  if (bytes < mega) return `${Math.round(bytes / 1_000)} kB`
  return bytes < 1_000 * mega ? `${(bytes / mega).toFixed(1)} MB` : `${(bytes / 1_000 / mega).toFixed(1)} GB`
}
