// Opens a ledger file: pragmas, the check that it is a ledger of this program's version, transactions. What is in the
// tables is for the other files of this folder; nothing outside it speaks SQL.

import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, type Transaction } from 'kysely'
import { type Clock, isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { checkSchema } from './migrations.ts'
import { type PlaceOptions, refuseNetworkFolder } from './network-folder.ts'
import type { Schema } from './schema.ts'

const busyTimeoutMs = 10_000

export interface Ledger {
  readonly file: string
  /** For bulk loading and back-ups only; everything else goes through `db`. */
  readonly sqlite: Database.Database
  readonly db: Kysely<Schema>
  readonly clock: Clock
  /**
   * All or nothing, with one timestamp for all its rows. No network call may be awaited inside, and only `tx` may be
   * used: a query on `db` would wait for this transaction for ever.
   */
  transaction<T>(work: (tx: Transaction<Schema>, now: string) => Promise<T>): Promise<T>
  close(): void
}

export interface OpenOptions extends PlaceOptions {
  clock: Clock
  /** What tests put between us and SQLite, to die at a chosen write. */
  wrap?: ((database: Database.Database) => Database.Database) | undefined
}

/** Opens an existing ledger of this version; AuxoError `ledger-…` otherwise. */
export function openLedger(file: string, options: OpenOptions): Ledger {
  if (!existsSync(file)) throw missing(file)
  const sqlite = openFile(file, options)
  try {
    checkSchema(sqlite, file)
    setUpWrites(sqlite)
  } catch (error) {
    sqlite.close()
    throw error
  }
  return ledgerOn(sqlite, file, options.clock)
}

/** For who only looks: nothing can be written through it, and all that is read is of one moment. AuxoError `ledger-…` as above. */
export function openLedgerToRead(file: string, options: OpenOptions): Ledger {
  if (!existsSync(file)) throw missing(file)
  refuseNetworkFolder(file, options)
  const bare = new Database(file, { readonly: true, timeout: busyTimeoutMs })
  const sqlite = options.wrap ? options.wrap(bare) : bare
  try {
    checkSchema(sqlite, file)
    sqlite.exec('BEGIN')
  } catch (error) {
    sqlite.close()
    throw error
  }
  return ledgerOn(sqlite, file, options.clock)
}

function missing(file: string): AuxoError {
  return new AuxoError(
    'ledger-missing',
    `There is no ledger at ${file}. Name the right file with --ledger or AUXO_LEDGER, or make one: auxo-sync init ${file} --entity CODE --name NAME --region NZ`,
  )
}

/** The bare file, whatever is in it, unchanged: for `init` and `migrate`, which call `setUpWrites` once they know. */
export function openFile(file: string, options: OpenOptions): Database.Database {
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new AuxoError('ledger-missing', `${file} is a folder, not a ledger file.`)
  }
  refuseNetworkFolder(file, options)
  const bare = new Database(file, { timeout: busyTimeoutMs })
  const sqlite = options.wrap ? options.wrap(bare) : bare
  sqlite.pragma('foreign_keys = ON')
  return sqlite
}

/** Our way of writing. Only on a ledger: WAL stays in the file's header, and another program's file is not ours to change. */
export function setUpWrites(sqlite: Database.Database): void {
  sqlite.pragma('journal_mode = WAL')
  // A recorded outcome must survive a power cut: FULL, not WAL's usual NORMAL.
  sqlite.pragma('synchronous = FULL')
}

/** What kysely says around a transaction, as it has to be said to SQLite. */
function ourWords(text: string, sqlite: Database.Database): string {
  // The write lock first: a transaction that reads and then writes is refused at once where another program wrote in
  // between, and the busy timeout, which lets an exporting system write while a run goes on (Q4), would never apply.
  if (text === 'begin') return 'begin immediate'
  // A full or failing disk ends a transaction by itself; a second end would hide the first error behind its own.
  return text === 'rollback' && !sqlite.inTransaction ? 'SELECT 1' : text
}

/** Ours are some hundreds; lists of values make a few more of each. */
const statementsMax = 400

/**
 * Statements that were said before are not worked out again: with the triggers of a ledger that takes longer than running them.
 * One that is still being read by somebody is his alone.
 */
function preparer(sqlite: Database.Database): (text: string) => Database.Statement {
  const known = new Map<string, Database.Statement>()
  return (text) => {
    const found = known.get(text)
    if (found && !found.busy) return found
    if (known.size >= statementsMax) known.clear()
    const statement = sqlite.prepare(text)
    known.set(text, statement)
    return statement
  }
}

export function ledgerOn(sqlite: Database.Database, file: string, clock: Clock): Ledger {
  const prepare = preparer(sqlite)
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: {
        close: () => sqlite.close(),
        prepare: (text) => prepare(ourWords(text, sqlite)),
      },
    }),
  })
  return {
    file,
    sqlite,
    db,
    clock,
    transaction: (work) => db.transaction().execute((tx) => work(tx, isoInstant(clock.now()))),
    close: () => sqlite.close(),
  }
}
