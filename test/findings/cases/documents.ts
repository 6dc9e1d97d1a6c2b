// Findings about documents as a whole: numbers, dates, totals, texts, orders, and what was changed after it was exported.

import type { LineSpec } from '../../support/workload.ts'
import { foreseen, inOldBooks } from '../fixture.ts'
import { aDocument, after, anInvoice, changed, document } from '../rows.ts'

const one = (amount: number, tax = 0): { lines: LineSpec[]; taxCode?: string } => ({
  lines: [{ amount, tax }],
  ...(tax === 0 ? { taxCode: 'NONE' } : {}),
})

/** So many lines with the longest description that Xero takes. */
const longLines = (count: number): { lines: LineSpec[] } => ({
  lines: Array.from({ length: count }, () => ({ amount: 100, tax: 15, description: 'x'.repeat(4_000) })),
})

const parts = (quantityE4: number): LineSpec[] => [
  {
    item: 'PUMP',
    description: 'Pump',
    quantityE4,
    unitPriceE4: 500_000,
    amount: quantityE4 / 200,
    tax: Math.round((quantityE4 / 200) * 0.15),
  },
]

const order = (id: string) => document('purchase_order', id, { lines: parts(20_000) })

export const documents = {
  'number-duplicate': foreseen(
    after(
      document('invoice', 'INV-3001'),
      anInvoice('INV-3001-B', 'the number of another invoice, in other case', { number: 'inv-3001' }),
    ),
    after(
      document('credit_note', 'CN-3002'),
      anInvoice('INV-3002', 'the number of a credit note', { number: 'CN-3002' }),
    ),
  ),
  'number-missing': foreseen(
    anInvoice('R-3011', 'an invoice without a number', { number: '' }),
    after(
      order('PO-3012'),
      aDocument('supplier_credit', 'S-3012', 'a credit against an order, which gives it a number', {
        number: '',
        source: 'PO-3012',
        lines: parts(10_000),
      }),
    ),
  ),
  'due-date-missing': foreseen(
    anInvoice('INV-3021', 'an invoice without a due date', { dueDate: null }),
    anInvoice('INV-3022', 'one that is due on its own date', { dueDate: '2026-11-02' }),
  ),
  'date-invalid': foreseen(
    anInvoice('INV-3031', 'the 31st of September', { date: '2026-09-31' }),
    anInvoice('INV-3032', 'the 30th', { date: '2026-09-30' }),
  ),
  'period-locked': foreseen(
    {
      ...anInvoice('INV-3041', 'dated on the lock date itself', { date: '2026-06-30' }),
      inXero: (world) => world.sandbox.person().setLockDate('2026-06-30' as never), // a real date
    },
    anInvoice('INV-3042', 'dated the day after', { date: '2026-07-01' }),
  ),
  'currency-not-enabled': foreseen(
    anInvoice('INV-3051', 'in a currency that the organisation lacks', {
      currency: 'EUR',
      exchangeRateE6: 540_000,
    }),
    anInvoice('INV-3052', 'in one that it has', { currency: 'USD', exchangeRateE6: 590_000 }),
  ),
  'rate-missing': inOldBooks(
    anInvoice('INV-3061', 'foreign, converted to base currency, and without a rate', { currency: 'USD' }),
    anInvoice('INV-3062', 'the same with a rate', { currency: 'USD', exchangeRateE6: 590_000 }),
  ),
  'lines-missing': foreseen(
    anInvoice('INV-3071', 'no lines', { lines: [] }),
    anInvoice('INV-3072', 'nothing but a line of text', { lines: [{ kind: 'note', amount: 0, tax: 0 }] }),
  ),
  'total-mismatch': foreseen(
    anInvoice(
      'INV-3081',
      'a total two cents above its lines',
      {},
      { subtotal_cents: 10_002, total_cents: 11_502 },
    ),
    anInvoice(
      'INV-3082',
      'a cent above them, which is rounding',
      {},
      { subtotal_cents: 10_001, total_cents: 11_501 },
    ),
  ),
  'total-negative': foreseen(
    aDocument('credit_note', 'CN-3091', 'a credit of -0.01', one(-1)),
    aDocument('credit_note', 'CN-3092', 'a credit of 0.00', one(0)),
  ),
  'amount-too-large': foreseen(
    anInvoice('INV-3101', 'an amount of 10,000,000,000.00', one(1_000_000_000_000)),
    anInvoice('INV-3102', 'an amount of 9,999,999,999.99', one(999_999_999_999)),
  ),
  'text-too-long': foreseen(
    anInvoice('INV-3111', 'a reference of 256 characters', { reference: 'r'.repeat(256) }),
    anInvoice('INV-3112', 'a reference of 255 characters', { reference: 'r'.repeat(255) }),
  ),
  'text-invalid': foreseen(
    anInvoice('INV-3121', 'a link with “xero” in it', {}, { url: 'https://jobs.example.com/xero/3121' }),
    anInvoice('INV-3122', 'a link without it', {}, { url: 'https://jobs.example.com/zero/3122' }),
  ),
  'document-too-large': foreseen(
    anInvoice('INV-3131', 'an invoice of 784 lines of 4,000 characters', longLines(784)),
    anInvoice('INV-3132', 'an invoice of 783', longLines(783)),
  ),
  'credit-exceeds-order': foreseen(
    after(
      order('PO-3141'),
      aDocument('supplier_credit', 'SC-3141', 'a credit of 2.02 of the 2 that were ordered', {
        source: 'PO-3141',
        lines: parts(20_200),
      }),
    ),
    after(
      order('PO-3142'),
      aDocument('supplier_credit', 'SC-3142', 'a credit of all 2', {
        source: 'PO-3142',
        lines: parts(20_000),
      }),
    ),
  ),
  'order-billed': inOldBooks(
    after(
      document('bill', 'B-3151', { source: 'PO-3151' }),
      aDocument('purchase_order', 'PO-3151', 'an order that a bill names'),
    ),
    after(
      document('bill', 'B-3152'),
      aDocument('purchase_order', 'PO-3152', 'an order of the same supplier that no bill names'),
    ),
  ),
  'future-dated': foreseen(
    anInvoice('INV-3161', 'dated tomorrow', { date: '2026-11-23' }),
    anInvoice('INV-3162', 'dated today', { date: '2026-11-22' }),
  ),
  'edited-after-export': foreseen(
    {
      is: 'an exported invoice that is a draft again',
      thing: 'invoice:INV-3181',
      before: document('invoice', 'INV-3181'),
      sql: changed('document', 'id', 'INV-3181', { status: 'draft' }),
    },
    {
      is: 'an exported invoice that is void now, and is voided in Xero',
      thing: 'invoice:INV-3182',
      before: document('invoice', 'INV-3182'),
      sql: changed('document', 'id', 'INV-3182', { status: 'void' }),
    },
  ),
  'kind-changed': foreseen(
    {
      is: 'an exported invoice whose total is below zero now',
      thing: 'invoice:INV-3191',
      before: document('invoice', 'INV-3191'),
      sql: signTurned('INV-3191', -1),
    },
    {
      is: 'an exported invoice whose total is zero now',
      thing: 'invoice:INV-3192',
      before: document('invoice', 'INV-3192'),
      sql: signTurned('INV-3192', 0),
    },
  ),
}

/** The document comes to so many cents, without tax. */
function signTurned(id: string, total: number): string {
  const header = { subtotal_cents: total, tax_cents: 0, total_cents: total }
  const line = { amount_cents: total, tax_cents: 0, unit_price_e4: total * 100 }
  return changed('document', 'id', id, header) + changed('document_line', 'document', id, line)
}
