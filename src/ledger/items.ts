// Reads items of the source tables, and which of them an organisation has. How they go out is batch's business.

import { sql } from 'kysely'
import type { LedgerItem } from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import { itemContent } from './mirror-items.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** Items by code: those named, or all. */
export async function readItems(
  ledger: Ledger,
  codes: readonly string[] | null,
): Promise<Map<string, LedgerItem>> {
  const rows = await sql<Schema['item']>`
    SELECT * FROM item
     WHERE ${codes === null ? 1 : 0} OR code IN (SELECT value FROM json_each(${JSON.stringify(codes ?? [])}))`.execute(
    ledger.db,
  )
  return new Map(rows.rows.map((row) => [row.code, itemOf(row)]))
}

function itemOf(row: Schema['item']): LedgerItem {
  const priceOf = (value: number | null) => (value === null ? null : e4(value))
  return {
    code: row.code,
    name: row.name,
    description: row.description,
    salePrice: priceOf(row.sale_price_e4),
    saleAccount: row.sale_account,
    saleTaxCode: row.sale_tax_code,
    purchasePrice: priceOf(row.purchase_price_e4),
    purchaseAccount: row.purchase_account,
    purchaseTaxCode: row.purchase_tax_code,
    isStocked: row.is_stocked === 1,
    averageCost: priceOf(row.average_cost_e4),
  }
}

/**
 * Codes of items that are no thing of this entity yet: those named, and with `all` every one of the ledger but what came from another
 * organisation's Xero and nobody in the ledger has changed since (R1).
 */
export async function findNewItems(
  ledger: Ledger,
  entity: string,
  wanted: { all: boolean; named: readonly string[] },
): Promise<string[]> {
  const rows = await sql<{ code: string }>`
    SELECT i.code FROM item AS i
     WHERE (i.code IN (SELECT value FROM json_each(${JSON.stringify(wanted.named)}))
            OR ${wanted.all ? 1 : 0} AND NOT EXISTS (
              SELECT 1 FROM mirror_item AS m
               WHERE m.code_in_ledger = i.code AND m.taken_over = ${sql.raw(itemContent('i'))}
                 AND m.tenant_id IS NOT (SELECT tenant_id FROM connection WHERE entity = ${entity})))
       AND NOT EXISTS (SELECT 1 FROM export_state AS e
                        WHERE e.kind = 'item' AND e.source_id = i.code AND e.entity = ${entity})
     ORDER BY i.code`.execute(ledger.db)
  return rows.rows.map((row) => row.code)
}

/** Codes of items that were exported for this entity to its organisation. */
export async function findItemsInXero(
  ledger: Ledger,
  entity: string,
  tenantId: string | null,
): Promise<Set<string>> {
  if (tenantId === null) return new Set()
  const rows = await ledger.db
    .selectFrom('export_state')
    .select('source_id')
    .where('kind', '=', 'item')
    .where('entity', '=', entity)
    .where('tenant_id', '=', tenantId)
    .where('xero_id', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.source_id))
}
