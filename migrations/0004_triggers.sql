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

-- What hangs on a document may be loaded before it: its thing needs the document's entity.
CREATE TRIGGER document_parts_queued AFTER INSERT ON document
BEGIN
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'allocation', a.credit || '/' || a.document, NEW.entity FROM credit_allocation AS a
   WHERE a.credit = NEW.id AND a.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'allocation' AND source_id = a.credit || '/' || a.document AND entity = NEW.entity);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'attachment', a.document || '/' || a.file, NEW.entity FROM document_attachment AS a
   WHERE a.document = NEW.id AND NOT EXISTS (
     SELECT 1 FROM export_state WHERE kind = 'attachment' AND source_id = a.document || '/' || a.file AND entity = NEW.entity);
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

CREATE TRIGGER contact_renamed AFTER UPDATE OF code ON contact
WHEN OLD.code <> NEW.code
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'contact' AND source_id = OLD.code;
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

CREATE TRIGGER item_renamed AFTER UPDATE OF code ON item
WHEN OLD.code <> NEW.code
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'item' AND source_id = OLD.code;
END;

CREATE TRIGGER item_deleted AFTER DELETE ON item
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'item' AND source_id = OLD.code;
END;

CREATE TRIGGER contact_person_inserted AFTER INSERT ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'contact' AND source_id = NEW.contact AND source_gone = 0;
END;

CREATE TRIGGER contact_person_updated AFTER UPDATE ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'contact' AND source_id = NEW.contact AND source_gone = 0;
END;

CREATE TRIGGER contact_person_moved AFTER UPDATE OF contact ON contact_person
WHEN OLD.contact <> NEW.contact
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'contact' AND source_id = OLD.contact AND source_gone = 0;
END;

CREATE TRIGGER contact_person_deleted AFTER DELETE ON contact_person
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'contact' AND source_id = OLD.contact AND source_gone = 0;
END;

-- A journal; its lines.

CREATE TRIGGER journal_inserted AFTER INSERT ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'journal', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'journal' AND source_id = NEW.id AND entity <> NEW.entity AND source_gone = 0;
END;

CREATE TRIGGER journal_updated AFTER UPDATE ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity;
  INSERT INTO export_state (kind, source_id, entity)
  SELECT 'journal', NEW.id, NEW.entity WHERE NOT EXISTS (
    SELECT 1 FROM export_state WHERE kind = 'journal' AND source_id = NEW.id AND entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'journal' AND source_id = NEW.id AND entity <> NEW.entity AND source_gone = 0;
END;

CREATE TRIGGER journal_renamed AFTER UPDATE OF id ON journal
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'journal' AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER journal_deleted AFTER DELETE ON journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'journal' AND source_id = OLD.id AND entity = OLD.entity;
END;

CREATE TRIGGER journal_line_inserted AFTER INSERT ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = NEW.journal AND source_gone = 0;
END;

CREATE TRIGGER journal_line_updated AFTER UPDATE ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = NEW.journal AND source_gone = 0;
END;

CREATE TRIGGER journal_line_moved AFTER UPDATE OF journal ON journal_line
WHEN OLD.journal <> NEW.journal
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = OLD.journal AND source_gone = 0;
END;

CREATE TRIGGER journal_line_deleted AFTER DELETE ON journal_line
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1
   WHERE kind = 'journal' AND source_id = OLD.journal AND source_gone = 0;
END;

-- What goes out of a payment is one payment per document that it pays: `payment/document`. External ones never go out.
-- Under another kind or entity it is another thing, and the old one is gone.

CREATE TRIGGER payment_inserted AFTER INSERT ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND entity = NEW.entity
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, NEW.id || '/' || a.document, NEW.entity
    FROM payment_allocation AS a
   WHERE a.payment = NEW.id AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = NEW.id || '/' || a.document AND e.entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id)
     AND (kind <> CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER payment_updated AFTER UPDATE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND entity = NEW.entity
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, NEW.id || '/' || a.document, NEW.entity
    FROM payment_allocation AS a
   WHERE a.payment = NEW.id AND NEW.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = NEW.id || '/' || a.document AND e.entity = NEW.entity);
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT NEW.id || '/' || document FROM payment_allocation WHERE payment = NEW.id)
     AND (kind <> CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END OR entity <> NEW.entity) AND source_gone = 0;
END;

CREATE TRIGGER payment_renamed AFTER UPDATE OF id ON payment
WHEN OLD.id <> NEW.id
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT OLD.id || '/' || document FROM payment_allocation WHERE payment = OLD.id);
END;

CREATE TRIGGER payment_deleted AFTER DELETE ON payment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund')
     AND source_id IN (SELECT OLD.id || '/' || document FROM payment_allocation WHERE payment = OLD.id);
END;

CREATE TRIGGER payment_allocation_inserted AFTER INSERT ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund') AND source_id = NEW.payment || '/' || NEW.document AND EXISTS (
     SELECT 1 FROM payment AS p
      WHERE p.id = NEW.payment AND export_state.entity = p.entity AND export_state.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || NEW.document, p.entity
    FROM payment AS p
   WHERE p.id = NEW.payment AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || NEW.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_updated AFTER UPDATE ON payment_allocation
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 0
   WHERE kind IN ('payment', 'refund') AND source_id = NEW.payment || '/' || NEW.document AND EXISTS (
     SELECT 1 FROM payment AS p
      WHERE p.id = NEW.payment AND export_state.entity = p.entity AND export_state.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END);
  INSERT INTO export_state (kind, source_id, entity)
  SELECT CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END, p.id || '/' || NEW.document, p.entity
    FROM payment AS p
   WHERE p.id = NEW.payment AND p.origin = 'ledger' AND NOT EXISTS (
     SELECT 1 FROM export_state AS e
      WHERE e.kind = CASE p.kind WHEN 'refund' THEN 'refund' ELSE 'payment' END AND e.source_id = p.id || '/' || NEW.document AND e.entity = p.entity);
END;

CREATE TRIGGER payment_allocation_moved AFTER UPDATE OF payment, document ON payment_allocation
WHEN OLD.payment <> NEW.payment OR OLD.document <> NEW.document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind IN ('payment', 'refund') AND source_id = OLD.payment || '/' || OLD.document;
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

CREATE TRIGGER credit_allocation_moved AFTER UPDATE OF credit, document ON credit_allocation
WHEN OLD.credit <> NEW.credit OR OLD.document <> NEW.document
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'allocation' AND source_id = OLD.credit || '/' || OLD.document;
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

CREATE TRIGGER document_attachment_moved AFTER UPDATE OF document, file ON document_attachment
WHEN OLD.document <> NEW.document OR OLD.file <> NEW.file
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'attachment' AND source_id = OLD.document || '/' || OLD.file;
END;

CREATE TRIGGER document_attachment_deleted AFTER DELETE ON document_attachment
BEGIN
  UPDATE export_state SET revision = revision + 1, queued = 1, source_gone = 1
   WHERE kind = 'attachment' AND source_id = OLD.document || '/' || OLD.file;
END;
