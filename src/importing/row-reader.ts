// Reads rows of cells into values by the columns of a kind of file, noting every cell that is refused. What the values
// mean together is the kind's own business.

import type { LoadTable } from '../ledger/loading.ts'
import type { CsvRow } from './csv-rows.ts'
import type { Column, Row } from './file-kind.ts'
import { type ProblemList, Refusal } from './problems.ts'
import type { CellReader, CellValue } from './values.ts'

interface Slot extends Column {
  index: number
  reader: CellReader
}

/**
 * A reader of rows: the row with its values, or null where a cell is refused. `columns` is one entry per cell, null
 * for a cell that is not kept.
 */
export function rowReader(
  columns: readonly (Column | null)[],
  dates: CellReader,
  problems: ProblemList,
): (csv: CsvRow) => Row | null {
  const slots: Slot[] = []
  for (const [index, column] of columns.entries()) {
    if (column) slots.push({ ...column, index, reader: column.read === 'date' ? dates : column.read })
  }
  return (csv) => {
    const before = problems.count
    refuseWidth(csv, columns.length, problems)
    if (problems.count > before) return null
    const values: Partial<Record<LoadTable, Record<string, CellValue | undefined>>> = {}
    for (const slot of slots) readCell(csv, slot, values, problems)
    return problems.count > before ? null : rowOf(csv, slots, values, problems)
  }
}

function readCell(
  csv: CsvRow,
  slot: Slot,
  values: Partial<Record<LoadTable, Record<string, CellValue | undefined>>>,
  problems: ProblemList,
): void {
  const text = csv.cells[slot.index] ?? ''
  if (text === '' || text.trim() === '') {
    if (slot.needs === 'cell') {
      problems.add({
        line: csv.line,
        column: slot.header,
        value: null,
        reason: 'is empty, but every row needs it.',
      })
    }
    return
  }
  const value = slot.reader(text)
  if (value instanceof Refusal) {
    problems.add({ line: csv.line, column: slot.header, value: text, reason: value.reason })
    return
  }
  const ofTable = values[slot.table]
  if (ofTable) ofTable[slot.column] = value
  else values[slot.table] = { [slot.column]: value }
}

function refuseWidth(csv: CsvRow, width: number, problems: ProblemList): void {
  const { cells, line } = csv
  if (cells.length < width) {
    problems.add({
      line,
      column: null,
      value: null,
      reason: `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${width}. The file may be cut off here, or a delimiter is missing.`,
    })
  } else if (cells.slice(width).some((cell) => cell.trim() !== '')) {
    problems.add({
      line,
      column: null,
      value: null,
      reason: `the row has ${cells.length} cells where the header has ${width}. A cell with the delimiter in it must be in quotation marks.`,
    })
  }
}

function rowOf(
  csv: CsvRow,
  slots: readonly Slot[],
  values: Partial<Record<LoadTable, Record<string, CellValue | undefined>>>,
  problems: ProblemList,
): Row {
  return {
    line: csv.line,
    of: (table) => {
      const found = values[table]
      if (found) return found
      const empty: Record<string, CellValue | undefined> = {}
      values[table] = empty
      return empty
    },
    refuse: (table, column, reason) => {
      const slot = slots.find((known) => known.table === table && known.column === column)
      problems.add({
        line: csv.line,
        column: slot?.header ?? column.replace(/_(cents|e4|e6)$/, ''),
        value: slot ? (csv.cells[slot.index] ?? null) : null,
        reason,
      })
    },
  }
}
