// Which contacts of Xero the unlinked ones of the ledger are (K4): for documents that need them, and for a person who asks. The rule
// itself is mapping/contact-matching.ts.

import type { Books } from '../accounting/books.ts'
import type { LedgerContact, MirrorContact } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'
import { listContactNames, readContacts } from '../ledger/documents.ts'
import { findLinksTo, findUnlinkedContacts } from '../ledger/links.ts'
import { findMirrorContacts } from '../ledger/mirror-contacts.ts'
import type { Ledger } from '../ledger/open.ts'
import { contactNumberOf } from '../mapping/contact.ts'
import { type ContactMatch, matchContact } from '../mapping/contact-matching.ts'

export interface ContactInQuestion {
  contact: LedgerContact
  match: ContactMatch
  /** Contacts of Xero that share its name or number, by id. */
  candidates: ReadonlyMap<string, MirrorContact>
}

/** What the mirror says of these unlinked contacts, by code. */
export async function matchContacts(
  ledger: Ledger,
  { settings, region }: Pick<Books, 'settings' | 'region'>,
  tenantId: string,
  contacts: readonly LedgerContact[],
): Promise<Map<string, ContactInQuestion>> {
  const mirrored = await findMirrorContacts(ledger, tenantId, {
    nameKeys: contacts.map((contact) => nameKey(contact.name)),
    numbers: contacts.map((contact) => contactNumberOf(contact.code)),
  })
  const linkedTo = await findLinksTo(
    ledger,
    tenantId,
    mirrored.map((one) => one.contactId),
  )
  const byName = groupBy(mirrored, (one) => nameKey(one.name))
  const byNumber = groupBy(mirrored, (one) => one.contactNumber ?? '')
  const rule = { mode: settings.contact_match, regionCode: region.code, linkedTo }
  return new Map(
    contacts.map((contact) => {
      const candidates = new Set([
        ...(byName.get(nameKey(contact.name)) ?? []),
        ...(byNumber.get(contactNumberOf(contact.code)) ?? []),
      ])
      const match = matchContact(contact, [...candidates], rule)
      const byId = new Map([...candidates].map((one) => [one.contactId, one]))
      return [contact.code, { contact, match, candidates: byId }]
    }),
  )
}

const pageSize = 200

/**
 * Every contact of the ledger that is not linked in the organisation, page by page, by code. Two of one name are sure matches of
 * nothing, since both would become one (K1).
 */
export async function* matchUnlinked(
  ledger: Ledger,
  books: Pick<Books, 'settings' | 'region'>,
  tenantId: string,
): AsyncGenerator<readonly ContactInQuestion[]> {
  const codesOfName = groupBy(await listContactNames(ledger), ({ name }) => nameKey(name))
  const codes = await findUnlinkedContacts(ledger, tenantId)
  for (let start = 0; start < codes.length; start += pageSize) {
    const contacts = await readContacts(ledger, codes.slice(start, start + pageSize))
    const page = await matchContacts(ledger, books, tenantId, [...contacts.values()])
    yield [...page.values()].map((one) => {
      const namesakes = codesOfName.get(nameKey(one.contact.name)) ?? []
      const [other] = namesakes.filter(({ code }) => code !== one.contact.code)
      return other && one.match.outcome === 'match' ? withNamesake(one, other.code) : one
    })
  }
}

function withNamesake(one: ContactInQuestion, other: string): ContactInQuestion {
  const why = `The ledger has two contacts of that name: this one and ${other}.`
  return { ...one, match: { outcome: 'ambiguous', xeroContactIds: [...one.candidates.keys()], why } }
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
