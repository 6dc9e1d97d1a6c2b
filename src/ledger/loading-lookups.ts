// What an import asks of the ledger while it reads a file: entities, contacts by name, documents by number, tax rates.
// Plain prepared statements, because it asks once a row.

import type { Database } from 'better-sqlite3'
import type { BillingEntity } from '../accounting/documents.ts'
import { type DocumentKind, documentKinds } from '../accounting/kinds.ts'
import { type E4, e4 } from '../accounting/money.ts'
import type { Ledger } from './open.ts'

export function findEntities(ledger: Ledger): BillingEntity[] {
  return ledger.sqlite
    .prepare('SELECT code, name, region, base_currency AS baseCurrency FROM billing_entity ORDER BY code')
    .all() as BillingEntity[] // the columns above are its fields
}

export interface LoadedTaxRate {
  taxType: string
  name: string
  rate: E4
  isActive: boolean
  onRevenue: boolean
  onExpenses: boolean
}

/** The tax rates of the entity's organisation as last read; empty before the first connection. */
export function findMirrorTaxRates(ledger: Ledger, entity: string): LoadedTaxRate[] {
  const rows = ledger.sqlite
    .prepare(
      `SELECT r.tax_type, r.name, r.rate_e4, r.status, r.applies_to_revenue, r.applies_to_expenses
         FROM mirror_tax_rate AS r JOIN connection AS c ON c.tenant_id = r.tenant_id WHERE c.entity = ?
        ORDER BY r.status = 'ACTIVE' DESC, r.tax_type, r.name`,
    )
    .all(entity) as {
    tax_type: string
    name: string
    rate_e4: number
    status: string
    applies_to_revenue: number
    applies_to_expenses: number
  }[] // the columns above
  return rows.map((row) => ({
    taxType: row.tax_type,
    name: row.name,
    rate: e4(row.rate_e4),
    isActive: row.status === 'ACTIVE',
    onRevenue: row.applies_to_revenue === 1,
    onExpenses: row.applies_to_expenses === 1,
  }))
}

export function findTaxCodeMap(
  ledger: Ledger,
  entity: string,
): Map<string, { sales: string | null; purchase: string | null }> {
  const rows = ledger.sqlite
    .prepare('SELECT tax_code, sales_type, purchase_type FROM tax_code_map WHERE entity = ?')
    .all(entity) as { tax_code: string; sales_type: string | null; purchase_type: string | null }[] // the columns above
  return new Map(rows.map((row) => [row.tax_code, { sales: row.sales_type, purchase: row.purchase_type }]))
}

export interface Lookups {
  /** The tax codes of an item, or null where the ledger has no such item. */
  itemTaxCodes(item: string): { sales: string | null; purchase: string | null } | null
  /**
   * Ids of the documents that a person may mean: the one of that id, else those of that number, of `kinds` where they
   * are given. At most three.
   */
  documentIds(entity: string, text: string, kinds?: readonly DocumentKind[]): string[]
  hasContact(code: string): boolean
  /** Codes of the ledger's contacts of that name, ignoring case. At most three. */
  contactCodes(name: string): string[]
  /** The code of a staged contact that differs from the name at most in case. */
  stagedContact(name: string): string | null
  /** True where the stored value is another and the entity has exported under it: the number prefix is frozen then (D5). */
  isFrozenPrefix(entity: string, value: string): boolean
  close(): void
}

/** `names` also prepares for look-ups by contact name, which the ledger itself has no index for. */
export function openLookups(ledger: Ledger, options: { names: boolean }): Lookups {
  const { sqlite } = ledger
  if (options.names) indexContactNames(sqlite)
  const item = sqlite.prepare(
    'SELECT sale_tax_code AS sales, purchase_tax_code AS purchase FROM item WHERE code = ?',
  )
  const byId = sqlite.prepare('SELECT id FROM document WHERE id = ?').pluck()
  const byNumber = sqlite
    .prepare(
      // Naming the kinds lets SQLite use the index of kind and number.
      `SELECT id FROM document WHERE entity = ? AND kind IN (SELECT value FROM json_each(?))
          AND UPPER(number) = UPPER(?) AND number = ? ORDER BY rowid LIMIT 3`,
    )
    .pluck()
  const byCode = sqlite.prepare('SELECT 1 FROM contact WHERE code = ?').pluck()
  const frozen = sqlite
    .prepare(
      `SELECT 1 FROM export_state WHERE entity = @entity AND kind <> 'contact' AND state IN ('exported', 'sending', 'uncertain')
          AND @value <> coalesce((SELECT value FROM setting WHERE entity = @entity AND name = 'number_prefix'), '') LIMIT 1`,
    )
    .pluck()
  const named = options.names
    ? {
        ledger: sqlite.prepare('SELECT code FROM temp.contact_name WHERE name = ? LIMIT 3').pluck(),
        staged: sqlite.prepare('SELECT code FROM temp.staged_contact WHERE code = ? COLLATE NOCASE').pluck(),
      }
    : null
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    itemTaxCodes: (code) =>
      (item.get(code) as { sales: string | null; purchase: string | null } | undefined) ?? null, // the columns above
    documentIds: (entity, text, kinds = documentKinds) =>
      byId.get(text) === undefined
        ? byNumber.all(entity, JSON.stringify(kinds), text, text).map(String)
        : [text],
    hasContact: (code) => byCode.get(code) !== undefined,
    contactCodes: (name) => named?.ledger.all(name).map(String) ?? [],
    stagedContact: (name) => textOf(named?.staged.get(name)),
    isFrozenPrefix: (entity, value) => frozen.get({ entity, value }) !== undefined,
    close: () => sqlite.exec('DROP TABLE IF EXISTS temp.contact_name'),
  }
}

function indexContactNames(sqlite: Database): void {
  sqlite.exec(`
    DROP TABLE IF EXISTS temp.contact_name;
    CREATE TEMP TABLE contact_name (name TEXT COLLATE NOCASE, code TEXT);
    INSERT INTO contact_name SELECT trim(name), code FROM main.contact;
    CREATE INDEX temp.contact_name_name ON contact_name (name);
    CREATE INDEX temp.staged_contact_name ON staged_contact (code COLLATE NOCASE);
  `)
}
