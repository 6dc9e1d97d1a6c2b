// Small ledgers with something of every kind in them: one whose sales go out as invoices, one whose sales go out as journals and
// daily summaries. What hangs on what is part of them.

import { contactsSql, documentSql, roleAccountsSql, settingSql } from './workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql, refundSql } from './workload-money.ts'
import { attachmentSql, itemSql, journalSql, payRunSql, stockMovementSql } from './workload-papers.ts'

/** Every kind of thing but summaries. `folder`: where the ledger is, for the attached file. */
export function everyKindSql(folder: string): string {
  return [
    'BEGIN;',
    settingSql('purchase_orders', 'purchase_orders'),
    settingSql('deposits', 'prepayment'),
    settingSql('remainders', 'overpayment'),
    settingSql('inventory_journals', 'on'),
    settingSql('history_notes', 'on'),
    roleAccountsSql(),
    contactsSql(2),
    itemSql({ code: 'PART', isStocked: true, averageCostE4: 70_000 }),
    ...documents,
    attachmentSql(folder, 'INV1', 'job.txt'),
    ...money,
    journalSql({
      id: 'J1',
      lines: [
        ['429', 4_000],
        ['850', -4_000],
      ],
    }),
    payRunSql('PAYRUN1'),
    stockMovementSql('S1', 'PART'),
    'COMMIT;',
  ].join('\n')
}

const documents: readonly string[] = [
  documentSql('invoice', {
    id: 'INV1',
    lines: [
      {
        kind: 'part',
        item: 'PART',
        supply: 'stocked',
        amount: 2_000,
        tax: 300,
        quantityE4: 20_000,
        unitPriceE4: 100_000,
      },
      { amount: 8_000, tax: 1_200 },
    ],
  }),
  documentSql('invoice', { id: 'INV2', contact: 'C002' }),
  documentSql('invoice', { id: 'INV3' }),
  documentSql('bill', { id: 'BILL1', contact: 'C002' }),
  documentSql('credit_note', { id: 'CN1', lines: [{ amount: 4_000, tax: 600 }] }),
  documentSql('supplier_credit', { id: 'SC1', contact: 'C002', lines: [{ amount: 2_000, tax: 300 }] }),
  documentSql('purchase_order', { id: 'PO1', contact: 'C002' }),
]

/** A payment with something over, a deposit with its invoice, a discount, and credits that are applied and given back. */
const money: readonly string[] = [
  paymentSql({ id: 'PAY1', amount: 13_000, applied: { INV3: 11_500 } }),
  paymentSql({ id: 'PAY2', contact: 'C002', applied: { BILL1: 5_000 } }),
  depositSql({ id: 'DEP1', contact: 'C002', amount: 6_000, applied: { INV2: 5_000 } }),
  discountSql({ id: 'DISC1', contact: 'C002', applied: { INV2: 230 } }),
  creditAllocationSql('CN1', 'INV1', 3_000),
  refundSql({ id: 'REF1', applied: { CN1: 1_600 } }),
  creditAllocationSql('SC1', 'BILL1', 2_300),
]

/** Sales as journals, summed up by day, receipts in two steps; purchases as ever. */
export function journalStyleSql(): string {
  return [
    'BEGIN;',
    settingSql('ar_style', 'journals'),
    settingSql('daily_summaries', 'invoice'),
    settingSql('receipts', 'clearing'),
    roleAccountsSql(),
    contactsSql(2),
    documentSql('invoice', { id: 'INV1' }),
    documentSql('invoice', { id: 'INV2', date: '2026-11-03', contact: 'C002' }),
    documentSql('invoice', { id: 'INV3', date: '2026-11-03' }),
    documentSql('credit_note', { id: 'CN1', lines: [{ amount: 4_000, tax: 600 }] }),
    documentSql('bill', { id: 'BILL1', contact: 'C002' }),
    paymentSql({ id: 'PAY1', applied: { INV1: 11_500 } }),
    paymentSql({ id: 'PAY2', contact: 'C002', applied: { BILL1: 5_000 } }),
    journalSql({
      id: 'J1',
      lines: [
        ['429', 4_000],
        ['850', -4_000],
      ],
    }),
    'COMMIT;',
  ].join('\n')
}
