// Accounts, tax and tracking of lines: a line that has the finding, and one that nearly has it and does not.

import { aLine, aMirror, anAccount, anItem, money } from '../../test/support/books.ts'
import { oneLine, tests } from '../../test/support/checked-document.ts'
import type { Mirror } from '../accounting/documents.ts'

tests('accounts', [
  ['none', oneLine({ account: null }), ['account-missing lines[1].account']],
  [
    'none on the second',
    { lines: [aLine(), aLine({ account: null })] },
    ['account-missing lines[2].account'],
  ],
  [
    'none, but the item has one',
    {
      ...oneLine({ account: null, item: 'OIL' }),
      books: { items: new Map([['OIL', anItem('OIL', { saleAccount: '200' })]]) },
    },
    [],
  ],
  ['freight has its role', oneLine({ kind: 'freight', account: null }), []],
  [
    'freight without its role',
    { ...oneLine({ kind: 'freight', account: null }), books: { roleAccounts: new Map() } },
    ['account-missing lines[1].account'],
  ],
  ['a note needs none', oneLine({ kind: 'note', account: null, amount: money(0), tax: money(0) }), []],
  [
    'a note with an amount does',
    oneLine({ kind: 'note', account: null }),
    ['account-missing lines[1].account'],
  ],
  ['unknown', oneLine({ account: '999' }), ['account-unknown lines[1].account']],
  [
    'unknown, but mapped',
    { ...oneLine({ account: '999' }), books: { accountMap: new Map([['999', '200']]) } },
    [],
  ],
  ['unknown before the first connection', { ...oneLine({ account: '999' }), mirror: null }, []],
  ['archived', oneLine({ account: '290' }), ['account-archived lines[1].account']],
  [
    'a bank account',
    oneLine({ account: '090', taxCode: 'NONE', tax: money(0) }),
    ['account-wrong-class lines[1].account'],
  ],
  [
    'receivables',
    oneLine({ account: '610', taxCode: 'NONE', tax: money(0) }),
    ['account-system lines[1].account'],
  ],
  ['GST', oneLine({ account: '820', taxCode: 'NONE', tax: money(0) }), ['account-system lines[1].account']],
  ['Xero’s rounding account may be used', oneLine({ account: '860', taxCode: 'NONE', tax: money(0) }), []],
  ['an expense account may be used', oneLine({ account: '400', taxCode: 'NONE', tax: money(0) }), []],
])

const cent = { subtotal: money(100.01), total: money(115.01) }
tests('the rounding line (I5)', [
  ['has its account', cent, []],
  [
    'no account',
    { ...cent, mirror: { accounts: new Map([['200', anAccount('200')]]) } },
    ['account-missing null'],
  ],
  ['no account, and nobody knows yet', { ...cent, mirror: null }, []],
  ['no account and no need', { mirror: { accounts: new Map([['200', anAccount('200')]]) } }, []],
  [
    'an archived account',
    { ...cent, books: { roleAccounts: new Map([['rounding', '290']]) } },
    ['account-archived null'],
  ],
  [
    'the region’s no-tax type is not there',
    { ...cent, mirror: { taxRates: onlyGst() } },
    ['tax-unknown null'],
  ],
  ['nor needed', { mirror: { taxRates: onlyGst() } }, []],
])

function onlyGst(): Mirror['taxRates'] {
  return new Map([...aMirror().taxRates].filter(([taxType]) => taxType === 'OUTPUT2'))
}

tests('tax types', [
  ['not mapped', oneLine({ taxCode: 'S15' }), ['tax-unmapped lines[1].taxCode']],
  ['not mapped, but a type of Xero’s', oneLine({ taxCode: 'OUTPUT2' }), []],
  [
    'mapped for purchases only',
    {
      ...oneLine({ taxCode: 'P' }),
      books: { taxMap: new Map([['P', { sales: null, purchase: 'INPUT2' }]]) },
    },
    ['tax-unmapped lines[1].taxCode'],
  ],
  ['tax without a code', oneLine({ taxCode: null }), ['tax-unmapped lines[1].taxCode']],
  ['neither tax nor code', oneLine({ taxCode: null, tax: money(0) }), []],
  [
    'mapped to what Xero has not',
    { books: { taxMap: new Map([['GST', { sales: 'Output2', purchase: null }]]) } },
    ['tax-unknown lines[1].taxCode'],
  ],
  [
    'mapped to a deleted one',
    { books: { taxMap: new Map([['GST', { sales: 'OUTPUT', purchase: null }]]) } },
    ['tax-unknown lines[1].taxCode'],
  ],
  ['not for the account’s class', oneLine({ taxCode: 'INPUT2' }), ['tax-not-applicable lines[1].taxCode']],
  ['for the account’s class', oneLine({ taxCode: 'INPUT2', account: '400' }), []],
  [
    'no types in a document without tax',
    { ...oneLine({ taxCode: 'S15', tax: money(0) }), amounts: 'no_tax' },
    [],
  ],
  ['a note has none', oneLine({ kind: 'note', taxCode: 'S15', amount: money(0), tax: money(0) }), []],
])

const opposed = {
  lines: [
    aLine({ amount: money(10), tax: money(1.5) }),
    aLine({ amount: money(-9), tax: money(0), taxCode: 'GST' }),
  ],
}
tests('tax amounts', [
  ['as much as the line', oneLine({ amount: money(1), tax: money(1) }), []],
  [
    'more than the line',
    oneLine({ amount: money(1), tax: money(1.01) }),
    ['tax-amount-invalid lines[1].tax'],
  ],
  [
    'of the other sign',
    oneLine({ amount: money(1), tax: money(-0.15) }),
    ['tax-amount-invalid lines[1].tax'],
  ],
  ['on nothing', oneLine({ amount: money(0), tax: money(0.01) }), ['tax-amount-invalid lines[1].tax']],
  [
    'summarised: together more than the amount',
    { ...opposed, settings: { summarise_sales_lines: 'on' } },
    ['tax-amount-invalid null'],
  ],
  ['the same, line by line', opposed, []],
  [
    'summarised: together it is fine',
    {
      lines: [aLine({ amount: money(0), tax: money(0.01) }), aLine()],
      settings: { summarise_sales_lines: 'on' },
    },
    [],
  ],
  [
    'summarised, with a line that cannot be sent yet',
    { lines: [aLine({ account: null }), ...opposed.lines], settings: { summarise_sales_lines: 'on' } },
    ['account-missing lines[1].account'],
  ],
])

const region = { category: 'Region', option: 'North' }
tests('tracking (I12)', [
  ['a pair', oneLine({ tracking: [region] }), []],
  ['two pairs', oneLine({ tracking: [region, { category: 'Branch', option: 'City' }] }), []],
  [
    'no option',
    oneLine({ tracking: [{ category: 'Region', option: null }] }),
    ['tracking-half lines[1].tracking'],
  ],
  [
    'no category',
    oneLine({ tracking: [{ category: null, option: 'North' }] }),
    ['tracking-half lines[1].tracking'],
  ],
  [
    'unknown category',
    oneLine({ tracking: [{ category: 'Planet', option: 'North' }] }),
    ['tracking-unknown lines[1].tracking'],
  ],
  [
    'unknown option',
    oneLine({ tracking: [{ category: 'Region', option: 'East' }] }),
    ['tracking-unknown lines[1].tracking'],
  ],
  ['but for case', oneLine({ tracking: [{ category: 'REGION', option: 'north' }] }), []],
  [
    'archived option',
    oneLine({ tracking: [{ category: 'Region', option: 'South' }] }),
    ['tracking-unknown lines[1].tracking'],
  ],
  [
    'archived category',
    oneLine({ tracking: [{ category: 'Season', option: 'Spring' }] }),
    ['tracking-unknown lines[1].tracking'],
  ],
  [
    'one category twice',
    oneLine({ tracking: [region, { category: 'region', option: 'North' }] }),
    ['tracking-twice lines[1].tracking'],
  ],
  [
    'unknown before the first connection',
    { ...oneLine({ tracking: [{ category: 'Planet', option: 'North' }] }), mirror: null },
    [],
  ],
  [
    'an unknown default',
    { settings: { default_tracking_1: 'Planet: Mars' } },
    ['tracking-unknown lines[1].tracking'],
  ],
  [
    'a note has none',
    {
      ...oneLine({ kind: 'note', amount: money(0), tax: money(0) }),
      settings: { default_tracking_1: 'Planet: Mars' },
    },
    [],
  ],
])
