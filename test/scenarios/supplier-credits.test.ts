// Credits of suppliers (N1, B4): numbered after their order where they have no number, never above what was received, and once in
// Xero although nothing in Xero tells them from a person's.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, type DocumentSpec, documentSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql } from '../support/workload-money.ts'
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

const credits = (w: World) => w.sandbox.creditNotes().map(({ number, total }) => `${number} ${total}`)
const puts = (w: World) => w.sandbox.counts.byRoute['PUT /CreditNotes'] ?? 0
const codes = (run: { runs: { failures: { code: string }[] }[] }) =>
  run.runs[0]?.failures.map(({ code }) => code)
const credit = (id: string, spec: Omit<DocumentSpec, 'id'> = {}) =>
  documentSql('supplier_credit', { id, ...spec })

async function later(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
}

/** Order PO-7 for 10 pieces, and credits against it of so many pieces of 10.00 each. */
const piece = { kind: 'part', item: 'PIECE', unitPriceE4: 100_000 } as const
const order = `INSERT INTO item (code, name) VALUES ('PIECE', 'Piece');
  ${documentSql('purchase_order', { id: 'O1', number: 'PO-7', lines: [{ ...piece, amount: 10_000, tax: 1_500, quantityE4: 100_000 }] })}`
const against = (id: string, pieces: number, spec: Omit<DocumentSpec, 'id'> = {}) =>
  credit(id, {
    number: '',
    source: 'O1',
    lines: [{ ...piece, amount: pieces * 1_000, tax: pieces * 150, quantityE4: pieces * 10_000 }],
    ...spec,
  })

describe('against an order (B4)', () => {
  test('credits without a number are numbered after it, in their order; others keep their own', async () => {
    const w = await prepared(
      order + against('A', 1) + against('B', 2, { date: '2026-11-03' }) + against('C', 3, { number: 'X-1' }),
    )
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(credits(w).sort()).toEqual(['CN – PO-7 – 1 1150', 'CN – PO-7 – 2 2300', 'X-1 3450'])
    expect(w.sandbox.creditNotes().map(({ type }) => type)).toEqual(Array(3).fill('ACCPAYCREDIT'))
    expect(brokenPromises(w)).toEqual([])
    w.sql(against('D', 1, { date: '2026-11-04' }))
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toContain('CN – PO-7 – 3 1150')
  })

  test('never more than was received, or else ordered', async () => {
    const w = await prepared(order + against('A', 6) + against('B', 5, { date: '2026-11-03' }))
    const run = await w.export()
    expect(codes(run), run.err).toContain('credit-exceeds-order')
    w.sql(`UPDATE document SET status = 'void' WHERE id = 'B'`)
    expect((await w.export()).code).toBe(0)
    expect(credits(w)).toEqual(['CN – PO-7 – 1 6900'])
    // Six were credited, and no more than five came.
    w.sql(`UPDATE document_line SET quantity_received_e4 = 50000 WHERE document = 'O1'; ${against('C', 1)}`)
    expect(codes(await w.export())).toContain('credit-exceeds-order')
    expect(credits(w)).toEqual(['CN – PO-7 – 1 6900'])
  })

  test('a credit whose answer was lost keeps its number, whatever was stored', async () => {
    for (const kind of ['error-before-commit', 'error-after-commit'] as const) {
      const w = await prepared(order + against('A', 1))
      w.sandbox.fault({ method: 'PUT', path: '/CreditNotes', kind })
      expect((await w.export()).code).toBe(8)
      // Meanwhile another one comes, dated before it.
      w.sql(against('B', 2, { date: '2026-11-01' }))
      await later(w)
      const run = await w.export()
      expect(run.code, run.err).toBe(0)
      expect(credits(w).sort()).toEqual(['CN – PO-7 – 1 1150', 'CN – PO-7 – 2 2300'])
      expect(brokenPromises(w)).toEqual([])
      await w.close()
    }
  })

  test('a credit that Xero refused keeps its number', async () => {
    const w = await prepared(order + against('A', 1) + against('B', 2, { date: '2026-11-03' }))
    // Xero alone knows that the account was archived this minute.
    w.onExchange = ({ method, url }) => {
      if (method === 'PUT' && url.includes('/Contacts')) asPerson(w, (person) => person.archiveAccount('429'))
    }
    w.sql(`UPDATE document_line SET account = '429' WHERE document = 'A'`)
    expect((await w.export()).code).toBe(1)
    expect(credits(w)).toEqual(['CN – PO-7 – 2 2300'])
    w.sql(`UPDATE document_line SET account = '400' WHERE document = 'A'`)
    expect((await w.export()).code).toBe(0)
    expect(credits(w).sort()).toEqual(['CN – PO-7 – 1 1150', 'CN – PO-7 – 2 2300'])
  })
})

test('a supplier credit is applied to its bill', async () => {
  const w = await prepared(
    documentSql('bill', { id: 'B1' }) + credit('C1') + creditAllocationSql('C1', 'B1', 11_500),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(w.sandbox.invoices()[0]).toMatchObject({ type: 'ACCPAY', status: 'PAID' })
  expect(brokenPromises(w)).toEqual([])
})

test('two suppliers with one number in one call are not taken for each other', async () => {
  const lines = (amount: number) => [{ amount, tax: 0 }]
  const none = { account: '400', taxCode: 'NONE' }
  const w = await prepared(
    [1, 2, 3]
      .map(
        (n) =>
          credit(`C${n}`, { number: '1001', contact: `C00${n}`, lines: lines(n * 100), ...none }) +
          documentSql('bill', {
            id: `B${n}`,
            number: '1001',
            contact: `C00${n}`,
            lines: lines(n * 100),
            ...none,
          }),
      )
      .join('\n'),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(puts(w)).toBe(1)
  const totals = new Map(
    [...w.sandbox.creditNotes(), ...w.sandbox.invoices()].map(({ id, total }) => [id, total]),
  )
  const rows = w.query<{ xero_id: string; total_cents: number }>(
    `SELECT e.xero_id, d.total_cents FROM export_state AS e JOIN document AS d ON d.id = e.source_id`,
  )
  expect(rows).toHaveLength(6)
  for (const row of rows) expect(totals.get(row.xero_id)).toBe(row.total_cents)
  expect(brokenPromises(w)).toEqual([])
})

describe('a lost answer, where nothing of ours is on a supplier credit', () => {
  const call = { method: 'PUT', path: '/CreditNotes' } as const
  const lost: Fault = { ...call, kind: 'drop-after-commit' }
  const lostBefore: Fault = { ...call, kind: 'drop-before-commit' }

  /** The same as C1, as a person types it: one line of 115.00 with its tax. */
  const theirs = (w: World) =>
    asPerson(w, (person) =>
      person.money.createCreditNote({
        contactId: w.sandbox.contacts()[0]?.id ?? '',
        type: 'ACCPAYCREDIT',
        number: 'SC-C1',
        total: cents(11_500),
        date: '2026-11-02' as never,
        accountCode: '400',
      }),
    )
  /** Ours like theirs in every word, since lines are compared too. */
  const ours = `${credit('C1')}
    UPDATE document SET amounts = 'inclusive';
    UPDATE document_line SET description = 'Entered in Xero', amount_cents = 11500, unit_price_e4 = 1150000;`

  test.each([
    ['kept', 'stored', lost],
    ['kept', 'not stored', lostBefore],
    ['dropped', 'stored', lost],
    ['dropped', 'not stored', lostBefore],
  ] as const)('Xero has its number %s and it was %s', async (supplierCreditNumber, _, fault) => {
    const w = await prepared(credit('C1'), { sandbox: { switches: { supplierCreditNumber } } })
    w.sandbox.fault(fault)
    expect((await w.export()).code).toBe(8)
    expect(puts(w)).toBe(1)
    await later(w)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(w.sandbox.creditNotes()).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('somebody had entered the same before: it is not taken for ours', async () => {
    const w = await prepared(ours)
    // Its contact is there by another document.
    w.sql(documentSql('bill', { id: 'B0' }))
    await w.must(['export', '--only', 'bill'])
    theirs(w)
    w.sandbox.fault(lostBefore)
    expect((await w.export()).code).toBe(8)
    await later(w)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.creditNotes()).toHaveLength(2)
    expect(brokenPromises(w)).toEqual([])
  })

  test('somebody enters the same meanwhile, and ours was stored: a person says which is ours', async () => {
    const w = await prepared(ours)
    let entered = ''
    w.onExchange = ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/CreditNotes')) return
      w.onExchange = () => undefined
      entered = theirs(w).id
    }
    w.sandbox.fault(lost)
    await w.export()
    await later(w)
    const run = await w.export()
    expect(run.code, run.out).toBe(1)
    expect(codes(run)).toEqual(['look-alike-in-xero'])
    const mine = w.sandbox.creditNotes().find(({ id }) => id !== entered)
    await w.must(['settle', 'supplier_credit:C1', '--xero-id', mine?.id ?? ''])
    expect((await w.export()).code).toBe(0)
    expect(puts(w)).toBe(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('somebody enters one with other lines meanwhile: nobody guesses', async () => {
    const w = await prepared(credit('C1'))
    w.onExchange = ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/CreditNotes')) return
      w.onExchange = () => undefined
      theirs(w)
    }
    w.sandbox.fault(lostBefore)
    await w.export()
    await later(w)
    const run = await w.export()
    expect(codes(run), run.err).toEqual(['look-alike-in-xero'])
    await w.must(['settle', 'supplier_credit:C1', '--not-there'])
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.creditNotes()).toHaveLength(2)
    expect(brokenPromises(w)).toEqual([])
  })

  test('of three alike one was stored: the other two go again', async () => {
    const w = await prepared(
      settingSql('document_status', 'authorised') +
        ['A', 'B', 'C'].map((id) => credit(id, { number: 'SAME' })).join('\n'),
    )
    w.sandbox.fault({ ...call, kind: 'partial-commit', stored: 1 })
    expect((await w.export()).code).toBe(8)
    await later(w)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(credits(w)).toEqual(['SAME 11500', 'SAME 11500', 'SAME 11500'])
    expect(brokenPromises(w)).toEqual([])
  })
})
