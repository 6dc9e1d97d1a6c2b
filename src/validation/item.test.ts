import { expect, test } from 'vitest'
import { aMirror, anItem, someBooks } from '../../test/support/books.ts'
import type { LedgerItem } from '../accounting/documents.ts'
import { checkItem } from './rules.ts'

const books = someBooks({ mirror: aMirror(), accountMap: new Map([['PARTS', '200']]) })

test.each<[string, Partial<LedgerItem>, string[]]>([
  ['nothing but code and name', {}, []],
  [
    'everything',
    {
      description: 'By the litre\nor drum',
      saleAccount: '200',
      saleTaxCode: 'GST',
      purchaseAccount: '400',
      purchaseTaxCode: 'GST',
    },
    [],
  ],
  ['no name', { name: ' ' }, ['item-name-missing name']],
  ['a code of 30', { code: 'x'.repeat(30) }, []],
  ['a code of 31', { code: 'x'.repeat(31) }, ['text-too-long code']],
  ['a name of 50', { name: `${'x'.repeat(50)} ` }, []],
  ['a name of 51', { name: 'x'.repeat(51) }, ['text-too-long name']],
  ['a description of 4,001', { description: 'x'.repeat(4001) }, ['text-too-long description']],
  ['a control character', { name: 'a\u0007' }, ['text-invalid name']],
  ['an account that Xero has not', { saleAccount: '999' }, ['account-unknown saleAccount']],
  ['one that is mapped', { saleAccount: 'PARTS', saleTaxCode: 'GST' }, []],
  ['an archived one', { saleAccount: '290' }, ['account-archived saleAccount']],
  ['a bank account', { purchaseAccount: '090' }, ['account-wrong-class purchaseAccount']],
  ['receivables', { purchaseAccount: '610' }, ['account-system purchaseAccount']],
  ['a tax code that is not mapped', { saleTaxCode: 'S' }, ['tax-unmapped saleTaxCode']],
  ['a tax type that is gone', { saleTaxCode: 'OUTPUT' }, ['tax-unknown saleTaxCode']],
  [
    'tax for the other side',
    { purchaseAccount: '400', purchaseTaxCode: 'OUTPUT2' },
    ['tax-not-applicable purchaseTaxCode'],
  ],
  ['tax without an account is not judged', { purchaseTaxCode: 'OUTPUT2' }, []],
])('%s', (_, item, findings) => {
  const found = checkItem(anItem('OIL', item), { books })
  expect(found.map(({ code, field }) => `${code} ${field}`)).toEqual(findings)
  for (const { kind, severity, message } of found) {
    expect([kind, severity]).toEqual(['item', 'error'])
    expect(message).toMatch(/^Item (OIL|x+) has .*\.$/)
  }
})

test('nobody knows before the first connection', () => {
  const item = anItem('OIL', { saleAccount: '999', saleTaxCode: 'NONE' })
  expect(checkItem(item, { books: someBooks({ mirror: null }) })).toEqual([])
})
