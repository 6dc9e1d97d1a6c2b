// GET /Organisation.

import { answerWith, type Call, type Route } from './call.ts'
import { msDate, msDateBare, msOfDate } from './dates.ts'
import type { JsonObject } from './json.ts'

function view(call: Call): JsonObject {
  const { profile, organisationId } = call.organisation
  return {
    Name: profile.name,
    LegalName: profile.legalName,
    PaysTax: true,
    Version: profile.country,
    OrganisationType: 'COMPANY',
    BaseCurrency: profile.baseCurrency,
    CountryCode: profile.country,
    IsDemoCompany: profile.isDemoCompany,
    OrganisationStatus: 'ACTIVE',
    TaxNumber: profile.taxNumber,
    FinancialYearEndDay: 31,
    FinancialYearEndMonth: 3,
    SalesTaxBasis: 'PAYMENTS',
    SalesTaxPeriod: 'TWOMONTHS',
    DefaultSalesTax: 'Remember previous',
    DefaultPurchasesTax: 'Remember previous',
    // Lock dates are absent while they are not set (§4.3).
    PeriodLockDate: profile.periodLockDate ? msDate(msOfDate(profile.periodLockDate)) : undefined,
    EndOfYearLockDate: profile.endOfYearLockDate ? msDate(msOfDate(profile.endOfYearLockDate)) : undefined,
    CreatedDateUTC: msDateBare(profile.createdAt),
    OrganisationEntityType: 'COMPANY',
    Timezone: profile.timezone,
    ShortCode: profile.shortCode,
    OrganisationID: organisationId,
    Edition: 'BUSINESS',
    Class: profile.class,
    Addresses: [],
    Phones: [],
    ExternalLinks: [],
    PaymentTerms: {},
  }
}

export const organisationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/Organisation',
    scopes: ['accounting.settings'],
    query: [],
    answer: (call) => answerWith(call, 'Organisations', [view(call)]),
  },
]
