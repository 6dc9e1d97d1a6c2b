// Payments that came from Xero and that an exporting system wrote again as the ledger's own (INSERT OR REPLACE without `origin`):
// they are Xero's all the same, and sent back they would be there twice (X1).

import { sql } from 'kysely'
import type { Ledger } from './open.ts'

/** Makes them external again, before anything is looked for that waits. What was queued of them is forgotten. */
export async function restoreExternal(ledger: Ledger): Promise<void> {
  await ledger.transaction(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      SELECT p.id FROM payment AS p INDEXED BY payment_taken_over
       WHERE p.origin = 'ledger' AND p.id >= 'xero:' AND p.id < 'xero;'
         AND EXISTS (SELECT 1 FROM external_ref AS r WHERE r.source_id = p.id AND r.kind IN ('payment', 'refund'))`.execute(
      tx,
    )
    for (const { id } of rows) {
      await tx.updateTable('payment').set({ origin: 'external' }).where('id', '=', id).execute()
      await sql`
        DELETE FROM export_state
         WHERE kind IN ('payment', 'refund', 'receipt', 'discount') AND source_id >= ${id} AND source_id < ${`${id}0`}
           AND state IN ('pending', 'failed', 'skipped') AND xero_id IS NULL`.execute(tx)
    }
  })
}
