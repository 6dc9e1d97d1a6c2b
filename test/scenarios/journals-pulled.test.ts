// Journals of Xero as read-only records (R4, journals_pull): people's manual journals with their edits and voids, never ours; those that
// Xero generates, where its plan allows it.

import { afterEach, describe, expect, test } from 'vitest'
import { type PlainDate, parseDate } from '../../src/accounting/calendar.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(value: string, sql = '', options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(`INSERT INTO setting VALUES ('NZ01', 'journals_pull', '${value}'); ${sql}`)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

function day(text: string): PlainDate {
  const date = parseDate(text)
  if (!date) throw new Error(`${text} is no day`)
  return date
}

function accrue(w: World, narration: string, date = '2026-10-31', amount = 12_345) {
  return asPerson(w, (person) =>
    person.papers.createManualJournal({
      narration,
      date: day(date),
      lines: [
        { accountCode: '400', amount },
        { accountCode: '200', amount: -amount },
      ],
    }),
  )
}

const ours = `INSERT INTO journal (id, entity, kind, date, narration, status) VALUES ('J1', 'NZ01', 'general', '2026-11-02', 'Ours', 'posted');
  INSERT INTO journal_line (journal, position, account, amount_cents) VALUES ('J1', 1, '400', 500), ('J1', 2, '200', -500);`

interface Listed {
  id: string
  number: number
  date: string
  status: string
  narration: string
  sourceType: string
  lines: { account: string; amount: string }[]
}

async function listed(w: World, ...flags: string[]): Promise<Listed[]> {
  const { out } = await w.must(['journals', '--json', ...flags])
  // Lines of journalsCommand.
  return out.trim() === ''
    ? []
    : out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Listed)
}

const asked = (w: World, list: string) => w.sandbox.counts.byRoute[`GET /${list}`] ?? 0

async function exported(w: World): Promise<string[]> {
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  return (run.runs[0] as unknown as { warnings: string[] }).warnings // of the report
}

describe('manual journals of people', () => {
  test('are kept with their lines, and ours are not', async () => {
    const w = await open('manual', ours)
    const theirs = accrue(w, 'Accrual of October')
    await exported(w)
    const own = w.sandbox.manualJournals().find(({ narration }) => narration === 'Ours')
    w.clock.advance(60_000)
    // Ours by its id, although somebody took its link away.
    asPerson(w, (person) => person.papers.editManualJournal(own?.id ?? '', { url: null }))
    await exported(w)
    expect(w.query('SELECT journal_id FROM mirror_manual_journal')).toEqual([{ journal_id: theirs.id }])
    expect(await listed(w)).toEqual([
      {
        entity: 'NZ01',
        id: theirs.id,
        date: '2026-10-31',
        status: 'POSTED',
        narration: 'Accrual of October',
        link: expect.stringContaining(theirs.id),
        lines: [
          { account: '400', description: null, amount: '123.45', taxType: 'NONE', tax: '0.00', tracking: [] },
          {
            account: '200',
            description: null,
            amount: '-123.45',
            taxType: 'NONE',
            tax: '0.00',
            tracking: [],
          },
        ],
      },
    ])
    const { out, err } = await w.must(['journals', '--month', '2026-10'])
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      'date        status  narration           account          description   debit  credit  tax',
      '2026-10-31  POSTED  Accrual of October  400 Advertising               123.45',
      '                                        200 Sales                             123.45',
      '',
    ])
    expect(err).toContain(
      'NZ01: Demo Company (NZ) as it was 0 seconds ago. auxo-sync refresh reads it again.',
    )
    expect((await w.must(['journals', '--month', '2026-09'])).out).toBe('No such journal.\n')
    expect(
      w.query('SELECT narration, account, amount FROM readable_manual_journal WHERE position = 1'),
    ).toEqual([{ narration: 'Accrual of October', account: '400', amount: '123.45' }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('that are edited and voided are told as they are now', async () => {
    const w = await open('manual')
    const one = accrue(w, 'One')
    const other = accrue(w, 'Other')
    await exported(w)
    w.clock.advance(600_000)
    asPerson(w, (person) => {
      person.papers.voidManualJournal(one.id)
      person.papers.editManualJournal(other.id, { narration: 'Another', lines: other.lines.toReversed() })
    })
    await exported(w)
    const found = await listed(w)
    expect(found.map(({ narration, status }) => [narration, status]).sort()).toEqual([
      ['Another', 'POSTED'],
      ['One', 'VOIDED'],
    ])
    expect(found.find(({ id }) => id === other.id)?.lines.map(({ account }) => account)).toEqual([
      '200',
      '400',
    ])
    expect(found).toHaveLength(2)
  })

  test('of before the connection come with refresh --all', async () => {
    const w = await open('manual')
    // An hour before anything of this ledger, as far as Xero knows.
    const table = w.sandbox.organisations[0]?.manualJournals
    const old = accrue(w, 'Old')
    table?.put({ ...old, updatedAt: old.updatedAt - 3_600_000 })
    await exported(w)
    expect(await listed(w)).toEqual([])
    const { out } = await w.must(['refresh', '--all'])
    expect(out).toContain('1 manual journal made or changed in Xero.')
    expect(await listed(w)).toMatchObject([{ narration: 'Old' }])
    expect((await w.must(['refresh'])).out).not.toContain('manual journal')
  })

  test('are not taken for what a lost answer was about, nor what it was about for one of theirs', async () => {
    const w = await open('manual', ours)
    w.sandbox.fault({ method: 'PUT', path: '/ManualJournals', kind: 'drop-after-commit' })
    w.sandbox.fault({ method: 'GET', path: '/ManualJournals', nth: 2, times: 9, kind: 'error-before-commit' })
    expect((await w.run(['export'])).code).not.toBe(0)
    w.sandbox.clearFaults()
    w.clock.advance(60_000)
    // Its outcome is open still: it is ours by its marker alone.
    expect(w.query("SELECT 1 FROM export_state WHERE kind = 'journal' AND xero_id IS NULL")).toHaveLength(1)
    await w.must(['refresh'])
    expect(await listed(w)).toEqual([])
    expect(w.query('SELECT 1 FROM mirror_manual_journal')).toEqual([])
    w.clock.advance(7 * 60_000)
    await exported(w)
    expect(w.sandbox.manualJournals()).toHaveLength(1)
    expect(await listed(w)).toEqual([])
  })

  test('and with journals_pull=off, as it comes, none: Xero is not asked', async () => {
    const w = await open('off')
    accrue(w, 'Accrual')
    await exported(w)
    expect([asked(w, 'ManualJournals'), asked(w, 'Journals')]).toEqual([0, 0])
    const { out, err } = await w.must(['journals'])
    expect(out).toBe('')
    expect(err).toContain('auxo-sync settings set journals_pull manual keeps them from then on.')
  })
})

describe('journals that Xero generates', () => {
  test('are read behind the last number, a hundred a call, and told by month', async () => {
    const w = await open('generated')
    for (let index = 1; index <= 120; index += 1) accrue(w, `Accrual ${index}`, '2026-10-31', index)
    w.sandbox.switches.journalsPlan = 'allowed'
    expect((await w.export()).runs[0]).toMatchObject({ pulled: { journals: 240, items: 0 } })
    expect(asked(w, 'Journals')).toBe(2)
    const all = await listed(w, '--generated')
    expect(all.map(({ number }) => number)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
    expect(all[0]).toMatchObject({ date: '2026-10-31', sourceType: 'MANJOURNAL', lines: [{}, {}] })
    accrue(w, 'One more')
    await exported(w)
    expect(asked(w, 'Journals')).toBe(3)
    expect(await listed(w, '--generated', '--month', '2026-10')).toHaveLength(121)
    expect((await w.must(['journals', '--generated', '--month', '2026-09'])).out).toBe('No such journal.\n')
    expect(w.query('SELECT COUNT(*) AS n FROM readable_generated_journal')).toEqual([{ n: 242 }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('of a long history are read in several runs, and that is said', async () => {
    const w = await open('generated', '', { sandbox: { switches: { journalsPlan: 'allowed' } } })
    const [organisation] = w.sandbox.organisations
    for (let number = 1; number <= 3_001; number += 1) {
      const id = `00000000-0000-4000-a000-${String(number).padStart(12, '0')}`
      // Taken back already, so that nothing is booked beside them.
      organisation?.journals.put({
        id,
        updatedAt: w.clock.now(),
        number,
        key: id,
        isReversal: true,
        date: day('2026-10-31'),
        reference: '',
        sourceId: id,
        sourceType: 'MANJOURNAL',
        lines: [],
      })
    }
    expect(await exported(w)).toEqual([expect.stringContaining('the next runs read the rest')])
    expect(asked(w, 'Journals')).toBe(30)
    expect(await exported(w)).toEqual([])
    expect(w.query('SELECT COUNT(*) AS n, MAX(number) AS last FROM mirror_journal')).toEqual([
      { n: 3_001, last: 3_001 },
    ])
  })

  test.each(['no-scope', 'unauthorised', 'forbidden'] as const)(
    'where the plan has none (%s) that is said once a day, and the run goes on',
    async (journalsPlan) => {
      const w = await open('generated', ours, { sandbox: { switches: { journalsPlan } } })
      accrue(w, 'Accrual')
      expect(await exported(w)).toEqual([
        expect.stringMatching(/needs the scope accounting\.journals\.read and the Advanced tier/),
      ])
      expect(w.sandbox.manualJournals()).toHaveLength(2)
      expect(await listed(w)).toMatchObject([{ narration: 'Accrual' }])
      const before = asked(w, 'Journals')
      w.clock.advance(23 * 3_600_000)
      expect(await exported(w)).toEqual([])
      expect(asked(w, 'Journals')).toBe(before)
      w.sandbox.switches.journalsPlan = 'allowed'
      w.clock.advance(2 * 3_600_000)
      expect(await exported(w)).toEqual([])
      expect((await listed(w, '--generated')).length).toBeGreaterThan(0)
      expect(brokenPromises(w)).toEqual([])
    },
  )
})
