// Items as Xero shows them: dates carry +0000 in lists and singly, and none in write answers (§0.1, §4.8).

import type { Call } from './call.ts'
import { msDate, msDateBare } from './dates.ts'
import type { Item, ItemSide } from './item-record.ts'
import type { JsonObject } from './json.ts'
import { shownUnitAmount } from './totals.ts'

export function showItem(call: Call, item: Item, form: 'written' | 'single' | 'listed'): JsonObject {
  const { tracked } = item
  return {
    ItemID: item.id,
    Code: item.code,
    Description: item.description ?? undefined,
    PurchaseDescription: item.purchaseDescription ?? undefined,
    UpdatedDateUTC: form === 'written' ? msDateBare(item.updatedAt) : msDate(item.updatedAt),
    PurchaseDetails: { ...side(call, item.purchases), COGSAccountCode: tracked?.cogsAccountCode },
    SalesDetails: side(call, item.sales),
    Name: item.name ?? undefined,
    IsTrackedAsInventory: tracked !== null,
    InventoryAssetAccountCode: tracked?.assetAccountCode,
    TotalCostPool: tracked ? tracked.totalCostPool / 100 : undefined,
    QuantityOnHand: tracked ? tracked.quantityOnHand / 10_000 : undefined,
    IsSold: item.isSold,
    IsPurchased: item.isPurchased,
    ...(form === 'single' ? { ValidationErrors: [] } : {}),
  }
}

function side(call: Call, { unitPrice, accountCode, taxType }: ItemSide): JsonObject {
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  return {
    UnitPrice:
      unitPrice === null ? undefined : shownUnitAmount(unitPrice, places, call.switches.halfRounding),
    AccountCode: accountCode ?? undefined,
    TaxType: taxType ?? undefined,
  }
}
