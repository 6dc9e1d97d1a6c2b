// The row of contacts in the table of kinds. What a contact looks like in Xero is mapping/contact.ts; which contacts a
// run needs is contacts.ts.

import { readContacts } from '../../ledger/documents.ts'
import { findMirrorContacts } from '../../ledger/mirror-contacts.ts'
import { readThings } from '../../ledger/things.ts'
import { mapContact } from '../../mapping/contact.ts'
import { contactHash } from '../../mapping/facts.ts'
import type { SentContactFacts } from '../channels/contacts.ts'
import { type KindRow, type LoadedThing, noVerdicts } from '../kind-row.ts'

export const contactKind: KindRow = {
  kind: 'contact',
  isLeftOut: () => false,
  /** Contacts are judged with the documents that need them. */
  checkPage: async () => noVerdicts(),

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
      const sent: SentContactFacts = { number, name: facts.name }
      things.push({
        sourceId: contact.code,
        label: contact.code,
        revision,
        factsHash: contactHash(contact),
        facts: JSON.stringify(sent),
        channel: 'contacts',
        operation: 'create',
        method: 'PUT',
        path: '/Contacts?summarizeErrors=false',
        key: number,
        name: facts.name,
        payload: { model },
        compare: () => [],
      })
    }
    return { things, skipped: [], unchanged: [] }
  },
}

async function numbersTaken(
  ledger: Parameters<typeof findMirrorContacts>[0],
  tenantId: string,
  numbers: readonly string[],
): Promise<Set<string>> {
  const holders = await findMirrorContacts(ledger, tenantId, { numbers })
  return new Set(holders.flatMap((holder) => holder.contactNumber ?? []))
}
