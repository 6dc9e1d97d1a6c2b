// Journals of the organisation as read-only records (R4): manual ones that people make in Xero, and those that Xero generates of
// everything. Nothing of the ledger's own follows from them.

import { sql, type Transaction } from 'kysely'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { moveWatermark } from './watermarks.ts'

/** Amounts in cents, debit above zero, without tax. */
export interface StoredJournalLine {
  account: string | null
  description: string | null
  amount: number
  taxType: string | null
  tax: number
  tracking: readonly { category: string; option: string }[]
}

export interface StoredManualJournal {
  xeroId: string
  status: string
  narration: string
  date: string | null
  url: string | null
  lines: readonly StoredJournalLine[]
  /** ms since 1970. */
  updatedAt: number
}

/**
 * Stores a page of the feed in one transaction, with how far it was read; older data never overwrites newer. Returns how many are
 * new or changed.
 */
export async function storeManualJournals(
  ledger: Ledger,
  page: { tenantId: string; reached: number | null },
  journals: readonly StoredManualJournal[],
): Promise<number> {
  const { tenantId } = page
  return ledger.transaction(async (tx, now) => {
    await moveWatermark(tx, { ...page, resource: 'manual_journals' }, now)
    const known = await updatedAtOf(tx, tenantId, journals)
    const fresh = journals.filter(({ xeroId, updatedAt }) => updatedAt >= (known.get(xeroId) ?? 0))
    if (fresh.length === 0) return 0
    const ids = JSON.stringify(fresh.map(({ xeroId }) => xeroId))
    await sql`
      DELETE FROM mirror_manual_journal_line
       WHERE tenant_id = ${tenantId} AND journal_id IN (SELECT value FROM json_each(${ids}))`.execute(tx)
    await sql`
      INSERT OR REPLACE INTO mirror_manual_journal (tenant_id, journal_id, status, narration, date, url, updated_at, read_at)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, ${now}
        FROM json_each(${JSON.stringify(
          fresh.map((one) => [
            one.xeroId,
            one.status,
            one.narration,
            one.date,
            one.url,
            isoInstant(one.updatedAt),
          ]),
        )})`.execute(tx)
    await sql`
      INSERT INTO mirror_manual_journal_line (tenant_id, journal_id, position, account, description, amount_cents, tax_type, tax_cents, tracking)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
        FROM json_each(${JSON.stringify(
          fresh.flatMap(({ xeroId, lines }) =>
            lines.map((line, index) => [
              xeroId,
              index + 1,
              line.account,
              line.description,
              line.amount,
              line.taxType,
              line.tax,
              JSON.stringify(line.tracking),
            ]),
          ),
        )})`.execute(tx)
    // The overlap of two reads shows some again that are known.
    return fresh.filter(({ xeroId, updatedAt }) => updatedAt > (known.get(xeroId) ?? 0)).length
  })
}

/** ms since 1970, of those that are known. */
async function updatedAtOf(
  tx: Transaction<Schema>,
  tenantId: string,
  journals: readonly { xeroId: string }[],
): Promise<Map<string, number>> {
  const rows = await sql<{ journal_id: string; updated_at: string }>`
    SELECT m.journal_id, m.updated_at FROM json_each(${JSON.stringify(journals.map(({ xeroId }) => xeroId))}) AS j
      CROSS JOIN mirror_manual_journal AS m ON m.tenant_id = ${tenantId} AND m.journal_id = j.value`.execute(
    tx,
  )
  return new Map(rows.rows.map((row) => [row.journal_id, Date.parse(row.updated_at)]))
}

export interface StoredGeneratedJournal {
  xeroId: string
  number: number
  date: string | null
  /** ms since 1970. */
  createdAt: number
  reference: string | null
  sourceType: string | null
  sourceId: string | null
  lines: readonly (StoredJournalLine & { accountName: string | null })[]
}

/** They never change: those that are known are left as they are. Returns how many are new. */
export async function storeGeneratedJournals(
  ledger: Ledger,
  tenantId: string,
  journals: readonly StoredGeneratedJournal[],
): Promise<number> {
  return ledger.transaction(async (tx, now) => {
    await moveWatermark(tx, { tenantId, resource: 'generated_journals', reached: null }, now)
    const numbers = JSON.stringify(journals.map(({ number }) => number))
    const rows = await sql<{ number: number }>`
      SELECT m.number FROM json_each(${numbers}) AS j
        CROSS JOIN mirror_journal AS m ON m.tenant_id = ${tenantId} AND m.number = j.value`.execute(tx)
    const known = new Set(rows.rows.map(({ number }) => number))
    const fresh = journals.filter(({ number }) => !known.has(number))
    await sql`
      INSERT INTO mirror_journal (tenant_id, number, journal_id, date, created_at, reference, source_type, source_id, read_at)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, ${now}
        FROM json_each(${JSON.stringify(
          fresh.map((one) => [
            one.number,
            one.xeroId,
            one.date,
            isoInstant(one.createdAt),
            one.reference,
            one.sourceType,
            one.sourceId,
          ]),
        )})`.execute(tx)
    await sql`
      INSERT INTO mirror_journal_line (tenant_id, number, position, account, account_name, description, amount_cents, tax_type, tax_cents,
                                       tracking)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
        FROM json_each(${JSON.stringify(
          fresh.flatMap(({ number, lines }) =>
            lines.map((line, index) => [
              number,
              index + 1,
              line.account,
              line.accountName,
              line.description,
              line.amount,
              line.taxType,
              line.tax,
              JSON.stringify(line.tracking),
            ]),
          ),
        )})`.execute(tx)
    return fresh.length
  })
}

/** The greatest number that is known; null before the first. */
export async function lastGeneratedNumber(ledger: Ledger, tenantId: string): Promise<number | null> {
  const row = await ledger.db
    .selectFrom('mirror_journal')
    .select('number')
    .where('tenant_id', '=', tenantId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.number ?? null
}
