// Makes a ledger, and brings an old one up to date after a back-up. Opening one for use is open.ts.

import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { applyMigrations, isEmpty, missingMigrations } from './migrations.ts'
import { type Ledger, ledgerOn, type OpenOptions, openFile, setUpWrites } from './open.ts'

export interface CreateOptions extends OpenOptions {
  uuid: () => string
}

/** A new, empty ledger at the path; AuxoError where something is there already. */
export function createLedger(file: string, options: CreateOptions): Ledger {
  if (existsSync(file)) {
    throw new AuxoError(
      'usage',
      `${file} exists already. To bring an old ledger up to date: auxo-sync migrate --ledger ${file}`,
    )
  }
  let sqlite: Database | undefined
  try {
    sqlite = openFile(file, options)
    setUpWrites(sqlite)
    fill(sqlite, file, options)
    return ledgerOn(sqlite, file, options.clock)
  } catch (error) {
    sqlite?.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    throw error
  }
}

/** All at once: killed on the way, it is an empty file and not a ledger that lacks its identity. */
function fill(sqlite: Database, file: string, options: CreateOptions): void {
  const now = isoInstant(options.clock.now())
  sqlite.transaction(() => {
    applyMigrations(sqlite, file, now)
    sqlite
      .prepare('INSERT INTO ledger_identity (only, id, created_at) VALUES (1, ?, ?)')
      .run(options.uuid(), now)
  })()
}

export interface MigrationReport {
  applied: string[]
  /** Path of the back-up; null where there was nothing to do. */
  backup: string | null
}

/** Brings the ledger to this program's schema; a back-up is made first, and an integrity check before that. */
export function migrateLedger(file: string, options: OpenOptions): MigrationReport {
  if (!existsSync(file)) {
    throw new AuxoError(
      'ledger-missing',
      `There is no ledger at ${file}. Name the right file with --ledger or AUXO_LEDGER, or make one: auxo-sync init ${file}`,
    )
  }
  const sqlite = openFile(file, options)
  try {
    if (isEmpty(sqlite)) {
      throw new AuxoError(
        'ledger-damaged',
        `${file} is empty: it is no ledger. Delete it and run auxo-sync init ${file}`,
      )
    }
    if (missingMigrations(sqlite, file) === 0) return { applied: [], backup: null }
    setUpWrites(sqlite)
    refuseDamaged(sqlite, file)
    const backup = backUp(sqlite, file, options.clock.now())
    return { applied: applyMigrations(sqlite, file, isoInstant(options.clock.now())), backup }
  } finally {
    sqlite.close()
  }
}

function refuseDamaged(sqlite: Database, file: string): void {
  const verdict = sqlite.pragma('integrity_check(1)', { simple: true })
  if (verdict !== 'ok') {
    throw new AuxoError(
      'ledger-damaged',
      `The ledger ${file} is damaged (${String(verdict)}). Nothing was changed: restore the last back-up.`,
    )
  }
}

/** A consistent copy beside the ledger, named for the instant; never overwrites one, and is for no more people than the ledger. */
function backUp(sqlite: Database, file: string, nowMs: number): string {
  const backup = `${file}.${isoInstant(nowMs).replaceAll(/[:.]/g, '-')}.backup`
  try {
    // SQLite fills an empty file; one that it makes itself may be read by others, whoever the ledger is for.
    closeSync(openSync(backup, 'wx', statSync(file).mode & 0o666))
  } catch (error) {
    throw new AuxoError(
      'ledger-unwritable',
      `The back-up ${backup} cannot be made: there is such a file already, or this user may not write in that folder. Nothing was changed: mend that and run the command again.`,
      { cause: error },
    )
  }
  try {
    sqlite.prepare('VACUUM INTO ?').run(backup)
  } catch (error) {
    rmSync(backup, { force: true })
    throw error
  }
  return backup
}
