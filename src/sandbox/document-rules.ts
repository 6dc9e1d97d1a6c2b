// Rules that documents of every kind share: accounts, tax types, lock dates, currencies, in Xero's own words (§4.1).

import type { PlainDate } from '../accounting/calendar.ts'
import { type Account, classOf } from './account-record.ts'
import type { Call } from './call.ts'
import { messageDate } from './dates.ts'
import type { Organisation } from './organisation.ts'
import type { Switches } from './switches.ts'
import type { TaxRate } from './tax-rate-record.ts'

export type Side = 'sales' | 'purchases'

export const texts = {
  contactMissing: 'A Contact must be specified for this type of transaction',
  contactArchived:
    'The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.',
  linesMissing: 'One or more line items must be specified',
  dueDateMissing: 'The document DueDate field must be specified',
  accountMissing: 'The account code or ID must be specified',
  accountInvalid: (code: string) => `Account code '${code}' is not a valid code for this document.`,
  accountArchived: (code: string) =>
    `Account code '${code}' has been archived, or has been deleted. Each line item must reference a valid account.`,
  taxUnknown: (type: string) =>
    `The TaxType code ${type} does not exist or cannot be used for this type of transaction.`,
  taxMismatch: (type: string, code: string) =>
    `The TaxType code '${type}' cannot be used with account code '${code}'.`,
  currency: (code: string) => `Organisation is not subscribed to currency ${code}`,
  periodLocked: (date: PlainDate) =>
    `The document date cannot be before the period lock date, currently set at ${messageDate(date)}`,
  yearLocked: (date: PlainDate) =>
    `The document date cannot be before the end of year lock date, currently set at ${messageDate(date)}`,
  editPeriodLocked: 'This document cannot be edited as it is currently dated before the period lock date',
  editYearLocked: 'This document cannot be edited as it is currently dated before the end of year lock date',
  totalMismatch: 'The document total does not equal the sum of the lines.',
  negativeTotal: 'The document total cannot be less than zero.',
}

/** System accounts that Xero posts to by itself; ROUNDING, GST and HISTORICAL can be named on a line (§4.1, §6). */
const ownPostingsOnly = new Set([
  'DEBTORS',
  'CREDITORS',
  'RETAINEDEARNINGS',
  'UNPAIDEXPCLM',
  'TRACKINGTRANSFERS',
  'BANKCURRENCYGAIN',
  'REALISEDCURRENCYGAIN',
  'UNREALISEDCURRENCYGAIN',
])

export function accountProblem(account: Account, side: Side, switches: Switches): string | null {
  const name = account.code ?? account.name
  if (account.status === 'ARCHIVED') return texts.accountArchived(name)
  if (account.type === 'BANK' || ownPostingsOnly.has(account.systemAccount ?? ''))
    return texts.accountInvalid(name)
  if (account.type === 'INVENTORY' && switches.inventoryAccountOnLines === 'refused')
    return texts.accountInvalid(name)
  const wrongClass = side === 'sales' ? 'EXPENSE' : 'REVENUE'
  if (switches.accountClasses === 'strict' && classOf(account.type) === wrongClass)
    return texts.accountInvalid(name)
  return null
}

export function taxProblem(
  rate: TaxRate | undefined,
  taxType: string,
  account: Account | null,
): string | null {
  if (rate?.status !== 'ACTIVE') return texts.taxUnknown(taxType)
  if (account && !rate.classes.includes(classOf(account.type))) {
    return texts.taxMismatch(taxType, account.code ?? account.name)
  }
  return null
}

/** The year's lock is the harder one and is named alone where both hold. */
export function lockProblem(organisation: Organisation, date: PlainDate): string | null {
  const { endOfYearLockDate, periodLockDate } = organisation.profile
  if (endOfYearLockDate !== null && date <= endOfYearLockDate) return texts.yearLocked(endOfYearLockDate)
  if (periodLockDate !== null && date <= periodLockDate) return texts.periodLocked(periodLockDate)
  return null
}

export function editLockProblem(organisation: Organisation, date: PlainDate): string | null {
  const { endOfYearLockDate, periodLockDate } = organisation.profile
  if (endOfYearLockDate !== null && date <= endOfYearLockDate) return texts.editYearLocked
  if (periodLockDate !== null && date <= periodLockDate) return texts.editPeriodLocked
  return null
}

/** Day rates, foreign units for one of the base currency (§6). Made up, and the same every day so that runs replay. */
const unitsPerUsDollar: Record<string, number> = {
  NZD: 1.68,
  AUD: 1.53,
  USD: 1,
  GBP: 0.78,
  EUR: 0.92,
  SGD: 1.34,
  ZAR: 18.2,
}

export function dayRate(call: Pick<Call, 'organisation'>, currencyCode: string): number {
  const base = unitsPerUsDollar[call.organisation.profile.baseCurrency] ?? 1
  const foreign = unitsPerUsDollar[currencyCode] ?? 1
  return Math.round((foreign / base) * 10_000) / 10_000
}
