// A ledger that is a copy or a restored back-up is noticed before it sends what is in Xero already (E13), and what only
// a person can settle has a way out.

import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { auDemoCompany, nzDemoCompany } from '../../src/sandbox/organisation.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { byPerson } from '../support/promises/watched.ts'
import {
  contactsSql,
  documentSql,
  invoiceSql,
  invoicesSql,
  raiseSql,
  roleAccountsSql,
  settingSql,
} from '../support/workload.ts'
import { depositSql } from '../support/workload-money.ts'
import { itemSql } from '../support/workload-papers.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const minute = 60_000
const puts = (w: World) => w.sandbox.counts.byRoute['PUT /Invoices'] ?? 0

describe('a restored back-up', () => {
  test('sends nothing until adopt-copy has looked up what Xero has, and then only the rest', async () => {
    const w = await open()
    await w.prepare(invoicesSql(5, 2))
    const restore = w.backUp()
    await w.export()
    restore()
    w.sql(invoiceSql({ id: 'NEW' }))

    const refused = await w.export()
    expect(refused.code).toBe(5)
    expect(refused.err).toMatch(/adopt-copy/)
    expect(puts(w)).toBe(1)

    const adopted = await w.must(['adopt-copy'])
    expect(adopted.out).toMatch(/what waits, 6 in all\. 5 found there/)
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(next.runs[0]?.kinds['invoice']).toMatchObject({ exported: 1, remaining: 0 })
    expect(w.sandbox.invoices()).toHaveLength(6)
    expect(brokenPromises(w)).toEqual([])
  })

  test('that was made in the middle of a lost answer settles it too', async () => {
    const w = await open()
    await w.prepare(invoicesSql(5, 2))
    w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'partial-commit', stored: 2 })
    await w.export()
    const restore = w.backUp()
    w.clock.advance(7 * minute)
    await w.must(['export'])
    restore()
    expect((await w.export()).code).toBe(5)
    await w.must(['adopt-copy'])
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(w.sandbox.invoices()).toHaveLength(5)
    expect(brokenPromises(w)).toEqual([])
  })

  test('knows credits that auxo-sync numbered, although it counts them anew (B4)', async () => {
    const w = await open()
    const lines = [{ amount: 1_000, tax: 150 }]
    const credit = (id: string, date: string) =>
      documentSql('supplier_credit', { id, number: '', source: 'P', lines, date })
    await w.prepare(
      contactsSql(1) + documentSql('purchase_order', { id: 'P' }) + settingSql('purchase_orders', 'bills'),
    )
    w.sql(credit('LATE', '2026-11-09') + credit('EARLY', '2026-11-03'))
    const restore = w.backUp()
    await w.must(['export', '--from', '2026-11-05'])
    await w.must(['export'])
    restore()
    await w.must(['adopt-copy'])
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    const numbers = w.sandbox.creditNotes().map(({ number, date }) => `${number} of ${date}`)
    expect(numbers.sort()).toEqual(['CN – PO-P – 1 of 2026-11-09', 'CN – PO-P – 2 of 2026-11-03'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('knows what was received of a contact that has no document, and writes no note twice', async () => {
    const w = await open()
    await w.prepare(contactsSql(2) + roleAccountsSql() + settingSql('deposits', 'prepayment'))
    w.sql(settingSql('history_notes', 'on') + invoiceSql({ id: 'A', contact: 'C002' }))
    // The note is still to be written when the back-up is made.
    w.sandbox.fault({ path: '^.*/History', kind: 'forbidden' })
    await w.run(['export'])
    w.sql(depositSql({ id: 'H', amount: 10_000 }) + invoiceSql({ id: 'B', contact: 'C002' }))
    const restore = w.backUp()
    await w.must(['export'])
    restore()
    await w.must(['adopt-copy'])
    expect((await w.export()).code).toBe(0)
    w.sql(raiseSql('B'))
    expect((await w.export()).code).toBe(0)
    expect([w.sandbox.prepayments(), w.sandbox.notes()].map(({ length }) => length)).toEqual([1, 2])
    expect(brokenPromises(w)).toEqual([])
  })

  test.each([
    ['dated another day', `UPDATE document SET date = '2026-11-03' WHERE id = 'A'`, 3],
    ['void', `UPDATE document SET status = 'void' WHERE id = 'A'`, 2],
  ])(
    'knows what followed from a document that was %s: the cost of its parts (J2)',
    async (_, change, journals) => {
      const w = await open()
      await w.prepare(
        contactsSql(1) +
          roleAccountsSql() +
          settingSql('inventory_journals', 'on') +
          itemSql({ code: 'P', averageCostE4: 70_000 }),
      )
      w.sql(
        invoiceSql({
          id: 'A',
          lines: [{ kind: 'part', item: 'P', supply: 'stocked', amount: 2_000, tax: 300 }],
        }),
      )
      await w.must(['export'])
      w.sql(change)
      const restore = w.backUp()
      await w.must(['export'])
      restore()
      await w.must(['adopt-copy'])
      expect((await w.export()).code).toBe(0)
      expect(w.sandbox.manualJournals()).toHaveLength(journals)
      expect(brokenPromises(w)).toEqual([])
    },
  )

  test.each([
    [
      'merged',
      (person: Person, id: string) => person.mergeContact(id, person.createContact({ name: 'Other' }).id),
    ],
    ['renamed', (person: Person, id: string) => person.renameContact(id, 'Other')],
    ['archived', (person: Person, id: string) => person.archiveContact(id)],
  ])('knows documents whose contact was %s since, or asks a person about them', async (_, change) => {
    const w = await open()
    await w.prepare(contactsSql(1) + roleAccountsSql() + settingSql('deposits', 'prepayment'))
    w.sql(
      documentSql('bill', { id: 'B' }) +
        documentSql('supplier_credit', { id: 'S' }) +
        invoiceSql({ id: 'I' }),
    )
    w.sql(depositSql({ id: 'H', amount: 10_000 }))
    const restore = w.backUp()
    await w.must(['export'])
    const [ours] = w.sandbox.contacts().filter(({ name }) => name === 'Customer 1')
    asPerson(w, (person) => change(person, ours?.id ?? ''))
    restore()
    await w.must(['adopt-copy'], 1)
    const run = await w.export()
    expect(run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)).toEqual([
      'I look-alike-in-xero',
      'S look-alike-in-xero',
    ])
    await w.must([
      'settle',
      'invoice:I',
      '--xero-id',
      w.sandbox.invoices().find(({ type }) => type === 'ACCREC')?.id ?? '',
    ])
    await w.must(['settle', 'supplier_credit:S', '--xero-id', w.sandbox.creditNotes()[0]?.id ?? ''])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(
      [w.sandbox.invoices(), w.sandbox.creditNotes(), w.sandbox.prepayments()].map(({ length }) => length),
    ).toEqual([2, 1, 1])
    expect(brokenPromises(w)).toEqual([])
  })

  test('sends nothing that Xero has something like and no mark of ours on, before a person says what it is', async () => {
    const w = await open({ sandbox: { switches: { creditTransactionReference: 'ignored' } } })
    await w.prepare(contactsSql(1) + roleAccountsSql() + settingSql('deposits', 'prepayment'))
    w.sql(depositSql({ id: 'H', amount: 10_000 }) + documentSql('bill', { id: 'B' }))
    const restore = w.backUp()
    await w.must(['export'])
    const [bill] = w.sandbox.invoices()
    asPerson(w, (person) => person.editInvoice(bill?.id ?? '', { url: null }))
    restore()
    await w.must(['adopt-copy'], 1)
    for (const run of [await w.export(), await w.export()]) {
      expect(run.code, run.err).toBe(1)
      expect(run.runs[0]?.failures.map(({ id, code }) => `${id} ${code}`)).toEqual([
        'B look-alike-in-xero',
        'H look-alike-in-xero',
      ])
    }
    const [deposit] = w.sandbox.prepayments()
    await w.must(['settle', 'bill:B', '--xero-id', bill?.id ?? ''])
    await w.must(['settle', 'receipt:H', '--xero-id', deposit?.id ?? ''])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect([w.sandbox.invoices(), w.sandbox.prepayments()].map(({ length }) => length)).toEqual([1, 1])
    expect(brokenPromises(w)).toEqual([])
  })

  test.each([7, 8, 9])(
    'after a run that was killed at its request %i is noticed as well',
    async (atRequest) => {
      const w = await open()
      await w.prepare(invoicesSql(5, 2))
      const restore = w.backUp()
      await w.run(['export'], { death: { atRequest } })
      const hasSent = w.exchanges.some(({ method }) => method === 'PUT')
      restore()
      w.clock.advance(10 * minute)
      const run = await w.export()
      expect(run.code, run.err).toBe(hasSent ? 5 : 0)
      if (hasSent) await w.must(['adopt-copy'])
      expect((await w.export()).code).toBe(0)
      expect(w.sandbox.invoices()).toHaveLength(5)
      expect(brokenPromises(w)).toEqual([])
    },
  )

  test('of a ledger with two organisations is at home in both after one adopt-copy', async () => {
    const w = await open({ sandbox: { organisations: [nzDemoCompany(), auDemoCompany()] } })
    const [nz, au] = w.sandbox.organisations
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    await w.must(['entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU'])
    await w.must(['connect', '--custom', '--entity', 'NZ01', '--tenant', nz?.tenantId ?? ''])
    await w.must(['connect', '--custom', '--entity', 'AU01', '--tenant', au?.tenantId ?? ''])
    const auInvoice = invoiceSql({ id: 'A1', contact: 'C001', taxCode: 'OUTPUT' })
      .replaceAll("'NZ01'", "'AU01'")
      .replaceAll('1500', '1000')
      .replace('11500', '11000')
    w.sql(invoicesSql(2, 1))
    w.sql(auInvoice)
    const restore = w.backUp()
    const first = await w.export()
    expect(first.code, first.err + first.out).toBe(0)
    restore()
    expect((await w.export()).code).toBe(5)
    await w.must(['adopt-copy'])
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(w.sandbox.invoices(nz?.tenantId)).toHaveLength(2)
    expect(w.sandbox.invoices(au?.tenantId)).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })
})

test('a copy on another machine is refused, the ledger that stayed goes on', async () => {
  const w = await open()
  await w.prepare(invoicesSql(3, 1))
  await w.export()
  w.sql(invoiceSql({ id: 'NEW' }))
  const elsewhere = await w.run(['export'], { env: { AUXO_CONFIG_DIR: join(w.folder, 'other-machine') } })
  expect(elsewhere.code).toBe(5)
  expect(elsewhere.err).toMatch(/not from this machine/)
  expect((await w.export()).code).toBe(0)
  expect(brokenPromises(w)).toEqual([])
})

describe('the memory of what was sent', () => {
  const marks = (w: World) => join(w.configFolder, 'sent')

  test('that cannot be read counts as a copy, not as nothing sent', async () => {
    const w = await open()
    await w.prepare(invoicesSql(3, 1))
    await w.export()
    w.sql(invoiceSql({ id: 'NEW' }))
    for (const file of readdirSync(marks(w))) writeFileSync(join(marks(w), file), '')
    const run = await w.export()
    expect(run.code).toBe(5)
    expect(run.err).toMatch(/adopt-copy/)
    await w.must(['adopt-copy'])
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })

  test('that cannot be written stops the run before anything is sent', async () => {
    const w = await open()
    await w.prepare(invoicesSql(3, 1))
    writeFileSync(marks(w), 'a file where the folder belongs')
    const run = await w.export()
    expect(run.code, run.err).toBe(5)
    expect(run.err).toMatch(/AUXO_CONFIG_DIR/)
    expect(puts(w)).toBe(0)
    rmSync(marks(w))
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('what a person must settle', () => {
  /** A person enters the number while its answer is lost: Xero has it, with another total. */
  async function lookAlike(): Promise<{ w: World; xeroId: string }> {
    const w = await open()
    await w.prepare(invoicesSql(3, 1))
    w.sandbox.fault({ method: 'PUT', path: '/Invoices', times: 9, kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(8)
    w.sandbox.clearFaults()
    const contactId = w.sandbox.contacts()[0]?.id ?? ''
    const entered = w.sandbox
      .person()
      .createInvoice({ contactId, number: 'INV-D0002', total: 777_00 as never, reference: byPerson })
    w.clock.advance(7 * minute)
    const run = await w.export()
    expect(run.code, run.err).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'D0002', code: 'look-alike-in-xero' }])
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ exported: 2, uncertain: 1 })
    return { w, xeroId: entered.id }
  }

  test('--xero-id: it is this one', async () => {
    const { w, xeroId } = await lookAlike()
    await w.must(['settle', 'INV-D0002', '--xero-id', xeroId])
    w.touchedByPerson.add(xeroId)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('--not-there: the number is another’s, and the document says so from now on', async () => {
    const { w } = await lookAlike()
    await w.must(['settle', 'INV-D0002', '--not-there'])
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'D0002', code: 'number-in-use' }])
    w.sql(`UPDATE document SET number = 'INV-OTHER' WHERE id = 'D0002'`)
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })

  test.each([0, -40 * minute, 40 * minute])(
    '--not-there while Xero may still be storing it is refused, with our clock set by %i ms',
    async (step) => {
      const w = await open()
      await w.prepare(invoicesSql(3, 1))
      w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'late-commit', afterMs: 5 * minute })
      expect((await w.export()).code).toBe(8)
      w.clock.stepWall(step)
      const early = await w.run(['settle', 'INV-D0002', '--not-there'])
      expect(early.code, early.err).toBe(8)
      await w.sandbox.settleHeld()
      w.clock.advance(7 * minute)
      const there = await w.run(['settle', 'INV-D0002', '--not-there'])
      expect(there.code).toBe(1)
      expect(there.err).toMatch(/Xero has it/)
      expect((await w.export()).code).toBe(0)
      expect(brokenPromises(w)).toEqual([])
    },
  )
})
