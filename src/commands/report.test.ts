// `report`: which run or month is meant, what is told of it, and where it goes.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { noCounts } from '../accounting/outcomes.ts'
import { reportCommand } from './report.ts'

let books: CommandLedger

beforeEach(() => {
  books = commandLedger()
  books.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors', region: 'NZ' })
  books.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  books.connect('NZ01')
})
afterEach(() => books.drop())

function aRun(id: number, more: Record<string, string | number | null> = {}): void {
  const kinds = noCounts()
  kinds.invoice = { ...kinds.invoice, exported: 2, failed: 1 }
  books.insert('batch_run', {
    id,
    entity: 'NZ01',
    tenant_id: 'tenant-1',
    organisation_name: 'Harbour Motors',
    verb: 'export',
    started_at: '2026-11-21T03:00:00.000Z',
    ended_at: '2026-11-21T03:01:00.000Z',
    state: 'partial',
    kinds: JSON.stringify(kinds),
    calls: 9,
    who: 'mere@office',
    ...more,
  })
}

function sent(run: number, position: number, facts: object, outcome = 'exported'): void {
  if (position === 1) {
    const hash = 'x'
    books.insert('chunk', {
      id: run,
      run,
      entity: 'NZ01',
      tenant_id: 'tenant-1',
      kind: 'invoice',
      operation: 'create',
      channel: 'sales_invoices',
      number: 1,
      of: 1,
      method: 'PUT',
      path: '/Invoices',
      idempotency_key: `key-${run}`,
      body_hash: hash,
      bytes: 1,
      state: 'settled',
      prepared_at: '2026-11-21T03:00:00.000Z',
    })
  }
  books.insert('chunk_thing', {
    chunk: run,
    position,
    kind: 'invoice',
    source_id: `i${position}`,
    entity: 'NZ01',
    revision: 1,
    facts_hash: 'x',
    facts: JSON.stringify(facts),
    outcome,
  })
}

test('a run is told with what went out in money; what was refused is not in the sum', async () => {
  aRun(7)
  sent(7, 1, { totalCents: 11_500, currency: 'NZD' })
  sent(7, 2, { totalCents: 23_000, currency: 'NZD' })
  sent(7, 3, { totalCents: 99_900, currency: 'NZD' }, 'failed')
  const { code, out } = await books.run((context) => reportCommand(context, { run: 7 }))
  expect(code).toBe(0)
  expect(out).toContain('NZ01 → Harbour Motors: run 7, not all sent')
  expect(out).toMatch(/invoices\s+new\s+2\s+345\.00\s+NZD/)
  expect(out).toContain('auxo-sync export by mere@office')
  const { json } = await books.run((context) => reportCommand(context, { run: 7 }), { json: true })
  expect(json).toMatchObject([
    {
      run: {
        id: 7,
        verb: 'export',
        who: 'mere@office',
        state: 'partial',
        sent: [{ kind: 'invoice', things: 2, currency: 'NZD', total: '345.00' }],
      },
    },
  ])
})

test('a month is told for every entity, with money as text', async () => {
  books.insert('billing_entity', { code: 'AU01', name: 'Harbour Pty', region: 'AU' })
  books.invoice('INV-1')
  books.invoice('INV-2', { date: '2026-11-02' })
  aRun(7, { started_at: '2026-10-31T10:59:00.000Z' }) // still October where the entity is
  aRun(8, { started_at: '2026-10-31T11:01:00.000Z' })
  const { json } = await books.run((context) => reportCommand(context, { month: '2026-10' }), { json: true })
  expect(json).toMatchObject([
    {
      month: '2026-10',
      entities: [
        { entity: 'AU01', documents: [] },
        {
          entity: 'NZ01',
          asOf: '2026-10-31',
          documents: [{ kind: 'invoice', documents: 1, net: '100.00', tax: '15.00', total: '115.00' }],
          receivable: [{ contact: 'ACME', days30: '115.00', total: '115.00' }],
          notInXero: [{ number: 'INV-1', why: 'It waits for the next export.' }],
          runs: [{ id: 7 }],
        },
      ],
    },
  ])
  const { out } = await books.run((context) => reportCommand(context, { month: '2026-10' }), {
    entity: 'NZ01',
  })
  expect(out).toMatch(/together\s+0\.00\s+115\.00/)
  expect(out).not.toContain('AU01')
})

test('a month that is not over is told as of today', async () => {
  const { out } = await books.run((context) => reportCommand(context, { month: '2026-11' }))
  expect(out).toContain('Receivable on 22 Nov 2026')
  expect(out).toContain('the month is not over yet')
})

test('with --html a page is written, and only its name is said', async () => {
  aRun(7)
  const { out } = await books.run((context) => reportCommand(context, { run: 7, html: 'run.html' }))
  const file = join(books.folder, 'run.html')
  expect(out).toBe(`Written to ${file}.\n`)
  expect(readFileSync(file, 'utf8')).toContain('<h1>Run 7: NZ01 to Harbour Motors</h1>')
  await books.run((context) => reportCommand(context, { month: '2026-10', html: 'month.html' }), {
    quiet: true,
  })
  expect(existsSync(join(books.folder, 'month.html'))).toBe(true)
})

test.each([
  [{}, /Say what to report/],
  [{ run: 7, month: '2026-10' }, /Say what to report/],
  [{ run: 99 }, /There is no run 99\. The last one is 7/],
  [{ month: '2026-13' }, /--month takes a month such as 2026-10/],
  [{ run: 7, html: 'no/such/folder.html' }, /cannot be written .*ENOENT.* --html/],
])('%j is refused with what to do', async (flags, message) => {
  aRun(7)
  await expect(books.run((context) => reportCommand(context, flags))).rejects.toThrow(message)
})

test('a run of another entity is not this one’s', async () => {
  books.insert('billing_entity', { code: 'AU01', name: 'Harbour Pty', region: 'AU' })
  aRun(7)
  await expect(
    books.run((context) => reportCommand(context, { run: 7 }), { entity: 'AU01' }),
  ).rejects.toThrow('There is no run 7 of AU01. There was no run yet.')
})
