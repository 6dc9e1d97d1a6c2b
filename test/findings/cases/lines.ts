// Findings about the lines of documents: accounts, tax, tracking, items.

import { insertSql } from '../../support/sql.ts'
import { paymentSql } from '../../support/workload-money.ts'
import { itemSql } from '../../support/workload-papers.ts'
import { foreseen } from '../fixture.ts'
import { aBill, after, anInvoice, document, withLine } from '../rows.ts'

const taxCode = (code: string, sales: string) =>
  insertSql('tax_code_map', { entity: 'NZ01', tax_code: code, sales_type: sales, purchase_type: 'INPUT2' })

const payment = (id: string, account: string, is: string) => ({
  is,
  thing: `payment:PAY-${id}/INV-${id}` as const,
  sql:
    document('invoice', `INV-${id}`) +
    paymentSql({ id: `PAY-${id}`, account, applied: { [`INV-${id}`]: 11_500 } }),
})

export const lines = {
  'account-missing': foreseen(
    aBill('B-2001', 'a line without an account', { account: null }),
    aBill('B-2002', 'a freight line without one, where the role freight has one', {
      account: null,
      lines: [{ kind: 'freight', amount: 10_000, tax: 1_500 }],
    }),
  ),
  'account-unknown': foreseen(
    anInvoice('INV-2011', 'an account that Xero does not have', { account: '999' }),
    after(
      insertSql('account_map', { entity: 'NZ01', account: 'SALES-OLD', xero_code: '200' }),
      anInvoice('INV-2012', 'an account that is mapped to one of Xero’s', { account: 'SALES-OLD' }),
    ),
  ),
  'account-archived': foreseen(
    aBill('B-2021', 'an account that is archived in Xero', { account: '599' }),
    aBill('B-2022', 'one that is not', { account: '429' }),
  ),
  'account-wrong-class': foreseen(
    anInvoice('INV-2031', 'a bank account on a line', { account: '090' }),
    anInvoice('INV-2032', 'a clearing account that payments may go to', { account: '855' }),
  ),
  'account-system': foreseen(
    anInvoice('INV-2041', 'Xero’s own account of receivables', {
      account: '610',
      taxCode: 'NONE',
      lines: [{ amount: 10_000, tax: 0 }],
    }),
    anInvoice('INV-2042', 'Xero’s rounding account, which may be used', {
      account: '860',
      taxCode: 'NONE',
      lines: [{ amount: 10_000, tax: 0 }],
    }),
  ),
  'account-not-payable': foreseen(
    payment('2051', '620', 'a payment to an account without payments enabled'),
    payment('2052', '855', 'a payment to one with payments enabled'),
  ),
  'tax-unmapped': foreseen(
    anInvoice('INV-2061', 'a tax code that is mapped to nothing', { taxCode: 'S15' }),
    after(taxCode('GST15', 'OUTPUT2'), anInvoice('INV-2062', 'one that is mapped', { taxCode: 'GST15' })),
  ),
  'tax-unknown': foreseen(
    after(
      taxCode('GST-OLD', 'Output2'),
      anInvoice('INV-2071', 'mapped to a type in the wrong case', { taxCode: 'GST-OLD' }),
    ),
    after(
      taxCode('GST-NEW', 'OUTPUT2'),
      anInvoice('INV-2072', 'mapped to the same in the right case', { taxCode: 'GST-NEW' }),
    ),
  ),
  'tax-not-applicable': foreseen(
    anInvoice('INV-2081', 'tax on expenses on a revenue account', { taxCode: 'INPUT2' }),
    anInvoice('INV-2082', 'tax on expenses on an asset account', { taxCode: 'INPUT2', account: '855' }),
  ),
  'tax-amount-invalid': foreseen(
    anInvoice('INV-2091', '100.01 tax on 100.00', { lines: [{ amount: 10_000, tax: 10_001 }] }),
    anInvoice('INV-2092', '100.00 tax on 100.00', { lines: [{ amount: 10_000, tax: 10_000 }] }),
  ),
  'tax-difference': foreseen(
    anInvoice(
      'INV-2101',
      'two cents more tax than its one taxed line',
      {},
      { tax_cents: 1_502, total_cents: 11_502 },
    ),
    anInvoice('INV-2102', 'a cent more', {}, { tax_cents: 1_501, total_cents: 11_501 }),
  ),
  'tracking-half': foreseen(
    withLine(anInvoice('INV-2111', 'a tracking category without an option'), {
      tracking_1_category: 'Region',
    }),
    withLine(anInvoice('INV-2112', 'both'), { tracking_1_category: 'Region', tracking_1_option: 'North' }),
  ),
  'tracking-unknown': foreseen(
    withLine(anInvoice('INV-2121', 'an option that Xero does not have'), {
      tracking_1_category: 'Region',
      tracking_1_option: 'Northland',
    }),
    withLine(anInvoice('INV-2122', 'one that it has, in other case'), {
      tracking_1_category: 'region',
      tracking_1_option: 'NORTH',
    }),
  ),
  'tracking-twice': foreseen(
    withLine(anInvoice('INV-2131', 'two options of one category'), {
      tracking_1_category: 'Region',
      tracking_1_option: 'North',
      tracking_2_category: 'Region',
      tracking_2_option: 'South',
    }),
    withLine(anInvoice('INV-2132', 'an option of one category and one of another'), {
      tracking_1_category: 'Region',
      tracking_1_option: 'North',
      tracking_2_category: 'Team',
      tracking_2_option: 'Blue',
    }),
  ),
  'item-unknown': foreseen(
    anInvoice('INV-2141', 'a line with an item that the ledger does not have', {
      lines: [{ item: 'FILTER-9', amount: 10_000, tax: 1_500 }],
    }),
    after(
      itemSql({ code: 'FILTER-1' }),
      anInvoice('INV-2142', 'one that the ledger has', {
        lines: [{ item: 'FILTER-1', amount: 10_000, tax: 1_500 }],
      }),
    ),
  ),
  'item-name-missing': foreseen(
    { is: 'an item without a name', thing: 'item:BELT-1', sql: itemSql({ code: 'BELT-1', name: ' ' }) },
    {
      is: 'an item with a name of one letter',
      thing: 'item:BELT-2',
      sql: itemSql({ code: 'BELT-2', name: 'B' }),
    },
  ),
}
