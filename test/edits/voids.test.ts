// Documents that are voided in the ledger after they were exported (I7): voided in Xero where nothing was settled on them, said
// where something was, and never the other way round.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, raiseSql, settingSql } from '../support/workload.ts'
import { World } from '../support/world.ts'
import { allOf, editedKinds, exportedDocument, exportedDocuments, theOne, writesOf } from './edited-kinds.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

const voidSql = (id: string) => `UPDATE document SET status = 'void' WHERE id = '${id}';`

describe.each(editedKinds)('an exported $name', (edited) => {
  async function exported(more = ''): Promise<World> {
    world = await exportedDocument(edited, more)
    return world
  }

  async function next(w: World, ...flags: string[]) {
    const before = writesOf(w).length
    const run = await w.export(...flags)
    return { ...run, failures: run.runs[0]?.failures ?? [], writes: writesOf(w).slice(before) }
  }

  async function expectSilent(w: World): Promise<void> {
    const again = await next(w)
    expect({ code: again.code, writes: again.writes }, again.err).toEqual({ code: 0, writes: [] })
    expect(brokenPromises(w)).toEqual([])
  }

  test('voided in the ledger ends in Xero', async () => {
    const w = await exported()
    const before = theOne(edited, w)
    w.sql(voidSql('D1'))
    const { code, writes, runs, err } = await next(w)
    expect(code, err).toBe(0)
    expect(runs[0]?.kinds[edited.kind]).toMatchObject({ updated: 1, failed: 0, remaining: 0 })
    expect(writes).toMatchObject([{ method: 'POST', body: expect.stringContaining(before.id) }])
    expect(theOne(edited, w)).toMatchObject({ id: before.id, status: edited.ended })
    await expectSilent(w)
  })

  test('voided and changed at once ends in Xero, as it was', async () => {
    const w = await exported()
    const { total } = theOne(edited, w)
    w.sql(raiseSql('D1', 5_000) + voidSql('D1'))
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w)).toMatchObject({ status: edited.ended, total })
    await expectSilent(w)
  })

  test('that a person ended already: nothing is sent', async () => {
    const w = await exported()
    asPerson(w, (person) => {
      if (edited.path === '/Invoices') person.voidInvoice(theOne(edited, w).id)
      else if (edited.path === '/CreditNotes') person.money.voidCreditNote(theOne(edited, w).id)
      else person.papers.deletePurchaseOrder(theOne(edited, w).id)
    })
    w.sql(voidSql('D1'))
    const { code, writes } = await next(w)
    expect({ code, writes }).toEqual({ code: 0, writes: [] })
    await expectSilent(w)
  })

  test('voided after something was settled on it: a finding, until that is taken back', async () => {
    const w = await exported()
    const takeBack = edited.settle(w, theOne(edited, w).id)
    w.sql(voidSql('D1'))
    const { code, failures, writes } = await next(w)
    expect({ code, writes }).toEqual({ code: 1, writes: [] })
    expect(failures).toMatchObject([{ id: 'D1', code: 'edited-after-payment' }])
    expect(theOne(edited, w).status).not.toBe(edited.ended)
    if (!takeBack) return
    takeBack()
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w).status).toBe(edited.ended)
    await expectSilent(w)
  })

  test('voided while it is a draft in Xero is deleted there', async () => {
    const w = await exported(settingSql('document_status', 'draft'))
    w.sql(voidSql('D1'))
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w).status).toBe('DELETED')
    await expectSilent(w)
  })

  test('voided, and finished again: a finding, for Xero cannot bring it back', async () => {
    const w = await exported()
    w.sql(voidSql('D1'))
    expect((await next(w)).code).toBe(0)
    w.sql("UPDATE document SET status = 'sent' WHERE id = 'D1'")
    const { code, failures, writes } = await next(w)
    expect({ code, writes }).toEqual({ code: 1, writes: [] })
    expect(failures).toMatchObject([{ id: 'D1', code: 'edited-in-xero' }])
    w.sql(voidSql('D1'))
    expect((await next(w)).failures).toEqual([])
    await expectSilent(w)
  })

  test('seven are voided in three calls, and one that Xero refuses stays', async () => {
    world = await exportedDocuments(edited, 7)
    const w = world
    w.sql("UPDATE document SET status = 'void'")
    const paid = allOf(edited, w)[1]
    if (paid) edited.settle(w, paid.id)
    const { code, failures, writes } = await next(w)
    expect(code).toBe(1)
    expect(failures.map(({ id }) => id)).toEqual(['D0002'])
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
    expect(allOf(edited, w).filter(({ status }) => status === edited.ended)).toHaveLength(6)
    expect(brokenPromises(w)).toEqual([])
  })
})

test.each(['invoice', 'bill'] as const)(
  '%s: a total that changes its sign is a finding, and Xero keeps what it has',
  async (kind) => {
    world = await World.open()
    const w = world
    const line = { amount: 10_000, tax: 1_500 }
    await w.prepare(
      contactsSql(1) +
        documentSql(kind, { id: 'D1', lines: [line] }) +
        documentSql(kind, { id: 'D2', lines: [{ amount: -5_000, tax: -750 }] }),
    )
    await w.must(['export'])
    const before = writesOf(w).length
    w.sql(
      `UPDATE document_line SET amount_cents = -amount_cents, unit_price_e4 = -unit_price_e4, tax_cents = -tax_cents;
     UPDATE document SET subtotal_cents = -subtotal_cents, tax_cents = -tax_cents, total_cents = -total_cents`,
    )
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([
      { id: 'D1', code: 'kind-changed' },
      { id: 'D2', code: 'kind-changed' },
    ])
    expect(writesOf(w)).toHaveLength(before)
    expect(brokenPromises(w)).toEqual([])
  },
)

test('an invoice that is voided before it was ever sent is never sent', async () => {
  world = await World.open()
  const w = world
  await w.prepare(contactsSql(1) + documentSql('invoice', { id: 'D1', number: 'NEVER-1', status: 'void' }))
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(brokenPromises(w)).toEqual([])
})
