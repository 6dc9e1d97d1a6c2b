// One table a subject: a payment that has the finding, and one that nearly has it and does not. As built a payment is sent.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anAccount, day, money } from '../../test/support/books.ts'
import { aFormContext, aParent, aPayment, aReceipt, moneyBooks } from '../../test/support/payments.ts'
import type { LedgerPayment, MirrorOrganisation } from '../accounting/documents.ts'
import { type Cents, cents, e6 } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import { sentAmount } from '../mapping/payment-amounts.ts'
import type { SentReceipt } from '../mapping/payment-forms.ts'
import { checkPayment, type DocumentInXero, type PaymentCheckContext } from './payment-rules.ts'

interface Situation extends Partial<LedgerPayment> {
  settings?: Partial<Record<SettingName, string>>
  books?: Parameters<typeof moneyBooks>[0]
  organisation?: Partial<MirrorOrganisation>
  context?: Partial<PaymentCheckContext>
  /** Judge the refund itself and no allocation. */
  itself?: boolean
}

function check({ settings, books, organisation, context, itself, ...payment }: Situation) {
  const built = moneyBooks({ settings: settings ?? {}, ...books })
  const mirror = built.mirror && {
    ...built.mirror,
    organisation: { ...built.mirror.organisation, ...organisation },
  }
  const judged = aPayment(payment)
  return checkPayment(judged, itself ? null : (judged.allocations[0] ?? null), {
    ...aFormContext({ books: { ...built, mirror } }),
    thing: { kind: judged.kind === 'refund' ? 'refund' : 'payment', id: 'PAY-1/doc-1' },
    today: day('2026-11-01'),
    parent: aParent(),
    convertedAt: null,
    applied: { before: cents(0), planned: cents(0) },
    moved: [],
    xero: null,
    external: [],
    isReceiptMarked: false,
    ...context,
  })
}

/** "failed payment-no-account account": verdict, then code and field of each finding. */
function brief(situation: Situation): string {
  const { verdict, findings } = check(situation)
  return [verdict, ...findings.map(({ code, field }) => `${code} ${field}`)].join(', ')
}

type Table = [name: string, situation: Situation, brief: string][]
function tests(subject: string, table: Table) {
  describe(subject, () => {
    test.each(table)('%s', (_, situation, expected) => expect(brief(situation)).toBe(expected))
  })
}

test('what is said of a payment', () => {
  const { form, verdict, reason, findings } = check({ method: 'card', books: { roleAccounts: new Map() } })
  expect({ form, verdict, reason }).toEqual({
    form: 'payment',
    verdict: 'failed',
    reason:
      'Payment PAY-1 on INV-1 has no account: it was not sent, and invoice INV-1 stays open (AUTHORISED) in Xero.',
  })
  expect(findings).toMatchObject([
    {
      kind: 'payment',
      id: 'PAY-1/doc-1',
      number: 'PAY-1 on INV-1',
      severity: 'error',
      fix: 'Give it an account in the ledger, map its method card in payment_method_map, or name one for the role clearing in role_account.',
    },
  ])
})

tests('nothing wrong', [
  ['the base payment', {}, 'send'],
  ['before the first connection', { books: { mirror: null } }, 'send'],
  [
    'of an invoice that goes in this run',
    { context: { parent: aParent({ standing: 'planned', xeroId: null, xeroStatus: null }) } },
    'send',
  ],
  ['of a bill', { context: { parent: aParent({ kind: 'bill' }), side: 'purchases' } }, 'send'],
  ['made in Xero', { origin: 'external' }, 'none'],
  ['a discount is judged elsewhere', { kind: 'discount' }, 'none'],
  ['payments are not sent', { settings: { payments: 'none' } }, 'none'],
  [
    'sales as journals',
    { settings: { ar_style: 'journals' }, method: 'card', books: { roleAccounts: new Map() } },
    'send',
  ],
])

const accounts = (code: string) => ({ account: code })
tests('account (P3)', [
  ['a bank account', accounts('090'), 'send'],
  ['a bank account without a code', accounts('8f1d3a5e-0000-4000-8000-000000000001'), 'send'],
  ['payments enabled', accounts('880'), 'send'],
  ['no payments enabled', accounts('200'), 'failed, account-not-payable account'],
  ['not there', accounts('999'), 'failed, account-unknown account'],
  ['archived', accounts('882'), 'failed, account-archived account'],
  ['not there, and nothing read yet', { account: '999', books: { mirror: null } }, 'send'],
  [
    'none for unapplied payments',
    {
      settings: { receipts: 'clearing' },
      books: { settings: { receipts: 'clearing' }, roleAccounts: new Map([['clearing', '880']]) },
      context: { receipt: aReceipt({ form: 'journal', xeroId: null }) },
    },
    'failed, payment-no-account account',
  ],
])

const receiptJournal = (standing: SentReceipt['standing']) => ({
  settings: { receipts: 'clearing' as const },
  context: { receipt: aReceipt({ form: 'journal', xeroId: null, standing }) },
})
const waits = 'skipped, parent-not-exported payment'
tests('what is received before it is applied (P6)', [
  ['not sent', { settings: { receipts: 'clearing' } }, waits],
  ['uncertain', receiptJournal('uncertain'), waits],
  ['refused', receiptJournal('waiting'), waits],
  ['goes before it', receiptJournal('planned'), 'send'],
  ['in Xero', receiptJournal('exported'), 'send'],
  [
    'posted by its own journal',
    { settings: { receipts: 'clearing' }, context: { hasOwnJournal: true } },
    'send',
  ],
  ['of a bill', { settings: { receipts: 'clearing' }, context: { side: 'purchases' } }, 'send'],
])

tests('amount', [
  [
    'zero',
    { amount: cents(0), allocations: [{ document: 'doc-1', amount: cents(0), date: null }] },
    'failed, amount-invalid amount',
  ],
  [
    'below zero',
    { allocations: [{ document: 'doc-1', amount: cents(-1), date: null }] },
    'failed, amount-invalid amount',
  ],
  [
    'more than Xero takes',
    {
      amount: cents(1_000_000_000_000),
      allocations: [{ document: 'doc-1', amount: cents(1_000_000_000_000), date: null }],
      context: { parent: aParent({ total: cents(1_000_000_000_000) }) },
    },
    'failed, amount-too-large amount',
  ],
  ['more applied than received', { amount: money(100) }, 'failed, allocations-exceed-payment amount'],
  [
    'another currency cannot be compared',
    { amount: money(100), currency: 'USD', exchangeRate: e6(600_000), context: { isOneCurrency: false } },
    'send',
  ],
])

const applied = (before: number, planned = 0) => ({
  applied: { before: money(before), planned: money(planned) },
})
const inXero = (amountDue: number, rest: Partial<DocumentInXero> = {}): DocumentInXero => ({
  amountDue: money(amountDue),
  payments: [],
  ours: new Set(),
  ...rest,
})
const exceeds = 'failed, payment-exceeds-due amount'
tests('never above what is due (P5)', [
  ['all that is due', { context: { parent: aParent({ total: cents(11_500) }) } }, 'send'],
  ['a cent above', { context: { parent: aParent({ total: cents(11_499) }) } }, exceeds],
  ['others before', { context: applied(0.01) }, exceeds],
  ['others in this run', { context: applied(0, 0.01) }, exceeds],
  ['Xero has it so', { context: { xero: inXero(115) } }, 'send'],
  ['Xero has less due', { context: { xero: inXero(114.99) } }, exceeds],
  [
    'others in this run, in Xero',
    { context: { parent: aParent({ total: money(300) }), ...applied(0, 10), xero: inXero(124.99) } },
    exceeds,
  ],
  ['paid in Xero', { context: { parent: aParent({ xeroStatus: 'PAID' }) } }, exceeds],
  [
    'paid in Xero, and open again',
    { context: { parent: aParent({ xeroStatus: 'PAID' }), xero: inXero(115) } },
    'send',
  ],
  [
    'posted in base currency: compared there',
    {
      currency: 'USD',
      context: { parent: aParent({ currency: 'USD' }), convertedAt: e6(500_000), xero: inXero(230) },
    },
    'send',
  ],
  [
    'posted in base currency: a cent less there',
    {
      currency: 'USD',
      context: { parent: aParent({ currency: 'USD' }), convertedAt: e6(500_000), xero: inXero(229.99) },
    },
    exceeds,
  ],
])

const twin = { xeroId: 'theirs', date: day('2026-10-10'), amount: money(115), reference: 'DD' }
const entered = (payment: Partial<typeof twin>, ours: string[] = []) => ({
  context: { xero: inXero(115, { payments: [{ ...twin, ...payment }], ours: new Set(ours) }) },
})
const duplicate = 'failed, payment-duplicate amount'
tests('entered on both sides (P5)', [
  ['the same', entered({}), duplicate],
  ['three days before', entered({ date: day('2026-10-07') }), duplicate],
  ['four days before', entered({ date: day('2026-10-06') }), 'send'],
  ['three days after', entered({ date: day('2026-10-13') }), duplicate],
  ['four days after', entered({ date: day('2026-10-14') }), 'send'],
  ['another amount', entered({ amount: money(114.99) }), 'send'],
  ['sent by us', entered({}, ['theirs']), 'send'],
  ['with a tag of ours', entered({ reference: 'DD #abcdefghij' }), 'send'],
  ['it is paid by that one: said once', { context: { xero: inXero(0, { payments: [twin] }) } }, duplicate],
])

const parent = (change: Parameters<typeof aParent>[0], rest: Situation = {}): Situation => ({
  ...rest,
  context: { parent: aParent(change) },
})
const notThere = { xeroId: null, xeroStatus: null }
const cutover = { settings: { cutover_date: '2026-10-06' } }
tests('the document that it pays (E4, M3)', [
  ['not in the ledger', { context: { parent: null } }, 'skipped, parent-not-exported document'],
  ['waiting', parent({ standing: 'waiting', ...notThere }), 'skipped, parent-not-exported document'],
  ['uncertain', parent({ standing: 'uncertain', ...notThere }), 'skipped, parent-not-exported document'],
  ['marked and not linked', parent(notThere), 'skipped, parent-not-exported document'],
  [
    'a draft in the ledger',
    parent({ status: 'draft', standing: 'waiting', ...notThere }),
    'skipped, parent-draft document',
  ],
  ['a draft in Xero', parent({ xeroStatus: 'DRAFT' }), 'skipped, parent-draft document'],
  ['waits for approval in Xero', parent({ xeroStatus: 'SUBMITTED' }), 'skipped, parent-draft document'],
  [
    'goes as a draft',
    parent({ standing: 'planned', ...notThere }, { settings: { document_status: 'draft' } }),
    'skipped, parent-draft document',
  ],
  ['void in the ledger', parent({ status: 'void' }), 'failed, parent-void document'],
  ['void in Xero', parent({ xeroStatus: 'VOIDED' }), 'failed, parent-void document'],
  ['before the cutover and linked', parent({}, cutover), 'send'],
  [
    'before the cutover',
    parent({ standing: 'waiting', ...notThere }, cutover),
    'none, before-cutover document',
  ],
  ['marked before the cutover and not linked', parent(notThere, cutover), 'none, before-cutover document'],
  [
    'on the cutover',
    parent({ date: day('2026-10-06'), standing: 'waiting', ...notThere }, cutover),
    'skipped, parent-not-exported document',
  ],
  ['a credit', parent({ kind: 'credit_note' }), 'failed, target-wrong-kind document'],
  ['an invoice below zero', parent({ total: money(-115) }), 'failed, target-wrong-kind document'],
  ['an order', parent({ kind: 'purchase_order' }), 'failed, target-wrong-kind document'],
  [
    'an order that is a bill in Xero',
    parent({ kind: 'purchase_order' }, { settings: { purchase_orders: 'bills' } }),
    'send',
  ],
])

tests('dates', [
  ['not in the calendar', { date: day('2026-02-30') }, 'failed, date-invalid date'],
  ['today', { date: day('2026-11-01') }, 'send'],
  ['tomorrow', { date: day('2026-11-02') }, 'none, future-dated date'],
  ['before the cutover', { settings: { cutover_date: '2026-10-11' } }, 'none, before-cutover date'],
  ['on the cutover', { settings: { cutover_date: '2026-10-10' } }, 'send'],
  [
    'received before it, applied after it',
    {
      settings: { cutover_date: '2026-10-11' },
      allocations: [{ document: 'doc-1', amount: money(115), date: day('2026-10-12') }],
    },
    'none, before-cutover date',
  ],
  [
    'received before it, applied out of the unapplied account after it',
    {
      settings: { cutover_date: '2026-10-11', receipts: 'clearing' },
      allocations: [{ document: 'doc-1', amount: money(115), date: day('2026-10-12') }],
    },
    'send',
  ],
  [
    'received before a mock export, applied after it',
    { context: { isReceiptMarked: true } },
    'none, before-cutover payment',
  ],
  [
    'received before a mock export, applied out of the unapplied account after it',
    { settings: { receipts: 'clearing' }, context: { isReceiptMarked: true } },
    'send',
  ],
  ['on the lock date', { organisation: { periodLockDate: day('2026-10-10') } }, 'failed, period-locked date'],
  ['after the lock date', { organisation: { periodLockDate: day('2026-10-09') } }, 'send'],
  [
    'on the end of year lock date',
    { organisation: { endOfYearLockDate: day('2026-10-10') } },
    'failed, period-locked date',
  ],
])

const dollars = { context: { parent: aParent({ currency: 'USD' }), isOneCurrency: false } }
const two = [
  { document: 'doc-1', amount: money(50), date: null },
  { document: 'doc-2', amount: money(50), date: null },
]
tests('currencies (P8)', [
  ['for one document the whole is the bank’s', dollars, 'send'],
  ['for two without a rate', { ...dollars, allocations: two }, 'failed, rate-missing exchangeRate'],
  ['for two with a rate', { ...dollars, allocations: two, exchangeRate: e6(600_000) }, 'send'],
  [
    'two foreign ones',
    { ...dollars, currency: 'EUR', allocations: two, exchangeRate: e6(600_000) },
    'failed, rate-missing exchangeRate',
  ],
])

const deposit = (receipt: Parameters<typeof aReceipt>[0], rest: Situation = {}): Situation => ({
  ...rest,
  kind: 'deposit',
  context: { receipt: aReceipt(receipt), ...rest.context },
})
tests('out of a prepayment (P4)', [
  ['in Xero', deposit({}), 'send'],
  ['goes before in this run', deposit({ standing: 'planned', xeroId: null }), 'send'],
  ['uncertain', deposit({ standing: 'uncertain', xeroId: null }), 'skipped, parent-not-exported payment'],
  [
    'not there',
    { kind: 'deposit', settings: { deposits: 'prepayment' } },
    'skipped, parent-not-exported payment',
  ],
  ['more than is left', deposit({ remaining: money(114.99) }), 'failed, credit-exceeds amount'],
  ['more than is due', deposit({}, { context: applied(1) }), 'failed, payment-exceeds-due amount'],
  ['another currency', deposit({}, { currency: 'USD' }), 'failed, currency-mismatch currency'],
  ['needs no account', deposit({}, { books: { roleAccounts: new Map() }, method: 'card' }), 'send'],
  ['may look like a payment in Xero', deposit({}, entered({})), 'send'],
])

const refund = (receipt: Partial<SentReceipt> | null, rest: Situation = {}): Situation => ({
  ...rest,
  kind: 'refund',
  refundOf: 'PAY-0',
  allocations: [],
  itself: true,
  context: { parent: null, receipt: receipt === null ? null : aReceipt(receipt), ...rest.context },
})
const credit = { context: { parent: aParent({ kind: 'credit_note' }) } }
tests('refunds (P8)', [
  ['of a credit', { kind: 'refund', ...credit }, 'send'],
  ['of an invoice', { kind: 'refund' }, 'failed, refund-target-missing document'],
  ['of an invoice below zero', { kind: 'refund', ...parent({ total: money(-115) }) }, 'send'],
  [
    'more than is left of the credit',
    { kind: 'refund', context: { ...credit.context, ...applied(0.01) } },
    exceeds,
  ],
  ['of a prepayment', refund({}), 'send'],
  ['of an overpayment', refund({ form: 'overpayment' }), 'send'],
  ['more than is left of it', refund({ remaining: money(114.99) }), 'failed, credit-exceeds amount'],
  [
    'of one that is not in Xero yet',
    refund({ standing: 'waiting', xeroId: null }),
    'skipped, parent-not-exported payment',
  ],
  ['of a payment that is applied', refund(null), 'failed, refund-target-missing refundOf'],
  ['of what a journal received', refund({ form: 'journal' }), 'send'],
  [
    'without an account',
    refund({}, { method: 'card', books: { roleAccounts: new Map() } }),
    'failed, payment-no-account account',
  ],
  [
    'in another currency',
    refund({}, { settings: { foreign_currency: 'base' }, currency: 'USD' }),
    'failed, rate-missing exchangeRate',
  ],
])

test('an account of payments that is only known by its id is found', () => {
  const found = anAccount('880', { accountId: '8f1d3a5e-0000-4000-8000-00000000000a', enablePayments: true })
  const books = moneyBooks()
  const mirror = books.mirror && { ...books.mirror, accounts: new Map([['880', found]]) }
  expect(brief({ account: found.accountId, books: { mirror } })).toBe('send')
})

test('the payments that are let through never sum above the total, in the ledger, in Xero, or converted', () => {
  const payments = fc.array(
    fc.record({ amount: fc.integer({ min: -10, max: 8_000 }), isNextRun: fc.boolean() }),
    { maxLength: 12 },
  )
  const rates = fc.option(fc.integer({ min: 100_000, max: 3_000_000 }))
  fc.assert(
    fc.property(payments, rates, fc.nat({ max: 3_000 }), (all, rate, entered) => {
      const convertedAt = rate === null ? null : e6(rate)
      const inDocument = { currency: 'USD', convertedAt }
      const total = cents(10_000)
      const totalInXero = sentAmount(total, cents(0), inDocument)
      // A person has entered a payment in Xero that the ledger does not know.
      const theirs = Math.min(entered, totalInXero)
      let before: Cents = cents(0)
      let planned: Cents = cents(0)
      let paidInXero = 0
      for (const { amount, isNextRun } of all) {
        if (isNextRun) {
          paidInXero += sentAmount(planned, before, inDocument)
          before = cents(before + planned)
          planned = cents(0)
        }
        const { verdict } = check({
          currency: 'USD',
          amount: cents(10_000),
          allocations: [{ document: 'doc-1', amount: cents(amount), date: null }],
          context: {
            parent: aParent({ currency: 'USD', total }),
            convertedAt,
            applied: { before, planned },
            xero: { amountDue: cents(totalInXero - theirs - paidInXero), payments: [], ours: new Set() },
          },
        })
        if (verdict === 'send') planned = cents(planned + amount)
      }
      expect(before + planned).toBeLessThanOrEqual(total)
      const paid = paidInXero + sentAmount(planned, before, inDocument)
      expect(paid + theirs).toBeLessThanOrEqual(totalInXero)
    }),
  )
})
