// Numbers that documents of Xero have which are none of the ledger's, as far as the mirror has heard of them (I8). That it has not
// heard of a number says nothing: only Xero knows them all.

import { sql } from 'kysely'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'

/** Kinds of documents of which Xero takes each number once, and whose feeds are read. */
export type NumberedInXero = 'sales_invoice' | 'sales_credit'

/**
 * The totals in cents of the documents that stand in Xero under each number (in upper case, A to Z) and that the ledger did not send.
 * One pass over the mirror, so once a check and not once a page. What is voided or deleted is left out: whether its number is free
 * is Xero's to say.
 */
export async function readNumbersInXero(
  ledger: Ledger,
  tenantId: string,
  kind: NumberedInXero,
): Promise<Map<string, Cents[]>> {
  const source =
    kind === 'sales_invoice'
      ? sql`SELECT document_id AS id, number, total_cents, status FROM mirror_document WHERE tenant_id = ${tenantId} AND type = 'ACCREC'`
      : sql`SELECT credit_id AS id, number, total_cents, status FROM mirror_credit WHERE tenant_id = ${tenantId} AND type = 'ACCRECCREDIT'`
  const rows = await sql<{ number: string; total: number }>`
    SELECT UPPER(x.number) AS number, x.total_cents AS total FROM (${source}) AS x
     WHERE x.number <> '' AND x.status NOT IN ('VOIDED', 'DELETED')
       AND NOT EXISTS (SELECT 1 FROM export_state AS e WHERE e.xero_id = x.id)`.execute(ledger.db)
  const totals = new Map<string, Cents[]>()
  for (const { number, total } of rows.rows)
    totals.set(number, [...(totals.get(number) ?? []), cents(exact(total))])
  return totals
}
