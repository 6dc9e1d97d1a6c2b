import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger | undefined
afterEach(() => {
  world?.close()
  world = undefined
})

/** What was sent before: two invoices with lines, a credit, contact, item, payments, journal and a file. */
const before = `
  INSERT INTO billing_entity (code, name, region) VALUES ('AU01', 'Other', 'AU');
  INSERT INTO contact (code, name) VALUES ('K', 'Kea'), ('L', 'Lark');
  INSERT INTO contact_person (contact, position, first_name) VALUES ('K', 1, 'Kim');
  INSERT INTO item (code, name) VALUES ('I', 'Item');
  INSERT INTO document (id, entity, kind, number, status, date, subtotal_cents, tax_cents, total_cents) VALUES
    ('D1', 'NZ01', 'invoice', 'INV-1', 'sent', '2026-11-01', 100, 15, 115),
    ('D2', 'NZ01', 'invoice', 'INV-2', 'sent', '2026-11-02', 200, 30, 230),
    ('C1', 'NZ01', 'credit_note', 'CN-1', 'sent', '2026-11-03', 50, 0, 50);
  INSERT INTO document_line (document, position, amount_cents) VALUES ('D1', 1, 60), ('D1', 2, 40), ('D2', 1, 200), ('C1', 1, 50);
  INSERT INTO document_attachment (document, file) VALUES ('D1', 'a.pdf');
  INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('P', 'NZ01', 'payment', '2026-11-04', 100);
  INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('P', 'D1', 60), ('P', 'D2', 40);
  INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C1', 'D1', 50);
  INSERT INTO journal (id, entity, kind, date, status) VALUES ('J', 'NZ01', 'general', '2026-11-05', 'posted'),
    ('J2', 'NZ01', 'general', '2026-11-05', 'posted');
  INSERT INTO journal_line (journal, position, amount_cents) VALUES ('J', 1, 100), ('J', 2, -100), ('J2', 1, 5);
  INSERT INTO export_state (kind, source_id, entity) VALUES ('contact', 'K', 'NZ01'), ('contact', 'K', 'AU01'), ('item', 'I', 'NZ01');
  UPDATE export_state SET state = 'exported', revision = 5, sent_revision = 5, queued = 0, source_gone = 0;`

/** `raised`: queued with a newer revision. `gone`: that, and its source is not there. `new`: pending and queued. */
type Change = 'raised' | 'gone' | 'new'

/** Things that are not as before, by `kind id` with the entity where it is not NZ01. */
function changes(open: TestLedger): Record<string, Change> {
  const found: Record<string, Change> = {}
  for (const row of open.rows('SELECT * FROM export_state ORDER BY kind, source_id, entity')) {
    const name = `${row['kind']} ${row['source_id']}${row['entity'] === 'NZ01' ? '' : ` ${row['entity']}`}`
    const isNew = row['state'] === 'pending' && row['sent_revision'] === null
    if (!isNew) expect([name, row['state'], row['sent_revision']]).toEqual([name, 'exported', 5])
    if (!isNew && row['revision'] === 5) {
      expect([name, row['queued'], row['source_gone']]).toEqual([name, 0, 0])
      continue
    }
    expect([name, row['queued']]).toEqual([name, 1])
    found[name] = row['source_gone'] === 1 ? 'gone' : isNew ? 'new' : 'raised'
  }
  return found
}

const d1 = "('D1', 'NZ01', 'invoice', 'INV-1', 'sent', '2026-11-01', 100, 15, 115)"
const documentColumns =
  'document (id, entity, kind, number, status, date, subtotal_cents, tax_cents, total_cents)'
const reload = `
  DELETE FROM document_line; DELETE FROM document_attachment; DELETE FROM document;
  INSERT INTO ${documentColumns} VALUES ${d1},
    ('D2', 'NZ01', 'invoice', 'INV-2', 'sent', '2026-11-02', 200, 30, 230);
  INSERT INTO document_line (document, position, amount_cents) VALUES ('D1', 1, 60), ('D1', 2, 40), ('D2', 1, 200)`

const cases: [title: string, sql: string, expected: Record<string, Change>][] = [
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
  // Payments: one thing for each document that one pays
  [
    'payment changed',
    'UPDATE payment SET amount_cents = 1',
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised' },
  ],
  [
    'payment marked deleted',
    "UPDATE payment SET state = 'deleted'",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised' },
  ],
  [
    'payment replaced',
    "INSERT OR REPLACE INTO payment (id, entity, kind, date, amount_cents) VALUES ('P', 'NZ01', 'payment', '2026-11-04', 1)",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised' },
  ],
  [
    'payment added, allocations first',
    `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('Q', 'D1', 5);
     INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('Q', 'NZ01', 'payment', '2026-11-04', 5)`,
    { 'payment Q/D1': 'new' },
  ],
  [
    'refund added',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('R', 'NZ01', 'refund', '2026-11-04', 5);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('R', 'C1', 5)`,
    { 'refund R/C1': 'new' },
  ],
  [
    'external payment',
    `INSERT INTO payment (id, entity, kind, date, amount_cents, origin) VALUES ('X', 'NZ01', 'payment', '2026-11-04', 5, 'external');
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('X', 'D1', 5);
     UPDATE payment SET amount_cents = 6 WHERE id = 'X'; UPDATE payment_allocation SET amount_cents = 6 WHERE payment = 'X'`,
    {},
  ],
  [
    'allocation changed',
    "UPDATE payment_allocation SET amount_cents = 1 WHERE document = 'D1'",
    { 'payment P/D1': 'raised' },
  ],
  ['allocation removed', "DELETE FROM payment_allocation WHERE document = 'D1'", { 'payment P/D1': 'gone' }],
  [
    'allocation moved',
    "UPDATE payment_allocation SET document = 'D9' WHERE document = 'D1'",
    { 'payment P/D1': 'gone', 'payment P/D9': 'new' },
  ],
  [
    'payment deleted',
    'DELETE FROM payment_allocation; DELETE FROM payment',
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone' },
  ],
  [
    'payment deleted, then its allocations touched',
    "DELETE FROM payment; UPDATE payment_allocation SET amount_cents = 1 WHERE document = 'D1'; DELETE FROM payment_allocation WHERE document = 'D2'; DELETE FROM payment_allocation",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone' },
  ],
  [
    'payment of another kind',
    "UPDATE payment SET kind = 'refund'",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'refund P/D1': 'new', 'refund P/D2': 'new' },
  ],
  [
    'deposit is a payment too',
    "UPDATE payment SET kind = 'deposit'",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised' },
  ],
  [
    'payment of another entity',
    "UPDATE payment SET entity = 'AU01'",
    {
      'payment P/D1': 'gone',
      'payment P/D2': 'gone',
      'payment P/D1 AU01': 'new',
      'payment P/D2 AU01': 'new',
    },
  ],
  [
    'payment with another id',
    "UPDATE payment SET id = 'P2'; UPDATE payment_allocation SET payment = 'P2'",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'payment P2/D1': 'new', 'payment P2/D2': 'new' },
  ],
  // Allocations of credits
  [
    'credit allocation changed',
    'UPDATE credit_allocation SET amount_cents = 1',
    { 'allocation C1/D1': 'raised' },
  ],
  ['credit allocation removed', 'DELETE FROM credit_allocation', { 'allocation C1/D1': 'gone' }],
  [
    'credit allocation moved',
    "UPDATE credit_allocation SET document = 'D2'",
    { 'allocation C1/D1': 'gone', 'allocation C1/D2': 'new' },
  ],
  [
    'credit allocation replaced',
    "INSERT OR REPLACE INTO credit_allocation (credit, document, amount_cents) VALUES ('C1', 'D1', 1)",
    { 'allocation C1/D1': 'raised' },
  ],
  [
    'external credit allocation',
    "INSERT INTO credit_allocation (credit, document, amount_cents, origin) VALUES ('C1', 'D2', 1, 'external')",
    {},
  ],
  [
    'credit loaded after its allocation',
    `INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C2', 'D1', 1);
     INSERT INTO ${documentColumns} VALUES ('C2', 'NZ01', 'credit_note', 'CN-2', 'sent', '2026-11-01', 1, 0, 1)`,
    { 'credit_note C2': 'new', 'allocation C2/D1': 'new' },
  ],
  // Files
  [
    'file added',
    "INSERT INTO document_attachment (document, file) VALUES ('D2', 'b.pdf')",
    { 'attachment D2/b.pdf': 'new' },
  ],
  ['file changed', 'UPDATE document_attachment SET include_online = 1', { 'attachment D1/a.pdf': 'raised' }],
  ['file removed', 'DELETE FROM document_attachment', { 'attachment D1/a.pdf': 'gone' }],
  [
    'file of another name',
    "UPDATE document_attachment SET file = 'z.pdf'",
    { 'attachment D1/a.pdf': 'gone', 'attachment D1/z.pdf': 'new' },
  ],
  [
    'document loaded after its file',
    `INSERT INTO document_attachment (document, file) VALUES ('D4', 'd.pdf');
     INSERT INTO ${documentColumns} VALUES ('D4', 'NZ01', 'invoice', 'INV-4', 'sent', '2026-11-01', 1, 0, 1)`,
    { 'invoice D4': 'new', 'attachment D4/d.pdf': 'new' },
  ],
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

const writers: [title: string, pragmas: string][] = [
  ['as we write', 'PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = OFF'],
  ['without foreign keys', 'PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF'],
  ['with recursive triggers', 'PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON'],
  ['with neither as usual', 'PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON'],
]

describe.each(writers)('what a writer does %s', (_title, pragmas) => {
  test.each(cases)('%s', (_case, sql, expected) => {
    world = testLedger()
    world.exec(before)
    // The exporting system has a connection of its own, with its own pragmas.
    const writer = new Database(world.file)
    try {
      writer.exec(`${pragmas}; BEGIN; ${sql}; COMMIT`)
    } finally {
      writer.close()
    }
    expect(changes(world)).toEqual(expected)
  })
})

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

  test.each(['pending', 'sending', 'failed', 'uncertain', 'skipped', 'held', 'mock_exported', 'exported'])(
    'a thing that is %s stays so, whatever is written',
    (state) => {
      world = testLedger()
      world.exec(before)
      world.exec(`UPDATE export_state SET state = '${state}'`)
      for (const [, sql] of cases) world.exec(`SAVEPOINT one; ${sql}; ROLLBACK TO one; RELEASE one`)
      world.exec(reload.replaceAll('\n', ' '))
      const states = world.rows('SELECT DISTINCT state FROM export_state WHERE sent_revision = 5')
      expect(states).toEqual([{ state }])
    },
  )

  test('the script speaks the SQL of SQLite 3.37 and never writes a state', () => {
    const sql = readFileSync(
      new URL('../../migrations/0004_triggers.sql', import.meta.url),
      'utf8',
    ).replaceAll(/--.*/g, '')
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
