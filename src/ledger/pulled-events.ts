// What the pull tells of the lives of documents and payments (`show`): what somebody did in Xero, once each, with the day of the
// pull that saw it.

import type { Transaction } from 'kysely'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/** Where and by whom: an organisation's pull within a run, if there is one. */
export interface PullWriter {
  tenantId: string
  run: number | null
}

/** What happened and how much of it, as people read it: "payment made in Xero", "40.00 of 2026-11-12". */
export interface Told {
  what: string
  detail: string | null
}

/** Of a document; one that the ledger has not has no life here. Gives what people call it, be it the ledger's or Xero's. */
export async function noteOnDocument(
  tx: Tx,
  writer: PullWriter,
  now: string,
  { document: id, ...told }: Told & { document: string },
): Promise<string> {
  const document = await tx
    .selectFrom('document')
    .select(['kind', 'entity', 'number'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!document) return (await numberInXero(tx, writer, id)) || id
  const { kind, entity } = document
  await note(tx, writer, now, { kind, source_id: id, entity, ...told })
  return document.number || id
}

/** Of a document that only Xero has, by its key in credit_allocation: `xero:` and its id. */
async function numberInXero(tx: Tx, { tenantId }: PullWriter, key: string): Promise<string | null> {
  const row = await tx
    .selectFrom('mirror_document')
    .select('number')
    .where('tenant_id', '=', tenantId)
    .where('document_id', '=', key.replace(/^xero:/, ''))
    .executeTakeFirst()
  return row?.number ?? null
}

/** Of a payment of the ledger, receipts, refunds and discounts among them; nothing where it has no row. */
export async function noteOnPayment(
  tx: Tx,
  writer: PullWriter,
  now: string,
  { payment: id, ...told }: Told & { payment: string },
): Promise<void> {
  const payment = await tx.selectFrom('payment').select('entity').where('id', '=', id).executeTakeFirst()
  if (payment)
    await note(tx, writer, now, { kind: 'payment', source_id: id, entity: payment.entity, ...told })
}

async function note(
  tx: Tx,
  { run }: PullWriter,
  at: string,
  event: Told & { kind: string; source_id: string; entity: string },
): Promise<void> {
  await tx
    .insertInto('event')
    .values({ at, who: 'Xero', run, ...event })
    .execute()
}
