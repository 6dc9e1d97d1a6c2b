import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { day, someBooks } from '../../test/support/books.ts'
import { openRun } from '../ledger/runs.ts'
import { insertInvoice, insertRow, type TestLedger, testTenant } from '../ledger/test-ledger.ts'
import { noPull } from './pull/pull-context.ts'
import { finishReport } from './report.ts'
import type { ResolveReport } from './resolve.ts'
import { type TestRun, testRun } from './test-run.ts'

let run: TestRun
let world: TestLedger
beforeEach(() => {
  run = testRun()
  world = run.world
})
afterEach(() => run.close())

const state = (id: string, changes: string) =>
  world.exec(`UPDATE export_state SET ${changes} WHERE kind = 'invoice' AND source_id = '${id}'`)
const finding = (id: string, severity: string, run_ = 1) =>
  insertRow(world, 'finding', {
    kind: 'invoice',
    source_id: id,
    entity: 'NZ01',
    position: 1,
    number: id,
    code: 'xero-refused',
    severity,
    message: `${severity} of ${id}`,
    why: 'w',
    fix: 'f',
    run: run_,
    found_at: 'now',
  })

async function finish(
  changes: {
    stopReason?: string
    isStopped?: boolean
    settleFrom?: number
    exported?: number
    cutover?: string
  } = {},
) {
  const { id } = await openRun(world.ledger, {
    entity: 'NZ01',
    tenantId: testTenant,
    organisation: 'Harbour Motors',
    verb: 'export',
    who: 'mere@desk',
  })
  run.context.counts.invoice.exported = changes.exported ?? 0
  const resolve: ResolveReport = {
    waiting: 0,
    needsPerson: 0,
    settleFrom: changes.settleFrom ?? null,
    adopted: {},
    updated: {},
    returned: 0,
  }
  const report = await finishReport(
    {
      ledger: world.ledger,
      gateway: run.context.gateway,
      books: someBooks({ settings: changes.cutover ? { cutover_date: changes.cutover } : {} }),
      counts: run.context.counts,
      runId: id,
      startedAt: world.clock.now(),
      today: day('2026-11-22'),
    },
    {
      dryRun: false,
      chunks: [],
      stopReason: changes.stopReason ?? null,
      isStopped: changes.isStopped ?? false,
      resolve,
      plan: null,
      findings: null,
      verb: 'export',
      pulled: noPull(),
    },
  )
  return { report, stored: world.row('SELECT * FROM batch_run WHERE id = ?', id) }
}

type Case = [title: string, make: () => void, changes: Parameters<typeof finish>[0], state: string]
const cases: Case[] = [
  ['nothing to do', () => undefined, {}, 'nothing'],
  ['all sent', () => undefined, { exported: 2 }, 'sent'],
  [
    'one refused',
    () => {
      insertInvoice(world, 'A')
      state('A', "state = 'failed', run = 1")
      finding('A', 'error')
    },
    { exported: 1 },
    'partial',
  ],
  [
    'one refused in an earlier run, and not looked at in this one',
    () => {
      insertInvoice(world, 'A')
      state('A', "state = 'failed', run = 99")
      finding('A', 'error', 99)
    },
    { exported: 1 },
    'sent',
  ],
  [
    'one waits for its contact',
    () => {
      insertInvoice(world, 'A')
      state('A', "state = 'skipped', run = 1")
      finding('A', 'error')
    },
    {},
    'partial',
  ],
  [
    'an outcome is open and time will tell',
    () => {
      insertInvoice(world, 'A')
      state('A', "state = 'uncertain', run = 99")
    },
    { settleFrom: Date.parse('2026-11-22T00:06:00Z') },
    'partial',
  ],
  [
    'an outcome is open and a person must tell',
    () => {
      insertInvoice(world, 'A')
      state('A', "state = 'uncertain', run = 1")
    },
    {},
    'partial',
  ],
  ['only a warning', () => finding('A', 'warning'), { exported: 1 }, 'sent'],
  [
    'stopped',
    () => undefined,
    { isStopped: true, stopReason: 'The day limit is reached.', exported: 3 },
    'stopped',
  ],
]

describe('what a run came to', () => {
  test.each(cases)('%s', async (_title, make, changes, expected) => {
    make()
    const { report, stored } = await finish(changes)
    expect(report.state).toBe(expected)
    expect(stored).toMatchObject({ state: expected, reason: changes?.stopReason ?? null })
    expect(stored['ended_at']).not.toBeNull()
  })

  test('counts what is left, by kind and reason', async () => {
    for (const id of ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']) insertInvoice(world, id)
    state('A', "state = 'failed', run = 1")
    state('B', "state = 'skipped', run = 1")
    state('C', "state = 'uncertain'")
    state('D', "state = 'held'")
    state('E', "state = 'exported', queued = 0")
    world.exec(
      "UPDATE document SET date = '2026-12-24' WHERE id = 'F'; UPDATE document SET status = 'draft' WHERE id = 'G'",
    )
    world.exec("UPDATE document SET date = '2020-01-01' WHERE id = 'H'")
    insertInvoice(world, 'BILL', { kind: 'bill' })
    insertRow(world, 'journal', {
      id: 'J',
      entity: 'NZ01',
      kind: 'general',
      date: '2026-11-01',
      status: 'posted',
    })
    const { report } = await finish({ cutover: '2026-01-01' })
    expect(report.kinds.invoice).toEqual({
      exported: 0,
      updated: 0,
      failed: 1,
      skipped: 1,
      uncertain: 1,
      remaining: 4,
    })
    expect(report.waiting).toEqual({ futureDated: 1, held: 1, uncertain: 1 })
    expect([report.kinds.bill.remaining, report.kinds.journal.remaining]).toEqual([1, 1])
  })

  test('tells a row that was deleted after it was sent, until somebody writes it again', async () => {
    insertInvoice(world, 'A')
    insertInvoice(world, 'B')
    state('A', "state = 'exported', queued = 0, xero_number = 'INV-A'")
    world.exec('DELETE FROM document_line; DELETE FROM document')
    const { report } = await finish()
    // What was never sent is nobody's business.
    expect(report.warnings).toEqual(['Invoice INV-A is in Xero, and its row was deleted from the ledger.'])
    expect(report.state).toBe('nothing')
    expect((await finish()).report.warnings).toHaveLength(1)
    insertInvoice(world, 'A')
    expect((await finish()).report.warnings).toEqual([])
  })
})
