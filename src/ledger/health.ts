// Looks at a ledger's file as it is, whatever state it is in: for `doctor`, which has to say what is wrong where everything else
// gives up. Changes nothing, and throws nothing that a file can cause.

import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AuxoError } from '../errors.ts'
import { checkSchema, countMigrations } from './migrations.ts'
import { type PlaceOptions, refuseNetworkFolder } from './network-folder.ts'
import { ledgerProblem } from './problems.ts'

export interface LedgerHealth {
  file: string
  problem: AuxoError | null
  size: { bytes: number; logBytes: number } | null
  freeBytes: number | null
  network: { message: string; isAllowed: boolean } | null
  rights: { isFileWritable: boolean; isFolderWritable: boolean; isOpenToAll: boolean } | null
  schema: { has: number; known: number } | null
  damage: readonly string[] | null
  orphans: readonly { table: string; rows: number }[] | null
}

/** Lines of SQLite's own check: the first say enough. */
const damageLines = 3
const busyTimeoutMs = 5_000

export function readHealth(file: string, options: PlaceOptions): LedgerHealth {
  const found = statSync(file, { throwIfNoEntry: false })
  const outside = {
    file,
    size: found ? { bytes: found.size, logBytes: sizeOf(`${file}-wal`) } : null,
    freeBytes: freeBytesOf(dirname(file)),
    network: networkOf(file, options),
    rights: found
      ? {
          isFileWritable: isWritable(file),
          isFolderWritable: isWritable(dirname(file)),
          isOpenToAll: (found.mode & 0o002) !== 0,
        }
      : null,
  }
  return { ...outside, ...inside(file, found !== undefined, found?.isDirectory() ?? false) }
}

type Inside = Pick<LedgerHealth, 'problem' | 'schema' | 'damage' | 'orphans'>

const nothingSeen = { schema: null, damage: null, orphans: null }

function inside(file: string, exists: boolean, isFolder: boolean): Inside {
  if (!exists || isFolder) {
    const what = isFolder ? `${file} is a folder, not a ledger file.` : `There is no ledger at ${file}.`
    return { ...nothingSeen, problem: new AuxoError('ledger-missing', what) }
  }
  let sqlite: Database.Database | null = null
  try {
    sqlite = new Database(file, { readonly: true, timeout: busyTimeoutMs })
    return seen(sqlite, file)
  } catch (error) {
    return { ...nothingSeen, problem: problemOf(error, file) }
  } finally {
    sqlite?.close()
  }
}

function seen(sqlite: Database.Database, file: string): Inside {
  const damage = damageIn(sqlite)
  if (damage.length > 0) return { ...nothingSeen, damage, problem: null }
  try {
    checkSchema(sqlite, file)
  } catch (error) {
    const problem = problemOf(error, file)
    const isOther = problem.code === 'ledger-outdated' || problem.code === 'ledger-newer'
    return { problem, damage, schema: isOther ? countMigrations(sqlite) : null, orphans: null }
  }
  return { problem: null, damage, schema: countMigrations(sqlite), orphans: orphansIn(sqlite) }
}

/** Empty where SQLite finds nothing. Throws what an opening would: no database, locked, a failing disk. */
function damageIn(sqlite: Database.Database): string[] {
  try {
    const lines = sqlite.prepare(`PRAGMA quick_check(${damageLines})`).pluck().all() as string[] // one text a row
    return lines.filter((line) => line !== 'ok')
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))
      return [error.message]
    throw error
  }
}

/** The exporting system may write without foreign keys, so this is no damage. */
function orphansIn(sqlite: Database.Database): { table: string; rows: number }[] {
  const counts = new Map<string, number>()
  const rows = sqlite.prepare('PRAGMA foreign_key_check').all() as { table: string }[] // its first column
  for (const { table } of rows) counts.set(table, (counts.get(table) ?? 0) + 1)
  return [...counts].map(([table, count]) => ({ table, rows: count }))
}

function problemOf(error: unknown, file: string): AuxoError {
  if (error instanceof AuxoError) return error
  const known = ledgerProblem(error, file)
  if (known) return known
  throw error
}

function networkOf(file: string, options: PlaceOptions): LedgerHealth['network'] {
  try {
    refuseNetworkFolder(file, { ...options, isNetworkAllowed: false })
    return null
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    return { message: error.message, isAllowed: options.isNetworkAllowed ?? false }
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function freeBytesOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null // no such folder: the file is not there either, and that is told
  }
}
