// What becomes of things that a rollback took out of Xero (M6): held in the ledger until released, what they were there kept for audit,
// and what the pull had noted of them forgotten. Which things a run posted is posted-things.ts, how they are taken out batch/rollback.

import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { ThingKind } from '../accounting/kinds.ts'
import { splitPair } from '../accounting/thing-ids.ts'
import type { ThingOutcome } from './chunk-outcomes.ts'
import { companionsOf, rolledBackWords } from './companions.ts'
import { recordFindings } from './findings.ts'
import { noteEvents, type ThingName } from './holds.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/**
 * What Xero gave an id is kept under it. An allocation is known by its two documents, which may have another one later: it is kept under
 * the id by which it was removed, or by those two and the run that took it out.
 */
function idInXero(byRun: number): RawBuilder<string> {
  return sql`
    CASE WHEN export_state.facts ->> 'invoiceId' IS NULL THEN xero_id
         ELSE COALESCE((SELECT t.facts ->> 'allocationId' FROM chunk_thing AS t
                         WHERE t.chunk = export_state.chunk AND t.kind = export_state.kind
                           AND t.source_id = export_state.source_id AND t.entity = export_state.entity),
                       xero_id || ${` run ${byRun}`}) END`
}

/** What is held says so in these words. */
export function rolledBackReason(run: number): string {
  return `${rolledBackWords}${run}`
}

/** Where things stand on the queue once a call about them came to nothing: a rollback takes back that it queued them. */
export function unqueuedAgain(chunk: number, otherwise: 1 | null = null): RawBuilder<0 | 1> {
  return sql`(SELECT CASE WHEN rolls_back IS NULL THEN COALESCE(${otherwise}, export_state.queued)
                          ELSE export_state.revision IS NOT export_state.sent_revision END FROM chunk WHERE id = ${chunk})`
}

/** Xero's own word that it is over. Anything else it may say of what was voided or deleted proves nothing. */
function isEnded(outcome: ThingOutcome): boolean {
  return (
    outcome.outcome === 'exported' && (outcome.xeroStatus === 'VOIDED' || outcome.xeroStatus === 'DELETED')
  )
}

/** The outcomes of a call of a rollback. False where the chunk is none: then nothing was done. */
export async function applyRollback(
  tx: Tx,
  chunk: number,
  outcomes: readonly ThingOutcome[],
  now: string,
): Promise<boolean> {
  const { rolls_back: undone, run } = await tx
    .selectFrom('chunk')
    .select(['rolls_back', 'run'])
    .where('id', '=', chunk)
    .executeTakeFirstOrThrow()
  if (undone === null) return false
  const things = await tx
    .selectFrom('chunk_thing')
    .select(['position', 'kind', 'source_id as id', 'entity'])
    .where('chunk', '=', chunk)
    .execute()
  const at = (some: readonly ThingOutcome[]) =>
    things.filter(({ position }) => some.some((one) => one.position === position)).map(nameOf)
  const ended = outcomes.filter(isEnded)
  const others = outcomes.filter((one) => !isEnded(one))
  await setOutcome(tx, chunk, ended, 'exported')
  await setOutcome(tx, chunk, others, 'failed')
  await takeOut(tx, now, at(ended), { run: undone, byRun: run })
  const left = keysOf(at(others))
  await sql`
    UPDATE export_state SET state = 'exported', queued = revision IS NOT sent_revision, reason = NULL, changed_at = ${now}
     WHERE chunk = ${chunk} AND (kind, source_id, entity) IN ${left}`.execute(tx)
  for (const one of others) {
    const what = { who: 'auxo-sync', what: 'not rolled back', detail: whyOf(one), run }
    await noteEvents(tx, now, at([one]), what)
  }
  return true
}

function nameOf({ kind, id, entity }: { kind: string; id: string; entity: string }): ThingName {
  return { kind: kind as ThingKind, id, entity } // only kinds of the table of kinds are ever prepared
}

/** Why it still stands, as far as Xero said. */
export function whyOf(outcome: ThingOutcome): string {
  if (outcome.outcome === 'failed') return outcome.reason
  return `Xero took the call and says ${outcome.xeroStatus ?? 'nothing'} of its status.`
}

async function setOutcome(
  tx: Tx,
  chunk: number,
  outcomes: readonly ThingOutcome[],
  outcome: 'exported' | 'failed',
): Promise<void> {
  if (outcomes.length === 0) return
  await tx
    .updateTable('chunk_thing')
    .set({ outcome })
    .where('chunk', '=', chunk)
    .where(
      'position',
      'in',
      outcomes.map(({ position }) => position),
    )
    .execute()
}

/** What was found to have ended in Xero already: held like what was taken out, without a call. */
export async function recordEnded(
  ledger: Ledger,
  names: readonly ThingName[],
  runs: { run: number; byRun: number },
): Promise<void> {
  if (names.length === 0) return
  await ledger.transaction((tx, now) => takeOut(tx, now, names, runs))
}

/**
 * Xero has these no more, nor what went with them: the sources of a summary; files, notes and costs that were not posted yet of a
 * document. All are held until they are released.
 */
async function takeOut(
  tx: Tx,
  now: string,
  names: readonly ThingName[],
  runs: { run: number; byRun: number },
): Promise<void> {
  if (names.length === 0) return
  const sources = await sourcesOf(tx, names)
  const all = [...names, ...sources, ...(await companionsOf(tx, [...names, ...sources]))]
  const keys = keysOf(all)
  await sql`
    INSERT INTO rolled_back (kind, source_id, entity, xero_id, tenant_id, xero_number, facts, run, by_run, at)
    SELECT kind, source_id, entity, ${idInXero(runs.byRun)}, COALESCE(tenant_id, ''), xero_number, facts, ${runs.run}, ${runs.byRun}, ${now}
      FROM export_state WHERE xero_id IS NOT NULL AND (kind, source_id, entity) IN ${keys}
        ON CONFLICT DO NOTHING`.execute(tx)
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, 'auxo-sync', ${runs.byRun}, entity, kind, source_id, 'rolled back', ${`run ${runs.run}`} || COALESCE(', was ' || xero_id, '')
      FROM export_state WHERE (kind, source_id, entity) IN ${keys}`.execute(tx)
  await forgetPulled(tx, all)
  await forgetMade(tx, all, runs.run)
  // A summary is made anew of whatever sources wait; it is they that are held.
  await sql`
    UPDATE export_state
       SET state = CASE kind WHEN 'summary' THEN 'pending' ELSE 'held' END,
           held_reason = CASE kind WHEN 'summary' THEN NULL ELSE ${rolledBackReason(runs.run)} END,
           queued = 1, sent_revision = NULL, facts_hash = NULL, facts = NULL, xero_id = NULL, xero_number = NULL, xero_status = NULL,
           tenant_id = NULL, chunk = NULL, run = ${runs.byRun}, reason = NULL,
           follow_up = CASE follow_up WHEN 2 THEN 2 ELSE 0 END, changed_at = ${now}
     WHERE (kind, source_id, entity) IN ${keys}`.execute(tx)
  const things = all.map(({ kind, id, entity }) => ({ kind, sourceId: id, entity, run: runs.byRun }))
  await recordFindings(tx, things, [], now)
}

/** What a daily summary is made of: exported with it, under its id in Xero. */
async function sourcesOf(tx: Tx, names: readonly ThingName[]): Promise<ThingName[]> {
  if (!names.some(({ kind }) => kind === 'summary')) return []
  const { rows } = await sql<ThingName>`
    SELECT e.kind, e.source_id AS id, e.entity
      FROM export_state AS s CROSS JOIN export_state AS e ON e.xero_id = s.xero_id AND e.entity = s.entity AND e.kind <> 'summary'
     WHERE s.kind = 'summary' AND (s.kind, s.source_id, s.entity) IN ${keysOf(names)} AND e.facts ->> 'summary' = s.source_id
       AND e.state = 'exported'`.execute(tx)
  return rows
}

/** What Xero had otherwise of them, and their marks in the mirror of money: they are nothing there any more. */
async function forgetPulled(tx: Tx, names: readonly ThingName[]): Promise<void> {
  const keys = keysOf(names)
  const pair = (kind: string, kinds: readonly string[]) => sql`
    DELETE FROM part_in_xero WHERE kind = ${kind} AND (source, document) IN (
      SELECT replace(replace(substr(e.source_id, 1, instr(e.source_id, '/') - 1), '%2F', '/'), '%25', '%'),
             substr(e.source_id, instr(e.source_id, '/') + 1)
        FROM export_state AS e WHERE e.kind IN (${sql.join(kinds)}) AND (e.kind, e.source_id, e.entity) IN ${keys})`
  await pair('payment', ['payment', 'refund', 'discount']).execute(tx)
  await pair('credit', ['allocation']).execute(tx)
  await sql`
    DELETE FROM part_in_xero WHERE kind = 'journal' AND ('journal', source) IN (
      SELECT e.kind, e.source_id FROM export_state AS e WHERE (e.kind, e.source_id, e.entity) IN ${keys})`.execute(
    tx,
  )
  await sql`
    DELETE FROM adjustment WHERE document IN (
      SELECT e.source_id FROM export_state AS e
       WHERE e.kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND (e.kind, e.source_id, e.entity) IN ${keys})`.execute(
    tx,
  )
  const ids = sql`
    (SELECT e.tenant_id, e.xero_id FROM export_state AS e WHERE e.xero_id IS NOT NULL AND (e.kind, e.source_id, e.entity) IN ${keys})`
  await sql`UPDATE mirror_payment SET status = 'DELETED' WHERE (tenant_id, payment_id) IN ${ids}`.execute(tx)
  await sql`UPDATE mirror_credit SET status = 'VOIDED' WHERE (tenant_id, credit_id) IN ${ids}`.execute(tx)
}

/** What auxo-sync itself had made for them: a day's lines, a cost, a number, which Xero may not take a second time. */
async function forgetMade(tx: Tx, names: readonly ThingName[], run: number): Promise<void> {
  const summed = JSON.stringify(
    names.filter(({ kind }) => kind === 'summary').map(({ id, entity }) => [id, entity]),
  )
  const summaries = sql`
    (SELECT s.id FROM json_each(${summed}) AS j CROSS JOIN summary AS s ON s.thing = j.value ->> 0 AND s.entity = j.value ->> 1)`
  await sql`DELETE FROM summary_line WHERE summary IN ${summaries}`.execute(tx)
  await sql`DELETE FROM summary_source WHERE summary IN ${summaries}`.execute(tx)
  await sql`UPDATE summary SET narration = '' WHERE id IN ${summaries}`.execute(tx)
  for (const { kind, id, entity } of names) {
    if (kind !== 'cogs') continue
    const [document, place] = splitPair(id)
    await sql`
      UPDATE cogs_posting SET action = 'none'
       WHERE entity = ${entity} AND document = ${document} AND position || '/' || sequence = ${place}`.execute(
      tx,
    )
  }
  await sql`
    UPDATE assigned_number SET source_id = source_id || ${` (${rolledBackReason(run)})`}
     WHERE (kind, source_id, entity) IN ${keysOf(names)}`.execute(tx)
}

function keysOf(names: readonly ThingName[]) {
  const rows = JSON.stringify(names.map(({ kind, id, entity }) => [kind, id, entity]))
  return sql`(SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${rows}))`
}

/** Which of these ids of Xero's were ours and were rolled back: whatever a feed says of them is over. */
export async function findRolledBack(ledger: Ledger, xeroIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ xeroId: string }>`
    SELECT DISTINCT r.xero_id AS xeroId FROM json_each(${JSON.stringify([...new Set(xeroIds)])}) AS j
      CROSS JOIN rolled_back AS r ON r.xero_id = j.value`.execute(ledger.db)
  return new Set(rows.rows.map(({ xeroId }) => xeroId))
}
