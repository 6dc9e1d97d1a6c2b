// Reads journals and stock movements of the source tables into the nouns of accounting/. Which of them are to be sent is
// things.ts's question.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JournalLine, LedgerJournal, StockMovement } from '../accounting/documents.ts'
import { cents, e4 } from '../accounting/money.ts'
import { exact, trackingOf } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** The journals with these ids, with their lines; ids that are not there are left out. */
export async function readJournals(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, LedgerJournal>> {
  const list = JSON.stringify(ids)
  const journals = await sql<Schema['journal']>`
    SELECT j.* FROM json_each(${list}) AS i JOIN journal AS j ON j.id = i.value`.execute(ledger.db)
  const lines = await sql<Schema['journal_line']>`
    SELECT * FROM journal_line WHERE journal IN (SELECT value FROM json_each(${list}))
     ORDER BY journal, position`.execute(ledger.db)
  const linesOf = new Map<string, JournalLine[]>()
  for (const row of lines.rows) {
    const known = linesOf.get(row.journal)
    if (known) known.push(lineOf(row))
    else linesOf.set(row.journal, [lineOf(row)])
  }
  return new Map(
    journals.rows.map((row) => [
      row.id,
      {
        id: row.id,
        entity: row.entity,
        kind: row.kind,
        date: row.date as PlainDate, // the table's CHECK gives the form
        narration: row.narration,
        status: row.status,
        document: row.document,
        payment: row.payment,
        lines: linesOf.get(row.id) ?? [],
      },
    ]),
  )
}

function lineOf(row: Schema['journal_line']): JournalLine {
  return {
    position: row.position,
    account: row.account,
    description: row.description,
    amount: cents(exact(row.amount_cents)),
    taxCode: row.tax_code,
    tax: cents(exact(row.tax_cents)),
    tracking: trackingOf(row),
    employee: row.employee,
  }
}

/** The stock movements with these ids; ids that are not there are left out. */
export async function readStockMovements(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, StockMovement>> {
  const rows = await sql<Schema['stock_movement']>`
    SELECT m.* FROM json_each(${JSON.stringify(ids)}) AS i JOIN stock_movement AS m ON m.id = i.value`.execute(
    ledger.db,
  )
  return new Map(
    rows.rows.map((row) => [
      row.id,
      {
        id: row.id,
        entity: row.entity,
        item: row.item,
        date: row.date as PlainDate, // the table's CHECK gives the form
        kind: row.kind,
        quantity: e4(exact(row.quantity_e4)),
        unitCost: e4(exact(row.unit_cost_e4)),
        note: row.note,
      },
    ]),
  )
}
