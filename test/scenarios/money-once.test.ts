// Money of one payment or credit is in Xero once, whatever the ledger does with it after it was sent: moved to another document,
// lowered, made another kind, posted by a journal of its own (P2, P4, P5, P8, N2). What was sent wrongly ends in Xero alone.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { day } from '../support/books.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

async function prepared(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(contactsSql(3) + roleAccountsSql() + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

type Run = Awaited<ReturnType<World['export']>>
const codes = (run: Run) => run.runs[0]?.failures.map(({ kind, id, code }) => `${kind} ${id} ${code}`)
const failed = (run: Run, kind: string) => run.runs[0]?.kinds[kind]?.failed

/** Everything in Xero that takes money off a document, or keeps it, as `what amount`. */
function money(w: World): string[] {
  const nameOf = (id: string) =>
    [...w.sandbox.invoices(), ...w.sandbox.creditNotes()].find((one) => one.id === id)?.number ?? id
  const live = <One extends { status: string }>(some: readonly One[]) =>
    some.filter(({ status }) => status !== 'DELETED' && status !== 'VOIDED')
  return [
    ...live(w.sandbox.payments()).map(({ target, amount }) => `${nameOf(target.id)} ${amount}`),
    ...live(w.sandbox.prepayments()).map(({ total }) => `prepayment ${total}`),
    ...live(w.sandbox.overpayments()).map(({ total }) => `overpayment ${total}`),
    ...live(w.sandbox.creditNotes()).flatMap(({ number, allocations }) =>
      allocations.map(({ invoiceId, amount }) => `${number} on ${nameOf(invoiceId)} ${amount}`),
    ),
  ].sort()
}

interface Moved {
  before: string
  change: string
  /** What refuses to go until a person has mended it in Xero; no other errors. */
  said: string[]
  /** What Xero has, before and after the change. */
  stays: string[]
  mend: (w: World) => void
  /** What Xero has then. */
  mended: string[]
  /** What is still said then, and from then on, since the ledger and Xero differ. */
  left?: string[]
  after?: string[]
}

const [I1, I2] = [invoiceSql({ id: 'I1' }), invoiceSql({ id: 'I2' })]
const P1 = paymentSql({ id: 'P1', amount: 11_500, applied: { I1: 11_500 } })
const moveTo = (document: string, payment = 'P1') =>
  `UPDATE payment_allocation SET document = '${document}' WHERE payment = '${payment}';`

function deletePayment(w: World): void {
  asPerson(w, ({ money: hand }) => hand.deletePayment(w.sandbox.payments()[0]?.id ?? ''))
}

const moved: [string, Moved][] = [
  [
    'a payment of one invoice becomes one of another (row updated)',
    {
      before: I1 + I2 + P1,
      change: moveTo('I2'),
      said: ['payment P1/I2 payment-moved'],
      stays: ['INV-I1 11500'],
      mend: deletePayment,
      mended: ['INV-I2 11500'],
    },
  ],
  [
    'the same, the row deleted and another inserted',
    {
      before: I1 + I2 + P1,
      change: `DELETE FROM payment_allocation; INSERT INTO payment_allocation VALUES ('P1', 'I2', 11500, NULL);`,
      said: ['payment P1/I2 payment-moved'],
      stays: ['INV-I1 11500'],
      mend: deletePayment,
      mended: ['INV-I2 11500'],
    },
  ],
  [
    'some of a payment moves, and the sum would still be within it',
    {
      before: I1 + I2 + paymentSql({ id: 'P1', amount: 11_500, applied: { I1: 5_000 } }),
      change: moveTo('I2'),
      said: ['payment P1/I2 payment-moved'],
      stays: ['INV-I1 5000'],
      mend: deletePayment,
      mended: ['INV-I2 5000'],
    },
  ],
  [
    'a foreign payment moves: what it is there is not added up',
    {
      before:
        settingSql('foreign_currency', 'base') +
        ['I1', 'I2'].map((id) => invoiceSql({ id, currency: 'USD', exchangeRateE6: 600_000 })).join('') +
        paymentSql({ id: 'P1', currency: 'USD', exchangeRateE6: 600_000, applied: { I1: 11_500 } }),
      change: moveTo('I2'),
      said: ['payment P1/I2 payment-moved'],
      stays: ['INV-I1 19167'],
      mend: deletePayment,
      mended: ['INV-I2 19167'],
    },
  ],
  [
    'less of it is on its invoice, and the rest would be an overpayment',
    {
      before: settingSql('remainders', 'overpayment') + I1 + P1,
      change: 'UPDATE payment_allocation SET amount_cents = 5000;',
      said: ['payment P1/I1 edited-after-export', 'receipt P1 payment-moved'],
      stays: ['INV-I1 11500'],
      mend: deletePayment,
      mended: ['overpayment 6500'],
      left: ['payment P1/I1 edited-after-export'],
      after: ['payment P1/I1 edited-after-export'],
    },
  ],
  [
    'a deposit that went as a payment is applied to nothing, and would be a prepayment',
    {
      before: I1 + depositSql({ id: 'P1', amount: 11_500, applied: { I1: 11_500 } }),
      change: `${settingSql('deposits', 'prepayment')} DELETE FROM payment_allocation;`,
      said: ['receipt P1 payment-moved'],
      stays: ['INV-I1 11500'],
      mend: deletePayment,
      mended: ['prepayment 11500'],
    },
  ],
  [
    'a payment becomes a discount',
    {
      before: I1 + paymentSql({ id: 'P1', amount: 2_000, applied: { I1: 2_000 } }),
      change: `UPDATE payment SET kind = 'discount', account = NULL;`,
      said: ['discount P1/I1 payment-moved'],
      stays: ['INV-I1 2000'],
      mend: deletePayment,
      mended: ['INV-I1-D1 on INV-I1 2000'],
    },
  ],
  [
    'a discount moves to another invoice',
    {
      before: I1 + I2 + discountSql({ id: 'P1', applied: { I1: 2_000 } }),
      change: moveTo('I2'),
      said: ['discount P1/I2 payment-moved'],
      stays: ['INV-I1-D1 on INV-I1 2000'],
      mend: (w) => {
        const [credit] = w.sandbox.creditNotes()
        asPerson(w, ({ money: hand }) => {
          hand.removeAllocation(credit?.id ?? '', credit?.allocations[0]?.id ?? '')
          hand.voidCreditNote(credit?.id ?? '')
        })
      },
      mended: ['INV-I2-D1 on INV-I2 2000'],
    },
  ],
  [
    'a credit is applied to another invoice',
    {
      before: I1 + I2 + documentSql('credit_note', { id: 'C1' }) + creditAllocationSql('C1', 'I1', 5_000),
      change: `UPDATE credit_allocation SET document = 'I2';`,
      said: ['allocation C1/I2 payment-moved'],
      stays: ['CN-C1 on INV-I1 5000'],
      mend: (w) => {
        const [credit] = w.sandbox.creditNotes()
        asPerson(w, ({ money: hand }) =>
          hand.removeAllocation(credit?.id ?? '', credit?.allocations[0]?.id ?? ''),
        )
      },
      mended: ['CN-C1 on INV-I2 5000'],
    },
  ],
  [
    'an overpayment is there, and its payment pays an invoice in full that waited',
    {
      before:
        settingSql('remainders', 'overpayment') +
        invoiceSql({ id: 'I1', status: 'draft' }) +
        paymentSql({ id: 'P1', amount: 11_500, applied: { I1: 5_000 } }),
      change: `UPDATE document SET status = 'sent'; UPDATE payment_allocation SET amount_cents = 11500;`,
      said: ['payment P1/I1 payment-moved', 'receipt P1 edited-after-export'],
      stays: ['overpayment 6500'],
      mend: (w) => {
        asPerson(w, ({ money: hand }) => hand.voidDeposit(w.sandbox.overpayments()[0]?.id ?? ''))
      },
      mended: ['INV-I1 11500'],
    },
  ],
  [
    'a journal that is the payment is named by a payment of its own',
    {
      before:
        I1 +
        journalSql({
          id: 'J1',
          kind: 'invoice_payment',
          document: 'I1',
          lines: [
            ['090', 2_000],
            ['610', -2_000],
          ],
        }),
      change: `${paymentSql({ id: 'P1', applied: { I1: 2_000 } })} UPDATE journal SET payment = 'P1';`,
      said: ['journal J1 kind-changed', 'payment P1/I1 payment-moved'],
      stays: ['INV-I1 2000'],
      mend: deletePayment,
      mended: ['INV-I1 2000'],
    },
  ],
]

describe('what was moved in the ledger after it was sent goes out once its old place in Xero is empty', () => {
  test.each(moved)('%s', async (_, { before, change, said, stays, mend, mended, left = [], after = [] }) => {
    const w = await prepared(before)
    await w.export()
    expect(money(w)).toEqual(stays)
    w.sql(change)
    expect(codes(await w.export('--dry-run'))?.sort()).toEqual(said)
    const run = await w.export()
    expect(codes(run)?.sort(), run.err + run.out).toEqual(said)
    expect(run.code).toBe(1)
    expect(money(w)).toEqual(stays)
    expect(codes(await w.export())?.sort()).toEqual(said)
    expect(brokenPromises(w)).toEqual([])

    mend(w)
    const again = await w.export()
    expect(codes(again), again.err + again.out).toEqual(left)
    expect(money(w)).toEqual(mended)
    expect(codes(await w.export())).toEqual(after)
    expect(money(w)).toEqual(mended)
    expect(brokenPromises(w)).toEqual([])
  })
})

test('while nobody knows whether Xero has what was moved, nothing is sent beside it (P1)', async () => {
  const w = await prepared(I1 + I2 + P1)
  w.sandbox.fault({ method: 'PUT', path: '/Payments', kind: 'drop-after-commit', times: 1 })
  await w.export()
  w.sql(moveTo('I2'))
  const run = await w.export()
  expect(run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)).toEqual(['P1/I2 payment-moved'])
  expect(money(w)).toEqual(['INV-I1 11500'])
  expect(brokenPromises(w)).toEqual([])
})

test('what was moved and put back is as it was', async () => {
  const w = await prepared(I1 + I2 + P1)
  await w.export()
  w.sql(moveTo('I2'))
  await w.export()
  w.sql(moveTo('I1'))
  const run = await w.export()
  expect(run.runs[0]).toMatchObject({ state: 'nothing', failures: [] })
  expect(money(w)).toEqual(['INV-I1 11500'])
  expect(brokenPromises(w)).toEqual([])
})

test('payments as journals are held to what is due over pages and chunks (P5)', async () => {
  const many = Array.from({ length: 200 }, (_, index) => `Q${index}`)
  const w = await prepared(
    settingSql('ar_style', 'journals') +
      I1 +
      invoiceSql({ id: 'I2', lines: [{ amount: 1_000_000, tax: 150_000 }] }) +
      paymentSql({ id: 'P-A', amount: 10_000, date: '2026-11-08', applied: { I1: 10_000 } }) +
      many.map((id) => paymentSql({ id, amount: 100, date: '2026-11-09', applied: { I2: 100 } })).join('') +
      paymentSql({ id: 'P-B', amount: 10_000, date: '2026-11-10', applied: { I1: 10_000 } }),
  )
  const forecast = await w.export('--dry-run')
  expect(codes(forecast)).toEqual(['payment P-B/I1 payment-exceeds-due'])
  const run = await w.export()
  expect(codes(run), run.err).toEqual(['payment P-B/I1 payment-exceeds-due'])
  expect(w.sandbox.manualJournals()).toHaveLength(203)
  expect(brokenPromises(w)).toEqual([])
})

test('what a look-up found minutes later is asked for again: a person may have paid it meanwhile (P5)', async () => {
  const w = await prepared(I1 + paymentSql({ id: 'P1', applied: { I1: 5_000 } }))
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'drop-after-commit', times: 9 })
  let isPaid = false
  w.onExchange = ({ method, url }) => {
    const [invoice] = w.sandbox.invoices()
    if (isPaid || !invoice || method !== 'GET' || !url.includes('/Invoices')) return
    isPaid = true
    asPerson(w, ({ money: hand }) => hand.pay(invoice.id, { amount: cents(5_000), date: day('2026-11-10') }))
  }
  const run = await w.export('--wait')
  expect(codes(run), run.err).toEqual(['payment P1/I1 payment-duplicate'])
  expect(money(w)).toEqual(['INV-I1 5000'])
  expect(brokenPromises(w)).toEqual([])
})

describe('changes that were refused are counted as failed, in a plan as in a run', () => {
  test.each<[string, string, string, string, string]>([
    ['a payment', I1 + P1, 'UPDATE payment_allocation SET amount_cents = 5000', 'payment', 'P1/I1'],
    [
      'a credit that is applied',
      I1 + documentSql('credit_note', { id: 'C1' }) + creditAllocationSql('C1', 'I1', 5_000),
      'UPDATE credit_allocation SET amount_cents = 4000',
      'allocation',
      'C1/I1',
    ],
  ])('%s', async (_, before, change, kind, id) => {
    const w = await prepared(before)
    expect((await w.export()).code).toBe(0)
    w.sql(change)
    for (const flags of [['--dry-run'], [], []]) {
      const run = await w.export(...flags)
      expect(run.runs[0]?.failures.map((failure) => failure.id)).toEqual([id])
      expect(failed(run, kind), flags.join()).toBe(1)
      expect(run.runs[0]?.state).toBe('partial')
    }
  })

  test('a paid invoice, which only Xero can tell', async () => {
    const w = await prepared(I1 + P1)
    await w.export()
    w.sql(`UPDATE document_line SET account = '260' WHERE document = 'I1'`)
    const run = await w.export()
    expect(codes(run)).toEqual(['invoice I1 edited-after-payment'])
    expect(failed(run, 'invoice')).toBe(1)
  })

  test('one that Xero refuses whole', async () => {
    const w = await prepared(I1)
    await w.export()
    w.sql(`UPDATE document SET reference = 'UNREADABLE' WHERE id = 'I1'`)
    w.sandbox.fault({
      method: 'POST',
      path: '/Invoices',
      kind: 'refuse-whole',
      times: 99,
      containing: 'UNREADABLE',
    })
    const run = await w.export()
    expect(failed(run, 'invoice')).toBe(1)
    expect(brokenPromises(w)).toEqual([])
  })
})
