// What is remembered of a contact that was sent: by what Xero can find it again, what of it was sent, and what both sides say of it
// once that arrived (K3). Pure; written down with each call about contacts.

import {
  type CardFields,
  type CardPerson,
  type ContactCard,
  type ContactField,
  personKey,
} from '../accounting/contact-card.ts'
import type { ContactChange, ContactFacts } from './contact.ts'
import { isSameValue } from './contact-merge.ts'

/** `number` is null where an archived contact of Xero holds it. All else is missing in what earlier versions wrote down. */
export interface SentContactFacts extends Omit<ContactFacts, 'number'> {
  number: string | null
  /** Of the organisation: how its phones are written. */
  region?: string
  sent?: ContactChange
  /** What the ledger said when it was sent. */
  ledger?: ContactCard
  /** What Xero said before it, with what was sent; with what Xero made of that, once it is known. */
  xero?: ContactCard
}

export function readContactFacts(facts: string): SentContactFacts {
  return JSON.parse(facts) as SentContactFacts // of contacts, written by contactFacts alone
}

export interface SentContact extends Pick<SentContactFacts, 'number' | 'name'> {
  region: string
  sent: ContactChange
  ledger: ContactCard
  /** What Xero said when both sides were last in step; null for a contact that is new to it. */
  before: ContactCard | null
}

export function contactFacts({ before, ...facts }: SentContact): SentContactFacts {
  const { send, sendPeople } = facts.sent
  return {
    ...facts,
    xero: { fields: { ...before?.fields, ...send }, people: sendPeople ?? before?.people ?? [] },
  }
}

/**
 * The facts with what Xero made of what was sent. What else Xero says is not looked at: whatever people changed there meanwhile
 * is still to be compared.
 */
export function withAnswer(facts: SentContactFacts, answer: ContactCard): SentContactFacts {
  const { sent, xero } = facts
  if (!sent || !xero) return facts
  const fields: CardFields = { ...xero.fields }
  for (const field of fieldsOf(sent.send)) {
    const kept = answer.fields[field]
    if (kept === undefined) delete fields[field]
    else fields[field] = kept
  }
  return { ...facts, xero: { fields, people: sent.sendPeople === null ? xero.people : answer.people } }
}

/** The same of a contact that was found later: people may have changed it since, so only what agrees is what Xero made of ours. */
export function withFound(facts: SentContactFacts, found: ContactCard): SentContactFacts {
  const { sent, xero } = facts
  if (!sent || !xero) return facts
  const fields: CardFields = { ...xero.fields }
  for (const field of fieldsOf(sent.send))
    if (hasArrived(field, facts, found)) fields[field] = found.fields[field] ?? ''
  const hasPeople = sent.sendPeople !== null && isSamePeople(sent.sendPeople, found.people)
  return { ...facts, xero: { fields, people: hasPeople ? found.people : xero.people } }
}

/** Whether Xero has everything that was sent. */
export function hasAllArrived(facts: SentContactFacts, found: ContactCard): boolean {
  const { sent } = facts
  if (!sent) return true
  return (
    fieldsOf(sent.send).every((field) => hasArrived(field, facts, found)) &&
    (sent.sendPeople === null || isSamePeople(sent.sendPeople, found.people))
  )
}

function hasArrived(
  field: ContactField,
  { sent, region = '' }: SentContactFacts,
  found: ContactCard,
): boolean {
  return isSameValue(field, sent?.send[field] ?? '', found.fields[field] ?? '', region)
}

function isSamePeople(one: readonly CardPerson[], other: readonly CardPerson[]): boolean {
  const keys = (people: readonly CardPerson[]) =>
    people
      .map((person) => `${personKey(person)}\n${person.includeInEmails}`)
      .sort()
      .join('\n\n')
  return keys(one) === keys(other)
}

function fieldsOf(fields: CardFields): ContactField[] {
  return Object.keys(fields) as ContactField[] // the keys of a card
}
