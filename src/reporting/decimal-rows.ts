// Rows of the ledger as people and JSON have them: decimal text instead of whole cents and ten-thousandths.

import { formatCents, formatE4 } from '../accounting/money.ts'

type ColumnValue = string | number | null
/** A row of the ledger under its own column names, amounts as decimal text. */
export type LedgerColumns = Readonly<Record<string, ColumnValue>>

/** Columns as people write them: decimals instead of `_cents`, `_e4` and `_e6`. */
export function decimalColumns(row: LedgerColumns): LedgerColumns {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'number') return [name.replace(/_(cents|e4|e6)$/, ''), value]
      if (name.endsWith('_cents')) return [name.slice(0, -'_cents'.length), formatCents(value)]
      if (name.endsWith('_e4')) return [name.slice(0, -'_e4'.length), formatE4(value)]
      if (name.endsWith('_e6')) return [name.slice(0, -'_e6'.length), String(value / 1_000_000)]
      return [name, value]
    }),
  )
}

type InDecimals<Row> = {
  [Name in keyof Row as Name extends `${infer Amount}Cents` ? Amount : Name]: Name extends `${string}Cents`
    ? string | Extract<Row[Name], null>
    : Row[Name]
}

/** The same for what was read by name: `amountCents: 5000` is `amount: "50.00"`. */
export function inDecimals<Row extends object>(row: Row): InDecimals<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) =>
      name.endsWith('Cents')
        ? [name.slice(0, -'Cents'.length), typeof value === 'number' ? formatCents(value) : null]
        : [name, value],
    ),
  ) as InDecimals<Row> // the names and values that the type says
}
