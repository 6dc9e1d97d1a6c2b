// Journals in a season: general ones, pay runs, stock movements, and the cost of parts that invoices and credits bring along;
// people type the same journal into Xero, change ours or void them.

import type { PlainDate } from '../../../src/accounting/calendar.ts'
import { cents } from '../../../src/accounting/money.ts'
import { roleAccountsSql } from '../workload.ts'
import { itemSql, journalSql, payRunSql, stockMovementSql } from '../workload-papers.ts'
import type { Choices } from './choices.ts'
import { newDocument } from './documents.ts'
import {
  isOurs,
  type LedgerAct,
  newId,
  type Scene,
  settingSql,
  someId,
  type Trade,
  type XeroAct,
} from './trade.ts'

const dates = ['2026-06-30', '2026-11-05', '2026-11-19']

const general: LedgerAct = (scene) => {
  const { c } = scene
  const amount = c.whole(1, 99_999)
  const lines = c.one([
    [
      ['429', amount],
      ['850', -amount],
    ],
    [
      ['429', amount],
      ['850', -amount],
    ],
    [
      ['429', amount],
      ['453', 100],
      ['850', -amount - 100],
    ],
    // What no journal may be.
    [
      ['429', amount],
      ['850', -amount - 1],
    ],
    [
      ['090', amount],
      ['850', -amount],
    ],
    [
      ['99999', amount],
      ['850', -amount],
    ],
  ] as [string, number][][])
  return journalSql({
    id: newId(scene, 'journal', 'J'),
    date: c.one(dates),
    // Several are alike, line by line.
    narration: c.one(['Accrual', 'Depreciation', `Journal ${c.whole(1, 99)}`]),
    status: c.chance(0.9) ? 'posted' : 'draft',
    lines: lines.map(([account, value]) => [account, value] as const),
  })
}

const payRun: LedgerAct = (scene) => payRunSql(newId(scene, 'journal', 'J'), scene.c.whole(1_000, 99_999))

const counted: LedgerAct = (scene) =>
  stockMovementSql(newId(scene, 'stock_movement', 'V'), 'PART', scene.c.whole(-9, 9) * 10_000)

/** A document with parts, whose cost is posted too. */
const parts: LedgerAct = (scene) => {
  const { c } = scene
  return newDocument(scene, c.one(['invoice', 'invoice', 'credit_note']), {
    lines: [
      {
        kind: 'part',
        item: 'PART',
        supply: c.one(['stocked', 'job_ordered', 'unstocked']),
        amount: 2_000,
        tax: 300,
        averageCostE4: c.whole(1, 99) * 10_000,
      },
      {
        kind: 'part',
        item: 'PART',
        supply: 'stocked',
        amount: 4_000,
        tax: 600,
        quantityE4: 20_000,
        unitPriceE4: 200_000,
      },
    ],
  })
}

function onJournal(scene: Scene, sql: (id: string) => string): string {
  const id = someId(scene, 'journal')
  return id ? sql(id) : ''
}

function onMovement(scene: Scene, sql: (id: string) => string): string {
  const id = someId(scene, 'stock_movement')
  return id ? sql(id) : ''
}

const edits: LedgerAct[] = [
  (scene) => onJournal(scene, (id) => `UPDATE journal SET narration = narration || '!' WHERE id = '${id}';`),
  (scene) =>
    onJournal(
      scene,
      (id) => `UPDATE journal_line SET amount_cents = amount_cents * 2 WHERE journal = '${id}';`,
    ),
  (scene) =>
    onJournal(
      scene,
      (id) =>
        `UPDATE journal SET status = CASE status WHEN 'draft' THEN 'posted' ELSE 'draft' END WHERE id = '${id}' AND kind = 'general';`,
    ),
  (scene) =>
    onJournal(
      scene,
      (id) => `DELETE FROM journal_line WHERE journal = '${id}'; DELETE FROM journal WHERE id = '${id}';`,
    ),
  (scene) => onJournal(scene, replaceSql),
  (scene) =>
    onMovement(
      scene,
      (id) => `UPDATE stock_movement SET quantity_e4 = quantity_e4 + 10000 WHERE id = '${id}';`,
    ),
  (scene) => onMovement(scene, (id) => `DELETE FROM stock_movement WHERE id = '${id}';`),
  (scene) => `UPDATE item SET average_cost_e4 = ${scene.c.whole(1, 99)}0000 WHERE code = 'PART';`,
]

function replaceSql(id: string): string {
  return `CREATE TEMP TABLE kept AS SELECT * FROM journal_line WHERE journal = '${id}';
    INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = '${id}';
    INSERT OR REPLACE INTO journal_line SELECT * FROM kept; DROP TABLE kept;`
}

function ourJournal(scene: Scene) {
  const all = scene.world.sandbox.manualJournals()
  return scene.c.any(all.filter((one) => one.status === 'POSTED' && isOurs(scene, one)))
}

const people: XeroAct[] = [
  /** The same paper, typed in line by line. */
  function entersOurJournal(scene, person) {
    const id = someId(scene, 'journal') ?? ''
    const [head] = scene.world.query<{ narration: string; date: PlainDate }>(
      `SELECT narration, date FROM journal WHERE id = ? AND kind = 'general'`,
      id,
    )
    const lines = scene.world.query<{ accountCode: string; amount: number; description: string }>(
      `SELECT account AS accountCode, amount_cents AS amount, description FROM journal_line WHERE journal = ? ORDER BY position`,
      id,
    )
    const isKnown = lines.every(({ accountCode }) => accountCode !== '99999' && accountCode !== '090')
    if (!head || !isKnown || lines.reduce((sum, { amount }) => sum + amount, 0) !== 0) return
    const typed = person.papers.createManualJournal({ ...head, lines })
    person.papers.editManualJournal(typed.id, {
      lines: typed.lines.map((line, at) => ({ ...line, description: lines[at]?.description ?? null })),
    })
  },
  function editsJournal(scene, person) {
    const journal = ourJournal(scene)
    if (!journal) return
    if (scene.c.chance(0.5)) person.papers.editManualJournal(journal.id, { narration: 'Changed' })
    else
      person.papers.editManualJournal(journal.id, {
        lines: journal.lines.map((line) => ({
          ...line,
          lineAmount: cents(line.lineAmount * 2),
          taxAmount: cents(line.taxAmount * 2),
        })),
      })
  },
  function unlinksJournal(scene, person) {
    const journal = ourJournal(scene)
    if (journal) person.papers.editManualJournal(journal.id, { url: null })
  },
  function voidsJournal(scene, person) {
    const journal = ourJournal(scene)
    if (journal) person.papers.voidManualJournal(journal.id)
  },
]

/** With days summed up or without (J4, J5). */
function salesAsJournals(c: Choices): string[] {
  const summed = ['invoice', 'credit_note', 'payment', 'deposit'].filter(() => c.chance(0.4))
  return [settingSql('ar_style', 'journals'), settingSql('daily_summaries', summed.join(','))]
}

export const journals: Trade = {
  targets: ['/ManualJournals', '/ManualJournals', '/Invoices'],
  begin: ({ c }) =>
    [
      roleAccountsSql().replaceAll('INSERT', 'INSERT OR IGNORE'),
      settingSql('inventory_journals', c.one(['off', 'on', 'on'])),
      settingSql('payroll_summary', c.one(['none', 'pay', 'payrun'])),
      ...(c.chance(0.3) ? salesAsJournals(c) : []),
      itemSql({ code: 'PART', isStocked: true, averageCostE4: 70_000 }),
    ].join('\n'),
  adds: [general, general, general, payRun, counted, parts, parts],
  edits,
  people,
}
