// Ledgers for tests, as the SQL that an exporting system would write: contacts, settings and documents of every kind, all of
// the entity NZ01. Money is workload-money.ts; items, journals, stock and files are workload-papers.ts.

import type { DocumentKind, DocumentStatus, LineKind } from '../../src/accounting/kinds.ts'
import type { SettingName } from '../../src/accounting/settings.ts'
import { insertSql } from './sql.ts'

export interface LineSpec {
  kind?: LineKind
  item?: string
  description?: string
  /** Cents. */
  amount: number
  tax: number
  quantityE4?: number
  /** Left out, the amount as the price of one. */
  unitPriceE4?: number
  account?: string | null
  taxCode?: string | null
  supply?: 'stocked' | 'job_ordered' | 'unstocked'
  averageCostE4?: number
  destination?: 'stock' | 'job'
}

export interface DocumentSpec {
  id: string
  number?: string
  contact?: string | null
  status?: DocumentStatus
  date?: string
  dueDate?: string | null
  currency?: string | null
  exchangeRateE6?: number
  reference?: string
  /** The order or invoice that it comes from. */
  source?: string
  /** Of lines that name none of their own. */
  account?: string | null
  taxCode?: string | null
  /** GST exclusive. Left out, one line of 100.00 and its tax. */
  lines?: readonly LineSpec[]
}

/** Contacts C001 … with a name each, customers and suppliers both. */
export function contactsSql(count: number): string {
  return Array.from({ length: count }, (_, index) =>
    insertSql('contact', {
      code: contactCode(index),
      name: `Customer ${index + 1}`,
      is_customer: 1,
      is_supplier: 1,
      email: `accounts${index + 1}@example.com`,
    }),
  ).join('\n')
}

export function contactCode(index: number): string {
  return `C${String(index + 1).padStart(3, '0')}`
}

export function settingSql(name: SettingName, value: string | number): string {
  return insertSql('setting', { entity: 'NZ01', name, value: String(value) })
}

/** The accounts of the demo company that stand for each role. */
export function roleAccountsSql(): string {
  const roles: Record<string, string> = {
    clearing: '855',
    bank_clearing: '850',
    unapplied_payments: '855',
    unapplied_deposits: '855',
    prepayment: '835',
    debtors: '620',
    stock_on_hand: '631',
    work_in_progress: '632',
    cost_of_goods_sold: '310',
    stock_adjustment: '429',
    freight: '425',
    discount: '260',
    exchange_gain_loss: '404',
  }
  return Object.entries(roles)
    .map(([role, account]) => insertSql('role_account', { entity: 'NZ01', role, account }))
    .join('\n')
}

interface DocumentForm {
  prefix: string
  account: string
  taxCode: string
}

const sales = { account: '200', taxCode: 'OUTPUT2' }
const purchases = { account: '400', taxCode: 'INPUT2' }
const forms: Record<DocumentKind, DocumentForm> = {
  invoice: { prefix: 'INV', ...sales },
  credit_note: { prefix: 'CN', ...sales },
  bill: { prefix: 'B', ...purchases },
  supplier_credit: { prefix: 'SC', ...purchases },
  purchase_order: { prefix: 'PO', ...purchases },
}

/** One document of 100.00 and its tax, unless the lines say otherwise. */
export function documentSql(kind: DocumentKind, spec: DocumentSpec): string {
  const form = forms[kind]
  const lines = spec.lines ?? [{ amount: 10_000, tax: 1_500 }]
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const tax = lines.reduce((sum, line) => sum + line.tax, 0)
  const document = insertSql('document', {
    id: spec.id,
    entity: 'NZ01',
    kind,
    number: spec.number ?? `${form.prefix}-${spec.id}`,
    contact: spec.contact === undefined ? 'C001' : spec.contact,
    status: spec.status ?? 'sent',
    date: spec.date ?? '2026-11-02',
    due_date: spec.dueDate === undefined ? '2026-12-20' : spec.dueDate,
    currency: spec.currency ?? null,
    exchange_rate_e6: spec.exchangeRateE6,
    reference: spec.reference,
    source_document: spec.source,
    subtotal_cents: subtotal,
    tax_cents: tax,
    total_cents: subtotal + tax,
  })
  const account = spec.account === undefined ? form.account : spec.account
  const taxCode = spec.taxCode === undefined ? form.taxCode : spec.taxCode
  const rows = lines.map((line, index) => lineSql(spec.id, index + 1, { account, taxCode, ...line }))
  return [document, ...rows].join('\n')
}

/** One line, for what is added to a document that stands; the document's totals are the caller's. */
export function lineSql(document: string, position: number, line: LineSpec): string {
  return insertSql('document_line', {
    document,
    position,
    kind: line.kind ?? 'charge',
    item: line.item,
    description: line.description ?? `Work ${position}`,
    quantity_e4: line.quantityE4 ?? 10_000,
    unit_price_e4: line.unitPriceE4 ?? line.amount * 100,
    amount_cents: line.amount,
    account: line.account,
    tax_code: line.taxCode,
    tax_cents: line.tax,
    supply: line.supply,
    average_cost_e4: line.averageCostE4,
    destination: line.destination,
  })
}

/** What an edit does: the first line comes to so much more, tax and totals with it. */
export function raiseSql(document: string, cents = 1_000): string {
  const tax = Math.round(cents * 0.15)
  return `UPDATE document_line SET amount_cents = amount_cents + ${cents}, unit_price_e4 = unit_price_e4 + ${cents * 100}, tax_cents = tax_cents + ${tax}
           WHERE document = '${document}' AND position = 1;
          UPDATE document SET subtotal_cents = subtotal_cents + ${cents}, tax_cents = tax_cents + ${tax}, total_cents = total_cents + ${cents + tax}
           WHERE id = '${document}';`
}

export function invoiceSql(spec: DocumentSpec): string {
  return documentSql('invoice', spec)
}

/** As many documents of as many contacts, each with its own total. */
export function documentsSql(kind: DocumentKind, count: number, contacts: number, prefix = 'D'): string {
  return Array.from({ length: count }, (_, index) => {
    const amount = 1_000 + index * 7
    return documentSql(kind, {
      id: `${prefix}${String(index + 1).padStart(4, '0')}`,
      contact: contactCode(index % contacts),
      lines: [
        { amount, tax: Math.round(amount * 0.15) },
        { amount: 5_000, tax: 750 },
      ],
    })
  }).join('\n')
}

/** Invoices and their customers. */
export function invoicesSql(count: number, customers: number): string {
  return `BEGIN;\n${contactsSql(customers)}\n${documentsSql('invoice', count, customers)}\nCOMMIT;`
}
