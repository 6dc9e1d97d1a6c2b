// A temporary ledger and folder for tests of `import`: write a file, import it, look at every row of every table.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../src/clock.ts'
import { type FileReport, type ImportOptions, importFiles } from '../../src/importing/import-files.ts'
import { problemText } from '../../src/importing/problems.ts'
import { createLedger } from '../../src/ledger/create.ts'
import { type Ledger, openLedger } from '../../src/ledger/open.ts'

export interface CsvLedger {
  ledger: Ledger
  folder: string
  write(name: string, text: string | Buffer): string
  /** Writes the text to a file and imports it. */
  load(text: string | Buffer, options?: Partial<ImportOptions>): Promise<FileReport>
  /** The same, and fails with the problems where it is refused. */
  loaded(text: string | Buffer, options?: Partial<ImportOptions>): Promise<FileReport>
  /** The problems of a file that must be refused, as people read them. */
  refused(text: string | Buffer, options?: Partial<ImportOptions>): Promise<string[]>
  rows(sql: string): Record<string, unknown>[]
  /** Every row of every table as text: equal dumps are equal ledgers. */
  dump(): string
  close(): void
}

/** Every look at it is a second later, so that a stamp that moved without need is seen. */
function tickingClock(): Clock {
  let now = Date.parse('2026-11-22T00:00:00Z')
  return {
    now: () => {
      now += 1000
      return now
    },
    monotonicMs: () => now,
    sleep: async () => {},
    after: () => () => {},
  }
}

let empty: Buffer | undefined

/** The bytes of a new ledger, made once: migrations take longer than most tests. */
function emptyLedger(): Buffer {
  if (empty) return empty
  const folder = mkdtempSync(join(tmpdir(), 'auxo-empty-'))
  const file = join(folder, 'ledger.db')
  createLedger(file, { clock: tickingClock(), uuid: () => '00000000-0000-4000-8000-000000000001' }).close()
  empty = readFileSync(file)
  rmSync(folder, { recursive: true, force: true })
  return empty
}

/** `entities` are code and region; without any the ledger has none. */
export function csvLedger(entities: Record<string, string> = { NZ01: 'NZ' }): CsvLedger {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-csv-'))
  const ledgerFile = join(folder, 'ledger.db')
  writeFileSync(ledgerFile, emptyLedger())
  const ledger = openLedger(ledgerFile, { clock: tickingClock() })
  // The tests are about rows, not about power cuts.
  ledger.sqlite.pragma('synchronous = OFF')
  for (const [code, region] of Object.entries(entities)) {
    ledger.sqlite
      .prepare('INSERT INTO billing_entity (code, name, region) VALUES (?, ?, ?)')
      .run(code, `Entity ${code}`, region)
  }
  let count = 0
  const write = (name: string, text: string | Buffer) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const load = async (text: string | Buffer, options: Partial<ImportOptions> = {}) => {
    count += 1
    const file = write(`file-${count}.csv`, text)
    const report = await importFiles(ledger, [file], { dryRun: false, who: 'tester', ...options })
    const [first] = report.files
    if (!first) throw new Error('no report of the file')
    return first
  }
  return {
    ledger,
    folder,
    write,
    load,
    loaded: async (text, options) => {
      const report = await load(text, options)
      if (report.problemCount > 0) throw new Error(report.problems.map(problemText).join('\n'))
      return report
    },
    refused: async (text, options) => (await load(text, options)).problems.map(problemText),
    rows: (sql) => ledger.sqlite.prepare(sql).all() as Record<string, unknown>[], // rows of any query
    dump: () => dumpOf(ledger),
    close: () => {
      ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function dumpOf(ledger: Ledger): string {
  const tables = ledger.sqlite
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all()
    .map(String)
  const lines = tables.flatMap((table) => {
    const rows = ledger.sqlite.prepare(`SELECT * FROM ${table}`).all()
    return rows.map((row) => `${table} ${JSON.stringify(row)}`).sort()
  })
  return lines.join('\n')
}
