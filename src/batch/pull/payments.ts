// What the feed of payments says, compared with the ledger (X1, X2, X5, P7): a payment made in Xero on a document of the ledger
// becomes an external one, one that was deleted there is marked deleted, ours and theirs alike. Credits are credits.ts.

import type { PlainDate } from '../../accounting/calendar.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import type { Ledger } from '../../ledger/open.ts'
import {
  findExternalRefs,
  findKnownThings,
  type KnownDocument,
  type KnownThing,
  type OpenThing,
  type PendingPayment,
  readKnownDocuments,
  readOpenThings,
  readOwnPayments,
  readPendingPayments,
} from '../../ledger/pulled-pending.ts'
import {
  type ExternalPayment,
  endExternalPayment,
  endOwnPayment,
  endThing,
  forgetExternal,
  markCompared,
  noteOnDocument,
  putExternalPayment,
  putPart,
} from '../../ledger/pulled-write.ts'
import { markerTag, tagOf } from '../../mapping/marker.ts'
import { refuseInterrupted } from '../context.ts'
import {
  externalId,
  findOpenTwin,
  inLedger,
  isDocument,
  isDocumentInXero,
  isOpen,
  moneyText,
  mustWait,
  type PullContext,
  pullsPayments,
} from './pull-context.ts'

const pageSize = 200

/** Compares every payment that is pending; what agrees with an open call of ours waits for its outcome. */
export async function applyPayments(context: PullContext): Promise<void> {
  const { ledger, writer } = context
  const open = await readOpenThings(ledger, writer.tenantId)
  for (let after = ''; ; ) {
    refuseInterrupted(context.interrupt)
    const page = await readPendingPayments(ledger, { tenantId: writer.tenantId, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return
    after = last.xeroId
    const around = await readAround(context, page, open)
    const verdicts = page.map((payment) => ({ payment, verdict: judge(payment, around) }))
    await write(context, verdicts)
  }
}

/** What the ledger knows of a page of payments. */
interface Around {
  things: ReadonlyMap<string, KnownThing>
  documents: ReadonlyMap<string, KnownDocument>
  external: ReadonlyMap<string, { kind: string; sourceId: string }>
  open: readonly OpenThing[]
  /** Tags that payments of the ledger's own on these documents carry in Xero, by tag. */
  ownTags: ReadonlyMap<string, string>
  entities: PullContext['entities']
}

async function readAround(
  { ledger, writer, entities }: PullContext,
  page: readonly PendingPayment[],
  open: readonly OpenThing[],
): Promise<Around> {
  const ids = page.flatMap(({ xeroId, targetId }) => (targetId === null ? [xeroId] : [xeroId, targetId]))
  const things = await findKnownThings(ledger, ids)
  const documentIds = [...things.values()].filter(isDocument).map(({ sourceId }) => sourceId)
  const documents = await readKnownDocuments(ledger, documentIds)
  const external = await findExternalRefs(ledger, writer.tenantId, ids)
  const tagged = page.filter(({ xeroId, reference }) => tagOf(reference) !== null && !things.has(xeroId))
  const ownTags = await readOwnTags(
    ledger,
    tagged.flatMap(({ targetId }) => things.get(targetId ?? '')?.sourceId ?? []),
  )
  return { things, documents, external, open, ownTags, entities }
}

async function readOwnTags(ledger: Ledger, documents: readonly string[]): Promise<Map<string, string>> {
  if (documents.length === 0) return new Map()
  const own = await readOwnPayments(ledger, documents)
  return new Map(own.map(({ kind, id, entity }) => [markerTag({ entity, kind, id }), id]))
}

type Verdict =
  /** It may be ours, and nobody knows yet: it is compared again. */
  | { is: 'parked' }
  /** Ours by its mark, though the ledger does not know that it was sent: a copy, which adopt-copy mends. */
  | { is: 'unknown-own'; id: string }
  | { is: 'nothing' }
  | { is: 'ours' }
  | { is: 'ours-ended'; thing: KnownThing }
  | { is: 'external'; payment: ExternalPayment }
  | { is: 'external-ended'; id: string }

/** Pure. */
function judge(payment: PendingPayment, around: Around): Verdict {
  const isDeleted = payment.status === 'DELETED' || payment.status === 'VOIDED'
  const own = around.things.get(payment.xeroId)
  if (own) {
    if (isOpen(own)) return { is: 'parked' }
    return isDeleted ? { is: 'ours-ended', thing: own } : { is: 'ours' }
  }
  const known = around.external.get(payment.xeroId)
  // Of what came from Xero a refund is the credit's question (X5).
  if (around.external.has(payment.targetId ?? '')) return { is: 'nothing' }
  if (isDeleted) return known ? { is: 'external-ended', id: known.sourceId } : { is: 'nothing' }
  const tag = tagOf(payment.reference)
  if (findOpenTwin(around.open, { targetId: payment.targetId, amount: payment.amount, tag }))
    return { is: 'parked' }
  const ownId = tag === null ? undefined : around.ownTags.get(tag)
  if (ownId !== undefined) return { is: 'unknown-own', id: ownId }
  return judgeExternal(payment, around)
}

function judgeExternal(payment: PendingPayment, around: Around): Verdict {
  const target = around.things.get(payment.targetId ?? '')
  if (mustWait(target, around.documents)) return { is: 'parked' }
  if (isDocumentInXero(target)) {
    const document = around.documents.get(target.sourceId)
    if (!document || !pullsPayments(around.entities.get(document.entity))) return { is: 'nothing' }
    return { is: 'external', payment: paymentOn(payment, document, target, around) }
  }
  // A refund of what the ledger itself received in advance.
  if (target?.kind === 'receipt' && pullsPayments(around.entities.get(target.entity)))
    return { is: 'external', payment: refundOf(payment, target) }
  return { is: 'nothing' }
}

const refundTypes = /^A[RP](CREDIT|OVERPAYMENT|PREPAYMENT)PAYMENT$/

function paymentOn(
  payment: PendingPayment,
  document: KnownDocument,
  target: KnownThing,
  { entities }: Around,
): ExternalPayment {
  const isRefund = refundTypes.test(payment.type)
  const amount = inLedger(payment.amount, document, target)
  return {
    ...ofXero(payment),
    entity: document.entity,
    contact: document.contact,
    kind: isRefund ? 'refund' : 'payment',
    amount,
    currency: document.currency ?? entities.get(document.entity)?.currency ?? null,
    rate: null,
    refundOf: null,
    parts: [{ document: document.id, amount, date: payment.date }],
    xero: { kind: 'payment', id: payment.xeroId },
  }
}

function refundOf(payment: PendingPayment, receipt: KnownThing): ExternalPayment {
  return {
    ...ofXero(payment),
    entity: receipt.entity,
    contact: null,
    kind: 'refund',
    amount: payment.amount,
    currency: null,
    rate: null,
    refundOf: receipt.sourceId,
    parts: [],
    xero: { kind: 'refund', id: payment.xeroId },
  }
}

function ofXero({ xeroId, date, reference, account }: PendingPayment) {
  return { id: externalId(xeroId), date: date ?? unknownDate, reference, account }
}

/** Xero dates every payment; a row without a date is read all the same. */
const unknownDate = '1970-01-01' as PlainDate // a date

async function write(
  context: PullContext,
  judged: readonly { payment: PendingPayment; verdict: Verdict }[],
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

async function writeVerdict(writing: Writing, verdict: Verdict): Promise<void> {
  const { context, tx, now, payment } = writing
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
      return endOwn(writing, verdict.thing)
    case 'external':
      return putExternal(writing, verdict.payment)
    case 'external-ended':
      if (await endExternalPayment(tx, now, verdict.id)) await tellEnded(writing, verdict.id)
      return
    default:
      verdict satisfies never
  }
}

async function putExternal(writing: Writing, wanted: ExternalPayment): Promise<void> {
  const { context, tx, now } = writing
  const { isNew } = await putExternalPayment(tx, context.writer, now, wanted)
  if (!isNew) return
  context.counts[wanted.kind === 'refund' ? 'refunds' : 'payments'] += 1
  for (const { document } of wanted.parts) await tell(writing, document, `${wanted.kind} made in Xero`)
}

async function tellEnded(writing: Writing, payment: string): Promise<void> {
  const { context, tx } = writing
  context.counts.deletedPayments += 1
  const parts = await tx
    .selectFrom('payment_allocation')
    .select('document')
    .where('payment', '=', payment)
    .execute()
  for (const { document } of parts) await tell(writing, document, 'payment deleted in Xero')
}

function tell({ context, tx, now, payment }: Writing, document: string, what: string): Promise<void> {
  const detail = `${moneyText(payment.amount)}${payment.date ? ` of ${payment.date}` : ''}`
  return noteOnDocument(tx, context.writer, now, { document, what, detail })
}

type Tx = Parameters<Parameters<Ledger['transaction']>[0]>[0]

async function endOwn(writing: Writing, thing: KnownThing): Promise<void> {
  const { context, tx, now } = writing
  const { kind, sourceId: id, entity } = thing
  const isNew = await endThing(tx, now, { kind, id, entity, xeroStatus: 'DELETED' })
  const document = await endPart(tx, now, thing)
  // What was known to be deleted, and stands in the ledger again since, is for a person to see: its check says so.
  if (!isNew) return
  if (kind !== 'journal') await endOwnPayment(tx, now, splitPair(id)[0])
  context.counts.deletedPayments += 1
  if (document !== null) await tell(writing, document, 'payment deleted in Xero')
}

/** The document that it was on; null for the refund of a receipt. */
async function endPart(tx: Tx, now: string, thing: KnownThing): Promise<string | null> {
  const cause = 'deleted in Xero'
  if (thing.kind === 'journal') {
    const journal = await tx
      .selectFrom('journal')
      .select(['document', 'payment'])
      .where('id', '=', thing.sourceId)
      .executeTakeFirst()
    if (journal?.document)
      await putPart(tx, now, {
        kind: 'journal',
        source: thing.sourceId,
        document: journal.document,
        live: 0,
        cause,
      })
    return journal?.document ?? null
  }
  const [source, second] = splitPair(thing.sourceId)
  // The refund of a receipt is on no document.
  const document = second === '' ? null : second
  if (document !== null) await putPart(tx, now, { kind: 'payment', source, document, live: 0, cause })
  return document
}

function unknownOwn(id: string, { xeroId, amount }: PendingPayment): string {
  return `Xero has payment ${id} of ${moneyText(amount)} with our own mark (${xeroId}), which this ledger does not know to be sent. It was not taken for somebody's payment. If this ledger was put back from a back-up, run: auxo-sync adopt-copy`
}
