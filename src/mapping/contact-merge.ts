// What follows where a contact was changed on one side or on both since they were last in step (K3): what goes to Xero, what
// comes into the ledger, and where both changed the same. The ledger is the master, and what is empty says nothing (K6).

import {
  type CardFields,
  type CardPerson,
  type ContactCard,
  type ContactField,
  personKey,
} from '../accounting/contact-card.ts'
import { tidySpaces } from '../accounting/names.ts'
import { morePeopleMax } from './contact.ts'
import { phoneKey } from './phone.ts'

export interface ContactSides {
  /** What each side said when they were last in step. Null: not known of the ledger, so that all it says counts as changed. */
  base: { ledger: ContactCard | null; xero: ContactCard | null }
  ledger: ContactCard
  /** Positions of all the contact's rows of people, those without a name too. */
  rows: readonly number[]
  /** As Xero has it now. */
  xero: ContactCard
}

export interface MergeRule {
  /** Fields that are kept in step (K2); people only where all are. */
  fields: readonly ContactField[]
  hasPeople: boolean
  regionCode: string
}

export interface FieldConflict {
  field: ContactField
  ledger: string
  xero: string
}

export interface ContactMerge {
  /** Goes to Xero. */
  send: CardFields
  /** Xero's whole list of people as it shall be; null where it stays as it is. */
  sendPeople: readonly CardPerson[] | null
  /** How many people of the ledger Xero has no place for (K8). */
  leftOut: number
  /** Comes into the ledger, where changes of Xero's do. */
  bring: CardFields
  bringPeople: { added: readonly CardPerson[]; changed: readonly CardPerson[] }
  /** Changed on both sides: the ledger's value goes to Xero. */
  conflicts: readonly FieldConflict[]
}

export function mergeContact(sides: ContactSides, rule: MergeRule): ContactMerge {
  const merge = { send: {} as CardFields, bring: {} as CardFields, conflicts: [] as FieldConflict[] } // filled below
  for (const field of rule.fields) {
    const ledger = sides.ledger.fields[field] ?? ''
    const xero = sides.xero.fields[field] ?? ''
    if (isSameValue(field, ledger, xero, rule.regionCode)) continue
    const isLedgers = ledger !== '' && isWrittenAnew(field, sides)
    const isXeros = xero !== '' && sides.base.xero !== null && xero !== sides.base.xero.fields[field]
    if (isLedgers) merge.send[field] = ledger
    else if (isXeros) merge.bring[field] = xero
    if (isLedgers && isXeros) merge.conflicts.push({ field, ledger, xero })
  }
  return { ...merge, ...mergePeople(sides, rule) }
}

/** The contact's e-mail that was emptied leaves the primary person's, which nobody wrote anew (K6). */
function isWrittenAnew(field: ContactField, { base, ledger }: ContactSides): boolean {
  const now = ledger.fields[field]
  if (base.ledger === null) return true
  if (field === 'email' && now === ledger.primaryEmail && now === base.ledger.primaryEmail) return false
  return now !== base.ledger.fields[field]
}

/** Whether anything of it goes to Xero. */
export function sendsSomething({ send, sendPeople }: Pick<ContactMerge, 'send' | 'sendPeople'>): boolean {
  return Object.keys(send).length > 0 || sendPeople !== null
}

/** Whether anything of it comes into the ledger. */
export function bringsSomething({ bring, bringPeople }: ContactMerge): boolean {
  return Object.keys(bring).length + bringPeople.added.length + bringPeople.changed.length > 0
}

/** Written otherwise, and the same all the same: Xero tidies names, and keeps phones in parts. */
export function isSameValue(field: ContactField, one: string, other: string, regionCode: string): boolean {
  if (tidySpaces(one) === tidySpaces(other)) return true
  if (one === '' || other === '') return false
  if (field === 'email' || field === 'currency') return one.toLowerCase() === other.toLowerCase()
  if (field !== 'phone' && field !== 'mobile') return false
  const key = phoneKey(one, regionCode)
  return key !== null && key === phoneKey(other, regionCode)
}

type PeopleMerge = Pick<ContactMerge, 'sendPeople' | 'leftOut' | 'bringPeople'>

/**
 * Xero's list stays, but for people whose row in the ledger was written anew; those that are new in the ledger are added while there
 * is room. A row that is gone from the ledger takes nobody out of Xero, nor does Xero's list take anybody out of the ledger.
 */
function mergePeople({ base, ledger, rows, xero }: ContactSides, rule: MergeRule): PeopleMerge {
  const nothing: PeopleMerge = { sendPeople: null, leftOut: 0, bringPeople: { added: [], changed: [] } }
  if (!rule.hasPeople) return nothing
  const was = base.ledger?.people ?? []
  const before = base.xero?.people ?? xero.people
  const replaced = was.filter((one) => rows.includes(one.position) && !find(ledger.people, one))
  const kept = xero.people
    .filter((one) => !find(replaced, one))
    .map((one) => ({ ...one, includeInEmails: flagOf(one, ledger.people, was) }))
  const added = ledger.people.filter((one) => !find(was, one) && !find(kept, one))
  const wanted = [...kept, ...added]
  const list = wanted.slice(0, morePeopleMax)
  const isPrimary = (one: CardPerson) => personKey(one) === personKey(primaryOf(ledger))
  return {
    sendPeople: isSameList(list, xero.people) ? null : list,
    leftOut: wanted.length - list.length,
    bringPeople: {
      added: xero.people.filter((one) => !find(before, one) && !find(ledger.people, one) && !isPrimary(one)),
      changed: ledger.people.flatMap((one) => {
        const there = find(xero.people, one)
        const isXeros = there && find(before, one)?.includeInEmails === !there.includeInEmails
        const isLedgers = find(was, one)?.includeInEmails !== one.includeInEmails
        return isXeros && !isLedgers ? [{ ...one, includeInEmails: there.includeInEmails }] : []
      }),
    },
  }
}

/** Whether the person gets e-mails: as the ledger says where the ledger changed it. */
function flagOf(one: CardPerson, ledger: readonly CardPerson[], was: readonly CardPerson[]): boolean {
  const now = find(ledger, one)
  const then = find(was, one)
  return now && then && now.includeInEmails !== then.includeInEmails
    ? now.includeInEmails
    : one.includeInEmails
}

function primaryOf({ fields }: ContactCard): CardPerson {
  const { first_name = '', last_name = '', email = '' } = fields
  return { position: 0, firstName: first_name, lastName: last_name, email, includeInEmails: true }
}

function find(people: readonly CardPerson[], one: CardPerson): CardPerson | undefined {
  const key = personKey(one)
  return people.find((other) => personKey(other) === key)
}

function isSameList(one: readonly CardPerson[], other: readonly CardPerson[]): boolean {
  return (
    one.length === other.length &&
    one.every((person) => find(other, person)?.includeInEmails === person.includeInEmails)
  )
}
