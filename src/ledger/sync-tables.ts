// The larger of auxo-sync's own tables as kysely knows them: what is remembered of things, runs, calls and findings. They are put
// together in schema.ts; the truth is migrations/*.sql.

import type { Generated } from 'kysely'
import type { FindingCode, Severity } from '../accounting/findings.ts'
import type { ExportState } from '../accounting/kinds.ts'

type Flag = 0 | 1

export interface ExportStateTable {
  kind: string
  source_id: string
  entity: string
  state: Generated<ExportState>
  revision: Generated<number>
  sent_revision: number | null
  queued: Generated<Flag>
  source_gone: Generated<Flag>
  tenant_id: string | null
  xero_id: string | null
  xero_number: string | null
  xero_status: string | null
  facts_hash: string | null
  facts: string | null
  follow_up: Generated<0 | 1 | 2>
  chunk: number | null
  run: number | null
  reason: string | null
  changed_at: string | null
  held_reason: string | null
}

export type RunState = 'running' | 'sent' | 'partial' | 'nothing' | 'stopped' | 'failed'

export interface RunTable {
  id: Generated<number>
  entity: string
  tenant_id: string | null
  organisation_name: string | null
  verb: string
  started_at: string
  ended_at: string | null
  state: RunState
  kinds: Generated<string>
  calls: Generated<number>
  bytes_out: Generated<number>
  bytes_in: Generated<number>
  day_left: number | null
  reason: string | null
  who: string
  pulled: Generated<string>
  rolls_back: number | null
}

/**
 * `prepared`: written down, nothing sent. `sent`: an attempt left and nothing came back yet. `uncertain`: an attempt's
 * outcome is unknown. `settled`: every thing has its outcome from an answer. `resolved`: every thing has its outcome
 * from a look-up. `abandoned`: no attempt reached Xero, its things are pending again.
 */
export type ChunkState = 'prepared' | 'sent' | 'uncertain' | 'settled' | 'resolved' | 'abandoned'

export interface ChunkTable {
  id: Generated<number>
  run: number
  entity: string
  tenant_id: string
  kind: string
  operation: string
  channel: Generated<string>
  known_ids: Generated<string>
  settle_window_ms: Generated<number>
  number: number
  of: number
  method: string
  path: string
  idempotency_key: string
  body: Buffer | null
  body_hash: string
  bytes: number
  state: ChunkState
  attempts: Generated<number>
  unknown_attempts: Generated<number>
  prepared_at: string
  first_sent_at: string | null
  last_ended_at: string | null
  clock_offset_ms: Generated<number>
  settled_at: string | null
  rolls_back: number | null
}

export interface RolledBackTable {
  kind: string
  source_id: string
  entity: string
  xero_id: string
  tenant_id: string
  xero_number: string | null
  facts: string | null
  run: number
  by_run: number
  at: string
}

export interface ChunkThingTable {
  chunk: number
  position: number
  kind: string
  source_id: string
  entity: string
  revision: number
  facts_hash: string
  facts: string
  outcome: 'exported' | 'failed' | 'uncertain' | 'returned' | null
}

export interface ApiLogTable {
  id: Generated<number>
  run: number | null
  entity: string | null
  at: string
  kind: string | null
  chunk_id: number | null
  chunk: number | null
  of: number | null
  method: string
  path: string
  status: number | null
  attempt: Generated<number>
  documents: number | null
  exported: number | null
  failed: number | null
  duration_ms: number | null
  bytes_out: Generated<number>
  bytes_in: number | null
  idempotency_key: string | null
  correlation_id: string | null
  problem: string | null
}

export interface FindingTable {
  kind: string
  source_id: string
  entity: string
  position: number
  number: string
  code: FindingCode
  severity: Severity
  field: string | null
  message: string
  why: string
  fix: string
  xero_messages: Generated<string>
  run: number | null
  found_at: string
}

export interface MirrorPaymentTable {
  tenant_id: string
  payment_id: string
  status: string
  type: string
  target_id: string | null
  amount_cents: number
  date: string | null
  reference: string | null
  account: string | null
  updated_at: string
  read_at: string
  pending: Generated<Flag>
}

export interface MirrorCreditTable {
  tenant_id: string
  credit_id: string
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  type: string
  number: string | null
  reference: string | null
  status: string
  contact_id: string
  currency: string
  rate_e6: number | null
  date: string | null
  total_cents: number
  remaining_cents: number
  allocations: Generated<string>
  updated_at: string
  read_at: string
  pending: Generated<Flag>
}

export interface MirrorDocumentTable {
  tenant_id: string
  document_id: string
  type: string
  number: string | null
  status: string
  total_cents: number
  paid_cents: number | null
  credited_cents: number | null
  due_cents: number | null
  updated_at: string
  read_at: string
  pending: Generated<0 | 1 | 2>
}

export interface MirrorItemTable {
  tenant_id: string
  item_id: string
  code: string
  name: string | null
  description: string | null
  sale_price_e4: number | null
  sale_account: string | null
  sale_tax_type: string | null
  purchase_price_e4: number | null
  purchase_account: string | null
  purchase_tax_type: string | null
  is_tracked: Flag
  quantity_on_hand_e4: number | null
  total_cost_cents: number | null
  updated_at: string
  read_at: string
  pending: Generated<Flag>
  code_in_ledger: string | null
  taken_over: string | null
}

export interface ManualJournalLineTable {
  tenant_id: string
  journal_id: string
  position: number
  account: string | null
  description: string | null
  amount_cents: number
  tax_type: string | null
  tax_cents: number
  tracking: string
}

export interface GeneratedLineTable {
  tenant_id: string
  number: number
  position: number
  account: string | null
  account_name: string | null
  description: string | null
  amount_cents: number
  tax_type: string | null
  tax_cents: number
  tracking: string
}

export interface PartInXeroTable {
  kind: 'payment' | 'journal' | 'credit'
  source: string
  document: string
  live_cents: number
  cause: string
  changed_at: string
}
