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
const reads = (w: World, path: string) =>
  w.exchanges.filter(({ method, url }) => method === 'GET' && url.includes(path)).length

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
    w.exchanges.slice(before).filter(({ method, url }) => method === 'PUT' || /Payments|IDs=/.test(url)),
  ).toEqual([])
  expect(w.query('SELECT 1 FROM export_state WHERE queued = 1')).toEqual([])
})
