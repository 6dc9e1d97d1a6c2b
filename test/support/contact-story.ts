// A ledger with contacts that Xero has already, for stories about what changes on either side afterwards.

import type { Contact } from '../../src/sandbox/contact-record.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { asPerson } from './people.ts'
import { insertSql, type SqlValue } from './sql.ts'
import { invoiceSql } from './workload.ts'
import { World, type WorldOptions } from './world.ts'

type Row = Readonly<Record<string, SqlValue>>

/** A contact with everything that one can have, under its own code and name. */
export function aFullContact(code = 'K', rest: Row = {}): Row {
  return {
    code,
    name: `Kea ${code}`,
    email: 'office@kea.test',
    phone: '+64 9 555 1234',
    mobile: '021 123 456',
    tax_number: '123-456-789',
    street_1: '1 Quay St',
    city: 'Napier',
    postal_street_1: 'PO Box 1',
    ...rest,
  }
}

export interface StoryOptions extends WorldOptions {
  settings?: Readonly<Record<string, string>>
  contacts?: readonly Row[]
  people?: readonly Row[]
}

/** Every contact has an invoice and was created in Xero by a first run. A minute has passed since. */
export async function openStory(options: StoryOptions = {}): Promise<World> {
  const { settings = {}, contacts = [aFullContact()], people = [], ...rest } = options
  const world = await World.open(rest)
  const rows = Object.entries(settings).map(([name, value]) =>
    insertSql('setting', { entity: 'NZ01', name, value }),
  )
  rows.push(...contacts.map((contact) => insertSql('contact', contact)))
  rows.push(...people.map((person) => insertSql('contact_person', { contact: 'K', ...person })))
  rows.push(...contacts.map(({ code }) => invoiceSql({ id: `A-${code}`, contact: String(code) })))
  await world.prepare(`BEGIN;\n${rows.join('\n')}\nCOMMIT;`)
  const first = await world.export()
  if (first.code !== 0) throw new Error(first.err + first.out)
  world.clock.advance(60_000)
  return world
}

/** What Xero has of the contact with this ContactNumber. */
export function inXero(world: World, number = 'K'): Contact {
  const found = world.sandbox.contacts().find((contact) => contact.number === number)
  if (!found) throw new Error(`Xero has no contact ${number}`)
  return found
}

export type ContactEdit = Parameters<Person['changeContact']>[1]

/** Somebody changes the contact in Xero. */
export function editInXero(world: World, change: ContactEdit, number = 'K'): void {
  asPerson(world, (person) => person.changeContact(inXero(world, number).id, change))
}

/** “Ann Lee ann@kea.test” for each of its people. */
export function peopleInXero(world: World, number = 'K'): string[] {
  return inXero(world, number).persons.map((one) =>
    [one['FirstName'], one['LastName'], one['EmailAddress']].filter(Boolean).join(' '),
  )
}

/** The same of the ledger, in its order. */
export function peopleInLedger(world: World, contact = 'K'): string[] {
  return world
    .query<Record<string, unknown>>(
      `SELECT first_name, last_name, email FROM contact_person WHERE contact = '${contact}' ORDER BY position`,
    )
    .map((row) => [row['first_name'], row['last_name'], row['email']].filter(Boolean).join(' '))
}

/** The ledger's row of a contact. */
export function inLedger(world: World, contact = 'K'): Record<string, unknown> {
  return world.query<Record<string, unknown>>(`SELECT * FROM contact WHERE code = '${contact}'`)[0] ?? {}
}

/** The elements of every call that changed contacts, in their order. */
export function sentChanges(world: World): Record<string, unknown>[] {
  return world.exchanges
    .filter(({ method, url }) => method === 'POST' && /\/Contacts\b/.test(url))
    .flatMap(
      ({ requestBody }) => (JSON.parse(requestBody) as { Contacts: Record<string, unknown>[] }).Contacts,
    )
}
