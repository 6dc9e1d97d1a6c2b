// Rows that are lines of one document, journal or receipt: its columns stand on each of them and must agree. Such rows
// are normally together, but may come apart anywhere in the file.

import { type LoadRow, type LoadTable, type LoadValue, loadTables, type Stage } from '../ledger/loading.ts'
import type { Column, Row } from './file-kind.ts'

export interface Group {
  key: string
  /** The whole's columns as its first row gave them. */
  header: Readonly<Record<string, LoadValue | undefined>>
  firstLine: number
  /** Parts seen so far. */
  parts: number
}

export interface GroupedRows {
  /**
   * The group of a row, made at its first row; null where the row is refused. Empty cells of a later row agree with
   * whatever the first one says.
   */
  groupOf(key: string, header: LoadRow, row: Row): Group | null
}

/** `lines` is the table of the parts that have positions; null where parts have none. `what` is a word for the whole. */
export function groupedRows(options: {
  stage: Stage
  table: LoadTable
  lines: 'document_line' | 'journal_line' | null
  what: string
  columns: readonly Column[]
}): GroupedRows {
  const { stage, table, lines, what } = options
  const needed = options.columns.filter((column) => column.needs === 'first' && column.table === table)
  let current: Group | null = null
  return {
    groupOf: (key, header, row) => {
      if (current?.key !== key) {
        const found = stage.find(table, [key])
        if (!found) {
          current = startGroup(key, header, row, needed)
          if (current) stage.add(table, { ...header, [loadTables[table].key[0]]: key }, row.line)
          return current
        }
        const parts = lines ? stage.lastPosition(lines, key) : 0
        current = { key, header: found.row, firstLine: found.line, parts }
      }
      return agrees(current, header, row, table, what) ? current : null
    },
  }
}

function startGroup(key: string, header: LoadRow, row: Row, needed: readonly Column[]): Group | null {
  const empty = needed.filter((column) => header[column.column] === undefined)
  for (const column of empty) row.refuse(column.table, column.column, 'is empty.')
  return empty.length > 0 ? null : { key, header, firstLine: row.line, parts: 0 }
}

function agrees(group: Group, header: LoadRow, row: Row, table: LoadTable, what: string): boolean {
  let agreed = true
  for (const [column, value] of Object.entries(header)) {
    const first = group.header[column] ?? null
    if (value === undefined || value === first) continue
    agreed = false
    row.refuse(
      table,
      column,
      first === null
        ? `is empty on line ${group.firstLine}, where this ${what} begins: all rows of a ${what} must agree.`
        : `differs from line ${group.firstLine}, where this ${what} begins: all rows of a ${what} must agree.`,
    )
  }
  return agreed
}
