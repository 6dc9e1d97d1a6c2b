// The kinds of file that can be imported: a new kind is a row here and its file.

import { attachmentsCsv } from './attachments-csv.ts'
import { creditAllocationsCsv } from './credit-allocations-csv.ts'
import { documentsCsv } from './documents-csv.ts'
import type { FileKind } from './file-kind.ts'
import { journalsCsv } from './journals-csv.ts'
import { paymentsCsv } from './payments-csv.ts'
import { configurationCsvs, contactsCsv, entitiesCsv, itemsCsv, stockCsv } from './plain-csv.ts'
import { xeroContactsCsv } from './xero-contacts-csv.ts'
import { xeroBillsCsv, xeroCreditNotesCsv, xeroSalesCsv } from './xero-invoices-csv.ts'

export const fileKinds: readonly FileKind[] = [
  contactsCsv,
  documentsCsv,
  paymentsCsv,
  journalsCsv,
  itemsCsv,
  stockCsv,
  entitiesCsv,
  xeroSalesCsv,
  xeroBillsCsv,
  xeroCreditNotesCsv,
  creditAllocationsCsv,
  attachmentsCsv,
  xeroContactsCsv,
  ...configurationCsvs,
]

/** The kind of a word of `--as`, or null. */
export function findFileKind(name: string): FileKind | null {
  return fileKinds.find((kind) => kind.name === name) ?? null
}
