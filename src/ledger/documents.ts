// Reads documents and contacts of the source tables into the nouns of accounting/. Which of them are to be exported is
// things.ts's question.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type {
  ContactPerson,
  DocumentLine,
  LedgerContact,
  LedgerDocument,
  TrackingPair,
} from '../accounting/documents.ts'
import { cents, type E4, e4, e6 } from '../accounting/money.ts'
import { AuxoError } from '../errors.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

type DocumentRow = Schema['document']
type LineRow = Schema['document_line']
type ContactRow = Schema['contact']
type TrackingColumns = Pick<
  LineRow,
  'tracking_1_category' | 'tracking_1_option' | 'tracking_2_category' | 'tracking_2_option'
>

/** The documents with these ids, with their lines; ids that are not there are left out. Order is not promised. */
export async function readDocuments(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, LedgerDocument>> {
  const list = JSON.stringify(ids)
  const documents = await sql<DocumentRow>`
    SELECT d.* FROM json_each(${list}) AS j JOIN document AS d ON d.id = j.value`.execute(ledger.db)
  const lines = await sql<LineRow>`
    SELECT document, position, kind, item, description, quantity_e4, unit_price_e4, discount_percent_e4, amount_cents, account,
           tax_code, tax_cents, tracking_1_category, tracking_1_option, tracking_2_category, tracking_2_option, supply,
           average_cost_e4, destination, quantity_received_e4
      FROM document_line WHERE document IN (SELECT value FROM json_each(${list})) ORDER BY document, position`.execute(
    ledger.db,
  )
  const linesOf = new Map<string, DocumentLine[]>()
  for (const row of lines.rows) {
    const known = linesOf.get(row.document)
    if (known) known.push(lineOf(row))
    else linesOf.set(row.document, [lineOf(row)])
  }
  return new Map(documents.rows.map((row) => [row.id, documentOf(row, linesOf.get(row.id) ?? [])]))
}

/**
 * SQLite holds integers that a number cannot: such a one is read as the largest that it can, which the rules refuse as
 * too large. One document with a broken amount must not end the run.
 */
export function exact(value: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value))
}

function documentOf(row: DocumentRow, lines: readonly DocumentLine[]): LedgerDocument {
  return {
    id: row.id,
    entity: row.entity,
    kind: row.kind,
    number: row.number,
    contact: row.contact,
    status: row.status,
    // The table's CHECK gives the form; a day that does not exist is a finding.
    date: row.date as PlainDate,
    dueDate: row.due_date as PlainDate | null,
    currency: row.currency,
    exchangeRate: row.exchange_rate_e6 === null ? null : e6(exact(row.exchange_rate_e6)),
    amounts: row.amounts,
    reference: row.reference,
    vehicleRegistration: row.vehicle_registration,
    poNumber: row.po_number,
    job: row.job,
    employee: row.employee,
    weekEnding: row.week_ending,
    recruiters: row.recruiters,
    subtotal: cents(exact(row.subtotal_cents)),
    tax: cents(exact(row.tax_cents)),
    total: cents(exact(row.total_cents)),
    url: row.url,
    sourceDocument: row.source_document,
    lines,
  }
}

function lineOf(row: LineRow): DocumentLine {
  return {
    position: row.position,
    kind: row.kind,
    item: row.item,
    description: row.description,
    quantity: e4(exact(row.quantity_e4)),
    unitPrice: row.unit_price_e4 === null ? null : e4(exact(row.unit_price_e4)),
    discountPercent: e4(row.discount_percent_e4 ?? 0) satisfies E4,
    amount: cents(exact(row.amount_cents)),
    account: row.account,
    taxCode: row.tax_code,
    tax: cents(exact(row.tax_cents)),
    tracking: trackingOf(row),
    supply: row.supply,
    averageCost: row.average_cost_e4 === null ? null : e4(exact(row.average_cost_e4)),
    destination: row.destination,
    quantityReceived: row.quantity_received_e4 === null ? null : e4(exact(row.quantity_received_e4)),
  }
}

/** The pairs of a line's columns; a pair with neither half is left out. */
export function trackingOf(row: TrackingColumns): TrackingPair[] {
  return [
    { category: row.tracking_1_category, option: row.tracking_1_option },
    { category: row.tracking_2_category, option: row.tracking_2_option },
  ].filter((pair) => pair.category !== null || pair.option !== null)
}

/** The contacts with these codes, with their people; codes that are not there are left out. */
export async function readContacts(
  ledger: Pick<Ledger, 'db'>,
  codes: readonly string[],
): Promise<Map<string, LedgerContact>> {
  const list = JSON.stringify(codes)
  const contacts = await sql<ContactRow>`
    SELECT c.* FROM json_each(${list}) AS j JOIN contact AS c ON c.code = j.value`.execute(ledger.db)
  const people = await sql<Schema['contact_person']>`
    SELECT * FROM contact_person WHERE contact IN (SELECT value FROM json_each(${list})) ORDER BY contact, position`.execute(
    ledger.db,
  )
  const peopleOf = new Map<string, ContactPerson[]>()
  for (const row of people.rows) {
    const person = {
      position: row.position,
      firstName: row.first_name,
      lastName: row.last_name,
      email: row.email,
      includeInEmails: row.include_in_emails === 1,
    }
    const known = peopleOf.get(row.contact)
    if (known) known.push(person)
    else peopleOf.set(row.contact, [person])
  }
  return new Map(contacts.rows.map((row) => [row.code, contactOf(row, peopleOf.get(row.code) ?? [])]))
}

function contactOf(row: ContactRow, people: readonly ContactPerson[]): LedgerContact {
  return {
    code: row.code,
    name: row.name,
    isCustomer: row.is_customer === 1,
    isSupplier: row.is_supplier === 1,
    active: row.active === 1,
    email: row.email,
    phone: row.phone,
    mobile: row.mobile,
    taxNumber: row.tax_number,
    currency: row.currency,
    street: {
      street1: row.street_1,
      street2: row.street_2,
      city: row.city,
      state: row.state,
      postcode: row.postcode,
      country: row.country,
    },
    postal: {
      street1: row.postal_street_1,
      street2: row.postal_street_2,
      city: row.postal_city,
      state: row.postal_state,
      postcode: row.postal_postcode,
      country: row.postal_country,
    },
    notes: row.notes,
    people,
  }
}

/** Code and name of every contact: for finding names that two of them share (K1). */
export async function listContactNames(ledger: Ledger): Promise<{ code: string; name: string }[]> {
  return ledger.db.selectFrom('contact').select(['code', 'name']).execute()
}

/** Ids of the invoices that a person named by id or number, by entity; AuxoError naming what none of them has. */
export async function findDocumentIds(
  ledger: Ledger,
  entities: readonly string[],
  references: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await sql<{ reference: string; id: string; entity: string }>`
    SELECT j.value AS reference, d.id, d.entity FROM json_each(${JSON.stringify(references)}) AS j
      JOIN document AS d ON (d.id = j.value OR d.kind = 'invoice' AND UPPER(d.number) = UPPER(j.value))
     WHERE d.entity IN (SELECT value FROM json_each(${JSON.stringify(entities)})) AND d.kind = 'invoice'`.execute(
    ledger.db,
  )
  const missing = references.filter((reference) => !rows.rows.some((row) => row.reference === reference))
  if (missing.length > 0) {
    throw new AuxoError(
      'usage',
      `${entities.join(', ')} has no invoice ${missing.map((one) => `“${one}”`).join(', ')}.`,
    )
  }
  const ids = new Map<string, string[]>()
  for (const { entity, id } of rows.rows) ids.set(entity, [...new Set([...(ids.get(entity) ?? []), id])])
  return ids
}
