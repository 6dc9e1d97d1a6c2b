-- Contacts both ways: what Xero says of each contact field by field, and what both sides said when they were last in step.

-- `card`: as accounting/contact-card.ts writes it; NULL until the contact was read again. Whether it is a customer or supplier is
-- Xero's own judgement, read back as a fact. `pending`: changed since it was last compared with the ledger.
ALTER TABLE mirror_contact ADD COLUMN card TEXT;
ALTER TABLE mirror_contact ADD COLUMN is_customer INTEGER CHECK (is_customer IS NULL OR is_customer IN (0, 1));
ALTER TABLE mirror_contact ADD COLUMN is_supplier INTEGER CHECK (is_supplier IS NULL OR is_supplier IN (0, 1));
ALTER TABLE mirror_contact ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1));

CREATE INDEX mirror_contact_pending ON mirror_contact (tenant_id, contact_id) WHERE pending = 1;

-- Of a linked contact: what the ledger and Xero said of it when they were last in step. A field that differs from it was changed
-- since, on that side. `xero` is NULL until Xero's own words are known.
CREATE TABLE contact_base (
  tenant_id TEXT NOT NULL,
  contact   TEXT NOT NULL,
  ledger    TEXT NOT NULL,
  xero      TEXT,
  synced_at TEXT NOT NULL,
  PRIMARY KEY (tenant_id, contact)
) STRICT, WITHOUT ROWID;

-- More is kept of contacts than before: they are read once more.
UPDATE watermark SET reached = NULL WHERE resource = 'contacts';

-- Changes of contacts that were linked without ever being sent are noticed from now on too.
INSERT INTO export_state (kind, source_id, entity, state, queued, tenant_id, xero_id)
SELECT 'contact', l.contact, c.entity, 'exported', 0, l.tenant_id, l.xero_contact_id
  FROM contact_link AS l JOIN connection AS c ON c.tenant_id = l.tenant_id
 WHERE l.ended IS NULL AND NOT EXISTS (
   SELECT 1 FROM export_state WHERE kind = 'contact' AND source_id = l.contact AND entity = c.entity);
