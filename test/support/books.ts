// Builders of what rules and mapping are handed: books with a read organisation, documents, lines and contacts. Everything
// is fine as built; a test states only what it is about.

import type { Books } from '../../src/accounting/books.ts'
import type { PlainDate } from '../../src/accounting/calendar.ts'
import type {
  Address,
  DocumentLine,
  LedgerContact,
  LedgerDocument,
  LedgerItem,
  Mirror,
  MirrorAccount,
  MirrorContact,
  MirrorTaxRate,
} from '../../src/accounting/documents.ts'
import { type Cents, cents, e4 } from '../../src/accounting/money.ts'
import { findRegion } from '../../src/accounting/regions.ts'
import { readSettings, type SettingName } from '../../src/accounting/settings.ts'

export function day(text: string): PlainDate {
  return text as PlainDate // a literal of a test
}

export function anAccount(code: string, account: Partial<MirrorAccount> = {}): MirrorAccount {
  return {
    accountId: `account-${code}`,
    code,
    name: `Account ${code}`,
    type: 'REVENUE',
    class: 'REVENUE',
    status: 'ACTIVE',
    systemAccount: null,
    enablePayments: false,
    taxType: null,
    ...account,
  }
}

const everywhere = { assets: true, equity: true, expenses: true, liabilities: true, revenue: true }
const nowhere = { assets: false, equity: false, expenses: false, liabilities: false, revenue: false }

function aTaxRate(
  taxType: string,
  percent: number,
  rate: Partial<MirrorTaxRate> = {},
): [string, MirrorTaxRate] {
  return [
    taxType,
    {
      taxType,
      name: `Rate ${taxType}`,
      status: 'ACTIVE',
      rate: e4(percent * 10_000),
      canApplyTo: everywhere,
      ...rate,
    },
  ]
}

/** A New Zealand organisation with the accounts, rates and tracking that the tests speak of. */
export function aMirror(mirror: Partial<Mirror> = {}): Mirror {
  const accounts = [
    anAccount('090', { name: 'Bank', type: 'BANK', class: 'ASSET' }),
    anAccount('200', { name: 'Sales' }),
    anAccount('260', { name: 'Other Revenue' }),
    anAccount('290', { name: 'Old Sales', status: 'ARCHIVED' }),
    anAccount('400', { name: 'Advertising', type: 'EXPENSE', class: 'EXPENSE' }),
    anAccount('610', { name: 'Accounts Receivable', class: 'ASSET', systemAccount: 'DEBTORS' }),
    anAccount('820', { name: 'GST', class: 'LIABILITY', systemAccount: 'GST' }),
    anAccount('860', { name: 'Rounding', class: 'LIABILITY', systemAccount: 'ROUNDING' }),
  ]
  return {
    organisation: {
      tenantId: 'tenant',
      name: 'Harbour Motors',
      baseCurrency: 'NZD',
      countryCode: 'NZ',
      timezone: 'NEWZEALANDSTANDARDTIME',
      periodLockDate: null,
      endOfYearLockDate: null,
      shortCode: null,
    },
    accounts: new Map(accounts.map((account) => [account.code ?? '', account])),
    taxRates: new Map([
      aTaxRate('OUTPUT2', 15, { canApplyTo: { ...nowhere, revenue: true, liabilities: true } }),
      aTaxRate('INPUT2', 15, { canApplyTo: { ...nowhere, expenses: true, assets: true } }),
      aTaxRate('ZERORATED', 0, { canApplyTo: { ...nowhere, revenue: true, liabilities: true } }),
      aTaxRate('NONE', 0),
      aTaxRate('OUTPUT', 12.5, { status: 'DELETED' }),
    ]),
    tracking: [
      {
        categoryId: 'category-1',
        name: 'Region',
        status: 'ACTIVE',
        options: [
          { optionId: 'option-1', name: 'North', status: 'ACTIVE' },
          { optionId: 'option-2', name: 'South', status: 'ARCHIVED' },
        ],
      },
      {
        categoryId: 'category-2',
        name: 'Branch',
        status: 'ACTIVE',
        options: [{ optionId: 'option-3', name: 'City', status: 'ACTIVE' }],
      },
      {
        categoryId: 'category-3',
        name: 'Season',
        status: 'ARCHIVED',
        options: [{ optionId: 'option-4', name: 'Spring', status: 'ACTIVE' }],
      },
    ],
    currencies: new Set(['NZD', 'USD']),
    readAt: 0,
    ...mirror,
  }
}

/** Books of a New Zealand entity; settings as a person writes them. */
export function someBooks(
  books: Partial<Omit<Books, 'settings'>> & { settings?: Partial<Record<SettingName, string>> } = {},
): Books {
  const region = findRegion('NZ')
  if (!region) throw new Error('New Zealand is gone')
  const { settings: written = {}, ...rest } = books
  const { settings, problems } = readSettings(new Map(Object.entries(written)))
  if (problems.length > 0) throw new Error(problems.join(' '))
  return {
    entity: { code: 'NZ01', name: 'Harbour Motors', region: 'NZ', baseCurrency: null },
    region,
    settings,
    accountMap: new Map(),
    taxMap: new Map([['GST', { sales: 'OUTPUT2', purchase: 'INPUT2' }]]),
    roleAccounts: new Map([
      ['freight', '260'],
      ['discount', '200'],
    ]),
    paymentMethods: new Map(),
    items: new Map(),
    itemsInXero: new Set(),
    mirror: aMirror(),
    ...rest,
  }
}

export function aLine(line: Partial<DocumentLine> = {}): DocumentLine {
  return {
    position: 1,
    kind: 'charge',
    item: null,
    description: 'Service',
    quantity: e4(10_000),
    unitPrice: null,
    discountPercent: e4(0),
    amount: cents(10_000),
    account: '200',
    taxCode: 'GST',
    tax: cents(1_500),
    tracking: [],
    supply: null,
    averageCost: null,
    destination: null,
    quantityReceived: null,
    ...line,
  }
}

export function anItem(code: string, item: Partial<LedgerItem> = {}): LedgerItem {
  return {
    code,
    name: code,
    description: null,
    salePrice: null,
    saleAccount: null,
    saleTaxCode: null,
    purchasePrice: null,
    purchaseAccount: null,
    purchaseTaxCode: null,
    isStocked: false,
    averageCost: null,
    ...item,
  }
}

/** An invoice of 100.00 + 15.00 GST. Other lines without totals are added up as an exclusive document. */
export function anInvoice(document: Partial<LedgerDocument> = {}): LedgerDocument {
  const lines = document.lines ?? [aLine()]
  const subtotal = cents(lines.reduce((sum, line) => sum + line.amount, 0))
  const tax = cents(lines.reduce((sum, line) => sum + line.tax, 0))
  return {
    id: 'doc-1',
    entity: 'NZ01',
    kind: 'invoice',
    number: 'INV-1',
    contact: 'ACME',
    status: 'sent',
    date: day('2026-10-05'),
    dueDate: day('2026-10-20'),
    currency: null,
    exchangeRate: null,
    amounts: 'exclusive',
    reference: null,
    vehicleRegistration: null,
    poNumber: null,
    job: null,
    employee: null,
    weekEnding: null,
    recruiters: null,
    subtotal,
    tax,
    total: cents(subtotal + tax),
    url: null,
    sourceDocument: null,
    lines,
    ...document,
  }
}

export const noAddress: Address = {
  street1: null,
  street2: null,
  city: null,
  state: null,
  postcode: null,
  country: null,
}

export function aContact(contact: Partial<LedgerContact> = {}): LedgerContact {
  return {
    code: 'ACME',
    name: 'Acme Ltd',
    isCustomer: true,
    isSupplier: false,
    active: true,
    email: null,
    phone: null,
    mobile: null,
    taxNumber: null,
    currency: null,
    street: noAddress,
    postal: noAddress,
    notes: null,
    people: [],
    ...contact,
  }
}

export function aMirrorContact(contact: Partial<MirrorContact> = {}): MirrorContact {
  return {
    contactId: 'xero-1',
    name: 'Acme Ltd',
    contactNumber: null,
    email: null,
    phones: [],
    status: 'ACTIVE',
    mergedTo: null,
    ...contact,
  }
}

/** Cents from an amount as people write it in a test: 12.3 is 1230. */
export function money(amount: number): Cents {
  return cents(Math.round(amount * 100))
}
