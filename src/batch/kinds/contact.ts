// The row of contacts in the table of kinds. What a contact looks like in Xero is mapping/contact.ts; which contacts a run needs is
// contacts.ts, how those that Xero has are changed contact-change.ts.

import { type ContactCard, cardOf } from '../../accounting/contact-card.ts'
import type { LedgerContact } from '../../accounting/documents.ts'
import type { EntitySettings } from '../../accounting/settings.ts'
import { readContacts } from '../../ledger/documents.ts'
import { findMirrorContacts } from '../../ledger/mirror-contacts.ts'
import type { Ledger } from '../../ledger/open.ts'
import { readThings } from '../../ledger/things.ts'
import { type ContactChange, mapContact, morePeopleMax } from '../../mapping/contact.ts'
import { contactFacts, withAnswer } from '../../mapping/contact-facts.ts'
import { contactHash } from '../../mapping/facts.ts'
import { checkPeople } from '../../validation/contact-rules.ts'
import type { RunContext } from '../context.ts'
import type { KindRow, Loaded, LoadedThing } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { checkContactPage, loadContactChanges } from './contact-change.ts'

export const contactKind: KindRow = {
  kind: 'contact',
  isLeftOut: () => false,
  /** Contacts that Xero has not are judged with the documents that need them. */
  checkPage: checkContactPage,
  /** A call creates or changes, never both. */
  load: (context, planned) =>
    planned.some((thing) => thing.operation === 'update')
      ? loadContactChanges(context, planned)
      : loadNewContacts(context, planned),
}

async function loadNewContacts(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books, lease } = context
  const ids = planned.map((thing) => thing.id)
  const states = await readThings(ledger, { kind: 'contact', ids, entity: books.entity.code })
  const revisions = new Map(states.map((state) => [state.sourceId, state.revision]))
  const contacts = await readContacts(ledger, ids)
  const mapped = [...contacts.values()].map((contact) => ({ contact, ...mapContact(contact, { books }) }))
  const taken = await numbersTaken(
    ledger,
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
    const ledgerCard = cardOf(contact)
    const sent = contactFacts({
      number,
      name: facts.name,
      region: books.region.code,
      sent: sentOf(ledgerCard, books.settings),
      ledger: ledgerCard,
      before: null,
    })
    things.push({
      ...newContact(contact, revision),
      facts: JSON.stringify(sent),
      key: number,
      name: facts.name,
      payload: { model },
      factsOf: ({ contact: answer }) => JSON.stringify(answer ? withAnswer(sent, answer.card) : sent),
      compare: () => checkPeople(contact, { books }),
    })
  }
  return { things, skipped: [], unchanged: [] }
}

function newContact(contact: LedgerContact, revision: number) {
  return {
    sourceId: contact.code,
    label: contact.code,
    revision,
    factsHash: contactHash(contact),
    channel: 'contacts' as const,
    operation: 'create' as const,
    method: 'PUT' as const,
    path: '/Contacts?summarizeErrors=false',
  }
}

function sentOf({ fields, people }: ContactCard, { contact_detail }: EntitySettings): ContactChange {
  if (contact_detail === 'full') return { send: fields, sendPeople: people.slice(0, morePeopleMax) }
  return { send: fields.name === undefined ? {} : { name: fields.name }, sendPeople: null }
}

async function numbersTaken(
  ledger: Ledger,
  tenantId: string,
  numbers: readonly string[],
): Promise<Set<string>> {
  const holders = await findMirrorContacts(ledger, tenantId, { numbers })
  return new Set(holders.flatMap((holder) => holder.contactNumber ?? []))
}
