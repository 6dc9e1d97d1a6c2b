// A ledger put back from a back-up after a rollback, or while things were held back by hand (M4, M6, E13): what was released and sent
// since is found in Xero and never sent a second time, and what was not stays held.

import { cpSync, rmSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { brokenPromises } from '../support/checkers.ts'
import { journalStyleSql } from '../support/mixed-ledger.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'
import { xeroRecords } from '../support/xero-records.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A run, rolled back, and a back-up of the ledger as it was then; `restore` puts it back. */
async function rolledBack(sql: string): Promise<{ w: World; restore: () => void }> {
  const w = await World.open({ sandbox: { switches: { voidedNumberFree: true } } })
  world = w
  await w.prepare(sql)
  await w.must(['export'])
  await w.must(['rollback', '--run', '1', '--yes'])
  return { w, restore: w.backUp() }
}

const standing = (w: World) =>
  xeroRecords(w.sandbox)
    .filter(({ isLive }) => isLive)
    .map(({ list, name }) => `${list} ${name}`)
    .sort()

const ofEverySort =
  settingSql('history_notes', 'on') +
  settingSql('marker_url', 'https://books.example/{entity}/{kind}/{id}') +
  contactsSql(1) +
  documentSql('invoice', { id: 'A' }) +
  documentSql('bill', { id: 'B' }) +
  documentSql('bill', { id: 'Q' }) +
  documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }) +
  creditAllocationSql('C', 'A', 1_150) +
  paymentSql({ id: 'P1', applied: { B: 1_000 } }) +
  journalSql({
    id: 'J',
    lines: [
      ['429', 4_000],
      ['850', -4_000],
    ],
  })

describe('a ledger as it was before what a rollback held was released', () => {
  test.each([
    ['documents, payments and journals', ofEverySort],
    ['daily summaries', journalStyleSql()],
  ])('finds what was sent since, and sends nothing of it again: %s', async (_title, sql) => {
    const { w, restore } = await rolledBack(sql)
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    const before = standing(w)
    restore()
    await w.must(['adopt-copy'])
    expect(w.query("SELECT kind, source_id FROM export_state WHERE state = 'held'")).toEqual([])
    await w.must(['export'])
    expect(standing(w)).toEqual(before)
    expect(brokenPromises(w)).toEqual([])
  })

  test('holds back still what was not sent since, and its note', async () => {
    const { w, restore } = await rolledBack(ofEverySort)
    await w.must(['release', '--run', '1'])
    await w.must(['hold', 'Q', '--reason', 'a new quote is coming'])
    await w.must(['export'])
    restore()
    await w.must(['adopt-copy'])
    const held = () => w.query("SELECT kind, source_id, held_reason FROM export_state WHERE state = 'held'")
    expect(held()).toEqual([
      { kind: 'bill', source_id: 'Q', held_reason: 'rolled back, run 1' },
      { kind: 'note', source_id: 'bill/Q', held_reason: 'rolled back, run 1' },
    ])
    await w.must(['export'])
    expect(w.query("SELECT 1 FROM export_state WHERE held_reason IS NOT NULL AND state <> 'held'")).toEqual(
      [],
    )
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    expect(held()).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('leaves to a person what somebody changed in Xero, and holds it on once it is not that', async () => {
    const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    const again = w.sandbox.invoices().find(({ status }) => status === 'AUTHORISED')
    asPerson(w, (person) => person.editInvoiceTotal(again?.id ?? '', cents(9_900)))
    restore()
    await w.must(['adopt-copy'], 1)
    expect(w.query('SELECT state FROM export_state WHERE source_id = ?', 'B')).toEqual([
      { state: 'uncertain' },
    ])
    asPerson(w, (person) => person.voidInvoice(again?.id ?? ''))
    await w.must(['settle', 'bill:B', '--not-there'])
    expect(w.query('SELECT state FROM export_state WHERE source_id = ?', 'B')).toEqual([{ state: 'held' }])
    const made = standing(w)
    await w.must(['export'])
    expect(standing(w)).toEqual(made)
  })
})

test('a whole machine as it was before the release: what was sent since is known when it is released again', async () => {
  const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
  const kept = `${w.configFolder}-kept`
  cpSync(w.configFolder, kept, { recursive: true })
  await w.must(['release', '--run', '1'])
  await w.must(['export'])
  const before = standing(w)
  restore()
  rmSync(w.configFolder, { recursive: true })
  cpSync(kept, w.configFolder, { recursive: true })
  await w.must(['export'])
  await w.must(['release', '--run', '1'])
  await w.must(['export'], 5)
  await w.must(['adopt-copy'])
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  expect(brokenPromises(w)).toEqual([])
})

test('a ledger as it was before the rollback: rolled back once more and looked through, it knows everything', async () => {
  const w = await World.open({ sandbox: { switches: { voidedNumberFree: true } } })
  world = w
  await w.prepare(ofEverySort)
  await w.must(['export'])
  const restore = w.backUp()
  await w.must(['rollback', '--run', '1', '--yes'])
  await w.must(['release', '--run', '1'])
  await w.must(['export'])
  const before = standing(w)
  restore()
  await w.must(['adopt-copy'])
  await w.must(['rollback', '--run', '1', '--yes'])
  await w.must(['adopt-copy'])
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  expect(w.query('SELECT state, deleted_by FROM payment')).toEqual([{ state: 'received', deleted_by: null }])
  expect(brokenPromises(w)).toEqual([])
})

test('what adopt-copy was looking for when it was killed is never sent, and held as before by the next', async () => {
  const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
  restore()
  const bills = (url: string) => url.includes('/Invoices')
  await w.run(['adopt-copy'], { death: { when: ({ url }) => bills(url) } })
  const before = standing(w)
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  await w.must(['adopt-copy'])
  expect(w.query("SELECT state FROM export_state WHERE kind = 'bill'")).toEqual([{ state: 'held' }])
})
