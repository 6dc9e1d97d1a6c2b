// What was sent of payments: of the receipt as a whole, of each document that it is applied to, and of what was given back of
// it. By this money never goes out twice (P4, P8). Reading the payments themselves is payments.ts.

import { sql } from 'kysely'
import type { ExportState } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'
import { createdAtOnce } from './parents.ts'
import { sendableStates } from './waiting.ts'

/** The receipt of a payment as a thing; `state` is null where it is none (refunds, discounts, external ones). */
export interface ReceiptRow {
  payment: string
  state: ExportState | null
  revision: number
  xeroId: string | null
  xeroStatus: string | null
  /** What was sent or is on its way, as JSON; null where nothing was written down. */
  facts: string | null
  /** See StandingRow. */
  createdIn: number | null
  /** A journal of the ledger posts the receipt (J1). */
  hasOwnJournal: boolean
}

/** By id of the payment. */
export async function readReceipts(
  ledger: Ledger,
  filter: { entity: string; payments: readonly string[] },
): Promise<Map<string, ReceiptRow>> {
  const rows = await sql<{
    payment: string
    state: ExportState | null
    revision: number | null
    xero_id: string | null
    xero_status: string | null
    facts: string | null
    created_in: number | null
    has_own_journal: 0 | 1
  }>`
    SELECT i.value AS payment, e.state, e.revision, e.xero_id, e.xero_status, c.id AS created_in,
           CASE WHEN e.state IN ('sending', 'uncertain') THEN t.facts WHEN e.state = 'exported' THEN e.facts END AS facts,
           EXISTS (SELECT 1 FROM journal AS j WHERE j.payment = i.value AND j.kind IN ('receipt', 'deposit')) AS has_own_journal
      FROM json_each(${JSON.stringify([...new Set(filter.payments)])}) AS i
      LEFT JOIN export_state AS e ON e.kind = 'receipt' AND e.source_id = i.value AND e.entity = ${filter.entity}
      LEFT JOIN chunk AS c ON c.id = e.chunk AND ${createdAtOnce('c')}
      LEFT JOIN chunk_thing AS t
        ON t.kind = 'receipt' AND t.source_id = e.source_id AND t.entity = e.entity AND t.chunk = e.chunk`.execute(
    ledger.db,
  )
  return new Map(
    rows.rows.map((row) => [
      row.payment,
      {
        payment: row.payment,
        state: row.state,
        revision: row.revision ?? 0,
        xeroId: row.xero_id,
        xeroStatus: row.xero_status,
        facts: row.facts,
        createdIn: row.created_in,
        hasOwnJournal: row.has_own_journal === 1,
      },
    ]),
  )
}

/** Something of a payment that is in Xero, or may be. */
export interface SentPart {
  /** The payment that it is of; of a refund the one that it gives back. */
  payment: string
  kind: 'payment' | 'refund'
  /** The thing's id in export_state. */
  id: string
  /** As JSON; null for what was marked at cutover. */
  facts: string | null
}

/** What a payment is applied to, and refunds of it; what was deleted in Xero is no longer there. */
export async function readSentParts(
  ledger: Ledger,
  filter: { entity: string; payments: readonly string[] },
): Promise<SentPart[]> {
  const payments = JSON.stringify([...new Set(filter.payments)])
  const escaped = (column: string) => sql.raw(`replace(replace(${column}, '%', '%25'), '/', '%2F')`)
  const sent = sql`
      LEFT JOIN chunk_thing AS t
        ON t.kind = e.kind AND t.source_id = e.source_id AND t.entity = e.entity AND t.chunk = e.chunk
     WHERE e.entity = ${filter.entity} AND e.state IN ('sending', 'uncertain', 'exported', 'mock_exported')
       AND (e.xero_status IS NULL OR e.xero_status NOT IN ('DELETED', 'VOIDED'))`
  // Everything between "id/" and "id0", the character after the slash, begins with "id/".
  const rows = await sql<{ payment: string; kind: SentPart['kind']; id: string; facts: string | null }>`
    SELECT i.value AS payment, e.kind, e.source_id AS id,
           CASE e.state WHEN 'exported' THEN e.facts ELSE t.facts END AS facts
      FROM json_each(${payments}) AS i CROSS JOIN export_state AS e
        ON e.kind = 'payment' AND e.source_id >= ${escaped('i.value')} || '/' AND e.source_id < ${escaped('i.value')} || '0'
      ${sent}
     UNION ALL
    SELECT i.value, e.kind, e.source_id, CASE e.state WHEN 'exported' THEN e.facts ELSE t.facts END
      FROM json_each(${payments}) AS i CROSS JOIN payment AS r ON r.refund_of = i.value
      CROSS JOIN export_state AS e ON e.kind = 'refund' AND e.source_id = ${escaped('r.id')} || '/'
      ${sent}`.execute(ledger.db)
  return rows.rows
}

/**
 * Receipts of which nothing was to be sent, and for which a payment waits now that the settings are others: they are looked at
 * again.
 */
export async function requeueReceipts(ledger: Ledger, entity: string): Promise<void> {
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE export_state SET queued = 1
       WHERE kind = 'receipt' AND entity = ${entity} AND queued = 0 AND state IN ${sendableStates}
         AND source_id IN (
           SELECT replace(replace(substr(e.source_id, 1, instr(e.source_id, '/') - 1), '%2F', '/'), '%25', '%')
             FROM export_state AS e INDEXED BY export_state_queue
            WHERE e.entity = ${entity} AND e.kind = 'payment' AND e.state IN ${sendableStates} AND e.queued = 1)`.execute(
      tx,
    )
  })
}
