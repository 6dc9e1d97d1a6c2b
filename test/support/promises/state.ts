// What every state implies, in the ledger alone: nothing is forgotten in the midst, nothing waits that nobody looks for.

import { counted, type Watched } from './watched.ts'

/** Nothing is `sending` after a run, nothing is uncertain once all is settled. */
export function nothingOpen(world: Watched, settled: boolean): string[] {
  return world
    .query<{ kind: string; source_id: string; state: string }>(
      `SELECT kind, source_id, state FROM export_state WHERE state IN ('sending'${settled ? ", 'uncertain'" : ''})`,
    )
    .map(({ kind, source_id, state }) => `${kind} ${source_id} is still ${state}`)
}

export function soundState(world: Watched, settled: boolean): string[] {
  const rules: [string, string][] = [
    [
      'things count as exported without what was sent of them',
      `SELECT COUNT(*) AS n FROM export_state WHERE state = 'exported' AND kind <> 'contact'
          AND (xero_id IS NULL OR sent_revision IS NULL OR facts_hash IS NULL OR sent_revision > revision)`,
    ],
    [
      'exported things are off the queue although they changed, or on it although they did not',
      `SELECT COUNT(*) AS n FROM export_state WHERE state = 'exported' AND kind <> 'contact'
          AND (queued = 0 AND revision <> sent_revision OR queued = 1 AND revision = sent_revision)`,
    ],
    [
      'things wait and are not queued',
      // Pending off the queue is what goes out as nothing of its own, such as the receipt of a payment (P1).
      `SELECT COUNT(*) AS n FROM export_state WHERE queued = 0 AND (state IN ('failed', 'skipped', 'uncertain')
          OR state = 'pending' AND kind IN ('bill', 'supplier_credit', 'item', 'cogs', 'summary', 'note'))`,
    ],
    [
      'open things belong to no open chunk',
      `SELECT COUNT(*) AS n FROM export_state AS e WHERE e.state IN ('sending', 'uncertain') AND NOT EXISTS (
        SELECT 1 FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
         WHERE c.id = e.chunk AND c.state IN ('prepared', 'sent', 'uncertain')
           AND t.kind = e.kind AND t.source_id = e.source_id AND t.entity = e.entity AND t.outcome IS NULL)`,
    ],
    [
      'closed chunks still hold the bytes of what they sent',
      `SELECT COUNT(*) AS n FROM chunk WHERE state IN ('settled', 'resolved', 'abandoned') AND body IS NOT NULL`,
    ],
    [
      'closed chunks have things without an outcome',
      `SELECT COUNT(*) AS n FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
        WHERE c.state IN ('settled', 'resolved', 'abandoned') AND t.outcome IS NULL`,
    ],
    [
      'things were created by two chunks',
      // A contact that a person unlinked is made anew, and what was rolled back and released.
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM chunk_thing AS t JOIN chunk AS c ON c.id = t.chunk AND c.operation = 'create'
        WHERE t.outcome = 'exported' AND NOT EXISTS (SELECT 1 FROM event AS v WHERE v.kind = t.kind AND v.source_id = t.source_id AND v.what = 'unlinked')
          AND NOT EXISTS (SELECT 1 FROM rolled_back AS r WHERE r.kind = t.kind AND r.source_id = t.source_id AND r.entity = t.entity AND r.run = c.run)
        GROUP BY t.kind, t.source_id, t.entity HAVING COUNT(*) > 1)`,
    ],
  ]
  if (settled) {
    rules.push(['runs still hold the organisation', 'SELECT COUNT(*) AS n FROM run_lease WHERE held = 1'])
    rules.push([
      'chunks are still open',
      `SELECT COUNT(*) AS n FROM chunk WHERE state IN ('prepared', 'sent', 'uncertain')`,
    ])
  }
  return rules.flatMap(([sentence, query]) => {
    const count = counted(world, query)
    return count > 0 ? [`${count} ${sentence}`] : []
  })
}

/** What is summed up by day is in one summary for each of its revisions, and every summary sums to nothing (J5). */
export function soundSummaries(world: Watched): string[] {
  const rules: [string, string][] = [
    [
      'summaries are off',
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM summary_line GROUP BY summary HAVING SUM(amount_cents + tax_cents) <> 0)`,
    ],
    [
      'rows are in two summaries alike',
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM summary_source JOIN summary ON summary.id = summary
        GROUP BY entity, summary.kind, date, source_id, revision HAVING COUNT(*) > 1)`,
    ],
  ]
  return rules.flatMap(([sentence, query]) => {
    const count = counted(world, query)
    return count > 0 ? [`${count} ${sentence}`] : []
  })
}
