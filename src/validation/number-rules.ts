// The number of a document: it has one where it is found by it, and no other document would have the same in Xero (I8, B4,
// §4.3, §4.4, §4.9). Bills and supplier credits have the supplier's numbers, which Xero takes as text.

import { xeroNumberOf } from '../accounting/books.ts'
import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import { complain, type DocumentView } from './document-view.ts'
import { listed } from './wording.ts'

/** Whether Xero, or people who read a journal, know the document by its number alone. */
function isKnownByNumber({ form }: DocumentView): boolean {
  return (
    form === 'sales_invoice' || form === 'sales_credit' || form === 'purchase_order' || form === 'journal'
  )
}

export function checkNumber(view: DocumentView): Finding[] {
  const { number } = view.document
  if (number.trim() === '') return missingNumber(view)
  if (number.trim() === number) return []
  return [
    complain(view, {
      code: 'text-invalid',
      field: 'number',
      message: 'has a number with space before or after it.',
      why: 'Xero may drop the space, and the document would not be found again by its number.',
      fix: 'Remove the space in the ledger.',
    }),
  ]
}

function missingNumber(view: DocumentView): Finding[] {
  const { document, context } = view
  const name = kindNames[document.kind].one
  // A credit against an order is numbered after it (B4).
  if (document.kind === 'supplier_credit' && context.order && context.order.number.trim() !== '') return []
  if (document.kind !== 'supplier_credit' && !isKnownByNumber(view))
    return [
      complain(view, {
        code: 'number-missing',
        severity: 'warning',
        field: 'number',
        message: 'has no number and goes to Xero without one.',
        why: 'In Xero people know a bill by the number of its supplier.',
        fix: `Give the ${name} its number in the ledger.`,
      }),
    ]
  return [
    complain(view, {
      code: 'number-missing',
      field: 'number',
      message: 'has no number.',
      why:
        document.kind === 'supplier_credit'
          ? 'Only a credit against a purchase order of the ledger is numbered by auxo-sync.'
          : 'By its number it is found again in Xero; without one Xero would invent one.',
      fix: `Give the ${name} a number in the ledger.`,
    }),
  ]
}

export function checkNumberIsAlone(view: DocumentView): Finding[] {
  const { context, document } = view
  if (context.numberSharedBy.length === 0 || document.number.trim() === '') return []
  const message = `has the number ${xeroNumberOf(document.number, context.books)}, which is also that of ${listed('document', context.numberSharedBy)}.`
  if (!isKnownByNumber(view) || view.form === 'journal')
    return [
      complain(view, {
        code: 'number-duplicate',
        severity: 'warning',
        field: 'number',
        message: message.replace(/\.$/, ' for the same contact.'),
        why: 'Xero takes it twice, and it may have been entered twice.',
        fix: 'Void one of them in the ledger if they are the same.',
      }),
    ]
  return [
    complain(view, {
      code: 'number-duplicate',
      field: 'number',
      message,
      why: `Xero takes each number of ${numbered(view)} once, whatever its case.`,
      fix: 'Give each its own number in the ledger. Entities that share an organisation need different number_prefix settings.',
    }),
  ]
}

/**
 * Xero has the number on a document that is surely another one, since it comes to another total (I8). One that comes to the same may
 * be this very document, sent before a back-up was put back or with an answer that was lost: that is found out where it is sent.
 */
export function checkNumberInXero(view: DocumentView): Finding[] {
  const { context, document, totals } = view
  const total = Math.abs(totals?.fits ? totals.total : document.total)
  const other = context.numberTakenInXero.find((theirs) => Math.abs(theirs) !== total)
  if (other === undefined || context.numberTakenInXero.some((theirs) => Math.abs(theirs) === total)) return []
  return [
    complain(view, {
      code: 'number-in-use',
      field: 'number',
      message: `has the number ${xeroNumberOf(document.number, context.books)}, which another document of ${formatCents(other)} has in Xero.`,
      why: `Xero takes each number of ${numbered(view)} once, whatever its case.`,
      fix: 'Look the number up in Xero, and renumber one of the two.',
    }),
  ]
}

function numbered({ form }: DocumentView): string {
  if (form === 'sales_credit') return 'a credit note'
  return form === 'purchase_order' ? 'a purchase order' : 'a sales invoice'
}
