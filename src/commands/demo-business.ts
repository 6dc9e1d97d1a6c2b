// The businesses that `demo` can show: their files under fixtures/, the Xero organisation that they need, and the books that were
// worked out for them by hand. Running them is demo.ts.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { didYouMean } from '../accounting/nearest.ts'
import { AuxoError } from '../errors.ts'
import { type AccountSeed, accountTypes } from '../sandbox/account-record.ts'
import { auDemoCompany, nzDemoCompany, type OrganisationSeed } from '../sandbox/organisation.ts'

export interface Business {
  name: string
  /** What it shows, in a line. */
  title: string
  /** Folders under fixtures/; a file of an earlier one is taken before the same of a later one. */
  folders: readonly string[]
  country: 'NZ' | 'AU'
  entities: readonly string[]
  /** Which of the calls that create invoices loses its answer, counted with bills; null where none are sent. */
  lostCall: number | null
}

export const businesses: readonly Business[] = [
  {
    name: 'workshop',
    title:
      'a New Zealand workshop: jobs, parts and their cost, orders as bills, deposits, discounts, credits, stocktake',
    folders: ['workshop'],
    country: 'NZ',
    entities: ['WK01'],
    // The first are orders as bills.
    lostCall: 2,
  },
  {
    name: 'manufacturer',
    title: 'an Australian manufacturer: journals, two currencies, sales as invoices',
    folders: ['manufacturer/invoices', 'manufacturer'],
    country: 'AU',
    entities: ['MF01'],
    lostCall: 1,
  },
  {
    name: 'manufacturer-journals',
    title: 'the same with sales as journals, summed up by day',
    folders: ['manufacturer/journals', 'manufacturer'],
    country: 'AU',
    entities: ['MF01'],
    lostCall: null,
  },
  {
    name: 'agency',
    title: 'a New Zealand staffing agency: two entities in one organisation, pay runs, tracking',
    folders: ['agency'],
    country: 'NZ',
    entities: ['AG01', 'AG02'],
    lostCall: 1,
  },
]

/** The business of that name, the first where none is named; AuxoError listing them where there is none. */
export function chooseBusiness(name: string | undefined): Business {
  const chosen = name === undefined ? businesses[0] : businesses.find((business) => business.name === name)
  if (chosen) return chosen
  throw new AuxoError(
    'usage',
    `There is no demo “${name}”.${didYouMean(
      name ?? '',
      businesses.map((business) => business.name),
    )} There are:`,
    {
      details: businesses.map((business) => `${business.name}: ${business.title}`),
    },
  )
}

/** What `import` takes, entities and maps before what needs them. */
const importedFiles = [
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

function fileOf({ folders }: Business, file: string): string | null {
  return folders.map((folder) => join(root, folder, file)).find((place) => existsSync(place)) ?? null
}

/** The files that go into the ledger, absolute, in their order. */
export function ledgerFiles(business: Business): string[] {
  return importedFiles.flatMap((kind) => fileOf(business, `${kind}.csv`) ?? [])
}

function rowsOf(business: Business, kind: string): Record<string, string>[] {
  const file = fileOf(business, `${kind}.csv`)
  return file === null ? [] : parse(readFileSync(file), { columns: true })
}

/** The organisation that the business keeps its books in: its country's standard chart, and what it added to it. */
export function organisationOf(business: Business): OrganisationSeed {
  const standard = business.country === 'NZ' ? nzDemoCompany() : auDemoCompany()
  const categories = new Map<string, string[]>()
  for (const row of rowsOf(business, 'tracking'))
    categories.set(row['category'] ?? '', [
      ...(categories.get(row['category'] ?? '') ?? []),
      row['option'] ?? '',
    ])
  return {
    ...standard,
    accounts: [...standard.accounts, ...rowsOf(business, 'accounts').map(accountOf)],
    tracking:
      categories.size === 0
        ? standard.tracking
        : [...categories].map(([name, options]) => ({ name, options })),
  }
}

function accountOf(row: Record<string, string>): AccountSeed {
  const type = accountTypes.find((known) => known === row['type'])
  if (!type) throw new Error(`the fixture has an account of type ${row['type']}`)
  return {
    code: row['code'] ?? '',
    name: row['name'] ?? '',
    type,
    taxType: row['tax_type'] ?? 'NONE',
    enablePayments: row['enable_payments'] === 'yes',
  }
}

export interface ExpectedBalance {
  account: string
  name: string
  tracking: string | null
  /** Debit positive. */
  balance: string
}

/** The trial balance after a full export, worked out by hand from the business's papers. */
export function expectedBooks(business: Business): ExpectedBalance[] {
  return rowsOf(business, 'expected').map((row) => ({
    account: row['account'] ?? '',
    name: row['name'] ?? '',
    tracking: row['tracking'] || null,
    balance: row['balance'] ?? '',
  }))
}
