// What writers do to payments, credits, files and stock: the things that are made of two ids, and those beside them.

import { documentColumns, testWriters, type WriterCase } from './test-triggers.ts'

const cases: WriterCase[] = [
  // Payments: a receipt, and one thing for each document that it pays
  [
    'payment changed',
    "UPDATE payment SET amount_cents = 1 WHERE id = 'P'",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised', 'receipt P': 'raised' },
  ],
  [
    'payment marked deleted',
    "UPDATE payment SET state = 'deleted' WHERE id = 'P'",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised', 'receipt P': 'raised' },
  ],
  [
    'payment replaced',
    "INSERT OR REPLACE INTO payment (id, entity, kind, date, amount_cents) VALUES ('P', 'NZ01', 'payment', '2026-11-04', 1)",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised', 'receipt P': 'raised' },
  ],
  [
    'payment upserted',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('P', 'NZ01', 'payment', '2026-11-04', 1)
     ON CONFLICT (id) DO UPDATE SET amount_cents = excluded.amount_cents`,
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised', 'receipt P': 'raised' },
  ],
  [
    'payment added, allocations first',
    `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('Q', 'D1', 5);
     INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('Q', 'NZ01', 'payment', '2026-11-04', 5)`,
    { 'payment Q/D1': 'new', 'receipt Q': 'new' },
  ],
  [
    'deposit that is applied to nothing yet',
    "INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('Q', 'NZ01', 'deposit', '2026-11-04', 5)",
    { 'receipt Q': 'new' },
  ],
  [
    'refund of a credit added',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('R', 'NZ01', 'refund', '2026-11-04', 5);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('R', 'C1', 5)`,
    { 'refund R/C1': 'new' },
  ],
  [
    'external payment',
    `INSERT INTO payment (id, entity, kind, date, amount_cents, origin) VALUES ('X', 'NZ01', 'payment', '2026-11-04', 5, 'external');
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('X', 'D1', 5);
     UPDATE payment SET amount_cents = 6 WHERE id = 'X'; UPDATE payment_allocation SET amount_cents = 6 WHERE payment = 'X'`,
    {},
  ],
  [
    'external refund and discount',
    `INSERT INTO payment (id, entity, kind, date, amount_cents, origin, refund_of) VALUES
       ('X', 'NZ01', 'refund', '2026-11-04', 5, 'external', 'P'), ('Y', 'NZ01', 'discount', '2026-11-04', 5, 'external', NULL);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('Y', 'D1', 5);
     UPDATE payment SET amount_cents = 6 WHERE id IN ('X', 'Y')`,
    {},
  ],
  [
    'allocation added',
    "INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('P', 'D9', 1)",
    { 'payment P/D9': 'new', 'receipt P': 'raised' },
  ],
  [
    'allocation changed',
    "UPDATE payment_allocation SET amount_cents = 1 WHERE payment = 'P' AND document = 'D1'",
    { 'payment P/D1': 'raised', 'receipt P': 'raised' },
  ],
  [
    'allocation removed',
    "DELETE FROM payment_allocation WHERE payment = 'P' AND document = 'D1'",
    { 'payment P/D1': 'gone', 'receipt P': 'raised' },
  ],
  [
    'allocation moved',
    "UPDATE payment_allocation SET document = 'D9' WHERE payment = 'P' AND document = 'D1'",
    { 'payment P/D1': 'gone', 'payment P/D9': 'new', 'receipt P': 'raised' },
  ],
  [
    'allocation moved to another payment',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('Q', 'NZ01', 'payment', '2026-11-04', 5);
     UPDATE payment_allocation SET payment = 'Q' WHERE payment = 'P' AND document = 'D1'`,
    { 'payment P/D1': 'gone', 'payment Q/D1': 'new', 'receipt P': 'raised', 'receipt Q': 'new' },
  ],
  [
    'payment deleted',
    "DELETE FROM payment_allocation WHERE payment = 'P'; DELETE FROM payment WHERE id = 'P'",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'receipt P': 'gone' },
  ],
  [
    'payment deleted, then its allocations touched',
    `DELETE FROM payment WHERE id = 'P'; UPDATE payment_allocation SET amount_cents = 1 WHERE payment = 'P' AND document = 'D1';
     DELETE FROM payment_allocation WHERE payment = 'P' AND document = 'D2'; DELETE FROM payment_allocation WHERE payment = 'P'`,
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'receipt P': 'gone' },
  ],
  [
    'payments deleted and loaded again',
    `DELETE FROM payment_allocation WHERE payment = 'P'; DELETE FROM payment WHERE id = 'P';
     INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('P', 'NZ01', 'payment', '2026-11-04', 100);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('P', 'D1', 60)`,
    { 'payment P/D1': 'raised', 'payment P/D2': 'gone', 'receipt P': 'raised' },
  ],
  [
    'payment of another kind',
    "UPDATE payment SET kind = 'refund' WHERE id = 'P'",
    {
      'payment P/D1': 'gone',
      'payment P/D2': 'gone',
      'receipt P': 'gone',
      'refund P/D1': 'new',
      'refund P/D2': 'new',
    },
  ],
  [
    'deposit is a payment too',
    "UPDATE payment SET kind = 'deposit' WHERE id = 'P'",
    { 'payment P/D1': 'raised', 'payment P/D2': 'raised', 'receipt P': 'raised' },
  ],
  [
    'payment of another entity',
    "UPDATE payment SET entity = 'AU01' WHERE id = 'P'",
    {
      'payment P/D1': 'gone',
      'payment P/D2': 'gone',
      'receipt P': 'gone',
      'payment P/D1 AU01': 'new',
      'payment P/D2 AU01': 'new',
      'receipt P AU01': 'new',
    },
  ],
  [
    'payment with another id',
    "UPDATE payment SET id = 'P2' WHERE id = 'P'; UPDATE payment_allocation SET payment = 'P2' WHERE payment = 'P'",
    {
      'payment P/D1': 'gone',
      'payment P/D2': 'gone',
      'receipt P': 'gone',
      'payment P2/D1': 'new',
      'payment P2/D2': 'new',
      'receipt P2': 'new',
    },
  ],
  [
    'payment deleted without its allocations',
    "DELETE FROM payment WHERE id = 'P'",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'receipt P': 'gone' },
    'leaves orphans',
  ],
  [
    'payment with another id without its allocations',
    "UPDATE payment SET id = 'P2' WHERE id = 'P'",
    { 'payment P/D1': 'gone', 'payment P/D2': 'gone', 'receipt P': 'gone', 'receipt P2': 'new' },
    'leaves orphans',
  ],
  // Payment discounts, which are credit notes (N4)
  [
    'discount added',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('Q', 'NZ01', 'discount', '2026-11-04', 5);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('Q', 'D2', 5)`,
    { 'discount Q/D2': 'new' },
  ],
  ['discount changed', "UPDATE payment SET amount_cents = 6 WHERE id = 'S'", { 'discount S/D1': 'raised' }],
  [
    'discount that turns out to be a payment',
    "UPDATE payment SET kind = 'payment' WHERE id = 'S'",
    { 'discount S/D1': 'gone', 'payment S/D1': 'new', 'receipt S': 'new' },
  ],
  [
    'payment that turns out to be a discount, and back',
    "UPDATE payment SET kind = 'discount' WHERE id = 'P'; UPDATE payment SET kind = 'payment' WHERE id = 'P'",
    {
      'payment P/D1': 'raised',
      'payment P/D2': 'raised',
      'receipt P': 'raised',
      'discount P/D1': 'gone',
      'discount P/D2': 'gone',
    },
  ],
  [
    'discount deleted',
    "DELETE FROM payment_allocation WHERE payment = 'S'; DELETE FROM payment WHERE id = 'S'",
    { 'discount S/D1': 'gone' },
  ],
  // Refunds of payments (P8): of what is left of one, whatever document there may be
  [
    'refund of a payment changed',
    "UPDATE payment SET amount_cents = 6 WHERE id = 'F'",
    { 'refund F/': 'raised' },
  ],
  ['refund of a payment deleted', "DELETE FROM payment WHERE id = 'F'", { 'refund F/': 'gone' }],
  [
    'refund of a payment with another id',
    "UPDATE payment SET id = 'G' WHERE id = 'F'",
    { 'refund F/': 'gone', 'refund G/': 'new' },
  ],
  [
    'refund that refunds a credit instead',
    `UPDATE payment SET refund_of = NULL WHERE id = 'F';
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('F', 'C1', 5)`,
    { 'refund F/': 'gone', 'refund F/C1': 'new' },
  ],
  [
    'refund that turns out to be a payment',
    "UPDATE payment SET kind = 'payment' WHERE id = 'F'",
    { 'refund F/': 'gone', 'receipt F': 'new' },
  ],
  [
    'refund of a payment replaced',
    `INSERT OR REPLACE INTO payment (id, entity, kind, date, amount_cents, refund_of)
     VALUES ('F', 'NZ01', 'refund', '2026-11-06', 5, 'P')`,
    { 'refund F/': 'raised' },
  ],
  [
    'refund of a payment of another entity',
    "UPDATE payment SET entity = 'AU01' WHERE id = 'F'",
    { 'refund F/': 'gone', 'refund F/ AU01': 'new' },
  ],
  // Allocations of credits
  [
    'credit allocation changed',
    'UPDATE credit_allocation SET amount_cents = 1',
    { 'allocation C1/D1': 'raised' },
  ],
  ['credit allocation removed', 'DELETE FROM credit_allocation', { 'allocation C1/D1': 'gone' }],
  [
    'credit allocation moved',
    "UPDATE credit_allocation SET document = 'D2'",
    { 'allocation C1/D1': 'gone', 'allocation C1/D2': 'new' },
  ],
  [
    'credit allocation replaced',
    "INSERT OR REPLACE INTO credit_allocation (credit, document, amount_cents) VALUES ('C1', 'D1', 1)",
    { 'allocation C1/D1': 'raised' },
  ],
  [
    'external credit allocation',
    "INSERT INTO credit_allocation (credit, document, amount_cents, origin) VALUES ('C1', 'D2', 1, 'external')",
    {},
  ],
  [
    'credit loaded after its allocation',
    `INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C2', 'D1', 1);
     INSERT INTO ${documentColumns} VALUES ('C2', 'NZ01', 'credit_note', 'CN-2', 'sent', '2026-11-01', 1, 0, 1)`,
    { 'credit_note C2': 'new', 'allocation C2/D1': 'new' },
  ],
  // Files
  [
    'file added',
    "INSERT INTO document_attachment (document, file) VALUES ('D2', 'b.pdf')",
    { 'attachment D2/b.pdf': 'new' },
  ],
  ['file changed', 'UPDATE document_attachment SET include_online = 1', { 'attachment D1/a.pdf': 'raised' }],
  ['file removed', 'DELETE FROM document_attachment', { 'attachment D1/a.pdf': 'gone' }],
  [
    'file of another name',
    "UPDATE document_attachment SET file = 'z.pdf'",
    { 'attachment D1/a.pdf': 'gone', 'attachment D1/z.pdf': 'new' },
  ],
  [
    'document loaded after its file',
    `INSERT INTO document_attachment (document, file) VALUES ('D4', 'd.pdf');
     INSERT INTO ${documentColumns} VALUES ('D4', 'NZ01', 'invoice', 'INV-4', 'sent', '2026-11-01', 1, 0, 1)`,
    { 'invoice D4': 'new', 'attachment D4/d.pdf': 'new' },
  ],
  // Stock movements
  [
    'stock movement added',
    "INSERT INTO stock_movement (id, entity, item, date, kind, quantity_e4) VALUES ('M2', 'NZ01', 'I', '2026-11-07', 'adjustment', 1)",
    { 'stock_movement M2': 'new' },
  ],
  ['stock movement changed', 'UPDATE stock_movement SET quantity_e4 = 2', { 'stock_movement M': 'raised' }],
  [
    'stock movement replaced',
    "INSERT OR REPLACE INTO stock_movement (id, entity, item, date, kind, quantity_e4) VALUES ('M', 'NZ01', 'I', '2026-11-07', 'stocktake', 2)",
    { 'stock_movement M': 'raised' },
  ],
  ['stock movement deleted', 'DELETE FROM stock_movement', { 'stock_movement M': 'gone' }],
  [
    'stock movement of another entity',
    "UPDATE stock_movement SET entity = 'AU01'",
    { 'stock_movement M': 'gone', 'stock_movement M AU01': 'new' },
  ],
  [
    'stock movement with another id',
    "UPDATE stock_movement SET id = 'M7'",
    { 'stock_movement M': 'gone', 'stock_movement M7': 'new' },
  ],
  // Ids of pairs: slashes and percent signs of the first half are written out
  [
    'payments whose ids would look alike',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('A/B', 'NZ01', 'payment', '2026-11-04', 1),
       ('A', 'NZ01', 'payment', '2026-11-04', 1), ('A%2FB', 'NZ01', 'payment', '2026-11-04', 1);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('A/B', 'C', 1), ('A', 'B/C', 1), ('A%2FB', 'C', 1)`,
    {
      'payment A%2FB/C': 'new',
      'payment A/B/C': 'new',
      'payment A%252FB/C': 'new',
      'receipt A': 'new',
      'receipt A/B': 'new',
      'receipt A%2FB': 'new',
    },
  ],
  [
    'of which one is deleted',
    `INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('A/B', 'NZ01', 'payment', '2026-11-04', 1), ('A', 'NZ01', 'payment', '2026-11-04', 1);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('A/B', 'C', 1), ('A', 'B/C', 1);
     DELETE FROM payment_allocation WHERE payment = 'A/B'; DELETE FROM payment WHERE id = 'A/B'`,
    { 'payment A%2FB/C': 'gone', 'payment A/B/C': 'new', 'receipt A': 'new', 'receipt A/B': 'gone' },
  ],
  [
    'refund and discount of such ids',
    `INSERT INTO payment (id, entity, kind, date, amount_cents, refund_of) VALUES
       ('R/1%', 'NZ01', 'refund', '2026-11-04', 1, 'P'), ('S/1%', 'NZ01', 'discount', '2026-11-04', 1, NULL);
     INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('S/1%', 'D/1%', 1);
     UPDATE payment SET id = 'R/2%' WHERE id = 'R/1%'`,
    { 'refund R%2F1%25/': 'gone', 'refund R%2F2%25/': 'new', 'discount S%2F1%25/D/1%': 'new' },
  ],
  [
    'credit of such an id',
    `INSERT INTO ${documentColumns} VALUES ('C/2', 'NZ01', 'credit_note', 'CN-2', 'sent', '2026-11-01', 1, 0, 1);
     INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('C/2', 'D/1', 1);
     UPDATE credit_allocation SET amount_cents = 2; DELETE FROM credit_allocation WHERE credit = 'C1'`,
    { 'credit_note C/2': 'new', 'allocation C%2F2/D/1': 'new', 'allocation C1/D1': 'gone' },
  ],
  [
    'files in folders, of a document with a slash in its id',
    `INSERT INTO ${documentColumns} VALUES ('D/4', 'NZ01', 'invoice', 'INV-4', 'sent', '2026-11-01', 1, 0, 1),
       ('D', 'NZ01', 'invoice', 'INV-5', 'sent', '2026-11-01', 1, 0, 1);
     INSERT INTO document_attachment (document, file) VALUES ('D/4', 'scans/50%.pdf'), ('D', '4/scans/50%.pdf'), ('D1', '/srv/x.pdf');
     UPDATE document_attachment SET file = 'scans/60%.pdf' WHERE document = 'D/4'`,
    {
      'invoice D/4': 'new',
      'invoice D': 'new',
      'attachment D%2F4/scans/50%.pdf': 'gone',
      'attachment D%2F4/scans/60%.pdf': 'new',
      'attachment D/4/scans/50%.pdf': 'new',
      'attachment D1//srv/x.pdf': 'new',
    },
  ],
]

testWriters(cases)
