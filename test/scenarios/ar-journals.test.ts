// Sales as journals against a debtors account of one's own (ar_style=journals, J4): invoices, credits and their payments, the same
// setting changed later, and what is lost on the way.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { insertSql } from '../support/sql.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const setting = (name: string, value: string) =>
  `INSERT INTO setting VALUES ('NZ01', '${name}', '${value}') ON CONFLICT DO UPDATE SET value = excluded.value;`
const role = (name: string, account: string) =>
  insertSql('role_account', { entity: 'NZ01', role: name, account })

/** Debtors are 620 and bank clearing is 855. */
const roles =
  role('debtors', '620') +
  role('bank_clearing', '855') +
  role('exchange_gain_loss', '429') +
  role('discount', '260') +
  role('unapplied_payments', '850') +
  role('unapplied_deposits', '835')

async function open(sql: string, settings = setting('ar_style', 'journals')): Promise<World> {
  world = await World.open()
  await world.prepare(roles + settings + contactsSql(2) + sql)
  return world
}

/** Cents by account, debit above zero. */
const books = (w: World) =>
  Object.fromEntries(w.sandbox.trialBalance().map(({ account, cents }) => [account, cents]))
const standing = (w: World) => w.sandbox.manualJournals().filter(({ status }) => status === 'POSTED')

async function again(w: World, code = 0) {
  w.clock.advance(7 * 60_000)
  const run = await w.export()
  expect(run.code, run.err).toBe(code)
  return run
}

/** 100.00 and 15.00 GST. */
const invoice = invoiceSql({ id: 'A', number: 'INV-1' })
const creditNote = invoiceSql({ id: 'C', number: 'CN-1' }).replace(`'invoice'`, `'credit_note'`)

describe('an invoice', () => {
  test('is a journal with its tax on the revenue line, and no contact is sent', async () => {
    const w = await open(invoice)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ exported: 1, remaining: 0 })
    expect(books(w)).toEqual({ '620': 11_500, '200': -10_000, '820': -1_500 })
    expect(w.sandbox.invoices()).toEqual([])
    expect(w.sandbox.contacts()).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('of an inactive contact goes all the same', async () => {
    const w = await open(`${invoice} UPDATE contact SET active = 0;`)
    expect((await w.export()).code).toBe(0)
    expect(standing(w)).toHaveLength(1)
  })

  test('and a credit note come to nothing', async () => {
    const w = await open(invoice + creditNote)
    expect((await w.export()).code).toBe(0)
    expect(standing(w)).toHaveLength(2)
    expect(books(w)).toEqual({})
  })

  test('without a debtors account of one’s own says what is missing', async () => {
    const w = await open(invoice)
    w.sql(`DELETE FROM role_account WHERE role = 'debtors'`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['account-missing'])
    w.sql(role('debtors', '610'))
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['account-system'])
    expect(standing(w)).toEqual([])
  })

  test('edited later is changed, and voided it is void', async () => {
    const w = await open(invoice)
    await w.export()
    w.sql(
      `UPDATE document_line SET amount_cents = 20000, tax_cents = 3000; UPDATE document SET subtotal_cents = 20000, tax_cents = 3000, total_cents = 23000`,
    )
    expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1 })
    expect(books(w)).toEqual({ '620': 23_000, '200': -20_000, '820': -3_000 })
    w.sql(`UPDATE document SET status = 'void'`)
    expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1 })
    expect(standing(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })
})

const call = { method: 'PUT', path: '/ManualJournals' } as const
const faults: [string, Fault][] = [
  ['stored, and the answer is lost', { ...call, kind: 'drop-after-commit' }],
  ['never stored, and the answer is lost', { ...call, kind: 'drop-before-commit' }],
  ['two of three are stored', { ...call, kind: 'partial-commit', stored: 2 }],
  ['no answer, and stored later', { ...call, kind: 'late-commit', afterMs: 80_000 }],
]

describe('lost on the way, every invoice is in the books once', () => {
  test.each(faults)('%s', async (_title, fault) => {
    const more = ['1', '2', '3'].map((id) => invoiceSql({ id, number: `INV-${id}` })).join('\n')
    const w = await open(more)
    w.sandbox.fault(fault)
    await w.export()
    await w.sandbox.settleHeld()
    await again(w)
    expect(books(w)).toEqual({ '620': 34_500, '200': -30_000, '820': -4_500 })
    expect(standing(w)).toHaveLength(3)
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('a setting that is changed later touches nothing that went out', () => {
  const edit = `UPDATE document_line SET description = 'Other work' WHERE document = 'A'`

  test('an invoice stays an invoice', async () => {
    const w = await open(invoice, '')
    await w.export()
    w.sql(setting('ar_style', 'journals') + invoiceSql({ id: 'B', number: 'INV-2' }) + edit)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ exported: 1, updated: 1 })
    expect(w.sandbox.invoices().map(({ lines }) => lines[0]?.description)).toEqual(['Other work'])
    expect(standing(w).map(({ narration }) => narration)).toEqual(['Invoice INV-2 for C001'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('a journal stays a journal', async () => {
    const w = await open(invoice)
    await w.export()
    w.sql(setting('ar_style', 'invoices') + edit)
    const run = await w.export()
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ exported: 0, updated: 1 })
    expect(w.sandbox.invoices()).toEqual([])
    expect(standing(w).map(({ lines }) => lines[1]?.description)).toEqual(['Other work'])
  })
})
