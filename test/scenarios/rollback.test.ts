// `rollback --run N` (M6): what a run posted is taken out of Xero, children first, and held in the ledger; what cannot be is said with
// its reason, and nothing of it comes back by itself.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import { day } from '../support/books.ts'
import { brokenPromises } from '../support/checkers.ts'
import { everyKindSql, journalStyleSql } from '../support/mixed-ledger.ts'
import { asPerson } from '../support/people.ts'
import { isSoak } from '../support/share.ts'
import { contactsSql, documentSql, raiseSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql, refundSql } from '../support/workload-money.ts'
import { attachmentSql, itemSql, journalSql } from '../support/workload-papers.ts'
import { World, type WorldOptions } from '../support/world.ts'
import { xeroRecords } from '../support/xero-records.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(sql: string | ((folder: string) => string), options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(typeof sql === 'string' ? sql : sql(world.folder))
  return world
}

interface Told {
  run: number
  byRun: number | null
  undone: { kind: string; id: string; number: string }[]
  notUndone: { kind: string; id: string; number: string; why: string }[]
  settleFrom: string | null
}

async function rollback(w: World, run: number, ...flags: string[]) {
  const outcome = await w.run(['rollback', '--run', String(run), '--yes', '--json', ...flags])
  const told = outcome.out.trim() === '' ? null : (JSON.parse(outcome.out) as Told)
  return {
    ...outcome,
    undone: told?.undone ?? [],
    notUndone: told?.notUndone ?? [],
    settleFrom: told?.settleFrom ?? null,
  }
}

async function exported(w: World): Promise<number> {
  const { code, runs, err } = await w.export()
  expect({ code, failures: runs[0]?.failures }, err).toEqual({ code: 0, failures: [] })
  return runs[0]?.id ?? 0
}

/** Of what the program made in Xero, what still stands there. */
const standing = (w: World) =>
  xeroRecords(w.sandbox)
    .filter(({ isLive, list }) => isLive && list !== 'attachment' && list !== 'note' && list !== 'item')
    .map(({ list, name }) => `${list} ${name}`)

/** Nothing goes out by itself, whatever runs next. */
async function expectSilent(w: World): Promise<void> {
  const writes = () =>
    w.exchanges.filter(({ method, url }) => method !== 'GET' && url.startsWith('/api.xro/')).length
  const before = writes()
  const next = await w.export()
  expect({ code: next.code, writes: writes() - before, failures: next.runs[0]?.failures }, next.err).toEqual({
    code: 0,
    writes: 0,
    failures: [],
  })
  expect(brokenPromises(w)).toEqual([])
}

describe('a run that posted something of every kind', () => {
  test('is shown with its money, then taken out whole where Xero deletes transactions, and nothing of it comes back', async () => {
    const w = await open(everyKindSql, { sandbox: { switches: { creditTransactionDelete: 'allowed' } } })
    const run = await exported(w)
    const before = standing(w)
    const shown = await w.must(['rollback', '--run', String(run), '--dry-run'])
    expect(shown.out).toMatch(/invoices +3 +345\.00/)
    expect(w.query('SELECT 1 FROM rolled_back')).toEqual([])
    expect(standing(w)).toEqual(before)
    const told = await rollback(w, run, '--dry-run')
    const { code, err, undone, notUndone } = await rollback(w, run)
    expect(told.undone.length).toBe(undone.filter(({ kind }) => kind !== 'cogs').length + 1)
    expect(notUndone.filter(({ kind }) => !['contact', 'item', 'note', 'attachment'].includes(kind))).toEqual(
      [],
    )
    expect(code, err).toBe(0)
    expect(standing(w)).toEqual([])
    expect(undone.length).toBeGreaterThan(20)
    await expectSilent(w)
    w.clock.advance(3_600_000)
    await expectSilent(w)
    // Nothing is left to be done a second time.
    expect(await rollback(w, run)).toMatchObject({ code: 0, undone: [] })
  })

  test('released and exported again is there once, as it was', async () => {
    const free = { creditTransactionDelete: 'allowed', voidedNumberFree: true } as const
    const w = await open(everyKindSql, { sandbox: { switches: free } })
    const run = await exported(w)
    const before = standing(w).sort()
    await rollback(w, run)
    w.sql("UPDATE document SET number = number || '-B' WHERE kind = 'purchase_order'")
    await w.must(['release', '--run', String(run)])
    expect(w.query("SELECT 1 FROM export_state WHERE state = 'held'")).toEqual([])
    await exported(w)
    expect(
      standing(w)
        .sort()
        .map((name) => name.replace(/-B$|-D2$/, '')),
    ).toEqual(before.map((name) => name.replace(/-D1$/, '')))
    await expectSilent(w)
  })
})

describe('sales that went out as journals and daily summaries', () => {
  test('are taken out with everything in them, and released they are summed up once more', async () => {
    const w = await open(journalStyleSql())
    const run = await exported(w)
    const before = standing(w).sort()
    const { code, err, undone } = await rollback(w, run)
    expect(code, err).toBe(0)
    expect(undone.map(({ kind, id }) => `${kind} ${id}`)).toEqual(
      expect.arrayContaining([
        'invoice INV1',
        'invoice INV2',
        'invoice INV3',
        'summary invoice/2026-11-03/1',
      ]),
    )
    expect(standing(w)).toEqual([])
    await expectSilent(w)
    const held = w.query<{ name: string }>(
      "SELECT kind || ':' || source_id AS name FROM export_state WHERE state = 'held'",
    )
    await w.must(['release', ...held.map(({ name }) => name)])
    await exported(w)
    expect(standing(w).sort()).toEqual(before)
    await expectSilent(w)
  })
})

test('a journal that another one stands on, or completes, stays', async () => {
  const journals =
    settingSql('ar_style', 'journals') + settingSql('daily_summaries', 'invoice') + roleAccountsSql()
  const w = await open(
    journals +
      contactsSql(1) +
      documentSql('invoice', { id: 'A', date: '2026-11-03' }) +
      documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }),
  )
  const first = await exported(w)
  w.sql(raiseSql('A', 1_000) + refundSql({ id: 'R', applied: { C: 1_150 } }))
  const second = await exported(w)
  const early = await rollback(w, first)
  expect(early).toMatchObject({ code: 1, undone: [] })
  expect(early.notUndone).toMatchObject([
    { kind: 'summary', why: expect.stringContaining('invoice/2026-11-03/2') },
    { kind: 'credit_note', id: 'C', why: expect.stringContaining(`refund of run ${second}`) },
  ])
  const late = await rollback(w, second)
  expect(late.undone).toMatchObject([{ kind: 'refund' }])
  expect(late.notUndone).toMatchObject([
    { kind: 'summary', why: expect.stringContaining('invoice/2026-11-03/1') },
  ])
  expect((await rollback(w, first)).undone).toMatchObject([{ kind: 'credit_note', id: 'C' }])
  await expectSilent(w)
})

/** Two invoices in one run, and a payment of the first in the next. */
async function paidLater(options: WorldOptions = {}): Promise<{ w: World; first: number; second: number }> {
  const w = await open(
    contactsSql(1) + documentSql('invoice', { id: 'A' }) + documentSql('invoice', { id: 'B' }),
    options,
  )
  const first = await exported(w)
  w.sql(paymentSql({ id: 'P1', applied: { A: 11_500 } }))
  return { w, first, second: await exported(w) }
}

const inXero = (w: World, number: string) => w.sandbox.invoices().find((one) => one.number === number)

describe('what stands on it', () => {
  test('a payment of a later run keeps its invoice in Xero until that is rolled back too', async () => {
    const { w, first, second } = await paidLater()
    const early = await rollback(w, first)
    expect(early.code).toBe(1)
    expect(early.undone).toMatchObject([{ kind: 'invoice', id: 'B' }])
    expect(early.notUndone).toMatchObject([
      { kind: 'contact' },
      { kind: 'invoice', id: 'A', number: 'INV-A', why: expect.stringContaining(`payment of run ${second}`) },
    ])
    expect((await rollback(w, second)).undone).toMatchObject([{ kind: 'payment', id: 'P1/A' }])
    expect(await rollback(w, first)).toMatchObject({ code: 0, undone: [{ kind: 'invoice', id: 'A' }] })
    expect(standing(w)).toEqual([])
    await expectSilent(w)
  })

  test('a payment that was rolled back is neither deleted in the ledger nor a problem of the month', async () => {
    const { w, second } = await paidLater()
    await rollback(w, second)
    w.clock.advance(3_600_000)
    await w.must(['pull'])
    expect(w.query("SELECT state, deleted_by FROM payment WHERE id = 'P1'")).toEqual([
      { state: 'received', deleted_by: null },
    ])
    expect(w.query('SELECT * FROM part_in_xero')).toEqual([])
    await w.must(['reconcile', '--month', '2026-11'])
    const shown = await w.must(['show', 'payment:P1'])
    expect(shown.out).toContain('rolled back')
    const history = await w.must(['history'])
    expect(history.out).toMatch(new RegExp(`rollback of ${second} .*taken out: 1 payment`))
    // A list that is behind shows it as it was.
    w.sql("UPDATE mirror_payment SET status = 'AUTHORISED', pending = 1")
    expect((await w.must(['pull'])).out).not.toContain('adopt-copy')
    const status = await w.must(['status'])
    expect(status.out).toContain('Beside these, 1 held back')
    const report = await w.must(['report', '--run', String(second)])
    expect(report.out).toContain('took 1 of what it posted out of Xero again')
    await expectSilent(w)
  })

  test('a person’s payment keeps the invoice, and an edit in Xero too', async () => {
    const w = await open(
      contactsSql(1) + documentSql('invoice', { id: 'A' }) + documentSql('bill', { id: 'B' }),
    )
    const run = await exported(w)
    const bill = w.sandbox.invoices().find(({ type }) => type === 'ACCPAY')
    asPerson(w, (person) => {
      person.money.pay(inXero(w, 'INV-A')?.id ?? '', { amount: cents(1_000) })
      person.editInvoiceTotal(bill?.id ?? '', cents(9_900))
    })
    const { code, undone, notUndone } = await rollback(w, run)
    expect({ code, undone }).toEqual({ code: 1, undone: [] })
    expect(notUndone).toMatchObject([
      { kind: 'contact' },
      { kind: 'bill', id: 'B', why: expect.stringContaining('changed in Xero') },
      { kind: 'invoice', id: 'A', why: expect.stringContaining('10.00') },
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('what a person ended in Xero before is held like the rest, and nothing is sent for it', async () => {
    const { w, first, second } = await paidLater()
    const [payment] = w.sandbox.payments()
    asPerson(w, ({ money }) => money.deletePayment(payment?.id ?? ''))
    asPerson(w, (person) => person.voidInvoice(inXero(w, 'INV-B')?.id ?? ''))
    await w.must(['pull'])
    expect(await rollback(w, second)).toMatchObject({ code: 0, undone: [{ id: 'P1/A' }] })
    expect(await rollback(w, first)).toMatchObject({ code: 0, undone: [{ id: 'A' }, { id: 'B' }] })
    await expectSilent(w)
  })
})

describe('what Xero refuses', () => {
  test('a locked period and a reconciled payment stay, with Xero’s words', async () => {
    const { w, first, second } = await paidLater()
    const [payment] = w.sandbox.payments()
    asPerson(w, ({ money }) => money.reconcile(payment?.id ?? ''))
    const stays = await rollback(w, second)
    expect(stays).toMatchObject({ code: 1, undone: [] })
    expect(stays.notUndone).toMatchObject([{ id: 'P1/A', why: expect.stringMatching(/reconciled/i) }])
    // It is of the run that posted it, whatever tried to take it out since.
    expect((await rollback(w, first, '--dry-run')).notUndone).toContainEqual(
      expect.objectContaining({ id: 'A', why: expect.stringContaining(`payment of run ${second}`) }),
    )
    asPerson(w, (person) => person.setLockDate(day('2026-11-21')))
    const locked = await rollback(w, first)
    expect(locked.notUndone).toMatchObject([
      {},
      { id: 'A' },
      { id: 'B', why: expect.stringMatching(/lock/i) },
    ])
    expect(w.query("SELECT state, queued FROM export_state WHERE kind = 'invoice'")).toEqual([
      { state: 'exported', queued: 0 },
      { state: 'exported', queued: 0 },
    ])
    await expectSilent(w)
  })

  test('transactions that it does not delete stay, and what they were for too', async () => {
    const w = await open(everyKindSql)
    const run = await exported(w)
    const { code, notUndone } = await rollback(w, run)
    expect(code).toBe(1)
    const left = notUndone.filter(({ kind }) => !['contact', 'item', 'note', 'attachment'].includes(kind))
    expect(left.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['receipt PAY1', 'receipt DEP1'])
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]).toMatchObject({ failures: [] })
  })

  test('a number that a void invoice keeps: said, and sent under another', async () => {
    const w = await open(contactsSql(1) + documentSql('invoice', { id: 'A' }))
    await rollback(w, await exported(w))
    await w.must(['release', 'A'])
    const again = await w.export()
    expect(again.runs[0]?.failures).toMatchObject([{ id: 'A', code: 'number-in-use' }])
    w.sql("UPDATE document SET number = 'INV-A2' WHERE id = 'A'")
    await exported(w)
    expect(inXero(w, 'INV-A2')?.status).toBe('AUTHORISED')
    await expectSilent(w)
  })
})

test('what is sent again after a release and loses its answer is not taken for what was rolled back', async () => {
  const w = await open(
    contactsSql(1) +
      settingSql('marker_url', 'https://books.example/{entity}/{kind}/{id}') +
      documentSql('bill', { id: 'B' }) +
      paymentSql({ id: 'P1', applied: { B: 1_000 } }) +
      journalSql({
        id: 'J',
        lines: [
          ['429', 4_000],
          ['850', -4_000],
        ],
      }),
  )
  const run = await exported(w)
  const before = standing(w).sort()
  expect((await rollback(w, run)).code).toBe(0)
  await w.must(['release', '--run', String(run)])
  for (const path of ['Invoices', 'Payments', 'ManualJournals'])
    w.sandbox.fault({ method: 'PUT', path: `^.*/${path}`, kind: 'drop-before-commit' })
  // Until Xero can no longer be storing it nothing is known, and then it is sent.
  for (let round = 1; round <= 4; round += 1) {
    await w.export()
    await w.clock.sleep(7 * 60_000)
  }
  await exported(w)
  expect(standing(w).sort()).toEqual(before)
  await expectSilent(w)
})

test('an allocation between the same two documents is rolled back a second time like the first', async () => {
  const w = await open(
    contactsSql(1) +
      documentSql('invoice', { id: 'B' }) +
      documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }),
  )
  await exported(w)
  w.sql(creditAllocationSql('C', 'B', 1_150))
  for (let turn = 1; turn <= 2; turn += 1) {
    const run = await exported(w)
    expect((await rollback(w, run)).undone).toMatchObject([{ kind: 'allocation', id: 'C/B' }])
    await expectSilent(w)
    await w.must(['release', '--run', String(run)])
  }
  await exported(w)
  await expectSilent(w)
})

test('a payment goes back the way it came, though the settings send none any more', async () => {
  const { w, second } = await paidLater()
  w.sql(settingSql('payments', 'none'))
  expect(await rollback(w, second)).toMatchObject({ code: 0, undone: [{ id: 'P1/A' }] })
  await expectSilent(w)
})

test('changes that a run made to what an earlier one posted are listed, and stay', async () => {
  const w = await open(contactsSql(1) + documentSql('invoice', { id: 'A' }))
  await exported(w)
  w.sql(raiseSql('A', 1_000))
  const { code, undone, notUndone } = await rollback(w, await exported(w))
  expect({ code, undone }).toEqual({ code: 1, undone: [] })
  expect(notUndone).toMatchObject([{ kind: 'invoice', id: 'A', why: expect.stringContaining('changed it') }])
  expect(inXero(w, 'INV-A')).toMatchObject({ status: 'AUTHORISED', total: 12_650 })
  const quiet = await w.run(['rollback', '--run', '2', '--yes', '--quiet'])
  expect(quiet).toMatchObject({ code: 1, out: '', err: expect.stringContaining('INV-A stays in Xero') })
  await expectSilent(w)
})

test('a file goes along with its document, held and released', async () => {
  const w = await open(
    (folder) => contactsSql(1) + documentSql('invoice', { id: 'A' }) + attachmentSql(folder, 'A', 'job.txt'),
    {
      sandbox: { switches: { voidedNumberFree: true } },
    },
  )
  const run = await exported(w)
  await rollback(w, run)
  await expectSilent(w)
  await w.must(['hold', 'A', '--reason', 'a new quote is coming'])
  await w.must(['release', 'A'])
  await exported(w)
  const [voided, again] = w.sandbox.invoices()
  const files = xeroRecords(w.sandbox).filter(({ list }) => list === 'attachment')
  expect(files.map(({ parentId }) => parentId).sort()).toEqual([voided?.id, again?.id].sort())
  await expectSilent(w)
})

test('the cost of an invoice that Xero refuses after its release is not posted either', async () => {
  const part = { kind: 'part', item: 'PART', supply: 'stocked', amount: 2_000, tax: 300 } as const
  const w = await open(
    settingSql('inventory_journals', 'on') +
      roleAccountsSql() +
      contactsSql(1) +
      itemSql({ code: 'PART', isStocked: true, averageCostE4: 70_000 }) +
      documentSql('invoice', { id: 'A', lines: [{ ...part, quantityE4: 20_000, unitPriceE4: 100_000 }] }),
  )
  const run = await exported(w)
  expect(await rollback(w, run)).toMatchObject({ code: 0, undone: [{ kind: 'cogs' }, { kind: 'invoice' }] })
  await w.must(['release', '--run', String(run)])
  const again = await w.export()
  expect(again.runs[0]?.failures).toMatchObject([{ id: 'A', code: 'number-in-use' }])
  expect(standing(w)).toEqual([])
  w.sql("UPDATE document SET number = 'INV-A2' WHERE id = 'A'")
  await exported(w)
  expect(standing(w)).toHaveLength(2)
  await expectSilent(w)
})

describe('asking', () => {
  test('without --yes where nobody can be asked, of no run, or of one that only pulled: nothing is changed', async () => {
    const w = await open(contactsSql(1) + documentSql('invoice', { id: 'A' }))
    const run = await exported(w)
    await w.must(['pull'])
    await w.must(['rollback', '--run', String(run)], 2)
    await w.must(['rollback', '--run', '99', '--yes'], 2)
    await w.must(['rollback', '--run', String(run + 1), '--yes'], 1)
    expect(inXero(w, 'INV-A')?.status).toBe('AUTHORISED')
    expect(brokenPromises(w)).toEqual([])
  })

  test.each([
    ['n', 'AUTHORISED', 0],
    ['y', 'VOIDED', 0],
  ])('at a terminal, answered with %j', async (answer, status, code) => {
    const w = await open(contactsSql(1) + documentSql('invoice', { id: 'A' }))
    const run = await exported(w)
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return answer
    }
    const outcome = await w.run(['rollback', '--run', String(run)], { ask })
    expect(outcome.code, outcome.err).toBe(code)
    expect(outcome.out).toMatch(/invoice +1 +115\.00/)
    expect(asked).toEqual(['Take this out of Xero? [y/N] '])
    expect(inXero(w, 'INV-A')?.status).toBe(status)
    expect(brokenPromises(w)).toEqual([])
  })
})

const losses: readonly [string, FaultEffect, codes: number[]][] = [
  ['its answer is lost', { kind: 'drop-after-commit' }, [0]],
  ['it never arrives', { kind: 'drop-before-commit' }, [0, 8]],
  ['an error 500 after it was stored', { kind: 'error-after-commit' }, [0]],
  ['Xero stores it 20 seconds after we gave up', { kind: 'late-commit', afterMs: 80_000 }, [0, 8]],
]

/** With the losses that each meets in `npm test`: together they meet all, and in the long runs each does. */
describe.each([
  ['a void', 'POST', '^.*/Invoices', [0, 3]],
  ['the deletion of a payment', 'POST', '^.*/Payments/', [1]],
  ['the removal of an allocation', 'DELETE', '^.*/Allocations/', [2]],
] as const)('%s', (_name, method, path, own: readonly number[]) => {
  const ofCall = losses.filter((_, number) => isSoak || own.includes(number))
  test.each(ofCall)('%s', async (_title, effect, codes) => {
    const w = await open(
      contactsSql(1) +
        documentSql('invoice', { id: 'A' }) +
        documentSql('invoice', { id: 'B' }) +
        documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }) +
        paymentSql({ id: 'P1', applied: { A: 11_500 } }) +
        "INSERT INTO credit_allocation (credit, document, amount_cents, date) VALUES ('C', 'B', 1150, '2026-11-12');",
    )
    const run = await exported(w)
    w.sandbox.fault({ method, path, ...effect })
    const lost = await rollback(w, run)
    expect(codes, lost.err + lost.out).toContain(lost.code)
    expect(brokenPromises(w, { settled: lost.code === 0 })).toEqual([])
    await w.sandbox.settleHeld()
    await w.clock.sleep(7 * 60_000)
    expect((await rollback(w, run)).code).toBe(0)
    expect(standing(w)).toEqual([])
    await expectSilent(w)
  })
})
