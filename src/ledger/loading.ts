// The SQL of bulk loading: rows are staged in temporary tables beside the ledger, then merged into the source tables
// in one transaction that writes only what differs. What rows mean is importing/; questions that it asks of the
// ledger while reading are loading-lookups.ts.

import type { Database, Statement } from 'better-sqlite3'
import type { Cents } from '../accounting/money.ts'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'

/** The source and configuration tables that files load into, with their keys. */
export const loadTables = {
  billing_entity: { key: ['code'] },
  contact: { key: ['code'] },
  contact_person: { key: ['contact', 'position'] },
  item: { key: ['code'] },
  document: { key: ['id'] },
  document_line: { key: ['document', 'position'], whole: { table: 'document', id: 'id' } },
  payment: { key: ['id'] },
  payment_allocation: { key: ['payment', 'document'], whole: { table: 'payment', id: 'id' } },
  credit_allocation: { key: ['credit', 'document'] },
  document_attachment: { key: ['document', 'file'] },
  journal: { key: ['id'] },
  journal_line: { key: ['journal', 'position'], whole: { table: 'journal', id: 'id' } },
  stock_movement: { key: ['id'] },
  setting: { key: ['entity', 'name'] },
  account_map: { key: ['entity', 'account'] },
  tax_code_map: { key: ['entity', 'tax_code'] },
  payment_method_map: { key: ['entity', 'method'] },
  role_account: { key: ['entity', 'role'] },
} as const satisfies Record<string, LoadTableShape>

interface LoadTableShape {
  key: readonly [string, ...string[]]
  /** For parts: their whole. Parts that a loaded whole no longer has are deleted; their first key column names it. */
  whole?: { table: string; id: string }
}

export type LoadTable = keyof typeof loadTables
export type LoadValue = string | number | null
/** Values by column name. A column that is left out takes the table's own default. */
export type LoadRow = Readonly<Record<string, LoadValue | undefined>>

/** What a load did to one table, in rows. */
export interface LoadCounts {
  new: number
  changed: number
  unchanged: number
  /** Parts that the file no longer has. */
  removed: number
}

/**
 * How staged rows meet rows that exist. `replace`: the columns of `update` take the staged value. `fill`: they take
 * it where it is not empty. `add`: existing rows are left alone.
 */
export interface MergeStep {
  table: LoadTable
  mode: 'replace' | 'fill' | 'add'
  update: readonly string[]
}

export interface Stage {
  /** Puts a row into the stage; false where its key is staged already. `line` is the line of the file. */
  add(table: LoadTable, row: LoadRow, line: number): boolean
  /** The staged row of a key with the line it came from. */
  find(table: LoadTable, key: readonly string[]): { row: Record<string, LoadValue>; line: number } | null
  /** Fills the empty columns of a staged row. */
  fill(table: LoadTable, key: readonly string[], row: LoadRow): void
  /** The last position of a whole's staged parts, 0 where there are none. */
  lastPosition(table: 'document_line' | 'journal_line', whole: string): number
  /** Runs the work in one transaction of the temporary tables: the ledger itself is not locked by it. */
  batch(work: () => void): void
  /** Writes what differs, all or nothing. `prepare` runs first, inside the same transaction. */
  merge(
    steps: readonly MergeStep[],
    prepare?: (sqlite: Database, now: string) => void,
  ): Map<LoadTable, LoadCounts>
  close(): void
}

interface StagedTable {
  columns: readonly string[]
  insert: Statement<unknown[]>
  find: Statement<unknown[]>
  fill: Statement<unknown[]> | null
}

const staged = (table: LoadTable) => `temp.staged_${table}`

/** Opens empty stages for the tables. They live in SQLite's temporary file, never in memory as a whole. */
export function openStage(ledger: Ledger, tables: readonly LoadTable[]): Stage {
  const { sqlite } = ledger
  const open = new Map<LoadTable, StagedTable>()
  for (const table of tables) open.set(table, createStaged(sqlite, table))
  const of = (table: LoadTable): StagedTable => {
    const found = open.get(table)
    if (!found) throw new Error(`no stage was opened for ${table}`)
    return found
  }
  const last = new Map<LoadTable, Statement<unknown[]>>()
  return {
    add: (table, row, line) => {
      const { columns, insert } = of(table)
      return insert.run(...columns.map((column) => row[column] ?? null), line).changes === 1
    },
    find: (table, key) => {
      const row = of(table).find.get(...key) as Record<string, LoadValue> | undefined // SELECT * of a staged table
      if (!row) return null
      const { staged_line: line, ...rest } = row
      return { row: rest, line: Number(line) }
    },
    fill: (table, key, row) => {
      const { columns, fill } = of(table)
      fill?.run(...columns.map((column) => row[column] ?? null), ...key)
    },
    lastPosition: (table, whole) => {
      const [column] = loadTables[table].key
      const select =
        last.get(table) ??
        sqlite.prepare(`SELECT coalesce(max(position), 0) FROM ${staged(table)} WHERE ${column} = ?`).pluck()
      last.set(table, select)
      return Number(select.get(whole))
    },
    batch: (work) => sqlite.transaction(work)(),
    merge: (steps, prepare) =>
      sqlite
        .transaction(() => {
          const now = isoInstant(ledger.clock.now())
          prepare?.(sqlite, now)
          return mergeSteps(sqlite, steps, now)
        })
        .immediate(),
    close: () => {
      for (const table of open.keys()) sqlite.exec(`DROP TABLE IF EXISTS ${staged(table)}`)
    },
  }
}

interface TableColumn {
  name: string
  /** SQL of the default, or null. */
  dflt_value: string | null
}

const columnsOf = (sqlite: Database, table: LoadTable) =>
  sqlite.pragma(`table_info(${table})`) as TableColumn[] // fixed shape

function createStaged(sqlite: Database, table: LoadTable): StagedTable {
  const { key } = loadTables[table]
  const columns = columnsOf(sqlite, table).map((column) => column.name)
  const keyMatch = key.map((column) => `${column} = ?`).join(' AND ')
  sqlite.exec(`
    DROP TABLE IF EXISTS ${staged(table)};
    CREATE TEMP TABLE staged_${table} AS SELECT *, 0 AS staged_line FROM main.${table} WHERE 0;
    CREATE UNIQUE INDEX temp.staged_${table}_key ON staged_${table} (${key.join(', ')});
  `)
  return {
    columns,
    insert: sqlite.prepare(
      `INSERT OR IGNORE INTO ${staged(table)} VALUES (${columns.map(() => '?').join(', ')}, ?)`,
    ),
    find: sqlite.prepare(`SELECT * FROM ${staged(table)} WHERE ${keyMatch}`),
    fill: sqlite.prepare(
      `UPDATE ${staged(table)} SET ${columns.map((column) => `${column} = coalesce(?, ${column})`).join(', ')} WHERE ${keyMatch}`,
    ),
  }
}

/** The writes of a load. An unchanged row is not written at all: a write would fire a trigger and queue it (I7). */
function mergeSteps(sqlite: Database, steps: readonly MergeStep[], now: string): Map<LoadTable, LoadCounts> {
  const counts = new Map<LoadTable, LoadCounts>()
  const documents = steps.find((step) => step.table === 'document')
  const lines = steps.find((step) => step.table === 'document_line')
  if (documents && lines && !documents.update.includes('updated_at')) {
    stampChanged(sqlite, documents, lines, now)
  }
  for (const step of steps) {
    counts.set(
      step.table,
      step === documents && !step.update.includes('updated_at')
        ? mergeTable(sqlite, { ...step, update: [...step.update, 'updated_at'] })
        : mergeTable(sqlite, step),
    )
  }
  return counts
}

/** Writes the staged rows of one table; returns what it did. */
function mergeTable(sqlite: Database, step: MergeStep): LoadCounts {
  const { table } = step
  const total = countStaged(sqlite, table)
  const removed = removeVanished(sqlite, table)
  const changed = step.mode === 'add' || step.update.length === 0 ? 0 : updateDiffering(sqlite, step)
  const added = insertMissing(sqlite, table)
  return { new: added, changed, unchanged: total - added - changed, removed }
}

function countStaged(sqlite: Database, table: LoadTable): number {
  return Number(
    sqlite
      .prepare(`SELECT count(*) FROM ${staged(table)}`)
      .pluck()
      .get(),
  )
}

/** `t` is the ledger's row, `s` the staged one. The unary plus makes SQLite walk the stage and look up the ledger. */
const sameKey = (table: LoadTable) =>
  loadTables[table].key.map((column) => `t.${column} = +s.${column}`).join(' AND ')

const stagedOnLedger = (table: LoadTable) =>
  loadTables[table].key.map((column) => `s.${column} = t.${column}`).join(' AND ')

/** The staged value of a column as the ledger will hold it: an empty one takes the table's default. */
function withDefault(sqlite: Database, table: LoadTable, alias: string): (column: string) => string {
  const defaults = new Map(columnsOf(sqlite, table).map((column) => [column.name, column.dflt_value]))
  return (column) => {
    const value = defaults.get(column) ?? null
    return value === null ? `${alias}.${column}` : `coalesce(${alias}.${column}, ${value})`
  }
}

function differs(sqlite: Database, step: MergeStep, ledgerAlias = 't', stagedAlias = 's'): string {
  const value = withDefault(sqlite, step.table, stagedAlias)
  return step.update
    .map((column) =>
      step.mode === 'fill'
        ? `(${stagedAlias}.${column} IS NOT NULL AND ${ledgerAlias}.${column} IS NOT ${stagedAlias}.${column})`
        : `${ledgerAlias}.${column} IS NOT ${value(column)}`,
    )
    .join(' OR ')
}

function updateDiffering(sqlite: Database, step: MergeStep): number {
  const value = withDefault(sqlite, step.table, 's')
  const set = step.update.map((column) =>
    step.mode === 'fill' ? `${column} = coalesce(s.${column}, t.${column})` : `${column} = ${value(column)}`,
  )
  return sqlite
    .prepare(
      `UPDATE main.${step.table} AS t SET ${set.join(', ')} FROM ${staged(step.table)} AS s
        WHERE ${sameKey(step.table)} AND (${differs(sqlite, step)})`,
    )
    .run().changes
}

function insertMissing(sqlite: Database, table: LoadTable): number {
  const columns = columnsOf(sqlite, table).map((column) => column.name)
  return sqlite
    .prepare(
      `INSERT INTO main.${table} (${columns.join(', ')})
       SELECT ${columns.map(withDefault(sqlite, table, 's')).join(', ')} FROM ${staged(table)} AS s
        WHERE NOT EXISTS (SELECT 1 FROM main.${table} AS t WHERE ${sameKey(table)})`,
    )
    .run().changes
}

function removeVanished(sqlite: Database, table: LoadTable): number {
  const shape: LoadTableShape = loadTables[table]
  if (!shape.whole) return 0
  return sqlite
    .prepare(
      `DELETE FROM main.${table} AS t
        WHERE t.${shape.key[0]} IN (SELECT ${shape.whole.id} FROM temp.staged_${shape.whole.table})
          AND NOT EXISTS (SELECT 1 FROM ${staged(table)} AS s WHERE ${stagedOnLedger(table)})`,
    )
    .run().changes
}

/**
 * `updated_at` moves only with a real change, of the document or of its lines: unchanged documents are given the
 * stamp that they have.
 */
function stampChanged(sqlite: Database, documents: MergeStep, lines: MergeStep, now: string): void {
  sqlite
    .prepare(
      `UPDATE temp.staged_document AS s SET updated_at = CASE WHEN ${differs(sqlite, documents)}
            OR EXISTS (SELECT 1 FROM main.document_line AS old WHERE old.document = s.id AND NOT EXISTS (
                 SELECT 1 FROM temp.staged_document_line AS l WHERE l.document = old.document AND l.position = old.position))
            OR EXISTS (SELECT 1 FROM temp.staged_document_line AS s2
                 LEFT JOIN main.document_line AS t2 ON t2.document = s2.document AND t2.position = s2.position
                WHERE s2.document = s.id AND (t2.document IS NULL OR ${differs(sqlite, lines, 't2', 's2')}))
         THEN @now ELSE t.updated_at END
         FROM main.document AS t WHERE t.id = s.id`,
    )
    .run({ now })
  sqlite
    .prepare(
      `UPDATE temp.staged_document SET updated_at = @now
        WHERE NOT EXISTS (SELECT 1 FROM main.document AS t WHERE t.id = staged_document.id)`,
    )
    .run({ now })
}

/**
 * Totals of the staged documents from their lines, where the file gave none: line amounts are without tax, except in
 * inclusive documents, where only freight and discount are (I4).
 */
export function totalStagedDocuments(sqlite: Database): void {
  sqlite.exec(`
    UPDATE temp.staged_document SET
      subtotal_cents = coalesce(subtotal_cents, CASE amounts WHEN 'inclusive' THEN a.amount + a.extra - a.tax ELSE a.amount END),
      tax_cents = coalesce(tax_cents, a.tax),
      total_cents = coalesce(total_cents, CASE amounts WHEN 'inclusive' THEN a.amount + a.extra ELSE a.amount + a.tax END)
    FROM (SELECT document, sum(amount_cents) AS amount, sum(tax_cents) AS tax,
                 sum(CASE WHEN kind IN ('freight', 'discount') THEN tax_cents ELSE 0 END) AS extra
            FROM temp.staged_document_line GROUP BY document) AS a
    WHERE a.document = staged_document.id`)
}

/**
 * Staged documents with a negative total become credits of positive amounts, under the id that a credit of that
 * number has: prefix and rest.
 */
export function turnNegativeIntoCredits(
  sqlite: Database,
  credit: { kind: string; oldPrefix: string; newPrefix: string },
): void {
  sqlite
    .prepare(
      `UPDATE temp.staged_document_line SET
         document = @newPrefix || substr(document, length(@oldPrefix) + 1),
         quantity_e4 = CASE WHEN quantity_e4 < 0 THEN -quantity_e4 ELSE quantity_e4 END,
         unit_price_e4 = CASE WHEN quantity_e4 < 0 THEN unit_price_e4 ELSE 0 - unit_price_e4 END,
         amount_cents = 0 - amount_cents, tax_cents = 0 - tax_cents
       WHERE document IN (SELECT id FROM temp.staged_document WHERE total_cents < 0)`,
    )
    .run({ oldPrefix: credit.oldPrefix, newPrefix: credit.newPrefix })
  sqlite
    .prepare(
      `UPDATE temp.staged_document SET
         id = @newPrefix || substr(id, length(@oldPrefix) + 1), kind = @kind,
         subtotal_cents = 0 - subtotal_cents, tax_cents = 0 - tax_cents, total_cents = 0 - total_cents
       WHERE total_cents < 0`,
    )
    .run(credit)
}

/** The first staged document with a negative total, with its line of the file; null where there is none. */
export function findNegativeStagedDocument(
  sqlite: Database,
): { number: string; total: Cents; line: number } | null {
  const found = sqlite
    .prepare(
      'SELECT number, total_cents AS total, staged_line AS line FROM temp.staged_document WHERE total_cents < 0 ORDER BY staged_line LIMIT 1',
    )
    .get() as { number: string; total: Cents; line: number } | undefined // the columns above
  return found ?? null
}

/** Amounts of the staged payments from their allocations, where the file gave none. */
export function totalStagedPayments(sqlite: Database): void {
  sqlite.exec(`
    UPDATE temp.staged_payment SET amount_cents = a.amount
    FROM (SELECT payment, sum(amount_cents) AS amount FROM temp.staged_payment_allocation GROUP BY payment) AS a
    WHERE a.payment = staged_payment.id AND staged_payment.amount_cents IS NULL`)
}

/** One event for every setting that the stage changes, as when it is set by hand; within the merge's transaction. */
export function recordSettingEvents(sqlite: Database, who: string, now: string): void {
  sqlite
    .prepare(
      `INSERT INTO event (at, who, entity, what, detail)
       SELECT @now, @who, s.entity, 'setting ' || s.name, json_object('from', t.value, 'to', s.value)
         FROM temp.staged_setting AS s LEFT JOIN main.setting AS t ON t.entity = s.entity AND t.name = s.name
        WHERE t.value IS NOT s.value`,
    )
    .run({ now, who })
}

/** A transaction around several loads that is always rolled back: a dry run does everything else. */
export async function rehearse<T>(ledger: Ledger, work: () => Promise<T>): Promise<T> {
  ledger.sqlite.exec('BEGIN IMMEDIATE')
  try {
    return await work()
  } finally {
    if (ledger.sqlite.inTransaction) ledger.sqlite.exec('ROLLBACK')
  }
}
