import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeAll(() => {
  world = testLedger()
})
afterAll(() => world.close())

const invoice = (id: string, total: number) =>
  `INSERT INTO document (id, entity, kind, number, status, date, subtotal_cents, tax_cents, total_cents)
   VALUES ('${id}', 'NZ01', '${id.startsWith('C') ? 'credit_note' : id.startsWith('S') ? 'supplier_credit' : 'invoice'}',
           '${id}', 'sent', '2026-11-01', ${total}, 0, ${total});`
const paid = (document: string, amount: number, payment = '') =>
  `INSERT INTO payment (id, entity, kind, date, amount_cents, state, origin)
   SELECT 'P' || COUNT(*), 'NZ01', ${payment || "'payment'"}, '2026-11-02', ${amount}, 'applied', 'ledger' FROM payment;
   INSERT INTO payment_allocation (payment, document, amount_cents) SELECT 'P' || (COUNT(*) - 1), '${document}', ${amount} FROM payment;`
const credited = (credit: string, document: string, amount: number) =>
  `INSERT INTO credit_allocation (credit, document, amount_cents) VALUES ('${credit}', '${document}', ${amount});`
const adjusted = (document: string, amount: number) =>
  `INSERT INTO adjustment (document, tenant_id, at, amount_cents, reason) VALUES ('${document}', 't', 'now', ${amount}, 'edited');`

type Balance = [paid: number, credited: number, adjusted: number, due: number, state: string]
const cases: [title: string, sql: string, document: string, expected: Balance][] = [
  ['nothing paid', invoice('D', 115), 'D', [0, 0, 0, 115, 'unpaid']],
  ['part paid', invoice('D', 115) + paid('D', 100), 'D', [100, 0, 0, 15, 'part-paid']],
  ['paid', invoice('D', 115) + paid('D', 100) + paid('D', 15), 'D', [115, 0, 0, 0, 'paid']],
  ['paid too much', invoice('D', 115) + paid('D', 120), 'D', [120, 0, 0, -5, 'paid']],
  [
    'paid, and the payment deleted',
    `${invoice('D', 115)}${paid('D', 115)}UPDATE payment SET state = 'deleted';`,
    'D',
    [0, 0, 0, 115, 'unpaid'],
  ],
  [
    'paid by one that is deleted and one that is not',
    `${invoice('D', 115)}${paid('D', 100)}UPDATE payment SET state = 'deleted';${paid('D', 15)}`,
    'D',
    [15, 0, 0, 100, 'part-paid'],
  ],
  [
    'paid in Xero',
    `${invoice('D', 115)}${paid('D', 115)}UPDATE payment SET origin = 'external';`,
    'D',
    [115, 0, 0, 0, 'paid'],
  ],
  [
    'a receipt that is not applied yet but allocated',
    `${invoice('D', 115)}${paid('D', 50)}UPDATE payment SET state = 'received';`,
    'D',
    [50, 0, 0, 65, 'part-paid'],
  ],
  ['a discount', invoice('D', 115) + paid('D', 15, "'discount'"), 'D', [0, 15, 0, 100, 'part-paid']],
  [
    'a deleted discount',
    `${invoice('D', 115)}${paid('D', 15, "'discount'")}UPDATE payment SET state = 'deleted';`,
    'D',
    [0, 0, 0, 115, 'unpaid'],
  ],
  ['a deposit', invoice('D', 115) + paid('D', 15, "'deposit'"), 'D', [15, 0, 0, 100, 'part-paid']],
  [
    'credited',
    invoice('D', 115) + invoice('C', 50) + credited('C', 'D', 50),
    'D',
    [0, 50, 0, 65, 'part-paid'],
  ],
  ['a credit note of its own', invoice('C', 50), 'C', [0, 0, 0, 50, 'unpaid']],
  [
    'a credit note given to two invoices',
    invoice('C', 50) +
      invoice('D', 115) +
      invoice('E', 115) +
      credited('C', 'D', 20) +
      credited('C', 'E', 30),
    'C',
    [0, 50, 0, 0, 'paid'],
  ],
  [
    'a credit note refunded in part',
    invoice('C', 50) + paid('C', 20, "'refund'"),
    'C',
    [20, 0, 0, 30, 'part-paid'],
  ],
  [
    'a supplier credit',
    invoice('S', 50) + invoice('D', 60) + credited('S', 'D', 10),
    'S',
    [0, 10, 0, 40, 'part-paid'],
  ],
  ['raised in Xero', invoice('D', 115) + adjusted('D', 10), 'D', [0, 0, 10, 125, 'unpaid']],
  [
    'lowered in Xero after it was paid',
    invoice('D', 115) + paid('D', 105) + adjusted('D', -10),
    'D',
    [105, 0, -10, 0, 'paid'],
  ],
  ['of zero', invoice('D', 0), 'D', [0, 0, 0, 0, 'paid']],
  [
    'all at once',
    invoice('D', 1000) +
      invoice('C', 50) +
      paid('D', 100) +
      paid('D', 7, "'discount'") +
      credited('C', 'D', 50) +
      adjusted('D', 3),
    'D',
    [100, 57, 3, 846, 'part-paid'],
  ],
  [
    'two invoices of one receipt',
    `${invoice('D', 115)}${invoice('E', 20)}${paid('D', 15)}
    INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('P0', 'E', 20);`,
    'E',
    [20, 0, 0, 0, 'paid'],
  ],
]

describe('document_balance', () => {
  test.each(cases)('%s', (_title, sql, document, expected) => {
    world.exec('BEGIN')
    try {
      world.exec(sql)
      const row = world.row('SELECT * FROM document_balance WHERE document = ?', document)
      expect([
        row['paid_cents'],
        row['credited_cents'],
        row['adjusted_cents'],
        row['due_cents'],
        row['state'],
      ]).toEqual(expected)
      const due = Number(row['due_cents'])
      expect(
        world.row('SELECT due, state FROM readable_document_balance WHERE document = ?', document),
      ).toEqual({
        due: (due / 100).toFixed(2),
        state: row['state'],
      })
    } finally {
      world.exec('ROLLBACK')
    }
  })
})
