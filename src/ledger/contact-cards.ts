// What both sides said of a linked contact when they were last in step, beside what Xero says now (K3). What follows of a difference
// is batch/contact-sync.ts and batch/kinds/contact-change.ts.

import { sql, type Transaction } from 'kysely'
import { type ContactCard, cardOf } from '../accounting/contact-card.ts'
import { readContacts } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** The ledger, or a transaction of it. */
type Readable = Pick<Ledger, 'db'>

export interface LinkedContact {
  contact: string
  xeroContactId: string
  /** Null: not known. */
  base: { ledger: ContactCard | null; xero: ContactCard | null }
  /** As last read; null where it never was. */
  inXero: { card: ContactCard | null; status: string; number: string | null } | null
  /** Codes of all contacts that lead to the same one of Xero, in the order in which they were linked: mostly its own alone. */
  sharedBy: readonly string[]
}

/** Linked contacts among these, by code. */
export async function readLinkedContacts(
  ledger: Readable,
  tenantId: string,
  codes: readonly string[],
): Promise<Map<string, LinkedContact>> {
  const rows = await sql<{
    contact: string
    xero_contact_id: string
    base_ledger: string | null
    base_xero: string | null
    card: string | null
    status: string | null
    contact_number: string | null
    shared_by: string
  }>`
    SELECT l.contact, l.xero_contact_id, b.ledger AS base_ledger, b.xero AS base_xero, m.card, m.status, m.contact_number,
           (SELECT json_group_array(s.contact) FROM (
              SELECT o.contact FROM contact_link AS o
               WHERE o.tenant_id = l.tenant_id AND o.xero_contact_id = l.xero_contact_id AND o.ended IS NULL ORDER BY o.id) AS s) AS shared_by
      FROM json_each(${JSON.stringify(codes)}) AS j
      CROSS JOIN contact_link AS l ON l.tenant_id = ${tenantId} AND l.contact = j.value AND l.ended IS NULL
      LEFT JOIN contact_base AS b ON b.tenant_id = l.tenant_id AND b.contact = l.contact
      LEFT JOIN mirror_contact AS m ON m.tenant_id = l.tenant_id AND m.contact_id = l.xero_contact_id`.execute(
    ledger.db,
  )
  return new Map(
    rows.rows.map((row) => [
      row.contact,
      {
        contact: row.contact,
        xeroContactId: row.xero_contact_id,
        base: { ledger: readCard(row.base_ledger), xero: readCard(row.base_xero) },
        inXero: row.status === null ? null : mirrored(row.card, row.status, row.contact_number),
        sharedBy: JSON.parse(row.shared_by) as string[], // codes, as above
      },
    ]),
  )
}

function mirrored(card: string | null, status: string, number: string | null): LinkedContact['inXero'] {
  return { card: readCard(card), status, number }
}

function readCard(text: string | null): ContactCard | null {
  return text === null ? null : (JSON.parse(text) as ContactCard) // cards are written by this folder alone
}

/** Codes of contacts of an entity that Xero has, and that were written since they were last looked at. */
export async function findWrittenContacts(ledger: Ledger, entity: string): Promise<string[]> {
  const rows = await sql<{ source_id: string }>`
    SELECT source_id FROM export_state INDEXED BY export_state_queue
     WHERE queued = 1 AND entity = ${entity} AND kind = 'contact' AND state = 'exported' AND source_gone = 0
     ORDER BY source_id`.execute(ledger.db)
  return rows.rows.map((row) => row.source_id)
}

/** Whether these contacts have a change of their own that waits to be sent, for any entity of the organisation. */
export async function findUnsentContacts(
  tx: Transaction<Schema>,
  tenantId: string,
  codes: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ source_id: string }>`
    SELECT DISTINCT source_id FROM export_state
     WHERE kind = 'contact' AND queued = 1 AND source_id IN (SELECT value FROM json_each(${JSON.stringify(codes)}))
       AND entity IN (SELECT entity FROM connection WHERE tenant_id = ${tenantId})`.execute(tx)
  return new Set(rows.rows.map((row) => row.source_id))
}

/** Of these contacts, those of which a call is under way or its outcome open, whichever entity sent it. */
export async function findOpenContacts(
  ledger: Readable,
  tenantId: string,
  codes: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ source_id: string }>`
    SELECT DISTINCT source_id FROM export_state
     WHERE kind = 'contact' AND state IN ('sending', 'uncertain') AND tenant_id = ${tenantId}
       AND source_id IN (SELECT value FROM json_each(${JSON.stringify(codes)}))`.execute(ledger.db)
  return new Set(rows.rows.map((row) => row.source_id))
}

export interface ContactBase {
  contact: string
  ledger: ContactCard
  xero: ContactCard | null
}

/** Both sides are in step as of now, but for what `base` leaves of the ledger as it was. */
export async function recordBases(
  tx: Transaction<Schema>,
  tenantId: string,
  bases: readonly ContactBase[],
  now: string,
): Promise<void> {
  if (bases.length === 0) return
  const rows = JSON.stringify(
    bases.map((base) => [base.contact, JSON.stringify(base.ledger), base.xero && JSON.stringify(base.xero)]),
  )
  await sql`
    INSERT INTO contact_base (tenant_id, contact, ledger, xero, synced_at)
    SELECT ${tenantId}, value ->> 0, value ->> 1, value ->> 2, ${now} FROM json_each(${rows}) WHERE true
    ON CONFLICT (tenant_id, contact) DO UPDATE SET ledger = excluded.ledger, xero = excluded.xero, synced_at = excluded.synced_at`.execute(
    tx,
  )
}

/** Contacts that were linked just now are in step as they are: a link sends nothing, and brings nothing back. */
export async function beginBases(
  tx: Transaction<Schema>,
  tenantId: string,
  codes: readonly string[],
  now: string,
): Promise<void> {
  const contacts = await readContacts({ db: tx }, codes)
  const linked = await readLinkedContacts({ db: tx }, tenantId, codes)
  const bases = [...contacts.values()].map((contact) => ({
    contact: contact.code,
    ledger: cardOf(contact),
    xero: linked.get(contact.code)?.inXero?.card ?? null,
  }))
  await recordBases(tx, tenantId, bases, now)
}

/**
 * What was said of the contacts of an outcome, and what Xero made of it, as their facts tell. `rows`: as JSON, of each outcome its
 * position, the word `exported`, the Xero id, and at the seventh and eighth place its chunk and facts that replace those of the chunk.
 */
export async function recordSentCards(tx: Transaction<Schema>, rows: string, now: string): Promise<void> {
  await sql`
    INSERT INTO contact_base (tenant_id, contact, ledger, xero, synced_at)
    SELECT s.tenant_id, s.source_id, s.facts -> '$.ledger', s.facts -> '$.xero', ${now}
      FROM (SELECT c.tenant_id, t.source_id, o.value ->> 2 AS xero_id, COALESCE(o.value ->> 7, t.facts) AS facts
              FROM json_each(${rows}) AS o
              JOIN chunk_thing AS t ON t.chunk = o.value ->> 6 AND t.position = o.value ->> 0
              JOIN chunk AS c ON c.id = t.chunk
             WHERE t.kind = 'contact' AND o.value ->> 1 = 'exported') AS s
     WHERE s.facts ->> '$.ledger' IS NOT NULL
       AND EXISTS (SELECT 1 FROM contact_link AS l
                    WHERE l.tenant_id = s.tenant_id AND l.contact = s.source_id AND l.xero_contact_id = s.xero_id AND l.ended IS NULL)
    ON CONFLICT (tenant_id, contact) DO UPDATE SET ledger = excluded.ledger, xero = excluded.xero, synced_at = excluded.synced_at`.execute(
    tx,
  )
}

/**
 * A change whose answer was lost and that is not in Xero as a whole may be there in part: of its fields nobody knows any more what
 * both sides had in common, so that the ledger's word goes. `positions`: of the things in the chunk, as JSON.
 */
export async function forgetSentFields(
  tx: Transaction<Schema>,
  chunk: number,
  positions: string,
): Promise<void> {
  await sql`
    UPDATE contact_base SET ledger = json_patch(ledger, s.patch)
      FROM (SELECT c.tenant_id, t.source_id,
                   json_object('fields', (SELECT json_group_object(f.key, NULL) FROM json_each(t.facts, '$.sent.send') AS f)) AS patch
              FROM chunk_thing AS t JOIN chunk AS c ON c.id = t.chunk
             WHERE t.chunk = ${chunk} AND t.kind = 'contact' AND c.operation = 'update'
               AND t.position IN (SELECT value FROM json_each(${positions}))) AS s
     WHERE contact_base.tenant_id = s.tenant_id AND contact_base.contact = s.source_id`.execute(tx)
}
