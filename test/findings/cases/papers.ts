// Findings about journals, stock and files.

import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { insertSql } from '../../support/sql.ts'
import { itemSql, journalSql, stockMovementSql } from '../../support/workload-papers.ts'
import { foreseen, type Situation } from '../fixture.ts'
import { document } from '../rows.ts'

type Lines = Parameters<typeof journalSql>[0]['lines']

const aJournal = (
  id: string,
  is: string,
  lines: Lines,
  more: Partial<Parameters<typeof journalSql>[0]> = {},
): Situation => ({ is, thing: `journal:${id}`, sql: journalSql({ id, lines, ...more }) })

/** An invoice with files beside the ledger: names with their sizes in bytes, null where the file is not there. */
function files(
  invoice: string,
  is: string,
  named: readonly (readonly [string, number | null])[],
  looked = named.at(-1)?.[0] ?? '',
): Situation {
  return {
    is,
    thing: `attachment:${invoice}/${invoice}/${looked}`,
    sql: (world) =>
      document('invoice', invoice) +
      named
        .map(([name, bytes]) => {
          const file = `${invoice}/${name}`
          if (bytes !== null) writeSized(join(world.folder, file), bytes)
          return insertSql('document_attachment', { document: invoice, file })
        })
        .join('\n'),
  }
}

function writeSized(path: string, bytes: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  truncateSync(path, bytes)
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => [`page-${String(index + 1).padStart(2, '0')}.pdf`, 10] as const)

const paidBy: Lines = [
  ['090', 11_500],
  ['610', -11_500],
]

export const papers = {
  'journal-unbalanced': foreseen(
    aJournal('JNL-5001', 'debits a cent above credits', [
      ['429', 4_001],
      ['850', -4_000],
    ]),
    aJournal('JNL-5002', 'debits and credits alike', [
      ['429', 4_000],
      ['850', -4_000],
    ]),
  ),
  'journal-too-short': foreseen(
    aJournal('JNL-5011', 'one line with an amount and one of 0.00', [
      ['429', 1],
      ['850', 0],
    ]),
    aJournal('JNL-5012', 'two lines of 0.01', [
      ['429', 1],
      ['850', -1],
    ]),
  ),
  'journal-side-unclear': foreseen(
    aJournal('JNL-5021', 'an invoice payment that names no invoice', paidBy, { kind: 'invoice_payment' }),
    {
      ...aJournal('JNL-5022', 'an invoice payment that names one', paidBy),
      sql:
        document('invoice', 'INV-5022') +
        journalSql({ id: 'JNL-5022', kind: 'invoice_payment', document: 'INV-5022', lines: paidBy }),
    },
  ),
  'cost-missing': foreseen(
    {
      is: 'a count of an item without a cost',
      thing: 'stock_movement:COUNT-5031',
      sql: itemSql({ code: 'HOSE-1', isStocked: true }) + stockMovementSql('COUNT-5031', 'HOSE-1', 10_000, 0),
    },
    {
      is: 'a count of an item that has an average cost',
      thing: 'stock_movement:COUNT-5032',
      sql:
        itemSql({ code: 'HOSE-2', isStocked: true, averageCostE4: 80_000 }) +
        stockMovementSql('COUNT-5032', 'HOSE-2', 10_000, 0),
    },
  ),
  'file-missing': foreseen(
    files('INV-5041', 'a file that is not there', [['job.pdf', null]]),
    files('INV-5042', 'a file that is there', [['job.pdf', 100]]),
  ),
  'file-empty': foreseen(
    files('INV-5051', 'a file of nothing', [['job.pdf', 0]]),
    files('INV-5052', 'a file of one byte', [['job.pdf', 1]]),
  ),
  'file-too-large': foreseen(
    files('INV-5061', 'a file of a byte above 10 MB', [['scan.pdf', 10_000_001]]),
    files('INV-5062', 'a file of 10 MB', [['scan.pdf', 10_000_000]]),
  ),
  'file-name-invalid': foreseen(
    files('INV-5071', 'two files of one name in different folders', [
      ['a/job.pdf', 10],
      ['b/JOB.pdf', 10],
    ]),
    files('INV-5072', 'two names that differ in a letter', [
      ['a/job.pdf', 10],
      ['b/jobs.pdf', 10],
    ]),
  ),
  'files-too-many': foreseen(
    files('INV-5081', 'the eleventh file', numbered(11)),
    files('INV-5082', 'the tenth file', numbered(10)),
  ),
}
