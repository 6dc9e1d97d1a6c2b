import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuxoError, type ErrorCode } from '../errors.ts'
import { createLedger, migrateLedger } from './create.ts'
import { readMigrations } from './migrations.ts'
import { openLedger } from './open.ts'
import { ledgerProblem } from './problems.ts'
import { emptyLedgerBytes, handClock, testStart } from './test-ledger.ts'

let folder: string
let file: string
const clock = handClock()
const options = { clock, uuid: () => 'id-1' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auxo-create-'))
  file = join(folder, 'ledger.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a person reads: an AuxoError as it is, an error of SQLite translated as main does. */
function refusalOf(work: () => unknown): AuxoError {
  try {
    work()
  } catch (error) {
    const told = error instanceof AuxoError ? error : ledgerProblem(error, file)
    if (!told) throw error
    return told
  }
  throw new Error('it was not refused')
}

/** A ledger as an older program made it: the first migrations only. */
function olderLedger(versions: number): void {
  const sqlite = new Database(file)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma(`application_id = ${0x4155584f}`)
  sqlite.exec(
    `CREATE TABLE schema_migration (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT`,
  )
  for (const { version, name, sql, checksum } of readMigrations().slice(0, versions)) {
    sqlite.exec(sql)
    sqlite.prepare('INSERT INTO schema_migration VALUES (?, ?, ?, ?)').run(version, name, checksum, testStart)
  }
  if (versions > 0)
    sqlite.exec("INSERT INTO billing_entity (code, name, region) VALUES ('NZ01', 'Old', 'NZ')")
  sqlite.close()
}

const schemaOf = (path: string) => {
  const sqlite = new Database(path, { readonly: true })
  try {
    return sqlite.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
  } finally {
    sqlite.close()
  }
}

describe('a new ledger', () => {
  test('has every migration, an identity and our pragmas, and opens again', () => {
    const made = createLedger(file, options)
    const { sqlite } = made
    expect(sqlite.prepare('SELECT version FROM schema_migration').pluck().all()).toEqual(
      readMigrations().map(({ version }) => version),
    )
    expect(sqlite.prepare('SELECT id, created_at FROM ledger_identity').get()).toEqual({
      id: 'id-1',
      created_at: testStart,
    })
    expect(
      ['foreign_keys', 'journal_mode', 'synchronous'].map((name) => sqlite.pragma(name, { simple: true })),
    ).toEqual([1, 'wal', 2])
    made.close()
    openLedger(file, { clock }).close()
    expect(migrateLedger(file, { clock })).toEqual({ applied: [], backup: null })
  })

  test('is not made over anything that exists', () => {
    writeFileSync(file, 'something')
    expect(refusalOf(() => createLedger(file, options)).code).toBe('usage')
    expect(readFileSync(file, 'utf8')).toBe('something')
  })

  test.each(['exec', 'prepare'] as const)('that fails at any %s leaves nothing behind', (method) => {
    let fails = true
    for (let at = 1; fails; at += 1) {
      let count = 0
      const wrap = (database: Database.Database) =>
        new Proxy(database, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name, target)
            if (typeof member !== 'function') return member
            return (...values: unknown[]) => {
              if (name === method && ++count === at) throw new Error('no more')
              return Reflect.apply(member, target, values)
            }
          },
        })
      try {
        createLedger(file, { ...options, wrap }).close()
        fails = false
      } catch {
        expect(readdirSync(folder)).toEqual([])
      }
    }
    expect(existsSync(file)).toBe(true)
  })

  test('in a folder that is not there is refused', () => {
    file = join(folder, 'nowhere', 'ledger.db')
    expect(() => createLedger(file, options)).toThrow()
    expect(readdirSync(folder)).toEqual([])
  })

  test('that was killed while it was made is no ledger without identity', () => {
    // Every commit of the making, seen by somebody else at that moment: nothing, or all of it.
    const seen = new Set<string>()
    const look = () => {
      const other = new Database(file, { readonly: true })
      const tables = other.prepare('SELECT COUNT(*) FROM sqlite_schema').pluck().get()
      seen.add(
        tables === 0
          ? 'nothing'
          : `identity ${other.prepare('SELECT COUNT(*) FROM ledger_identity').pluck().get()}`,
      )
      other.close()
    }
    const wrap = (database: Database.Database) =>
      new Proxy(database, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target)
          if (typeof member !== 'function') return member
          return (...values: unknown[]) => {
            if (existsSync(file)) look()
            return Reflect.apply(member, target, values)
          }
        },
      })
    createLedger(file, { ...options, wrap }).close()
    look()
    expect([...seen]).toEqual(['nothing', 'identity 1'])
  })
})

describe('an older ledger', () => {
  test.each(readMigrations().map(({ version }) => version - 1))(
    'of %d migrations is brought up to date',
    (versions) => {
      olderLedger(versions)
      expect(refusalOf(() => openLedger(file, { clock })).code).toBe('ledger-outdated')
      const before = schemaOf(file)
      const report = migrateLedger(file, { clock })
      expect(report.applied).toEqual(
        readMigrations()
          .slice(versions)
          .map(({ version, name }) => `${String(version).padStart(4, '0')}_${name}`),
      )
      // The back-up is the ledger as it was, rows and all.
      expect(schemaOf(report.backup ?? '')).toEqual(before)
      if (versions > 0) {
        const backup = new Database(report.backup ?? '', { readonly: true })
        expect(backup.prepare('SELECT name FROM billing_entity').pluck().all()).toEqual(['Old'])
        backup.close()
      }
      const fresh = join(folder, 'fresh.db')
      createLedger(fresh, options).close()
      expect(schemaOf(file)).toEqual(schemaOf(fresh))
      openLedger(file, { clock }).close()
      expect(migrateLedger(file, { clock })).toEqual({ applied: [], backup: null })
    },
  )

  test('whose back-up cannot be made stays as it is', () => {
    olderLedger(2)
    const before = schemaOf(file)
    // Somebody else's file is where the back-up would go.
    writeFileSync(`${file}.${testStart.replaceAll(/[:.]/g, '-')}.backup`, 'precious')
    expect(() => migrateLedger(file, { clock })).toThrow('cannot be made: there is such a file already')
    expect(schemaOf(file)).toEqual(before)
    expect(readFileSync(`${file}.${testStart.replaceAll(/[:.]/g, '-')}.backup`, 'utf8')).toBe('precious')
  })

  test.each([0o600, 0o640])('has a back-up for no more people than itself: %o', (mode) => {
    olderLedger(2)
    chmodSync(file, mode)
    const { backup } = migrateLedger(file, { clock })
    expect(statSync(backup ?? '').mode & 0o777).toBe(mode)
  })

  test('that is damaged is not migrated', () => {
    olderLedger(2)
    const sqlite = new Database(file)
    sqlite.pragma('journal_mode = DELETE')
    const pageSize = Number(sqlite.pragma('page_size', { simple: true }))
    sqlite.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, pageSize * 3, pageSize * 4)
    writeFileSync(file, bytes)
    expect(refusalOf(() => migrateLedger(file, { clock })).code).toBe('ledger-damaged')
    expect(readdirSync(folder).filter((name) => name.endsWith('.backup'))).toEqual([])
  })
})

describe('what is no ledger of this program', () => {
  const made = (sql: string) => () => {
    writeFileSync(file, emptyLedgerBytes())
    const sqlite = new Database(file)
    sqlite.exec(sql)
    sqlite.close()
  }
  const cases: [string, () => void, ErrorCode, RegExp][] = [
    ['nothing', () => undefined, 'ledger-missing', /There is no ledger/],
    ['a folder', () => mkdirSync(file), 'ledger-missing', /is a folder/],
    ['an empty file', () => writeFileSync(file, ''), 'ledger-damaged', /empty|not an auxo-sync ledger/],
    [
      'a text file',
      () => writeFileSync(file, 'Number,Total\n'.repeat(1_000)),
      'ledger-damaged',
      /no SQLite file/,
    ],
    ['a short text file', () => writeFileSync(file, 'hello'), 'ledger-damaged', /no SQLite file/],
    [
      'another SQLite file',
      () => {
        const other = new Database(file)
        other.exec('CREATE TABLE photo (name TEXT)')
        other.close()
      },
      'ledger-damaged',
      /not an auxo-sync ledger/,
    ],
    [
      'a newer ledger',
      made("INSERT INTO schema_migration VALUES (99, 'later', 'x', '2027-01-01T00:00:00.000Z')"),
      'ledger-newer',
      /newer auxo-sync/,
    ],
    [
      'a ledger whose migration was changed',
      made("UPDATE schema_migration SET checksum = 'x' WHERE version = 2"),
      'ledger-damaged',
      /Migration 2 \(configuration\)/,
    ],
    [
      'a ledger whose migration has another name',
      made("UPDATE schema_migration SET name = 'x' WHERE version = 2"),
      'ledger-damaged',
      /Migration 2 \(x\)/,
    ],
    [
      'a ledger with a gap',
      made('DELETE FROM schema_migration WHERE version = 2'),
      'ledger-damaged',
      /Migration 3/,
    ],
    ['a ledger without its history', made('DROP TABLE schema_migration'), 'ledger-damaged', /history/],
  ]
  describe.each(cases)('%s', (_title, make, code, words) => {
    test.each(['open', 'migrate'] as const)('%s refuses it and changes nothing', (verb) => {
      make()
      const before = contents()
      const error = refusalOf(() =>
        verb === 'open' ? openLedger(file, { clock }) : migrateLedger(file, { clock }),
      )
      expect([error.code, error.message]).toEqual([code, expect.stringMatching(words)])
      expect(error.message).toContain(file)
      expect(contents()).toBe(before)
    })
  })

  /** The file's bytes, and that nothing lies beside it. */
  function contents(): string {
    const names = readdirSync(folder).filter((name) => !name.endsWith('-wal') && !name.endsWith('-shm'))
    try {
      return `${names.join()} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
    } catch {
      return names.join()
    }
  }
})
