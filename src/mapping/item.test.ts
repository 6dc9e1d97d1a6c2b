import { expect, test } from 'vitest'
import { anItem, someBooks } from '../../test/support/books.ts'
import type { LedgerItem } from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import { mapItem } from './item.ts'
import { itemSizeBound } from './size.ts'

const books = someBooks({ accountMap: new Map([['PARTS', '202']]) })
const full = anItem('OIL', {
  name: ' Engine oil ',
  description: 'By the litre',
  salePrice: e4(144_000),
  saleAccount: 'PARTS',
  saleTaxCode: 'GST',
  purchasePrice: e4(73_333),
  purchaseAccount: '300',
  purchaseTaxCode: 'GST',
  isStocked: true,
  averageCost: e4(76_000),
})

test('an item as Xero takes it: untracked, with both sides (R1)', () => {
  expect(mapItem(full, { books })).toEqual({
    model: {
      code: 'OIL',
      name: 'Engine oil',
      description: 'By the litre',
      purchaseDescription: 'By the litre',
      isSold: true,
      isPurchased: true,
      salesDetails: { unitPrice: 14.4, accountCode: '202', taxType: 'OUTPUT2' },
      purchaseDetails: { unitPrice: 7.3333, accountCode: '300', taxType: 'INPUT2' },
    },
    facts: { code: 'OIL', name: 'Engine oil' },
  })
})

test.each<[string, Partial<LedgerItem>, object]>([
  ['a price of nothing', { salePrice: e4(0) }, { salesDetails: { unitPrice: 0 } }],
  ['an account alone', { purchaseAccount: '300' }, { purchaseDetails: { accountCode: '300' } }],
  ['a tax alone', { purchaseTaxCode: 'GST' }, { purchaseDetails: { taxType: 'INPUT2' } }],
  ['an empty description', { description: ' ' }, {}],
])('what the ledger has not is not sent: %s', (_, item, more) => {
  const { model } = mapItem(anItem('OIL', item), { books })
  expect(model).toEqual({ code: 'OIL', name: 'OIL', isSold: true, isPurchased: true, ...more })
})

test('an update goes by id', () => {
  expect(mapItem(anItem('OIL'), { books, xeroId: 'x-1' }).model.itemID).toBe('x-1')
})

test('the size is bounded from above', () => {
  const item = { ...full, code: '漢'.repeat(30), name: '😀'.repeat(25), description: '\u0001é'.repeat(2000) }
  const { model } = mapItem(item, { books, xeroId: 'x'.repeat(36) })
  expect(Buffer.byteLength(JSON.stringify(model))).toBeLessThanOrEqual(itemSizeBound(item))
})
