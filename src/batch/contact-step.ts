// Which contacts are kept in step with Xero, in what, and what of one is to be sent or brought (K2, K3). The comparison itself is
// mapping/contact-merge.ts.

import type { Books } from '../accounting/books.ts'
import { type ContactCard, cardOf } from '../accounting/contact-card.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import type { LinkedContact } from '../ledger/contact-cards.ts'
import { contactNumberOf, sentFields } from '../mapping/contact.ts'
import { type ContactMerge, mergeContact } from '../mapping/contact-merge.ts'

/**
 * Of several contacts that lead to one of Xero (K5) one is kept in step with it: the one whose number it has, else the one that was
 * linked first. Otherwise they would overwrite each other for ever.
 */
export function isKeptInStep({ contact, sharedBy, inXero }: LinkedContact): boolean {
  const numbered = sharedBy.find((code) => contactNumberOf(code) === inXero?.number)
  return contact === (numbered ?? sharedBy[0])
}

/** What follows of how the contact is in the ledger and, by `xero`, in Xero. */
export function mergeLinked(
  contact: LedgerContact,
  linked: LinkedContact,
  xero: ContactCard,
  books: Books,
): ContactMerge {
  const { settings, region } = books
  return mergeContact(
    {
      base: linked.base,
      ledger: cardOf(contact),
      rows: contact.people.map((person) => person.position),
      xero,
    },
    {
      fields: sentFields(settings.contact_detail),
      hasPeople: settings.contact_detail === 'full',
      regionCode: region.code,
    },
  )
}
