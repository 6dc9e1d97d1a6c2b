// What a person changed of our document in Xero is neither overwritten nor voided away (I7), whatever field it is.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, documentSql, raiseSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

describe.each([
  ['its reference', { reference: 'Ask for Ann' }],
  ['its day to pay', { dueDate: '2026-12-31' as never }],
  ['its date', { date: '2026-11-05' as never }],
])('a person changed %s in Xero', (_what, change) => {
  test.each([
    ['edited', raiseSql('D')],
    ['voided', "UPDATE document SET status = 'void' WHERE id = 'D';"],
  ])('and it was %s in the ledger: nothing is sent, and both ways out end it', async (_how, sql) => {
    world = await World.open()
    const w = world
    await w.prepare(`${contactsSql(1)}\n${documentSql('invoice', { id: 'D', number: 'INV-1' })}`)
    await w.must(['export'])
    const before = w.sandbox.invoices()[0]
    w.sandbox.person().editInvoice(before?.id ?? '', change)
    w.touchedByPerson.add(before?.id ?? '')
    w.sql(sql)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'D', code: 'edited-in-xero' }])
    expect(w.sandbox.invoices()[0]).toMatchObject({ ...change, total: before?.total, status: 'AUTHORISED' })
    const { reference = '', dueDate, date } = before ?? {}
    if (dueDate && date) w.sandbox.person().editInvoice(before?.id ?? '', { reference, dueDate, date })
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })
})
