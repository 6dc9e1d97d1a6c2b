// Which account and tax codes the rows of an entity name, and how often (R3): lines, journals, payments and items. What its
// maps, roles and settings name is in its books (books.ts).

import { sql } from 'kysely'
import type { Ledger } from './open.ts'

/** `paymentJournals` are debit sides of journals that post a payment: only those have an account in Xero (P2). */
export const accountUses = [
  'salesLines',
  'purchaseLines',
  'journalLines',
  'paymentJournals',
  'payments',
  'saleItems',
  'purchaseItems',
] as const
export type AccountUse = (typeof accountUses)[number]

export const taxCodeUses = [
  'salesLines',
  'purchaseLines',
  'journalLines',
  'saleItems',
  'purchaseItems',
] as const
export type TaxCodeUse = (typeof taxCodeUses)[number]

export interface UsedCode<Use extends string> {
  code: string
  use: Use
  /** Rows that name it. */
  rows: number
}

/** By code. Void documents, deleted payments and payments that were made in Xero do not count; items are every entity's. */
export async function listUsedAccounts(ledger: Ledger, entity: string): Promise<UsedCode<AccountUse>[]> {
  const { rows } = await sql<UsedCode<AccountUse>>`
    SELECT code, use, COUNT(*) AS rows FROM (
      SELECT l.account AS code, IIF(d.kind IN ('invoice', 'credit_note'), 'salesLines', 'purchaseLines') AS use
        FROM document AS d JOIN document_line AS l ON l.document = d.id
       WHERE d.entity = ${entity} AND d.status <> 'void' AND l.kind <> 'note'
       UNION ALL
      SELECT l.account, IIF(j.kind IN ('invoice_payment', 'invoice_deposit'), 'paymentJournals', 'journalLines')
        FROM journal AS j JOIN journal_line AS l ON l.journal = j.id
       WHERE j.entity = ${entity} AND (j.kind NOT IN ('invoice_payment', 'invoice_deposit') OR l.amount_cents > 0)
       UNION ALL
      SELECT account, 'payments' FROM payment
       WHERE entity = ${entity} AND state <> 'deleted' AND origin = 'ledger' AND kind <> 'discount'
       UNION ALL
      SELECT sale_account, 'saleItems' FROM item
       UNION ALL
      SELECT purchase_account, 'purchaseItems' FROM item)
     WHERE code <> '' GROUP BY code, use ORDER BY code`.execute(ledger.db)
  return rows
}

/** By code. As accounts; documents without tax send no tax types, so theirs do not count. */
export async function listUsedTaxCodes(ledger: Ledger, entity: string): Promise<UsedCode<TaxCodeUse>[]> {
  const { rows } = await sql<UsedCode<TaxCodeUse>>`
    SELECT code, use, COUNT(*) AS rows FROM (
      SELECT l.tax_code AS code, IIF(d.kind IN ('invoice', 'credit_note'), 'salesLines', 'purchaseLines') AS use
        FROM document AS d JOIN document_line AS l ON l.document = d.id
       WHERE d.entity = ${entity} AND d.status <> 'void' AND d.amounts <> 'no_tax' AND l.kind <> 'note'
       UNION ALL
      SELECT l.tax_code, 'journalLines' FROM journal AS j JOIN journal_line AS l ON l.journal = j.id
       WHERE j.entity = ${entity} AND j.kind NOT IN ('invoice_payment', 'invoice_deposit')
       UNION ALL
      SELECT sale_tax_code, 'saleItems' FROM item
       UNION ALL
      SELECT purchase_tax_code, 'purchaseItems' FROM item)
     WHERE code IS NOT NULL GROUP BY code, use ORDER BY code`.execute(ledger.db)
  return rows
}
