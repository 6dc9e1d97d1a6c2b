// The hash of what the ledger says of a thing. It is taken of the source and not of the payload, so that a changed setting
// or a newer version of the program never sends anything again; only an edit in the ledger does.

import { createHash } from 'node:crypto'
import type {
  DocumentLine,
  LedgerContact,
  LedgerDocument,
  LedgerItem,
  LedgerJournal,
  LedgerPayment,
  PaymentAllocation,
} from '../accounting/documents.ts'

/** Hash of everything of a document that can reach Xero, its status included (a void is an edit). */
export function documentHash(document: LedgerDocument): string {
  const { sourceDocument: _, lines, ...facts } = document
  return hashOf({ ...facts, lines: lines.map(sentLine) })
}

/** What a part cost and where it came from is posted by its own journals, and does not reach the document. */
function sentLine(line: DocumentLine): object {
  const { supply: _, averageCost: _cost, quantityReceived: _received, ...facts } = line
  return facts
}

/** Hash of everything of an item that can reach Xero: not its cost. */
export function itemHash(item: LedgerItem): string {
  const { averageCost: _, isStocked: _stocked, ...facts } = item
  return hashOf(facts)
}

export function journalHash(journal: LedgerJournal): string {
  return hashOf(journal)
}

/** Of a payment with one of its allocations. Its state changes as it is applied, which sends nothing. */
export function paymentHash(payment: LedgerPayment, allocation: PaymentAllocation | null): string {
  const { state: _, allocations: _all, ...facts } = payment
  return hashOf({ ...facts, allocation })
}

/** Of any other source row. */
export function rowHash(row: object): string {
  return hashOf(row)
}

/** Hash of everything of a contact that can reach Xero: not its notes, its flags or whether it is active. */
export function contactHash(contact: LedgerContact): string {
  const { notes: _, isCustomer: _customer, isSupplier: _supplier, active: _active, ...facts } = contact
  return hashOf(facts)
}

function hashOf(facts: object): string {
  return createHash('sha256').update(canonicalJson(facts)).digest('hex')
}

/**
 * JSON with keys in order and without nulls, so that neither the order of columns nor a new column that nobody has
 * filled yet changes a hash. Written out by hand: it runs for every document, and a replacer takes twice as long.
 */
function canonicalJson(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = value as Record<string, unknown> // an object of the ledger's, asked for its own keys
  let text = ''
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key]
    if (field !== null && field !== undefined)
      text += `${text === '' ? '' : ','}"${key}":${canonicalJson(field)}`
  }
  return `{${text}}`
}
