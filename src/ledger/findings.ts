// The last validation result per thing. A thing's old findings go when new ones are recorded: an empty list says that
// it is clean now.

import { sql, type Transaction } from 'kysely'
import type { Finding, FindingCode, Severity } from '../accounting/findings.ts'
import type { ThingKind } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

export interface FindingOwner {
  kind: string
  sourceId: string
  entity: string
  run: number | null
}

/** Replaces the findings of these things. Findings are told apart by kind and id. */
export async function recordFindings(
  tx: Transaction<Schema>,
  owners: readonly FindingOwner[],
  findings: readonly Finding[],
  now: string,
): Promise<void> {
  if (owners.length === 0) return
  const keys = JSON.stringify(owners.map((owner) => [owner.kind, owner.sourceId, owner.entity]))
  await sql`
    DELETE FROM finding WHERE (kind, source_id, entity) IN (
      SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(${keys}))`.execute(tx)
  if (findings.length === 0) return
  const ownerOf = new Map(owners.map((owner) => [`${owner.kind}\n${owner.sourceId}`, owner]))
  const counts = new Map<string, number>()
  const rows = findings.flatMap((finding) => {
    const key = `${finding.kind}\n${finding.id}`
    const owner = ownerOf.get(key)
    if (!owner) return []
    const position = (counts.get(key) ?? 0) + 1
    counts.set(key, position)
    return [
      [
        finding.kind,
        finding.id,
        owner.entity,
        position,
        finding.number,
        finding.code,
        finding.severity,
        finding.field,
        finding.message,
        finding.why,
        finding.fix,
        JSON.stringify(finding.xeroMessages),
        owner.run,
      ],
    ]
  })
  await sql`
    INSERT INTO finding (kind, source_id, entity, position, number, code, severity, field, message, why, fix,
                         xero_messages, run, found_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, ${now}
      FROM json_each(${JSON.stringify(rows)})`.execute(tx)
}

export interface StoredFinding extends Finding {
  entity: string
  run: number | null
  foundAt: string
}

/** Findings as last recorded, by entity or by thing. */
export async function readFindings(
  ledger: Ledger,
  filter: { entity?: string; kind?: string; sourceId?: string; run?: number },
): Promise<StoredFinding[]> {
  let query = ledger.db
    .selectFrom('finding')
    .selectAll()
    .orderBy('kind')
    .orderBy('number')
    .orderBy('source_id')
    .orderBy('position')
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.sourceId !== undefined) query = query.where('source_id', '=', filter.sourceId)
  if (filter.run !== undefined) query = query.where('run', '=', filter.run)
  const rows = await query.execute()
  return rows.map((row) => ({
    kind: row.kind as ThingKind, // written by recordFindings from a Finding
    id: row.source_id,
    number: row.number,
    code: row.code as FindingCode, // as above
    severity: row.severity as Severity, // as above
    field: row.field,
    message: row.message,
    why: row.why,
    fix: row.fix,
    xeroMessages: JSON.parse(row.xero_messages) as string[], // as above
    entity: row.entity,
    run: row.run,
    foundAt: row.found_at,
  }))
}
