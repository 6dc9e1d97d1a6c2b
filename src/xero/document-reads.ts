// The questions about documents, journals and the files that hang on them: what changed, what has a number, what has an
// id. How a list is read to its end is read-lists.ts's business.

import type { PlainDate } from '../accounting/calendar.ts'
import type { ApiCalls } from './calls.ts'
import {
  attachmentRows,
  creditNoteRows,
  invoiceRows,
  journalRows,
  purchaseOrderRows,
} from './document-rows.ts'
import type { FoundCreditNote, FoundInvoice, FoundJournal, FoundPurchaseOrder } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import { isAskableNumber } from './gateway.ts'
import {
  type ChangeList,
  encoded,
  findAll,
  findChanged,
  findFiltered,
  findOne,
  type Query,
  urlLengthMax,
} from './read-lists.ts'

/** Documents come with all their lines: fewer than could be had, so that an answer stays in the low megabytes. */
const documentPageSize = 500
/** Of numbers and of ids: 53 ids make an address too long (§2.3). */
const askedPerCall = 40

/** Oldest change first, where that is not established as the order that Xero takes by itself (§2.3, §5). */
const byChange = { order: 'UpdatedDateUTC ASC' }

const invoices: ChangeList<FoundInvoice> = {
  path: '/Invoices',
  name: { one: 'invoice', many: 'invoices' },
  rows: invoiceRows,
  pageSize: documentPageSize,
  query: {},
}
const creditNotes: ChangeList<FoundCreditNote> = {
  path: '/CreditNotes',
  name: { one: 'credit note', many: 'credit notes' },
  rows: creditNoteRows,
  pageSize: documentPageSize,
  query: byChange,
}
const purchaseOrders: ChangeList<FoundPurchaseOrder> = {
  path: '/PurchaseOrders',
  name: { one: 'purchase order', many: 'purchase orders' },
  rows: purchaseOrderRows,
  pageSize: documentPageSize,
  query: byChange,
}
/** Asked for an order, this list once forgot its pages and what it was asked for (§5); by itself it is by change. */
const manualJournals: ChangeList<FoundJournal> = {
  path: '/ManualJournals',
  name: { one: 'manual journal', many: 'manual journals' },
  rows: journalRows,
  pageSize: documentPageSize,
  query: {},
}

export type DocumentReads = Pick<
  XeroGateway,
  | 'invoicesSince'
  | 'invoicesByNumber'
  | 'billsByNumber'
  | 'invoicesByIds'
  | 'invoiceById'
  | 'creditNotesSince'
  | 'creditNotesByNumber'
  | 'supplierCreditsDated'
  | 'creditNoteById'
  | 'purchaseOrdersSince'
  | 'purchaseOrderById'
  | 'manualJournalsSince'
  | 'manualJournalById'
  | 'attachmentsOf'
>

export function createDocumentReads(calls: ApiCalls, apiUrl: string): DocumentReads {
  const one = <Row>(list: ChangeList<Row>) => {
    return (xeroId: string) =>
      findOne(calls, list.name.one, `${list.path}/${encodeURIComponent(xeroId)}`, list.rows)
  }
  return {
    invoicesSince: (since) => findChanged(calls, invoices, {}, since),
    async invoicesByNumber(numbers) {
      const read = await findFiltered(calls, invoices, invoiceNumberFilters(numbers, apiUrl))
      return { ...read, rows: ofNumbers(read.rows, 'ACCREC', numbers) }
    },
    async billsByNumber(numbers) {
      const read = await findFiltered(calls, invoices, invoiceNumberFilters(numbers, apiUrl))
      return { ...read, rows: ofNumbers(read.rows, 'ACCPAY', numbers) }
    },
    // At four decimals, as the prices were sent (§3.5).
    invoicesByIds: (xeroIds) =>
      findFiltered(
        calls,
        invoices,
        inGroups([...new Set(xeroIds)]).map((group) => ({ IDs: group.join(','), unitdp: '4' })),
      ),
    invoiceById: one(invoices),
    creditNotesSince: (since) => findChanged(calls, creditNotes, {}, since),
    async creditNotesByNumber(numbers) {
      const filters = [...new Set(numbers)].map((number) => ({ where: equals('CreditNoteNumber', number) }))
      const read = await findFiltered(calls, creditNotes, filters)
      return { ...read, rows: ofNumbers(read.rows, 'ACCRECCREDIT', numbers) }
    },
    supplierCreditsDated: (from, to) =>
      findFiltered(calls, creditNotes, [
        { where: `Type=="ACCPAYCREDIT" AND Date>=${dateCondition(from)} AND Date<=${dateCondition(to)}` },
      ]),
    creditNoteById: one(creditNotes),
    purchaseOrdersSince: (since) => findChanged(calls, purchaseOrders, {}, since),
    purchaseOrderById: one(purchaseOrders),
    manualJournalsSince: (since) => findChanged(calls, manualJournals, {}, since),
    manualJournalById: one(manualJournals),
    attachmentsOf: (endpoint, xeroId) =>
      findAll(
        calls,
        'attachments',
        `/${encodeURIComponent(endpoint)}/${encodeURIComponent(xeroId)}/Attachments`,
        attachmentRows,
      ),
  }
}

function inGroups(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / askedPerCall) }, (_, group) =>
    values.slice(group * askedPerCall, (group + 1) * askedPerCall),
  )
}

/** Whether Xero's numbers are the same regardless of case is not established: what may be ours is shown. */
function folded(number: string): string {
  return number.trim().toLowerCase()
}

/** Of what was found only the type whose numbers are its own; bills and supplier credits may share any (§4.3, §4.4). */
function ofNumbers<Row extends { type: string; number: string | null }>(
  rows: readonly Row[],
  type: string,
  numbers: readonly string[],
): Row[] {
  const asked = new Set(numbers.map(folded))
  return rows.filter((row) => row.type === type && row.number !== null && asked.has(folded(row.number)))
}

/** As Xero's filters write a day: DateTime(2026, 11, 02). */
function dateCondition(date: PlainDate): string {
  return `DateTime(${date.split('-').join(', ')})`
}

function equals(field: string, number: string): string {
  refuseUnaskable(number)
  return `${field}=="${number}"`
}

function refuseUnaskable(number: string): void {
  if (!isAskableNumber(number))
    throw new RangeError(`Xero cannot be asked for the number ${JSON.stringify(number)}`)
}

/**
 * Numbers in as few calls as their length allows. A list is separated by commas, so a number that holds one is asked
 * for by a condition, alone.
 */
function invoiceNumberFilters(numbers: readonly string[], apiUrl: string): Query[] {
  const filters: Query[] = []
  let group: string[] = []
  let length = 0
  const room = urlLengthMax - apiUrl.length - 100 // path, paging and the parameter's name
  for (const number of new Set(numbers)) {
    refuseUnaskable(number)
    if (number.includes(',')) {
      filters.push({ where: equals('InvoiceNumber', number) })
      continue
    }
    const more = encoded(number).length + 1
    if (group.length === askedPerCall || (group.length > 0 && length + more > room)) {
      filters.push({ InvoiceNumbers: group.join(',') })
      group = []
      length = 0
    }
    group.push(number)
    length += more
  }
  return group.length > 0 ? [...filters, { InvoiceNumbers: group.join(',') }] : filters
}
