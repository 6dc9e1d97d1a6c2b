// Xero's items as last read (R1), and which of them stand how to the ledger's. How the ledger takes them over is taken-items.ts.

import { sql } from 'kysely'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { moveWatermark } from './watermarks.ts'

interface StoredSide {
  price: number | null
  account: string | null
  taxType: string | null
}

/** Prices and quantities in ten-thousandths, accounts and tax types Xero's own. */
export interface StoredItem {
  xeroId: string
  code: string
  name: string | null
  description: string | null
  sale: StoredSide
  purchase: StoredSide
  isTracked: boolean
  quantityOnHand: number | null
  /** Cents of the base currency. */
  totalCost: number | null
  /** ms since 1970. */
  updatedAt: number
}

/**
 * Stores what the feed showed in one transaction, with how far it was read (null: more follows); older data never overwrites newer.
 */
export async function storeItems(
  ledger: Ledger,
  page: { tenantId: string; reached: number | null },
  items: readonly StoredItem[],
): Promise<void> {
  const rows = JSON.stringify(
    items.map((one) => [
      one.xeroId,
      one.code,
      one.name,
      one.description,
      one.sale.price,
      one.sale.account,
      one.sale.taxType,
      one.purchase.price,
      one.purchase.account,
      one.purchase.taxType,
      one.isTracked ? 1 : 0,
      one.quantityOnHand,
      one.totalCost,
      isoInstant(one.updatedAt),
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO mirror_item (tenant_id, item_id, code, name, description, sale_price_e4, sale_account, sale_tax_type, purchase_price_e4,
                               purchase_account, purchase_tax_type, is_tracked, quantity_on_hand_e4, total_cost_cents, updated_at, read_at)
      SELECT ${page.tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
             value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, item_id) DO UPDATE SET
        pending = MAX(pending, ${sql.raw(told('excluded'))} IS NOT ${sql.raw(told('mirror_item'))}),
        code = excluded.code, name = excluded.name, description = excluded.description,
        sale_price_e4 = excluded.sale_price_e4, sale_account = excluded.sale_account, sale_tax_type = excluded.sale_tax_type,
        purchase_price_e4 = excluded.purchase_price_e4, purchase_account = excluded.purchase_account,
        purchase_tax_type = excluded.purchase_tax_type, is_tracked = excluded.is_tracked,
        quantity_on_hand_e4 = excluded.quantity_on_hand_e4, total_cost_cents = excluded.total_cost_cents,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at >= mirror_item.updated_at`.execute(tx)
    await moveWatermark(tx, { ...page, resource: 'items' }, now)
  })
}

/** What of an item the ledger takes over: quantities stay facts of Xero's. */
function told(table: string): string {
  const columns =
    'code name description sale_price_e4 sale_account sale_tax_type purchase_price_e4 purchase_account purchase_tax_type is_tracked'
  return `json_array(${columns
    .split(' ')
    .map((column) => `${table}.${column}`)
    .join(', ')})`
}

/** What is written into the ledger's row: while it still says so, nobody there has changed it. Its cost is the ledger's alone. */
export function itemContent(alias: string): string {
  const columns =
    'name description sale_price_e4 sale_account sale_tax_code purchase_price_e4 purchase_account purchase_tax_code is_stocked'
  return `json_array(${columns
    .split(' ')
    .map((column) => `${alias}.${column}`)
    .join(', ')})`
}

/**
 * Items of the mirror that Xero's complete list lacks are forgotten. Returns those that the ledger took over and still has as they
 * came, by their codes: they stay there.
 */
export async function forgetItemsGone(
  ledger: Ledger,
  tenantId: string,
  there: readonly string[],
): Promise<string[]> {
  return ledger.transaction(async (tx) => {
    const gone = sql`tenant_id = ${tenantId} AND item_id NOT IN (SELECT value FROM json_each(${JSON.stringify(there)}))`
    const kept = await sql<{ code: string }>`
      SELECT i.code FROM mirror_item AS m JOIN item AS i ON i.code = m.code_in_ledger
       WHERE ${gone} AND m.taken_over = ${sql.raw(itemContent('i'))} ORDER BY i.code`.execute(tx)
    await sql`DELETE FROM mirror_item WHERE ${gone}`.execute(tx)
    return kept.rows.map(({ code }) => code)
  })
}

export interface PendingItem extends Omit<StoredItem, 'updatedAt' | 'quantityOnHand' | 'totalCost'> {
  /** The item of the ledger that was made from it; null where none was. */
  codeInLedger: string | null
  /**
   * `lacking`: the ledger has none of its code. `given-up`: it had one of its own and deleted it. `own`: it has one of its own.
   * `following`: the one that it took over, as it came.
   */
  standing: 'lacking' | 'given-up' | 'own' | 'following'
}

/** Items that changed since they were last compared with the ledger, the first so many. */
export async function findPendingItems(
  ledger: Ledger,
  tenantId: string,
  limit: number,
): Promise<PendingItem[]> {
  const code = sql`COALESCE(m.code_in_ledger, m.code)`
  const rows = await sql<Schema['mirror_item'] & Standing>`
    SELECT m.*, i.code AS own_code, COALESCE(m.taken_over = ${sql.raw(itemContent('i'))}, 0) AS is_as_it_came,
           EXISTS (SELECT 1 FROM export_state AS e WHERE e.kind = 'item' AND e.source_id = m.code AND e.source_gone = 1) AS is_gone
      FROM mirror_item AS m INDEXED BY mirror_item_pending
      LEFT JOIN item AS i
             ON i.code = (SELECT code FROM item WHERE code = ${code} COLLATE NOCASE ORDER BY code = ${code} DESC LIMIT 1)
     WHERE m.tenant_id = ${tenantId} AND m.pending = 1
     ORDER BY m.item_id LIMIT ${limit}`.execute(ledger.db)
  return rows.rows.map((row) => ({
    xeroId: row.item_id,
    code: row.code,
    name: row.name,
    description: row.description,
    sale: { price: row.sale_price_e4, account: row.sale_account, taxType: row.sale_tax_type },
    purchase: {
      price: row.purchase_price_e4,
      account: row.purchase_account,
      taxType: row.purchase_tax_type,
    },
    isTracked: row.is_tracked === 1,
    codeInLedger: row.code_in_ledger,
    standing: standingOf(row),
  }))
}

interface Standing {
  /** Of the ledger's item by this code, whatever its case. */
  own_code: string | null
  code_in_ledger: string | null
  is_as_it_came: 0 | 1
  is_gone: 0 | 1
}

function standingOf({ own_code, code_in_ledger, is_as_it_came, is_gone }: Standing): PendingItem['standing'] {
  if (own_code !== null) return code_in_ledger !== null && is_as_it_came === 1 ? 'following' : 'own'
  // What came from Xero is not the ledger's to give up.
  return is_gone === 1 && code_in_ledger === null ? 'given-up' : 'lacking'
}
