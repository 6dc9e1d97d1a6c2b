import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { day } from '../../test/support/books.ts'
import { cents } from '../accounting/money.ts'
import { insertInvoice } from '../ledger/test-ledger.ts'
import type { FoundInvoice } from '../xero/found.ts'
import { adoptCopy } from './adopt.ts'
import type { RunContext } from './context.ts'
import { type TestRun, testRun } from './test-run.ts'

let run: TestRun
beforeEach(() => {
  run = testRun()
})
afterEach(() => run.close())

const found = (number: string, changes: Partial<FoundInvoice> = {}): FoundInvoice => ({
  xeroId: `xero-${number}`,
  type: 'ACCREC',
  number,
  reference: null,
  contactId: 'xero-acme',
  date: day('2026-11-02'),
  dueDate: null,
  currency: 'NZD',
  total: cents(11_500),
  tax: cents(1_500),
  status: 'AUTHORISED',
  amountPaid: cents(0),
  amountCredited: cents(0),
  amountDue: cents(11_500),
  payments: [],
  credits: [],
  lineIds: [],
  content: null,
  url: null,
  updatedAt: 0,
  ...changes,
})

function adopt(rows: readonly FoundInvoice[]) {
  const gateway: RunContext['gateway'] = {
    ...run.context.gateway,
    invoicesByNumber: async (numbers) => ({
      rows: rows.filter((row) => numbers.some((one) => one.toUpperCase() === row.number?.toUpperCase())),
      serverTime: run.world.clock.now(),
    }),
  }
  return adoptCopy({ ...run.context, gateway })
}

const states = () =>
  run.world
    .rows(
      "SELECT source_id, state, xero_id, queued FROM export_state WHERE kind = 'invoice' ORDER BY source_id",
    )
    .map((row) => Object.values(row).join(' '))

describe('what Xero has already', () => {
  test('counts as exported where it agrees, is for a person where it does not, and waits where it is not there', async () => {
    for (const id of ['A', 'B', 'C']) insertInvoice(run.world, id)
    const report = await adopt([found('INV-A'), found('INV-B', { total: cents(1) })])
    expect(report).toEqual({ lookedUp: 3, adopted: 1, lookAlikes: 1, notLookedUp: [] })
    expect(states()).toEqual(['A exported xero-INV-A 0', 'B failed  1', 'C pending  1'])
    expect(run.world.rows('SELECT source_id, code FROM finding')).toEqual([
      { source_id: 'B', code: 'number-in-use' },
    ])
  })

  test('belongs to one document of the ledger, not to its twin too', async () => {
    insertInvoice(run.world, 'A', { number: 'INV-7' })
    insertInvoice(run.world, 'B', { number: 'INV-7' })
    expect((await adopt([found('INV-7')])).adopted).toBe(1)
    expect(states()).toEqual(['A exported xero-INV-7 0', 'B pending  1'])
    expect((await adopt([found('INV-7')])).adopted).toBe(0)
  })

  test('links its contact once, however many documents it has', async () => {
    run.world.exec("UPDATE contact_link SET ended = 'then'")
    for (const id of ['A', 'B', 'C']) insertInvoice(run.world, id)
    run.world.exec(`INSERT INTO mirror_contact (tenant_id, contact_id, name, name_key, status, updated_at, read_at)
      VALUES ('tenant-1', 'xero-acme', 'Acme Ltd', 'acme ltd', 'ACTIVE', '', '')`)
    expect((await adopt([found('INV-A'), found('INV-B'), found('INV-C')])).adopted).toBe(3)
    expect(run.world.rows('SELECT contact, xero_contact_id FROM contact_link WHERE ended IS NULL')).toEqual([
      { contact: 'ACME', xero_contact_id: 'xero-acme' },
    ])
    expect(run.world.rows("SELECT what FROM event WHERE what LIKE 'linked%'")).toHaveLength(1)
  })
})
