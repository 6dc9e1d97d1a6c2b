-- The source tables: a public contract. Exporting systems write them with plain SQL; auxo-sync only reads them
-- (and `import` writes them on a person's behalf).
--
-- Foreign keys bind parts to their whole and things to their entity, and are deferred so that a transaction may load
-- in any order and may delete and reload. Which contact, item or account a thing names is judged by validation,
-- which can say what to do about it; a constraint could only refuse.

CREATE TABLE billing_entity (
  code          TEXT PRIMARY KEY NOT NULL CHECK (length(code) > 0),
  name          TEXT NOT NULL,
  region        TEXT NOT NULL CHECK (length(region) = 2),
  base_currency TEXT CHECK (base_currency IS NULL OR length(base_currency) = 3)
) STRICT;

CREATE TABLE contact (
  code            TEXT PRIMARY KEY NOT NULL CHECK (length(code) > 0),
  name            TEXT NOT NULL,
  is_customer     INTEGER NOT NULL DEFAULT 0 CHECK (is_customer IN (0, 1)),
  is_supplier     INTEGER NOT NULL DEFAULT 0 CHECK (is_supplier IN (0, 1)),
  active          INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  email           TEXT,
  phone           TEXT,
  mobile          TEXT,
  tax_number      TEXT,
  currency        TEXT CHECK (currency IS NULL OR length(currency) = 3),
  street_1        TEXT,
  street_2        TEXT,
  city            TEXT,
  state           TEXT,
  postcode        TEXT,
  country         TEXT,
  postal_street_1 TEXT,
  postal_street_2 TEXT,
  postal_city     TEXT,
  postal_state    TEXT,
  postal_postcode TEXT,
  postal_country  TEXT,
  notes           TEXT
) STRICT;

CREATE TABLE contact_person (
  contact           TEXT NOT NULL REFERENCES contact (code) DEFERRABLE INITIALLY DEFERRED,
  position          INTEGER NOT NULL,
  first_name        TEXT,
  last_name         TEXT,
  email             TEXT,
  include_in_emails INTEGER NOT NULL DEFAULT 0 CHECK (include_in_emails IN (0, 1)),
  PRIMARY KEY (contact, position)
) STRICT;

CREATE TABLE item (
  code              TEXT PRIMARY KEY NOT NULL CHECK (length(code) > 0),
  name              TEXT NOT NULL,
  description       TEXT,
  sale_price_e4     INTEGER,
  sale_account      TEXT,
  sale_tax_code     TEXT,
  purchase_price_e4 INTEGER,
  purchase_account  TEXT,
  purchase_tax_code TEXT,
  is_stocked        INTEGER NOT NULL DEFAULT 0 CHECK (is_stocked IN (0, 1)),
  average_cost_e4   INTEGER
) STRICT;

CREATE TABLE document (
  id                   TEXT PRIMARY KEY NOT NULL CHECK (length(id) > 0),
  entity               TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  kind                 TEXT NOT NULL CHECK (kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order')),
  number               TEXT NOT NULL DEFAULT '',
  contact              TEXT,
  status               TEXT NOT NULL CHECK (status IN ('draft', 'sent', 'void')),
  date                 TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  due_date             TEXT CHECK (due_date IS NULL OR due_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  currency             TEXT CHECK (currency IS NULL OR length(currency) = 3),
  exchange_rate_e6     INTEGER CHECK (exchange_rate_e6 IS NULL OR exchange_rate_e6 > 0),
  amounts              TEXT NOT NULL DEFAULT 'exclusive' CHECK (amounts IN ('exclusive', 'inclusive', 'no_tax')),
  reference            TEXT,
  vehicle_registration TEXT,
  po_number            TEXT,
  job                  TEXT,
  employee             TEXT,
  week_ending          TEXT,
  recruiters           TEXT,
  subtotal_cents       INTEGER NOT NULL,
  tax_cents            INTEGER NOT NULL,
  total_cents          INTEGER NOT NULL,
  url                  TEXT,
  source_document      TEXT,
  updated_at           TEXT
) STRICT;

CREATE INDEX document_number ON document (kind, UPPER(number));
CREATE INDEX document_date ON document (entity, kind, date);
CREATE INDEX document_contact ON document (contact);

CREATE TABLE document_line (
  document             TEXT NOT NULL REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
  position             INTEGER NOT NULL,
  kind                 TEXT NOT NULL DEFAULT 'charge'
                       CHECK (kind IN ('charge', 'part', 'labour', 'outwork', 'freight', 'discount', 'rounding', 'note')),
  item                 TEXT,
  description          TEXT,
  quantity_e4          INTEGER NOT NULL DEFAULT 10000,
  unit_price_e4        INTEGER,
  discount_percent_e4  INTEGER CHECK (discount_percent_e4 IS NULL OR discount_percent_e4 BETWEEN 0 AND 1000000),
  amount_cents         INTEGER NOT NULL DEFAULT 0,
  account              TEXT,
  tax_code             TEXT,
  tax_cents            INTEGER NOT NULL DEFAULT 0,
  tracking_1_category  TEXT,
  tracking_1_option    TEXT,
  tracking_2_category  TEXT,
  tracking_2_option    TEXT,
  supply               TEXT CHECK (supply IS NULL OR supply IN ('stocked', 'job_ordered', 'unstocked')),
  average_cost_e4      INTEGER,
  destination          TEXT CHECK (destination IS NULL OR destination IN ('stock', 'job')),
  quantity_received_e4 INTEGER,
  PRIMARY KEY (document, position)
) STRICT;

CREATE TABLE document_attachment (
  document       TEXT NOT NULL REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
  file           TEXT NOT NULL,
  include_online INTEGER NOT NULL DEFAULT 0 CHECK (include_online IN (0, 1)),
  PRIMARY KEY (document, file)
) STRICT;

CREATE TABLE payment (
  id               TEXT PRIMARY KEY NOT NULL CHECK (length(id) > 0),
  entity           TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  contact          TEXT,
  kind             TEXT NOT NULL CHECK (kind IN ('payment', 'deposit', 'discount', 'refund')),
  method           TEXT,
  account          TEXT,
  date             TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  amount_cents     INTEGER NOT NULL,
  currency         TEXT CHECK (currency IS NULL OR length(currency) = 3),
  exchange_rate_e6 INTEGER CHECK (exchange_rate_e6 IS NULL OR exchange_rate_e6 > 0),
  reference        TEXT,
  origin           TEXT NOT NULL DEFAULT 'ledger' CHECK (origin IN ('ledger', 'external')),
  state            TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'applied', 'deleted')),
  deleted_at       TEXT,
  deleted_by       TEXT CHECK (deleted_by IS NULL OR deleted_by IN ('ledger', 'xero')),
  refund_of        TEXT
) STRICT;

CREATE TABLE payment_allocation (
  payment      TEXT NOT NULL REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
  document     TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  date         TEXT CHECK (date IS NULL OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  PRIMARY KEY (payment, document)
) STRICT;

CREATE INDEX payment_allocation_document ON payment_allocation (document);

CREATE TABLE credit_allocation (
  credit       TEXT NOT NULL,
  document     TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  date         TEXT CHECK (date IS NULL OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  origin       TEXT NOT NULL DEFAULT 'ledger' CHECK (origin IN ('ledger', 'external')),
  PRIMARY KEY (credit, document)
) STRICT;

CREATE INDEX credit_allocation_document ON credit_allocation (document);

CREATE TABLE journal (
  id        TEXT PRIMARY KEY NOT NULL CHECK (length(id) > 0),
  entity    TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  kind      TEXT NOT NULL
            CHECK (kind IN ('general', 'stock_adjustment', 'pay_run', 'receipt', 'deposit', 'invoice_payment', 'invoice_deposit')),
  date      TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  narration TEXT,
  status    TEXT NOT NULL CHECK (status IN ('draft', 'posted', 'paid')),
  document  TEXT,
  payment   TEXT
) STRICT;

CREATE TABLE journal_line (
  journal             TEXT NOT NULL REFERENCES journal (id) DEFERRABLE INITIALLY DEFERRED,
  position            INTEGER NOT NULL,
  account             TEXT,
  description         TEXT,
  amount_cents        INTEGER NOT NULL,
  tax_code            TEXT,
  tax_cents           INTEGER NOT NULL DEFAULT 0,
  tracking_1_category TEXT,
  tracking_1_option   TEXT,
  tracking_2_category TEXT,
  tracking_2_option   TEXT,
  employee            TEXT,
  PRIMARY KEY (journal, position)
) STRICT;

CREATE TABLE stock_movement (
  id           TEXT PRIMARY KEY NOT NULL CHECK (length(id) > 0),
  entity       TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  item         TEXT NOT NULL,
  date         TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  kind         TEXT NOT NULL CHECK (kind IN ('adjustment', 'stocktake')),
  quantity_e4  INTEGER NOT NULL,
  unit_cost_e4 INTEGER NOT NULL DEFAULT 0,
  note         TEXT
) STRICT;
