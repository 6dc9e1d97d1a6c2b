// Items (Xero's price list) as the sandbox keeps them, and as a seed or a person in Xero names them. Prices are
// ten-thousandths; what the API may do to an item is item-change.ts's business.

import { type Cents, cents, type E4, e4 } from '../accounting/money.ts'

/** What an item brings to a sales or to a purchases line. */
export interface ItemSide {
  readonly unitPrice: E4 | null
  readonly accountCode: string | null
  readonly taxType: string | null
}

export interface Item {
  readonly id: string
  readonly updatedAt: number
  readonly code: string
  readonly name: string | null
  readonly description: string | null
  readonly purchaseDescription: string | null
  readonly isSold: boolean
  readonly isPurchased: boolean
  readonly sales: ItemSide
  readonly purchases: ItemSide
  /** Null on untracked items. Quantity and cost are Xero's own: no write changes them (§4.8). */
  readonly tracked: TrackedItem | null
}

export interface TrackedItem {
  readonly assetAccountCode: string
  readonly cogsAccountCode: string
  readonly quantityOnHand: E4
  readonly totalCostPool: Cents
}

export interface ItemSeed {
  readonly code: string
  readonly name?: string
  readonly description?: string
  readonly purchaseDescription?: string
  readonly isSold?: boolean
  readonly isPurchased?: boolean
  readonly sales?: Partial<ItemSide>
  readonly purchases?: Partial<ItemSide>
  /** On account 630 with its cost on 310 unless said otherwise. */
  readonly tracked?: Partial<TrackedItem>
}

/** One code is one item, whatever its case. */
export function itemKey(code: string): string {
  return code.toLowerCase()
}

export const noSide: ItemSide = { unitPrice: null, accountCode: null, taxType: null }

export function seededItem(seed: ItemSeed, id: string, now: number): Item {
  const none = {
    assetAccountCode: '630',
    cogsAccountCode: '310',
    quantityOnHand: e4(0),
    totalCostPool: cents(0),
  }
  return {
    id,
    updatedAt: now,
    code: seed.code,
    name: seed.name ?? null,
    description: seed.description ?? null,
    purchaseDescription: seed.purchaseDescription ?? null,
    isSold: seed.isSold ?? true,
    isPurchased: seed.isPurchased ?? true,
    sales: { ...noSide, ...seed.sales },
    purchases: { ...noSide, ...seed.purchases },
    tracked: seed.tracked ? { ...none, ...seed.tracked } : null,
  }
}
