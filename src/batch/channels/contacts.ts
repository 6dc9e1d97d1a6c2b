// The channel of contacts: found by our number, else by name (K4); a change by Xero's id. What a contact looks like in Xero is
// mapping/contact.ts.

import { nameKey } from '../../accounting/names.ts'
import {
  hasAllArrived,
  readContactFacts,
  type SentContactFacts,
  withFound,
} from '../../mapping/contact-facts.ts'
import type { FoundContact } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel, Found, LookUp, Recognition } from './channel.ts'

export const contacts: Channel = {
  name: 'contacts',
  list: 'Contacts',
  isUniqueInXero: true,
  foundBy: 'key',
  lookUp: (gateway, since) => contactsSince(gateway, since),
  /** Contacts are few and their names may have changed: all are read. */
  lookUpKeys: (gateway) => contactsSince(gateway, 0),
  async findById(gateway, xeroId) {
    const row = await gateway.contactById(xeroId)
    return row && foundContact(row)
  },
  async findByIds(gateway, xeroIds) {
    const { rows, serverTime } = await gateway.contactsByIds(xeroIds)
    return { found: rows.map(foundContact), serverTime }
  },
  recognise: (facts, found) => recogniseContact(readContactFacts(facts), rowOf(found)),
  agrees: (facts, found) => hasAllArrived(readContactFacts(facts), rowOf(found).inXero.card),
  factsOf: (facts, found) => JSON.stringify(withFound(readContactFacts(facts), rowOf(found).inXero.card)),
  labelOf: (facts) => readContactFacts(facts).name,
}

function rowOf(found: Found): FoundContact {
  return found.row as FoundContact // made by foundContact
}

async function contactsSince(gateway: XeroGateway, since: number): Promise<LookUp> {
  const found: Found[] = []
  // Complete up to its first page: what is stored while later pages are read may be missed.
  let firstPageTime = Number.POSITIVE_INFINITY
  const { serverTime } = await gateway.contactsSince(since, async (rows, time) => {
    firstPageTime = Math.min(firstPageTime, time)
    found.push(...rows.map(foundContact))
  })
  return { found, serverTime: Math.min(firstPageTime, serverTime) }
}

function foundContact(row: FoundContact): Found {
  return { xeroId: row.contactId, number: row.contactNumber, status: row.status, row }
}

/** Our number first, then the name: names are unique among active contacts, so one of our name is the contact (K4). */
export function recogniseContact(
  facts: Pick<SentContactFacts, 'number' | 'name'>,
  row: FoundContact,
): Recognition {
  const sameName = nameKey(row.name) === nameKey(facts.name)
  if (facts.number !== null && row.contactNumber === facts.number) return sameName ? 'ours' : 'look-alike'
  if (!sameName || row.status !== 'ACTIVE') return 'other'
  return facts.number === null || row.contactNumber === null ? 'ours' : 'look-alike'
}
