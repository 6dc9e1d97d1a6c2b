// The tables as kysely knows them. The truth is migrations/*.sql; a test compares the two.

import type { Generated } from 'kysely'
import type { Role } from '../accounting/books.ts'
import type {
  AmountsMode,
  Destination,
  DocumentKind,
  DocumentStatus,
  JournalKind,
  JournalStatus,
  LineKind,
  PaymentKind,
  Supply,
} from '../accounting/kinds.ts'
import type {
  ApiLogTable,
  ChunkTable,
  ChunkThingTable,
  ExportStateTable,
  FindingTable,
  GeneratedLineTable,
  ManualJournalLineTable,
  MirrorCreditTable,
  MirrorDocumentTable,
  MirrorItemTable,
  MirrorPaymentTable,
  PartInXeroTable,
  RolledBackTable,
  RunTable,
} from './sync-tables.ts'

type Flag = 0 | 1

export interface Schema {
  schema_migration: { version: number; name: string; checksum: string; applied_at: string }
  ledger_identity: { only: 1; id: string; created_at: string }
  billing_entity: { code: string; name: string; region: string; base_currency: string | null }
  contact: ContactTable
  contact_person: {
    contact: string
    position: number
    first_name: string | null
    last_name: string | null
    email: string | null
    include_in_emails: Flag
  }
  item: {
    code: string
    name: string
    description: string | null
    sale_price_e4: number | null
    sale_account: string | null
    sale_tax_code: string | null
    purchase_price_e4: number | null
    purchase_account: string | null
    purchase_tax_code: string | null
    is_stocked: Flag
    average_cost_e4: number | null
  }
  document: DocumentTable
  document_line: LineTable
  payment: PaymentTable
  payment_allocation: { payment: string; document: string; amount_cents: number; date: string | null }
  credit_allocation: {
    credit: string
    document: string
    amount_cents: number
    date: string | null
    origin: 'ledger' | 'external'
  }
  document_attachment: { document: string; file: string; include_online: Flag }
  journal: JournalTable
  journal_line: JournalLineTable
  stock_movement: StockMovementTable
  setting: { entity: string; name: string; value: string }
  account_map: { entity: string; account: string; xero_code: string }
  tax_code_map: { entity: string; tax_code: string; sales_type: string | null; purchase_type: string | null }
  payment_method_map: { entity: string; method: string; xero_account: string }
  role_account: { entity: string; role: Role; account: string }
  connection: {
    entity: string
    tenant_id: string
    organisation_name: string
    login: 'custom' | 'browser'
    client_id: string
    scopes: string
    api_url: string
    connected_at: string
  }
  export_state: ExportStateTable
  batch_run: RunTable
  run_report: { run: number; report: Buffer }
  chunk: ChunkTable
  chunk_thing: ChunkThingTable
  api_log: ApiLogTable
  api_log_body: { api_log: number; request: Buffer | null; response: Buffer | null }
  contact_link: {
    id: Generated<number>
    contact: string
    tenant_id: string
    xero_contact_id: string
    made_by: 'match' | 'create' | 'hand' | 'merge'
    since: string
    ended: string | null
  }
  external_ref: {
    tenant_id: string
    kind: 'payment' | 'refund' | 'credit_note'
    source_id: string
    xero_id: string
    updated_at: string | null
  }
  mirror_payment: MirrorPaymentTable
  mirror_credit: MirrorCreditTable
  mirror_allocation: {
    tenant_id: string
    credit_id: string
    position: number
    invoice_id: string
    amount_cents: number
    date: string | null
  }
  mirror_document: MirrorDocumentTable
  part_in_xero: PartInXeroTable
  rolled_back: RolledBackTable
  mirror_item: MirrorItemTable
  mirror_manual_journal: {
    tenant_id: string
    journal_id: string
    status: string
    narration: string
    date: string | null
    url: string | null
    updated_at: string
    read_at: string
  }
  mirror_manual_journal_line: ManualJournalLineTable
  mirror_journal: {
    tenant_id: string
    number: number
    journal_id: string
    date: string | null
    created_at: string
    reference: string | null
    source_type: string | null
    source_id: string | null
    read_at: string
  }
  mirror_journal_line: GeneratedLineTable
  watermark: { tenant_id: string; resource: string; reached: string | null; read_at: string }
  adjustment: { document: string; tenant_id: string; at: string; amount_cents: number; reason: string }
  finding: FindingTable
  mirror_organisation: {
    tenant_id: string
    name: string
    base_currency: string
    country_code: string
    timezone: string
    period_lock_date: string | null
    end_of_year_lock_date: string | null
    short_code: string | null
    read_at: string
  }
  mirror_account: {
    tenant_id: string
    account_id: string
    code: string | null
    name: string
    type: string
    class: string
    status: string
    system_account: string | null
    enable_payments: Flag
    tax_type: string | null
    read_at: string
  }
  mirror_tax_rate: {
    tenant_id: string
    tax_type: string
    name: string
    status: string
    rate_e4: number
    applies_to_assets: Flag
    applies_to_equity: Flag
    applies_to_expenses: Flag
    applies_to_liabilities: Flag
    applies_to_revenue: Flag
    read_at: string
  }
  mirror_tracking: {
    tenant_id: string
    category_id: string
    category: string
    category_status: string
    option_id: string
    option: string
    option_status: string
    read_at: string
  }
  mirror_currency: { tenant_id: string; code: string; read_at: string }
  mirror_contact: {
    tenant_id: string
    contact_id: string
    name: string
    name_key: string
    contact_number: string | null
    email: string | null
    phones: string
    status: string
    merged_to: string | null
    updated_at: string
    read_at: string
    card: string | null
    is_customer: Flag | null
    is_supplier: Flag | null
    pending: Generated<Flag>
  }
  contact_base: { tenant_id: string; contact: string; ledger: string; xero: string | null; synced_at: string }
  assigned_number: {
    entity: string
    kind: string
    source_id: string
    parent: string
    sequence: number
    number: string
  }
  cogs_posting: CogsPostingTable
  summary: {
    id: Generated<number>
    entity: string
    kind: string
    date: string
    sequence: number
    narration: Generated<string>
    thing: Generated<string>
  }
  summary_line: SummaryLineTable
  summary_source: {
    summary: number
    kind: string
    source_id: string
    revision: number
    amount_cents: number
    entry: string | null
    facts_hash: Generated<string>
    is_ended: Generated<Flag>
  }
  event: {
    id: Generated<number>
    at: string
    who: string
    run: number | null
    entity: string | null
    kind: string | null
    source_id: string | null
    what: string
    detail: string | null
  }
  run_lease: {
    tenant_id: string
    generation: number
    held: Flag
    holder: string
    host: string
    pid: number
    acquired_at: string
    heartbeat_at: string
  }
  document_balance: {
    document: string
    total_cents: number
    paid_cents: number
    credited_cents: number
    adjusted_cents: number
    due_cents: number
    state: 'unpaid' | 'part-paid' | 'paid'
  }
}

interface CogsPostingTable {
  entity: string
  document: string
  position: number
  sequence: number
  date: string
  action: 'posting' | 'reversal' | 'none'
  cost: string
  entry: string
}

interface SummaryLineTable {
  summary: number
  position: number
  account: string | null
  role: string | null
  description: string
  amount_cents: number
  tax_code: string | null
  tax_type: string | null
  tax_cents: number
  tracking: string
}

interface ContactTable {
  code: string
  name: string
  is_customer: Flag
  is_supplier: Flag
  active: Flag
  email: string | null
  phone: string | null
  mobile: string | null
  tax_number: string | null
  currency: string | null
  street_1: string | null
  street_2: string | null
  city: string | null
  state: string | null
  postcode: string | null
  country: string | null
  postal_street_1: string | null
  postal_street_2: string | null
  postal_city: string | null
  postal_state: string | null
  postal_postcode: string | null
  postal_country: string | null
  notes: string | null
}

interface DocumentTable {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  contact: string | null
  status: DocumentStatus
  date: string
  due_date: string | null
  currency: string | null
  exchange_rate_e6: number | null
  amounts: AmountsMode
  reference: string | null
  vehicle_registration: string | null
  po_number: string | null
  job: string | null
  employee: string | null
  week_ending: string | null
  recruiters: string | null
  subtotal_cents: number
  tax_cents: number
  total_cents: number
  url: string | null
  source_document: string | null
  updated_at: string | null
}

interface LineTable {
  document: string
  position: number
  kind: LineKind
  item: string | null
  description: string | null
  quantity_e4: number
  unit_price_e4: number | null
  discount_percent_e4: number | null
  amount_cents: number
  account: string | null
  tax_code: string | null
  tax_cents: number
  tracking_1_category: string | null
  tracking_1_option: string | null
  tracking_2_category: string | null
  tracking_2_option: string | null
  supply: Supply | null
  average_cost_e4: number | null
  destination: Destination | null
  quantity_received_e4: number | null
}

interface PaymentTable {
  id: string
  entity: string
  contact: string | null
  kind: PaymentKind
  method: string | null
  account: string | null
  date: string
  amount_cents: number
  currency: string | null
  exchange_rate_e6: number | null
  reference: string | null
  origin: 'ledger' | 'external'
  state: 'received' | 'applied' | 'deleted'
  deleted_at: string | null
  deleted_by: 'ledger' | 'xero' | null
  refund_of: string | null
}

interface JournalTable {
  id: string
  entity: string
  kind: JournalKind
  date: string
  narration: string | null
  status: JournalStatus
  document: string | null
  payment: string | null
}

interface JournalLineTable {
  journal: string
  position: number
  account: string | null
  description: string | null
  amount_cents: number
  tax_code: string | null
  tax_cents: number
  tracking_1_category: string | null
  tracking_1_option: string | null
  tracking_2_category: string | null
  tracking_2_option: string | null
  employee: string | null
}

interface StockMovementTable {
  id: string
  entity: string
  item: string
  date: string
  kind: 'adjustment' | 'stocktake'
  quantity_e4: number
  unit_cost_e4: number
  note: string | null
}
