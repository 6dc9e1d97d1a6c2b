// Whatever counts as exported is in Xero exactly once, under its id, to the cent; what is void in the ledger ended there.

import { type XeroRecord, xeroRecords } from '../xero-records.ts'
import { type ExportedThing, exportedThings, isTouched, listOf, sentAmount, type Watched } from './watched.ts'

export function onceInXero(world: Watched): string[] {
  const records = new Map<string, XeroRecord>()
  for (const record of xeroRecords(world.sandbox)) {
    records.set(`${record.list}/${record.id}`, record)
    if (record.list === 'allocation' && record.otherId !== null)
      records.set(`${record.list}/${record.otherId}`, record)
  }
  const inLedger = ledgerSources(world)
  const holders = new Map<string, string>()
  return exportedThings(world).flatMap((thing) => {
    const name = `${thing.kind} ${thing.sourceId}`
    const list = listOf(thing)
    // A note has no id in Xero: it is known by the document that it stands at.
    const record =
      list === 'note' ? noteOf(thing, [...records.values()]) : records.get(`${list}/${thing.xeroId}`)
    if (!record) {
      return isTouched(world, thing.xeroId) || isLostNote(world, thing)
        ? []
        : [`${name} counts as exported and is not in Xero`]
    }
    const holder = holders.get(`${list}/${record.id}`)
    holders.set(`${list}/${record.id}`, name)
    const twice = holder === undefined ? [] : [`${name} and ${holder} are one ${list} of Xero`]
    return [...twice, ...differences(thing, record, inLedger.get(`${thing.kind}/${thing.sourceId}`), world)]
  })
}

/** What was rolled back ended there (M6); files and notes stay on what is void. */
export function rolledBackIsGone(world: Watched): string[] {
  const rows = world.query<{ kind: string; source_id: string; xero_id: string }>(
    "SELECT kind, source_id, xero_id FROM rolled_back WHERE kind NOT IN ('attachment', 'note')",
  )
  const ids = new Map(rows.map(({ kind, source_id, xero_id }) => [xero_id, `${kind} ${source_id}`]))
  return xeroRecords(world.sandbox).flatMap(({ id, otherId, isLive, name }) => {
    const gone = ids.get(id) ?? ids.get(otherId ?? '')
    return isLive && gone !== undefined ? [`${gone} was rolled back, and ${name} stands in Xero`] : []
  })
}

function noteOf({ xeroId }: ExportedThing, records: readonly XeroRecord[]): XeroRecord | undefined {
  return records.find(({ list, parentId }) => list === 'note' && parentId && xeroId?.includes(parentId))
}

/** What the ledger says of a thing, as it has to be in Xero. */
interface LedgerSource {
  amount: number
  tax: number | null
  number: string | null
  isVoid: boolean
}

function differences(
  thing: ExportedThing,
  record: XeroRecord,
  source: LedgerSource | undefined,
  world: Watched,
): string[] {
  const name = `${thing.kind} ${thing.sourceId}`
  // A person may have changed it since: that is theirs. What changed in the ledger goes with the next run.
  if (isTouched(world, record.id, record.otherId, record.parentId)) return []
  const broken: string[] = []
  const sent = sentAmount(thing)
  if (source?.isVoid && thing.isAsSent) {
    return record.isLive ? [`${name} is void in the ledger and stands in Xero`] : []
  }
  // A ledger that was put back from before a change knows of it again with the next run only.
  const isPutBack = !thing.isAsSent && world.unlogged.size > 0
  if (sent !== null && record.amount !== null && record.amount !== sent && !isPutBack)
    broken.push(`${name} was sent with ${sent} and is ${record.amount} in Xero`)
  if (!source || !thing.isAsSent) return broken
  if (!record.isLive) broken.push(`${name} stands in the ledger and ended in Xero`)
  if (record.amount !== Math.abs(source.amount))
    broken.push(`${name} is ${record.amount} in Xero, ${source.amount} in the ledger`)
  if (source.tax !== null && record.tax !== Math.abs(source.tax))
    broken.push(`${name} has tax of ${record.tax} in Xero, ${source.tax} in the ledger`)
  // Whether Xero keeps the number of a supplier credit is not known (§4.4).
  if (source.number && thing.facts.form !== 'supplier_credit' && !record.name.endsWith(source.number))
    broken.push(`${name} is ${source.number} in the ledger and ${record.name} in Xero`)
  return broken
}

/** Of documents, and of whatever goes out with the very amount of one row. Nothing where amounts are converted (I10). */
function ledgerSources(world: Watched): Map<string, LedgerSource> {
  const isConverted =
    world.query("SELECT 1 FROM setting WHERE name = 'foreign_currency' AND value = 'base'").length > 0
  if (isConverted) return new Map()
  const rows = world.query<{
    key: string
    amount: number
    tax: number | null
    number: string | null
    isVoid: 0 | 1
  }>(
    `SELECT kind || '/' || id AS key, total_cents AS amount, tax_cents AS tax,
            CASE kind WHEN 'supplier_credit' THEN NULL ELSE number END AS number, status = 'void' AS isVoid FROM document
     UNION ALL
     SELECT CASE p.kind WHEN 'deposit' THEN 'payment' ELSE p.kind END || '/' || ${escaped('p.id')} || '/' || a.document,
            a.amount_cents, NULL, NULL, p.state = 'deleted' AND p.kind <> 'discount'
       FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
     UNION ALL
     SELECT 'allocation/' || ${escaped('credit')} || '/' || document, amount_cents, NULL, NULL, 0 FROM credit_allocation
     UNION ALL
     SELECT 'journal/' || j.id, SUM(l.amount_cents + l.tax_cents) FILTER (WHERE l.amount_cents > 0), NULL, NULL, 0
       FROM journal AS j JOIN journal_line AS l ON l.journal = j.id WHERE j.kind = 'general' GROUP BY j.id`,
  )
  // Under ar_style=journals a document is a journal, whose debits are more than its total.
  const isJournals =
    world.query("SELECT 1 FROM setting WHERE name = 'ar_style' AND value = 'journals'").length > 0
  return new Map(
    rows
      .filter(({ key }) => !isJournals || key.startsWith('journal/'))
      .map(({ key, amount, tax, number, isVoid }) => [key, { amount, tax, number, isVoid: isVoid === 1 }]),
  )
}

function escaped(column: string): string {
  return `replace(replace(${column}, '%', '%25'), '/', '%2F')`
}

/** A note cannot be removed: one whose answer was lost counts as written, whatever became of it. */
function isLostNote(world: Watched, { kind, sourceId }: ExportedThing): boolean {
  if (kind !== 'note') return false
  const lost = world.query(
    "SELECT 1 FROM chunk JOIN chunk_thing ON chunk = id WHERE chunk_thing.kind = 'note' AND source_id = ? AND state = 'resolved'",
    sourceId,
  )
  return lost.length > 0
}
