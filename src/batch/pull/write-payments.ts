// Writes what payments.ts judged, a page of payments in one transaction: rows, parts that Xero deleted, what is told of them, and the
// counts of the run's report.

import { splitPair } from '../../accounting/thing-ids.ts'
import type { Ledger } from '../../ledger/open.ts'
import { noteOnDocument, noteOnPayment } from '../../ledger/pulled-events.ts'
import {
  type ExternalPayment,
  endExternalPayment,
  forgetExternal,
  putExternalPayment,
} from '../../ledger/pulled-external.ts'
import type { KnownThing, PendingPayment } from '../../ledger/pulled-pending.ts'
import {
  compareReceiptAgain,
  endOwnPayment,
  endThing,
  markCompared,
  putPart,
  wasDeletedByUs,
} from '../../ledger/pulled-write.ts'
import { moneyText, type PullContext } from './pull-context.ts'

/**
 * What the ledger says now of what we sent: the same; otherwise, or on another document or as another kind of payment. What was
 * changed is deleted in Xero to make room for what it is now, and is no deletion of it.
 */
export type OwnStanding = 'as-sent' | 'edited' | 'moved'

export type PaymentVerdict =
  /** It may be ours, and nobody knows yet: it is compared again. */
  | { is: 'parked' }
  /** Ours by its mark, though the ledger does not know that it was sent: a copy, which adopt-copy mends. */
  | { is: 'unknown-own'; id: string }
  | { is: 'nothing' }
  | { is: 'ours' }
  | { is: 'ours-ended'; thing: KnownThing; standing: OwnStanding }
  | { is: 'external'; payment: ExternalPayment }
  | { is: 'external-ended'; id: string }

export async function writePayments(
  context: PullContext,
  judged: readonly { payment: PendingPayment; verdict: PaymentVerdict }[],
): Promise<void> {
  const { ledger, writer } = context
  await ledger.transaction(async (tx, now) => {
    for (const { payment, verdict } of judged) await writeVerdict({ context, tx, now, payment }, verdict)
    const compared = judged.filter(({ verdict }) => verdict.is !== 'parked')
    const ids = compared.map(({ payment }) => payment.xeroId)
    await markCompared(tx, writer.tenantId, 'payment', ids)
  })
}

interface Writing {
  context: PullContext
  tx: Tx
  now: string
  payment: PendingPayment
}

async function writeVerdict(writing: Writing, verdict: PaymentVerdict): Promise<void> {
  const { context, tx, payment } = writing
  switch (verdict.is) {
    case 'parked':
    case 'nothing':
      return
    case 'unknown-own':
      context.warnings.push(unknownOwn(verdict.id, payment))
      return
    case 'ours':
      return forgetExternal(tx, context.writer.tenantId, payment.xeroId)
    case 'ours-ended':
      return endOwn(writing, verdict.thing, verdict.standing)
    case 'external':
      return putExternal(writing, verdict.payment)
    case 'external-ended':
      return endExternal(writing, verdict.id)
    default:
      verdict satisfies never
  }
}

async function putExternal(writing: Writing, wanted: ExternalPayment): Promise<void> {
  const { context, tx, now } = writing
  const { isNew } = await putExternalPayment(tx, context.writer, now, wanted)
  if (!isNew) return
  const { id, kind, refundOf, parts } = wanted
  context.counts[kind === 'refund' ? 'refunds' : 'payments'] += 1
  await tell(writing, `${kind} made in Xero`, { payment: id, refundOf, documents: parts })
}

async function endExternal(writing: Writing, payment: string): Promise<void> {
  const { context, tx, now } = writing
  if (!(await endExternalPayment(tx, now, payment))) return
  context.counts.deletedPayments += 1
  const documents = await tx
    .selectFrom('payment_allocation')
    .select('document')
    .where('payment', '=', payment)
    .execute()
  await tellDeleted(writing, payment, documents)
}

async function tellDeleted(
  writing: Writing,
  payment: string | null,
  documents: readonly { document: string }[],
): Promise<void> {
  const row = await writing.tx
    .selectFrom('payment')
    .select(['kind', 'refund_of as refundOf'])
    .where('id', 'is', payment)
    .executeTakeFirst()
  const what = `${row?.kind === 'refund' ? 'refund' : 'payment'} deleted in Xero`
  await tell(writing, what, { payment, refundOf: row?.refundOf ?? null, documents })
}

/** In the lives of the payment, of the documents that it is on, and of the receipt that it gives back. */
async function tell(
  { context, tx, now, payment }: Writing,
  what: string,
  of: { payment: string | null; refundOf: string | null; documents: readonly { document: string }[] },
): Promise<void> {
  const { writer } = context
  const amount = `${moneyText(payment.amount)}${payment.date ? ` of ${payment.date}` : ''}`
  const numbers: string[] = []
  for (const { document } of of.documents)
    numbers.push(await noteOnDocument(tx, writer, now, { document, what, detail: amount }))
  const detail = numbers.length === 0 ? amount : `${amount} on ${numbers.join(', ')}`
  if (of.payment !== null) await noteOnPayment(tx, writer, now, { payment: of.payment, what, detail })
  if (of.refundOf !== null)
    await noteOnPayment(tx, writer, now, { payment: of.refundOf, what, detail: amount })
}

type Tx = Parameters<Parameters<Ledger['transaction']>[0]>[0]

async function endOwn(writing: Writing, thing: KnownThing, standing: OwnStanding): Promise<void> {
  const { context, tx, now } = writing
  const { kind, sourceId: id, entity } = thing
  const isNew = await endThing(tx, now, { kind, id, entity, xeroStatus: 'DELETED' })
  // What it is now in the ledger goes out by itself.
  const { document, isChanged } =
    standing === 'moved' ? { document: null, isChanged: false } : await endPart(tx, now, thing)
  // What was known to be deleted, and stands in the ledger again since, is for a person to see: its check says so.
  if (!isNew && !isChanged) return
  const payment = kind === 'journal' ? null : splitPair(id)[0]
  // What we deleted there for the ledger was deleted here before.
  const isOurDoing = !isNew && (await wasDeletedByUs(tx, { kind, id, entity }))
  const isEnded =
    payment !== null && standing === 'as-sent' && !isOurDoing && (await endOwnPayment(tx, now, payment))
  // Found deleted when its lost answer was looked for, it is new all the same; what the ledger itself deleted is not.
  if (!isNew && !isEnded) return
  context.counts.deletedPayments += 1
  await tellDeleted(writing, payment, document === null ? [] : [{ document }])
}

/** The document that it was on; null for the refund of a receipt. */
async function endPart(
  tx: Tx,
  now: string,
  thing: KnownThing,
): Promise<{ document: string | null; isChanged: boolean }> {
  const [kind, source, document] = await partOf(tx, thing)
  // Of it no part is remembered: that it is not deleted yet says enough.
  if (document === null) return { document, isChanged: kind === 'payment' }
  const cause = 'deleted in Xero'
  const isChanged = await putPart(tx, now, { kind, source, document, live: 0, cause })
  // What a person set of the same receipt against this document stood beside it.
  if (isChanged && kind === 'payment') await compareReceiptAgain(tx, source)
  return { document, isChanged }
}

async function partOf(
  tx: Tx,
  { kind, sourceId }: KnownThing,
): Promise<[kind: 'journal' | 'payment', source: string, document: string | null]> {
  if (kind === 'journal') {
    const journal = await tx
      .selectFrom('journal')
      .select('document')
      .where('id', '=', sourceId)
      .executeTakeFirst()
    return [kind, sourceId, journal?.document ?? null]
  }
  const [payment, document] = splitPair(sourceId)
  return ['payment', payment, document === '' ? null : document]
}

function unknownOwn(id: string, { xeroId, amount }: PendingPayment): string {
  return `Xero has payment ${id} of ${moneyText(amount)} with our own mark (${xeroId}), which this ledger does not know to be sent. It was not taken for somebody's payment. If this ledger was put back from a back-up, run: auxo-sync adopt-copy`
}
