// Sales and payments as one journal a day and kind (daily_summaries, J5): sent the day after, traceable to its sources, and what comes
// late, is edited or voided as the difference in the next sequence of that day.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { randomSource } from '../support/random.ts'
import { insertSql } from '../support/sql.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const setting = (name: string, value: string) =>
  `INSERT INTO setting VALUES ('NZ01', '${name}', '${value}') ON CONFLICT DO UPDATE SET value = excluded.value;`
const role = (name: string, account: string) =>
  insertSql('role_account', { entity: 'NZ01', role: name, account })

/** Debtors are 620 and bank clearing is 855. */
const shop =
  contactsSql(1) +
  setting('ar_style', 'journals') +
  setting('daily_summaries', 'invoice,credit_note,payment,deposit') +
  role('debtors', '620') +
  role('bank_clearing', '855') +
  role('discount', '260')

/** So many dollars and their GST, on a day of November */
const invoice = (id: string, dollars: number, day = 2) =>
  invoiceSql({
    id,
    number: `INV-${id}`,
    date: `2026-11-${String(day).padStart(2, '0')}`,
    lines: [{ amount: dollars * 100, tax: dollars * 15 }],
  })
const payment = (id: string, of: string, cents: number, day = 10) =>
  paymentSql({ id, applied: { [of]: cents }, account: null, date: `2026-11-${day}` })
const resize = (id: string, dollars: number) =>
  `UPDATE document_line SET amount_cents = ${dollars * 100}, unit_price_e4 = ${dollars * 10_000}, tax_cents = ${dollars * 15} WHERE document = '${id}';
   UPDATE document SET subtotal_cents = ${dollars * 100}, tax_cents = ${dollars * 15}, total_cents = ${dollars * 115} WHERE id = '${id}';`

async function open(sql: string): Promise<World> {
  world = await World.open()
  await world.prepare(shop + sql)
  return world
}

const books = (w: World) =>
  Object.fromEntries(w.sandbox.trialBalance().map(({ account, cents }) => [account, cents]))
/** In the order in which Xero got them; within a call by their words. */
const journals = (w: World) =>
  w.sandbox
    .manualJournals()
    .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.narration < b.narration ? -1 : 1))
const posted = (w: World) => journals(w).map(({ narration }) => narration)
const standing = (w: World) =>
  w
    .query<{ kind: string; source_id: string; state: string; queued: number }>(
      `SELECT kind, source_id, state, queued FROM export_state WHERE kind <> 'receipt' ORDER BY kind, source_id`,
    )
    .map(({ kind, source_id, state, queued }) => `${kind} ${source_id} ${state}${queued ? ' queued' : ''}`)

async function sent(w: World, code = 0) {
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(code)
  return run.runs[0]
}

async function again(w: World, code = 0) {
  w.clock.advance(7 * 60_000)
  return sent(w, code)
}

describe('the invoices of a day', () => {
  test('are one journal, and each of them is exported with it', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50) + invoice('C', 20, 3))
    expect(await sent(w)).toMatchObject({ state: 'sent' })
    expect(posted(w)).toEqual([
      'Daily summary of invoices, 2 Nov 2026',
      'Daily summary of invoices, 3 Nov 2026',
    ])
    expect(books(w)).toEqual({ '620': 19_550, '200': -17_000, '820': -2_550 })
    expect(standing(w)).toEqual([
      'invoice A exported',
      'invoice B exported',
      'invoice C exported',
      'summary invoice/2026-11-02/1 exported',
      'summary invoice/2026-11-03/1 exported',
    ])
    const ids = w.query<{ xero_id: string }>(`SELECT xero_id FROM export_state WHERE source_id IN ('A', 'B')`)
    expect(new Set(ids.map(({ xero_id }) => xero_id)).size).toBe(1)
    expect(w.query(`SELECT source_id, amount_cents FROM summary_source ORDER BY source_id`)).toEqual([
      { source_id: 'A', amount_cents: 11_500 },
      { source_id: 'B', amount_cents: 5_750 },
      { source_id: 'C', amount_cents: 2_300 },
    ])
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('are planned as one journal too, with their payments, and nothing is made', async () => {
    const w = await open(
      invoice('A', 100) + invoice('B', 50) + payment('P1', 'A', 5_000) + invoice('T', 10, 22),
    )
    const [plan] = (await w.export('--dry-run')).runs
    expect(plan?.chunks.map(({ kind, documents }) => [kind, documents])).toEqual([['journal', 2]])
    expect(plan).toMatchObject({ failures: [], kinds: { payment: { skipped: 0 } } })
    expect((await w.run(['validate'])).code).toBe(0)
    expect(w.query(`SELECT * FROM summary`)).toEqual([])
    await sent(w)
    w.sql(resize('A', 130))
    expect((await w.export('--dry-run')).runs[0]?.chunks).toMatchObject([{ kind: 'journal', documents: 1 }])
    expect(w.query(`SELECT * FROM summary WHERE sequence = 2`)).toEqual([])
  })

  test('of today wait for tomorrow, and the report says how many', async () => {
    const w = await open(invoice('A', 100, 22) + invoice('B', 50, 22))
    expect(await sent(w)).toMatchObject({ state: 'nothing', waiting: { futureDated: 2 } })
    w.clock.advance(24 * 3_600_000)
    await sent(w)
    expect(posted(w)).toEqual(['Daily summary of invoices, 22 Nov 2026'])
  })

  test('one that is wrong stays out, and follows as the next part', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    w.sql(`UPDATE document_line SET account = '999' WHERE document = 'B'`)
    expect((await sent(w, 1))?.failures.map(({ id, code }) => [id, code])).toEqual([['B', 'account-unknown']])
    w.sql(`UPDATE document_line SET account = '200'`)
    await sent(w)
    expect(posted(w)).toEqual([
      'Daily summary of invoices, 2 Nov 2026',
      'Daily summary of invoices, 2 Nov 2026, part 2',
    ])
    expect(books(w)).toEqual({ '620': 17_250, '200': -15_000, '820': -2_250 })
  })
})

describe('what comes after its day was sent', () => {
  test('a late one is a journal of its own, and the first is left alone', async () => {
    const w = await open(invoice('A', 100))
    await sent(w)
    const [first] = journals(w)
    w.sql(invoice('B', 50))
    w.clock.advance(1_000)
    await sent(w)
    expect(books(w)['620']).toBe(17_250)
    expect(journals(w)[0]).toEqual(first)
    expect(w.sandbox.manualJournals()).toHaveLength(2)
  })

  test('an edit goes as the difference', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    await sent(w)
    w.sql(resize('A', 130))
    w.clock.advance(1_000)
    await sent(w)
    expect(journals(w)[1]?.lines.map(({ lineAmount }) => lineAmount)).toEqual([3_450, -3_000])
    expect(books(w)).toEqual({ '620': 20_700, '200': -18_000, '820': -2_700 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('an edit that moves nothing sends nothing', async () => {
    const w = await open(invoice('A', 100))
    await sent(w)
    w.sql(`UPDATE document_line SET description = 'Other work'`)
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(standing(w)).toEqual(['invoice A exported', 'summary invoice/2026-11-02/1 exported'])
  })

  test('two edits that outweigh each other are kept in mind until one of them counts', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    await sent(w)
    w.sql(resize('A', 50) + resize('B', 100))
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    w.sql(resize('A', 60))
    await sent(w)
    expect(books(w)).toEqual({ '620': 18_400, '200': -16_000, '820': -2_400 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
  })

  test('a void takes back what was said of it', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    await sent(w)
    w.sql(`UPDATE document SET status = 'void' WHERE id = 'A'`)
    await sent(w)
    expect(books(w)).toEqual({ '620': 5_750, '200': -5_000, '820': -750 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('another date: one day loses it, the other has it', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    await sent(w)
    w.sql(`UPDATE document SET date = '2026-11-05' WHERE id = 'A'`)
    await sent(w)
    expect(posted(w).slice(1).sort()).toEqual([
      'Daily summary of invoices, 2 Nov 2026, part 2',
      'Daily summary of invoices, 5 Nov 2026',
    ])
    const [held] = w.query<{ xero_id: string }>(`SELECT xero_id FROM export_state WHERE source_id = 'A'`)
    expect(journals(w).find(({ id }) => id === held?.xero_id)?.date).toBe('2026-11-05')
    expect(books(w)['620']).toBe(17_250)
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('today’s date: it stays where it was until today is over', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50))
    await sent(w)
    w.sql(`UPDATE document SET date = '2026-11-22' WHERE id = 'A'`)
    expect(await sent(w)).toMatchObject({ state: 'nothing', failures: [] })
    w.clock.advance(24 * 3_600_000)
    await sent(w)
    expect(posted(w).slice(1).sort()).toEqual([
      'Daily summary of invoices, 2 Nov 2026, part 2',
      'Daily summary of invoices, 22 Nov 2026',
    ])
    expect(books(w)['620']).toBe(17_250)
  })

  test('another date, and only the day that loses it arrives: the other follows', async () => {
    const w = await open(invoice('A', 100))
    await sent(w)
    w.sql(`UPDATE document SET date = '2026-11-05' WHERE id = 'A'; ${setting('chunk_size', '1')}`)
    w.sql(setting('calls_at_once', '1'))
    w.sandbox.fault({ method: 'PUT', path: '/ManualJournals', nth: 2, times: 9, kind: 'error-before-commit' })
    await sent(w, 8)
    expect(books(w)).toEqual({})
    w.sandbox.clearFaults()
    await again(w)
    expect(books(w)).toEqual({ '620': 11_500, '200': -10_000, '820': -1_500 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('the setting is changed: what was summed up stays so, the rest goes by itself', async () => {
    const w = await open(invoice('A', 100))
    await sent(w)
    w.sql(setting('daily_summaries', '') + resize('A', 130) + invoice('B', 50))
    await sent(w)
    expect(posted(w).sort()).toEqual([
      'Daily summary of invoices, 2 Nov 2026',
      'Daily summary of invoices, 2 Nov 2026, part 2',
      'Invoice INV-B for C001',
    ])
    expect(books(w)['620']).toBe(20_700)
  })
})

describe('payments', () => {
  test('follow their invoices in the same run, one journal a day', async () => {
    const w = await open(
      invoice('A', 100) + invoice('B', 50) + payment('P1', 'A', 5_000) + payment('P2', 'B', 5_750),
    )
    await sent(w)
    expect(posted(w)).toEqual([
      'Daily summary of invoices, 2 Nov 2026',
      'Daily summary of payments, 10 Nov 2026',
    ])
    expect(books(w)).toEqual({ '620': 6_500, '855': 10_750, '200': -15_000, '820': -2_250 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('and journals that are payments go with them', async () => {
    const own = journalSql({
      id: 'J-1',
      kind: 'invoice_payment',
      date: '2026-11-10',
      document: 'A',
      lines: [
        ['855', 2_000],
        ['620', -2_000],
      ],
    })
    const w = await open(invoice('A', 100) + payment('P1', 'A', 5_000) + own)
    await sent(w)
    expect(w.sandbox.manualJournals()).toHaveLength(2)
    expect(books(w)).toEqual({ '620': 4_500, '855': 7_000, '200': -10_000, '820': -1_500 })
    expect(standing(w)).toContain('journal J-1 exported')
  })

  test('of an invoice that is wrong wait for it', async () => {
    const w = await open(invoice('A', 100) + payment('P1', 'A', 5_000))
    w.sql(`UPDATE document_line SET account = '999'`)
    await sent(w, 1)
    expect(posted(w)).toEqual([])
    w.sql(`UPDATE document_line SET account = '200'`)
    await sent(w)
    expect(books(w)).toEqual({ '620': 6_500, '855': 5_000, '200': -10_000, '820': -1_500 })
  })

  test('of today, on an invoice of today, wait without a complaint', async () => {
    const w = await open(invoice('A', 100, 22) + payment('P1', 'A', 5_000, 22))
    expect(await sent(w)).toMatchObject({ state: 'nothing', failures: [], waiting: { futureDated: 2 } })
    w.clock.advance(24 * 3_600_000)
    await sent(w)
    expect(books(w)['620']).toBe(6_500)
  })

  test('that are not summed up follow an invoice that is, in the same run', async () => {
    const w = await open(
      invoice('A', 100) + payment('P1', 'A', 5_000) + setting('daily_summaries', 'invoice'),
    )
    await sent(w)
    expect(posted(w)).toEqual(['Daily summary of invoices, 2 Nov 2026', 'Payment of invoice INV-A'])
    expect(books(w)['620']).toBe(6_500)
  })

  test('deleted in the ledger are taken back where the ledger may', async () => {
    const w = await open(
      invoice('A', 100) +
        payment('P1', 'A', 5_000) +
        payment('P2', 'A', 1_000) +
        setting('delete_payments', 'both'),
    )
    await sent(w)
    w.sql(`UPDATE payment SET state = 'deleted' WHERE id = 'P1'`)
    await sent(w)
    expect(books(w)).toEqual({ '620': 10_500, '855': 1_000, '200': -10_000, '820': -1_500 })
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
  })
})

const call = { method: 'PUT', path: '/ManualJournals' } as const

/** What becomes of a ledger and its calls, at random: the same for the same seed. */
async function season(w: World, seed: number): Promise<{ net: number; paid: number }> {
  const random = randomSource(seed)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const invoices = new Map<string, number>()
  const day = () => 2 + upTo(6)
  let paid = 0
  for (let step = 1; step <= 12; step += 1) {
    const known = [...invoices.keys()][upTo(invoices.size)]
    const dollars = 1 + upTo(98)
    const what = 1 + upTo(8)
    if (what <= 3 || !known) {
      w.sql(invoice(`R${step}`, dollars, day()))
      invoices.set(`R${step}`, dollars)
    } else if (what <= 5) {
      w.sql(resize(known, dollars))
      invoices.set(known, dollars)
    } else if (what === 6) w.sql(`UPDATE document SET date = '2026-11-0${day()}' WHERE id = '${known}'`)
    else if (what === 7 && !w.query(`SELECT 1 FROM payment_allocation WHERE document = ?`, known)[0]) {
      w.sql(`UPDATE document SET status = 'void' WHERE id = '${known}'`)
      invoices.delete(known)
    } else if (what === 8) {
      w.sql(payment(`P${step}`, known, 1))
      paid += 1
    } else {
      await w.sandbox.settleHeld()
      w.clock.advance(7 * 60_000)
    }
    const fault = faults[upTo(8)]?.[1]
    if (fault) w.sandbox.fault(fault)
    if (upTo(1)) await w.run(['export'], { death: upTo(3) ? {} : { atCommit: 3 + upTo(22) } })
  }
  w.sandbox.clearFaults()
  await w.sandbox.settleHeld()
  for (let run = 1; run <= 3; run += 1) {
    w.clock.advance(7 * 60_000)
    await w.export()
  }
  return { net: [...invoices.values()].reduce((sum, dollars) => sum + dollars * 100, 0), paid }
}

const faults: [string, Fault][] = [
  ['stored, and the answer is lost', { ...call, kind: 'drop-after-commit' }],
  ['never stored, and the answer is lost', { ...call, kind: 'drop-before-commit' }],
  ['one of two is stored', { ...call, kind: 'partial-commit', stored: 1 }],
  ['no answer, and stored later', { ...call, kind: 'late-commit', afterMs: 80_000 }],
]

describe('lost on the way, everything is summed up once', () => {
  test.each(faults)(
    '%s, and meanwhile one is edited, one voided and one comes late',
    async (_title, fault) => {
      const w = await open(
        invoice('A', 100) + invoice('B', 50) + invoice('C', 20, 3) + payment('P1', 'A', 5_000),
      )
      w.sandbox.fault(fault)
      await w.export()
      w.sql(`${resize('A', 130)} ${invoice('D', 10)} UPDATE document SET status = 'void' WHERE id = 'C'`)
      await w.export()
      await w.sandbox.settleHeld()
      await again(w)
      await sent(w)
      expect(books(w)).toEqual({ '620': 16_850, '855': 5_000, '200': -19_000, '820': -2_850 })
      expect(await sent(w)).toMatchObject({ state: 'nothing' })
      expect(brokenPromises(w)).toEqual([])
    },
  )

  test('never stored, a day is summed up anew with what changed meanwhile', async () => {
    const w = await open(invoice('A', 100) + payment('P1', 'A', 5_000) + setting('delete_payments', 'both'))
    w.sandbox.fault({ ...call, times: 9, kind: 'error-before-commit' })
    await sent(w, 8)
    w.sandbox.clearFaults()
    w.sql(resize('A', 130) + invoice('B', 50))
    await again(w)
    expect(posted(w)).toEqual(
      ['Daily summary of payments, 10 Nov 2026', 'Daily summary of invoices, 2 Nov 2026'].toSorted(),
    )
    expect(books(w)['620']).toBe(15_700)
  })

  test('never stored, a payment that is deleted meanwhile is not posted at all', async () => {
    const w = await open(invoice('A', 100) + payment('P1', 'A', 5_000))
    w.sandbox.fault({ ...call, nth: 2, times: 9, kind: 'error-before-commit' })
    await sent(w, 8)
    w.sandbox.clearFaults()
    w.sql(`UPDATE payment SET state = 'deleted'`)
    await again(w)
    expect(posted(w)).toEqual(['Daily summary of invoices, 2 Nov 2026'])
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
  })

  test('a run that dies anywhere on the way is finished by the next', async () => {
    for (let atCommit = 4; atCommit <= 30; atCommit += 2) {
      const w = await open(invoice('A', 100) + invoice('B', 50) + payment('P1', 'A', 5_000))
      await w.run(['export'], { death: { atCommit } })
      await again(w)
      expect(books(w), `after commit ${atCommit}`).toEqual({
        '620': 12_250,
        '855': 5_000,
        '200': -15_000,
        '820': -2_250,
      })
      expect(brokenPromises(w)).toEqual([])
      await w.close()
    }
  })

  test.each([2, 5, 24])('whatever happens: season %i', async (seed) => {
    const w = await open(setting('chunk_size', '2'))
    const { net, paid } = await season(w, seed)
    const all = { '620': net * 1.15 - paid, '855': paid, '200': -net, '820': net * -0.15 }
    const expected = Object.entries(all).map(([account, cents]) => [account, Math.round(cents)])
    expect(books(w)).toEqual(Object.fromEntries(expected.filter(([, cents]) => cents !== 0)))
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(brokenPromises(w)).toEqual([])
  })

  test('a restored copy does not take a day for its own that is another', async () => {
    const w = await open(invoice('A', 100))
    const restore = w.backUp()
    await sent(w)
    restore()
    w.sql(invoice('B', 50))
    await w.run(['adopt-copy'])
    expect(standing(w)).toEqual([
      'invoice A pending queued',
      'invoice B pending queued',
      'summary invoice/2026-11-02/1 uncertain queued',
    ])
    // The way out: a person voids what the ledger knows nothing of, and says that it is not there.
    w.sandbox.person().papers.voidManualJournal(w.sandbox.manualJournals()[0]?.id ?? '')
    w.clock.advance(7 * 60_000)
    await w.must(['settle', 'summary:invoice/2026-11-02/1', '--not-there'])
    await sent(w)
    expect(books(w)['620']).toBe(17_250)
    expect(standing(w)).toEqual([
      'invoice A exported',
      'invoice B exported',
      'summary invoice/2026-11-02/1 exported',
    ])
  })

  test('a restored copy finds what the original sent', async () => {
    const w = await open(invoice('A', 100) + invoice('B', 50) + payment('P1', 'A', 5_000))
    const restore = w.backUp()
    await sent(w)
    restore()
    await w.must(['adopt-copy'])
    expect(await sent(w)).toMatchObject({ state: 'nothing' })
    expect(books(w)).toEqual({ '620': 12_250, '855': 5_000, '200': -15_000, '820': -2_250 })
    expect(standing(w)).toContain('payment P1/A exported')
  })
})
