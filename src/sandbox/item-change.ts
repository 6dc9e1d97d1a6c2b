// Creates and edits one item: its own rules and those of the accounts and tax types it names (§4.8). The collection's
// verbs are items.ts's business.

import type { E4 } from '../accounting/money.ts'
import { boolean, guid, ignored, number, object, type Shape, text, tooLong } from './body.ts'
import type { Call } from './call.ts'
import { accountProblem, type Side, taxProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { zeroGuid } from './guid.ts'
import { type Item, type ItemSide, noSide } from './item-record.ts'
import { showItem } from './item-view.ts'
import { booleanOf, type JsonObject, numberOf, objectOf, textOf } from './json.ts'
import { readUnitAmount } from './totals.ts'

const sideShape: Shape = {
  name: 'Purchase',
  fields: { UnitPrice: number, AccountCode: text(), COGSAccountCode: text(), TaxType: text() },
}

/** Every property that Xero publishes for an item; read-only ones are taken and left alone. */
export const itemShape: Shape = {
  name: 'Item',
  fields: {
    ItemID: guid,
    Code: text(30),
    Name: text(50),
    IsSold: boolean,
    IsPurchased: boolean,
    Description: text(4000),
    PurchaseDescription: text(4000),
    PurchaseDetails: object(sideShape),
    SalesDetails: object(sideShape),
    InventoryAssetAccountCode: text(),
    IsTrackedAsInventory: ignored,
    TotalCostPool: ignored,
    QuantityOnHand: ignored,
    UpdatedDateUTC: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
  },
}

export const itemTexts = {
  codeTaken: (code: string) => `Price List Item with Code '${code}' already exists`,
  codeMissing: 'Price List Item Code must be supplied.',
  tracking: 'The sandbox does not change how an item is tracked.',
  unknown: 'An existing Item with the specified ItemID could not be found',
  idOnCreate: 'An Item that is created cannot name an ItemID.',
}

export function createItem(call: Call, element: JsonObject): Verdict {
  const blank: Item = {
    id: call.newGuid(),
    updatedAt: call.now,
    code: '',
    name: null,
    description: null,
    purchaseDescription: null,
    isSold: true,
    isPurchased: true,
    sales: noSide,
    purchases: noSide,
    tracked: null,
  }
  return stored(call, merged(call, blank, element), null, element)
}

export function editItem(call: Call, before: Item, element: JsonObject): Verdict {
  return stored(call, { ...merged(call, before, element), updatedAt: call.now }, before, element)
}

export function refusedItem(before: Item | null, element: JsonObject, ...errors: string[]): Verdict {
  return { kind: 'refused', echo: { ...element, ItemID: before?.id ?? zeroGuid }, errors }
}

function stored(call: Call, item: Item, before: Item | null, element: JsonObject): Verdict {
  const errors = problems(call, item, element)
  if (errors.length > 0) return refusedItem(before, element, ...errors)
  call.organisation.items.put(item)
  return { kind: 'stored', view: showItem(call, item, 'written'), warnings: [] }
}

/** What is not sent stays; a side that is switched off loses its description and its details (§4.8). */
function merged(call: Call, before: Item, element: JsonObject): Item {
  const isSold = booleanOf(element, 'IsSold') ?? before.isSold
  const isPurchased = booleanOf(element, 'IsPurchased') ?? before.isPurchased
  return {
    ...before,
    code: textOf(element, 'Code') ?? before.code,
    name: textOf(element, 'Name') ?? before.name,
    isSold,
    isPurchased,
    description: isSold ? (textOf(element, 'Description') ?? before.description) : null,
    purchaseDescription: isPurchased
      ? (textOf(element, 'PurchaseDescription') ?? before.purchaseDescription)
      : null,
    sales: isSold ? sideAfter(call, before.sales, objectOf(element, 'SalesDetails')) : noSide,
    purchases: isPurchased ? sideAfter(call, before.purchases, objectOf(element, 'PurchaseDetails')) : noSide,
  }
}

/** Tracked items come from seeds and from people alone: a write that would make one, or unmake it, is refused. */
function changesTracking({ tracked }: Item, element: JsonObject): boolean {
  const asset = textOf(element, 'InventoryAssetAccountCode')
  const cost = textOf(objectOf(element, 'PurchaseDetails') ?? {}, 'COGSAccountCode')
  const isOther = (sent: string | undefined, stored: string | undefined) =>
    sent !== undefined && sent !== '' && sent !== stored
  return isOther(asset, tracked?.assetAccountCode) || isOther(cost, tracked?.cogsAccountCode)
}

function sideAfter(call: Call, before: ItemSide, sent: JsonObject | undefined): ItemSide {
  if (sent === undefined) return before
  const price = numberOf(sent, 'UnitPrice')
  return {
    unitPrice: price === undefined ? before.unitPrice : readPrice(call, price),
    accountCode: textOf(sent, 'AccountCode') ?? before.accountCode,
    taxType: textOf(sent, 'TaxType') ?? before.taxType,
  }
}

function readPrice(call: Call, price: number): E4 {
  return readUnitAmount(price, call.query.get('unitdp') === '4' ? 4 : 2, call.switches.halfRounding)
}

function problems(call: Call, item: Item, element: JsonObject): string[] {
  const found = tooLong(element, itemShape)
  if (changesTracking(item, element)) found.push(itemTexts.tracking)
  if (item.code.trim() === '') found.push(itemTexts.codeMissing)
  const holder = call.organisation.itemByCode(item.code)
  if (holder && holder.id !== item.id) found.push(itemTexts.codeTaken(item.code))
  found.push(...sideProblems(call, item.sales, 'sales'), ...sideProblems(call, item.purchases, 'purchases'))
  return [...new Set(found)]
}

function sideProblems(call: Call, { accountCode, taxType }: ItemSide, side: Side): string[] {
  const { organisation, switches } = call
  const found: string[] = []
  const account = accountCode ? organisation.accountByCode(accountCode) : undefined
  if (accountCode) {
    const problem = account ? accountProblem(account, side, switches) : texts.accountInvalid(accountCode)
    if (problem !== null) found.push(problem)
  }
  if (taxType) {
    const problem = taxProblem(organisation.taxRate(taxType), taxType, account ?? null)
    if (problem !== null) found.push(problem)
  }
  return found
}
