// SQL as an exporting system would write it: whole rows, and nothing of ours.

export type SqlValue = string | number | null

export function quote(value: SqlValue): string {
  if (value === null) return 'NULL'
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}

/** One row; columns that are left out have their defaults. */
export function insertSql(table: string, row: Readonly<Record<string, SqlValue | undefined>>): string {
  const given = Object.entries(row).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined)
  const names = given.map(([name]) => name).join(', ')
  return `INSERT INTO ${table} (${names}) VALUES (${given.map(([, value]) => quote(value)).join(', ')});`
}
