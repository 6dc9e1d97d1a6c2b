import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { aFinding, aRun, standing } from '../../test/support/left-rows.ts'
import { reportedKinds } from '../accounting/kinds.ts'
import { statusCommand } from './status.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.connect('NZ01')
})
afterEach(() => world.drop())

describe('status', () => {
  const status = (flags = {}) => world.run(statusCommand, flags)

  test('of an entity that was never connected, in JSON and in words', async () => {
    world.insert('billing_entity', { code: 'AU01', name: 'Second', region: 'AU' })
    const { json } = await status({ json: true, entity: 'AU01' })
    expect(json).toEqual([
      {
        entities: [
          {
            code: 'AU01',
            name: 'Second',
            organisation: null,
            mirror: null,
            remaining: Object.fromEntries(reportedKinds.map((kind) => [kind, 0])),
            failed: [],
            lastRun: null,
            waiting: {
              futureDated: 0,
              held: 0,
              uncertain: 0,
              beforeCutover: 0,
              keptJournals: 0,
              settleFrom: null,
            },
          },
        ],
      },
    ])
    const { out } = await status()
    expect(out).toContain('NZ01 (Harbour Motors Ltd) → Harbour Motors\n')
    expect(out).toContain(
      'AU01 (Second): not connected to Xero yet\n  To be sent: nothing.\n  Last run: none yet.\n',
    )
  })

  test('what waits, what failed and why, and the last run', async () => {
    for (const number of ['INV-1', 'INV-2', 'INV-3', 'INV-4']) world.invoice(number)
    world.invoice('INV-5', { date: '2027-01-01' })
    world.invoice('BILL-1', { kind: 'bill' })
    standing(world, 'INV-1', { state: 'failed' })
    standing(world, 'INV-2', { state: 'failed' })
    standing(world, 'INV-3', { state: 'held' })
    standing(world, 'INV-4', { state: 'uncertain' })
    aFinding(world, 'INV-1')
    aFinding(world, 'INV-2')
    world.insert('chunk', {
      run: 1,
      entity: 'NZ01',
      tenant_id: 'tenant-1',
      kind: 'invoice',
      operation: 'create',
      number: 1,
      of: 1,
      method: 'PUT',
      path: '/',
      idempotency_key: 'key',
      body_hash: '',
      bytes: 0,
      state: 'uncertain',
      prepared_at: '2026-11-22T02:58:00.000Z',
      last_ended_at: '2026-11-22T02:59:00.000Z',
    })
    aRun(world, 1)
    aRun(world, 2, { state: 'partial', reason: 'The day limit was reached.' })
    const { out, code } = await status()
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'NZ01 (Harbour Motors Ltd) → Harbour Motors',
        '  To be sent: 4 invoices and 1 bill.',
        '    1 of them dated in the future.',
        '    1 of them with a lost answer: run the export from 22 Nov 2026 16:05 GMT+13, and it asks Xero what became of it.',
        '    Beside these, 1 held back: auxo-sync dashboard lists it, auxo-sync release lets it go.',
        '  To be mended',
        '    account-unknown  2 invoices: INV-1, INV-2',
        '      For example: Invoice INV-1, line 1, has account 999, which Xero does not have.',
        '      Why: It is not mapped.',
        '      To do: Map it.',
        '  Last run: 2, export, 20 Nov 2026 16:00 GMT+13, by mere@office: 350 invoices sent, 2 failed. The day limit was reached.',
        '  Read of Xero: accounts, tax rates and tracking as they were 24 hours ago.',
        '',
      ].join('\n'),
    )
    const { json } = await status({ json: true })
    expect(json).toMatchObject([
      {
        entities: [
          {
            remaining: { invoice: 4, bill: 1, contact: 0 },
            failed: [
              { kind: 'invoice', id: 'doc-INV-1', number: 'INV-1', xeroMessages: [] },
              { number: 'INV-2' },
            ],
            lastRun: { id: 2, state: 'partial', kinds: { invoice: { exported: 350 } } },
            waiting: { futureDated: 1, held: 1, uncertain: 1, settleFrom: '2026-11-22T03:05:00.000Z' },
          },
        ],
      },
    ])
  })

  test('a run that is under way says so, and one whose process is gone was cut off', async () => {
    world.invoice('INV-1')
    world.ledger.sqlite.exec("UPDATE export_state SET state = 'sending' WHERE kind = 'invoice'")
    aRun(world, 7, { state: 'running', ended_at: null, kinds: '{}' })
    expect((await status()).out).toMatch(/1 of them with a lost answer.*nothing sent, cut off\.\n/s)
    const at = '2026-11-22T02:59:00.000Z'
    const holder = { holder: 'kim@laptop', host: 'laptop', pid: 1, acquired_at: at, heartbeat_at: at }
    world.insert('run_lease', { tenant_id: 'tenant-1', generation: 1, held: 1, ...holder })
    expect((await status()).out).toMatch(
      /1 of them on the way: run 7 is sending\..*nothing sent, under way\.\n/s,
    )
  })

  test('what came back in the last run, and that nothing did', async () => {
    aRun(world, 1, { state: 'nothing', kinds: '{}', pulled: '{"payments":1,"removedAllocations":2}' })
    expect((await status()).out).toContain(
      'nothing sent; back from Xero: 1 payment, 2 allocations removed.\n',
    )
    expect((await status({ json: true })).json).toMatchObject([
      { entities: [{ lastRun: { pulled: { payments: 1, removedAllocations: 2, refunds: 0 } } }] },
    ])
    aRun(world, 2, { pulled: '{"payments":0}' })
    expect((await status()).out).toContain('2 failed; back from Xero: nothing new.\n')
  })

  test.each<{ title: string; prepare: () => void }>([
    {
      title: 'a document that was voided since',
      prepare: () => update(`UPDATE document SET status = 'void'`),
    },
    { title: 'a document that is held', prepare: () => standing(world, 'INV-1', { state: 'held' }) },
    {
      title: 'a document that went out since',
      prepare: () => standing(world, 'INV-1', { state: 'exported', queued: 0 }),
    },
    {
      title: 'a document before the cutover',
      prepare: () => world.insert('setting', { entity: 'NZ01', name: 'cutover_date', value: '2026-10-06' }),
    },
    { title: 'a warning', prepare: () => update(`UPDATE finding SET severity = 'warning'`) },
    {
      title: 'a contact that was linked since',
      prepare: () => {
        update(`UPDATE finding SET kind = 'contact', source_id = 'ACME'`)
        world.insert('contact_link', {
          contact: 'ACME',
          tenant_id: 'tenant-1',
          xero_contact_id: 'x',
          made_by: 'hand',
          since: '2026-11-20T03:00:00.000Z',
        })
      },
    },
  ])('$title is no failure any more', async ({ prepare }) => {
    world.invoice('INV-1')
    aFinding(world, 'INV-1')
    expect((await status({ json: true })).json).toMatchObject([
      { entities: [{ failed: [{ number: 'INV-1' }] }] },
    ])
    prepare()
    expect((await status({ json: true })).json).toMatchObject([{ entities: [{ failed: [] }] }])
  })
})

test('a link of another contact mends nothing', async () => {
  aFinding(world, 'ACME', { kind: 'contact', source_id: 'ACME' })
  world.insert('contact_link', {
    contact: 'BETA',
    tenant_id: 'tenant-1',
    xero_contact_id: 'x',
    made_by: 'hand',
    since: '2026-11-20T03:00:00.000Z',
  })
  const { json } = await world.run(statusCommand, { json: true })
  expect(json).toMatchObject([{ entities: [{ failed: [{ kind: 'contact', number: 'ACME' }] }] }])
})

function update(statement: string): void {
  world.ledger.sqlite.prepare(statement).run()
}
