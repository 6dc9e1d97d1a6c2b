// The channels of documents with lines: sales invoices, sales credits and purchase orders are found by their number, bills by
// the link that they carry, supplier credits by not having been there before. Their shapes are mapping/document.ts.

import { readDocumentFacts, type SentDocumentFacts } from '../../mapping/document.ts'
import { carriesMarker } from '../../mapping/marker.ts'
import type { FoundDocument } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel, ChannelName, Found, LookUp, Recognition } from './channel.ts'

/** A row of any of the lists; purchase orders have no type. */
type DocumentRow = FoundDocument & { type?: string }

interface DocumentChannel {
  name: ChannelName
  list: Channel['list']
  isUniqueInXero: boolean
  foundBy: Channel['foundBy']
  since(gateway: XeroGateway, since: number): Promise<{ rows: readonly DocumentRow[]; serverTime: number }>
  byKeys(
    gateway: XeroGateway,
    facts: readonly SentDocumentFacts[],
  ): Promise<{ rows: readonly DocumentRow[]; serverTime: number }>
  byId(gateway: XeroGateway, xeroId: string): Promise<DocumentRow | null>
  recognise(facts: SentDocumentFacts, row: DocumentRow): Recognition
}

function documentChannel(channel: DocumentChannel): Channel {
  const found = (row: DocumentRow): Found => ({
    xeroId: row.xeroId,
    number: row.number,
    status: row.status,
    row,
  })
  const looked = ({ rows, serverTime }: { rows: readonly DocumentRow[]; serverTime: number }): LookUp => ({
    found: rows.map(found),
    serverTime,
  })
  return {
    name: channel.name,
    list: channel.list,
    isUniqueInXero: channel.isUniqueInXero,
    foundBy: channel.foundBy,
    lookUp: async (gateway, since) => looked(await channel.since(gateway, since)),
    lookUpKeys: async (gateway, facts) => looked(await channel.byKeys(gateway, facts.map(readDocumentFacts))),
    findById: async (gateway, xeroId) => {
      const row = await channel.byId(gateway, xeroId)
      return row && found(row)
    },
    recognise: (facts, one) => channel.recognise(readDocumentFacts(facts), one.row as DocumentRow), // made by `found`
    agrees: (facts, one) => isAsSent(readDocumentFacts(facts), one.row as DocumentRow), // as above
    labelOf: (facts) => {
      const { number, form } = readDocumentFacts(facts)
      return number ?? `a ${form.replaceAll('_', ' ')} without a number`
    },
  }
}

const numbersOf = (facts: readonly SentDocumentFacts[]) => facts.flatMap(({ number }) => number ?? [])
/** The whole list: for what has no key that can be asked for. */
const fromTheBeginning = 0

export const salesInvoices = documentChannel({
  name: 'sales_invoices',
  list: 'Invoices',
  isUniqueInXero: true,
  foundBy: 'key',
  since: (gateway, since) => gateway.invoicesSince(since),
  byKeys: (gateway, facts) => gateway.invoicesByNumber(numbersOf(facts)),
  byId: (gateway, xeroId) => gateway.invoiceById(xeroId),
  recognise: recogniseByNumber,
})

export const bills = documentChannel({
  name: 'bills',
  list: 'Invoices',
  isUniqueInXero: false,
  foundBy: 'marker',
  since: (gateway, since) => gateway.invoicesSince(since),
  byKeys: (gateway) => gateway.invoicesSince(fromTheBeginning),
  byId: (gateway, xeroId) => gateway.invoiceById(xeroId),
  recognise: recogniseBill,
})

export const salesCredits = documentChannel({
  name: 'sales_credits',
  list: 'CreditNotes',
  isUniqueInXero: true,
  foundBy: 'key',
  since: (gateway, since) => gateway.creditNotesSince(since),
  byKeys: (gateway, facts) => gateway.creditNotesByNumber(numbersOf(facts)),
  byId: (gateway, xeroId) => gateway.creditNoteById(xeroId),
  recognise: recogniseByNumber,
})

export const supplierCredits = documentChannel({
  name: 'supplier_credits',
  list: 'CreditNotes',
  isUniqueInXero: false,
  foundBy: 'new-id',
  since: (gateway, since) => gateway.creditNotesSince(since),
  byKeys: (gateway) => gateway.creditNotesSince(fromTheBeginning),
  byId: (gateway, xeroId) => gateway.creditNoteById(xeroId),
  recognise: recogniseSupplierCredit,
})

export const purchaseOrders = documentChannel({
  name: 'purchase_orders',
  list: 'PurchaseOrders',
  isUniqueInXero: true,
  foundBy: 'key',
  since: (gateway, since) => gateway.purchaseOrdersSince(since),
  byKeys: (gateway) => gateway.purchaseOrdersSince(fromTheBeginning),
  byId: (gateway, xeroId) => gateway.purchaseOrderById(xeroId),
  recognise: recogniseByNumber,
})

function isOfType(facts: SentDocumentFacts, row: DocumentRow): boolean {
  return facts.type === null || row.type === facts.type
}

/** Of facts that a ledger put back looks for: it has lost which contact of Xero its contact is (E13). */
export const unknownContact = ''

/** Contact, date, currency and total: what has to agree before anything of Xero's is taken for ours. */
function agreesInSum(facts: SentDocumentFacts, row: DocumentRow): boolean {
  return (
    isOfType(facts, row) &&
    (facts.contactId === unknownContact || row.contactId === facts.contactId) &&
    row.date === facts.date &&
    row.currency === facts.currency &&
    row.total === facts.totalCents
  )
}

/**
 * Where numbers are unique in Xero, a document of our number that agrees in contact, date, currency and total is ours. One
 * that was voided or deleted since still is.
 */
export function recogniseByNumber(facts: SentDocumentFacts, row: DocumentRow): Recognition {
  if (!isOfType(facts, row) || facts.number === null) return 'other'
  if (row.number?.toUpperCase() !== facts.number.toUpperCase()) return 'other'
  const isSure = row.number === facts.number && agreesInSum(facts, row) && facts.contactId !== unknownContact
  return isSure ? 'ours' : 'look-alike'
}

/** Our link tells; without it a bill like ours may be a person's, entered at the same time. */
export function recogniseBill(facts: SentDocumentFacts, row: DocumentRow): Recognition {
  if (!isOfType(facts, row)) return 'other'
  if (facts.marker !== null && carriesMarker(row.url, facts.marker))
    return agreesInSum(facts, row) ? 'ours' : 'look-alike'
  return agreesInSum(facts, row) && sameNumber(facts, row) ? 'look-alike' : 'other'
}

/**
 * It has no place for a mark: every fact has to agree, its lines too, and it must not have been there before. One with other lines
 * may be another of ours, or a person's.
 */
export function recogniseSupplierCredit(facts: SentDocumentFacts, row: DocumentRow): Recognition {
  if (!agreesInSum(facts, row) || !sameNumber(facts, row)) return 'other'
  return sameContent(facts, row) && facts.contactId !== unknownContact ? 'ours' : 'look-alike'
}

function sameContent(facts: SentDocumentFacts, row: DocumentRow): boolean {
  return facts.content === null || row.content === null || facts.content === row.content
}

/** Whether Xero keeps the number of a supplier credit is not established (§4.4). */
function sameNumber(facts: SentDocumentFacts, row: DocumentRow): boolean {
  return !row.number || (facts.number ?? '') === row.number
}

/** As we left it: the same in total, tax and every line, and not ended (I7). */
function isAsSent(facts: SentDocumentFacts, row: DocumentRow): boolean {
  const isEnded = row.status === 'VOIDED' || row.status === 'DELETED'
  const sameContent = facts.content === null || row.content === null || row.content === facts.content
  // What a person wrote there is not overwritten either: a reference, a later day to pay.
  const sameReference = facts.reference === null || facts.reference.trim() === (row.reference ?? '').trim()
  const sameDueDate = facts.dueDate === null || row.dueDate === null || row.dueDate === facts.dueDate
  return (
    !isEnded &&
    agreesInSum(facts, row) &&
    row.tax === facts.taxCents &&
    sameContent &&
    sameReference &&
    sameDueDate
  )
}
