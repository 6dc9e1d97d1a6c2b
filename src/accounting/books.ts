// The books of one billing entity: its region, its settings, and the maps from the ledger's codes to Xero's. How a line
// finds its account and tax type is decided here once, for the rules that judge it and the mapping that sends it.

import type { BillingEntity, DocumentLine, LedgerItem, Mirror } from './documents.ts'
import type { DocumentKind, LineKind } from './kinds.ts'
import type { Region } from './regions.ts'
import type { EntitySettings } from './settings.ts'

export const roles = [
  'clearing',
  'bank_clearing',
  'unapplied_payments',
  'unapplied_deposits',
  'prepayment',
  'debtors',
  'stock_on_hand',
  'work_in_progress',
  'cost_of_goods_sold',
  'stock_adjustment',
  'freight',
  'discount',
  'rounding',
  'exchange_gain_loss',
] as const
export type Role = (typeof roles)[number]

export interface Books {
  entity: BillingEntity
  region: Region
  settings: EntitySettings
  /** Ledger account to Xero code; an account without an entry is its own Xero code. */
  accountMap: ReadonlyMap<string, string>
  taxMap: ReadonlyMap<string, { sales: string | null; purchase: string | null }>
  roleAccounts: ReadonlyMap<Role, string>
  /** Payment method to Xero code (P1). */
  paymentMethods: ReadonlyMap<string, string>
  /** Items of the ledger by code. */
  items: ReadonlyMap<string, LedgerItem>
  /** Codes of the ledger's items that are in the organisation: only these are named on lines. */
  itemsInXero: ReadonlySet<string>
  /** The organisation as last read; null before the first connection. */
  mirror: Mirror | null
}

const roleOfLine: Partial<Record<LineKind, Role>> = {
  freight: 'freight',
  discount: 'discount',
  rounding: 'rounding',
}

/** Which side of the books a document is on: money to come, or money to go. */
export type Side = 'sales' | 'purchases'

export function sideOf(kind: DocumentKind): Side {
  return kind === 'invoice' || kind === 'credit_note' ? 'sales' : 'purchases'
}

/**
 * The ledger's account of a line: its own; on purchases what it was bought for (B3); its role's; its item's. Null where
 * none is known.
 */
export function accountOf(line: DocumentLine, side: Side, books: Books): string | null {
  if (line.account) return line.account
  const role = roleOfLine[line.kind] ?? (side === 'purchases' ? roleOfDestination(line) : undefined)
  if (role)
    return books.roleAccounts.get(role) ?? (role === 'rounding' ? xeroRoundingCode(books.mirror) : null)
  const item = line.item ? books.items.get(line.item) : undefined
  return (side === 'sales' ? item?.saleAccount : item?.purchaseAccount) ?? null
}

function roleOfDestination({ destination }: DocumentLine): Role | undefined {
  if (destination === 'stock') return 'stock_on_hand'
  return destination === 'job' ? 'work_in_progress' : undefined
}

/** The code in Xero of a role's account; null where the entity names none. */
export function roleAccountOf(role: Role, books: Books): string | null {
  const account = books.roleAccounts.get(role)
  return account === undefined ? null : xeroAccountOf(account, books)
}

/** The code in Xero of a ledger account. */
export function xeroAccountOf(account: string, books: Books): string {
  return books.accountMap.get(account) ?? account
}

/** The account of automatic rounding lines: the rounding role, else Xero's own (SystemAccount ROUNDING, §6). */
export function roundingAccountOf(books: Books): string | null {
  const role = books.roleAccounts.get('rounding')
  return role ? xeroAccountOf(role, books) : xeroRoundingCode(books.mirror)
}

function xeroRoundingCode(mirror: Mirror | null): string | null {
  for (const account of mirror?.accounts.values() ?? []) {
    if (account.systemAccount === 'ROUNDING' && account.code) return account.code
  }
  return null
}

/**
 * The Xero tax type of a ledger tax code. A mapped code is its type of that side (B5); an unmapped one stands for itself
 * only where the organisation (or, before it was read, the region) has exactly that type. Null: unmapped.
 */
export function taxTypeOfCode(code: string, side: Side, books: Books): string | null {
  const mapped = books.taxMap.get(code)
  if (mapped) return side === 'sales' ? mapped.sales : mapped.purchase
  const known = books.mirror
    ? books.mirror.taxRates.has(code)
    : books.region.taxes.some((tax) => tax.taxType === code)
  return known ? code : null
}

/** The Xero tax type of a line: of its own code or its item's; a line without code and tax has no tax. Null: unmapped. */
export function taxTypeOf(line: DocumentLine, side: Side, books: Books): string | null {
  const item = line.item ? books.items.get(line.item) : undefined
  const code = line.taxCode ?? (side === 'sales' ? item?.saleTaxCode : item?.purchaseTaxCode) ?? null
  if (code === null) return line.tax === 0 ? books.region.noTaxType : null
  return taxTypeOfCode(code, side, books)
}

/** The currency of a document: its own, else the default of its entity's region (D4). */
export function currencyOf(document: { currency: string | null }, books: Books): string {
  return document.currency ?? books.region.currency
}

/** The organisation's own currency, as it says itself, else as the entity or its region has it. */
export function baseCurrencyOf(books: Books): string {
  return books.mirror?.organisation.baseCurrency ?? books.entity.baseCurrency ?? books.region.currency
}

/** The number under which a document goes to Xero: with the entity's prefix where it lacks it (D5). */
export function xeroNumberOf(number: string, books: Books): string {
  const prefix = books.settings.number_prefix
  return prefix && !number.startsWith(prefix) ? `${prefix}${number}` : number
}
