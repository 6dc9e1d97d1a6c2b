// Journals of the ledger and stock movements on their way to Xero's manual journals (J1, J3, J6, J7), which nothing in Xero keeps
// from being posted twice: what is lost, stored late or entered by a person at the same time.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { insertSql } from '../support/sql.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { itemSql, journalSql, payRunSql, stockMovementSql } from '../support/workload-papers.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(sql)
  return world
}

const setting = (name: string, value: string) =>
  `INSERT INTO setting VALUES ('NZ01', '${name}', '${value}') ON CONFLICT DO UPDATE SET value = excluded.value;`
const role = (name: string, account: string) =>
  insertSql('role_account', { entity: 'NZ01', role: name, account })

/** 100.00 and so many cents from wages payable to advertising. */
const journal = (id: string, cents = 10_000, more: Partial<Parameters<typeof journalSql>[0]> = {}) =>
  journalSql({ id, lines: [['400', cents] as const, ['814', -cents] as const], ...more })
const journals = (count: number) =>
  Array.from({ length: count }, (_, index) => journal(`J-${index + 1}`, 10_000 + index)).join('\n')

/** The amounts of each line, by narration, of what stands in the books. */
function posted(w: World): Record<string, number[]> {
  const standing = w.sandbox.manualJournals().filter(({ status }) => status === 'POSTED')
  return Object.fromEntries(
    standing.map(({ narration, lines }) => [narration, lines.map(({ lineAmount }) => lineAmount)]),
  )
}

const balanceOf = (w: World, account: string) =>
  w.sandbox.trialBalance().find((row) => row.account === account)?.cents ?? 0
const stateOf = (w: World, id: string) =>
  w.query<{ state: string }>('SELECT state FROM export_state WHERE source_id = ?', id)[0]?.state
const findingsOf = (w: World, id: string) =>
  w
    .query<{ code: string }>('SELECT code FROM finding WHERE source_id = ? ORDER BY position', id)
    .map(({ code }) => code)

async function again(w: World, code = 0) {
  w.clock.advance(7 * 60_000)
  const run = await w.export()
  expect(run.code, run.err).toBe(code)
  return run
}

describe('a journal of the ledger', () => {
  test('is posted once, and a second run sends nothing', async () => {
    const w = await open(journal('J-1') + payRunSql('PR-1'))
    const first = await w.export()
    expect(first.code, first.err).toBe(0)
    expect(first.runs[0]?.kinds['journal']).toMatchObject({ exported: 2, remaining: 0 })
    expect(posted(w)['Journal J-1']).toEqual([10_000, -10_000])
    expect(balanceOf(w, '477')).toBe(200_000)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(w.sandbox.manualJournals()).toHaveLength(2)
    expect(brokenPromises(w)).toEqual([])
  })

  test('250 of them go in three calls', async () => {
    const w = await open(journals(250))
    expect((await w.export()).runs[0]?.chunks.map(({ documents }) => documents)).toEqual([100, 100, 50])
    expect(w.sandbox.manualJournals()).toHaveLength(250)
  })

  test('that does not balance fails alone', async () => {
    const w = await open(
      journal('J-1') +
        journalSql({
          id: 'J-2',
          lines: [
            ['400', 5],
            ['814', -4],
          ],
        }),
    )
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures.map(({ id, code }) => [id, code])).toEqual([['J-2', 'journal-unbalanced']])
    expect(Object.keys(posted(w))).toEqual(['Journal J-1'])
    w.sql(`UPDATE journal_line SET amount_cents = -5 WHERE journal = 'J-2' AND position = 2`)
    expect((await w.export()).code).toBe(0)
    expect(Object.keys(posted(w)).sort()).toEqual(['Journal J-1', 'Journal J-2'])
  })

  test('drafts and unpaid pay runs stay, and nobody waits for them', async () => {
    const w = await open(
      journal('J-1', 1, { status: 'draft' }) + journal('PR-1', 1, { kind: 'pay_run', status: 'posted' }),
    )
    expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
    w.sql(`UPDATE journal SET status = 'paid' WHERE id = 'PR-1'`)
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ exported: 1 })
  })

  test('that only gives a payment its account is never posted (P2)', async () => {
    const w = await open(
      insertSql('payment', {
        id: 'P-1',
        entity: 'NZ01',
        kind: 'payment',
        date: '2026-11-01',
        amount_cents: 1,
      }) + journal('J-1', 1, { kind: 'invoice_payment', payment: 'P-1' }),
    )
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ exported: 0, remaining: 0 })
    expect(w.sandbox.manualJournals()).toEqual([])
  })

  test('stays with only_invoices_and_payments, and goes once that is off again (J7)', async () => {
    const w = await open(journal('J-1') + setting('only_invoices_and_payments', 'on'))
    expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
    w.sql(setting('only_invoices_and_payments', 'off'))
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ exported: 1 })
  })
})

describe('a journal that is itself the payment of a document (P2)', () => {
  const invoice = contactsSql(1) + invoiceSql({ id: 'A', number: 'INV-1' })
  const payment = journalSql({
    id: 'J-1',
    kind: 'invoice_payment',
    document: 'A',
    lines: [
      ['090', 5_000],
      ['610', -5_000],
    ],
  })

  test('goes out as a payment, in the run in which its invoice does', async () => {
    const w = await open(invoice + payment)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]?.kinds['payment']).toMatchObject({ exported: 1 })
    expect(w.sandbox.manualJournals()).toEqual([])
    expect(w.sandbox.invoices().map(({ number }) => number)).toEqual(['INV-1'])
    expect([balanceOf(w, '090'), balanceOf(w, '610')]).toEqual([5_000, 6_500])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('waits for an invoice that was refused', async () => {
    const w = await open(invoice + payment)
    w.sql(`UPDATE document_line SET account = '999'`)
    expect((await w.export()).code).toBe(1)
    expect(stateOf(w, 'J-1')).toBe('skipped')
    w.sql(`UPDATE document_line SET account = '200'`)
    expect((await w.export()).code).toBe(0)
    expect(balanceOf(w, '090')).toBe(5_000)
  })

  test('with two debit accounts says so', async () => {
    const w = await open(invoice + payment)
    w.sql(`UPDATE journal_line SET amount_cents = 3000 WHERE position = 1; UPDATE journal_line SET position = 3 WHERE position = 2;
           INSERT INTO journal_line (journal, position, account, amount_cents) VALUES ('J-1', 2, '855', 2000)`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['journal-side-unclear'])
    expect(w.sandbox.payments()).toEqual([])
  })

  test('a lost answer does not pay twice', async () => {
    const w = await open(invoice + payment)
    w.sandbox.fault({ method: 'PUT', path: '/Payments', kind: 'drop-after-commit' })
    await w.export()
    await again(w)
    expect(w.sandbox.payments()).toHaveLength(1)
    expect(stateOf(w, 'J-1')).toBe('exported')
    expect(brokenPromises(w)).toEqual([])
  })

  test('stays with payments=none, and goes once they are sent', async () => {
    const w = await open(invoice + payment + setting('payments', 'none'))
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.payments()).toEqual([])
    w.sql(setting('payments', 'both'))
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.payments()).toHaveLength(1)
  })

  test('turned into a general journal after it was exported, it is a finding', async () => {
    const w = await open(invoice + payment)
    await w.export()
    w.sql(`UPDATE journal SET kind = 'general'`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['kind-changed'])
    expect(w.sandbox.manualJournals()).toEqual([])
  })
})

describe('changed after it was posted', () => {
  const twice = `UPDATE journal_line SET amount_cents = 2 * amount_cents WHERE journal = 'J-1'`

  test('it is changed in Xero, all its lines together', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    w.sql(twice)
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ updated: 1, exported: 0 })
    expect(posted(w)).toEqual({ 'Journal J-1': [20_000, -20_000] })
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('and changed by a person too, nothing is overwritten', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    const [there] = w.sandbox.manualJournals()
    w.sandbox.person().papers.editManualJournal(there?.id ?? '', { narration: 'Ours, corrected' })
    w.sql(twice)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['edited-in-xero'])
    expect(posted(w)).toEqual({ 'Ours, corrected': [10_000, -10_000] })
  })

  test('and void in Xero, it is said and not posted anew', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    w.sandbox.person().papers.voidManualJournal(w.sandbox.manualJournals()[0]?.id ?? '')
    w.sql(twice)
    const [failure] = (await w.export()).runs[0]?.failures ?? []
    expect(failure).toMatchObject({ code: 'edited-in-xero' })
    expect(failure?.message).toBe('Journal J-1 was changed in the ledger, and its journal in Xero is void.')
    expect(w.sandbox.manualJournals()).toHaveLength(1)
  })

  test('a draft again, it is a finding and stays as it is', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    w.sql(`UPDATE journal SET status = 'draft' WHERE id = 'J-1'`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['edited-after-export'])
    expect(Object.keys(posted(w))).toEqual(['Journal J-1'])
    w.sql(`UPDATE journal SET status = 'posted' WHERE id = 'J-1'`)
    expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
  })

  test('deleted from the ledger, it stays in Xero and is said', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    w.sql(`DELETE FROM journal_line WHERE journal = 'J-1'; DELETE FROM journal WHERE id = 'J-1'`)
    const run = await w.export()
    expect(run.code).toBe(0)
    expect(findingsOf(w, 'J-1')).toEqual(['deleted-in-ledger'])
    expect(Object.keys(posted(w))).toEqual(['Journal J-1'])
  })

  test('a change whose answer was lost is read by its id, and sent once', async () => {
    const w = await open(journal('J-1'))
    await w.export()
    w.sql(twice)
    w.sandbox.fault({ method: 'POST', path: '/ManualJournals', kind: 'drop-after-commit' })
    expect((await w.export()).code).toBe(0)
    await again(w)
    expect(posted(w)).toEqual({ 'Journal J-1': [20_000, -20_000] })
    expect(brokenPromises(w)).toEqual([])
  })
})

const call = { method: 'PUT', path: '/ManualJournals', nth: 2 } as const
/** A fault of the second of three calls. */
const faults: [string, Fault, { code: number; uncertain: number }][] = [
  ['stored, and the answer is lost', { ...call, kind: 'drop-after-commit' }, { code: 0, uncertain: 0 }],
  [
    'never stored, and the answer is lost',
    { ...call, kind: 'drop-before-commit' },
    { code: 8, uncertain: 10 },
  ],
  ['an error 500 after all were stored', { ...call, kind: 'error-after-commit' }, { code: 0, uncertain: 0 }],
  [
    'an error 500 before any was stored',
    { ...call, kind: 'error-before-commit' },
    { code: 8, uncertain: 10 },
  ],
  ['4 of 10 are stored', { ...call, kind: 'partial-commit', stored: 4 }, { code: 8, uncertain: 6 }],
  ['the answer lacks an element', { ...call, kind: 'missing-element' }, { code: 0, uncertain: 0 }],
  ['the answer is shuffled', { ...call, kind: 'shuffled-order' }, { code: 0, uncertain: 0 }],
  [
    'no answer, and stored 20 seconds later',
    { ...call, kind: 'late-commit', afterMs: 80_000 },
    { code: 8, uncertain: 10 },
  ],
]

describe('lost on the way, every journal is in Xero once in the end', () => {
  test.each(faults)('%s', async (_title, fault, expected) => {
    const w = await open(journals(25) + setting('chunk_size', '10'))
    w.sandbox.fault(fault)
    const first = await w.export()
    expect({ code: first.code, uncertain: first.runs[0]?.waiting.uncertain }, first.err).toEqual(expected)
    // Never repeated under its key: nothing in Xero would refuse the second.
    expect(w.sandbox.counts.byRoute['PUT /ManualJournals']).toBe(3)
    await w.sandbox.settleHeld()
    await again(w)
    expect(w.sandbox.manualJournals()).toHaveLength(25)
    expect(balanceOf(w, '400')).toBe(25 * 10_000 + 300)
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })

  test('a run that dies after any of its requests is finished by the next', async () => {
    for (let atRequest = 6; atRequest <= 10; atRequest += 1) {
      const w = await open(journals(25) + setting('chunk_size', '10'))
      await w.run(['export'], { death: { atRequest } })
      await again(w)
      expect(w.sandbox.manualJournals()).toHaveLength(25)
      expect(brokenPromises(w)).toEqual([])
      await w.close()
    }
  })

  test('two runs at the same time post each once', async () => {
    const w = await open(journals(25) + setting('chunk_size', '10'))
    const ends = await Promise.all([w.export(), w.export()])
    expect(ends.map(({ code }) => code).sort(), ends[0]?.err).toEqual([0, 6])
    expect(w.sandbox.manualJournals()).toHaveLength(25)
  })
})

describe('a person enters a journal like ours while the answer is lost', () => {
  const theirs = {
    narration: 'Journal J-1',
    date: '2026-11-05' as never,
    lines: [
      { accountCode: '400', amount: 10_000 },
      { accountCode: '814', amount: -10_000 },
    ],
  }
  const lose = async (kind: 'error-after-commit' | 'error-before-commit') => {
    const w = await open(`${journal('J-1')} UPDATE journal_line SET description = NULL;`)
    w.sandbox.fault({ method: 'PUT', path: '/ManualJournals', kind })
    w.onExchange = ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/ManualJournals')) return
      w.onExchange = () => undefined
      w.touchedByPerson.add(w.sandbox.person().papers.createManualJournal(theirs).id)
    }
    return { w, first: await w.export() }
  }

  test('ours is told from theirs by its link', async () => {
    const { w, first } = await lose('error-after-commit')
    expect(first.code, first.err).toBe(0)
    const id = w.query<{ xero_id: string }>(`SELECT xero_id FROM export_state WHERE source_id = 'J-1'`)[0]
    expect(w.touchedByPerson.has(id?.xero_id ?? '')).toBe(false)
    expect(w.sandbox.manualJournals()).toHaveLength(2)
  })

  test('where only theirs is there, nobody guesses: a person settles it', async () => {
    const { w } = await lose('error-before-commit')
    await again(w, 1)
    expect(stateOf(w, 'J-1')).toBe('uncertain')
    expect(findingsOf(w, 'J-1')).toEqual(['look-alike-in-xero'])
    expect(w.sandbox.manualJournals()).toHaveLength(1)
    await w.must(['settle', 'journal:J-1', '--not-there'])
    await again(w)
    expect(w.sandbox.manualJournals()).toHaveLength(2)
    expect(stateOf(w, 'J-1')).toBe('exported')
  })
})

describe('a stock movement (J3)', () => {
  const stock =
    setting('items', 'off') + itemSql({ code: 'FILT', isStocked: true }) + role('stock_on_hand', '631')
  const movement = stock + role('stock_adjustment', '310') + stockMovementSql('S-1', 'FILT', -20_000, 112_500)

  test('is posted at its cost with inventory_journals=on', async () => {
    const w = await open(movement + setting('inventory_journals', 'on'))
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ exported: 1 })
    expect([balanceOf(w, '631'), balanceOf(w, '310')]).toEqual([-2250, 2250])
    w.sql(`UPDATE stock_movement SET quantity_e4 = 30000`)
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ updated: 1 })
    expect([balanceOf(w, '631'), balanceOf(w, '310')]).toEqual([3375, -3375])
    w.sql(`UPDATE stock_movement SET quantity_e4 = 0`)
    expect((await w.export()).runs[0]?.kinds['journal']).toMatchObject({ updated: 1 })
    expect(balanceOf(w, '631')).toBe(0)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  test('stays in the ledger without it', async () => {
    const w = await open(movement)
    expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
    expect(w.sandbox.manualJournals()).toEqual([])
  })

  test('without its role or its cost says what is missing, and goes once it has it', async () => {
    const w = await open(
      stock + stockMovementSql('S-1', 'FILT', 10_000, 0) + setting('inventory_journals', 'on'),
    )
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['cost-missing'])
    w.sql(`UPDATE item SET average_cost_e4 = 112500`)
    expect((await w.export()).runs[0]?.failures.map(({ code }) => code)).toEqual(['account-missing'])
    w.sql(role('stock_adjustment', '310'))
    expect((await w.export()).code).toBe(0)
    expect(balanceOf(w, '631')).toBe(1125)
  })
})
