// Items: the whole list at once, one by id or code, PUT creates, POST creates or edits by id or code (§4.8).

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { writeElements } from './elements.ts'
import { isGuid } from './guid.ts'
import { createItem, editItem, itemShape, itemTexts, refusedItem } from './item-change.ts'
import type { Item } from './item-record.ts'
import { showItem } from './item-view.ts'
import { type JsonObject, textOf } from './json.ts'
import { checkUnitDp, listQuery, select } from './listing.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

const fields: FilterFields<Item> = {
  ItemID: { type: 'guid', read: (item) => item.id },
  Code: { type: 'text', read: (item) => item.code },
  Name: { type: 'text', read: (item) => item.name },
  Description: { type: 'text', read: (item) => item.description },
  IsSold: { type: 'boolean', read: (item) => item.isSold },
  IsPurchased: { type: 'boolean', read: (item) => item.isPurchased },
  IsTrackedAsInventory: { type: 'boolean', read: (item) => item.tracked !== null },
  UpdatedDateUTC: { type: 'date', read: (item) => item.updatedAt },
}

function all(call: Call): Reply {
  checkUnitDp(call)
  const found = select(call, call.organisation.items, fields)
  return answerWith(
    call,
    'Items',
    found.map((item) => showItem(call, item, 'listed')),
  )
}

function named(call: Call): Item | undefined {
  const key = call.path['ItemID'] ?? ''
  return isGuid(key) ? call.organisation.items.get(key.toLowerCase()) : call.organisation.itemByCode(key)
}

function one(call: Call): Reply {
  checkUnitDp(call)
  const item = named(call)
  return item ? answerWith(call, 'Items', [showItem(call, item, 'single')]) : notFound
}

const kind = { key: 'Items', flag: null } as const
const elementsMax = 500

function elements(call: Call): readonly JsonObject[] {
  checkUnitDp(call)
  const sent = readElements(call.body, 'Items', itemShape, call.switches)
  if (sent.length > elementsMax) throw new UnreadableBody(`At most ${elementsMax} Items can be sent at once.`)
  return sent
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    if (element['ItemID'] !== undefined) return refusedItem(null, element, itemTexts.idOnCreate)
    return createItem(call, element)
  })
}

/** Without an id POST edits the item that has the code (§0.1). */
function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const { organisation } = call
    const id = textOf(element, 'ItemID')
    const item =
      id === undefined ? organisation.itemByCode(textOf(element, 'Code') ?? '') : organisation.items.get(id)
    if (item) return editItem(call, item, element)
    return id === undefined ? createItem(call, element) : refusedItem(null, element, itemTexts.unknown)
  })
}

function update(call: Call): Reply {
  const item = named(call)
  if (!item) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one item is expected.')
  return writeElements(call, kind, [element], (sent) => editItem(call, item, sent))
}

/** Reading is also open to who may write invoices; writing needs the settings, whatever Xero's table says (§1.4). */
const readScopes = ['accounting.settings', 'accounting.invoices']
const scopes = ['accounting.settings']
const writeQuery = ['summarizeErrors', 'unitdp']

export const itemRoutes: readonly Route[] = [
  { method: 'GET', path: '/Items', scopes: readScopes, query: [...listQuery, 'unitdp'], answer: all },
  { method: 'GET', path: '/Items/{ItemID}', scopes: readScopes, query: ['unitdp'], answer: one },
  { method: 'PUT', path: '/Items', scopes, query: writeQuery, answer: create },
  { method: 'POST', path: '/Items', scopes, query: writeQuery, answer: upsert },
  { method: 'POST', path: '/Items/{ItemID}', scopes, query: ['unitdp'], answer: update },
]
