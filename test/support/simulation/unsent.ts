// What has to be in Xero once everything was mended, and is not, by kind: from the source rows and the settings alone.

import type { World } from '../world.ts'

const setting = (name: string) => `(SELECT value FROM setting WHERE name = '${name}')`
const since = `COALESCE(${setting('cutover_date')}, '')`

/** A document that Xero has and that stands. */
const inXero = (
  id: string,
) => `EXISTS (SELECT 1 FROM export_state AS x JOIN document AS y ON y.id = x.source_id
   WHERE x.source_id = ${id} AND x.kind = y.kind AND y.status = 'sent' AND x.state = 'exported' AND x.xero_status NOT IN ('VOIDED', 'DELETED'))`

const first = `substr(e.source_id, 1, instr(e.source_id, '/') - 1)`
const second = `substr(e.source_id, instr(e.source_id, '/') + 1)`

/** By kind, the rows that have to be there: ids of a season have neither slash nor percent sign. */
const wanted: Record<string, string> = {
  document: `SELECT 1 FROM document AS d WHERE d.id = e.source_id AND d.kind = e.kind AND d.status = 'sent'
     AND d.date < '2026-12-01' AND d.date >= ${since}
     AND NOT (d.kind = 'purchase_order' AND COALESCE(${setting('purchase_orders')}, 'off') = 'off')`,
  payment: `SELECT 1 FROM payment AS p WHERE p.id = ${first} AND p.state <> 'deleted' AND p.date >= ${since} AND ${inXero(second)}`,
  allocation: `SELECT 1 FROM credit_allocation AS a WHERE a.credit = ${first} AND a.document = ${second} AND ${inXero(first)} AND ${inXero(second)}`,
  deposit: `SELECT 1 FROM payment AS p WHERE p.id = e.source_id AND p.kind = 'deposit' AND p.state <> 'deleted' AND p.date >= ${since}
     AND ${setting('deposits')} = 'prepayment' AND ${setting('ar_style')} IS NOT 'journals'`,
  journal: `SELECT 1 FROM journal AS j WHERE j.id = e.source_id AND j.date >= ${since}
     AND j.status = CASE j.kind WHEN 'pay_run' THEN 'paid' ELSE 'posted' END`,
  movement: `SELECT 1 FROM stock_movement AS m WHERE m.id = e.source_id AND m.date >= ${since} AND ${setting('inventory_journals')} = 'on'`,
  cogs: `SELECT 1 WHERE ${setting('inventory_journals')} = 'on'`,
  item: `SELECT 1 WHERE ${setting('items')} = 'all'`,
  attachment: `SELECT 1 WHERE ${inXero(first)}`,
  note: `SELECT 1 WHERE ${inXero(second)} AND ${setting('history_notes')} = 'on'`,
}

const kinds: [kind: string, of: string][] = [
  ['invoice', 'document'],
  ['bill', 'document'],
  ['credit_note', 'document'],
  ['supplier_credit', 'document'],
  ['purchase_order', 'document'],
  ['payment', 'payment'],
  ['discount', 'payment'],
  ['discount_allocation', 'payment'],
  ['refund', 'payment'],
  ['receipt', 'deposit'],
  ['allocation', 'allocation'],
  ['journal', 'journal'],
  ['stock_movement', 'movement'],
  ['cogs', 'cogs'],
  ['item', 'item'],
  ['attachment', 'attachment'],
  ['note', 'note'],
]

export function unsent(world: World): string[] {
  return kinds.flatMap(([kind, of]) =>
    world
      .query<{ source_id: string; state: string; reason: string | null }>(
        `SELECT e.source_id, e.state, e.reason FROM export_state AS e
          WHERE e.kind = ? AND e.source_gone = 0 AND e.queued = 1 AND e.state <> 'exported' AND EXISTS (${wanted[of]})`,
        kind,
      )
      .map((row) => `${kind} ${row.source_id} is ${row.state}: ${row.reason}`),
  )
}
