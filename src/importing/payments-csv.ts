// payments.csv: one row an allocation, rows of the same id are one receipt; `amount` is the allocation's,
// `receipt_amount` the receipt's where it is more (ledger.md, P8).

import { type LoadRow, totalStagedPayments } from '../ledger/loading.ts'
import { documentNamed } from './document-names.ts'
import { type FileKind, type LoadContext, type Loader, named, own, type Row } from './file-kind.ts'
import { groupedRows } from './grouped-rows.ts'
import { currencyCode, exchangeRate, money, oneLine, word } from './values.ts'

const columns = [
  own('payment', 'id', oneLine, 'cell'),
  own('payment', 'entity', oneLine),
  own('payment', 'contact', oneLine),
  own('payment', 'kind', word(['payment', 'deposit', 'discount', 'refund']), 'cell'),
  own('payment', 'method', oneLine),
  own('payment', 'account', oneLine),
  own('payment', 'date', 'date', 'cell'),
  named('amount', 'payment_allocation', 'amount_cents', money, 'column'),
  named('receipt_amount', 'payment', 'amount_cents', money),
  own('payment', 'currency', currencyCode),
  named('exchange_rate', 'payment', 'exchange_rate_e6', exchangeRate),
  own('payment', 'reference', oneLine),
  own('payment', 'state', word(['received', 'applied', 'deleted'])),
  own('payment', 'refund_of', oneLine),
  named('document', 'payment_allocation', 'document', oneLine, 'column'),
  named('allocation_date', 'payment_allocation', 'date', 'date'),
]

export const paymentsCsv: FileKind = {
  name: 'payments',
  title: 'payments',
  columns,
  ignored: [],
  tables: ['payment', 'payment_allocation'],
  dates: 'iso',
  namesContacts: false,
  open: openPayments,
}

function openPayments(context: LoadContext): Loader {
  const groups = groupedRows({
    stage: context.stage,
    table: 'payment',
    lines: null,
    what: 'receipt',
    columns,
  })
  return {
    take: (row) => {
      const entity = context.entities.of(row, 'payment')
      if (!entity) return
      const payment: LoadRow = { ...row.of('payment'), entity: entity.code }
      const allocation = row.of('payment_allocation')
      const isAllocated = allocation['document'] !== undefined
      const amount = allocation['amount_cents']
      if (amount === undefined && (isAllocated || payment['amount_cents'] === undefined)) {
        row.refuse('payment_allocation', 'amount_cents', 'is empty.')
        return
      }
      // Without a document the amount is the receipt's own: money that pays nothing yet.
      const receipt = isAllocated ? payment : { ...payment, amount_cents: payment['amount_cents'] ?? amount }
      const id = String(row.of('payment')['id'])
      const group = groups.groupOf(id, receipt, row)
      if (group && isAllocated) stageAllocation(context, row, id, entity.code)
    },
    steps: () => [
      {
        table: 'payment',
        mode: 'replace',
        update: [
          ...new Set([
            ...context.columnsOf('payment').filter((column) => column !== 'id'),
            'entity',
            'amount_cents',
          ]),
        ],
      },
      {
        table: 'payment_allocation',
        mode: 'replace',
        update: context.columnsOf('payment_allocation').filter((column) => column !== 'document'),
      },
    ],
    prepare: totalStagedPayments,
  }
}

function stageAllocation(context: LoadContext, row: Row, payment: string, entity: string): void {
  const allocation = row.of('payment_allocation')
  const document = documentNamed(context, row, { table: 'payment_allocation', column: 'document', entity })
  if (document === null) return
  const staged = context.stage.add('payment_allocation', { ...allocation, payment, document }, row.line)
  if (staged) return
  const before = context.stage.find('payment_allocation', [payment, document])
  row.refuse(
    'payment_allocation',
    'document',
    `is paid by this receipt on line ${before?.line} already. Put the two amounts on one row.`,
  )
}
