// Journals that stay in the ledger because `only_invoices_and_payments` is on (J7): valid, never sent, and still to be told of. Which
// kinds go out all the same is mapping/journal-of-ledger.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { Ledger } from './open.ts'

/** Finished journals of the entity, dated within the cutover, that Xero does not have. It looks at every journal of the entity. */
export async function countKeptJournals(
  ledger: Ledger,
  { entity, cutover }: { entity: string; cutover: PlainDate | null },
): Promise<number> {
  const result = await sql<{ kept: number }>`
    SELECT COUNT(*) AS kept FROM journal AS j
     WHERE j.entity = ${entity} AND j.date >= ${cutover ?? ''} AND j.kind IN ('general', 'stock_adjustment', 'pay_run')
       AND j.status = CASE j.kind WHEN 'pay_run' THEN 'paid' ELSE 'posted' END
       AND NOT EXISTS (SELECT 1 FROM export_state AS e
                        WHERE e.kind = 'journal' AND e.source_id = j.id AND e.entity = j.entity
                          AND e.state IN ('exported', 'mock_exported', 'sending', 'uncertain'))`.execute(
    ledger.db,
  )
  return result.rows[0]?.kept ?? 0
}
