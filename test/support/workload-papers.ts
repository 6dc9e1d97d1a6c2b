// What is no document and no payment in ledgers for tests: items, journals, pay runs, stock movements, and attached files.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JournalKind, JournalStatus } from '../../src/accounting/kinds.ts'
import { insertSql } from './sql.ts'

export interface ItemSpec {
  code: string
  name?: string
  salePriceE4?: number
  saleAccount?: string
  isStocked?: boolean
  averageCostE4?: number
}

export function itemSql(spec: ItemSpec): string {
  return insertSql('item', {
    code: spec.code,
    name: spec.name ?? `Part ${spec.code}`,
    sale_price_e4: spec.salePriceE4 ?? 125_000,
    sale_account: spec.saleAccount ?? '200',
    sale_tax_code: 'OUTPUT2',
    purchase_price_e4: 80_000,
    purchase_account: '300',
    purchase_tax_code: 'INPUT2',
    is_stocked: spec.isStocked ? 1 : 0,
    average_cost_e4: spec.averageCostE4,
  })
}

export interface JournalSpec {
  id: string
  kind?: JournalKind
  status?: JournalStatus
  date?: string
  narration?: string
  document?: string
  payment?: string
  /** Account, cents (debit above zero), and for pay runs who it is about. */
  lines: readonly (readonly [account: string, cents: number, employee?: string])[]
}

export function journalSql(spec: JournalSpec): string {
  const kind = spec.kind ?? 'general'
  const head = insertSql('journal', {
    id: spec.id,
    entity: 'NZ01',
    kind,
    date: spec.date ?? '2026-11-05',
    narration: spec.narration ?? `Journal ${spec.id}`,
    status: spec.status ?? (kind === 'pay_run' ? 'paid' : 'posted'),
    document: spec.document,
    payment: spec.payment,
  })
  const lines = spec.lines.map(([account, amount_cents, employee], index) =>
    insertSql('journal_line', {
      journal: spec.id,
      position: index + 1,
      account,
      description: `Line ${index + 1}`,
      amount_cents,
      employee,
    }),
  )
  return [head, ...lines].join('\n')
}

/** Wages of so many cents, less tax, for each of two people. */
export function payRunSql(id: string, wages = 100_000): string {
  const tax = Math.round(wages / 4)
  const lines = ['Ana', 'Ben'].flatMap((who) => [
    ['477', wages, who] as const,
    ['825', -tax, who] as const,
    ['814', tax - wages, who] as const,
  ])
  return journalSql({ id, kind: 'pay_run', narration: `Pay run ${id}`, lines })
}

/** So many of an item found or lost, at a cost each. */
export function stockMovementSql(id: string, item: string, quantityE4 = 30_000, unitCostE4 = 80_000): string {
  return insertSql('stock_movement', {
    id,
    entity: 'NZ01',
    item,
    date: '2026-11-06',
    kind: 'stocktake',
    quantity_e4: quantityE4,
    unit_cost_e4: unitCostE4,
    note: `Count ${id}`,
  })
}

/** A file beside the ledger, and the row that attaches it. */
export function attachmentSql(
  folder: string,
  document: string,
  file: string,
  content = `of ${document}`,
): string {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return insertSql('document_attachment', { document, file })
}
