// Reads the books of an entity: its region, settings, code maps and the mirror of its organisation.

import type { Books, Role } from '../accounting/books.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { didYouMean } from '../accounting/nearest.ts'
import { findRegion, regionCodes } from '../accounting/regions.ts'
import { readSettings } from '../accounting/settings.ts'
import { AuxoError } from '../errors.ts'
import { findItemsInXero, readItems } from './items.ts'
import { readMirror } from './mirror.ts'
import type { Ledger } from './open.ts'

export async function listEntities(ledger: Ledger): Promise<BillingEntity[]> {
  const rows = await ledger.db.selectFrom('billing_entity').selectAll().orderBy('code').execute()
  return rows.map((row) => ({
    code: row.code,
    name: row.name,
    region: row.region,
    baseCurrency: row.base_currency,
  }))
}

/** The entity of that code, or all where none is named; AuxoError where there is none. */
export async function chooseEntities(ledger: Ledger, code: string | undefined): Promise<BillingEntity[]> {
  const entities = await listEntities(ledger)
  if (entities.length === 0) {
    throw new AuxoError(
      'configuration-invalid',
      'The ledger has no billing entity yet. Add one: auxo-sync entities add NZ01 --name "Example Ltd" --region NZ',
    )
  }
  if (code === undefined) return entities
  const chosen = entities.filter((entity) => entity.code === code)
  if (chosen.length === 0) {
    const codes = entities.map((entity) => entity.code)
    throw new AuxoError(
      'usage',
      `There is no billing entity “${code}”.${didYouMean(code, codes)} The ledger has: ${codes.join(', ')}.`,
    )
  }
  return chosen
}

/** Everything that rules and mapping ask about an entity; AuxoError listing every setting that is no value. */
export async function readBooks(
  ledger: Ledger,
  entity: BillingEntity,
  tenantId: string | null,
): Promise<Books> {
  const region = findRegion(entity.region)
  if (!region) {
    throw new AuxoError(
      'configuration-invalid',
      `The region “${entity.region}” of ${entity.code} is not known. Known are: ${regionCodes.join(', ')}.`,
    )
  }
  const stored = await ledger.db.selectFrom('setting').selectAll().where('entity', '=', entity.code).execute()
  const { settings, problems } = readSettings(new Map(stored.map((row) => [row.name, row.value])))
  if (problems.length > 0) {
    throw new AuxoError('configuration-invalid', `Settings of ${entity.code} are invalid.`, {
      details: problems,
    })
  }
  const { db } = ledger
  const [accounts, taxes, roles, items, methods, itemsInXero, mirror] = await Promise.all([
    db.selectFrom('account_map').selectAll().where('entity', '=', entity.code).execute(),
    db.selectFrom('tax_code_map').selectAll().where('entity', '=', entity.code).execute(),
    db.selectFrom('role_account').selectAll().where('entity', '=', entity.code).execute(),
    readItems(ledger, null),
    db.selectFrom('payment_method_map').selectAll().where('entity', '=', entity.code).execute(),
    findItemsInXero(ledger, entity.code, tenantId),
    tenantId === null ? null : readMirror(ledger, tenantId),
  ])
  return {
    entity,
    region,
    settings,
    accountMap: new Map(accounts.map((row) => [row.account, row.xero_code])),
    taxMap: new Map(
      taxes.map((row) => [row.tax_code, { sales: row.sales_type, purchase: row.purchase_type }]),
    ),
    roleAccounts: new Map<Role, string>(roles.map((row) => [row.role, row.account])),
    paymentMethods: new Map(methods.map((row) => [row.method, row.xero_account])),
    items,
    itemsInXero,
    mirror,
  }
}
