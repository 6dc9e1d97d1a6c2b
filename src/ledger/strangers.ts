// Documents that Xero has and the ledger does not know there, under the number and total of one that waits to be sent: a person's
// entry, or our own from a state of the ledger that was lost. Which of the two is batch/refuse-restored.ts's question.

import { sql } from 'kysely'
import type { DocumentKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'
import { sendableStates } from './waiting.ts'

export interface Stranger {
  xeroId: string
  /** The document of the ledger that waits. */
  kind: DocumentKind
  id: string
  entity: string
  /** Held back: it is kept in mind until that is let go. */
  isHeld: 0 | 1
}

/** Of what the feed said, without what was rolled back: `total` in cents. Numbers as they are in the ledger, or with their entity's prefix. */
export async function findStrangers(
  ledger: Ledger,
  seen: readonly { xeroId: string; type: string; number: string | null; total: number }[],
): Promise<Stranger[]> {
  const numbered = seen.filter(({ number }) => number !== null && number !== '')
  if (numbered.length === 0) return []
  const rows = JSON.stringify(
    numbered.map(({ xeroId, type, number, total }) => [xeroId, type, number, total]),
  )
  const found = await sql<Stranger>`
    WITH seen AS MATERIALIZED (
      SELECT value ->> 0 AS xeroId, value ->> 1 AS type, value ->> 2 AS number, value ->> 3 AS total FROM json_each(${rows})),
    named AS MATERIALIZED (
      SELECT xeroId, type, number, total FROM seen
       UNION
      SELECT s.xeroId, s.type, SUBSTR(s.number, LENGTH(p.value) + 1), s.total
        FROM seen AS s JOIN setting AS p ON p.name = 'number_prefix' AND p.value <> '' AND SUBSTR(s.number, 1, LENGTH(p.value)) = p.value),
    kinds AS (
      SELECT 'ACCREC' AS type, 'invoice' AS kind UNION ALL SELECT 'ACCPAY', 'bill' UNION ALL SELECT 'ACCPAY', 'purchase_order')
    SELECT n.xeroId, d.kind, d.id, d.entity, e.state = 'held' AS isHeld
      FROM named AS n JOIN kinds AS k ON k.type = n.type
     CROSS JOIN document AS d ON d.kind = k.kind AND UPPER(d.number) = UPPER(n.number) AND d.total_cents = n.total
     CROSS JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
     WHERE (e.state IN ${sendableStates} OR e.state = 'held') AND e.xero_id IS NULL AND e.source_gone = 0
       AND NOT EXISTS (SELECT 1 FROM rolled_back AS r WHERE r.xero_id = n.xeroId)`.execute(ledger.db)
  return found.rows
}
