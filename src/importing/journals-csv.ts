// journals.csv: one row a line, the journal's columns repeated. Amounts are debit plus, credit minus; that they balance is
// judged by validation (J1).

import { type FileKind, type LoadContext, type Loader, named, own } from './file-kind.ts'
import { groupedRows } from './grouped-rows.ts'
import { money, oneLine, prose, word } from './values.ts'

const journalKinds = [
  'general',
  'stock_adjustment',
  'pay_run',
  'receipt',
  'deposit',
  'invoice_payment',
  'invoice_deposit',
]

const columns = [
  own('journal', 'id', oneLine, 'cell'),
  own('journal', 'entity', oneLine),
  own('journal', 'kind', word(journalKinds), 'cell'),
  own('journal', 'date', 'date', 'cell'),
  own('journal', 'narration', prose),
  own('journal', 'status', word(['draft', 'posted', 'paid']), 'cell'),
  own('journal', 'document', oneLine),
  own('journal', 'payment', oneLine),
  own('journal_line', 'account', oneLine, 'column'),
  own('journal_line', 'description', prose),
  named('amount', 'journal_line', 'amount_cents', money, 'cell'),
  own('journal_line', 'tax_code', oneLine),
  named('tax', 'journal_line', 'tax_cents', money),
  own('journal_line', 'tracking_1_category', oneLine),
  own('journal_line', 'tracking_1_option', oneLine),
  own('journal_line', 'tracking_2_category', oneLine),
  own('journal_line', 'tracking_2_option', oneLine),
  own('journal_line', 'employee', oneLine),
]

/** Every column of a line: the lines of a journal are the file's as a whole. */
const lineColumns = columns.filter((column) => column.table === 'journal_line').map((column) => column.column)

export const journalsCsv: FileKind = {
  name: 'journals',
  title: 'journals',
  columns,
  ignored: [],
  tables: ['journal', 'journal_line'],
  dates: 'iso',
  namesContacts: false,
  open: openJournals,
}

function openJournals(context: LoadContext): Loader {
  const groups = groupedRows({
    stage: context.stage,
    table: 'journal',
    lines: 'journal_line',
    what: 'journal',
    columns,
  })
  return {
    take: (row) => {
      const entity = context.entities.of(row, 'journal')
      if (!entity) return
      const journal = String(row.of('journal')['id'])
      const group = groups.groupOf(journal, { ...row.of('journal'), entity: entity.code }, row)
      if (!group) return
      group.parts += 1
      context.stage.add(
        'journal_line',
        { ...row.of('journal_line'), journal, position: group.parts },
        row.line,
      )
    },
    steps: () => [
      {
        table: 'journal',
        mode: 'replace',
        update: [...new Set([...context.columnsOf('journal').filter((column) => column !== 'id'), 'entity'])],
      },
      { table: 'journal_line', mode: 'replace', update: lineColumns },
    ],
  }
}
