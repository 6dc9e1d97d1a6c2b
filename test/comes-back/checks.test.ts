// Each check of what came back, broken once: the model is worth what its checks see. The rows are written by hand, as a pull
// should have written them.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, invoiceSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'

let story: Story
let paymentId: string
let overpaymentId: string
let allocationId: string

/** 40.00 of I1 are paid by a person, 30.00 overpaid and 10.00 of it allocated to I1; P1 and an allocation are the ledger's own. */
beforeEach(async () => {
  story = await Story.begin(
    invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'I2' }) +
      documentSql('credit_note', { id: 'C1' }) +
      paymentSql({ id: 'P1', applied: { I2: 5_000 } }) +
      creditAllocationSql('C1', 'I2', 2_000),
  )
  paymentId = story.pay('I1', 4_000)
  overpaymentId = story.person(({ money }) =>
    money.overpay({ contactId: story.contactId('C001'), total: cents(3_000) }),
  ).id
  allocationId = story.allocate(overpaymentId, 'I1', 1_000)
  const tenant = story.world.sandbox.organisations[0]?.tenantId
  story.world.sql(`
    INSERT INTO payment (id, entity, contact, kind, date, amount_cents, origin, state) VALUES
      ('x1', 'NZ01', 'C001', 'payment', '2026-11-22', 4000, 'external', 'applied'),
      ('x2', 'NZ01', 'C001', 'payment', '2026-11-22', 3000, 'external', 'received');
    INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('x1', 'I1', 4000), ('x2', 'I1', 1000);
    INSERT INTO external_ref (tenant_id, kind, source_id, xero_id) VALUES
      ('${tenant}', 'payment', 'x1', '${paymentId}'), ('${tenant}', 'payment', 'x2', '${overpaymentId}');`)
})

afterEach(() => story.close())

const deleted = "state = 'deleted', deleted_by = 'xero', deleted_at = '2026-11-22'"
const columns = 'entity, contact, kind, date, amount_cents, origin, state'

/** What is written into a ledger that agrees, and what is then seen. */
const wrongRows: readonly (readonly [string, RegExp])[] = [
  [
    "DELETE FROM payment_allocation WHERE payment = 'x1'; DELETE FROM payment WHERE id = 'x1'",
    /payment of 4000 on I1 .* is not in the ledger/,
  ],
  [
    `INSERT INTO payment (id, ${columns}) SELECT 'x3', ${columns} FROM payment WHERE id = 'x1'`,
    /x3 of 4000 is nothing that a person made/,
  ],
  [
    `INSERT INTO payment (id, ${columns}) SELECT 'x3', ${columns} FROM payment WHERE id = 'x1';
     DROP TABLE external_ref; CREATE TABLE external_ref (kind, source_id, xero_id, tenant_id);
     INSERT INTO external_ref (kind, source_id, xero_id) SELECT 'payment', id, 'one' FROM payment WHERE origin = 'external'`,
    /is not in the ledger/,
  ],
  ["UPDATE payment SET amount_cents = 3999 WHERE id = 'x1'", /is 3999 in the ledger/],
  [
    "UPDATE payment_allocation SET amount_cents = 3999 WHERE payment = 'x1'",
    /I1 owes 6501 in the ledger and 6500 in Xero/,
  ],
  ["UPDATE payment SET date = '2026-11-01' WHERE id = 'x1'", /is of 2026-11-22 and of 2026-11-01/],
  ["UPDATE payment SET contact = 'C002' WHERE id = 'x2'", /is of C002 in the ledger and should be of C001/],
  [
    "DELETE FROM payment_allocation WHERE payment = 'x2'",
    /applied to I1 1000 in Xero, to nothing in the ledger/,
  ],
  [`UPDATE payment SET ${deleted} WHERE id = 'x1'`, /is live in Xero and deleted in the ledger/],
  [`UPDATE payment SET ${deleted} WHERE id = 'P1'`, /P1 is deleted in the ledger and lives in Xero/],
  [
    "UPDATE document SET reference = 'Xero' WHERE id = 'I1'",
    /document I1: reference was written as null and is Xero/,
  ],
  ["DELETE FROM credit_allocation WHERE credit = 'C1'", /credit_allocation C1\/I2 of the exporting system/],
  [
    "INSERT INTO payment (id, entity, kind, date, amount_cents) VALUES ('P9', 'NZ01', 'payment', '2026-11-22', 1)",
    /payment P9 was written by nobody/,
  ],
  [
    "INSERT INTO export_state (kind, source_id, entity) VALUES ('payment', 'x1/I1', 'NZ01')",
    /payment x1\/I1 came from Xero and is pending/,
  ],
]

test('rows as they should be break nothing, and each wrong one is seen', () => {
  expect(story.broken()).toEqual([])
  for (const [sql, sentence] of wrongRows) {
    const restore = story.world.backUp()
    story.world.sql(sql)
    expect(story.broken().join('\n'), sql).toMatch(sentence)
    restore()
  }
  expect(story.broken()).toEqual([])
})

test('a refund, a deletion, a total edited and a void that were not heard of are seen', () => {
  story.person(({ money }) => money.refund(overpaymentId, { amount: cents(500) }))
  expect(story.broken().join('\n')).toMatch(/overpayment of 3000 .* is 3000 in the ledger/)
  story.person((person) => person.editInvoiceTotal(story.xeroId('I1'), cents(20_000)))
  expect(story.broken().join('\n')).toMatch(/I1 comes to 11500 in the ledger and to 20000 in Xero/)
  story.deletePayment(paymentId)
  expect(story.broken().join('\n')).toMatch(/is deleted in Xero and applied in the ledger/)
  story.world.sql("UPDATE payment SET state = 'deleted' WHERE id = 'x1'")
  expect(story.broken().join('\n')).toMatch(/is deleted without date and cause/)
  story.deletePayment(story.xeroId('P1/I2'))
  expect(story.broken().join('\n')).toMatch(/P1 is deleted in Xero and received in the ledger/)
  const [note] = story.world.sandbox.creditNotes()
  story.removeAllocation(note?.id ?? '', note?.allocations[0]?.id ?? '')
  story.person(({ money }) => money.voidCreditNote(note?.id ?? ''))
  expect(story.broken().join('\n')).toMatch(/C1 comes to 11500 in the ledger and to 0 in Xero/)
  story.removeAllocation(overpaymentId, allocationId)
  story.world.sql(
    "DELETE FROM payment_allocation WHERE payment = 'x2'; UPDATE payment SET state = 'applied' WHERE id = 'x2'",
  )
  expect(story.broken().join('\n')).toMatch(/is applied and should be received/)
})
