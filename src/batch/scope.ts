// What a check of an entity's documents looks at beside the documents: today, who shares the organisation, and where
// every contact that they name stands. Gathered once and looked up page by page, so that memory stays flat.

import { type Books, currencyOf } from '../accounting/books.ts'
import { dateInZone, type PlainDate } from '../accounting/calendar.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import type { JournalEntry } from '../accounting/journal-entry.ts'
import type { ThingKind } from '../accounting/kinds.ts'
import type { Cents } from '../accounting/money.ts'
import { nameKey } from '../accounting/names.ts'
import { timeZoneOfXero } from '../accounting/regions.ts'
import type { Clock } from '../clock.ts'
import { entitiesOf } from '../ledger/connections.ts'
import { listContactNames, readContacts } from '../ledger/documents.ts'
import { findLinks } from '../ledger/links.ts'
import { findMirrorContacts } from '../ledger/mirror-contacts.ts'
import { type NumberedInXero, readNumbersInXero } from '../ledger/numbers-in-xero.ts'
import type { Ledger } from '../ledger/open.ts'
import { type ParentRow, readParents } from '../ledger/parents.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import type { ContactLinkState, Parent } from '../validation/context.ts'
import { checkContact } from '../validation/rules.ts'
import { matchContacts } from './match-contacts.ts'

/** Where a contact of the ledger stands with the organisation. */
export interface ContactStanding {
  contact: LedgerContact
  /** Null before the first connection. */
  link: ContactLinkState | null
  /** Codes of other contacts whose name agrees ignoring case (K1): some, where there are very many. */
  duplicatesOfName: readonly string[]
  /** What stands against creating it; empty for one that is linked. */
  findings: readonly Finding[]
}

export interface ForeseenJournal {
  label: string
  entry: JournalEntry
  findings: readonly Finding[]
}

export interface CheckScope {
  ledger: Ledger
  books: Books
  tenantId: string | null
  /** Today where the organisation is; before that is known, in the region (I3). */
  today: PlainDate
  /** Number prefix by entity, of all entities that share the organisation (D5). */
  prefixes: ReadonlyMap<string, string>
  /** Standings of these contacts; those that the ledger does not have are left out. */
  standings(codes: readonly string[]): Promise<ReadonlyMap<string, ContactStanding>>
  /** What documents of Xero that are not the ledger's come to, by their numbers in upper case (numbers-in-xero.ts). */
  numbersInXero(kind: NumberedInXero): Promise<ReadonlyMap<string, readonly Cents[]>>
  /** Contacts that sendable things need and that are not linked yet, by code: filled while things are checked. */
  readonly neededContacts: Map<string, ContactStanding>
  /** Codes of items that sendable documents name: filled while they are checked. */
  readonly neededItems: Set<string>
  /**
   * `kind/id` of things that nothing stands against in this check: filled while things are checked. Where `assumesPlanned` is
   * false only what takes something off a document.
   */
  readonly planned: Set<string>
  /**
   * Journals that a run would make itself, by `kind/id`, and what stands against them; null for one that it would drop. Filled
   * where nothing is made (`underived`).
   */
  readonly foreseen: Map<string, ForeseenJournal | null>
  /** Kinds that a run has dealt with: filled by the run, and empty where nothing is sent. */
  readonly visited: Set<ThingKind>
  /**
   * Whether what is planned counts as a parent: in a plan and in `validate`, where nothing is sent. In a run parents are
   * in Xero by the time that their children are checked.
   */
  readonly assumesPlanned: boolean
  /** Whether what is held back counts as waiting: where a copy is looked for in Xero, and nothing is sent (adopt.ts). */
  readonly isHeldToo?: boolean
  /** Documents as what hangs on them sees them (E4); those that the ledger does not have are left out. */
  parents(ids: readonly string[]): Promise<ReadonlyMap<string, StandingParent>>
}

/** A document as what hangs on it sees it, with what is known of it in Xero. */
export type StandingParent = ParentRow & Parent

export async function openScope(
  ledger: Ledger,
  books: Books,
  tenantId: string | null,
  clock: Clock,
  options: { assumesPlanned: boolean } = { assumesPlanned: false },
): Promise<CheckScope> {
  const prefixes = new Map([[books.entity.code, books.settings.number_prefix]])
  for (const entity of tenantId === null ? [] : await entitiesOf(ledger, tenantId)) {
    if (!prefixes.has(entity))
      prefixes.set(entity, (await readStoredSettings(ledger, entity)).get('number_prefix') ?? '')
  }
  const codesOfName = new Map<string, string[]>()
  for (const { code, name } of await listContactNames(ledger)) {
    const known = codesOfName.get(nameKey(name))
    if (known) known.push(code)
    else codesOfName.set(nameKey(name), [code])
  }
  const known = new Map<string, ContactStanding>()
  const planned = new Set<string>()
  const numbers = new Map<NumberedInXero, ReadonlyMap<string, readonly Cents[]>>()
  return {
    neededContacts: new Map(),
    neededItems: new Set(),
    planned,
    foreseen: new Map(),
    visited: new Set(),
    assumesPlanned: options.assumesPlanned,
    parents: (ids) => findParents(ledger, books, ids, options.assumesPlanned ? planned : new Set()),
    numbersInXero: async (kind) => {
      const read =
        numbers.get(kind) ?? (tenantId === null ? new Map() : await readNumbersInXero(ledger, tenantId, kind))
      numbers.set(kind, read)
      return read
    },
    ledger,
    books,
    tenantId,
    today: todayOf(books, clock),
    prefixes,
    standings: async (codes) => {
      const missing = [...new Set(codes)].filter((code) => !known.has(code))
      if (missing.length > 0) {
        for (const standing of await findStandings(ledger, books, tenantId, missing, codesOfName)) {
          known.set(standing.contact.code, standing)
        }
      }
      return known
    },
  }
}

/** `planned`: `kind/id` of what counts as sent. Without it, as in a run that is about to send, nothing does. */
export async function findParents(
  ledger: Ledger,
  books: Books,
  ids: readonly string[],
  planned: ReadonlySet<string> = new Set(),
): Promise<Map<string, StandingParent>> {
  const rows = await readParents(ledger, ids)
  return new Map(
    [...rows.values()].map((row) => [
      row.id,
      { ...row, currency: currencyOf(row, books), standing: standingOf(row, planned) },
    ]),
  )
}

function standingOf(row: ParentRow, planned: ReadonlySet<string>): Parent['standing'] {
  // What a person holds back is left alone, and so is what hangs on it (M4).
  if (row.heldReason !== null && row.state !== 'uncertain' && row.state !== 'sending') return 'waiting'
  // What was marked at cutover counts as exported without ever having been sent, linked with Xero or not (M1).
  if (row.state === 'mock_exported' || (row.state === 'exported' && row.xeroId !== null)) return 'exported'
  if (row.state === 'sending' || row.state === 'uncertain') return 'uncertain'
  return planned.has(`${row.kind}/${row.id}`) ? 'planned' : 'waiting'
}

export function todayOf(books: Books, clock: Clock): PlainDate {
  const zone = books.mirror ? timeZoneOfXero(books.mirror.organisation.timezone) : null
  return dateInZone(clock.now(), zone ?? books.region.timeZone)
}

async function findStandings(
  ledger: Ledger,
  books: Books,
  tenantId: string | null,
  codes: readonly string[],
  codesOfName: ReadonlyMap<string, string[]>,
): Promise<ContactStanding[]> {
  const contacts = [...(await readContacts(ledger, codes)).values()]
  const linkOf = await linkStates(ledger, books, tenantId, contacts)
  return contacts.map((contact) => {
    const link = linkOf.get(contact.code) ?? null
    const duplicatesOfName = someOthers(codesOfName.get(nameKey(contact.name)), contact.code)
    const isLinked = link?.state === 'linked'
    const findings = isLinked ? [] : checkContact(contact, { books, contactLink: link, duplicatesOfName })
    return { contact, link, duplicatesOfName, findings }
  })
}

/** Up to three others that share something with this one: ten thousand contacts named “Cash” must not be listed for each. */
export function someOthers(all: readonly string[] | undefined, own: string): string[] {
  return (all ?? [])
    .slice(0, 4)
    .filter((one) => one !== own)
    .slice(0, 3)
}

/** No states before the mirror of contacts was read: nothing can be said then. */
async function linkStates(
  ledger: Ledger,
  books: Books,
  tenantId: string | null,
  contacts: readonly LedgerContact[],
): Promise<Map<string, ContactLinkState>> {
  const states = new Map<string, ContactLinkState>()
  if (tenantId === null || books.mirror === null) return states
  const links = await findLinks(
    ledger,
    tenantId,
    contacts.map((contact) => contact.code),
  )
  const ids = [...links.values()].map((link) => link.xeroContactId)
  const mirrored = await findMirrorContacts(ledger, tenantId, { ids })
  const byId = new Map(mirrored.map((one) => [one.contactId, one]))
  for (const [code, { xeroContactId }] of links)
    states.set(code, { state: 'linked', xeroContactId, mirror: byId.get(xeroContactId) ?? null })
  const unlinked = contacts.filter((contact) => !links.has(contact.code))
  for (const [code, { match }] of await matchContacts(ledger, books, tenantId, unlinked))
    states.set(code, { state: 'unlinked', match })
  return states
}
