// The channel of contacts: found by our number, else by name (K4). What a contact looks like in Xero is mapping/contact.ts.

import { nameKey } from '../../accounting/names.ts'
import type { ContactFacts } from '../../mapping/contact.ts'
import type { FoundContact, XeroGateway } from '../../xero/gateway.ts'
import type { Channel, Found, LookUp, Recognition } from './channel.ts'

/** `number` is null where an archived contact of Xero holds it. */
export interface SentContactFacts extends Omit<ContactFacts, 'number'> {
  number: string | null
}

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
  recognise: (facts, found) => recogniseContact(factsOf(facts), found.row as FoundContact), // made by foundContact
  agrees: (facts, found) => recogniseContact(factsOf(facts), found.row as FoundContact) === 'ours', // as above
  labelOf: (facts) => factsOf(facts).name,
}

function factsOf(facts: string): SentContactFacts {
  return JSON.parse(facts) as SentContactFacts // written by kinds/contact.ts
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
export function recogniseContact(facts: SentContactFacts, row: FoundContact): Recognition {
  const sameName = nameKey(row.name) === nameKey(facts.name)
  if (facts.number !== null && row.contactNumber === facts.number) return sameName ? 'ours' : 'look-alike'
  if (!sameName || row.status !== 'ACTIVE') return 'other'
  return facts.number === null || row.contactNumber === null ? 'ours' : 'look-alike'
}
