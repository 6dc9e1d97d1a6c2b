// Contact links (K5): which Xero contact a ledger contact is, per organisation, how that came to be and since when.

import { sql, type Transaction } from 'kysely'
import { beginBases } from './contact-cards.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

export interface ContactLink {
  contact: string
  xeroContactId: string
  madeBy: 'match' | 'create' | 'hand' | 'merge'
  since: string
}

/** Live links of these contacts in an organisation. */
export async function findLinks(
  ledger: Pick<Ledger, 'db'>,
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

/** To which contacts of the ledger these of Xero are linked, by Xero's id: one of them, where there are several. */
export async function findLinksTo(
  ledger: Ledger,
  tenantId: string,
  xeroContactIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql<{ contact: string; xero_contact_id: string }>`
    SELECT contact, xero_contact_id FROM contact_link
     WHERE tenant_id = ${tenantId} AND ended IS NULL
       AND xero_contact_id IN (SELECT value FROM json_each(${JSON.stringify(xeroContactIds)}))
     ORDER BY id DESC`.execute(ledger.db)
  return new Map(rows.rows.map((row) => [row.xero_contact_id, row.contact]))
}

/** Codes of contacts without a link in the organisation, in their order. */
export async function findUnlinkedContacts(ledger: Ledger, tenantId: string): Promise<string[]> {
  const rows = await sql<{ code: string }>`
    SELECT c.code FROM contact AS c
     WHERE NOT EXISTS (SELECT 1 FROM contact_link AS l
                        WHERE l.tenant_id = ${tenantId} AND l.contact = c.code AND l.ended IS NULL)
     ORDER BY c.code`.execute(ledger.db)
  return rows.rows.map((row) => row.code)
}

/**
 * Links contacts; one that has a live link keeps it unless `replace`. From here on both sides count as in step, as they are: a link
 * sends nothing by itself. Returns how many were linked.
 */
export async function recordLinks(
  ledger: Ledger,
  tenantId: string,
  links: readonly { contact: string; xeroContactId: string }[],
  how: { madeBy: ContactLink['madeBy']; who: string; run: number | null; replace?: boolean },
): Promise<number> {
  if (links.length === 0) return 0
  return ledger.transaction(async (tx, now) => {
    const codes = links.map((link) => link.contact)
    if (how.replace) await endLinks(tx, tenantId, codes, now)
    const live = await findLinks({ db: tx }, tenantId, codes)
    const fresh = links.filter((link) => !live.has(link.contact))
    const rows = JSON.stringify(fresh.map((link) => [link.contact, link.xeroContactId]))
    await sql`
      INSERT INTO event (at, who, run, kind, source_id, what, detail)
      SELECT ${now}, ${how.who}, ${how.run}, 'contact', value ->> 0, ${`linked by ${how.madeBy}`}, value ->> 1
        FROM json_each(${rows})`.execute(tx)
    await sql`
      INSERT INTO contact_link (contact, tenant_id, xero_contact_id, made_by, since)
      SELECT value ->> 0, ${tenantId}, value ->> 1, ${how.madeBy}, ${now} FROM json_each(${rows})`.execute(tx)
    const linked = fresh.map((link) => link.contact)
    await countAsExported(tx, { tenantId, entity: null }, linked, now)
    await beginBases(tx, tenantId, linked, now)
    return fresh.length
  })
}

async function endLinks(
  tx: Transaction<Schema>,
  tenantId: string,
  codes: readonly string[],
  now: string,
): Promise<void> {
  const list = JSON.stringify(codes)
  await sql`
    UPDATE contact_link SET ended = ${now}
     WHERE tenant_id = ${tenantId} AND ended IS NULL AND contact IN (SELECT value FROM json_each(${list}))`.execute(
    tx,
  )
  // What it was exported as before is another contact of Xero: free for others to be found as.
  await sql`
    UPDATE export_state SET xero_id = NULL
     WHERE kind = 'contact' AND source_id IN (SELECT value FROM json_each(${list}))
       AND entity IN (SELECT entity FROM connection WHERE tenant_id = ${tenantId})`.execute(tx)
  await sql`
    DELETE FROM contact_base WHERE tenant_id = ${tenantId} AND contact IN (SELECT value FROM json_each(${list}))`.execute(
    tx,
  )
}

/**
 * Linked contacts are things of every entity of the organisation (`entity` null; else of this one) that Xero has, so that triggers
 * notice their changes. What is under way, or open, keeps its state.
 */
async function countAsExported(
  tx: Transaction<Schema>,
  { tenantId, entity }: { tenantId: string; entity: string | null },
  codes: readonly string[],
  now: string,
): Promise<void> {
  await sql`
    INSERT INTO export_state (kind, source_id, entity, state, queued, tenant_id, xero_id, changed_at)
    SELECT 'contact', l.contact, c.entity, 'exported', 0, l.tenant_id, l.xero_contact_id, ${now}
      FROM json_each(${JSON.stringify(codes)}) AS j
      JOIN contact_link AS l ON l.tenant_id = ${tenantId} AND l.contact = j.value AND l.ended IS NULL
      JOIN connection AS c ON c.tenant_id = l.tenant_id
     WHERE ${entity} IS NULL OR c.entity = ${entity}
    ON CONFLICT (kind, source_id, entity) DO UPDATE
       SET state = 'exported', queued = 0, sent_revision = export_state.revision, tenant_id = excluded.tenant_id,
           xero_id = excluded.xero_id, reason = NULL, changed_at = excluded.changed_at
     WHERE export_state.state IN ('pending', 'failed', 'skipped', 'exported')`.execute(tx)
  // What stood against creating them does not stand against them any more.
  await sql`
    DELETE FROM finding
     WHERE kind = 'contact' AND (kind, source_id, entity) IN (
       SELECT e.kind, e.source_id, e.entity FROM export_state AS e JOIN connection AS c ON c.entity = e.entity AND c.tenant_id = ${tenantId}
        WHERE e.kind = 'contact' AND e.state = 'exported' AND (${entity} IS NULL OR e.entity = ${entity}) AND e.source_id IN (SELECT value FROM json_each(${JSON.stringify(codes)})))`.execute(
    tx,
  )
}

/**
 * Contacts of an entity that was connected to an organisation: those that are linked there are its things, as everybody else's;
 * those that it had in another organisation are unknown here.
 */
export async function takeContactsAlong(
  tx: Transaction<Schema>,
  connection: { entity: string; tenantId: string },
  now: string,
): Promise<void> {
  const { entity, tenantId } = connection
  await sql`
    UPDATE export_state SET state = 'pending', queued = 1, xero_id = NULL, tenant_id = NULL, changed_at = ${now}
     WHERE kind = 'contact' AND entity = ${entity} AND state = 'exported' AND tenant_id IS NOT ${tenantId}`.execute(
    tx,
  )
  const linked = await sql<{ contact: string }>`
    SELECT l.contact FROM contact_link AS l
     WHERE l.tenant_id = ${tenantId} AND l.ended IS NULL AND NOT EXISTS (
       SELECT 1 FROM export_state AS e
        WHERE e.kind = 'contact' AND e.source_id = l.contact AND e.entity = ${entity} AND e.state = 'exported')`.execute(
    tx,
  )
  const codes = linked.rows.map((row) => row.contact)
  await countAsExported(tx, { tenantId, entity }, codes, now)
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
    await tx
      .deleteFrom('contact_base')
      .where('tenant_id', '=', tenantId)
      .where('contact', '=', contact)
      .execute()
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
  /** What Xero says of the linked contact, as last read; null where it was not. */
  inXero: { isCustomer: boolean; isSupplier: boolean; status: string } | null
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
    is_customer: 0 | 1 | null
    is_supplier: 0 | 1 | null
    status: string | null
  }>`
    SELECT c.code, c.name, c.active, l.xero_contact_id, l.tenant_id, COALESCE(o.name, l.tenant_id) AS organisation, l.made_by, l.since,
           m.is_customer, m.is_supplier, m.status
      FROM contact AS c
      LEFT JOIN contact_link AS l ON l.contact = c.code AND l.ended IS NULL
                                 AND (${tenantId === null ? 1 : 0} OR l.tenant_id = ${tenantId ?? ''})
      LEFT JOIN mirror_organisation AS o ON o.tenant_id = l.tenant_id
      LEFT JOIN mirror_contact AS m ON m.tenant_id = l.tenant_id AND m.contact_id = l.xero_contact_id
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
    inXero:
      row.status !== null && row.is_customer !== null
        ? { isCustomer: row.is_customer === 1, isSupplier: row.is_supplier === 1, status: row.status }
        : null,
  }))
}
