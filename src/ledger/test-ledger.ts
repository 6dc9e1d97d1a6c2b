// For the tests of this folder and of batch/: a ledger in a temporary folder, on a clock that is moved by hand, filled
// and read with plain SQL. Nothing of the program imports it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { Clock } from '../clock.ts'
import { createLedger } from './create.ts'
import type { Lease } from './lease.ts'
import { type Ledger, openLedger } from './open.ts'

export const testStart = '2026-11-22T00:00:00.000Z'
export const testTenant = 'tenant-1'

export interface HandClock extends Clock {
  /** Moves wall and monotonic time on. */
  advance(ms: number): void
  /** Moves the wall alone. */
  step(ms: number): void
}

export function handClock(instant = testStart): HandClock {
  let wall = Date.parse(instant)
  let monotonic = 0
  const advance = (ms: number) => {
    wall += ms
    monotonic += ms
  }
  return {
    now: () => wall,
    monotonicMs: () => monotonic,
    sleep: async (ms) => advance(ms),
    after: () => () => undefined,
    advance,
    step: (ms) => {
      wall += ms
    },
  }
}

export type Row = Record<string, string | number | null>

export interface TestLedger {
  ledger: Ledger
  clock: HandClock
  folder: string
  file: string
  lease: Lease
  exec(sql: string): void
  rows(sql: string, ...values: unknown[]): Row[]
  row(sql: string, ...values: unknown[]): Row
  close(): void
}

let empty: Buffer | undefined

/** The bytes of a new ledger, made once: migrations take longer than most tests. */
export function emptyLedgerBytes(): Buffer {
  if (empty) return empty
  const folder = mkdtempSync(join(tmpdir(), 'auxo-empty-'))
  const file = join(folder, 'ledger.db')
  createLedger(file, { clock: handClock(), uuid: () => 'ledger-id' }).close()
  empty = readFileSync(file)
  rmSync(folder, { recursive: true, force: true })
  return empty
}

/** With the entity NZ01, its connection to `testTenant`, and that organisation's lease taken (generation 1). */
export function testLedger(
  options: { wrap?: (database: Database.Database) => Database.Database } = {},
): TestLedger {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-ledger-'))
  const file = join(folder, 'ledger.db')
  writeFileSync(file, emptyLedgerBytes())
  const clock = handClock()
  const ledger = openLedger(file, { clock, wrap: options.wrap })
  // The tests are about rows, not about power cuts.
  ledger.sqlite.pragma('synchronous = OFF')
  const rows = (sql: string, ...values: unknown[]) => ledger.sqlite.prepare(sql).all(...values) as Row[] // rows of any query
  ledger.sqlite.exec(`
    INSERT INTO billing_entity (code, name, region) VALUES ('NZ01', 'Harbour Motors', 'NZ');
    INSERT INTO connection (entity, tenant_id, organisation_name, login, client_id, scopes, api_url, connected_at)
    VALUES ('NZ01', '${testTenant}', 'Harbour Motors', 'custom', 'client', '', 'https://api.xero.com', '${testStart}');
    INSERT INTO run_lease (tenant_id, generation, held, holder, host, pid, acquired_at, heartbeat_at)
    VALUES ('${testTenant}', 1, 1, 'mere@desk', 'desk', 100, '${testStart}', '${testStart}');`)
  return {
    ledger,
    clock,
    folder,
    file,
    lease: { tenantId: testTenant, generation: 1 },
    exec: (sql) => void ledger.sqlite.exec(sql),
    rows,
    row: (sql, ...values) => {
      const [first, second] = rows(sql, ...values)
      if (!first || second) throw new Error(`not one row: ${sql}`)
      return first
    },
    close: () => {
      ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One sales invoice with one line of 100.00 + 15.00; `document` changes columns. */
export function insertInvoice(world: Pick<TestLedger, 'ledger'>, id: string, document: Row = {}): void {
  const row: Row = {
    id,
    entity: 'NZ01',
    kind: 'invoice',
    number: `INV-${id}`,
    contact: 'ACME',
    status: 'sent',
    date: '2026-11-02',
    due_date: '2026-12-20',
    subtotal_cents: 10_000,
    tax_cents: 1_500,
    total_cents: 11_500,
    ...document,
  }
  insertRow(world, 'document', row)
  insertRow(world, 'document_line', {
    document: id,
    position: 1,
    description: 'Service',
    unit_price_e4: 1_000_000,
    amount_cents: 10_000,
    account: '200',
    tax_code: 'OUTPUT2',
    tax_cents: 1_500,
  })
}

export function insertRow({ ledger }: Pick<TestLedger, 'ledger'>, table: string, row: Row): void {
  const names = Object.keys(row)
  ledger.sqlite
    .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...Object.values(row))
}
