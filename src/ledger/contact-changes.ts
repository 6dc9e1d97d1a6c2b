// Changes of contacts that people made in Xero: which wait to be compared, and writing into the ledger's own rows what comes of them
// (K3, two_way; K8). The only place where rows of the exporting system's are changed, because a setting says so.

import { sql, type Transaction } from 'kysely'
import type { CardFields, CardPerson } from '../accounting/contact-card.ts'
import { filled, namedPeople } from '../accounting/contact-card.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import type { Schema } from './schema.ts'

/** A contact of Xero's that says something else than when it was last compared. */
export interface PendingContact {
  xeroContactId: string
  /** Codes of the contacts of the ledger that are linked to it. */
  contacts: readonly string[]
}

/** Where a call about one of its contacts is under way or its outcome open, it waits: nobody knows yet whose change it is. */
const isParked = `EXISTS (SELECT 1 FROM contact_link AS p JOIN export_state AS e ON e.kind = 'contact' AND e.source_id = p.contact
  WHERE p.tenant_id = m.tenant_id AND p.xero_contact_id = m.contact_id AND p.ended IS NULL
    AND e.tenant_id = m.tenant_id AND e.state IN ('sending', 'uncertain'))`

/** The next of them, at most so many. */
export async function findPendingContacts(
  tx: Transaction<Schema>,
  tenantId: string,
  count: number,
): Promise<PendingContact[]> {
  const rows = await sql<{ contact_id: string; contacts: string }>`
    SELECT m.contact_id, (SELECT json_group_array(l.contact) FROM contact_link AS l
                           WHERE l.tenant_id = m.tenant_id AND l.xero_contact_id = m.contact_id AND l.ended IS NULL) AS contacts
      FROM mirror_contact AS m INDEXED BY mirror_contact_pending
     WHERE m.tenant_id = ${tenantId} AND m.pending = 1 AND NOT ${sql.raw(isParked)}
     ORDER BY m.contact_id LIMIT ${count}`.execute(tx)
  return rows.rows.map((row) => ({
    xeroContactId: row.contact_id,
    contacts: JSON.parse(row.contacts) as string[], // codes, by the query
  }))
}

/** What nobody is linked to is compared with nothing; a link begins with what is said then. */
export async function clearUnlinked(tx: Transaction<Schema>, tenantId: string): Promise<void> {
  await sql`
    UPDATE mirror_contact SET pending = 0
     WHERE tenant_id = ${tenantId} AND pending = 1 AND NOT EXISTS (
       SELECT 1 FROM contact_link AS l
        WHERE l.tenant_id = mirror_contact.tenant_id AND l.xero_contact_id = mirror_contact.contact_id AND l.ended IS NULL)`.execute(
    tx,
  )
}

/** They were compared. */
export async function clearPending(
  tx: Transaction<Schema>,
  tenantId: string,
  xeroContactIds: readonly string[],
): Promise<void> {
  await sql`
    UPDATE mirror_contact SET pending = 0
     WHERE tenant_id = ${tenantId} AND contact_id IN (SELECT value FROM json_each(${JSON.stringify(xeroContactIds)}))`.execute(
    tx,
  )
}

/** What of a contact comes into the ledger. */
export interface BroughtChange {
  fields: CardFields
  people: { added: readonly CardPerson[]; changed: readonly CardPerson[] }
}

/** Writes fields into the contact's row, names of the primary person into that person's, and people as further rows. */
export async function writeBrought(
  tx: Transaction<Schema>,
  contact: LedgerContact,
  { fields, people }: BroughtChange,
): Promise<void> {
  const { first_name, last_name, ...columns } = fields
  if (Object.keys(columns).length > 0)
    await tx.updateTable('contact').set(columns).where('code', '=', contact.code).execute()
  if (first_name !== undefined || last_name !== undefined)
    await writePrimary(tx, contact, {
      ...(first_name === undefined ? {} : { first_name }),
      ...(last_name === undefined ? {} : { last_name }),
    })
  for (const { position, includeInEmails } of people.changed)
    await tx
      .updateTable('contact_person')
      .set({ include_in_emails: includeInEmails ? 1 : 0 })
      .where('contact', '=', contact.code)
      .where('position', '=', position)
      .execute()
  for (const person of people.added) await addPerson(tx, contact.code, person)
}

/** Into the row of the primary person, else into one that nobody is in, else into a new one. */
async function writePrimary(
  tx: Transaction<Schema>,
  contact: LedgerContact,
  names: { first_name?: string; last_name?: string },
): Promise<void> {
  const row = namedPeople(contact)[0] ?? contact.people[0]
  if (row)
    await tx
      .updateTable('contact_person')
      .set(names)
      .where('contact', '=', contact.code)
      .where('position', '=', row.position)
      .execute()
  else
    await tx
      .insertInto('contact_person')
      .values({ ...noPerson, contact: contact.code, position: 1, ...names })
      .execute()
}

const noPerson = { first_name: null, last_name: null, email: null, include_in_emails: 0 } as const

/** After all others. A first row is left for the primary person, who has none yet. */
async function addPerson(tx: Transaction<Schema>, contact: string, person: CardPerson): Promise<void> {
  const last = await tx
    .selectFrom('contact_person')
    .select((row) => row.fn.max('position').as('position'))
    .where('contact', '=', contact)
    .executeTakeFirst()
  await tx
    .insertInto('contact_person')
    .values({
      contact,
      position: Math.max(last?.position ?? 1, 1) + 1,
      first_name: filled(person.firstName),
      last_name: filled(person.lastName),
      email: filled(person.email),
      include_in_emails: person.includeInEmails ? 1 : 0,
    })
    .execute()
}
