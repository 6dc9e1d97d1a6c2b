// Daily summaries (J5) as they were made and as they were sent: what a day's journals said of each source, which of them were never
// sent and are made anew, and what becomes of the sources once Xero has one. What a summary says is mapping/daily-summary.ts.

import { sql, type Transaction } from 'kysely'
import type { Role } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { TrackingPair } from '../accounting/documents.ts'
import type { EntryLine, JournalEntry } from '../accounting/journal-entry.ts'
import type { ExportState, ThingKind } from '../accounting/kinds.ts'
import { cents } from '../accounting/money.ts'
import type { SummarisedKind } from '../accounting/settings.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'
import { sendableStates } from './waiting.ts'

/** The id of a summary as a thing: `invoice/2026-11-03/1`. The same in a copy of the ledger, so that it is found again there. */
export function summaryThingId(of: { kind: SummarisedKind; date: PlainDate; sequence: number }): string {
  return `${of.kind}/${of.date}/${of.sequence}`
}

export interface SourceKey {
  kind: ThingKind
  id: string
}

export async function hasSummaries(ledger: Ledger, entity: string): Promise<boolean> {
  const row = await ledger.db
    .selectFrom('summary')
    .select('id')
    .where('entity', '=', entity)
    .limit(1)
    .execute()
  return row.length > 0
}

/** The journals of these summaries, by the ids of their things; those that nothing is left of are not there. */
export async function readSummaries(
  ledger: Ledger,
  entity: string,
  ids: readonly string[],
): Promise<Map<string, JournalEntry>> {
  const list = JSON.stringify(ids)
  const asked = sql`json_each(${list}) AS j CROSS JOIN summary AS s ON s.thing = j.value AND s.entity = ${entity}`
  const heads = await sql<{ thing: string; date: string; narration: string }>`
    SELECT j.value AS thing, s.date, s.narration FROM ${asked} WHERE s.narration <> ''`.execute(ledger.db)
  const lines = await sql<Schema['summary_line'] & { thing: string }>`
    SELECT j.value AS thing, l.* FROM ${asked} CROSS JOIN summary_line AS l ON l.summary = s.id
     ORDER BY l.summary, l.position`.execute(ledger.db)
  const linesOf = new Map<string, EntryLine[]>()
  for (const row of lines.rows) {
    const known = linesOf.get(row.thing)
    if (known) known.push(lineOf(row))
    else linesOf.set(row.thing, [lineOf(row)])
  }
  return new Map(
    heads.rows.map(({ thing, date, narration }) => [
      thing,
      { date: date as PlainDate, narration, lines: linesOf.get(thing) ?? [] }, // written by recordSummaries
    ]),
  )
}

function lineOf(row: Schema['summary_line']): EntryLine {
  return {
    account: row.account,
    role: row.role as Role | null, // written by recordSummaries, as the rest
    description: row.description,
    amount: cents(exact(row.amount_cents)),
    taxCode: row.tax_code,
    taxType: row.tax_type,
    tax: cents(exact(row.tax_cents)),
    tracking: JSON.parse(row.tracking) as TrackingPair[],
  }
}

/** What a summary says of a source. */
export interface SummarySourceRow extends SourceKey {
  revision: number
  factsHash: string
  amountCents: number
  /** As it is said to stand on the day; null where nothing of it does any more. */
  entry: JournalEntry | null
  /** It was voided or deleted. */
  isEnded: boolean
}

/** A summary that was never sent: it is made anew. */
export interface UnsentSummary {
  row: number
  of: SummarisedKind
  date: PlainDate
  sequence: number
  state: ExportState
  isEmpty: boolean
  /** Those of its sources that Xero has already in what this summary completes: one that moved to another day. */
  kept: SummarySourceRow[]
}

export async function findUnsentSummaries(ledger: Ledger, entity: string): Promise<UnsentSummary[]> {
  const rows = await sql<{
    id: number
    kind: SummarisedKind
    date: string
    sequence: number
    state: ExportState
    narration: string
  }>`
    SELECT s.id, s.kind, s.date, s.sequence, s.narration, e.state
      FROM export_state AS e INDEXED BY export_state_queue
      CROSS JOIN summary AS s ON s.thing = e.source_id AND s.entity = e.entity
     WHERE e.queued = 1 AND e.entity = ${entity} AND e.kind = 'summary' AND (e.state IN ${sendableStates} OR e.state = 'held')
     ORDER BY s.date, s.kind, s.sequence`.execute(ledger.db)
  const kept = await sql<SourceColumns & { summary: number }>`
    SELECT c.* FROM json_each(${JSON.stringify(rows.rows.map(({ id }) => id))}) AS j
      CROSS JOIN summary_source AS c ON c.summary = j.value
      CROSS JOIN export_state AS e ON e.kind = c.kind AND e.source_id = c.source_id AND e.entity = ${entity}
     WHERE e.state = 'exported' AND e.queued = 0 AND e.sent_revision = c.revision`.execute(ledger.db)
  return rows.rows.map(({ id, kind, date, sequence, state, narration }) => ({
    row: id,
    of: kind,
    date: date as PlainDate, // written by recordSummaries
    sequence,
    state,
    isEmpty: narration === '',
    kept: kept.rows.filter(({ summary }) => summary === id).map(sourceOf),
  }))
}

interface SourceColumns {
  kind: ThingKind
  source_id: string
  revision: number
  amount_cents: number
  entry: string | null
  facts_hash: string
  is_ended: 0 | 1
}

function sourceOf(row: SourceColumns): SummarySourceRow {
  return {
    kind: row.kind,
    id: row.source_id,
    revision: row.revision,
    factsHash: row.facts_hash,
    amountCents: row.amount_cents,
    entry: row.entry === null ? null : (JSON.parse(row.entry) as JournalEntry), // written by recordSummaries
    isEnded: row.is_ended === 1,
  }
}

/** What Xero was told of a source on a day, or may have been, by the last summary that says something of it. */
export interface SaidOfSource extends SourceKey {
  of: SummarisedKind
  date: PlainDate
  entry: JournalEntry
}

/** What summaries say of these sources; `open`: keys of those of which one speaks whose outcome is not known yet. */
export async function readSaid(
  ledger: Ledger,
  entity: string,
  sources: readonly SourceKey[],
): Promise<{ said: SaidOfSource[]; open: SourceKey[] }> {
  const rows = await sql<{
    kind: ThingKind
    source_id: string
    of_kind: SummarisedKind
    date: string
    entry: string | null
    state: ExportState
  }>`
    SELECT c.kind, c.source_id, s.kind AS of_kind, s.date, c.entry, e.state
      FROM json_each(${JSON.stringify(sources.map(({ kind, id }) => [kind, id]))}) AS j
      CROSS JOIN summary_source AS c ON c.kind = j.value ->> 0 AND c.source_id = j.value ->> 1
      CROSS JOIN summary AS s ON s.id = c.summary AND s.entity = ${entity}
      CROSS JOIN export_state AS e ON e.kind = 'summary' AND e.source_id = s.thing AND e.entity = s.entity
     WHERE e.state IN ('sending', 'uncertain', 'exported', 'mock_exported')
     ORDER BY s.sequence`.execute(ledger.db)
  const last = new Map<string, (typeof rows.rows)[number]>()
  for (const row of rows.rows) last.set(JSON.stringify([row.kind, row.source_id, row.of_kind, row.date]), row)
  const isOpen = (state: ExportState) => state === 'sending' || state === 'uncertain'
  return {
    said: [...last.values()].flatMap(({ kind, source_id, of_kind, date, entry }) =>
      entry === null
        ? []
        : [
            {
              kind,
              id: source_id,
              of: of_kind,
              date: date as PlainDate, // written by recordSummaries
              entry: JSON.parse(entry) as JournalEntry, // as above
            },
          ],
    ),
    open: rows.rows
      .filter(({ state }) => isOpen(state))
      .map(({ kind, source_id }) => ({ kind, id: source_id })),
  }
}

/** The last sequence of each of these days, by `kind/date`; days without any are left out. */
export async function readLastSequences(ledger: Ledger, entity: string): Promise<Map<string, number>> {
  const rows = await sql<{ day: string; sequence: number }>`
    SELECT kind || '/' || date AS day, MAX(sequence) AS sequence FROM summary WHERE entity = ${entity} GROUP BY kind, date`.execute(
    ledger.db,
  )
  return new Map(rows.rows.map(({ day, sequence }) => [day, sequence]))
}

export interface SummaryToRecord {
  /** The one that was never sent and is made anew; null for a new one. */
  row: number | null
  of: SummarisedKind
  date: PlainDate
  sequence: number
  /** Null where nothing is left of it. */
  entry: JournalEntry | null
  sources: readonly SummarySourceRow[]
}

/** Writes summaries down, new ones with their things. Nothing of one that was sent is ever changed. */
export async function recordSummaries(
  ledger: Ledger,
  entity: string,
  summaries: readonly SummaryToRecord[],
): Promise<void> {
  for (const summary of summaries)
    await ledger.transaction(async (tx, now) => {
      const row = summary.row ?? (await insertSummary(tx, entity, summary, now))
      await tx.deleteFrom('summary_line').where('summary', '=', row).execute()
      await tx.deleteFrom('summary_source').where('summary', '=', row).execute()
      await tx
        .updateTable('summary')
        .set({ narration: summary.entry?.narration ?? '' })
        .where('id', '=', row)
        .execute()
      await insertLines(tx, row, summary.entry?.lines ?? [])
      await insertSources(tx, row, summary.sources)
    })
}

async function insertSummary(
  tx: Transaction<Schema>,
  entity: string,
  { of, date, sequence }: SummaryToRecord,
  now: string,
): Promise<number> {
  const thing = summaryThingId({ kind: of, date, sequence })
  const { id } = await tx
    .insertInto('summary')
    .values({ entity, kind: of, date, sequence, thing })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('export_state')
    .values({ kind: 'summary', source_id: thing, entity, changed_at: now })
    .execute()
  return id
}

async function insertLines(tx: Transaction<Schema>, row: number, lines: readonly EntryLine[]): Promise<void> {
  const rows = JSON.stringify(
    lines.map((line) => [
      line.account,
      line.role,
      line.description,
      line.amount,
      line.taxCode,
      line.taxType,
      line.tax,
      JSON.stringify(line.tracking),
    ]),
  )
  await sql`
    INSERT INTO summary_line (summary, position, account, role, description, amount_cents, tax_code, tax_type, tax_cents, tracking)
    SELECT ${row}, key + 1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
      FROM json_each(${rows})`.execute(tx)
}

async function insertSources(
  tx: Transaction<Schema>,
  row: number,
  sources: readonly SummarySourceRow[],
): Promise<void> {
  const rows = JSON.stringify(
    sources.map((source) => [
      source.kind,
      source.id,
      source.revision,
      source.amountCents,
      source.entry === null ? null : JSON.stringify(source.entry),
      source.factsHash,
      source.isEnded ? 1 : 0,
    ]),
  )
  await sql`
    INSERT INTO summary_source (summary, kind, source_id, revision, amount_cents, entry, facts_hash, is_ended)
    SELECT ${row}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
      FROM json_each(${rows})`.execute(tx)
}

/** A summary that Xero has. */
export interface SentSummary {
  thing: string
  entity: string
  tenantId: string | null
  run: number | null
  xeroId: string
  facts: string
}

/**
 * The sources of summaries that Xero has are exported with them, in the transaction that knows it: each has the journal's id and
 * facts, with the summary's own name among these. One that changed since it was summed up stays on the queue for the next.
 */
export async function exportSources(
  tx: Transaction<Schema>,
  summaries: readonly SentSummary[],
  now: string,
): Promise<void> {
  if (summaries.length === 0) return
  const rows = JSON.stringify(
    summaries.map(({ thing, entity, tenantId, run, xeroId, facts }) => [
      thing,
      entity,
      tenantId,
      run,
      xeroId,
      facts,
    ]),
  )
  const found = await sql<{ row: string; kind: string; source_id: string; entity: string; is_left: 0 | 1 }>`
    SELECT c.kind, c.source_id, s.entity, c.entry IS NULL AND c.is_ended = 0 AS is_left,
           json_array(c.kind, c.source_id, s.entity, o.value ->> 2, o.value ->> 3, o.value ->> 4,
             json_set(o.value ->> 5, '$.summary', s.thing), s.thing, c.revision, c.facts_hash, c.is_ended,
             c.entry IS NULL AND c.is_ended = 0) AS row
      FROM json_each(${rows}) AS o
      CROSS JOIN summary AS s ON s.entity = o.value ->> 1 AND s.thing = o.value ->> 0
      CROSS JOIN summary_source AS c ON c.summary = s.id
     ORDER BY is_left DESC`.execute(tx)
  // What moved to another day is found there and not where it was.
  const last = new Map(
    found.rows.map((one) => [JSON.stringify([one.kind, one.source_id, one.entity]), one.row]),
  )
  // With the whole key in every row there is nothing else to begin from, and each is looked up.
  const sources = `[${[...last.values()].join(',')}]`
  await sql`
    UPDATE export_state
       SET state = 'exported', tenant_id = j.value ->> 3, run = j.value ->> 4, reason = NULL,
           xero_id = CASE j.value ->> 11 WHEN 1 THEN xero_id ELSE j.value ->> 5 END,
           facts = CASE j.value ->> 11 WHEN 1 THEN facts ELSE j.value ->> 6 END,
           xero_status = CASE j.value ->> 10 WHEN 1 THEN 'VOIDED' ELSE 'POSTED' END,
           sent_revision = MAX(COALESCE(sent_revision, 0), j.value ->> 8), facts_hash = j.value ->> 9,
           follow_up = CASE WHEN j.value ->> 0 IN ('invoice', 'credit_note') AND follow_up <> 2 THEN 1 ELSE follow_up END,
           queued = CASE WHEN revision = j.value ->> 8 THEN 0 ELSE 1 END, changed_at = ${now}
      FROM json_each(${sources}) AS j
     WHERE export_state.kind = j.value ->> 0 AND export_state.source_id = j.value ->> 1
       AND export_state.entity = j.value ->> 2`.execute(tx)
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, 'auxo-sync', value ->> 4, value ->> 2, value ->> 0, value ->> 1, 'exported', 'in summary ' || (value ->> 7)
      FROM json_each(${sources})`.execute(tx)
}
