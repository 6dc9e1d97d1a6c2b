// Prepayments and overpayments of contacts as Xero's feeds said them last, for who is about to send another. What the feeds say is
// stored by mirror-money.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'

export interface DepositInXero {
  xeroId: string
  reference: string | null
  amount: Cents
  date: PlainDate | null
}

/** Those of these contacts of Xero's with a reference, whatever became of them; without what we took out of Xero ourselves (M6). */
export async function readDepositsOf(
  ledger: Ledger,
  tenantId: string,
  contactIds: readonly string[],
): Promise<DepositInXero[]> {
  const rows = await sql<{ xeroId: string; reference: string; total: number; date: PlainDate | null }>`
    SELECT c.credit_id AS xeroId, c.reference, c.total_cents AS total, c.date
      FROM json_each(${JSON.stringify([...new Set(contactIds)])}) AS j
      CROSS JOIN mirror_credit AS c ON c.contact_id = j.value AND c.tenant_id = ${tenantId}
     WHERE c.kind <> 'credit_note' AND c.reference IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM rolled_back AS r WHERE r.xero_id = c.credit_id AND r.kind = 'receipt')`.execute(
    ledger.db,
  )
  return rows.rows.map(({ total, ...row }) => ({ ...row, amount: cents(exact(total)) }))
}
