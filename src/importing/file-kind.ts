// What a kind of file is: its columns, the tables that it loads, and how its rows become table rows. Each kind is one
// file of this folder; the list of them is file-kinds.ts.

import type { Database } from 'better-sqlite3'
import type { AmountsMode } from '../accounting/kinds.ts'
import type { LoadTable, MergeStep, Stage } from '../ledger/loading.ts'
import type { Lookups } from '../ledger/loading-lookups.ts'
import type { Ledger } from '../ledger/open.ts'
import type { EntityScope } from './entity-scope.ts'
import type { CellReader, CellValue } from './values.ts'

export const fileKindNames = [
  'contacts',
  'documents',
  'payments',
  'journals',
  'items',
  'stock',
  'entities',
  'sales-invoices',
  'bills',
  'credit-notes',
  'credit-allocations',
  'attachments',
  'xero-contacts',
  'setting',
  'account_map',
  'tax_code_map',
  'payment_method_map',
  'role_account',
] as const
/** The words of `--as`, reports and JSON. */
export type FileKindName = (typeof fileKindNames)[number]

export interface Column {
  /** As the header has it, without Xero's asterisk. Headers are matched ignoring case. */
  header: string
  table: LoadTable
  /** The table's column that the cell goes to. */
  column: string
  read: CellReader | 'date'
  /**
   * `column`: the header must have it. `cell`: and every row must fill it. `first`: the first row of each document
   * must. Left out: both may be missing.
   */
  needs?: 'column' | 'cell' | 'first'
}

export interface Row {
  readonly line: number
  /** The filled cells that go to a table, by its columns. */
  of(table: LoadTable): Record<string, CellValue | undefined>
  /** Notes a problem at the cell of a table's column; the file will be refused. */
  refuse(table: LoadTable, column: string, reason: string): void
}

/** What a kind's loader works with while one file is read. */
export interface LoadContext {
  ledger: Ledger
  stage: Stage
  lookups: Lookups
  entities: EntityScope
  amounts: AmountsMode
  /** Who imports, for events. */
  who: string
  /** The folder of the file that is read, absolute: files that it names may lie beside it. */
  folder: string
  /** The columns of a table that the file has: what an existing row takes from it. */
  columnsOf(table: LoadTable): string[]
}

export interface Loader {
  take(row: Row): void
  /** After the last row: what is merged, wholes before parts. */
  steps(): MergeStep[]
  /** Runs in the merge's transaction, before the steps. */
  prepare?: (sqlite: Database, now: string) => void
}

export interface FileKind {
  name: FileKindName
  /** "sales invoices (Xero's template)", for people. */
  title: string
  columns: readonly Column[]
  /** Headers that are known and have no place in the ledger. */
  ignored: readonly string[]
  tables: readonly LoadTable[]
  /** How dates without a --date-format are written: ISO, or as the entity's region writes them (Xero's templates). */
  dates: 'iso' | 'region'
  /** Whether contacts are looked up by name. */
  namesContacts: boolean
  open(context: LoadContext): Loader
}

/** A column of the table that has its own name in the header. */
export function own(
  table: LoadTable,
  column: string,
  read: CellReader | 'date',
  needs?: Column['needs'],
): Column {
  return named(column, table, column, read, needs)
}

export function named(
  header: string,
  table: LoadTable,
  column: string,
  read: CellReader | 'date',
  needs?: Column['needs'],
): Column {
  return needs === undefined ? { header, table, column, read } : { header, table, column, read, needs }
}
