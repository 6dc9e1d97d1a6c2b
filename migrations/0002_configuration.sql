-- Configuration per entity: settings and the maps from the ledger's codes to Xero's. Also loadable as CSV.
-- Which settings there are, their defaults and their checks is accounting/settings.ts.

CREATE TABLE setting (
  entity TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  name   TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (entity, name)
) STRICT;

-- An account without a row is its own Xero code.
CREATE TABLE account_map (
  entity    TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  account   TEXT NOT NULL,
  xero_code TEXT NOT NULL,
  PRIMARY KEY (entity, account)
) STRICT;

-- One ledger tax code has two Xero types, one for sales and one for purchases (B5); both are case sensitive.
CREATE TABLE tax_code_map (
  entity        TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  tax_code      TEXT NOT NULL,
  sales_type    TEXT,
  purchase_type TEXT,
  PRIMARY KEY (entity, tax_code)
) STRICT;

CREATE TABLE payment_method_map (
  entity       TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  method       TEXT NOT NULL,
  xero_account TEXT NOT NULL,
  PRIMARY KEY (entity, method)
) STRICT;

CREATE TABLE role_account (
  entity  TEXT NOT NULL REFERENCES billing_entity (code) DEFERRABLE INITIALLY DEFERRED,
  role    TEXT NOT NULL
          CHECK (role IN ('clearing', 'bank_clearing', 'unapplied_payments', 'unapplied_deposits', 'prepayment', 'debtors',
                          'stock_on_hand', 'work_in_progress', 'cost_of_goods_sold', 'stock_adjustment', 'freight',
                          'discount', 'rounding', 'exchange_gain_loss')),
  account TEXT NOT NULL,
  PRIMARY KEY (entity, role)
) STRICT;
