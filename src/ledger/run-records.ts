// What is left of a run for those who look back: the report that it gave, its chunks, and what went out with how much money. The run's
// own row is runs.ts.

import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { sql } from 'kysely'
import type { Operation, ThingKind } from '../accounting/kinds.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import type { Ledger } from './open.ts'

const [pack, unpack] = [promisify(gzip), promisify(gunzip)]

/** Keeps what a run told: later runs find other things, and mend them. */
export async function keepRunReport(ledger: Ledger, report: RunReport): Promise<void> {
  const bytes = await pack(JSON.stringify(report))
  await ledger.db
    .insertInto('run_report')
    .values({ run: report.id, report: bytes })
    .onConflict((row) => row.column('run').doUpdateSet({ report: bytes }))
    .execute()
}

/** Null for runs that were killed before they told anything, that are no export or pull, or of before reports were kept. */
export async function readKeptReport(ledger: Ledger, run: number): Promise<RunReport | null> {
  const row = await ledger.db
    .selectFrom('run_report')
    .select('report')
    .where('run', '=', run)
    .executeTakeFirst()
  return row ? (JSON.parse((await unpack(row.report)).toString('utf8')) as RunReport) : null // as keepRunReport wrote it
}

/** A call of a run as far as it says where its things are counted. */
export interface RecordedChunk {
  kind: ThingKind
  channel: string
  operation: Operation
  number: number
  of: number
  documents: number
  /** Xero's word for a bank transaction or document, such as RECEIVE-OVERPAYMENT; null for others. */
  type: string | null
}

export interface SentSum extends Omit<RecordedChunk, 'number' | 'of' | 'documents'> {
  things: number
  currency: string | null
  /** Null for things without money. */
  cents: number | null
}

/** The chunks of a run in the order in which they were written down. */
export async function readRunChunks(ledger: Ledger, run: number): Promise<RecordedChunk[]> {
  const { rows } = await sql<RecordedChunk>`
    SELECT c.kind, c.channel, c.operation, c.number, c.of, COUNT(*) AS documents, MIN(t.facts ->> 'type') AS type
      FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
     WHERE c.run = ${run} GROUP BY c.id ORDER BY c.id`.execute(ledger.db)
  return rows
}

/** What Xero has of a run by what is known today, with the money that was written down before it left. */
export async function sumSent(ledger: Ledger, run: number): Promise<SentSum[]> {
  const { rows } = await sql<SentSum>`
    SELECT c.kind, c.channel, c.operation, t.facts ->> 'type' AS type, t.facts ->> 'currency' AS currency, COUNT(*) AS things,
           SUM(ABS(COALESCE(t.facts ->> 'totalCents', t.facts ->> 'amountCents', t.facts ->> 'totalDebitCents'))) AS cents
      FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
     WHERE c.run = ${run} AND t.outcome = 'exported'
     GROUP BY c.kind, c.channel, c.operation, t.facts ->> 'type', t.facts ->> 'currency'`.execute(ledger.db)
  return rows
}
