// The maps from the ledger's codes to Xero's of several entities, for going the other way (accounting/back-mapping.ts). The books of
// one entity are books.ts.

import type { CodeMaps } from '../accounting/back-mapping.ts'
import type { Ledger } from './open.ts'

/** One for each entity, also where it maps nothing. */
export async function readCodeMaps(ledger: Ledger, entities: readonly string[]): Promise<CodeMaps[]> {
  const { db } = ledger
  const maps: CodeMaps[] = []
  for (const entity of entities) {
    const accounts = await db.selectFrom('account_map').selectAll().where('entity', '=', entity).execute()
    const taxes = await db.selectFrom('tax_code_map').selectAll().where('entity', '=', entity).execute()
    maps.push({
      accountMap: new Map(accounts.map((row) => [row.account, row.xero_code])),
      taxMap: new Map(
        taxes.map((row) => [row.tax_code, { sales: row.sales_type, purchase: row.purchase_type }]),
      ),
    })
  }
  return maps
}
