// Marking everything that is dated before a day as exported, without sending it (M1): what that is, kind by kind with its money, and
// the marking itself, in one transaction. What is linked with Xero meanwhile is cutover-links.ts, taking it back cutover-undo.ts.

import { sql, type Transaction } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import { documentKinds, type ThingKind } from '../accounting/kinds.ts'
import { type Cents, cents } from '../accounting/money.ts'
import { type LinkedThing, recordCutoverLinks } from './cutover-links.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'
import { closeRunWithin, type RunClosing } from './runs.ts'
import type { Schema } from './schema.ts'
import { firstId, secondId, sendableStates, sourceOf } from './waiting.ts'

type Tx = Transaction<Schema>
type Reader = Pick<Ledger, 'db'> | { db: Tx }

/**
 * Kinds with a date of their own. Files hang on their documents; daily summaries are made of what is left to send, and so are
 * journals of cost, which only documents that were really sent have.
 */
export const cutoverKinds = [
  ...documentKinds,
  'receipt',
  'payment',
  'refund',
  'discount',
  'allocation',
  'journal',
  'stock_movement',
] as const satisfies readonly ThingKind[]
type CutoverKind = (typeof cutoverKinds)[number]

interface Money {
  /** Cents, as SQL on the source row. */
  amount: string
  /** Its currency; NULL is that of the entity. */
  currency: string
  /** What is finished: a draft may still be given its day, and goes out then. */
  finished: string
}

const ofDocument: Money = { amount: 's.total_cents', currency: 's.currency', finished: `s.status <> 'draft'` }
const currencyOfDocument = `(SELECT d.currency FROM document AS d WHERE d.id = ${secondId})`
const ofPart: Money = {
  amount: 'COALESCE(a.amount_cents, s.amount_cents)',
  currency: `CASE WHEN a.document IS NULL THEN s.currency ELSE ${currencyOfDocument} END`,
  finished: '1',
}
const money: Record<CutoverKind, Money> = {
  invoice: ofDocument,
  bill: ofDocument,
  credit_note: ofDocument,
  supplier_credit: ofDocument,
  purchase_order: ofDocument,
  receipt: { amount: 's.amount_cents', currency: 's.currency', finished: '1' },
  payment: ofPart,
  refund: ofPart,
  discount: {
    amount: `COALESCE((SELECT a.amount_cents FROM payment_allocation AS a WHERE a.payment = s.id AND a.document = ${secondId}), 0)`,
    currency: currencyOfDocument,
    finished: '1',
  },
  allocation: { amount: 'a.amount_cents', currency: 's.currency', finished: `s.status <> 'draft'` },
  journal: {
    amount: `COALESCE((SELECT SUM(l.amount_cents + l.tax_cents) FROM journal_line AS l WHERE l.journal = s.id AND l.amount_cents > 0), 0)`,
    currency: 'NULL',
    finished: sourceOf('journal').wanted,
  },
  stock_movement: {
    amount: 'CAST(ROUND(ABS(s.quantity_e4 * COALESCE(s.unit_cost_e4, 0)) / 1000000.0) AS INTEGER)',
    currency: 'NULL',
    finished: '1',
  },
}

export interface CutoverPeriod {
  entity: string
  /** Dated before this day, by its own date (M3). */
  before: PlainDate
}

/** Things of a kind and currency that are marked. */
export interface MarkedCount {
  kind: CutoverKind
  /** Null: the entity's own. */
  currency: string | null
  documents: number
  total: Cents
}

/** Rows of things `e` with their sources, of this kind: dated before, finished, and never sent. */
function markable(kind: CutoverKind, { entity, before }: CutoverPeriod) {
  const { join, date, since } = sourceOf(kind)
  return sql`
      FROM export_state AS e CROSS JOIN ${sql.raw(join)}
     WHERE e.kind = ${kind} AND e.entity = ${entity} AND e.state IN ${sendableStates} AND e.source_gone = 0
       AND ${sql.raw(money[kind].finished)} AND ${sql.raw(since ?? date ?? `'9'`)} < ${before}`
}

/** What would be marked, in the order of the kinds. Receipts are told only where the settings would send them. */
export async function countMarkable({ db }: Reader, period: CutoverPeriod): Promise<MarkedCount[]> {
  const counts: MarkedCount[] = []
  for (const kind of cutoverKinds) {
    const { amount, currency } = money[kind]
    const rows = await sql<{ currency: string | null; documents: number; total: number }>`
      SELECT ${sql.raw(currency)} AS currency, COUNT(*) AS documents, SUM(${sql.raw(amount)}) AS total
      ${markable(kind, period)} AND ${sql.raw(sourceOf(kind).counted ?? '1')}
      GROUP BY 1 ORDER BY 1`.execute(db)
    for (const row of rows.rows) counts.push({ kind, ...row, total: cents(exact(row.total)) })
  }
  return counts
}

export interface LeftAlone {
  /** Held back by hand, and staying so. */
  held: number
  /** Their answer was lost: an export settles them. */
  uncertain: number
  drafts: number
}

/** What is dated before the day and is not marked. */
export async function countLeftByCutover({ db }: Reader, period: CutoverPeriod): Promise<LeftAlone> {
  const left: LeftAlone = { held: 0, uncertain: 0, drafts: 0 }
  for (const kind of cutoverKinds) {
    const { join, date, since, counted } = sourceOf(kind)
    const rows = await sql<LeftAlone>`
      SELECT COUNT(*) FILTER (WHERE e.state = 'held') AS held,
             COUNT(*) FILTER (WHERE e.state IN ('sending', 'uncertain')) AS uncertain,
             COUNT(*) FILTER (WHERE e.state IN ${sendableStates} AND NOT (${sql.raw(money[kind].finished)})) AS drafts
        FROM export_state AS e CROSS JOIN ${sql.raw(join)}
       WHERE e.kind = ${kind} AND e.entity = ${period.entity} AND e.source_gone = 0
         AND e.state IN ('held', 'sending', 'uncertain', 'pending', 'failed', 'skipped') AND ${sql.raw(counted ?? '1')}
         AND ${sql.raw(since ?? date ?? `'9'`)} < ${period.before}`.execute(db)
    const row = rows.rows[0]
    left.held += row?.held ?? 0
    left.uncertain += row?.uncertain ?? 0
    left.drafts += row?.drafts ?? 0
  }
  return left
}

/** Ids among these of things that the marking takes, or took before without linking them. */
export async function findUnlinkedMarks(
  { db }: Ledger,
  period: CutoverPeriod,
  names: readonly { kind: CutoverKind; id: string }[],
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const kind of new Set(names.map((name) => name.kind))) {
    const ids = JSON.stringify(names.filter((name) => name.kind === kind).map(({ id }) => id))
    const rows = await sql<{ id: string }>`
      SELECT e.source_id AS id ${markable(kind, period)} AND e.source_id IN (SELECT value FROM json_each(${ids}))
       UNION
      SELECT source_id FROM export_state
       WHERE kind = ${kind} AND entity = ${period.entity} AND state = 'mock_exported' AND xero_id IS NULL
         AND source_id IN (SELECT value FROM json_each(${ids}))`.execute(db)
    for (const { id } of rows.rows) found.add(`${kind}/${id}`)
  }
  return found
}

export interface MarkRequest extends CutoverPeriod {
  run: number
  who: string
  links: { tenantId: string; things: readonly LinkedThing[] } | null
}

/**
 * Marks, links, and ends the run with what it came to, all in one transaction: a killed mock export has changed nothing. Returns what
 * was marked. `onKind` is told before each kind of which there are any.
 */
export async function markExportedBefore(
  ledger: Ledger,
  request: MarkRequest,
  endOf: (counts: readonly MarkedCount[]) => RunClosing,
  onKind: (kind: CutoverKind, documents: number) => void,
): Promise<MarkedCount[]> {
  return ledger.transaction(async (tx, now) => {
    const counts = await countMarkable({ db: tx }, request)
    for (const kind of cutoverKinds) {
      const documents = counts.reduce((sum, one) => sum + (one.kind === kind ? one.documents : 0), 0)
      if (documents > 0) onKind(kind, documents)
      await markKind(tx, now, kind, request)
    }
    await markFiles(tx, now, request)
    await tellMarked(tx, now, request)
    if (request.links) await recordCutoverLinks(tx, now, { ...request, ...request.links })
    await closeRunWithin(tx, now, request.run, endOf(counts))
    return counts
  })
}

async function markKind(tx: Tx, now: string, kind: CutoverKind, request: MarkRequest): Promise<void> {
  await sql`
    UPDATE export_state SET state = 'mock_exported', queued = 0, run = ${request.run}, reason = NULL, changed_at = ${now}
     WHERE (kind, source_id, entity) IN (SELECT e.kind, e.source_id, e.entity ${markable(kind, request)})`.execute(
    tx,
  )
}

/** Files of documents that were marked go nowhere either. */
async function markFiles(tx: Tx, now: string, { entity, run }: MarkRequest): Promise<void> {
  await sql`
    UPDATE export_state AS e
       SET state = 'mock_exported', queued = 0, run = ${run}, reason = NULL, changed_at = ${now}
     WHERE e.kind = 'attachment' AND e.entity = ${entity} AND e.state IN ${sendableStates}
       AND EXISTS (SELECT 1 FROM document AS d JOIN export_state AS p ON p.kind = d.kind AND p.source_id = d.id AND p.entity = d.entity
                    WHERE d.id = ${sql.raw(firstId)} AND p.state = 'mock_exported')`.execute(tx)
}

/** An event each, and nothing stands against them any more. */
async function tellMarked(tx: Tx, now: string, { run, who, before }: MarkRequest): Promise<void> {
  await sql`
    INSERT INTO event (at, who, run, entity, kind, source_id, what, detail)
    SELECT ${now}, ${who}, ${run}, entity, kind, source_id, 'marked as exported at cutover', ${`dated before ${before}`}
      FROM export_state WHERE run = ${run} AND state = 'mock_exported'`.execute(tx)
  await sql`
    DELETE FROM finding
     WHERE (kind, source_id, entity) IN (SELECT kind, source_id, entity FROM export_state WHERE run = ${run} AND state = 'mock_exported')`.execute(
    tx,
  )
}
