// One table a subject: receipts that go out as prepayments, overpayments or journals, and what of the rest is said.

import { describe, expect, test } from 'vitest'
import { aContact, aMirrorContact, day, money } from '../../test/support/books.ts'
import { aFormContext, aPayment, aReceipt, moneyBooks } from '../../test/support/payments.ts'
import type { LedgerPayment, MirrorOrganisation } from '../accounting/documents.ts'
import { cents, e6 } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import { checkReceipt, type ReceiptCheckContext } from './receipt-rules.ts'

interface Situation extends Partial<LedgerPayment> {
  settings?: Partial<Record<SettingName, string>>
  books?: Parameters<typeof moneyBooks>[0]
  organisation?: Partial<MirrorOrganisation>
  context?: Partial<ReceiptCheckContext>
}

/** As built a deposit of 115.00 that goes out as a prepayment. */
function check({ settings, books, organisation, context, ...payment }: Situation) {
  const built = moneyBooks({ settings: { deposits: 'prepayment', ...settings }, ...books })
  const mirror = built.mirror && {
    ...built.mirror,
    organisation: { ...built.mirror.organisation, ...organisation },
  }
  return checkReceipt(aPayment({ kind: 'deposit', allocations: [], ...payment }), {
    ...aFormContext({ books: { ...built, mirror } }),
    today: day('2026-11-01'),
    contact: aContact(),
    contactLink: { state: 'linked', xeroContactId: 'xero-1', mirror: aMirrorContact() },
    duplicatesOfName: [],
    moved: [],
    ...context,
  })
}

type Table = [name: string, situation: Situation, brief: string][]
function tests(subject: string, table: Table) {
  describe(subject, () => {
    test.each(table)('%s', (_, situation, expected) => {
      const { form, verdict, findings } = check(situation)
      const said = findings.map(
        ({ code, severity }) => `${severity === 'error' ? '' : `${severity} `}${code}`,
      )
      expect([`${form} ${verdict}`, ...said].join(', ')).toBe(expected)
    })
  })
}

const over: Situation = { kind: 'payment', settings: { remainders: 'overpayment' } }
const noRoles = { roleAccounts: new Map() }
tests('what goes out', [
  ['a deposit', {}, 'prepayment send'],
  ['before the first connection', { books: { mirror: null } }, 'prepayment send'],
  ['a remainder', over, 'overpayment send'],
  [
    'a receipt in two steps',
    { kind: 'payment', allocations: aPayment().allocations, settings: { receipts: 'clearing' } },
    'journal send',
  ],
  [
    'in two steps with a remainder',
    { kind: 'payment', settings: { receipts: 'clearing' } },
    'journal send, warning remainder-held',
  ],
  ['sent already', { context: { receipt: aReceipt() } }, 'prepayment none'],
  ['nothing of its own', { kind: 'payment', allocations: aPayment().allocations }, 'none none'],
  ['made in Xero', { origin: 'external' }, 'none none'],
  [
    'a contact that is yet to be made',
    { context: { contactLink: { state: 'unlinked', match: { outcome: 'none' } } } },
    'prepayment send',
  ],
])

tests('what stays', [
  ['a deposit', { settings: { deposits: 'held' } }, 'none none, information remainder-held'],
  ['a remainder', { kind: 'payment' }, 'none none, warning remainder-held'],
  ['of the future', { kind: 'payment', date: day('2026-11-02') }, 'none none'],
  ['of the old books', { kind: 'payment', settings: { cutover_date: '2026-10-11' } }, 'none none'],
  ['of no known worth', { kind: 'payment', context: { isOneCurrency: false } }, 'none none'],
  ['a refund has none', { kind: 'refund' }, 'none none'],
])

tests('dates', [
  [
    'before the cutover',
    { settings: { cutover_date: '2026-10-11' } },
    'prepayment none, information before-cutover',
  ],
  ['on the cutover', { settings: { cutover_date: '2026-10-10' } }, 'prepayment send'],
  ['of the future', { date: day('2026-11-02') }, 'prepayment none, information future-dated'],
  ['locked', { organisation: { periodLockDate: day('2026-10-10') } }, 'prepayment failed, period-locked'],
  ['not in the calendar', { date: day('2026-10-32') }, 'prepayment failed, date-invalid'],
])

tests('amount and account', [
  ['nothing', { amount: cents(0) }, 'none none'],
  [
    'more applied than received',
    { amount: money(100), allocations: aPayment().allocations },
    'prepayment failed, allocations-exceed-payment',
  ],
  [
    'no account',
    {
      method: null,
      books: { settings: { deposits: 'prepayment' }, roleAccounts: new Map([['prepayment', '620']]) },
    },
    'prepayment failed, payment-no-account',
  ],
  ['no bank account', { account: '880' }, 'prepayment failed, account-not-payable'],
  ['a bank account without a code', { account: '8f1d3a5e-0000-4000-8000-000000000001' }, 'prepayment send'],
  [
    'no prepayment account',
    { books: { settings: { deposits: 'prepayment' }, ...noRoles } },
    'prepayment failed, account-missing',
  ],
  [
    'an unknown prepayment account',
    { books: { settings: { deposits: 'prepayment' }, roleAccounts: new Map([['prepayment', '999']]) } },
    'prepayment failed, account-unknown',
  ],
  [
    'an archived prepayment account',
    { books: { settings: { deposits: 'prepayment' }, roleAccounts: new Map([['prepayment', '882']]) } },
    'prepayment failed, account-archived',
  ],
  [
    'overpayments need no role',
    { ...over, books: { settings: { remainders: 'overpayment' }, ...noRoles } },
    'overpayment send',
  ],
  [
    'overpayments before the first connection',
    { ...over, books: { settings: { remainders: 'overpayment' }, mirror: null } },
    'overpayment send',
  ],
])

tests('tax', [
  ['a mapped code', { settings: { prepayment_tax_code: 'GST' } }, 'prepayment send'],
  ['an unmapped code', { settings: { prepayment_tax_code: 'VAT' } }, 'prepayment failed, tax-unmapped'],
  [
    'a type that is no longer active',
    { settings: { prepayment_tax_code: 'OUTPUT' } },
    'prepayment failed, tax-unknown',
  ],
])

tests('contact', [
  ['none', { contact: null, context: { contact: null } }, 'prepayment failed, contact-missing'],
  ['not in the ledger', { context: { contact: null } }, 'prepayment failed, contact-missing'],
  ['inactive', { context: { contact: aContact({ active: false }) } }, 'prepayment failed, contact-inactive'],
  [
    'archived in Xero',
    {
      context: {
        contactLink: { state: 'linked', xeroContactId: 'x', mirror: aMirrorContact({ status: 'ARCHIVED' }) },
      },
    },
    'prepayment failed, contact-archived',
  ],
])

tests('currency', [
  ['enabled', { currency: 'USD' }, 'prepayment send'],
  ['not enabled', { currency: 'EUR' }, 'prepayment failed, currency-not-enabled'],
  [
    'converted',
    { currency: 'EUR', exchangeRate: e6(500_000), settings: { foreign_currency: 'base' } },
    'prepayment send',
  ],
  [
    'converted without a rate',
    { currency: 'EUR', settings: { foreign_currency: 'base' } },
    'prepayment failed, rate-missing',
  ],
])

test('what is said of a remainder', () => {
  const [finding] = check({
    kind: 'payment',
    amount: money(200),
    allocations: aPayment().allocations,
  }).findings
  expect(finding?.message).toBe(
    'Receipt PAY-1 is applied to no document with 85.00 of 200.00, which stays in the ledger.',
  )
})
