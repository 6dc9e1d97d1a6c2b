// Payments and allocations that an organisation has, as far as the ledger knows: those of the mirror of money, which has our own from when
// they were made (migration 7), and those that were sent before there was one. Reads only.

import type { KnownAllocation, KnownPayment } from '../accounting/books-in-xero.ts'
import type { Ledger } from './open.ts'

/** Ours carry their tag at the end of the reference, whether or not a feed showed them already. */
export function* knownPayments({ sqlite }: Ledger, tenantId: string): Iterable<KnownPayment> {
  yield* sqlite
    .prepare<[string, string], KnownPayment>(`
      SELECT m.payment_id AS xeroId, m.target_id AS targetId,
             CASE WHEN m.status = 'DELETED' OR e.xero_status IN ('DELETED', 'VOIDED') THEN 'DELETED' ELSE 'AUTHORISED' END AS status,
             m.amount_cents AS amount, COALESCE(m.date, e.facts ->> '$.date', substr(m.read_at, 1, 10)) AS date,
             COALESCE(m.reference, e.facts ->> '$.tag', '') AS reference,
             COALESCE(m.account, e.facts ->> '$.account') AS account
        FROM mirror_payment AS m
        LEFT JOIN export_state AS e ON e.xero_id = m.payment_id AND e.tenant_id = m.tenant_id
       WHERE m.tenant_id = ? AND m.target_id IS NOT NULL
       GROUP BY m.payment_id
       UNION ALL
      SELECT e.xero_id, e.facts ->> '$.targetId',
             CASE WHEN e.xero_status IN ('DELETED', 'VOIDED') THEN 'DELETED' ELSE 'AUTHORISED' END,
             e.facts ->> '$.amountCents', e.facts ->> '$.date', e.facts ->> '$.tag', e.facts ->> '$.account'
        FROM export_state AS e
       WHERE e.tenant_id = ? AND e.xero_id IS NOT NULL AND e.facts ->> '$.channel' = 'payments'
         AND NOT EXISTS (SELECT 1 FROM mirror_payment AS m WHERE m.tenant_id = e.tenant_id AND m.payment_id = e.xero_id)`)
    .iterate(tenantId, tenantId)
}

/** Of a credit that a feed showed, what the feed said: what was removed in Xero is not ours to put back. */
export function* knownAllocations({ sqlite }: Ledger, tenantId: string): Iterable<KnownAllocation> {
  yield* sqlite
    .prepare<[string, string], KnownAllocation>(`
      SELECT a.credit_id AS creditId, a.invoice_id AS invoiceId, a.amount_cents AS amount,
             COALESCE(a.date, substr(m.read_at, 1, 10)) AS date
        FROM mirror_allocation AS a
        JOIN mirror_credit AS m ON m.tenant_id = a.tenant_id AND m.credit_id = a.credit_id
       WHERE a.tenant_id = ?
       UNION ALL
      SELECT e.facts ->> '$.parentId', e.facts ->> '$.invoiceId', e.facts ->> '$.amountCents', e.facts ->> '$.date'
        FROM export_state AS e
       WHERE e.tenant_id = ? AND e.xero_id IS NOT NULL AND e.facts ->> '$.channel' = 'allocations'
         AND NOT EXISTS (SELECT 1 FROM mirror_credit AS m
                          WHERE m.tenant_id = e.tenant_id AND m.credit_id = e.facts ->> '$.parentId')`)
    .iterate(tenantId, tenantId)
}
