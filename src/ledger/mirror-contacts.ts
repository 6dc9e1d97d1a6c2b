// Contacts as last read of a Xero organisation (R2): applied change by change under a watermark, merges followed (K5). What of
// a change comes into the ledger is contact-cards.ts.

import { sql } from 'kysely'
import type { MirrorContact } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'

/**
 * Applies changed contacts and moves the watermark in the same transaction. Older data never overwrites newer; a
 * contact merged in Xero takes its links along (K5).
 */
export async function applyContacts(
  ledger: Ledger,
  tenantId: string,
  contacts: readonly (MirrorContact & { updatedAt: number })[],
  reached: number | null,
): Promise<void> {
  const rows = JSON.stringify(
    contacts.map((one) => [
      one.contactId,
      one.name,
      nameKey(one.name),
      one.contactNumber,
      one.email,
      JSON.stringify(one.phones),
      one.status,
      one.mergedTo,
      isoInstant(one.updatedAt),
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO mirror_contact (tenant_id, contact_id, name, name_key, contact_number, email, phones, status, merged_to, updated_at, read_at)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now}
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET
        name = excluded.name, name_key = excluded.name_key, contact_number = excluded.contact_number, email = excluded.email,
        phones = excluded.phones, status = excluded.status, merged_to = excluded.merged_to,
        updated_at = excluded.updated_at, read_at = excluded.read_at
      WHERE excluded.updated_at >= mirror_contact.updated_at`.execute(tx)
    await tx
      .insertInto('watermark')
      .values({
        tenant_id: tenantId,
        resource: 'contacts',
        reached: reached === null ? null : isoInstant(reached),
        read_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'resource']).doUpdateSet((eb) => ({
          read_at: now,
          // Never backwards: a page of older rows must not make the next read start too late or too early.
          reached: sql<
            string | null
          >`NULLIF(MAX(COALESCE(${eb.ref('watermark.reached')}, ''), COALESCE(${eb.ref('excluded.reached')}, '')), '')`,
        })),
      )
      .execute()
    await followMerges(tx, tenantId, now)
  })
}

/** To where the last of several merges leads; contacts that are merged in a circle are left where they are. */
async function followMerges(
  tx: Parameters<Parameters<Ledger['transaction']>[0]>[0],
  tenantId: string,
  now: string,
) {
  const { rows: merged } = await sql<{ id: number; contact: string; merged_to: string }>`
    WITH RECURSIVE way (id, contact, at, steps) AS (
      SELECT l.id, l.contact, m.merged_to, 1
        FROM mirror_contact AS m JOIN contact_link AS l ON l.tenant_id = m.tenant_id AND l.xero_contact_id = m.contact_id
       WHERE m.tenant_id = ${tenantId} AND m.merged_to IS NOT NULL AND l.ended IS NULL
       UNION ALL
      SELECT way.id, way.contact, m.merged_to, steps + 1
        FROM way JOIN mirror_contact AS m ON m.tenant_id = ${tenantId} AND m.contact_id = way.at
       WHERE m.merged_to IS NOT NULL AND steps < 100)
    SELECT id, contact, at AS merged_to FROM way
     WHERE NOT EXISTS (SELECT 1 FROM mirror_contact AS m
                        WHERE m.tenant_id = ${tenantId} AND m.contact_id = way.at AND m.merged_to IS NOT NULL)`.execute(
    tx,
  )
  for (const link of merged) {
    await tx.updateTable('contact_link').set({ ended: now }).where('id', '=', link.id).execute()
    await tx
      .insertInto('contact_link')
      .values({
        contact: link.contact,
        tenant_id: tenantId,
        xero_contact_id: link.merged_to,
        made_by: 'merge',
        since: now,
        ended: null,
      })
      .execute()
    await tx
      .insertInto('event')
      .values({
        at: now,
        who: 'auxo-sync',
        run: null,
        entity: null,
        kind: 'contact',
        source_id: link.contact,
        what: 'link followed a merge in Xero',
        detail: link.merged_to,
      })
      .execute()
  }
}

/** The largest change of contacts that was applied, ms since 1970; null before the first read. */
export async function contactsWatermark(ledger: Ledger, tenantId: string): Promise<number | null> {
  const row = await ledger.db
    .selectFrom('watermark')
    .select('reached')
    .where('tenant_id', '=', tenantId)
    .where('resource', '=', 'contacts')
    .executeTakeFirst()
  return row?.reached ? Date.parse(row.reached) : null
}

/** Contacts of the mirror by their keys of names and their numbers, for matching (K4). */
export async function findMirrorContacts(
  ledger: Ledger,
  tenantId: string,
  by: { nameKeys?: readonly string[]; numbers?: readonly string[]; ids?: readonly string[] },
): Promise<MirrorContact[]> {
  const rows = await sql<{
    contact_id: string
    name: string
    contact_number: string | null
    email: string | null
    phones: string
    status: string
    merged_to: string | null
  }>`
    SELECT contact_id, name, contact_number, email, phones, status, merged_to FROM mirror_contact
     WHERE tenant_id = ${tenantId}
       AND (name_key IN (SELECT value FROM json_each(${JSON.stringify(by.nameKeys ?? [])}))
         OR contact_number IN (SELECT value FROM json_each(${JSON.stringify(by.numbers ?? [])}))
         OR contact_id IN (SELECT value FROM json_each(${JSON.stringify(by.ids ?? [])})))
     ORDER BY contact_id`.execute(ledger.db)
  return rows.rows.map((row) => ({
    contactId: row.contact_id,
    name: row.name,
    contactNumber: row.contact_number,
    email: row.email,
    phones: JSON.parse(row.phones) as string[], // written by applyContacts
    status: row.status,
    mergedTo: row.merged_to,
  }))
}
