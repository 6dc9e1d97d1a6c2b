// What SQLite's own errors mean to a person. The rest of the program catches none of them: they are translated once,
// where errors become exit codes.

import { AuxoError, type ErrorCode } from '../errors.ts'

interface Cure {
  starts: string
  code: ErrorCode
  sentence: (file: string) => string
}

const cures: readonly Cure[] = [
  {
    starts: 'SQLITE_BUSY',
    code: 'ledger-locked',
    sentence: (file) =>
      `The ledger ${file} is locked by another program. Close what is writing to it (the exporting system, a SQL browser with unsaved changes) and run the command again. Nothing was changed.`,
  },
  {
    starts: 'SQLITE_LOCKED',
    code: 'ledger-locked',
    sentence: (file) => `The ledger ${file} is locked. Run the command again. Nothing was changed.`,
  },
  {
    starts: 'SQLITE_READONLY',
    code: 'ledger-unwritable',
    sentence: (file) =>
      `The ledger ${file} cannot be written: the file or its folder is read-only for this user. Give the user write access to both, since SQLite keeps files beside the ledger.`,
  },
  {
    starts: 'SQLITE_CANTOPEN',
    code: 'ledger-unwritable',
    sentence: (file) =>
      `The ledger ${file} cannot be opened. Check that the folder exists and that this user may read and write in it.`,
  },
  {
    starts: 'SQLITE_FULL',
    code: 'ledger-unwritable',
    sentence: (file) =>
      `There is no space left on the disk of the ledger ${file}. Free some space and run the command again; what was recorded so far is kept.`,
  },
  {
    starts: 'SQLITE_NOTADB',
    code: 'ledger-damaged',
    sentence: (file) => `${file} is not a ledger: it is no SQLite file at all. Check the file name.`,
  },
  {
    starts: 'SQLITE_CORRUPT',
    code: 'ledger-damaged',
    sentence: (file) =>
      `The ledger ${file} is damaged. Do not write to it any more: restore the last back-up, then run auxo-sync adopt-copy before the next export.`,
  },
  {
    starts: 'SQLITE_IOERR',
    code: 'ledger-unwritable',
    sentence: (file) =>
      `The disk failed while the ledger ${file} was read or written (no space, a lost network folder, a bad disk). Cure that and run the command again.`,
  },
]

/** The AuxoError for an error that SQLite raised, or null for any other error. */
export function ledgerProblem(error: unknown, file: string): AuxoError | null {
  if (error instanceof Error && isUnbuilt(error)) {
    return new AuxoError(
      'configuration-invalid',
      'SQLite cannot be loaded, because npm did not run the install script of better-sqlite3. Install auxo-sync again and allow it: npm install -g --allow-scripts=better-sqlite3 auxo-sync (or the name of its tarball).',
      { cause: error },
    )
  }
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const code = error.code
  const cure = cures.find((known) => code.startsWith(known.starts))
  return cure ? new AuxoError(cure.code, cure.sentence(file), { cause: error }) : null
}

/** better-sqlite3's native part was never built, or for another Node. Its loader has no code for the first. */
function isUnbuilt(error: Error): boolean {
  return (
    error.message.startsWith('Could not locate the bindings file') ||
    ('code' in error && error.code === 'ERR_DLOPEN_FAILED')
  )
}
