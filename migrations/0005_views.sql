-- What a document still owes, and the source tables with decimals for people with a SQL browser.

CREATE VIEW document_balance AS
WITH settled AS (
  SELECT d.id AS document,
         d.total_cents,
         COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind <> 'discount'), 0) AS paid_cents,
         COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
                    WHERE a.document = d.id AND p.state <> 'deleted' AND p.kind = 'discount'), 0)
         + COALESCE((SELECT SUM(c.amount_cents) FROM credit_allocation AS c
                      WHERE CASE WHEN d.kind IN ('credit_note', 'supplier_credit') THEN c.credit ELSE c.document END = d.id), 0)
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

CREATE VIEW readable_document AS
SELECT d.id, d.entity, d.kind, d.number, d.contact, c.name AS contact_name, d.status, d.date, d.due_date, d.currency,
       d.exchange_rate_e6 / 1000000.0 AS exchange_rate, d.amounts, d.reference,
       printf('%.2f', d.subtotal_cents / 100.0) AS subtotal, printf('%.2f', d.tax_cents / 100.0) AS tax,
       printf('%.2f', d.total_cents / 100.0) AS total, printf('%.2f', b.due_cents / 100.0) AS due, b.state AS paid_state,
       e.state AS export_state, e.xero_number, e.xero_id
  FROM document AS d
  LEFT JOIN contact AS c ON c.code = d.contact
  LEFT JOIN document_balance AS b ON b.document = d.id
  LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity;

CREATE VIEW readable_document_line AS
SELECT document, position, kind, item, description, quantity_e4 / 10000.0 AS quantity, unit_price_e4 / 10000.0 AS unit_price,
       discount_percent_e4 / 10000.0 AS discount_percent, printf('%.2f', amount_cents / 100.0) AS amount, account, tax_code,
       printf('%.2f', tax_cents / 100.0) AS tax, tracking_1_category, tracking_1_option, tracking_2_category,
       tracking_2_option, supply, average_cost_e4 / 10000.0 AS average_cost, destination,
       quantity_received_e4 / 10000.0 AS quantity_received
  FROM document_line;

CREATE VIEW readable_document_balance AS
SELECT document, printf('%.2f', total_cents / 100.0) AS total, printf('%.2f', paid_cents / 100.0) AS paid,
       printf('%.2f', credited_cents / 100.0) AS credited, printf('%.2f', adjusted_cents / 100.0) AS adjusted,
       printf('%.2f', due_cents / 100.0) AS due, state
  FROM document_balance;

CREATE VIEW readable_payment AS
SELECT id, entity, contact, kind, method, account, date, printf('%.2f', amount_cents / 100.0) AS amount, currency,
       exchange_rate_e6 / 1000000.0 AS exchange_rate, reference, origin, state, deleted_at, deleted_by, refund_of
  FROM payment;

CREATE VIEW readable_payment_allocation AS
SELECT payment, document, printf('%.2f', amount_cents / 100.0) AS amount, date FROM payment_allocation;

CREATE VIEW readable_credit_allocation AS
SELECT credit, document, printf('%.2f', amount_cents / 100.0) AS amount, date, origin FROM credit_allocation;

CREATE VIEW readable_journal AS
SELECT j.id, j.entity, j.kind, j.date, j.narration, j.status, j.document, j.payment, l.position, l.account, l.description,
       printf('%.2f', l.amount_cents / 100.0) AS amount, l.tax_code, printf('%.2f', l.tax_cents / 100.0) AS tax, l.employee
  FROM journal AS j LEFT JOIN journal_line AS l ON l.journal = j.id;

CREATE VIEW readable_item AS
SELECT code, name, description, sale_price_e4 / 10000.0 AS sale_price, sale_account, sale_tax_code,
       purchase_price_e4 / 10000.0 AS purchase_price, purchase_account, purchase_tax_code, is_stocked,
       average_cost_e4 / 10000.0 AS average_cost
  FROM item;

CREATE VIEW readable_stock_movement AS
SELECT id, entity, item, date, kind, quantity_e4 / 10000.0 AS quantity, unit_cost_e4 / 10000.0 AS unit_cost, note
  FROM stock_movement;
