// What is no document and no payment, for the battery: contacts, items, journals of every kind, files and notes.

import { asPerson } from '../support/people.ts'
import {
  contactCode,
  contactsSql,
  documentSql,
  documentsSql,
  roleAccountsSql,
  settingSql,
} from '../support/workload.ts'
import {
  attachmentSql,
  itemSql,
  journalSql,
  payRunSql,
  stockMovementSql,
} from '../support/workload-papers.ts'
import type { World } from '../support/world.ts'
import {
  archiveInXero,
  contactsInXero,
  inClosedPeriod,
  type KindUnderTest,
  numbered,
  unreadable,
} from './situations.ts'

const journals = (world: World) =>
  world.sandbox.manualJournals().filter((one) => one.status === 'POSTED').length

/** So many days before the day on which every world begins. */
const dayBefore = (days: number) => new Date(Date.UTC(2026, 10, 22 - days)).toISOString().slice(0, 10)

export const papers: readonly KindUnderTest[] = [
  {
    name: 'contacts',
    thing: 'contact',
    reportedAs: 'contact',
    path: /\/Contacts(\?|$)/,
    before: () => '',
    rows: (count) => contactsSql(count) + documentsSql('invoice', count, count),
    inXero: (world) =>
      world.sandbox
        .contacts()
        .filter(({ status, name }) => status === 'ACTIVE' && name.startsWith('Customer')).length,
    bad: {
      spoil: (world) => {
        world.sql(`UPDATE contact SET name = 'Customer Two' WHERE code = '${contactCode(1)}'`)
        asPerson(world, (person) => person.createContact({ name: 'Customer Two' }))
      },
      // A fresh look finds the one that is there.
      mend: () => undefined,
    },
  },
  {
    name: 'items',
    thing: 'item',
    reportedAs: 'item',
    path: /\/Items(\?|$)/,
    before: () => '',
    rows: (count) => numbered(count, (n) => itemSql({ code: `T${n}` })),
    inXero: (world) => world.sandbox.items().length,
    bad: {
      spoil: (world) => {
        world.sql("UPDATE item SET sale_account = '270' WHERE code = 'T2'")
        archiveInXero(world, '270')
      },
      mend: (world) => world.sql("UPDATE item SET sale_account = '260' WHERE code = 'T2'"),
    },
  },
  {
    name: 'journals',
    thing: 'journal',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: () => '',
    rows: (count) =>
      numbered(count, (n) =>
        journalSql({
          id: `T${n}`,
          lines: [
            ['429', 1_000 + n],
            ['850', -1_000 - n],
          ],
        }),
      ),
    inXero: journals,
    bad: {
      spoil: (world) => {
        world.sql("UPDATE journal_line SET account = '453' WHERE journal = 'T2' AND position = 1")
        archiveInXero(world, '453')
      },
      mend: (world) =>
        world.sql("UPDATE journal_line SET account = '408' WHERE journal = 'T2' AND position = 1"),
    },
  },
  {
    name: 'pay runs',
    thing: 'journal',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: () => settingSql('payroll_summary', 'payrun'),
    rows: (count) => numbered(count, (n) => payRunSql(`T${n}`, 100_000 + n)),
    inXero: journals,
    bad: inClosedPeriod('journal'),
  },
  {
    name: 'stock movements',
    thing: 'stock_movement',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: () =>
      settingSql('inventory_journals', 'on') + roleAccountsSql() + itemSql({ code: 'PART', isStocked: true }),
    rows: (count) => numbered(count, (n) => stockMovementSql(`T${n}`, 'PART', n * 10_000)),
    inXero: journals,
    bad: inClosedPeriod('stock_movement'),
  },
  {
    name: 'attached files',
    thing: 'attachment',
    reportedAs: 'attachment',
    path: /\/Attachments\//,
    perCallMax: 1,
    before: (count) => contactsSql(2) + documentsSql('invoice', count, 2, 'T'),
    rows: (count, world) =>
      numbered(count, (n) =>
        attachmentSql(world.folder, `T${String(n).padStart(4, '0')}`, `job-${n}.txt`, `file ${n} of all`),
      ),
    inXero: (world) => world.sandbox.attachments().length,
    bad: unreadable('file 2 of all'),
  },
  {
    name: 'history notes',
    thing: 'note',
    reportedAs: 'note',
    path: /\/History(\?|$)/,
    perCallMax: 1,
    before: contactsInXero,
    rows: (count) => settingSql('history_notes', 'on') + documentsSql('bill', count, 2),
    inXero: (world) => world.sandbox.notes().length,
    isOnceAtMost: true,
    bad: unreadable('in the ledger D0002'),
  },
  {
    name: 'costs of parts',
    thing: 'cogs',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: () =>
      contactsInXero() +
      settingSql('inventory_journals', 'on') +
      roleAccountsSql() +
      itemSql({ code: 'PART', isStocked: true, averageCostE4: 70_000 }),
    rows: (count) =>
      numbered(count, (n) =>
        documentSql('invoice', {
          id: `T${n}`,
          lines: [
            { kind: 'part', item: 'PART', supply: 'stocked', amount: 2_000, tax: 300 },
            { amount: 1_000 + n, tax: Math.round((1_000 + n) * 0.15) },
          ],
        }),
      ),
    inXero: journals,
    bad: unreadable('COGS for invoice INV-T2'),
  },
  {
    name: 'daily summaries',
    thing: 'summary',
    reportedAs: 'journal',
    path: /\/ManualJournals(\?|$)/,
    before: () =>
      contactsSql(1) +
      roleAccountsSql() +
      settingSql('ar_style', 'journals') +
      settingSql('daily_summaries', 'invoice'),
    rows: (count) => numbered(count, (n) => documentSql('invoice', { id: `T${n}`, date: dayBefore(n) })),
    inXero: journals,
    bad: unreadable('of invoices, 20 Nov 2026'),
  },
  {
    name: 'invoices as journals',
    thing: 'invoice',
    reportedAs: 'invoice',
    path: /\/ManualJournals(\?|$)/,
    before: () => contactsSql(2) + roleAccountsSql() + settingSql('ar_style', 'journals'),
    rows: (count) => documentsSql('invoice', count, 2),
    inXero: journals,
    bad: unreadable('INV-D0002'),
  },
]
