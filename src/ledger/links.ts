// Contact links (K5): which Xero contact a ledger contact is, per organisation, how that came to be and since when.

import { sql } from 'kysely'
import type { Ledger } from './open.ts'

export interface ContactLink {
  contact: string
  xeroContactId: string
  madeBy: 'match' | 'create' | 'hand' | 'merge'
  since: string
}

/** Live links of these contacts in an organisation. */
export async function findLinks(
  ledger: Ledger,
  tenantId: string,
  codes: readonly string[],
): Promise<Map<string, ContactLink>> {
  const rows = await sql<{
    contact: string
    xero_contact_id: string
    made_by: ContactLink['madeBy']
    since: string
  }>`
    SELECT contact, xero_contact_id, made_by, since FROM contact_link
     WHERE tenant_id = ${tenantId} AND ended IS NULL
       AND contact IN (SELECT value FROM json_each(${JSON.stringify(codes)}))`.execute(ledger.db)
  return new Map(
    rows.rows.map((row) => [
      row.contact,
      { contact: row.contact, xeroContactId: row.xero_contact_id, madeBy: row.made_by, since: row.since },
    ]),
  )
}

/** Links contacts; one that has a live link keeps it unless `replace`. */
export async function recordLinks(
  ledger: Ledger,
  tenantId: string,
  links: readonly { contact: string; xeroContactId: string }[],
  how: { madeBy: ContactLink['madeBy']; who: string; run: number | null; replace?: boolean },
): Promise<void> {
  if (links.length === 0) return
  const rows = JSON.stringify(links.map((link) => [link.contact, link.xeroContactId]))
  await ledger.transaction(async (tx, now) => {
    if (how.replace) {
      await sql`
        UPDATE contact_link SET ended = ${now}
         WHERE tenant_id = ${tenantId} AND ended IS NULL
           AND contact IN (SELECT value ->> 0 FROM json_each(${rows}))`.execute(tx)
      // What it was exported as before is another contact of Xero: free for others to be found as.
      await sql`
        UPDATE export_state SET xero_id = NULL
         WHERE kind = 'contact' AND source_id IN (SELECT value ->> 0 FROM json_each(${rows}))
           AND entity IN (SELECT entity FROM connection WHERE tenant_id = ${tenantId})`.execute(tx)
    }
    // Only of those that are linked next.
    await sql`
      INSERT INTO event (at, who, run, kind, source_id, what, detail)
      SELECT ${now}, ${how.who}, ${how.run}, 'contact', value ->> 0, ${`linked by ${how.madeBy}`}, value ->> 1
        FROM json_each(${rows})
       WHERE NOT EXISTS (SELECT 1 FROM contact_link AS l
                          WHERE l.tenant_id = ${tenantId} AND l.contact = value ->> 0 AND l.ended IS NULL)`.execute(
      tx,
    )
    await sql`
      INSERT INTO contact_link (contact, tenant_id, xero_contact_id, made_by, since)
      SELECT value ->> 0, ${tenantId}, value ->> 1, ${how.madeBy}, ${now} FROM json_each(${rows})
       WHERE NOT EXISTS (SELECT 1 FROM contact_link AS l
                          WHERE l.tenant_id = ${tenantId} AND l.contact = value ->> 0 AND l.ended IS NULL)`.execute(
      tx,
    )
  })
}

/** Ends a contact's link; false where it had none. The next export makes a new one. */
export async function endLink(
  ledger: Ledger,
  tenantId: string,
  contact: string,
  who: string,
): Promise<boolean> {
  return ledger.transaction(async (tx, now) => {
    const ended = await tx
      .updateTable('contact_link')
      .set({ ended: now })
      .where('tenant_id', '=', tenantId)
      .where('contact', '=', contact)
      .where('ended', 'is', null)
      .executeTakeFirst()
    if (ended.numUpdatedRows === 0n) return false
    // The contact is an unknown one again: its old state must not say that it is in Xero.
    await sql`
      UPDATE export_state SET state = 'pending', queued = 1, xero_id = NULL, changed_at = ${now}
       WHERE kind = 'contact' AND source_id = ${contact} AND state = 'exported'
         AND entity IN (SELECT entity FROM connection WHERE tenant_id = ${tenantId})`.execute(tx)
    await tx
      .insertInto('event')
      .values({
        at: now,
        who,
        run: null,
        entity: null,
        kind: 'contact',
        source_id: contact,
        what: 'unlinked',
        detail: null,
      })
      .execute()
    return true
  })
}

export interface ContactWithLink {
  code: string
  name: string
  active: boolean
  link: {
    xeroContactId: string
    tenantId: string
    organisation: string
    madeBy: ContactLink['madeBy']
    since: string
  } | null
}

/** Every contact with its link in the organisation (in any, where null), by code. */
export async function listContacts(ledger: Ledger, tenantId: string | null): Promise<ContactWithLink[]> {
  const rows = await sql<{
    code: string
    name: string
    active: 0 | 1
    xero_contact_id: string | null
    tenant_id: string | null
    organisation: string | null
    made_by: ContactLink['madeBy'] | null
    since: string | null
  }>`
    SELECT c.code, c.name, c.active, l.xero_contact_id, l.tenant_id, COALESCE(o.name, l.tenant_id) AS organisation, l.made_by, l.since
      FROM contact AS c
      LEFT JOIN contact_link AS l ON l.contact = c.code AND l.ended IS NULL
                                 AND (${tenantId === null ? 1 : 0} OR l.tenant_id = ${tenantId ?? ''})
      LEFT JOIN mirror_organisation AS o ON o.tenant_id = l.tenant_id
     ORDER BY c.code, l.tenant_id`.execute(ledger.db)
  return rows.rows.map((row) => ({
    code: row.code,
    name: row.name,
    active: row.active === 1,
    link:
      row.xero_contact_id && row.tenant_id && row.organisation && row.made_by && row.since
        ? {
            xeroContactId: row.xero_contact_id,
            tenantId: row.tenant_id,
            organisation: row.organisation,
            madeBy: row.made_by,
            since: row.since,
          }
        : null,
  }))
}
