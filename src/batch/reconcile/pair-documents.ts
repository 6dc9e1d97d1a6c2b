// Which document of the ledger is held against which of Xero (V4): by its link, else by its number. What is left over in Xero is
// left-over.ts's business, what is found of a pair judge-document.ts's.

import type { Books } from '../../accounting/books.ts'
import { isEnded } from '../../accounting/reconciliation.ts'
import type { MonthDocument } from '../../ledger/reconcile.ts'
import type { DocumentForm } from '../../mapping/document-form.ts'
import type { DatedDocument } from '../../xero/found.ts'
import { folded, formInXero, numberInXero, type Pair } from './judge-document.ts'
import type { XeroDocuments } from './xero-month.ts'

const typeOfForm: Record<DocumentForm, string> = {
  sales_invoice: 'ACCREC',
  bill: 'ACCPAY',
  order_as_bill: 'ACCPAY',
  sales_credit: 'ACCRECCREDIT',
  supplier_credit: 'ACCPAYCREDIT',
  purchase_order: 'PURCHASEORDER',
  journal: 'journal',
  none: 'none',
}

/**
 * Within what a number stands for one document: suppliers have numbers of their own, so that another's bill of the same number is none
 * of ours (§4.3).
 */
export function numberKey(type: string, number: string, contactId: string | null): string {
  const isPerContact = type === 'ACCPAY' || type === 'ACCPAYCREDIT'
  return JSON.stringify([type, folded(number), isPerContact ? contactId : null])
}

/** Null for a document without a number, or a supplier's whose contact is not in Xero. */
export function keyOf(
  document: Pick<MonthDocument, 'kind' | 'total' | 'form' | 'number' | 'assignedNumber' | 'xeroContactId'>,
  books: Books,
): string | null {
  const number = numberInXero(document, books)
  const type = typeOfForm[formInXero(document, books)]
  if (number === null || (type.startsWith('ACCPAY') && document.xeroContactId === null)) return null
  return numberKey(type, number, document.xeroContactId)
}

export interface Pairing {
  tenantId: string
  booksOf(entity: string): Books
  /** Documents of Xero by id. */
  xero: XeroDocuments
  /** Those of them that no document of the ledger is linked to. */
  unlinked: readonly DatedDocument[]
  /** Ids that were not looked up. */
  unasked: ReadonlySet<string>
}

/** A pair for each document of the ledger. */
export function pairDocuments(documents: readonly MonthDocument[], pairing: Pairing): Pair[] {
  const isOurs = (document: MonthDocument) =>
    document.tenantId === null || document.tenantId === pairing.tenantId
  const linkedOf = (document: MonthDocument) =>
    (document.xeroId !== null && isOurs(document) && pairing.xero.get(document.xeroId)) || null
  const links = counted(documents.flatMap(({ xeroId }) => xeroId ?? []))
  const byNumber = new Map(
    pairing.unlinked
      .filter(({ status, number }) => !isEnded(status) && number !== null)
      .map((row) => [numberKey(row.type, row.number ?? '', row.contactId), row]),
  )
  const keys = new Map(documents.map((one) => [one, keyOf(one, pairing.booksOf(one.entity))]))
  const waiting = documents.filter((one) => one.xeroId === null && one.status === 'sent')
  const numbers = counted(waiting.flatMap((one) => keys.get(one) ?? []))
  return documents.map((document): Pair => {
    const linked = linkedOf(document)
    const key = keys.get(document) ?? null
    const isSent = document.xeroId !== null || document.status !== 'sent'
    return {
      document,
      linked,
      sameNumber: linked || isSent || key === null ? null : (byNumber.get(key) ?? null),
      isNumberShared: key !== null && (numbers.get(key) ?? 0) > 1,
      isLinkedTwice: linked !== null && (links.get(linked.xeroId) ?? 0) > 1,
      isUnasked: document.xeroId !== null && pairing.unasked.has(document.xeroId),
    }
  })
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
