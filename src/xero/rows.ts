// The rows of Xero's lists as the rest of the program knows them. Strict on the few members that are used, blind to all
// others; a row that cannot be read makes the whole read fail, so that nothing is left out silently.

import * as z from 'zod'
import type {
  MirrorAccount,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import { centsFromWire, e4 } from '../accounting/money.ts'
import type { FoundContact, FoundInvoice } from './gateway.ts'
import { dateFromWire, idFromWire, instantFromWire } from './wire-values.ts'

const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
const money = z.number().transform(centsFromWire)
const moneyOrZero = z
  .number()
  .nullish()
  .transform((value) => centsFromWire(value ?? 0))
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true)

/** A value that one of the readers of wire-values must understand. */
function read<Value>(reader: (text: string) => Value | null, what: string) {
  return z.string().transform((value, context) => {
    const result = reader(value)
    if (result !== null) return result
    context.addIssue({ code: 'custom', message: `is no ${what}` })
    return z.NEVER
  })
}

const id = read(idFromWire, 'Xero id')
const instant = read(instantFromWire, 'instant')
const date = read(dateFromWire, 'date')
  .nullish()
  .transform((value) => value ?? null)

/** How many rows there are in all, where the list says so (§2.3). */
const pagination = z.object({ page: z.number(), pageSize: z.number(), pageCount: z.number() }).nullish()
export const paged = z.object({ pagination })

const invoiceRow = z
  .object({
    InvoiceID: id,
    Type: z.string(),
    InvoiceNumber: text,
    Reference: text,
    Contact: z.object({ ContactID: id }),
    DateString: date,
    Date: date,
    CurrencyCode: z.string(),
    Total: money,
    TotalTax: money,
    Status: z.string(),
    AmountPaid: moneyOrZero,
    AmountCredited: moneyOrZero,
    Url: text,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FoundInvoice => ({
      xeroId: row.InvoiceID,
      type: row.Type,
      number: row.InvoiceNumber,
      reference: row.Reference,
      contactId: row.Contact.ContactID,
      date: row.DateString ?? row.Date,
      currency: row.CurrencyCode,
      total: row.Total,
      tax: row.TotalTax,
      status: row.Status,
      amountPaid: row.AmountPaid,
      amountCredited: row.AmountCredited,
      url: row.Url,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const invoiceRows = z.object({ Invoices: z.array(invoiceRow) }).transform((list) => list.Invoices)

const phone = z
  .object({ PhoneCountryCode: text, PhoneAreaCode: text, PhoneNumber: text })
  .transform((parts) =>
    parts.PhoneNumber === null
      ? null
      : [parts.PhoneCountryCode, parts.PhoneAreaCode, parts.PhoneNumber]
          .filter((part) => part !== null)
          .join(' '),
  )

const contactRow = z
  .object({
    ContactID: id,
    Name: z.string(),
    ContactNumber: text,
    EmailAddress: text,
    Phones: z.array(phone).nullish(),
    ContactStatus: text,
    MergedToContactID: text,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FoundContact => ({
      contactId: row.ContactID,
      name: row.Name,
      contactNumber: row.ContactNumber,
      email: row.EmailAddress,
      phones: (row.Phones ?? []).filter((number) => number !== null),
      status: row.ContactStatus ?? 'ACTIVE',
      mergedTo: idFromWire(row.MergedToContactID),
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const contactRows = z.object({ Contacts: z.array(contactRow) }).transform((list) => list.Contacts)

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
