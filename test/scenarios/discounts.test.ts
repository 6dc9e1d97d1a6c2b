// Payment discounts (N4): each is a credit note on its invoice, numbered after it, shared over its tax codes and applied to it;
// once, whatever happens on the way.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { discountSql } from '../support/workload-money.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function prepared(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(2) + roleAccountsSql() + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const notes = (w: World) => w.sandbox.creditNotes().map(({ number, total }) => `${number} ${total}`)
/** What is applied of all credits, as `credit invoice amount`. */
const applied = (w: World) =>
  w.sandbox
    .creditNotes()
    .flatMap(({ number, allocations }) =>
      allocations.map(
        ({ invoiceId, amount }) =>
          `${number} ${w.sandbox.invoices().find(({ id }) => id === invoiceId)?.number} ${amount}`,
      ),
    )
const kinds = (run: { runs: { kinds: Record<string, object> }[] }) => run.runs[0]?.kinds
const codes = (run: { runs: { failures: { code: string }[] }[] }) =>
  run.runs[0]?.failures.map(({ code }) => code)

/** 11.50 off an invoice of 115.00. */
const discounted = invoiceSql({ id: 'I1' }) + discountSql({ id: 'P1', applied: { I1: 1_150 } })

async function later(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
}

test('a discount is a credit note numbered after its invoice, and applied to it in the same run', async () => {
  const w = await prepared(discounted)
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(kinds(run)).toMatchObject({
    credit_note: { exported: 1, remaining: 0 },
    allocation: { exported: 1, remaining: 0 },
  })
  expect(notes(w)).toEqual(['INV-I1-D1 1150'])
  expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
  expect(brokenPromises(w)).toEqual([])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
})

test.each([1, 2])(
  'a ledger that was put back finds both again, or only the credit note: %i calls were made',
  async (calls) => {
    const w = await prepared(discounted)
    const restore = w.backUp()
    if (calls === 1) w.sandbox.fault({ path: '^.*/Allocations', kind: 'forbidden' })
    await w.export()
    restore()
    await later(w)
    await w.must(['adopt-copy'])
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(kinds(run)).toMatchObject({ credit_note: { exported: 0 }, allocation: { exported: 2 - calls } })
    expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
    expect(brokenPromises(w)).toEqual([])
  },
)

test('the plan counts the credit note and what applies it, as they go out', async () => {
  const w = await prepared(discounted)
  const planned = (await w.export('--dry-run')).runs[0]?.chunks
  expect(planned?.map(({ kind }) => kind)).toEqual(['contact', 'invoice', 'credit_note', 'allocation'])
  expect((await w.export()).runs[0]?.chunks).toEqual(planned)
})

test('an invoice of two tax codes gives back of both what it has of them', async () => {
  const w = await prepared(
    invoiceSql({
      id: 'I1',
      lines: [
        { amount: 10_000, tax: 1_500 },
        { amount: 5_000, tax: 0, taxCode: 'ZERORATED' },
      ],
    }) + discountSql({ id: 'P1', applied: { I1: 1_650 } }),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  const [note] = w.sandbox.creditNotes()
  expect(note?.lines.map(({ taxType, lineAmount, taxAmount }) => [taxType, lineAmount, taxAmount])).toEqual([
    ['OUTPUT2', 1_150, 150],
    ['ZERORATED', 500, 0],
  ])
  expect(note).toMatchObject({ total: 1_650, totalTax: 150, status: 'PAID' })
  expect(brokenPromises(w)).toEqual([])
})

test('several discounts of one invoice are counted, those of another from one again', async () => {
  const w = await prepared(
    settingSql('number_prefix', 'NZ-') +
      invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'I2' }) +
      discountSql({ id: 'P1', applied: { I1: 100, I2: 200 } }) +
      discountSql({ id: 'P2', applied: { I1: 300 }, date: '2026-11-11' }),
  )
  expect((await w.export()).code).toBe(0)
  expect(notes(w).sort()).toEqual(['NZ-INV-I1-D1 100', 'NZ-INV-I1-D2 300', 'NZ-INV-I2-D1 200'])
  // The count goes on, whatever the invoice is called now.
  w.sql(
    `UPDATE document SET number = 'RENAMED' WHERE id = 'I1'; ${discountSql({ id: 'P3', applied: { I1: 400 }, date: '2026-11-05' })}`,
  )
  await w.export()
  expect(notes(w)).toContain('NZ-INV-I1-D3 400')
  expect(applied(w)).toHaveLength(4)
})

test('a discount of a bill is a supplier credit', async () => {
  const w = await prepared(
    `${documentSql('bill', { id: 'B1' })}${discountSql({ id: 'P1', applied: { B1: 1_150 } })}
     UPDATE role_account SET account = '400' WHERE role = 'discount';`,
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(kinds(run)).toMatchObject({ supplier_credit: { exported: 1 }, allocation: { exported: 1 } })
  expect(w.sandbox.creditNotes()[0]).toMatchObject({ type: 'ACCPAYCREDIT', number: 'B-B1-D1' })
  expect(applied(w)).toEqual(['B-B1-D1 B-B1 1150'])
  expect(brokenPromises(w)).toEqual([])
})

describe('a lost answer', () => {
  const ofNote = { method: 'PUT', path: '^/CreditNotes$' } as const
  const ofAllocation = { method: 'PUT', path: '^/CreditNotes/.*/Allocations$' } as const
  const cases: [string, Fault][] = [
    ['of the credit note, stored', { ...ofNote, kind: 'error-after-commit' }],
    ['of the credit note, not stored', { ...ofNote, kind: 'error-before-commit' }],
    ['of the credit note, stored late', { ...ofNote, kind: 'late-commit', afterMs: 200_000 }],
    ['of what applies it, stored', { ...ofAllocation, kind: 'drop-after-commit' }],
    ['of what applies it, not stored', { ...ofAllocation, kind: 'drop-before-commit' }],
    ['of what applies it, stored late', { ...ofAllocation, kind: 'late-commit', afterMs: 200_000 }],
  ]
  test.each(cases)('%s: the discount keeps its number and is taken off once', async (_title, fault) => {
    const w = await prepared(discounted)
    w.sandbox.fault(fault)
    const first = await w.export()
    expect(brokenPromises(w, { settled: first.code === 0 })).toEqual([])
    // Another discount comes before the first is settled, and dated before it.
    w.sql(discountSql({ id: 'P0', applied: { I1: 230 }, date: '2026-11-03' }))
    await later(w)
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(notes(w).sort()).toEqual(['INV-I1-D1 1150', 'INV-I1-D2 230'])
    expect(applied(w).sort()).toEqual(['INV-I1-D1 INV-I1 1150', 'INV-I1-D2 INV-I1 230'])
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('of the credit note at the end of the process: the next run finds it and applies it', async () => {
    const undisturbed = await prepared(discounted)
    await undisturbed.export()
    // The last request applies the note, the one before makes it.
    const atRequest = undisturbed.requests - 1
    await undisturbed.close()
    const w = await prepared(discounted)
    await w.run(['export'], { death: { atRequest } })
    expect(notes(w)).toEqual(['INV-I1-D1 1150'])
    expect(applied(w)).toEqual([])
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
    expect(brokenPromises(w)).toEqual([])
  })
})

test('a discount of an invoice that was refused waits, and goes with it', async () => {
  const w = await prepared(discounted)
  w.sql(`UPDATE document_line SET account = '999'`)
  const first = await w.export()
  expect(kinds(first)).toMatchObject({ credit_note: { exported: 0, skipped: 1, remaining: 1 } })
  expect(w.query('SELECT * FROM assigned_number')).toEqual([])
  w.sql(`UPDATE document_line SET account = '200'`)
  expect((await w.export()).code).toBe(0)
  expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
})

describe('never above what is due', () => {
  test('in the ledger: discounts and credits together', async () => {
    const w = await prepared(
      `${discounted}${discountSql({ id: 'P2', applied: { I1: 10_500 }, date: '2026-11-11' })}`,
    )
    expect(codes(await w.export('--dry-run'))).toEqual(['payment-exceeds-due'])
    expect(codes(await w.export())).toEqual(['payment-exceeds-due'])
    expect(notes(w)).toEqual(['INV-I1-D1 1150'])
  })

  test('in Xero, where the customer paid in full: no credit note that could not be applied is made', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export()
    asPerson(w, (person) => person.money.pay(w.sandbox.invoices()[0]?.id ?? '', { amount: cents(11_500) }))
    w.sql(discountSql({ id: 'P1', applied: { I1: 1_150 } }))
    expect(codes(await w.export())).toEqual(['payment-exceeds-due'])
    expect(notes(w)).toEqual([])
  })
})

describe('what stands against a discount', () => {
  test.each([
    ['no account for it', `DELETE FROM role_account WHERE role = 'discount'`, 'account-missing'],
    [
      'an account that Xero has not',
      `UPDATE role_account SET account = '999' WHERE role = 'discount'`,
      'account-unknown',
    ],
    ['an amount of nothing', 'UPDATE payment_allocation SET amount_cents = 0', 'amount-invalid'],
    ['a document that takes none', `UPDATE payment_allocation SET document = 'C1'`, 'target-wrong-kind'],
  ])('%s', async (_title, sql, code) => {
    const w = await prepared(`${discounted}${documentSql('credit_note', { id: 'C1' })}${sql};`)
    const run = await w.export()
    expect(codes(run), run.err).toEqual([code])
    expect(notes(w)).toEqual(['CN-C1 11500'])
  })

  test('payments that stay in the ledger: its discounts stay too (P1)', async () => {
    const w = await prepared(`${discounted}${settingSql('payments', 'none')}`)
    expect((await w.export()).code).toBe(0)
    expect(notes(w)).toEqual([])
    w.sql(`UPDATE setting SET value = 'both' WHERE name = 'payments'`)
    expect((await w.export()).code).toBe(0)
    expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
  })
})

describe('changed in the ledger after it was exported: nothing is sent', () => {
  test.each([
    ['another amount', `UPDATE payment_allocation SET amount_cents = 900`, 'changed'],
    ['another date', `UPDATE payment SET date = '2026-11-09'`, 'changed'],
    ['deleted', `UPDATE payment SET state = 'deleted', deleted_by = 'ledger'`, 'deleted'],
  ])('%s', async (_title, sql, word) => {
    const w = await prepared(discounted)
    await w.export()
    w.sql(sql)
    const run = await w.export()
    expect(codes(run), run.err).toEqual(['edited-after-export'])
    expect(run.runs[0]?.failures[0]?.message).toBe(
      `Payment discount P1 on INV-I1 was ${word} in the ledger after it was exported. Nothing was sent.`,
    )
    expect(notes(w)).toEqual(['INV-I1-D1 1150'])
    expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
  })

  test('deleted, the finding ends when somebody voids it in Xero', async () => {
    const w = await prepared(discounted)
    await w.export()
    w.sql(`UPDATE payment SET state = 'deleted', deleted_by = 'ledger'`)
    const [note] = w.sandbox.creditNotes()
    asPerson(w, (person) => {
      person.money.removeAllocation(note?.id ?? '', note?.allocations[0]?.id ?? '')
      person.money.voidCreditNote(note?.id ?? '')
    })
    expect((await w.export()).code).toBe(0)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('what does not reach Xero may change', async () => {
    const w = await prepared(discounted)
    await w.export()
    w.sql(`UPDATE payment SET method = 'cheque', state = 'applied'`)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })
})

test('where sales are journals, so are their discounts, and nothing is applied (J4)', async () => {
  const w = await prepared(`${discounted}${settingSql('ar_style', 'journals')}`)
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(notes(w)).toEqual([])
  const discount = w.sandbox
    .manualJournals()
    .find(({ narration }) => narration === 'Discount on invoice INV-I1')
  expect(discount?.lines.map(({ lineAmount, taxAmount }) => [lineAmount, taxAmount])).toEqual([
    [1_000, 150],
    [-1_150, 0],
  ])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(brokenPromises(w)).toEqual([])
})

test('a restored ledger finds its discounts by their numbers (E13)', async () => {
  const w = await prepared(discounted)
  const restore = w.backUp()
  expect((await w.export()).code).toBe(0)
  restore()
  await w.must(['adopt-copy'])
  expect((await w.export()).code).toBe(0)
  expect(notes(w)).toEqual(['INV-I1-D1 1150'])
  expect(applied(w)).toEqual(['INV-I1-D1 INV-I1 1150'])
})
