// GET /TaxRates: no change feed (§5), deleted rates included.

import { answerWith, type Route } from './call.ts'
import type { JsonObject } from './json.ts'
import { listQuery, refine } from './listing.ts'
import type { TaxRate } from './tax-rate-record.ts'
import type { FilterFields } from './where.ts'

function view(rate: TaxRate): JsonObject {
  return {
    Name: rate.name,
    TaxType: rate.taxType,
    ReportTaxType: rate.reportTaxType,
    CanApplyToAssets: rate.classes.includes('ASSET'),
    CanApplyToEquity: rate.classes.includes('EQUITY'),
    CanApplyToExpenses: rate.classes.includes('EXPENSE'),
    CanApplyToLiabilities: rate.classes.includes('LIABILITY'),
    CanApplyToRevenue: rate.classes.includes('REVENUE'),
    DisplayTaxRate: rate.rate,
    EffectiveRate: rate.rate,
    Status: rate.status,
    TaxComponents: [{ Name: 'GST', Rate: rate.rate, IsCompound: false, IsNonRecoverable: false }],
  }
}

const fields: FilterFields<TaxRate> = {
  Name: { type: 'text', read: (rate) => rate.name },
  TaxType: { type: 'text', read: (rate) => rate.taxType },
  Status: { type: 'text', read: (rate) => rate.status },
}

export const taxRateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/TaxRates',
    scopes: ['accounting.settings'],
    query: listQuery,
    answer: (call) =>
      answerWith(call, 'TaxRates', refine(call, [...call.organisation.taxRates], fields).map(view)),
  },
]
