// What Xero has, or may have, of a payment or a credit, whether or not the ledger still has it so: rows that were deleted, moved or
// made another kind are found here by what was once sent of them. What follows from it is batch/kinds/moved-money.ts.

import { sql } from 'kysely'
import type { Ledger } from './open.ts'

export interface StandingPart {
  /** The payment, or the credit, whose money it is. */
  of: string
  /** `journal`: one of the ledger's that went out as the payment and was linked to its row later (P2). */
  kind: 'payment' | 'refund' | 'discount' | 'receipt' | 'journal' | 'allocation'
  /** The thing's id in export_state. */
  id: string
  entity: string
  /** False while nobody knows whether Xero has it. */
  isKnown: boolean
  xeroId: string | null
  /** As it was sent, as JSON; null for what was marked at cutover. */
  facts: string | null
}

interface PartRow extends Omit<StandingPart, 'isKnown'> {
  is_known: 0 | 1
}

const escaped = (column: string) => sql.raw(`replace(replace(${column}, '%', '%25'), '/', '%2F')`)
const columns = sql`i.value AS "of", e.kind, e.source_id AS id, e.entity, e.state IN ('exported', 'mock_exported') AS is_known,
           e.xero_id AS "xeroId", CASE e.state WHEN 'exported' THEN e.facts ELSE t.facts END AS facts`
const standing = sql`
      LEFT JOIN chunk_thing AS t
        ON t.kind = e.kind AND t.source_id = e.source_id AND t.entity = e.entity AND t.chunk = e.chunk
     WHERE e.state IN ('sending', 'uncertain', 'exported', 'mock_exported')
       AND (e.xero_status IS NULL OR e.xero_status NOT IN ('DELETED', 'VOIDED'))`

/** Of these payments: their receipts, what they are or were applied to, and journals that are them. */
export async function readStandingParts(
  ledger: Ledger,
  payments: readonly string[],
): Promise<StandingPart[]> {
  const ids = JSON.stringify([...new Set(payments)])
  // Everything between "id/" and "id0", the character after the slash, begins with "id/".
  const rows = await sql<PartRow>`
    SELECT ${columns}
      FROM json_each(${ids}) AS i CROSS JOIN (SELECT 'payment' AS kind UNION ALL SELECT 'refund' UNION ALL SELECT 'discount') AS k
      CROSS JOIN export_state AS e
        ON e.kind = k.kind AND e.source_id >= ${escaped('i.value')} || '/' AND e.source_id < ${escaped('i.value')} || '0'
      ${standing}
     UNION ALL
    SELECT ${columns}
      FROM json_each(${ids}) AS i CROSS JOIN export_state AS e ON e.kind = 'receipt' AND e.source_id = i.value
      ${standing}
     UNION ALL
    SELECT ${columns}
      FROM json_each(${ids}) AS i CROSS JOIN journal AS j ON j.payment = i.value AND j.kind IN ('invoice_payment', 'invoice_deposit')
      CROSS JOIN export_state AS e ON e.kind = 'journal' AND e.source_id = j.id
      ${standing}`.execute(ledger.db)
  return rows.rows.map(partOf)
}

/** What was allocated of these credits. */
export async function readStandingAllocations(
  ledger: Ledger,
  credits: readonly string[],
): Promise<StandingPart[]> {
  const rows = await sql<PartRow>`
    SELECT ${columns}
      FROM json_each(${JSON.stringify([...new Set(credits)])}) AS i CROSS JOIN export_state AS e
        ON e.kind = 'allocation' AND e.source_id >= ${escaped('i.value')} || '/' AND e.source_id < ${escaped('i.value')} || '0'
      ${standing}`.execute(ledger.db)
  return rows.rows.map(partOf)
}

function partOf({ is_known, ...row }: PartRow): StandingPart {
  return { ...row, isKnown: is_known === 1 }
}

/** Records what was seen in Xero: that a person deleted, voided or took back these there. */
export async function recordEnded(
  ledger: Ledger,
  run: number,
  ended: readonly (Pick<StandingPart, 'kind' | 'id' | 'entity' | 'xeroId'> & { xeroStatus: string })[],
): Promise<void> {
  if (ended.length === 0) return
  const rows = JSON.stringify(ended.map((one) => [one.kind, one.id, one.entity, one.xeroId, one.xeroStatus]))
  await ledger.transaction(async (tx, now) => {
    // What the ledger has no more needs nobody's eye any longer.
    await sql`
      UPDATE export_state
         SET xero_status = j.value ->> 4, changed_at = ${now}, queued = CASE source_gone WHEN 1 THEN 0 ELSE queued END,
             sent_revision = CASE source_gone WHEN 1 THEN revision ELSE sent_revision END
        FROM json_each(${rows}) AS j
       WHERE export_state.kind = j.value ->> 0 AND export_state.source_id = j.value ->> 1
         AND export_state.entity = j.value ->> 2 AND export_state.xero_id = j.value ->> 3
         AND export_state.state = 'exported'`.execute(tx)
    await sql`
      INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
      SELECT ${now}, 'auxo-sync', ${run}, value ->> 2, value ->> 0, value ->> 1, 'seen to be ended in Xero', value ->> 4
        FROM json_each(${rows})`.execute(tx)
  })
}
