// A file of a document as Xero takes it (I14, §4.9): the endpoint that it goes to, its name there, its type. Reading files is batch's
// business, whether one may go validation's.

import type { DocumentKind } from '../accounting/kinds.ts'
import type { EntitySettings } from '../accounting/settings.ts'
import { readDocumentFacts } from './document.ts'
import type { SentForm } from './document-form.ts'
import { isSentAsJournal } from './journal.ts'

/** As in the path. */
export type DocumentEndpoint = 'Invoices' | 'CreditNotes' | 'PurchaseOrders' | 'ManualJournals'

const endpointOfForm: Record<SentForm, DocumentEndpoint> = {
  sales_invoice: 'Invoices',
  bill: 'Invoices',
  order_as_bill: 'Invoices',
  sales_credit: 'CreditNotes',
  supplier_credit: 'CreditNotes',
  purchase_order: 'PurchaseOrders',
}

const endpointOfKind: Record<DocumentKind, (settings: EntitySettings) => DocumentEndpoint> = {
  invoice: () => 'Invoices',
  bill: () => 'Invoices',
  credit_note: () => 'CreditNotes',
  supplier_credit: () => 'CreditNotes',
  purchase_order: ({ purchase_orders }) => (purchase_orders === 'bills' ? 'Invoices' : 'PurchaseOrders'),
}

/**
 * Where files and notes of a document go. `facts`: those that are known of it in Xero, which say in what form it is there; null
 * where it was never sent (linked by hand).
 */
export function endpointOf(
  document: { kind: DocumentKind; facts: string | null },
  settings: EntitySettings,
): DocumentEndpoint {
  const { kind, facts } = document
  if (facts === null) return endpointOfKind[kind](settings)
  return isSentAsJournal(facts) ? 'ManualJournals' : endpointOfForm[readDocumentFacts(facts).form]
}

/** Endpoints that can show a file with the online document. */
export function hasOnline(endpoint: DocumentEndpoint): boolean {
  return endpoint === 'Invoices' || endpoint === 'CreditNotes'
}

/**
 * The last part of the path; what Xero bans in names becomes an underscore. Composed (NFC), so that a name that went through Xero is
 * known again. Empty where the path has no name.
 */
export function fileNameInXero(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.normalize('NFC').replaceAll(/[<>:"\\|?*+\p{Cc}\p{Surrogate}]/gu, '_')
}

const contentTypes: Readonly<Record<string, string>> = {
  bmp: 'image/bmp',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  gif: 'image/gif',
  heic: 'image/heic',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  msg: 'application/vnd.ms-outlook',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
}

/** By the ending of the name. */
export function contentTypeOf(fileName: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(contentTypes, ending)
    ? (contentTypes[ending] ?? 'application/octet-stream')
    : 'application/octet-stream'
}
