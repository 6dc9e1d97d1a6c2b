-- Reference data that comes back: Xero's items with their quantities (R1), journals that people make in Xero, and journals that Xero
-- generates (R4). Read-only records: what of them the ledger takes over stands in its own tables.

-- Accounts and tax types are Xero's own. `pending`: changed since it was last compared with the ledger. `code_in_ledger` is the item
-- of the ledger that was made from this one and `taken_over` what was written into its row (ledger/mirror-items.ts): while the row
-- still says so it follows Xero, once the ledger changed it it is the ledger's own.
CREATE TABLE mirror_item (
  tenant_id           TEXT NOT NULL,
  item_id             TEXT NOT NULL,
  code                TEXT NOT NULL,
  name                TEXT,
  description         TEXT,
  sale_price_e4       INTEGER,
  sale_account        TEXT,
  sale_tax_type       TEXT,
  purchase_price_e4   INTEGER,
  purchase_account    TEXT,
  purchase_tax_type   TEXT,
  is_tracked          INTEGER NOT NULL CHECK (is_tracked IN (0, 1)),
  quantity_on_hand_e4 INTEGER,
  total_cost_cents    INTEGER,
  updated_at          TEXT NOT NULL,
  read_at             TEXT NOT NULL,
  pending             INTEGER NOT NULL DEFAULT 1 CHECK (pending IN (0, 1)),
  code_in_ledger      TEXT,
  taken_over          TEXT,
  PRIMARY KEY (tenant_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_item_pending ON mirror_item (tenant_id) WHERE pending = 1;
CREATE INDEX mirror_item_in_ledger ON mirror_item (code_in_ledger) WHERE code_in_ledger IS NOT NULL;
-- One code is one item to Xero, whatever its case.
CREATE INDEX item_code_nocase ON item (code COLLATE NOCASE);

-- What an exporting system deletes of what came from Xero comes again: it is not its own to delete.
CREATE TRIGGER item_taken_over_deleted AFTER DELETE ON item
BEGIN
  UPDATE mirror_item SET pending = 1 WHERE code_in_ledger = OLD.code;
END;

-- What came in for one entity is looked at again once another wants it.
CREATE TRIGGER items_let_in AFTER INSERT ON setting WHEN NEW.name = 'items_pull'
BEGIN
  UPDATE mirror_item SET pending = 1;
END;

CREATE TRIGGER items_let_in_later AFTER UPDATE ON setting WHEN NEW.name = 'items_pull'
BEGIN
  UPDATE mirror_item SET pending = 1;
END;

-- Manual journals of people in Xero; ours are not kept. Amounts as the ledger's own journals: debit above zero, without tax.
CREATE TABLE mirror_manual_journal (
  tenant_id  TEXT NOT NULL,
  journal_id TEXT NOT NULL,
  status     TEXT NOT NULL,
  narration  TEXT NOT NULL,
  date       TEXT,
  url        TEXT,
  updated_at TEXT NOT NULL,
  read_at    TEXT NOT NULL,
  PRIMARY KEY (tenant_id, journal_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_manual_journal_date ON mirror_manual_journal (tenant_id, date);

-- `account` is Xero's code, or its id where it has none; `tracking` a JSON list of {"category","option"}.
CREATE TABLE mirror_manual_journal_line (
  tenant_id    TEXT NOT NULL,
  journal_id   TEXT NOT NULL,
  position     INTEGER NOT NULL,
  account      TEXT,
  description  TEXT,
  amount_cents INTEGER NOT NULL,
  tax_type     TEXT,
  tax_cents    INTEGER NOT NULL,
  tracking     TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (tenant_id, journal_id, position)
) STRICT, WITHOUT ROWID;

-- Journals that Xero generates of everything that is posted, in the order of their numbers; they never change.
CREATE TABLE mirror_journal (
  tenant_id   TEXT NOT NULL,
  number      INTEGER NOT NULL,
  journal_id  TEXT NOT NULL,
  date        TEXT,
  created_at  TEXT NOT NULL,
  reference   TEXT,
  source_type TEXT,
  source_id   TEXT,
  read_at     TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_journal_date ON mirror_journal (tenant_id, date);

CREATE TABLE mirror_journal_line (
  tenant_id    TEXT NOT NULL,
  number       INTEGER NOT NULL,
  position     INTEGER NOT NULL,
  account      TEXT,
  account_name TEXT,
  description  TEXT,
  amount_cents INTEGER NOT NULL,
  tax_type     TEXT,
  tax_cents    INTEGER NOT NULL,
  tracking     TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (tenant_id, number, position)
) STRICT, WITHOUT ROWID;

CREATE VIEW readable_item_in_xero AS
SELECT tenant_id, code, name, description, sale_price_e4 / 10000.0 AS sale_price, sale_account, sale_tax_type,
       purchase_price_e4 / 10000.0 AS purchase_price, purchase_account, purchase_tax_type, is_tracked,
       quantity_on_hand_e4 / 10000.0 AS quantity_on_hand, printf('%.2f', total_cost_cents / 100.0) AS total_cost,
       code_in_ledger, updated_at, read_at
  FROM mirror_item;

-- What turned out to be ours after all is left out.
CREATE VIEW readable_manual_journal AS
SELECT m.tenant_id, m.journal_id, m.date, m.status, m.narration, m.url, l.position, l.account, l.description,
       printf('%.2f', l.amount_cents / 100.0) AS amount, l.tax_type, printf('%.2f', l.tax_cents / 100.0) AS tax, l.tracking
  FROM mirror_manual_journal AS m
  LEFT JOIN mirror_manual_journal_line AS l ON l.tenant_id = m.tenant_id AND l.journal_id = m.journal_id
 WHERE NOT EXISTS (SELECT 1 FROM export_state AS e WHERE e.xero_id = m.journal_id);

CREATE VIEW readable_generated_journal AS
SELECT m.tenant_id, m.number, m.date, m.reference, m.source_type, m.source_id, l.position, l.account, l.account_name,
       l.description, printf('%.2f', l.amount_cents / 100.0) AS amount, l.tax_type,
       printf('%.2f', l.tax_cents / 100.0) AS tax, l.tracking, m.created_at
  FROM mirror_journal AS m
  LEFT JOIN mirror_journal_line AS l ON l.tenant_id = m.tenant_id AND l.number = m.number;
