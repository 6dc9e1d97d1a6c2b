// For the tests of triggers: a ledger of which everything was sent, what a writer did to it, and how a writer may be set up.
// Nothing of the program imports it.

import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Row, type TestLedger, testLedger } from './test-ledger.ts'

/** What was sent before: two invoices with lines, a credit, contact, item, payments of all kinds, journals, stock and a file. */
export const before = `
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
  INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('S', 'NZ01', 'discount', '2026-11-04', 5);
  INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('S', 'D1', 5);
  INSERT INTO payment (id, entity, kind, date, amount_cents, refund_of) VALUES ('F', 'NZ01', 'refund', '2026-11-06', 5, 'P');
  INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C1', 'D1', 50);
  INSERT INTO journal (id, entity, kind, date, status) VALUES ('J', 'NZ01', 'general', '2026-11-05', 'posted'),
    ('J2', 'NZ01', 'general', '2026-11-05', 'posted');
  INSERT INTO journal_line (journal, position, amount_cents) VALUES ('J', 1, 100), ('J', 2, -100), ('J2', 1, 5);
  INSERT INTO stock_movement (id, entity, item, date, kind, quantity_e4) VALUES ('M', 'NZ01', 'I', '2026-11-07', 'stocktake', 1);
  INSERT INTO export_state (kind, source_id, entity) VALUES ('contact', 'K', 'NZ01'), ('contact', 'K', 'AU01'), ('item', 'I', 'NZ01');
  UPDATE export_state SET state = 'exported', revision = 5, sent_revision = 5, queued = 0, source_gone = 0;`

/** `raised`: queued with a newer revision. `gone`: that, and its source is not there. `new`: pending and queued. */
export type Change = 'raised' | 'gone' | 'new'

/** Things that are not as before, by `kind id` with the entity where it is not NZ01. */
function changes(writer: Database.Database): Record<string, Change> {
  const found: Record<string, Change> = {}
  const rows = writer.prepare('SELECT * FROM export_state ORDER BY kind, source_id, entity').all()
  for (const row of rows as Row[]) {
    // rows of the table
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

/** The last: it leaves parts without their whole behind, which only a writer without foreign keys can do. */
export type WriterCase = [
  title: string,
  sql: string,
  expected: Record<string, Change>,
  leavesOrphans?: 'leaves orphans',
]

export const documentColumns =
  'document (id, entity, kind, number, status, date, subtotal_cents, tax_cents, total_cents)'

const writers: [title: string, pragmas: string][] = [
  ['as we write', 'PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = OFF'],
  ['without foreign keys', 'PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF'],
  ['with recursive triggers', 'PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON'],
  ['with neither as usual', 'PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON'],
]

/** Each case as each kind of writer does it, undone again; and that none of them moves a state. */
export function testWriters(cases: readonly WriterCase[]): void {
  let world: TestLedger
  beforeAll(() => {
    world = testLedger()
    world.exec(before)
  })
  afterAll(() => world.close())

  describe.each(writers)('what a writer does %s', (_title, pragmas) => {
    // The exporting system has a connection of its own, with its own pragmas.
    let writer: Database.Database
    beforeAll(() => {
      writer = new Database(world.file)
      writer.exec(pragmas)
    })
    afterAll(() => writer.close())

    const hasKeys = pragmas.includes('foreign_keys = ON')
    const possible = cases.filter(([, , , leavesOrphans]) => !(hasKeys && leavesOrphans))

    test.each(possible)('%s', (_case, sql, expected, leavesOrphans) => {
      writer.exec(`BEGIN; ${sql}`)
      try {
        if (!leavesOrphans) expect(writer.pragma('foreign_key_check'), 'could not be committed').toEqual([])
        expect(changes(writer)).toEqual(expected)
      } finally {
        writer.exec('ROLLBACK')
      }
    })
  })

  test.each(['pending', 'sending', 'failed', 'uncertain', 'skipped', 'held', 'mock_exported', 'exported'])(
    'a thing that is %s stays so, whatever is written',
    (state) => {
      for (const [title, sql] of cases) {
        world.exec(`BEGIN; UPDATE export_state SET state = '${state}'; ${sql}`)
        const states = world.rows('SELECT DISTINCT state FROM export_state WHERE sent_revision = 5')
        world.exec('ROLLBACK')
        expect(states, title).toEqual([{ state }])
      }
    },
  )
}
