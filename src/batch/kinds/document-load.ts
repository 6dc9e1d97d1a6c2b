// Documents as elements of a call, as the ledger has them now: those that Xero is to create here, those that it has already through
// document-change.ts. What a document looks like in Xero is mapping/document.ts.

import type { Books } from '../../accounting/books.ts'
import type { LedgerDocument } from '../../accounting/documents.ts'
import { type DocumentKind, kindNames, type ThingKind } from '../../accounting/kinds.ts'
import { assignNumbers } from '../../ledger/assigned-numbers.ts'
import { readDocuments } from '../../ledger/documents.ts'
import { findLinks } from '../../ledger/links.ts'
import { findOrderFacts } from '../../ledger/orders.ts'
import { readParents } from '../../ledger/parents.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { mapDocument, type SentDocumentFacts } from '../../mapping/document.ts'
import { formOf } from '../../mapping/document-form.ts'
import { creditNumber } from '../../mapping/document-number.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { recogniseSupplierCredit, unknownContact } from '../channels/documents.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, LoadedThing, LoadPurpose } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { loadChanges } from './document-change.ts'
import { loadDocumentJournals } from './document-journal.ts'
import { type ReadyDocument, sentThing } from './document-thing.ts'

export async function loadDocuments(
  context: RunContext,
  kind: DocumentKind,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books, lease } = context
  const ids = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind, ids })
  const documents = await readDocuments(ledger, ids)
  const contacts = [...documents.values()].flatMap((document) => document.contact ?? [])
  const links = await findLinks(ledger, lease.tenantId, contacts)
  const numbers = await numbersOf(context, kind, [...documents.values()])
  const skipped: CheckedThing[] = []
  const ready: ReadyDocument[] = []
  for (const { id, revision, operation } of planned) {
    const document = documents.get(id)
    const thing = waiting.get(id)
    if (!document || thing?.revision !== revision) continue
    if (operation === 'create' ? !isSendable(thing.state) : thing.state !== 'exported') continue
    if (document.status !== (operation === 'void' ? 'void' : 'sent')) continue
    const link = links.get(document.contact ?? '')
    // A copy of the ledger may have lost the link, and Xero have the document all the same.
    if (link || operation === 'void' || purpose === 'adopt' || isJournal(document, thing, books))
      ready.push({
        document,
        thing,
        xeroContactId: link?.xeroContactId ?? unknownContact,
        number: numbers.get(id) ?? null,
      })
    else skipped.push(contactNotThere(document))
  }
  const operation = planned[0]?.operation ?? 'create'
  const free = operation === 'create' ? await withoutTwins(context, ready) : ready
  const journals = free.filter((one) => isJournal(one.document, one.thing, books))
  const others = free.filter((one) => !journals.includes(one))
  const posted = await loadDocumentJournals(context, operation, journals)
  const sent =
    operation === 'create'
      ? await loadCreations(context, others)
      : await loadChanges(context, operation, others)
  return {
    things: [...posted.things, ...sent.things],
    skipped: [...skipped, ...posted.skipped, ...sent.skipped],
    unchanged: [...posted.unchanged, ...sent.unchanged],
  }
}

/**
 * An order and the bill that names it are one purchase (B1). Whichever came into the ledger after the other was checked waits for
 * the next run, whose rules say so.
 */
async function withoutTwins(
  context: RunContext,
  ready: readonly ReadyDocument[],
): Promise<readonly ReadyDocument[]> {
  const { billed, posted } = await findOrderFacts(
    context.ledger,
    ready.map((one) => one.document),
  )
  return ready.filter(({ document }) => {
    if (document.kind === 'bill') return !posted.has(document.sourceDocument ?? '')
    return formOf(document, context.books) !== 'order_as_bill' || !billed.has(document.id)
  })
}

/** What went out keeps its form; only before that the settings say (J4). */
function isJournal(document: LedgerDocument, { facts }: WaitingThing, books: Books): boolean {
  return facts === null ? formOf(document, books) === 'journal' : isSentAsJournal(facts)
}

async function loadCreations(context: RunContext, ready: readonly ReadyDocument[]): Promise<Loaded> {
  const things = ready.map((one) => createdThing(context, one))
  return { things: await withKnownIds(context, things), skipped: [], unchanged: [] }
}

/** Numbers for credits against an order that have none: fixed from now on (B4). */
async function numbersOf(
  context: RunContext,
  kind: DocumentKind,
  documents: readonly LedgerDocument[],
): Promise<Map<string, string>> {
  const unnumbered = documents.filter(
    (document) =>
      document.kind === 'supplier_credit' && document.number.trim() === '' && document.sourceDocument,
  )
  if (unnumbered.length === 0) return new Map()
  const orders = await readParents(
    context.ledger,
    unnumbered.map((document) => document.sourceDocument ?? ''),
  )
  const requests = unnumbered.flatMap((document) => {
    const order = orders.get(document.sourceDocument ?? '')
    return order
      ? [{ id: document.id, parent: order.id, numberOf: (n: number) => creditNumber(order.number, n) }]
      : []
  })
  return assignNumbers(context.ledger, { entity: context.books.entity.code, kind }, requests)
}

function createdThing(
  context: RunContext,
  { document, thing, xeroContactId, number }: ReadyDocument,
): LoadedThing {
  const mapping = mapDocument(document, { books: context.books, xeroContactId, number })
  const isNumbered = number !== null && document.number.trim() === ''
  return {
    ...sentThing(document, thing, mapping.facts),
    ...(isNumbered ? { factsAs: (other) => renumbered(mapping.facts, other) } : {}),
    operation: 'create',
    method: 'PUT',
    payload: { model: mapping.model },
  }
}

/** The same under another number of its order (B4). */
function renumbered(facts: SentDocumentFacts, number: string): string | null {
  const count = facts.number?.replace(/\d+$/, '')
  return number.replace(/\d+$/, '') === count ? JSON.stringify({ ...facts, number }) : null
}

/**
 * Supplier credits carry nothing of ours: what looks like one of them before the call is not of it (Exactly once, 1). All
 * supplier credits of their days are read, which is one call as a rule.
 */
export async function withKnownIds(context: RunContext, things: LoadedThing[]): Promise<LoadedThing[]> {
  const credits = things.filter((thing) => thing.channel === 'supplier_credits')
  if (credits.length === 0) return things
  const facts = credits.map((thing) => JSON.parse(thing.facts) as SentDocumentFacts) // of createdThing
  const dates = facts.map((one) => one.date).sort()
  const [from] = dates
  const to = dates.at(-1)
  if (from === undefined || to === undefined) return things
  const { rows } = await context.gateway.supplierCreditsDated(from, to)
  return things.map((thing) => {
    const own = facts[credits.indexOf(thing)]
    if (!own) return thing
    const alike = rows.filter((row) => recogniseSupplierCredit(own, row) !== 'other')
    return { ...thing, knownIds: alike.map((row) => row.xeroId) }
  })
}

/** The contact was refused or its outcome is not known: the document is taken up next time (E4). */
export function contactNotThere({
  kind,
  id,
  number,
  contact,
}: Pick<LedgerDocument, 'id' | 'number' | 'contact'> & { kind: ThingKind }): CheckedThing {
  const name = kindNames[kind].one
  return {
    id,
    verdict: 'skipped',
    reason: `contact ${contact} is not in Xero yet`,
    findings: [
      {
        kind,
        id,
        number,
        code: 'parent-not-exported',
        severity: 'error',
        field: 'contact',
        message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number} was not sent, because its contact ${contact} is not in Xero yet.`,
        why: `${/^[aeiou]/.test(name) ? 'An' : 'A'} ${name} can only be sent once its contact is in Xero.`,
        fix: `See why the contact was not created (auxo-sync status), mend that and export again: the ${name} goes along by itself.`,
        xeroMessages: [],
      },
    ],
  }
}
