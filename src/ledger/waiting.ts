// Which things wait, by kind: from the queue to their source rows, never through all rows of a period, so that finding work
// costs what waits and not what exists. What becomes of them is things.ts.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { ExportState, ThingKind } from '../accounting/kinds.ts'
import type { SummarisedKind } from '../accounting/settings.ts'
import type { Ledger } from './open.ts'

// CROSS JOIN keeps the order in which the tables stand: from the queue to the source.

export const sendableStates = sql`('pending', 'failed', 'skipped')`

/** The first half of a pair's id (accounting/thing-ids.ts). */
export const firstId = `replace(replace(substr(e.source_id, 1, instr(e.source_id, '/') - 1), '%2F', '/'), '%25', '%')`
export const secondId = `substr(e.source_id, instr(e.source_id, '/') + 1)`

export interface Source {
  /** Source rows `s` of things `e`. */
  join: string
  /** The thing's own date; null where the kind has none. */
  date: string | null
  /** The date that the cutover and `--from` are compared with, where that is another. */
  since?: string
  /** Which rows may be sent at all. */
  wanted: string
  /** Which of them count as remaining, where others are only looked at. */
  counted?: string
  order: string
}

const document: Source = {
  join: 'document AS s ON s.id = e.source_id AND s.kind = e.kind AND s.entity = e.entity',
  date: 's.date',
  wanted: `s.status = 'sent'`,
  order: 's.date, s.number, s.id',
}
const paymentOfPair: Source = {
  join: `payment AS s ON s.id = ${firstId}`,
  date: 's.date',
  wanted: `s.origin = 'ledger' AND s.state <> 'deleted'`,
  order: 's.date, e.source_id',
}
const isSetting = (name: string, value: string) =>
  `EXISTS (SELECT 1 FROM setting AS c WHERE c.entity = e.entity AND c.name = '${name}' AND c.value = '${value}')`
/** It goes out with the date on which it was applied; of what is applied out of clearing that is the date it is new in Xero (M3, P6). */
const appliedPayment: Source = {
  ...paymentOfPair,
  join: `${paymentOfPair.join} LEFT JOIN payment_allocation AS a ON a.payment = s.id AND a.document = ${secondId}`,
  date: 'COALESCE(a.date, s.date)',
  since: `CASE WHEN ${isSetting('receipts', 'clearing')} THEN COALESCE(a.date, s.date) ELSE s.date END`,
  order: 'COALESCE(a.date, s.date), e.source_id',
}
/** A receipt with something left is looked at every time, since that is said; sent it is only where the settings say so. */
const receipt: Source = {
  ...paymentOfPair,
  join: 'payment AS s ON s.id = e.source_id',
  counted: `(e.state IN ('sending', 'uncertain') OR ${isSetting('receipts', 'clearing')}
    OR s.kind = 'deposit' AND ${isSetting('deposits', 'prepayment')}
    OR s.kind = 'payment' AND ${isSetting('remainders', 'overpayment')})`,
}
const partOfDocument: Source = {
  join: `document AS s ON s.id = ${firstId}`,
  date: 's.date',
  wanted: `s.status = 'sent'`,
  order: 's.date, s.number, e.source_id',
}

/**
 * Files of documents that go out. While an order is left out (`purchase_orders`), a bill stands for it, a document is held or was
 * marked as exported at cutover (M1), its files are nobody's business.
 */
const fileOfDocument: Source = {
  ...partOfDocument,
  wanted: `s.status = 'sent'
       AND (s.kind <> 'purchase_order'
            OR EXISTS (SELECT 1 FROM setting WHERE entity = e.entity AND name = 'purchase_orders' AND value <> 'off'))
       AND NOT EXISTS (SELECT 1 FROM export_state AS p WHERE p.kind = s.kind AND p.source_id = s.id AND p.entity = e.entity
                          AND (p.state IN ('held', 'mock_exported') OR p.held_reason IS NOT NULL
                               OR p.state IN ('pending', 'failed', 'skipped') AND p.queued = 0))`,
}

const sources: Record<Exclude<ThingKind, 'contact'>, Source> = {
  item: { join: 'item AS s ON s.code = e.source_id', date: null, wanted: '1', order: 's.code' },
  invoice: document,
  bill: document,
  credit_note: document,
  supplier_credit: document,
  purchase_order: document,
  discount: paymentOfPair,
  receipt,
  // Not `partOfDocument`: an old credit may be applied today.
  allocation: {
    join: `document AS s ON s.id = ${firstId} CROSS JOIN credit_allocation AS a ON a.credit = s.id AND a.document = ${secondId}`,
    date: 'COALESCE(a.date, s.date)',
    wanted: `s.status = 'sent' AND a.origin = 'ledger'`,
    order: 'COALESCE(a.date, s.date), s.number, e.source_id',
  },
  discount_allocation: paymentOfPair,
  payment: appliedPayment,
  refund: appliedPayment,
  journal: {
    join: 'journal AS s ON s.id = e.source_id',
    date: 's.date',
    wanted: `s.status = CASE s.kind WHEN 'pay_run' THEN 'paid' ELSE 'posted' END`,
    order: 's.date, s.id',
  },
  stock_movement: {
    join: 'stock_movement AS s ON s.id = e.source_id',
    date: 's.date',
    wanted: '1',
    order: 's.date, s.id',
  },
  cogs: {
    join: `cogs_posting AS s ON s.entity = e.entity AND s.document = ${firstId} AND s.position || '/' || s.sequence = ${secondId}`,
    date: 's.date',
    wanted: `s.action <> 'none'`,
    order: 's.date, s.document, s.sequence, s.position',
  },
  summary: {
    join: 'summary AS s ON s.thing = e.source_id AND s.entity = e.entity',
    date: 's.date',
    wanted: `s.narration <> ''`,
    order: 's.date, s.kind, s.sequence',
  },
  attachment: fileOfDocument,
  note: { ...partOfDocument, join: `document AS s ON s.id = ${secondId}` },
}

/** The source rows of a kind: for what looks at all of them, as the cutover does. */
export function sourceOf(kind: Exclude<ThingKind, 'contact'>): Readonly<Source> {
  return sources[kind]
}

/** A day that is in no calendar, such as 2026-13-45: it waits for nobody, and the rules say so. */
const isNoDate = (date: string) => `(date(${date}) IS NOT ${date})`

export interface WaitingFilter {
  entity: string
  kind: Exclude<ThingKind, 'contact'>
  /** Own date on or after; the cutover date or `--from`. */
  from: PlainDate | null
  /** Own date on or before: today in the organisation, or `--to` if earlier. */
  to: PlainDate
  /** Only these ids, where given. */
  ids: readonly string[] | null
  /** Also what is held back and was taken up to be looked for (holds.ts); nothing else asks for that. */
  isHeldToo?: boolean
}

/**
 * Ids of the things of a kind that wait to be exported, in the order of their dates. Also those that were exported and
 * changed since, so that the change can be judged. Ids only: there may be very many.
 */
export async function findWaitingIds(ledger: Ledger, filter: WaitingFilter): Promise<string[]> {
  const source = sources[filter.kind]
  const { join, wanted, order } = source
  const rows = await sql<{ id: string }>`
    SELECT e.source_id AS id
      FROM export_state AS e INDEXED BY export_state_queue CROSS JOIN ${sql.raw(join)}
     WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.kind = ${filter.kind}
       AND (e.held_reason IS NULL OR ${filter.isHeldToo ? 1 : 0} AND e.state <> 'exported')
       AND (e.state IN ${sendableStates} AND e.source_gone = 0 AND ${sql.raw(wanted)} AND ${isWithin(source, filter)} OR e.state = 'exported')
       AND (${filter.ids === null ? 1 : 0} OR e.source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids ?? [])})))
     ORDER BY ${sql.raw(order)}`.execute(ledger.db)
  return rows.rows.map((row) => row.id)
}

/**
 * Whether anything of these kinds waits to be sent, or was exported and changed since. What only waits for its day, for its
 * status or for a setting does not count. Looks until it finds something.
 */
export async function hasWaiting(
  ledger: Ledger,
  filter: { entity: string; kinds: readonly ThingKind[]; from: PlainDate | null; to: PlainDate },
): Promise<boolean> {
  for (const kind of filter.kinds) {
    if (kind === 'contact') continue
    const source = sources[kind]
    const { join, wanted, counted } = source
    const rows = await sql<{ one: 1 }>`
      SELECT 1 AS one
        FROM export_state AS e INDEXED BY export_state_queue CROSS JOIN ${sql.raw(join)}
       WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.kind = ${kind} AND e.held_reason IS NULL
         AND (e.state IN ${sendableStates} AND e.source_gone = 0 AND ${sql.raw(wanted)} AND ${sql.raw(counted ?? '1')}
              AND ${isWithin(source, filter)} OR e.state = 'exported')
       LIMIT 1`.execute(ledger.db)
    if (rows.rows.length > 0) return true
  }
  return false
}

/** Own date within the period, and no earlier than what the cutover is compared with. */
function isWithin({ date, since }: Source, { from, to }: { from: PlainDate | null; to: PlainDate }) {
  return date === null
    ? sql`1`
    : sql`(${sql.raw(date)} <= ${to} OR ${sql.raw(isNoDate(date))}) AND ${sql.raw(since ?? date)} >= ${from ?? ''}`
}

/** Whether a thing in this state may be claimed by a chunk that creates it. */
export function isSendable(state: ExportState): boolean {
  return state === 'pending' || state === 'failed' || state === 'skipped'
}

export interface WaitingThing {
  revision: number
  state: ExportState
  /** Hash of the facts that were sent before; null where nothing was. */
  sentFactsHash: string | null
  /** What is known of it in Xero, as it was last left there; null where nothing was sent. */
  facts: string | null
  xeroId: string | null
  xeroStatus: string | null
}

/** Where these things stand, by id. Read it before their source: a later change then shows as a newer revision. */
export async function readWaiting(
  ledger: Ledger,
  filter: { entity: string; kind: ThingKind; ids: readonly string[] },
): Promise<Map<string, WaitingThing>> {
  const rows = await sql<{
    source_id: string
    revision: number
    state: ExportState
    facts_hash: string | null
    facts: string | null
    xero_id: string | null
    xero_status: string | null
  }>`
    SELECT source_id, revision, state, facts_hash, CASE state WHEN 'exported' THEN facts END AS facts, xero_id, xero_status
      FROM export_state
     WHERE kind = ${filter.kind} AND entity = ${filter.entity}
       AND source_id IN (SELECT value FROM json_each(${JSON.stringify(filter.ids)}))`.execute(ledger.db)
  return new Map(
    rows.rows.map((row) => [
      row.source_id,
      {
        revision: row.revision,
        state: row.state,
        sentFactsHash: row.facts_hash,
        facts: row.facts,
        xeroId: row.xero_id,
        xeroStatus: row.xero_status,
      },
    ]),
  )
}

export interface WaitingCounts {
  futureDated: number
  beforeCutover: number
  held: number
}

/** Whether a thing waits until its day is over, to be summed up with the others of that day (J5). */
function waitsForTomorrow(kind: ThingKind, summarised: readonly SummarisedKind[]): string {
  if (kind === 'payment') return `s.kind IN (${summarised.map((one) => `'${one}'`).join(', ')})`
  return summarised.some((one) => one === kind) ? '1' : '0'
}

/**
 * Things of these kinds that this run leaves alone by rule, not by mistake. `summarised`: kinds that wait until the day after
 * theirs.
 */
export async function countLeftAlone(
  ledger: Ledger,
  filter: {
    entity: string
    kinds: readonly ThingKind[]
    cutover: PlainDate | null
    today: PlainDate
    summarised?: readonly SummarisedKind[]
  },
): Promise<WaitingCounts> {
  const counts: WaitingCounts = { futureDated: 0, beforeCutover: 0, held: 0 }
  for (const kind of filter.kinds) {
    if (kind === 'contact') continue
    const { join, date, since, wanted, counted } = sources[kind]
    const own = date ?? `''`
    const waits = waitsForTomorrow(kind, filter.summarised ?? [])
    const result = await sql<{ future: number; before: number; held: number }>`
      SELECT COUNT(*) FILTER (WHERE e.state IN ${sendableStates} AND NOT ${sql.raw(isNoDate(own))}
                                AND (${sql.raw(own)} > ${filter.today} OR ${sql.raw(own)} = ${filter.today} AND ${sql.raw(waits)})) AS future,
             COUNT(*) FILTER (WHERE e.state IN ${sendableStates} AND ${sql.raw(since ?? own)} < ${filter.cutover ?? ''}) AS before,
             COUNT(*) FILTER (WHERE e.state = 'held' OR e.held_reason IS NOT NULL AND e.state = 'exported') AS held
        FROM export_state AS e INDEXED BY export_state_queue CROSS JOIN ${sql.raw(join)}
       WHERE e.queued = 1 AND e.source_gone = 0 AND e.entity = ${filter.entity} AND e.kind = ${kind}
         AND ${sql.raw(wanted)} AND ${sql.raw(counted ?? '1')}`.execute(ledger.db)
    const row = result.rows[0]
    counts.futureDated += row?.future ?? 0
    counts.beforeCutover += row?.before ?? 0
    counts.held += row?.held ?? 0
  }
  return counts
}

/**
 * What still waits of each of these kinds, dated within the cutover, and has not been exported, held or marked; what is
 * uncertain counts too.
 */
export async function countRemaining(
  ledger: Ledger,
  filter: { entity: string; kinds: readonly ThingKind[]; cutover: PlainDate | null },
): Promise<Partial<Record<ThingKind, number>>> {
  const remaining: Partial<Record<ThingKind, number>> = {}
  for (const kind of filter.kinds) {
    if (kind === 'contact') continue
    const { join, date, since, wanted, counted } = sources[kind]
    const result = await sql<{ remaining: number }>`
      SELECT COUNT(*) AS remaining
        FROM export_state AS e INDEXED BY export_state_queue CROSS JOIN ${sql.raw(join)}
       WHERE e.queued = 1 AND e.entity = ${filter.entity} AND e.kind = ${kind} AND e.source_gone = 0
         AND e.state IN ('pending', 'failed', 'skipped', 'sending', 'uncertain') AND ${sql.raw(wanted)}
         AND ${sql.raw(since ?? date ?? `'9'`)} >= ${filter.cutover ?? ''} AND ${sql.raw(counted ?? '1')}`.execute(
      ledger.db,
    )
    const count = result.rows[0]?.remaining ?? 0
    if (count > 0) remaining[kind] = count
  }
  return remaining
}
