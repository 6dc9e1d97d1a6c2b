// What `only_invoices_and_payments` keeps in the ledger is told (J7): journals that are finished and never sent are no secret.

import { afterEach, expect, test } from 'vitest'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { journalSql, payRunSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const lines = [
  ['429', 4_000],
  ['850', -4_000],
] as const
const paidBy = [
  ['090', 1_000],
  ['610', -1_000],
] as const

test('journals that stay are counted by status; payments, drafts and what is before the cutover are not among them', async () => {
  const w = await World.open()
  world = w
  await w.prepare(
    contactsSql(1) +
      settingSql('cutover_date', '2026-04-01') +
      documentSql('invoice', { id: 'D1' }) +
      journalSql({ id: 'SENT', lines }),
  )
  await w.must(['export'])
  w.sql(
    settingSql('only_invoices_and_payments', 'on') +
      journalSql({ id: 'J1', lines }) +
      journalSql({ id: 'J2', kind: 'stock_adjustment', lines }) +
      payRunSql('PAY1') +
      journalSql({ id: 'DRAFT', status: 'draft', lines }) +
      journalSql({ id: 'OLD', date: '2026-03-31', lines }) +
      journalSql({ id: 'PAID', kind: 'invoice_payment', document: 'D1', lines: paidBy }),
  )
  const told = () => w.must(['status'])
  expect((await told()).out).toContain(
    'Beside these, 3 journals kept in the ledger, since only_invoices_and_payments is on.',
  )
  await w.must(['export'])
  expect(w.sandbox.manualJournals()).toHaveLength(1)
  expect((await told()).out).toContain('Beside these, 3 journals kept')
  expect(JSON.parse((await w.must(['status', '--json'])).out)).toMatchObject({
    entities: [{ remaining: { journal: 0 }, waiting: { keptJournals: 3 } }],
  })
  w.sql("UPDATE setting SET value = 'off' WHERE name = 'only_invoices_and_payments'")
  expect((await told()).out).not.toContain('kept in the ledger')
})
