// Brings a ledger's schema to this program's version, and refuses one that it does not understand. Migrations are the
// numbered SQL files of migrations/: forward only, each applied with its record in one transaction.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { AuxoError } from '../errors.ts'

/** Marks the file as a ledger in SQLite's header: the letters AUXO. */
const applicationId = 0x4155584f

export interface Migration {
  version: number
  name: string
  sql: string
  checksum: string
}

interface Applied {
  version: number
  name: string
  checksum: string
}

/** The migrations of this program, in order; a gap or a missing folder is a broken installation. */
export function readMigrations(
  folder = fileURLToPath(new URL('../../migrations/', import.meta.url)),
): Migration[] {
  if (!existsSync(folder))
    throw new Error(`The program's migrations are missing: ${folder}. Install auxo-sync again.`)
  const migrations = readdirSync(folder)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(`${folder}/${file}`, 'utf8')
      return {
        version: Number(file.slice(0, 4)),
        name: file.slice(5, -4),
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      }
    })
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1) throw new Error(`The program's migration ${index + 1} is missing.`)
  })
  return migrations
}

/** AuxoError where the file is no ledger, is newer or older than this program, or had a migration changed under it. */
export function checkSchema(sqlite: Database, file: string): void {
  const migrations = readMigrations()
  const applied = appliedMigrations(sqlite, file)
  compare(migrations, applied, file)
  if (applied.length < migrations.length) {
    throw new AuxoError(
      'ledger-outdated',
      `The ledger ${file} was made by an older auxo-sync. Bring it up to date (a back-up is made first): auxo-sync migrate --ledger ${file}`,
    )
  }
}

/** Applies what is missing; returns the names applied. The caller has made a back-up where there was something to lose. */
export function applyMigrations(sqlite: Database, file: string, now: string): string[] {
  const migrations = readMigrations()
  const fresh = isEmpty(sqlite)
  const applied = fresh ? [] : appliedMigrations(sqlite, file)
  compare(migrations, applied, file)
  const names: string[] = []
  if (fresh) createHistory(sqlite)
  for (const migration of migrations.slice(applied.length)) {
    sqlite.transaction(() => {
      // The record goes first: a second migrator at the same time fails here, before doing anything.
      sqlite
        .prepare('INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)')
        .run(migration.version, migration.name, migration.checksum, now)
      sqlite.exec(migration.sql)
    })()
    names.push(`${String(migration.version).padStart(4, '0')}_${migration.name}`)
  }
  return names
}

/** Migrations of this program that the ledger does not have yet. */
export function missingMigrations(sqlite: Database, file: string): number {
  const migrations = readMigrations()
  const applied = appliedMigrations(sqlite, file)
  compare(migrations, applied, file)
  return migrations.length - applied.length
}

/** Migrations that a ledger has had, and those of this program. For who only looks: `checkSchema` says whether they fit. */
export function countMigrations(sqlite: Database): { has: number; known: number } {
  const has = sqlite.prepare('SELECT MAX(version) FROM schema_migration').pluck().get()
  return { has: Number(has ?? 0), known: readMigrations().length }
}

/** True for a file without any table: one that SQLite has just made. */
export function isEmpty(sqlite: Database): boolean {
  return sqlite.prepare('SELECT COUNT(*) FROM sqlite_master').pluck().get() === 0
}

function createHistory(sqlite: Database): void {
  sqlite.pragma(`application_id = ${applicationId}`)
  sqlite.exec(`CREATE TABLE schema_migration (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT`)
}

function appliedMigrations(sqlite: Database, file: string): Applied[] {
  if (sqlite.pragma('application_id', { simple: true }) !== applicationId) {
    throw new AuxoError(
      'ledger-damaged',
      `${file} is a SQLite file, but not an auxo-sync ledger. Name the right file with --ledger, or make a ledger with: auxo-sync init`,
    )
  }
  if (!sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'").get()) {
    throw new AuxoError(
      'ledger-damaged',
      `The ledger ${file} has lost the history of its migrations. Nothing was changed: restore the last back-up.`,
    )
  }
  // The columns are those of createHistory.
  return sqlite
    .prepare('SELECT version, name, checksum FROM schema_migration ORDER BY version')
    .all() as Applied[]
}

function compare(migrations: readonly Migration[], applied: readonly Applied[], file: string): void {
  const last = applied.at(-1)
  if (applied.length > migrations.length || (last && last.version > migrations.length)) {
    throw new AuxoError(
      'ledger-newer',
      `The ledger ${file} was made by a newer auxo-sync (schema ${last?.version}, this program knows ${migrations.length}). Update auxo-sync; nothing was changed.`,
    )
  }
  applied.forEach((row, index) => {
    const known = migrations[index]
    if (row.version !== index + 1 || !known || known.checksum !== row.checksum || known.name !== row.name) {
      throw new AuxoError(
        'ledger-damaged',
        `Migration ${row.version} (${row.name}) of the ledger ${file} is not the one that this program has. Nothing was changed. Install the auxo-sync that made this ledger, or restore the ledger's back-up.`,
      )
    }
  })
}
