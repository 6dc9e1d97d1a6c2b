// Every contact is in Xero once by its name, and linked to what it became (K1, K5).

import type { Watched } from './watched.ts'

export function onceByName(world: Watched): string[] {
  const broken: string[] = []
  for (const { tenantId } of world.sandbox.organisations) {
    const names = new Map<string, number>()
    for (const contact of world.sandbox.contacts(tenantId)) {
      if (contact.status !== 'ACTIVE') continue
      const key = contact.name.toLowerCase()
      names.set(key, (names.get(key) ?? 0) + 1)
    }
    for (const [name, count] of names)
      if (count > 1) broken.push(`the contact ${name} is in Xero ${count} times`)
  }
  return broken
}

/** A contact that was exported is linked to what it became (K5), and every link leads somewhere. */
export function linkedContacts(world: Watched): string[] {
  const broken: string[] = []
  const there = new Set(
    world.sandbox.organisations.flatMap(({ tenantId }) =>
      world.sandbox.contacts(tenantId).map((contact) => contact.id),
    ),
  )
  const links = world.query<{ contact: string; xero_contact_id: string }>(
    'SELECT contact, xero_contact_id FROM contact_link WHERE ended IS NULL',
  )
  for (const link of links)
    if (!there.has(link.xero_contact_id)) broken.push(`${link.contact} is linked to nothing in Xero`)
  const unlinked = world.query<{ source_id: string }>(
    `SELECT e.source_id FROM export_state AS e
      WHERE e.kind = 'contact' AND e.state = 'exported' AND NOT EXISTS (
        SELECT 1 FROM contact_link AS l WHERE l.contact = e.source_id AND l.tenant_id = e.tenant_id AND l.ended IS NULL)`,
  )
  for (const row of unlinked) broken.push(`the contact ${row.source_id} was created and is not linked`)
  return broken
}
