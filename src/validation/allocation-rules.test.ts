// Credits applied to documents (N2) and payment discounts (N4): one table each. As built both are sent.

import { describe, expect, test } from 'vitest'
import { aContact, anInvoice, day, money } from '../../test/support/books.ts'
import { aCreditAllocation, aParent, aPayment, moneyBooks } from '../../test/support/payments.ts'
import type { CreditAllocation, LedgerPayment } from '../accounting/documents.ts'
import { cents, e6 } from '../accounting/money.ts'
import type { SettingName } from '../accounting/settings.ts'
import { discountDocument } from '../mapping/discount.ts'
import { mapDocument } from '../mapping/document.ts'
import {
  type AllocationCheckContext,
  checkAllocation,
  checkDiscount,
  type DiscountCheckContext,
} from './allocation-rules.ts'
import { checkDocument } from './rules.ts'

type Settings = Partial<Record<SettingName, string>>
const nothing = { before: cents(0), planned: cents(0) }
const applied = (before: number, planned = 0) => ({ before: money(before), planned: money(planned) })
const aCredit = (credit: Parameters<typeof aParent>[0] = {}) =>
  aParent({
    id: 'credit-1',
    kind: 'credit_note',
    number: 'CN-1',
    total: money(60),
    xeroId: 'xero-credit-1',
    ...credit,
  })

function brief(findings: readonly { code: string; field: string | null }[], verdict: string) {
  return [verdict, ...findings.map(({ code, field }) => `${code} ${field}`)].join(', ')
}

interface Situation extends Partial<CreditAllocation> {
  settings?: Settings
  context?: Partial<AllocationCheckContext>
}

/** 50.00 of a credit note of 60.00, dated as the credit: 5 October. */
function check({ settings, context, ...allocation }: Situation) {
  return checkAllocation(aCreditAllocation(allocation), {
    thing: { kind: 'allocation', id: 'credit-1/doc-1' },
    books: moneyBooks({ settings: settings ?? {} }),
    today: day('2026-11-01'),
    credit: aCredit(),
    document: aParent(),
    ofCredit: nothing,
    onDocument: nothing,
    convertedAt: null,
    moved: [],
    xero: null,
    isOneContactInXero: false,
    ...context,
  })
}

const exceeds = 'failed, credit-exceeds amount'
describe('allocations of credits (N2)', () => {
  const planned = { standing: 'planned', xeroId: null, xeroStatus: null } as const
  const purchase = { credit: aCredit({ kind: 'supplier_credit' }), document: aParent({ kind: 'bill' }) }
  test.each<[string, Situation, string]>([
    ['as built', {}, 'send'],
    ['all of the credit', { amount: money(60) }, 'send'],
    ['a cent above the credit', { amount: money(60.01) }, exceeds],
    ['taken by others before', { context: { ofCredit: applied(10.01) } }, exceeds],
    ['taken by others in this run', { context: { ofCredit: applied(0, 10.01) } }, exceeds],
    ['Xero has it left', { context: { xero: { remainingCredit: money(50), amountDue: null } } }, 'send'],
    [
      'Xero has less left',
      { context: { xero: { remainingCredit: money(49.99), amountDue: null } } },
      exceeds,
    ],
    [
      'Xero has less left after this run’s others',
      { context: { ofCredit: applied(0, 5), xero: { remainingCredit: money(54), amountDue: null } } },
      exceeds,
    ],
    ['all that is due', { context: { document: aParent({ total: money(50) }) } }, 'send'],
    [
      'more than is due',
      { context: { document: aParent({ total: money(49) }) } },
      'failed, payment-exceeds-due amount',
    ],
    [
      'more than is due by others',
      { context: { onDocument: applied(65, 1) } },
      'failed, payment-exceeds-due amount',
    ],
    [
      'more than is due in Xero',
      { context: { xero: { remainingCredit: null, amountDue: money(49) } } },
      'failed, payment-exceeds-due amount',
    ],
    ['nothing', { amount: cents(0) }, 'failed, amount-invalid amount'],
    ['both go in this run', { context: { credit: aCredit(planned), document: aParent(planned) } }, 'send'],
    [
      'the credit waits',
      { context: { credit: aCredit({ ...planned, standing: 'waiting' }) } },
      'skipped, parent-not-exported document',
    ],
    [
      'the credit is a draft',
      { context: { credit: aCredit({ xeroStatus: 'DRAFT' }) } },
      'skipped, parent-draft document',
    ],
    [
      'the document waits',
      { context: { document: aParent({ ...planned, standing: 'waiting' }) } },
      'skipped, parent-not-exported document',
    ],
    ['the ledger lacks the credit', { context: { credit: null } }, 'skipped, parent-not-exported document'],
    ['purchases', { context: purchase }, 'send'],
    ['purchases under sales as journals', { settings: { ar_style: 'journals' }, context: purchase }, 'send'],
    ['sales as journals', { settings: { ar_style: 'journals' } }, 'none'],
    ['made in Xero', { origin: 'external' }, 'none'],
    [
      'of the other side',
      { context: { document: aParent({ kind: 'bill' }) } },
      'failed, target-wrong-kind document',
    ],
    [
      'onto a credit',
      { context: { document: aParent({ kind: 'credit_note' }) } },
      'failed, target-wrong-kind document',
    ],
    ['of an invoice', { context: { credit: aParent() } }, 'failed, target-wrong-kind document'],
    ['of an invoice below zero', { context: { credit: aParent({ total: money(-60) }) } }, 'send'],
    [
      'another contact',
      { context: { document: aParent({ contact: 'OTHER' }) } },
      'failed, contact-differs contact',
    ],
    [
      'two codes, one contact in Xero',
      { context: { document: aParent({ contact: 'OTHER' }), isOneContactInXero: true } },
      'send',
    ],
    [
      'another currency',
      { context: { document: aParent({ currency: 'USD' }) } },
      'failed, currency-mismatch currency',
    ],
    ['before the cutover', { settings: { cutover_date: '2026-10-06' } }, 'none, before-cutover date'],
    [
      'of an old credit, after the cutover',
      { settings: { cutover_date: '2026-10-06' }, date: day('2026-10-07') },
      'send',
    ],
    ['of the future', { date: day('2026-11-02') }, 'none, future-dated date'],
    [
      'posted in base currency',
      {
        context: {
          credit: aCredit({ currency: 'USD' }),
          document: aParent({ currency: 'USD' }),
          convertedAt: e6(500_000),
          xero: { remainingCredit: money(100), amountDue: money(100) },
        },
      },
      'send',
    ],
  ])('%s', (_, situation, expected) => {
    const { findings, verdict } = check(situation)
    expect(brief(findings, verdict)).toBe(expected)
  })

  test('what people call it', () => {
    expect(check({ amount: money(61) }).reason).toBe(
      'Allocation CN-1 on INV-1 is 61.00, and only 60.00 is left of credit note CN-1.',
    )
  })
})

interface DiscountSituation extends Partial<LedgerPayment> {
  settings?: Settings
  books?: Parameters<typeof moneyBooks>[0]
  context?: Partial<DiscountCheckContext>
}

function checkOne({ settings, books, context, ...payment }: DiscountSituation) {
  const allocations = [{ document: 'doc-1', amount: money(5), date: null }]
  const discount = aPayment({ kind: 'discount', amount: money(5), allocations, ...payment })
  const [allocation = { document: 'doc-1', amount: cents(0), date: null }] = discount.allocations
  return checkDiscount(discount, allocation, {
    thing: { kind: 'discount', id: 'PAY-1/doc-1' },
    books: moneyBooks({ settings: settings ?? {}, ...books }),
    today: day('2026-11-01'),
    parent: aParent(),
    convertedAt: null,
    applied: nothing,
    moved: [],
    xero: null,
    ...context,
  })
}

describe('payment discounts (N4)', () => {
  const waiting = aParent({ standing: 'waiting', xeroId: null, xeroStatus: null })
  test.each<[string, DiscountSituation, string]>([
    ['as built', {}, 'send'],
    ['of a bill', { context: { parent: aParent({ kind: 'bill' }) } }, 'send'],
    ['no account', { books: { roleAccounts: new Map() } }, 'failed, account-missing account'],
    ['more than is due', { context: { applied: applied(110, 0.01) } }, 'failed, payment-exceeds-due amount'],
    [
      'more than is due in Xero',
      { context: { xero: { amountDue: money(4.99) } } },
      'failed, payment-exceeds-due amount',
    ],
    ['the invoice waits', { context: { parent: waiting } }, 'skipped, parent-not-exported document'],
    [
      'of a credit',
      { context: { parent: aParent({ kind: 'credit_note' }) } },
      'failed, target-wrong-kind document',
    ],
    [
      'of an order',
      { context: { parent: aParent({ kind: 'purchase_order' }) } },
      'failed, target-wrong-kind document',
    ],
    [
      'nothing',
      { allocations: [{ document: 'doc-1', amount: cents(0), date: null }] },
      'failed, amount-invalid amount',
    ],
    ['before the cutover', { settings: { cutover_date: '2026-10-11' } }, 'none, before-cutover date'],
    ['of the future', { date: day('2026-11-02') }, 'none, future-dated date'],
    ['payments are not sent', { settings: { payments: 'from_xero' } }, 'none'],
    ['no discount', { kind: 'payment' }, 'none'],
  ])('%s', (_, situation, expected) => {
    const { findings, verdict } = checkOne(situation)
    expect(brief(findings, verdict)).toBe(expected)
  })
})

test.each([
  ['invoice', 'invoices', 'credit_note'],
  ['invoice', 'journals', 'journal'],
  ['bill', 'journals', 'credit_note'],
] as const)('a discount on a %s under ar_style=%s is a %s', (kind, style, form) => {
  expect(checkOne({ settings: { ar_style: style }, context: { parent: aParent({ kind }) } }).form).toBe(form)
})

test.each(['invoice', 'bill'] as const)(
  'the credit of a discount on a %s goes out like any other',
  (kind) => {
    const books = moneyBooks()
    const account = kind === 'bill' ? '400' : '200'
    const lined = { ...books, roleAccounts: new Map([['discount', account] as const]) }
    const invoice = anInvoice({ kind })
    const allocation = { document: 'doc-1', amount: money(11.5), date: null }
    const discount = aPayment({ kind: 'discount', amount: money(11.5), allocations: [allocation] })
    const naming = { books: lined, id: 'PAY-1/doc-1', number: 'INV-1-D1' }
    const document = discountDocument(discount, allocation, invoice, naming)
    if (!document) throw new Error('no discount')
    const findings = checkDocument(document, {
      books: lined,
      today: day('2026-11-01'),
      contact: aContact(),
      contactLink: null,
      numberSharedBy: [],
      numberTakenInXero: [],
      duplicatesOfName: [],
      exportedBefore: null,
      leftInXero: null,
      order: null,
      otherCredits: [],
      orderIsBilled: false,
      orderWasPosted: false,
    })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const { facts } = mapDocument(document, { books: lined, xeroContactId: 'xero-contact-1' })
    expect(facts).toMatchObject({
      type: kind === 'bill' ? 'ACCPAYCREDIT' : 'ACCRECCREDIT',
      number: 'INV-1-D1',
      totalCents: 1_150,
      taxCents: 150,
    })
  },
)
