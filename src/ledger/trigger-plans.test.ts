// What happens in the ledger at each row that an exporting system writes: no trigger may go through a table that grows with the
// books, or loading a year of documents takes longer with each year before it.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLedger, testLedger } from './test-ledger.ts'

interface Trigger {
  name: string
  table: string
  sql: string
}

/** Read whole on purpose: they run when a person changes a setting or says how a contact is linked, not with each row. */
const rare = ['setting', 'contact_link', 'billing_entity', 'connection']

let world: TestLedger
beforeAll(() => {
  world = testLedger()
})
afterAll(() => world.close())

/** Statements of a trigger's body; a semicolon in a text ends none. */
function statementsOf({ sql }: Trigger): string[] {
  const body = /\bBEGIN\b([\s\S]*)\bEND\s*$/i.exec(sql)?.[1] ?? ''
  return (body.match(/(?:'[^']*'|--[^\n]*|[^;'])+/g) ?? [])
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

/** Outside a trigger the row's columns are values like any other, and nothing is refused. */
const asValues = (sql: string) =>
  sql.replaceAll(/\b(?:NEW|OLD)\.\w+/g, "'x'").replaceAll(/RAISE\s*\([^)]*\)/gi, '0')

/** Steps of these statements that read a whole table or index of rows that a ledger keeps. */
function scansOf(statements: readonly string[]): string[] {
  return statements.flatMap((sql) =>
    world.ledger.sqlite
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${asValues(sql)}`)
      .all()
      .map((row) => row.detail)
      .filter((detail) => /^SCAN (?!CONSTANT ROW|\(subquery|json_each|\d)/.test(detail))
      .map((detail) => `${detail}: ${sql.replaceAll(/\s+/g, ' ')}`),
  )
}

test('no trigger on a row goes through a whole table', () => {
  const triggers = world.ledger.sqlite
    .prepare<[], Trigger>("SELECT name, tbl_name AS 'table', sql FROM sqlite_master WHERE type = 'trigger'")
    .all()
    .filter(({ table }) => !rare.includes(table))
  expect(triggers.length).toBeGreaterThan(50)
  expect(triggers.filter((trigger) => statementsOf(trigger).length === 0)).toEqual([])
  expect(
    triggers.flatMap((trigger) => scansOf(statementsOf(trigger)).map((scan) => `${trigger.name}: ${scan}`)),
  ).toEqual([])
})

test('a statement that goes through a whole table is seen', () => {
  expect(scansOf(['UPDATE mirror_credit SET pending = 1 WHERE credit_id = NEW.credit'])).toHaveLength(1)
})
