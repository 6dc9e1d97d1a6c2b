// The scopes that each setting costs, as a table of differences from the least.

import { expect, test } from 'vitest'
import { type ScopeSettings, scopesFor } from './scopes.ts'
import { defaultSettings } from './test-line.ts'

const least: ScopeSettings = {
  payments: 'none',
  deposits: 'held',
  remainders: 'hold',
  receipts: 'direct',
  items: 'off',
  ar_style: 'invoices',
  only_invoices_and_payments: 'on',
  journals_pull: 'off',
}
const leastScopes = ['accounting.contacts', 'accounting.invoices', 'accounting.settings.read']

const cases: [Partial<ScopeSettings>, { more: string[]; less?: string[] }][] = [
  [{}, { more: [] }],
  [{ payments: 'to_xero' }, { more: ['accounting.payments'] }],
  [{ payments: 'both' }, { more: ['accounting.payments'] }],
  [{ payments: 'from_xero' }, { more: ['accounting.payments.read'] }],
  [
    { payments: 'both', deposits: 'prepayment' },
    { more: ['accounting.payments', 'accounting.banktransactions'] },
  ],
  [
    { payments: 'to_xero', remainders: 'overpayment' },
    { more: ['accounting.payments', 'accounting.banktransactions'] },
  ],
  // What was taken is a payment: where none are sent, no deposit is.
  [{ deposits: 'prepayment' }, { more: [] }],
  [{ payments: 'from_xero', remainders: 'overpayment' }, { more: ['accounting.payments.read'] }],
  [{ items: 'all' }, { more: ['accounting.settings'], less: ['accounting.settings.read'] }],
  [{ items: 'needed' }, { more: ['accounting.settings'], less: ['accounting.settings.read'] }],
  [{ only_invoices_and_payments: 'off' }, { more: ['accounting.manualjournals'] }],
  [{ ar_style: 'journals' }, { more: ['accounting.manualjournals'] }],
  [
    { payments: 'both', receipts: 'clearing' },
    { more: ['accounting.payments', 'accounting.manualjournals'] },
  ],
  [{ receipts: 'clearing' }, { more: [] }],
  [{ journals_pull: 'manual' }, { more: ['accounting.manualjournals.read'] }],
  // Who writes them may read them.
  [{ journals_pull: 'manual', ar_style: 'journals' }, { more: ['accounting.manualjournals'] }],
  [{ journals_pull: 'generated' }, { more: ['accounting.manualjournals.read', 'accounting.journals.read'] }],
]

test.each(cases)('%o', (changes, { more, less = [] }) => {
  const scopes = scopesFor({ ...least, ...changes }, { hasAttachments: false })
  expect([...scopes].sort()).toEqual(
    [...leastScopes, ...more].filter((scope) => !less.includes(scope)).sort(),
  )
})

test('files of documents cost a scope only where there are some', () => {
  const without = scopesFor(least, { hasAttachments: false })
  expect(scopesFor(least, { hasAttachments: true })).toEqual([...without, 'accounting.attachments'])
})

test.each([
  ['payments', ['accounting.payments']],
  ['overpayment_allocations', ['accounting.payments']],
  ['bank_transactions', ['accounting.payments', 'accounting.banktransactions']],
  ['manual_journals', ['accounting.manualjournals']],
  ['attachments', ['accounting.attachments']],
  ['sales_invoices', []],
])('calls of %s whose answer was lost can be asked about, whatever was set since', (channel, more) => {
  const scopes = scopesFor(least, { hasAttachments: false, open: [channel] })
  expect([...scopes].sort()).toEqual([...leastScopes, ...more].sort())
})

test('items whose answer was lost are asked about with the scope that wrote them', () => {
  const scopes = scopesFor(least, { hasAttachments: false, open: ['items'] })
  expect(scopes).toEqual(['accounting.contacts', 'accounting.invoices', 'accounting.settings'])
})

test('with the settings as they come', () => {
  expect(scopesFor(defaultSettings, { hasAttachments: true })).toEqual([
    'accounting.contacts',
    'accounting.invoices',
    'accounting.payments',
    'accounting.manualjournals',
    'accounting.settings',
    'accounting.attachments',
  ])
})

test('what reads the balances of accounts asks for the trial balance too', () => {
  expect(scopesFor(least, { hasAttachments: false, readsBalances: true })).toEqual([
    ...leastScopes,
    'accounting.reports.trialbalance.read',
  ])
})
