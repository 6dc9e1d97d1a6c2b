// Contacts as last read of a Xero organisation (R2): applied change by change under a watermark, merges followed (K5). What of
// a change comes into the ledger is contact-cards.ts.

import { sql, type Transaction } from 'kysely'
import type { ContactInXero } from '../accounting/contact-card.ts'
import type { MirrorContact } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'
import { isoInstant } from '../clock.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** A contact as it was read. */
export interface ReadContact extends MirrorContact {
  /** ms since 1970, by Xero's clock. */
  updatedAt: number
  inXero: Pick<ContactInXero, 'card' | 'isCustomer' | 'isSupplier'>
}

/**
 * Applies changed contacts and moves the watermark in the same transaction. Older data never overwrites newer; what is otherwise
 * than before is `pending` until it was compared with the ledger; a contact merged in Xero takes its links along (K5).
 */
export async function applyContacts(
  ledger: Ledger,
  tenantId: string,
  contacts: readonly ReadContact[],
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
      JSON.stringify(one.inXero.card),
      one.inXero.isCustomer ? 1 : 0,
      one.inXero.isSupplier ? 1 : 0,
    ]),
  )
  await ledger.transaction(async (tx, now) => {
    await sql`
      INSERT INTO mirror_contact (tenant_id, contact_id, name, name_key, contact_number, email, phones, status, merged_to, updated_at, read_at,
                                  card, is_customer, is_supplier, pending)
      SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${now},
             value ->> 9, value ->> 10, value ->> 11, 1
        FROM json_each(${rows}) WHERE true
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET
        name = excluded.name, name_key = excluded.name_key, contact_number = excluded.contact_number, email = excluded.email,
        phones = excluded.phones, status = excluded.status, merged_to = excluded.merged_to,
        updated_at = excluded.updated_at, read_at = excluded.read_at, is_customer = excluded.is_customer, is_supplier = excluded.is_supplier,
        card = excluded.card, pending = MAX(mirror_contact.pending, mirror_contact.card IS NOT excluded.card)
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
async function followMerges(tx: Transaction<Schema>, tenantId: string, now: string): Promise<void> {
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
                        WHERE m.tenant_id = ${tenantId} AND m.contact_id = way.at AND m.merged_to IS NOT NULL)
     ORDER BY id`.execute(tx)
  for (const link of merged) await followMerge(tx, tenantId, link, now)
}

/** What the contact is compared with from here on is what the one says that it was merged into: that was no change of anybody's. */
async function followMerge(
  tx: Transaction<Schema>,
  tenantId: string,
  link: { id: number; contact: string; merged_to: string },
  now: string,
): Promise<void> {
  const { contact, merged_to } = link
  await tx.updateTable('contact_link').set({ ended: now }).where('id', '=', link.id).execute()
  const next = { contact, tenant_id: tenantId, xero_contact_id: merged_to, made_by: 'merge' as const }
  await tx
    .insertInto('contact_link')
    .values({ ...next, since: now, ended: null })
    .execute()
  await sql`
    UPDATE contact_base
       SET xero = (SELECT m.card FROM mirror_contact AS m WHERE m.tenant_id = ${tenantId} AND m.contact_id = ${merged_to})
     WHERE tenant_id = ${tenantId} AND contact = ${contact}`.execute(tx)
  await sql`
    UPDATE export_state SET xero_id = ${merged_to}
     WHERE kind = 'contact' AND source_id = ${contact} AND xero_id IS NOT NULL
       AND entity IN (SELECT entity FROM connection WHERE tenant_id = ${tenantId})`.execute(tx)
  const what = 'link followed a merge in Xero'
  await tx
    .insertInto('event')
    .values({
      at: now,
      who: 'auxo-sync',
      run: null,
      entity: null,
      kind: 'contact',
      source_id: contact,
      what,
      detail: merged_to,
    })
    .execute()
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
