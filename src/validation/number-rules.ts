// The number of a document: it has one, and no other document would have the same in Xero (I8, §4.3).

import { xeroNumberOf } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import { complain, type InvoiceView } from './invoice-view.ts'
import { listed } from './wording.ts'

export function checkNumber(view: InvoiceView): Finding[] {
  const { number } = view.document
  if (number.trim() === '')
    return [
      complain(view, {
        code: 'number-missing',
        field: 'number',
        message: 'has no number.',
        why: 'By its number an invoice is found again in Xero; without one Xero would invent one.',
        fix: 'Give the invoice a number in the ledger.',
      }),
    ]
  if (number.trim() === number) return []
  return [
    complain(view, {
      code: 'text-invalid',
      field: 'number',
      message: 'has a number with space before or after it.',
      why: 'Xero may drop the space, and the invoice would not be found again by its number.',
      fix: 'Remove the space in the ledger.',
    }),
  ]
}

export function checkNumberIsAlone(view: InvoiceView): Finding[] {
  const { context, document } = view
  if (context.numberSharedBy.length === 0 || document.number.trim() === '') return []
  return [
    complain(view, {
      code: 'number-duplicate',
      field: 'number',
      message: `has the number ${xeroNumberOf(document.number, context.books)}, which is also that of ${listed('document', context.numberSharedBy)}.`,
      why: 'Xero takes each sales invoice number once, whatever its case.',
      fix: 'Give each its own number in the ledger. Entities that share an organisation need different number_prefix settings.',
    }),
  ]
}
