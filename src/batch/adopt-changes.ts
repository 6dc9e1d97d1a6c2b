// Changes that another copy of the ledger sent, for `adopt-copy` (E13): what Xero has as the ledger wants it by now counts as sent,
// so that what follows from the change is looked for and not sent a second time. What was created is adopt.ts.

import { adoptThings } from '../ledger/things.ts'
import { readWaiting } from '../ledger/waiting.ts'
import { channelTable } from './channels/channel-table.ts'
import type { RunContext } from './context.ts'
import type { KindRow } from './kind-row.ts'
import type { PlannedThing } from './plan.ts'
import type { CheckScope } from './scope.ts'

/** How many of these things were changed or voided in Xero already. */
export async function adoptChanges(
  context: RunContext,
  scope: CheckScope,
  row: KindRow,
  ids: readonly string[],
): Promise<number> {
  const { sendable } = await row.checkPage(scope, ids)
  let adopted = 0
  for (const operation of ['update', 'void'] as const) {
    const planned = sendable.filter((thing) => thing.operation === operation)
    if (planned.length > 0) adopted += await adoptSent(context, row, operation, planned)
  }
  return adopted
}

async function adoptSent(
  context: RunContext,
  row: KindRow,
  operation: 'update' | 'void',
  planned: readonly PlannedThing[],
): Promise<number> {
  const { ledger, books, gateway, lease, runId } = context
  const owner = { entity: books.entity.code, kind: row.kind }
  const ids = planned.map(({ id }) => id)
  const waiting = await readWaiting(ledger, { ...owner, ids })
  const { things, unchanged } = await row.load(context, planned)
  const sent: Parameters<typeof adoptThings>[2] = []
  for (const { sourceId, revision, factsHash, facts, channel } of things) {
    const xeroId = waiting.get(sourceId)?.xeroId
    if (operation === 'void' || !xeroId) continue
    const found = await channelTable[channel].findById(gateway, xeroId, facts)
    if (!found || !channelTable[channel].agrees(facts, found)) continue
    sent.push({
      id: sourceId,
      revision,
      factsHash,
      facts,
      xeroId,
      xeroNumber: found.number,
      xeroStatus: found.status,
    })
  }
  for (const { id, revision, factsHash } of operation === 'void' ? unchanged : []) {
    const thing = waiting.get(id)
    if (thing?.xeroId && thing.facts !== null)
      sent.push({
        id,
        revision,
        factsHash,
        facts: thing.facts,
        xeroId: thing.xeroId,
        xeroNumber: null,
        xeroStatus: 'VOIDED',
      })
  }
  await adoptThings(ledger, { ...owner, tenantId: lease.tenantId, run: runId }, sent)
  return sent.length
}
