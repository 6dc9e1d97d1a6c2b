-- A ledger as the version before 0006_everything_out.sql left it: two sales invoices exported, one whose answer was lost, one that
-- waits, and rows of every other table. Written by that version against the sandbox; some rows of the mirror and the log left out.

INSERT INTO billing_entity (code, name, region, base_currency) VALUES
  ('NZ01', 'Harbour Print Ltd', 'NZ', NULL);
INSERT INTO contact (code, name, is_customer, is_supplier, active, email, phone, mobile, tax_number, currency, street_1, street_2, city, state, postcode, country, postal_street_1, postal_street_2, postal_city, postal_state, postal_postcode, postal_country, notes) VALUES
  ('C001', 'Customer 1', 1, 0, 1, 'accounts1@example.com', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('C002', 'Customer 2', 1, 0, 1, 'accounts2@example.com', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO contact_person (contact, position, first_name, last_name, email, include_in_emails) VALUES
  ('C001', 1, 'Kim', NULL, NULL, 0);
INSERT INTO item (code, name, description, sale_price_e4, sale_account, sale_tax_code, purchase_price_e4, purchase_account, purchase_tax_code, is_stocked, average_cost_e4) VALUES
  ('OIL', 'Oil', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL);
INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, currency, exchange_rate_e6, amounts, reference, vehicle_registration, po_number, job, employee, week_ending, recruiters, subtotal_cents, tax_cents, total_cents, url, source_document, updated_at) VALUES
  ('A', 'NZ01', 'invoice', 'INV-1', 'C001', 'sent', '2026-11-02', '2026-12-20', NULL, NULL, 'exclusive', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 1500, 11500, NULL, NULL, NULL),
  ('B', 'NZ01', 'invoice', 'INV-2', 'C002', 'sent', '2026-11-02', '2026-12-20', NULL, NULL, 'exclusive', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 1500, 11500, NULL, NULL, NULL),
  ('U', 'NZ01', 'invoice', 'INV-9', 'C001', 'sent', '2026-11-02', '2026-12-20', NULL, NULL, 'exclusive', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 1500, 11500, NULL, NULL, NULL),
  ('W', 'NZ01', 'invoice', 'INV-10', 'C001', 'sent', '2026-11-02', '2026-12-20', NULL, NULL, 'exclusive', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 1500, 11500, NULL, NULL, NULL),
  ('CN/1', 'NZ01', 'credit_note', 'CN-1', 'C001', 'draft', '2026-11-03', NULL, NULL, NULL, 'exclusive', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1000, 150, 1150, NULL, NULL, NULL);
INSERT INTO document_line (document, position, kind, item, description, quantity_e4, unit_price_e4, discount_percent_e4, amount_cents, account, tax_code, tax_cents, tracking_1_category, tracking_1_option, tracking_2_category, tracking_2_option, supply, average_cost_e4, destination, quantity_received_e4) VALUES
  ('A', 1, 'charge', NULL, 'Work 1', 10000, 1000000, NULL, 10000, '200', 'OUTPUT2', 1500, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('B', 1, 'charge', NULL, 'Work 1', 10000, 1000000, NULL, 10000, '200', 'OUTPUT2', 1500, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('U', 1, 'charge', NULL, 'Work 1', 10000, 1000000, NULL, 10000, '200', 'OUTPUT2', 1500, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('W', 1, 'charge', NULL, 'Work 1', 10000, 1000000, NULL, 10000, '200', 'OUTPUT2', 1500, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('CN/1', 1, 'charge', NULL, 'Credit', 10000, NULL, NULL, 1000, '200', 'OUTPUT2', 150, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO document_attachment (document, file, include_online) VALUES
  ('A', 'scans/job.txt', 0),
  ('CN/1', 'scans/50%.txt', 0);
INSERT INTO payment (id, entity, contact, kind, method, account, date, amount_cents, currency, exchange_rate_e6, reference, origin, state, deleted_at, deleted_by, refund_of) VALUES
  ('P/1', 'NZ01', NULL, 'payment', 'eftpos', NULL, '2026-11-04', 11500, NULL, NULL, NULL, 'ledger', 'received', NULL, NULL, NULL),
  ('DEP', 'NZ01', NULL, 'deposit', 'eftpos', NULL, '2026-11-04', 500, NULL, NULL, NULL, 'ledger', 'received', NULL, NULL, NULL),
  ('DIS', 'NZ01', NULL, 'discount', NULL, NULL, '2026-11-04', 115, NULL, NULL, NULL, 'ledger', 'received', NULL, NULL, NULL),
  ('REF', 'NZ01', NULL, 'refund', NULL, NULL, '2026-11-05', 100, NULL, NULL, NULL, 'ledger', 'received', NULL, NULL, 'DEP'),
  ('EXT', 'NZ01', NULL, 'payment', NULL, NULL, '2026-11-05', 1, NULL, NULL, NULL, 'external', 'received', NULL, NULL, NULL);
INSERT INTO payment_allocation (payment, document, amount_cents, date) VALUES
  ('P/1', 'A', 11500, NULL),
  ('DIS', 'B', 115, NULL),
  ('EXT', 'B', 1, NULL);
INSERT INTO credit_allocation (credit, document, amount_cents, date, origin) VALUES
  ('CN/1', 'B', 1150, NULL, 'ledger');
INSERT INTO journal (id, entity, kind, date, narration, status, document, payment) VALUES
  ('J1', 'NZ01', 'general', '2026-11-05', 'Accrual', 'draft', NULL, NULL);
INSERT INTO journal_line (journal, position, account, description, amount_cents, tax_code, tax_cents, tracking_1_category, tracking_1_option, tracking_2_category, tracking_2_option, employee) VALUES
  ('J1', 1, '400', NULL, 100, NULL, 0, NULL, NULL, NULL, NULL, NULL),
  ('J1', 2, '200', NULL, -100, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO stock_movement (id, entity, item, date, kind, quantity_e4, unit_cost_e4, note) VALUES
  ('M1', 'NZ01', 'OIL', '2026-11-05', 'adjustment', 10000, 0, NULL);
INSERT INTO setting (entity, name, value) VALUES
  ('NZ01', 'log_retention', '1');
INSERT INTO account_map (entity, account, xero_code) VALUES
  ('NZ01', 'SALES', '200');
INSERT INTO tax_code_map (entity, tax_code, sales_type, purchase_type) VALUES
  ('NZ01', 'GST', 'OUTPUT2', 'INPUT2');
INSERT INTO payment_method_map (entity, method, xero_account) VALUES
  ('NZ01', 'eftpos', '090');
INSERT INTO role_account (entity, role, account) VALUES
  ('NZ01', 'rounding', '860');
INSERT INTO ledger_identity (only, id, created_at) VALUES
  (1, '0b2fcc30-081b-4a3b-8141-6e080e5a98db', '2026-11-22T00:00:00.000Z');
INSERT INTO connection (entity, tenant_id, organisation_name, login, client_id, scopes, api_url, connected_at) VALUES
  ('NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'Demo Company (NZ)', 'custom', 'SANDBOX0CLIENT0ID', 'accounting.contacts accounting.invoices accounting.settings.read', 'http://127.0.0.1:44007', '2026-11-22T00:00:00.000Z');
-- Writing the source rows made things of them already.
DELETE FROM export_state;
INSERT INTO export_state (kind, source_id, entity, state, revision, sent_revision, queued, source_gone, tenant_id, xero_id, xero_number, xero_status, facts_hash, chunk, run, reason, changed_at) VALUES
  ('allocation', 'CN/1/B', 'NZ01', 'pending', 1, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('attachment', 'A/scans/job.txt', 'NZ01', 'pending', 1, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('attachment', 'CN/1/scans/50%.txt', 'NZ01', 'pending', 1, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('contact', 'C001', 'NZ01', 'exported', 2, 1, 1, 0, '099fef97-8baf-47dd-abbc-25ee95392a3f', '99bf5c0f-84d3-441d-a99a-d0b19918718c', 'C001', 'ACTIVE', '5c3979132ed2ed29de00d67cadd9391f1aaf74bea15beccfb5bbb4ab2c9bf915', 1, 1, NULL, '2026-11-22T00:00:00.000Z'),
  ('contact', 'C002', 'NZ01', 'exported', 1, 1, 0, 0, '099fef97-8baf-47dd-abbc-25ee95392a3f', '4dce63c8-62d6-401e-a100-a582b9f4e1ae', 'C002', 'ACTIVE', 'a1b7274e97011d1297b90fc822f54ac12765ace03a13a63074db4329b74d496c', 1, 1, NULL, '2026-11-22T00:00:00.000Z'),
  ('credit_note', 'CN/1', 'NZ01', 'pending', 2, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('invoice', 'A', 'NZ01', 'exported', 2, 2, 0, 0, '099fef97-8baf-47dd-abbc-25ee95392a3f', 'da951ee4-9d26-4d3c-a7eb-7a33d91276ed', 'INV-1', 'AUTHORISED', '594cc4f9a1a7f9d8e4c24f40abb08fc24f367f028401cbd633e36c9a9126e542', 2, 1, NULL, '2026-11-22T00:00:00.000Z'),
  ('invoice', 'B', 'NZ01', 'exported', 2, 2, 0, 0, '099fef97-8baf-47dd-abbc-25ee95392a3f', '3e735996-5020-4e27-a6fa-5fc8897cc0dd', 'INV-2', 'AUTHORISED', '3c171eac0d0b4c84c99aa188c2899de7074664dd5067e691507b69595279e001', 2, 1, NULL, '2026-11-22T00:00:00.000Z'),
  ('invoice', 'U', 'NZ01', 'uncertain', 2, NULL, 1, 0, '099fef97-8baf-47dd-abbc-25ee95392a3f', NULL, NULL, NULL, NULL, 3, 2, 'the answer was 500: An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.', '2026-11-22T00:00:11.000Z'),
  ('invoice', 'W', 'NZ01', 'pending', 2, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('journal', 'J1', 'NZ01', 'pending', 3, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('payment', 'DIS/B', 'NZ01', 'pending', 1, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('payment', 'P/1/A', 'NZ01', 'pending', 1, NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO batch_run (id, entity, tenant_id, organisation_name, verb, started_at, ended_at, state, kinds, calls, bytes_out, bytes_in, day_left, reason, who) VALUES
  (1, 'NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'Demo Company (NZ)', 'export', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', 'sent', '{"contact":{"exported":2,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"item":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"invoice":{"exported":2,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"bill":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"credit_note":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"supplier_credit":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"purchase_order":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"prepayment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"allocation":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"payment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"refund":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"journal":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"attachment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0}}', 8, 886, 35349, 4986, NULL, 'tester@test-machine'),
  (2, 'NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'Demo Company (NZ)', 'export', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:11.000Z', 'partial', '{"contact":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"item":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"invoice":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":1,"remaining":1},"bill":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"credit_note":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"supplier_credit":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"purchase_order":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"prepayment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"allocation":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"payment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"refund":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"journal":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0},"attachment":{"exported":0,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0}}', 10, 1077, 34264, 4976, NULL, 'tester@test-machine');
INSERT INTO chunk (id, run, entity, tenant_id, kind, operation, number, of, method, path, idempotency_key, body, body_hash, bytes, state, attempts, unknown_attempts, prepared_at, first_sent_at, last_ended_at, clock_offset_ms, settled_at) VALUES
  (1, 1, 'NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'contact', 'create', 1, 1, 'PUT', '/api.xro/2.0/Contacts?summarizeErrors=false', 'auxo-fa0f49fa-0c9c-4fa4-86b5-c442cfeb2d3b', NULL, 'eb3cce8c9e1676afba87c14ecdbd34d7396ed06d8493a1644431e7c9afd6771e', 182, 'settled', 1, 0, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', 0, '2026-11-22T00:00:00.000Z'),
  (2, 1, 'NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'invoice', 'create', 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 'auxo-6e563eb5-5ce6-4e1e-8472-1550434846f6', NULL, '264de0d154560ff98c62769452d5968dc530a4633d028d2d88a1d450c700a373', 704, 'settled', 1, 0, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', 0, '2026-11-22T00:00:00.000Z'),
  (3, 2, 'NZ01', '099fef97-8baf-47dd-abbc-25ee95392a3f', 'invoice', 'create', 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 'auxo-fb834139-96da-4b84-8244-30cd388d8d42', x'7b22496e766f69636573223a5b7b2254797065223a22414343524543222c22436f6e74616374223a7b22436f6e746163744944223a2239396266356330662d383464332d343431642d613939612d643062313939313837313863227d2c224c696e654974656d73223a5b7b224465736372697074696f6e223a22576f726b2031222c225175616e74697479223a312c22556e6974416d6f756e74223a3130302c224163636f756e74436f6465223a22323030222c2254617854797065223a224f555450555432222c22546178416d6f756e74223a31357d5d2c2244617465223a22323032362d31312d3032222c2244756544617465223a22323032362d31322d3230222c224c696e65416d6f756e745479706573223a224578636c7573697665222c22496e766f6963654e756d626572223a22494e562d39222c2243757272656e6379436f6465223a224e5a44222c22537461747573223a22415554484f5249534544227d5d7d', '41028655ce66dfd7afedd06baa7de4d6795b41c20cbd22275a1e664d288d4d77', 359, 'uncertain', 3, 3, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:11.000Z', 0, NULL);
INSERT INTO chunk_thing (chunk, position, kind, source_id, entity, revision, facts_hash, facts, outcome) VALUES
  (1, 0, 'contact', 'C001', 'NZ01', 1, '5c3979132ed2ed29de00d67cadd9391f1aaf74bea15beccfb5bbb4ab2c9bf915', '{"number":"C001","name":"Customer 1"}', 'exported'),
  (1, 1, 'contact', 'C002', 'NZ01', 1, 'a1b7274e97011d1297b90fc822f54ac12765ace03a13a63074db4329b74d496c', '{"number":"C002","name":"Customer 2"}', 'exported'),
  (2, 0, 'invoice', 'A', 'NZ01', 2, '594cc4f9a1a7f9d8e4c24f40abb08fc24f367f028401cbd633e36c9a9126e542', '{"type":"ACCREC","number":"INV-1","contactId":"99bf5c0f-84d3-441d-a99a-d0b19918718c","date":"2026-11-02","currency":"NZD","totalCents":11500,"taxCents":1500,"status":"AUTHORISED"}', 'exported'),
  (2, 1, 'invoice', 'B', 'NZ01', 2, '3c171eac0d0b4c84c99aa188c2899de7074664dd5067e691507b69595279e001', '{"type":"ACCREC","number":"INV-2","contactId":"4dce63c8-62d6-401e-a100-a582b9f4e1ae","date":"2026-11-02","currency":"NZD","totalCents":11500,"taxCents":1500,"status":"AUTHORISED"}', 'exported'),
  (3, 0, 'invoice', 'U', 'NZ01', 2, '9df0015a385fba8c50c547ea7e69113843504680cef37b4603a6ce0d46e0045f', '{"type":"ACCREC","number":"INV-9","contactId":"99bf5c0f-84d3-441d-a99a-d0b19918718c","date":"2026-11-02","currency":"NZD","totalCents":11500,"taxCents":1500,"status":"AUTHORISED"}', NULL);
INSERT INTO api_log (id, run, entity, at, kind, chunk_id, chunk, of, method, path, status, attempt, documents, exported, failed, duration_ms, bytes_out, bytes_in, idempotency_key, correlation_id, problem) VALUES
  (1, NULL, 'NZ01', '2026-11-22T00:00:00.000Z', 'token', NULL, NULL, NULL, 'POST', '/connect/token', 200, 1, NULL, NULL, NULL, 0, 100, 450, NULL, NULL, NULL),
  (17, 1, 'NZ01', '2026-11-22T00:00:00.000Z', 'contact', 1, 1, 1, 'PUT', '/api.xro/2.0/Contacts?summarizeErrors=false', 200, 1, 2, 2, 0, 0, 182, 1981, 'auxo-fa0f49fa-0c9c-4fa4-86b5-c442cfeb2d3b', '9a917a14-de39-427a-a3c3-529737077498', NULL),
  (18, 1, 'NZ01', '2026-11-22T00:00:00.000Z', 'invoice', 2, 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 200, 1, 2, 2, 0, 0, 704, 3885, 'auxo-6e563eb5-5ce6-4e1e-8472-1550434846f6', 'cf7d4568-358b-49b2-a166-c9bfccf814a1', NULL),
  (26, 2, 'NZ01', '2026-11-22T00:00:00.000Z', 'invoice', 3, 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 500, 1, 1, NULL, NULL, 0, 359, 178, 'auxo-fb834139-96da-4b84-8244-30cd388d8d42', 'f63627d5-6ce2-4112-aa2b-e2422a419679', 'the answer was 500: An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.'),
  (27, 2, 'NZ01', '2026-11-22T00:00:01.000Z', 'invoice', 3, 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 500, 2, 1, NULL, NULL, 0, 359, 178, 'auxo-fb834139-96da-4b84-8244-30cd388d8d42', '72f35a12-eb66-4626-abb3-b6b481ee1e20', 'the answer was 500: An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.'),
  (28, 2, 'NZ01', '2026-11-22T00:00:11.000Z', 'invoice', 3, 1, 1, 'PUT', '/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4', 500, 3, 1, NULL, NULL, 0, 359, 178, 'auxo-fb834139-96da-4b84-8244-30cd388d8d42', '60ae2ffd-0fee-4140-ac09-6e6719c76efd', 'the answer was 500: An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.'),
  (29, 2, 'NZ01', '2026-11-22T00:00:11.000Z', 'invoices', NULL, NULL, NULL, 'GET', '/api.xro/2.0/Invoices?page=1&pageSize=500', 200, 1, NULL, NULL, NULL, 0, 0, 2592, NULL, '9c1d6d37-3ccb-4c71-afb7-45a76caf3ea5', NULL);
INSERT INTO api_log_body (api_log, request, response) VALUES
  (29, NULL, x'1f8b0800000000000403ed54db6ee33610fd95609ebaa888e54dd737570e1aa385e3c6f216d8220f237294081b4b864405c906fef782929c4dd26d81a2409f62080667480e67cecc394fb0b290418265658cd6ccca4a316d62c950ea9269aa48976558563a8100b60eddd0430697bf40009baebdaf2d756bdc1364b0c5c696edc3d9e270800096e8a8a8f7b42b72c8e0a3377f10711a2a1e464270ce3f7c84000e785337e8eab681ecc95b049918ddb4adbf126421e79399b743e3c6cddad17eb6e431805573dfd6867ac8fe7882e2f1e05359e4f9d5790ecf9bab2564a02856619a462ce492334d32661855c8c2ca24491a1bc3adfd76653dec4bea2083d5fa139310c01555d451637c7c5f3c3eeea971fed9eb00f28e6cedd6ad1bf3b8f6d8d0e1d589cb7bea5e7b167b5fd272f0258b3080c9de606d21e327730a4c936b4b8d2bdabc6d1c1a075985773d05900f9dcfebf10add84deaa5fd6bdf1c1fdbdf9d405f6e75dd776fd4bcfc23934b7731df3c119cf85b51df5fda99eddc1a223ebdbb82bf2adebeae60632905c464c082665c179367e9f2180e7149f4ecbb103da1a8a944958246dc43417c45070ce304c6499569a04120430cf533ef4aedd5377e6d17f93cee6b66d4ea9cd8ffddcb5c3e1d48e09a20d757ddbccbe0bec3fe15d6dc7697b05c5719ad6bf14c5bf15350ff4cb4956611c47dcff7ef47fe3382f07f208bd892499e4cff0f848d3a997c1e258eae44db09f3a6c6cdddc14b7b4a7113f49aab265651829699956096718a984294a65a995262b3c7ecf2c5dec8a8bcbabd5f67c0901fc5a37348d98278927f1f983b91bfafadedff1bb2b47fb89464bea4d571f265ec2ef6df7e54c4000bba6765308c8842766810f33e32e77c56657f84e15f8f07c267cf9ec7c6761c6d1cc5beb992439f7dd9d7c6391a91089ae78c4344a64da48cb1039b1aa2a154a1e63a9fd33bf0dd8b8da3d8e92507468be8c13e9c978aa650a9726140bab995456311daa98218f887123532b4b11f10ae1781dc076288bd6e1dda934bf2ef00132cfcdd38e5fbfa6c2cb2e8ee2f6a68b2776cef5ae3f2fe118fcb350594c4341a4596a65c4b45586614c258b51299b0a1947f47742e5bbf42e54ff59a8d2b4ac42c32b96683f345a5886698accf252a4a948629198ef089547ff5da83cabdf85ea5f0b15a9086518454c71ae98e62661a813cd52c5adb684468ae4ff16aaebe39f5b93273c200a0000');
INSERT INTO contact_link (id, contact, tenant_id, xero_contact_id, made_by, since, ended) VALUES
  (1, 'C001', '099fef97-8baf-47dd-abbc-25ee95392a3f', '99bf5c0f-84d3-441d-a99a-d0b19918718c', 'create', '2026-11-22T00:00:00.000Z', NULL),
  (2, 'C002', '099fef97-8baf-47dd-abbc-25ee95392a3f', '4dce63c8-62d6-401e-a100-a582b9f4e1ae', 'create', '2026-11-22T00:00:00.000Z', NULL);
INSERT INTO watermark (tenant_id, resource, reached, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'contacts', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_organisation (tenant_id, name, base_currency, country_code, timezone, period_lock_date, end_of_year_lock_date, short_code, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'Demo Company (NZ)', 'NZD', 'NZ', 'NEWZEALANDSTANDARDTIME', NULL, NULL, '!717a7', '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_account (tenant_id, account_id, code, name, type, class, status, system_account, enable_payments, tax_type, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '007f0e74-2e6a-4c94-a61e-802bab83d436', '801', 'Unpaid Expense Claims', 'CURRLIAB', 'LIABILITY', 'ACTIVE', 'UNPAIDEXPCLM', 0, 'NONE', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '018e4ea1-4189-43eb-ab33-4a0ace4f72da', '850', 'Suspense', 'CURRLIAB', 'LIABILITY', 'ACTIVE', NULL, 0, 'NONE', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '027b235b-f401-4fdb-a00d-9089303fba3f', '489', 'Telephone & Internet', 'EXPENSE', 'EXPENSE', 'ACTIVE', NULL, 0, 'INPUT2', '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_tax_rate (tenant_id, tax_type, name, status, rate_e4, applies_to_assets, applies_to_equity, applies_to_expenses, applies_to_liabilities, applies_to_revenue, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'INPUT', '12.5% GST on Expenses', 'DELETED', 125000, 1, 1, 1, 1, 0, '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'OUTPUT', '12.5% GST on Income', 'DELETED', 125000, 1, 1, 0, 1, 1, '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'INPUT2', '15% GST on Expenses', 'ACTIVE', 150000, 1, 1, 1, 1, 0, '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_tracking (tenant_id, category_id, category, category_status, option_id, option, option_status, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '89e033b0-cfe8-4393-a824-68eeeb7cdb0a', 'Region', 'ACTIVE', '2ad063ae-b127-4eee-a174-088bf6ae8df4', 'North', 'ACTIVE', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '89e033b0-cfe8-4393-a824-68eeeb7cdb0a', 'Region', 'ACTIVE', '41af8207-2170-45c2-a90f-dac8ebf3612b', 'South', 'ACTIVE', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '89e033b0-cfe8-4393-a824-68eeeb7cdb0a', 'Region', 'ACTIVE', 'ecfd1091-3e63-4e32-acf6-f11a5575641e', 'East', 'ACTIVE', '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_currency (tenant_id, code, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'NZD', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'AUD', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 'USD', '2026-11-22T00:00:00.000Z');
INSERT INTO mirror_contact (tenant_id, contact_id, name, name_key, contact_number, email, phones, status, merged_to, updated_at, read_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '4dce63c8-62d6-401e-a100-a582b9f4e1ae', 'Customer 2', 'customer 2', 'C002', 'accounts2@example.com', '[]', 'ACTIVE', NULL, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z'),
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', '99bf5c0f-84d3-441d-a99a-d0b19918718c', 'Customer 1', 'customer 1', 'C001', 'accounts1@example.com', '[]', 'ACTIVE', NULL, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z');
INSERT INTO event (id, at, who, run, entity, kind, source_id, what, detail) VALUES
  (1, '2026-11-22T00:00:00.000Z', 'tester@test-machine', NULL, 'NZ01', NULL, NULL, 'connected', 'Demo Company (NZ) (099fef97-8baf-47dd-abbc-25ee95392a3f) at http://127.0.0.1:44007'),
  (2, '2026-11-22T00:00:00.000Z', 'auxo-sync', 1, 'NZ01', 'contact', 'C001', 'exported', '99bf5c0f-84d3-441d-a99a-d0b19918718c'),
  (3, '2026-11-22T00:00:00.000Z', 'auxo-sync', 1, 'NZ01', 'contact', 'C002', 'exported', '4dce63c8-62d6-401e-a100-a582b9f4e1ae'),
  (4, '2026-11-22T00:00:00.000Z', 'auxo-sync', 1, 'NZ01', 'invoice', 'A', 'exported', 'da951ee4-9d26-4d3c-a7eb-7a33d91276ed'),
  (5, '2026-11-22T00:00:00.000Z', 'auxo-sync', 1, 'NZ01', 'invoice', 'B', 'exported', '3e735996-5020-4e27-a6fa-5fc8897cc0dd');
INSERT INTO run_lease (tenant_id, generation, held, holder, host, pid, acquired_at, heartbeat_at) VALUES
  ('099fef97-8baf-47dd-abbc-25ee95392a3f', 3, 0, 'tester@test-machine', 'test-machine', 1004, '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:11.000Z');
INSERT INTO external_ref (tenant_id, kind, source_id, xero_id) SELECT tenant_id, 'payment', 'EXT', 'somebody-else-s-payment' FROM connection;
INSERT INTO adjustment (document, tenant_id, at, amount_cents, reason) SELECT 'B', tenant_id, connected_at, 5, 'Entered by hand' FROM connection;
INSERT INTO finding (kind, source_id, entity, position, number, code, severity, message, why, fix, xero_messages, found_at)
VALUES ('invoice', 'U', 'NZ01', 1, 'INV-9', 'outcome-uncertain', 'error', 'It is not known.', 'An answer was lost.', 'Wait.', '[]', '2026-11-22T00:00:00.000Z');
INSERT INTO summary (id, entity, kind, date, sequence) VALUES (1, 'NZ01', 'invoice', '2026-11-01', 1);
INSERT INTO summary_source (summary, kind, source_id, revision, amount_cents) VALUES (1, 'invoice', 'A', 1, 11500);
