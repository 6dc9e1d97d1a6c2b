// Contacts as Xero has them, for tests of both ways: cards with what a test speaks of, and nothing else.

import type { CardFields, CardPerson, ContactCard, ContactInXero } from '../../src/accounting/contact-card.ts'

export function aCard(fields: CardFields = {}, people: readonly CardPerson[] = []): ContactCard {
  return { fields, people }
}

/** “Ann Lee <ann@x.test>” is a person; without `<…>` one without an e-mail. `!` at the end: gets the e-mails. */
export function aPerson(text: string, position = 1): CardPerson {
  const [, names = '', email = ''] = /^([^<!]*?)\s*(?:<(.*)>)?!?$/.exec(text) ?? []
  const [firstName = '', lastName = ''] = names.split(' ')
  return { position, firstName, lastName, email, includeInEmails: text.endsWith('!') }
}

export function aContactInXero(contact: Partial<ContactInXero> = {}): ContactInXero {
  return { card: aCard(), phones: [], addresses: [], isCustomer: false, isSupplier: false, ...contact }
}
