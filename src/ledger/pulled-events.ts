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

/** Of a document, whose kind is looked up; gives what people call it. */
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
  const { kind = null, entity = null } = document ?? {}
  await note(tx, writer, now, { kind, source_id: id, entity, ...told })
  return document?.number || id
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
  event: Told & { kind: string | null; source_id: string; entity: string | null },
): Promise<void> {
  await tx
    .insertInto('event')
    .values({ at, who: 'Xero', run, ...event })
    .execute()
}
