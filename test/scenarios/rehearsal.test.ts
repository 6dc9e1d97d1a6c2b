// `export --sandbox` (T2): what it tells is what the export that follows does, and it touches nothing but a folder of its own.

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { everyKindSql } from '../support/mixed-ledger.ts'
import { asPerson } from '../support/people.ts'
import { documentSql, invoicesSql, raiseSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { type Outcome, World } from '../support/world.ts'

let world: World
let temporary = ''
const usualFolder = process.env['TMPDIR']

beforeEach(() => {
  temporary = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'auxo-sync-test-'))
  process.env['TMPDIR'] = temporary
})

afterEach(async () => {
  await world.close()
  if (usualFolder === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = usualFolder
  rmSync(temporary, { recursive: true })
})

async function open(options: Parameters<typeof World.open>[0] = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare()
  return world
}

interface RunJson {
  sent?: unknown
  kinds: Record<string, Record<string, number>>
  failures: { id: string; code: string; xeroMessages: string[] }[]
  [field: string]: unknown
}

function runsOf({ out }: Outcome): { rehearsal?: boolean; runs: RunJson[] } {
  return JSON.parse(out) as { runs: RunJson[] } // what --json prints
}

/** All that a rehearsal can know beforehand: when a run is, its calls and what people did since are its own. */
function essence(run: RunJson): object {
  const { startedAt, finishedAt, calls, pulled, isPulled, mirror, rehearsal, sent, ...told } = run
  return told
}

/** Name, size, time and content of every file below, so that any touch shows. */
function fingerprint(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const file = join(folder, name)
      const { size, mtimeMs } = statSync(file)
      const isFile = statSync(file).isFile()
      const hash = isFile ? createHash('sha256').update(readFileSync(file)).digest('hex') : ''
      return `${name} ${isFile ? size : ''} ${mtimeMs} ${hash}`
    })
}

const leftovers = () => readdirSync(temporary)

/** Rehearses, then exports, and wants both to have told the same. Gives back what they told. */
async function bothTell(...flags: string[]): Promise<RunJson> {
  world.leaveLedger()
  const [files, calls] = [fingerprint(world.folder), world.exchanges.length]
  const rehearsal = await world.run(['export', '--sandbox', '--json', ...flags])
  expect(fingerprint(world.folder), 'the ledger or its folders were touched').toEqual(files)
  expect(world.exchanges.length, 'Xero was called').toBe(calls)
  expect(leftovers(), 'something was left behind').toEqual([])
  const told = runsOf(rehearsal)
  expect(told.rehearsal, rehearsal.err).toBe(true)
  const real = await world.run(['export', '--json', ...flags])
  expect(told.runs.map(essence)).toEqual(runsOf(real).runs.map(essence))
  expect(rehearsal.code).toBe(real.code)
  return told.runs[0] ?? { kinds: {}, failures: [] }
}

test('something of every kind, and then changes of all of it: each time the rehearsal told what the export did', async () => {
  await open()
  world.sql(everyKindSql(world.folder))
  const first = await bothTell()
  expect(first.kinds).toMatchObject({ invoice: { exported: 3 }, attachment: { exported: 1 } })
  expect(first.sent).toContainEqual(
    expect.objectContaining({ kind: 'invoice', operation: 'create', things: 3, total: '345.00' }),
  )

  // The ledger goes on, with what Xero now has: edits, voids, more money, and what must be refused.
  world.sql(
    [
      documentSql('invoice', { id: 'INV4' }),
      documentSql('bill', { id: 'BILL2', contact: 'C002' }),
      documentSql('invoice', { id: 'INV5', status: 'draft' }),
      raiseSql('INV3'),
      raiseSql('PO1'),
      `UPDATE document SET status = 'void' WHERE id = 'INV2';`,
      `UPDATE journal_line SET amount_cents = amount_cents * 2 WHERE journal = 'J1';`,
      `UPDATE contact SET phone = '09 555 0100' WHERE code = 'C001';`,
      paymentSql({ id: 'PAY3', applied: { INV1: 4_000, INV4: 20_000 } }),
      creditAllocationSql('CN1', 'INV4', 1_000),
    ].join('\n'),
  )
  const second = await bothTell()
  expect(second.kinds).toMatchObject({ purchase_order: { updated: 1 }, contact: { updated: 1 } })
  expect(second.failures.map(({ id, code }) => `${id} ${code}`)).toEqual(
    expect.arrayContaining(['INV2 edited-after-payment', 'INV3 edited-after-payment']),
  )
})

test('what people did in Xero and a pull brought back stands in the way of the rehearsal as of the export', async () => {
  await open()
  world.sql(`${invoicesSql(7, 2)} ${settingSql('delete_payments', 'both')}
    ${paymentSql({ id: 'P1', applied: { D0001: 2_000 } })} ${paymentSql({ id: 'P2', contact: 'C002', applied: { D0002: 1_000 } })}`)
  await world.must(['export'])
  const xeroId = (id: string) =>
    world.query<{ xero_id: string }>('SELECT xero_id FROM export_state WHERE source_id = ?', id)[0]
      ?.xero_id ?? ''
  world.clock.advance(60_000)
  asPerson(world, (person) => {
    person.money.pay(xeroId('D0003'), { amount: cents(1_000) })
    person.editInvoiceTotal(xeroId('D0005'), cents(1))
    person.voidInvoice(xeroId('D0007'))
    person.createInvoice({ number: 'INV-7', contactId: xeroId('C001'), total: cents(11_500) })
    person.archiveContact(xeroId('C002'))
    person.setLockDate('2026-10-31' as never) // a plain date
  })
  await world.must(['pull'])
  await world.must(['refresh'])
  world.sql(
    [
      ...['D0003', 'D0004', 'D0005', 'D0007'].map((id) => raiseSql(id)),
      documentSql('invoice', { id: 'INV7', number: 'INV-7' }),
      documentSql('invoice', { id: 'INV8', date: '2026-10-30' }),
      documentSql('invoice', { id: 'INV9', contact: 'C002' }),
      documentSql('invoice', { id: 'INV10' }),
      `UPDATE payment SET state = 'deleted' WHERE id = 'P1';`,
    ].join('\n'),
  )
  const { failures, kinds } = await bothTell()
  expect(kinds['invoice']).toMatchObject({ exported: 1 })
  expect(failures.map(({ id, code }) => `${id} ${code}`).sort()).toEqual(
    expect.arrayContaining([
      'D0003 edited-after-payment',
      'D0004 contact-archived',
      'D0005 edited-in-xero',
      'D0007 edited-in-xero',
      'INV7 number-in-use',
      'INV8 period-locked',
      'INV9 contact-archived',
    ]),
  )
})

test('for a person it begins and ends with what it is, and narrows, refuses and exits as the export', async () => {
  await open()
  world.sql(invoicesSql(3, 1))
  world.sql(`UPDATE document_line SET account = '999' WHERE document = 'D0002';`)
  const { out, code } = await world.run(['export', '--sandbox', '--document', 'D0001', 'D0002'])
  expect(code).toBe(1)
  expect(out.split('\n')[0]).toContain('REHEARSAL: nothing goes to Xero, and the ledger stays as it is.')
  expect(out).toContain('NZ01 → Demo Company (NZ): rehearsal, nothing was sent to Xero')
  expect(out).toMatch(/invoices +new +1 +/)
  expect(out).toContain('account-unknown')
  expect(out.trim().split('\n').at(-1)).toContain('This was a rehearsal. Xero has nothing of it.')
  expect(out).not.toMatch(/calls to Xero/)

  const dry = await world.run(['export', '--sandbox', '--dry-run'])
  expect(dry.code).toBe(2)
  expect(dry.err).toContain('leave out --dry-run')
  const wrong = await world.run(['export', '--sandbox', '--only', 'invoices'])
  expect(wrong.code).toBe(2)
})

test('while an exporting system has the ledger open its last rows are in the rehearsal, and its files stay as they are', async () => {
  await open()
  world.sql(invoicesSql(2, 1))
  const writer = new Database(world.ledgerFile)
  writer.pragma('wal_autocheckpoint = 0')
  writer.exec(documentSql('invoice', { id: 'LAST' }))
  try {
    const files = fingerprint(world.folder).filter((line) => !line.startsWith('ledger.db-shm'))
    const { runs } = runsOf(await world.run(['export', '--sandbox', '--json']))
    expect(runs[0]?.kinds['invoice']).toMatchObject({ exported: 3 })
    expect(fingerprint(world.folder).filter((line) => !line.startsWith('ledger.db-shm'))).toEqual(files)
  } finally {
    writer.close()
  }
})

test('without a connection and without credentials it is played against standard accounts of the region, and says so', async () => {
  world = await World.open()
  await world.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
  world.sql(invoicesSql(2, 1))
  const env = { XERO_CLIENT_ID: '', XERO_CLIENT_SECRET: '', XERO_API_URL: '', XERO_IDENTITY_URL: '' }
  const { code, out, err } = await world.run(['export', '--sandbox'], { env })
  expect(code, err).toBe(0)
  expect(out).toContain(
    'NZ01: not connected yet. It is played against an empty organisation with the standard accounts and tax rates of NZ',
  )
  expect(out).toMatch(/invoices +2 +0 +0/)
  expect(world.exchanges).toEqual([])
  expect(world.query('SELECT * FROM connection')).toEqual([])
})

test('two entities of one organisation, one that has one too and one that is not connected: all are played', async () => {
  await open()
  world.sql(invoicesSql(2, 1))
  for (const code of ['NZ02', 'AU01'])
    await world.must(['entities', 'add', code, '--name', `Branch ${code}`, '--region', code.slice(0, 2)])
  await world.must(['connect', '--custom', '--entity', 'NZ02'])
  const branch = (id: string, entity: string) =>
    documentSql('invoice', { id, ...(entity === 'AU01' ? { taxCode: 'OUTPUT' } : {}) }) +
    `UPDATE document SET entity = '${entity}' WHERE id = '${id}';`
  world.sql(branch('B1', 'NZ02') + branch('B2', 'AU01'))
  const { out, code } = await world.run(['export', '--sandbox', '--json'])
  expect(code).toBe(0)
  expect(
    runsOf({ out, code, err: '' }).runs.map((run) => [run['entity'], run.kinds['invoice']?.['exported']]),
  ).toEqual([
    ['AU01', 1],
    ['NZ01', 2],
    ['NZ02', 1],
  ])
})

test('where the export would stop the rehearsal stops: a copy of the ledger, and a day without calls', async () => {
  await open()
  world.sql(invoicesSql(2, 1))
  const putBack = world.backUp()
  await world.must(['export'])
  world.sql(settingSql('calls_per_day', 20))
  world.sql(documentSql('invoice', { id: 'LATE' }))
  const full = await world.run(['export', '--sandbox', '--json'])
  expect(full.code, full.err).toBe(7)
  expect(runsOf(full).runs[0]).toMatchObject({ state: 'stopped', kinds: { invoice: { remaining: 1 } } })
  putBack()
  const copy = await world.run(['export', '--sandbox', '--json'])
  expect(copy.code).toBe(5)
  expect(copy.err).toContain(`${world.ledgerFile} may be a restored back-up`)
  expect(runsOf(copy)).toEqual({ rehearsal: true, runs: [] })
  expect(leftovers()).toEqual([])
})

test('interrupted, it stops, says so and leaves nothing behind', async () => {
  await open()
  world.sql(invoicesSql(20, 2))
  const { code } = await world.run(['export', '--sandbox'], {
    wrapDatabase: (database) => {
      // Once the copy is open it is asked to stop, as by Ctrl-C.
      setImmediate(() => world.interrupt())
      return database
    },
  })
  expect(code).toBe(130)
  expect(leftovers()).toEqual([])
  expect(world.query("SELECT count(*) AS n FROM export_state WHERE state <> 'pending'")).toEqual([{ n: 0 }])
})
