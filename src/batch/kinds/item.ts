// The row of items in the table of kinds (R1). An item that Xero has already is taken as it is, without a call; tracked ones are
// never written. What an item looks like in Xero is mapping/item.ts, what may be wrong with one validation/item-rules.ts.

import type { Books } from '../../accounting/books.ts'
import type { LedgerItem } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { findNewItems, readItems } from '../../ledger/items.ts'
import { adoptThings, type CheckedThing, ensureThings } from '../../ledger/things.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { itemHash } from '../../mapping/facts.ts'
import { mapItem } from '../../mapping/item.ts'
import { itemSizeBound } from '../../mapping/size.ts'
import { checkItem } from '../../validation/rules.ts'
import type { FoundItem } from '../../xero/found.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, type LoadedThing, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'

export const itemKind: KindRow = {
  kind: 'item',
  isLeftOut: (settings) => settings.items === 'off',
  derive: async (context, scope) => {
    const owner = { entity: scope.books.entity.code, kind: 'item' as const }
    await ensureThings(context.ledger, owner, await newItems(scope))
  },
  underived: newItems,
  checkPage: checkItemPage,
  withoutExisting: adoptExisting,
  load: loadItems,
}

/** Items that are sent and are no things yet: all of the ledger, or those that documents of this run name. */
function newItems({ ledger, books, neededItems }: CheckScope): Promise<string[]> {
  const all = books.settings.items === 'all'
  return findNewItems(ledger, books.entity.code, { all, named: [...neededItems] })
}

/** One that no run has made a thing of yet. */
const unseen: WaitingThing = {
  revision: 0,
  state: 'pending',
  sentFactsHash: null,
  facts: null,
  xeroId: null,
  xeroStatus: null,
}

async function checkItemPage({ ledger, books }: CheckScope, codes: readonly string[]): Promise<PageVerdicts> {
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'item', ids: codes })
  const items = await readItems(ledger, codes)
  const page = noVerdicts()
  for (const code of codes) {
    const item = items.get(code)
    if (!item) continue
    const { revision, state, sentFactsHash } = waiting.get(code) ?? unseen
    if (state === 'exported' && sentFactsHash === itemHash(item)) {
      page.unchanged.push({ id: code, revision })
      continue
    }
    const findings = checkItem(item, { books })
    const error = findings.find((finding) => finding.severity === 'error')
    page.checked.push({
      id: code,
      verdict: error ? 'failed' : null,
      reason: error?.message ?? null,
      findings,
    })
    if (error) continue
    page.sendable.push({
      id: code,
      revision,
      operation: state === 'exported' ? 'update' : 'create',
      group: '',
      bytes: itemSizeBound(item),
      money: null,
    })
  }
  return page
}

/** Items that Xero has under their code are exported from here on, as they are there: nothing is sent for them. */
async function adoptExisting(
  context: RunContext,
  planned: readonly PlannedThing[],
): Promise<readonly PlannedThing[]> {
  const { ledger, books, lease, runId, gateway } = context
  if (planned.every((thing) => thing.operation !== 'create')) return planned
  const inXero = new Map((await gateway.items()).rows.map((row) => [row.code, row]))
  const items = await readItems(
    ledger,
    planned.map((thing) => thing.id),
  )
  const adopted = planned.flatMap(({ id, revision, operation }) => {
    const item = items.get(id)
    const there = inXero.get(id)
    if (operation !== 'create' || !item || !there) return []
    const facts = JSON.stringify(mapItem(item, { books }).facts)
    const { xeroId } = there
    return [
      { id, revision, factsHash: itemHash(item), facts, xeroId, xeroNumber: there.code, xeroStatus: null },
    ]
  })
  await adoptThings(
    ledger,
    { entity: books.entity.code, kind: 'item', tenantId: lease.tenantId, run: runId },
    adopted,
  )
  const ids = new Set(adopted.map((one) => one.id))
  return planned.filter((thing) => !ids.has(thing.id))
}

async function loadItems(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const codes = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'item', ids: codes })
  const items = await readItems(ledger, codes)
  const isUpdate = planned.some((thing) => thing.operation === 'update')
  const rows = isUpdate ? (await context.gateway.items()).rows : []
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const { id, revision, operation } of planned) {
    const item = items.get(id)
    const thing = waiting.get(id)
    if (!item || thing?.revision !== revision) continue
    if (operation === 'create' ? !isSendable(thing.state) : thing.state !== 'exported') continue
    const there = operation === 'create' ? null : rowOf(rows, thing, id)
    // Quantities and costs of a tracked item are kept in Xero.
    if (there?.isTracked) loaded.unchanged.push({ id, revision, factsHash: itemHash(item) })
    else if (there === undefined) loaded.skipped.push(goneFromXero(id))
    else loaded.things.push(loadedItem(item, revision, there?.xeroId ?? null, books))
  }
  return loaded
}

/** By the id that it is remembered by; else by its code, should a person have made it anew. */
function rowOf(rows: readonly FoundItem[], { xeroId }: WaitingThing, code: string): FoundItem | undefined {
  return rows.find((row) => row.xeroId === xeroId) ?? rows.find((row) => row.code === code)
}

/** PUT creates only; a POST names Xero's id, since one by code would edit whatever item has it (§3.1). */
function loadedItem(item: LedgerItem, revision: number, xeroId: string | null, books: Books): LoadedThing {
  const { model, facts } = mapItem(item, { books, ...(xeroId === null ? {} : { xeroId }) })
  return {
    sourceId: item.code,
    label: item.code,
    revision,
    factsHash: itemHash(item),
    facts: JSON.stringify(facts),
    channel: 'items',
    operation: xeroId === null ? 'create' : 'update',
    method: xeroId === null ? 'PUT' : 'POST',
    path: '/Items?summarizeErrors=false&unitdp=4',
    key: item.code,
    name: null,
    payload: { model },
    compare: () => [],
  }
}

function goneFromXero(code: string): CheckedThing {
  const finding: Finding = {
    kind: 'item',
    id: code,
    number: code,
    code: 'edited-in-xero',
    severity: 'error',
    field: null,
    message: `Item ${code} was changed in the ledger, and Xero has it no more.`,
    why: 'Somebody deleted it in Xero, or gave it another code there.',
    fix: `Make an item with the code ${code} in Xero again, or delete it in the ledger.`,
    xeroMessages: [],
  }
  return { id: code, verdict: 'failed', reason: finding.message, findings: [finding] }
}
