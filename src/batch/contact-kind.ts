// The row of contacts in the table of kinds. What a contact looks like in Xero is mapping/contact.ts; which contacts a
// run needs is contacts.ts.

import { nameKey } from '../accounting/names.ts'
import { readContacts } from '../ledger/documents.ts'
import { findMirrorContacts } from '../ledger/mirror.ts'
import { readThings } from '../ledger/things.ts'
import { type ContactFacts, mapContact } from '../mapping/contact.ts'
import { contactHash } from '../mapping/facts.ts'
import type { FoundContact } from '../xero/gateway.ts'
import type { Found, KindRow, LoadedThing, Recognition } from './kind-row.ts'

export const contactKind: KindRow = {
  kind: 'contact',
  list: 'Contacts',
  create: { method: 'PUT', path: '/Contacts?summarizeErrors=false' },
  isUniqueInXero: true,

  async load(context, planned) {
    const { ledger, books, lease } = context
    const ids = planned.map((thing) => thing.id)
    const states = await readThings(ledger, { kind: 'contact', ids, entity: books.entity.code })
    const revisions = new Map(states.map((state) => [state.sourceId, state.revision]))
    const contacts = await readContacts(ledger, ids)
    const mapped = [...contacts.values()].map((contact) => ({ contact, ...mapContact(contact, { books }) }))
    const taken = await numbersTaken(
      context.ledger,
      lease.tenantId,
      mapped.map(({ facts }) => facts.number),
    )
    const things: LoadedThing[] = []
    for (const { contact, model, facts } of mapped) {
      const revision = revisions.get(contact.code)
      if (revision === undefined) continue
      // An archived contact of Xero still owns its number (§4.2): the new one goes without, and is known by its name.
      const number = taken.has(facts.number) ? null : facts.number
      if (number === null) delete model.contactNumber
      things.push({
        sourceId: contact.code,
        label: contact.code,
        revision,
        factsHash: contactHash(contact),
        facts: JSON.stringify({ number, name: facts.name }),
        key: number,
        name: facts.name,
        model,
        compare: () => [],
      })
    }
    return { things, skipped: [] }
  },

  async lookUp(gateway, since) {
    const found: Found[] = []
    // Complete up to its first page: what is stored while later pages are read may be missed.
    let firstPageTime = Number.POSITIVE_INFINITY
    const { serverTime } = await gateway.contactsSince(since, async (contacts, time) => {
      firstPageTime = Math.min(firstPageTime, time)
      found.push(...contacts.map(foundContact))
    })
    return { found, serverTime: Math.min(firstPageTime, serverTime) }
  },

  /** Contacts are few and their names may have changed: all are read. */
  lookUpKeys(gateway) {
    return contactKind.lookUp(gateway, 0)
  },

  recognise(facts, found) {
    return recogniseContact(factsOf(facts), found.row as FoundContact) // made by foundContact
  },

  labelOf: (facts) => factsOf(facts).name,
}

interface SentContactFacts extends Omit<ContactFacts, 'number'> {
  number: string | null
}

function factsOf(facts: string): SentContactFacts {
  return JSON.parse(facts) as SentContactFacts // written by load
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

async function numbersTaken(
  ledger: Parameters<typeof findMirrorContacts>[0],
  tenantId: string,
  numbers: readonly string[],
): Promise<Set<string>> {
  const holders = await findMirrorContacts(ledger, tenantId, { numbers })
  return new Set(holders.flatMap((holder) => holder.contactNumber ?? []))
}
