import { afterEach, describe, expect, test } from 'vitest'
import { type TestLedger, testLedger } from './test-ledger.ts'
import { before, documentColumns, testWriters, type WriterCase } from './test-triggers.ts'

let world: TestLedger | undefined
afterEach(() => {
  world?.close()
  world = undefined
})

const d1 = "('D1', 'NZ01', 'invoice', 'INV-1', 'sent', '2026-11-01', 100, 15, 115)"
const reload = `
  DELETE FROM document_line; DELETE FROM document_attachment; DELETE FROM document;
  INSERT INTO ${documentColumns} VALUES ${d1},
    ('D2', 'NZ01', 'invoice', 'INV-2', 'sent', '2026-11-02', 200, 30, 230);
  INSERT INTO document_line (document, position, amount_cents) VALUES ('D1', 1, 60), ('D1', 2, 40), ('D2', 1, 200)`

const cases: WriterCase[] = [
  // Documents
  [
    'insert',
    `INSERT INTO ${documentColumns} VALUES ('D3', 'NZ01', 'bill', 'B-1', 'draft', '2026-11-01', 0, 0, 0)`,
    { 'bill D3': 'new' },
  ],
  [
    'update with the same values',
    "UPDATE document SET total_cents = total_cents WHERE id = 'D1'",
    { 'invoice D1': 'raised' },
  ],
  ['update', "UPDATE document SET total_cents = 1 WHERE id = 'D1'", { 'invoice D1': 'raised' }],
  ['update of nothing', "UPDATE document SET total_cents = 1 WHERE id = 'nobody'", {}],
  ['replace', `INSERT OR REPLACE INTO ${documentColumns} VALUES ${d1}`, { 'invoice D1': 'raised' }],
  ['insert that is ignored', `INSERT OR IGNORE INTO ${documentColumns} VALUES ${d1}`, {}],
  [
    'upsert',
    `INSERT INTO ${documentColumns} VALUES ${d1} ON CONFLICT (id) DO UPDATE SET total_cents = excluded.total_cents`,
    { 'invoice D1': 'raised' },
  ],
  [
    'upsert of a new one',
    `INSERT INTO ${documentColumns} VALUES ('D9', 'NZ01', 'invoice', 'N', 'sent', '2026-11-01', 0, 0, 0)
     ON CONFLICT (id) DO UPDATE SET total_cents = excluded.total_cents`,
    { 'invoice D9': 'new' },
  ],
  [
    'delete',
    "DELETE FROM document_line WHERE document = 'D2'; DELETE FROM document WHERE id = 'D2'",
    { 'invoice D2': 'gone' },
  ],
  [
    'delete, the document first',
    "DELETE FROM document WHERE id = 'D2'; DELETE FROM document_line WHERE document = 'D2'",
    { 'invoice D2': 'gone' },
  ],
  [
    'delete all and load again without one',
    reload,
    {
      'invoice D1': 'raised',
      'invoice D2': 'raised',
      'credit_note C1': 'gone',
      'attachment D1/a.pdf': 'gone',
    },
  ],
  [
    'delete all and load again, lines before documents',
    `DELETE FROM document WHERE id = 'D2'; DELETE FROM document_line WHERE document = 'D2';
     INSERT INTO document_line (document, position, amount_cents) VALUES ('D2', 1, 200);
     INSERT INTO ${documentColumns} VALUES ('D2', 'NZ01', 'invoice', 'INV-2', 'sent', '2026-11-02', 200, 30, 230)`,
    { 'invoice D2': 'raised' },
  ],
  [
    'another kind',
    "UPDATE document SET kind = 'bill' WHERE id = 'D1'",
    { 'invoice D1': 'gone', 'bill D1': 'new' },
  ],
  [
    'another kind by replace',
    `INSERT OR REPLACE INTO ${documentColumns} VALUES ('D1', 'NZ01', 'bill', 'INV-1', 'sent', '2026-11-01', 100, 15, 115)`,
    { 'invoice D1': 'gone', 'bill D1': 'new' },
  ],
  [
    'another kind and back',
    "UPDATE document SET kind = 'bill' WHERE id = 'D1'; UPDATE document SET kind = 'invoice' WHERE id = 'D1'",
    { 'invoice D1': 'raised', 'bill D1': 'gone' },
  ],
  [
    'another entity',
    "UPDATE document SET entity = 'AU01' WHERE id = 'D2'",
    { 'invoice D2': 'gone', 'invoice D2 AU01': 'new' },
  ],
  [
    'another id',
    "UPDATE document SET id = 'D7' WHERE id = 'D2'; UPDATE document_line SET document = 'D7' WHERE document = 'D2'",
    { 'invoice D2': 'gone', 'invoice D7': 'new' },
  ],
  [
    'another id, the lines first',
    "UPDATE document_line SET document = 'D7' WHERE document = 'D2'; UPDATE document SET id = 'D7' WHERE id = 'D2'",
    { 'invoice D2': 'gone', 'invoice D7': 'new' },
  ],
  // Lines
  [
    'a line more',
    "INSERT INTO document_line (document, position) VALUES ('D1', 3)",
    { 'invoice D1': 'raised' },
  ],
  [
    'a line changed',
    "UPDATE document_line SET amount_cents = 1 WHERE document = 'D1'",
    { 'invoice D1': 'raised' },
  ],
  [
    'a line replaced',
    "INSERT OR REPLACE INTO document_line (document, position) VALUES ('D1', 2)",
    { 'invoice D1': 'raised' },
  ],
  [
    'a line less',
    "DELETE FROM document_line WHERE document = 'D1' AND position = 2",
    { 'invoice D1': 'raised' },
  ],
  [
    'a line moved to another document',
    "UPDATE document_line SET document = 'D2', position = 9 WHERE document = 'D1' AND position = 2",
    { 'invoice D1': 'raised', 'invoice D2': 'raised' },
  ],
  // Contacts and items, which have a thing per entity that they were exported for
  [
    'contact changed',
    "UPDATE contact SET name = 'Kaka' WHERE code = 'K'",
    { 'contact K': 'raised', 'contact K AU01': 'raised' },
  ],
  ['contact never sent', "UPDATE contact SET name = 'Ruru' WHERE code = 'L'", {}],
  [
    'contact replaced',
    "INSERT OR REPLACE INTO contact (code, name) VALUES ('K', 'Kaka')",
    { 'contact K': 'raised', 'contact K AU01': 'raised' },
  ],
  [
    'contact deleted',
    "DELETE FROM contact_person WHERE contact = 'K'; DELETE FROM contact WHERE code = 'K'",
    { 'contact K': 'gone', 'contact K AU01': 'gone' },
  ],
  [
    'contact deleted, then a person of it',
    "DELETE FROM contact WHERE code = 'K'; UPDATE contact_person SET email = 'x'; DELETE FROM contact_person",
    { 'contact K': 'gone', 'contact K AU01': 'gone' },
  ],
  [
    'contact loaded again, people first',
    `DELETE FROM contact_person; DELETE FROM contact; INSERT INTO contact_person (contact, position) VALUES ('K', 1);
     INSERT INTO contact (code, name) VALUES ('K', 'Kea')`,
    { 'contact K': 'raised', 'contact K AU01': 'raised' },
  ],
  [
    'contact with another code',
    "UPDATE contact SET code = 'M' WHERE code = 'K'; UPDATE contact_person SET contact = 'M'",
    { 'contact K': 'gone', 'contact K AU01': 'gone' },
  ],
  [
    'person added',
    "INSERT INTO contact_person (contact, position) VALUES ('K', 2)",
    { 'contact K': 'raised', 'contact K AU01': 'raised' },
  ],
  ['person removed', 'DELETE FROM contact_person', { 'contact K': 'raised', 'contact K AU01': 'raised' }],
  [
    'person moved',
    "UPDATE contact_person SET contact = 'L'",
    { 'contact K': 'raised', 'contact K AU01': 'raised' },
  ],
  ['item changed', "UPDATE item SET name = 'x'", { 'item I': 'raised' }],
  ['item deleted', 'DELETE FROM item', { 'item I': 'gone' }],
  ['item with another code', "UPDATE item SET code = 'X'", { 'item I': 'gone' }],
  // Journals
  ['journal changed', "UPDATE journal SET narration = 'x' WHERE id = 'J'", { 'journal J': 'raised' }],
  [
    'journal replaced',
    "INSERT OR REPLACE INTO journal (id, entity, kind, date, status) VALUES ('J', 'NZ01', 'general', '2026-11-05', 'posted')",
    { 'journal J': 'raised' },
  ],
  [
    'journal line changed',
    "UPDATE journal_line SET amount_cents = 1 WHERE journal = 'J'",
    { 'journal J': 'raised' },
  ],
  [
    'journal line added',
    "INSERT INTO journal_line (journal, position, amount_cents) VALUES ('J', 3, 1)",
    { 'journal J': 'raised' },
  ],
  [
    'journal line removed',
    "DELETE FROM journal_line WHERE journal = 'J' AND position = 2",
    { 'journal J': 'raised' },
  ],
  [
    'journal line moved',
    "UPDATE journal_line SET journal = 'J2', position = 9 WHERE journal = 'J' AND position = 2",
    { 'journal J': 'raised', 'journal J2': 'raised' },
  ],
  [
    'journal deleted',
    "DELETE FROM journal_line WHERE journal = 'J'; DELETE FROM journal WHERE id = 'J'",
    { 'journal J': 'gone' },
  ],
  [
    'journal of another entity',
    "UPDATE journal SET entity = 'AU01' WHERE id = 'J'",
    { 'journal J': 'gone', 'journal J AU01': 'new' },
  ],
  [
    'journal with another id',
    "UPDATE journal SET id = 'J7' WHERE id = 'J'; UPDATE journal_line SET journal = 'J7' WHERE journal = 'J'",
    { 'journal J': 'gone', 'journal J7': 'new' },
  ],
]

testWriters(cases)

describe('revisions', () => {
  const revisionAfter = (sql: string) => {
    world = testLedger()
    world.exec(before)
    world.exec(sql)
    return world.row("SELECT revision FROM export_state WHERE kind = 'invoice' AND source_id = 'D1'")[
      'revision'
    ]
  }
  test.each([
    [
      'each statement counts',
      "UPDATE document SET number = 'a' WHERE id = 'D1'; UPDATE document SET number = 'b' WHERE id = 'D1'",
      7,
    ],
    ['each line counts', "UPDATE document_line SET amount_cents = 0 WHERE document = 'D1'", 7],
    [
      'deleting the lines and one line again',
      "DELETE FROM document_line WHERE document = 'D1'; INSERT INTO document_line (document, position) VALUES ('D1', 1)",
      8,
    ],
    ['what is rolled back does not', "BEGIN; UPDATE document SET number = 'a' WHERE id = 'D1'; ROLLBACK", 5],
  ])('%s', (_title, sql, expected) => {
    expect(revisionAfter(sql)).toBe(expected)
  })

  test.each([
    ['set', "INSERT INTO setting VALUES ('NZ01', 'payments', 'none')", 'J2'],
    [
      'set by replace',
      "INSERT OR REPLACE INTO setting VALUES ('NZ01', 'only_invoices_and_payments', 'on')",
      'J2',
    ],
    [
      'changed',
      "UPDATE setting SET value = 'x' WHERE entity = 'NZ01' AND name = 'only_invoices_and_payments'",
      'J2',
    ],
    ['forgotten', "DELETE FROM setting WHERE entity = 'NZ01'", 'J2'],
    ['another one', "INSERT INTO setting VALUES ('NZ01', 'items', 'off')", undefined],
    ['of another entity', "INSERT INTO setting VALUES ('AU01', 'payments', 'none')", undefined],
  ])(
    'a setting that kept journals back is %s: those that were never sent wait again',
    (_title, sql, queued) => {
      world = testLedger()
      world.exec(before)
      world.exec(`INSERT INTO setting VALUES ('NZ01', 'only_invoices_and_payments', 'off');
      UPDATE export_state SET state = 'pending', queued = 0 WHERE kind = 'journal' AND source_id = 'J2'`)
      world.exec(sql)
      const waiting = world.rows("SELECT source_id FROM export_state WHERE kind = 'journal' AND queued = 1")
      expect(waiting.map((row) => row['source_id'])).toEqual(queued === undefined ? [] : [queued])
    },
  )

  test('the script speaks the SQL of SQLite 3.37 and never writes a state', () => {
    world = testLedger()
    // Those on export_state itself are fired by auxo-sync alone: no exporting system writes an id of Xero's there.
    const triggers = world.rows(
      "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%export_state%' AND tbl_name <> 'export_state'",
    )
    expect(triggers.length).toBeGreaterThan(50)
    const sql = triggers.map((row) => String(row['sql'])).join('\n')
    expect(sql).not.toMatch(
      /RETURNING|ON CONFLICT|->|IS DISTINCT|RIGHT JOIN|FULL JOIN|json_|FILTER|\bOVER\b|unixepoch|concat/i,
    )
    for (const [, set] of sql.matchAll(/UPDATE export_state SET (.*?)\s+WHERE/gs))
      expect(set).not.toMatch(/\bstate\b/)
    for (const [, columns] of sql.matchAll(/INSERT INTO export_state \((.*?)\)/g))
      expect(columns).toBe('kind, source_id, entity')
    expect(sql).not.toMatch(/\bDELETE FROM\b/i)
  })
})
