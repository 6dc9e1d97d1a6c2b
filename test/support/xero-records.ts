// Everything that the sandbox has, in one list: what each record is, whether it stands, what it comes to, and by what it
// would be known as ours. Whether it may be there is promises/.

import type { Attachment, Note } from '../../src/sandbox/attachment-record.ts'
import type { BankTransaction } from '../../src/sandbox/bank-transaction-record.ts'
import type { Allocation, Credit, CreditNote } from '../../src/sandbox/credit-record.ts'
import type { Invoice } from '../../src/sandbox/invoice-record.ts'
import type { Item } from '../../src/sandbox/item-record.ts'
import type { ManualJournal } from '../../src/sandbox/manual-journal-record.ts'
import type { Payment } from '../../src/sandbox/payment-record.ts'
import type { PurchaseOrder } from '../../src/sandbox/purchase-order-record.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'

export type RecordList =
  | 'invoice'
  | 'credit_note'
  | 'prepayment'
  | 'overpayment'
  | 'payment'
  | 'allocation'
  | 'bank_transaction'
  | 'item'
  | 'purchase_order'
  | 'manual_journal'
  | 'attachment'
  | 'note'

export interface XeroRecord {
  list: RecordList
  tenantId: string
  id: string
  /** Where the ledger may remember it by another name than its id. */
  otherId: string | null
  isLive: boolean
  /** Cents; null where it is no money. */
  amount: number | null
  tax: number | null
  /** The document that it hangs on. */
  parentId: string | null
  /** By what two of them would be one of ours twice; null where nothing of ours is on it. */
  mark: string | null
  /** As people call it. */
  name: string
  reference: string | null
  /** All that a person could change of it, money that was set against it aside. */
  content: string
}

/** Everything, ended things too, of all organisations. */
export function xeroRecords(sandbox: Sandbox): XeroRecord[] {
  return sandbox.organisations.flatMap(({ tenantId }) => recordsOf(sandbox, tenantId))
}

function recordsOf(sandbox: Sandbox, tenantId: string): XeroRecord[] {
  const credits: Credit[] = [
    ...sandbox.creditNotes(tenantId),
    ...sandbox.prepayments(tenantId),
    ...sandbox.overpayments(tenantId),
  ]
  const records: Omit<XeroRecord, 'tenantId'>[] = [
    ...sandbox.invoices(tenantId).map(ofInvoice),
    ...credits.map(ofCredit),
    ...credits.flatMap((credit) => credit.allocations.map((allocation) => ofAllocation(credit, allocation))),
    ...sandbox.payments(tenantId).map(ofPayment),
    ...sandbox.bankTransactions(tenantId).map(ofTransaction),
    ...sandbox.items(tenantId).map(ofItem),
    ...sandbox.purchaseOrders(tenantId).map(ofOrder),
    ...sandbox.manualJournals(tenantId).map(ofJournal),
    ...sandbox.attachments(tenantId).map(ofAttachment),
    ...sandbox.notes(tenantId).map(ofNote),
  ]
  return records.map((record) => ({ ...record, tenantId }))
}

const isLive = (status: string) => status !== 'DELETED' && status !== 'VOIDED'

/** Ours by the tag at the end of its reference (architecture, Resolve). */
function tagIn(reference: string): string | null {
  return /#[a-z2-7]{10}$/.exec(reference)?.[0] ?? null
}

/** Ours by a link that names this program. */
function linkIn(url: string | null): string | null {
  return url !== null && /auxo-sync/.test(url) ? url : null
}

const plain = { otherId: null, parentId: null, tax: null, amount: null, reference: null }

/** What a person could change: neither when it was, nor what was paid or set against it since. */
function contentOf(record: object): string {
  const { updatedAt, payments, credits, allocations, fullyPaidOn, status, isCustomer, isSupplier, ...left } =
    record as Record<string, unknown> // any record of the sandbox
  return JSON.stringify({ ...left, status: status === 'PAID' ? 'AUTHORISED' : status })
}

function ofInvoice(invoice: Invoice): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'invoice',
    id: invoice.id,
    isLive: isLive(invoice.status),
    amount: invoice.total,
    tax: invoice.totalTax,
    mark: invoice.type === 'ACCREC' ? `invoice ${invoice.number}` : linkIn(invoice.url),
    name: `${invoice.type === 'ACCREC' ? 'invoice' : 'bill'} ${invoice.number}`,
    reference: invoice.reference,
    content: contentOf(invoice),
  }
}

const creditLists = {
  CreditNote: 'credit_note',
  Prepayment: 'prepayment',
  Overpayment: 'overpayment',
} as const

function ofCredit(credit: Credit): Omit<XeroRecord, 'tenantId'> {
  const number = credit.kind === 'CreditNote' ? credit.number : ''
  return {
    ...plain,
    list: creditLists[credit.kind],
    id: credit.id,
    isLive: isLive(credit.status),
    amount: credit.total,
    tax: credit.totalTax,
    mark: credit.kind === 'CreditNote' ? markOfNote(credit) : null,
    name: `${credit.kind} ${number}`,
    reference: credit.reference,
    content: contentOf(credit),
  }
}

/** Numbers of sales credits are ours; supplier credits carry nothing. */
function markOfNote({ type, number }: CreditNote): string | null {
  return type === 'ACCRECCREDIT' ? `credit note ${number}` : null
}

function ofAllocation(credit: Credit, allocation: Allocation): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'allocation',
    id: allocation.id,
    otherId: `${credit.id}/${allocation.invoiceId}`,
    isLive: isLive(credit.status),
    amount: allocation.amount,
    parentId: credit.id,
    mark: null,
    name: `allocation of ${credit.kind === 'CreditNote' ? credit.number : credit.kind}`,
    content: contentOf(allocation),
  }
}

function ofPayment(payment: Payment): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'payment',
    id: payment.id,
    isLive: isLive(payment.status),
    amount: payment.amount,
    parentId: payment.target.id,
    mark: tagIn(payment.reference),
    name: `payment “${payment.reference}”`,
    reference: payment.reference,
    content: contentOf(payment),
  }
}

/** The money of it is its prepayment’s or overpayment’s, by whose id it is remembered. */
function ofTransaction(transaction: BankTransaction): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'bank_transaction',
    id: transaction.id,
    otherId: transaction.creditId,
    isLive: isLive(transaction.status),
    amount: transaction.total,
    tax: transaction.totalTax,
    mark: tagIn(transaction.reference),
    name: `bank transaction “${transaction.reference}”`,
    reference: transaction.reference,
    content: contentOf(transaction),
  }
}

function ofItem(item: Item): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'item',
    id: item.id,
    isLive: true,
    mark: `item ${item.code.toLowerCase()}`,
    name: `item ${item.code}`,
    content: contentOf(item),
  }
}

function ofOrder(order: PurchaseOrder): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'purchase_order',
    id: order.id,
    isLive: isLive(order.status),
    amount: order.total,
    tax: order.totalTax,
    mark: `purchase order ${order.number}`,
    name: `purchase order ${order.number}`,
    reference: order.texts.Reference ?? '',
    content: contentOf(order),
  }
}

function ofJournal(journal: ManualJournal): Omit<XeroRecord, 'tenantId'> {
  const debits = journal.lines.filter((line) => line.lineAmount > 0)
  const withTax = journal.lineAmountTypes === 'Exclusive'
  return {
    ...plain,
    list: 'manual_journal',
    id: journal.id,
    isLive: isLive(journal.status),
    amount: debits.reduce((sum, line) => sum + line.lineAmount + (withTax ? line.taxAmount : 0), 0),
    mark: linkIn(journal.url),
    name: `journal “${journal.narration}”`,
    content: contentOf(journal),
  }
}

function ofAttachment(file: Attachment): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'attachment',
    id: file.id,
    isLive: true,
    amount: file.length,
    parentId: file.documentId,
    mark: `file ${file.fileName} of ${file.documentId}`,
    name: `file ${file.fileName}`,
    content: contentOf(file),
  }
}

function ofNote(note: Note): Omit<XeroRecord, 'tenantId'> {
  return {
    ...plain,
    list: 'note',
    id: note.id,
    isLive: true,
    parentId: note.documentId,
    mark: `note of ${note.documentId}`,
    name: `note “${note.details}”`,
    content: contentOf(note),
  }
}
