// Reads the journals of the organisation that are kept as records (R4). How they come in is mirror-journals.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

export interface JournalRecordLine {
  /** Xero's code, or its id where the account has none. */
  account: string | null
  description: string | null
  /** Debit above zero, without tax. */
  amount: Cents
  taxType: string | null
  tax: Cents
  tracking: { category: string; option: string }[]
}

export interface ManualJournalRecord {
  xeroId: string
  date: string | null
  status: string
  narration: string
  lines: JournalRecordLine[]
}

interface Period {
  from: PlainDate | null
  to: PlainDate | null
}

const lastDay = '9999-12-31'

/** Manual journals of people in Xero, by date; one that turned out to be ours is left out. Without a period all. */
export async function listManualJournals(
  ledger: Ledger,
  tenantId: string,
  { from, to }: Period,
): Promise<ManualJournalRecord[]> {
  const heads = await sql<Schema['mirror_manual_journal']>`
    SELECT * FROM mirror_manual_journal AS m
     WHERE m.tenant_id = ${tenantId} AND COALESCE(m.date, '') BETWEEN ${from ?? ''} AND ${to ?? lastDay}
       AND NOT EXISTS (SELECT 1 FROM export_state AS e WHERE e.xero_id = m.journal_id)
     ORDER BY m.date, m.journal_id`.execute(ledger.db)
  const lines = await sql<Schema['mirror_manual_journal_line']>`
    SELECT l.* FROM json_each(${JSON.stringify(heads.rows.map((row) => row.journal_id))}) AS j
      CROSS JOIN mirror_manual_journal_line AS l ON l.tenant_id = ${tenantId} AND l.journal_id = j.value
     ORDER BY l.journal_id, l.position`.execute(ledger.db)
  const linesOf = grouped(lines.rows, (row) => row.journal_id)
  return heads.rows.map((row) => ({
    xeroId: row.journal_id,
    date: row.date,
    status: row.status,
    narration: row.narration,
    lines: (linesOf.get(row.journal_id) ?? []).map(lineOf),
  }))
}

export interface GeneratedJournalRecord {
  number: number
  date: string | null
  reference: string | null
  /** ACCREC, ACCRECPAYMENT, MANJOURNAL … */
  sourceType: string | null
  /** What it posts, by its id in Xero. */
  sourceId: string | null
  lines: JournalRecordLine[]
}

/** Journals that Xero generated, by number. */
export async function listGeneratedJournals(
  ledger: Ledger,
  tenantId: string,
  { from, to }: Period,
): Promise<GeneratedJournalRecord[]> {
  const heads = await sql<Schema['mirror_journal']>`
    SELECT * FROM mirror_journal
     WHERE tenant_id = ${tenantId} AND COALESCE(date, '') BETWEEN ${from ?? ''} AND ${to ?? lastDay}
     ORDER BY number`.execute(ledger.db)
  const lines = await sql<Schema['mirror_journal_line']>`
    SELECT l.* FROM json_each(${JSON.stringify(heads.rows.map((row) => row.number))}) AS j
      CROSS JOIN mirror_journal_line AS l ON l.tenant_id = ${tenantId} AND l.number = j.value
     ORDER BY l.number, l.position`.execute(ledger.db)
  const linesOf = grouped(lines.rows, (row) => row.number)
  return heads.rows.map((row) => ({
    number: row.number,
    date: row.date,
    reference: row.reference,
    sourceType: row.source_type,
    sourceId: row.source_id,
    lines: (linesOf.get(row.number) ?? []).map(lineOf),
  }))
}

/** When these records were last read, ms since 1970; null where they never were. */
export async function journalsReadAt(
  ledger: Ledger,
  tenantId: string,
  of: 'manual_journals' | 'generated_journals',
): Promise<number | null> {
  const row = await ledger.db
    .selectFrom('watermark')
    .select('read_at')
    .where('tenant_id', '=', tenantId)
    .where('resource', '=', of)
    .executeTakeFirst()
  return row ? Date.parse(row.read_at) : null
}

function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

function lineOf(
  row: Schema['mirror_manual_journal_line'] | Schema['mirror_journal_line'],
): JournalRecordLine {
  return {
    account: row.account,
    description: row.description,
    amount: cents(exact(row.amount_cents)),
    taxType: row.tax_type,
    tax: cents(exact(row.tax_cents)),
    tracking: JSON.parse(row.tracking) as JournalRecordLine['tracking'], // written by mirror-journals.ts
  }
}
