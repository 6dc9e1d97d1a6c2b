// What a run posted, and what stands on it (M6): the things that its calls created in Xero and that are there still, as the ledger knows
// them. What of it can be taken out again is batch/rollback's to judge.

import { sql } from 'kysely'
import type { ExportState, Operation, ThingKind } from '../accounting/kinds.ts'
import type { ThingName } from './holds.ts'
import type { Ledger } from './open.ts'

/** A thing that a call of the run created. */
export interface PostedThing extends ThingName {
  state: ExportState
  revision: number
  heldReason: string | null
  tenantId: string | null
  xeroId: string | null
  xeroNumber: string | null
  xeroStatus: string | null
  /** As it was last left in Xero, as JSON. */
  facts: string | null
  factsHash: string | null
  /** The way on which it went out. */
  channel: string
  /** When the call that created it left, in ms since 1970 on Xero's clock. */
  sentAt: number
}

/** In the order in which they were written down. What was rolled back already, or created anew since, is left out. */
export async function readPosted(ledger: Ledger, run: number): Promise<PostedThing[]> {
  const { rows } = await sql<Omit<PostedThing, 'sentAt'> & { firstSentAt: string | null; offset: number }>`
    SELECT e.kind, e.source_id AS id, e.entity, e.state, e.revision, e.held_reason AS heldReason, e.tenant_id AS tenantId,
           e.xero_id AS xeroId, e.xero_number AS xeroNumber, e.xero_status AS xeroStatus, COALESCE(e.facts, t.facts) AS facts,
           COALESCE(e.facts_hash, t.facts_hash) AS factsHash, c.channel, c.first_sent_at AS firstSentAt, c.clock_offset_ms AS offset
      FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
      JOIN export_state AS e ON e.kind = t.kind AND e.source_id = t.source_id AND e.entity = t.entity
     WHERE c.run = ${run} AND c.operation = 'create' AND COALESCE(t.outcome, 'uncertain') IN ('exported', 'uncertain')
       AND e.state IN ('exported', 'sending', 'uncertain')
       AND NOT EXISTS (
         SELECT 1 FROM chunk_thing AS l JOIN chunk AS m ON m.id = l.chunk
          WHERE l.kind = t.kind AND l.source_id = t.source_id AND l.entity = t.entity AND m.id > c.id
            AND m.operation = 'create' AND l.outcome = 'exported')
       AND NOT EXISTS (
         SELECT 1 FROM rolled_back AS r
          WHERE r.kind = t.kind AND r.source_id = t.source_id AND r.entity = t.entity AND r.run = c.run)
     ORDER BY c.id, t.position`.execute(ledger.db)
  return rows.map(({ firstSentAt, offset, ...row }) => ({
    ...row,
    sentAt: firstSentAt === null ? 0 : Date.parse(firstSentAt) + offset,
  }))
}

/** A thing of an earlier run that this one changed, voided or deleted. */
export interface ChangedThing extends ThingName {
  operation: Exclude<Operation, 'create'>
  number: string | null
}

export async function readChanged(ledger: Ledger, run: number): Promise<ChangedThing[]> {
  const { rows } = await sql<ChangedThing>`
    SELECT DISTINCT t.kind, t.source_id AS id, t.entity, c.operation, e.xero_number AS number
      FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
      LEFT JOIN export_state AS e ON e.kind = t.kind AND e.source_id = t.source_id AND e.entity = t.entity
     WHERE c.run = ${run} AND c.operation <> 'create' AND c.rolls_back IS NULL AND t.outcome = 'exported'
       AND NOT EXISTS (
         SELECT 1 FROM chunk_thing AS l JOIN chunk AS m ON m.id = l.chunk
          WHERE l.kind = t.kind AND l.source_id = t.source_id AND l.entity = t.entity AND m.run = c.run
            AND m.operation = 'create' AND l.outcome = 'exported')
     ORDER BY c.id, t.position`.execute(ledger.db)
  return rows
}

/** Something that stands on another in Xero, and would be left hanging. */
export interface Standing extends ThingName {
  /** The document or summary that it stands on. */
  on: string
  number: string | null
  /** The run that posted it; null where none did. */
  run: number | null
}

/**
 * What the ledger knows to stand in Xero on these documents: payments, refunds, discounts, what credits are set against, costs of goods.
 */
export async function findStanding(ledger: Ledger, documents: readonly string[]): Promise<Standing[]> {
  const ids = JSON.stringify([...new Set(documents)])
  const stands = sql`e.state IN ('exported', 'sending', 'uncertain') AND e.xero_id IS NOT NULL AND COALESCE(e.xero_status, '') NOT IN ('VOIDED', 'DELETED')`
  // Not the last run that had to do with it: a rollback that left it there is one too.
  const postedBy = sql`(SELECT MAX(c.run) FROM chunk_thing AS t JOIN chunk AS c ON c.id = t.chunk AND c.operation = 'create'
     WHERE t.kind = e.kind AND t.source_id = e.source_id AND t.entity = e.entity AND t.outcome = 'exported')`
  const columns = sql`e.kind, e.source_id AS id, e.entity, j.value AS "on", e.xero_number AS number, ${postedBy} AS run`
  const escaped = sql`replace(replace(j.value, '%', '%25'), '/', '%2F')`
  const { rows } = await sql<Standing>`
    SELECT ${columns}
      FROM json_each(${ids}) AS j CROSS JOIN payment_allocation AS a ON a.document = j.value
      CROSS JOIN (SELECT 'payment' AS kind UNION ALL SELECT 'refund' UNION ALL SELECT 'discount' UNION ALL SELECT 'discount_allocation') AS k
      CROSS JOIN export_state AS e
        ON e.kind = k.kind AND e.source_id = replace(replace(a.payment, '%', '%25'), '/', '%2F') || '/' || a.document AND ${stands}
     UNION
    SELECT ${columns}
      FROM json_each(${ids}) AS j CROSS JOIN credit_allocation AS a ON a.document = j.value OR a.credit = j.value
      CROSS JOIN export_state AS e
        ON e.kind = 'allocation' AND e.source_id = replace(replace(a.credit, '%', '%25'), '/', '%2F') || '/' || a.document AND ${stands}
     UNION
    SELECT ${columns}
      FROM json_each(${ids}) AS j CROSS JOIN export_state AS e
        ON e.kind = 'cogs' AND e.source_id >= ${escaped} || '/' AND e.source_id < ${escaped} || '0' AND ${stands}
     UNION
    SELECT ${columns}
      FROM json_each(${ids}) AS j CROSS JOIN journal AS s ON s.document = j.value AND s.kind IN ('invoice_payment', 'invoice_deposit')
      CROSS JOIN export_state AS e ON e.kind = 'journal' AND e.source_id = s.id AND ${stands}`.execute(
    ledger.db,
  )
  return rows
}

/** Documents and payments that went out with these summaries, by the summary's id: sources that another standing summary speaks of too. */
export async function findSummed(
  ledger: Ledger,
  entity: string,
  summaries: readonly string[],
): Promise<{ summary: string; kind: ThingKind; id: string; otherSummary: string | null }[]> {
  const { rows } = await sql<{ summary: string; kind: ThingKind; id: string; otherSummary: string | null }>`
    SELECT s.thing AS summary, c.kind, c.source_id AS id,
           (SELECT o.thing FROM summary_source AS d JOIN summary AS o ON o.id = d.summary AND o.entity = s.entity
              JOIN export_state AS e ON e.kind = 'summary' AND e.source_id = o.thing AND e.entity = o.entity
             WHERE d.kind = c.kind AND d.source_id = c.source_id AND o.id <> s.id
               AND e.state IN ('exported', 'sending', 'uncertain') LIMIT 1) AS otherSummary
      FROM json_each(${JSON.stringify(summaries)}) AS j
      CROSS JOIN summary AS s ON s.thing = j.value AND s.entity = ${entity}
      CROSS JOIN summary_source AS c ON c.summary = s.id`.execute(ledger.db)
  return rows
}
