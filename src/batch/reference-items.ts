// Items of Xero come into the ledger (R1, `items_pull`): what changed is read and kept, then the ledger takes over what it lacks. Its
// own rows are never overwritten, and what came in is not sent back.

import { type CodeMaps, ledgerAccountOf, ledgerTaxCodeOf } from '../accounting/back-mapping.ts'
import type { Books, Side } from '../accounting/books.ts'
import type { LedgerItem } from '../accounting/documents.ts'
import { type E4, e4 } from '../accounting/money.ts'
import { readCodeMaps } from '../ledger/code-maps.ts'
import { entitiesOf } from '../ledger/connections.ts'
import { findPendingItems, forgetItemsGone, type PendingItem, storeItems } from '../ledger/mirror-items.ts'
import type { Ledger } from '../ledger/open.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import { applyItems, type TakenItem } from '../ledger/taken-items.ts'
import { readWatermark } from '../ledger/watermarks.ts'
import { itemHash } from '../mapping/facts.ts'
import { mapItem } from '../mapping/item.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { overlapMs, type PullExtent } from './reference-extent.ts'

/** Rows stored, and items compared, in one transaction: the exporting system may want to write in between. */
const pageSize = 200

/** `items`: how many the ledger took over, or followed. One call. */
export async function pullItems(
  ledger: Ledger,
  gateway: XeroGateway,
  books: Books,
  { fromStart }: PullExtent,
): Promise<{ items: number; warnings: string[] }> {
  const { tenantId } = gateway
  const gone = await readItems(ledger, gateway, fromStart)
  const sharing = await entitiesOf(ledger, tenantId)
  const maps = await readCodeMaps(ledger, sharing)
  const entities = await wantingItems(ledger, sharing)
  const warnings = gone.map(goneText)
  let items = 0
  for (;;) {
    const pending = await findPendingItems(ledger, tenantId, pageSize)
    if (pending.length === 0) return { items, warnings }
    const taken = pending.filter(({ standing }) => standing === 'lacking' || standing === 'following')
    const written = await applyItems(
      ledger,
      { tenantId, entities },
      {
        compared: pending.map(({ xeroId }) => xeroId),
        own: pending.filter(({ standing }) => standing === 'own').map(({ xeroId }) => xeroId),
        taken: taken.map((item) => takenItem(item, maps, books)),
      },
    )
    items += written.length
    warnings.push(...taken.flatMap(renamedText))
  }
}

/** Those for which items come in: the lines of others do not begin to name them. */
async function wantingItems(ledger: Ledger, entities: readonly string[]): Promise<string[]> {
  const wanting: string[] = []
  for (const entity of entities) {
    if ((await readStoredSettings(ledger, entity)).get('items_pull') === 'on') wanting.push(entity)
  }
  return wanting
}

/** The first time all of them. Returns the codes of those that a complete list lacks and the ledger had taken over. */
async function readItems(ledger: Ledger, gateway: XeroGateway, fromStart: boolean): Promise<string[]> {
  const { tenantId } = gateway
  const reached = fromStart ? null : await readWatermark(ledger, tenantId, 'items')
  const { rows, serverTime } = await gateway.itemFeed(reached === null ? null : reached - overlapMs)
  for (let start = 0; start < rows.length; start += pageSize) {
    await storeItems(ledger, { tenantId, reached: null }, rows.slice(start, start + pageSize))
  }
  await storeItems(ledger, { tenantId, reached: serverTime }, [])
  // An empty list deletes nothing.
  if (reached !== null || rows.length === 0) return []
  return forgetItemsGone(
    ledger,
    tenantId,
    rows.map(({ xeroId }) => xeroId),
  )
}

/** Under the code that it has in the ledger, whatever it is called in Xero by now. */
function takenItem(item: PendingItem, maps: readonly CodeMaps[], books: Books): TakenItem {
  const priceOf = (price: number | null): E4 | null => (price === null ? null : e4(price))
  const accountOf = (account: string | null) => account && ledgerAccountOf(account, maps)
  const taxCodeOf = (taxType: string | null, side: Side) =>
    taxType && ledgerTaxCodeOf(taxType, side, maps, books.mirror?.taxRates.has(taxType) ?? false)
  const { sale, purchase } = item
  const ledgerItem: LedgerItem = {
    code: codeOf(item),
    name: item.name ?? item.code,
    description: item.description,
    salePrice: priceOf(sale.price),
    saleAccount: accountOf(sale.account),
    saleTaxCode: taxCodeOf(sale.taxType, 'sales'),
    purchasePrice: priceOf(purchase.price),
    purchaseAccount: accountOf(purchase.account),
    purchaseTaxCode: taxCodeOf(purchase.taxType, 'purchases'),
    isStocked: item.isTracked,
    averageCost: null,
  }
  return {
    xeroId: item.xeroId,
    item: ledgerItem,
    factsHash: itemHash(ledgerItem),
    facts: JSON.stringify(mapItem(ledgerItem, { books }).facts),
  }
}

function codeOf({ standing, codeInLedger, code }: PendingItem): string {
  return standing === 'following' ? (codeInLedger ?? code) : code
}

function renamedText(item: PendingItem): string[] {
  const code = codeOf(item)
  if (code === item.code) return []
  return [
    `Item ${code} is called ${item.code} in Xero now. The ledger keeps it as ${code}, and Xero may refuse lines that name it: give it the code ${item.code} in the ledger, or ${code} in Xero again.`,
  ]
}

function goneText(code: string): string {
  return `Item ${code} is no longer in Xero. The ledger keeps it; delete it there if it is not used any more.`
}
