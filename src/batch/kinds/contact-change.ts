// Changes of contacts that Xero has (K3): which are to be sent, and how they go out. Each is read back first, so that what people
// changed there stays, but for the fields that the ledger changed too.

import { cardOf } from '../../accounting/contact-card.ts'
import type { LedgerContact } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { findOpenContacts, type LinkedContact, readLinkedContacts } from '../../ledger/contact-cards.ts'
import { readContacts } from '../../ledger/documents.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { readWaiting } from '../../ledger/waiting.ts'
import { mapContactChange } from '../../mapping/contact.ts'
import { contactFacts, withAnswer } from '../../mapping/contact-facts.ts'
import { type ContactMerge, sendsSomething } from '../../mapping/contact-merge.ts'
import { contactHash } from '../../mapping/facts.ts'
import { contactChangeSizeBound } from '../../mapping/size.ts'
import { leftOutPeople, sharedInXero } from '../../validation/contact-rules.ts'
import { checkContact } from '../../validation/rules.ts'
import type { FoundContact } from '../../xero/found.ts'
import { isKeptInStep, mergeLinked } from '../contact-step.ts'
import type { RunContext } from '../context.ts'
import { type Loaded, type LoadedThing, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'

/** What the rules say of contacts that Xero has and that were written since. */
export async function checkContactPage(scope: CheckScope, codes: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books, tenantId } = scope
  const page = noVerdicts()
  if (tenantId === null) return page
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'contact', ids: codes })
  const contacts = await readContacts(ledger, codes)
  const links = await readLinkedContacts(ledger, tenantId, codes)
  for (const code of codes) {
    const contact = contacts.get(code)
    const linked = links.get(code)
    const thing = waiting.get(code)
    if (!contact || !linked || thing?.state !== 'exported') continue
    // Xero takes no change of an archived contact: it waits until somebody restores it there.
    if ((linked.inXero?.status ?? 'ACTIVE') !== 'ACTIVE') continue
    const { isToSend, findings } = judgeChange(scope, contact, linked)
    if (!isToSend) page.unchanged.push({ id: code, revision: thing.revision })
    const error = findings.find((finding) => finding.severity === 'error')
    if (isToSend || findings.length > 0)
      page.checked.push({
        id: code,
        verdict: error ? 'failed' : null,
        reason: error?.message ?? null,
        findings,
      })
    if (isToSend && !error) page.sendable.push(plannedChange(contact, linked, thing.revision))
  }
  return page
}

interface Judgement {
  isToSend: boolean
  findings: readonly Finding[]
}

const nothingToSend: Judgement = { isToSend: false, findings: [] }

/** Inactive contacts are never sent (K7). What Xero has is looked at again when the change is sent, should it not be known here. */
function judgeChange({ books }: CheckScope, contact: LedgerContact, linked: LinkedContact): Judgement {
  if (!contact.active) return nothingToSend
  if (!isKeptInStep(linked)) return { isToSend: false, findings: [sharedInXero(contact, linked.sharedBy)] }
  const card = linked.inXero?.card
  const merge = card ? mergeLinked(contact, linked, card, books) : null
  if (merge && !sendsSomething(merge)) return nothingToSend
  const { xeroContactId } = linked
  const findings = checkContact(contact, {
    books,
    contactLink: { state: 'linked', xeroContactId, mirror: null },
    duplicatesOfName: [],
  }).filter(({ code }) => merge === null || code !== 'people-left-out')
  return {
    isToSend: true,
    findings: merge ? [...findings, ...leftOutPeople(contact, merge.leftOut)] : findings,
  }
}

function plannedChange(contact: LedgerContact, { inXero }: LinkedContact, revision: number): PlannedThing {
  const bytes = contactChangeSizeBound(contact, inXero?.card ?? null)
  return { id: contact.code, revision, operation: 'update', group: '', bytes, money: null }
}

/** Payloads of changes, against what Xero has in this moment. What changed since the check waits for the next run. */
export async function loadContactChanges(
  context: RunContext,
  planned: readonly PlannedThing[],
): Promise<Loaded> {
  const { ledger, books, lease, gateway } = context
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  const codes = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'contact', ids: codes })
  const contacts = await readContacts(ledger, codes)
  const links = await readLinkedContacts(ledger, lease.tenantId, codes)
  const open = await findOpenContacts(ledger, lease.tenantId, codes)
  const { rows } = await gateway.contactsByIds([...links.values()].map((linked) => linked.xeroContactId))
  const inXero = new Map(rows.map((row) => [row.contactId, row]))
  for (const { id, revision } of planned) {
    const contact = contacts.get(id)
    const linked = links.get(id)
    const thing = waiting.get(id)
    if (!contact || !linked || thing?.state !== 'exported' || thing.revision !== revision) continue
    const row = inXero.get(linked.xeroContactId)
    if (!row) loaded.skipped.push(goneFromXero(contact, linked))
    // What another entity sent of it, and nobody knows yet whether it arrived, must not come after this.
    else if (row.status === 'ACTIVE' && !open.has(id))
      loadChange(context, { contact, linked, revision }, row, loaded)
  }
  return loaded
}

function loadChange(
  { books }: RunContext,
  { contact, linked, revision }: { contact: LedgerContact; linked: LinkedContact; revision: number },
  row: FoundContact,
  loaded: Loaded,
): void {
  const merge = mergeLinked(contact, linked, row.inXero.card, books)
  if (!sendsSomething(merge))
    loaded.unchanged.push({ id: contact.code, revision, factsHash: contactHash(contact) })
  // Changed in Xero since it was last read: the next run reads that, and says so.
  else if (books.settings.contact_sync === 'push' || merge.conflicts.length === 0)
    loaded.things.push(changedContact(contact, { linked, revision, merge, region: books.region.code }, row))
}

function changedContact(
  contact: LedgerContact,
  change: { linked: LinkedContact; revision: number; merge: ContactMerge; region: string },
  row: FoundContact,
): LoadedThing {
  const { linked, revision, merge, region } = change
  const name = merge.send.name ?? row.name
  const facts = contactFacts({
    number: row.contactNumber,
    name,
    region,
    sent: { send: merge.send, sendPeople: merge.sendPeople },
    ledger: cardOf(contact),
    before: linked.base.xero ?? row.inXero.card,
  })
  return {
    sourceId: contact.code,
    label: contact.code,
    revision,
    factsHash: contactHash(contact),
    facts: JSON.stringify(facts),
    channel: 'contacts',
    operation: 'update',
    method: 'POST',
    path: '/Contacts?summarizeErrors=false',
    key: row.contactNumber,
    name,
    payload: { model: mapContactChange(linked.xeroContactId, merge, row.inXero) },
    factsOf: ({ contact: answer }) => JSON.stringify(answer ? withAnswer(facts, answer.card) : facts),
    // Said of what went out too: an outcome takes the place of what was said before it.
    compare: () => leftOutPeople(contact, merge.leftOut),
  }
}

function goneFromXero({ code, name }: LedgerContact, { xeroContactId }: LinkedContact): CheckedThing {
  const finding: Finding = {
    kind: 'contact',
    id: code,
    number: code,
    code: 'edited-in-xero',
    severity: 'error',
    field: null,
    message: `Contact ${code} (${name}) was changed in the ledger, and Xero knows no contact ${xeroContactId}, to which it is linked.`,
    why: 'The link was made by hand to something that is no contact of this organisation.',
    fix: `Link it to the right contact with auxo-sync contacts link ${code}, or run auxo-sync contacts unlink ${code} to have it looked for again.`,
    xeroMessages: [],
  }
  return { id: code, verdict: 'failed', reason: finding.message, findings: [finding] }
}
