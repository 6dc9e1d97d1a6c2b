// Taking marks of a cutover back: a whole mock export while nothing went out since (M1), or single documents (M2). What was really
// exported is never touched.

import { sql, type Transaction } from 'kysely'
import { isDocumentKind } from '../accounting/kinds.ts'
import { noCounts } from '../accounting/outcomes.ts'
import { splitPair } from '../accounting/thing-ids.ts'
import { noteEvents, readStandingThings, type StandingThing, type ThingName } from './holds.ts'
import type { Ledger } from './open.ts'
import { forgetExternal } from './pulled-external.ts'
import { closeRunWithin } from './runs.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/** Why a mock export cannot be undone, or what undoing it came to. */
export type Undone =
  | { outcome: 'undone'; undoneRun: number; run: number; things: number }
  | { outcome: 'nothing-marked' }
  /** `since`: the run by which something went to Xero afterwards. */
  | { outcome: 'exported-since'; undoneRun: number; since: number }

/** Undoes a mock export of the entity, the last one where no run is named. All or nothing, with a run of its own in the history. */
export async function undoMockExport(
  ledger: Ledger,
  request: { entity: string; run: number | null; who: string },
): Promise<Undone> {
  const { entity, who } = request
  return ledger.transaction(async (tx, now) => {
    const undoneRun = await findMockExport(tx, entity, request.run)
    if (undoneRun === null) return { outcome: 'nothing-marked' }
    const since = await findSentSince(tx, entity, undoneRun)
    if (since !== null) return { outcome: 'exported-since', undoneRun, since }
    const marked = await sql<ThingName & { xeroId: string | null; tenantId: string | null }>`
      SELECT kind, source_id AS id, entity, xero_id AS xeroId, tenant_id AS tenantId
        FROM export_state WHERE run = ${undoneRun} AND entity = ${entity} AND state = 'mock_exported'`.execute(
      tx,
    )
    const run = await openUndo(tx, now, request)
    await forgetWhatCame(tx, marked.rows)
    await unmark(tx, now, marked.rows)
    await noteEvents(tx, now, marked.rows, {
      who,
      what: 'mock export undone',
      detail: `run ${undoneRun}`,
      run,
    })
    const calls = { made: 0, bytesOut: 0, bytesIn: 0, dayLeft: null }
    const reason = `Mock export of run ${undoneRun} undone: ${marked.rows.length.toLocaleString('en')} wait again. Nothing was sent.`
    await closeRunWithin(tx, now, run, { state: 'sent', kinds: noCounts(), calls, reason })
    return { outcome: 'undone', undoneRun, run, things: marked.rows.length }
  })
}

async function findMockExport(tx: Tx, entity: string, run: number | null): Promise<number | null> {
  const rows = await sql<{ run: number }>`
    SELECT r.id AS run FROM batch_run AS r
     WHERE r.entity = ${entity} AND r.verb = 'mock-export' AND (${run} IS NULL OR r.id = ${run})
       AND EXISTS (SELECT 1 FROM export_state AS e WHERE e.run = r.id AND e.entity = ${entity} AND e.state = 'mock_exported')
     ORDER BY r.id DESC LIMIT 1`.execute(tx)
  return rows.rows[0]?.run ?? null
}

/** Contacts aside, which change nothing of a document's; what a person marked as exported by hand counts. */
async function findSentSince(tx: Tx, entity: string, run: number): Promise<number | null> {
  const rows = await sql<{ run: number | null }>`
    SELECT MIN(run) AS run FROM (
      SELECT run FROM chunk WHERE entity = ${entity} AND run > ${run} AND attempts > 0 AND kind NOT IN ('contact', 'item')
       UNION ALL
      SELECT run FROM export_state
       WHERE run > ${run} AND entity = ${entity} AND state IN ('exported', 'sending', 'uncertain') AND kind NOT IN ('contact', 'item'))`.execute(
    tx,
  )
  return rows.rows[0]?.run ?? null
}

async function openUndo(
  tx: Tx,
  now: string,
  { entity, who }: { entity: string; who: string },
): Promise<number> {
  const row = await tx
    .insertInto('batch_run')
    .values({ entity, verb: 'mock-export', started_at: now, state: 'running', who })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** What came back from Xero on documents that were linked: it is on them no more. */
async function forgetWhatCame(
  tx: Tx,
  things: readonly (ThingName & { xeroId: string | null; tenantId: string | null })[],
): Promise<void> {
  const linked = things.filter(({ xeroId }) => xeroId !== null)
  if (linked.length === 0) return
  const ids = JSON.stringify(linked.map(({ xeroId }) => xeroId))
  const came = await sql<{ tenantId: string; xeroId: string }>`
    SELECT tenant_id AS tenantId, payment_id AS xeroId FROM mirror_payment WHERE target_id IN (SELECT value FROM json_each(${ids}))
     UNION
    SELECT tenant_id, credit_id FROM mirror_allocation WHERE invoice_id IN (SELECT value FROM json_each(${ids}))`.execute(
    tx,
  )
  for (const { tenantId, xeroId } of came.rows) await forgetExternal(tx, tenantId, xeroId)
  const documents = JSON.stringify(linked.filter(({ kind }) => isDocumentKind(kind)).map(({ id }) => id))
  await sql`DELETE FROM adjustment WHERE document IN (SELECT value FROM json_each(${documents}))`.execute(tx)
  await sql`DELETE FROM part_in_xero WHERE document IN (SELECT value FROM json_each(${documents}))`.execute(
    tx,
  )
}

/** They wait again, and are known to be nothing in Xero. */
async function unmark(tx: Tx, now: string, things: readonly ThingName[]): Promise<void> {
  const keys = JSON.stringify(things.map(({ kind, id, entity }) => [kind, id, entity]))
  await sql`
    UPDATE export_state
       SET state = CASE WHEN held_reason IS NULL THEN 'pending' ELSE 'held' END, queued = 1, run = NULL, reason = NULL,
           xero_id = NULL, xero_number = NULL, xero_status = NULL, tenant_id = NULL, facts = NULL, changed_at = ${now}
     WHERE (kind, source_id, entity) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${keys}))
       AND state = 'mock_exported'`.execute(tx)
}

/** Why one cannot be reset: really exported, on its way, never marked, or linked with a document that stands in Xero. */
export type ResetRefusal = 'exported' | 'under-way' | 'not-marked' | 'linked'

/**
 * Marked things that are to be exported after all (M2), with their files and receipts. Where one is refused nothing is changed.
 * `unlink`: also those that are linked with Xero, since the link is wrong.
 */
export async function resetThings(
  ledger: Ledger,
  names: readonly ThingName[],
  { who, unlink }: { who: string; unlink: boolean },
): Promise<{ refused: { thing: StandingThing; why: ResetRefusal }[] }> {
  return ledger.transaction(async (tx, now) => {
    const things = await readStandingThings({ db: tx }, names)
    const refused = things.flatMap((thing) => {
      const why = refusalOf(thing, unlink)
      return why === null ? [] : [{ thing, why }]
    })
    if (refused.length > 0) return { refused }
    const along = await readStandingThings({ db: tx }, await hangingOn(tx, names))
    const all = [...things, ...along.filter((thing) => refusalOf(thing, unlink) === null)]
    await forgetWhatCame(tx, await withTenants(tx, all))
    await unmark(tx, now, all)
    await noteEvents(tx, now, all, { who, what: 'reset for export', detail: null })
    return { refused: [] }
  })
}

function refusalOf({ state, xeroId, xeroStatus }: StandingThing, unlink: boolean): ResetRefusal | null {
  if (state === 'exported') return 'exported'
  if (state === 'sending' || state === 'uncertain') return 'under-way'
  if (state !== 'mock_exported') return 'not-marked'
  const stands = xeroId !== null && xeroStatus !== 'VOIDED' && xeroStatus !== 'DELETED'
  return stands && !unlink ? 'linked' : null
}

/** Files of documents; the receipt of which a payment is a part. */
async function hangingOn(tx: Tx, names: readonly ThingName[]): Promise<ThingName[]> {
  const documents = names.filter(({ kind }) => isDocumentKind(kind)).map(({ id }) => id)
  const files = await sql<ThingName>`
    SELECT e.kind, e.source_id AS id, e.entity FROM json_each(${JSON.stringify(documents)}) AS j
      CROSS JOIN document_attachment AS a ON a.document = j.value
      CROSS JOIN export_state AS e
        ON e.kind = 'attachment' AND e.source_id = replace(replace(a.document, '%', '%25'), '/', '%2F') || '/' || a.file`.execute(
    tx,
  )
  const receipts = names.flatMap(({ kind, id, entity }): ThingName[] =>
    kind === 'payment' ? [{ kind: 'receipt', id: splitPair(id)[0], entity }] : [],
  )
  return [...files.rows, ...receipts]
}

async function withTenants(tx: Tx, things: readonly StandingThing[]) {
  const linked = things.filter(({ xeroId }) => xeroId !== null)
  const rows = await sql<{ xeroId: string; tenantId: string | null }>`
    SELECT DISTINCT xero_id AS xeroId, tenant_id AS tenantId FROM export_state
     WHERE xero_id IN (SELECT value FROM json_each(${JSON.stringify(linked.map(({ xeroId }) => xeroId))}))`.execute(
    tx,
  )
  const tenantOf = new Map(rows.rows.map((row) => [row.xeroId, row.tenantId]))
  return linked.map((thing) => ({ ...thing, tenantId: tenantOf.get(thing.xeroId ?? '') ?? null }))
}
