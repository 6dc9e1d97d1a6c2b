// Somebody enters the very thing into Xero while the answer for ours is lost (Exactly once, 5): where ours carries a mark the mark
// tells, and where only theirs is there nobody guesses. Payments, journals, allocations, supplier credits and files, which have rules
// of their own, are told of beside their kinds.

import { afterEach, describe, expect, test } from 'vitest'
import { parseDate } from '../../src/accounting/calendar.ts'
import { cents } from '../../src/accounting/money.ts'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { depositSql, paymentSql, refundSql } from '../support/workload-money.ts'
import { World } from '../support/world.ts'

interface Doubled {
  name: string
  /** As `settle` names it. */
  reference: string
  before: string
  sql: string
  path: string
  /** Makes the same without our mark; tells its id as the ledger would remember it. */
  enter(person: Person, world: World): string
  /** How many of them stand in Xero. */
  count(world: World): number
}

const contactOf = (world: World) => world.sandbox.contacts()[0]?.id ?? ''
const dated = (date: string) => {
  const parsed = parseDate(date)
  return parsed ? { date: parsed } : {}
}

const base = contactsSql(1) + roleAccountsSql() + invoiceSql({ id: 'BEFORE' })
const billed = (world: World) => world.sandbox.invoices().filter(({ type }) => type === 'ACCPAY').length
const deposit = (world: World) => ({
  contactId: contactOf(world),
  total: cents(5_000),
  bankAccountCode: '090',
  ...dated('2026-11-10'),
})

const kinds: readonly Doubled[] = [
  {
    name: 'a bill',
    reference: 'bill:D1',
    before: base,
    sql: documentSql('bill', { id: 'D1' }),
    path: '/Invoices',
    enter: (person, world) =>
      person.createInvoice({
        type: 'ACCPAY',
        number: 'B-D1',
        contactId: contactOf(world),
        total: cents(11_500),
        ...dated('2026-11-02'),
      }).id,
    count: billed,
  },
  {
    name: 'an order as a bill',
    reference: 'purchase_order:D1',
    before: base + settingSql('purchase_orders', 'bills'),
    sql: documentSql('purchase_order', { id: 'D1' }),
    path: '/Invoices',
    enter: (person, world) =>
      person.createInvoice({
        type: 'ACCPAY',
        number: 'PO-D1',
        contactId: contactOf(world),
        total: cents(11_500),
        ...dated('2026-11-02'),
      }).id,
    count: billed,
  },
  {
    name: 'a deposit',
    reference: 'receipt:D1',
    before: base + settingSql('deposits', 'prepayment'),
    sql: depositSql({ id: 'D1', amount: 5_000 }),
    path: '/BankTransactions',
    enter: (person, world) => person.money.prepay(deposit(world)).id,
    count: (world) => world.sandbox.prepayments().length,
  },
  {
    name: 'what is received above what is due',
    reference: 'receipt:D1',
    before: base + settingSql('remainders', 'overpayment'),
    sql: paymentSql({ id: 'D1', amount: 6_000, applied: { BEFORE: 1_000 } }),
    path: '/BankTransactions',
    enter: (person, world) => person.money.overpay(deposit(world)).id,
    count: (world) => world.sandbox.overpayments().length,
  },
  {
    name: 'a refund',
    reference: 'refund:D1/CREDIT',
    before: base + documentSql('credit_note', { id: 'CREDIT' }),
    sql: refundSql({ id: 'D1', applied: { CREDIT: 5_000 } }),
    path: '/Payments',
    enter: (person, world) =>
      person.money.refund(world.sandbox.creditNotes()[0]?.id ?? '', {
        amount: cents(5_000),
        ...dated('2026-11-10'),
      }).id,
    count: (world) => world.sandbox.payments().filter(({ type }) => type === 'ARCREDITPAYMENT').length,
  },
]

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Ours meets this, and somebody enters the same; then the window passes. */
async function meanwhile(kind: Doubled, effect: FaultEffect): Promise<{ w: World; theirs: string }> {
  world = await World.open()
  const w = world
  await w.prepare(kind.before)
  await w.must(['export'])
  w.sql(kind.sql)
  w.sandbox.fault({ method: 'PUT', path: kind.path, ...effect })
  let theirs = ''
  w.onExchange = ({ method, url }) => {
    if (method !== 'PUT' || !url.includes(kind.path)) return
    w.onExchange = () => undefined
    theirs = asPerson(w, (person) => kind.enter(person, w))
  }
  await w.export()
  // One that is stored late is not told of before.
  w.onExchange = () => undefined
  if (theirs === '') theirs = asPerson(w, (person) => kind.enter(person, w))
  await w.sandbox.settleHeld()
  await w.clock.sleep(7 * 60_000)
  return { w, theirs }
}

describe.each(kinds)('$name', (kind) => {
  test.each([
    ['was stored', { kind: 'drop-after-commit' }],
    ['was stored late', { kind: 'late-commit', afterMs: 80_000 }],
  ] as const)('%s: ours is known by its mark, theirs stays theirs', async (_title, effect) => {
    const { w } = await meanwhile(kind, effect)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(kind.count(w)).toBe(2)
    expect(brokenPromises(w)).toEqual([])
  })

  test('was not stored: only theirs is there, and a person is asked', async () => {
    const { w } = await meanwhile(kind, { kind: 'error-before-commit' })
    for (const _again of [1, 2]) {
      const run = await w.export()
      expect(run.code, run.err + run.out).toBe(1)
      expect(run.runs[0]?.failures).toMatchObject([{ code: 'look-alike-in-xero' }])
      expect(run.out).toContain(`settle ${kind.reference} --not-there`)
      expect(kind.count(w)).toBe(1)
      expect(brokenPromises(w, { settled: false })).toEqual([])
    }
  })

  test('was not stored, and a person says that theirs is it: nothing is sent', async () => {
    const { w, theirs } = await meanwhile(kind, { kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(1)
    await w.must(['settle', kind.reference, '--xero-id', theirs])
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(kind.count(w)).toBe(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('was not stored, and a person says that it is another: ours is sent once', async () => {
    const { w } = await meanwhile(kind, { kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(1)
    await w.must(['settle', kind.reference, '--not-there'])
    await w.export()
    await w.export()
    // A rule may still hold it back, as one that looks like the same (P5).
    expect(kind.count(w)).toBeLessThanOrEqual(2)
    expect(brokenPromises(w)).toEqual([])
  })
})
