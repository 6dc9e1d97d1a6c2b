// Xero's own import templates for sales invoices, bills and credit notes (D3): one row a line, the contact's details on
// each. Amounts are what --amounts says, tax names become Xero's types, negative invoices and bills become credits.

import type { Database } from 'better-sqlite3'
import type { BillingEntity } from '../accounting/documents.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import { nearest } from '../accounting/nearest.ts'
import {
  findNegativeStagedDocument,
  totalStagedDocuments,
  turnNegativeIntoCredits,
} from '../ledger/loading.ts'
import { contactFinder } from './contact-names.ts'
import { documentId, documentIdPrefix } from './document-ids.ts'
import { amountIn, documentUpdate, lineColumns } from './documents-csv.ts'
import { type Column, type FileKind, type LoadContext, type Loader, named, type Row } from './file-kind.ts'
import { type Group, groupedRows } from './grouped-rows.ts'
import { taxOfLine } from './line-amounts.ts'
import { FileRefused } from './problems.ts'
import { type TaxCodes, type TaxSide, taxCodesOf } from './tax-codes.ts'
import { currencyCode, oneLine, percent, prose, quantity, roundedMoney } from './values.ts'
import { contactColumns, contactOf, contactUpdate } from './xero-addresses.ts'

/** `word` is what number and date are called after. A credit note is never due. */
const documentColumns = (word: 'Invoice' | 'CreditNote', contact: 'cell' | 'first'): Column[] => [
  named('ContactName', 'document', 'contact', oneLine, contact),
  ...contactColumns,
  named(`${word}Number`, 'document', 'number', oneLine, 'cell'),
  named(`${word}Date`, 'document', 'date', 'date', 'first'),
  named('DueDate', 'document', 'due_date', 'date', word === 'Invoice' ? 'first' : undefined),
  named('Total', 'document', 'total_cents', roundedMoney),
  named('Currency', 'document', 'currency', currencyCode),
  named('InventoryItemCode', 'document_line', 'item', oneLine),
  named('Description', 'document_line', 'description', prose),
  named('Quantity', 'document_line', 'quantity_e4', quantity, 'column'),
  named('UnitAmount', 'document_line', 'unit_price_e4', quantity, 'column'),
  named('AccountCode', 'document_line', 'account', oneLine, 'column'),
  named('TaxType', 'document_line', 'tax_code', oneLine, 'column'),
  named('TaxAmount', 'document_line', 'tax_cents', roundedMoney),
  named('TrackingName1', 'document_line', 'tracking_1_category', oneLine),
  named('TrackingOption1', 'document_line', 'tracking_1_option', oneLine),
  named('TrackingName2', 'document_line', 'tracking_2_category', oneLine),
  named('TrackingOption2', 'document_line', 'tracking_2_option', oneLine),
  named('Reference', 'document', 'reference', oneLine),
  named('Discount', 'document_line', 'discount_percent_e4', percent),
]

interface Template {
  kind: DocumentKind
  /** What a negative document becomes; null where it is refused. */
  credit: DocumentKind | null
  side: TaxSide
  columns: Column[]
}

const sales: Template = {
  kind: 'invoice',
  credit: 'credit_note',
  side: 'sales',
  columns: documentColumns('Invoice', 'first'),
}

const bills: Template = {
  kind: 'bill',
  credit: 'supplier_credit',
  side: 'purchase',
  columns: documentColumns('Invoice', 'cell'),
}

/** Amounts are positive there: the file itself says that they are credited. */
const creditNotes: Template = {
  kind: 'credit_note',
  credit: null,
  side: 'sales',
  columns: documentColumns('CreditNote', 'first'),
}

type TemplateName = 'sales-invoices' | 'bills' | 'credit-notes'

const fileKind = (name: TemplateName, title: string, template: Template): FileKind => ({
  name,
  title,
  columns: template.columns,
  ignored: ['BrandingTheme'],
  tables: ['contact', 'document', 'document_line'],
  dates: 'region',
  namesContacts: true,
  open: (context) => openTemplate(context, template),
})

export const xeroSalesCsv = fileKind('sales-invoices', 'sales invoices (Xero template)', sales)
export const xeroBillsCsv = fileKind('bills', 'bills (Xero template)', bills)
export const xeroCreditNotesCsv = fileKind('credit-notes', 'credit notes (Xero template)', creditNotes)

interface TemplateReader {
  context: LoadContext
  template: Template
  entity: BillingEntity
  codes: TaxCodes
}

function openTemplate(context: LoadContext, template: Template): Loader {
  const entity = context.entities.only()
  const reader: TemplateReader = { context, template, entity, codes: taxCodesOf(context.ledger, entity) }
  const contacts = contactFinder(context)
  const groups = groupedRows({
    stage: context.stage,
    table: 'document',
    lines: 'document_line',
    what: 'document',
    columns: template.columns,
  })
  return {
    take: (row) => {
      const document = row.of('document')
      const contact = contacts.stage(row, contactOf(row), template.side)
      if (contact === null) return
      const id = documentId(entity.code, template.kind, String(document['number']), contact ?? '')
      const group = groups.groupOf(id, headerOf(reader, row, contact), row)
      if (group) stageTemplateLine(reader, row, group)
    },
    steps: () => [
      { table: 'contact', mode: 'fill', update: contactUpdate(context) },
      { table: 'document', mode: 'replace', update: documentUpdate(context) },
      { table: 'document_line', mode: 'replace', update: lineColumns },
    ],
    prepare: (sqlite) => {
      totalStagedDocuments(sqlite)
      if (template.credit === null) {
        refuseNegative(sqlite)
        return
      }
      turnNegativeIntoCredits(sqlite, {
        kind: template.credit,
        oldPrefix: documentIdPrefix(entity.code, template.kind),
        newPrefix: documentIdPrefix(entity.code, template.credit),
      })
    },
  }
}

/** A negative credit would be an invoice, and more likely is a sign too many. FileRefused. */
function refuseNegative(sqlite: Database): void {
  const negative = findNegativeStagedDocument(sqlite)
  if (!negative) return
  throw new FileRefused(
    `Credit note ${negative.number} comes to ${formatCents(negative.total)}. Amounts of credit notes are positive: write them without the minus, or put the document into a file of invoices.`,
    negative.line,
  )
}

/** The template has no status: what is in it was meant to go to Xero. An existing document keeps its own (a void stays void). */
function headerOf(reader: TemplateReader, row: Row, contact: string | undefined) {
  return {
    ...row.of('document'),
    contact,
    entity: reader.entity.code,
    kind: reader.template.kind,
    status: 'sent',
    amounts: reader.context.amounts,
  }
}

function stageTemplateLine(reader: TemplateReader, row: Row, group: Group): void {
  const { context } = reader
  const line = row.of('document_line')
  const taxType = line['tax_code']
  // A row with nothing but words is a line of text (I13).
  const isNote =
    line['unit_price_e4'] === undefined &&
    line['quantity_e4'] === undefined &&
    line['account'] === undefined &&
    line['tax_cents'] === undefined &&
    line['description'] !== undefined
  const type = taxType === undefined ? null : typeOf(reader, row, String(taxType))
  if (!isNote && refuseIncomplete(row)) return
  const amount = amountIn(row, isNote ? 'note' : 'charge')
  if (amount === null || (taxType !== undefined && type === null)) return
  const rate = type === null ? null : reader.codes.rateOf(type, reader.template.side)
  const tax = line['tax_cents'] ?? (rate === null ? 0 : taxOfLine(amount, rate, context.amounts, 'charge'))
  group.parts += 1
  context.stage.add(
    'document_line',
    {
      ...line,
      kind: isNote ? 'note' : 'charge',
      tax_code: type,
      document: group.key,
      position: group.parts,
      amount_cents: amount,
      tax_cents: tax,
    },
    row.line,
  )
}

const lineNeeds = ['quantity_e4', 'unit_price_e4', 'account', 'tax_code'] as const

function refuseIncomplete(row: Row): boolean {
  const line = row.of('document_line')
  const empty = lineNeeds.filter((column) => line[column] === undefined)
  for (const column of empty)
    row.refuse('document_line', column, 'is empty, but every line with an amount needs it.')
  return empty.length > 0
}

function typeOf(reader: TemplateReader, row: Row, name: string): string | null {
  const { codes, entity, template } = reader
  const type = codes.typeNamed(name, template.side)
  if (type !== null) return type
  const meant = nearest(name, codes.names)
  const known = codes.names.length > 0 ? codes.names.join('; ') : 'none yet: connect to Xero and run refresh'
  row.refuse(
    'document_line',
    'tax_code',
    `is no tax rate of ${entity.code} that is known.${meant ? ` Did you mean “${meant}”?` : ''} Known are: ${known}.`,
  )
  return null
}
