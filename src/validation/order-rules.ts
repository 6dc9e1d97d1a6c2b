// Purchase orders, what is billed of them and what is credited (B1, B4).

import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { formatE4 } from '../accounting/money.ts'
import { complain, type DocumentView } from './document-view.ts'

/** Information only: the bill stands for the order, which is not posted as a bill too. */
export function checkOrderIsBilled(view: DocumentView): Finding[] {
  if (view.form !== 'order_as_bill' || !view.context.orderIsBilled) return []
  return [
    complain(view, {
      code: 'order-billed',
      severity: 'information',
      message: 'has a bill in the ledger, which is posted in its place.',
      why: 'An order that a bill names is never posted as a bill too.',
      fix: 'Nothing to do.',
    }),
  ]
}

/** The order went out as a bill before the supplier's bill came in: both would be in the books. */
export function checkOrderNotPosted(view: DocumentView): Finding[] {
  const { document, context } = view
  if (document.kind !== 'bill' || !context.orderWasPosted || context.exportedBefore) return []
  return [
    complain(view, {
      code: 'order-billed',
      field: 'sourceDocument',
      message: `is for purchase order ${orderName(context.order)}, which is in Xero as a bill already.`,
      why: 'The setting purchase_orders=bills posted the order, and the bill would double it.',
      fix: 'Void the order in the ledger so that its bill is voided in Xero, or make this bill a draft.',
    }),
  ]
}

export function checkOrderIsFinalised(view: DocumentView): Finding[] {
  const { order } = view.context
  if (view.document.kind !== 'supplier_credit' || !order || order.status === 'sent') return []
  return [
    complain(view, {
      code: 'parent-draft',
      field: 'sourceDocument',
      message: `is against purchase order ${orderName(order)}, which ${order.status === 'void' ? 'is void' : 'is not finalised'}.`,
      why: 'Only a finalised order can be credited.',
      fix: 'Finalise the order in the ledger, or correct the source_document of the credit.',
    }),
  ]
}

/** Of each item of the order never more than was received, less what other credits took (B4). */
export function checkCreditedQuantities(view: DocumentView): Finding[] {
  const { document, context } = view
  const { order } = context
  if (document.kind !== 'supplier_credit' || !order || order.status !== 'sent') return []
  const received = quantities(order.lines, ({ quantityReceived, quantity }) => quantityReceived ?? quantity)
  const others = context.otherCredits.filter(({ id, status }) => status === 'sent' && id !== document.id)
  const taken = quantities(others.flatMap(({ lines }) => lines))
  return [...quantities(document.lines)].flatMap(([item, credited]) => {
    const left = Math.max(0, (received.get(item) ?? 0) - (taken.get(item) ?? 0))
    if (credited <= left) return []
    return [
      complain(view, {
        code: 'credit-exceeds-order',
        field: 'lines',
        message: `credits ${formatE4(credited)} of item ${item}; of order ${orderName(order)} ${formatE4(left)} can still be credited.`,
        why: 'Never more is credited than was received, other credits of the order included.',
        fix: 'Correct the quantities of the credit, or those received on the order, in the ledger.',
      }),
    ]
  })
}

function quantities(
  lines: readonly DocumentLine[],
  quantityOf: (line: DocumentLine) => number = ({ quantity }) => Math.abs(quantity),
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const line of lines) {
    if (line.item) sums.set(line.item, (sums.get(line.item) ?? 0) + quantityOf(line))
  }
  return sums
}

function orderName(order: LedgerDocument | null): string {
  return order ? order.number.trim() || order.id : 'of the ledger'
}
