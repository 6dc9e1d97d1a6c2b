// An organisation that is filled with what somebody knows of a real one: for rehearsals (T2). Reference data, contacts and items here;
// documents, deposits and journals in filled-papers.ts, what is paid and applied in filled-money.ts. Nothing is judged: what is there
// was taken by Xero before.

import type { BooksInXero, KnownContact, KnownItem, KnownItemSide } from '../accounting/books-in-xero.ts'
import type { Mirror, MirrorAccount, MirrorTaxRate } from '../accounting/documents.ts'
import { cents, e4 } from '../accounting/money.ts'
import { timeZoneOfXero } from '../accounting/regions.ts'
import { type Account, type AccountClass, type AccountType, accountTypes } from './account-record.ts'
import type { Contact } from './contact-record.ts'
import { fillAllocations, fillFiles, fillPayments } from './filled-money.ts'
import { fillPapers } from './filled-papers.ts'
import { guidFrom } from './guid.ts'
import type { Item, ItemSide } from './item-record.ts'
import type { JsonObject } from './json.ts'
import { Organisation } from './organisation.ts'
import type { TaxRate } from './tax-rate-record.ts'

/** `changedAt` is the UpdatedDateUTC of everything in it, ms since 1970: a reader that asks for later changes is told of none. */
export function filledOrganisation(books: BooksInXero, changedAt: number): Organisation {
  const organisation = new Organisation(idsOf(books.tenantId), profileOf(books.mirror, changedAt))
  const { accounts, taxRates, tracking, currencies } = books.mirror
  for (const account of accounts.values()) organisation.accounts.put(accountOf(account, changedAt))
  organisation.taxRates = [...taxRates.values()].map(taxRateOf)
  organisation.tracking = tracking.map(({ categoryId, name, status, options }) => ({
    id: categoryId,
    name,
    status: archivedOr(status),
    options: options.map((option) => ({
      id: option.optionId,
      name: option.name,
      status: archivedOr(option.status),
    })),
  }))
  organisation.currencies = [...currencies].map((code) => ({ code, description: code }))
  for (const contact of books.contacts) organisation.contacts.put(contactOf(contact, changedAt))
  for (const item of books.items) organisation.items.put(itemOf(item, changedAt))
  const settled = fillPapers(organisation, books.papers, changedAt)
  fillAllocations(organisation, books.allocations, settled, changedAt)
  fillPayments(organisation, books.payments, settled, changedAt)
  fillFiles(organisation, books.files, changedAt)
  return organisation
}

function idsOf(tenantId: string): ConstructorParameters<typeof Organisation>[0] {
  const id = (what: string) => guidFrom(`${tenantId}/${what}`)
  return {
    tenantId,
    connectionId: id('connection'),
    organisationId: id('organisation'),
    brandingThemeId: id('theme'),
  }
}

function profileOf({ organisation }: Mirror, createdAt: number): Organisation['profile'] {
  const { name, countryCode, baseCurrency, timezone, shortCode, periodLockDate, endOfYearLockDate } =
    organisation
  return {
    name,
    legalName: name,
    country: countryCode,
    baseCurrency,
    // A word that nobody knows would make every call fail.
    timezone: timeZoneOfXero(timezone) === null ? 'UTC' : timezone,
    isDemoCompany: false,
    class: 'STANDARD',
    taxNumber: '',
    shortCode: shortCode ?? '',
    createdAt,
    periodLockDate,
    endOfYearLockDate,
  }
}

const archivedOr = (status: string): 'ACTIVE' | 'ARCHIVED' => (status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE')

/** Payroll has types of its own; what counts for a posting is the class. */
const usualTypes: Record<AccountClass, AccountType> = {
  ASSET: 'CURRENT',
  EQUITY: 'EQUITY',
  EXPENSE: 'EXPENSE',
  LIABILITY: 'CURRLIAB',
  REVENUE: 'REVENUE',
}

function accountOf(account: MirrorAccount, updatedAt: number): Account {
  const { accountId, code, name, systemAccount, enablePayments } = account
  return {
    id: accountId,
    updatedAt,
    code,
    name,
    type:
      accountTypes.find((type) => type === account.type) ??
      // Xero has these five classes.
      usualTypes[account.class as AccountClass] ??
      'EXPENSE',
    taxType: account.taxType ?? 'NONE',
    status: archivedOr(account.status),
    description: null,
    systemAccount,
    enablePayments,
    bankAccountNumber: null,
    currencyCode: null,
  }
}

function taxRateOf({ taxType, name, status, rate, canApplyTo }: MirrorTaxRate): TaxRate {
  const classes: readonly (readonly [AccountClass, boolean])[] = [
    ['ASSET', canApplyTo.assets],
    ['EQUITY', canApplyTo.equity],
    ['EXPENSE', canApplyTo.expenses],
    ['LIABILITY', canApplyTo.liabilities],
    ['REVENUE', canApplyTo.revenue],
  ]
  return {
    taxType,
    name,
    reportTaxType: taxType,
    rate: rate / 10_000,
    status: status === 'ACTIVE' || status === 'ARCHIVED' ? status : 'DELETED',
    classes: classes.flatMap(([name, applies]) => (applies ? [name] : [])),
  }
}

function contactOf(contact: KnownContact, updatedAt: number): Contact {
  const { xeroId, name, number, email, mergedTo, card, isCustomer, isSupplier } = contact
  const fields = card?.fields ?? {}
  const kept = (parts: Record<string, string | undefined>): JsonObject =>
    Object.fromEntries(
      Object.entries(parts).flatMap(([part, text]) => (text === undefined ? [] : [[part, text]])),
    )
  return {
    id: xeroId,
    updatedAt,
    status: contact.status === 'ARCHIVED' || contact.status === 'GDPRREQUEST' ? contact.status : 'ACTIVE',
    name: fields.name ?? name,
    number,
    accountNumber: null,
    email: fields.email ?? email,
    plain: kept({
      FirstName: fields.first_name,
      LastName: fields.last_name,
      TaxNumber: fields.tax_number,
      DefaultCurrency: fields.currency,
    }),
    addresses: {
      STREET: kept({
        AddressLine1: fields.street_1,
        AddressLine2: fields.street_2,
        City: fields.city,
        Region: fields.state,
        PostalCode: fields.postcode,
        Country: fields.country,
      }),
      POBOX: kept({
        AddressLine1: fields.postal_street_1,
        AddressLine2: fields.postal_street_2,
        City: fields.postal_city,
        Region: fields.postal_state,
        PostalCode: fields.postal_postcode,
        Country: fields.postal_country,
      }),
    },
    phones: {
      DEFAULT: kept({ PhoneNumber: fields.phone }),
      MOBILE: kept({ PhoneNumber: fields.mobile }),
    },
    persons: (card?.people ?? []).map(({ firstName, lastName, email: address, includeInEmails }) => ({
      FirstName: firstName,
      LastName: lastName,
      EmailAddress: address,
      IncludeInEmails: includeInEmails,
    })),
    isCustomer,
    isSupplier,
    mergedTo,
    isDemo: false,
  }
}

function itemOf(item: KnownItem, updatedAt: number): Item {
  const side = ({ price, account, taxType }: KnownItemSide): ItemSide => ({
    unitPrice: price,
    accountCode: account,
    taxType,
  })
  const { xeroId, code, name, description, sale, purchase, isTracked } = item
  return {
    id: xeroId,
    updatedAt,
    code,
    name,
    description,
    purchaseDescription: description,
    isSold: true,
    isPurchased: true,
    sales: side(sale),
    purchases: side(purchase),
    tracked: isTracked
      ? { assetAccountCode: '', cogsAccountCode: '', quantityOnHand: e4(0), totalCostPool: cents(0) }
      : null,
  }
}
