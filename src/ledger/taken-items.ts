// How the ledger takes over items of Xero that it lacks (R1). A row of the ledger's own is never overwritten; one that was taken over
// follows Xero for as long as nobody in the ledger has changed it. Which account and tax code of the ledger one of Xero's is, is the
// caller's business.

import { sql, type Transaction } from 'kysely'
import type { LedgerItem } from '../accounting/documents.ts'
import { itemContent } from './mirror-items.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

export interface TakenItem {
  xeroId: string
  item: LedgerItem
  /** As they would have been sent, so that nothing is pushed back. */
  factsHash: string
  facts: string
}

/**
 * Items of the mirror that were compared with the ledger, in one transaction. `taken`: those that it lacks or that follow Xero are
 * written into it where they say something new, and count as exported for these entities; what the ledger wrote meanwhile stands. `own`: what
 * was taken over once and changed in the ledger since is its own from here on. Returns the codes that were written.
 */
export async function applyItems(
  ledger: Ledger,
  owner: { tenantId: string; entities: readonly string[] },
  {
    compared,
    own,
    taken,
  }: { compared: readonly string[]; own: readonly string[]; taken: readonly TakenItem[] },
): Promise<string[]> {
  return ledger.transaction(async (tx, now) => {
    await markCompared(tx, owner.tenantId, compared, own)
    const written: string[] = []
    for (const one of taken) {
      const { code } = one.item
      const isWritten = (await insertItem(tx, one.item)) || (await updateItem(tx, owner.tenantId, one))
      if (!isWritten && !(await isFollowing(tx, owner.tenantId, one))) continue
      if (isWritten) written.push(code)
      await sql`
        UPDATE mirror_item SET code_in_ledger = ${code},
               taken_over = (SELECT ${sql.raw(itemContent('i'))} FROM item AS i WHERE i.code = ${code})
         WHERE tenant_id = ${owner.tenantId} AND item_id = ${one.xeroId}`.execute(tx)
      for (const entity of owner.entities) await countAsExported(tx, { ...owner, entity }, one, now)
    }
    return written
  })
}

async function markCompared(
  tx: Transaction<Schema>,
  tenantId: string,
  compared: readonly string[],
  own: readonly string[],
): Promise<void> {
  await sql`
    UPDATE mirror_item SET pending = 0 FROM json_each(${JSON.stringify(compared)}) AS j
     WHERE mirror_item.tenant_id = ${tenantId} AND mirror_item.item_id = j.value`.execute(tx)
  await sql`
    UPDATE mirror_item SET code_in_ledger = NULL, taken_over = NULL FROM json_each(${JSON.stringify(own)}) AS j
     WHERE mirror_item.tenant_id = ${tenantId} AND mirror_item.item_id = j.value`.execute(tx)
}

async function insertItem(tx: Transaction<Schema>, item: LedgerItem): Promise<boolean> {
  const result = await sql`
    INSERT INTO item (code, name, description, sale_price_e4, sale_account, sale_tax_code, purchase_price_e4, purchase_account,
                      purchase_tax_code, is_stocked)
    SELECT ${item.code}, ${item.name}, ${item.description}, ${item.salePrice}, ${item.saleAccount}, ${item.saleTaxCode},
           ${item.purchasePrice}, ${item.purchaseAccount}, ${item.purchaseTaxCode}, ${item.isStocked ? 1 : 0}
     WHERE NOT EXISTS (SELECT 1 FROM item WHERE code = ${item.code} COLLATE NOCASE)`.execute(tx)
  return result.numAffectedRows === 1n
}

/** While nobody in the ledger has changed it, and where anything is another. */
async function updateItem(
  tx: Transaction<Schema>,
  tenantId: string,
  { xeroId, item }: TakenItem,
): Promise<boolean> {
  const result = await sql`
    UPDATE item SET name = ${item.name}, description = ${item.description}, sale_price_e4 = ${item.salePrice},
           sale_account = ${item.saleAccount}, sale_tax_code = ${item.saleTaxCode}, purchase_price_e4 = ${item.purchasePrice},
           purchase_account = ${item.purchaseAccount}, purchase_tax_code = ${item.purchaseTaxCode},
           is_stocked = ${item.isStocked ? 1 : 0}
     WHERE code = ${item.code} AND EXISTS (
       SELECT 1 FROM mirror_item AS m WHERE m.tenant_id = ${tenantId} AND m.item_id = ${xeroId} AND m.code_in_ledger = item.code
          AND m.taken_over = ${sql.raw(itemContent('item'))})
       AND ${sql.raw(itemContent('item'))} <> json_array(${item.name}, ${item.description}, ${item.salePrice}, ${item.saleAccount},
             ${item.saleTaxCode}, ${item.purchasePrice}, ${item.purchaseAccount}, ${item.purchaseTaxCode}, ${item.isStocked ? 1 : 0})`.execute(
    tx,
  )
  return result.numAffectedRows === 1n
}

/** Nobody in the ledger has changed it. */
async function isFollowing(
  tx: Transaction<Schema>,
  tenantId: string,
  { xeroId, item }: TakenItem,
): Promise<boolean> {
  const found = await sql<{ one: 1 }>`
    SELECT 1 AS one FROM mirror_item AS m JOIN item AS i ON i.code = m.code_in_ledger
     WHERE m.tenant_id = ${tenantId} AND m.item_id = ${xeroId} AND i.code = ${item.code}
       AND m.taken_over = ${sql.raw(itemContent('i'))}`.execute(tx)
  return found.rows.length > 0
}

/** A call about it whose outcome is open is settled by its look-up. */
async function countAsExported(
  tx: Transaction<Schema>,
  owner: { tenantId: string; entity: string },
  { xeroId, item, factsHash, facts }: TakenItem,
  now: string,
): Promise<void> {
  await sql`
    INSERT INTO export_state (kind, source_id, entity, state, sent_revision, queued, tenant_id, xero_id, xero_number, facts_hash, facts,
                              changed_at)
    VALUES ('item', ${item.code}, ${owner.entity}, 'exported', 1, 0, ${owner.tenantId}, ${xeroId}, ${item.code}, ${factsHash}, ${facts},
            ${now})
    ON CONFLICT (kind, source_id, entity) DO UPDATE SET
      state = 'exported', sent_revision = revision, queued = 0, source_gone = 0, tenant_id = excluded.tenant_id,
      xero_id = excluded.xero_id, xero_number = excluded.xero_number, facts_hash = excluded.facts_hash, facts = excluded.facts,
      reason = NULL, changed_at = excluded.changed_at
    WHERE state NOT IN ('sending', 'uncertain')`.execute(tx)
}
