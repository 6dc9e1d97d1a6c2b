// What the exporting system wrote, kept a second time where nothing of ours can reach it: whatever comes back from Xero, these
// rows stand in the ledger as they were written, but for payments that Xero deleted.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { World } from '../world.ts'

type Row = Record<string, string | number | null>

/** Source tables and what tells a row of theirs from another. */
const keys: Readonly<Record<string, readonly string[]>> = {
  contact: ['code'],
  contact_person: ['contact', 'position'],
  document: ['id'],
  document_line: ['document', 'position'],
  payment: ['id'],
  payment_allocation: ['payment', 'document'],
  credit_allocation: ['credit', 'document'],
  journal: ['id'],
  journal_line: ['journal', 'position'],
}

/** All that a deletion in Xero may change of a payment (X2). */
const deletion = ['state', 'deleted_at', 'deleted_by']

export class OwnRows {
  readonly #copy = new Database(':memory:')

  constructor() {
    this.#copy.pragma('foreign_keys = OFF')
    const folder = join(import.meta.dirname, '../../../migrations')
    for (const name of readdirSync(folder).sort().slice(0, 2))
      this.#copy.exec(readFileSync(join(folder, name), 'utf8'))
  }

  /** The same SQL that the exporting system wrote to the ledger. */
  write(sql: string): void {
    this.#copy.exec(sql)
  }

  /** What the exporting system knows. */
  query<Found>(sql: string, ...values: unknown[]): Found[] {
    return this.#copy.prepare<unknown[], Found>(sql).all(...values)
  }

  close(): void {
    this.#copy.close()
  }

  /** Sentences of what the ledger has otherwise. */
  differences(world: Pick<World, 'query'>): string[] {
    return Object.entries(keys).flatMap(([table, key]) => this.#differencesOf(world, table, key))
  }

  #differencesOf(world: Pick<World, 'query'>, table: string, key: readonly string[]): string[] {
    const nameOf = (row: Row) => `${table} ${key.map((column) => row[column]).join('/')}`
    const here = new Map(world.query<Row>(everyRow(table)).map((row) => [nameOf(row), row]))
    const broken: string[] = []
    for (const own of this.query<Row>(`SELECT * FROM ${table}`)) {
      const row = here.get(nameOf(own))
      here.delete(nameOf(own))
      if (!row) broken.push(`${nameOf(own)} of the exporting system is gone`)
      else broken.push(...changedColumns(own, row).map((words) => `${nameOf(own)}: ${words}`))
    }
    // What is left came from Xero and says so.
    for (const [name, row] of here)
      if (row['origin'] !== 'external') broken.push(`${name} was written by nobody, and is not external`)
    return broken
  }
}

/** A part of an external payment is as external as that. */
function everyRow(table: string): string {
  return table === 'payment_allocation'
    ? 'SELECT a.*, p.origin FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment'
    : `SELECT * FROM ${table}`
}

function changedColumns(own: Row, row: Row): string[] {
  const isDeletedInXero = row['deleted_by'] === 'xero'
  return Object.entries(own).flatMap(([column, value]) => {
    if (row[column] === value || (isDeletedInXero && deletion.includes(column))) return []
    return [`${column} was written as ${value} and is ${row[column]}`]
  })
}
