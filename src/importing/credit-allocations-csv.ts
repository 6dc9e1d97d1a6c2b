// credit-allocations.csv: what of a credit is set against which document (N2), one row an allocation. Both are named by id
// or number; what Xero allows is judged by validation.

import { documentNamed } from './document-names.ts'
import { type FileKind, type LoadContext, type Loader, named, own } from './file-kind.ts'
import { money, oneLine } from './values.ts'

export const creditAllocationsCsv: FileKind = {
  name: 'credit-allocations',
  title: 'credit allocations',
  columns: [
    own('credit_allocation', 'entity', oneLine),
    own('credit_allocation', 'credit', oneLine, 'cell'),
    own('credit_allocation', 'document', oneLine, 'cell'),
    named('amount', 'credit_allocation', 'amount_cents', money, 'cell'),
    own('credit_allocation', 'date', 'date'),
  ],
  ignored: [],
  tables: ['credit_allocation'],
  dates: 'iso',
  namesContacts: false,
  open: openAllocations,
}

function openAllocations(context: LoadContext): Loader {
  const table = 'credit_allocation'
  return {
    take: (row) => {
      const entity = context.entities.of(row, table)?.code
      if (entity === undefined) return
      // An invoice with a negative total, a credit in Xero too (I13), is named by its id.
      const credit = documentNamed(context, row, {
        table,
        column: 'credit',
        entity,
        kinds: ['credit_note', 'supplier_credit'],
        what: 'credit',
      })
      const document = documentNamed(context, row, {
        table,
        column: 'document',
        entity,
        kinds: ['invoice', 'bill', 'purchase_order'],
      })
      if (credit === null || document === null) return
      if (context.stage.add(table, { ...row.of(table), credit, document }, row.line)) return
      const before = context.stage.find(table, [credit, document])
      row.refuse(
        table,
        'document',
        `has an amount of this credit on line ${before?.line} already. Put the two on one row.`,
      )
    },
    steps: () => [
      {
        table,
        mode: 'replace',
        // What came from Xero is the ledger's own word from here on.
        update: [
          ...context.columnsOf(table).filter((column) => column === 'amount_cents' || column === 'date'),
          'origin',
        ],
      },
    ],
  }
}
