// Writes the rows of the ledger that stand for what people made in Xero: external payments and credits with their parts. Every
// write says what it changed; writing the same again changes nothing. What Xero did to the ledger's own is in pulled-write.ts.

import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { PullWriter } from './pulled-events.ts'
import type { Schema } from './schema.ts'

export interface ExternalPart {
  document: string
  /** Cents in the document's currency in the ledger. */
  amount: number
  date: string | null
}

/** A payment, refund, prepayment or overpayment that was made in Xero, as the ledger is to have it. */
export interface ExternalPayment {
  id: string
  entity: string
  contact: string | null
  kind: 'payment' | 'deposit' | 'refund'
  date: string
  /** Cents in `currency`. */
  amount: number
  currency: string | null
  rate: number | null
  reference: string | null
  account: string | null
  refundOf: string | null
  parts: readonly ExternalPart[]
  xero: { kind: 'payment' | 'refund'; id: string }
}

/** More or less than before of a payment or credit on a document, in cents. */
export interface PartChange {
  document: string
  before: number
  after: number
}

export interface PartChanges {
  /** The payment or credit was new. */
  isNew: boolean
  /** Only parts whose amount is another one. */
  changes: PartChange[]
}

type Tx = Transaction<Schema>

/** The payment with exactly these parts. A payment that Xero deleted stays deleted: Xero revives none. */
export async function putExternalPayment(
  tx: Tx,
  writer: PullWriter,
  now: string,
  payment: ExternalPayment,
): Promise<PartChanges> {
  const before = await tx
    .selectFrom('payment')
    .select('id')
    .where('id', '=', payment.id)
    .where('origin', '=', 'external')
    .executeTakeFirst()
  const row = {
    entity: payment.entity,
    contact: payment.contact,
    kind: payment.kind,
    account: payment.account,
    date: payment.date,
    amount_cents: payment.amount,
    currency: payment.currency,
    exchange_rate_e6: payment.rate,
    reference: payment.reference,
    state: payment.parts.length > 0 ? ('applied' as const) : ('received' as const),
    deleted_at: null,
    deleted_by: null,
    refund_of: payment.refundOf,
  }
  if (before)
    await tx
      .updateTable('payment')
      .set(row)
      .where('id', '=', payment.id)
      .where((eb) =>
        eb.or(
          // The values of `row`: an exporting system that reads by change sees none where there is none.
          Object.entries(row).map(([column, value]) =>
            eb(sql<boolean>`${sql.ref(column)} IS NOT ${value}`, '=', sql<boolean>`1`),
          ),
        ),
      )
      .execute()
  else
    await tx
      .insertInto('payment')
      .values({ id: payment.id, method: null, origin: 'external', ...row })
      .execute()
  const known = await tx
    .insertInto('external_ref')
    .values({
      tenant_id: writer.tenantId,
      kind: payment.xero.kind,
      source_id: payment.id,
      xero_id: payment.xero.id,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  // A row that an exporting system deleted is written again, and is nothing new.
  const isNew = (known.numInsertedOrUpdatedRows ?? 0n) > 0n
  return { isNew, changes: await putExternalParts(tx, payment) }
}

async function putExternalParts(tx: Tx, payment: ExternalPayment): Promise<PartChange[]> {
  const before = await tx
    .selectFrom('payment_allocation')
    .select(['document', 'amount_cents as amount', 'date'])
    .where('payment', '=', payment.id)
    .execute()
  const { removed, changed, changes } = compareParts(before, payment.parts)
  for (const document of removed)
    await tx
      .deleteFrom('payment_allocation')
      .where('payment', '=', payment.id)
      .where('document', '=', document)
      .execute()
  for (const { document, amount, date } of changed)
    await tx
      .insertInto('payment_allocation')
      .values({ payment: payment.id, document, amount_cents: amount, date })
      .onConflict((conflict) =>
        conflict.columns(['payment', 'document']).doUpdateSet({ amount_cents: amount, date }),
      )
      .execute()
  return changes
}

function compareParts(before: readonly ExternalPart[], after: readonly ExternalPart[]) {
  const were = new Map(before.map((part) => [part.document, part]))
  const are = new Set(after.map((part) => part.document))
  const changed = after.filter(({ document, amount, date }) => {
    const was = were.get(document)
    return was?.amount !== amount || was.date !== date
  })
  const removed = before.filter(({ document }) => !are.has(document)).map(({ document }) => document)
  const changes = [
    ...changed.map(({ document, amount }) => ({
      document,
      before: were.get(document)?.amount ?? 0,
      after: amount,
    })),
    ...removed.map((document) => ({ document, before: were.get(document)?.amount ?? 0, after: 0 })),
  ]
  return { changed, removed, changes: changes.filter((change) => change.before !== change.after) }
}

/** An external payment that Xero deleted or voided: marked, and kept for audit (X2). False where it was marked before. */
export async function endExternalPayment(tx: Tx, now: string, id: string): Promise<boolean> {
  const ended = await tx
    .updateTable('payment')
    .set({ state: 'deleted', deleted_at: now, deleted_by: 'xero' })
    .where('id', '=', id)
    .where('origin', '=', 'external')
    .where('state', '<>', 'deleted')
    .executeTakeFirst()
  return ended.numUpdatedRows > 0n
}

/** What was taken for external and turned out to be the ledger's own (settled by a person, adopted from a copy). */
export async function forgetExternal(tx: Tx, tenantId: string, xeroId: string): Promise<void> {
  const refs = await tx
    .selectFrom('external_ref')
    .select(['kind', 'source_id'])
    .where('tenant_id', '=', tenantId)
    .where('kind', 'in', ['payment', 'refund', 'credit_note'])
    .where('xero_id', '=', xeroId)
    .execute()
  for (const { kind, source_id } of refs) {
    if (kind === 'credit_note')
      await tx
        .deleteFrom('credit_allocation')
        .where('credit', '=', source_id)
        .where('origin', '=', 'external')
        .execute()
    else {
      await sql`
        DELETE FROM payment_allocation WHERE payment = ${source_id}
           AND EXISTS (SELECT 1 FROM payment WHERE id = ${source_id} AND origin = 'external')`.execute(tx)
      await tx.deleteFrom('payment').where('id', '=', source_id).where('origin', '=', 'external').execute()
    }
    await tx
      .deleteFrom('external_ref')
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('xero_id', '=', xeroId)
      .execute()
  }
}

/** Of a credit note made in Xero: what it takes off documents of the ledger (N3). `credit` is its key in credit_allocation. */
export async function putExternalCredit(
  tx: Tx,
  writer: PullWriter,
  now: string,
  credit: { id: string; xeroId: string; parts: readonly ExternalPart[] },
): Promise<PartChanges> {
  const before = await tx
    .selectFrom('credit_allocation')
    .select(['document', 'amount_cents as amount', 'date'])
    .where('credit', '=', credit.id)
    .where('origin', '=', 'external')
    .execute()
  const { removed, changed, changes } = compareParts(before, credit.parts)
  for (const document of removed) await removeExternalAllocation(tx, credit.id, document)
  for (const part of changed) await putExternalAllocation(tx, credit.id, part)
  if (credit.parts.length > 0)
    await tx
      .insertInto('external_ref')
      .values({
        tenant_id: writer.tenantId,
        kind: 'credit_note',
        source_id: credit.id,
        xero_id: credit.xeroId,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  return { isNew: before.length === 0 && credit.parts.length > 0, changes }
}

/** Never over a row of the ledger's own. */
export async function putExternalAllocation(tx: Tx, credit: string, part: ExternalPart): Promise<void> {
  await tx
    .insertInto('credit_allocation')
    .values({
      credit,
      document: part.document,
      amount_cents: part.amount,
      date: part.date,
      origin: 'external',
    })
    .onConflict((conflict) =>
      conflict
        .columns(['credit', 'document'])
        .doUpdateSet({ amount_cents: part.amount, date: part.date })
        .where('credit_allocation.origin', '=', 'external'),
    )
    .execute()
}

export async function removeExternalAllocation(tx: Tx, credit: string, document: string): Promise<void> {
  await tx
    .deleteFrom('credit_allocation')
    .where('credit', '=', credit)
    .where('document', '=', document)
    .where('origin', '=', 'external')
    .execute()
}
