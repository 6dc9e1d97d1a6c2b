-- What comes back from Xero: what its feeds said of payments, credits and documents (the mirror of money), and what follows of it
-- for the ledger's own rows without touching them.

-- As the feeds said it last. `pending`: not yet compared with the ledger, or waiting for a lost answer (2: asked for once more).
-- `updated_at` is Xero's, by which older data never overwrites newer; '' where Xero did not say.

CREATE TABLE mirror_payment (
  tenant_id    TEXT NOT NULL,
  payment_id   TEXT NOT NULL,
  status       TEXT NOT NULL,
  type         TEXT NOT NULL,
  target_id    TEXT,
  amount_cents INTEGER NOT NULL,
  date         TEXT,
  reference    TEXT,
  account      TEXT,
  updated_at   TEXT NOT NULL,
  read_at      TEXT NOT NULL,
  pending      INTEGER NOT NULL DEFAULT 1 CHECK (pending IN (0, 1)),
  PRIMARY KEY (tenant_id, payment_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_payment_target ON mirror_payment (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX mirror_payment_pending ON mirror_payment (tenant_id) WHERE pending = 1;

-- Credit notes, prepayments and overpayments. `allocations` is what stands in mirror_allocation, to see a change by.
CREATE TABLE mirror_credit (
  tenant_id       TEXT NOT NULL,
  credit_id       TEXT NOT NULL,
  kind            TEXT NOT NULL CHECK (kind IN ('credit_note', 'prepayment', 'overpayment')),
  type            TEXT NOT NULL,
  number          TEXT,
  reference       TEXT,
  status          TEXT NOT NULL,
  contact_id      TEXT NOT NULL,
  currency        TEXT NOT NULL,
  rate_e6         INTEGER,
  date            TEXT,
  total_cents     INTEGER NOT NULL,
  remaining_cents INTEGER NOT NULL,
  allocations     TEXT NOT NULL DEFAULT '[]',
  updated_at      TEXT NOT NULL,
  read_at         TEXT NOT NULL,
  pending         INTEGER NOT NULL DEFAULT 1 CHECK (pending IN (0, 1)),
  PRIMARY KEY (tenant_id, credit_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_credit_contact ON mirror_credit (contact_id);
CREATE INDEX mirror_credit_pending ON mirror_credit (tenant_id) WHERE pending = 1;

CREATE TABLE mirror_allocation (
  tenant_id    TEXT NOT NULL,
  credit_id    TEXT NOT NULL,
  position     INTEGER NOT NULL,
  invoice_id   TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  date         TEXT,
  PRIMARY KEY (tenant_id, credit_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_allocation_invoice ON mirror_allocation (invoice_id);

-- Invoices and bills. What is paid and credited is NULL where the feed did not say.
CREATE TABLE mirror_document (
  tenant_id      TEXT NOT NULL,
  document_id    TEXT NOT NULL,
  type           TEXT NOT NULL,
  number         TEXT,
  status         TEXT NOT NULL,
  total_cents    INTEGER NOT NULL,
  paid_cents     INTEGER,
  credited_cents INTEGER,
  due_cents      INTEGER,
  updated_at     TEXT NOT NULL,
  read_at        TEXT NOT NULL,
  pending        INTEGER NOT NULL DEFAULT 1 CHECK (pending IN (0, 1, 2)),
  PRIMARY KEY (tenant_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_document_pending ON mirror_document (tenant_id) WHERE pending > 0;

-- What Xero has of a part of the ledger's otherwise than the ledger says: of a payment, a journal that is one, or a credit, on a
-- document. 0: it was deleted or taken back there. A part that the ledger has not at all was made there by a person.
CREATE TABLE part_in_xero (
  kind       TEXT NOT NULL CHECK (kind IN ('payment', 'journal', 'credit')),
  source     TEXT NOT NULL,
  document   TEXT NOT NULL,
  live_cents INTEGER NOT NULL,
  cause      TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (kind, source, document)
) STRICT, WITHOUT ROWID;

CREATE INDEX part_in_xero_document ON part_in_xero (document);

ALTER TABLE batch_run ADD COLUMN pulled TEXT NOT NULL DEFAULT '{}';

-- What the feeds said of a thing is compared again once the ledger knows it by its id in Xero.

CREATE TRIGGER thing_known_in_xero AFTER UPDATE OF xero_id ON export_state
WHEN NEW.xero_id IS NOT NULL AND NEW.xero_id IS NOT OLD.xero_id
BEGIN
  UPDATE mirror_payment SET pending = 1 WHERE target_id = NEW.xero_id;
  UPDATE mirror_payment SET pending = 1 WHERE tenant_id = NEW.tenant_id AND payment_id = NEW.xero_id;
  UPDATE mirror_credit SET pending = 1 WHERE tenant_id = NEW.tenant_id AND credit_id = NEW.xero_id;
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT a.tenant_id, a.credit_id FROM mirror_allocation AS a WHERE a.invoice_id = NEW.xero_id);
  UPDATE mirror_document SET pending = 1 WHERE tenant_id = NEW.tenant_id AND document_id = NEW.xero_id;
END;

-- What we made there ourselves is known before a feed shows it, or hides that a person took it back: a row without a time, which
-- whatever Xero says of it replaces.

CREATE TRIGGER own_payment_in_xero AFTER UPDATE OF xero_id ON export_state
WHEN NEW.xero_id IS NOT NULL AND NEW.xero_id IS NOT OLD.xero_id AND NEW.tenant_id IS NOT NULL
     AND json_extract(NEW.facts, '$.channel') = 'payments'
BEGIN
  INSERT INTO mirror_payment (tenant_id, payment_id, status, type, target_id, amount_cents, date, updated_at, read_at, pending)
  VALUES (NEW.tenant_id, NEW.xero_id, 'AUTHORISED', '', json_extract(NEW.facts, '$.targetId'), json_extract(NEW.facts, '$.amountCents'),
          json_extract(NEW.facts, '$.date'), '', COALESCE(NEW.changed_at, ''), 0)
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER own_allocation_in_xero AFTER UPDATE OF xero_id ON export_state
WHEN NEW.xero_id IS NOT NULL AND NEW.xero_id IS NOT OLD.xero_id AND NEW.tenant_id IS NOT NULL
     AND json_extract(NEW.facts, '$.channel') = 'allocations'
BEGIN
  INSERT INTO mirror_credit (tenant_id, credit_id, kind, type, status, contact_id, currency, total_cents, remaining_cents, updated_at, read_at, pending)
  VALUES (NEW.tenant_id, json_extract(NEW.facts, '$.parentId'),
          CASE json_extract(NEW.facts, '$.endpoint') WHEN 'Prepayments' THEN 'prepayment' WHEN 'Overpayments' THEN 'overpayment' ELSE 'credit_note' END,
          '', 'AUTHORISED', '', '', 0, 0, '', COALESCE(NEW.changed_at, ''), 0)
  ON CONFLICT DO NOTHING;
  UPDATE mirror_credit
     SET allocations = json_insert(allocations, '$[#]', json_array(
           json_extract(NEW.facts, '$.invoiceId'), json_extract(NEW.facts, '$.amountCents'), json_extract(NEW.facts, '$.date')))
   WHERE tenant_id = NEW.tenant_id AND credit_id = json_extract(NEW.facts, '$.parentId')
     AND NOT EXISTS (
     SELECT 1 FROM mirror_allocation AS m
      WHERE m.tenant_id = NEW.tenant_id AND m.credit_id = json_extract(NEW.facts, '$.parentId')
        AND m.invoice_id = json_extract(NEW.facts, '$.invoiceId') AND m.amount_cents = json_extract(NEW.facts, '$.amountCents'));
  INSERT INTO mirror_allocation (tenant_id, credit_id, position, invoice_id, amount_cents, date)
  SELECT NEW.tenant_id, json_extract(NEW.facts, '$.parentId'),
         (SELECT COALESCE(MAX(m.position) + 1, 0) FROM mirror_allocation AS m
           WHERE m.tenant_id = NEW.tenant_id AND m.credit_id = json_extract(NEW.facts, '$.parentId')),
         json_extract(NEW.facts, '$.invoiceId'), json_extract(NEW.facts, '$.amountCents'), json_extract(NEW.facts, '$.date')
   WHERE NOT EXISTS (
     SELECT 1 FROM mirror_allocation AS m
      WHERE m.tenant_id = NEW.tenant_id AND m.credit_id = json_extract(NEW.facts, '$.parentId')
        AND m.invoice_id = json_extract(NEW.facts, '$.invoiceId') AND m.amount_cents = json_extract(NEW.facts, '$.amountCents'));
END;

CREATE TRIGGER deposits_of_linked_contact AFTER INSERT ON contact_link
BEGIN
  UPDATE mirror_credit SET pending = 1 WHERE contact_id = NEW.xero_contact_id AND kind <> 'credit_note';
END;

-- What an exporting system deletes or changes of what came from Xero comes again: it is not its own.

CREATE TRIGGER external_payment_deleted AFTER DELETE ON payment WHEN OLD.origin = 'external'
BEGIN
  UPDATE mirror_payment SET pending = 1
   WHERE (tenant_id, payment_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind IN ('payment', 'refund') AND source_id = OLD.id);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'payment' AND source_id = OLD.id);
END;

CREATE TRIGGER external_part_deleted AFTER DELETE ON payment_allocation
WHEN EXISTS (SELECT 1 FROM payment WHERE id = OLD.payment AND origin = 'external')
BEGIN
  UPDATE mirror_payment SET pending = 1
   WHERE (tenant_id, payment_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind IN ('payment', 'refund') AND source_id = OLD.payment);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'payment' AND source_id = OLD.payment);
END;

-- Where an exporting system says of its own what a person did in Xero before, its row takes the place of the one that came from there.
CREATE TRIGGER external_allocation_replaced BEFORE INSERT ON credit_allocation WHEN NEW.origin = 'ledger'
BEGIN
  DELETE FROM credit_allocation WHERE credit = NEW.credit AND document = NEW.document AND origin = 'external';
END;

-- And where it takes its row away again, what the person did is there by itself.
CREATE TRIGGER allocation_deleted_compared AFTER DELETE ON credit_allocation
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'credit_note' AND source_id = OLD.credit);
  UPDATE mirror_credit SET pending = 1
   WHERE credit_id IN (SELECT xero_id FROM export_state WHERE kind IN ('credit_note', 'supplier_credit', 'invoice', 'bill') AND source_id = OLD.credit);
END;

CREATE TRIGGER part_of_receipt_deleted AFTER DELETE ON payment_allocation
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE credit_id IN (SELECT xero_id FROM export_state WHERE kind = 'receipt' AND source_id = OLD.payment);
END;

CREATE TRIGGER part_of_receipt_moved AFTER UPDATE OF payment, document ON payment_allocation
WHEN OLD.payment <> NEW.payment OR OLD.document <> NEW.document
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE credit_id IN (SELECT xero_id FROM export_state WHERE kind = 'receipt' AND source_id = OLD.payment);
END;

CREATE TRIGGER external_payment_changed AFTER UPDATE ON payment WHEN OLD.origin = 'external'
BEGIN
  UPDATE mirror_payment SET pending = 1
   WHERE (tenant_id, payment_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind IN ('payment', 'refund') AND source_id = OLD.id);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'payment' AND source_id = OLD.id);
END;

CREATE TRIGGER external_part_changed AFTER UPDATE ON payment_allocation
WHEN EXISTS (SELECT 1 FROM payment WHERE id = OLD.payment AND origin = 'external')
BEGIN
  UPDATE mirror_payment SET pending = 1
   WHERE (tenant_id, payment_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind IN ('payment', 'refund') AND source_id = OLD.payment);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'payment' AND source_id = OLD.payment);
END;

CREATE TRIGGER allocation_changed_compared AFTER UPDATE ON credit_allocation
WHEN OLD.origin = 'external' OR OLD.credit <> NEW.credit OR OLD.document <> NEW.document
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'credit_note' AND source_id = OLD.credit);
  UPDATE mirror_credit SET pending = 1
   WHERE credit_id IN (SELECT xero_id FROM export_state WHERE kind IN ('credit_note', 'supplier_credit', 'invoice', 'bill') AND source_id = OLD.credit);
END;

-- Where people changed or voided a document in Xero, what that makes of its total goes by the ledger's own: it is looked at again
-- when that changes.

CREATE TRIGGER total_changed AFTER UPDATE OF total_cents ON document WHEN OLD.total_cents <> NEW.total_cents
BEGIN
  UPDATE mirror_document SET pending = 1
   WHERE (tenant_id, document_id) IN (
     SELECT e.tenant_id, e.xero_id FROM export_state AS e
      WHERE e.kind = NEW.kind AND e.source_id = NEW.id AND e.entity = NEW.entity AND e.xero_id IS NOT NULL)
     AND (status IN ('VOIDED', 'DELETED') OR total_cents <> abs(NEW.total_cents)
          OR EXISTS (SELECT 1 FROM adjustment AS a WHERE a.document = NEW.id));
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT e.tenant_id, e.xero_id FROM export_state AS e
      WHERE e.kind = NEW.kind AND e.source_id = NEW.id AND e.entity = NEW.entity AND e.xero_id IS NOT NULL)
     AND (status IN ('VOIDED', 'DELETED') OR total_cents <> abs(NEW.total_cents)
          OR EXISTS (SELECT 1 FROM adjustment AS a WHERE a.document = NEW.id));
END;

CREATE TRIGGER total_written_anew AFTER INSERT ON document
BEGIN
  UPDATE mirror_document SET pending = 1
   WHERE (tenant_id, document_id) IN (
     SELECT e.tenant_id, e.xero_id FROM export_state AS e
      WHERE e.kind = NEW.kind AND e.source_id = NEW.id AND e.entity = NEW.entity AND e.xero_id IS NOT NULL)
     AND (status IN ('VOIDED', 'DELETED') OR total_cents <> abs(NEW.total_cents)
          OR EXISTS (SELECT 1 FROM adjustment AS a WHERE a.document = NEW.id));
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT e.tenant_id, e.xero_id FROM export_state AS e
      WHERE e.kind = NEW.kind AND e.source_id = NEW.id AND e.entity = NEW.entity AND e.xero_id IS NOT NULL)
     AND (status IN ('VOIDED', 'DELETED') OR total_cents <> abs(NEW.total_cents)
          OR EXISTS (SELECT 1 FROM adjustment AS a WHERE a.document = NEW.id));
END;

-- What came from Xero and was written again by an exporting system as the ledger's own: found at once, however many there are.
CREATE INDEX payment_taken_over ON payment (id) WHERE origin = 'ledger' AND id >= 'xero:' AND id < 'xero;';

-- What a setting left out is looked at again once it lets it in.

CREATE TRIGGER payments_let_in AFTER INSERT ON setting WHEN NEW.name = 'payments'
BEGIN
  UPDATE mirror_payment SET pending = 1;
  UPDATE mirror_credit SET pending = 1;
END;

CREATE TRIGGER payments_let_in_again AFTER UPDATE ON setting WHEN NEW.name = 'payments' AND NEW.value <> OLD.value
BEGIN
  UPDATE mirror_payment SET pending = 1;
  UPDATE mirror_credit SET pending = 1;
END;

CREATE TRIGGER payments_let_in_by_default AFTER DELETE ON setting WHEN OLD.name = 'payments'
BEGIN
  UPDATE mirror_payment SET pending = 1;
  UPDATE mirror_credit SET pending = 1;
END;

-- A document's balance with what Xero has otherwise, and with journals of the ledger that are its payment (P2). An invoice or bill
-- below zero is a credit in Xero (I13): what is used or given back of it brings it up to nothing.

DROP VIEW document_balance;
CREATE VIEW document_balance AS
WITH settled AS (
  SELECT d.id AS document, d.status, d.total_cents, CASE WHEN d.total_cents < 0 THEN -1 ELSE 1 END AS sign,
         COALESCE((SELECT SUM(COALESCE(x.live_cents, a.amount_cents))
                     FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                     LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind <> 'discount'), 0)
         + COALESCE((SELECT SUM(COALESCE(x.live_cents, (SELECT SUM(l.amount_cents + l.tax_cents) FROM journal_line AS l
                                                         WHERE l.journal = j.id AND l.amount_cents > 0)))
                       FROM journal AS j LEFT JOIN part_in_xero AS x ON x.kind = 'journal' AND x.source = j.id AND x.document = j.document
                      WHERE j.document = d.id AND j.payment IS NULL AND j.kind IN ('invoice_payment', 'invoice_deposit')
                        AND j.status <> 'draft'), 0)
         + COALESCE((SELECT SUM(x.live_cents) FROM part_in_xero AS x
                      WHERE x.document = d.id AND x.kind = 'payment'
                        AND NOT EXISTS (SELECT 1 FROM payment_allocation AS a WHERE a.payment = x.source AND a.document = x.document)), 0)
           AS paid_cents,
         COALESCE((SELECT SUM(COALESCE(x.live_cents, a.amount_cents))
                     FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                     LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind = 'discount'), 0)
         + COALESCE((SELECT SUM(COALESCE(x.live_cents, c.amount_cents))
                       FROM credit_allocation AS c
                       LEFT JOIN part_in_xero AS x ON x.kind = 'credit' AND x.source = c.credit AND x.document = c.document
                      WHERE c.document = d.id AND d.kind NOT IN ('credit_note', 'supplier_credit') AND d.total_cents >= 0
                        AND NOT EXISTS (SELECT 1 FROM document AS v WHERE v.id = c.credit AND v.status = 'void')), 0)
         + COALESCE((SELECT SUM(COALESCE(x.live_cents, c.amount_cents))
                       FROM credit_allocation AS c
                       LEFT JOIN part_in_xero AS x ON x.kind = 'credit' AND x.source = c.credit AND x.document = c.document
                      WHERE c.credit = d.id AND (d.kind IN ('credit_note', 'supplier_credit') OR d.total_cents < 0)
                        AND NOT EXISTS (SELECT 1 FROM document AS v WHERE v.id = c.credit AND v.status = 'void')), 0)
           AS credited_cents,
         COALESCE((SELECT SUM(j.amount_cents) FROM adjustment AS j WHERE j.document = d.id), 0) AS adjusted_cents
    FROM document AS d
), owed AS (
  -- Nothing is owed on what is void.
  SELECT *, CASE status WHEN 'void' THEN 0 ELSE total_cents + adjusted_cents - sign * (paid_cents + credited_cents) END AS due_cents
    FROM settled
)
SELECT document, total_cents, paid_cents, credited_cents, adjusted_cents, due_cents,
       CASE WHEN sign * due_cents <= 0 THEN 'paid'
            WHEN paid_cents + credited_cents > 0 THEN 'part-paid'
            ELSE 'unpaid' END AS state
  FROM owed;
