// documents.csv: one row a line, the document's columns repeated (ledger.md, "CSV"). Totals, line amounts and taxes that
// the file leaves out are computed; what it gives is kept and judged by validation (V1).

import {
  type AmountsMode,
  amountsModes,
  type DocumentKind,
  documentKinds,
  documentStatuses,
  type LineKind,
  lineKinds,
} from '../accounting/kinds.ts'
import { totalStagedDocuments } from '../ledger/loading.ts'
import { documentId } from './document-ids.ts'
import { type FileKind, type LoadContext, type Loader, named, own, type Row } from './file-kind.ts'
import { type Group, groupedRows } from './grouped-rows.ts'
import { amountOfLine, taxOfLine } from './line-amounts.ts'
import { type TaxCodes, type TaxSide, taxCodesOf } from './tax-codes.ts'
import {
  type CellValue,
  currencyCode,
  exchangeRate,
  money,
  oneLine,
  percent,
  prose,
  quantity,
  word,
} from './values.ts'

const columns = [
  own('document', 'id', oneLine),
  own('document', 'entity', oneLine),
  own('document', 'kind', word(documentKinds), 'cell'),
  own('document', 'number', oneLine, 'column'),
  own('document', 'contact', oneLine, 'column'),
  own('document', 'status', word(documentStatuses), 'cell'),
  own('document', 'date', 'date', 'cell'),
  own('document', 'due_date', 'date'),
  own('document', 'currency', currencyCode),
  named('exchange_rate', 'document', 'exchange_rate_e6', exchangeRate),
  own('document', 'amounts', word(amountsModes)),
  own('document', 'reference', oneLine),
  own('document', 'vehicle_registration', oneLine),
  own('document', 'po_number', oneLine),
  own('document', 'job', oneLine),
  own('document', 'employee', oneLine),
  own('document', 'week_ending', oneLine),
  own('document', 'recruiters', oneLine),
  named('subtotal', 'document', 'subtotal_cents', money),
  named('total_tax', 'document', 'tax_cents', money),
  named('total', 'document', 'total_cents', money),
  own('document', 'url', oneLine),
  own('document', 'source_document', oneLine),
  own('document', 'updated_at', oneLine),
  named('line_kind', 'document_line', 'kind', word(lineKinds)),
  own('document_line', 'item', oneLine),
  own('document_line', 'description', prose),
  named('quantity', 'document_line', 'quantity_e4', quantity),
  named('unit_price', 'document_line', 'unit_price_e4', quantity),
  named('discount_percent', 'document_line', 'discount_percent_e4', percent),
  named('amount', 'document_line', 'amount_cents', money),
  own('document_line', 'account', oneLine),
  own('document_line', 'tax_code', oneLine),
  named('tax', 'document_line', 'tax_cents', money),
  own('document_line', 'tracking_1_category', oneLine),
  own('document_line', 'tracking_1_option', oneLine),
  own('document_line', 'tracking_2_category', oneLine),
  own('document_line', 'tracking_2_option', oneLine),
  own('document_line', 'supply', word(['stocked', 'job_ordered', 'unstocked'])),
  named('average_cost', 'document_line', 'average_cost_e4', quantity),
  own('document_line', 'destination', word(['stock', 'job'])),
  named('quantity_received', 'document_line', 'quantity_received_e4', quantity),
]

/** Every column of a line: lines are the file's as a whole, so a column that it lacks is empty. */
export const lineColumns = [
  'kind',
  'item',
  'description',
  'quantity_e4',
  'unit_price_e4',
  'discount_percent_e4',
  'amount_cents',
  'account',
  'tax_code',
  'tax_cents',
  'tracking_1_category',
  'tracking_1_option',
  'tracking_2_category',
  'tracking_2_option',
  'supply',
  'average_cost_e4',
  'destination',
  'quantity_received_e4',
]

export const documentsCsv: FileKind = {
  name: 'documents',
  title: 'documents',
  columns,
  ignored: [],
  tables: ['contact', 'document', 'document_line'],
  dates: 'iso',
  namesContacts: false,
  open: openDocuments,
}

const sideOf = (kind: DocumentKind): TaxSide =>
  kind === 'invoice' || kind === 'credit_note' ? 'sales' : 'purchase'

function openDocuments(context: LoadContext): Loader {
  const groups = groupedRows({
    stage: context.stage,
    table: 'document',
    lines: 'document_line',
    what: 'document',
    columns,
  })
  const taxes = new Map<string, TaxCodes>()
  const stageContact = contactStager(context)
  return {
    take: (row) => {
      const document = row.of('document')
      const entity = context.entities.of(row, 'document')
      const id = entity && idOf(row, entity.code)
      if (!entity || !id) return
      const kind = document['kind'] as DocumentKind // read by word(documentKinds)
      const group = groups.groupOf(id, { ...document, entity: entity.code }, row)
      if (!group) return
      const codes = taxes.get(entity.code) ?? taxCodesOf(context.ledger, entity)
      taxes.set(entity.code, codes)
      stageContact(document['contact'], sideOf(kind), row.line)
      stageLine(context, row, group, sideOf(kind), codes)
    },
    steps: () => [
      { table: 'contact', mode: 'add', update: [] },
      { table: 'document', mode: 'replace', update: documentUpdate(context) },
      { table: 'document_line', mode: 'replace', update: lineColumns },
    ],
    prepare: totalStagedDocuments,
  }
}

/** What an existing document takes from a file: the columns that it has, and what follows from its lines. */
export function documentUpdate(context: LoadContext): string[] {
  const derived = ['entity', 'kind', 'number', 'amounts', 'subtotal_cents', 'tax_cents', 'total_cents']
  return [...new Set([...context.columnsOf('document').filter((column) => column !== 'id'), ...derived])]
}

function idOf(row: Row, entity: string): string | null {
  const { id, number, contact, kind } = row.of('document')
  if (id !== undefined) return String(id)
  const documentKind = kind as DocumentKind // read by word(documentKinds)
  if (number === undefined) {
    row.refuse('document', 'number', 'is empty: a document needs a number or an id.')
    return null
  }
  if (sideOf(documentKind) === 'purchase' && documentKind !== 'purchase_order' && contact === undefined) {
    row.refuse('document', 'contact', 'is empty: without an id, a bill is known by its supplier and number.')
    return null
  }
  return documentId(entity, documentKind, String(number), String(contact ?? ''))
}

/** A contact that only a document names is created with its code as its name. */
function contactStager(context: LoadContext) {
  let last: unknown
  return (contact: CellValue | undefined, side: TaxSide, line: number): void => {
    if (contact === undefined || contact === last) return
    last = contact
    const isSales = side === 'sales'
    const row = { code: contact, name: contact, is_customer: isSales ? 1 : 0, is_supplier: isSales ? 0 : 1 }
    context.stage.add('contact', row, line)
  }
}

function stageLine(context: LoadContext, row: Row, group: Group, side: TaxSide, codes: TaxCodes): void {
  const line = row.of('document_line')
  const kind = (line['kind'] ?? 'charge') as LineKind // read by word(lineKinds)
  const amount = amountIn(row, kind)
  if (amount === null) return
  const mode = (group.header['amounts'] ?? 'exclusive') as AmountsMode // read by word(amountsModes)
  const tax = line['tax_cents'] ?? taxIn(context, row, { amount, mode, kind, side, codes })
  if (tax === null) return
  group.parts += 1
  context.stage.add(
    'document_line',
    { ...line, document: group.key, position: group.parts, amount_cents: amount, tax_cents: tax },
    row.line,
  )
}

/** The line's amount, given or computed; null where it is refused. */
export function amountIn(row: Row, kind: LineKind): number | null {
  const line = row.of('document_line')
  const given = line['amount_cents']
  if (typeof given === 'number') return given
  const price = line['unit_price_e4']
  if (typeof price !== 'number') {
    if (kind === 'note') return 0
    row.refuse('document_line', 'amount_cents', 'is empty: give the amount, or quantity and unit_price.')
    return null
  }
  const amount = amountOfLine(
    Number(line['quantity_e4'] ?? 10_000),
    price,
    Number(line['discount_percent_e4'] ?? 0),
  )
  if (amount === null)
    row.refuse('document_line', 'unit_price_e4', 'times the quantity is too large an amount.')
  return amount
}

interface TaxQuestion {
  amount: number
  mode: AmountsMode
  kind: LineKind
  side: TaxSide
  codes: TaxCodes
}

/** The tax that the file left out; null where its rate is not known and the row is refused. */
function taxIn(context: LoadContext, row: Row, question: TaxQuestion): number | null {
  const { amount, mode, kind, side, codes } = question
  if (mode === 'no_tax' || amount === 0) return 0
  const { tax_code: own, item } = row.of('document_line')
  const code = own ?? (item === undefined ? null : context.lookups.itemTaxCodes(String(item))?.[side])
  if (code === null || code === undefined) return 0
  const rate = codes.rateOf(String(code), side)
  if (rate !== null) return taxOfLine(amount, rate, mode, kind)
  row.refuse(
    'document_line',
    'tax_cents',
    `is empty, and the rate of tax code “${String(code)}” is not known. Give the tax of the line, or map the code to a Xero tax type in tax_code_map.`,
  )
  return null
}
