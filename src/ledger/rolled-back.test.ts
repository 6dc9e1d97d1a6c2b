// What the ledger makes of the outcomes of a rollback's calls (M6): only Xero's own word that it is over takes a thing out.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginAttempt, prepareChunk, returnChunk, settleChunk } from './chunks.ts'
import { closeChunk, resolveChunk } from './open-chunks.ts'
import { insertInvoice, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  insertInvoice(world, 'A')
})
afterEach(() => world.close())

const log = {
  result: {
    status: 200,
    durationMs: 250,
    bytesIn: 10,
    correlationId: null,
    problem: null,
    exported: null,
    failed: null,
  },
  bodies: { request: null, response: null },
}

async function prepared(operation: 'create' | 'void'): Promise<number> {
  const { revision } = world.row("SELECT revision FROM export_state WHERE kind = 'invoice'") as {
    revision: number
  }
  const chunk = await prepareChunk(world.ledger, world.lease, {
    run: operation === 'create' ? 7 : 8,
    entity: 'NZ01',
    kind: 'invoice',
    operation,
    channel: 'sales_invoices',
    knownIds: [],
    settleWindowMs: 360_000,
    number: 1,
    of: 1,
    method: operation === 'create' ? 'PUT' : 'POST',
    path: '/api.xro/2.0/Invoices',
    idempotencyKey: operation,
    body: new Uint8Array(2),
    bodyHash: 'hash',
    things: [
      {
        kind: 'invoice',
        sourceId: 'A',
        entity: 'NZ01',
        revision,
        factsHash: 'hash',
        facts: '{"number":"INV-A"}',
      },
    ],
    ...(operation === 'void' ? { rollsBack: 7 } : {}),
  })
  if (chunk === null) throw new Error('not free')
  return chunk
}

async function attempted(chunk: number) {
  const intent = { documents: 1, timeoutMs: 60_000, clockOffsetMs: 0, maxAgeMs: 270_000 }
  const attempt = await beginAttempt(world.ledger, world.lease, chunk, intent)
  if (!attempt) throw new Error('may not be sent')
  return attempt
}

const outcome = (xeroStatus: string | null) => ({
  position: 0,
  outcome: 'exported' as const,
  xeroId: 'xero-A',
  xeroNumber: 'INV-A',
  xeroStatus,
  findings: [],
})

const thing = () =>
  world.row('SELECT state, held_reason, xero_id, queued FROM export_state WHERE kind = ?', 'invoice')
const asBefore = { state: 'exported', held_reason: null, xero_id: 'xero-A', queued: 0 }
const takenOut = { state: 'held', held_reason: 'rolled back, run 7', xero_id: null, queued: 1 }

/** Exported by run 7, and a call of run 8 that is to take it out again. */
async function rollingBack(): Promise<number> {
  await settleChunk(world.ledger, await attempted(await prepared('create')), [outcome('AUTHORISED')], log)
  expect(thing()).toEqual(asBefore)
  return prepared('void')
}

test.each([
  ['VOIDED', takenOut],
  ['DELETED', takenOut],
  ['AUTHORISED', asBefore],
  [null, asBefore],
])('an answer that says %j of it', async (xeroStatus, after) => {
  await settleChunk(world.ledger, await attempted(await rollingBack()), [outcome(xeroStatus)], log)
  expect(thing()).toEqual(after)
  expect(world.rows('SELECT run, by_run, xero_id FROM rolled_back')).toEqual(
    after === takenOut ? [{ run: 7, by_run: 8, xero_id: 'xero-A' }] : [],
  )
})

test.each([
  ['a refusal', [{ position: 0, outcome: 'failed' as const, reason: 'no', findings: [] }]],
  ['a look-up that finds it standing', [{ position: 0, outcome: 'returned' as const }]],
])('%s leaves it as it was, and off the queue', async (_title, resolutions) => {
  const chunk = await rollingBack()
  await attempted(chunk)
  await closeChunk(world.ledger, chunk)
  expect(thing()).toMatchObject({ state: 'uncertain', queued: 1 })
  await resolveChunk(world.ledger, chunk, 9, resolutions, [])
  expect(thing()).toEqual(asBefore)
})

test('a call that never left gives it back as it was', async () => {
  await returnChunk(world.ledger, await rollingBack())
  expect(thing()).toEqual(asBefore)
})
