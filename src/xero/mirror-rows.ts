// The rows of Xero's lists of what documents refer to: the organisation's books, items, connections; contacts are
// contact-rows.ts. Strict on
// the few members that are used, blind to all others; a row that cannot be read makes the whole read fail, so that
// nothing is left out silently.

import * as z from 'zod'
import type {
  MirrorAccount,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import type { FoundItem } from './found.ts'
import { date, flag, id, instant, text } from './row-values.ts'

const itemRow = z
  .object({ ItemID: id, Code: z.string(), Name: text, IsTrackedAsInventory: flag, UpdatedDateUTC: instant })
  .transform(
    (row): FoundItem => ({
      xeroId: row.ItemID,
      code: row.Code,
      name: row.Name,
      isTracked: row.IsTrackedAsInventory,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const itemRows = z.object({ Items: z.array(itemRow) }).transform((list) => list.Items)

/** The tenant id is the caller's, not Xero's row: it is what the organisation is called by in every request. */
export const organisationRows = z
  .object({
    Organisations: z
      .array(
        z.object({
          Name: z.string(),
          BaseCurrency: z.string(),
          CountryCode: z.string(),
          Timezone: z.string(),
          PeriodLockDate: date,
          EndOfYearLockDate: date,
          ShortCode: text,
        }),
      )
      .min(1),
  })
  .transform((list) =>
    list.Organisations.map(
      (row): Omit<MirrorOrganisation, 'tenantId'> => ({
        name: row.Name,
        baseCurrency: row.BaseCurrency,
        countryCode: row.CountryCode,
        timezone: row.Timezone,
        periodLockDate: row.PeriodLockDate,
        endOfYearLockDate: row.EndOfYearLockDate,
        shortCode: row.ShortCode,
      }),
    ),
  )

const accountRow = z
  .object({
    AccountID: id,
    Code: text,
    Name: z.string(),
    Type: z.string(),
    Class: text,
    Status: text,
    SystemAccount: text,
    EnablePaymentsToAccount: flag,
    TaxType: text,
  })
  .transform(
    (row): MirrorAccount => ({
      accountId: row.AccountID,
      code: row.Code,
      name: row.Name,
      type: row.Type,
      class: row.Class ?? '',
      status: row.Status ?? 'ACTIVE',
      systemAccount: row.SystemAccount,
      enablePayments: row.EnablePaymentsToAccount,
      taxType: row.TaxType,
    }),
  )
export const accountRows = z.object({ Accounts: z.array(accountRow) }).transform((list) => list.Accounts)

const taxRateRow = z
  .object({
    TaxType: z.string(),
    Name: z.string(),
    Status: text,
    EffectiveRate: z.number(),
    CanApplyToAssets: flag,
    CanApplyToEquity: flag,
    CanApplyToExpenses: flag,
    CanApplyToLiabilities: flag,
    CanApplyToRevenue: flag,
  })
  .transform(
    (row): MirrorTaxRate => ({
      taxType: row.TaxType,
      name: row.Name,
      status: row.Status ?? 'ACTIVE',
      rate: e4(Math.round(row.EffectiveRate * 10_000)),
      canApplyTo: {
        assets: row.CanApplyToAssets,
        equity: row.CanApplyToEquity,
        expenses: row.CanApplyToExpenses,
        liabilities: row.CanApplyToLiabilities,
        revenue: row.CanApplyToRevenue,
      },
    }),
  )
export const taxRateRows = z.object({ TaxRates: z.array(taxRateRow) }).transform((list) => list.TaxRates)

const trackingCategoryRow = z
  .object({
    TrackingCategoryID: id,
    Name: z.string(),
    Status: text,
    Options: z.array(z.object({ TrackingOptionID: id, Name: z.string(), Status: text })).nullish(),
  })
  .transform(
    (row): MirrorTrackingCategory => ({
      categoryId: row.TrackingCategoryID,
      name: row.Name,
      status: row.Status ?? 'ACTIVE',
      options: (row.Options ?? []).map((option) => ({
        optionId: option.TrackingOptionID,
        name: option.Name,
        status: option.Status ?? 'ACTIVE',
      })),
    }),
  )
export const trackingCategoryRows = z
  .object({ TrackingCategories: z.array(trackingCategoryRow) })
  .transform((list) => list.TrackingCategories)

export const currencyRows = z
  .object({ Currencies: z.array(z.object({ Code: z.string() })) })
  .transform((list) => list.Currencies.map((row) => row.Code))

/** `id` is the connection, `tenantId` the organisation: mixing them up is answered 403 (§1.3). */
export const connectionRows = z.array(
  z.object({
    id: z.string(),
    tenantId: z.string(),
    tenantName: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
    tenantType: z.string(),
  }),
)
