// Documents that a person holds back, and lets go again (M4): never sent meanwhile, whatever happens to them, and where they were
// afterwards.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, documentSql, invoiceSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { attachmentSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

async function prepared(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(contactsSql(1) + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const held = 'disputed, wait for the new quote'
const hold = (...references: string[]) => ['hold', ...references, '--reason', held]
const numbers = (w: World) => w.sandbox.invoices().map(({ number }) => number)
const stateOf = (w: World, id: string) =>
  w.query<{ state: string; held_reason: string | null }>(
    'SELECT state, held_reason FROM export_state WHERE source_id = ?',
    id,
  )[0]

describe('a held invoice', () => {
  test('is not sent, nor is what hangs on it, and report, status and show say so', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) + invoiceSql({ id: 'I2' }) + paymentSql({ id: 'P1', applied: { I1: 5_000 } }),
    )
    w.sql(attachmentSql(w.folder, 'I1', 'quote.pdf'))
    const told = await w.must(hold('INV-I1'))
    expect(told.out).toBe(`invoice INV-I1 held back: ${held}\n`)
    const run = await w.export()
    expect(run.code).toBe(0)
    expect(numbers(w)).toEqual(['INV-I2'])
    expect(w.sandbox.payments()).toEqual([])
    expect(run.runs[0]).toMatchObject({ waiting: { held: 1 }, kinds: { payment: { skipped: 1 } } })
    expect(stateOf(w, 'P1/I1')?.state).toBe('skipped')
    const why = w.query<{ reason: string }>("SELECT reason FROM export_state WHERE source_id = 'P1/I1'")
    expect(why[0]?.reason).toBe(
      `Payment P1 on INV-I1 waits for invoice INV-I1, which is held back by hand: ${held}`,
    )
    expect((await w.must(['status'])).out).toContain('Beside these, 1 held back')
    const shown = JSON.parse((await w.must(['show', 'INV-I1', '--json'])).out) as {
      export: string
      exportReason: string
      events: { what: string; who: string; detail: string }[]
    }
    expect(shown).toMatchObject({ export: 'held', exportReason: held })
    expect(shown.events).toMatchObject([{ what: 'held back', who: 'tester@test-machine', detail: held }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('stays held through edits, and goes out as it is then once it is released', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }) + paymentSql({ id: 'P1', applied: { I1: 5_000 } }))
    await w.must(hold('I1'))
    w.sql("UPDATE document SET reference = 'edited' WHERE id = 'I1'")
    await w.export()
    expect([numbers(w), stateOf(w, 'I1')]).toEqual([[], { state: 'held', held_reason: held }])
    await w.must(['release', 'INV-I1'])
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(w.sandbox.invoices()).toMatchObject([{ number: 'INV-I1', reference: 'edited' }])
    expect(w.sandbox.payments()).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('that was refused before waits again once it is released', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', account: 'nowhere' }))
    expect((await w.export()).code).toBe(1)
    await w.must(hold('I1'))
    expect(await w.export()).toMatchObject({ code: 0, runs: [{ failures: [], waiting: { held: 1 } }] })
    await w.must(['release', 'I1'])
    expect(await w.export()).toMatchObject({ code: 1, runs: [{ failures: [{ code: 'account-unknown' }] }] })
  })
})

test('what Xero has keeps its place there while it is held, and its change goes out after that', async () => {
  const w = await prepared(invoiceSql({ id: 'I1' }))
  await w.export()
  await w.must(hold('I1'))
  w.sql("UPDATE document SET reference = 'edited' WHERE id = 'I1'")
  const run = await w.export()
  expect(run.runs[0]).toMatchObject({ waiting: { held: 1 }, kinds: { invoice: { updated: 0, exported: 0 } } })
  expect(w.sandbox.invoices()).toMatchObject([{ reference: '' }])
  await w.must(['release', 'I1'])
  expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1 })
  expect(w.sandbox.invoices()).toMatchObject([{ reference: 'edited' }])
  expect(brokenPromises(w)).toEqual([])
})

test('an allocation, a payment or a journal is held by its kind and id', async () => {
  const w = await prepared(
    invoiceSql({ id: 'I1' }) +
      documentSql('credit_note', { id: 'C1', lines: [{ amount: 1_000, tax: 150 }] }) +
      creditAllocationSql('C1', 'I1', 1_150) +
      paymentSql({ id: 'P1', applied: { I1: 5_000 } }),
  )
  await w.must(hold('payment:P1', 'allocation:C1/I1'))
  const run = await w.export()
  expect(run.code).toBe(0)
  expect(w.sandbox.payments()).toEqual([])
  expect(w.sandbox.creditNotes()).toMatchObject([{ allocations: [] }])
  await w.must(['release', 'payment:P1/I1', 'allocation:C1/I1'])
  await w.export()
  expect(w.sandbox.payments()).toHaveLength(1)
  expect(w.sandbox.creditNotes()[0]?.allocations).toHaveLength(1)
})

describe('refused, and nothing changed', () => {
  test('what is uncertain cannot be held, nor can what is named beside it', async () => {
    const w = await prepared(invoiceSql({ id: 'I1' }) + invoiceSql({ id: 'I2' }))
    w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'late-commit', afterMs: 200_000 })
    await w.export('--document', 'I1')
    const refused = await w.run(hold('I2', 'I1'))
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('Nothing was held back')])
    expect(stateOf(w, 'I2')?.held_reason).toBeNull()
  })

  test.each([
    ['what is not held cannot be released', ['release', 'I1'], 1, 'is not held back'],
    ['an unknown number', hold('INV-99'), 2, 'nothing with the id or number'],
    ['no reason', ['hold', 'I1', '--reason', ' '], 2, 'Say why'],
    ['a contact', hold('contact:C001'), 2, 'goes to Xero with the documents'],
  ])('%s', async (_, argv, code, says) => {
    const w = await prepared(invoiceSql({ id: 'I1' }))
    await w.export('--only', 'contact')
    const refused = await w.run(argv)
    expect([refused.code, refused.err]).toEqual([code, expect.stringContaining(says)])
  })
})
