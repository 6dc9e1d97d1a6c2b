-- What an exporting system takes away or moves is compared again by the key of the credit in Xero. Without the tenant each such
-- row read the whole mirror of credits.

DROP TRIGGER allocation_deleted_compared;
CREATE TRIGGER allocation_deleted_compared AFTER DELETE ON credit_allocation
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'credit_note' AND source_id = OLD.credit);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT tenant_id, xero_id FROM export_state
      WHERE kind IN ('credit_note', 'supplier_credit', 'invoice', 'bill') AND source_id = OLD.credit);
END;

DROP TRIGGER allocation_changed_compared;
CREATE TRIGGER allocation_changed_compared AFTER UPDATE ON credit_allocation
WHEN OLD.origin = 'external' OR OLD.credit <> NEW.credit OR OLD.document <> NEW.document
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (SELECT tenant_id, xero_id FROM external_ref WHERE kind = 'credit_note' AND source_id = OLD.credit);
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT tenant_id, xero_id FROM export_state
      WHERE kind IN ('credit_note', 'supplier_credit', 'invoice', 'bill') AND source_id = OLD.credit);
END;

DROP TRIGGER part_of_receipt_deleted;
CREATE TRIGGER part_of_receipt_deleted AFTER DELETE ON payment_allocation
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT tenant_id, xero_id FROM export_state WHERE kind = 'receipt' AND source_id = OLD.payment);
END;

DROP TRIGGER part_of_receipt_moved;
CREATE TRIGGER part_of_receipt_moved AFTER UPDATE OF payment, document ON payment_allocation
WHEN OLD.payment <> NEW.payment OR OLD.document <> NEW.document
BEGIN
  UPDATE mirror_credit SET pending = 1
   WHERE (tenant_id, credit_id) IN (
     SELECT tenant_id, xero_id FROM export_state WHERE kind = 'receipt' AND source_id = OLD.payment);
END;
