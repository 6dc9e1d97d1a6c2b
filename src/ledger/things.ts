// Exportable things and where they stand: which documents wait, how many, and the outcomes that need no call. Reading
// a source row whole is documents.ts's business.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import type { DocumentKind, ExportState, ThingKind } from '../accounting/kinds.ts'
import { recordFindings } from './findings.ts'
import type { Ledger } from './open.ts'

export interface WaitingFilter {
  entity: string
  kind: DocumentKind
  /** Own date on or after; the cutover date or `--from`. */
  from: PlainDate | null
  /** Own date on or before: today in the organisation, or `--to` if earlier. */
  to: PlainDate
  /** Only these ids, where given. */
  ids: readonly string[] | null
}

// CROSS JOIN keeps the order in which the tables stand: from the queue to its documents, never through all documents of
// a period, so that finding work costs what waits and not what exists.

const sendableStates = sql`('pending', 'failed', 'skipped')`

/** A day that is in no calendar, such as 2026-13-45: it waits for nobody, and the rules say so. */
const isNoDate = sql`date(d.date) IS NOT d.date`

/**
 * Ids of the documents in status `sent` that wait to be exported, in the order of date, number, id. Also those that
 * were exported and changed since, so that the change can be judged. Ids only: there may be very many.
 */
export async function findWaitingIds(ledger: Ledger, filter: WaitingFilter): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT d.id
      FROM export_state AS e CROSS JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind AND d.entity = e.entity
     WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.kind = ${filter.kind}
       AND (e.state IN ${sendableStates} AND d.status = 'sent' OR e.state = 'exported')
       AND (d.date <= ${filter.to} OR ${isNoDate}) AND d.date >= ${filter.from ?? ''}
       AND (${filter.ids === null ? 1 : 0} OR d.id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids ?? [])})))
     ORDER BY d.date, d.number, d.id`.execute(ledger.db)
  return rows.rows.map((row) => row.id)
}

/** Whether a thing in this state may be claimed by a chunk. */
export function isSendable(state: ExportState): boolean {
  return state === 'pending' || state === 'failed' || state === 'skipped'
}

export interface WaitingThing {
  revision: number
  state: ExportState
  /** Hash of the facts that were sent before; null where nothing was. */
  sentFactsHash: string | null
}

/** Where these waiting documents stand, by id. Read it before their source: a later change then shows as a newer revision. */
export async function readWaiting(
  ledger: Ledger,
  filter: { entity: string; kind: DocumentKind; ids: readonly string[] },
): Promise<Map<string, WaitingThing>> {
  const rows = await sql<{
    source_id: string
    revision: number
    state: ExportState
    facts_hash: string | null
  }>`
    SELECT source_id, revision, state, facts_hash FROM export_state
     WHERE kind = ${filter.kind} AND entity = ${filter.entity}
       AND source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))`.execute(ledger.db)
  return new Map(
    rows.rows.map((row) => [
      row.source_id,
      { revision: row.revision, state: row.state, sentFactsHash: row.facts_hash },
    ]),
  )
}

export interface WaitingCounts {
  futureDated: number
  beforeCutover: number
  held: number
}

/** Documents in status `sent` that this run leaves alone by rule, not by mistake. */
export async function countLeftAlone(
  ledger: Ledger,
  filter: { entity: string; kind: DocumentKind; cutover: PlainDate | null; today: PlainDate },
): Promise<WaitingCounts> {
  const row = await sql<{ future: number; before: number; held: number }>`
    SELECT COUNT(*) FILTER (WHERE e.state IN ${sendableStates} AND d.date > ${filter.today} AND NOT (${isNoDate})) AS future,
           COUNT(*) FILTER (WHERE e.state IN ${sendableStates} AND d.date < ${filter.cutover ?? ''}) AS before,
           COUNT(*) FILTER (WHERE e.state = 'held') AS held
      FROM export_state AS e CROSS JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind AND d.entity = e.entity
     WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.kind = ${filter.kind} AND d.status = 'sent'`.execute(
    ledger.db,
  )
  const counts = row.rows[0]
  return { futureDated: counts?.future ?? 0, beforeCutover: counts?.before ?? 0, held: counts?.held ?? 0 }
}

/**
 * What still waits per kind: documents in status `sent` dated within the cutover that have not been exported, held,
 * or marked; for other kinds every queued thing.
 */
export async function countRemaining(
  ledger: Ledger,
  filter: { entity: string; cutover: PlainDate | null },
): Promise<Partial<Record<ThingKind, number>>> {
  const rows = await sql<{ kind: ThingKind; remaining: number }>`
    SELECT e.kind AS kind, COUNT(*) AS remaining
      FROM export_state AS e CROSS JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind AND d.entity = e.entity
     WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.state IN ('pending', 'failed', 'skipped', 'sending', 'uncertain')
       AND d.status = 'sent' AND d.date >= ${filter.cutover ?? ''}
     GROUP BY e.kind
     UNION ALL
    SELECT e.kind, COUNT(*)
      FROM export_state AS e
     WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.state IN ('pending', 'failed', 'skipped', 'sending', 'uncertain')
       AND e.source_gone = 0
       AND e.kind NOT IN ('contact', 'item', 'invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order')
     GROUP BY e.kind`.execute(ledger.db)
  return Object.fromEntries(rows.rows.map((row) => [row.kind, row.remaining]))
}

/** A document itself and three others: enough to say what is wrong, where very many have one number. */
const sharedMax = 4

/**
 * Documents of these entities and kind that have one of these numbers (upper case), some of each where there are very
 * many.
 */
export async function findSharedNumbers(
  ledger: Ledger,
  filter: { entities: readonly string[]; kind: DocumentKind; numbers: readonly string[] },
): Promise<{ id: string; entity: string; number: string }[]> {
  if (filter.numbers.length === 0) return []
  const rows = await sql<{ id: string; entity: string; number: string }>`
    SELECT d.id, d.entity, d.number
      FROM json_each(${JSON.stringify(filter.numbers)}) AS n CROSS JOIN json_each(${JSON.stringify(filter.entities)}) AS e
      CROSS JOIN document AS d ON d.id IN (
        SELECT id FROM document AS o
         WHERE o.kind = ${filter.kind} AND UPPER(o.number) = n.value AND o.entity = e.value AND o.status = 'sent'
         LIMIT ${sharedMax})`.execute(ledger.db)
  return rows.rows
}

/** Things whose source row was deleted after they had been sent, or while their outcome was open. */
export async function findDeletedInLedger(
  ledger: Ledger,
  entity: string,
): Promise<{ kind: ThingKind; sourceId: string; xeroNumber: string | null }[]> {
  const rows = await ledger.db
    .selectFrom('export_state')
    .select(['kind', 'source_id', 'xero_number'])
    .where('entity', '=', entity)
    .where('source_gone', '=', 1)
    .where('queued', '=', 1)
    .where('state', 'in', ['exported', 'sending', 'uncertain'])
    .orderBy('kind')
    .orderBy('source_id')
    .execute()
  return rows.map((row) => ({
    kind: row.kind as ThingKind, // written by triggers with a CHECKed kind
    sourceId: row.source_id,
    xeroNumber: row.xero_number,
  }))
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
  })
}

/** Makes the row of a contact that is about to be exported for an entity for the first time. */
export async function ensureContactThings(
  ledger: Ledger,
  entity: string,
  codes: readonly string[],
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO export_state (kind, source_id, entity, changed_at)
      SELECT 'contact', value, ${entity}, ${now} FROM json_each(${JSON.stringify(codes)}) WHERE true
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
    }))
}

/** Xero ids that things or contacts of the ledger already have: no candidates for a look-up. */
export async function findTakenXeroIds(ledger: Ledger, xeroIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ xero_id: string }>`
    SELECT xero_id FROM export_state WHERE xero_id IN (SELECT value FROM json_each(${JSON.stringify(xeroIds)}))
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
  /** Refused by a rule or by Xero in this run. */
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
  return Object.fromEntries(rows.rows.map(({ kind, ...counts }) => [kind, counts]))
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
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    await sql`
      UPDATE export_state
         SET state = 'exported', sent_revision = j.value ->> 1, facts_hash = j.value ->> 2, xero_id = j.value ->> 3,
             xero_number = j.value ->> 4, xero_status = j.value ->> 5, tenant_id = ${owner.tenantId}, run = ${owner.run},
             queued = CASE WHEN revision = j.value ->> 1 THEN 0 ELSE 1 END, reason = NULL, changed_at = ${now}
        FROM json_each(${rows}) AS j
       WHERE export_state.kind = j.value ->> 6 AND export_state.source_id = j.value ->> 0
         AND export_state.entity = j.value ->> 7 AND export_state.state IN ${sendableStates}`.execute(tx)
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
): Promise<{ kind: 'contact' | 'invoice'; sourceId: string; entity: string }[]> {
  const rows = await sql<{ kind: 'contact' | 'invoice'; source_id: string; entity: string }>`
    SELECT e.kind, e.source_id, e.entity FROM export_state AS e
      LEFT JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind
     WHERE e.state = 'uncertain' AND e.kind IN ('contact', 'invoice')
       AND (e.source_id = ${reference} OR e.kind || ':' || e.source_id = ${reference} OR UPPER(d.number) = UPPER(${reference}))
     ORDER BY e.kind, e.source_id`.execute(ledger.db)
  return rows.rows.map((row) => ({ kind: row.kind, sourceId: row.source_id, entity: row.entity }))
}
