// Whether the file is whole, asked before a run that could act on what a bad disk made of it. SQLite notices a damaged page
// only when it reads it, and a page that another took the place of perhaps never. What a person sees of it otherwise is
// problems.ts.

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { ledgerId } from './identity.ts'
import type { Ledger } from './open.ts'

/** A look takes a second or more for each 100,000 documents: one a night is enough, one a run of `watch` too many. */
const looksEveryMs = 20 * 60 * 60_000

/**
 * AuxoError `ledger-damaged` where the file is not whole. It is looked at once a day, which the config folder remembers; where that
 * cannot be written, each time.
 */
export async function refuseDamagedLedger(ledger: Ledger, configFolder: string): Promise<void> {
  const folder = join(configFolder, 'checked')
  const file = join(folder, `${await ledgerId(ledger)}.json`)
  const sinceLook = ledger.clock.now() - (await lastLook(file))
  if (sinceLook >= 0 && sinceLook < looksEveryMs) return
  if (isDamaged(ledger.sqlite)) throw damaged(ledger.file, 'Nothing was sent.')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(file, `${JSON.stringify({ soundAt: isoInstant(ledger.clock.now()) })}\n`, { mode: 0o600 })
  } catch {
    // Looked at again next time.
  }
}

/** The AuxoError for a bug that was none: what the program could not make sense of stands in a damaged ledger. Null for a real one. */
export function damageBehind(file: string): AuxoError | null {
  if (!existsSync(file)) return null
  try {
    const sqlite = new Database(file, { readonly: true })
    try {
      return isDamaged(sqlite)
        ? damaged(file, 'What was sent is recorded, as far as the file can be trusted.')
        : null
    } finally {
      sqlite.close()
    }
  } catch {
    return null
  }
}

/** True also where it cannot even be looked at. */
function isDamaged(sqlite: Database.Database): boolean {
  try {
    return sqlite.pragma('integrity_check(1)', { simple: true }) !== 'ok'
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code)))
      return true
    throw error
  }
}

function damaged(file: string, soFar: string): AuxoError {
  return new AuxoError(
    'ledger-damaged',
    `The ledger ${file} is damaged, as by a bad disk or by a program that copied it while it was written. ${soFar} Do not write to it any more: restore the last back-up, then run auxo-sync adopt-copy before the next export.`,
  )
}

/** ms since 1970; NaN where nothing is remembered, which is long ago. */
async function lastLook(file: string): Promise<number> {
  try {
    const { soundAt } = JSON.parse(await readFile(file, 'utf8')) as { soundAt?: unknown } // looked at in the next line
    return typeof soundAt === 'string' ? Date.parse(soundAt) : Number.NaN
  } catch {
    return Number.NaN
  }
}
