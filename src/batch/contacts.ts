// The contacts of a run (K1, K4, K5): those that the documents need and Xero has are linked without a call, the others
// are planned to be created first.

import { recordLinks } from '../ledger/links.ts'
import { ensureThings, readThings } from '../ledger/things.ts'
import { contactSizeBound } from '../mapping/size.ts'
import type { RunContext } from './context.ts'
import type { PlannedThing } from './plan.ts'
import type { ContactStanding } from './scope.ts'

/** What creating these contacts takes: pure, for the plan. `revision` is filled in once they are things of the ledger. */
export function contactsToCreate(contacts: ReadonlyMap<string, ContactStanding>): PlannedThing[] {
  return [...contacts.values()]
    .filter((standing) => standing.link?.state === 'unlinked' && standing.link.match.outcome === 'none')
    .map(({ contact }) => ({
      id: contact.code,
      revision: 0,
      operation: 'create' as const,
      group: '',
      bytes: contactSizeBound(contact),
      money: null,
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Links what matches, and gives back what is to be created. */
export async function linkAndPlanContacts(
  context: RunContext,
  contacts: ReadonlyMap<string, ContactStanding>,
): Promise<PlannedThing[]> {
  const { ledger, lease, runId, books } = context
  const matches = [...contacts.values()].flatMap(({ contact, link }) =>
    link?.state === 'unlinked' && link.match.outcome === 'match'
      ? [{ contact: contact.code, xeroContactId: link.match.xeroContactId }]
      : [],
  )
  await recordLinks(ledger, lease.tenantId, matches, { madeBy: 'match', who: 'auxo-sync', run: runId })
  const planned = contactsToCreate(contacts)
  const codes = planned.map((thing) => thing.id)
  await ensureThings(ledger, { entity: books.entity.code, kind: 'contact' }, codes)
  const things = await readThings(ledger, { kind: 'contact', ids: codes, entity: books.entity.code })
  // A contact whose creation is still uncertain waits for its outcome; its documents are skipped.
  const free = new Map(
    things
      .filter((thing) => thing.state === 'pending' || thing.state === 'failed' || thing.state === 'skipped')
      .map((thing) => [thing.sourceId, thing.revision]),
  )
  return planned.flatMap((thing) => {
    const revision = free.get(thing.id)
    return revision === undefined ? [] : [{ ...thing, revision }]
  })
}
