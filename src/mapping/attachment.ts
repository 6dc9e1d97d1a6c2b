// A file of a document as Xero takes it (I14, §4.9): its name there, its type. Reading files is batch's
// business, whether one may go validation's.

import type { DocumentEndpoint } from './form-in-xero.ts'

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
