// The hash of what the ledger says of a thing. It is taken of the source and not of the payload, so that a changed setting
// or a newer version of the program never sends anything again; only an edit in the ledger does.

import { createHash } from 'node:crypto'
import type { LedgerContact, LedgerDocument } from '../accounting/documents.ts'

/** Hash of everything of a document that can reach Xero, its status included (a void is an edit). */
export function documentHash(document: LedgerDocument): string {
  const { sourceDocument: _, ...facts } = document
  return hashOf(facts)
}

/** Hash of everything of a contact that can reach Xero: not its notes, its flags or whether it is active. */
export function contactHash(contact: LedgerContact): string {
  const { notes: _, isCustomer: _customer, isSupplier: _supplier, active: _active, ...facts } = contact
  return hashOf(facts)
}

function hashOf(facts: object): string {
  return createHash('sha256').update(JSON.stringify(facts, canonical)).digest('hex')
}

/**
 * Keys in order and nulls left out, so that neither the order of columns nor a new column that nobody has filled yet
 * changes a hash.
 */
function canonical(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
