// Payments of customers and to suppliers: each reaches Xero once, on its own document, whatever happens on the way and whoever
// works in Xero meanwhile (P1, P2, P3, P5, P7, P8, M3). Deposits and receipts are receipts.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import { paymentSql, refundSql } from '../support/workload-money.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function prepared(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(3) + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

type Run = Awaited<ReturnType<World['export']>>
const kinds = (run: Run) => run.runs[0]?.kinds
const codes = (run: Run) => run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)
const writes = (w: World, path: string) =>
  w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes(path)).length
/** Beside the feeds of the pull, which every run asks for. */
const reads = (w: World, path: string) =>
  w.exchanges.filter(({ method, url }) => method === 'GET' && url.includes(path) && !isFeed(url)).length
const isFeed = (url: string) => url.includes('page=1&pageSize=1000')

/** Payments in Xero, deleted ones aside, as `document amount account`. */
function paid(w: World): string[] {
  const [organisation] = w.sandbox.organisations
  const nameOf = (id: string) =>
    [...w.sandbox.invoices(), ...w.sandbox.creditNotes()].find((one) => one.id === id)?.number ?? id
  return w.sandbox
    .payments()
    .filter(({ status }) => status === 'AUTHORISED')
    .map(({ target, amount, accountId }) => {
      const account = organisation?.accounts.get(accountId)
      return `${nameOf(target.id)} ${amount} ${account?.code ?? account?.name}`
    })
    .sort()
}

/** Until Xero can have stored whatever it was going to store. */
async function later(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
}

/** An invoice of 115.00, paid in full on the 10th. */
const invoiceAndPayment = invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 } })

test('payments go out after their invoices in the same run, 100 in a call, and once only (P1)', async () => {
  const many = Array.from({ length: 120 }, (_, index) => `I${index}`)
  const w = await prepared(
    many.map((id) => invoiceSql({ id }) + paymentSql({ id: `P-${id}`, applied: { [id]: 11_500 } })).join(''),
  )
  const first = await w.export()
  expect(first.code, first.err + first.out).toBe(0)
  expect(kinds(first)?.['payment']).toMatchObject({ exported: 120, remaining: 0 })
  expect(writes(w, '/Payments')).toBe(2)
  expect(paid(w)).toHaveLength(120)
  expect(w.sandbox.invoices().every(({ status }) => status === 'PAID')).toBe(true)
  expect(brokenPromises(w)).toEqual([])

  const before = w.exchanges.length
  const second = await w.export()
  expect(second.runs[0]).toMatchObject({ state: 'nothing', chunks: [] })
  expect(
    w.exchanges
      .slice(before)
      .filter(({ method, url }) => method === 'PUT' || (/Payments|IDs=/.test(url) && !isFeed(url))),
  ).toEqual([])
  expect(w.query('SELECT 1 FROM export_state WHERE queued = 1')).toEqual([])
})

describe('the account that a payment goes to (P1, P2, P3)', () => {
  test('its journal’s, its own, its method’s, else the clearing account', async () => {
    const w = await prepared(
      ['I1', 'I2', 'I3', 'I4'].map((id) => invoiceSql({ id })).join('') +
        paymentSql({ id: 'P1', applied: { I1: 11_500 }, account: '880' }) +
        paymentSql({ id: 'P2', applied: { I2: 11_500 }, account: '880' }) +
        paymentSql({ id: 'P3', applied: { I3: 11_500 }, method: 'card' }) +
        paymentSql({ id: 'P4', applied: { I4: 11_500 }, account: null }) +
        `INSERT INTO payment_method_map (entity, method, xero_account) VALUES ('NZ01', 'card', '090');
         INSERT INTO role_account VALUES ('NZ01', 'clearing', '855');
         INSERT INTO journal (id, entity, kind, date, status, payment) VALUES ('J1', 'NZ01', 'invoice_payment', '2026-11-10', 'posted', 'P1');
         INSERT INTO journal_line (journal, position, account, amount_cents) VALUES ('J1', 1, '970', 11500), ('J1', 2, '610', -11500);`,
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 970', 'INV-I2 11500 880', 'INV-I3 11500 090', 'INV-I4 11500 855'])
    // The journal gave its account and is nothing by itself.
    expect(w.sandbox.manualJournals()).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('without any the payment is not sent, its invoice stays open, and the finding says so; then it goes', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 }, account: null }),
    )
    const first = await w.export()
    expect(first.code).toBe(1)
    expect(codes(first)).toEqual(['P1/I1 payment-no-account'])
    expect(first.runs[0]?.failures[0]?.message).toContain('stays open (AUTHORISED)')
    expect(kinds(first)).toMatchObject({ invoice: { exported: 1 }, payment: { failed: 1, remaining: 1 } })
    expect(w.sandbox.invoices()[0]?.status).toBe('AUTHORISED')
    w.sql(`INSERT INTO role_account VALUES ('NZ01', 'clearing', '855')`)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 855'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('an account that takes no payments in Xero is said before anything is sent', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 }, account: '200' }),
    )
    expect(codes(await w.export())).toEqual(['P1/I1 account-not-payable'])
    expect(writes(w, '/Payments')).toBe(0)
  })
})

describe('which way payments go (P1)', () => {
  test.each(['from_xero', 'none'])('%s: none is sent, counted or found wrong', async (value) => {
    const w = await prepared(
      settingSql('payments', value) + invoiceAndPayment + paymentSql({ id: 'P2', applied: {}, amount: 0 }),
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(kinds(run)).toMatchObject({ invoice: { exported: 1 }, payment: { exported: 0, remaining: 0 } })
    expect(paid(w)).toEqual([])
    // Nothing is forgotten: set otherwise, they go.
    w.sql("UPDATE setting SET value = 'both' WHERE name = 'payments'")
    await w.export()
    expect(paid(w)).toEqual(['INV-I1 11500 090'])
  })

  test('to_xero: they are', async () => {
    const w = await prepared(settingSql('payments', 'to_xero') + invoiceAndPayment)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 090'])
  })

  test('payments to suppliers are payments of bills', async () => {
    const w = await prepared(
      documentSql('bill', { id: 'B1' }) + paymentSql({ id: 'P1', applied: { B1: 11_500 } }),
    )
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.payments().map(({ type, amount }) => `${type} ${amount}`)).toEqual([
      'ACCPAYPAYMENT 11500',
    ])
    expect(brokenPromises(w)).toEqual([])
  })
})

test('one receipt pays several invoices, each its part, and what is left is said and kept (P8)', async () => {
  const w = await prepared(
    ['I1', 'I2', 'I3'].map((id) => invoiceSql({ id })).join('') +
      paymentSql({ id: 'R1', amount: 30_000, applied: { I1: 11_500, I2: 11_500, I3: 5_000 } }),
  )
  const first = await w.export()
  expect(first.code, first.err).toBe(0)
  expect(paid(w)).toEqual(['INV-I1 11500 090', 'INV-I2 11500 090', 'INV-I3 5000 090'])
  expect(kinds(first)).toMatchObject({ payment: { exported: 3, remaining: 0 }, prepayment: { remaining: 0 } })
  const heldBy = () =>
    w.query<{ code: string; severity: string }>("SELECT code, severity FROM finding WHERE kind = 'receipt'")
  expect(heldBy()).toEqual([{ code: 'remainder-held', severity: 'warning' }])

  // Told again by every run, until the rest is applied.
  const second = await w.export()
  expect(second.runs[0]?.state).toBe('nothing')
  expect(heldBy()).toHaveLength(1)
  w.sql(`UPDATE payment_allocation SET amount_cents = 5000 WHERE payment = 'R1' AND document = 'I3';
         ${invoiceSql({ id: 'I4' })} INSERT INTO payment_allocation VALUES ('R1', 'I4', 2000, NULL);`)
  expect((await w.export()).code).toBe(0)
  expect(paid(w)).toContain('INV-I4 2000 090')
  expect(brokenPromises(w)).toEqual([])
})

test('a payment whose invoice is refused waits, says why, and goes with it next time (E4)', async () => {
  const w = await prepared(
    invoiceAndPayment +
      invoiceSql({ id: 'I2', account: '999' }) +
      paymentSql({ id: 'P2', applied: { I2: 11_500 } }),
  )
  const first = await w.export()
  expect(first.code).toBe(1)
  expect(kinds(first)).toMatchObject({
    invoice: { exported: 1, failed: 1 },
    payment: { exported: 1, skipped: 1, remaining: 1 },
  })
  expect(w.query("SELECT source_id, reason FROM export_state WHERE state = 'skipped'")).toMatchObject([
    { source_id: 'P2/I2', reason: expect.stringContaining('is not in Xero yet') },
  ])
  w.sql("UPDATE document_line SET account = '200' WHERE document = 'I2'")
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(paid(w)).toEqual(['INV-I1 11500 090', 'INV-I2 11500 090'])
  expect(brokenPromises(w)).toEqual([])
})

test('ids with slashes and percent signs are told apart, and shown', async () => {
  const w = await prepared(
    invoiceSql({ id: 'A/1' }) +
      invoiceSql({ id: '1' }) +
      paymentSql({ id: 'P', applied: { 'A/1': 11_500 } }) +
      paymentSql({ id: 'P/A', applied: { '1': 6_000 } }) +
      paymentSql({ id: 'P%2FA', applied: { '1': 5_500 } }),
  )
  expect((await w.export()).code).toBe(0)
  expect(paid(w)).toEqual(['INV-1 5500 090', 'INV-1 6000 090', 'INV-A/1 11500 090'])
  const shown = JSON.parse((await w.must(['show', 'INV-1', '--json'])).out) as {
    payments: { id: string; amount: string; xeroId: string }[]
  }
  const idOf = (amount: number) => w.sandbox.payments().find((one) => one.amount === amount)?.id
  expect(shown.payments).toMatchObject([
    { id: 'P%2FA', amount: '55.00', xeroId: idOf(5_500) },
    { id: 'P/A', amount: '60.00', xeroId: idOf(6_000) },
  ])
  expect(brokenPromises(w)).toEqual([])
})

describe('never above what is due, and never what was entered on both sides (P5)', () => {
  test('the same payment, entered in Xero within three days, is reported and not sent twice', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export()
    const [invoice] = w.sandbox.invoices()
    asPerson(w, (person) =>
      person.money.pay(invoice?.id ?? '', { amount: cents(11_500), date: '2026-11-12' as never }),
    )
    w.sql(paymentSql({ id: 'P1', applied: { I1: 11_500 } }))
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(codes(run)).toEqual(['P1/I1 payment-duplicate'])
    expect(writes(w, '/Payments')).toBe(0)
    // Deleted on one side, nothing stands against the other.
    asPerson(w, (person) => person.money.deletePayment(w.sandbox.payments()[0]?.id ?? ''))
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 090'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('what somebody paid in Xero meanwhile leaves less due than the ledger thinks', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export()
    asPerson(w, (person) =>
      person.money.pay(w.sandbox.invoices()[0]?.id ?? '', {
        amount: cents(5_000),
        date: '2026-11-04' as never,
      }),
    )
    w.sql(paymentSql({ id: 'P1', applied: { I1: 11_500 } }))
    const run = await w.export()
    expect(codes(run)).toEqual(['P1/I1 payment-exceeds-due'])
    expect(run.runs[0]?.failures[0]?.message).toContain('only 65.00 is due')
    expect(writes(w, '/Payments')).toBe(0)
    w.sql(
      "UPDATE payment SET amount_cents = 6500 WHERE id = 'P1'; UPDATE payment_allocation SET amount_cents = 6500",
    )
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })

  test('of what still fits in the ledger, only as much goes as is due in Xero', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export()
    asPerson(w, (person) =>
      person.money.pay(w.sandbox.invoices()[0]?.id ?? '', {
        amount: cents(5_000),
        date: '2026-11-04' as never,
      }),
    )
    w.sql(paymentSql({ id: 'P1', applied: { I1: 6_000 } }) + paymentSql({ id: 'P2', applied: { I1: 5_500 } }))
    const run = await w.export()
    expect(codes(run)).toEqual(['P2/I1 payment-exceeds-due'])
    expect(run.runs[0]?.failures[0]?.message).toContain('only 5.00 is due')
    expect(paid(w)).toEqual(['INV-I1 5000 090', 'INV-I1 6000 090'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('nothing is paid on what somebody voided in Xero', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export()
    asPerson(w, (person) => person.voidInvoice(w.sandbox.invoices()[0]?.id ?? ''))
    w.sql(paymentSql({ id: 'P1', applied: { I1: 11_500 } }))
    expect(codes(await w.export())).toEqual(['P1/I1 parent-void'])
    expect(writes(w, '/Payments')).toBe(0)
  })

  test('of payments that together are too much, those that fit go out', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) +
        paymentSql({ id: 'P1', applied: { I1: 8_000 } }) +
        paymentSql({ id: 'P2', applied: { I1: 8_000 } }) +
        paymentSql({ id: 'P3', applied: { I1: 3_500 } }),
    )
    const planned = await w.export('--dry-run')
    expect(codes(planned)).toEqual(['P2/I1 payment-exceeds-due'])
    const run = await w.export()
    expect(codes(run)).toEqual(['P2/I1 payment-exceeds-due'])
    expect(paid(w)).toEqual(['INV-I1 3500 090', 'INV-I1 8000 090'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('invoices of an earlier run are read 40 in a call before they are paid, those of this run not at all', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `I${index}`)
    const paidAtOnce = invoiceSql({ id: 'X1' }) + paymentSql({ id: 'P-X1', applied: { X1: 11_500 } })
    const w = await prepared(ids.map((id) => invoiceSql({ id })).join('') + paidAtOnce)
    await w.export()
    expect(reads(w, 'IDs=')).toBe(0)
    w.sql(ids.map((id) => paymentSql({ id: `P-${id}`, applied: { [id]: 11_500 } })).join(''))
    expect((await w.export()).code).toBe(0)
    expect(reads(w, 'IDs=')).toBe(2)
    expect(paid(w)).toHaveLength(51)
  })
})

describe('an answer that was lost', () => {
  const lost = { method: 'PUT', path: '/Payments' } as const
  const cases: [string, Fault, { code: number; uncertain: number }][] = [
    ['stored, the connection dropped', { ...lost, kind: 'drop-after-commit' }, { code: 0, uncertain: 0 }],
    ['stored, error 500', { ...lost, kind: 'error-after-commit' }, { code: 0, uncertain: 0 }],
    ['not stored, error 500', { ...lost, kind: 'error-before-commit' }, { code: 8, uncertain: 3 }],
    ['one of three stored', { ...lost, kind: 'partial-commit', stored: 1 }, { code: 8, uncertain: 2 }],
    [
      'stored a minute after the time-out',
      { ...lost, kind: 'late-commit', afterMs: 120_000 },
      { code: 8, uncertain: 3 },
    ],
    ['an answer that lacks an element', { ...lost, kind: 'missing-element' }, { code: 0, uncertain: 0 }],
    ['an answer in another order', { ...lost, kind: 'shuffled-order' }, { code: 0, uncertain: 0 }],
  ]
  test.each(cases)('%s: every payment once in the end', async (_title, fault, expected) => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) +
        ['P1', 'P2', 'P3'].map((id) => paymentSql({ id, applied: { I1: 1_000 } })).join(''),
    )
    w.sandbox.fault(fault)
    const first = await w.export()
    expect({ code: first.code, uncertain: first.runs[0]?.waiting.uncertain }, first.err).toEqual(expected)
    expect(brokenPromises(w, { settled: expected.uncertain === 0 })).toEqual([])
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 1000 090', 'INV-I1 1000 090', 'INV-I1 1000 090'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('calls for payments are never repeated blindly: Xero may execute them twice', async () => {
    const w = await prepared(invoiceAndPayment, {
      sandbox: { switches: { sameKeyInFlight: 'executes-twice' } },
    })
    w.sandbox.fault({ ...lost, kind: 'late-commit', afterMs: 90_000 })
    await w.export()
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 090'])
    expect(writes(w, '/Payments')).toBe(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('killed after Xero stored it: the next run asks, and sends nothing', async () => {
    const w = await prepared(invoiceAndPayment)
    const counted = await World.open()
    await counted.prepare(contactsSql(3) + invoiceAndPayment)
    await counted.export()
    const all = counted.requests
    const place = counted.exchanges
      .slice(-all)
      .findIndex(({ method, url }) => method === 'PUT' && url.includes('/Payments'))
    await counted.close()
    await w.run(['export'], { death: { atRequest: place + 1 } })
    expect(paid(w)).toHaveLength(1)
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(kinds(second)?.['payment']).toMatchObject({ exported: 1, remaining: 0 })
    expect(paid(w)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('two runs at once send each payment once', async () => {
    const w = await prepared(invoiceAndPayment)
    const runs = await Promise.all([w.export(), w.export()])
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 6])
    expect(paid(w)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('a payment like ours that a person entered while the answer was lost', () => {
  /** Ours is not stored; somebody enters the same amount on the same invoice and day. */
  async function uncertain(): Promise<World> {
    const w = await prepared(
      invoiceSql({ id: 'I1', lines: [{ amount: 40_000, tax: 6_000 }] }) +
        paymentSql({ id: 'P1', applied: { I1: 11_500 } }),
    )
    w.sandbox.fault({ method: 'PUT', path: '/Payments', kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(8)
    asPerson(w, (person) =>
      person.money.pay(w.sandbox.invoices()[0]?.id ?? '', {
        amount: cents(11_500),
        date: '2026-11-10' as never,
      }),
    )
    await later(w)
    const second = await w.export()
    expect(second.code).toBe(1)
    expect(codes(second)).toEqual(['P1/I1 look-alike-in-xero'])
    expect(paid(w)).toHaveLength(1)
    return w
  }

  test('is never taken for ours: a person says that it is, and nothing is sent', async () => {
    const w = await uncertain()
    const [theirs] = w.sandbox.payments()
    await w.must(['settle', 'payment:P1/I1', '--xero-id', theirs?.id ?? ''])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(paid(w)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
    // Known to be ours, it stands against no other of the same amount.
    w.sql(paymentSql({ id: 'P2', applied: { I1: 11_500 } }))
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toHaveLength(2)
  })

  test('or that it is not, and it is still not sent twice while it looks like the same (P5)', async () => {
    const w = await uncertain()
    await w.must(['settle', 'payment:P1/I1', '--not-there'])
    const next = await w.export()
    expect(codes(next)).toEqual(['P1/I1 payment-duplicate'])
    expect(paid(w)).toHaveLength(1)
    // The person's was of another customer, and is gone.
    asPerson(w, (person) => person.money.deletePayment(w.sandbox.payments()[0]?.id ?? ''))
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('and where ours was stored late, the tag tells the two apart', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1', lines: [{ amount: 40_000, tax: 6_000 }] }) +
        paymentSql({ id: 'P1', applied: { I1: 11_500 } }),
    )
    w.sandbox.fault({ method: 'PUT', path: '/Payments', kind: 'late-commit', afterMs: 120_000 })
    expect((await w.export()).code).toBe(8)
    asPerson(w, (person) =>
      person.money.pay(w.sandbox.invoices()[0]?.id ?? '', {
        amount: cents(11_500),
        date: '2026-11-10' as never,
      }),
    )
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toHaveLength(2)
    expect(w.query("SELECT state FROM export_state WHERE kind = 'payment'")).toEqual([{ state: 'exported' }])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('deleted in the ledger (P7)', () => {
  const remove =
    "UPDATE payment SET state = 'deleted', deleted_by = 'ledger', deleted_at = '2026-11-20T00:00:00Z' WHERE id = 'P1'"

  test('before it was exported: never sent, whether it is marked or its row is gone', async () => {
    const w = await prepared(
      invoiceAndPayment + invoiceSql({ id: 'I2' }) + paymentSql({ id: 'P2', applied: { I2: 100 } }),
    )
    w.sql(
      `${remove}; DELETE FROM payment_allocation WHERE payment = 'P2'; DELETE FROM payment WHERE id = 'P2'`,
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(kinds(run)?.['payment']).toMatchObject({ exported: 0, remaining: 0 })
    expect(paid(w)).toEqual([])
  })

  test('after it, with delete_payments from_xero: a warning says to delete it in Xero', async () => {
    const w = await prepared(invoiceAndPayment)
    await w.export()
    w.sql(remove)
    const run = await w.export()
    expect(run.code).toBe(0)
    expect(w.query("SELECT kind, code, severity FROM finding WHERE source_id = 'P1/I1'")).toEqual([
      { kind: 'payment', code: 'edited-after-export', severity: 'warning' },
    ])
    expect(paid(w)).toHaveLength(1)
  })

  test('with both: deleted in Xero, once, and the invoice is open again', async () => {
    const w = await prepared(settingSql('delete_payments', 'both') + invoiceAndPayment)
    await w.export()
    w.sql(remove)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(paid(w)).toEqual([])
    // Read once before, and known by its answer.
    expect(reads(w, '/Payments')).toBe(1)
    expect(w.sandbox.invoices()[0]?.status).toBe('AUTHORISED')
    const before = w.exchanges.length
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(w.exchanges.slice(before).filter(({ url }) => url.includes('/Payments') && !isFeed(url))).toEqual(
      [],
    )
    expect(brokenPromises(w)).toEqual([])
  })

  test.each<[string, Fault]>([
    ['stored', { method: 'POST', path: '/Payments', kind: 'error-after-commit' }],
    ['not stored', { method: 'POST', path: '/Payments', kind: 'error-before-commit' }],
  ])('with both, and the answer lost, %s: deleted in the end', async (_title, fault) => {
    const w = await prepared(settingSql('delete_payments', 'both') + invoiceAndPayment)
    await w.export()
    w.sql(remove)
    w.sandbox.fault(fault)
    await w.export()
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('with both, where somebody deleted it in Xero already: nothing is sent', async () => {
    const w = await prepared(settingSql('delete_payments', 'both') + invoiceAndPayment)
    await w.export()
    asPerson(w, (person) => person.money.deletePayment(w.sandbox.payments()[0]?.id ?? ''))
    w.sql(remove)
    expect((await w.export()).code).toBe(0)
    expect(
      w.exchanges.filter(({ method }) => method === 'POST').filter(({ url }) => url.includes('/Payments')),
    ).toEqual([])
    // What is deleted there leaves room for another.
    w.sql(paymentSql({ id: 'P9', applied: { I1: 11_500 } }))
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toHaveLength(1)
  })

  test('what was deleted in Xero and stands in the ledger again is said, and never sent under the same id', async () => {
    const w = await prepared(settingSql('delete_payments', 'both') + invoiceAndPayment)
    await w.export()
    w.sql(remove)
    await w.export()
    w.sql("UPDATE payment SET state = 'received', deleted_by = NULL, deleted_at = NULL WHERE id = 'P1'")
    const run = await w.export()
    expect(codes(run)).toEqual(['P1/I1 edited-after-export'])
    expect(run.runs[0]?.failures[0]?.message).toContain('was deleted in Xero')
    expect(paid(w)).toEqual([])
  })

  test('with both, where it is reconciled: Xero refuses, and the finding says why', async () => {
    const w = await prepared(settingSql('delete_payments', 'both') + invoiceAndPayment)
    await w.export()
    asPerson(w, (person) => person.money.reconcile(w.sandbox.payments()[0]?.id ?? ''))
    w.sql(remove)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures[0]?.message).toContain('reconciled')
    expect(w.query("SELECT state FROM export_state WHERE kind = 'payment'")).toEqual([{ state: 'exported' }])
    expect(paid(w)).toHaveLength(1)
  })
})

describe('edited in the ledger after it was exported', () => {
  test.each([
    ['its amount', "UPDATE payment_allocation SET amount_cents = 5000 WHERE payment = 'P1'"],
    ['its date', "UPDATE payment SET date = '2026-11-11' WHERE id = 'P1'"],
    ['its account', "UPDATE payment SET account = '880' WHERE id = 'P1'"],
  ])('%s: Xero takes no changes of payments, and the finding says what to do', async (_title, edit) => {
    const w = await prepared(invoiceAndPayment)
    await w.export()
    w.sql(edit)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(codes(run)).toEqual(['P1/I1 edited-after-export'])
    expect(writes(w, '/Payments')).toBe(1)
  })

  test('what does not reach Xero is no edit', async () => {
    const w = await prepared(invoiceAndPayment)
    await w.export()
    w.sql("UPDATE payment SET state = 'applied', method = 'card', reference = 'by post' WHERE id = 'P1'")
    const run = await w.export()
    expect(run.runs[0]).toMatchObject({ state: 'nothing', failures: [] })
    expect(w.query('SELECT 1 FROM export_state WHERE queued = 1')).toEqual([])
  })
})

describe('refunds of credits (P8)', () => {
  const credit = documentSql('credit_note', { id: 'C1' })

  test('money given back for a credit note is a payment of it, after the credit in the same run', async () => {
    const w = await prepared(credit + refundSql({ id: 'R1', applied: { C1: 5_000 } }))
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(kinds(run)).toMatchObject({ credit_note: { exported: 1 }, refund: { exported: 1, remaining: 0 } })
    expect(w.sandbox.payments().map(({ type, amount }) => `${type} ${amount}`)).toEqual([
      'ARCREDITPAYMENT 5000',
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('never more than is left of it in Xero', async () => {
    const w = await prepared(credit)
    await w.export()
    asPerson(w, (person) =>
      person.money.refund(w.sandbox.creditNotes()[0]?.id ?? '', {
        amount: cents(8_000),
        date: '2026-11-04' as never,
      }),
    )
    w.sql(refundSql({ id: 'R1', applied: { C1: 5_000 } }))
    expect(codes(await w.export())).toEqual(['R1/C1 payment-exceeds-due'])
    expect(writes(w, '/Payments')).toBe(0)
  })

  test('of an invoice Xero knows none: said before anything is sent', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }) + refundSql({ id: 'R1', applied: { I1: 5_000 } }))
    expect(codes(await w.export())).toEqual(['R1/I1 refund-target-missing'])
  })
})

describe('dates (M3)', () => {
  test('before the cutover never, on it and after it', async () => {
    const w = await prepared(
      settingSql('cutover_date', '2026-11-02') +
        invoiceSql({ id: 'I1' }) +
        paymentSql({ id: 'P1', applied: { I1: 1_000 }, date: '2026-11-01' }) +
        paymentSql({ id: 'P2', applied: { I1: 2_000 }, date: '2026-11-02' }) +
        paymentSql({ id: 'P3', applied: { I1: 3_000 }, date: '2026-11-03' }),
    )
    const run = await w.export()
    expect(run.code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 2000 090', 'INV-I1 3000 090'])
    expect(kinds(run)?.['payment']).toMatchObject({ remaining: 0 })
  })

  test('a later payment of an earlier invoice goes out only where that is linked', async () => {
    const w = await prepared(
      settingSql('cutover_date', '2026-11-05') +
        invoiceSql({ id: 'I1' }) +
        invoiceSql({ id: 'I2' }) +
        paymentSql({ id: 'P1', applied: { I1: 1_000 } }) +
        paymentSql({ id: 'P2', applied: { I2: 1_000 } }),
    )
    const contact = asPerson(w, (person) => person.createContact({ name: 'Old customer' }))
    const old = asPerson(w, (person) =>
      person.createInvoice({ contactId: contact.id, number: 'INV-I1', total: cents(11_500) }),
    )
    w.sql(
      `UPDATE export_state SET state = 'mock_exported', queued = 0, xero_id = '${old.id}' WHERE source_id = 'I1'`,
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 1000 090'])
  })

  test('received before and applied after the cutover, it is of before', async () => {
    const w = await prepared(
      `${settingSql('cutover_date', '2026-11-05') + invoiceSql({ id: 'I1', date: '2026-11-06' })}
       ${paymentSql({ id: 'P1', applied: { I1: 5_000 }, date: '2026-11-01' })}
       UPDATE payment_allocation SET date = '2026-11-06'`,
    )
    const run = await w.export()
    expect(paid(w)).toEqual([])
    expect(kinds(run)?.['payment']).toMatchObject({ remaining: 0 })
  })

  test('applied the day after tomorrow, it waits for that day', async () => {
    const w = await prepared(`${invoiceAndPayment} UPDATE payment_allocation SET date = '2026-11-24'`)
    const run = await w.export()
    expect(run.runs[0]?.waiting).toMatchObject({ futureDated: 1 })
    expect(paid(w)).toEqual([])
    w.clock.advance(2 * 86_400_000)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.payments()).toMatchObject([{ date: '2026-11-24' }])
  })

  test('the day after tomorrow it waits for its day', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 }, date: '2026-11-24' }),
    )
    const run = await w.export()
    expect(run.code).toBe(0)
    expect(run.runs[0]?.waiting).toMatchObject({ futureDated: 1 })
    w.clock.advance(2 * 86_400_000)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toHaveLength(1)
  })
})

describe('foreign currency (P8, I10)', () => {
  const usd = invoiceSql({ id: 'I1', currency: 'USD', exchangeRateE6: 600_000 })

  test('paid in its own currency, at the ledger’s rate', async () => {
    const w = await prepared(
      usd + paymentSql({ id: 'P1', applied: { I1: 11_500 }, currency: 'USD', exchangeRateE6: 625_000 }),
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(w.sandbox.payments()).toMatchObject([
      { amount: 11_500, currencyRate: 625_000, bankAmount: 18_400 },
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('paid in another, Xero is told what the bank account moves by', async () => {
    const w = await prepared(usd + paymentSql({ id: 'P1', amount: 18_800, applied: { I1: 11_500 } }))
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(w.sandbox.payments()).toMatchObject([{ amount: 11_500, bankAmount: 18_800 }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('posted in base currency, payments are converted as their invoice was, and come to its total', async () => {
    const w = await prepared(
      settingSql('foreign_currency', 'base') +
        usd +
        ['P1', 'P2', 'P3']
          .map((id) =>
            paymentSql({
              id,
              applied: { I1: id === 'P3' ? 3_834 : 3_833 },
              currency: 'USD',
              exchangeRateE6: 600_000,
            }),
          )
          .join(''),
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    const [invoice] = w.sandbox.invoices()
    expect(w.sandbox.payments().reduce((sum, { amount }) => sum + amount, 0)).toBe(invoice?.total)
    expect(invoice?.status).toBe('PAID')
    expect(brokenPromises(w)).toEqual([])
  })
})
