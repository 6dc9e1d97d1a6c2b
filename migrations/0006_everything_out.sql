-- Everything that goes out: what is remembered of each thing and call beyond invoices, the numbers and journals that are
-- made by auxo-sync itself, and triggers for the things that come of payments, stock and files.

-- `facts`: by what Xero can find the thing, as it was last left there.
-- `follow_up`: 1 exported and not yet looked at for what hangs on it (cost of goods, J2); 2 stays without for good.
ALTER TABLE export_state ADD COLUMN facts TEXT;
ALTER TABLE export_state ADD COLUMN follow_up INTEGER NOT NULL DEFAULT 0 CHECK (follow_up IN (0, 1, 2));
CREATE INDEX export_state_follow_up ON export_state (entity, kind) WHERE follow_up = 1;

UPDATE export_state SET facts = (SELECT t.facts FROM chunk_thing AS t
                                  WHERE t.chunk = export_state.chunk AND t.kind = export_state.kind
                                    AND t.source_id = export_state.source_id AND t.entity = export_state.entity)
 WHERE state = 'exported' AND chunk IS NOT NULL;

-- `channel`: the way on which a call went out (batch/channels.ts). `known_ids`: for kinds that carry no marker, what Xero had
-- before the call that looked alike (JSON list of Xero ids).
ALTER TABLE chunk ADD COLUMN channel TEXT NOT NULL DEFAULT 'sales_invoices';
-- How long after a lost answer Xero may still be storing it, by the settings of the entity that sent it.
ALTER TABLE chunk ADD COLUMN settle_window_ms INTEGER NOT NULL DEFAULT 360000;
ALTER TABLE chunk ADD COLUMN known_ids TEXT NOT NULL DEFAULT '[]';
UPDATE chunk SET channel = 'contacts' WHERE kind = 'contact';

-- Numbers that auxo-sync gives: `{invoice}-D{n}` of payment discounts (N4), `CN - {PO} - {n}` of supplier credits (B4). Given once and kept.
CREATE TABLE assigned_number (
  entity    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  source_id TEXT NOT NULL,
  parent    TEXT NOT NULL,
  sequence  INTEGER NOT NULL,
  number    TEXT NOT NULL,
  PRIMARY KEY (entity, kind, source_id),
  UNIQUE (entity, kind, parent, sequence)
) STRICT;

-- A journal for the cost of a part line (J2). What was sent is never changed: an edit or void adds reversals. What was never sent
-- is made anew with every run (`none`: it is not needed any more). The thing's id is `document/position/sequence`.
CREATE TABLE cogs_posting (
  entity   TEXT NOT NULL,
  document TEXT NOT NULL,
  position INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  date     TEXT NOT NULL,
  action   TEXT NOT NULL CHECK (action IN ('posting', 'reversal', 'none')),
  -- What is posted or reversed, and the journal, as JSON (mapping/cogs.ts).
  cost     TEXT NOT NULL,
  entry    TEXT NOT NULL,
  PRIMARY KEY (entity, document, position, sequence)
) STRICT;

-- The lines of a daily summary (J5), in the organisation's currency: debits +, credits -. One that was sent is never changed; one that
-- was never sent is made anew with every run, and has no narration and no lines where nothing is left of it.
ALTER TABLE summary ADD COLUMN narration TEXT NOT NULL DEFAULT '';
-- Its thing: `kind/date/sequence`.
ALTER TABLE summary ADD COLUMN thing TEXT NOT NULL DEFAULT '';
CREATE INDEX summary_thing ON summary (thing, entity);
CREATE TABLE summary_line (
  summary      INTEGER NOT NULL REFERENCES summary (id),
  position     INTEGER NOT NULL,
  account      TEXT,
  role         TEXT,
  description  TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  tax_code     TEXT,
  tax_type     TEXT,
  tax_cents    INTEGER NOT NULL DEFAULT 0,
  tracking     TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (summary, position)
) STRICT;
-- What a source was when it was summed up, as JSON, so that the next sequence can carry the difference alone; null where nothing of it
-- belongs to the day any more. `is_ended`: it was voided or deleted.
ALTER TABLE summary_source ADD COLUMN entry TEXT;
ALTER TABLE summary_source ADD COLUMN facts_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE summary_source ADD COLUMN is_ended INTEGER NOT NULL DEFAULT 0 CHECK (is_ended IN (0, 1));
CREATE INDEX summary_source_thing ON summary_source (kind, source_id);

-- Ids of things made of two ids are joined by a slash; a slash or percent sign within the first is written %2F and %25, so
-- that no two pairs look alike.

DROP TRIGGER document_parts_queued;
DROP TRIGGER payment_inserted;
DROP TRIGGER payment_updated;
DROP TRIGGER payment_renamed;
DROP TRIGGER payment_deleted;
DROP TRIGGER payment_allocation_inserted;
DROP TRIGGER payment_allocation_updated;
DROP TRIGGER payment_allocation_moved;
DROP TRIGGER payment_allocation_deleted;
DROP TRIGGER credit_allocation_inserted;
DROP TRIGGER credit_allocation_updated;
DROP TRIGGER credit_allocation_moved;
DROP TRIGGER credit_allocation_deleted;
DROP TRIGGER document_attachment_inserted;
DROP TRIGGER document_attachment_updated;
DROP TRIGGER document_attachment_moved;
DROP TRIGGER document_attachment_deleted;

CREATE TRIGGER document_parts_queued AFTER INSERT ON document
BEGIN
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', replace(replace(a.credit, '%', '%25'), '/', '%2F') || '/' || a.document, NEW.entity FROM credit_allocation AS a
   WHERE a.credit = NEW.id AND a.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = replace(replace(a.credit, '%', '%25'), '/', '%2F') || '/' || a.document AND entity = NEW.entity);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', replace(replace(a.document, '%', '%25'), '/', '%2F') || '/' || a.file, NEW.entity FROM document_attachment AS a
   WHERE a.document = NEW.id AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = replace(replace(a.document, '%', '%25'), '/', '%2F') || '/' || a.file AND entity = NEW.entity);
END;

CREATE TRIGGER payment_inserted AFTER INSERT ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND entity = NEW.entity
     AND source_id IN (SELECT replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END, replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || a.document, NEW.entity
    FROM payment_allocation AS a
   WHERE a.payment = NEW.id AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND e.source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || a.document AND e.entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount')
     AND source_id IN (SELECT replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = NEW.id)
     AND (kind <> CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER payment_updated AFTER UPDATE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND entity = NEW.entity
     AND source_id IN (SELECT replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END, replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || a.document, NEW.entity
    FROM payment_allocation AS a
   WHERE a.payment = NEW.id AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND e.source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || a.document AND e.entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount')
     AND source_id IN (SELECT replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = NEW.id)
     AND (kind <> CASE NEW.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER payment_renamed AFTER UPDATE OF id ON payment
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount')
     AND source_id IN (SELECT replace(replace(OLD.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = OLD.id);
END;

CREATE TRIGGER payment_deleted AFTER DELETE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount')
     AND source_id IN (SELECT replace(replace(OLD.id, '%', '%25'), '/', '%2F') || '/' || document FROM payment_allocation WHERE payment = OLD.id);
END;

CREATE TRIGGER payment_allocation_inserted AFTER INSERT ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund', 'discount') AND source_id = replace(replace(NEW.payment, '%', '%25'), '/', '%2F') || '/' || NEW.document AND EXISTS (
     SELECT 1 FROM payment AS p
      WHERE p.id = NEW.payment AND export_state.entity = p.entity AND export_state.kind = CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END, replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || NEW.document, p.entity
    FROM payment AS p
   WHERE p.id = NEW.payment AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND e.source_id = replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || NEW.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_updated AFTER UPDATE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund', 'discount') AND source_id = replace(replace(NEW.payment, '%', '%25'), '/', '%2F') || '/' || NEW.document AND EXISTS (
     SELECT 1 FROM payment AS p
      WHERE p.id = NEW.payment AND export_state.entity = p.entity AND export_state.kind = CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END, replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || NEW.document, p.entity
    FROM payment AS p
   WHERE p.id = NEW.payment AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END AND e.source_id = replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || NEW.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_moved AFTER UPDATE OF payment, document ON payment_allocation
WHEN OLD.payment <> NEW.payment OR OLD.document <> NEW.document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount') AND source_id = replace(replace(OLD.payment, '%', '%25'), '/', '%2F') || '/' || OLD.document;
END;

CREATE TRIGGER payment_allocation_deleted AFTER DELETE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund', 'discount') AND source_id = replace(replace(OLD.payment, '%', '%25'), '/', '%2F') || '/' || OLD.document;
END;

CREATE TRIGGER credit_allocation_inserted AFTER INSERT ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'allocation' AND source_id = replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document, d.entity FROM document AS d
   WHERE d.id = NEW.credit AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document AND entity = d.entity);
END;

CREATE TRIGGER credit_allocation_updated AFTER UPDATE ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'allocation' AND source_id = replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document, d.entity FROM document AS d
   WHERE d.id = NEW.credit AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = replace(replace(NEW.credit, '%', '%25'), '/', '%2F') || '/' || NEW.document AND entity = d.entity);
END;

CREATE TRIGGER credit_allocation_moved AFTER UPDATE OF credit, document ON credit_allocation
WHEN OLD.credit <> NEW.credit OR OLD.document <> NEW.document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'allocation' AND source_id = replace(replace(OLD.credit, '%', '%25'), '/', '%2F') || '/' || OLD.document;
END;

CREATE TRIGGER credit_allocation_deleted AFTER DELETE ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'allocation' AND source_id = replace(replace(OLD.credit, '%', '%25'), '/', '%2F') || '/' || OLD.document;
END;

CREATE TRIGGER document_attachment_inserted AFTER INSERT ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'attachment' AND source_id = replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file, d.entity FROM document AS d
   WHERE d.id = NEW.document AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file AND entity = d.entity);
END;

CREATE TRIGGER document_attachment_updated AFTER UPDATE ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'attachment' AND source_id = replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file, d.entity FROM document AS d
   WHERE d.id = NEW.document AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = replace(replace(NEW.document, '%', '%25'), '/', '%2F') || '/' || NEW.file AND entity = d.entity);
END;

CREATE TRIGGER document_attachment_moved AFTER UPDATE OF document, file ON document_attachment
WHEN OLD.document <> NEW.document OR OLD.file <> NEW.file
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'attachment' AND source_id = replace(replace(OLD.document, '%', '%25'), '/', '%2F') || '/' || OLD.file;
END;

CREATE TRIGGER document_attachment_deleted AFTER DELETE ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'attachment' AND source_id = replace(replace(OLD.document, '%', '%25'), '/', '%2F') || '/' || OLD.file;
END;

-- What a payment is by itself: a deposit, an overpayment or a receipt journal (`receipt`, the payment's id), and the refund of
-- another payment (`payment/`).

CREATE TRIGGER payment_receipt_inserted AFTER INSERT ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'receipt' AND source_id = NEW.id AND entity = NEW.entity AND NEW.kind IN ('payment', 'deposit');
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'receipt', NEW.id, NEW.entity WHERE NEW.kind IN ('payment', 'deposit') AND NEW.origin = 'ledger' AND NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'receipt' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND entity = NEW.entity AND NEW.kind = 'refund' AND NEW.refund_of IS NOT NULL;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'refund', replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/', NEW.entity
   WHERE NEW.kind = 'refund' AND NEW.refund_of IS NOT NULL AND NEW.origin = 'ledger' AND NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE (kind = 'receipt' AND source_id = NEW.id AND (entity <> NEW.entity OR NEW.kind NOT IN ('payment', 'deposit'))
       OR kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND (entity <> NEW.entity OR NEW.kind <> 'refund' OR NEW.refund_of IS NULL))
     AND source_gone = 0;
END;

CREATE TRIGGER payment_receipt_updated AFTER UPDATE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'receipt' AND source_id = NEW.id AND entity = NEW.entity AND NEW.kind IN ('payment', 'deposit');
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'receipt', NEW.id, NEW.entity WHERE NEW.kind IN ('payment', 'deposit') AND NEW.origin = 'ledger' AND NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'receipt' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND entity = NEW.entity AND NEW.kind = 'refund' AND NEW.refund_of IS NOT NULL;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'refund', replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/', NEW.entity
   WHERE NEW.kind = 'refund' AND NEW.refund_of IS NOT NULL AND NEW.origin = 'ledger' AND NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE (kind = 'receipt' AND source_id = NEW.id AND (entity <> NEW.entity OR NEW.kind NOT IN ('payment', 'deposit'))
       OR kind = 'refund' AND source_id = replace(replace(NEW.id, '%', '%25'), '/', '%2F') || '/' AND (entity <> NEW.entity OR NEW.kind <> 'refund' OR NEW.refund_of IS NULL))
     AND source_gone = 0;
END;

CREATE TRIGGER payment_receipt_deleted AFTER DELETE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'receipt' AND source_id = OLD.id OR kind = 'refund' AND source_id = replace(replace(OLD.id, '%', '%25'), '/', '%2F') || '/';
END;

CREATE TRIGGER payment_receipt_renamed AFTER UPDATE OF id ON payment
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'receipt' AND source_id = OLD.id OR kind = 'refund' AND source_id = replace(replace(OLD.id, '%', '%25'), '/', '%2F') || '/';
END;

-- What is left of a receipt changes with what it is applied to.
CREATE TRIGGER receipt_applied AFTER INSERT ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1 WHERE kind = 'receipt' AND source_id = NEW.payment;
  UPDATE export_state SET revision = revision + 1, queued = 1 WHERE kind = 'refund' AND source_id = replace(replace(NEW.payment, '%', '%25'), '/', '%2F') || '/';
END;

CREATE TRIGGER receipt_reapplied AFTER UPDATE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1 WHERE kind = 'receipt' AND source_id IN (NEW.payment, OLD.payment);
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'refund' AND source_id IN (replace(replace(NEW.payment, '%', '%25'), '/', '%2F') || '/', replace(replace(OLD.payment, '%', '%25'), '/', '%2F') || '/');
END;

CREATE TRIGGER receipt_unapplied AFTER DELETE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1 WHERE kind = 'receipt' AND source_id = OLD.payment;
  UPDATE export_state SET revision = revision + 1, queued = 1 WHERE kind = 'refund' AND source_id = replace(replace(OLD.payment, '%', '%25'), '/', '%2F') || '/';
END;

-- A stock movement (J3).

CREATE TRIGGER stock_movement_inserted AFTER INSERT ON stock_movement
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'stock_movement', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity <> NEW.entity AND source_gone = 0;
END;

CREATE TRIGGER stock_movement_updated AFTER UPDATE ON stock_movement
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'stock_movement', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'stock_movement' AND source_id = NEW.id AND entity <> NEW.entity AND source_gone = 0;
END;

CREATE TRIGGER stock_movement_renamed AFTER UPDATE OF id ON stock_movement
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'stock_movement' AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER stock_movement_deleted AFTER DELETE ON stock_movement
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'stock_movement' AND source_id = OLD.id AND entity = OLD.entity;
END;

-- An order that a bill stood for is looked at again when the bill is another, void or gone (B1).

CREATE TRIGGER order_named AFTER INSERT ON document WHEN NEW.source_document IS NOT NULL
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'purchase_order' AND source_id = NEW.source_document AND state IN ('pending', 'failed', 'skipped');
END;

CREATE TRIGGER order_renamed AFTER UPDATE ON document WHEN OLD.source_document IS NOT NULL OR NEW.source_document IS NOT NULL
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'purchase_order' AND source_id IN (OLD.source_document, NEW.source_document) AND state IN ('pending', 'failed', 'skipped');
END;

CREATE TRIGGER order_unnamed AFTER DELETE ON document WHEN OLD.source_document IS NOT NULL
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'purchase_order' AND source_id = OLD.source_document AND state IN ('pending', 'failed', 'skipped');
END;

-- Journals that a setting kept in the ledger (J7, P1) are looked at again once it is changed.

CREATE TRIGGER journals_left_out_queued AFTER INSERT ON setting
WHEN NEW.name IN ('only_invoices_and_payments', 'payments')
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'journal' AND entity = NEW.entity AND queued = 0 AND state IN ('pending', 'failed', 'skipped');
END;

CREATE TRIGGER journals_left_out_changed AFTER UPDATE ON setting
WHEN NEW.name IN ('only_invoices_and_payments', 'payments')
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'journal' AND entity = NEW.entity AND queued = 0 AND state IN ('pending', 'failed', 'skipped');
END;

CREATE TRIGGER journals_left_out_forgotten AFTER DELETE ON setting
WHEN OLD.name IN ('only_invoices_and_payments', 'payments')
BEGIN
  UPDATE export_state SET queued = 1
   WHERE kind = 'journal' AND entity = OLD.entity AND queued = 0 AND state IN ('pending', 'failed', 'skipped');
END;

-- What is in the ledger already. Nothing of these kinds was ever sent before this migration.

DELETE FROM export_state WHERE kind IN ('payment', 'refund', 'allocation', 'attachment');

INSERT INTO export_state (kind, source_id, entity)
SELECT CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END, replace(replace(p.id, '%', '%25'), '/', '%2F') || '/' || a.document, p.entity
  FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id WHERE p.origin = 'ledger';
INSERT INTO export_state (kind, source_id, entity)
SELECT 'receipt', p.id, p.entity FROM payment AS p WHERE p.kind IN ('payment', 'deposit') AND p.origin = 'ledger';
INSERT INTO export_state (kind, source_id, entity)
SELECT 'refund', replace(replace(p.id, '%', '%25'), '/', '%2F') || '/', p.entity FROM payment AS p
 WHERE p.kind = 'refund' AND p.refund_of IS NOT NULL AND p.origin = 'ledger';
INSERT INTO export_state (kind, source_id, entity)
SELECT 'allocation', replace(replace(a.credit, '%', '%25'), '/', '%2F') || '/' || a.document, d.entity
  FROM credit_allocation AS a JOIN document AS d ON d.id = a.credit WHERE a.origin = 'ledger';
INSERT INTO export_state (kind, source_id, entity)
SELECT 'attachment', replace(replace(a.document, '%', '%25'), '/', '%2F') || '/' || a.file, d.entity
  FROM document_attachment AS a JOIN document AS d ON d.id = a.document;
INSERT INTO export_state (kind, source_id, entity)
SELECT 'stock_movement', m.id, m.entity FROM stock_movement AS m;

-- Bills and credits of an order are looked for by it (B1, B4).
CREATE INDEX document_source ON document (source_document) WHERE source_document IS NOT NULL;
-- The journals that post a payment or a document (P2).
CREATE INDEX journal_payment ON journal (payment) WHERE payment IS NOT NULL;
CREATE INDEX journal_document ON journal (document) WHERE document IS NOT NULL;
-- The refunds of a payment (P8).
CREATE INDEX payment_refund_of ON payment (refund_of) WHERE refund_of IS NOT NULL;

-- A credit that is void takes nothing off what it was applied to.
DROP VIEW document_balance;
CREATE VIEW document_balance AS
WITH settled AS (
  SELECT d.id AS document,
         d.total_cents,
         COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind <> 'discount'), 0) AS paid_cents,
         COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind = 'discount'), 0)
         + COALESCE((SELECT SUM(c.amount_cents) FROM credit_allocation AS c
                      WHERE NOT EXISTS (SELECT 1 FROM document AS v WHERE v.id = c.credit AND v.status = 'void')
                        AND CASE WHEN d.kind IN ('credit_note', 'supplier_credit') THEN c.credit ELSE c.document END = d.id), 0)
           AS credited_cents,
         COALESCE((SELECT SUM(j.amount_cents) FROM adjustment AS j WHERE j.document = d.id), 0) AS adjusted_cents
    FROM document AS d
)
SELECT document, total_cents, paid_cents, credited_cents, adjusted_cents,
       total_cents + adjusted_cents - paid_cents - credited_cents AS due_cents,
       CASE WHEN total_cents + adjusted_cents - paid_cents - credited_cents <= 0 THEN 'paid'
            WHEN paid_cents + credited_cents > 0 THEN 'part-paid'
            ELSE 'unpaid' END AS state
  FROM settled;
