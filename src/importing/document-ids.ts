// The id of a document that a file gives none: entity, kind and number, for purchases the supplier too, since two
// suppliers may use the same number (ledger.md). The same file always gives the same ids, so that it can be imported again.

import type { DocumentKind } from '../accounting/kinds.ts'

const separator = ':'

/** A part that holds the separator must not look like two. */
const part = (text: string) => text.replaceAll('%', '%25').replaceAll(separator, '%3A')

/** What stands before the number: "NZ01:invoice:". */
export function documentIdPrefix(entity: string, kind: DocumentKind): string {
  return `${part(entity)}${separator}${kind}${separator}`
}

/** "NZ01:invoice:INV-1", "NZ01:bill:Timber Ltd:881". */
export function documentId(entity: string, kind: DocumentKind, number: string, contact: string): string {
  const supplier = kind === 'bill' || kind === 'supplier_credit' ? `${part(contact)}${separator}` : ''
  return `${documentIdPrefix(entity, kind)}${supplier}${number}`
}
