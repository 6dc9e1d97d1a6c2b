// Nothing of ours is in Xero twice, nothing of ours is there that the ledger does not know, and nothing that people made or
// changed there is overwritten.

import { type XeroRecord, xeroRecords } from '../xero-records.ts'
import { byPerson, counted, type Facts, listOf, sentAmount, type Watched } from './watched.ts'

/** Lists whose records carry nothing of ours: one may be there for each thing that was ever written down with its facts. */
const unmarked: readonly string[] = ['allocation', 'credit_note']

/** What no person made, and the sandbox did not begin with. */
function ours(world: Watched): XeroRecord[] {
  return xeroRecords(world.sandbox).filter(
    ({ id, isLive, reference }) => isLive && reference !== byPerson && !world.leftByPerson.get(id)?.isTheirs,
  )
}

export function nothingTwice(world: Watched): string[] {
  const marks = new Map<string, number>()
  const alike = new Map<string, number>()
  for (const { tenantId, mark, list, amount, parentId, otherId } of ours(world)) {
    const own = list === 'allocation' ? otherId : parentId
    const key = mark === null ? `${list} of ${amount} on ${own ?? 'none'}` : `${tenantId} ${mark}`
    if (mark !== null) marks.set(key, (marks.get(key) ?? 0) + 1)
    else if (unmarked.includes(list)) alike.set(key, (alike.get(key) ?? 0) + 1)
  }
  const written = writtenDown(world)
  return [
    ...[...marks].flatMap(([key, count]) =>
      count > 1 ? [`${key.replace(/^\S+ /, '')} is in Xero ${count} times`] : [],
    ),
    ...[...alike].flatMap(([key, count]) => {
      const wanted = written.get(key) ?? 0
      return count > wanted ? [`Xero has ${count} of ${key}, and ${wanted} were written down`] : []
    }),
  ]
}

/** How many things were ever written down to be what carries nothing of ours, by what they came to. */
function writtenDown(world: Watched): Map<string, number> {
  const rows = world.query<{ kind: string; source_id: string; facts: string }>(
    `SELECT DISTINCT kind, source_id, facts FROM (
       SELECT kind, source_id, entity, facts FROM chunk_thing
       UNION SELECT kind, source_id, entity, facts FROM export_state WHERE facts IS NOT NULL)
      WHERE kind IN ('allocation', 'discount_allocation', 'payment', 'supplier_credit', 'bill', 'discount')`,
  )
  const things = new Map<string, Set<string>>()
  for (const { kind, source_id, facts: text } of rows) {
    const facts = JSON.parse(text) as Facts // of any kind
    const list = listOf({ kind, facts })
    const on = list === 'allocation' ? `${facts.parentId}/${facts.invoiceId}` : 'none'
    const key = `${list} of ${sentAmount({ facts })} on ${on}`
    things.set(key, (things.get(key) ?? new Set()).add(`${kind}/${source_id}`))
  }
  return new Map([...things].map(([key, ids]) => [key, ids.size]))
}

/** Once all is settled: whatever of ours is in Xero, the ledger knows. */
export function nothingUnknown(world: Watched): string[] {
  const known = new Set(
    world
      .query<{ xero_id: string }>(
        `SELECT xero_id FROM export_state WHERE xero_id IS NOT NULL
          UNION SELECT xero_id FROM rolled_back WHERE kind IN ('attachment', 'note')`,
      )
      .map((row) => row.xero_id),
  )
  return ours(world).flatMap((record) => {
    const { list, id, otherId, name, parentId } = record
    if (list === 'item') return []
    // A ledger that was put back forgets the notes that it wrote since, and writes no second one.
    if (list === 'note' && world.unlogged.size > 0) return []
    const isKnown =
      list === 'note'
        ? [...known].some((one) => one.includes(parentId ?? ' ') && one.includes('History'))
        : known.has(id) || (otherId !== null && known.has(otherId))
    return isKnown ? [] : [`${name} is in Xero and the ledger does not know it`]
  })
}

/** What people made is as they left it; the lines that they changed of ours are too, unless we ended the document. */
export function nothingOverwritten(world: Watched): string[] {
  const records = new Map(xeroRecords(world.sandbox).map((record) => [record.id, record]))
  return [...world.leftByPerson].flatMap(([id, { isTheirs, content }]) => {
    const record = records.get(id)
    if (!record) return isTheirs ? [`what a person made (${id}) is gone`] : []
    if (isTheirs) return record.content === content ? [] : [`${record.name} of a person was changed by us`]
    if (!record.isLive) return []
    return linesOf(record.content) === linesOf(content)
      ? []
      : [`${record.name} was changed by a person and overwritten by us`]
  })
}

/** What an update by us would overwrite. */
export function linesOf(content: string): string {
  const { lines, total } = JSON.parse(content) as { lines?: unknown; total?: unknown } // of contentOf
  return JSON.stringify([lines, total])
}

/** A child counts as exported only where its document does. */
export function noOrphans(world: Watched): string[] {
  const document = `(SELECT e.state FROM export_state AS e WHERE e.source_id = s.document AND e.xero_id IS NOT NULL
      AND e.kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND e.state IN ('exported', 'mock_exported', 'sending', 'uncertain'))`
  const orphans = counted(
    world,
    `SELECT COUNT(*) AS n FROM (
       SELECT kind, source_id, substr(source_id, instr(source_id, '/') + 1) AS document FROM export_state
        WHERE kind IN ('payment', 'refund', 'discount', 'discount_allocation', 'allocation', 'note') AND state = 'exported'
          AND source_id NOT LIKE '%/') AS s
      WHERE ${document} IS NULL`,
  )
  return orphans > 0 ? [`${orphans} things were exported whose documents were not`] : []
}
