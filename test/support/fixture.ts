// The businesses under fixtures/ for tests: which files are imported in which order, and the books beside them.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'

export interface Fixture {
  name: string
  /** The folder of settings and books, where a business has several; else null. */
  variant: string | null
}

export const fixtures: readonly Fixture[] = [
  { name: 'workshop', variant: null },
  { name: 'manufacturer', variant: 'invoices' },
  { name: 'manufacturer', variant: 'journals' },
  { name: 'agency', variant: null },
]

/** What the ledger is loaded from; entities and maps come before what needs them. */
const imported = [
  'entities',
  'setting',
  'account_map',
  'tax_code_map',
  'payment_method_map',
  'role_account',
  'contacts',
  'items',
  'documents',
  'payments',
  'journals',
  'stock',
  'credit-allocations',
  'attachments',
] as const

const root = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** A file of the fixture, absolute: the variant's own, else the business's; null where it has none. */
function fileOf({ name, variant }: Fixture, file: string): string | null {
  const places = [...(variant === null ? [] : [join(root, name, variant, file)]), join(root, name, file)]
  return places.find((place) => existsSync(place)) ?? null
}

/** The files that `import` takes, absolute, in their order. */
export function importedFiles(fixture: Fixture): string[] {
  return imported.flatMap((kind) => fileOf(fixture, `${kind}.csv`) ?? [])
}

/**
 * The rows of a file that is not imported: `accounts`, `tracking`, `currencies` of the organisation, `postings` and
 * `expected` of its books. None where the fixture has no such file.
 */
export function fixtureRows(fixture: Fixture, kind: string): Record<string, string>[] {
  const file = fileOf(fixture, `${kind}.csv`)
  return file === null ? [] : parse(readFileSync(file), { columns: true })
}
