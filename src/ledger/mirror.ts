// The mirror (R2): what was last read of a Xero organisation's books, with when. Each part is replaced whole in one transaction;
// contacts, of which there are many, are mirror-contacts.ts.

import { sql } from 'kysely'
import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import type {
  Mirror,
  MirrorAccount,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import type { Ledger } from './open.ts'

export interface MirrorParts {
  organisation: MirrorOrganisation
  accounts: readonly MirrorAccount[]
  taxRates: readonly MirrorTaxRate[]
  tracking: readonly MirrorTrackingCategory[]
  currencies: readonly string[]
}

const flag = (value: boolean) => (value ? 1 : 0)

/** Replaces everything but contacts. */
export async function storeMirror(ledger: Ledger, parts: MirrorParts): Promise<void> {
  const tenant = parts.organisation.tenantId
  await ledger.transaction(async (tx, now) => {
    for (const table of [
      'mirror_organisation',
      'mirror_account',
      'mirror_tax_rate',
      'mirror_tracking',
      'mirror_currency',
    ] as const) {
      await tx.deleteFrom(table).where('tenant_id', '=', tenant).execute()
    }
    await tx
      .insertInto('mirror_organisation')
      .values({
        tenant_id: tenant,
        name: parts.organisation.name,
        base_currency: parts.organisation.baseCurrency,
        country_code: parts.organisation.countryCode,
        timezone: parts.organisation.timezone,
        period_lock_date: parts.organisation.periodLockDate,
        end_of_year_lock_date: parts.organisation.endOfYearLockDate,
        short_code: parts.organisation.shortCode,
        read_at: now,
      })
      .execute()
    await sql`
      INSERT INTO mirror_account (tenant_id, account_id, code, name, type, class, status, system_account, enable_payments, tax_type, read_at)
      SELECT ${tenant}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${JSON.stringify(
          parts.accounts.map((one) => [
            one.accountId,
            one.code,
            one.name,
            one.type,
            one.class,
            one.status,
            one.systemAccount,
            flag(one.enablePayments),
            one.taxType,
          ]),
        )})`.execute(tx)
    await sql`
      INSERT OR REPLACE INTO mirror_tax_rate (tenant_id, tax_type, name, status, rate_e4, applies_to_assets, applies_to_equity,
                                   applies_to_expenses, applies_to_liabilities, applies_to_revenue, read_at)
      SELECT ${tenant}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${JSON.stringify(
          parts.taxRates.map((one) => [
            one.taxType,
            one.name,
            one.status,
            one.rate,
            flag(one.canApplyTo.assets),
            flag(one.canApplyTo.equity),
            flag(one.canApplyTo.expenses),
            flag(one.canApplyTo.liabilities),
            flag(one.canApplyTo.revenue),
          ]),
        )})`.execute(tx)
    await sql`
      INSERT INTO mirror_tracking (tenant_id, category_id, category, category_status, option_id, option, option_status, read_at)
      SELECT ${tenant}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, ${now}
        FROM json_each(${JSON.stringify(
          parts.tracking.flatMap((category) =>
            category.options.map((option) => [
              category.categoryId,
              category.name,
              category.status,
              option.optionId,
              option.name,
              option.status,
            ]),
          ),
        )})`.execute(tx)
    await sql`
      INSERT INTO mirror_currency (tenant_id, code, read_at)
      SELECT ${tenant}, value, ${now} FROM json_each(${JSON.stringify(parts.currencies)})`.execute(tx)
  })
}

/** The mirror of an organisation; null where it was never read. */
export async function readMirror(ledger: Ledger, tenantId: string): Promise<Mirror | null> {
  const { db } = ledger
  const organisation = await db
    .selectFrom('mirror_organisation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  if (!organisation) return null
  const [accounts, taxRates, tracking, currencies] = await Promise.all([
    db.selectFrom('mirror_account').selectAll().where('tenant_id', '=', tenantId).execute(),
    db.selectFrom('mirror_tax_rate').selectAll().where('tenant_id', '=', tenantId).execute(),
    db
      .selectFrom('mirror_tracking')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('category')
      .execute(),
    db.selectFrom('mirror_currency').select('code').where('tenant_id', '=', tenantId).execute(),
  ])
  return {
    organisation: {
      tenantId,
      name: organisation.name,
      baseCurrency: organisation.base_currency,
      countryCode: organisation.country_code,
      timezone: organisation.timezone,
      periodLockDate: asDate(organisation.period_lock_date),
      endOfYearLockDate: asDate(organisation.end_of_year_lock_date),
      shortCode: organisation.short_code,
    },
    accounts: new Map(
      accounts.map((row) => [
        row.code ?? row.account_id,
        {
          accountId: row.account_id,
          code: row.code,
          name: row.name,
          type: row.type,
          class: row.class,
          status: row.status,
          systemAccount: row.system_account,
          enablePayments: row.enable_payments === 1,
          taxType: row.tax_type,
        },
      ]),
    ),
    taxRates: taxRateMap(taxRates),
    tracking: trackingCategories(tracking),
    currencies: new Set(currencies.map((row) => row.code)),
    readAt: Date.parse(organisation.read_at),
  }
}

function asDate(text: string | null): PlainDate | null {
  return text === null ? null : parseDate(text)
}

interface TaxRateRow {
  tax_type: string
  name: string
  status: string
  rate_e4: number
  applies_to_assets: number
  applies_to_equity: number
  applies_to_expenses: number
  applies_to_liabilities: number
  applies_to_revenue: number
}

/** Where a type stands twice (an old rate that was deleted), the active one counts. */
function taxRateMap(rows: readonly TaxRateRow[]): Map<string, MirrorTaxRate> {
  const rates = new Map<string, MirrorTaxRate>()
  for (const row of rows) {
    if (rates.get(row.tax_type)?.status === 'ACTIVE') continue
    rates.set(row.tax_type, {
      taxType: row.tax_type,
      name: row.name,
      status: row.status,
      rate: e4(row.rate_e4),
      canApplyTo: {
        assets: row.applies_to_assets === 1,
        equity: row.applies_to_equity === 1,
        expenses: row.applies_to_expenses === 1,
        liabilities: row.applies_to_liabilities === 1,
        revenue: row.applies_to_revenue === 1,
      },
    })
  }
  return rates
}

interface TrackingRow {
  category_id: string
  category: string
  category_status: string
  option_id: string
  option: string
  option_status: string
}

function trackingCategories(rows: readonly TrackingRow[]): MirrorTrackingCategory[] {
  const categories = new Map<string, MirrorTrackingCategory>()
  for (const row of rows) {
    const known = categories.get(row.category_id)
    const option = { optionId: row.option_id, name: row.option, status: row.option_status }
    categories.set(row.category_id, {
      categoryId: row.category_id,
      name: row.category,
      status: row.category_status,
      options: [...(known?.options ?? []), option],
    })
  }
  return [...categories.values()]
}
