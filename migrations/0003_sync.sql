-- The sync tables: auxo-sync's own memory. Read them freely. They have no foreign keys to source tables, because an
-- exporting system may replace or delete its rows at any time and what was sent must still be known.

CREATE TABLE ledger_identity (
  only       INTEGER PRIMARY KEY CHECK (only = 1),
  id         TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Entity to Xero organisation. No secrets: tokens live outside the ledger.
CREATE TABLE connection (
  entity            TEXT PRIMARY KEY NOT NULL,
  tenant_id         TEXT NOT NULL,
  organisation_name TEXT NOT NULL,
  login             TEXT NOT NULL CHECK (login IN ('custom', 'browser')),
  client_id         TEXT NOT NULL,
  scopes            TEXT NOT NULL,
  api_url           TEXT NOT NULL,
  connected_at      TEXT NOT NULL
) STRICT;

-- One exportable thing. `state` is only ever written by auxo-sync, `revision` and `queued` also by triggers on the
-- source tables: a newer revision than `sent_revision` means that the source changed after it was read.
CREATE TABLE export_state (
  kind          TEXT NOT NULL,
  source_id     TEXT NOT NULL,
  entity        TEXT NOT NULL,
  state         TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'sending', 'exported', 'failed', 'uncertain', 'skipped', 'held', 'mock_exported')),
  revision      INTEGER NOT NULL DEFAULT 1,
  sent_revision INTEGER,
  queued        INTEGER NOT NULL DEFAULT 1 CHECK (queued IN (0, 1)),
  source_gone   INTEGER NOT NULL DEFAULT 0 CHECK (source_gone IN (0, 1)),
  tenant_id     TEXT,
  xero_id       TEXT,
  xero_number   TEXT,
  xero_status   TEXT,
  facts_hash    TEXT,
  chunk         INTEGER,
  run           INTEGER,
  reason        TEXT,
  changed_at    TEXT,
  PRIMARY KEY (kind, source_id, entity)
) STRICT, WITHOUT ROWID;

CREATE INDEX export_state_queue ON export_state (entity, kind, state) WHERE queued = 1;
CREATE INDEX export_state_open ON export_state (state) WHERE state IN ('sending', 'uncertain');
CREATE INDEX export_state_xero ON export_state (xero_id) WHERE xero_id IS NOT NULL;
CREATE INDEX export_state_run ON export_state (run) WHERE run IS NOT NULL;

CREATE TABLE batch_run (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  entity            TEXT NOT NULL,
  tenant_id         TEXT,
  organisation_name TEXT,
  verb              TEXT NOT NULL,
  started_at        TEXT NOT NULL,
  ended_at          TEXT,
  state             TEXT NOT NULL CHECK (state IN ('running', 'sent', 'partial', 'nothing', 'stopped', 'failed')),
  kinds             TEXT NOT NULL DEFAULT '{}',
  calls             INTEGER NOT NULL DEFAULT 0,
  bytes_out         INTEGER NOT NULL DEFAULT 0,
  bytes_in          INTEGER NOT NULL DEFAULT 0,
  day_left          INTEGER,
  reason            TEXT,
  who               TEXT NOT NULL
) STRICT;

CREATE INDEX batch_run_entity ON batch_run (entity, id);

-- One request's intent, committed before the request leaves. `body` holds the exact bytes until the outcome of every
-- thing is known; the hash stays.
CREATE TABLE chunk (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  run              INTEGER NOT NULL,
  entity           TEXT NOT NULL,
  tenant_id        TEXT NOT NULL,
  kind             TEXT NOT NULL,
  operation        TEXT NOT NULL,
  number           INTEGER NOT NULL,
  of               INTEGER NOT NULL,
  method           TEXT NOT NULL,
  path             TEXT NOT NULL,
  idempotency_key  TEXT NOT NULL UNIQUE,
  body             BLOB,
  body_hash        TEXT NOT NULL,
  bytes            INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'uncertain', 'settled', 'resolved', 'abandoned')),
  attempts         INTEGER NOT NULL DEFAULT 0,
  unknown_attempts INTEGER NOT NULL DEFAULT 0,
  prepared_at      TEXT NOT NULL,
  first_sent_at    TEXT,
  last_ended_at    TEXT,
  clock_offset_ms  INTEGER NOT NULL DEFAULT 0,
  settled_at       TEXT
) STRICT;

CREATE INDEX chunk_open ON chunk (tenant_id, id) WHERE state IN ('prepared', 'sent', 'uncertain');
CREATE INDEX chunk_run ON chunk (run);
CREATE INDEX chunk_tenant ON chunk (tenant_id, id);

-- A thing's place in a chunk, the revision of its source that was read, and the facts by which Xero can find it again.
CREATE TABLE chunk_thing (
  chunk      INTEGER NOT NULL REFERENCES chunk (id),
  position   INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  source_id  TEXT NOT NULL,
  entity     TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  facts_hash TEXT NOT NULL,
  facts      TEXT NOT NULL,
  outcome    TEXT CHECK (outcome IS NULL OR outcome IN ('exported', 'failed', 'uncertain', 'returned')),
  PRIMARY KEY (chunk, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX chunk_thing_source ON chunk_thing (kind, source_id, entity);

CREATE TABLE summary (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  entity   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  date     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  UNIQUE (entity, kind, date, sequence)
) STRICT;

CREATE TABLE summary_source (
  summary      INTEGER NOT NULL REFERENCES summary (id),
  kind         TEXT NOT NULL,
  source_id    TEXT NOT NULL,
  revision     INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL,
  PRIMARY KEY (summary, kind, source_id)
) STRICT, WITHOUT ROWID;

-- One HTTP attempt, written before the request leaves; `status` stays NULL where no answer was recorded.
CREATE TABLE api_log (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  run             INTEGER,
  entity          TEXT,
  at              TEXT NOT NULL,
  kind            TEXT,
  chunk_id        INTEGER,
  chunk           INTEGER,
  of              INTEGER,
  method          TEXT NOT NULL,
  path            TEXT NOT NULL,
  status          INTEGER,
  attempt         INTEGER NOT NULL DEFAULT 1,
  documents       INTEGER,
  exported        INTEGER,
  failed          INTEGER,
  duration_ms     INTEGER,
  bytes_out       INTEGER NOT NULL DEFAULT 0,
  bytes_in        INTEGER,
  idempotency_key TEXT,
  correlation_id  TEXT,
  problem         TEXT
) STRICT;

CREATE INDEX api_log_run ON api_log (run);
CREATE INDEX api_log_chunk ON api_log (chunk_id) WHERE chunk_id IS NOT NULL;
CREATE INDEX api_log_at ON api_log (at);

-- Bodies of the attempts, gzipped, without secrets, for `log_retention` days.
CREATE TABLE api_log_body (
  api_log  INTEGER PRIMARY KEY REFERENCES api_log (id),
  request  BLOB,
  response BLOB
) STRICT;

CREATE TABLE contact_link (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  contact         TEXT NOT NULL,
  tenant_id       TEXT NOT NULL,
  xero_contact_id TEXT NOT NULL,
  made_by         TEXT NOT NULL CHECK (made_by IN ('match', 'create', 'hand', 'merge')),
  since           TEXT NOT NULL,
  ended           TEXT
) STRICT;

CREATE UNIQUE INDEX contact_link_live ON contact_link (tenant_id, contact) WHERE ended IS NULL;
CREATE INDEX contact_link_xero ON contact_link (xero_contact_id, tenant_id);

CREATE TABLE external_ref (
  tenant_id  TEXT NOT NULL,
  kind       TEXT NOT NULL,
  source_id  TEXT NOT NULL,
  xero_id    TEXT NOT NULL,
  updated_at TEXT,
  PRIMARY KEY (tenant_id, kind, xero_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX external_ref_source ON external_ref (kind, source_id);

CREATE TABLE watermark (
  tenant_id TEXT NOT NULL,
  resource  TEXT NOT NULL,
  reached   TEXT,
  read_at   TEXT NOT NULL,
  PRIMARY KEY (tenant_id, resource)
) STRICT, WITHOUT ROWID;

CREATE TABLE adjustment (
  document     TEXT NOT NULL,
  tenant_id    TEXT NOT NULL,
  at           TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  reason       TEXT NOT NULL,
  PRIMARY KEY (document)
) STRICT;

CREATE TABLE finding (
  kind          TEXT NOT NULL,
  source_id     TEXT NOT NULL,
  entity        TEXT NOT NULL,
  position      INTEGER NOT NULL,
  number        TEXT NOT NULL,
  code          TEXT NOT NULL,
  severity      TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'information')),
  field         TEXT,
  message       TEXT NOT NULL,
  why           TEXT NOT NULL,
  fix           TEXT NOT NULL,
  xero_messages TEXT NOT NULL DEFAULT '[]',
  run           INTEGER,
  found_at      TEXT NOT NULL,
  PRIMARY KEY (kind, source_id, entity, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_run ON finding (run);

CREATE TABLE mirror_organisation (
  tenant_id             TEXT PRIMARY KEY NOT NULL,
  name                  TEXT NOT NULL,
  base_currency         TEXT NOT NULL,
  country_code          TEXT NOT NULL,
  timezone              TEXT NOT NULL,
  period_lock_date      TEXT,
  end_of_year_lock_date TEXT,
  short_code            TEXT,
  read_at               TEXT NOT NULL
) STRICT;

CREATE TABLE mirror_account (
  tenant_id       TEXT NOT NULL,
  account_id      TEXT NOT NULL,
  code            TEXT,
  name            TEXT NOT NULL,
  type            TEXT NOT NULL,
  class           TEXT NOT NULL,
  status          TEXT NOT NULL,
  system_account  TEXT,
  enable_payments INTEGER NOT NULL,
  tax_type        TEXT,
  read_at         TEXT NOT NULL,
  PRIMARY KEY (tenant_id, account_id)
) STRICT;

CREATE TABLE mirror_tax_rate (
  tenant_id             TEXT NOT NULL,
  tax_type              TEXT NOT NULL,
  name                  TEXT NOT NULL,
  status                TEXT NOT NULL,
  rate_e4               INTEGER NOT NULL,
  applies_to_assets     INTEGER NOT NULL,
  applies_to_equity     INTEGER NOT NULL,
  applies_to_expenses   INTEGER NOT NULL,
  applies_to_liabilities INTEGER NOT NULL,
  applies_to_revenue    INTEGER NOT NULL,
  read_at               TEXT NOT NULL,
  PRIMARY KEY (tenant_id, tax_type, name)
) STRICT;

CREATE TABLE mirror_tracking (
  tenant_id       TEXT NOT NULL,
  category_id     TEXT NOT NULL,
  category        TEXT NOT NULL,
  category_status TEXT NOT NULL,
  option_id       TEXT NOT NULL,
  option          TEXT NOT NULL,
  option_status   TEXT NOT NULL,
  read_at         TEXT NOT NULL,
  PRIMARY KEY (tenant_id, category_id, option_id)
) STRICT;

CREATE TABLE mirror_currency (
  tenant_id TEXT NOT NULL,
  code      TEXT NOT NULL,
  read_at   TEXT NOT NULL,
  PRIMARY KEY (tenant_id, code)
) STRICT;

CREATE TABLE mirror_contact (
  tenant_id      TEXT NOT NULL,
  contact_id     TEXT NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  contact_number TEXT,
  email          TEXT,
  phones         TEXT NOT NULL DEFAULT '[]',
  status         TEXT NOT NULL,
  merged_to      TEXT,
  updated_at     TEXT NOT NULL,
  read_at        TEXT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) STRICT;

CREATE INDEX mirror_contact_name ON mirror_contact (tenant_id, name_key);
CREATE INDEX mirror_contact_merged ON mirror_contact (tenant_id, contact_id) WHERE merged_to IS NOT NULL;
CREATE INDEX mirror_contact_number ON mirror_contact (tenant_id, contact_number) WHERE contact_number IS NOT NULL;

-- Append-only: every change of state, hold, release, link and setting; who and when.
CREATE TABLE event (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        TEXT NOT NULL,
  who       TEXT NOT NULL,
  run       INTEGER,
  entity    TEXT,
  kind      TEXT,
  source_id TEXT,
  what      TEXT NOT NULL,
  detail    TEXT
) STRICT;

CREATE INDEX event_source ON event (kind, source_id);

CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events are append-only'); END;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events are append-only'); END;

-- Per organisation: who is running. A takeover raises the generation; a process with an older one may not send.
CREATE TABLE run_lease (
  tenant_id    TEXT PRIMARY KEY NOT NULL,
  generation   INTEGER NOT NULL,
  held         INTEGER NOT NULL CHECK (held IN (0, 1)),
  holder       TEXT NOT NULL,
  host         TEXT NOT NULL,
  pid          INTEGER NOT NULL,
  acquired_at  TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL
) STRICT;
