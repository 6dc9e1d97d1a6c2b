// A ledger of an earlier version is brought up to date: nothing of it is lost, and exports go on where they were. The ledger is one that
// the earlier version really wrote (support/ledger-0005.sql).

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { readMigrations } from '../../src/ledger/migrations.ts'
import { day } from '../support/books.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

const ledgerText = readFileSync(new URL('../support/ledger-0005.sql', import.meta.url), 'utf8')

/** Ids in Xero as the earlier version wrote them down. */
const ids = {
  tenant: '099fef97-8baf-47dd-abbc-25ee95392a3f',
  C001: '99bf5c0f-84d3-441d-a99a-d0b19918718c',
  C002: '4dce63c8-62d6-401e-a100-a582b9f4e1ae',
  'INV-1': 'da951ee4-9d26-4d3c-a7eb-7a33d91276ed',
  'INV-2': '3e735996-5020-4e27-a6fa-5fc8897cc0dd',
}

/** A world in which the earlier version has exported two invoices, and its ledger of the migrations up to the fifth. */
async function openEarlier(): Promise<World> {
  const w = await World.open({ start: '2026-11-23T00:00:00Z', seed: 2 })
  world = w
  const person = w.sandbox.person()
  const first = person.createContact({ name: 'Customer 1', number: 'C001' })
  const second = person.createContact({ name: 'Customer 2', number: 'C002' })
  const invoice = (number: string, contactId: string) =>
    person.createInvoice({ number, contactId, total: cents(11_500), date: day('2026-11-02') }).id
  const tenant = w.sandbox.organisations[0]?.tenantId ?? ''
  const text = ledgerText
    .replaceAll(ids.tenant, tenant)
    .replaceAll(ids.C001, first.id)
    .replaceAll(ids.C002, second.id)
    .replaceAll(ids['INV-1'], invoice('INV-1', first.id))
    .replaceAll(ids['INV-2'], invoice('INV-2', second.id))
  const sqlite = new Database(w.ledgerFile)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma(`application_id = ${0x4155584f}`)
  sqlite.exec(
    'CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  )
  for (const { version, name, sql, checksum } of readMigrations().slice(0, 5)) {
    sqlite.exec(sql)
    sqlite
      .prepare('INSERT INTO schema_migration VALUES (?, ?, ?, ?)')
      .run(version, name, checksum, '2026-11-22')
  }
  sqlite.exec(`BEGIN; ${text}; COMMIT`)
  const ledgerId = sqlite.prepare('SELECT id FROM ledger_identity').pluck().get()
  sqlite.close()
  // What is remembered outside the ledger stays there.
  const sent = join(w.configFolder, 'sent')
  mkdirSync(sent, { recursive: true })
  writeFileSync(
    join(sent, `${ledgerId}.${tenant}.json`),
    JSON.stringify({ lastChunk: 3, ledger: w.ledgerFile }),
  )
  return w
}

type Row = Record<string, unknown>

/** Every row of every table, with these columns where they are given. */
function rowsOf(w: World, columns?: Map<string, string[]>): Map<string, Row[]> {
  const tables = w.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration'",
  )
  return new Map(
    tables
      .filter(({ name }) => columns?.has(name) ?? true)
      .map(({ name }) => {
        const wanted = columns?.get(name)?.map((column) => `"${column}"`) ?? ['*']
        return [name, w.query<Row>(`SELECT ${wanted.join(', ')} FROM "${name}"`)]
      }),
  )
}

test('every row of every table is as it was, but for things that are made anew', async () => {
  const w = await openEarlier()
  const before = rowsOf(w)
  expect([...before].filter(([, rows]) => rows.length === 0).map(([table]) => table)).toEqual([])
  expect((await w.export()).code).toBe(5)
  await w.must(['migrate'])

  const columns = new Map([...before].map(([table, rows]) => [table, Object.keys(rows[0] ?? {})]))
  const after = rowsOf(w, columns)
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
  for (const [table, rows] of before) {
    // More is kept of contacts than before: they are read once more.
    const kept = table === 'watermark' ? rows.map((row) => ({ ...row, reached: null })) : rows
    if (table !== 'export_state') expect(after.get(table), table).toEqual(kept)
  }
  // What was made of payments, credits and files had never been sent.
  const remade = new Set(['payment', 'refund', 'allocation', 'attachment'])
  const kept = (rows: readonly Row[] | undefined) => rows?.filter((row) => !remade.has(String(row['kind'])))
  const added = new Set(['discount', 'receipt', 'stock_movement'])
  expect(kept(after.get('export_state'))?.filter((row) => !added.has(String(row['kind'])))).toEqual(
    kept(before.get('export_state')),
  )
  const things = w.query<{ kind: string; source_id: string }>(
    "SELECT kind, source_id FROM export_state WHERE state = 'pending' AND queued = 1 AND kind NOT IN ('invoice', 'credit_note', 'journal') ORDER BY kind, source_id",
  )
  expect(things.map(({ kind, source_id }) => `${kind} ${source_id}`)).toEqual([
    'allocation CN%2F1/B',
    'attachment A/scans/job.txt',
    'attachment CN%2F1/scans/50%.txt',
    'discount DIS/B',
    'payment P%2F1/A',
    'receipt DEP',
    'receipt P/1',
    'refund REF/',
    'stock_movement M1',
  ])
})

test('what is known of exported invoices and of the lost answer is carried over', async () => {
  const w = await openEarlier()
  await w.must(['migrate'])
  const facts = w.query<{ source_id: string; facts: string | null; sent: string | null }>(
    `SELECT e.source_id, e.facts, t.facts AS sent FROM export_state AS e LEFT JOIN chunk_thing AS t ON t.chunk = e.chunk
        AND t.kind = e.kind AND t.source_id = e.source_id WHERE e.kind = 'invoice' ORDER BY e.source_id`,
  )
  expect(facts.map(({ source_id, facts: now, sent }) => [source_id, now !== null, now === sent])).toEqual([
    ['A', true, true],
    ['B', true, true],
    // Nothing is known of what is not in Xero for certain.
    ['U', false, false],
    ['W', false, true],
  ])
  expect(w.query('SELECT kind, channel, known_ids FROM chunk ORDER BY id')).toEqual([
    { kind: 'contact', channel: 'contacts', known_ids: '[]' },
    { kind: 'invoice', channel: 'sales_invoices', known_ids: '[]' },
    { kind: 'invoice', channel: 'sales_invoices', known_ids: '[]' },
  ])
})

test('exports go on: the lost answer is looked up, a change goes out as one, and what hangs on old invoices follows', async () => {
  const w = await openEarlier()
  await w.must(['migrate'])
  mkdirSync(join(w.folder, 'scans'))
  writeFileSync(join(w.folder, 'scans', 'job.txt'), 'done')
  w.sql(
    `UPDATE document SET reference = 'changed since' WHERE id = 'B'; DELETE FROM payment WHERE id = 'REF';
     INSERT INTO role_account VALUES ('NZ01', 'discount', '200')`,
  )
  const run = await w.export()
  expect(run.runs[0]?.failures, run.err).toEqual([])
  const invoices = w.sandbox.invoices().map(({ number, reference, total }) => ({ number, reference, total }))
  expect(invoices.sort((one, other) => (one.number < other.number ? -1 : 1))).toEqual([
    { number: 'INV-1', reference: '', total: 11_500 },
    { number: 'INV-10', reference: '', total: 11_500 },
    { number: 'INV-2', reference: 'changed since', total: 11_500 },
    { number: 'INV-9', reference: '', total: 11_500 },
  ])
  expect(w.sandbox.attachments().map(({ fileName }) => fileName)).toEqual(['job.txt'])
  expect(w.sandbox.items().map(({ code }) => code)).toEqual(['OIL'])
  expect(w.sandbox.payments().map(({ amount }) => amount)).toEqual([11_500])
  expect(w.sandbox.creditNotes().map(({ total }) => total)).toEqual([115])
  const second = await w.export()
  expect(second.runs[0], second.err).toMatchObject({ state: 'nothing', failures: [] })
})
