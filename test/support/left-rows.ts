// Rows that runs leave behind, for tests that look back: a run, a call, where a document stands, a finding.

import type { CommandLedger } from './command-ledger.ts'

export type Row = Record<string, string | number | null>

export function aRun(world: CommandLedger, id: number, run: Row = {}): void {
  world.insert('batch_run', {
    id,
    entity: 'NZ01',
    tenant_id: 'tenant-1',
    organisation_name: 'Harbour Motors',
    verb: 'export',
    started_at: '2026-11-20T03:00:00.000Z',
    ended_at: '2026-11-20T03:01:00.000Z',
    state: 'sent',
    kinds: JSON.stringify({
      invoice: { exported: 350, updated: 0, failed: 2, skipped: 0, uncertain: 0, remaining: 2 },
    }),
    calls: 9,
    bytes_out: 1_000,
    bytes_in: 2_000,
    day_left: 4_991,
    who: 'mere@office',
    ...run,
  })
}

export function aCall(world: CommandLedger, id: number, call: Row = {}): void {
  world.insert('api_log', {
    id,
    run: 1,
    entity: 'NZ01',
    at: '2026-11-20T03:00:30.000Z',
    kind: 'invoice',
    chunk: 1,
    of: 4,
    method: 'PUT',
    path: '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4',
    status: 200,
    attempt: 1,
    documents: 100,
    exported: 100,
    failed: 0,
    duration_ms: 830,
    bytes_out: 5_000,
    bytes_in: 9_000,
    idempotency_key: 'key-1',
    problem: null,
    ...call,
  })
}

export function standing(world: CommandLedger, number: string, state: Row): void {
  const columns = Object.keys(state).map((name) => `${name} = ?`)
  world.ledger.sqlite
    .prepare(`UPDATE export_state SET ${columns.join(', ')} WHERE source_id = ?`)
    .run(...Object.values(state), `doc-${number}`)
}

export function aFinding(world: CommandLedger, number: string, finding: Row = {}): void {
  world.insert('finding', {
    kind: 'invoice',
    source_id: `doc-${number}`,
    entity: 'NZ01',
    position: 1,
    number,
    code: 'account-unknown',
    severity: 'error',
    field: 'lines[1].account',
    message: `Invoice ${number}, line 1, has account 999, which Xero does not have.`,
    why: 'It is not mapped.',
    fix: 'Map it.',
    found_at: '2026-11-20T03:00:00.000Z',
    ...finding,
  })
}
