import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { aRun, type Row } from '../../test/support/left-rows.ts'
import { nothingPulled } from '../accounting/outcomes.ts'
import { historyCommand } from './history.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.connect('NZ01')
})
afterEach(() => world.drop())

describe('history', () => {
  const history = (month?: string, flags = {}) =>
    world.run((context) => historyCommand(context, month === undefined ? {} : { month }), flags)

  test('the runs, newest first, with who, when and what went out', async () => {
    aRun(world, 1)
    aRun(world, 2, { state: 'nothing', kinds: '{}', pulled: '{"payments":0}' })
    const { out } = await history()
    const [head, first, second] = out.split('\n')
    expect(head).toMatch(/^run {2}entity {2}started/)
    expect(first).toMatch(/^ {2}2 {2}NZ01 .* nothing +nothing +nothing +0 +9 {2}mere@office$/)
    expect(second).toContain(
      '20 Nov 2026 16:00 GMT+13  export  sent     350 invoices                  2      9  mere@office',
    )
  })

  test('JSON is a line a run', async () => {
    aRun(world, 1)
    expect((await history(undefined, { json: true })).json).toEqual([
      {
        id: 1,
        entity: 'NZ01',
        organisation: { tenantId: 'tenant-1', name: 'Harbour Motors' },
        verb: 'export',
        rollsBack: null,
        state: 'sent',
        startedAt: '2026-11-20T03:00:00.000Z',
        finishedAt: '2026-11-20T03:01:00.000Z',
        kinds: { invoice: { exported: 350, updated: 0, failed: 2, skipped: 0, uncertain: 0, remaining: 2 } },
        pulled: null,
        calls: { made: 9, dayLeft: 4_991, bytesOut: 1_000, bytesIn: 2_000 },
        reason: null,
        who: 'mere@office',
      },
    ])
  })

  test('and what came back in each, in words and in JSON', async () => {
    aRun(world, 1, { verb: 'pull', kinds: '{}', pulled: '{"payments":2,"deletedPayments":1}' })
    const { out } = await history()
    expect(out).toMatch(/ pull .* done +nothing +2 payments, 1 payment deleted +0 /)
    expect((await history(undefined, { json: true })).json).toMatchObject([
      { verb: 'pull', pulled: { ...nothingPulled(), payments: 2, deletedPayments: 1 } },
    ])
  })

  test('a month is a month where the organisation is, not in UTC', async () => {
    aRun(world, 1, { started_at: '2026-10-31T10:59:00.000Z' })
    aRun(world, 2, { started_at: '2026-10-31T11:01:00.000Z' })
    const ids = async (month: string) =>
      (await history(month, { json: true })).json.map((run) => (run as Row)['id'])
    expect(await ids('2026-10')).toEqual([1])
    expect(await ids('2026-11')).toEqual([2])
    expect((await history('2026-09')).out).toBe('No run in 2026-09.\n')
    await expect(history('2026-9')).rejects.toMatchObject({ code: 'usage' })
  })
})
