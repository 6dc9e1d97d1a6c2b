// A ledger in a folder of its own for tests of single commands: filled with plain INSERTs, as an exporting system does,
// and a host that points at it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandContext, GlobalFlags } from '../../src/commands/context.ts'
import { createLedger } from '../../src/ledger/create.ts'
import type { Ledger } from '../../src/ledger/open.ts'
import { type TestHost, testContext, testHost } from './host.ts'

type Value = string | number | null | Buffer

export interface CommandLedger {
  readonly folder: string
  readonly ledger: Ledger
  /** One row of a table. */
  insert(table: string, row: Record<string, Value>): void
  /** An invoice of 100.00 + 15.00 GST with one line. */
  invoice(number: string, document?: Record<string, Value>): void
  /** Pins an entity to an organisation and gives it a mirror. */
  connect(entity: string, tenantId?: string): void
  /** Runs a command on a fresh host; JSON of its lines is read where --json was given. */
  run(command: (context: CommandContext) => Promise<number>, flags?: Partial<GlobalFlags>): Promise<Outcome>
  drop(): void
}

interface Outcome {
  code: number
  out: string
  err: string
  json: unknown[]
}

export function commandLedger(overrides: Parameters<typeof testHost>[0] = {}): CommandLedger {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-command-'))
  const env = { AUXO_LEDGER: join(folder, 'ledger.db'), AUXO_CONFIG_DIR: join(folder, 'config') }
  const newHost = (): TestHost => testHost({ cwd: folder, ...overrides, env: { ...env, ...overrides.env } })
  const host = newHost()
  const ledger = createLedger(env.AUXO_LEDGER, { clock: host.clock, uuid: host.uuid })
  // The tests are about rows, not about power cuts.
  ledger.sqlite.pragma('synchronous = OFF')
  const insert = (table: string, row: Record<string, Value>) => {
    const names = Object.keys(row)
    ledger.sqlite
      .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(row))
  }
  return {
    folder,
    ledger,
    insert,
    invoice: (number, document = {}) => {
      const id = String(document['id'] ?? `doc-${number}`)
      insert('document', {
        id,
        entity: 'NZ01',
        kind: 'invoice',
        number,
        contact: 'ACME',
        status: 'sent',
        date: '2026-10-05',
        due_date: '2026-10-20',
        subtotal_cents: 10_000,
        tax_cents: 1_500,
        total_cents: 11_500,
        ...document,
      })
      insert('document_line', {
        document: id,
        position: 1,
        description: 'Service',
        quantity_e4: 15_000,
        amount_cents: 10_000,
        account: '200',
        tax_code: 'OUTPUT2',
        tax_cents: 1_500,
      })
    },
    connect: (entity, tenantId = 'tenant-1') => {
      insert('connection', {
        entity,
        tenant_id: tenantId,
        organisation_name: 'Harbour Motors',
        login: 'custom',
        client_id: 'client',
        scopes: 'accounting.invoices',
        api_url: 'https://api.xero.com',
        connected_at: '2026-11-01T00:00:00.000Z',
      })
      fillMirror(insert, tenantId)
    },
    run: async (command, flags = {}) => {
      const fresh = newHost()
      const code = await command(testContext(fresh, flags))
      const lines = fresh.out().trimEnd()
      return {
        code,
        out: fresh.out(),
        err: fresh.err(),
        json: flags.json && lines !== '' ? lines.split('\n').map((line) => JSON.parse(line) as unknown) : [],
      }
    },
    drop: () => {
      ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fillMirror(insert: CommandLedger['insert'], tenantId: string): void {
  const read = { tenant_id: tenantId, read_at: '2026-11-21T03:00:00.000Z' }
  insert('mirror_organisation', {
    ...read,
    name: 'Harbour Motors',
    base_currency: 'NZD',
    country_code: 'NZ',
    timezone: 'NEWZEALANDSTANDARDTIME',
    short_code: '!23vY4',
  })
  insert('mirror_account', {
    ...read,
    account_id: 'account-200',
    code: '200',
    name: 'Sales',
    type: 'REVENUE',
    class: 'REVENUE',
    status: 'ACTIVE',
    enable_payments: 0,
  })
  insert('mirror_tax_rate', {
    ...read,
    tax_type: 'OUTPUT2',
    name: '15% GST on Income',
    status: 'ACTIVE',
    rate_e4: 150_000,
    applies_to_assets: 1,
    applies_to_equity: 1,
    applies_to_expenses: 1,
    applies_to_liabilities: 1,
    applies_to_revenue: 1,
  })
  insert('mirror_currency', { ...read, code: 'NZD' })
}
