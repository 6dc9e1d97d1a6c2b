// The mirror (R2): what was last read of a Xero organisation, with when. Each part is replaced whole in one
// transaction, contacts are applied change by change under a watermark.

import { sql } from 'kysely'
import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import type {
  Mirror,
  MirrorAccount,
  MirrorContact,
  MirrorOrganisation,
  MirrorTaxRate,
  MirrorTrackingCategory,
} from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import { nameKey } from '../accounting/names.ts'
import { isoInstant } from '../clock.ts'
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

/**
 * Applies changed contacts and moves the watermark in the same transaction. Older data never overwrites newer; a
 * contact merged in Xero takes its links along (K5).
 */
export async function applyContacts(
  ledger: Ledger,
  tenantId: string,
  contacts: readonly (MirrorContact & { updatedAt: number })[],
  reached: number | null,
): Promise<void> {
  const rows = JSON.stringify(
    contacts.map((one) => [
      one.contactId,
      one.name,
      nameKey(one.name),
      one.contactNumber,
      one.email,
      JSON.stringify(one.phones),
      one.status,
      one.mergedTo,
      isoInstant(one.updatedAt),
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO mirror_contact (tenant_id, contact_id, name, name_key, contact_number, email, phones, status, merged_to, updated_at, read_at)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET
        name = excluded.name, name_key = excluded.name_key, contact_number = excluded.contact_number, email = excluded.email,
        phones = excluded.phones, status = excluded.status, merged_to = excluded.merged_to,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at >= mirror_contact.updated_at`.execute(tx)
    await tx
      .insertInto('watermark')
      .values({
        tenant_id: tenantId,
        resource: 'contacts',
        reached: reached === null ? null : isoInstant(reached),
        read_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'resource']).doUpdateSet((eb) => ({
          read_at: now,
          // Never backwards: a page of older rows must not make the next read start too late or too early.
          reached: sql<
            string | null
          >`NULLIF(MAX(COALESCE(${eb.ref('watermark.reached')}, ''), COALESCE(${eb.ref('excluded.reached')}, '')), '')`,
        })),
      )
      .execute()
    await followMerges(tx, tenantId, now)
  })
}

/** To where the last of several merges leads; contacts that are merged in a circle are left where they are. */
async function followMerges(
  tx: Parameters<Parameters<Ledger['transaction']>[0]>[0],
  tenantId: string,
  now: string,
) {
  const { rows: merged } = await sql<{ id: number; contact: string; merged_to: string }>`
    WITH RECURSIVE way (id, contact, at, steps) AS (
      SELECT l.id, l.contact, m.merged_to, 1
        FROM mirror_contact AS m JOIN contact_link AS l ON l.tenant_id = m.tenant_id AND l.xero_contact_id = m.contact_id
       WHERE m.tenant_id = ${tenantId} AND m.merged_to IS NOT NULL AND l.ended IS NULL
       UNION ALL
      SELECT way.id, way.contact, m.merged_to, steps + 1
        FROM way JOIN mirror_contact AS m ON m.tenant_id = ${tenantId} AND m.contact_id = way.at
       WHERE m.merged_to IS NOT NULL AND steps < 100)
    SELECT id, contact, at AS merged_to FROM way
     WHERE NOT EXISTS (SELECT 1 FROM mirror_contact AS m
                        WHERE m.tenant_id = ${tenantId} AND m.contact_id = way.at AND m.merged_to IS NOT NULL)`.execute(
    tx,
  )
  for (const link of merged) {
    await tx.updateTable('contact_link').set({ ended: now }).where('id', '=', link.id).execute()
    await tx
      .insertInto('contact_link')
      .values({
        contact: link.contact,
        tenant_id: tenantId,
        xero_contact_id: link.merged_to,
        made_by: 'merge',
        since: now,
        ended: null,
      })
      .execute()
    await tx
      .insertInto('event')
      .values({
        at: now,
        who: 'auxo-sync',
        run: null,
        entity: null,
        kind: 'contact',
        source_id: link.contact,
        what: 'link followed a merge in Xero',
        detail: link.merged_to,
      })
      .execute()
  }
}

/** The largest change of contacts that was applied, ms since 1970; null before the first read. */
export async function contactsWatermark(ledger: Ledger, tenantId: string): Promise<number | null> {
  const row = await ledger.db
    .selectFrom('watermark')
    .select('reached')
    .where('tenant_id', '=', tenantId)
    .where('resource', '=', 'contacts')
    .executeTakeFirst()
  return row?.reached ? Date.parse(row.reached) : null
}

/** Contacts of the mirror by their keys of names and their numbers, for matching (K4). */
export async function findMirrorContacts(
  ledger: Ledger,
  tenantId: string,
  by: { nameKeys?: readonly string[]; numbers?: readonly string[]; ids?: readonly string[] },
): Promise<MirrorContact[]> {
  const rows = await sql<{
    contact_id: string
    name: string
    contact_number: string | null
    email: string | null
    phones: string
    status: string
    merged_to: string | null
  }>`
    SELECT contact_id, name, contact_number, email, phones, status, merged_to FROM mirror_contact
     WHERE tenant_id = ${tenantId}
       AND (name_key IN (SELECT value FROM json_each(${JSON.stringify(by.nameKeys ?? [])}))
         OR contact_number IN (SELECT value FROM json_each(${JSON.stringify(by.numbers ?? [])}))
         OR contact_id IN (SELECT value FROM json_each(${JSON.stringify(by.ids ?? [])})))
     ORDER BY contact_id`.execute(ledger.db)
  return rows.rows.map((row) => ({
    contactId: row.contact_id,
    name: row.name,
    contactNumber: row.contact_number,
    email: row.email,
    phones: JSON.parse(row.phones) as string[], // written by applyContacts
    status: row.status,
    mergedTo: row.merged_to,
  }))
}
