-- Triggers that notice what is new or changed, so that finding work costs what changed and not what exists.
-- They never write `state`: they raise `revision` and queue the row. Core SQL of SQLite 3.37, and nothing that depends
-- on the writer's pragmas. UPDATE-then-INSERT instead of an upsert clause: the conflict policy of the statement that
-- fires a trigger (INSERT OR REPLACE) would override one. REPLACE fires no delete triggers by default, and needs none:
-- the insert trigger finds the row's state and raises its revision.

CREATE TRIGGER document_inserted AFTER INSERT ON document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = NEW.kind AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT NEW.kind, NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = NEW.kind AND source_id = NEW.id AND entity = NEW.entity);
  -- The same id under another kind or entity is another thing to Xero: the old one is gone from the ledger.
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE source_id = NEW.id AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND (kind <> NEW.kind OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER document_updated AFTER UPDATE ON document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = NEW.kind AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT NEW.kind, NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = NEW.kind AND source_id = NEW.id AND entity = NEW.entity);
  -- The same id under another kind or entity is another thing to Xero: the old one is gone from the ledger.
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE source_id = NEW.id AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND (kind <> NEW.kind OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER document_renamed AFTER UPDATE OF id ON document
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = OLD.kind AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER document_deleted AFTER DELETE ON document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = OLD.kind AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER document_line_inserted AFTER INSERT ON document_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE source_id = NEW.document AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND source_gone = 0;
END;

CREATE TRIGGER document_line_updated AFTER UPDATE ON document_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE source_id = NEW.document AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND source_gone = 0;
END;

CREATE TRIGGER document_line_moved AFTER UPDATE OF document ON document_line
WHEN OLD.document <> NEW.document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE source_id = OLD.document AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND source_gone = 0;
END;

CREATE TRIGGER document_line_deleted AFTER DELETE ON document_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE source_id = OLD.document AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order') AND source_gone = 0;
END;

-- Contacts and items have no entity: a row appears when one of them is first exported for an entity.

CREATE TRIGGER contact_inserted AFTER INSERT ON contact
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'contact' AND source_id = NEW.code;
END;

CREATE TRIGGER contact_updated AFTER UPDATE ON contact
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'contact' AND source_id = NEW.code;
END;

CREATE TRIGGER contact_deleted AFTER DELETE ON contact
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'contact' AND source_id = OLD.code;
END;

CREATE TRIGGER item_inserted AFTER INSERT ON item
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'item' AND source_id = NEW.code;
END;

CREATE TRIGGER item_updated AFTER UPDATE ON item
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'item' AND source_id = NEW.code;
END;

CREATE TRIGGER item_deleted AFTER DELETE ON item
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'item' AND source_id = OLD.code;
END;

CREATE TRIGGER contact_person_inserted AFTER INSERT ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'contact' AND source_id = NEW.contact;
END;

CREATE TRIGGER contact_person_updated AFTER UPDATE ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'contact' AND source_id = NEW.contact;
END;

CREATE TRIGGER contact_person_deleted AFTER DELETE ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'contact' AND source_id = OLD.contact;
END;

-- A journal; its lines.

CREATE TRIGGER journal_inserted AFTER INSERT ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'journal', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity);
END;

CREATE TRIGGER journal_updated AFTER UPDATE ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'journal', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity);
END;

CREATE TRIGGER journal_deleted AFTER DELETE ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'journal' AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER journal_line_inserted AFTER INSERT ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = NEW.journal;
END;

CREATE TRIGGER journal_line_updated AFTER UPDATE ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = NEW.journal;
END;

CREATE TRIGGER journal_line_deleted AFTER DELETE ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = OLD.journal;
END;

-- What goes out of a payment is one payment per document that it pays: `payment/document`. External ones never go out.

CREATE TRIGGER payment_inserted AFTER INSERT ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || a.document, p.entity
    FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
   WHERE p.id = NEW.id AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || a.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_inserted AFTER INSERT ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund') AND source_id = NEW.payment || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || a.document, p.entity
    FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
   WHERE a.payment = NEW.payment AND a.document = NEW.document AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || a.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_updated AFTER UPDATE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || a.document, p.entity
    FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
   WHERE p.id = NEW.id AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || a.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_updated AFTER UPDATE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund') AND source_id = NEW.payment || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || a.document, p.entity
    FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
   WHERE a.payment = NEW.payment AND a.document = NEW.document AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || a.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_deleted AFTER DELETE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund') AND source_id = OLD.payment || '/' || OLD.document;
END;

-- A credit's allocation to an invoice: `credit/document`.

CREATE TRIGGER credit_allocation_inserted AFTER INSERT ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'allocation' AND source_id = NEW.credit || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', NEW.credit || '/' || NEW.document, d.entity FROM document AS d
   WHERE d.id = NEW.credit AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = NEW.credit || '/' || NEW.document AND entity = d.entity);
END;

CREATE TRIGGER credit_allocation_updated AFTER UPDATE ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'allocation' AND source_id = NEW.credit || '/' || NEW.document;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', NEW.credit || '/' || NEW.document, d.entity FROM document AS d
   WHERE d.id = NEW.credit AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = NEW.credit || '/' || NEW.document AND entity = d.entity);
END;

CREATE TRIGGER credit_allocation_deleted AFTER DELETE ON credit_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'allocation' AND source_id = OLD.credit || '/' || OLD.document;
END;

-- A file of a document: `document/file`.

CREATE TRIGGER document_attachment_inserted AFTER INSERT ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'attachment' AND source_id = NEW.document || '/' || NEW.file;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', NEW.document || '/' || NEW.file, d.entity FROM document AS d
   WHERE d.id = NEW.document AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = NEW.document || '/' || NEW.file AND entity = d.entity);
END;

CREATE TRIGGER document_attachment_updated AFTER UPDATE ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'attachment' AND source_id = NEW.document || '/' || NEW.file;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', NEW.document || '/' || NEW.file, d.entity FROM document AS d
   WHERE d.id = NEW.document AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = NEW.document || '/' || NEW.file AND entity = d.entity);
END;

CREATE TRIGGER document_attachment_deleted AFTER DELETE ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'attachment' AND source_id = OLD.document || '/' || OLD.file;
END;
