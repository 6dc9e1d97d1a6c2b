// Money that is received before it is applied: deposits, what a receipt has above its documents, receipts in two steps, and what is
// given back of them (P4, P6, P8). Each is in Xero once, in one form. Payments of documents are payments.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import { depositSql, paymentSql, refundSql } from '../support/workload-money.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

/** Accounts of the demo company: what is received and not applied waits on its own. */
const roles = [
  ['bank_clearing', '855'],
  ['unapplied_payments', '880'],
  ['unapplied_deposits', '970'],
  ['prepayment', '835'],
]
  .map(([role, account]) => `INSERT INTO role_account VALUES ('NZ01', '${role}', '${account}');`)
  .join('')

async function prepared(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(3) + roles + sql)
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

function numberOf(w: World, id: string): string {
  return w.sandbox.invoices().find((one) => one.id === id)?.number ?? id
}
/** Prepayments and overpayments as `type total left: applied`. */
function credits(w: World): string[] {
  return [...w.sandbox.prepayments(), ...w.sandbox.overpayments()].map(
    ({ type, status, total, allocations, payments }) => {
      const applied = allocations.map(({ invoiceId, amount }) => `${numberOf(w, invoiceId)} ${amount}`)
      const refunded = payments.map(({ amount }) => `refunded ${amount}`)
      return [type, total, status, ...applied.sort(), ...refunded].join(' ')
    },
  )
}
/** Payments as `document amount account`. */
function paid(w: World): string[] {
  const [organisation] = w.sandbox.organisations
  return w.sandbox
    .payments()
    .filter(({ status }) => status === 'AUTHORISED')
    .map(
      ({ target, amount, accountId }) =>
        `${numberOf(w, target.id)} ${amount} ${organisation?.accounts.get(accountId)?.code}`,
    )
    .sort()
}
/** What an account comes to, of all tracking options. */
function balance(w: World, code: string): number {
  return w.sandbox
    .trialBalance()
    .filter(({ account }) => account === code)
    .reduce((sum, row) => sum + row.cents, 0)
}
const findings = (w: World, id: string) =>
  w.query<{ code: string; severity: string }>('SELECT code, severity FROM finding WHERE source_id = ?', id)

async function later(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
}

async function nothingMore(w: World): Promise<void> {
  const before = w.exchanges.length
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(
    w.exchanges
      .slice(before)
      .filter(({ method }) => method === 'PUT' || method === 'POST')
      .filter(({ url }) => !url.includes('/connect/')),
  ).toEqual([])
  expect(brokenPromises(w)).toEqual([])
}

describe('deposits taken before the invoice exists (P4)', () => {
  const deposit = depositSql({ id: 'D1', amount: 5_000, date: '2026-11-03' })
  const invoice = invoiceSql({ id: 'I1', date: '2026-11-10' })
  const apply = `INSERT INTO payment_allocation VALUES ('D1', 'I1', 5000, '2026-11-10');`

  test('held: nothing goes out until the invoice does, and then a payment of it', async () => {
    const w = await prepared(deposit)
    const first = await w.export()
    expect(first.code, first.err).toBe(0)
    expect(first.runs[0]).toMatchObject({ state: 'nothing' })
    expect(kinds(first)?.['prepayment']).toMatchObject({ exported: 0, remaining: 0 })
    expect(findings(w, 'D1')).toEqual([{ code: 'remainder-held', severity: 'information' }])
    w.sql(invoice + apply)
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toEqual([])
    expect(paid(w)).toEqual(['INV-I1 5000 090'])
    await nothingMore(w)
    expect(w.query('SELECT 1 FROM export_state WHERE queued = 1')).toEqual([])
  })

  test('prepayment: sent at once, and applied when the invoice is there, a run later', async () => {
    const w = await prepared(settingSql('deposits', 'prepayment') + deposit)
    const first = await w.export()
    expect(first.code, first.err + first.out).toBe(0)
    expect(kinds(first)).toMatchObject({
      contact: { exported: 1 },
      prepayment: { exported: 1, remaining: 0 },
    })
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 5000 AUTHORISED'])
    expect([balance(w, '090'), balance(w, '835')]).toEqual([5_000, -5_000])
    await nothingMore(w)

    w.sql(invoice + apply)
    const second = await w.export()
    expect(second.code, second.err + second.out).toBe(0)
    expect(kinds(second)).toMatchObject({
      invoice: { exported: 1 },
      allocation: { exported: 1 },
      payment: { exported: 0, remaining: 0 },
    })
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 5000 PAID INV-I1 5000'])
    expect(paid(w)).toEqual([])
    const shown = JSON.parse((await w.must(['show', 'INV-I1', '--json'])).out) as {
      payments: object[]
      allocations: object[]
    }
    expect(shown.payments).toEqual([])
    expect(shown.allocations).toMatchObject([{ source: 'D1', amount: '50.00', kind: 'prepayment' }])
    await nothingMore(w)
  })

  test('prepayment: the deposit and what it is applied to in one run, all of one deposit in one call', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        ['I1', 'I2', 'I3'].map((id) => invoiceSql({ id })).join('') +
        depositSql({ id: 'D1', applied: { I1: 1_000, I2: 2_000 }, amount: 4_000 }) +
        depositSql({ id: 'D2', applied: { I3: 500 } }),
    )
    const planned = await w.export('--dry-run')
    expect(planned.code, planned.out).toBe(0)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(planned.runs[0]?.chunks).toEqual(run.runs[0]?.chunks)
    expect(credits(w)).toEqual([
      'RECEIVE-PREPAYMENT 4000 AUTHORISED INV-I1 1000 INV-I2 2000',
      'RECEIVE-PREPAYMENT 500 PAID INV-I3 500',
    ])
    expect([writes(w, '/BankTransactions'), writes(w, '/Allocations')]).toEqual([1, 2])
    await nothingMore(w)
  })

  test('with tax where prepayment_tax_code says so', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        settingSql('prepayment_tax_code', 'OUTPUT2') +
        depositSql({ id: 'D1', amount: 11_500 }),
    )
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.prepayments()).toMatchObject([{ total: 11_500, totalTax: 1_500 }])
    await nothingMore(w)
  })

  test('it needs a bank account', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') + depositSql({ id: 'D1', amount: 100, account: '855' }),
    )
    expect(codes(await w.export())).toEqual(['D1 account-not-payable'])
    expect(writes(w, '/BankTransactions')).toBe(0)
  })

  test('of a contact that cannot be created it waits with that reason', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        deposit +
        "UPDATE contact SET email = 'nobody at home' WHERE code = 'C001';",
    )
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(codes(run)).toContain('D1 text-invalid')
    w.sql("UPDATE contact SET email = NULL WHERE code = 'C001'")
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toHaveLength(1)
  })

  test('deposits that were held and never sent go as prepayments once the setting says so, what went stays as it went', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) +
        invoiceSql({ id: 'I2', account: '999' }) +
        depositSql({ id: 'D1', applied: { I1: 1_000, I2: 2_000 } }) +
        depositSql({ id: 'D2', applied: { I2: 3_000 } }),
    )
    expect((await w.export()).code).toBe(1)
    expect(paid(w)).toEqual(['INV-I1 1000 090'])
    w.sql(
      `${settingSql('deposits', 'prepayment')} UPDATE document_line SET account = '200' WHERE document = 'I2'`,
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 1000 090'])
    expect(credits(w).sort()).toEqual([
      'RECEIVE-PREPAYMENT 2000 PAID INV-I2 2000',
      'RECEIVE-PREPAYMENT 3000 PAID INV-I2 3000',
    ])
    expect(balance(w, '090')).toBe(6_000)
    await nothingMore(w)
  })

  test('what somebody applied in Xero already is not applied twice', async () => {
    const w = await prepared(settingSql('deposits', 'prepayment') + deposit + invoice)
    await w.export()
    asPerson(w, (person) =>
      person.money.allocate(w.sandbox.prepayments()[0]?.id ?? '', w.sandbox.invoices()[0]?.id ?? '', {
        amount: cents(2_000),
      }),
    )
    w.sql(`INSERT INTO payment_allocation VALUES ('D1', 'I1', 2000, '2026-11-10');`)
    const run = await w.export()
    expect(codes(run)).toEqual(['D1/I1 payment-duplicate'])
    expect(writes(w, '/Allocations')).toBe(0)
  })

  test('and never more than is left of it there', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') + deposit + invoice + invoiceSql({ id: 'I2' }),
    )
    await w.export()
    asPerson(w, (person) =>
      person.money.allocate(w.sandbox.prepayments()[0]?.id ?? '', w.sandbox.invoices()[1]?.id ?? '', {
        amount: cents(2_000),
      }),
    )
    w.sql(apply)
    expect(codes(await w.export())).toEqual(['D1/I1 credit-exceeds'])
    expect(writes(w, '/Allocations')).toBe(0)
  })

  test('without a contact of its own it is of whom it is applied to', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        invoiceSql({ id: 'I1', contact: 'C002' }) +
        depositSql({ id: 'D1', contact: null, applied: { I1: 5_000 } }),
    )
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.prepayments()[0]?.contactId).toBe(w.sandbox.invoices()[0]?.contactId)
  })

  test('to a supplier it is money spent ahead of the bill', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        documentSql('bill', { id: 'B1' }) +
        depositSql({ id: 'D1', applied: { B1: 5_000 } }),
    )
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toEqual(['SPEND-PREPAYMENT 5000 PAID B-B1 5000'])
    await nothingMore(w)
  })

  test('of a foreign customer in that currency', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        invoiceSql({ id: 'I1', currency: 'USD', exchangeRateE6: 600_000 }) +
        depositSql({ id: 'D1', applied: { I1: 5_000 }, currency: 'USD', exchangeRateE6: 610_000 }),
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(w.sandbox.prepayments()).toMatchObject([{ currencyCode: 'USD', total: 5_000 }])
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 5000 PAID INV-I1 5000'])
    await nothingMore(w)
  })
})

describe('what a receipt has above its documents (P8)', () => {
  const receipt = invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', amount: 20_000, applied: { I1: 11_500 } })

  test('overpayment: the documents are paid, the rest is an overpayment, and is applied later', async () => {
    const w = await prepared(settingSql('remainders', 'overpayment') + receipt)
    const first = await w.export()
    expect(first.code, first.err + first.out).toBe(0)
    expect(kinds(first)).toMatchObject({
      overpayment: { exported: 1 },
      payment: { exported: 1 },
      prepayment: { remaining: 0 },
    })
    expect(paid(w)).toEqual(['INV-I1 11500 090'])
    expect(credits(w)).toEqual(['RECEIVE-OVERPAYMENT 8500 AUTHORISED'])
    expect(balance(w, '090')).toBe(20_000)
    w.sql(
      `${invoiceSql({ id: 'I2' })} INSERT INTO payment_allocation VALUES ('P1', 'I2', 6000, '2026-11-15');`,
    )
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toEqual(['RECEIVE-OVERPAYMENT 8500 AUTHORISED INV-I2 6000'])
    expect(paid(w)).toHaveLength(1)
    await nothingMore(w)
  })

  test('given back, it is a refund of the overpayment, once', async () => {
    const w = await prepared(
      settingSql('remainders', 'overpayment') +
        receipt +
        refundSql({ id: 'R1', amount: 3_000, refundOf: 'P1' }),
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(kinds(run)?.['refund']).toMatchObject({ exported: 1, remaining: 0 })
    expect(credits(w)).toEqual(['RECEIVE-OVERPAYMENT 8500 AUTHORISED refunded 3000'])
    w.sql(
      refundSql({ id: 'R2', amount: 6_000, refundOf: 'P1' }) +
        refundSql({ id: 'R3', amount: 5_500, refundOf: 'P1' }),
    )
    const second = await w.export()
    expect(codes(second)).toEqual(['R2/ credit-exceeds'])
    expect(credits(w)).toEqual(['RECEIVE-OVERPAYMENT 8500 PAID refunded 3000 refunded 5500'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('paid in another currency than its document, what is left cannot be said, and nothing is sent of it', async () => {
    const w = await prepared(
      settingSql('remainders', 'overpayment') +
        invoiceSql({ id: 'I1', currency: 'USD', exchangeRateE6: 600_000 }) +
        paymentSql({ id: 'P1', amount: 18_800, applied: { I1: 11_500 } }),
    )
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toEqual([])
    expect(paid(w)).toHaveLength(1)
    await nothingMore(w)
  })

  test('a refund of what is no prepayment or overpayment is said to be none', async () => {
    const w = await prepared(receipt + refundSql({ id: 'R1', amount: 3_000, refundOf: 'P1' }))
    expect(codes(await w.export())).toEqual(['R1/ refund-target-missing'])
  })

  test('of two refunds in one run that together are too much, the first goes', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        depositSql({ id: 'D1', amount: 5_000 }) +
        refundSql({ id: 'R1', amount: 3_000, refundOf: 'D1' }) +
        refundSql({ id: 'R2', amount: 3_000, refundOf: 'D1' }),
    )
    expect(codes(await w.export())).toEqual(['R2/ credit-exceeds'])
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 5000 AUTHORISED refunded 3000'])
  })
})

describe('receipts in two steps (P6)', () => {
  const clearing = settingSql('receipts', 'clearing')

  test('the receipt is a journal from bank clearing, the payment comes out of the unapplied account', async () => {
    const w = await prepared(
      clearing + invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 } }),
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(kinds(run)).toMatchObject({ journal: { exported: 1 }, payment: { exported: 1 } })
    expect(w.sandbox.manualJournals()).toHaveLength(1)
    expect(paid(w)).toEqual(['INV-I1 11500 880'])
    expect([balance(w, '855'), balance(w, '880'), balance(w, '090')]).toEqual([11_500, 0, 0])
    await nothingMore(w)
  })

  test('a receipt that the ledger posts by a journal of its own is posted by that alone', async () => {
    const w = await prepared(
      `${clearing + invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 11_500 } })}
       INSERT INTO journal (id, entity, kind, date, status, payment) VALUES ('J1', 'NZ01', 'receipt', '2026-11-10', 'posted', 'P1');
       INSERT INTO journal_line (journal, position, account, amount_cents) VALUES ('J1', 1, '855', 11500), ('J1', 2, '880', -11500);`,
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(w.sandbox.manualJournals()).toHaveLength(1)
    expect(paid(w)).toEqual(['INV-I1 11500 880'])
    expect([balance(w, '855'), balance(w, '880')]).toEqual([11_500, 0])
    await nothingMore(w)
  })

  test('what was received before the cutover is not received again, and goes out when it is applied (M3)', async () => {
    const w = await prepared(
      `${clearing + settingSql('cutover_date', '2026-11-05') + invoiceSql({ id: 'I1', date: '2026-11-06' })}
       ${paymentSql({ id: 'P1', applied: { I1: 5_000 }, date: '2026-11-01' })}
       ${paymentSql({ id: 'P2', applied: { I1: 1_000 }, date: '2026-11-01' })}
       UPDATE payment_allocation SET date = '2026-11-06' WHERE payment = 'P1'`,
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(w.sandbox.manualJournals()).toEqual([])
    expect(paid(w)).toEqual(['INV-I1 5000 880'])
    expect(kinds(run)).toMatchObject({ payment: { remaining: 0 }, prepayment: { remaining: 0 } })
  })

  test('nothing comes out of the account before it went in', async () => {
    const w = await prepared(
      clearing +
        invoiceSql({ id: 'I1' }) +
        paymentSql({ id: 'P1', applied: { I1: 11_500 } }) +
        "DELETE FROM role_account WHERE role = 'bank_clearing';",
    )
    const first = await w.export()
    expect(codes(first)).toEqual(['P1 account-missing'])
    expect(kinds(first)?.['payment']).toMatchObject({ skipped: 1, remaining: 1 })
    expect(paid(w)).toEqual([])
    w.sql("INSERT INTO role_account VALUES ('NZ01', 'bank_clearing', '855')")
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 11500 880'])
    await nothingMore(w)
  })

  test('set later, it holds for what was not sent; what went to the bank directly is not received again', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) +
        invoiceSql({ id: 'I2', account: '999' }) +
        paymentSql({ id: 'P1', applied: { I1: 5_000 } }) +
        paymentSql({ id: 'P2', applied: { I2: 5_000 } }) +
        paymentSql({ id: 'P3', applied: { I1: 1_000, I2: 1_000 } }),
    )
    await w.export()
    expect(paid(w)).toEqual(['INV-I1 1000 090', 'INV-I1 5000 090'])
    w.sql(`${clearing} UPDATE document_line SET account = '200' WHERE document = 'I2'`)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(paid(w)).toEqual(['INV-I1 1000 090', 'INV-I1 5000 090', 'INV-I2 1000 090', 'INV-I2 5000 880'])
    expect(w.sandbox.manualJournals()).toHaveLength(1)
    expect([balance(w, '090'), balance(w, '855'), balance(w, '880')]).toEqual([7_000, 5_000, 0])
    await nothingMore(w)
  })

  test('deleted in the ledger after it went: both steps are taken back', async () => {
    const w = await prepared(
      clearing +
        settingSql('delete_payments', 'both') +
        invoiceSql({ id: 'I1' }) +
        paymentSql({ id: 'P1', applied: { I1: 11_500 } }),
    )
    await w.export()
    w.sql("UPDATE payment SET state = 'deleted' WHERE id = 'P1'")
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(paid(w)).toEqual([])
    expect(w.sandbox.manualJournals().map(({ status }) => status)).toEqual(['VOIDED'])
    expect([balance(w, '855'), balance(w, '880')]).toEqual([0, 0])
    await nothingMore(w)
  })
})

describe('an answer that was lost', () => {
  const bank = { method: 'PUT', path: '/BankTransactions' } as const
  const applied = { method: 'PUT', path: '^/api.xro/2.0/Prepayments/.*/Allocations' } as const
  const cases: [string, Fault][] = [
    ['of the deposit, stored', { ...bank, kind: 'drop-after-commit' }],
    ['of the deposit, not stored', { ...bank, kind: 'error-before-commit' }],
    ['of the deposit, one of two stored', { ...bank, kind: 'partial-commit', stored: 1 }],
    ['of the deposit, stored late', { ...bank, kind: 'late-commit', afterMs: 120_000 }],
    ['of what is applied, stored', { ...applied, kind: 'error-after-commit' }],
    ['of what is applied, not stored', { ...applied, kind: 'error-before-commit' }],
    ['of what is applied, one of two stored', { ...applied, kind: 'partial-commit', stored: 1 }],
    ['of what is applied, stored late', { ...applied, kind: 'late-commit', afterMs: 120_000 }],
  ]
  test.each(cases)('%s: once in the end', async (_title, fault) => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        invoiceSql({ id: 'I1' }) +
        invoiceSql({ id: 'I2' }) +
        depositSql({ id: 'D1', applied: { I1: 1_000, I2: 2_000 } }) +
        depositSql({ id: 'D2', applied: { I1: 500 } }),
    )
    w.sandbox.fault(fault)
    await w.export()
    await later(w)
    const second = await w.export()
    expect(second.code, second.err + second.out).toBe(0)
    expect(credits(w).sort()).toEqual([
      'RECEIVE-PREPAYMENT 3000 PAID INV-I1 1000 INV-I2 2000',
      'RECEIVE-PREPAYMENT 500 PAID INV-I1 500',
    ])
    await nothingMore(w)
  })

  test('of a deposit: nothing of it goes another way before it is known, whatever the setting says now', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        invoiceSql({ id: 'I1' }) +
        depositSql({ id: 'D1', applied: { I1: 1_000 } }),
    )
    w.sandbox.fault({ ...bank, kind: 'late-commit', afterMs: 120_000 })
    await w.export()
    w.sql("UPDATE setting SET value = 'held' WHERE name = 'deposits'")
    const second = await w.export()
    expect(kinds(second)?.['payment']).toMatchObject({ skipped: 1, exported: 0 })
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(paid(w)).toEqual([])
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 1000 PAID INV-I1 1000'])
    await nothingMore(w)
  })

  test('where Xero keeps no reference of deposits: known by its answer, and after a lost one only by a person', async () => {
    const w = await prepared(settingSql('deposits', 'prepayment') + depositSql({ id: 'D1', amount: 5_000 }), {
      sandbox: { switches: { creditTransactionReference: 'ignored' } },
    })
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toHaveLength(1)
    w.sql(depositSql({ id: 'D2', amount: 7_000 }))
    w.sandbox.fault({ ...bank, kind: 'drop-after-commit' })
    await w.export()
    await later(w)
    const second = await w.export()
    expect(codes(second)).toEqual(['D2 look-alike-in-xero'])
    const found = w.sandbox.prepayments().find(({ total }) => total === 7_000)
    await w.must(['settle', 'receipt:D2', '--xero-id', found?.id ?? ''])
    await nothingMore(w)
    expect(credits(w)).toHaveLength(2)
  })
})

test('a ledger that was put back finds its payments, deposits and what they are applied to in Xero (E13)', async () => {
  const w = await prepared(
    settingSql('deposits', 'prepayment') +
      settingSql('remainders', 'overpayment') +
      ['I1', 'I2', 'I3'].map((id) => invoiceSql({ id })).join('') +
      documentSql('credit_note', { id: 'C1' }) +
      depositSql({ id: 'D1', applied: { I1: 1_000 }, amount: 3_000 }) +
      paymentSql({ id: 'P1', applied: { I2: 11_500 }, amount: 12_000 }) +
      paymentSql({ id: 'P2', applied: { I3: 500 } }) +
      paymentSql({ id: 'P3', applied: { I3: 500 } }) +
      refundSql({ id: 'R1', refundOf: 'D1', amount: 700 }) +
      refundSql({ id: 'R2', applied: { C1: 800 } }),
  )
  const putBack = w.backUp()
  expect((await w.export()).code).toBe(0)
  const before = [...credits(w), ...paid(w)]
  putBack()
  expect((await w.export()).code).toBe(5)
  const adopted = await w.run(['adopt-copy'])
  expect(adopted.code, adopted.err + adopted.out).toBe(0)
  await nothingMore(w)
  expect([...credits(w), ...paid(w)]).toEqual(before)
})

describe('changed in the ledger after it was exported (P7)', () => {
  const exported = async () => {
    const w = await prepared(settingSql('deposits', 'prepayment') + depositSql({ id: 'D1', amount: 5_000 }))
    await w.export()
    return w
  }

  test('another amount, date or account is said, what does not reach Xero is nothing', async () => {
    const w = await exported()
    w.sql("UPDATE payment SET reference = 'by post', method = 'card'")
    await nothingMore(w)
    for (const [edit, undo] of [
      ["date = '2026-11-11'", "date = '2026-11-10'"],
      ["account = '091'", "account = '090'"],
    ]) {
      w.sql(`UPDATE payment SET ${edit}`)
      expect(codes(await w.export())).toEqual(['D1 edited-after-export'])
      w.sql(`UPDATE payment SET ${undo}`)
    }
    w.sql('UPDATE payment SET amount_cents = 6000')
    expect(codes(await w.export())).toEqual(['D1 edited-after-export'])
    w.sql('UPDATE payment SET amount_cents = 5000')
    await nothingMore(w)
  })

  test('deleted: what it is applied to is taken back in Xero alone', async () => {
    const w = await prepared(
      settingSql('deposits', 'prepayment') +
        settingSql('delete_payments', 'both') +
        invoiceSql({ id: 'I1' }) +
        depositSql({ id: 'D1', applied: { I1: 5_000 } }),
    )
    await w.export()
    w.sql("UPDATE payment SET state = 'deleted'")
    const run = await w.export()
    expect(codes(run)).toEqual(['D1/I1 edited-after-export', 'D1 edited-after-export'])
    expect(credits(w)).toEqual(['RECEIVE-PREPAYMENT 5000 PAID INV-I1 5000'])
    expect(w.exchanges.filter(({ method, url }) => method === 'POST' && url.includes('/Payments'))).toEqual(
      [],
    )
  })

  test('deleted: Xero lets no program delete a prepayment, and the finding says so', async () => {
    const w = await exported()
    w.sql("UPDATE payment SET state = 'deleted'")
    expect((await w.export()).code).toBe(0)
    expect(findings(w, 'D1')).toEqual([{ code: 'edited-after-export', severity: 'warning' }])
    w.sql(settingSql('delete_payments', 'both'))
    expect(codes(await w.export())).toEqual(['D1 edited-after-export'])
    expect(credits(w)).toHaveLength(1)
  })
})
