// Which documents of the ledger have one number: for the rule that Xero takes each once (I8). What counts as one number is the rule's
// and its caller's business.

import { sql } from 'kysely'
import type { DocumentKind } from '../accounting/kinds.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'

/** A document itself and three others: enough to say what is wrong, where very many have one number. */
const sharedMax = 4

export interface NumberHolder {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  contact: string | null
  total: Cents
}

/**
 * Documents of these entities and kinds that have one of these numbers (upper case), some of each where there are very
 * many.
 */
export async function findSharedNumbers(
  ledger: Ledger,
  filter: { entities: readonly string[]; kinds: readonly DocumentKind[]; numbers: readonly string[] },
): Promise<NumberHolder[]> {
  if (filter.numbers.length === 0) return []
  const rows = await sql<Omit<NumberHolder, 'total'> & { total: number }>`
    SELECT d.id, d.entity, d.kind, d.number, d.contact, d.total_cents AS total
      FROM json_each(${JSON.stringify(filter.numbers)}) AS n CROSS JOIN json_each(${JSON.stringify(filter.entities)}) AS e
      CROSS JOIN json_each(${JSON.stringify(filter.kinds)}) AS k
      CROSS JOIN document AS d ON d.id IN (
        SELECT id FROM document AS o
         WHERE o.kind = k.value AND UPPER(o.number) = n.value AND o.entity = e.value AND o.status = 'sent'
         LIMIT ${sharedMax})`.execute(ledger.db)
  return rows.rows.map((row) => ({ ...row, total: cents(exact(row.total)) }))
}
