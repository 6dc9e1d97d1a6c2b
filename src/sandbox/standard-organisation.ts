// The organisation of somebody who has none yet, for a rehearsal before connecting (T2): a country's standard chart, its tax rates and
// its currency, and nothing in it. Of countries whose chart is not known the accounts are the common ones and carry no tax of their own.

import { type Region, xeroTimeZoneOf } from '../accounting/regions.ts'
import type { AccountClass, AccountSeed } from './account-record.ts'
import { auDemoCompany, nzDemoCompany, type OrganisationSeed } from './organisation.ts'

/** `currency` is the base currency where it is not the country's own. */
export function standardOrganisation(
  region: Region,
  { name, currency }: { name: string; currency: string | null },
): OrganisationSeed {
  const baseCurrency = currency ?? region.currency
  const standard = standardOf(region)
  return {
    ...standard,
    name,
    baseCurrency,
    isDemoCompany: false,
    class: 'STANDARD',
    currencies: [...new Set([baseCurrency, region.currency])].map((code) => ({ code, description: code })),
    accounts: standard.accounts.map(({ currencyCode, ...account }) => account),
    tracking: [],
  }
}

function standardOf(region: Region): OrganisationSeed {
  if (region.code === 'NZ') return nzDemoCompany()
  if (region.code === 'AU') return auDemoCompany()
  const { code: country, noTaxType, taxes, timeZone, currency } = region
  return {
    ...nzDemoCompany(),
    country,
    baseCurrency: currency,
    timezone: xeroTimeZoneOf(timeZone),
    accounts: nzDemoCompany().accounts.map((account): AccountSeed => ({ ...account, taxType: noTaxType })),
    taxRates: taxes.map(({ taxType, name, rate }) => ({
      taxType,
      name,
      reportTaxType: taxType,
      rate: rate / 10_000,
      status: 'ACTIVE',
      classes: everyClass,
    })),
  }
}

const everyClass: readonly AccountClass[] = ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY', 'REVENUE']
