// Exportable things and where they stand: how many are open, what stands beside them, and the outcomes that need no call.
// Which wait is waiting.ts, reading a source row whole documents.ts and its like.

import { sql, type Transaction } from 'kysely'
import type { Finding } from '../accounting/findings.ts'
import type { DocumentKind, ExportState, ThingKind } from '../accounting/kinds.ts'
import { heldAlong, letGo } from './companions.ts'
import { recordFindings } from './findings.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { exportSources } from './summaries.ts'
import { firstId, sendableStates } from './waiting.ts'

export interface DeletedThing {
  kind: ThingKind
  sourceId: string
  xeroNumber: string | null
  facts: string | null
  /** False where the row still stands, void or deleted: of what was linked at cutover no void and no deletion is sent (M1). */
  isRowGone: boolean
}

/**
 * Things whose source row was deleted after they had been sent, or while their outcome was open; of what was linked at cutover also
 * those that were voided or deleted since. Items may come and go.
 */
export async function findDeletedInLedger(ledger: Ledger, entity: string): Promise<DeletedThing[]> {
  const rows = await sql<Omit<DeletedThing, 'isRowGone'> & { source_gone: 0 | 1 }>`
    SELECT e.kind, e.source_id AS sourceId, e.xero_number AS xeroNumber, e.facts, e.source_gone
      FROM export_state AS e INDEXED BY export_state_queue
     WHERE e.entity = ${entity} AND e.queued = 1 AND e.kind <> 'item'
       AND (e.source_gone = 1 AND e.state IN ('exported', 'sending', 'uncertain')
            OR e.state = 'mock_exported' AND e.xero_id IS NOT NULL AND COALESCE(e.xero_status, '') NOT IN ('VOIDED', 'DELETED')
               AND (e.source_gone = 1
                    OR EXISTS (SELECT 1 FROM document AS d WHERE d.id = e.source_id AND d.kind = e.kind AND d.status = 'void')
                    OR e.kind IN ('payment', 'refund', 'discount') AND EXISTS (
                      SELECT 1 FROM payment AS p WHERE p.id = ${sql.raw(firstId)} AND p.state = 'deleted' AND p.deleted_by IS NOT 'xero')))
     ORDER BY e.kind, e.source_id`.execute(ledger.db)
  return rows.rows.map(({ source_gone, ...row }) => ({ ...row, isRowGone: source_gone === 1 }))
}

/** Ids among these that were exported (or may have been) under another kind: a change of kind after export (I7). */
export async function findFormerKinds(
  ledger: Ledger,
  filter: { entity: string; kind: DocumentKind; ids: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await sql<{ source_id: string; kind: string }>`
    SELECT source_id, kind FROM export_state
     WHERE source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))
       AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order')
       AND NOT (kind = ${filter.kind} AND entity = ${filter.entity})
       AND state IN ('sending', 'uncertain', 'exported', 'mock_exported')`.execute(ledger.db)
  return new Map(rows.rows.map((row) => [row.source_id, row.kind]))
}

export interface CheckedThing {
  id: string
  /** Null: nothing stands against sending it. `failed`: it has errors. `skipped`: it waits for something else. */
  verdict: 'failed' | 'skipped' | null
  reason: string | null
  findings: readonly Finding[]
}

/** Records what the rules said of these documents, before anything is sent. States only move where they differ. */
export async function recordChecks(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind; run: number | null },
  checked: readonly CheckedThing[],
  options: { moveStates: boolean },
): Promise<void> {
  if (checked.length === 0) return
  // The whole key stands in every row: with nothing else to begin from, SQLite looks each thing up.
  const rows = JSON.stringify(
    checked.map((one) => [one.id, one.verdict ?? 'pending', one.reason, owner.kind, owner.entity]),
  )
  await ledger.transaction(async (tx, now) => {
    if (options.moveStates) {
      await sql`
        UPDATE export_state SET state = j.value ->> 1, reason = j.value ->> 2, run = ${owner.run}, changed_at = ${now}
          FROM json_each(${rows}) AS j
         WHERE export_state.kind = j.value ->> 3 AND export_state.source_id = j.value ->> 0
           AND export_state.entity = j.value ->> 4 AND export_state.state IN ${sendableStates}
           AND (export_state.state <> j.value ->> 1 OR export_state.reason IS NOT j.value ->> 2
                OR j.value ->> 1 <> 'pending')`.execute(tx)
    }
    await recordFindings(
      tx,
      checked.map((one) => ({ kind: owner.kind, sourceId: one.id, entity: owner.entity, run: owner.run })),
      checked.flatMap((one) => one.findings),
      now,
    )
  })
}

/** Takes things off the queue whose source is as it was sent. */
export async function markUnchanged(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind },
  things: readonly { id: string; revision: number }[],
): Promise<void> {
  if (things.length === 0) return
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE export_state SET queued = 0, sent_revision = j.value ->> 1
        FROM json_each(${JSON.stringify(things.map((thing) => [thing.id, thing.revision, owner.kind, owner.entity]))}) AS j
       WHERE export_state.kind = j.value ->> 2 AND export_state.source_id = j.value ->> 0
         AND export_state.entity = j.value ->> 3 AND export_state.revision = j.value ->> 1
         AND export_state.state = 'exported'`.execute(tx)
    await clearChecks(tx, owner, things)
  })
}

/** What stood against a change that is undone or was made in Xero too; what Xero answered when it took the thing stays. */
async function clearChecks(
  tx: Transaction<Schema>,
  owner: { entity: string; kind: ThingKind },
  things: readonly { id: string }[],
): Promise<void> {
  const keys = JSON.stringify(things.map((thing) => [owner.kind, thing.id, owner.entity]))
  await sql`
    DELETE FROM finding
     WHERE (kind, source_id, entity) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${keys}))
       AND code NOT IN ('differs-in-xero', 'xero-warning')`.execute(tx)
}

/** Exported things whose source changed and that Xero has already as they would be sent: they are as sent from here on. */
export async function markSame(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind },
  things: readonly { id: string; revision: number; factsHash: string; xeroStatus?: string }[],
): Promise<void> {
  if (things.length === 0) return
  const rows = JSON.stringify(
    things.map((thing) => [
      thing.id,
      thing.revision,
      thing.factsHash,
      owner.kind,
      owner.entity,
      thing.xeroStatus ?? null,
    ]),
  )
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE export_state SET queued = 0, sent_revision = j.value ->> 1, facts_hash = j.value ->> 2,
             xero_status = COALESCE(j.value ->> 5, xero_status)
        FROM json_each(${rows}) AS j
       WHERE export_state.kind = j.value ->> 3 AND export_state.source_id = j.value ->> 0
         AND export_state.entity = j.value ->> 4 AND export_state.revision = j.value ->> 1
         AND export_state.state = 'exported'`.execute(tx)
    await clearChecks(tx, owner, things)
  })
}

/** Takes things off the queue of which nothing is to be sent as they are; a change of their source puts them back. */
export async function takeOffQueue(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind },
  things: readonly { id: string; revision: number }[],
): Promise<void> {
  if (things.length === 0) return
  await ledger.transaction(async (tx) => {
    await sql`
      UPDATE export_state SET queued = 0
        FROM json_each(${JSON.stringify(things.map((thing) => [thing.id, thing.revision, owner.kind, owner.entity]))}) AS j
       WHERE export_state.kind = j.value ->> 2 AND export_state.source_id = j.value ->> 0
         AND export_state.entity = j.value ->> 3 AND export_state.revision = j.value ->> 1
         AND export_state.state IN ${sendableStates}`.execute(tx)
  })
}

/** Makes the rows of contacts or items that are about to be exported for an entity for the first time. */
export async function ensureThings(
  ledger: Ledger,
  owner: { entity: string; kind: 'contact' | 'item' },
  codes: readonly string[],
): Promise<void> {
  if (codes.length === 0) return
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO export_state (kind, source_id, entity, changed_at)
      SELECT ${owner.kind}, value, ${owner.entity}, ${now} FROM json_each(${JSON.stringify(codes)}) WHERE true
      ON CONFLICT DO NOTHING`.execute(tx)
  })
}

export interface ThingState {
  kind: ThingKind
  sourceId: string
  entity: string
  state: ExportState
  revision: number
  chunk: number | null
  xeroId: string | null
  xeroNumber: string | null
  xeroStatus: string | null
  tenantId: string | null
  reason: string | null
  run: number | null
  changedAt: string | null
  /** Why a person holds it back (M4); null where nobody does. */
  heldReason: string | null
}

/** Where things stand, by kind and id. */
export async function readThings(
  ledger: Ledger,
  filter: { kind: ThingKind; ids: readonly string[]; entity?: string },
): Promise<ThingState[]> {
  const rows = await ledger.db
    .selectFrom('export_state')
    .selectAll()
    .where('kind', '=', filter.kind)
    .where(sql<boolean>`source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))`)
    .execute()
  return rows
    .filter((row) => filter.entity === undefined || row.entity === filter.entity)
    .map((row) => ({
      kind: filter.kind,
      sourceId: row.source_id,
      entity: row.entity,
      state: row.state,
      revision: row.revision,
      chunk: row.chunk,
      xeroId: row.xero_id,
      xeroNumber: row.xero_number,
      xeroStatus: row.xero_status,
      tenantId: row.tenant_id,
      reason: row.reason,
      run: row.run,
      changedAt: row.changed_at,
      heldReason: row.held_reason,
    }))
}

/** The Xero ids of these things, by source id; things that have none are left out. */
export async function readXeroIds(
  ledger: Ledger,
  things: readonly { kind: ThingKind; sourceId: string; entity: string }[],
): Promise<Map<string, string>> {
  const rows = await sql<{ source_id: string; xero_id: string }>`
    SELECT e.source_id, e.xero_id
      FROM json_each(${JSON.stringify(things.map((thing) => [thing.kind, thing.sourceId, thing.entity]))}) AS j
      CROSS JOIN export_state AS e
        ON e.kind = j.value ->> 0 AND e.source_id = j.value ->> 1 AND e.entity = j.value ->> 2
     WHERE e.xero_id IS NOT NULL`.execute(ledger.db)
  return new Map(rows.rows.map((row) => [row.source_id, row.xero_id]))
}

/** Xero ids that things or contacts of the ledger have, or had and rolled back: no candidates for a look-up. */
export async function findTakenXeroIds(ledger: Ledger, xeroIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ xero_id: string }>`
    SELECT xero_id FROM export_state WHERE xero_id IN (SELECT value FROM json_each(${JSON.stringify(xeroIds)}))
     UNION
    SELECT xero_id FROM rolled_back WHERE xero_id IN (SELECT value FROM json_each(${JSON.stringify(xeroIds)}))
     UNION
    SELECT xero_contact_id FROM contact_link
     WHERE ended IS NULL AND xero_contact_id IN (SELECT value FROM json_each(${JSON.stringify(xeroIds)}))`.execute(
    ledger.db,
  )
  return new Set(rows.rows.map((row) => row.xero_id))
}

export interface StateCounts {
  /** Nobody knows yet whether Xero has them, whichever run sent them. */
  uncertain: number
  /** Refused by a rule or by Xero in this run; of what was exported before, a change of it. */
  failed: number
  skipped: number
}

/** What is open, and what failed in a run, by kind. */
export async function countStates(
  ledger: Ledger,
  entity: string,
  run: number | null,
): Promise<Partial<Record<ThingKind, StateCounts>>> {
  const rows = await sql<StateCounts & { kind: ThingKind }>`
    SELECT kind, COUNT(*) FILTER (WHERE state IN ('sending', 'uncertain')) AS uncertain,
           COUNT(*) FILTER (WHERE state = 'failed' AND run = ${run}) AS failed,
           COUNT(*) FILTER (WHERE state = 'skipped' AND run = ${run}) AS skipped
      FROM export_state
     WHERE entity = ${entity} AND queued = 1 AND state IN ('sending', 'uncertain', 'failed', 'skipped')
     GROUP BY kind`.execute(ledger.db)
  // A refused change leaves the state as it was; that an answer differs from what was sent is no refusal.
  const changes = await sql<{ kind: ThingKind; failed: number }>`
    SELECT f.kind, COUNT(DISTINCT f.source_id) AS failed
      FROM finding AS f CROSS JOIN export_state AS e ON e.kind = f.kind AND e.source_id = f.source_id AND e.entity = f.entity
     WHERE f.run = ${run} AND f.entity = ${entity} AND f.severity = 'error' AND f.code <> 'differs-in-xero'
       AND e.state = 'exported'
     GROUP BY f.kind`.execute(ledger.db)
  const counts: Partial<Record<ThingKind, StateCounts>> = {}
  for (const { kind, ...states } of rows.rows) counts[kind] = states
  for (const { kind, failed } of changes.rows) {
    const known = counts[kind] ?? { uncertain: 0, failed: 0, skipped: 0 }
    counts[kind] = { ...known, failed: known.failed + failed }
  }
  return counts
}

/** Marks things as exported that Xero had already: nothing was sent for them by this ledger. */
export async function adoptThings(
  ledger: Ledger,
  owner: { entity: string; kind: ThingKind; tenantId: string; run: number | null },
  things: {
    id: string
    revision: number
    factsHash: string
    xeroId: string
    xeroNumber: string | null
    xeroStatus: string | null
    facts: string
  }[],
): Promise<void> {
  if (things.length === 0) return
  const rows = JSON.stringify(
    things.map((one) => [
      one.id,
      one.revision,
      one.factsHash,
      one.xeroId,
      one.xeroNumber,
      one.xeroStatus,
      owner.kind,
      owner.entity,
      one.facts,
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    // It was let go and sent after the ledger was last as it is now, and what was held with it was let go too.
    await letGo(
      tx,
      now,
      await heldAlong(
        tx,
        things.map(({ id }) => ({ kind: owner.kind, id, entity: owner.entity })),
      ),
    )
    await sql`
      UPDATE export_state
         SET state = 'exported', held_reason = CASE export_state.state WHEN 'exported' THEN held_reason END, facts = j.value ->> 8,
             follow_up = CASE WHEN j.value ->> 6 IN ('invoice', 'credit_note') AND follow_up <> 2 THEN 1 ELSE follow_up END, sent_revision = j.value ->> 1, facts_hash = j.value ->> 2, xero_id = j.value ->> 3,
             xero_number = COALESCE(j.value ->> 4, xero_number), xero_status = j.value ->> 5, tenant_id = ${owner.tenantId}, run = ${owner.run},
             queued = CASE WHEN revision = j.value ->> 1 THEN 0 ELSE 1 END, reason = NULL, changed_at = ${now}
        FROM json_each(${rows}) AS j
       WHERE export_state.kind = j.value ->> 6 AND export_state.source_id = j.value ->> 0
         AND export_state.entity = j.value ->> 7
         AND (export_state.state IN ${sendableStates} OR export_state.state = 'exported' AND export_state.xero_id = j.value ->> 3)`.execute(
      tx,
    )
    if (owner.kind === 'summary') {
      await sql`
        UPDATE export_state SET held_reason = NULL
         WHERE state IN ${sendableStates} AND held_reason IS NOT NULL AND (kind, source_id, entity) IN (
           SELECT c.kind, c.source_id, s.entity
             FROM json_each(${rows}) AS j CROSS JOIN summary AS s ON s.thing = j.value ->> 0 AND s.entity = j.value ->> 7
             CROSS JOIN summary_source AS c ON c.summary = s.id)`.execute(tx)
      await exportSources(
        tx,
        things.map(({ id, xeroId, facts }) => ({ ...owner, thing: id, xeroId, facts })),
        now,
      )
    }
    // Whether a note was written nobody can tell, and nobody is harmed without one; what applies a discount can be looked up.
    if (owner.kind === 'discount')
      await sql`
        INSERT INTO export_state (kind, source_id, entity, changed_at)
        SELECT 'discount_allocation', value ->> 0, ${owner.entity}, ${now} FROM json_each(${rows}) AS j
         WHERE NOT EXISTS (SELECT 1 FROM export_state AS e
                            WHERE e.kind = 'discount_allocation' AND e.source_id = j.value ->> 0 AND e.entity = ${owner.entity})`.execute(
        tx,
      )
    await sql`
      INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
      SELECT ${now}, 'auxo-sync', ${owner.run}, ${owner.entity}, ${owner.kind}, value ->> 0, 'found in Xero and adopted', value ->> 3
        FROM json_each(${rows})`.execute(tx)
    await recordFindings(
      tx,
      things.map((one) => ({ kind: owner.kind, sourceId: one.id, entity: owner.entity, run: owner.run })),
      [],
      now,
    )
  })
}

/** Uncertain things that a reference may mean: an id, a document's number, or `kind:id`. */
export async function findUncertainThings(
  ledger: Ledger,
  reference: string,
): Promise<{ kind: ThingKind; sourceId: string; entity: string }[]> {
  const rows = await sql<{ kind: ThingKind; source_id: string; entity: string }>`
    SELECT e.kind, e.source_id, e.entity FROM export_state AS e
      LEFT JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind
     WHERE e.state = 'uncertain'
       AND (e.source_id = ${reference} OR e.kind || ':' || e.source_id = ${reference} OR UPPER(d.number) = UPPER(${reference}))
     ORDER BY e.kind, e.source_id`.execute(ledger.db)
  return rows.rows.map((row) => ({ kind: row.kind, sourceId: row.source_id, entity: row.entity }))
}
